//! Histories: tickets of the past in a file of comma-separated values, told as what happened, in the order of time.
//!
//! A file has one line a ticket, in the order of issue, as former systems, our own `nowserving export` and published data sets
//! write it. Who learns from it must see only what was known at each moment, so it is told as happenings: issued, called, left,
//! finished. The file is read once and never kept: memory grows with the tickets that are open at a time, not with rows.
//!
//! Nothing in a file is believed. A row that contradicts itself or its neighbours is refused with its line and the reason, and
//! the [`Report`] counts them; what makes the file as a whole unreadable is a [`HistoryError`]. The forms that are read are in
//! docs/reference/history.md.

mod columns;
mod fields;
mod merge;
mod names;
mod report;
mod row;
mod source;
#[cfg(test)]
mod tests;
mod times;

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

pub use chrono_tz::Tz;
pub use names::{Names, ServiceName};
pub use report::{NAMED, Reason, Refusal, Report};

use columns::{Columns, delimiter};
use fields::Splitter;
use merge::Stream;
use row::RowReader;
use source::{Line, Lines};
use times::TimeReader;

/// Rows between two calls of the progress.
const PROGRESS_ROWS: u64 = 50_000;

/// One ticket of a history.
///
/// Times are milliseconds since 1970 UTC if the file's times carry an offset or a time zone was given. Without either they are
/// the local clock's times, counted as if they were UTC; differences are right but for a night when the clocks were changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Visit {
    /// Its line in the file, from 2 on.
    pub line: u64,
    /// An index into [`Names::branches`].
    pub branch: u32,
    /// An index into [`Names::services`]; two branches never share a service.
    pub service: u32,
    /// 0 is none; more goes before less.
    pub priority: u8,
    /// When it was issued.
    pub issued_ms: i64,
    /// Local time ahead of these times at issue, seconds: 0 where they are local already.
    pub offset_s: i32,
    /// When it was called, not before its issue. A row with a call has no leave.
    pub called_ms: Option<i64>,
    /// When the customer gave up, not before the issue.
    pub left_ms: Option<i64>,
    /// When service ended, not before the call. `None` is common: many systems do not know.
    pub finished_ms: Option<i64>,
    /// The desk that called it: an index into [`Names::desks`] of its branch.
    pub desk: Option<u32>,
    /// Desks open at issue.
    pub open_desks: Option<u32>,
}

impl Visit {
    /// Issue to call, seconds; `None` if it was not called.
    #[must_use]
    pub fn wait_s(&self) -> Option<f64> {
        self.called_ms.map(|called| (called - self.issued_ms) as f64 / 1000.0)
    }

    /// The local day of its issue, counted from 1970-01-01.
    #[must_use]
    pub fn day(&self) -> i64 {
        (self.issued_ms + i64::from(self.offset_s) * 1000).div_euclid(86_400_000)
    }

    /// The name of that day, `YYYY-MM-DD`.
    #[must_use]
    pub fn date(&self) -> String {
        let date = chrono::DateTime::from_timestamp(self.day() * 86_400, 0);
        date.map(|date| date.format("%Y-%m-%d").to_string()).unwrap_or_default()
    }
}

/// What happened. Ordered as things happen that share a millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Service ended.
    Finished,
    /// The customer gave up.
    Left,
    /// A desk called.
    Called,
    /// The ticket was taken.
    Issued,
}

/// Something that happened to a ticket. `visit` tells the whole ticket, its future too: whoever must not know takes care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Happening {
    /// When; as the times of [`Visit`].
    pub at_ms: i64,
    /// What.
    pub what: What,
    /// To which ticket.
    pub visit: Visit,
}

/// How a history is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The zone of times that carry no offset. Without it they are taken as they stand.
    pub timezone: Option<Tz>,
}

/// How far a history has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Rows so far.
    pub rows: u64,
    /// Bytes so far, as the file lies on the disk.
    pub bytes: u64,
    /// Bytes of the file, where that is known.
    pub of: Option<u64>,
}

/// What makes a file unreadable as a history.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// It cannot be opened.
    #[error("{path} cannot be opened")]
    Open {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Reading failed on the way.
    #[error("The file cannot be read to its end: it may be cut off or damaged")]
    Read(#[from] std::io::Error),
    /// It is in another encoding.
    #[error("The file is UTF-16. Save it as UTF-8.")]
    Utf16,
    /// There is nothing in it.
    #[error("The file is empty. Its first line must name the columns, service and issued_at at least.")]
    Empty,
    /// The first line is not a line of names.
    #[error("The first line cannot be read. It must name the columns, service and issued_at at least, in UTF-8.")]
    Header,
    /// A column that must be there is not.
    #[error("The column `{column}` is missing{}. The first line has: {found}.", meant(.nearest.as_deref(), .column))]
    NoColumn {
        /// Which.
        column: &'static str,
        /// What was probably meant for it.
        nearest: Option<String>,
        /// What is there.
        found: String,
    },
    /// A column occurs twice.
    #[error("The column `{column}` occurs twice in the first line. Rename one of them.")]
    TwoColumns {
        /// Which.
        column: &'static str,
    },
}

fn meant(nearest: Option<&str>, column: &str) -> String {
    nearest.map(|nearest| format!("; is it `{nearest}`? Rename that to `{column}`")).unwrap_or_default()
}

/// Told how far reading has come.
type Watcher = Box<dyn FnMut(Progress) + Send>;

/// A history that is being read: an iterator of happenings.
///
/// Those of one branch come in the order of time; at equal times what ended comes first: finished, left, called, issued, but a
/// ticket's own issue always before its own call. Branches interleave as their rows do in the file.
pub struct History {
    lines: Lines,
    line: Vec<u8>,
    splitter: Splitter,
    rows: RowReader,
    /// Per branch.
    streams: Vec<Stream>,
    ready: VecDeque<Happening>,
    report: Report,
    size: Option<u64>,
    watcher: Option<Watcher>,
    ended: bool,
}

impl History {
    /// Opens a file: plain or packed by gzip.
    ///
    /// # Errors
    /// A [`HistoryError`] if it cannot be opened or its first line does not name the columns.
    pub fn open(path: &Path, options: Options) -> Result<Self, HistoryError> {
        let failed = |source| HistoryError::Open { path: path.to_owned(), source };
        let file = File::open(path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        let mut history = Self::read(file, options)?;
        // a pipe has no length
        history.size = Some(size).filter(|size| *size > 0);
        Ok(history)
    }

    /// Reads a history from anywhere.
    ///
    /// # Errors
    /// As [`History::open`].
    pub fn read(source: impl Read + Send + 'static, options: Options) -> Result<Self, HistoryError> {
        let mut lines = Lines::open(source)?;
        let mut line = Vec::new();
        let first = loop {
            match lines.next(&mut line)? {
                None => return Err(HistoryError::Empty),
                Some(Line::TooLong) => return Err(HistoryError::Header),
                Some(Line::Whole) if line.trim_ascii().is_empty() => {}
                Some(Line::Whole) => break str::from_utf8(&line).map_err(|_| HistoryError::Header)?,
            }
        };
        let mut splitter = Splitter::new(delimiter(first));
        let columns = Columns::read(first, &mut splitter)?;
        let rows = RowReader { columns, times: TimeReader::new(options.timezone), names: Names::default() };
        Ok(Self {
            lines,
            line,
            splitter,
            rows,
            streams: Vec::new(),
            ready: VecDeque::new(),
            report: Report::default(),
            size: None,
            watcher: None,
            ended: false,
        })
    }

    /// Tells `watcher` now and then how far it is.
    #[must_use]
    pub fn watched(mut self, watcher: impl FnMut(Progress) + Send + 'static) -> Self {
        self.watcher = Some(Box::new(watcher));
        self
    }

    /// The names met so far; complete at the end.
    #[must_use]
    pub fn names(&self) -> &Names {
        &self.rows.names
    }

    /// What became of the rows read so far; complete at the end.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Tickets kept in memory: those that are open, and those of the last two minutes of each branch.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.streams.iter().map(Stream::kept).sum()
    }

    /// Reads one line. False at the end.
    fn step(&mut self) -> Result<bool, HistoryError> {
        let Some(kind) = self.lines.next(&mut self.line)? else { return Ok(false) };
        if kind == Line::Whole && self.line.trim_ascii().is_empty() {
            return Ok(true);
        }
        self.report.rows += 1;
        if self.report.rows.is_multiple_of(PROGRESS_ROWS)
            && let Some(watcher) = &mut self.watcher
        {
            watcher(Progress { rows: self.report.rows, bytes: self.lines.bytes(), of: self.size });
        }
        let line = self.lines.number();
        let visit = match kind {
            Line::TooLong => Err((Reason::LineTooLong, String::new())),
            Line::Whole => self.visit(line),
        };
        match visit {
            Ok(visit) => self.take(visit),
            Err((reason, detail)) => self.report.refuse(Refusal { line, reason, detail }),
        }
        Ok(true)
    }

    fn visit(&mut self, line: u64) -> Result<Visit, row::Refused> {
        let text = str::from_utf8(&self.line).map_err(|_| (Reason::NotUtf8, String::new()))?;
        let fields = self.splitter.split(text).map_err(|reason| (reason, String::new()))?;
        let streams = &self.streams;
        self.rows.read(line, fields, |branch| streams.get(branch as usize).map_or(i64::MIN, Stream::floor))
    }

    fn take(&mut self, visit: Visit) {
        let branch = visit.branch as usize;
        if self.streams.len() <= branch {
            self.streams.resize_with(branch + 1, Stream::default);
        }
        self.count(&visit, 1);
        let Some(stream) = self.streams.get_mut(branch) else { return };
        if let Some((refused, reason)) = stream.take(visit, &mut self.ready) {
            self.count(&refused, -1);
            let issued = chrono::DateTime::from_timestamp_millis(refused.issued_ms);
            let detail =
                issued.map(|issued| format!("issued_at {}", issued.format("%Y-%m-%d %H:%M:%S"))).unwrap_or_default();
            self.report.refuse(Refusal { line: refused.line, reason, detail });
        }
    }

    /// Counts a row as used, or takes that back.
    fn count(&mut self, visit: &Visit, by: i64) {
        let report = &mut self.report;
        let add = |count: &mut u64, is: bool| *count = count.saturating_add_signed(if is { by } else { 0 });
        add(&mut report.used, true);
        add(&mut report.open_ended, visit.called_ms.is_none() && visit.left_ms.is_none());
        add(&mut report.with_open_desks, visit.open_desks.is_some());
        add(&mut report.with_finish, visit.finished_ms.is_some());
        report.in_utc = self.rows.times.in_utc();
    }
}

impl Iterator for History {
    type Item = Result<Happening, HistoryError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(happening) = self.ready.pop_front() {
                return Some(Ok(happening));
            }
            if self.ended {
                return None;
            }
            match self.step() {
                Ok(true) => {}
                Ok(false) => {
                    self.ended = true;
                    for stream in &mut self.streams {
                        stream.close(&mut self.ready);
                    }
                }
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
        }
    }
}

impl std::fmt::Debug for History {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("History").field("line", &self.lines.number()).field("report", &self.report).finish_non_exhaustive()
    }
}
