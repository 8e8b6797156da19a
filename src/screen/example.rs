//! A branch in the middle of a day, for pictures of screens without a hub.

use chrono::NaiveDate;

use super::news::{Facts, Issued, Promised};
use crate::config::ScreenFacts;
use crate::queue::{BootId, CallRow, DeskPhase, DeskRow, DevicesRow, Moment, OpenRow, Paper, ServiceRow, View, WaitRow};

/// Saturday, 16 May 2026, 14:07 in Helsinki.
#[must_use]
pub fn example_moment() -> Moment {
    Moment { wall_ms: 1_778_929_620_000, offset_s: 10_800, mono_ms: 3_600_000, boot: BootId(1), trusted: true }
}

/// What a hub would say beside its feed.
#[must_use]
pub fn example_facts() -> Facts {
    Facts {
        code: None,
        public_url: Some("http://nordlund.example:8080".into()),
        now: Some(example_moment().date_time()),
        screens: ScreenFacts::default(),
        languages: vec!["en".into()],
        answers: false,
    }
}

/// A new ticket of that branch.
#[must_use]
pub fn example_ticket() -> Issued {
    Issued {
        number: "R043".into(),
        url: "http://nordlund.example:8080/t/4jq2kxw7m3c5t2v3n6d2r5y7pa".into(),
        service: "R".into(),
        ahead: 7,
        promise: Some(Promised { from_min: 15, to_min: 30, learning: false }),
    }
}

/// What that branch shows.
#[must_use]
pub fn example_view() -> View {
    let service = |id: &str, name: &str, ready: &str, accent: &str| ServiceRow {
        id: id.into(),
        name: name.into(),
        have_ready: ready.into(),
        accent: accent.into(),
    };
    let wait = |waiting, now| WaitRow { waiting, desks: 3, now: Some(now), ..WaitRow::default() };
    View {
        seq: 412,
        store: "Nordlund Hardware".into(),
        date: NaiveDate::from_ymd_opt(2026, 5, 16),
        open: OpenRow { open: true, until: Some("18:00".into()), ..OpenRow::default() },
        priority_ratio: 2,
        services: vec![
            service("R", "Return or exchange", "the item, the receipt or the card you paid with", "rust"),
            service("P", "Pick up an order", "the order number or your ID", "teal"),
            service("Q", "Ask a question", "", "blue"),
        ],
        waits: [("R", wait(7, [15, 30])), ("P", wait(1, [1, 5])), ("Q", wait(2, [5, 15]))]
            .map(|(id, row)| (id.into(), row))
            .into(),
        desks: vec![
            desk("1", Some("P117"), true),
            desk("2", Some("Q008"), true),
            desk("3", Some("R042"), false),
            desk("4", None, false),
        ],
        calls: [("R042", "3"), ("P117", "1"), ("Q008", "2"), ("R041", "4"), ("P116", "1")]
            .into_iter()
            .zip(0..)
            .map(|((number, desk), ago)| CallRow {
                seq: 410 - ago * 7,
                number: number.into(),
                service: number[..1].into(),
                desk: desk.into(),
                at_ms: example_moment().wall_ms - i64::try_from(ago).unwrap_or(0) * 90_000,
            })
            .collect(),
        devices: DevicesRow { paper: Paper::Ready, troubles: 0 },
        ..View::default()
    }
}

fn desk(id: &str, number: Option<&str>, serving: bool) -> DeskRow {
    DeskRow {
        id: id.into(),
        name: format!("Desk {id}"),
        phase: if number.is_some() { DeskPhase::Open } else { DeskPhase::Paused },
        number: number.map(Into::into),
        service: number.and_then(|number| number.get(..1)).map(Into::into),
        serving,
        invitations: u32::from(number.is_some()),
    }
}
