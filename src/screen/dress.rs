//! What a screen wears: the look, the store's own, the face of the language, and how large its millimetres are.

use data_encoding::BASE64;
use nowserving_ui::slint::{ComponentHandle, Image, PhysicalSize, Rgba8Pixel, SharedPixelBuffer};
use nowserving_ui::{Brand, Hall, Look, Theme, accent, face};

use super::known::Known;
use crate::config::ScreenLook;
use crate::phrase::Words;

/// What a screen wears, whatever stands on it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dress {
    /// The colours.
    pub look: ScreenLook,
    /// How large texts are wished for, percent; 0: as they are.
    pub type_percent: u32,
    /// Nothing moves.
    pub still: bool,
    /// The store's colour, `#rrggbb`; empty: none of its own.
    pub accent: String,
    /// The store's logo, PNG in base 64; empty: none.
    pub logo: String,
    /// The language that stands there; `None` before anything does.
    pub words: Option<Words>,
}

impl Dress {
    /// What the hub says, in a language.
    pub(super) fn of(known: &Known, words: Words) -> Self {
        let screens = &known.facts.screens;
        Self {
            look: screens.look,
            type_percent: screens.type_percent,
            still: screens.still,
            accent: screens.accent.clone().unwrap_or_default(),
            logo: screens.logo.clone().unwrap_or_default(),
            words: Some(words),
        }
    }

    /// Puts it on, where it is not worn already.
    pub(super) fn put(&self, worn: Option<&Self>, theme: &Theme<'_>, brand: &Brand<'_>) {
        theme.set_look(match self.look {
            ScreenLook::Light => Look::Light,
            ScreenLook::Dark => Look::Dark,
            ScreenLook::Contrast => Look::Contrast,
        });
        theme.set_still(self.still);
        theme.set_family_text(face(self.words.map_or("", Words::code)).into());
        brand.set_larger(self.type_percent.max(100) as f32 / 100.0);
        brand.set_accent(accent(&self.accent));
        // a picture is decoded once, not with every second of a countdown
        if worn.is_none_or(|worn| worn.logo != self.logo) {
            brand.set_logo(logo(&self.logo).unwrap_or_default());
        }
    }
}

fn logo(base64: &str) -> Option<Image> {
    let bytes = BASE64.decode(base64.as_bytes()).ok().filter(|bytes| !bytes.is_empty())?;
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
    let mut reader = decoder.read_info().ok()?;
    let mut pixels = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut pixels).ok()?;
    let rgba: Vec<u8> = match info.color_type {
        png::ColorType::Rgba => pixels,
        png::ColorType::GrayscaleAlpha => {
            pixels.chunks_exact(2).flat_map(|pixel| [pixel[0], pixel[0], pixel[0], pixel[1]]).collect()
        }
        _ => return None,
    };
    let wanted = info.width as usize * info.height as usize * 4;
    let rgba = rgba.get(..wanted)?;
    Some(Image::from_rgba8(SharedPixelBuffer::<Rgba8Pixel>::clone_from_slice(rgba, info.width, info.height)))
}

/// The window's size in pixels; `None` before it has one.
pub(super) fn pixels(window: &impl ComponentHandle) -> Option<(u32, u32)> {
    let PhysicalSize { width, height, .. } = window.window().size();
    (width > 0 && height > 0).then_some((width, height))
}

/// How many of the window's own pixels a millimetre has, on a screen of so many inches.
pub(super) fn millimetre(window: &impl ComponentHandle, inches: f64) -> f32 {
    let hall = |pixels| Hall { pixels, diagonal_inch: inches, distance_m: 0.0 };
    let per_mm = pixels(window).map_or(0.0, |pixels| hall(pixels).pixels_per_mm());
    per_mm as f32 / window.window().scale_factor()
}
