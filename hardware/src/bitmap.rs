//! A picture as a thermal printer wants it: one bit a dot.

/// Widest picture, in dots. The widest receipt heads (112 mm at 203 dpi) have 896.
pub const MAX_WIDTH: u32 = 2_048;

/// Tallest picture, in dots: about two metres of paper at 203 dpi, far beyond any ticket. Bounds memory.
pub const MAX_HEIGHT: u32 = 16_384;

/// A 1-bit raster: rows from the top, each packed to whole bytes, the leftmost dot in the most significant bit, 1 is
/// black. That is the layout ESC/POS `GS v 0` sends, so a printer transport copies rows as they are.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Bitmap {
    width: u32,
    height: u32,
    bytes: Vec<u8>,
}

/// Why a picture of that shape cannot be.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BitmapError {
    /// Width is zero, beyond [`MAX_WIDTH`], or not a multiple of 8.
    #[error("a picture must be 8 to {MAX_WIDTH} dots wide, a multiple of 8; asked were {0}")]
    Width(u32),
    /// Height is zero or beyond [`MAX_HEIGHT`].
    #[error("a picture must be 1 to {MAX_HEIGHT} dots tall; asked were {0}")]
    Height(u32),
    /// The bytes given are not `width / 8 * height`.
    #[error("{got} bytes were given for a picture of {expected}")]
    Length {
        /// Bytes the shape needs.
        expected: usize,
        /// Bytes that came.
        got: usize,
    },
}

impl Bitmap {
    /// A white picture, `width` and `height` in dots.
    ///
    /// # Errors
    /// A width that is no multiple of 8, and shapes beyond [`MAX_WIDTH`] or [`MAX_HEIGHT`] or empty.
    pub fn new(width: u32, height: u32) -> Result<Self, BitmapError> {
        let len = Self::byte_len(width, height)?;
        Ok(Self { width, height, bytes: vec![0; len] })
    }

    /// A picture from its packed rows.
    ///
    /// # Errors
    /// As [`Bitmap::new`], and when `bytes` has not exactly `width / 8 * height` bytes.
    pub fn from_bytes(width: u32, height: u32, bytes: Vec<u8>) -> Result<Self, BitmapError> {
        let expected = Self::byte_len(width, height)?;
        if bytes.len() != expected {
            return Err(BitmapError::Length { expected, got: bytes.len() });
        }
        Ok(Self { width, height, bytes })
    }

    fn byte_len(width: u32, height: u32) -> Result<usize, BitmapError> {
        if width == 0 || width > MAX_WIDTH || !width.is_multiple_of(8) {
            return Err(BitmapError::Width(width));
        }
        if height == 0 || height > MAX_HEIGHT {
            return Err(BitmapError::Height(height));
        }
        Ok(width as usize / 8 * height as usize)
    }

    /// Width in dots, a multiple of 8.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in dots.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// All rows, packed, top first.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The packed rows one by one, top first, `width / 8` bytes each.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = &[u8]> + ExactSizeIterator {
        self.bytes.chunks_exact(self.stride())
    }

    /// Whether the dot is black. Dots outside the picture are white.
    pub fn is_black(&self, x: u32, y: u32) -> bool {
        self.locate(x, y).is_some_and(|(at, mask)| self.bytes.get(at).is_some_and(|byte| byte & mask != 0))
    }

    /// Blackens or whitens a dot; false, and nothing done, outside the picture.
    pub fn set(&mut self, x: u32, y: u32, black: bool) -> bool {
        let Some((at, mask)) = self.locate(x, y) else {
            return false;
        };
        if let Some(byte) = self.bytes.get_mut(at) {
            if black {
                *byte |= mask;
            } else {
                *byte &= !mask;
            }
        }
        true
    }

    /// The picture as a PNG file: 1-bit greyscale, black where the paper is black.
    ///
    /// # Errors
    /// What the encoder says; none is known for a picture in memory.
    pub fn to_png(&self) -> Result<Vec<u8>, png::EncodingError> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, self.width, self.height);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        let mut writer = encoder.write_header()?;
        // in PNG greyscale 0 is black
        let inverted: Vec<u8> = self.bytes.iter().map(|byte| !byte).collect();
        writer.write_image_data(&inverted)?;
        writer.finish()?;
        Ok(file)
    }

    fn stride(&self) -> usize {
        self.width as usize / 8
    }

    fn locate(&self, x: u32, y: u32) -> Option<(usize, u8)> {
        (x < self.width && y < self.height).then(|| {
            let at = y as usize * self.stride() + x as usize / 8;
            (at, 0x80 >> (x % 8))
        })
    }
}

/// Only the shape: the dots of a ticket would fill a log.
impl std::fmt::Debug for Bitmap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bitmap({}x{})", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_leftmost_dot_is_the_top_bit_and_one_is_black() {
        let mut bitmap = Bitmap::new(16, 2).unwrap();
        assert!(bitmap.set(0, 0, true));
        assert!(bitmap.set(9, 1, true));
        assert_eq!(bitmap.bytes(), [0x80, 0x00, 0x00, 0x40]);
        assert_eq!(bitmap.rows().nth(1), Some(&[0x00, 0x40][..]));
        assert!(bitmap.is_black(9, 1) && !bitmap.is_black(8, 1));
        assert!(bitmap.set(9, 1, false) && !bitmap.is_black(9, 1));
    }

    #[test]
    fn outside_is_white_and_cannot_be_set() {
        let mut bitmap = Bitmap::new(8, 1).unwrap();
        assert!(!bitmap.set(8, 0, true) && !bitmap.set(0, 1, true));
        assert!(!bitmap.is_black(8, 0) && !bitmap.is_black(0, 1));
        assert_eq!(bitmap.bytes(), [0]);
    }

    #[test]
    fn odd_shapes_are_refused() {
        assert_eq!(Bitmap::new(0, 1).unwrap_err(), BitmapError::Width(0));
        assert_eq!(Bitmap::new(383, 1).unwrap_err(), BitmapError::Width(383));
        assert_eq!(Bitmap::new(8, 0).unwrap_err(), BitmapError::Height(0));
        assert!(Bitmap::new(MAX_WIDTH, MAX_HEIGHT + 1).is_err());
        let short = Bitmap::from_bytes(16, 2, vec![0; 3]).unwrap_err();
        assert_eq!(short, BitmapError::Length { expected: 4, got: 3 });
    }

    #[test]
    fn a_png_shows_the_same_dots() {
        let mut bitmap = Bitmap::new(24, 3).unwrap();
        for (x, y) in [(0, 0), (7, 0), (8, 1), (23, 2)] {
            bitmap.set(x, y, true);
        }
        let file = bitmap.to_png().unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut seen = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut seen).unwrap();
        assert_eq!((info.width, info.height), (24, 3));
        assert_eq!(info.bit_depth, png::BitDepth::One);
        assert_eq!(info.color_type, png::ColorType::Grayscale);
        let back: Vec<u8> = seen.iter().map(|byte| !byte).collect();
        assert_eq!(Bitmap::from_bytes(24, 3, back).unwrap(), bitmap);
    }
}
