//! The print spool: paper reaches outside, so every job has a row that says how far it came.
//!
//! queued → sending → sent → confirmed | unknown. A printer that cannot say when a ticket is out leaves it *sent*, with a detail
//! that says so. After the first byte nothing is sent again by itself: a job found `sending`
//! at start may be on paper, so it becomes `unknown`, and staff may ask for a copy.

use rusqlite::{Connection, params};

use super::Fault;
use crate::queue::TicketId;

/// How far a job came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrintState {
    /// Nothing was sent.
    Queued,
    /// The first byte may be out.
    Sending,
    /// Every byte is out.
    Sent,
    /// The printer said that it is on paper.
    Confirmed,
    /// Nobody knows whether it is on paper.
    Unknown,
}

impl PrintState {
    /// The word in the table.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Confirmed => "confirmed",
            Self::Unknown => "unknown",
        }
    }
}

/// What comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slip {
    /// A new ticket.
    Ticket,
    /// A copy of it that staff asked for.
    Copy,
    /// The voucher of a courtesy.
    Voucher,
}

/// A job that is to be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrintRow {
    /// Its name.
    pub id: i64,
    /// Whose ticket.
    pub ticket: TicketId,
    /// What comes out.
    pub slip: Slip,
}

/// A row of `id, ticket, copy, voucher, …`.
fn print_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<PrintRow> {
    let slip = match (row.get(2)?, row.get(3)?) {
        (_, true) => Slip::Voucher,
        (true, false) => Slip::Copy,
        (false, false) => Slip::Ticket,
    };
    Ok(PrintRow { id: row.get(0)?, ticket: TicketId(row.get(1)?), slip })
}

/// Reads and writes print jobs on a connection.
#[derive(Debug)]
pub struct Spool;

impl Spool {
    /// Adds a job, in the transaction that issues the ticket.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn add(connection: &Connection, ticket: TicketId, slip: Slip, now_ms: i64) -> Result<i64, Fault> {
        let mut statement = connection.prepare_cached(
            "insert into prints (ticket, copy, voucher, state, detail, wall_ms) values (?1, ?2, ?3, 'queued', null, ?4)",
        )?;
        Ok(statement.insert(params![ticket.0, slip == Slip::Copy, slip == Slip::Voucher, now_ms])?)
    }

    /// Writes down how far a job came.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn set(connection: &Connection, id: i64, state: PrintState, detail: Option<&str>, now_ms: i64) -> Result<(), Fault> {
        let mut statement =
            connection.prepare_cached("update prints set state = ?2, detail = ?3, wall_ms = ?4 where id = ?1")?;
        statement.execute(params![id, state.word(), detail, now_ms])?;
        Ok(())
    }

    /// What is to be printed, oldest first.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn queued(connection: &Connection) -> Result<Vec<PrintRow>, Fault> {
        let mut statement =
            connection.prepare_cached("select id, ticket, copy, voucher from prints where state = 'queued' order by id")?;
        let rows = statement.query_map([], print_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The detail of a job that stays *sent*: the printer cannot say more.
    pub const CANNOT_SAY: &str = "this printer cannot say when a ticket is out";

    /// Papers of the open day of which nobody knows whether they came out, and why; not those that were printed again since.
    /// Tickets that have ended are among them.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn doubtful(connection: &Connection) -> Result<Vec<(PrintRow, String)>, Fault> {
        let mut statement = connection.prepare_cached(
            "select id, ticket, copy, voucher, coalesce(detail, '') from prints
             where state = 'unknown' and coalesce(detail, '') not like 'nothing was sent%'
               and not exists (select 1 from prints as later where later.ticket = prints.ticket and later.id > prints.id)
             order by id desc limit 200",
        )?;
        let rows = statement.query_map([], |row| Ok((print_row(row)?, row.get(4)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether the last paper of all may have been broken off in the middle, so that half of it may be in the printer.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn broken_off(connection: &Connection) -> Result<bool, Fault> {
        let mut statement = connection.prepare_cached(
            "select coalesce((select state = 'unknown' from prints where state <> 'queued' order by id desc limit 1), 0)",
        )?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// At start: what a crash left half sent is unknown from now on. Says how many jobs that are.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn settle(connection: &Connection, now_ms: i64) -> Result<usize, Fault> {
        Ok(connection.execute(
            "update prints set state = 'unknown', detail = 'the program ended while it was printing', wall_ms = ?1
             where state = 'sending' or (state = 'sent' and detail is null)",
            [now_ms],
        )?)
    }
}
