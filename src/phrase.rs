//! Every sentence a customer meets, in every language: one catalogue for kiosk, board, phone, paper and voice.
//!
//! [`Words`] is a language; its methods are the sentences ([`Words::take_paper`]). They are declared in English in the files
//! beside this one, a table for each kind of surface, and translated in `ui/lang/*.po`; [`all_sentences`] is the whole of it.
//! How one is looked up, counted and filled is in `catalogue.rs`. What only staff meet (desk and manager pages, logs) is
//! English and stays where it is said.

mod browser;
mod catalogue;
mod pages;
mod paper;
mod record;
mod refusals;
mod screens;
mod time;
mod voice;
mod words;

pub use browser::browser_sentences;
pub use catalogue::{Counted, Sentence, Words};

/// Every sentence there is, in the order of the template.
pub fn all_sentences() -> impl Iterator<Item = &'static Sentence> {
    let tables =
        [screens::SCREENS, time::TIME, paper::PAPER, pages::PAGES, record::RECORD, refusals::REFUSALS, voice::VOICE];
    tables.into_iter().flatten()
}

use chrono::NaiveDateTime;

use crate::queue::{DeskPhase, FEW_MIN};

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

    /// Short, in lists: "12–25 min", "up to 8 min", "a few min", "50 min – 1 h 20".
    #[must_use]
    pub fn short(self) -> String {
        match self {
            Self::Few => "a few min".into(),
            Self::UpTo(to) => format!("up to {}", length(to)),
            Self::About(from, to) => span(from, to),
        }
    }

    /// In a sentence: "about 12–25 min", "up to 8 min", "a few minutes".
    #[must_use]
    pub fn about(self) -> String {
        match self {
            Self::Few => "a few minutes".into(),
            Self::UpTo(_) => self.short(),
            Self::About(from, to) => format!("about {}", span(from, to)),
        }
    }

    /// The sentence that comes with a new number: "You will be called in about 12–25 min." While the branch is learning it
    /// says so. A minute stays with its number.
    #[must_use]
    pub fn promise(self, learning: bool) -> String {
        let when = match self {
            Self::UpTo(to) => format!("within {}", length(to)),
            other => format!("in {}", other.about()),
        };
        let when = if self == Self::Few { when } else { when.replace(" min", "\u{a0}min").replace(" h", "\u{a0}h") };
        let doubt = if learning { ", as far as we can tell: we are still learning" } else { "" };
        format!("You will be called {when}{doubt}.")
    }
}

/// Beside a wait of a branch that knows too little yet to keep its word.
pub const LEARNING: &str = "We are still learning how long this takes.";

/// A length of time: "25 min", "1 h", "1 h 30".
fn length(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes:02}"),
    }
}

/// From and to; the unit is said once if it is the same.
fn span(from: u32, to: u32) -> String {
    if to < 60 { format!("{from}–{to} min") } else { format!("{} – {}", length(from), length(to)) }
}

/// How many wait: "7 waiting".
#[must_use]
pub fn waiting(count: u32) -> String {
    if count == 0 { "nobody waiting".into() } else { format!("{count} waiting") }
}

/// How many are before somebody: "7 people before you".
#[must_use]
pub fn before_you(count: usize) -> String {
    match count {
        0 => "You are next".into(),
        1 => "1 person before you".into(),
        more => format!("{more} people before you"),
    }
}

/// Over a courtesy: why a customer gets it. With the number where it could be mistaken for somebody else's.
#[must_use]
pub fn sorry(number: &str) -> String {
    format!("{number}: you waited longer than we said. We are sorry.")
}

/// On the board: a courtesy for all who waited too long. Nobody's number is named.
#[must_use]
pub fn courtesy_for_all(text: &str) -> String {
    format!("Did you wait longer than we said? {text}")
}

/// Under a voucher's code.
pub const VOUCHER_VALID: &str = "Valid today. Show this code at a desk.";

/// In the place of a promise where no desk is open.
pub const NO_PROMISE: &str = "No desk is open yet. You will be called as soon as one is.";
/// In the place of a wait where nobody takes that service.
pub const NO_DESK: &str = "No desk is open";

/// What to have ready: "Have ready: your ID"; empty if nothing.
#[must_use]
pub fn have_ready(things: &str) -> String {
    if things.is_empty() { String::new() } else { format!("Have ready: {things}") }
}

/// Why a service gives no numbers.
#[must_use]
pub fn stopped(reason: &str) -> String {
    if reason.is_empty() { "No numbers now".into() } else { format!("No numbers now: {reason}") }
}

/// Until when the branch is open today, in a header.
#[must_use]
pub fn open_until(clock: &str) -> String {
    format!("open until {clock}")
}

/// When a closed branch opens next. `now` and `opens` are local times.
#[must_use]
pub fn opens(opens: Option<NaiveDateTime>, now: NaiveDateTime) -> String {
    let Some(opens) = opens else { return "Please ask the staff when we open.".into() };
    let clock = opens.format("%H:%M");
    let date = opens.date();
    match date.signed_duration_since(now.date()).num_days() {
        0 => format!("We open today at {clock}."),
        1 => format!("We open again tomorrow, {}, at {clock}.", date.format("%A")),
        2..=6 => format!("We open again on {} at {clock}.", date.format("%A")),
        _ => format!("We open again on {} at {clock}.", date.format("%-d %B")),
    }
}

/// The headline of a closed branch.
pub const CLOSED: &str = "We are closed";
/// The headline of a branch that serves whoever waits and gives no more numbers.
pub const CLOSING: &str = "No more numbers today";
/// What those who have a number should know then.
pub const CLOSING_MORE: &str = "Whoever has a number is still served.";
/// The headline of a screen that waits for the branch.
pub const STARTING: &str = "One moment, please";
/// What such a screen waits for.
pub const STARTING_MORE: &str = "This screen is starting.";
/// While a number is being written down.
pub const BUSY_MORE: &str = "Your number is being written down.";
/// The kiosk without a connection: headline.
pub const KIOSK_LOST: &str = "This screen has lost its connection";
/// The kiosk without a connection: what to do.
pub const KIOSK_LOST_MORE: &str = "It comes back by itself. If you are in a hurry, ask at a desk for a number.";
/// The headline of a refusal.
pub const NO_NUMBER: &str = "Sorry, no number";
/// The headline if no answer came.
pub const NO_ANSWER: &str = "That did not get through";
/// What to do if no answer came.
pub const NO_ANSWER_MORE: &str = "Please touch again, or ask at a desk for a number.";
/// A kiosk that the hub does not know.
pub const KIOSK_UNKNOWN: &str =
    "This kiosk may not give numbers yet: staff must enrol it. Please ask at a desk for a number.";
/// A branch without services: headline.
pub const NOTHING: &str = "There is nothing to choose yet";
/// A branch without services: what to do.
pub const NOTHING_MORE: &str = "Please ask at a desk. Staff add services on the manager's page.";
/// Where to wait, on a new ticket.
pub const WHERE: &str = "Please wait in the hall. The board calls your number.";
/// What to do with a new ticket where no paper comes out.
pub const SCAN: &str = "Remember your number, or scan to follow on your phone";
/// What to do with a new ticket where paper comes out.
pub const TAKE_PAPER: &str = "Take your paper, or scan to follow on your phone";
/// Over the newest call, while its desk has it.
pub const NOW_SERVING: &str = "Now serving";
/// Over the newest call, once its desk does not have it any more.
pub const LAST_CALLED: &str = "Last called";
/// Beside the QR code of the branch's page.
pub const WAIT_ON_PHONE: &str = "Your wait,\non your phone";

/// The code that phones need today.
#[must_use]
pub fn code_today(code: &str) -> String {
    format!("Code today: {code}")
}

/// A board or sign whose connection is lost.
#[must_use]
pub fn lost_since(clock: &str) -> String {
    format!("No connection since {clock}")
}

/// What whoever waits should do then.
pub const LISTEN: &str = "Please listen for your number.";

/// A desk's sign: come.
pub const COME: &str = "Please come to this desk";
/// A desk's sign: come, said again.
pub const COME_AGAIN: &str = "Called again: please come to this desk now";
/// A desk's sign while somebody is served.
pub const BEING_SERVED: &str = "Being served";
/// A desk's sign while nobody is called.
pub const DESK_FREE: &str = "Please wait for your number";
/// A desk's sign during a pause.
pub const DESK_PAUSED: &str = "Back in a few minutes";
/// A desk's sign while it is closed.
pub const DESK_CLOSED: &str = "This desk is closed";

/// A desk's state in one word, in the board's list.
#[must_use]
pub fn desk_phase(phase: DeskPhase) -> &'static str {
    match phase {
        DeskPhase::Closed => "closed",
        DeskPhase::Open => "open",
        DeskPhase::Paused => "paused",
    }
}

/// A sign for a desk that the branch does not have.
#[must_use]
pub fn no_such_desk(desk: &str) -> String {
    format!("The branch has no desk {desk}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_said_as_people_do() {
        let said = |range| (Wait::of(range).short(), Wait::of(range).about(), Wait::of(range).promise(false));
        let expected = [
            ([2, 5], "a few min", "a few minutes", "You will be called in a few minutes."),
            ([0, 8], "up to 8 min", "up to 8 min", "You will be called within 8\u{a0}min."),
            ([12, 25], "12–25 min", "about 12–25 min", "You will be called in about 12–25\u{a0}min."),
            ([0, 60], "up to 1 h", "up to 1 h", "You will be called within 1\u{a0}h."),
            ([50, 80], "50 min – 1 h 20", "about 50 min – 1 h 20", "You will be called in about 50\u{a0}min – 1\u{a0}h 20."),
            ([65, 120], "1 h 05 – 2 h", "about 1 h 05 – 2 h", "You will be called in about 1\u{a0}h 05 – 2\u{a0}h."),
        ];
        for (range, short, about, promise) in expected {
            assert_eq!(said(range), (short.into(), about.into(), promise.into()));
        }
        assert!(Wait::of([12, 25]).promise(true).ends_with("we are still learning."));
    }
}
