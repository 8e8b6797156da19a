//! What a customer chose to tell the desk: a name, a question. Kept apart from the events, erased in time, overwritten when
//! erased.

use std::collections::HashMap;

use rusqlite::{Connection, params};

use super::{Fault, checkpoint};
use crate::queue::TicketId;

/// A name and a question for the desk; both optional.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Personal {
    /// What to call the customer.
    pub name: Option<String>,
    /// What it is about.
    pub question: Option<String>,
}

/// Reads and writes personal rows on a connection.
#[derive(Debug)]
pub struct PersonalStore;

impl PersonalStore {
    /// Keeps what a customer said until `erase_after_ms` (wall time); an empty note erases it.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn put(connection: &Connection, ticket: TicketId, note: &Personal, erase_after_ms: i64) -> Result<(), Fault> {
        if *note == Personal::default() {
            connection.execute("delete from personal where ticket = ?1", [ticket.0])?;
        } else {
            connection.execute(
                "insert or replace into personal (ticket, name, question, erase_after_ms) values (?1, ?2, ?3, ?4)",
                params![ticket.0, note.name, note.question, erase_after_ms],
            )?;
        }
        Ok(())
    }

    /// Everything kept now.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn all(connection: &Connection) -> Result<HashMap<TicketId, Personal>, Fault> {
        let mut statement = connection.prepare("select ticket, name, question from personal")?;
        let rows = statement
            .query_map([], |row| Ok((TicketId(row.get(0)?), Personal { name: row.get(1)?, question: row.get(2)? })))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Erases what is due at `now_ms`, and the copies of it in the write-ahead log. Says how many rows went.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn erase_due(connection: &Connection, now_ms: i64) -> Result<usize, Fault> {
        let erased = connection.execute("delete from personal where erase_after_ms <= ?1", [now_ms])?;
        // truncated whether rows went or not: the log may have been busy the last time
        checkpoint(connection, true)?;
        Ok(erased)
    }
}
