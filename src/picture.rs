//! A picture that somebody uploaded, decoded within bounds.
//!
//! What comes in is foreign, so little of it is let in: three formats, and a size that is known before a pixel is decoded. What is
//! kept is never the file itself: whoever uses this encodes it anew, which leaves its metadata behind.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

/// How large a picture may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The longest side, pixels.
    pub side: u32,
    /// The most pixels.
    pub pixels: u64,
    /// The most memory that decoding may take, bytes.
    pub memory: u64,
}

/// Why a file cannot be read as a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is none of the three formats.
    Format,
    /// It has more pixels than are allowed: across, down.
    Pixels(u32, u32),
    /// It is cut off or damaged.
    Damaged,
}

/// Decodes a PNG, JPEG or WebP file, turned as its camera was held; with the format it had.
///
/// # Errors
/// [`Unreadable`]: why not.
pub fn decode(file: &[u8], bounds: Bounds) -> Result<(DynamicImage, ImageFormat), Unreadable> {
    let reader = ImageReader::new(Cursor::new(file)).with_guessed_format().map_err(|_| Unreadable::Format)?;
    let format = reader.format().ok_or(Unreadable::Format)?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP) {
        return Err(Unreadable::Format);
    }
    if format == ImageFormat::Jpeg && !is_whole_jpeg(file) {
        return Err(Unreadable::Damaged);
    }
    let mut decoder = reader.into_decoder().map_err(|_| Unreadable::Damaged)?;
    let (width, height) = decoder.dimensions();
    if width.max(height) > bounds.side || u64::from(width) * u64::from(height) > bounds.pixels {
        return Err(Unreadable::Pixels(width, height));
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(bounds.memory);
    decoder.set_limits(limits).map_err(|_| Unreadable::Pixels(width, height))?;
    if decoder.total_bytes() > bounds.memory {
        return Err(Unreadable::Pixels(width, height));
    }
    let turned = decoder.orientation().map_err(|_| Unreadable::Damaged)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| Unreadable::Damaged)?;
    picture.apply_orientation(turned);
    Ok((picture, format))
}

/// Whether a JPEG ends after its picture: the decoder fills up what is missing with grey bars. Within the picture's data `FF` is
/// followed by zero, so the last start of a scan and an end of image after it are real (ITU-T T.81, B.1.1).
fn is_whole_jpeg(file: &[u8]) -> bool {
    let scan = file.windows(2).rposition(|two| two == [0xff, 0xda]);
    let end = file.windows(2).rposition(|two| two == [0xff, 0xd9]);
    scan.is_some() && end > scan
}
