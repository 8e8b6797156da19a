//! What the holders of open tickets read, asked and were handed: for the desk they come to, and for nobody else.
//!
//! It is in memory only, and forgotten when the visit ends. What is kept of it for reports is in the journal, without names.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::Branch;
use crate::queue::{Ticket, TicketId};
use crate::signage::EntryId;

/// So many lines are kept of one ticket, the newest.
const LINES: usize = 30;

/// What happened between a customer and the answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// They opened an entry.
    Read(EntryId),
    /// They searched.
    Searched,
    /// A desk handed them an entry.
    Handed(EntryId),
}

/// One line of what a desk is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldLine {
    /// When, wall clock, milliseconds.
    pub at_ms: i64,
    /// What.
    pub deed: Deed,
    /// The question as it was read, or the words that were searched.
    pub text: String,
}

#[derive(Debug, Default)]
struct One {
    lines: Vec<ToldLine>,
    said: BTreeSet<(EntryId, &'static str)>,
}

/// See the module's text.
#[derive(Debug)]
pub struct Told {
    now: Mutex<HashMap<TicketId, One>>,
    handings: watch::Sender<u64>,
}

impl Told {
    pub(super) fn new() -> Self {
        Self { now: Mutex::default(), handings: watch::Sender::new(0) }
    }

    fn now(&self) -> MutexGuard<'_, HashMap<TicketId, One>> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells. What is told again stands once, at its newest time.
    pub fn tell(&self, ticket: TicketId, line: ToldLine) {
        let handed = matches!(line.deed, Deed::Handed(_));
        let mut now = self.now();
        let lines = &mut now.entry(ticket).or_default().lines;
        lines.retain(|known| (&known.deed, &known.text) != (&line.deed, &line.text));
        lines.push(line);
        let over = lines.len().saturating_sub(LINES);
        lines.drain(..over);
        drop(now);
        if handed {
            self.handings.send_modify(|handings| *handings += 1);
        }
    }

    /// All that was told of a ticket, oldest first.
    #[must_use]
    pub fn of(&self, ticket: TicketId) -> Vec<ToldLine> {
        self.now().get(&ticket).map(|one| one.lines.clone()).unwrap_or_default()
    }

    /// The entries a ticket's customer opened.
    #[must_use]
    pub fn read(&self, ticket: TicketId) -> BTreeSet<EntryId> {
        let of = |line: ToldLine| if let Deed::Read(entry) = line.deed { Some(entry) } else { None };
        self.of(ticket).into_iter().filter_map(of).collect()
    }

    /// The entries a desk handed to a ticket, the newest first.
    #[must_use]
    pub fn handed(&self, ticket: TicketId) -> Vec<EntryId> {
        let of = |line: ToldLine| if let Deed::Handed(entry) = line.deed { Some(entry) } else { None };
        self.of(ticket).into_iter().rev().filter_map(of).collect()
    }

    /// Whether this is the first time that this customer did so with this entry: each counts once.
    pub fn is_first(&self, ticket: TicketId, entry: &EntryId, did: &'static str) -> bool {
        self.now().entry(ticket).or_default().said.insert((entry.clone(), did))
    }

    /// Wakes whenever a desk has handed something to somebody.
    #[must_use]
    pub fn handings(&self) -> watch::Receiver<u64> {
        self.handings.subscribe()
    }
}

impl Branch {
    /// What the holders of open tickets read and asked.
    #[must_use]
    pub fn told(&self) -> &Told {
        &self.told
    }

    /// Forgets what was told of visits that are over. Called once a second.
    pub fn forget_told(&self) {
        let live = self.live();
        self.told.now().retain(|id, _| live.queue.ticket(*id).is_some_and(|ticket| !Ticket::is_over(ticket)));
    }
}
