//! Everything a plan plays with: the branch's rule, the past days made ready, and the customers of each replicate.

use std::collections::BTreeMap;

use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Poisson};
use rand_pcg::Pcg64;

use super::figures::{Counted, DayResult, hour, minutes};
use super::history::{HOUR, History, MINUTE, Ms, OpenSpan, PastDay};
use super::model::{Arrival, Customer, Model};
use super::play::{BranchRule, play};
use super::question::{Arrivals, NoPlan, Question, choose};
use super::schedule::Schedule;
use crate::queue::{Desk, DeskId, Hours, Service, ServiceId};

/// From so many days on they are replayed as they were.
pub(super) const ENOUGH_DAYS: usize = 4;
/// How far a drawn arrival is moved from a past one, either way.
const JITTER: Ms = 10 * MINUTE;
/// So many played days at least, and so many replicates at most.
const PLAYED: (usize, usize) = (20, 40);
/// However little may be played, so many days are.
const LEAST_DAYS: usize = 8;

/// One past day, ready to be played.
pub(super) struct Ready {
    pub(super) openings: Vec<(Ms, Ms)>,
    pub(super) arrivals: Vec<Arrival>,
    pub(super) as_it_was: Vec<OpenSpan>,
}

pub(super) struct Stage<'a> {
    pub(super) asked: &'a Question,
    pub(super) branch: BranchRule,
    /// How many desks of `branch` the branch has itself; those after are made up.
    pub(super) own_desks: usize,
    pub(super) model: Model,
    pub(super) past: Vec<&'a PastDay>,
    /// How many such days there were; the newest are played.
    pub(super) found: usize,
    pub(super) days: Vec<Ready>,
    pub(super) resampled: bool,
    pub(super) replicates: usize,
}

/// Which desks are open when.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Staffing {
    AsItWas,
    By(Schedule),
}

impl<'a> Stage<'a> {
    /// Chooses the days, learns from the past, and completes the branch with what the past had and it has no more.
    pub(super) fn set(
        history: &'a History,
        branch: &BranchRule,
        hours: &Hours,
        asked: &'a Question,
    ) -> Result<Self, NoPlan> {
        if asked.schedules.is_empty() || asked.schedules.len() > 12 {
            return Err(NoPlan::NoSchedule);
        }
        let (recent, mut past) = choose(history, asked)?;
        // the newest, as many as may be played once
        let found = past.len();
        let mean = past.iter().map(|day| day.visits.len()).sum::<usize>() / found;
        past.drain(..found - found.min((asked.visits / mean.max(1)).max(LEAST_DAYS)));
        let mut branch = branch.clone();
        complete(&mut branch, &recent);
        if let Some(service) = asked.service.as_ref().filter(|id| branch.services.iter().all(|s| s.id != **id)) {
            let services = branch.services.iter().map(|s| format!("{} ({})", s.id, s.name)).collect::<Vec<_>>();
            return Err(NoPlan::NoSuchService { service: service.clone(), services: services.join(", ") });
        }
        let own_desks = order_desks(&mut branch, &recent);
        let most = asked.schedules.iter().map(Schedule::most).max().unwrap_or(0) + u32::from(asked.suggest);
        make_up_desks(&mut branch, most.min(200) as usize);
        let model = Model::learn(&recent, &branch.services);
        let span = came(&past);
        let days: Vec<_> = past.iter().map(|day| ready(day, hours, span)).collect();
        let resampled = match asked.arrivals {
            Arrivals::Auto => past.len() < ENOUGH_DAYS,
            Arrivals::Replay => false,
            Arrivals::Resample => true,
        };
        let visits: usize = days.iter().map(|day| day.arrivals.len()).sum();
        let replicates = (asked.visits / visits.max(1)).min(PLAYED.1).max(PLAYED.0.div_ceil(days.len())).max(2);
        Ok(Self { asked, branch, own_desks, model, past, found, days, resampled, replicates })
    }

    /// The customers of one replicate, a list for each day.
    pub(super) fn customers(&self, replicate: usize) -> Vec<Vec<Customer>> {
        let mut rng = self.rng(replicate, usize::MAX);
        let curves = self.model.curves(Some(&mut rng));
        let of_day = |(n, day): (usize, &Ready)| {
            let mut rng = self.rng(replicate, n);
            if self.resampled {
                let arrivals = self.resample(&mut rng, day);
                self.model.customers(&mut rng, &arrivals, &curves)
            } else {
                self.model.customers(&mut rng, &day.arrivals, &curves)
            }
        };
        self.days.iter().enumerate().map(of_day).collect()
    }

    /// A stream of its own for each day of each replicate, so that no day depends on how many were drawn before it.
    fn rng(&self, replicate: usize, day: usize) -> Pcg64 {
        let place =
            (replicate as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (day as u64).wrapping_mul(0xd1b5_4a32_d192_ed03);
        Pcg64::seed_from_u64(self.asked.seed.rotate_left(32) ^ place)
    }

    /// Draws a day's arrivals from all chosen days: their number from a Poisson distribution around the mean, each time that of
    /// a past visit moved by up to ten minutes, with that visit's service and priority. That is a nonhomogeneous Poisson
    /// process whose intensity is the kernel-smoothed profile of the past days (a smoothed bootstrap of its arrivals).
    fn resample(&self, rng: &mut Pcg64, day: &Ready) -> Vec<Arrival> {
        let pool: Vec<_> = self.days.iter().flat_map(|day| &day.arrivals).collect();
        let mean = pool.len() as f64 / self.days.len().max(1) as f64;
        let count = Poisson::new(mean).map_or(0.0, |count| count.sample(rng)) as usize;
        let opens = day.openings.first().map_or(0, |(from, _)| *from);
        let closes = day.openings.last().map_or(Ms::MAX, |(_, to)| *to);
        let mut arrivals: Vec<Arrival> = Vec::with_capacity(count);
        for _ in 0..count {
            let Some(past) = pool.get(rng.random_range(0..pool.len())) else { break };
            // who came before opening or after closing did so for a reason that holds again
            let (least, most) = (opens.min(past.at), closes.max(past.at));
            let at = (past.at + rng.random_range(0..=2 * JITTER)).saturating_sub(JITTER).clamp(least, most);
            arrivals.push(Arrival { at, ..(*past).clone() });
        }
        arrivals.sort_by_key(|arrival| arrival.at);
        arrivals
    }

    /// The desks of a day under a schedule.
    pub(super) fn spans(&self, staffing: &Staffing, day: usize) -> Vec<OpenSpan> {
        let Some(day) = self.days.get(day) else { return Vec::new() };
        match staffing {
            Staffing::AsItWas => day.as_it_was.clone(),
            Staffing::By(schedule) => {
                let desks: Vec<DeskId> = self.branch.desks.iter().map(|desk| desk.id.clone()).collect();
                schedule.spans(&day.openings, &desks)
            }
        }
    }

    /// Plays one day.
    pub(super) fn play(&self, staffing: &Staffing, day: usize, customers: &[Customer]) -> Result<DayResult, NoPlan> {
        let spans = self.spans(staffing, day);
        let played = play(&self.branch, &spans, customers).map_err(|refusal| NoPlan::Refused(refusal.to_string()))?;
        let counts = |id: &ServiceId| self.asked.service.as_ref().is_none_or(|service| service == id);
        let visits = played.visits.iter().zip(customers).filter(|(_, customer)| counts(&customer.arrival.service));
        let visits = visits.map(|(visit, customer)| Counted {
            hour: hour(customer.arrival.at),
            wait: minutes(visit.waited),
            fate: visit.fate,
            called: visit.called,
        });
        Ok(DayResult { visits: visits.collect(), staffed: played.staffed })
    }
}

/// Adds the services and desks that the past days had and the branch has no more.
fn complete(branch: &mut BranchRule, recent: &History) {
    for visit in recent.days.iter().flat_map(|day| &day.visits) {
        if branch.services.iter().all(|service| service.id != visit.service) {
            let known = recent.services.iter().find(|service| service.id == visit.service).cloned();
            branch.services.push(known.unwrap_or_else(|| Service::new(visit.service.as_str(), "", "", "teal")));
        }
    }
    for span in recent.days.iter().flat_map(|day| &day.desks) {
        if branch.desks.iter().all(|desk| desk.id != span.desk) {
            let known = recent.desks.iter().find(|desk| desk.id == span.desk).cloned();
            branch.desks.push(known.unwrap_or_else(|| Desk::new(span.desk.as_str(), "")));
        }
    }
}

/// Puts the desks that were open the longest first: those a manager opens when there are few. Says how many there are.
fn order_desks(branch: &mut BranchRule, recent: &History) -> usize {
    let mut open: BTreeMap<&DeskId, Ms> = BTreeMap::new();
    for span in recent.days.iter().flat_map(|day| &day.desks) {
        *open.entry(&span.desk).or_default() += span.to - span.from;
    }
    branch.desks.sort_by_key(|desk| std::cmp::Reverse(open.get(&desk.id).copied().unwrap_or(0)));
    branch.desks.len()
}

/// Desks that take everything, up to `count`.
fn make_up_desks(branch: &mut BranchRule, count: usize) {
    let mut n = 0;
    while branch.desks.len() < count {
        n += 1;
        let id = format!("x{n}");
        if branch.desks.iter().all(|desk| desk.id.as_str() != id) {
            branch.desks.push(Desk::new(&id, "one more"));
        }
    }
}

/// From the first number to the last, over all days, in whole hours: the opening hours of a branch that has set none.
fn came(past: &[&PastDay]) -> (Ms, Ms) {
    let times = || past.iter().flat_map(|day| &day.visits).map(|visit| visit.issued);
    let (first, last) = (times().min().unwrap_or(0), times().max().unwrap_or(0));
    (first / HOUR * HOUR, (last / HOUR + 1) * HOUR)
}

fn ready(day: &PastDay, hours: &Hours, came: (Ms, Ms)) -> Ready {
    use chrono::Timelike;
    let ms = |time: chrono::NaiveTime| Ms::from(time.num_seconds_from_midnight()) * 1000;
    let mut openings: Vec<_> = hours.on(day.date).iter().map(|span| (ms(span.open), ms(span.close))).collect();
    if openings.is_empty() {
        openings.push(came);
    }
    let arrival = |visit: &super::history::PastVisit| Arrival {
        at: visit.issued,
        service: visit.service.clone(),
        class: visit.class.clone(),
    };
    Ready { openings, arrivals: day.visits.iter().map(arrival).collect(), as_it_was: day.desks.clone() }
}
