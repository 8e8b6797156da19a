//! What became of the rows: how many were read, used and refused, and why.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// How many refused rows are named by line; the rest are counted.
pub const NAMED: usize = 20;

/// Why a row is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is said by `sentence`")]
pub enum Reason {
    LineTooLong,
    NotUtf8,
    OpenQuote,
    Fields,
    ServiceMissing,
    IssueMissing,
    TimeUnreadable,
    TimeSlashed,
    TimeOfDayMissing,
    TimeInGap,
    ZoneUnknown,
    YearUnlikely,
    CalledBeforeIssued,
    LeftBeforeIssued,
    FinishedBeforeCalled,
    CalledAndLeft,
    FinishedWithoutCall,
    StayTooLong,
    PriorityUnreadable,
    OpenDesksUnreadable,
    NameTooLong,
    TooManyNames,
    IssueGoesBack,
    IssueFarAhead,
}

impl Reason {
    /// The reason in words, without the values of one row.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::LineTooLong => "the line is longer than 64 KiB",
            Self::NotUtf8 => "the line is not UTF-8: save the file as UTF-8",
            Self::OpenQuote => "a quotation mark is not closed on its line",
            Self::Fields => "the line has another number of fields than the first line",
            Self::ServiceMissing => "the service is empty",
            Self::IssueMissing => "issued_at is empty",
            Self::TimeUnreadable => "a time is in no form that is read: write YYYY-MM-DD HH:MM:SS",
            Self::TimeSlashed => {
                "a date with slashes may be day/month or month/day: write YYYY-MM-DD HH:MM:SS or DD.MM.YYYY HH:MM"
            }
            Self::TimeOfDayMissing => "a date stands without its time of day: write YYYY-MM-DD HH:MM:SS",
            Self::TimeInGap => "a time never was: the clocks were put forward over it",
            Self::ZoneUnknown => {
                "some times of this file have an offset and some have none: say --timezone, or write all alike"
            }
            Self::YearUnlikely => "a year is not between 1970 and 2199",
            Self::CalledBeforeIssued => "it is called before it is issued",
            Self::LeftBeforeIssued => "it leaves before it is issued",
            Self::FinishedBeforeCalled => "it is finished before it is called",
            Self::CalledAndLeft => "it is called and has left: one ticket does one of them",
            Self::FinishedWithoutCall => "it is finished but was not called",
            Self::StayTooLong => "a wait or a service of more than a week",
            Self::PriorityUnreadable => "the priority is not a whole number from 0 to 255",
            Self::OpenDesksUnreadable => "open_desks is not a whole number up to 10000",
            Self::NameTooLong => "a name is longer than 200 bytes",
            Self::TooManyNames => "too many branches, services or desks: are these really their columns?",
            Self::IssueGoesBack => {
                "issued_at goes back behind earlier rows of its branch by more than two minutes: sort the file by issued_at"
            }
            Self::IssueFarAhead => "issued_at lies more than a day ahead of the rows around it",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

/// A row that is not used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Its line in the file; the first line, with the names of the columns, is 1.
    pub line: u64,
    /// Why.
    pub reason: Reason,
    /// What it was about: the column and the text that stands there, shortened.
    pub detail: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)?;
        if !self.detail.is_empty() {
            write!(f, " ({})", self.detail)?;
        }
        f.write_str(".")
    }
}

/// How many rows there were and what became of them. Of constant size, however long the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Rows read, without the first line and empty ones.
    pub rows: u64,
    /// Rows used.
    pub used: u64,
    /// Rows refused.
    pub refused: u64,
    /// Refused rows by reason.
    pub by_reason: BTreeMap<Reason, u64>,
    /// The first refused rows, at most [`NAMED`].
    pub first: Vec<Refusal>,
    /// Of those used: rows that were never called and never left. Their end is unknown.
    pub open_ended: u64,
    /// Of those used: rows that say how many desks were open at issue.
    pub with_open_desks: u64,
    /// Of those used: rows that say when service ended.
    pub with_finish: u64,
    /// Whether times are UTC (they carry an offset, or a time zone was given) rather than a clock's own.
    pub in_utc: bool,
}

impl Report {
    pub(super) fn refuse(&mut self, refusal: Refusal) {
        self.refused += 1;
        *self.by_reason.entry(refusal.reason).or_default() += 1;
        if self.first.len() < NAMED {
            self.first.push(refusal);
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} rows read, {} used, {} refused.", self.rows, self.used, self.refused)?;
        for (reason, count) in &self.by_reason {
            writeln!(f, "  {count:>8}  {reason}")?;
        }
        for refusal in &self.first {
            writeln!(f, "  {refusal}")?;
        }
        let unnamed = self.refused.saturating_sub(self.first.len() as u64);
        if unnamed > 0 {
            writeln!(f, "  and {unnamed} more.")?;
        }
        Ok(())
    }
}
