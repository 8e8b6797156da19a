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
mod error;
mod fields;
mod merge;
mod names;
#[cfg(test)]
mod properties;
mod report;
mod row;
mod source;
#[cfg(test)]
mod tests;
mod times;
mod visit;

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read;
use std::path::Path;

pub use chrono_tz::Tz;
pub use error::HistoryError;
pub use names::{Names, ServiceName};
pub use report::{NAMED, Reason, Refusal, Report};
pub use visit::{Happening, Visit, What};

use columns::{Columns, delimiter};
use fields::Splitter;
use merge::Stream;
use row::RowReader;
use source::{Line, Lines};
use times::TimeReader;

/// Rows between two calls of the progress.
const PROGRESS_ROWS: u64 = 50_000;

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
        let about = file.metadata().map_err(failed)?;
        if about.is_dir() {
            return Err(failed(std::io::ErrorKind::IsADirectory.into()));
        }
        let size = about.len();
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
