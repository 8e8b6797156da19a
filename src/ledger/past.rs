//! Reading back: the branch as it stands, and the events of the last weeks.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

use super::load::{each_event, load_queue};
use super::{Fault, open_read};
use crate::queue::{Queue, Recorded};

/// How many events are passed over at a time while looking for the beginning.
const STRIDE: u64 = 20_000;
const DAY_MS: i64 = 86_400_000;

/// Hands the events of the last `weeks` weeks of the ledger at `path` to `take`, oldest first, counted from the newest visit of
/// a closed day; earlier ones may come before them. Gives the state after all of them. One moment's view, while the branch goes on writing.
///
/// # Errors
/// A [`Fault`] if the ledger cannot be read or an event is missing.
pub fn past(path: &Path, weeks: u32, mut take: impl FnMut(&Recorded)) -> Result<Queue, Fault> {
    let connection = open_read(path)?;
    let transaction = connection.unchecked_transaction()?;
    let after = beginning(&transaction, weeks)?;
    each_event(&transaction, after, |recorded| {
        take(&recorded);
        Ok(())
    })?;
    load_queue(&transaction)
}

/// An event after which nothing of the last `weeks` weeks is missing. There is no index by time, and wall clocks may have been
/// wrong: so it steps back from the end until an event by a trusted clock is old enough. Nothing before that is younger.
fn beginning(connection: &Connection, weeks: u32) -> Result<u64, Fault> {
    let mut statement =
        connection.prepare("select seq, wall_ms, trusted from events where seq <= ?1 order by seq desc limit 1")?;
    let mut at = |seq: u64| {
        let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, u64>(0)?, row.get::<_, i64>(1)?, row.get::<_, bool>(2)?));
        statement.query_row([seq], row).optional()
    };
    let visit =
        connection.query_row("select issued_ms from visits order by ticket desc limit 1", [], |row| row.get::<_, i64>(0));
    let (Some(newest), Some((mut seq, ..))) = (visit.optional()?, at(i64::MAX.unsigned_abs())?) else { return Ok(0) };
    // two days more, so that the day before the first one is there and says which desks stayed open
    let since = newest.saturating_sub(DAY_MS * (i64::from(weeks) * 7 + 2));
    while seq > STRIDE {
        seq -= STRIDE;
        match at(seq)? {
            Some((_, wall_ms, true)) if wall_ms < since => return Ok(seq),
            _ => {}
        }
    }
    Ok(0)
}
