//! The rows that a report on answers is made of: visits out of the ledger, what was shown and read out of the journal.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::Fault;
use crate::queue::{ServiceId, TicketId};
use crate::signage::EntryId;
use crate::signage::report::{ReadRow, Rows, SearchRow, Shown, Visit};

/// The most rows of a kind that a report reads: some months of a busy branch.
const MOST: u32 = 200_000;

/// The visits of closed business days from `day` on that began at `from_ms` or later. Reads those days only: `unique (day,
/// number)` is the index.
///
/// # Errors
/// A [`Fault`] of the disk.
pub fn visits_since(connection: &Connection, day: u32, from_ms: i64) -> Result<Vec<Visit>, Fault> {
    let mut statement = connection.prepare_cached(
        "select ticket, service, issued_ms, ended_ms, end = 'left' and coalesce(detail, '') = 'answered', transaction_ms
         from visits where day >= ?1 and issued_ms >= ?2 order by ticket",
    )?;
    let rows = statement.query_map(params![day, from_ms], |row| {
        Ok(Visit {
            ticket: TicketId(row.get(0)?),
            service: ServiceId::from(row.get_ref(1)?.as_str()?),
            issued_ms: row.get(2)?,
            ended_ms: row.get(3)?,
            answered: row.get(4)?,
            transaction_ms: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What was shown, read and looked for from `from_ms` on, and in which half-hours answers were on. Rows that name no entry are
/// left out.
///
/// # Errors
/// A [`Fault`] of the disk.
pub fn journal_since(journal: &Connection, from_ms: i64) -> Result<Rows, Fault> {
    Ok(Rows {
        shown: shown(journal, from_ms)?,
        reads: reads(journal, from_ms)?,
        searches: searches(journal, from_ms)?,
        halves: halves(journal, from_ms)?,
        ..Rows::default()
    })
}

fn shown(journal: &Connection, from_ms: i64) -> Result<BTreeMap<EntryId, Shown>, Fault> {
    // with max(), SQLite takes the title from that row
    let mut statement = journal.prepare_cached(
        "select entry, count(*), sum(shown_ms), sum(concerned), title, max(at_ms) from plays where at_ms >= ?1 group by entry",
    )?;
    let rows = statement.query_map([from_ms], |row| {
        let shown = Shown { times: row.get(1)?, shown_ms: row.get(2)?, exposures: row.get(3)?, title: row.get(4)? };
        Ok((row.get::<_, String>(0)?, shown))
    })?;
    let rows: Vec<_> = rows.collect::<Result<_, _>>()?;
    Ok(rows.into_iter().filter_map(|(id, shown)| Some((EntryId::try_from(id).ok()?, shown))).collect())
}

fn reads(journal: &Connection, from_ms: i64) -> Result<Vec<ReadRow>, Fault> {
    let mut statement = journal.prepare_cached(
        "select at_ms, entry, title, what, ticket from reads where at_ms >= ?1 order by at_ms, rowid limit ?2",
    )?;
    let rows = statement.query_map(params![from_ms, MOST], |row| {
        let ticket: Option<u64> = row.get(4)?;
        let Ok(entry) = EntryId::try_from(row.get::<_, String>(1)?) else { return Ok(None) };
        let ticket = ticket.map(TicketId);
        Ok(Some(ReadRow { at_ms: row.get(0)?, entry, title: row.get(2)?, what: row.get(3)?, ticket }))
    })?;
    let rows: Vec<_> = rows.collect::<Result<_, _>>()?;
    Ok(rows.into_iter().flatten().collect())
}

fn searches(journal: &Connection, from_ms: i64) -> Result<Vec<SearchRow>, Fault> {
    let mut statement = journal
        .prepare_cached("select at_ms, words, fits from searches where at_ms >= ?1 and found = 0 order by at_ms limit ?2")?;
    let rows = statement.query_map(params![from_ms, MOST], |row| {
        Ok(SearchRow { at_ms: row.get(0)?, words: row.get(1)?, fits: row.get(2)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn halves(journal: &Connection, from_ms: i64) -> Result<Vec<(i64, bool)>, Fault> {
    let mut statement =
        journal.prepare_cached("select begin_ms, answers from halves where begin_ms >= ?1 order by begin_ms")?;
    let rows = statement.query_map([from_ms], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
