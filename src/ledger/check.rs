//! `nowserving check`: is this ledger sound?

use std::path::Path;

use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;

use super::append::{each_event, end_words};
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
pub fn check(path: &Path, mut progress: impl FnMut(u64)) -> Result<Report, Fault> {
    let connection = open_read(path)?;
    let mut report = Report::default();
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
    let snapshot: Option<(u64, String)> = connection
        .query_row("select seq, body from snapshots order by seq desc limit 1", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let mut queue = Queue::default();
    let read = each_event(&connection, 0, |recorded| {
        queue.apply(&recorded);
        report.events += 1;
        if report.events.is_multiple_of(10_000) {
            progress(report.events);
        }
        match &recorded.event {
            Event::Issued { .. } => report.tickets += 1,
            Event::DayOpened { .. } => report.days += 1,
            Event::DayClosed { .. } => {
                invariants(&queue, &mut report);
                history(&connection, &queue, &mut report)?;
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
    });
    match read {
        Ok(()) => invariants(&queue, &mut report),
        Err(fault @ (Fault::Gap { .. } | Fault::Event { .. })) => report.problems.push(fault.to_string()),
        Err(fault) => return Err(fault),
    }
    if snapshot.is_some_and(|(seq, _)| seq > queue.seq()) {
        report.problems.push("The snapshot is newer than the newest event.".into());
    }
    Ok(report)
}

fn invariants(queue: &Queue, report: &mut Report) {
    if let Err(problem) = queue.verify_invariants() {
        report.problems.push(format!("After event {}: {problem}", queue.seq()));
    }
}

/// Compares the history of a closed day with its tickets.
fn history(connection: &Connection, queue: &Queue, report: &mut Report) -> Result<(), Fault> {
    let Some(day) = queue.day() else { return Ok(()) };
    let mut statement = connection.prepare_cached("select number, key, end from visits where ticket = ?1 and day = ?2")?;
    for ticket in queue.tickets() {
        let row = statement
            .query_row([ticket.id.0, u64::from(day.number)], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, String>(2)?))
            })
            .optional()?;
        let (end, ..) = end_words(ticket);
        let expected = (ticket.number.to_string(), ticket.key.bytes().to_vec(), end.to_owned());
        if row.as_ref() != Some(&expected) {
            report.problems.push(format!("{} of {} is not in the history as it was.", ticket.number, day.date));
        }
    }
    Ok(())
}
