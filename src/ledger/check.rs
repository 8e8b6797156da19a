//! `nowserving check`: is this ledger sound?

use std::path::Path;

use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;

use super::export::{past, present};
use super::load::each_event;
use super::{Fault, open_read};
use crate::queue::{Event, Queue};

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Events read.
    pub events: u64,
    /// Business days they hold.
    pub days: u64,
    /// Tickets they hold.
    pub tickets: u64,
    /// What is wrong, a sentence each. Empty: the ledger is sound.
    pub problems: Vec<String>,
}

/// Reads a whole ledger: SQLite's own integrity check; every event in order, with the invariants after each day; the stored
/// state and the history against what the events say. `progress` is told the number of events read, now and then.
///
/// # Errors
/// A [`Fault`] if the file cannot be read at all. What is wrong inside it is in the [`Report`].
pub fn check(path: &Path, progress: impl FnMut(u64)) -> Result<Report, Fault> {
    let connection = open_read(path)?;
    // one transaction, so that a day which closes meanwhile is seen whole or not at all
    let transaction = connection.unchecked_transaction()?;
    let mut report = Report::default();
    let checked = integrity(&transaction, &mut report).and_then(|()| replay(&transaction, &mut report, progress));
    match checked {
        Ok(()) => {}
        Err(Fault::Sqlite(error)) if damage(&error) => report.problems.push(format!("SQLite: {error}")),
        Err(fault @ (Fault::Gap { .. } | Fault::Event { .. })) => report.problems.push(fault.to_string()),
        Err(fault) => return Err(fault),
    }
    Ok(report)
}

/// Whether an error tells of what is in the file, and not of reaching it.
fn damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode as Code;
    matches!(error.sqlite_error_code(), None | Some(Code::DatabaseCorrupt | Code::NotADatabase))
}

fn integrity(connection: &Connection, report: &mut Report) -> Result<(), Fault> {
    for pragma in ["pragma integrity_check(20)", "pragma foreign_key_check"] {
        let mut statement = connection.prepare(pragma)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let line: String = row.get::<_, String>(0)?;
            if line != "ok" {
                report.problems.push(format!("SQLite: {line}"));
            }
        }
    }
    Ok(())
}

fn replay(connection: &Connection, report: &mut Report, mut progress: impl FnMut(u64)) -> Result<(), Fault> {
    let snapshot: Option<(u64, String)> = connection
        .query_row("select seq, body from snapshots order by seq desc limit 1", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let mut queue = Queue::default();
    let mut filed = 0;
    each_event(connection, 0, |recorded| {
        queue.apply(&recorded);
        report.events += 1;
        if report.events.is_multiple_of(10_000) {
            progress(report.events);
        }
        match &recorded.event {
            Event::Issued { .. } => report.tickets += 1,
            Event::DayOpened { .. } => report.days += 1,
            Event::DayClosed { .. } => {
                invariants(&queue, report);
                filed += history(connection, &queue, report)?;
            }
            _ => {}
        }
        if let Some((seq, body)) = &snapshot
            && *seq == recorded.seq
        {
            match serde_json::from_str::<Queue>(body) {
                Ok(stored) if stored.clone().indexed() == queue => {}
                Ok(_) => report.problems.push(format!("The snapshot after event {seq} differs from the events before it.")),
                Err(error) => report.problems.push(format!("The snapshot after event {seq} cannot be read: {error}")),
            }
        }
        Ok(())
    })?;
    invariants(&queue, report);
    strangers(connection, filed, report)?;
    if snapshot.is_some_and(|(seq, _)| seq > queue.seq()) {
        report.problems.push("The snapshot is newer than the newest event.".into());
    }
    Ok(())
}

fn invariants(queue: &Queue, report: &mut Report) {
    if let Err(problem) = queue.verify_invariants() {
        report.problems.push(format!("After event {}: {problem}", queue.seq()));
    }
}

/// Compares the history of a closed day with its tickets.
fn history(connection: &Connection, queue: &Queue, report: &mut Report) -> Result<u64, Fault> {
    let Some(day) = queue.day() else { return Ok(0) };
    let date = day.date.to_string();
    let mut statement = connection.prepare_cached("select * from visits where ticket = ?1 and day = ?2")?;
    let mut filed = 0;
    for ticket in queue.own_tickets() {
        let row = statement
            .query_row([ticket.id.0, u64::from(day.number)], |row| Ok((past(row)?, row.get::<_, Vec<u8>>("key")?)))
            .optional()?;
        if row != Some((present(&date, queue, ticket), ticket.key.bytes().to_vec())) {
            report.problems.push(format!("{} of {date} is not in the history as it was.", ticket.number));
        }
        filed += 1;
    }
    Ok(filed)
}

/// Whether the history holds tickets that no event knows.
fn strangers(connection: &Connection, filed: u64, report: &mut Report) -> Result<(), Fault> {
    let held: u64 = connection.query_row("select count(*) from visits", [], |row| row.get(0))?;
    if held > filed {
        report.problems.push(format!("The history holds {} tickets that no event knows.", held - filed));
    }
    Ok(())
}
