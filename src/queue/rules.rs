//! The branch's published rules: everything that decides who goes when, with the numbers people may read.

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

use super::ids::ClassId;

/// The numbers of the rule book. All of them may be told to a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// Priority classes, as staff know them.
    pub classes: Vec<ClassId>,
    /// At most this many with priority are called in a row by one desk while somebody without waits for it. At least 1.
    pub priority_ratio: u32,
    /// How long the place of a no-show is kept, milliseconds.
    pub keep_place_ms: u64,
    /// How many others go first when a no-show comes back, if they wait.
    pub requeue_after: u32,
    /// How often a no-show may come back.
    pub max_requeues: u32,
    /// How many others one delay lets pass.
    pub delay_passes: u32,
    /// How often a customer may let others pass.
    pub max_delays: u32,
    /// How long a desk's last command can be undone, milliseconds.
    pub undo_ms: u64,
    /// How long after closing a wait may still end, minutes.
    pub closing_tolerance_min: u32,
    /// How long after closing those who wait are served, milliseconds.
    pub serve_after_closing_ms: u64,
    /// When the business day of a branch without opening hours turns, local time.
    pub day_turns_at: NaiveTime,
    /// A wall clock that moved by more than this against the monotonic one is doubted, milliseconds.
    pub clock_doubt_ms: i64,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            classes: vec!["mobility".into(), "appointment".into()],
            priority_ratio: 2,
            keep_place_ms: 10 * 60_000,
            requeue_after: 2,
            max_requeues: 1,
            delay_passes: 3,
            max_delays: 2,
            undo_ms: 30_000,
            closing_tolerance_min: 10,
            serve_after_closing_ms: 2 * 3_600_000,
            day_turns_at: NaiveTime::from_hms_opt(4, 0, 0).unwrap_or_default(),
            clock_doubt_ms: 3 * 3_600_000,
        }
    }
}

impl Rules {
    /// What is wrong with these rules as typed, in a sentence; `None` if nothing is.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        if self.priority_ratio == 0 {
            return Some(
                "priority_ratio must be at least 1: with 0 nobody with priority would ever be called first.".into(),
            );
        }
        if self.requeue_after == 0 || self.delay_passes == 0 {
            return Some("requeue_after and delay_passes must be at least 1.".into());
        }
        if self.clock_doubt_ms < 60_000 {
            return Some("clock_doubt must be at least a minute.".into());
        }
        None
    }
}
