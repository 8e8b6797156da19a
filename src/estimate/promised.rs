//! One promise, what came of it, and how that counts.
//!
//! The range is scored *as it was shown*, rounded: kept means that the first call came no sooner than its lower end and no
//! later than its upper end, to the millisecond. Whoever leaves after the upper end counts as late, and so does whoever still
//! waited past it when the day closed: the promise was broken whether they stayed or not. Whoever leaves before it left
//! nothing to score. A promise is void if the customer let others pass, or was moved to another line, before the first call.

use chrono::NaiveDate;
use serde::Serialize;

use crate::queue::{Phase, Promise, ServiceId, Ticket};

/// With fewer promises than this no share is told: chance would speak.
pub const ENOUGH: u32 = 30;
const MINUTE_MS: u64 = 60_000;

/// What came of a ticket's wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waited {
    /// It waits.
    Open,
    /// It was called after so many milliseconds; `None`: no clock can tell.
    Called(Option<u64>),
    /// It ended without a call after so many milliseconds; `None`: no clock can tell.
    Uncalled(Option<u64>),
}

/// A promise, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Promised {
    /// The business day.
    pub day: u32,
    /// Its date.
    pub date: NaiveDate,
    /// The service it was made for.
    pub service: ServiceId,
    /// The range.
    pub promise: Promise,
    /// Whether it did not hold to the first call.
    pub void: bool,
    /// The wait.
    pub waited: Waited,
}

impl Promised {
    /// The promise of a ticket of business day `day`; `None` if it got none.
    #[must_use]
    pub fn of(ticket: &Ticket, day: u32, date: NaiveDate) -> Option<Self> {
        let waited = match (&ticket.phase, &ticket.first_called) {
            (_, Some(_)) => Waited::Called(ticket.first_wait_ms()),
            (Phase::Ended(_), None) => Waited::Uncalled(ticket.uncalled_ms()),
            _ => Waited::Open,
        };
        Some(Self {
            day,
            date,
            service: Self::service_of(ticket.number.as_str()),
            promise: ticket.promise?,
            void: ticket.promise_void.is_some(),
            waited,
        })
    }

    /// The service that a number was given for: a transfer changes the service, never the number.
    #[must_use]
    pub fn service_of(number: &str) -> ServiceId {
        number.trim_end_matches(|c: char| c.is_ascii_digit()).into()
    }

    /// How this promise counts.
    #[must_use]
    pub fn score(&self) -> Score {
        let (from_ms, to_ms) =
            (u64::from(self.promise.said_from_min()) * MINUTE_MS, u64::from(self.promise.to_min) * MINUTE_MS);
        match self.waited {
            _ if self.void => Score::Void,
            Waited::Open => Score::Open,
            Waited::Called(None) | Waited::Uncalled(None) => Score::Unknown,
            Waited::Called(Some(ms)) if ms < from_ms => Score::Earlier,
            Waited::Called(Some(ms)) if ms <= to_ms => Score::Kept,
            Waited::Uncalled(Some(ms)) if ms <= to_ms => Score::LeftBefore,
            Waited::Called(Some(_)) | Waited::Uncalled(Some(_)) => Score::Later,
        }
    }

    /// The middle of what was promised, minutes: by it waits are short or long.
    pub(super) fn middle_min(&self) -> f64 {
        let shown = || f64::from(self.promise.from_min + self.promise.to_min) / 2.0;
        self.promise.forecast.map_or_else(shown, |forecast| f64::from(forecast.mid_s) / 60.0)
    }

    /// The wait of whoever was called, minutes.
    pub(super) fn called_min(&self) -> Option<f64> {
        let Waited::Called(Some(ms)) = self.waited else { return None };
        Some(ms as f64 / MINUTE_MS as f64)
    }
}

/// How one promise counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Score {
    /// Called within the range.
    Kept,
    /// Called before its lower end.
    Earlier,
    /// Called after its upper end, or gone after it without a call.
    Later,
    /// Gone before its upper end.
    LeftBefore,
    /// It did not hold any more.
    Void,
    /// No clock can tell.
    Unknown,
    /// Still waiting.
    Open,
}

/// How often the word was kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Called within the range.
    pub kept: u32,
    /// Called sooner.
    pub earlier: u32,
    /// Called later, or gone after the upper end.
    pub later: u32,
}

impl Tally {
    /// All of them.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.kept + self.earlier + self.later
    }

    /// The share kept, 0 to 1; 0 if there was none.
    #[must_use]
    pub fn share(&self) -> f64 {
        f64::from(self.kept) / f64::from(self.count().max(1))
    }

    /// The share kept in whole percent; `None`: too few to tell.
    #[must_use]
    pub fn percent(&self) -> Option<u32> {
        // rounded down: 79.6 % is not eight in ten
        (self.count() >= ENOUGH).then(|| (self.kept * 100) / self.count().max(1))
    }

    pub(super) fn add(&mut self, score: Score) {
        match score {
            Score::Kept => self.kept += 1,
            Score::Earlier => self.earlier += 1,
            Score::Later => self.later += 1,
            Score::LeftBefore | Score::Void | Score::Unknown | Score::Open => {}
        }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self { kept: self.kept + other.kept, earlier: self.earlier + other.earlier, later: self.later + other.later }
    }
}
