//! Words to dots, with the bundled fonts only.

use std::collections::BTreeSet;

use cosmic_text::{
    Align, Attrs, Buffer, CacheKey, Family, FontSystem, LayoutGlyph, LayoutRun, Metrics, Shaping, SwashCache, SwashContent,
    Weight, Wrap,
};

use super::PaperError;
use super::fonts::{self, Face};

/// Coverage, of 255, from which a dot is burnt. Thermal dots grow into their neighbours, so half is enough.
const BLACK_FROM: u8 = 128;

/// Begins a line that runs from right to left whatever its first letter is (U+200F).
const RIGHT_TO_LEFT: char = '\u{200f}';

/// Forbids a line to end (U+2060).
const TOGETHER: char = '\u{2060}';

/// Where the lines of a text begin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Aligned {
    /// Where lines of the paper's language begin: at the right in a paper that runs from right to left.
    #[default]
    Start,
    /// In the middle.
    Centre,
}

/// How a text is set.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Setting {
    pub(super) face: Face,
    pub(super) bold: bool,
    /// Whether the paper runs from right to left.
    pub(super) rtl: bool,
    /// Font size in dots.
    pub(super) size: f32,
    /// Dots a line may take; none for one line of any length.
    pub(super) width: Option<u32>,
    pub(super) aligned: Aligned,
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
        Ok(Self { system: fonts::bundled()?, rasteriser: SwashCache::new(), missing: BTreeSet::new() })
    }

    /// The face to begin with for all texts of one paper.
    pub(super) fn face_for<'a>(&self, texts: impl Iterator<Item = &'a str>) -> Face {
        fonts::face_for(&self.system, texts)
    }

    /// The characters no font had since the last call, sorted.
    pub(super) fn take_missing(&mut self) -> Vec<char> {
        std::mem::take(&mut self.missing).into_iter().collect()
    }

    /// Sets a text: wraps between words, within a word only where it is longer than a line; `\n` breaks a line.
    pub(super) fn set(&mut self, text: &str, how: Setting) -> TextBlock {
        let text = directed(&printable(text), how.rtl);
        let line_height = (how.size * fonts::leading(&text)).round();
        let mut buffer = Buffer::new(&mut self.system, Metrics::new(how.size, line_height));
        // not cosmic-text's Hinting: it widens lines to whole dots after it has broken them, beyond the paper's edge
        buffer.set_wrap(if how.width.is_some() { Wrap::WordOrGlyph } else { Wrap::None });
        buffer.set_size(how.width.map(|width| width as f32), None);
        let weight = if how.bold { Weight::BOLD } else { Weight::NORMAL };
        let attrs = Attrs::new().family(Family::Name(how.face.family())).weight(weight);
        let align = how.width.map(|_| match (how.aligned, how.rtl) {
            (Aligned::Centre, _) => Align::Center,
            (Aligned::Start, false) => Align::Left,
            (Aligned::Start, true) => Align::Right,
        });
        buffer.set_text(&text, &attrs, Shaping::Advanced, align);
        buffer.shape_until_scroll(&mut self.system, false);
        let aside = match how.width {
            Some(width) if how.aligned == Aligned::Centre => self.balance(&mut buffer, width),
            _ => 0,
        };

        let mut block = TextBlock { line_height: line_height as i32, ..TextBlock::default() };
        for run in buffer.layout_runs() {
            block.lines += 1;
            block.height += block.line_height;
            for glyph in run.glyphs {
                self.note_missing(&run, glyph);
                self.rasterise(glyph, run.line_y.round() as i32, &mut block.dots);
            }
        }
        for dot in &mut block.dots {
            dot.0 += aside;
        }
        block
    }

    /// Makes the lines of a centred text about equally long, so that no word or full stop stands alone in the last one. Says
    /// how far to the right the narrower text has to move.
    fn balance(&mut self, buffer: &mut Buffer, width: u32) -> i32 {
        let lines = buffer.layout_runs().count();
        let (mut too_narrow, mut enough) = (width / 2, width);
        while lines > 1 && enough - too_narrow > 4 {
            let tried = too_narrow.midpoint(enough);
            buffer.set_size(Some(tried as f32), None);
            buffer.shape_until_scroll(&mut self.system, false);
            // a word that is broken into its letters is worse than uneven lines
            let whole = buffer.layout_runs().all(|run| run.line_w <= tried as f32);
            if whole && buffer.layout_runs().count() <= lines { enough = tried } else { too_narrow = tried }
        }
        buffer.set_size(Some(enough as f32), None);
        buffer.shape_until_scroll(&mut self.system, false);
        (width - enough) as i32 / 2
    }

    fn note_missing(&mut self, run: &LayoutRun<'_>, glyph: &LayoutGlyph) {
        if glyph.glyph_id == 0 {
            let cluster = run.text.get(glyph.start..glyph.end).unwrap_or_default();
            self.missing.extend(cluster.chars().filter(|c| !is_invisible(*c)));
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

/// Control characters have no place on paper; a line break has. What turns the text after it has none either. A range of
/// numbers stays on one line.
fn printable(text: &str) -> String {
    let kept = text.trim().chars().filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
    let kept: Vec<char> = kept.map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect();
    let mut text = String::new();
    for (at, &c) in kept.iter().enumerate() {
        text.push(c);
        let before = at.checked_sub(1).and_then(|at| kept.get(at)).is_some_and(char::is_ascii_digit);
        if c == '–' && before && kept.get(at + 1).is_some_and(char::is_ascii_digit) {
            text.push(TOGETHER);
        }
    }
    text
}

/// In a paper that runs from right to left, a line that has a letter of such a script runs so as a whole, also where a ticket number
/// or a foreign name stands first. A line that is foreign from end to end keeps its own direction.
fn directed(text: &str, rtl: bool) -> String {
    if !rtl || !fonts::has_rtl(text) {
        return text.to_owned();
    }
    let line = |line: &str| if fonts::has_rtl(line) { format!("{RIGHT_TO_LEFT}{line}") } else { line.to_owned() };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Characters without a shape: marks of direction, joiners, selectors of a variant.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}
