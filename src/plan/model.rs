//! What the past teaches of customers: how long a visit takes, whether a call is followed, how patient people are.
//!
//! Everything a customer will do is drawn before a day is played, one after the other in the order of their coming. So all
//! schedules meet the same customers (common random numbers), and a difference between two rows of a plan is the schedule's.

use std::collections::BTreeMap;

use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;

use super::history::{History, MINUTE, Ms};
use super::patience::{Patience, Waited};
use crate::queue::{ClassId, LeaveReason, Service, ServiceId};

/// From so many visits on, a service's own times are drawn as they were.
const ENOUGH: usize = 30;
/// How many visits what the manager typed counts for, while there are fewer: as in the estimator.
const TYPED_COUNTS: f64 = 12.0;
/// The spread of the logarithm of a visit's length where too little is known: half to twice the median for eight in ten.
const SPREAD: f64 = 0.55;
/// What a clerk and a customer take to meet where nothing is known of it.
const WALK: Ms = 20_000;

/// Somebody who comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// When the number is taken.
    pub at: Ms,
    /// What for.
    pub service: ServiceId,
    /// The priority class.
    pub class: Option<ClassId>,
}

/// Somebody who comes, with everything they will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// When, and what for.
    pub arrival: Arrival,
    /// From call to start.
    pub walk: Ms,
    /// At the desk.
    pub visit: Ms,
    /// How long the desk takes from this customer to calling the next.
    pub gap: Ms,
    /// Gives up after waiting so long. `None`: never.
    pub patience: Option<Ms>,
    /// Needs no desk any more after so long: an answer on the wall or the phone was enough.
    pub answered: Option<Ms>,
    /// Does not follow the first call, which costs the desk so long.
    pub vain: Option<Ms>,
    /// Is back so long after that.
    pub back: Option<Ms>,
}

/// Where a service's times come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Its own visits, as they were.
    History,
    /// A log-normal around its few visits and what the manager typed.
    Mixed,
    /// What the manager typed alone.
    Typed,
}

/// How long a visit for a service takes.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceTime {
    /// Where that comes from.
    pub source: Source,
    /// How many past visits it was learned from.
    pub visits: usize,
    /// Its median.
    pub median: Ms,
    drawn: Drawn,
}

#[derive(Clone, Debug, PartialEq)]
enum Drawn {
    From(Vec<Ms>),
    LogNormal { mu: f64, sigma: f64 },
}

impl ServiceTime {
    fn learn(times: Vec<Ms>, typical: Ms) -> Self {
        let visits = times.len();
        if visits >= ENOUGH {
            let mut times = times;
            times.sort_unstable();
            let median = times.get(visits / 2).copied().unwrap_or(typical);
            return Self { source: Source::History, visits, median, drawn: Drawn::From(times) };
        }
        let sum: f64 = times.iter().map(|ms| (*ms as f64).max(1000.0).ln()).sum();
        let mu = (sum + TYPED_COUNTS * (typical as f64).max(1000.0).ln()) / (visits as f64 + TYPED_COUNTS);
        let source = if visits == 0 { Source::Typed } else { Source::Mixed };
        Self { source, visits, median: mu.exp() as Ms, drawn: Drawn::LogNormal { mu, sigma: SPREAD } }
    }

    fn draw(&self, rng: &mut Pcg64) -> Ms {
        // both are drawn whatever is used, so that later customers stay the same when one service learns
        let (place, normal) = (rng.random::<f64>(), StandardNormal.sample(rng));
        match &self.drawn {
            Drawn::From(times) => at(times, place).unwrap_or(self.median),
            Drawn::LogNormal { mu, sigma } => (mu + sigma * f64::clamp(normal, -3.5, 3.5)).exp() as Ms,
        }
    }
}

/// The element at a place from 0 to 1.
fn at(list: &[Ms], place: f64) -> Option<Ms> {
    list.get((place * list.len() as f64) as usize).copied()
}

/// What the past teaches.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// How long visits take, per service.
    pub services: BTreeMap<ServiceId, ServiceTime>,
    /// The waits of the past, and whether the customer gave up.
    pub patience: Vec<Waited>,
    /// The same for those whom an answer was enough.
    pub answered: Vec<Waited>,
    /// The share of first calls that nobody follows.
    pub vain_share: f64,
    /// The share of these who come back.
    pub back_share: f64,
    walks: Vec<Ms>,
    gaps: Vec<Ms>,
    vains: Vec<Ms>,
    backs: Vec<Ms>,
}

impl Model {
    /// Learns from all days of `history`, whatever their weekday. `services` are those of the branch; what is known of others
    /// comes from the history alone.
    #[must_use]
    pub fn learn(history: &History, services: &[Service]) -> Self {
        let visits = || history.days.iter().flat_map(|day| &day.visits);
        let mut model = Self {
            walks: visits().filter_map(|visit| visit.walk).collect(),
            gaps: visits().filter_map(|visit| visit.gap).collect(),
            vains: visits().filter_map(|visit| visit.vain).collect(),
            backs: visits().filter_map(|visit| visit.back).collect(),
            ..Self::default()
        };
        model.walks.sort_unstable();
        let walk = at(&model.walks, 0.5).unwrap_or(WALK);
        let mut times: BTreeMap<ServiceId, Vec<Ms>> = services.iter().map(|s| (s.id.clone(), Vec::new())).collect();
        for visit in visits() {
            let times = times.entry(visit.service.clone()).or_default();
            // who was never started was walking for a part of that time
            let time = visit.desk_time.map(|ms| if visit.walk.is_none() { ms.saturating_sub(walk) } else { ms });
            times.extend(time.map(|ms| ms.max(1000)));
            if let Some(wait) = visit.called.or(visit.left.map(|(at, _)| at)) {
                let ms = wait.saturating_sub(visit.issued);
                let answered = visit.left.is_some_and(|(_, reason)| reason == LeaveReason::Answered);
                model.answered.push(Waited { ms, gave_up: answered });
                model.patience.push(Waited { ms, gave_up: visit.left.is_some() && !answered });
            }
        }
        let calls = visits().filter(|visit| visit.called.is_some()).count();
        model.vain_share = share(model.vains.len(), calls);
        model.back_share = share(model.backs.len(), model.vains.len());
        let typical = |id: &ServiceId| services.iter().find(|s| s.id == *id).map_or(4.0, |s| s.typical_min);
        model.services = times
            .into_iter()
            .map(|(id, times)| {
                let typical = (f64::from(typical(&id)) * MINUTE as f64) as Ms;
                (id, ServiceTime::learn(times, typical))
            })
            .collect();
        model
    }

    /// What a day's customers will do.
    #[must_use]
    pub fn customers(&self, rng: &mut Pcg64, arrivals: &[Arrival], curves: &Curves) -> Vec<Customer> {
        arrivals.iter().map(|arrival| self.customer(rng, arrival, curves)).collect()
    }

    fn customer(&self, rng: &mut Pcg64, arrival: &Arrival, curves: &Curves) -> Customer {
        let visit = self.services.get(&arrival.service).map_or(4 * MINUTE, |service| service.draw(rng));
        // always the same number of draws, so that a changed share changes nobody else
        let [walk, gap, patience, answered, comes, vain, returns, back]: [f64; 8] = rng.random();
        Customer {
            arrival: arrival.clone(),
            walk: at(&self.walks, walk).unwrap_or(WALK),
            visit,
            gap: at(&self.gaps, gap).unwrap_or(0),
            patience: curves.patience.of(patience),
            answered: curves.answered.of(answered),
            vain: (comes < self.vain_share).then(|| at(&self.vains, vain).unwrap_or(MINUTE)),
            back: (returns < self.back_share).then(|| at(&self.backs, back).unwrap_or(MINUTE)),
        }
    }

    /// The patience of people, as one sample of the past would have it: drawn anew from the same waits, so that what a few
    /// leavers cannot tell shows in the intervals (Efron, "Censored data and the bootstrap", Journal of the American
    /// Statistical Association 76, 1981). With `None`: as the past has it.
    #[must_use]
    pub fn curves(&self, resample: Option<&mut Pcg64>) -> Curves {
        let Some(rng) = resample else {
            let whole = |waits: &Vec<Waited>| Patience::estimate(waits.clone());
            return Curves { patience: whole(&self.patience), answered: whole(&self.answered) };
        };
        let picks: Vec<usize> = (0..self.patience.len()).map(|_| rng.random_range(0..self.patience.len())).collect();
        let drawn =
            |waits: &[Waited]| Patience::estimate(picks.iter().filter_map(|pick| waits.get(*pick).copied()).collect());
        Curves { patience: drawn(&self.patience), answered: drawn(&self.answered) }
    }

    /// How many gave up in the past.
    #[must_use]
    pub fn gave_up(&self) -> usize {
        self.patience.iter().filter(|wait| wait.gave_up).count()
    }
}

/// How patient people are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    /// Until they give up.
    pub patience: Patience,
    /// Until an answer was enough.
    pub answered: Patience,
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::super::history::{PastDay, PastVisit};
    use super::*;

    fn history(visits: Vec<PastVisit>) -> History {
        let date = NaiveDate::from_ymd_opt(2026, 3, 7).unwrap();
        History { days: vec![PastDay { date, visits, desks: Vec::new() }], ..History::default() }
    }

    fn served(ms: Ms) -> PastVisit {
        let walk = Some(10_000);
        PastVisit { called: Some(60_000), walk, desk_time: Some(ms), ..PastVisit::new("R".into(), 0) }
    }

    #[test]
    fn with_little_history_what_the_manager_typed_counts_and_is_labelled() {
        let service = Service { typical_min: 8.0, ..Service::new("R", "Returns", "", "rust") };
        let learned = |count: usize| {
            let model = Model::learn(&history(vec![served(2 * MINUTE); count]), std::slice::from_ref(&service));
            model.services[&ServiceId::from("R")].clone()
        };
        assert_eq!((learned(0).source, learned(0).median / 1000), (Source::Typed, 480));
        assert_eq!(learned(12).source, Source::Mixed);
        // in the middle, by ratio: twelve visits count as much as what was typed
        assert_eq!((learned(12).median as f64 / MINUTE as f64).round(), 4.0);
        assert_eq!((learned(30).source, learned(30).median), (Source::History, 2 * MINUTE));
    }

    #[test]
    fn a_visit_nobody_started_is_not_longer_for_that() {
        let unstarted = PastVisit { walk: None, desk_time: Some(2 * MINUTE + 10_000), ..served(0) };
        let visits = [vec![served(2 * MINUTE); 20], vec![unstarted; 20]].concat();
        let model = Model::learn(&history(visits), &[]);
        let mut rng = rand::SeedableRng::seed_from_u64(1);
        let arrival = Arrival { at: 0, service: "R".into(), class: None };
        let customers = model.customers(&mut rng, &vec![arrival; 50], &Curves::default());
        assert!(customers.iter().all(|customer| customer.visit == 2 * MINUTE && customer.walk == 10_000));
    }

    #[test]
    fn an_answer_that_was_enough_is_no_lost_patience() {
        let left = |reason| PastVisit { left: Some((MINUTE, reason)), ..PastVisit::new("R".into(), 0) };
        let model = Model::learn(&history(vec![left(LeaveReason::Answered), left(LeaveReason::TooLong)]), &[]);
        assert_eq!(model.gave_up(), 1);
        assert_eq!(model.answered.iter().filter(|wait| wait.gave_up).count(), 1);
    }
}
