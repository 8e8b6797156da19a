//! What a step asks, as a command: services, desks and tickets by their names, where the model stands now.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, NaiveTime};
use nowserving::queue::{
    CallReason, Command, CourtesyRule, Desk, Give, Hours, LeaveReason, Moment, Origin, Outcome, Profile, Promise, Rules,
    Service, Span, TicketId, TicketKey, VoucherCode,
};

use crate::reference::{At, How, Model};
use crate::step::{Among, Ask, DESKS, Pick, SERVICES};

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

/// Opening hours to choose from; the last closes before it opens and must be refused.
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
        Among::Left => *at == At::Over(How::Left),
        Among::All => true,
    };
    let some: Vec<_> = model.tickets.values().filter(|ticket| wanted(&ticket.at)).collect();
    if some.is_empty() { TicketId(u64::MAX) } else { some[pick.1 % some.len()].id }
}

/// Courtesies to choose from; the last does not say what is given and must be refused.
fn courtesy(n: u8) -> CourtesyRule {
    let rule = |give, per_day, after_min| CourtesyRule { give, text: " A coffee on us. ".into(), per_day, after_min };
    match n {
        0 => CourtesyRule::default(),
        1 => rule(Give::Text, 1000, 0),
        2 => rule(Give::Voucher, 2, 0),
        3 => rule(Give::Voucher, 1000, 0),
        4 => rule(Give::Voucher, 1000, 5),
        _ => CourtesyRule { give: Give::Text, ..CourtesyRule::default() },
    }
}

/// The code of one of today's vouchers, or one that nobody has.
fn code(n: usize, model: &Model) -> VoucherCode {
    let codes: Vec<_> = model.gifts.values().filter_map(|gift| gift.code).collect();
    if codes.is_empty() { VoucherCode::new([255; 5]) } else { codes[n % codes.len()] }
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
        Ask::PutRules { ratio, keep, after, passes, requeues, turns, courtesy: rule } => Command::PutRules(Rules {
            priority_ratio: *ratio,
            keep_place_ms: keep.unsigned_abs(),
            requeue_after: *after,
            // 4 stands for a rule that makes no sense
            delay_passes: passes % 4,
            max_requeues: *requeues,
            day_turns_at: NaiveTime::from_hms_opt(*turns, 0, 0).unwrap(),
            courtesy: courtesy(*rule),
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
        Ask::Issue { service, class, wait, old_key, language } => Command::Issue {
            service: SERVICES[*service].into(),
            key: key(model.issued - u64::from(*old_key && model.issued > 0)),
            class: ["mobility", "appointment", "mobility", "made-up"].get(*class).map(|class| (*class).into()),
            origin: Origin::Button,
            promise: wait.map(|wait| Promise { from_min: wait / 2, to_min: wait, learning: false, forecast: None }),
            language: ["de", "ar"].get(*language).map(|language| (*language).into()),
            large: wait.is_some_and(|wait| wait % 2 == 1),
        },
        Ask::CallNext(n) => Command::CallNext { desk: desk(n) },
        Ask::Call(n, pick) => Command::Call { desk: desk(n), ticket: ticket(pick), reason },
        Ask::Recall(n) => Command::Recall { desk: desk(n) },
        Ask::Start(n) => Command::Start { desk: desk(n) },
        Ask::Finish(n, said) => Command::Finish { desk: desk(n), outcome: said.then_some(Outcome::NotPossible) },
        Ask::NoShow(n) => Command::NoShow { desk: desk(n) },
        Ask::Requeue(pick) => Command::Requeue { ticket: ticket(pick), desk: None },
        Ask::Park(n) => Command::Park { desk: desk(n) },
        Ask::Resume(n, pick) => Command::Resume { desk: desk(n), ticket: ticket(pick) },
        Ask::TransferOwn(n, to) => Command::Transfer { desk: desk(n), ticket: None, to: SERVICES[*to].into() },
        Ask::TransferNamed(n, pick, to) => {
            Command::Transfer { desk: desk(n), ticket: Some(ticket(pick)), to: SERVICES[*to].into() }
        }
        Ask::Leave(pick) => Command::Leave { ticket: ticket(pick), reason: LeaveReason::TooLong },
        Ask::TakeBack(pick) => Command::TakeBack { ticket: ticket(pick) },
        Ask::Delay(pick) => Command::Delay { ticket: ticket(pick) },
        Ask::OpenDesk(n) => Command::OpenDesk { desk: desk(n) },
        Ask::PauseDesk(n) => Command::PauseDesk { desk: desk(n) },
        Ask::CloseDesk(n) => Command::CloseDesk { desk: desk(n) },
        Ask::Undo(n) => Command::Undo { desk: desk(n) },
        Ask::OpenDay(by) => Command::OpenDay { by: *by },
        Ask::OpenEarlierDay => Command::OpenEarlierDay,
        Ask::BeginClosing(by) => Command::BeginClosing { by: *by },
        Ask::CloseDay(by) => Command::CloseDay { by: *by },
        Ask::Expire(pick) => Command::Expire { ticket: ticket(pick) },
        Ask::NoteClock => Command::NoteClock,
        Ask::GiveCourtesy(pick) => Command::GiveCourtesy { ticket: ticket(pick), code: code(0, model) },
        Ask::Redeem(n) => Command::Redeem { code: code(*n, model) },
        settings => for_settings(settings, at),
    }
}
