//! Tickets of a former system: `nowserving import` brings them in, and they teach the estimator.
//!
//! They have a table of their own rather than a place among the visits: they have no number, no key and often no end that is
//! known, and inventing those would make the history a lie that `nowserving check` could no longer tell from damage.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};

use super::Fault;
use super::load::load_queue;
use crate::history::What;
use crate::queue::ServiceId;

/// Ids within one millisecond.
const WITHIN: i64 = 1024;

/// A ticket of a former system. Times are milliseconds since 1970 UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedVisit {
    /// The service of this branch that it counts for.
    pub service: ServiceId,
    /// 0 is none; more goes before less.
    pub priority: u8,
    /// When it was issued.
    pub issued_ms: i64,
    /// Local time ahead of UTC at issue, seconds.
    pub offset_s: i32,
    /// When it was called, not before the issue.
    pub called_ms: Option<i64>,
    /// When the customer gave up; only of a ticket that was not called.
    pub left_ms: Option<i64>,
    /// When service ended, not before the call. Often unknown.
    pub finished_ms: Option<i64>,
    /// The desk that called, as the former system named it.
    pub desk: Option<String>,
    /// Desks open at issue.
    pub open_desks: Option<u32>,
}

/// What became of a ticket that was to be brought in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is new.
    New,
    /// It was brought in before.
    Known,
    /// More than a thousand tickets are of its millisecond: this one is left out.
    Crowded,
}

/// Brings tickets in, in one transaction: all of them or, without [`Importer::commit`], none.
#[derive(Debug)]
pub struct Importer<'a> {
    transaction: Transaction<'a>,
    writes: bool,
    /// The newest id from before; later tickets need not be looked for.
    newest: Option<i64>,
    /// The millisecond of the ticket that was taken last.
    moment: Option<i64>,
    /// Those of that moment from before that were not met again yet.
    from_before: Vec<ImportedVisit>,
    /// Ids used at that moment.
    used: i64,
}

impl<'a> Importer<'a> {
    /// Begins. With `replace`, what was brought in before is forgotten.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn begin(connection: &'a mut Connection, replace: bool) -> Result<Self, Fault> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if replace {
            transaction.execute("delete from imported", [])?;
        }
        Self::new(transaction, true)
    }

    /// Only says what would become of each ticket; for a connection that may not write, beside a branch that is open.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn look(connection: &'a Connection) -> Result<Self, Fault> {
        Self::new(connection.unchecked_transaction()?, false)
    }

    fn new(transaction: Transaction<'a>, writes: bool) -> Result<Self, Fault> {
        let newest = transaction.query_row("select max(id) from imported", [], |row| row.get(0))?;
        Ok(Self { transaction, writes, newest, moment: None, from_before: Vec::new(), used: 0 })
    }

    /// Takes in a ticket. Tickets come in the order of issue. One that is exactly as one from before is that one, so that the
    /// same file twice brings nothing new, while two customers of the same second stay two.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn take(&mut self, visit: &ImportedVisit) -> Result<Taken, Fault> {
        let first = visit.issued_ms.saturating_mul(WITHIN);
        if self.moment != Some(visit.issued_ms) {
            self.moment = Some(visit.issued_ms);
            self.from_before.clear();
            if self.newest.is_some_and(|newest| newest >= first) {
                self.from_before = at_moment(&self.transaction, first)?;
            }
            self.used = i64::try_from(self.from_before.len()).unwrap_or(WITHIN);
        }
        if let Some(at) = self.from_before.iter().position(|before| before == visit) {
            self.from_before.swap_remove(at);
            return Ok(Taken::Known);
        }
        if self.used >= WITHIN {
            return Ok(Taken::Crowded);
        }
        if self.writes {
            insert(&self.transaction, first + self.used, visit)?;
        }
        self.used += 1;
        Ok(Taken::New)
    }

    /// Keeps what was taken in. What is known of waits is learned again at the branch's next start.
    ///
    /// # Errors
    /// A [`Fault`] of the disk: nothing was kept.
    pub fn commit(self) -> Result<(), Fault> {
        if self.writes {
            self.transaction.execute("update snapshots set estimator = null", [])?;
        }
        Ok(self.transaction.commit()?)
    }
}

fn insert(connection: &Connection, id: i64, visit: &ImportedVisit) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "insert into imported (id, service, priority, issued_ms, offset_s, called_ms, left_ms, finished_ms, desk, open_desks)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            id,
            visit.service.as_str(),
            visit.priority,
            visit.issued_ms,
            visit.offset_s,
            visit.called_ms,
            visit.left_ms,
            visit.finished_ms,
            visit.desk,
            visit.open_desks,
        ])?;
    Ok(())
}

fn at_moment(connection: &Connection, first: i64) -> Result<Vec<ImportedVisit>, Fault> {
    let mut statement = connection.prepare_cached("select * from imported where id between ?1 and ?2 order by id")?;
    let rows = statement.query_map([first, first + WITHIN - 1], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<ImportedVisit> {
    let service: String = row.get("service")?;
    Ok(ImportedVisit {
        service: service.as_str().into(),
        priority: row.get("priority")?,
        issued_ms: row.get("issued_ms")?,
        offset_s: row.get("offset_s")?,
        called_ms: row.get("called_ms")?,
        left_ms: row.get("left_ms")?,
        finished_ms: row.get("finished_ms")?,
        desk: row.get("desk")?,
        open_desks: row.get("open_desks")?,
    })
}

/// Hands the newest `count` tickets that were brought in to `take`, in the order of issue.
///
/// # Errors
/// A [`Fault`] of the disk.
pub fn imported(connection: &Connection, count: u32, mut take: impl FnMut(ImportedVisit)) -> Result<(), Fault> {
    let from = "select id from imported order by id desc limit 1 offset ?1";
    let from: Option<i64> = connection.query_row(from, [count.saturating_sub(1)], |row| row.get(0)).optional()?;
    let mut statement = connection.prepare("select * from imported where id >= ?1 order by id")?;
    let mut rows = statement.query([from.unwrap_or(i64::MIN)])?;
    while let Some(row) = rows.next()? {
        take(read(row)?);
    }
    Ok(())
}

/// Hands what happened to the newest `count` tickets that were brought in to `take`, in the order of time, as a history tells it:
/// when, what, and to which ticket. Keeps those tickets in memory meanwhile, some hundred bytes each.
///
/// # Errors
/// A [`Fault`] of the disk.
pub fn imported_in_order(
    connection: &Connection,
    count: u32,
    mut take: impl FnMut(i64, What, &ImportedVisit),
) -> Result<(), Fault> {
    let mut visits = Vec::new();
    imported(connection, count, |visit| visits.push(visit))?;
    in_order(&visits, |at_ms, what, _, visit| take(at_ms, what, visit));
    Ok(())
}

/// Hands what happened to `visits` to `take`, in the order of time: when, what, to which of them.
pub(super) fn in_order<'a>(visits: &'a [ImportedVisit], mut take: impl FnMut(i64, What, usize, &'a ImportedVisit)) {
    let mut happenings: Vec<(i64, What, usize, u8)> = Vec::new();
    for (index, visit) in visits.iter().enumerate() {
        // what happens to a ticket at one moment stays together, in its own order
        let mut last = (visit.issued_ms, What::Issued, index, 0);
        happenings.push(last);
        let later = [(visit.left_ms, What::Left), (visit.called_ms, What::Called), (visit.finished_ms, What::Finished)];
        for (at, what) in later {
            let Some(at) = at else { continue };
            last = if at == last.0 { (at, last.1, index, last.3 + 1) } else { (at, what, index, 0) };
            happenings.push(last);
        }
    }
    happenings.sort_unstable();
    let mut told = vec![0_u8; visits.len()];
    for (at, _, index, _) in happenings {
        let (Some(visit), Some(step)) = (visits.get(index), told.get_mut(index)) else { continue };
        let what = match (*step, visit.left_ms) {
            (0, _) => What::Issued,
            (1, Some(_)) => What::Left,
            (1, None) => What::Called,
            _ => What::Finished,
        };
        *step += 1;
        take(at, what, index, visit);
    }
}

/// The first business day that the branch knows of itself, `YYYY-MM-DD`; `None`: it has not had one.
///
/// # Errors
/// A [`Fault`] of the disk.
pub fn first_own_day(connection: &Connection) -> Result<Option<String>, Fault> {
    let closed: Option<String> = connection.query_row("select min(date) from visits", [], |row| row.get(0))?;
    let newest = load_queue(connection)?.day().map(|day| day.date.to_string());
    Ok(closed.into_iter().chain(newest).min())
}
