//! `nowserving export`: history for spreadsheets and programs. No keys, names or questions.

use std::io::Write;

use rusqlite::Connection;
use serde::Serialize;

use super::append::{courtesy_word, end_words};
use super::load::load_queue;
use super::{Fault, open_read};
use crate::queue::{Queue, Ticket};

/// How history is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ExportFormat {
    /// A header, then a line a ticket.
    Csv,
    /// A JSON object a line.
    Jsonl,
}

/// One ticket of the past. Times are RFC 3339 in UTC; empty where something did not happen or no clock could tell.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VisitRow {
    /// The business day.
    pub date: String,
    /// What people read.
    pub number: String,
    /// The service it ended in.
    pub service: String,
    /// Its priority class.
    pub priority: Option<String>,
    /// Where it was taken.
    pub origin: String,
    /// Issue.
    pub issued_at: Option<String>,
    /// Last call.
    pub called_at: Option<String>,
    /// Start of service.
    pub started_at: Option<String>,
    /// When the customer gave up, if so.
    pub left_at: Option<String>,
    /// When service ended, if so.
    pub finished_at: Option<String>,
    /// The desk of the last call.
    pub desk: Option<String>,
    /// `finished`, `left`, `no_show`, `day_closed`, or `open` if it has not ended.
    pub end: String,
    /// Outcome or reason.
    pub detail: Option<String>,
    /// Whether the end was inferred from the next call.
    pub inferred: bool,
    /// Issue to last call, seconds.
    pub waiting_s: Option<u64>,
    /// Start to finish, seconds.
    pub transaction_s: Option<u64>,
    /// What was promised, minutes.
    pub promise_from_min: Option<u32>,
    /// See `promise_from_min`.
    pub promise_to_min: Option<u32>,
    /// How often others were let pass.
    pub delays: u32,
    /// How often it came back after not coming.
    pub requeues: u32,
    /// How often it was transferred.
    pub transfers: u32,
    /// Issue to first call, seconds: what the promise is scored by.
    pub first_wait_s: Option<u64>,
    /// Issue to the end of a ticket that was never called, seconds.
    pub uncalled_s: Option<u64>,
    /// Whether the promise was labelled "learning".
    pub promise_learning: Option<bool>,
    /// Why the promise did not hold to the first call: `delayed` or `transferred`.
    pub promise_void: Option<String>,
    /// What the promise was made of, seconds: one in ten should be called sooner.
    pub forecast_low_s: Option<u32>,
    /// Half should be called sooner.
    pub forecast_mid_s: Option<u32>,
    /// One in ten should be called later.
    pub forecast_high_s: Option<u32>,
    /// What the simple formula said.
    pub forecast_naive_s: Option<u32>,
    /// How many would be served first.
    pub forecast_ahead: Option<u32>,
    /// How many desks served the line.
    pub forecast_desks: Option<u32>,
    /// Kind and version of the estimator.
    pub forecast_model: Option<u32>,
    /// What was given for a promise broken late: `text` or `voucher`.
    pub courtesy: Option<String>,
    /// Whether staff took that voucher.
    pub courtesy_redeemed: Option<bool>,
}

fn rfc3339(ms: Option<i64>) -> Option<String> {
    let at = chrono::DateTime::from_timestamp_millis(ms?)?;
    Some(at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
}

pub(super) fn past(row: &rusqlite::Row<'_>) -> rusqlite::Result<VisitRow> {
    let end: String = row.get("end")?;
    let ended = rfc3339(row.get("ended_ms")?);
    Ok(VisitRow {
        date: row.get("date")?,
        number: row.get("number")?,
        service: row.get("service")?,
        priority: row.get("class")?,
        origin: row.get("origin")?,
        issued_at: rfc3339(row.get("issued_ms")?),
        called_at: rfc3339(row.get("called_ms")?),
        started_at: rfc3339(row.get("started_ms")?),
        left_at: ended.clone().filter(|_| end == "left"),
        finished_at: ended.filter(|_| end == "finished"),
        desk: row.get("desk")?,
        end,
        detail: row.get("detail")?,
        inferred: row.get("inferred")?,
        waiting_s: row.get::<_, Option<u64>>("waiting_ms")?.map(|ms| ms / 1000),
        transaction_s: row.get::<_, Option<u64>>("transaction_ms")?.map(|ms| ms / 1000),
        promise_from_min: row.get("promise_from")?,
        promise_to_min: row.get("promise_to")?,
        delays: row.get("delays")?,
        requeues: row.get("requeues")?,
        transfers: row.get("transfers")?,
        first_wait_s: row.get::<_, Option<u64>>("first_wait_ms")?.map(|ms| ms / 1000),
        uncalled_s: row.get::<_, Option<u64>>("uncalled_ms")?.map(|ms| ms / 1000),
        promise_learning: row.get("learning")?,
        promise_void: row.get("void")?,
        forecast_low_s: row.get("forecast_low_s")?,
        forecast_mid_s: row.get("forecast_mid_s")?,
        forecast_high_s: row.get("forecast_high_s")?,
        forecast_naive_s: row.get("forecast_naive_s")?,
        forecast_ahead: row.get("forecast_ahead")?,
        forecast_desks: row.get("forecast_desks")?,
        forecast_model: row.get("forecast_model")?,
        courtesy: row.get("courtesy")?,
        courtesy_redeemed: row.get("redeemed")?,
    })
}

pub(super) fn present(date: &str, queue: &Queue, ticket: &Ticket) -> VisitRow {
    let given = queue.courtesy(ticket.id);
    let (end, detail, inferred) = end_words(ticket);
    let end = if ticket.is_over() { end } else { "open" };
    let wall = |moment: &Option<crate::queue::Moment>| rfc3339(moment.as_ref().map(|moment| moment.wall_ms));
    let word = |value: serde_json::Value| value.as_str().map(str::to_owned);
    let forecast = ticket.promise.and_then(|promise| promise.forecast);
    VisitRow {
        date: date.to_owned(),
        number: ticket.number.to_string(),
        service: ticket.service.to_string(),
        priority: ticket.class.as_ref().map(ToString::to_string),
        origin: serde_json::to_value(ticket.origin).ok().and_then(word).unwrap_or_default(),
        issued_at: wall(&Some(ticket.issued)),
        called_at: wall(&ticket.called),
        started_at: wall(&ticket.started),
        left_at: wall(&ticket.ended).filter(|_| end == "left"),
        finished_at: wall(&ticket.ended).filter(|_| end == "finished"),
        desk: ticket.desk.as_ref().map(ToString::to_string),
        end: end.to_owned(),
        detail: detail.and_then(word),
        inferred,
        waiting_s: ticket.waiting_ms().map(|ms| ms / 1000),
        transaction_s: ticket.transaction_ms().map(|ms| ms / 1000),
        promise_from_min: ticket.promise.map(|promise| promise.from_min),
        promise_to_min: ticket.promise.map(|promise| promise.to_min),
        delays: ticket.delays,
        requeues: ticket.requeues,
        transfers: ticket.transfers,
        first_wait_s: ticket.first_wait_ms().map(|ms| ms / 1000),
        uncalled_s: ticket.uncalled_ms().map(|ms| ms / 1000),
        promise_learning: ticket.promise.map(|promise| promise.learning),
        promise_void: ticket.promise_void.map(|void| void.word().to_owned()),
        forecast_low_s: forecast.map(|forecast| forecast.low_s),
        forecast_mid_s: forecast.map(|forecast| forecast.mid_s),
        forecast_high_s: forecast.map(|forecast| forecast.high_s),
        forecast_naive_s: forecast.and_then(|forecast| forecast.naive_s),
        forecast_ahead: forecast.map(|forecast| forecast.ahead),
        forecast_desks: forecast.map(|forecast| forecast.desks),
        forecast_model: forecast.map(|forecast| forecast.model),
        courtesy: given.map(|given| courtesy_word(given).to_owned()),
        courtesy_redeemed: given.filter(|given| given.courtesy.code.is_some()).map(|given| given.redeemed.is_some()),
    }
}

/// The error of the output itself, with its kind: a reader that has gone away is told from a full disk.
fn csv_io(error: csv::Error) -> std::io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => std::io::Error::other(format!("{other:?}")),
    }
}

/// Hands every ticket of the ledger to `take`, oldest first, those of an open day last.
fn each_visit(connection: &Connection, mut take: impl FnMut(&VisitRow) -> Result<(), Fault>) -> Result<(), Fault> {
    let mut statement = connection.prepare("select * from visits order by ticket")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        take(&past(row)?)?;
    }
    let queue = load_queue(connection)?;
    if let Some(day) = queue.open_day() {
        let date = day.date.to_string();
        for ticket in queue.own_tickets() {
            take(&present(&date, &queue, ticket))?;
        }
    }
    Ok(())
}

/// Writes the history of the ledger at `path` to `out`. Says how many tickets that were.
///
/// # Errors
/// A [`Fault`] if the ledger cannot be read or the output cannot be written.
pub fn export(path: &std::path::Path, format: ExportFormat, out: impl Write) -> Result<u64, Fault> {
    let connection = open_read(path)?;
    // one transaction, so that a day which closes meanwhile is neither lost nor written twice
    let transaction = connection.unchecked_transaction()?;
    let output = |error: std::io::Error| Fault::io(std::path::Path::new("output"), error);
    let mut count = 0;
    match format {
        ExportFormat::Csv => {
            let mut writer = csv::Writer::from_writer(out);
            each_visit(&transaction, |row| {
                count += 1;
                writer.serialize(row).map_err(|error| output(csv_io(error)))
            })?;
            writer.flush().map_err(output)?;
        }
        ExportFormat::Jsonl => {
            let mut out = std::io::BufWriter::new(out);
            each_visit(&transaction, |row| {
                count += 1;
                serde_json::to_writer(&mut out, row).map_err(|error| output(error.into()))?;
                out.write_all(b"\n").map_err(output)
            })?;
            out.flush().map_err(output)?;
        }
    }
    Ok(count)
}
