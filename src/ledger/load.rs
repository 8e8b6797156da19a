//! Reading a ledger back: the state now, and what is known of waits.

use rusqlite::{Connection, OptionalExtension, params};

use super::Fault;
use super::import::imported_in_order;
use crate::estimate::Estimator;
use crate::history::What;
use crate::queue::{BootId, End, Moment, Phase, Queue, Recorded, Service, ServiceId};

/// Past visits of each service that an estimator is learned again from.
const LEARNED_FROM: u32 = 50;
/// Newest tickets of a former system that an estimator is warmed up with: a few weeks of a busy branch.
const WARMED_UP_FROM: u32 = 20_000;

/// What a start reads: the state now, and the events of the open day that led to it from the last snapshot.
#[derive(Debug)]
pub struct Loaded {
    /// The state after the last event.
    pub queue: Queue,
    /// What is known of waits after the last event.
    pub estimator: Estimator,
    /// How many events were read after the snapshot.
    pub replayed: usize,
}

/// Reads the newest snapshot and what came after it.
pub(super) fn load(connection: &Connection) -> Result<Loaded, Fault> {
    let stored: Option<(String, Option<String>)> = connection
        .query_row("select body, estimator from snapshots order by seq desc limit 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let (mut queue, learned) = match stored {
        Some((body, learned)) => (serde_json::from_str::<Queue>(&body).map_err(Fault::Snapshot)?.indexed(), learned),
        None => (Queue::default(), None),
    };
    // a state of another version is no fault: what it knew is in the history too
    let mut estimator = match learned.and_then(|text| serde_json::from_str(&text).ok()) {
        Some(estimator) => estimator,
        None => learn_again(connection, &queue)?,
    };
    let mut replayed = 0;
    each_event(connection, queue.seq(), |recorded| {
        queue.apply(&recorded);
        estimator.observe(&queue, &recorded);
        replayed += 1;
        Ok(())
    })?;
    Ok(Loaded { queue, estimator, replayed })
}

/// What the history and the open day of a snapshot teach about waits, where the snapshot does not say.
fn learn_again(connection: &Connection, queue: &Queue) -> Result<Estimator, Fault> {
    let mut estimator = Estimator::default();
    warm_up(connection, &mut estimator)?;
    let services: Vec<_> = queue.services().map(|state| state.service.id.clone()).collect();
    for (service, busy_ms) in past_visits(connection, &services, LEARNED_FROM)? {
        estimator.learn(&service, busy_ms);
    }
    for ticket in queue.tickets() {
        if matches!(ticket.phase, Phase::Ended(End::Finished { .. }))
            && let Some(busy_ms) = ticket.called.zip(ticket.ended).and_then(|(called, ended)| called.until(&ended))
        {
            estimator.learn(&ticket.service, busy_ms);
        }
    }
    Ok(estimator)
}

/// What the tickets of a former system teach, in the order in which it happened.
fn warm_up(connection: &Connection, estimator: &mut Estimator) -> Result<(), Fault> {
    imported_in_order(connection, WARMED_UP_FROM, |at_ms, what, visit| {
        // how long a desk had each ticket is all that this estimator learns from
        if let (What::Finished, Some(called_ms)) = (what, visit.called_ms)
            && let Ok(busy_ms) = u64::try_from(at_ms - called_ms)
        {
            estimator.learn(&visit.service, busy_ms);
        }
    })
}

/// The services that the branch has, as its managers set them.
///
/// # Errors
/// A [`Fault`] if the ledger cannot be read.
pub fn services(connection: &Connection) -> Result<Vec<Service>, Fault> {
    Ok(load(connection)?.queue.services().map(|state| state.service.clone()).collect())
}

/// What past visits took at a desk, per service, oldest first: at most `count` each, milliseconds from call to finish.
fn past_visits(connection: &Connection, services: &[ServiceId], count: u32) -> Result<Vec<(ServiceId, u64)>, Fault> {
    let mut statement = connection.prepare(
        "select ended_ms - called_ms from visits
         where service = ?1 and end = 'finished' and waiting_ms is not null and ended_ms >= called_ms
           and ticket > (select coalesce(max(ticket), 0) - 5000 from visits)
         order by ticket desc limit ?2",
    )?;
    let mut visits = Vec::new();
    for service in services {
        let rows = statement.query_map(params![service.as_str(), count], |row| row.get::<_, u64>(0))?;
        let mut newest_first = rows.collect::<Result<Vec<_>, _>>()?;
        newest_first.reverse();
        visits.extend(newest_first.into_iter().map(|ms| (service.clone(), ms)));
    }
    Ok(visits)
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
