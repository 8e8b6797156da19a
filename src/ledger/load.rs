//! Reading a ledger back: the state now, and what is known of waits.

use rusqlite::{Connection, OptionalExtension};

use super::Fault;
use super::learn::learn_again;
use crate::estimate::Estimator;
use crate::queue::{BootId, Moment, Queue, Recorded, Service};

/// What a start reads: the state now, and the events of the open day that led to it from the last snapshot.
#[derive(Debug)]
pub struct Loaded {
    /// The state after the last event.
    pub queue: Queue,
    /// What is known of waits after the last event.
    pub estimator: Estimator,
    /// How many events were read after the snapshot.
    pub replayed: usize,
    /// What was learned anew from the history up to the snapshot, and the snapshot's event: it should be stored, so that the
    /// next start need not.
    pub(super) anew: Option<(u64, String)>,
}

/// The newest snapshot, without what came after it: the state, and what is known of waits as it is stored.
fn snapshot(connection: &Connection) -> Result<(Queue, Option<String>), Fault> {
    let stored: Option<(String, Option<String>)> = connection
        .query_row("select body, estimator from snapshots order by seq desc limit 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    Ok(match stored {
        Some((body, learned)) => (serde_json::from_str::<Queue>(&body).map_err(Fault::Snapshot)?.indexed(), learned),
        None => (Queue::default(), None),
    })
}

/// The state now.
pub(super) fn load_queue(connection: &Connection) -> Result<Queue, Fault> {
    let (mut queue, _) = snapshot(connection)?;
    each_event(connection, queue.seq(), |recorded| {
        queue.apply(&recorded);
        Ok(())
    })?;
    Ok(queue)
}

/// The state now, and what is known of waits.
pub(super) fn load(connection: &Connection) -> Result<Loaded, Fault> {
    let (mut queue, learned) = snapshot(connection)?;
    // a state of another version is no fault: what it knew is in the history too
    let (mut estimator, anew) = match learned.and_then(|text| serde_json::from_str(&text).ok()) {
        Some(estimator) => (estimator, None),
        None => {
            let estimator = learn_again(connection)?;
            let text = serde_json::to_string(&estimator).map_err(Fault::Snapshot)?;
            (estimator, Some((queue.seq(), text)))
        }
    };
    let mut replayed = 0;
    each_event(connection, queue.seq(), |recorded| {
        queue.apply(&recorded);
        estimator.observe(&queue, &recorded);
        replayed += 1;
        Ok(())
    })?;
    Ok(Loaded { queue, estimator, replayed, anew })
}

/// The services that the branch has, as its managers set them.
///
/// # Errors
/// A [`Fault`] if the ledger cannot be read.
pub fn services(connection: &Connection) -> Result<Vec<Service>, Fault> {
    Ok(load_queue(connection)?.services().map(|state| state.service.clone()).collect())
}

/// Reads every event after `after`, in order, and checks that none is missing.
pub(super) fn each_event(
    connection: &Connection,
    after: u64,
    mut take: impl FnMut(Recorded) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut statement = connection.prepare(
        "select seq, first, wall_ms, offset_s, mono_ms, boot, trusted, desk, body from events where seq > ?1 order by seq",
    )?;
    let mut rows = statement.query([after])?;
    let mut expected = after + 1;
    while let Some(row) = rows.next()? {
        let seq: u64 = row.get(0)?;
        if seq != expected {
            return Err(Fault::Gap { expected, found: seq });
        }
        expected += 1;
        let at = Moment {
            wall_ms: row.get(2)?,
            offset_s: row.get(3)?,
            mono_ms: row.get(4)?,
            boot: BootId(row.get(5)?),
            trusted: row.get(6)?,
        };
        let desk: Option<String> = row.get(7)?;
        let body = row.get_ref(8)?.as_str().map_err(rusqlite::Error::from)?;
        let event = serde_json::from_str(body).map_err(|source| Fault::Event { seq, source })?;
        let desk = desk.as_deref().map(Into::into);
        take(Recorded { seq, first: row.get(1)?, at, desk, event })?;
    }
    Ok(())
}
