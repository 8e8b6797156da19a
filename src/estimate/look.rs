//! Looking ahead: the line as it stands, played on by the real rule of who is next.
//!
//! What a formula cannot know (desks that take only some services, ratios, priority, how long the visits under way have gone
//! on) is in the play: the same [`choose`] that calls at the desks calls here. It is played once with mean times, for the
//! order in which people will go, and many times with drawn times, for when. One play serves everybody who waits.
//!
//! Nobody new comes and no desk opens or closes in the play; the blend corrects for that.

use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

use crate::queue::{Heads, Place, Standing, choose};

/// How often it is played with drawn times.
const PLAYS: usize = 100;
/// How many calls such a play goes on for; beyond, the last half's pace goes on.
const CALLS: usize = 40;
/// How many calls the play with mean times goes on for.
const ORDER: usize = 400;
/// All visits of a play are longer or shorter together, standard deviation of the logarithm: long lines are less certain than
/// independent visits would make them.
const TOGETHER: f64 = 0.15;
/// A visit for which nobody came takes so long, seconds.
const NO_SHOW_S: f64 = 60.0;
/// Tries to draw a visit longer than what has gone by of it.
const TRIES: usize = 12;

/// How long visits for a service take: log-normal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Visits {
    /// Mean of the logarithm of seconds.
    pub log_mean: f64,
    /// Its standard deviation.
    pub log_sd: f64,
    /// The share of those called who do not come.
    pub no_show: f64,
    /// The chance of leaving in a second of waiting.
    pub leaving: f64,
}

impl Visits {
    fn mean_s(&self) -> f64 {
        (self.log_mean + self.log_sd * self.log_sd / 2.0).exp()
    }
}

/// A desk in the play.
#[derive(Clone, Debug)]
pub struct Desk {
    /// For each service its weight, `None` where the desk does not take it.
    pub takes: Vec<Option<i64>>,
    /// Whether it goes by weights rather than by longest wait.
    pub by_weight: bool,
    /// Where it stands in its rules.
    pub standing: Standing,
    /// The service of the visit it has, and for how many seconds it has had it.
    pub busy: Option<(usize, f64)>,
    /// Seconds it lets go by between two visits while people wait.
    pub between_s: f64,
}

/// The places of one service's waiting people, first to last.
#[derive(Clone, Debug, Default)]
pub struct Lanes {
    /// Those without priority.
    pub normal: Vec<Place>,
    /// Those with.
    pub priority: Vec<Place>,
}

/// A hall as it stands.
#[derive(Clone, Debug, Default)]
pub struct Hall {
    /// The services, in the order of their prefixes.
    pub visits: Vec<Visits>,
    /// Their lines, at least the first `CALLS` of each lane.
    pub lines: Vec<Lanes>,
    /// The desks that call.
    pub desks: Vec<Desk>,
    /// At most so many with priority go in a row.
    pub ratio: u32,
}

/// Where somebody in a line stands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rank {
    /// How many go first, whatever they came for, at desks that take this service.
    pub ahead: f64,
    /// What their visits take, seconds in all.
    pub ahead_s: f64,
    /// When the call should come: the median of the plays, seconds.
    pub look_s: Option<f64>,
}

/// What a look ahead found for one service.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outlook {
    /// Those without priority, first to last, as far as looked.
    pub normal: Vec<Rank>,
    /// Those with.
    pub priority: Vec<Rank>,
    /// Somebody who comes now, without priority.
    pub new: Option<Rank>,
}

/// One call in a play.
struct Call {
    at_s: f64,
    desk: usize,
    service: usize,
    priority: bool,
    rank: usize,
}

/// Who draws the times: nobody (mean times), or chance.
trait Times {
    fn visit(&mut self, visits: &Visits) -> f64;
    fn rest(&mut self, visits: &Visits, gone_s: f64) -> f64;
    fn leaves(&mut self, visits: &Visits, wait_s: f64) -> bool;
}

struct Means;

impl Times for Means {
    fn visit(&mut self, visits: &Visits) -> f64 {
        (1.0 - visits.no_show) * visits.mean_s() + visits.no_show * NO_SHOW_S
    }

    fn rest(&mut self, visits: &Visits, gone_s: f64) -> f64 {
        let mean = visits.mean_s();
        (mean - gone_s).max(0.4 * mean)
    }

    fn leaves(&mut self, _: &Visits, _: f64) -> bool {
        false
    }
}

struct Drawn {
    rng: Pcg64Mcg,
    factor: f64,
}

impl Drawn {
    fn unit(&mut self) -> f64 {
        f64::from(self.rng.next_u32()) / f64::from(u32::MAX)
    }

    fn normal(&mut self) -> f64 {
        StandardNormal.sample(&mut self.rng)
    }
}

impl Times for Drawn {
    fn visit(&mut self, visits: &Visits) -> f64 {
        if self.unit() < visits.no_show {
            return NO_SHOW_S;
        }
        self.factor * (visits.log_mean + visits.log_sd * self.normal()).exp()
    }

    fn rest(&mut self, visits: &Visits, gone_s: f64) -> f64 {
        for _ in 0..TRIES {
            let whole = self.factor * (visits.log_mean + visits.log_sd * self.normal()).exp();
            if whole > gone_s {
                return whole - gone_s;
            }
        }
        // far beyond what visits take: nothing is known but that it goes on
        0.5 * visits.mean_s()
    }

    fn leaves(&mut self, visits: &Visits, wait_s: f64) -> bool {
        let (drawn, rate) = (self.unit(), visits.leaving * wait_s);
        // 1 − e^−x is never more than x: most draws need no more
        drawn < rate && drawn < 1.0 - (-rate).exp()
    }
}

/// What a play moves: kept between plays, so that it is allocated once.
#[derive(Default)]
struct Table {
    /// For each service, how many were called of either lane.
    next: Vec<[usize; 2]>,
    standing: Vec<Standing>,
    /// When each desk is free; infinite once it has found nobody.
    free: Vec<f64>,
    heads: Vec<Heads>,
}

impl Table {
    fn set(&mut self, hall: &Hall, times: &mut impl Times) {
        self.next.clear();
        self.next.resize(hall.lines.len(), [0; 2]);
        self.heads.resize(hall.lines.len(), Heads::default());
        self.standing.clear();
        self.standing.extend(hall.desks.iter().map(|desk| desk.standing.clone()));
        self.free.clear();
        self.free.extend(hall.desks.iter().map(|desk| start(hall, desk, times)));
    }

    /// The desk that is free first, and when; `None`: no desk finds anybody any more.
    fn soonest(&self) -> Option<(usize, f64)> {
        let free = self.free.iter().copied().enumerate();
        free.min_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, at_s)| at_s.is_finite())
    }

    /// Whom a desk calls now.
    fn choose(&mut self, hall: &Hall, desk: usize) -> Option<(usize, bool)> {
        let (plan, standing) = (hall.desks.get(desk)?, self.standing.get_mut(desk)?);
        for (((heads, lanes), next), weight) in self.heads.iter_mut().zip(&hall.lines).zip(&self.next).zip(&plan.takes) {
            *heads = weight.map_or_else(Heads::default, |weight| Heads {
                normal: lanes.normal.get(next[0]).copied(),
                priority: lanes.priority.get(next[1]).copied(),
                weight,
            });
        }
        choose(hall.ratio, plan.by_weight, &self.heads, standing)
    }
}

/// Plays the hall on until `most` people were called or nobody waits. `on_call` is told of each; `on_idle` of each desk that
/// finds nobody, and when.
fn play(
    hall: &Hall,
    table: &mut Table,
    times: &mut impl Times,
    most: usize,
    mut on_call: impl FnMut(&Call),
    mut on_idle: impl FnMut(usize, f64),
) {
    table.set(hall, times);
    let mut called = 0;
    while called < most {
        let Some((desk, at_s)) = table.soonest() else { return };
        let Some((service, priority)) = table.choose(hall, desk) else {
            on_idle(desk, at_s);
            table.free[desk] = f64::INFINITY;
            continue;
        };
        let rank = &mut table.next[service][usize::from(priority)];
        on_call(&Call { at_s, desk, service, priority, rank: *rank });
        *rank += 1;
        called += 1;
        let visits = &hall.visits[service];
        if !times.leaves(visits, at_s) {
            table.free[desk] = at_s + times.visit(visits) + hall.desks[desk].between_s;
        }
    }
}

fn start(hall: &Hall, desk: &Desk, times: &mut impl Times) -> f64 {
    let rest = desk.busy.and_then(|(service, gone_s)| Some(times.rest(hall.visits.get(service)?, gone_s) + desk.between_s));
    rest.unwrap_or(0.0)
}

/// Looks ahead. `seed` decides what is drawn; the same hall and seed give the same outlook.
#[must_use]
pub fn look(hall: &Hall, seed: u64) -> Vec<Outlook> {
    let mut outlooks = order(hall);
    if hall.desks.is_empty() {
        return outlooks;
    }
    let (mut draws, mut table) = (Draws::of(hall), Table::default());
    for number in 0..PLAYS {
        let mut rng = Pcg64Mcg::seed_from_u64(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number as u64);
        let normal: f64 = StandardNormal.sample(&mut rng);
        let mut times = Drawn { rng, factor: (TOGETHER * normal).exp() };
        draws.play(hall, &mut table, &mut times);
    }
    draws.settle(&mut outlooks);
    outlooks
}

/// The order in which people will go, by a play with mean times.
fn order(hall: &Hall) -> Vec<Outlook> {
    let mut outlooks = vec![Outlook::default(); hall.lines.len()];
    // how many each desk has called, and what their visits take
    let mut by_desk = vec![(0.0, 0.0); hall.desks.len()];
    let takes = |desk: usize, service: usize| hall.desks[desk].takes[service].is_some();
    let total = |by_desk: &[(f64, f64)], service: usize| {
        let of = by_desk.iter().enumerate().filter(|(desk, _)| takes(*desk, service));
        of.fold((0.0, 0.0), |sum: (f64, f64), (_, done)| (sum.0 + done.0, sum.1 + done.1))
    };
    let on_call = |call: &Call| {
        let (ahead, ahead_s) = total(&by_desk, call.service);
        let outlook = &mut outlooks[call.service];
        let lane = if call.priority { &mut outlook.priority } else { &mut outlook.normal };
        lane.push(Rank { ahead, ahead_s, look_s: None });
        by_desk[call.desk].0 += 1.0;
        by_desk[call.desk].1 += hall.visits[call.service].mean_s();
    };
    play(hall, &mut Table::default(), &mut Means, ORDER, on_call, |_, _| {});
    for (service, outlook) in outlooks.iter_mut().enumerate() {
        let lanes = &hall.lines[service];
        let all_called = outlook.normal.len() == lanes.normal.len() && outlook.priority.len() == lanes.priority.len();
        if all_called && (0..hall.desks.len()).any(|desk| takes(desk, service)) {
            let (ahead, ahead_s) = total(&by_desk, service);
            outlook.new = Some(Rank { ahead, ahead_s, look_s: None });
        }
    }
    outlooks
}

/// When each was called in each play, seconds.
struct Draws {
    calls: Vec<[Vec<Vec<f32>>; 2]>,
    new: Vec<Vec<f32>>,
}

impl Draws {
    fn of(hall: &Hall) -> Self {
        let lane = |places: &Vec<Place>| vec![Vec::with_capacity(PLAYS); places.len().min(CALLS)];
        let calls = hall.lines.iter().map(|lanes| [lane(&lanes.normal), lane(&lanes.priority)]).collect();
        Self { calls, new: vec![Vec::with_capacity(PLAYS); hall.lines.len()] }
    }

    fn play(&mut self, hall: &Hall, table: &mut Table, times: &mut Drawn) {
        let mut idle = vec![None; hall.lines.len()];
        let calls = &mut self.calls;
        let on_call = |call: &Call| {
            if let Some(draws) = calls[call.service][usize::from(call.priority)].get_mut(call.rank) {
                draws.push(call.at_s as f32);
            }
        };
        // whoever comes now is called by the first desk that has nobody else
        let on_idle = |desk: usize, at_s: f64| {
            for (idle, takes) in idle.iter_mut().zip(&hall.desks[desk].takes) {
                if takes.is_some() {
                    idle.get_or_insert(at_s as f32);
                }
            }
        };
        play(hall, table, times, CALLS, on_call, on_idle);
        for (new, at) in self.new.iter_mut().zip(idle) {
            new.extend(at);
        }
    }

    /// Only who was called in every play has a median that means something: the end of a play cuts off late calls first.
    fn settle(self, outlooks: &mut [Outlook]) {
        for ((outlook, [normal, priority]), new) in outlooks.iter_mut().zip(self.calls).zip(self.new) {
            for (ranks, draws) in [(&mut outlook.normal, normal), (&mut outlook.priority, priority)] {
                for (rank, draws) in ranks.iter_mut().zip(draws) {
                    rank.look_s = median(draws);
                }
            }
            if let Some(rank) = &mut outlook.new {
                rank.look_s = median(new);
            }
        }
    }
}

fn median(mut draws: Vec<f32>) -> Option<f64> {
    if draws.len() < PLAYS {
        return None;
    }
    let (_, middle, _) = draws.select_nth_unstable_by(PLAYS / 2, f32::total_cmp);
    Some(f64::from(*middle))
}
