//! Pictures that staff upload: decoded within bounds, made small enough for a board, encoded anew and kept in the ledger.

use std::io::Cursor;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, imageops::FilterType};
use sha2::{Digest, Sha256};

use crate::ledger::{By, IMAGES_ROOM, ImageRow, Images};
use crate::picture::{Bounds, Unreadable, decode};
use crate::signage::ImageId;
use crate::web::extract::Path;
use crate::web::{App, Problem, Shared};

/// The largest file that is taken, bytes: a phone's photograph.
pub(in crate::web) const PICTURE_BYTES: usize = 10 * 1024 * 1024;
/// The longest side that is kept, pixels: a board's.
const KEPT_SIDE: u32 = 1920;
/// How large an upload may be. Memory: all pixels with four bytes each, and as much again for the decoder.
const BOUNDS: Bounds = Bounds { side: 12_000, pixels: 24_000_000, memory: 192_000_000 };
/// How much of a photograph's detail is kept, of 100.
const QUALITY: u8 = 85;

/// Why a file is not taken, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::web) enum Refused {
    #[error("The picture's file is larger than 10 MB. Save it smaller: 1,920 pixels in width are enough for a board.")]
    Bytes,
    #[error(
        "A picture must be a PNG, JPEG or WebP file. SVG and others are not taken: export it as PNG, then choose that file."
    )]
    Format,
    #[error(
        "The picture has {0} × {1} pixels, more than is taken. Make it at most 6,000 × 4,000; 1,920 in width are enough for a board."
    )]
    Pixels(u32, u32),
    #[error("The picture cannot be read: its file is damaged or cut off. Save it again, then choose that file.")]
    Damaged,
    #[error("There is no room: all pictures together may take {} MB. Take pictures away from entries that are retired, or use smaller ones.", IMAGES_ROOM / 1024 / 1024)]
    Room,
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let status = match refused {
            Refused::Bytes => StatusCode::PAYLOAD_TOO_LARGE,
            Refused::Room => StatusCode::INSUFFICIENT_STORAGE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, "bad-picture", refused.to_string())
    }
}

/// Makes of an uploaded file what is kept: no larger than a board, JPEG for photographs, PNG where something is transparent or
/// where that is smaller. Nothing of the file itself is in it.
///
/// # Errors
/// [`Refused`]: why it is not taken.
pub(in crate::web) fn made(file: &[u8]) -> Result<ImageRow, Refused> {
    if file.len() > PICTURE_BYTES {
        return Err(Refused::Bytes);
    }
    let (picture, format) = decode(file, BOUNDS).map_err(|why| match why {
        Unreadable::Format => Refused::Format,
        Unreadable::Pixels(width, height) => Refused::Pixels(width, height),
        Unreadable::Damaged => Refused::Damaged,
    })?;
    let picture = if picture.width().max(picture.height()) > KEPT_SIDE {
        picture.resize(KEPT_SIDE, KEPT_SIDE, FilterType::CatmullRom)
    } else {
        picture
    };
    let (media, bytes) = encoded(&picture, format).ok_or(Refused::Damaged)?;
    let digest = Sha256::digest(&bytes);
    let name = data_encoding::HEXLOWER.encode(digest.get(..16).unwrap_or_default());
    let id = ImageId::try_from(name).map_err(|_| Refused::Damaged)?;
    Ok(ImageRow { id, media: media.into(), width: picture.width(), height: picture.height(), bytes })
}

fn encoded(picture: &DynamicImage, was: ImageFormat) -> Option<(&'static str, Vec<u8>)> {
    let clear = picture.color().has_alpha() && picture.to_rgba8().pixels().any(|pixel| pixel.0[3] < 255);
    let png = |picture: &DynamicImage| {
        let mut file = Cursor::new(Vec::new());
        picture.write_to(&mut file, ImageFormat::Png).ok().map(|()| ("image/png", file.into_inner()))
    };
    if clear {
        return png(&picture.to_rgba8().into());
    }
    let plain = DynamicImage::from(picture.to_rgb8());
    let mut file = Vec::new();
    plain.write_with_encoder(JpegEncoder::new_with_quality(&mut file, QUALITY)).ok()?;
    // drawings and plain grounds are smaller, and sharper, without loss
    let lossless = if was == ImageFormat::Jpeg { None } else { png(&plain) };
    Some(lossless.filter(|(_, bytes)| bytes.len() <= file.len()).unwrap_or(("image/jpeg", file)))
}

impl App {
    /// Takes an uploaded picture: off the request threads, one at a time.
    pub(in crate::web) async fn take_picture(&self, file: Vec<u8>, by: By<'_>) -> Result<ImageRow, Problem> {
        let row = self.off_thread(move || made(&file)).await??;
        let accounts = self.accounts();
        let images = Images(&accounts);
        // what no version of any entry has may go first
        if !images.put(&row, by)? && (images.remove_unused()? == 0 || !images.put(&row, by)?) {
            return Err(Refused::Room.into());
        }
        Ok(row)
    }
}

/// A picture, for everybody. Its name is made of what it holds, so it never changes.
pub(super) async fn show(State(app): State<Shared>, Path(id): Path<String>) -> Result<Response, Problem> {
    let id = ImageId::try_from(id).map_err(|_| Problem::missing())?;
    let row = Images(&app.accounts()).get(&id)?.ok_or_else(Problem::missing)?;
    let headers =
        [(header::CONTENT_TYPE, row.media), (header::CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned())];
    Ok((headers, row.bytes).into_response())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        picture.write_to(&mut file, format).unwrap();
        file.into_inner()
    }

    /// Noise, so that it is a photograph for all who compress it.
    fn photo(width: u32, height: u32) -> DynamicImage {
        image::RgbImage::from_fn(width, height, |x, y| {
            let n = x.wrapping_mul(2_654_435_761).wrapping_add(y.wrapping_mul(40_503)) >> 3;
            image::Rgb([n as u8, (n >> 8) as u8, (n >> 16) as u8])
        })
        .into()
    }

    /// A JPEG with an EXIF part that says: the camera was turned, and where it was.
    fn turned_jpeg() -> Vec<u8> {
        let plain = file(&photo(40, 20), ImageFormat::Jpeg);
        let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
        exif.extend(b"SECRET PLACE");
        let length = u16::try_from(exif.len() + 2).unwrap();
        let mut whole = plain[..2].to_vec();
        whole.extend([0xff, 0xe1]);
        whole.extend(length.to_be_bytes());
        whole.extend(exif);
        whole.extend(&plain[2..]);
        whole
    }

    #[test]
    fn photographs_become_jpeg_and_what_is_clear_stays_so() {
        let row = made(&file(&photo(300, 200), ImageFormat::Png)).unwrap();
        assert_eq!((row.media.as_str(), row.width, row.height), ("image/jpeg", 300, 200));
        let mut clear = photo(30, 20).to_rgba8();
        clear.get_pixel_mut(3, 3).0[3] = 0;
        for format in [ImageFormat::Png, ImageFormat::WebP] {
            assert_eq!(made(&file(&clear.clone().into(), format)).unwrap().media, "image/png");
        }
        let flat = DynamicImage::from(image::RgbImage::from_pixel(500, 500, image::Rgb([20, 20, 90])));
        assert_eq!(made(&file(&flat, ImageFormat::WebP)).unwrap().media, "image/png", "a plain ground is smaller so");
    }

    #[test]
    fn a_picture_is_made_as_large_as_a_board_and_turned_upright_and_tells_nothing_else() {
        let row = made(&file(&photo(3_000, 1_000), ImageFormat::Jpeg)).unwrap();
        assert_eq!((row.width, row.height), (1_920, 640));
        let turned = turned_jpeg();
        assert!(turned.windows(6).any(|part| part == b"SECRET"));
        let row = made(&turned).unwrap();
        assert_eq!((row.width, row.height), (20, 40));
        assert!(!row.bytes.windows(6).any(|part| part == b"SECRET") && !row.bytes.windows(4).any(|part| part == b"Exif"));
    }

    #[test]
    fn what_is_no_picture_is_refused_with_a_sentence() {
        let whole = file(&photo(60, 60), ImageFormat::Png);
        let jpeg = file(&photo(60, 60), ImageFormat::Jpeg);
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        let cases: [(&[u8], Refused); 7] = [
            (svg, Refused::Format),
            (b"", Refused::Format),
            (b"GIF89a\x01\0\x01\0\0\0\0", Refused::Format),
            (&vec![0; PICTURE_BYTES + 1], Refused::Bytes),
            (&whole[..whole.len() / 2], Refused::Damaged),
            (&jpeg[..jpeg.len() / 2], Refused::Damaged),
            (&jpeg[..jpeg.len() - 2], Refused::Damaged),
        ];
        for (file, why) in cases {
            assert_eq!(made(file), Err(why.clone()));
            assert!(why.to_string().ends_with('.'));
        }
    }

    /// A small file that is a huge picture is refused by its size, before a pixel is decoded.
    #[test]
    fn a_bomb_is_refused_before_it_unfolds() {
        let bomb = |width: u32, height: u32| {
            let mut file = Vec::new();
            let mut encoder = png::Encoder::new(&mut file, width, height);
            encoder.set_color(png::ColorType::Grayscale);
            encoder.set_depth(png::BitDepth::One);
            let mut writer = encoder.write_header().unwrap();
            writer.write_image_data(&vec![0; width.div_ceil(8) as usize * height as usize]).unwrap();
            drop(writer);
            file
        };
        let file = bomb(11_000, 11_000);
        assert!(file.len() < 100_000, "{}", file.len());
        assert_eq!(made(&file), Err(Refused::Pixels(11_000, 11_000)));
        assert_eq!(made(&bomb(13_000, 8)), Err(Refused::Pixels(13_000, 8)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        /// Whatever happened to a file: it is refused, or what is kept is a whole picture no larger than a board.
        #[test]
        fn damaged_files_are_refused_or_become_whole_pictures(
            format in prop::sample::select(vec![ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP]),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
            cut in prop::option::of(any::<prop::sample::Index>()),
            more in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            let mut bytes = file(&photo(24, 17), format);
            for (at, value) in changes {
                let at = at.index(bytes.len());
                bytes[at] = value;
            }
            if let Some(cut) = cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            bytes.extend(more);
            if let Ok(row) = made(&bytes) {
                let again = image::load_from_memory(&row.bytes).unwrap();
                prop_assert_eq!((again.width(), again.height()), (row.width, row.height));
                prop_assert!(row.width.max(row.height) <= KEPT_SIDE);
                prop_assert!(matches!(row.media.as_str(), "image/png" | "image/jpeg"));
            }
        }

        #[test]
        fn noise_is_no_picture(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            prop_assert!(made(&bytes).is_err());
        }
    }
}
