//! Every sentence a customer meets, in every language: one catalogue for kiosk, board, phone, paper and voice.
//!
//! [`Words`] is a language; its methods are the sentences ([`Words::take_paper`]). They are declared in English in the files
//! beside this one, a table for each kind of surface, and translated in `ui/lang/*.po`; [`all_sentences`] is the whole of it.
//! How one is looked up, counted and filled is in `catalogue.rs`. What only staff meet (desk and manager pages, logs) is
//! English and stays where it is said.

mod answers;
mod browser;
mod catalogue;
mod pages;
mod paper;
mod record;
mod refusals;
mod screens;
mod time;
mod turns;
mod voice;
mod words;

pub use browser::browser_sentences;
pub use catalogue::{Counted, Sentence, Words};
pub use turns::{TURN_MS, turn, turns};

use crate::queue::FEW_MIN;

/// Every sentence there is, in the order of the template.
pub fn all_sentences() -> impl Iterator<Item = &'static Sentence> {
    let tables = [
        screens::SCREENS,
        time::TIME,
        paper::PAPER,
        pages::PAGES,
        answers::ANSWERS,
        record::RECORD,
        refusals::REFUSALS,
        voice::VOICE,
    ];
    tables.into_iter().flatten()
}

/// A range of waiting time as people say it: every surface chooses by this, and `feed.js` by the same rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// At most [`FEW_MIN`] minutes.
    Few,
    /// From nothing up to so many minutes.
    UpTo(u32),
    /// Minutes, from and to.
    About(u32, u32),
}

impl Wait {
    /// Chooses how to say `[from, to]` minutes.
    #[must_use]
    pub fn of([from, to]: [u32; 2]) -> Self {
        match (from, to) {
            (_, 0..=FEW_MIN) => Self::Few,
            (0, to) => Self::UpTo(to),
            (from, to) => Self::About(from, to),
        }
    }
}
