//! The branch's published rules: everything that decides who goes when, with the numbers people may read.

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

use super::courtesy::CourtesyRule;
use super::ids::ClassId;

const DAY_MS: u64 = 86_400_000;

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
    /// How long a customer who gave up a place in the line can have it back, milliseconds.
    pub take_back_ms: u64,
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
    /// What is given for a promise that was broken late.
    #[serde(skip_serializing_if = "CourtesyRule::is_default")]
    pub courtesy: CourtesyRule,
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
            take_back_ms: 5 * 60_000,
            undo_ms: 30_000,
            closing_tolerance_min: 10,
            serve_after_closing_ms: 2 * 3_600_000,
            day_turns_at: NaiveTime::from_hms_opt(4, 0, 0).unwrap_or_default(),
            clock_doubt_ms: 3 * 3_600_000,
            courtesy: CourtesyRule::default(),
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
        self.courtesy.problem().or_else(|| self.too_much())
    }

    /// What is more than any branch needs: beyond it sums of times could overflow.
    fn too_much(&self) -> Option<String> {
        let longer = |name, ms: u64, days: u64| (ms > days * DAY_MS).then(|| format!("{name} must be at most {days} days."));
        if self.priority_ratio > 100 || self.requeue_after > 1000 || self.delay_passes > 1000 {
            return Some("priority_ratio must be at most 100, requeue_after and delay_passes at most 1000.".into());
        }
        let plain = |class: &ClassId| {
            let class = class.as_str();
            (1..=24).contains(&class.len())
                && class.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        if self.classes.len() > 20 || !self.classes.iter().all(plain) {
            return Some("priority_classes are at most 20, each of 1 to 24 small letters, digits or hyphens.".into());
        }
        longer("keep_place", self.keep_place_ms, 1)
            .or_else(|| longer("take_back", self.take_back_ms, 1))
            .or_else(|| longer("undo", self.undo_ms, 1))
            .or_else(|| longer("closing_tolerance", u64::from(self.closing_tolerance_min) * 60_000, 1))
            .or_else(|| longer("serve_after_closing", self.serve_after_closing_ms, 1))
            .or_else(|| longer("clock_doubt", self.clock_doubt_ms.unsigned_abs(), 30))
    }
}
