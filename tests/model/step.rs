//! Random operations. A step names services, desks and tickets by their place in a list, so that a shorter list of steps still
//! makes sense: that is what lets proptest shrink a failure.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, NaiveTime};
use nowserving::queue::{
    By, CallReason, Command, Desk, Hours, LeaveReason, Moment, Origin, Outcome, Profile, Promise, Rules, Service, Span,
    TicketId, TicketKey,
};
use proptest::prelude::*;

use crate::clock::{self, MINUTE, Tick};
use crate::reference::{At, Model};

pub(crate) const SERVICES: [&str; 4] = ["R", "P", "Q", "Z"];
pub(crate) const DESKS: [&str; 4] = ["1", "2", "3", "9"];

/// Which tickets to choose from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Among {
    Line,
    Missed,
    Parked,
    Called,
    All,
}

/// Which one of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pick(pub Among, pub usize);

/// What is asked of the branch.
#[derive(Clone, Debug)]
pub(crate) enum Ask {
    Issue { service: usize, class: usize, wait: Option<u32>, old_key: bool },
    CallNext(usize),
    Call(usize, Pick),
    Recall(usize),
    Start(usize),
    Finish(usize, bool),
    NoShow(usize),
    Requeue(Pick),
    Park(usize),
    Resume(usize, Pick),
    TransferOwn(usize, usize),
    TransferNamed(usize, Pick, usize),
    Leave(Pick),
    Delay(Pick),
    OpenDesk(usize),
    PauseDesk(usize),
    CloseDesk(usize),
    Undo(usize),
    StopIssuing(usize, u8),
    ResumeIssuing(usize),
    OpenDay(By),
    BeginClosing(By),
    CloseDay(By),
    Expire(Pick),
    NoteClock,
    PutService { service: usize, first: u32, count: u32, digits: u8, max: Option<u32> },
    RemoveService(usize),
    PutDesk(usize, u8),
    RemoveDesk(usize),
    PutHours(u8),
    PutRules { ratio: u32, keep: i64, after: u32, passes: u32, requeues: u32, turns: u32 },
}

/// One step of a run.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Tick(Tick),
    /// After so many milliseconds, this; `early`: before the branch looked what it should do by itself.
    Ask {
        ms: i64,
        early: bool,
        ask: Ask,
    },
    /// This, and so many milliseconds later it is taken back.
    Slip(Ask, i64),
    /// What seldom happens in a row by chance.
    Row(Vec<Step>),
}

fn pick(among: Among) -> impl Strategy<Value = Pick> {
    let anywhere = (0usize..64).prop_map(|nth| Pick(Among::All, nth));
    prop_oneof![9 => (0usize..64).prop_map(move |nth| Pick(among, nth)), 1 => anywhere]
}

fn service() -> impl Strategy<Value = usize> {
    prop_oneof![40 => 0usize..3, 1 => Just(3usize)]
}

fn desk() -> impl Strategy<Value = usize> {
    prop_oneof![60 => 0usize..3, 1 => Just(3usize)]
}

fn by() -> impl Strategy<Value = By> {
    prop_oneof![Just(By::Rule), Just(By::Staff)]
}

fn at_desks() -> impl Strategy<Value = Ask> {
    prop_oneof![
        26 => desk().prop_map(Ask::CallNext),
        4 => (desk(), pick(Among::Line)).prop_map(|(desk, pick)| Ask::Call(desk, pick)),
        3 => desk().prop_map(Ask::Recall),
        8 => desk().prop_map(Ask::Start),
        8 => (desk(), any::<bool>()).prop_map(|(desk, said)| Ask::Finish(desk, said)),
        9 => desk().prop_map(Ask::NoShow),
        4 => desk().prop_map(Ask::Park),
        4 => (desk(), pick(Among::Parked)).prop_map(|(desk, pick)| Ask::Resume(desk, pick)),
        3 => (desk(), service()).prop_map(|(desk, to)| Ask::TransferOwn(desk, to)),
        4 => (desk(), pick(Among::Line), service()).prop_map(|(desk, pick, to)| Ask::TransferNamed(desk, pick, to)),
        9 => desk().prop_map(Ask::OpenDesk),
        1 => desk().prop_map(Ask::PauseDesk),
        1 => desk().prop_map(Ask::CloseDesk),
        6 => desk().prop_map(Ask::Undo),
    ]
}

fn by_customers() -> impl Strategy<Value = Ask> {
    let issue = (service(), 0usize..14, proptest::option::weighted(0.3, 0u32..200), proptest::bool::weighted(0.03));
    prop_oneof![
        40 => issue.prop_map(|(service, class, wait, old_key)| Ask::Issue { service, class, wait, old_key }),
        8 => pick(Among::Missed).prop_map(Ask::Requeue),
        3 => pick(Among::All).prop_map(Ask::Leave),
        9 => pick(Among::Line).prop_map(Ask::Delay),
    ]
}

fn by_managers() -> impl Strategy<Value = Ask> {
    let put_service = (service(), 1u32..4, 0u32..40, 1u8..4, proptest::option::weighted(0.4, 1u32..6));
    let rules = (1u32..4, prop_oneof![3 => Just(10 * MINUTE), 1 => Just(0)], 1u32..4, 1u32..5, 0u32..3, 0u32..6);
    prop_oneof![
        1 => (service(), 0u8..4).prop_map(|(service, why)| Ask::StopIssuing(service, why)),
        3 => service().prop_map(Ask::ResumeIssuing),
        4 => by().prop_map(Ask::OpenDay),
        1 => by().prop_map(Ask::BeginClosing),
        1 => by().prop_map(Ask::CloseDay),
        1 => pick(Among::Missed).prop_map(Ask::Expire),
        1 => Just(Ask::NoteClock),
        2 => put_service
            .prop_map(|(service, first, count, digits, max)| Ask::PutService { service, first, count, digits, max }),
        2 => service().prop_map(Ask::RemoveService),
        2 => (desk(), 0u8..8).prop_map(|(desk, profile)| Ask::PutDesk(desk, profile)),
        1 => desk().prop_map(Ask::RemoveDesk),
        2 => (0u8..6).prop_map(Ask::PutHours),
        5 => rules.prop_map(|(ratio, keep, after, passes, requeues, turns)| Ask::PutRules {
            ratio, keep, after, passes, requeues, turns
        }),
    ]
}

/// Short stories that a branch knows well and chance does not.
fn row() -> impl Strategy<Value = Step> {
    let ask = |ask| Step::Ask { ms: 1000, early: false, ask };
    let strict = Ask::PutRules { ratio: 2, keep: 10 * MINUTE, after: 2, passes: 3, requeues: 0, turns: 4 };
    let reboot = (1000i64..20 * MINUTE, any::<bool>())
        .prop_map(|(off, trusted)| Step::Tick(Tick::Reboot { off, wall: clock::AfterBoot::RanOn, trusted }));
    let mine = Pick(Among::Missed, 0);
    prop_oneof![
        // the rules change while a place is kept
        1 => desk().prop_map(move |n| {
            vec![ask(Ask::CallNext(n)), ask(Ask::NoShow(n)), ask(strict.clone()), ask(Ask::Requeue(mine))]
        }),
        // the power goes while a place is kept
        2 => (desk(), reboot).prop_map(move |(n, reboot)| {
            vec![ask(Ask::CallNext(n)), ask(Ask::NoShow(n)), reboot, ask(Ask::Requeue(mine))]
        }),
        // the place is gone, and the customer is quicker than the branch
        1 => desk().prop_map(move |n| {
            let late = Step::Ask { ms: 11 * MINUTE, early: true, ask: Ask::Requeue(mine) };
            vec![ask(Ask::CallNext(n)), ask(Ask::NoShow(n)), late]
        }),
        // a customer goes before the desk takes the call back
        1 => desk().prop_map(move |n| {
            vec![ask(Ask::CallNext(n)), ask(Ask::Leave(Pick(Among::Called, n))), ask(Ask::Undo(n))]
        }),
        // nobody but the staff knows the time
        2 => (4 * clock::HOUR..300 * clock::HOUR).prop_map(move |by| {
            let asks = [Ask::CloseDay(By::Staff), Ask::OpenDay(By::Rule), Ask::OpenDay(By::Staff)];
            let ticks = [Step::Tick(Tick::Trust(false)), Step::Tick(Tick::Jump(by))];
            ticks.into_iter().chain(asks.map(ask)).collect()
        }),
        // a service goes when nobody needs it any more, and comes back
        3 => (0usize..3, 1u32..9).prop_map(move |(service, first)| {
            let put = Ask::PutService { service, first, count: 900, digits: 3, max: None };
            [Ask::RemoveService(service), put].map(ask).to_vec()
        }),
        // set aside, then moved or gone on with
        2 => (desk(), desk(), service()).prop_map(move |(n, other, to)| {
            let parked = Pick(Among::Parked, 0);
            let on = if to == 0 { Ask::Resume(other, parked) } else { Ask::TransferNamed(other, parked, to) };
            vec![ask(Ask::CallNext(n)), ask(Ask::Park(n)), ask(Ask::Finish(other, true)), Step::Slip(on, 9000)]
        }),
    ]
    .prop_map(Step::Row)
}

/// Any step; customers and desks do most.
pub(crate) fn step() -> impl Strategy<Value = Step> {
    let early = || proptest::bool::weighted(0.15);
    let ask =
        |ask: BoxedStrategy<Ask>| (clock::passing(), early(), ask).prop_map(|(ms, early, ask)| Step::Ask { ms, early, ask });
    prop_oneof![
        6 => (at_desks(), 0i64..40_000).prop_map(|(ask, ms)| Step::Slip(ask, ms)),
        60 => ask(at_desks().boxed()),
        60 => ask(by_customers().boxed()),
        5 => ask(by_managers().boxed()),
        5 => clock::tick().prop_map(Step::Tick),
        2 => row(),
    ]
}

fn key(n: u64) -> TicketKey {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&n.to_be_bytes());
    TicketKey::new(bytes)
}

fn profile(n: u8) -> Profile {
    let ratio = |weights: &[(&str, u32)]| {
        Profile::Ratio(weights.iter().map(|(service, weight)| ((*service).into(), *weight)).collect::<BTreeMap<_, _>>())
    };
    match n {
        0 | 1 => Profile::LongestWait(Vec::new()),
        2 => Profile::LongestWait(vec!["P".into(), "Q".into()]),
        3 => Profile::LongestWait(vec!["R".into()]),
        4 | 5 => ratio(&[("R", 2), ("P", 1), ("Q", 1)]),
        6 => ratio(&[("R", 3), ("Q", 2)]),
        _ => ratio(&[("R", 0)]),
    }
}

/// Opening hours to choose from; `None` of them closes before it opens but the last, which must be refused.
fn hours(n: u8, at: &Moment) -> Hours {
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let span = |open, close| Span { open: time(open), close: time(close) };
    let mut hours = Hours::default();
    match n {
        0 | 1 => {}
        2 => hours.week = std::array::from_fn(|day| if day < 6 { vec![span(9, 18)] } else { Vec::new() }),
        3 => hours.week = std::array::from_fn(|_| vec![span(8, 12), span(13, 20)]),
        4 => {
            hours.week = std::array::from_fn(|_| vec![span(6, 22)]);
            let date = at.local().date();
            let other = NaiveDate::from_ymd_opt(date.year(), date.month(), 28).unwrap_or(date);
            hours.exceptions.insert(date, vec![span(7, 9), span(9, 15)]);
            hours.exceptions.insert(other, Vec::new());
        }
        _ => hours.week[2] = vec![span(12, 9)],
    }
    hours
}

fn desk_of(n: usize, which: u8) -> Desk {
    let mut desk = Desk::new(DESKS[n], &format!("Desk {}", DESKS[n]));
    desk.profile = profile(which);
    desk.default_outcome = if n == 1 { Outcome::Answered } else { Outcome::Served };
    desk
}

fn service_of(n: usize, first: u32, last: u32, digits: u8, max: Option<u32>) -> Service {
    Service { first, last, digits, max_waiting: max, ..Service::new(SERVICES[n], &format!("Service {n}"), "", "teal") }
}

/// What makes a branch out of nothing: three services, three desks and a rule book.
pub(crate) fn founding() -> Vec<Command> {
    vec![
        Command::PutService(service_of(0, 1, 999, 3, None)),
        Command::PutService(service_of(1, 5, 30, 2, Some(12))),
        Command::PutService(service_of(2, 100, 999, 3, None)),
        Command::PutDesk(desk_of(0, 0)),
        Command::PutDesk(desk_of(1, 4)),
        Command::PutDesk(desk_of(2, 2)),
        Command::PutRules(Rules::default()),
        Command::OpenDesk { desk: "1".into() },
        Command::OpenDesk { desk: "2".into() },
    ]
}

/// The ticket a pick means now; one that was never given if there is none.
fn ticket(pick: Pick, model: &Model) -> TicketId {
    let wanted = |at: &At| match pick.0 {
        Among::Line => matches!(at, At::Waiting),
        Among::Missed => matches!(at, At::Missed { .. }),
        Among::Parked => matches!(at, At::Parked(_)),
        Among::Called => matches!(at, At::Called(_)),
        Among::All => true,
    };
    let some: Vec<_> = model.tickets.values().filter(|ticket| wanted(&ticket.at)).collect();
    if some.is_empty() { TicketId(u64::MAX) } else { some[pick.1 % some.len()].id }
}

fn for_settings(ask: &Ask, at: &Moment) -> Command {
    match ask {
        Ask::StopIssuing(n, why) => {
            let reason = ["the printer is out of paper", "lunch", " ", "lunch"][usize::from(*why)];
            Command::StopIssuing { service: SERVICES[*n].into(), reason: reason.into() }
        }
        Ask::ResumeIssuing(n) => Command::ResumeIssuing { service: SERVICES[*n].into() },
        Ask::PutService { service, first, count, digits, max } => {
            // the last service stays unknown, and a count of 0 runs downwards
            Command::PutService(service_of((*service).min(2), *first, *first + count - 1, *digits, *max))
        }
        Ask::RemoveService(n) => Command::RemoveService(SERVICES[*n].into()),
        Ask::PutDesk(n, which) => Command::PutDesk(desk_of((*n).min(2), *which)),
        Ask::RemoveDesk(n) => Command::RemoveDesk(DESKS[*n].into()),
        Ask::PutHours(n) => Command::PutHours(hours(*n, at)),
        Ask::PutRules { ratio, keep, after, passes, requeues, turns } => Command::PutRules(Rules {
            priority_ratio: *ratio,
            keep_place_ms: keep.unsigned_abs(),
            requeue_after: *after,
            // 4 stands for a rule that makes no sense
            delay_passes: passes % 4,
            max_requeues: *requeues,
            day_turns_at: NaiveTime::from_hms_opt(*turns, 0, 0).unwrap(),
            ..Rules::default()
        }),
        other => unreachable!("{other:?} is no setting"),
    }
}

/// The command a step means, where the model stands now.
pub(crate) fn command(ask: &Ask, model: &Model, at: &Moment) -> Command {
    let desk = |n: &usize| DESKS[*n].into();
    let ticket = |pick: &Pick| ticket(*pick, model);
    let reason = CallReason::NeedsHelp;
    match ask {
        Ask::Issue { service, class, wait, old_key } => Command::Issue {
            service: SERVICES[*service].into(),
            key: key(model.issued - u64::from(*old_key && model.issued > 0)),
            class: ["mobility", "appointment", "mobility", "made-up"].get(*class).map(|class| (*class).into()),
            origin: Origin::Button,
            promise: wait.map(|wait| Promise { from_min: wait / 2, to_min: wait, learning: false }),
        },
        Ask::CallNext(n) => Command::CallNext { desk: desk(n) },
        Ask::Call(n, pick) => Command::Call { desk: desk(n), ticket: ticket(pick), reason },
        Ask::Recall(n) => Command::Recall { desk: desk(n) },
        Ask::Start(n) => Command::Start { desk: desk(n) },
        Ask::Finish(n, said) => Command::Finish { desk: desk(n), outcome: said.then_some(Outcome::NotPossible) },
        Ask::NoShow(n) => Command::NoShow { desk: desk(n) },
        Ask::Requeue(pick) => Command::Requeue { ticket: ticket(pick) },
        Ask::Park(n) => Command::Park { desk: desk(n) },
        Ask::Resume(n, pick) => Command::Resume { desk: desk(n), ticket: ticket(pick) },
        Ask::TransferOwn(n, to) => Command::Transfer { desk: desk(n), ticket: None, to: SERVICES[*to].into() },
        Ask::TransferNamed(n, pick, to) => {
            Command::Transfer { desk: desk(n), ticket: Some(ticket(pick)), to: SERVICES[*to].into() }
        }
        Ask::Leave(pick) => Command::Leave { ticket: ticket(pick), reason: LeaveReason::TooLong },
        Ask::Delay(pick) => Command::Delay { ticket: ticket(pick) },
        Ask::OpenDesk(n) => Command::OpenDesk { desk: desk(n) },
        Ask::PauseDesk(n) => Command::PauseDesk { desk: desk(n) },
        Ask::CloseDesk(n) => Command::CloseDesk { desk: desk(n) },
        Ask::Undo(n) => Command::Undo { desk: desk(n) },
        Ask::OpenDay(by) => Command::OpenDay { by: *by },
        Ask::BeginClosing(by) => Command::BeginClosing { by: *by },
        Ask::CloseDay(by) => Command::CloseDay { by: *by },
        Ask::Expire(pick) => Command::Expire { ticket: ticket(pick) },
        Ask::NoteClock => Command::NoteClock,
        settings => for_settings(settings, at),
    }
}
