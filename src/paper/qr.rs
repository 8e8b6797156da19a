//! The code that leads a phone to the ticket's page.

use qrcode::{Color, EcLevel, QrCode};

use super::PaperStyle;

/// White modules that the standard (ISO/IEC 18004) asks for on every side.
pub(super) const QUIET: u32 = 4;

/// A code in modules, and how many dots a module's side has.
#[derive(Clone, Debug)]
pub(super) struct Code {
    /// Dark modules, by rows.
    dark: Vec<bool>,
    /// Modules a side, without the quiet zone.
    side: u32,
    /// Dots a module's side, whole so that no module is blurred.
    pub(super) dots: u32,
}

impl Code {
    /// The code for `url` in `percent` of `room`, if phones can still read it there, else larger; none if phones could not read what would fit.
    pub(super) fn fitting(url: &str, style: PaperStyle, room: u32, percent: u32) -> Option<Self> {
        // 0.35 mm is what cheap phone cameras still read off thermal paper; beyond 0.85 mm a code only eats paper
        let least = dots_in(style, 35);
        let most = dots_in(style, 85 * percent / 62);
        // M survives the white streak of one dead heating element; L only where M does not fit
        [EcLevel::M, EcLevel::L].into_iter().find_map(|level| {
            let code = QrCode::with_error_correction_level(url, level).ok()?;
            let side = u32::try_from(code.width()).ok()?;
            let modules = side + 2 * QUIET;
            let pleasant = (room * percent / 100 / modules).min(most);
            let dots = pleasant.max(least);
            (dots * modules <= room).then(|| Self {
                dark: code.into_colors().into_iter().map(|c| c == Color::Dark).collect(),
                side,
                dots,
            })
        })
    }

    /// Dots a side with the quiet zone.
    pub(super) fn size(&self) -> u32 {
        (self.side + 2 * QUIET) * self.dots
    }

    /// Top left corners of the dark modules in dots, from the top left of the quiet zone.
    pub(super) fn dark_modules(&self) -> impl Iterator<Item = (u32, u32)> {
        let rows = self.dark.chunks_exact(self.side as usize);
        (QUIET..).zip(rows).flat_map(move |(y, row)| {
            (QUIET..).zip(row).filter(|(_, dark)| **dark).map(move |(x, _)| (x * self.dots, y * self.dots))
        })
    }
}

fn dots_in(style: PaperStyle, hundredths_of_mm: u32) -> u32 {
    (style.dpi() * hundredths_of_mm).div_ceil(2_540).max(2)
}
