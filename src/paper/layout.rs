//! Where what stands on a ticket.
//!
//! From the top: whose ticket and for what; the number, as large as the paper is wide; the promise; what to
//! have ready; the code. Who only glances sees number and promise. Sizes are points, so paper looks alike on every head.

use super::qr::Code;
use super::sheet::Sheet;
use super::text::{Fonts, Setting, TextBlock};
use super::{PaperStyle, PaperWarning, PaperWords, TicketPaper, VoucherPaper};

/// The number's ink spans this part of the width, in percent, unless it is so short that its height decides.
const NUMBER_WIDTH: i32 = 88;
/// The number's ink is no taller than this part of the width, in percent.
const NUMBER_HEIGHT: i32 = 60;

/// What became of the words, before dots.
pub(super) struct LaidOut {
    pub(super) sheet: Sheet,
    pub(super) warnings: Vec<PaperWarning>,
}

/// Lays out one ticket.
pub(super) fn ticket(fonts: &mut Fonts, paper: &TicketPaper, words: &PaperWords, style: PaperStyle) -> LaidOut {
    let mut page = Page::new(fonts, style);
    if paper.copy {
        page.copy_mark(words);
    }
    page.line(&paper.store, Size::Name, true);
    page.line(&paper.service, Size::Body, false);
    page.gap(7);
    page.number(&paper.number);
    page.gap(6);
    if let Some(promise) = &paper.promise {
        page.promise(promise);
    }
    page.when(&words.made_at(&paper.made_at), paper.ahead.as_deref());
    page.have_ready(&words.have_ready, &paper.have_ready);
    page.code(&paper.url, &words.on_phone);
    if let Some(line) = &paper.line {
        page.rule();
        page.line(line, Size::Body, false);
    }
    page.gap(6);
    LaidOut { sheet: page.sheet, warnings: page.warnings }
}

/// Lays out one voucher: what it is worth, and the code across the paper.
pub(super) fn voucher(fonts: &mut Fonts, paper: &VoucherPaper, style: PaperStyle) -> LaidOut {
    let mut page = Page::new(fonts, style);
    page.line(&paper.store, Size::Name, true);
    page.line(&paper.why, Size::Body, false);
    page.rule();
    page.line(&paper.text, Size::Mark, true);
    page.gap(7);
    page.number(&paper.code);
    page.gap(6);
    page.line(&paper.valid, Size::Body, false);
    page.gap(6);
    LaidOut { sheet: page.sheet, warnings: page.warnings }
}

/// Font sizes in tenths of a point on 58 mm paper.
#[derive(Clone, Copy)]
enum Size {
    Body = 90,
    Name = 100,
    Mark = 160,
}

/// The promise is set as large as one line allows, between these, in tenths of a point.
const PROMISE_SIZES: [u16; 5] = [145, 135, 125, 115, 105];

struct Page<'a> {
    fonts: &'a mut Fonts,
    style: PaperStyle,
    sheet: Sheet,
    warnings: Vec<PaperWarning>,
    /// Dots left free at either side.
    margin: i32,
    /// Dots between the margins.
    room: i32,
}

impl<'a> Page<'a> {
    fn new(fonts: &'a mut Fonts, style: PaperStyle) -> Self {
        let width = style.width_dots() as i32;
        let margin = width / 48;
        let mut page = Self {
            fonts,
            style,
            sheet: Sheet::new(style.width_dots()),
            warnings: Vec::new(),
            margin,
            room: width - 2 * margin,
        };
        page.gap(3);
        page
    }

    /// Tenths of a point in dots. Wider paper is read from the same distance, so type grows less than the width.
    fn points(&self, tenths: u16) -> f32 {
        let dpi = self.style.dpi() as f32;
        let inches = self.style.width_dots() as f32 / dpi;
        let narrow = 384.0 / 203.0;
        let grown = (inches / narrow).sqrt().clamp(0.9, 1.35);
        (f32::from(tenths) / 720.0 * dpi * grown).round()
    }

    /// Points as whole dots of white.
    fn white(&self, points: u16) -> i32 {
        self.points(points * 10) as i32
    }

    fn gap(&mut self, points: u16) {
        self.sheet.space(self.white(points));
    }

    fn set(&mut self, text: &str, tenths: u16, bold: bool, room: i32, centred: bool) -> TextBlock {
        let how = Setting { bold, size: self.points(tenths), width: u32::try_from(room).ok(), centred };
        self.fonts.set(text, how)
    }

    /// A centred text over the whole width; nothing for an empty one.
    fn line(&mut self, text: &str, size: Size, bold: bool) {
        if !text.trim().is_empty() {
            let block = self.set(text, size as u16, bold, self.room, true);
            self.put(block);
        }
    }

    fn put(&mut self, block: TextBlock) {
        let height = block.height;
        self.sheet.text(block, self.margin, true);
        self.sheet.space(height);
    }

    fn rule(&mut self) {
        self.gap(4);
        let thick = ((self.style.dpi() as i32 + 36) / 72).max(2);
        self.sheet.rect(self.margin, self.sheet.y, self.room, thick, true);
        self.sheet.space(thick);
        self.gap(4);
    }

    /// A black band over everything: what nobody can overlook, fold away or take for a second ticket.
    fn copy_mark(&mut self, words: &PaperWords) {
        let pad = self.white(4);
        let inner = self.room - 2 * pad;
        let mark = self.set(&words.copy, Size::Mark as u16, true, inner, true);
        let note = self.set(&words.copy_note, Size::Body as u16, true, inner, true);
        let height = mark.height + note.height + 2 * pad;
        let top = self.sheet.y;
        self.sheet.rect(self.margin, top, self.room, height, true);
        let x = self.margin + pad;
        let under_mark = top + pad + mark.height;
        self.sheet.text_at(mark, x, top + pad, false);
        self.sheet.text_at(note, x, under_mark, false);
        self.sheet.space(height);
        self.gap(5);
    }

    /// The number, by its ink: as wide as [`NUMBER_WIDTH`] says, or as tall as [`NUMBER_HEIGHT`] allows.
    fn number(&mut self, number: &str) {
        let width = self.style.width_dots() as i32;
        let (most_wide, most_tall) = (width * NUMBER_WIDTH / 100, width * NUMBER_HEIGHT / 100);
        let one_line = |size| Setting { bold: true, size, width: None, centred: false };
        let probe = 200.0;
        let Some(ink) = self.fonts.set(number, one_line(probe)).ink() else {
            return;
        };
        let grow = (most_wide as f32 / ink.width() as f32).min(most_tall as f32 / ink.height() as f32);
        let mut size = (probe * grow).ceil() + 1.0;
        // ink grows in whole dots, so the last steps are tried rather than computed
        loop {
            let block = self.fonts.set(number, one_line(size));
            let Some(ink) = block.ink() else { return };
            if (ink.width() <= most_wide && ink.height() <= most_tall) || size <= 8.0 {
                let x = (width - ink.width()) / 2 - ink.left;
                let y = self.sheet.y - ink.top;
                self.sheet.text_at(block, x, y, true);
                self.sheet.space(ink.height());
                return;
            }
            size -= 1.0;
        }
    }

    fn promise(&mut self, promise: &str) {
        let mut block = TextBlock::default();
        for tenths in PROMISE_SIZES {
            block = self.set(promise, tenths, true, self.room, true);
            if block.lines <= 1 {
                break;
            }
        }
        self.put(block);
    }

    /// When it was made and how many go first: on one line if it fits, else on one each.
    fn when(&mut self, made_at: &str, ahead: Option<&str>) {
        let Some(ahead) = ahead else {
            return self.line(made_at, Size::Body, false);
        };
        let joined = format!("{made_at} · {ahead}");
        let block = self.set(&joined, Size::Body as u16, false, self.room, true);
        if block.lines <= 1 {
            self.put(block);
        } else {
            self.line(made_at, Size::Body, false);
            self.line(ahead, Size::Body, false);
        }
    }

    /// A list with boxes to tick in thought. The boxes are drawn: no bundled font has one.
    fn have_ready(&mut self, heading: &str, things: &[String]) {
        if things.is_empty() {
            return;
        }
        self.rule();
        let heading = self.set(heading, Size::Body as u16, true, self.room, false);
        self.put(heading);
        let em = self.points(Size::Body as u16) as i32;
        let (side, stroke) = (em * 7 / 10, (em / 12).max(1));
        let indent = side + em / 2;
        for thing in things {
            let block = self.set(thing, Size::Body as u16, false, self.room - indent, false);
            let (x, y) = (self.margin + stroke, self.sheet.y + (block.line_height - side) / 2);
            self.sheet.rect(x, y, side, side, true);
            let hole = side - 2 * stroke;
            self.sheet.rect(x + stroke, y + stroke, hole, hole, false);
            let height = block.height;
            self.sheet.text(block, self.margin + indent, true);
            self.sheet.space(height);
        }
    }

    fn code(&mut self, url: &str, caption: &str) {
        if url.is_empty() {
            return;
        }
        self.rule();
        let Some(code) = Code::fitting(url, self.style, self.style.width_dots()) else {
            self.warnings.push(PaperWarning::NoQr(url.len()));
            return;
        };
        // the code's own quiet zone is gap enough
        self.sheet.space(-self.white(4));
        let size = code.size() as i32;
        let (left, top) = ((self.style.width_dots() as i32 - size) / 2, self.sheet.y);
        let dots = code.dots as i32;
        for (x, y) in code.dark_modules() {
            self.sheet.rect(left + x as i32, top + y as i32, dots, dots, true);
        }
        self.sheet.space(size);
        self.line(caption, Size::Body, false);
    }
}
