//! The branch's logo: a picture that somebody uploaded, made fit for paper.
//!
//! What comes in is foreign, so little of it is let in: three formats, bounded in bytes and in pixels before anything is decoded,
//! and what goes into the ledger is a small grey picture of our own making. On paper it becomes black dots at the size that the
//! paper has room for: line art by a threshold, so that its edges stay sharp; photographs by dithering.

use std::io::Cursor;
use std::sync::Arc;

use image::imageops::{self, BiLevel, FilterType};
use image::{DynamicImage, GrayImage, ImageFormat};

use crate::picture::{self, Bounds, Unreadable};

/// The largest file taken, bytes.
pub const LOGO_BYTES: usize = 1024 * 1024;
/// The most pixels a picture may have: decoding takes some four times as many bytes.
const MOST_PIXELS: u64 = 4_000_000;
/// The longest side, pixels.
const LONGEST_SIDE: u32 = 4_096;
/// What is kept is no larger than this, pixels: the width of 80 mm paper, and a third of it.
const KEPT: (u32, u32) = (576, 192);
/// What is thinner, pixels, is no logo but dirt.
const THINNEST: u32 = 8;
/// A side is at most so many times the other: more would be a hairline on paper.
const LONGEST: u32 = 20;
/// Lighter than this is ground, of 255.
const GROUND: u8 = 240;

/// A picture in shades of grey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    width: u32,
    height: u32,
    grey: Arc<[u8]>,
}

/// Why a file cannot be the logo, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogoRefusal {
    /// Too many bytes.
    #[error("The picture's file is larger than 1 MB. Save it smaller: 600 pixels in width are enough.")]
    Bytes,
    /// Not a format that is read.
    #[error("The logo must be a PNG, JPEG or WebP picture. Save or export it as PNG, then choose that file.")]
    Format,
    /// Too many pixels.
    #[error(
        "The picture has {0} × {1} pixels, which is more than a ticket can use. Make it at most 2,000 pixels wide and high."
    )]
    Pixels(u32, u32),
    /// The file is damaged.
    #[error("The picture cannot be read: the file is damaged. Save it again as PNG, then choose that file.")]
    Damaged,
    /// A dot or a hairline.
    #[error(
        "On paper this picture would be {0} × {1} dots, which is no more than a spot or a line. A logo needs at least {THINNEST} \
         dots each way, and no more than {LONGEST} times as many one way as the other."
    )]
    Thin(u32, u32),
    /// Nothing dark in it.
    #[error("On white paper this picture would be blank. Choose a dark one on a light or transparent ground.")]
    Blank,
}

impl Logo {
    /// Makes a logo of an uploaded file.
    ///
    /// # Errors
    /// A [`LogoRefusal`] that says what to do.
    pub fn read(file: &[u8]) -> Result<Self, LogoRefusal> {
        if file.len() > LOGO_BYTES {
            return Err(LogoRefusal::Bytes);
        }
        let logo = Self::kept(file)?;
        let (longer, thinner) = (logo.width.max(logo.height), logo.width.min(logo.height));
        if thinner < THINNEST || longer > thinner * LONGEST {
            return Err(LogoRefusal::Thin(logo.width, logo.height));
        }
        Ok(logo)
    }

    /// Takes again what was kept as a file ([`Logo::png`]).
    ///
    /// # Errors
    /// As [`Logo::read`], for a file that somebody changed.
    pub fn kept(file: &[u8]) -> Result<Self, LogoRefusal> {
        let grey = cropped(&on_white(&decoded(file)?)).ok_or(LogoRefusal::Blank)?;
        let grey = fitted(&grey, KEPT);
        let logo = Self { width: grey.width(), height: grey.height(), grey: grey.into_raw().into() };
        if logo.dots(KEPT.0, KEPT.1).iter().any(|(_, _, black)| *black) { Ok(logo) } else { Err(LogoRefusal::Blank) }
    }

    /// As a PNG file in shades of grey; [`Logo::kept`] takes it again.
    #[must_use]
    pub fn png(&self) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        // writing to memory cannot fail; an empty file would be refused when it is read
        let _ = self.image().write_to(&mut file, ImageFormat::Png);
        file.into_inner()
    }

    fn image(&self) -> GrayImage {
        GrayImage::from_raw(self.width, self.height, self.grey.to_vec()).unwrap_or_default()
    }

    /// Column, row and whether it is black, for every dot of the logo at the size at which it fits `width` and `height`.
    pub(super) fn dots(&self, width: u32, height: u32) -> Vec<(u32, u32, bool)> {
        let mut picture = fitted(&self.image(), (width, height));
        if is_line_art(&self.grey) {
            for pixel in picture.pixels_mut() {
                pixel.0[0] = if pixel.0[0] < 128 { 0 } else { 255 };
            }
        } else {
            imageops::dither(&mut picture, &BiLevel);
        }
        picture.enumerate_pixels().map(|(x, y, pixel)| (x, y, pixel.0[0] < 128)).collect()
    }
}

/// Decodes within bounds. The size is known before any pixel is.
fn decoded(file: &[u8]) -> Result<DynamicImage, LogoRefusal> {
    // 16 bits in four channels, and as much again for the decoder's own use
    let bounds = Bounds { side: LONGEST_SIDE, pixels: MOST_PIXELS, memory: MOST_PIXELS * 16 };
    let read = picture::decode(file, bounds).map_err(|why| match why {
        Unreadable::Format => LogoRefusal::Format,
        Unreadable::Pixels(width, height) => LogoRefusal::Pixels(width, height),
        Unreadable::Damaged => LogoRefusal::Damaged,
    });
    read.map(|(picture, _)| picture)
}

/// Grey on white paper: what is transparent is white.
fn on_white(picture: &DynamicImage) -> GrayImage {
    let pixels = picture.to_luma_alpha8();
    GrayImage::from_fn(pixels.width(), pixels.height(), |x, y| {
        let [grey, opaque] = pixels.get_pixel(x, y).0.map(u32::from);
        image::Luma([((grey * opaque + 255 * (255 - opaque)) / 255) as u8])
    })
}

/// Without the empty ground around it; `None` if there is nothing else.
fn cropped(picture: &GrayImage) -> Option<GrayImage> {
    let inked = || picture.enumerate_pixels().filter(|(_, _, pixel)| pixel.0[0] < GROUND);
    let (left, right) = (inked().map(|p| p.0).min()?, inked().map(|p| p.0).max()?);
    let (top, bottom) = (inked().map(|p| p.1).min()?, inked().map(|p| p.1).max()?);
    Some(imageops::crop_imm(picture, left, top, right - left + 1, bottom - top + 1).to_image())
}

/// As large as fits, at most twice its own size, so that a small picture does not turn into blocks.
fn fitted(picture: &GrayImage, (width, height): (u32, u32)) -> GrayImage {
    let (own_width, own_height) = (picture.width().max(1), picture.height().max(1));
    let scale = (f64::from(width) / f64::from(own_width)).min(f64::from(height) / f64::from(own_height)).min(2.0);
    let side = |own: u32, most: u32| ((f64::from(own) * scale).round() as u32).clamp(1, most.max(1));
    let (new_width, new_height) = (side(own_width, width), side(own_height, height));
    if (new_width, new_height) == (own_width, own_height) {
        return picture.clone();
    }
    imageops::resize(picture, new_width, new_height, FilterType::Triangle)
}

/// Whether nearly all of it is either ink or ground.
fn is_line_art(grey: &[u8]) -> bool {
    let middle = grey.iter().filter(|v| (64..=192).contains(*v)).count();
    middle * 8 <= grey.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(picture: &DynamicImage) -> Vec<u8> {
        as_format(picture, ImageFormat::Png)
    }

    fn as_format(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        picture.write_to(&mut file, format).unwrap();
        file.into_inner()
    }

    /// A black ring on a transparent ground, off the middle.
    fn ring(side: u32) -> DynamicImage {
        let picture = image::RgbaImage::from_fn(side, side, |x, y| {
            let (dx, dy) = (f64::from(x) - f64::from(side) * 0.6, f64::from(y) - f64::from(side) * 0.6);
            let r = dx.hypot(dy) / f64::from(side);
            image::Rgba([0, 0, 0, if (0.2..0.3).contains(&r) { 255 } else { 0 }])
        });
        picture.into()
    }

    #[test]
    fn the_three_formats_are_read_and_cropped_to_their_ink() {
        let flat: DynamicImage = on_white(&ring(400)).into();
        for file in [png(&ring(400)), as_format(&flat, ImageFormat::Jpeg), as_format(&ring(400), ImageFormat::WebP)] {
            let logo = Logo::read(&file).unwrap();
            // the ring is 0.6 of the side across, cropped and then made to fit
            assert!(logo.width.abs_diff(192) < 4 && logo.height.abs_diff(192) < 4, "{}×{}", logo.width, logo.height);
            assert_eq!(Logo::kept(&logo.png()).unwrap(), logo, "what was kept is read as it was");
        }
    }

    #[test]
    fn what_cannot_be_a_logo_is_refused_with_a_sentence() {
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        assert_eq!(Logo::read(svg), Err(LogoRefusal::Format));
        assert_eq!(Logo::read(b""), Err(LogoRefusal::Format));
        assert_eq!(Logo::read(b"GIF89a\x01\0\x01\0\0\0\0"), Err(LogoRefusal::Format));
        assert_eq!(Logo::read(&vec![0; LOGO_BYTES + 1]), Err(LogoRefusal::Bytes));
        let whole = png(&ring(300));
        assert_eq!(Logo::read(&whole[..whole.len() / 2]), Err(LogoRefusal::Damaged));
        let jpeg = as_format(&on_white(&ring(300)).into(), ImageFormat::Jpeg);
        for length in [jpeg.len() / 4, jpeg.len() / 2, jpeg.len() - 2] {
            assert_eq!(Logo::read(&jpeg[..length]), Err(LogoRefusal::Damaged), "{length} of {} bytes", jpeg.len());
        }
        for (width, height) in [(1, 1), (2_000, 1), (1, 2_000)] {
            let thin = DynamicImage::ImageLuma8(GrayImage::from_pixel(width, height, image::Luma([0])));
            assert!(matches!(Logo::read(&png(&thin)), Err(LogoRefusal::Thin(..))), "{width} × {height}");
        }
        let white = DynamicImage::ImageLuma8(GrayImage::from_pixel(90, 90, image::Luma([255])));
        assert_eq!(Logo::read(&png(&white)), Err(LogoRefusal::Blank));
        for refusal in [
            LogoRefusal::Bytes,
            LogoRefusal::Thin(1, 1),
            LogoRefusal::Format,
            LogoRefusal::Pixels(9, 9),
            LogoRefusal::Damaged,
            LogoRefusal::Blank,
        ] {
            assert!(refusal.to_string().ends_with('.'));
        }
    }

    /// Small files that are huge pictures: refused by their size, before a pixel is decoded.
    #[test]
    fn a_bomb_is_refused_before_it_unfolds() {
        let header = |width: u32, height: u32| {
            let mut file = Vec::new();
            let mut encoder = png::Encoder::new(&mut file, width, height);
            encoder.set_color(png::ColorType::Grayscale);
            encoder.set_depth(png::BitDepth::One);
            drop(encoder.write_header().unwrap());
            // signature and header, which say how large the picture is, and the beginning of its data
            file.truncate(33);
            let data = b"IDAT\x78\x01";
            let mut crc = flate2::Crc::new();
            crc.update(data);
            file.extend(2_u32.to_be_bytes());
            file.extend(data);
            file.extend(crc.sum().to_be_bytes());
            file
        };
        assert_eq!(Logo::read(&header(50_000, 50_000)), Err(LogoRefusal::Pixels(50_000, 50_000)));
        assert_eq!(Logo::read(&header(5_000, 10)), Err(LogoRefusal::Pixels(5_000, 10)));
        // one that claims no more than is allowed and holds less is only damaged
        assert_eq!(Logo::read(&header(2_000, 2_000)), Err(LogoRefusal::Damaged));
    }

    #[test]
    fn line_art_stays_sharp_and_shades_are_dithered() {
        let logo = Logo::read(&png(&ring(400))).unwrap();
        let dots = logo.dots(100, 100);
        assert!(dots.len() <= 10_000 && dots.iter().any(|d| d.2) && dots.iter().any(|d| !d.2));
        // a wedge from black to light grey: about as many black dots as it is dark
        let wedge = GrayImage::from_fn(256, 64, |x, _| image::Luma([(x * 200 / 255) as u8]));
        let logo = Logo::read(&png(&wedge.into())).unwrap();
        let dots = logo.dots(256, 64);
        let black = dots.iter().filter(|d| d.2).count() as f64 / dots.len() as f64;
        assert!((0.55..0.68).contains(&black), "{black}");
    }
}
