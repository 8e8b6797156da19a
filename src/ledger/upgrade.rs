//! Leads a ledger of an older version to today's schema, one version at a time, in one transaction.

use std::path::Path;

use rusqlite::Connection;

use super::append::file_promise;
use super::load::each_event;
use super::{APPLICATION_ID, Fault, SCHEMA, SCHEMA_VERSION};
use crate::queue::{Event, Queue};

type Fill = fn(&Connection) -> Result<(), Fault>;

/// What leads from one version to the next.
struct Step {
    /// New tables and columns.
    sql: &'static str,
    /// What statements cannot say: reads the events and fills what is new. `None`: nothing.
    fill: Option<Fill>,
}

/// `STEPS[i]` leads from version `i + 1` to `i + 2`.
const STEPS: &[Step] = &[
    Step { sql: include_str!("upgrade/2.sql"), fill: Some(fill_promises) },
    Step { sql: include_str!("upgrade/3.sql"), fill: None },
    Step { sql: include_str!("upgrade/4.sql"), fill: None },
];

/// Version 2 keeps what came of each promise. The events of older ledgers know it.
fn fill_promises(connection: &Connection) -> Result<(), Fault> {
    let mut queue = Queue::default();
    let filled = each_event(connection, 0, |recorded| {
        queue.apply(&recorded);
        if matches!(recorded.event, Event::DayClosed { .. }) {
            for ticket in queue.own_tickets() {
                file_promise(connection, &queue, ticket)?;
            }
        }
        Ok(())
    });
    match filled {
        // the day goes on from its snapshot; that the years before it are damaged, `nowserving check` says
        Err(fault @ (Fault::Gap { .. } | Fault::Event { .. })) => {
            tracing::warn!(%fault, "the history of promises is not complete");
            Ok(())
        }
        filled => filled,
    }
}

/// What a file says it is: application id and schema version.
fn marks(connection: &Connection, path: &Path) -> Result<(i32, i32), Fault> {
    let read = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    match (read("application_id"), read("user_version")) {
        (Ok(id), Ok(version)) => Ok((id, version)),
        (Err(error), _) | (_, Err(error)) => match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => Err(Fault::NotALedger(path.to_owned())),
            _ => Err(error.into()),
        },
    }
}

/// The version of a ledger that may be written; 0 is an empty file, which may become one. Everything else is refused before
/// anything is written: even the change to WAL would alter a file that is not ours.
pub(super) fn writable_version(connection: &Connection, path: &Path) -> Result<i32, Fault> {
    match marks(connection, path)? {
        (APPLICATION_ID, found) if found > SCHEMA_VERSION => Err(Fault::Newer { found }),
        (APPLICATION_ID, version @ 1..) => Ok(version),
        (0, 0) => {
            let sql = "select not exists (select 1 from sqlite_schema)";
            let empty: bool = connection.query_row(sql, [], |row| row.get(0))?;
            if empty { Ok(0) } else { Err(Fault::NotALedger(path.to_owned())) }
        }
        _ => Err(Fault::NotALedger(path.to_owned())),
    }
}

/// Makes the schema in an empty file or upgrades an older one.
pub(super) fn upgrade(connection: &mut Connection, path: &Path) -> Result<(), Fault> {
    if writable_version(connection, path)? == SCHEMA_VERSION {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    // asked again inside: two programs may have come to an older ledger at once
    match writable_version(&transaction, path)? {
        0 => transaction.execute_batch(SCHEMA)?,
        version => {
            let from = usize::try_from(version - 1).unwrap_or(0);
            for step in STEPS.iter().skip(from) {
                transaction.execute_batch(step.sql)?;
                if let Some(fill) = step.fill {
                    fill(&transaction)?;
                }
            }
        }
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()?;
    Ok(())
}

/// Refuses a file that is not a ledger of exactly today's version.
pub(super) fn expect_current(connection: &Connection, path: &Path) -> Result<(), Fault> {
    match marks(connection, path)? {
        (APPLICATION_ID, SCHEMA_VERSION) => Ok(()),
        (APPLICATION_ID, found) if found > SCHEMA_VERSION => Err(Fault::Newer { found }),
        // upgraded by whoever writes
        (APPLICATION_ID, found @ 1..) => Err(Fault::Older { found }),
        _ => Err(Fault::NotALedger(path.to_owned())),
    }
}
