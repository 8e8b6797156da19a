use rand::{RngExt, SeedableRng};

use super::*;

const MIN: i64 = 60_000;

fn visit(ticket: u64, service: &str, issued_min: i64) -> Visit {
    Visit {
        ticket: TicketId(ticket),
        service: service.into(),
        issued_ms: issued_min * MIN,
        ended_ms: Some((issued_min + 12) * MIN),
        answered: false,
        transaction_ms: None,
    }
}

fn served(ticket: u64, service: &str, issued_min: i64, minutes: u64) -> Visit {
    Visit { transaction_ms: Some(minutes * 60_000), ..visit(ticket, service, issued_min) }
}

fn left(ticket: u64, service: &str, issued_min: i64) -> Visit {
    Visit { answered: true, ..visit(ticket, service, issued_min) }
}

fn read(at_min: i64, entry: &str, what: &str, ticket: Option<u64>) -> ReadRow {
    ReadRow {
        at_ms: at_min * MIN,
        entry: EntryId::of(entry),
        title: format!("{entry}?"),
        what: what.into(),
        ticket: ticket.map(TicketId),
    }
}

fn report(rows: &Rows) -> Report {
    Report::of(rows, 7, NaiveDate::from_ymd_opt(2026, 5, 16).unwrap(), 0)
}

#[test]
fn an_answered_visit_is_put_down_to_what_it_opened_last_and_costs_what_its_service_costs() {
    let rows = Rows {
        visits: vec![
            served(1, "R", 0, 4),
            served(2, "R", 100, 8),
            served(3, "P", 200, 1),
            left(4, "R", 300),
            left(5, "P", 400),
            left(6, "Q", 500),
        ],
        reads: vec![
            read(301, "hours", "opened", Some(4)),
            read(305, "refund", "opened", Some(4)),
            read(306, "refund", "answered", Some(4)),
            read(402, "hours", "opened", Some(5)),
            // after it was over, and of somebody who was served
            read(440, "refund", "opened", Some(5)),
            read(5, "hours", "opened", Some(1)),
            read(6, "hours", "not_helped", Some(1)),
        ],
        ..Rows::default()
    };
    let report = report(&rows);
    assert_eq!((report.answered.visits, report.answered.after_reading, report.answered.without_times), (3, 2, 1));
    let figures: Vec<_> = report.entries.iter().map(|e| (e.id.as_str(), e.read, e.answered, e.desk_minutes)).collect();
    assert_eq!(figures, [("hours", 3, 1, 1.0), ("refund", 2, 1, 6.0)]);
    // one return (6 min) and one pick-up (1 min); nobody knows what a question costs
    let saved = report.answered.desk_minutes;
    assert!((saved.value - 7.0).abs() < 1e-9 && saved.interval.holds(7.0), "{saved:?}");
    assert!(saved.interval.low < 1.0, "three visits say little: {saved:?}");
    assert_eq!(report.entries[0].helpfulness.map(|figure| figure.value), Some(0.0));
    assert_eq!(report.answered.retaken.value, 0.0);
}

#[test]
fn whoever_comes_back_at_once_was_not_answered() {
    let mut visits: Vec<Visit> = (0..20).map(|n| left(n, "R", 200 * n as i64)).collect();
    visits.push(served(500, "R", 9_000, 5));
    let kept = report(&Rows { visits: visits.clone(), ..Rows::default() }).answered;
    assert!((kept.retaken.value, kept.desk_minutes.value) == (0.0, 100.0), "{kept:?}");
    // each takes a number again, five minutes after leaving
    visits.extend((0..20).map(|n| served(100 + n, "R", 200 * n as i64 + 17, 5)));
    let back = report(&Rows { visits, ..Rows::default() }).answered;
    assert!((back.retaken.value, back.desk_minutes.value) == (20.0, 0.0), "{back:?}");
}

#[test]
fn an_even_stream_of_people_is_not_taken_for_people_who_come_back() {
    let mut wrong = 0;
    for seed in 0..100 {
        let mut random = rand_pcg::Pcg64Mcg::seed_from_u64(seed);
        let mut at = 0.0;
        let mut visits: Vec<Visit> = (0..2_000)
            .map(|n| {
                // as people come: without knowing of each other, one in three minutes
                at -= 3.0 * f64::ln(random.random_range(f64::EPSILON..1.0));
                served(n, "R", at as i64, 5)
            })
            .collect();
        for n in (50..1_950).step_by(40) {
            visits[n] = Visit { answered: true, transaction_ms: None, ..visits[n].clone() };
        }
        let answered = report(&Rows { visits, ..Rows::default() }).answered;
        assert_eq!(answered.visits, 48);
        assert!(answered.desk_minutes.interval.holds(240.0), "{answered:?}");
        wrong += u32::from(answered.retaken.interval.low > 0.0);
    }
    assert!(wrong <= 10, "{wrong} of 100");
}

#[test]
fn searches_for_the_same_are_one_thing_to_do() {
    let search = |at_ms, words: &str, fits| SearchRow { at_ms, words: words.into(), fits };
    let rows = Rows {
        searches: vec![
            search(1, "Parking ticket", false),
            search(3, "ticket, PARKING!", false),
            search(2, "parking  ticket", true),
            search(4, "Größe", true),
            search(5, "?!", false),
        ],
        ..Rows::default()
    };
    let found: Vec<_> = report(&rows).searches.into_iter().map(|s| (s.words, s.nothing_fitted, s.not_opened)).collect();
    assert_eq!(found, [("ticket, PARKING!".into(), 2, 1), ("Größe".into(), 0, 1)]);
}

#[test]
fn entries_are_due_a_week_ahead_and_those_nobody_met_are_listed() {
    let by = |day| NaiveDate::from_ymd_opt(2026, 5, day);
    let rows = Rows {
        entries: vec![
            (EntryId::of("a"), "A?".into(), by(23)),
            (EntryId::of("b"), "B?".into(), by(24)),
            (EntryId::of("c"), "C?".into(), by(15)),
            (EntryId::of("d"), "D?".into(), None),
        ],
        ..Rows::default()
    };
    let report = report(&rows);
    let due: Vec<_> = report.due.iter().map(|due| (due.id.as_str(), due.over)).collect();
    assert_eq!(due, [("c", true), ("a", false)]);
    assert_eq!(report.entries.len(), 4);
}

#[test]
fn a_visit_counts_in_the_half_hour_in_which_its_number_was_taken() {
    let rows = Rows {
        visits: vec![left(1, "R", 5), served(2, "R", 29, 6), served(3, "R", 30, 3), left(4, "R", 61)],
        halves: vec![(0, true), (HALF_MS, false)],
        ..Rows::default()
    };
    let effect = report(&rows).effect;
    assert_eq!((effect.pairs, effect.on.issued, effect.on.answered, effect.off.issued), (1, 2, 1, 1));
    assert_eq!((effect.on.desk_minutes, effect.off.desk_minutes), (6.0, 3.0));
    assert_eq!(effect.answered, None, "one hour says nothing");
}
