//! What a screen asks of the hub, and what it hears from it.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset};
use serde::Deserialize;

use super::wall::Hangs;
use crate::config::ScreenFacts;
use crate::queue::View;

/// How the connection to the hub stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinkState {
    /// Not yet heard of.
    #[default]
    Connecting,
    /// The feed is open.
    Live,
    /// The feed ended or never came; it is tried again all the time.
    Lost {
        /// Since when, on the machine's monotonic clock, milliseconds.
        since_mono_ms: u64,
    },
}

/// What the hub says beside the feed (`GET /api/code`).
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Facts {
    /// The code that phones need today, if they need one.
    pub code: Option<String>,
    /// Where phones reach the branch.
    pub public_url: Option<String>,
    /// The hub's clock.
    pub now: Option<DateTime<FixedOffset>>,
    /// How screens look.
    #[serde(default)]
    pub screens: ScreenFacts,
    /// What the branch speaks, as codes, the first first.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Whether there are answers to look for.
    #[serde(default)]
    pub answers: bool,
}

/// An answer as the hub tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Found {
    /// Its name.
    pub id: String,
    /// The question.
    pub question: String,
    /// The short answer.
    pub short: String,
    /// The whole answer as words alone, where that was asked for.
    #[serde(default)]
    pub plain: String,
    /// Whom it helps; none: everybody.
    pub services: Vec<String>,
}

/// A range of minutes that was promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Promised {
    /// At the least.
    pub from_min: u32,
    /// At the most.
    pub to_min: u32,
    /// Whether the branch knows too little yet to keep its word.
    #[serde(default)]
    pub learning: bool,
}

/// A new ticket.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Issued {
    /// What board and paper call it.
    pub number: String,
    /// Its page, for the QR code.
    pub url: String,
    /// The service's id.
    pub service: String,
    /// How many are before it.
    pub ahead: usize,
    /// When it will be called; `None`: it cannot be told.
    pub promise: Option<Promised>,
}

impl Issued {
    /// The key that opens the ticket's page: the last part of its address.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.url.rsplit_once("/t/").map(|(_, key)| key).filter(|key| !key.is_empty())
    }
}

/// Why there is no number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoNumber {
    /// The hub refused: its sentence.
    Refused(String),
    /// The hub does not know this kiosk.
    NotEnrolled,
    /// No answer came in time.
    NoAnswer,
}

/// What a screen asks of the hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// A number for a service.
    Issue {
        /// Which touch this answers; comes back in [`News::Answer`].
        touch: u64,
        /// The service's id.
        service: String,
        /// The language the customer chose, if that is not the branch's first.
        language: Option<String>,
        /// Whether they made it easier: then the paper is in large print.
        large: bool,
    },
    /// Answers to a question; without words all there are, of a service or of every one.
    Look {
        /// Which question this answers; comes back in [`News::Found`].
        ask: u64,
        /// What was typed.
        words: String,
        /// The service's id.
        service: Option<String>,
        /// The reader's language.
        language: String,
    },
    /// A whole answer.
    Read {
        /// Comes back in [`News::Whole`].
        ask: u64,
        /// The entry's name.
        id: String,
        /// The reader's language.
        language: String,
    },
    /// What became of an answer: `opened`, `helped`, `not_helped`.
    Tell {
        /// The entry's name.
        id: String,
        /// The word.
        what: &'static str,
        /// The reader's language.
        language: String,
    },
    /// A search is over.
    Searched {
        /// What was typed.
        words: String,
        /// The reader's language.
        language: String,
        /// Whether an answer was opened.
        found: bool,
    },
    /// The paper of a ticket, once more.
    Reprint {
        /// The ticket's key.
        key: String,
    },
}

/// What a screen hears.
#[derive(Clone, Debug)]
pub enum News {
    /// The connection changed.
    Link(LinkState),
    /// The view changed.
    View(Arc<View>),
    /// What is not in the view.
    Facts(Facts),
    /// What hangs beside the numbers; `None`: nothing does.
    Wall(Option<Hangs>),
    /// What came of an [`Order`].
    Answer {
        /// The order's.
        touch: u64,
        /// The ticket, or why there is none.
        result: Result<Issued, NoNumber>,
    },
    /// What was found for an [`Order::Look`].
    Found {
        /// The order's.
        ask: u64,
        /// The answers, best first.
        answers: Vec<Found>,
    },
    /// The answer to an [`Order::Read`].
    Whole {
        /// The order's.
        ask: u64,
        /// The answer.
        answer: Found,
    },
    /// A ticket came from a physical button.
    Pressed {
        /// The ticket.
        issued: Issued,
        /// Whether this is a second press within the button's lockout: the same ticket.
        again: bool,
    },
}
