//! A service: what a customer comes for, and the numbers it gives.

use serde::{Deserialize, Serialize};

use super::ids::{Number, ServiceId};

/// The colours of services: the names in the tokens.
const ACCENTS: [&str; 6] = ["rust", "teal", "blue", "plum", "ochre", "green"];

/// What the branch knows of a service. Managers change it; the id never changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// The prefix of its numbers and its name in commands: one or two capital letters.
    pub id: ServiceId,
    /// What it is called, in the customer's words: "Return or exchange".
    pub name: String,
    /// What to have ready, in a line; may be empty.
    #[serde(default)]
    pub have_ready: String,
    /// Where it stands among the services people choose from: smaller first, equal ones by prefix.
    #[serde(default = "at_the_end")]
    pub rank: u32,
    /// The name of its colour in the tokens: rust, teal, blue, plum, ochre or green.
    pub accent: String,
    /// First and last number of a business day, both given out.
    pub first: u32,
    /// See `first`.
    pub last: u32,
    /// Digits a number is padded to.
    pub digits: u8,
    /// How many may wait at once; nobody is refused below this.
    #[serde(default)]
    pub max_waiting: Option<u32>,
    /// What one visit takes at a desk, minutes: the estimate until the branch has learned its own.
    pub typical_min: f32,
}

/// A service and how it stands today.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceState {
    /// What managers set.
    pub service: Service,
    /// The next number of this business day.
    pub next: u32,
    /// Why no tickets are given, as the public reads it. `None`: they are given.
    pub stopped: Option<String>,
}

/// The rank of a service that nobody ranked.
fn at_the_end() -> u32 {
    1000
}

impl Service {
    /// A service with the numbers 001–999 and four minutes a visit.
    #[must_use]
    pub fn new(id: &str, name: &str, have_ready: &str, accent: &str) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            have_ready: have_ready.into(),
            rank: at_the_end(),
            accent: accent.into(),
            first: 1,
            last: 999,
            digits: 3,
            max_waiting: None,
            typical_min: 4.0,
        }
    }

    /// The number `n` as people read it: prefix and padded digits.
    #[must_use]
    pub fn number(&self, n: u32) -> Number {
        let digits = usize::from(self.digits);
        Number::from(format!("{}{n:0digits$}", self.id).as_str())
    }

    /// What is wrong with this service as typed, in a sentence; `None` if nothing is.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        let id = self.id.as_str();
        if !(1..=2).contains(&id.len()) || !id.bytes().all(|b| b.is_ascii_uppercase()) {
            return Some(format!("The prefix {id:?} must be one or two capital letters from A to Z."));
        }
        if id.contains(['I', 'O']) {
            return Some(format!(
                "The prefix {id:?} has an I or an O, which people read as 1 and 0. Choose another letter."
            ));
        }
        if self.name.trim().is_empty() || self.name.chars().count() > 60 {
            return Some("The name of a service must have 1 to 60 characters.".into());
        }
        if self.have_ready.chars().count() > 120 {
            return Some("What to have ready must have at most 120 characters: it is one line on the board.".into());
        }
        if !ACCENTS.contains(&self.accent.as_str()) {
            return Some(format!("The colour {:?} is none of {}.", self.accent, ACCENTS.join(", ")));
        }
        if self.first > self.last || self.last > 999_999 || self.digits > 6 {
            return Some(format!("The numbers {}–{} must run upwards and stay under 1,000,000.", self.first, self.last));
        }
        if !(0.1..=480.0).contains(&self.typical_min) {
            return Some("The typical minutes of a visit must be between 0.1 and 480.".into());
        }
        None
    }
}
