//! Appending events, and reading the open day back.

use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use rusqlite::{Connection, params};

use super::Fault;
use super::load::{Loaded, load};
use crate::estimate::Estimator;
use crate::queue::{BootId, EVENT_VERSION, End, GivenCourtesy, Moment, PromiseVoid, Queue, Recorded, Ticket, TicketId};

/// How long the write-ahead log is from the start, bytes: what comes between two checkpoints.
const LOG_ROOM: u64 = 2 * 1024 * 1024;

/// Who asked for an event, and under which request name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// `rule`, `customer`, `device:NAME`, `staff:NAME`.
    pub actor: String,
    /// Idempotency key and fingerprint of the request.
    pub key: Option<String>,
}

/// The one connection that appends events.
#[derive(Debug)]
pub struct Writer {
    connection: Connection,
}

impl Writer {
    /// Opens the ledger at `path` for appending.
    ///
    /// # Errors
    /// A [`Fault`], see [`super::open`].
    pub fn open(path: &Path) -> Result<Self, Fault> {
        Ok(Self { connection: super::open(path)? })
    }

    /// The number of a boot; a new one gets the next.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn boot(&self, name: &str, wall_ms: i64) -> Result<BootId, Fault> {
        self.connection.execute(
            "insert into boots (name, wall_ms) values (?1, ?2) on conflict (name) do nothing",
            params![name, wall_ms],
        )?;
        let id = self.connection.query_row("select id from boots where name = ?1", [name], |row| row.get(0))?;
        Ok(BootId(id))
    }

    /// Reads the newest snapshot and what came after it.
    ///
    /// # Errors
    /// A [`Fault`] of the disk, or an event that cannot be read.
    pub fn load(&self) -> Result<Loaded, Fault> {
        let loaded = load(&self.connection)?;
        if let Some((seq, learned)) = &loaded.anew {
            self.connection.execute("update snapshots set estimator = ?2 where seq = ?1", params![seq, learned])?;
        }
        Ok(loaded)
    }

    /// The named requests of the newest `count` events, oldest first: key, first event, and the ticket it was about.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn recent_requests(&self, count: u64) -> Result<Vec<(String, u64, Option<TicketId>)>, Fault> {
        let mut statement = self.connection.prepare(
            "select request, first, body ->> 'ticket' from events
             where seq > (select coalesce(max(seq), 0) - ?1 from events) and request is not null order by seq",
        )?;
        let rows = statement
            .query_map([count], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, Option<u64>>(2)?.map(TicketId))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Makes the write-ahead log as long as it will be between two checkpoints. A commit then overwrites what is there: where
    /// it makes the file longer, its sync writes the new length too, which costs as much again.
    ///
    /// What is added are zeroes. SQLite reads a log up to the first frame that is none. A disk without room for it only makes
    /// commits slower.
    pub fn make_room(&self) {
        if let Err(error) = self.lengthen_log() {
            tracing::warn!(%error, "the ledger's log was not made longer");
        }
    }

    fn lengthen_log(&self) -> Result<(), Fault> {
        let Some(path) = self.connection.path() else { return Ok(()) };
        let path = Path::new(path).with_extension("db-wal");
        // nobody else writes to the log, or cuts it, before this is over
        self.begin()?;
        let io = |source| Fault::io(&path, source);
        let lengthened = std::fs::OpenOptions::new().write(true).open(&path).and_then(|mut log| {
            let long = log.seek(SeekFrom::End(0))?;
            let zeroes = vec![0; usize::try_from(LOG_ROOM.saturating_sub(long)).unwrap_or(0)];
            log.write_all(&zeroes)?;
            Ok(log)
        });
        self.commit()?;
        lengthened.and_then(|log| log.sync_data()).map_err(io)
    }

    /// Begins a group of commands that become durable together.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn begin(&self) -> Result<(), Fault> {
        self.connection.prepare_cached("begin immediate")?.execute([])?;
        Ok(())
    }

    /// Adds an event to the group.
    ///
    /// # Errors
    /// A [`Fault`] of the disk: the group must be rolled back.
    pub fn append(&self, recorded: &Recorded, request: &Request) -> Result<(), Fault> {
        let body = serde_json::to_string(&recorded.event).map_err(|source| Fault::Event { seq: recorded.seq, source })?;
        let at = &recorded.at;
        let mut statement = self.connection.prepare_cached(
            "insert into events (seq, first, version, wall_ms, offset_s, mono_ms, boot, trusted, desk, actor, request, body)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?;
        statement.execute(params![
            recorded.seq,
            recorded.first,
            EVENT_VERSION,
            at.wall_ms,
            at.offset_s,
            at.mono_ms,
            at.boot.0,
            at.trusted,
            recorded.desk.as_ref().map(|desk| desk.as_str()),
            request.actor,
            request.key,
            body
        ])?;
        Ok(())
    }

    /// Adds what a new day needs: the state it starts from, and what is known of waits. Older snapshots are of no use any more.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn snapshot(&self, queue: &Queue, estimator: &Estimator) -> Result<(), Fault> {
        let body = serde_json::to_string(queue).map_err(Fault::Snapshot)?;
        let learned = serde_json::to_string(estimator).map_err(Fault::Snapshot)?;
        self.connection.execute("delete from snapshots where seq <> ?1", [queue.seq()])?;
        self.connection.execute(
            "insert or replace into snapshots (seq, body, estimator) values (?1, ?2, ?3)",
            params![queue.seq(), body, learned],
        )?;
        Ok(())
    }

    /// Adds the tickets of a day that has just closed to the history.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn file_day(&self, queue: &Queue) -> Result<(), Fault> {
        let Some(day) = queue.day() else { return Ok(()) };
        let date = day.date.to_string();
        for ticket in queue.own_tickets() {
            file(&self.connection, day.number, &date, ticket)?;
            file_promise(&self.connection, queue, ticket)?;
        }
        Ok(())
    }

    /// Makes the group durable: when this returns, a power cut loses none of it.
    ///
    /// # Errors
    /// A [`Fault`] of the disk: nothing of the group is kept.
    pub fn commit(&self) -> Result<(), Fault> {
        self.connection.prepare_cached("commit")?.execute([])?;
        Ok(())
    }

    /// Gives the group up.
    pub fn rollback(&self) {
        if !self.connection.is_autocommit()
            && let Err(error) = self.connection.execute_batch("rollback")
        {
            tracing::error!(%error, "the ledger could not roll back");
        }
    }

    /// The connection, for tables that share the group's transaction.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.connection
    }
}

fn file(connection: &Connection, day: u32, date: &str, ticket: &Ticket) -> Result<(), Fault> {
    let (end, detail, inferred) = end_words(ticket);
    let word = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let detail = detail.as_ref().and_then(word);
    let origin = serde_json::to_value(ticket.origin).ok().as_ref().and_then(word).unwrap_or_default();
    let ended = ticket.ended.unwrap_or(ticket.issued);
    let wall = |moment: &Option<Moment>| moment.as_ref().map(|moment| moment.wall_ms);
    connection
        .prepare_cached(
            "insert into visits (ticket, day, date, number, key, service, class, origin, issued_ms, called_ms, started_ms,
               ended_ms, desk, end, detail, inferred, waiting_ms, transaction_ms, promise_from, promise_to, delays, requeues,
               transfers)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)",
        )?
        .execute(params![
            ticket.id.0,
            day,
            date,
            ticket.number.as_str(),
            ticket.key.bytes(),
            ticket.service.as_str(),
            ticket.class.as_ref().map(|class| class.as_str()),
            origin,
            ticket.issued.wall_ms,
            wall(&ticket.called),
            wall(&ticket.started),
            ended.wall_ms,
            ticket.desk.as_ref().map(|desk| desk.as_str()),
            end,
            detail,
            inferred,
            ticket.waiting_ms(),
            ticket.transaction_ms(),
            ticket.promise.map(|promise| promise.from_min),
            ticket.promise.map(|promise| promise.to_min),
            ticket.delays,
            ticket.requeues,
            ticket.transfers,
        ])?;
    Ok(())
}

/// Adds to a row of the history what came of its promise. An upgrade calls it too, for rows that older programs wrote.
pub(super) fn file_promise(connection: &Connection, queue: &Queue, ticket: &Ticket) -> Result<(), Fault> {
    let forecast = ticket.promise.and_then(|promise| promise.forecast);
    let given = queue.courtesy(ticket.id);
    connection
        .prepare_cached(
            "update visits set first_wait_ms = ?2, uncalled_ms = ?3, learning = ?4, void = ?5, forecast_low_s = ?6,
               forecast_mid_s = ?7, forecast_high_s = ?8, forecast_naive_s = ?9, forecast_ahead = ?10, forecast_desks = ?11,
               forecast_model = ?12, courtesy = ?13, redeemed = ?14
             where ticket = ?1",
        )?
        .execute(params![
            ticket.id.0,
            ticket.first_wait_ms(),
            ticket.uncalled_ms(),
            ticket.promise.map(|promise| promise.learning),
            ticket.promise_void.map(PromiseVoid::word),
            forecast.map(|forecast| forecast.low_s),
            forecast.map(|forecast| forecast.mid_s),
            forecast.map(|forecast| forecast.high_s),
            forecast.and_then(|forecast| forecast.naive_s),
            forecast.map(|forecast| forecast.ahead),
            forecast.map(|forecast| forecast.desks),
            forecast.map(|forecast| forecast.model),
            given.map(courtesy_word),
            given.filter(|given| given.courtesy.code.is_some()).map(|given| given.redeemed.is_some()),
        ])?;
    Ok(())
}

/// What was given, in a word.
pub(super) fn courtesy_word(given: &GivenCourtesy) -> &'static str {
    if given.courtesy.code.is_some() { "voucher" } else { "text" }
}

/// How an ended ticket's row says how it ended: the word, its outcome or reason, and whether that was inferred.
pub(super) fn end_words(ticket: &Ticket) -> (&'static str, Option<serde_json::Value>, bool) {
    match &ticket.phase {
        crate::queue::Phase::Ended(End::Finished { outcome, inferred }) => {
            ("finished", serde_json::to_value(outcome).ok(), *inferred)
        }
        crate::queue::Phase::Ended(End::Left { reason }) => ("left", serde_json::to_value(reason).ok(), false),
        crate::queue::Phase::Ended(End::NoShow) => ("no_show", None, false),
        _ => ("day_closed", None, false),
    }
}
