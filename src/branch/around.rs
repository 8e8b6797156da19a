//! What stands around the line: devices that need a person, whether paper comes out, who has just pressed, what is to be said.
//!
//! Devices and surfaces never know each other; they meet here. All of it is of this moment and of this process: none of it is in
//! the ledger, and a restart asks the devices anew.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;

use super::{Branch, Job};
use crate::queue::{DevicesRow, Moment, Paper, TicketId};

/// How many sayings or presses may wait for a slow listener; older ones are lost to it, for they are stale by then.
const WAITING: usize = 64;

/// A device needs a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What is the matter, a sentence: "The printer has no paper."
    pub what: String,
    /// What to do about it, a sentence: "Put in a new roll, shiny side down."
    pub mend: String,
    /// Whether customers feel it now; otherwise it can wait for a quiet moment.
    pub urgent: bool,
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.what, self.mend)
    }
}

/// A [`Trouble`] with its device and the time it was first told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// Which device, as staff know it: `printer`, `button Returns`.
    pub device: String,
    /// What it is and what to do.
    pub trouble: Trouble,
    /// Since when.
    pub since: Moment,
}

/// What the voice is to say, besides the calls it hears by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saying {
    /// A ticket's number and wait, to whoever has just drawn it.
    Drawn {
        /// Which.
        ticket: TicketId,
    },
    /// The number served now, and the number that was last given here, if that was a moment ago.
    NowServing {
        /// The one last given here.
        last: Option<TicketId>,
    },
    /// A ticket came out on no paper: its number is to be remembered.
    NoPaper {
        /// Which.
        ticket: TicketId,
    },
}

/// A ticket has just come from a physical button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pressed {
    /// The button's name.
    pub button: String,
    /// Its ticket.
    pub ticket: TicketId,
    /// Whether the button was pressed again within its lockout: still the same ticket.
    pub again: bool,
}

/// See the module's text.
#[derive(Debug)]
pub struct Around {
    now: Mutex<Now>,
    sayings: broadcast::Sender<Saying>,
    presses: broadcast::Sender<Pressed>,
}

#[derive(Debug, Default)]
struct Now {
    troubles: BTreeMap<String, Reported>,
    paper: Paper,
    /// Tickets whose paper may not have come out, and why nobody knows.
    doubts: BTreeMap<TicketId, String>,
}

impl Around {
    /// Nothing is the matter, and there is no printer yet.
    pub(super) fn new() -> Self {
        Self { now: Mutex::default(), sayings: broadcast::Sender::new(WAITING), presses: broadcast::Sender::new(WAITING) }
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every device that needs a person, by name.
    #[must_use]
    pub fn troubles(&self) -> Vec<Reported> {
        self.now().troubles.values().cloned().collect()
    }

    /// What the public may know of the devices.
    #[must_use]
    pub fn row(&self) -> DevicesRow {
        let now = self.now();
        let troubles = now.troubles.len() + now.doubts.len();
        DevicesRow { paper: now.paper, troubles: u32::try_from(troubles).unwrap_or(u32::MAX) }
    }

    /// Tickets whose paper may not have come out, in the order of their issue, and why nobody knows.
    #[must_use]
    pub fn doubts(&self) -> Vec<(TicketId, String)> {
        self.now().doubts.iter().map(|(ticket, why)| (*ticket, why.clone())).collect()
    }

    /// Asks the voice to say something. Where none listens, nothing is said.
    pub fn say(&self, saying: Saying) {
        let _ = self.sayings.send(saying);
    }

    /// What is asked to be said from now on.
    #[must_use]
    pub fn sayings(&self) -> broadcast::Receiver<Saying> {
        self.sayings.subscribe()
    }

    /// Tells whoever shows it that a ticket has come from a button.
    pub fn pressed(&self, pressed: Pressed) {
        let _ = self.presses.send(pressed);
    }

    /// Tickets that come from buttons from now on.
    #[must_use]
    pub fn presses(&self) -> broadcast::Receiver<Pressed> {
        self.presses.subscribe()
    }
}

impl Branch {
    /// What stands around the line.
    #[must_use]
    pub fn around(&self) -> &Around {
        &self.around
    }

    /// A device needs a person, or (`None`) is well. Desks hear of it at once. Telling the same again changes nothing.
    pub async fn report(&self, device: &str, trouble: Option<Trouble>) {
        let changed = {
            let mut now = self.around.now();
            match trouble {
                None => now.troubles.remove(device).is_some(),
                Some(trouble) if now.troubles.get(device).is_some_and(|known| known.trouble == trouble) => false,
                Some(trouble) => {
                    let since = now.troubles.get(device).map_or_else(|| self.now(), |known| known.since);
                    let reported = Reported { device: device.to_owned(), trouble, since };
                    now.troubles.insert(device.to_owned(), reported);
                    true
                }
            }
        };
        if changed {
            self.publish_around().await;
        }
    }

    /// Whether a ticket that is printed now can be expected to come out.
    pub async fn report_paper(&self, paper: Paper) {
        let before = std::mem::replace(&mut self.around.now().paper, paper);
        if before != paper {
            self.publish_around().await;
        }
    }

    /// Nobody knows whether a ticket's paper came out: desks offer to print it again.
    pub async fn doubt_paper(&self, ticket: TicketId, why: &str) {
        let before = self.around.now().doubts.insert(ticket, why.to_owned());
        if before.is_none() {
            self.publish_around().await;
        }
        self.forget_doubts().await;
    }

    /// A ticket's paper is out, or is being printed again.
    pub async fn paper_came(&self, ticket: TicketId) {
        if self.around.now().doubts.remove(&ticket).is_some() {
            self.publish_around().await;
        }
    }

    /// Forgets doubts about tickets that have ended: nobody needs that paper any more.
    pub async fn forget_doubts(&self) {
        let ended = |ticket: &TicketId| self.live().queue.ticket(*ticket).is_none_or(crate::queue::Ticket::is_over);
        let over: Vec<TicketId> = self.around.doubts().into_iter().map(|(ticket, _)| ticket).filter(ended).collect();
        for ticket in over {
            self.paper_came(ticket).await;
        }
    }

    /// The writer publishes after each round, so a round with nothing to do is enough. A branch that stops tells nobody.
    pub(super) async fn publish_around(&self) {
        let _ = self.jobs.send(Job::Around).await;
    }
}
