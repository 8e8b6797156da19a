//! What is drawn before a day begins: customers, shifts and what the manager does.

use chrono::{NaiveDate, NaiveTime, Timelike};
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Exp};
use rand_pcg::Pcg64;

use super::customer::{Customer, Kind, minutes, seconds};
use super::{MINUTE, Ms, SECOND};
use crate::queue::{By, Command, Desk, DeskId, Profile, Service};

/// Who gives the manager's commands.
pub(super) const MANAGER: &str = "staff:Eva";
const HOUR: Ms = 60 * MINUTE;

/// The day that is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioOptions {
    /// Its date.
    pub date: NaiveDate,
    /// Opens, local time.
    pub open: NaiveTime,
    /// Closes, local time; later than `open`.
    pub close: NaiveTime,
    /// How busy: 1 is a day with lines at noon and in the late afternoon, 2 has twice the customers.
    pub busy: f64,
}

impl Default for ScenarioOptions {
    /// A Monday, nine to six.
    fn default() -> Self {
        let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
        Self { date: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap_or_default(), open: at(9), close: at(18), busy: 1.0 }
    }
}

pub(super) fn since_midnight(time: NaiveTime) -> Ms {
    Ms::from(time.num_seconds_from_midnight()) * SECOND
}

impl ScenarioOptions {
    pub(super) fn opens(&self) -> Ms {
        since_midnight(self.open)
    }

    pub(super) fn closes(&self) -> Ms {
        since_midnight(self.close)
    }

    /// The time at a fraction of the open day.
    fn at(&self, fraction: f64) -> Ms {
        self.opens() + (self.closes().saturating_sub(self.opens()) as f64 * fraction) as Ms
    }

    /// Arrivals an hour at a fraction of the day: quiet, with a peak at noon and one in the late afternoon.
    fn rate(&self, fraction: f64) -> f64 {
        let peak = |at: f64, width: f64| (-((fraction - at) / width).powi(2)).exp();
        self.busy * (28.0 + 30.0 * peak(0.39, 0.09) + 19.0 * peak(0.86, 0.10))
    }

    /// More than [`Self::rate`] ever is, an hour.
    fn most(&self) -> f64 {
        self.busy * 70.0
    }
}

/// What a clerk is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// Serve.
    Serve,
    /// Pause.
    Break,
    /// Be elsewhere.
    Away,
}

/// One desk's day.
#[derive(Clone, Debug, PartialEq)]
pub struct DeskPlan {
    /// Which desk.
    pub id: DeskId,
    /// Who sits there, for the ledger.
    pub clerk: String,
    /// What is to be done from when on, in order.
    pub shifts: Vec<(Ms, Duty)>,
}

/// What the manager does, or what happens to the machine.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// A command, if it makes sense by then; what cannot be taken away yet is tried again.
    Ask(Box<Command>),
    /// The wall clock goes slow by so much and nobody vouches for it; `None`: it is right again.
    Clock(Option<Ms>),
}

/// A day as drawn.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// When and how busy.
    pub options: ScenarioOptions,
    /// Everybody who comes, in order.
    pub customers: Vec<Customer>,
    /// Everybody who serves.
    pub desks: Vec<DeskPlan>,
    /// What the manager does when.
    pub deeds: Vec<(Ms, Deed)>,
    /// For what is drawn as the day goes on.
    pub(super) rng: Pcg64,
}

impl Scenario {
    /// Draws the day. The same seed and options give the same day; each date of a seed is a day of its own.
    #[must_use]
    pub fn new(seed: u64, options: &ScenarioOptions) -> Self {
        use chrono::Datelike;
        let day = u64::from(options.date.num_days_from_ce().unsigned_abs());
        // both mixed, so that neither neighbouring seeds nor neighbouring days resemble each other
        let mut rng = Pcg64::seed_from_u64(seed.rotate_left(32) ^ day.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut customers = arrivals(&mut rng, options);
        let mut deeds = Vec::new();
        let mut desks = shifts(&mut rng, options);
        appointments(&mut rng, options, &mut customers);
        helper(&mut rng, options, &mut desks, &mut deeds);
        wrapping(&mut rng, options, &mut customers, &mut deeds);
        stopped(&mut rng, options, &mut deeds);
        hours(&mut rng, options, &mut deeds);
        customers.sort_by_key(|customer| customer.arrives);
        Self { options: options.clone(), customers, desks, deeds, rng }
    }
}

/// A Poisson stream whose rate follows the day, drawn by thinning a faster one of constant rate.
fn arrivals(rng: &mut Pcg64, options: &ScenarioOptions) -> Vec<Customer> {
    let mut customers = Vec::new();
    // at the door when it opens
    for _ in 0..rng.random_range(1..=4) {
        let arrives = options.opens() + seconds(rng, 2, 60);
        customers.push(Customer::draw(rng, arrives));
    }
    let (open, close) = (options.opens() as f64, options.closes() as f64);
    let gaps = Exp::new(options.most() / HOUR as f64);
    let mood = rng.random_range(0.85..1.15);
    let mut at = open;
    while let Ok(gaps) = &gaps {
        at += gaps.sample(rng);
        // some come too late
        if at > close + 3.0 * MINUTE as f64 {
            break;
        }
        let rate = options.rate((at - open) / (close - open)) * mood;
        if rng.random_bool((rate / options.most()).clamp(0.0, 1.0)) {
            customers.push(Customer::draw(rng, at as Ms));
        }
    }
    customers
}

fn shifts(rng: &mut Pcg64, options: &ScenarioOptions) -> Vec<DeskPlan> {
    let plan = |id: &str, clerk: &str, shifts| DeskPlan { id: id.into(), clerk: format!("staff:{clerk}"), shifts };
    let mut soon = |at: Ms| at + seconds(rng, 0, 180);
    let open = options.opens();
    let desk_1 = vec![
        (open + 20 * SECOND, Duty::Serve),
        (soon(options.at(0.27)), Duty::Break),
        (soon(options.at(0.30)), Duty::Serve),
        (soon(options.at(0.66)), Duty::Break),
        (soon(options.at(0.69)), Duty::Serve),
    ];
    let desk_2 = vec![
        (soon(open + 30 * SECOND), Duty::Serve),
        (soon(options.at(0.50)), Duty::Break),
        (soon(options.at(0.555)), Duty::Serve),
    ];
    let desk_3 = vec![
        (soon(options.at(0.11)), Duty::Serve),
        (soon(options.at(0.57)), Duty::Break),
        (soon(options.at(0.61)), Duty::Serve),
        (soon(options.at(0.97)), Duty::Away),
    ];
    vec![plan("1", "Ada", desk_1), plan("2", "Ben", desk_2), plan("3", "Cem", desk_3)]
}

fn ask(at: Ms, command: Command) -> (Ms, Deed) {
    (at, Deed::Ask(Box::new(command)))
}

/// A few people come at an agreed time.
fn appointments(rng: &mut Pcg64, options: &ScenarioOptions, customers: &mut Vec<Customer>) {
    for _ in 0..rng.random_range(1..=4) {
        let arrives = options.at(rng.random_range(0.1..0.9));
        customers.push(Customer::of(rng, Kind::Appointment, "Q".into(), arrives));
    }
}

/// On many days a fourth desk helps over noon. It takes two pick-ups for each question.
fn helper(rng: &mut Pcg64, options: &ScenarioOptions, desks: &mut Vec<DeskPlan>, deeds: &mut Vec<(Ms, Deed)>) {
    if !rng.random_bool(0.6) {
        return;
    }
    let desk = Desk { profile: Profile::Ratio([("P".into(), 2), ("Q".into(), 1)].into()), ..Desk::new("4", "Desk 4") };
    let (from, to) = (options.at(0.34), options.at(0.53) + seconds(rng, 0, 600));
    deeds.push(ask(from.saturating_sub(5 * MINUTE), Command::PutDesk(desk)));
    deeds.push(ask(to + 10 * MINUTE, Command::RemoveDesk("4".into())));
    desks.push(DeskPlan { id: "4".into(), clerk: "staff:Dora".into(), shifts: vec![(from, Duty::Serve), (to, Duty::Away)] });
}

/// On some days presents are wrapped in the afternoon: a service that comes and goes.
fn wrapping(rng: &mut Pcg64, options: &ScenarioOptions, customers: &mut Vec<Customer>, deeds: &mut Vec<(Ms, Deed)>) {
    if !rng.random_bool(0.35) {
        return;
    }
    let (from, to) = (options.at(0.45), options.at(0.8));
    let service = Service { typical_min: 5.0, ..Service::new("G", "Gift wrapping", "the present, unwrapped", "plum") };
    let over = "We wrap presents again tomorrow from one o'clock.".to_owned();
    deeds.push(ask(from, Command::PutService(service)));
    deeds.push(ask(to, Command::StopIssuing { service: "G".into(), reason: over }));
    deeds.push(ask(to + 10 * MINUTE, Command::RemoveService("G".into())));
    for _ in 0..rng.random_range(3..=8) {
        let arrives = rng.random_range(from + MINUTE..to);
        customers.push(Customer::of(rng, Kind::Ordinary, "G".into(), arrives));
    }
}

const REASONS: [&str; 3] = [
    "The lift to the store room is being repaired. We go on in about half an hour.",
    "The pick-up shelf is being filled. Please come back in a quarter of an hour.",
    "The card terminal is being changed. Please ask at the desk.",
];

/// On most days a service stands still for a while.
fn stopped(rng: &mut Pcg64, options: &ScenarioOptions, deeds: &mut Vec<(Ms, Deed)>) {
    if !rng.random_bool(0.7) {
        return;
    }
    let service = if rng.random_bool(0.7) { "P" } else { "R" };
    let reason = REASONS.get(rng.random_range(0..REASONS.len())).copied().unwrap_or_default();
    let from = options.at(rng.random_range(0.15..0.7));
    let long = minutes(rng, 20.0, 0.3);
    deeds.push(ask(from, Command::StopIssuing { service: service.into(), reason: reason.into() }));
    deeds.push(ask(from + long, Command::ResumeIssuing { service: service.into() }));
}

/// Days that do not open and close by the clock alone, and a clock that lost its time over night.
fn hours(rng: &mut Pcg64, options: &ScenarioOptions, deeds: &mut Vec<(Ms, Deed)>) {
    let (open, close) = (options.opens(), options.closes());
    if rng.random_bool(0.2) {
        // what a machine without a battery clock believes in the morning, until it has reached the network
        deeds.push((open.saturating_sub(5 * MINUTE), Deed::Clock(Some(14 * HOUR))));
        deeds.push((open.saturating_sub(3 * MINUTE), Deed::Clock(None)));
    }
    if rng.random_bool(0.15) {
        deeds.push(ask(open.saturating_sub(2 * MINUTE), Command::OpenDay { by: By::Staff }));
    }
    if rng.random_bool(0.15) {
        deeds.push(ask(close - 5 * MINUTE, Command::BeginClosing { by: By::Staff }));
    }
    if rng.random_bool(0.3) {
        deeds.push(ask(close + minutes(rng, 8.0, 0.3), Command::CloseDay { by: By::Staff }));
    }
}
