//! The paper a customer takes along: ticket or reprint, laid out and turned into dots.
//!
//! Pure: time, words and widths are arguments, nothing is read or written, and the same input gives the same dots on
//! every machine. Printer, PNG and preview all show the bitmap made here, so what is previewed is what is printed.
//!
//! The whole paper is a picture rather than printer text: code pages of receipt printers neither shape nor
//! reorder letters, and a picture looks the same on every make. Only the fonts bundled with the program are used, never
//! the machine's. A character they lack is drawn as the font's empty box and reported: paper that lost a word
//! must not look complete.
//!
//! A paper is made whatever is wrong with its words. What could not be drawn comes back as [`PaperWarning`]s: a customer
//! with a number and no QR code is better off than one with neither.

mod compose;
mod fonts;
mod layout;
mod logo;
mod parts;
mod qr;
mod sheet;
#[cfg(test)]
mod tests;
mod text;
mod words;

use nowserving_hardware::{Bitmap, BitmapError};

pub use compose::{SAMPLE_PROMISE, Stationery};
pub use logo::{LOGO_BYTES, Logo, LogoRefusal};
pub use parts::{DeskHint, LINE_CHARS, PaperParts, stored};
pub use words::PaperWords;

/// What stands on one ticket. Every text is in the customer's language already, and none is shortened: long ones wrap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketPaper {
    /// Whether its language is written from right to left: lists and lines begin at the right then.
    pub rtl: bool,
    /// Large print: larger and bolder type, for whoever reads badly.
    pub large: bool,
    /// The branch's picture, over everything else.
    pub logo: Option<Logo>,
    /// The name over everything: the branch, as its customers call it.
    pub store: String,
    /// What the customer comes for.
    pub service: String,
    /// The ticket number, `R043`.
    pub number: String,
    /// The wait promise in words ("about 14–27 min"); none when nothing is promised.
    pub promise: Option<String>,
    /// Why the promise may not hold, in a sentence.
    pub doubt: Option<String>,
    /// Local time of issue as read off a clock, `14:07`.
    pub made_at: String,
    /// How many go first, in words ("7 before you"); none to leave it out.
    pub ahead: Option<String>,
    /// Where to go, in a sentence.
    pub desk_hint: Option<String>,
    /// What to have at hand at the desk, one thing an item; empty leaves the list out.
    pub have_ready: Vec<String>,
    /// A question that many have, and its short answer.
    pub answer: Option<(String, String)>,
    /// Address of the ticket's own page, shown as a QR code; empty leaves the code out.
    pub url: String,
    /// One more sentence at the foot, as the branch likes.
    pub line: Option<String>,
    /// Printed again: marked so that nobody takes it for a second place in line.
    pub copy: bool,
}

/// What stands on a voucher: what a customer gets whose promise was broken late.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VoucherPaper {
    /// The name over everything.
    pub store: String,
    /// Why: "R043: you waited longer than we said. We are sorry."
    pub why: String,
    /// What: "Please have a coffee on us."
    pub text: String,
    /// The code that staff check, `K7QF-3M2X`.
    pub code: String,
    /// Until when, and where to show it.
    pub valid: String,
}

/// The paper and head a printer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaperStyle {
    width_dots: u32,
    dpi: u32,
}

impl Default for PaperStyle {
    fn default() -> Self {
        Self::MM80
    }
}

impl PaperStyle {
    /// 58 mm paper on the usual head: 384 dots at 203 dpi.
    pub const MM58: Self = Self { width_dots: 384, dpi: 203 };
    /// 80 mm paper on the usual head: 576 dots at 203 dpi.
    pub const MM80: Self = Self { width_dots: 576, dpi: 203 };

    /// A head of `width_dots` (a multiple of 8) at `dpi` dots to the inch. Epson's 180 dpi heads have 360 and 512.
    ///
    /// # Errors
    /// [`PaperError::Style`] outside 100 to 600 dpi, outside 35 to 120 mm, or for a width that is no multiple of 8.
    pub fn new(width_dots: u32, dpi: u32) -> Result<Self, PaperError> {
        let refused = PaperError::Style { width_dots, dpi };
        if !(100..=600).contains(&dpi) || !width_dots.is_multiple_of(8) {
            return Err(refused);
        }
        // 25.4 mm to the inch, in tenths to stay whole
        let tenths_of_mm = u64::from(width_dots) * 254 / u64::from(dpi);
        if (350..=1_200).contains(&tenths_of_mm) { Ok(Self { width_dots, dpi }) } else { Err(refused) }
    }

    /// The other usual paper, at the same resolution: 80 mm for a narrow one, else 58 mm.
    #[must_use]
    pub fn other_width(self) -> Self {
        let mm = u64::from(self.width_dots) * 254 / u64::from(self.dpi) / 10;
        let usual = match (mm < 60, self.dpi < 190) {
            (true, false) => 576,
            (true, true) => 512,
            (false, false) => 384,
            (false, true) => 360,
        };
        Self { width_dots: usual, ..self }
    }

    /// What the paper is called: 58 or 80 mm, margins included.
    #[must_use]
    pub fn paper_mm(self) -> u32 {
        if self.width_dots * 254 / self.dpi < 600 { 58 } else { 80 }
    }

    /// Printable width in dots.
    pub fn width_dots(self) -> u32 {
        self.width_dots
    }

    /// Dots to the inch, across and along.
    pub fn dpi(self) -> u32 {
        self.dpi
    }
}

/// A paper ready for a printer, and what is not right with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typeset {
    /// The dots, [`PaperStyle::width_dots`] wide.
    pub bitmap: Bitmap,
    /// What could not be drawn; empty for a perfect paper. For the log and for whoever edits the words.
    pub warnings: Vec<PaperWarning>,
}

/// Something the paper lacks, though it is printed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaperWarning {
    /// No bundled font has these characters; an empty box stands for each.
    #[error("no bundled font has: {}", listed(.0))]
    MissingCharacters(Vec<char>),
    /// The address is too long for a code that phones can read on this paper.
    #[error("an address of {0} bytes is too long for a QR code on this paper")]
    NoQr(usize),
    /// The paper would be taller than a printer takes; so many dots at its foot are missing.
    #[error("the paper is {0} dots too tall and was cut")]
    Cut(u32),
    /// Letters reach over the paper's edge by so many dots, as piled-up accents can.
    #[error("{0} dots fell off the edge of the paper")]
    Outside(usize),
}

fn listed(characters: &[char]) -> String {
    let each: Vec<String> = characters.iter().map(|&c| format!("{c} (U+{:04X})", u32::from(c))).collect();
    each.join(", ")
}

/// Why there can be no paper at all.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// No printer has such a head.
    #[error(
        "a paper of {width_dots} dots at {dpi} dpi is not possible: the width must be a multiple of 8 and 35 to 120 mm, \
         at 100 to 600 dpi (58 mm paper: 384 at 203; 80 mm: 576 at 203)"
    )]
    Style {
        /// Width asked for.
        width_dots: u32,
        /// Resolution asked for.
        dpi: u32,
    },
    /// The program was built with fonts it cannot read.
    #[error("the bundled fonts cannot be read")]
    Fonts,
    /// The bitmap refused its shape.
    #[error("the paper has an impossible shape")]
    Shape(#[from] BitmapError),
}

/// Sets papers. Making one reads the bundled fonts, so keep it; a paper never depends on those made before.
#[derive(Debug)]
pub struct Typesetter {
    fonts: text::Fonts,
}

impl Typesetter {
    /// Reads the bundled fonts.
    ///
    /// # Errors
    /// [`PaperError::Fonts`] when the program was built with broken ones.
    pub fn new() -> Result<Self, PaperError> {
        Ok(Self { fonts: text::Fonts::bundled()? })
    }

    /// Lays out and draws one ticket.
    ///
    /// # Errors
    /// [`PaperError::Shape`], which no valid [`PaperStyle`] is known to bring about.
    pub fn ticket(&mut self, paper: &TicketPaper, words: &PaperWords, style: PaperStyle) -> Result<Typeset, PaperError> {
        let laid_out = layout::ticket(&mut self.fonts, paper, words, style);
        self.draw(laid_out)
    }

    /// Lays out and draws one voucher.
    ///
    /// # Errors
    /// As [`Typesetter::ticket`].
    pub fn voucher(&mut self, paper: &VoucherPaper, style: PaperStyle) -> Result<Typeset, PaperError> {
        let laid_out = layout::voucher(&mut self.fonts, paper, style);
        self.draw(laid_out)
    }

    fn draw(&mut self, laid_out: layout::LaidOut) -> Result<Typeset, PaperError> {
        let mut warnings = laid_out.warnings;
        let missing = self.fonts.take_missing();
        if !missing.is_empty() {
            warnings.push(PaperWarning::MissingCharacters(missing));
        }
        let drawn = laid_out.sheet.draw()?;
        if drawn.cut > 0 {
            warnings.push(PaperWarning::Cut(drawn.cut));
        } else if drawn.outside > 0 {
            warnings.push(PaperWarning::Outside(drawn.outside));
        }
        Ok(Typeset { bitmap: drawn.bitmap, warnings })
    }
}
