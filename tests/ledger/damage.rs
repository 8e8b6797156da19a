//! `check` finds what should not be.

use std::path::Path;

use nowserving::ledger::{self, Report, check};

use crate::kit::{two_days, vandal};

fn report(folder: &Path) -> Report {
    check(&ledger::path_in(folder), |_| {}).unwrap()
}

/// Plants damage in a sound ledger and expects `check` to say so.
async fn planted(statements: &str, part: &str) {
    let folder = two_days().await;
    let connection = vandal(&ledger::path_in(folder.path()));
    connection.execute_batch(statements).unwrap();
    assert!(connection.total_changes() > 0, "nothing was planted by {statements}");
    drop(connection);
    let problems = report(folder.path()).problems;
    assert!(problems.iter().any(|problem| problem.contains(part)), "{statements}: {problems:?}");
}

#[tokio::test]
async fn a_sound_ledger_has_no_problems() {
    let folder = two_days().await;
    let report = report(folder.path());
    assert_eq!(report.problems, Vec::<String>::new());
    assert_eq!((report.days, report.tickets), (2, 18));
}

#[tokio::test]
async fn a_missing_event_is_found() {
    planted("delete from events where seq = 12", "event 12 is missing, 13 was found").await;
}

#[tokio::test]
async fn an_event_that_cannot_be_read_is_found() {
    planted("update events set body = '{\"event\":\"nonsense\"}' where seq = 12", "Event 12 of the ledger cannot be read")
        .await;
}

#[tokio::test]
async fn a_changed_event_is_found() {
    let changed = "update events set body = json_set(body, '$.number', 'R998')
                   where seq = (select min(seq) from events where body ->> 'event' = 'issued')";
    planted(changed, "is not in the history as it was").await;
}

#[tokio::test]
async fn a_changed_snapshot_is_found() {
    planted("update snapshots set body = replace(body, 'Desk 1', 'Desk 9')", "differs from the events").await;
    planted("update snapshots set body = '{}'", "cannot be read").await;
    planted("update snapshots set seq = seq + 1000", "newer than the newest event").await;
}

#[tokio::test]
async fn a_changed_visit_is_found() {
    let one = "where ticket = (select min(ticket) from visits where waiting_ms is not null)";
    for column in ["waiting_ms = waiting_ms + 60000", "key = zeroblob(16)", "desk = '9'", "ended_ms = ended_ms + 1"] {
        planted(&format!("update visits set {column} {one}"), "is not in the history as it was").await;
    }
    planted(&format!("delete from visits {one}"), "is not in the history as it was").await;
    let copy = "create temp table t as select * from visits limit 1;
                update t set ticket = 9999, day = 77, key = randomblob(16);
                insert into visits select * from t";
    planted(copy, "holds 1 tickets that no event knows").await;
}

/// Flips one bit in the header of a page of the events: what a dying card does.
#[tokio::test]
async fn a_flipped_bit_is_found() {
    let folder = two_days().await;
    let path = ledger::path_in(folder.path());
    let connection = vandal(&path);
    connection.pragma_update(None, "journal_mode", "delete").unwrap();
    let read = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, usize>(0)).unwrap();
    let page = read("select rootpage from sqlite_schema where name = 'events'");
    let size = read("select page_size from pragma_page_size");
    drop(connection);
    let mut bytes = std::fs::read(&path).unwrap();
    // byte 4 of a b-tree page: the low byte of its number of cells
    bytes[(page - 1) * size + 4] ^= 0x02;
    std::fs::write(&path, bytes).unwrap();
    let report = report(folder.path());
    assert!(report.problems.iter().any(|problem| problem.starts_with("SQLite: ")), "{:?}", report.problems);
}
