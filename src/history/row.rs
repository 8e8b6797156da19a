//! One line as a visit, or the reason why not.

use super::columns::Columns;
use super::fields::Fields;
use super::names::Names;
use super::times::{At, TimeReader};
use super::{Reason, Visit};

/// No wait and no service is longer: a week. It also bounds how many tickets can be open at once.
const LONGEST_MS: i64 = 7 * 86_400_000;
/// No branch has more desks.
const MOST_DESKS: u32 = 10_000;

/// Reads the lines of one file.
pub(super) struct RowReader {
    pub(super) columns: Columns,
    pub(super) times: TimeReader,
    pub(super) names: Names,
}

/// Why a line is no visit, and what it was about.
pub(super) type Refused = (Reason, String);

/// A text that may be shown whatever it is.
pub(super) fn short(text: &str) -> String {
    let mut shown: String = text.chars().take(40).map(|c| if c.is_control() { '�' } else { c }).collect();
    if text.chars().nth(40).is_some() {
        shown.push('…');
    }
    shown
}

impl RowReader {
    /// Reads a line. `floor` gives the earliest time that a branch's next issue may have, for an hour that was twice.
    pub(super) fn read(&mut self, line: u64, fields: Fields<'_>, floor: impl Fn(u32) -> i64) -> Result<Visit, Refused> {
        let width = self.columns.width;
        let spare = fields.iter().skip(width).any(|field| !field.is_empty());
        if fields.len() < width || spare {
            return Err((Reason::Fields, format!("{} instead of {width}", fields.len())));
        }
        let service = fields.get(self.columns.service);
        if service.is_empty() {
            return Err((Reason::ServiceMissing, String::new()));
        }
        let branch = optional(fields, self.columns.branch);
        let floor = self.names.find_branch(branch).map_or(i64::MIN, floor);
        let mut visit = self.moments(line, fields, floor)?;
        visit.priority = priority(optional(fields, self.columns.priority), self.columns.own)?;
        visit.open_desks = open_desks(optional(fields, self.columns.open_desks))?;
        let desk = Some(optional(fields, self.columns.desk)).filter(|desk| !desk.is_empty());
        let indices = self.names.take(branch, service, desk).map_err(|reason| (reason, short(service)))?;
        (visit.branch, visit.service, visit.desk) = (indices.branch, indices.service, indices.desk);
        Ok(visit)
    }

    /// The four times, which must follow one another.
    fn moments(&mut self, line: u64, fields: Fields<'_>, floor: i64) -> Result<Visit, Refused> {
        let columns = &self.columns;
        let (issued, called) = (Some(columns.issued_at), columns.called_at);
        let (left, finished, own) = (columns.left_at, columns.finished_at, columns.own);
        let issued =
            self.time("issued_at", optional(fields, issued), floor)?.ok_or((Reason::IssueMissing, String::new()))?;
        let called_at = self.time("called_at", optional(fields, called), issued.ms)?;
        let mut left_at = self.time("left_at", optional(fields, left), issued.ms)?;
        let from = called_at.map_or(issued.ms, |called| called.ms);
        let finished_at = self.time("finished_at", optional(fields, finished), from)?;
        if own && called_at.is_some() {
            // our own exports tell of the last call, after which a customer may still leave; the wait ended with the call
            left_at = None;
        }
        let told = |names: [(&str, Option<usize>); 2]| {
            names.map(|(name, column)| format!("{name} {}", short(optional(fields, column)))).join(", ")
        };
        let columns = &self.columns;
        let after_issue = |name, column| told([("issued_at", Some(columns.issued_at)), (name, column)]);
        let within = |from: At, to: Option<At>| to.is_none_or(|to| to.ms - from.ms <= LONGEST_MS);
        if called_at.is_some_and(|called| called.ms < issued.ms) {
            return Err((Reason::CalledBeforeIssued, after_issue("called_at", called)));
        }
        if left_at.is_some_and(|left| left.ms < issued.ms) {
            return Err((Reason::LeftBeforeIssued, after_issue("left_at", left)));
        }
        match (called_at, finished_at) {
            (None, Some(_)) => return Err((Reason::FinishedWithoutCall, after_issue("finished_at", finished))),
            (Some(call), Some(finish)) if finish.ms < call.ms => {
                return Err((Reason::FinishedBeforeCalled, told([("called_at", called), ("finished_at", finished)])));
            }
            _ => {}
        }
        if called_at.is_some() && left_at.is_some() {
            return Err((Reason::CalledAndLeft, told([("called_at", called), ("left_at", left)])));
        }
        if !within(issued, called_at) || !within(issued, left_at) || !within(called_at.unwrap_or(issued), finished_at) {
            return Err((Reason::StayTooLong, after_issue("called_at", called)));
        }
        let ms = |at: Option<At>| at.map(|at| at.ms);
        Ok(Visit {
            line,
            issued_ms: issued.ms,
            offset_s: issued.offset_s,
            called_ms: ms(called_at),
            left_ms: ms(left_at),
            finished_ms: ms(finished_at),
            ..Visit::default()
        })
    }

    fn time(&mut self, name: &str, text: &str, floor: i64) -> Result<Option<At>, Refused> {
        if text.is_empty() {
            return Ok(None);
        }
        match self.times.read(text) {
            Ok(reading) => Ok(Some(reading.from(floor))),
            Err(reason) => Err((reason, format!("{name} {}", short(text)))),
        }
    }
}

fn optional(fields: Fields<'_>, column: Option<usize>) -> &str {
    column.map_or("", |column| fields.get(column))
}

/// A number; in our own exports the name of a priority class, which counts as 1.
fn priority(text: &str, own: bool) -> Result<u8, Refused> {
    match text.parse() {
        Ok(priority) => Ok(priority),
        Err(_) if text.is_empty() => Ok(0),
        Err(_) if own => Ok(1),
        Err(_) => Err((Reason::PriorityUnreadable, short(text))),
    }
}

fn open_desks(text: &str) -> Result<Option<u32>, Refused> {
    if text.is_empty() {
        return Ok(None);
    }
    let count = text.parse().ok().filter(|count| *count <= MOST_DESKS);
    count.map(Some).ok_or_else(|| (Reason::OpenDesksUnreadable, short(text)))
}
