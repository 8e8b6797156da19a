//! How the simulated days went.

use std::collections::BTreeMap;
use std::fmt;

use super::MINUTE;
use crate::queue::{End, LeaveReason, Outcome, Phase, Queue, Refusal, Ticket};

/// Counts over all days played.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Days begun.
    pub days: u32,
    /// Numbers given.
    pub tickets: u64,
    /// Visits that ended at a desk.
    pub served: u64,
    /// Customers who gave up the place because an answer was enough: on the wall, on the phone or in a word at the desk.
    pub answered: u64,
    /// Customers who gave up the place for another reason.
    pub left: u64,
    /// Called, and never came.
    pub no_shows: u64,
    /// Ended with the day.
    pub day_closed: u64,
    /// Not ended yet, where play was stopped in the middle of a day.
    pub open: u64,
    /// Waits, issue to last call, summed, milliseconds.
    pub waited_ms: u64,
    /// How many waits that were.
    pub waits: u64,
    /// The longest of them, milliseconds.
    pub longest_ms: u64,
    /// First calls that came within the promised range.
    pub promises_kept: u64,
    /// Of so many promises.
    pub promises: u64,
    /// Refusals that belong to a day, by code: closed, stopped, nobody behind.
    pub turned_away: BTreeMap<&'static str, u64>,
    /// Refusals nobody reckoned with, by code, with the first sentence of each: a fault in the demo or in the branch.
    pub unexpected: BTreeMap<&'static str, (u64, String)>,
}

impl Summary {
    pub(super) fn refused(&mut self, refusal: &Refusal, expected: &[&str]) {
        let code = refusal.code();
        if expected.contains(&code) {
            *self.turned_away.entry(code).or_default() += 1;
        } else {
            tracing::warn!(%refusal, "the demo was refused what it did not expect to be");
            self.unexpected.entry(code).or_insert_with(|| (0, refusal.to_string())).0 += 1;
        }
    }

    /// Takes in the newest day of the queue.
    pub(super) fn count_day(&mut self, queue: &Queue) {
        self.days += 1;
        for ticket in queue.tickets() {
            self.count(ticket);
        }
    }

    fn count(&mut self, ticket: &Ticket) {
        self.tickets += 1;
        match &ticket.phase {
            Phase::Ended(End::Finished { outcome: Outcome::Answered, .. } | End::Left { reason: LeaveReason::Answered }) => {
                self.answered += 1;
            }
            Phase::Ended(End::Finished { .. }) => self.served += 1,
            Phase::Ended(End::Left { .. }) => self.left += 1,
            Phase::Ended(End::NoShow) => self.no_shows += 1,
            Phase::Ended(End::DayClosed) => self.day_closed += 1,
            _ => self.open += 1,
        }
        if let Some(ms) = ticket.waiting_ms() {
            self.waited_ms += ms;
            self.waits += 1;
            self.longest_ms = self.longest_ms.max(ms);
        }
        let first = ticket.first_called.and_then(|called| ticket.issued.until(&called));
        if let (Some(promise), Some(ms)) = (ticket.promise, first) {
            self.promises += 1;
            let kept = u64::from(promise.said_from_min()) * MINUTE <= ms && ms <= u64::from(promise.to_min) * MINUTE;
            self.promises_kept += u64::from(kept);
        }
    }

    /// The mean of the waits, minutes.
    #[must_use]
    pub fn mean_wait_min(&self) -> f64 {
        self.waited_ms as f64 / MINUTE as f64 / self.waits.max(1) as f64
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { days, tickets, served, answered, left, no_shows, day_closed, open, .. } = self;
        let plural = if *days == 1 { "" } else { "s" };
        writeln!(
            f,
            "{days} day{plural}, {tickets} tickets: {served} served, {answered} helped by an answer, {left} gave up,"
        )?;
        write!(f, "{no_shows} did not come, {day_closed} ended with the day")?;
        if *open > 0 {
            write!(f, ", {open} still open")?;
        }
        let longest = self.longest_ms / MINUTE;
        writeln!(f, ".\nWaits: {:.1} minutes in the mean, {longest} at the longest.", self.mean_wait_min())?;
        writeln!(f, "Promised ranges kept: {} of {}.", self.promises_kept, self.promises)?;
        let list: Vec<_> = self.turned_away.iter().map(|(code, count)| format!("{code} {count}")).collect();
        if !list.is_empty() {
            writeln!(f, "Refused, as the rules have it: {}.", list.join(", "))?;
        }
        for (code, (count, sentence)) in &self.unexpected {
            writeln!(f, "Refused, and should not have been: {code} {count} (first: {sentence})")?;
        }
        Ok(())
    }
}
