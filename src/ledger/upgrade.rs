//! Leads a ledger of an older version to today's schema, one version at a time, in one transaction.

use std::path::Path;

use rusqlite::Connection;

use super::{APPLICATION_ID, Fault, SCHEMA, SCHEMA_VERSION};

/// The statements that lead from version `i + 1` to `i + 2`.
const STEPS: &[&str] = &[];

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

/// Makes the schema in an empty file or upgrades an older one.
pub(super) fn upgrade(connection: &mut Connection, path: &Path) -> Result<(), Fault> {
    let (id, version) = marks(connection, path)?;
    if (id, version) == (APPLICATION_ID, SCHEMA_VERSION) {
        return Ok(());
    }
    let empty: bool = connection.query_row("select not exists (select 1 from sqlite_schema)", [], |row| row.get(0))?;
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    if empty && (id, version) == (0, 0) {
        transaction.execute_batch(SCHEMA)?;
    } else if id != APPLICATION_ID || version < 1 {
        return Err(Fault::NotALedger(path.to_owned()));
    } else if version > SCHEMA_VERSION {
        return Err(Fault::Newer { found: version });
    } else {
        let from = usize::try_from(version - 1).unwrap_or(0);
        for step in STEPS.iter().skip(from) {
            transaction.execute_batch(step)?;
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
        // an older one is upgraded by whoever writes
        (APPLICATION_ID, 1..) => Ok(()),
        _ => Err(Fault::NotALedger(path.to_owned())),
    }
}
