//! The expected wait: a range that should hold eight times in ten.
//!
//! Pure and deterministic. Several simple predictors (`pace.rs`) and a look ahead by the real rule (`look.rs`) are blended by a
//! regression that learns from every call (`blend.rs`); the range around the blend is as wide as it had to be lately
//! (`range.rs`). `model.rs` holds these together and knows nothing of the queue; [`Estimator`] tells it what happens in one.
//! Where the blend does worse than people × minutes ÷ desks, that formula is taken until it does better again.
//!
//! What a promise was made of is kept in the event that gave the number. So a replay of the ledger learns exactly what was
//! learned the first time, and the look ahead, which costs most, need not be repeated. docs/reference/estimate.md has the
//! method, its sources and what it is worth on real tickets.

mod blend;
mod hall;
mod look;
mod model;
mod pace;
mod promised;
mod range;
mod record;
mod round;
mod trend;
mod waits;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::queue::{DeskId, DeskPhase, Event, Moment, Phase, Promise, Queue, Recorded, ServiceId, Ticket, TicketId};

use hall::Ahead;
pub use look::{Desk, Hall, Lanes, Outlook, Rank, Visits, look};
pub use model::{Asked, Model, Situation, VERSION};
pub use promised::{ENOUGH, Promised, Score, Tally, Waited};
pub use range::{Guess, Third, Tracker};
pub use record::{Apart, DayTally, Figures, Group, Length, Method, RECORD_DAYS, Record};
pub use round::outward;
pub use trend::Trend;

/// Added to a wait before its logarithm is taken, seconds: below a minute or so all waits are alike.
const DELTA_S: f64 = 60.0;
/// Below this many waits the branch says that it is learning.
const LEARNED: u64 = 100;
/// A silence longer than this is no wait: nobody is served meanwhile, and nothing is learned from it.
const SILENCE_MS: u64 = 2 * 3_600_000;
/// A visit longer than this was not finished when the customer went.
const LONGEST_VISIT_MS: u64 = 2 * 3_600_000;
/// Waits shorter than this never were: the desk was there first.
const SHORTEST_WAIT_MS: u64 = 1000;

/// How it stood with a service after the last event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Stood {
    /// Whether somebody waited whom its desks take, for whatever.
    waiting: bool,
    /// Desks open for it.
    desks: u32,
}

/// What the branch has learned about its waits.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estimator {
    model: Model,
    last: Option<Moment>,
    stood: BTreeMap<ServiceId, Stood>,
    /// When desks that are free became so.
    freed: BTreeMap<DeskId, Moment>,
    /// Promises whose call has not come yet.
    promised: BTreeMap<TicketId, Asked>,
    /// The look ahead from the line as it stood after the last event that changed it, and the same some while later, for
    /// whoever only looks. What can be made again is not kept.
    #[serde(skip)]
    ahead: Option<Ahead>,
    #[serde(skip)]
    later: Option<Ahead>,
}

impl PartialEq for Estimator {
    /// Whether the same has been learned.
    fn eq(&self, other: &Self) -> bool {
        let all = |of: &Self| (of.last, of.stood.clone(), of.freed.clone(), of.promised.clone());
        self.model == other.model && all(self) == all(other)
    }
}

/// Local time of day, hours.
fn hour(at: &Moment) -> f64 {
    use chrono::Timelike;
    f64::from(at.local().num_seconds_from_midnight()) / 3600.0
}

fn seconds(ms: u64) -> f64 {
    ms as f64 / 1000.0
}

/// What the manager typed for a visit, seconds.
fn typed_s(queue: &Queue, service: &ServiceId) -> f64 {
    queue.service(service).map_or(4.0, |state| f64::from(state.service.typical_min)) * 60.0
}

impl Estimator {
    /// Takes in an event that has just been applied to `queue`.
    pub fn observe(&mut self, queue: &Queue, recorded: &Recorded) {
        let at = &recorded.at;
        self.elapse(at);
        match &recorded.event {
            Event::DayOpened { .. } => {
                self.model.new_day();
                self.promised.clear();
                self.freed.clear();
            }
            Event::DayClosed { .. } => self.promised.clear(),
            Event::Issued { ticket, service, promise, .. } => self.issued(*ticket, service, *promise, at),
            Event::Called { ticket, desk, .. } => self.called(queue, *ticket, desk, at),
            Event::Finished { ticket, desk, .. } => self.ended(queue, *ticket, desk, at, true),
            Event::NoShow { ticket, desk, .. } => self.ended(queue, *ticket, desk, at, false),
            Event::Parked { desk, .. } => {
                self.freed.insert(desk.clone(), *at);
            }
            Event::Transferred { ticket, desk, .. } => {
                self.freed.insert(desk.clone(), *at);
                self.promised.remove(ticket);
            }
            Event::Delayed { ticket, .. } => {
                self.promised.remove(ticket);
            }
            Event::Left { ticket, .. } => self.left(queue, *ticket, at),
            _ => {}
        }
        // a new ticket at the end of a line changes nothing for those before it; many do
        let few = self.ahead.as_ref().is_some_and(|ahead| ahead.is_near(recorded.seq));
        if !(few && matches!(recorded.event, Event::Issued { .. })) {
            self.ahead = None;
        }
        self.later = None;
        self.last = Some(*at);
        self.look_around(queue);
    }

    /// The time since the last event, for every line in which somebody waited.
    fn elapse(&mut self, at: &Moment) {
        let Some(last) = self.last else { return };
        let Some(gone) = last.until(at).filter(|gone| (1..=SILENCE_MS).contains(gone)) else { return };
        for (service, stood) in &self.stood {
            if stood.waiting && stood.desks > 0 {
                self.model.elapse(service, hour(&last), seconds(gone), f64::from(stood.desks));
            }
        }
    }

    fn look_around(&mut self, queue: &Queue) {
        let open = || queue.desks().filter(|desk| desk.phase == DeskPhase::Open).map(|desk| &desk.desk.profile);
        let waiting: Vec<_> =
            queue.services().map(|state| &state.service.id).filter(|service| queue.waiting(service) > 0).collect();
        self.stood.retain(|service, _| queue.service(service).is_some());
        for state in queue.services() {
            let service = &state.service.id;
            let stood = open().filter(|desk| desk.takes(service)).fold(Stood::default(), |stood, desk| Stood {
                waiting: stood.waiting || waiting.iter().any(|other| desk.takes(other)),
                desks: stood.desks + 1,
            });
            match self.stood.get_mut(service) {
                Some(known) => *known = stood,
                None => {
                    self.stood.insert(service.clone(), stood);
                }
            }
        }
    }

    fn issued(&mut self, ticket: TicketId, service: &ServiceId, promise: Option<Promise>, at: &Moment) {
        let Some(forecast) = promise.and_then(|promise| promise.forecast) else { return };
        let (Some(naive_s), Some(inputs), VERSION) = (forecast.naive_s, forecast.inputs, forecast.model) else { return };
        let situation = Situation {
            hour: hour(at),
            ahead: f64::from(forecast.ahead),
            desks: f64::from(forecast.desks),
            ..Situation::default()
        };
        self.promised.insert(ticket, self.model.asked(service, &situation, naive_s, inputs));
    }

    fn called(&mut self, queue: &Queue, id: TicketId, desk: &DeskId, at: &Moment) {
        let Some(profile) = queue.desk(desk).map(|state| &state.desk.profile) else { return };
        let mut waited = false;
        for (service, stood) in &self.stood {
            if stood.waiting && profile.takes(service) {
                self.model.called(service, hour(at));
                waited = true;
            }
        }
        let since = self.freed.remove(desk).and_then(|freed| freed.until(at));
        if let Some(between) = since.filter(|_| waited) {
            self.model.turned(seconds(between));
        }
        let Some(ticket) = queue.ticket(id) else { return };
        let Some(wait) = ticket.first_wait_ms().filter(|_| ticket.first_called == Some(*at)) else { return };
        self.model.stayed(&ticket.service, seconds(wait), false);
        if let Some(asked) = self.promised.remove(&id).filter(|_| wait >= SHORTEST_WAIT_MS) {
            self.model.waited(&ticket.service, &asked, seconds(wait));
        }
    }

    fn ended(&mut self, queue: &Queue, id: TicketId, desk: &DeskId, at: &Moment, came: bool) {
        self.freed.insert(desk.clone(), *at);
        let Some(ticket) = queue.ticket(id) else { return };
        if let Some(busy) = ticket.called.and_then(|called| called.until(at)).filter(|busy| *busy <= LONGEST_VISIT_MS) {
            self.model.visited(&ticket.service, seconds(busy), came);
        }
    }

    fn left(&mut self, queue: &Queue, id: TicketId, at: &Moment) {
        let waited = |ticket: &Ticket| ticket.first_called.is_none().then(|| ticket.issued.until(at)).flatten();
        if let Some(ticket) = queue.ticket(id)
            && let Some(wait) = waited(ticket)
        {
            self.model.stayed(&ticket.service, seconds(wait), true);
        }
        self.promised.remove(&id);
    }

    /// Starts from what was learned elsewhere: from a former system's history.
    #[must_use]
    pub fn from_model(model: Model) -> Self {
        Self { model, ..Self::default() }
    }

    /// How each service's estimate comes about now.
    #[must_use]
    pub fn methods(&self) -> BTreeMap<ServiceId, Method> {
        self.stood.keys().map(|service| (service.clone(), self.model.method(service))).collect()
    }

    /// Whether the branch knows too little yet to keep its word.
    #[must_use]
    pub fn is_learning(&self) -> bool {
        self.model.waits() < LEARNED
    }

    /// The wait of somebody who takes a number for `service` at `at`; `None` if no open desk takes it.
    ///
    /// The same events and the same `at` give the same promise, whoever looked at the waits in between.
    #[must_use]
    pub fn promise(&mut self, queue: &Queue, service: &ServiceId, priority: bool, at: &Moment) -> Option<Promise> {
        let last = queue.last().copied().unwrap_or(*at);
        let model = &self.model;
        let fresh;
        let ahead = self.ahead.get_or_insert_with(|| Ahead::of(queue, model, &last));
        let ahead = if ahead.is_recent(at) {
            ahead
        } else {
            fresh = Ahead::of(queue, model, at);
            &fresh
        };
        let situation = ahead.newcomer(queue, model, service, priority, at)?;
        let forecast = model.forecast(service, typed_s(queue, service), &situation).forecast;
        let [from_min, to_min] = outward(f64::from(forecast.low_s), f64::from(forecast.high_s));
        Some(Promise { from_min, to_min, learning: self.is_learning(), forecast: Some(forecast) })
    }
}

/// Whether a ticket is at a desk, and since when.
fn at_desk(ticket: &Ticket) -> Option<&Moment> {
    matches!(ticket.phase, Phase::Called { .. } | Phase::Serving { .. }).then_some(ticket.called.as_ref()?)
}
