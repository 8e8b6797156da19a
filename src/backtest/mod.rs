//! What a prediction of the wait would have been worth on a history of real tickets.
//!
//! `engine` replays the history and tells the estimator only what was known at each moment; [`score`] compares what was said
//! at issue with what came. Deterministic: the same file gives the same report, byte for byte.

mod engine;
mod floor;
mod histogram;
pub mod score;
mod table;

use serde::Serialize;

use crate::history::{self, History, HistoryError};

pub use engine::Learner;
pub use score::{Bucket, Figures, Guess, Method, RangeFigures, Scored, Scores, Set};

/// What is scored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Only tickets of this service are scored (its name, or BRANCH/NAME; upper and lower case alike). The others still stand in
    /// the line.
    pub service: Option<String>,
    /// Business days at the start of each branch that count apart, as `first_days`.
    pub skip_days: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { service: None, skip_days: 2 }
    }
}

/// What came of a backtest. As JSON: `{"sets": […], "rows": …, "refused": …, …, "notes": […]}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The scores.
    pub sets: Vec<Set>,
    /// What became of the rows.
    #[serde(flatten)]
    pub history: history::Report,
    /// What a reader of the scores should know: what was inferred, what was missing. A sentence each.
    pub notes: Vec<String>,
}

/// Replays a history and scores it.
///
/// # Errors
/// A [`HistoryError`] if the file cannot be read to its end.
pub fn run(history: History, options: &Options) -> Result<Report, HistoryError> {
    engine::run(history, options)
}

/// Whether a service is the one that is asked for.
pub(crate) fn is_service(asked: Option<&str>, branch: &str, service: &str) -> bool {
    let Some(asked) = asked.map(str::to_lowercase) else { return true };
    let (branch, service) = (branch.to_lowercase(), service.to_lowercase());
    asked == service || asked == format!("{branch}/{service}")
}
