//! What managers decide about the ticket: which parts stand on it, and the words and the picture that are theirs.

use serde::{Deserialize, Serialize};

use super::logo::Logo;

/// The longest line of the manager's and the longest hint, characters: three lines on narrow paper.
pub const LINE_CHARS: usize = 120;

/// Where the ticket says to go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskHint {
    /// Nothing.
    Nothing,
    /// An arrow and the desks that take the service; nothing if they are too many to keep in mind.
    #[default]
    Desks,
    /// The manager's words.
    Words,
}

/// The parts of a ticket. The number is always there, and so is the time it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PaperParts {
    /// The logo, if one was given.
    pub logo: bool,
    /// The branch's name.
    pub store: bool,
    /// What the customer comes for.
    pub service: bool,
    /// Where to go.
    pub desk_hint: DeskHint,
    /// The manager's words for it.
    pub hint: String,
    /// The wait promise.
    pub promise: bool,
    /// What to have ready for the service.
    pub have_ready: bool,
    /// The one answer most likely to help whoever waits for the service; left out where none is short enough.
    pub answer: bool,
    /// The QR code of the ticket's page.
    pub code: bool,
    /// One more line at the foot; may be empty.
    pub line: String,
    /// Large print on every ticket, not only where a customer asks for it.
    pub large: bool,
}

impl Default for PaperParts {
    fn default() -> Self {
        Self {
            logo: true,
            store: true,
            service: true,
            desk_hint: DeskHint::default(),
            hint: String::new(),
            promise: true,
            have_ready: true,
            answer: true,
            code: true,
            line: String::new(),
            large: false,
        }
    }
}

/// Whether a character has no place in one line of text: it ends the line, or turns what follows the other way round.
fn unfit(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl PaperParts {
    /// Without white space around the texts.
    #[must_use]
    pub fn trimmed(mut self) -> Self {
        for text in [&mut self.hint, &mut self.line] {
            *text = text.trim().to_owned();
        }
        self
    }

    /// What is wrong with these parts as typed, in a sentence; `None` if nothing is.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        let bad = |text: &str| text.chars().count() > LINE_CHARS || text.chars().any(unfit);
        if bad(&self.line) {
            return Some(format!("Your line must be one line of at most {LINE_CHARS} characters."));
        }
        if bad(&self.hint) {
            return Some(format!("Where to go must be one line of at most {LINE_CHARS} characters."));
        }
        if self.desk_hint == DeskHint::Words && self.hint.trim().is_empty() {
            return Some("Say where to go, in your own words, or choose that the ticket names the desks or nothing.".into());
        }
        None
    }
}

/// What the ledger keeps, as it is used: parts as JSON, and a logo as PNG. What cannot be read counts as not set: a ticket is
/// printed in any case.
#[must_use]
pub fn stored(body: &str, logo: Option<&[u8]>) -> (PaperParts, Option<Logo>) {
    (serde_json::from_str(body).unwrap_or_default(), logo.and_then(|file| Logo::kept(file).ok()))
}
