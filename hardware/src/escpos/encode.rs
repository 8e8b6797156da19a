//! A picture and how to end it → the bytes of one ticket.

use super::{Command, defuse};
use crate::bitmap::Bitmap;

/// Most data of one raster command. The buffers of the smallest clones hold 4 KiB; a band must fit with its head. It is also
/// what has to be sent at the most to fill up a band that was broken off.
pub const BAND_BYTES: usize = 3_840;
/// A gap of so many white rows is sent as a band of its own, one byte wide, which saves more than its head costs.
const GAP: usize = 16;
/// Most rows of one band: what fits the low byte of its height, for clones that ignore the high one.
const BAND_ROWS: usize = 255;

/// The raster commands of a picture, top to bottom, harmless (see [`defuse`]).
///
/// Each is only as wide as its blackest row reaches, and gaps are one byte wide: the same dots on paper, exactly, for a good
/// deal fewer bytes.
#[derive(Debug)]
pub struct Bands<'a> {
    rows: Vec<&'a [u8]>,
    at: usize,
}

impl<'a> Bands<'a> {
    /// The bands of `bitmap`.
    #[must_use]
    pub fn of(bitmap: &'a Bitmap) -> Self {
        Self { rows: bitmap.rows().collect(), at: 0 }
    }

    /// How many rows from here on are white, or how many until the next gap.
    fn run(&self) -> (usize, bool) {
        let rest = self.rows.get(self.at..).unwrap_or_default();
        let white = |row: &&[u8]| row.iter().all(|byte| *byte == 0);
        let gap = rest.iter().take_while(|row| white(row)).count();
        if gap >= GAP || gap == rest.len() {
            return (gap, true);
        }
        let mut inked = gap;
        let mut blank = 0;
        for row in rest.get(gap..).unwrap_or_default() {
            blank = if white(row) { blank + 1 } else { 0 };
            inked += 1;
            if blank == GAP {
                return (inked - GAP, false);
            }
        }
        (inked, false)
    }
}

impl Iterator for Bands<'_> {
    type Item = Command;

    fn next(&mut self) -> Option<Command> {
        let (rows, white) = self.run();
        if rows == 0 {
            return None;
        }
        let stride = self.rows.first().map_or(1, |row| row.len().max(1));
        let most = if white { BAND_ROWS } else { (BAND_BYTES / stride).clamp(1, BAND_ROWS) };
        let rows = self.rows.get(self.at..self.at + rows.min(most))?;
        self.at += rows.len();
        let inked = |row: &&[u8]| row.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
        let width = rows.iter().map(inked).max().unwrap_or(0).max(1);
        let mut dots: Vec<u8> = rows.iter().flat_map(|row| row.iter().take(width)).copied().collect();
        defuse(&mut dots, width);
        Some(Command::Raster { width: u16::try_from(width).unwrap_or(u16::MAX), dots })
    }
}

/// The bytes of one ticket: initialise, the picture, the feed and cut of `end`, and then, if the printer can say that it is done,
/// the question.
#[must_use]
pub fn ticket(bitmap: &Bitmap, end: &[Command], question: Option<&Command>) -> Vec<u8> {
    let mut bytes = Vec::new();
    Command::Init.encode(&mut bytes);
    Bands::of(bitmap).for_each(|band| band.encode(&mut bytes));
    end.iter().chain(question).for_each(|command| command.encode(&mut bytes));
    bytes
}
