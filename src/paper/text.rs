//! Words to dots, with the bundled fonts only.

use std::collections::BTreeSet;

use cosmic_text::{
    Align, Attrs, Buffer, CacheKey, Family, FontSystem, LayoutGlyph, LayoutRun, Metrics, Shaping, SwashCache, SwashContent,
    Weight, Wrap, fontdb,
};

use super::PaperError;

const FAMILY: &str = "Atkinson Hyperlegible Next";
const FACES: [&[u8]; 2] = [
    include_bytes!("../../ui/fonts/AtkinsonHyperlegibleNext-Regular.ttf"),
    include_bytes!("../../ui/fonts/AtkinsonHyperlegibleNext-Bold.ttf"),
];

/// Coverage, of 255, from which a dot is burnt. Thermal dots grow into their neighbours, so half is enough.
const BLACK_FROM: u8 = 128;

/// Line height over font size.
const LEADING: f32 = 1.22;

/// How a text is set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    pub(super) bold: bool,
    /// Font size in dots.
    pub(super) size: f32,
    /// Dots a line may take; none for one line of any length.
    pub(super) width: Option<u32>,
    pub(super) centred: bool,
}

/// Black dots of a text, relative to the top left of its box.
#[derive(Clone, Debug, Default)]
pub(super) struct TextBlock {
    pub(super) dots: Vec<(i32, i32)>,
    pub(super) lines: usize,
    /// Height of the box in dots: lines times line height, not ink.
    pub(super) height: i32,
    /// Box height of one line.
    pub(super) line_height: i32,
}

/// The outermost dots that are black, inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ink {
    pub(super) left: i32,
    pub(super) right: i32,
    pub(super) top: i32,
    pub(super) bottom: i32,
}

impl Ink {
    pub(super) fn width(self) -> i32 {
        self.right - self.left + 1
    }
    pub(super) fn height(self) -> i32 {
        self.bottom - self.top + 1
    }
}

impl TextBlock {
    /// Where its ink is; none for a blank text.
    pub(super) fn ink(&self) -> Option<Ink> {
        let (xs, ys) = (|| self.dots.iter().map(|d| d.0), || self.dots.iter().map(|d| d.1));
        Some(Ink { left: xs().min()?, right: xs().max()?, top: ys().min()?, bottom: ys().max()? })
    }
}

/// The bundled fonts, and the characters they turned out to lack.
#[derive(Debug)]
pub(super) struct Fonts {
    system: FontSystem,
    // used uncached: numbers come in many sizes, and a hub runs for months
    rasteriser: SwashCache,
    missing: BTreeSet<char>,
}

impl Fonts {
    pub(super) fn bundled() -> Result<Self, PaperError> {
        let mut db = fontdb::Database::new();
        for face in FACES {
            db.load_font_data(face.to_vec());
        }
        let whole =
            db.faces().count() == FACES.len() && db.faces().all(|face| face.families.iter().any(|(name, _)| name == FAMILY));
        if !whole {
            return Err(PaperError::Fonts);
        }
        // the locale only chooses among fallback fonts, of which there are none
        let system = FontSystem::new_with_locale_and_db("en".into(), db);
        Ok(Self { system, rasteriser: SwashCache::new(), missing: BTreeSet::new() })
    }

    /// The characters no font had since the last call, sorted.
    pub(super) fn take_missing(&mut self) -> Vec<char> {
        std::mem::take(&mut self.missing).into_iter().collect()
    }

    /// Sets a text: wraps between words, within a word only where it is longer than a line; `\n` breaks a line.
    pub(super) fn set(&mut self, text: &str, how: Setting) -> TextBlock {
        let text = printable(text);
        let line_height = (how.size * LEADING).round();
        let mut buffer = Buffer::new(&mut self.system, Metrics::new(how.size, line_height));
        // not cosmic-text's Hinting: it widens lines to whole dots after it has broken them, beyond the paper's edge
        buffer.set_wrap(if how.width.is_some() { Wrap::WordOrGlyph } else { Wrap::None });
        buffer.set_size(how.width.map(|width| width as f32), None);
        let attrs = Attrs::new().family(Family::Name(FAMILY)).weight(if how.bold { Weight::BOLD } else { Weight::NORMAL });
        let align = (how.centred && how.width.is_some()).then_some(Align::Center);
        buffer.set_text(&text, &attrs, Shaping::Advanced, align);
        buffer.shape_until_scroll(&mut self.system, false);

        let mut block = TextBlock { line_height: line_height as i32, ..TextBlock::default() };
        for run in buffer.layout_runs() {
            block.lines += 1;
            block.height += block.line_height;
            for glyph in run.glyphs {
                self.note_missing(&run, glyph);
                self.rasterise(glyph, run.line_y.round() as i32, &mut block.dots);
            }
        }
        block
    }

    fn note_missing(&mut self, run: &LayoutRun<'_>, glyph: &LayoutGlyph) {
        if glyph.glyph_id == 0 {
            let cluster = run.text.get(glyph.start..glyph.end).unwrap_or_default();
            self.missing.extend(cluster.chars());
        }
    }

    fn rasterise(&mut self, glyph: &LayoutGlyph, baseline: i32, dots: &mut Vec<(i32, i32)>) {
        let (key, _, _) = CacheKey::new(
            glyph.font_id,
            glyph.glyph_id,
            glyph.font_size,
            (0.0, 0.0),
            glyph.font_weight,
            glyph.cache_key_flags,
        );
        let Some(image) = self.rasteriser.get_image_uncached(&mut self.system, key) else {
            return;
        };
        // the bundled fonts have outlines only; colour glyphs would need their own way to black and white
        if image.content != SwashContent::Mask || image.placement.width == 0 {
            return;
        }
        // whole dots, so that a letter has the same mask wherever it stands
        let x = (glyph.x + glyph.font_size * glyph.x_offset).round() as i32 + image.placement.left;
        let y = baseline - (glyph.y + glyph.font_size * glyph.y_offset).round() as i32 - image.placement.top;
        for (row, coverage) in image.data.chunks_exact(image.placement.width as usize).enumerate() {
            let black = coverage.iter().enumerate().filter(|(_, c)| **c >= BLACK_FROM);
            dots.extend(black.map(|(column, _)| (x + column as i32, y + row as i32)));
        }
    }
}

/// Control characters have no place on paper; a line break has.
fn printable(text: &str) -> String {
    text.trim().chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
}
