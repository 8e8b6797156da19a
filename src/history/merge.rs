//! From rows in the order of issue to happenings in the order of time, for one branch.
//!
//! Rows are held back for two minutes of the branch's time, so that rows which are slightly out of order are put right. What a
//! released row says of later (its call, its leave) waits in an ordered map until rows of that time come by. So what is kept is
//! the rows of two minutes and the tickets that are open: a year takes no more memory than a day.

use std::collections::{BTreeMap, VecDeque};

use super::{Happening, Reason, Visit, What};

/// How far a row's issue may lie behind the newest of its branch.
pub(super) const TOLERANCE_MS: i64 = 120_000;
/// A row that is so far ahead of the one before it is refused if the next row is not as well.
const FAR_MS: i64 = 86_400_000;
/// At most so many rows are held back.
const MOST_HELD: usize = 1024;

/// The rows and open tickets of one branch.
#[derive(Debug, Default)]
pub(super) struct Stream {
    /// The newest issue.
    newest: Option<i64>,
    /// The issue before the newest, where that jumped far ahead.
    jumped_from: Option<i64>,
    /// The issue of the row that was released last.
    released: Option<i64>,
    /// Rows held back, by issue and line.
    held: BTreeMap<(i64, u64), Visit>,
    /// What is still to happen: time, order at equal times, line.
    pending: BTreeMap<(i64, What, u64), Visit>,
}

impl Stream {
    /// Tickets kept.
    pub(super) fn kept(&self) -> usize {
        self.held.len() + self.pending.len()
    }

    /// The earliest issue that the next row may have.
    pub(super) fn floor(&self) -> i64 {
        let newest = self.newest.map_or(i64::MIN, |newest| newest.saturating_sub(TOLERANCE_MS));
        newest.max(self.released.unwrap_or(i64::MIN))
    }

    /// Takes in a row. What can be told by now goes to `out`; a row that is refused by this is returned, with the reason.
    pub(super) fn take(&mut self, visit: Visit, out: &mut VecDeque<Happening>) -> Option<(Visit, Reason)> {
        let mut refused = None;
        if visit.issued_ms < self.floor() {
            let Some(stray) = self.stray(&visit) else { return Some((visit, Reason::IssueGoesBack)) };
            refused = Some((stray, Reason::IssueFarAhead));
            self.newest = self.jumped_from;
        }
        self.jumped_from = self.newest.filter(|newest| visit.issued_ms.saturating_sub(*newest) > FAR_MS);
        self.newest = Some(self.newest.map_or(visit.issued_ms, |newest| newest.max(visit.issued_ms)));
        self.held.insert((visit.issued_ms, visit.line), visit);
        let until = self.floor();
        while self.held.len() > MOST_HELD || self.held.keys().next().is_some_and(|(issued, _)| *issued < until) {
            let Some((_, visit)) = self.held.pop_first() else { break };
            self.release(visit, out);
        }
        refused
    }

    /// The newest row, taken out again, if `visit` goes on where that one jumped from.
    fn stray(&mut self, visit: &Visit) -> Option<Visit> {
        let before = self.jumped_from?;
        let floor = before.saturating_sub(TOLERANCE_MS).max(self.released.unwrap_or(i64::MIN));
        if visit.issued_ms < floor {
            return None;
        }
        self.held.pop_last().map(|(_, stray)| stray)
    }

    /// Tells everything that is left.
    pub(super) fn close(&mut self, out: &mut VecDeque<Happening>) {
        while let Some((_, visit)) = self.held.pop_first() {
            self.release(visit, out);
        }
        self.happen(i64::MAX, out);
    }

    fn release(&mut self, visit: Visit, out: &mut VecDeque<Happening>) {
        self.happen(visit.issued_ms, out);
        self.released = Some(visit.issued_ms);
        out.push_back(Happening { at_ms: visit.issued_ms, what: What::Issued, visit });
        if let Some(called) = visit.called_ms {
            self.pending.insert((called, What::Called, visit.line), visit);
        } else if let Some(left) = visit.left_ms {
            self.pending.insert((left, What::Left, visit.line), visit);
        }
    }

    /// Tells what happens up to `until`. A finish is pending only once its call was told.
    fn happen(&mut self, until: i64, out: &mut VecDeque<Happening>) {
        while let Some(entry) = self.pending.first_entry().filter(|entry| entry.key().0 <= until) {
            let ((at_ms, what, line), visit) = entry.remove_entry();
            out.push_back(Happening { at_ms, what, visit });
            if let (What::Called, Some(finished)) = (what, visit.finished_ms) {
                self.pending.insert((finished, What::Finished, line), visit);
            }
        }
    }
}
