//! The print spool: paper reaches outside, so every job has a row that says how far it came.
//!
//! queued → sending → sent → confirmed | unknown. After the first byte nothing is sent again by itself: a job found `sending`
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
        let rows = statement.query_map([], |row| {
            let slip = match (row.get(2)?, row.get(3)?) {
                (_, true) => Slip::Voucher,
                (true, false) => Slip::Copy,
                (false, false) => Slip::Ticket,
            };
            Ok(PrintRow { id: row.get(0)?, ticket: TicketId(row.get(1)?), slip })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// At start: what a crash left half sent is unknown from now on. Says how many jobs that are.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn settle(connection: &Connection, now_ms: i64) -> Result<usize, Fault> {
        Ok(connection.execute(
            "update prints set state = 'unknown', detail = 'the program ended while it was printing', wall_ms = ?1
             where state in ('sending', 'sent')",
            [now_ms],
        )?)
    }
}
