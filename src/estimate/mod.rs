//! The expected wait, in its first and simplest form: people ahead × minutes at a desk ÷ desks.
//!
//! Pure. It learns from finished visits how long a desk has one ticket, per service, and falls back to what the manager typed.
//! The range is wide on purpose (60–160 %): nothing here is calibrated yet, and the view says so (`learning`).

mod promised;
mod record;
mod trend;

use std::collections::{BTreeMap, VecDeque};

use chrono::Duration;
use serde::{Deserialize, Serialize};

use crate::queue::{DeskPhase, Event, Forecast, Moment, OpenState, Phase, Promise, Queue, Recorded, ServiceId, WaitRow};

pub use promised::{ENOUGH, Promised, Score, Tally, Waited};
pub use record::{Apart, DayTally, Figures, Group, Length, Method, RECORD_DAYS, Record};
pub use trend::Trend;

/// Visits remembered per service: the window of the naive predictor in docs/reference.
const REMEMBERED: usize = 50;
/// Below this many visits the branch says that it is learning.
const LEARNED: u64 = 100;
/// How many places a row spells out.
const PLACES: usize = 30;

/// What stands where numbers are not given any more because the wait would end after closing.
const TOO_LATE: &str = "everyone who waits now fills the time until we close";

/// What the branch has learned about its waits.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estimator {
    /// Milliseconds from call to finish, per service, newest last.
    visits: BTreeMap<ServiceId, VecDeque<u64>>,
    seen: u64,
}

impl Estimator {
    /// Takes in an event that has just been applied to `queue`.
    pub fn observe(&mut self, queue: &Queue, recorded: &Recorded) {
        let Event::Finished { ticket, .. } = &recorded.event else { return };
        let Some(ticket) = queue.ticket(*ticket) else { return };
        let busy = ticket.called.and_then(|called| called.until(&recorded.at));
        if let Some(busy) = busy {
            self.learn(&ticket.service, busy);
        }
    }

    /// Takes in one visit: a desk was busy with it for `busy_ms`.
    pub fn learn(&mut self, service: &ServiceId, busy_ms: u64) {
        let visits = self.visits.entry(service.clone()).or_default();
        visits.push_back(busy_ms);
        if visits.len() > REMEMBERED {
            visits.pop_front();
        }
        self.seen += 1;
    }

    /// How each service's estimate comes about now. A service that is not in it is estimated by what was learned.
    #[must_use]
    pub fn methods(&self) -> BTreeMap<ServiceId, Method> {
        BTreeMap::new()
    }

    /// Whether the branch knows too little yet to keep its word.
    #[must_use]
    pub fn is_learning(&self) -> bool {
        self.seen < LEARNED
    }

    /// The wait of somebody who takes a number for `service` at `at`; `None` if no open desk takes it.
    #[must_use]
    pub fn promise(&self, queue: &Queue, service: &ServiceId, priority: bool, _at: &Moment) -> Option<Promise> {
        let pace = self.pace(queue, service)?;
        let ahead = queue.ahead_of_new(service, priority);
        let [low, mid, high] = pace.minutes(ahead);
        let seconds = |minutes: f64| (minutes * 60.0) as u32;
        let forecast = Forecast {
            low_s: seconds(low),
            mid_s: seconds(mid),
            high_s: seconds(high),
            naive_s: Some(seconds(pace.mean_min * ahead as f64 / f64::from(pace.desks))),
            ahead: u32::try_from(ahead).unwrap_or(u32::MAX),
            desks: pace.desks,
            model: 0,
        };
        let [from_min, to_min] = pace.range(ahead);
        Some(Promise { from_min, to_min, learning: self.is_learning(), forecast: Some(forecast) })
    }

    /// The row of every service for the public view.
    #[must_use]
    pub fn waits(&self, queue: &Queue, at: &Moment) -> BTreeMap<ServiceId, WaitRow> {
        queue.services().map(|state| (state.service.id.clone(), self.wait_row(queue, state, at))).collect()
    }

    fn wait_row(&self, queue: &Queue, state: &crate::queue::ServiceState, at: &Moment) -> WaitRow {
        let service = &state.service.id;
        let waiting = queue.waiting(service);
        let pace = self.pace(queue, service);
        let by_place = pace.as_ref().map(|pace| (0..=waiting).take(PLACES).map(|ahead| pace.range(ahead)).collect());
        let now = pace.as_ref().map(|pace| pace.range(queue.ahead_of_new(service, false)));
        let last = match queue.hours().state(at.local()) {
            OpenState::Until(closes) if !queue.doubts(at) => {
                let wait = i64::from(now.map_or(0, |[_, to]| to));
                let last = closes + Duration::minutes(i64::from(queue.rules().closing_tolerance_min) - wait);
                Some(last.min(closes))
            }
            _ => None,
        };
        let too_late = last.is_some_and(|last| last < at.local());
        WaitRow {
            waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
            desks: pace.as_ref().map_or(0, |pace| pace.desks),
            stopped: state.stopped.clone().or_else(|| too_late.then(|| TOO_LATE.to_owned())),
            takes_until: last.filter(|_| !too_late).map(|last| last.format("%H:%M").to_string()),
            learning: self.is_learning(),
            by_place: by_place.unwrap_or_default(),
            now,
        }
    }

    /// Mean milliseconds a desk has one ticket of this service.
    fn mean_ms(&self, queue: &Queue, service: &ServiceId) -> f64 {
        let typed = queue.service(service).map_or(4.0, |state| f64::from(state.service.typical_min)) * 60_000.0;
        let visits = self.visits.get(service).filter(|visits| !visits.is_empty());
        visits.map_or(typed, |visits| {
            let sum: u64 = visits.iter().sum();
            // shrunk to what the manager typed, as if five visits had taken that long
            (sum as f64 + 5.0 * typed) / (visits.len() as f64 + 5.0)
        })
    }

    fn pace(&self, queue: &Queue, service: &ServiceId) -> Option<Pace> {
        let desks = || queue.desks().filter(|d| d.phase == DeskPhase::Open && d.desk.profile.takes(service));
        let count = u32::try_from(desks().count()).ok().filter(|count| *count > 0)?;
        let idle = desks().any(|desk| desk.ticket.is_none());
        let elapsing =
            desks().filter_map(|desk| queue.ticket(desk.ticket?)).any(|t| matches!(t.phase, Phase::Serving { .. }));
        let own = queue.waiting(service);
        let shared = |other: &ServiceId| desks().any(|desk| desk.desk.profile.takes(other));
        let everyone = queue.services().map(|state| &state.service.id).filter(|id| shared(id));
        let everyone: usize = everyone.map(|id| queue.waiting(id)).sum();
        Some(Pace {
            desks: count,
            mean_min: self.mean_ms(queue, service) / 60_000.0,
            // desks that take other services too spend part of their time there
            share: if own == 0 { 1.0 } else { everyone as f64 / own as f64 },
            others: if own == 0 { everyone as f64 } else { 0.0 },
            idle,
            elapsing,
        })
    }
}

/// How fast a line moves now.
struct Pace {
    desks: u32,
    mean_min: f64,
    share: f64,
    others: f64,
    idle: bool,
    elapsing: bool,
}

impl Pace {
    fn range(&self, ahead: usize) -> [u32; 2] {
        let [low, _, high] = self.minutes(ahead);
        [outward(low, false), outward(high, true)]
    }

    /// Lower end, middle and upper end.
    fn minutes(&self, ahead: usize) -> [f64; 3] {
        let people = ahead as f64 * self.share + self.others;
        let begun = if self.idle && people < 1.0 {
            0.0
        } else if self.elapsing {
            0.5
        } else {
            0.8
        };
        let mid = (people + begun) * self.mean_min / f64::from(self.desks);
        [0.6 * mid, mid, 1.6 * mid + 2.0]
    }
}

/// Rounds as people do, outward: whole minutes to 10, fives above.
fn outward(minutes: f64, up: bool) -> u32 {
    let step = if minutes <= 10.0 { 1.0 } else { 5.0 };
    let steps = minutes / step;
    let rounded = if up { steps.ceil() } else { steps.floor() } * step;
    // a day has 1440 minutes; nobody is promised more
    rounded.clamp(0.0, 1440.0) as u32
}
