//! Values for the globals' properties, made from plain ones.

use std::rc::Rc;

use slint::{Color, Image, ModelRc, Rgb8Pixel, SharedPixelBuffer, VecModel};

use crate::look::{ACCENTS, INK};

/// Modules of white that a QR code needs on each side (ISO/IEC 18004).
const QUIET_ZONE: usize = 4;

/// A service's colour: the name of an accent in `tokens.toml` (`"rust"`, `"teal"`…) or `#rrggbb`.
/// Anything else is ink, which is as legible as an accent.
pub fn accent(name_or_hex: &str) -> Color {
    let hex = ACCENTS.iter().find(|(name, _)| *name == name_or_hex).map_or(name_or_hex, |(_, hex)| *hex);
    hex_colour(hex).or_else(|| hex_colour(INK)).unwrap_or_default()
}

/// The names that [`accent`] knows, in the order of `tokens.toml`.
pub fn accents() -> impl Iterator<Item = &'static str> {
    ACCENTS.iter().map(|(name, _)| *name)
}

fn hex_colour(hex: &str) -> Option<Color> {
    let digits = hex.strip_prefix('#')?;
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let rgb = u32::from_str_radix(digits, 16).ok()?;
    Some(Color::from_argb_encoded(0xff00_0000 | rgb))
}

/// A QR code as an image of one pixel a module, with its quiet zone; the screens scale it by whole pixels.
///
/// `modules` are the rows of a code `width` modules wide, top to bottom, dark as `true`. A slice that is no
/// square of that width gives an empty image, which the screens leave out.
pub fn qr_image(modules: &[bool], width: usize) -> Image {
    if width == 0 || width.checked_mul(width) != Some(modules.len()) {
        return Image::default();
    }
    let side = width + 2 * QUIET_ZONE;
    let Ok(pixels) = u32::try_from(side) else {
        return Image::default();
    };
    let mut buffer = SharedPixelBuffer::<Rgb8Pixel>::new(pixels, pixels);
    let image = buffer.make_mut_slice();
    image.fill(Rgb8Pixel::new(255, 255, 255));
    for (y, row) in modules.chunks_exact(width).enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, dark)| **dark) {
            image[(y + QUIET_ZONE) * side + x + QUIET_ZONE] = Rgb8Pixel::new(0, 0, 0);
        }
    }
    Image::from_rgb8(buffer)
}

/// A list for a global's property.
pub fn model<T: Clone + 'static>(rows: Vec<T>) -> ModelRc<T> {
    ModelRc::from(Rc::new(VecModel::from(rows)))
}

/// Splits a desk's label into the word and the mark that the board writes as large as the number:
/// `"Desk 3"` gives `("Desk", "3")`. A label without a short mark at its end gives `("", label)`.
pub fn split_desk(label: &str) -> (&str, &str) {
    let label = label.trim();
    let short = |mark: &str| match mark.chars().count() {
        1 => true,
        2..=3 => mark.chars().any(char::is_numeric),
        _ => false,
    };
    match label.rsplit_once(char::is_whitespace) {
        Some((word, mark)) if short(mark) => (word.trim_end(), mark),
        _ => ("", label),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_accent_of_the_tokens_has_its_own_colour() {
        let mut colours: Vec<u32> = accents().map(|name| accent(name).as_argb_encoded()).collect();
        assert!(colours.len() >= 6);
        assert_eq!(accent("rust"), Color::from_rgb_u8(0xb4, 0x44, 0x2c));
        colours.push(accent("no such colour").as_argb_encoded());
        colours.sort_unstable();
        colours.dedup();
        assert_eq!(colours.len(), ACCENTS.len() + 1);
    }

    #[test]
    fn a_colour_may_be_told_in_hex_and_a_wrong_one_is_ink() {
        assert_eq!(accent("#123456"), Color::from_rgb_u8(0x12, 0x34, 0x56));
        for wrong in ["", "#12345", "#1234567", "#12345g", "#+23456", "123456"] {
            assert_eq!(accent(wrong), Color::from_rgb_u8(0x15, 0x21, 0x3b), "{wrong:?}");
        }
    }

    #[test]
    fn a_qr_code_keeps_its_quiet_zone() {
        let image = qr_image(&[true, false, false, true], 2);
        assert_eq!((image.size().width, image.size().height), (10, 10));
        let pixels = image.to_rgb8().unwrap();
        let dark: Vec<usize> = pixels.as_slice().iter().enumerate().filter(|(_, p)| p.r == 0).map(|(at, _)| at).collect();
        assert_eq!(dark, [44, 55]);
    }

    #[test]
    fn what_is_no_square_gives_no_qr_code() {
        for (modules, width) in [(3, 2), (0, 0), (5, 2), (4, usize::MAX)] {
            assert_eq!(qr_image(&vec![true; modules], width).size().width, 0, "{modules} {width}");
        }
    }

    #[test]
    fn a_desk_is_split_where_its_mark_is_short() {
        assert_eq!(split_desk("Desk 3"), ("Desk", "3"));
        assert_eq!(split_desk(" Service desk 12 "), ("Service desk", "12"));
        assert_eq!(split_desk("Desk B"), ("Desk", "B"));
        assert_eq!(split_desk("3"), ("", "3"));
        assert_eq!(split_desk("Tool hire"), ("", "Tool hire"));
        assert_eq!(split_desk("Pick up"), ("", "Pick up"));
        assert_eq!(split_desk(""), ("", ""));
    }
}
