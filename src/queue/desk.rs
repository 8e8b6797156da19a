//! A desk: a staffed place that serves, and whom it takes next.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ids::{DeskId, ServiceId, TicketId};
use super::moment::Moment;
use super::ticket::{Outcome, Ticket};

/// How a desk chooses among the services it takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Whoever has waited longest, over these services; an empty list means every service.
    LongestWait(Vec<ServiceId>),
    /// In turn by weight: `R` 2, `P` 1, `Q` 1 takes two of `R` for one each of the others while all wait. Weights are 1–100.
    Ratio(BTreeMap<ServiceId, u32>),
}

impl Profile {
    /// Whether a desk with this profile takes the service.
    #[must_use]
    pub fn takes(&self, service: &ServiceId) -> bool {
        match self {
            Self::LongestWait(services) => services.is_empty() || services.contains(service),
            Self::Ratio(weights) => weights.contains_key(service),
        }
    }

    /// The service's weight where the desk goes by ratio; 0 otherwise.
    #[must_use]
    pub fn weight(&self, service: &ServiceId) -> i64 {
        match self {
            Self::LongestWait(_) => 0,
            Self::Ratio(weights) => weights.get(service).copied().unwrap_or(0).into(),
        }
    }
}

/// What managers set for a desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    /// Its short name in commands: `3`.
    pub id: DeskId,
    /// What the board calls it: "Desk 3".
    pub name: String,
    /// Whom it takes.
    pub profile: Profile,
    /// The outcome a visit gets when the next is called without a finish.
    pub default_outcome: Outcome,
}

impl Desk {
    /// A desk that takes every service, longest wait first.
    #[must_use]
    pub fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            profile: Profile::LongestWait(Vec::new()),
            default_outcome: Outcome::Served,
        }
    }

    /// What is wrong with this desk as typed, in a sentence; `None` if nothing is.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        let id = self.id.as_str();
        if id.is_empty() || id.len() > 8 || !id.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Some(format!("The desk id {id:?} must be 1 to 8 letters or digits."));
        }
        if self.name.trim().is_empty() || self.name.chars().count() > 24 {
            return Some("The name of a desk must have 1 to 24 characters.".into());
        }
        if let Profile::Ratio(weights) = &self.profile
            && (weights.is_empty() || weights.values().any(|w| !(1..=100).contains(w)))
        {
            return Some("A ratio needs at least one service, each with a weight of 1 to 100.".into());
        }
        None
    }
}

/// Whether a desk serves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskPhase {
    /// Nobody is there.
    #[default]
    Closed,
    /// Calls and serves.
    Open,
    /// Staffed, back soon: serves the one it has, calls nobody.
    Paused,
}

/// Where a desk stands in its rules: what it owes to whom. Part of the event that changes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Priority tickets called in a row while one without priority waited.
    #[serde(default)]
    pub priority_run: u32,
    /// Credit per service under [`Profile::Ratio`], among those without priority.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub credit: BTreeMap<ServiceId, i64>,
    /// The same among those with priority.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub priority_credit: BTreeMap<ServiceId, i64>,
}

/// What a desk's last command changed, kept so that it can be undone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UndoRecord {
    /// First and last event of the command.
    pub first: u64,
    /// See `first`.
    pub last: u64,
    /// When it was given.
    pub at: Moment,
    /// The tickets as they were before.
    pub tickets: Vec<Ticket>,
    /// The desk as it was before.
    pub phase: DeskPhase,
    /// Whom the desk had before.
    pub ticket: Option<TicketId>,
    /// The desk's turn before.
    pub turn: Turn,
}

/// A desk and how it stands now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeskState {
    /// What managers set.
    pub desk: Desk,
    /// Whether it serves.
    pub phase: DeskPhase,
    /// The ticket called to it or served at it.
    pub ticket: Option<TicketId>,
    /// Where it stands in its rules.
    pub turn: Turn,
    /// Its last command, while that can be undone.
    pub undo: Option<Box<UndoRecord>>,
}
