//! How services, desks, hours and rules were changed: out of the events, so that each change can be put back.

use rusqlite::{Connection, params};

use super::Fault;
use crate::queue::Event;

/// So far back changes are looked for, events: some weeks of a busy branch.
const BACK: i64 = 300_000;

/// A change, as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Its event.
    pub seq: u64,
    /// When, wall clock, milliseconds.
    pub wall_ms: i64,
    /// Who: `staff:Anna`, `settings`.
    pub actor: String,
    /// What it became.
    pub event: Event,
}

/// The changes of the last 300,000 events, newest first.
///
/// # Errors
/// A [`Fault`] of the disk, or an event that cannot be read.
pub fn changes(connection: &Connection) -> Result<Vec<Change>, Fault> {
    // an event's text begins with its name: comparing that is much faster than reading the JSON
    let mut statement = connection.prepare_cached(
        "select seq, wall_ms, actor, body from events where seq > (select coalesce(max(seq), 0) from events) - ?1
         and (body glob '{\"event\":\"service_put\"*' or body glob '{\"event\":\"service_removed\"*'
           or body glob '{\"event\":\"desk_put\"*' or body glob '{\"event\":\"desk_removed\"*'
           or body glob '{\"event\":\"hours_put\"*' or body glob '{\"event\":\"rules_put\"*') order by seq desc",
    )?;
    let mut rows = statement.query(params![BACK])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        let seq = row.get(0)?;
        let body = row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?;
        let event = serde_json::from_str(body).map_err(|source| Fault::Event { seq, source })?;
        changes.push(Change { seq, wall_ms: row.get(1)?, actor: row.get(2)?, event });
    }
    Ok(changes)
}
