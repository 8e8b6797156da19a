//! Where what stands on a ticket.
//!
//! From the top: whose ticket and for what; the number, as large as the paper is wide; the promise; what to
//! have ready; the code. A paper whose language runs from right to left is mirrored: lists and their boxes begin at the right. Who only glances sees number and promise. Sizes are points, so paper looks alike on every head.

use super::fonts::{Face, has_rtl};
use super::logo::Logo;
use super::qr::Code;
use super::sheet::Sheet;
use super::text::{Aligned, Fonts, Setting, TextBlock};
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
    let print = if paper.large { Print::LARGE } else { Print::USUAL };
    let mut page = Page::new(fonts, style, print, paper.rtl, texts(paper, words));
    if paper.copy {
        page.copy_mark(words);
    }
    if let Some(logo) = &paper.logo {
        page.logo(logo);
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
    if let Some(doubt) = &paper.doubt {
        page.line(doubt, Size::Body, false);
    }
    if let Some(hint) = &paper.desk_hint {
        page.gap(4);
        page.line(hint, Size::Body, true);
    }
    page.have_ready(&words.have_ready, &paper.have_ready);
    if let Some((question, short)) = &paper.answer {
        page.answer(question, short);
    }
    page.code(&paper.url, &words.on_phone);
    if let Some(line) = &paper.line {
        page.rule();
        page.line(line, Size::Body, false);
    }
    page.gap(6);
    LaidOut { sheet: page.sheet, warnings: page.warnings }
}

/// Every text of a ticket but the number, which is always in the product's face.
fn texts<'a>(paper: &'a TicketPaper, words: &'a PaperWords) -> impl Iterator<Item = &'a str> {
    let some = [&paper.promise, &paper.doubt, &paper.ahead, &paper.desk_hint, &paper.line].into_iter().flatten();
    let own = [&paper.store, &paper.service, &words.made_at, &words.have_ready, &words.on_phone].into_iter();
    let answer = paper.answer.iter().flat_map(|(question, short)| [question, short]);
    own.chain(some).chain(&paper.have_ready).chain(answer).map(String::as_str)
}

/// Lays out one voucher: what it is worth, and the code across the paper.
pub(super) fn voucher(fonts: &mut Fonts, paper: &VoucherPaper, style: PaperStyle) -> LaidOut {
    let texts = [&paper.store, &paper.why, &paper.text, &paper.valid].into_iter().map(String::as_str);
    let mut page = Page::new(fonts, style, Print::USUAL, has_rtl(&paper.why), texts);
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

/// What a text is for; [`Print`] says how large that is.
#[derive(Clone, Copy)]
enum Size {
    Body,
    Name,
    Mark,
}

/// Sizes of type in tenths of a point on 58 mm paper.
#[derive(Clone, Copy)]
struct Print {
    body: u16,
    name: u16,
    mark: u16,
    /// The promise is set as large as one line allows, of these.
    promise: &'static [u16],
    /// Whether everything is bold.
    bold: bool,
    /// Part of the width that the code may have, in percent.
    code: u32,
}

impl Print {
    const USUAL: Self = Self { body: 90, name: 100, mark: 160, promise: &[145, 135, 125, 115, 105], bold: false, code: 62 };
    /// 14 points and more, all of it bold: what guides for clear print ask of large print.
    const LARGE: Self =
        Self { body: 140, name: 150, mark: 190, promise: &[230, 215, 200, 185, 170, 155], bold: true, code: 80 };

    fn tenths(self, size: Size) -> u16 {
        match size {
            Size::Body => self.body,
            Size::Name => self.name,
            Size::Mark => self.mark,
        }
    }
}

struct Page<'a> {
    fonts: &'a mut Fonts,
    style: PaperStyle,
    print: Print,
    face: Face,
    rtl: bool,
    sheet: Sheet,
    warnings: Vec<PaperWarning>,
    /// Dots left free at either side.
    margin: i32,
    /// Dots between the margins.
    room: i32,
}

impl<'a> Page<'a> {
    fn new<'t>(
        fonts: &'a mut Fonts,
        style: PaperStyle,
        print: Print,
        rtl: bool,
        texts: impl Iterator<Item = &'t str>,
    ) -> Self {
        let face = fonts.face_for(texts);
        let width = style.width_dots() as i32;
        let margin = width / 48;
        let mut page = Self {
            fonts,
            style,
            print,
            face,
            rtl,
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

    fn set(&mut self, text: &str, tenths: u16, bold: bool, room: i32, aligned: Aligned) -> TextBlock {
        let (face, rtl, bold) = (self.face, self.rtl, bold || self.print.bold);
        let how = Setting { face, bold, rtl, size: self.points(tenths), width: u32::try_from(room).ok(), aligned };
        self.fonts.set(text, how)
    }

    fn body(&mut self, text: &str, bold: bool, room: i32, aligned: Aligned) -> TextBlock {
        self.set(text, self.print.body, bold, room, aligned)
    }

    /// A centred text over the whole width; nothing for an empty one.
    fn line(&mut self, text: &str, size: Size, bold: bool) {
        if !text.trim().is_empty() {
            // a line may end with a dot between two names, but not begin with one
            let text = text.replace(" · ", "\u{a0}· ");
            let block = self.set(&text, self.print.tenths(size), bold, self.room, Aligned::Centre);
            self.put(block);
        }
    }

    /// The branch's picture, in the middle: no wider than the number and no taller than a fifth of the width.
    fn logo(&mut self, logo: &Logo) {
        let width = self.style.width_dots();
        let dots = logo.dots(width * 3 / 5, width / 5);
        let own = dots.iter().map(|dot| dot.0 + 1).max().unwrap_or(0);
        let height = dots.iter().map(|dot| dot.1 + 1).max().unwrap_or(0);
        let left = (width - own) / 2;
        let black = dots.into_iter().filter(|(_, _, black)| *black).map(|(x, y, _)| ((x + left) as i32, y as i32));
        let picture = TextBlock { dots: black.collect(), ..TextBlock::default() };
        self.sheet.text(picture, 0, true);
        self.sheet.space(height as i32);
        self.gap(4);
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
        let mark = self.set(&words.copy, self.print.mark, true, inner, Aligned::Centre);
        let note = self.body(&words.copy_note, true, inner, Aligned::Centre);
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
        let one_line = |size| Setting { bold: true, size, ..Setting::default() };
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
        for tenths in self.print.promise {
            block = self.set(promise, *tenths, true, self.room, Aligned::Centre);
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
        let block = self.body(&joined, false, self.room, Aligned::Centre);
        if block.lines <= 1 {
            self.put(block);
        } else {
            self.line(made_at, Size::Body, false);
            self.line(ahead, Size::Body, false);
        }
    }

    /// A list with boxes to tick in thought, at the side where lines begin. The boxes are drawn: no bundled font has one.
    fn have_ready(&mut self, heading: &str, things: &[String]) {
        if things.is_empty() {
            return;
        }
        self.rule();
        let heading = self.body(heading, true, self.room, Aligned::Start);
        self.put(heading);
        let em = self.points(self.print.body) as i32;
        let (side, stroke) = (em * 7 / 10, (em / 12).max(1));
        let indent = side + em / 2;
        for thing in things {
            let block = self.body(thing, false, self.room - indent, Aligned::Start);
            let (box_x, text_x) = if self.rtl {
                (self.margin + self.room - side - stroke, self.margin)
            } else {
                (self.margin + stroke, self.margin + indent)
            };
            let y = self.sheet.y + (block.line_height - side) / 2;
            self.sheet.rect(box_x, y, side, side, true);
            let hole = side - 2 * stroke;
            self.sheet.rect(box_x + stroke, y + stroke, hole, hole, false);
            let height = block.height;
            self.sheet.text(block, text_x, true);
            self.sheet.space(height);
        }
    }

    /// A question and its short answer, where lines begin.
    fn answer(&mut self, question: &str, short: &str) {
        self.rule();
        for (text, bold) in [(question, true), (short, false)] {
            let block = self.body(text, bold, self.room, Aligned::Start);
            self.put(block);
        }
    }

    fn code(&mut self, url: &str, caption: &str) {
        if url.is_empty() {
            return;
        }
        self.rule();
        let Some(code) = Code::fitting(url, self.style, self.style.width_dots(), self.print.code) else {
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
