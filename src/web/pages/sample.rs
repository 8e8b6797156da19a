//! A branch on an ordinary afternoon, for the tests of the pages.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use serde_json::json;

use super::answers::{ForTicket, Item};
use super::phone::{DeskName, TicketBody, TicketCan, TicketPhase};
use crate::estimate::{Apart, DayTally, Group, Length, Method, Record, Tally};
use crate::queue::{PromiseRow, View};

/// 14:07 on a Tuesday in summer, two hours ahead of UTC.
pub(super) fn now() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2027-06-15T14:07:00+02:00").unwrap()
}

/// Three services, three desks, eight who wait. The store's name tries to break out of the page.
pub(super) fn view() -> View {
    let mut line = BTreeMap::new();
    for n in 44..=51 {
        line.insert(format!("R0{n}"), json!({"service": "R", "place": [100 + n, 0]}));
    }
    line.insert("R052".into(), json!({"service": "R", "priority": true, "place": [200, 0]}));
    let places: Vec<[u32; 2]> = (0..10).map(|n| [n * 2, n * 4 + 3]).collect();
    serde_json::from_value(json!({
        "seq": 420, "store": "Nordlund <b>&</b> Sons", "date": "2027-06-15", "priority_ratio": 2,
        "open": {"open": true, "closing": false, "until": "18:00", "opens": null},
        "services": [
            {"id": "R", "name": "Return or exchange", "have_ready": "the receipt, the item", "accent": "rust"},
            {"id": "P", "name": "Pick-up", "have_ready": "your order number", "accent": "teal"},
            {"id": "Q", "name": "Questions", "have_ready": "", "accent": "blue"},
        ],
        "waits": {
            "R": {"waiting": 9, "desks": 2, "stopped": null, "takes_until": "17:40", "learning": false, "by_place": places, "now": [14, 27]},
            "P": {"waiting": 1, "desks": 1, "stopped": null, "takes_until": null, "learning": true, "by_place": [[0, 4], [2, 8]], "now": [0, 4]},
            "Q": {"waiting": 0, "desks": 0, "stopped": "back at 15:00", "takes_until": null, "learning": true, "by_place": [], "now": null},
        },
        "desks": [
            {"id": "1", "name": "Desk 1", "phase": "open", "number": "P011", "service": "P", "serving": true, "invitations": 1},
            {"id": "2", "name": "Desk 2", "phase": "open", "number": "R043", "service": "R", "serving": false, "invitations": 2},
            {"id": "3", "name": "Desk 3", "phase": "closed", "number": null, "service": null, "serving": false, "invitations": 0},
        ],
        "calls": [
            {"seq": 419, "number": "R043", "service": "R", "desk": "2", "at_ms": 1_813_000_000_000_i64},
            {"seq": 401, "number": "P011", "service": "P", "desk": "1", "at_ms": 1_812_999_000_000_i64},
        ],
        "line": line, "missed": {"R041": 1_813_000_600_000_i64}, "parked": ["P009"],
    }))
    .unwrap()
}

/// A ticket that waits with seven before it, and whose customer wrote something with markup in it.
pub(super) fn ticket(phase: TicketPhase) -> TicketBody {
    let waiting = phase == TicketPhase::Waiting;
    let promise = PromiseRow { from_min: 14, to_min: 27, learning: true };
    TicketBody {
        number: "R051".into(),
        service: "R".into(),
        service_name: "Return or exchange".into(),
        accent: "rust".into(),
        phase,
        end: None,
        ahead: waiting.then_some(7),
        wait: waiting.then_some(promise),
        promise: Some(promise),
        issued_at: now() - chrono::Duration::minutes(3),
        desk: (!waiting).then(|| DeskName { id: "2".into(), name: "Desk 2".into() }),
        invitations: u32::from(!waiting),
        keep_until: (phase == TicketPhase::Missed).then(|| now() + chrono::Duration::minutes(9)),
        can: TicketCan {
            leave: waiting,
            delay: waiting,
            requeue: phase == TicketPhase::Missed,
            take_back: false,
            note: waiting,
        },
        language: None,
        delay_passes: 3,
        name: None,
        question: Some("</textarea><script>alert(1)</script>".into()),
        courtesy: None,
        why: "R052 went first: it has priority by this branch's rule.".into(),
    }
}

/// One question that is offered.
pub(super) fn answers() -> ForTicket {
    let item = Item {
        question: "How long can I return it?".into(),
        language: "en".into(),
        path: "/answers/return-window".into(),
        read: false,
    };
    ForTicket { any: true, offered: vec![item], handed: Vec::new() }
}

/// A record with something of everything.
pub(super) fn record() -> Record {
    let tally = |kept, earlier, later| Tally { kept, earlier, later };
    let day =
        |n: u32| DayTally { date: chrono::NaiveDate::from_ymd_opt(2027, 11, n).unwrap(), tally: tally(70 + n, 10, 12) };
    let group = |n: u32| {
        let at = |minutes: u32| f64::from(minutes * n);
        Group {
            count: 200,
            promised_from: at(3),
            promised_to: at(8),
            actual_low: at(2),
            actual_mid: at(5),
            actual_high: at(9),
        }
    };
    let methods = BTreeMap::from([("P".into(), Method::Simple)]);
    Record {
        days: 28,
        dates: Some([day(1).date, day(12).date]),
        all: tally(1021, 104, 125),
        apart: Apart { learning: tally(75, 10, 15), void: 30, left_before: 66, unknown: 2, open: 5 },
        services: [("R".into(), tally(600, 60, 70)), ("P".into(), tally(12, 1, 2))].into(),
        lengths: vec![
            Length { from_min: None, below_min: Some(8), tally: tally(340, 40, 40) },
            Length { from_min: Some(8), below_min: None, tally: tally(681, 64, 85) },
        ],
        by_day: (1..=12).map(day).collect(),
        groups: (1..=6).map(group).collect(),
        methods,
        ..Record::default()
    }
}
