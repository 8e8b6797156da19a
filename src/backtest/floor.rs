//! One branch of a history, as the estimator could have known it at each moment.
//!
//! A history tells less than a branch knows: not always which desks were open, never which services a desk takes, nor the rule
//! of who is next. What is missing is inferred from what had happened by then, and only from that.

use std::collections::{BTreeMap, VecDeque};

use crate::estimate::{Desk, Hall, Lanes, Model, Outlook, Situation, look};
use crate::history::Visit;
use crate::queue::{Place, ServiceId, Standing};

/// What a visit is taken to last before any is known, seconds.
pub(super) const TYPED_S: f64 = 240.0;
/// A desk that has been free for longer than this while people waited is taken to be closed.
const FREE_MS: i64 = 120_000;
/// The same in the look ahead, where a free desk calls at once.
const CALLS_SOON_MS: i64 = 20_000;
/// Calls of a desk from which it shows what it takes; and how many it must have made before that counts.
const CALLS: usize = 60;
const SHOWN: usize = 10;
/// A silence longer than this is no wait.
const SILENCE_MS: i64 = 2 * 3_600_000;
/// Choices between a ticket with priority and one without, before a rule is read from them.
const CHOICES: f64 = 50.0;

/// Somebody who waits.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    service: u32,
    priority: bool,
    issued_ms: i64,
}

/// A desk, by what it did.
#[derive(Clone, Debug, Default)]
struct Seen {
    /// The visit it has: service, and since when.
    busy: Option<(u32, i64)>,
    /// When it last began or ended one.
    active_ms: i64,
    /// The services of its last calls.
    calls: VecDeque<u32>,
}

impl Seen {
    fn takes(&self, service: u32) -> bool {
        self.calls.len() < SHOWN || self.calls.contains(&service)
    }
}

/// A service of the branch.
#[derive(Clone, Debug)]
struct Known {
    id: ServiceId,
    /// Desks open for it, as its last ticket told.
    open_desks: Option<f64>,
}

/// See the module's text.
#[derive(Debug, Default)]
pub(super) struct Floor {
    pub(super) model: Model,
    waiting: BTreeMap<(i64, u64), Waiting>,
    desks: BTreeMap<u32, Seen>,
    services: BTreeMap<u32, Known>,
    last: Option<(i64, f64)>,
    day: i64,
    looked: u64,
    /// Choices for priority, and all choices; fading.
    chosen: [f64; 2],
    /// Whether open desks had to be inferred.
    pub(super) inferred: bool,
    /// Whether ends of visits are told: without them no desk is known to be busy.
    ends_told: bool,
}

fn hour(at_ms: i64, offset_s: i32) -> f64 {
    let local = at_ms + i64::from(offset_s) * 1000;
    local.rem_euclid(86_400_000) as f64 / 3_600_000.0
}

fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

impl Floor {
    /// The id under which the model knows a service.
    fn id(&mut self, service: u32) -> ServiceId {
        let known = || Known { id: service.to_string().as_str().into(), open_desks: None };
        self.services.entry(service).or_insert_with(known).id.clone()
    }

    /// Lets the model know a service by another id.
    pub(super) fn name(&mut self, service: u32, id: &ServiceId) {
        self.services.entry(service).or_insert_with(|| Known { id: id.clone(), open_desks: None });
    }

    fn named(&self, service: u32) -> Option<&ServiceId> {
        self.services.get(&service).map(|known| &known.id)
    }

    /// Whether desks are named, and so may be shared by all services.
    fn shared(&self) -> bool {
        !self.desks.is_empty()
    }

    /// Whether a desk seems to be open.
    fn is_open(desk: &Seen, at_ms: i64, within_ms: i64) -> bool {
        desk.busy.is_some() || at_ms - desk.active_ms <= within_ms
    }

    /// Desks open for a service, as far as can be known; at least one.
    fn open_desks(&self, service: u32, at_ms: i64) -> f64 {
        let told = self.services.get(&service).and_then(|known| known.open_desks);
        let seen = || {
            let open = self.desks.values().filter(|desk| Self::is_open(desk, at_ms, FREE_MS) && desk.takes(service));
            open.count() as f64
        };
        told.unwrap_or_else(seen).max(1.0)
    }

    /// Whether somebody waits whom a service's desks take.
    fn waits(&self, service: u32) -> bool {
        self.waiting.values().any(|waiting| self.shared() || waiting.service == service)
    }

    /// Time passes until something happens at `at_ms`.
    pub(super) fn pass(&mut self, at_ms: i64, visit: &Visit) {
        let day = (at_ms + i64::from(visit.offset_s) * 1000).div_euclid(86_400_000);
        if day != self.day {
            self.day = day;
            self.model.new_day();
            self.waiting.clear();
            self.desks.values_mut().for_each(|desk| desk.busy = None);
        }
        let last = self.last.replace((at_ms, hour(at_ms, visit.offset_s)));
        let Some((then_ms, hour)) = last else { return };
        let gone = at_ms - then_ms;
        if !(1..=SILENCE_MS).contains(&gone) || self.waiting.is_empty() {
            return;
        }
        let services: Vec<_> = self.services.keys().copied().filter(|service| self.waits(*service)).collect();
        for service in services {
            let desks = self.open_desks(service, then_ms);
            if let Some(id) = self.services.get(&service).map(|known| known.id.clone()) {
                self.model.elapse(&id, hour, seconds(gone), desks);
            }
        }
    }

    /// A ticket is issued: how its line looks. It has joined when this returns.
    pub(super) fn issued(&mut self, visit: &Visit) -> (ServiceId, Situation) {
        let id = self.id(visit.service);
        if let (Some(desks), Some(known)) = (visit.open_desks, self.services.get_mut(&visit.service)) {
            known.open_desks = Some(f64::from(desks).max(1.0));
        }
        self.inferred |= visit.open_desks.is_none();
        let situation = self.situation(visit);
        // whose fate nobody knows would wait for ever
        if visit.called_ms.is_some() || visit.left_ms.is_some() {
            let waiting = Waiting { service: visit.service, priority: visit.priority > 0, issued_ms: visit.issued_ms };
            self.waiting.insert((visit.issued_ms, visit.line), waiting);
        }
        (id, situation)
    }

    fn situation(&mut self, visit: &Visit) -> Situation {
        let (at_ms, service) = (visit.issued_ms, visit.service);
        let shared = self.shared();
        let mine = |waiting: &&Waiting| shared || waiting.service == service;
        let rivals: Vec<Waiting> = self.waiting.values().filter(mine).copied().collect();
        let oldest_s = rivals.first().map(|waiting| seconds(at_ms - waiting.issued_ms));
        let ratio = self.ratio();
        let before = |waiting: &&Waiting| ratio == 0 || visit.priority == 0 || waiting.priority;
        let first: Vec<&Waiting> = rivals.iter().filter(before).collect();
        let overtaken = match ratio {
            0 => 0,
            _ if visit.priority == 0 => 0,
            ratio => (first.len() / ratio as usize).min(rivals.len() - first.len()),
        };
        let count = (first.len() + overtaken) as f64;
        let visit_s = |waiting: &&Waiting| self.named(waiting.service).map_or(TYPED_S, |id| self.model.visit_s(id, TYPED_S));
        let sum_s: f64 = first.iter().map(visit_s).sum();
        let mut situation = Situation {
            hour: hour(at_ms, visit.offset_s),
            ahead: count,
            ahead_s: sum_s,
            desks: self.open_desks(service, at_ms),
            oldest_s,
            look_s: None,
        };
        if shared
            && self.ends_told
            && let Some(outlook) = self.look(at_ms, service, ratio)
            && let Some(new) = outlook.new.filter(|_| visit.priority == 0 || ratio == 0)
        {
            let share = if rivals.is_empty() { 1.0 } else { (new.ahead / rivals.len() as f64).min(1.0) };
            situation.ahead = (situation.ahead * share).round();
            situation.ahead_s *= share;
            situation.look_s = new.look_s;
        }
        situation
    }

    /// At most how many with priority seem to go in a row; 0: priority seems to change nothing.
    fn ratio(&self) -> u32 {
        let [priority, all] = self.chosen;
        let share = priority / all.max(1.0);
        if all < CHOICES || share < 0.55 {
            return 0;
        }
        // one in so many choices goes to somebody without
        ((share / (1.0 - share).max(0.1)).round() as u32).clamp(1, 10)
    }

    fn look(&mut self, at_ms: i64, service: u32, ratio: u32) -> Option<Outlook> {
        let order: Vec<u32> = self.services.keys().copied().collect();
        let position = |service: u32| order.iter().position(|other| *other == service);
        let mut lines = vec![Lanes::default(); order.len()];
        for ((_, line), waiting) in &self.waiting {
            let Some(lanes) = position(waiting.service).and_then(|at| lines.get_mut(at)) else { continue };
            let lane = if ratio > 0 && waiting.priority { &mut lanes.priority } else { &mut lanes.normal };
            lane.push(Place(waiting.issued_ms.unsigned_abs(), *line));
        }
        let open = self.desks.values().filter(|desk| Self::is_open(desk, at_ms, CALLS_SOON_MS));
        let desks: Vec<Desk> = open
            .map(|desk| Desk {
                takes: order.iter().map(|service| desk.takes(*service).then_some(0)).collect(),
                by_weight: false,
                standing: Standing::default(),
                busy: desk.busy.and_then(|(service, since)| Some((position(service)?, seconds(at_ms - since)))),
                between_s: self.model.between_s(),
            })
            .collect();
        if !desks.iter().any(|desk| position(service).is_some_and(|at| desk.takes[at].is_some())) {
            return None;
        }
        let visits = order.iter().filter_map(|service| self.named(*service));
        let visits = visits.map(|id| self.model.visits(id, TYPED_S)).collect();
        self.looked += 1;
        let outlooks = look(&Hall { visits, lines, desks, ratio: ratio.max(1) }, self.looked);
        outlooks.into_iter().nth(position(service)?)
    }

    /// A ticket is called.
    pub(super) fn called(&mut self, visit: &Visit, at_ms: i64) {
        let service_id = self.id(visit.service);
        let hour = hour(at_ms, visit.offset_s);
        self.waiting.remove(&(visit.issued_ms, visit.line));
        // the one who is called waited, if only for a moment; somebody else must have waited for this to be a call off a line
        let waited = at_ms > visit.issued_ms;
        if visit.desk.is_some() {
            self.choice(visit);
            let services: Vec<_> = self.services.keys().copied().collect();
            for service in services {
                if (waited || self.waits(service))
                    && let Some(id) = self.services.get(&service).map(|known| known.id.clone())
                {
                    self.model.called(&id, hour);
                }
            }
        } else if waited || self.waits(visit.service) {
            self.model.called(&service_id, hour);
        }
        self.model.stayed(&service_id, seconds(at_ms - visit.issued_ms), false);
        let Some(desk) = visit.desk else { return };
        let seen = self.desks.entry(desk).or_default();
        if waited && seen.busy.is_none() {
            self.model.turned(seconds(at_ms - seen.active_ms));
        }
        seen.busy = visit.finished_ms.map(|_| (visit.service, at_ms));
        seen.active_ms = at_ms;
        seen.calls.push_back(visit.service);
        if seen.calls.len() > CALLS {
            seen.calls.pop_front();
        }
    }

    /// Whether somebody with priority was chosen before somebody without, or the other way round.
    fn choice(&mut self, visit: &Visit) {
        let priority = visit.priority > 0;
        if self.waiting.values().any(|waiting| waiting.priority != priority) {
            self.chosen = [self.chosen[0] * 0.995 + f64::from(u8::from(priority)), self.chosen[1] * 0.995 + 1.0];
        }
    }

    /// A customer gives up.
    pub(super) fn left(&mut self, visit: &Visit, at_ms: i64) {
        self.waiting.remove(&(visit.issued_ms, visit.line));
        let id = self.id(visit.service);
        self.model.stayed(&id, seconds(at_ms - visit.issued_ms), true);
    }

    /// A visit ends.
    pub(super) fn finished(&mut self, visit: &Visit, at_ms: i64) {
        let id = self.id(visit.service);
        self.ends_told = true;
        if let Some(called) = visit.called_ms {
            self.model.visited(&id, seconds(at_ms - called), true);
        }
        if let Some(seen) = visit.desk.and_then(|desk| self.desks.get_mut(&desk)) {
            seen.busy = None;
            seen.active_ms = at_ms;
        }
    }
}
