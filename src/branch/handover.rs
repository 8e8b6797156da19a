//! Between two groups: whether the next ask is there already, and what is not published yet.
//!
//! Whoever got an answer often asks on at once. To encode a frame takes longer than that, and to be woken as long; so the
//! writer looks out for the next ask a moment before it does either. While asks come without a pause, frames wait: up to
//! [`FRAME`], which no eye notices.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::Job;
use super::writer::GROUP;
use crate::clock::stopwatch;
use crate::queue::{Recorded, TicketId};

/// How long the writer looks out for the next ask.
const LOOK_OUT: Duration = Duration::from_micros(60);
/// How long what happened may wait to be published while asks come without a pause.
const FRAME: Duration = Duration::from_millis(40);

/// Takes what is asked within a moment, without sleeping.
pub(super) fn look_out(inbox: &mut mpsc::Receiver<Job>, jobs: &mut Vec<Job>) {
    let begun = stopwatch();
    while jobs.is_empty() && begun.elapsed() < LOOK_OUT {
        while jobs.len() < GROUP
            && let Ok(job) = inbox.try_recv()
        {
            jobs.push(job);
        }
        std::thread::yield_now();
    }
}

/// What is durable and answered, but in no frame yet.
#[derive(Debug, Default)]
pub(super) struct Unpublished {
    /// The tickets of its events.
    pub(super) touched: BTreeSet<TicketId>,
    /// Whether one of them changes the whole view.
    pub(super) whole: bool,
    /// Since when; `None`: there is nothing.
    pub(super) since: Option<Instant>,
}

impl Unpublished {
    /// Takes in what happened.
    pub(super) fn add(&mut self, events: &[Recorded]) {
        if events.is_empty() {
            return;
        }
        self.touched.extend(events.iter().filter_map(|recorded| recorded.event.ticket()));
        self.whole |= events.iter().any(|recorded| recorded.event.changes_whole_view());
        self.since.get_or_insert_with(stopwatch);
    }

    /// Whether it must not wait any longer.
    pub(super) fn is_old(&self) -> bool {
        self.since.is_some_and(|since| since.elapsed() >= FRAME)
    }
}
