//! How useful entries proved, out of the journal.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::Fault;
use crate::signage::{EntryId, Proved};

/// How often each entry was opened, and how often it helped, since `since_ms` (wall clock, milliseconds).
///
/// # Errors
/// A [`Fault`] of the disk.
pub fn proved(journal: &Connection, since_ms: i64) -> Result<BTreeMap<EntryId, Proved>, Fault> {
    let mut statement = journal.prepare_cached(
        "select entry, sum(what = 'opened'), sum(what = 'helped') from reads where at_ms >= ?1 group by entry",
    )?;
    let rows = statement
        .query_map([since_ms], |row| Ok((row.get::<_, String>(0)?, Proved { opened: row.get(1)?, helped: row.get(2)? })))?;
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    Ok(rows.into_iter().filter_map(|(entry, proved)| Some((EntryId::try_from(entry).ok()?, proved))).collect())
}
