//! The branch: the one writer, and what it publishes.
//!
//! Every surface sends an [`Ask`]; one thread decides, appends, makes durable, applies, answers and publishes, in that order
//! (`writer.rs`). Asks that come while a sync runs share the next one. Nothing is answered, shown, printed or spoken before it
//! is on disk.
//!
//! There are two states: the writer's own, which runs ahead inside a group that is not durable yet, and the [`Live`] one that
//! readers see, which takes a group's events in only after its commit. If a commit fails, the first is thrown away for a copy
//! of the second, and every asker of the group hears of the fault.

mod around;
mod checkpointer;
mod content;
mod feed;
mod handover;
mod seed;
mod told;
mod writer;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use tokio::sync::{mpsc, oneshot};

pub use around::{Around, Pressed, Reported, Saying, Trouble};
pub use feed::{Feed, Held, Position, Since};
pub use seed::{Seed, apply_seed};
pub use told::{Deed, Told, ToldLine};

use self::content::Reading;
use crate::clock::Clock;
use crate::estimate::Estimator;
use crate::ledger::{Fault, Personal, PrintRow};
use crate::queue::{BootId, Command, Moment, Queue, Recorded, Refusal, TicketId};

/// One command with who asks for it.
#[derive(Clone, Debug)]
pub struct Ask {
    /// What is asked.
    pub command: Command,
    /// Who asks, for the ledger: `rule`, `customer`, `device:NAME`, `staff:NAME`.
    pub actor: String,
    /// A name for this request that makes a repetition safe.
    pub request: Option<RequestKey>,
}

/// The name of a request, and what it asked, so that a name used twice for different things is noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    /// The client's Idempotency-Key, with what keeps the keys of different clients apart.
    pub key: String,
    /// A fingerprint of the request.
    pub fingerprint: String,
}

/// A command was done, durably.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// What happened; empty if this repeats an earlier request.
    pub events: Vec<Recorded>,
    /// The ticket it was about.
    pub ticket: Option<TicketId>,
    /// Whether an earlier request of the same name had done it.
    pub repeated: bool,
}

/// A command was not done; nothing was changed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// The rules do not allow it.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// The request's name was used before for something else.
    #[error("This Idempotency-Key was used for another request. Use a new one for each request.")]
    KeyReused,
    /// The ledger could not be written.
    #[error("{0} Nothing was changed.")]
    Fault(Arc<Fault>),
    /// The branch is stopping.
    #[error("The branch is stopping. Please try again in a moment.")]
    Stopping,
}

/// What readers see: the durable state.
#[derive(Clone, Debug)]
pub struct Live {
    /// All lines.
    pub queue: Queue,
    /// What is known of waits.
    pub estimator: Estimator,
    /// What customers told the desk.
    pub personal: HashMap<TicketId, Personal>,
}

/// Something for the writer to do.
enum Job {
    Ask(Box<Ask>, oneshot::Sender<Result<Done, Failure>>),
    Note(TicketId, Personal, oneshot::Sender<Result<(), Failure>>),
    Copy(TicketId, oneshot::Sender<Result<(), Failure>>),
    Tick,
    /// What stands around the line has changed: publish.
    Around,
    Ping(oneshot::Sender<()>),
    Stop(oneshot::Sender<()>),
}

/// How a branch is opened.
#[derive(Debug, Default)]
pub struct Options {
    /// The branch's name, for the public.
    pub store: String,
    /// How long what a customer told the desk is kept, days.
    pub erase_after_days: u32,
    /// Where print jobs go; `None`: there is no printer.
    pub printer: Option<mpsc::UnboundedSender<PrintRow>>,
}

/// A handle to the branch. Cheap to clone; the branch stops when [`Branch::stop`] is called or the last handle goes.
#[derive(Clone, Debug)]
pub struct Branch {
    jobs: mpsc::Sender<Job>,
    live: Arc<RwLock<Live>>,
    feed: Arc<Feed>,
    around: Arc<Around>,
    reading: Arc<Reading>,
    told: Arc<Told>,
    clock: Clock,
    boot: BootId,
}

impl Job {
    /// Whether somebody waits for what comes of it.
    fn is_asked(&self) -> bool {
        matches!(self, Self::Ask(..) | Self::Note(..) | Self::Copy(..))
    }
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Job")
    }
}

impl Branch {
    /// Opens the ledger at `path`, replays the open day, and starts the writer.
    ///
    /// # Errors
    /// A [`Fault`] that says what to do: not a ledger, damaged, newer, read-only.
    pub fn open(path: &Path, clock: Clock, options: Options) -> Result<(Self, std::thread::JoinHandle<()>), Fault> {
        writer::start(path, clock, options)
    }

    /// Asks for a command and waits until it is durable.
    ///
    /// # Errors
    /// A [`Failure`]: refused, faulty, stopping. Nothing was changed.
    pub async fn ask(&self, ask: Ask) -> Result<Done, Failure> {
        self.send(|reply| Job::Ask(Box::new(ask), reply)).await
    }

    /// Keeps what a customer wants to tell the desk; an empty note erases it.
    ///
    /// # Errors
    /// As [`Branch::ask`].
    pub async fn note(&self, ticket: TicketId, note: Personal) -> Result<(), Failure> {
        self.send(|reply| Job::Note(ticket, note, reply)).await
    }

    /// Prints a ticket again, marked as a copy.
    ///
    /// # Errors
    /// As [`Branch::ask`].
    pub async fn print_copy(&self, ticket: TicketId) -> Result<(), Failure> {
        self.send(|reply| Job::Copy(ticket, reply)).await?;
        // what became of the first does not matter any more
        self.paper_came(ticket).await;
        Ok(())
    }

    async fn send<T>(&self, job: impl FnOnce(oneshot::Sender<Result<T, Failure>>) -> Job) -> Result<T, Failure> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(job(reply)).await.map_err(|_| Failure::Stopping)?;
        answer.await.map_err(|_| Failure::Stopping)?
    }

    /// Lets the branch do what is due by the clock. Called once a second.
    pub async fn tick(&self) {
        // a branch that is stopping has nothing due
        let _ = self.jobs.send(Job::Tick).await;
    }

    /// Answers when the writer has come round: whether it lives.
    pub async fn ping(&self) -> bool {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(Job::Ping(reply)).await.is_ok() && answer.await.is_ok()
    }

    /// Waits until the writer has ended, for whatever reason. Without it nothing can be answered.
    pub async fn ended(&self) {
        self.jobs.closed().await;
    }

    /// Finishes what was asked, stores the state and stops the writer.
    pub async fn stop(&self) {
        let (reply, answer) = oneshot::channel();
        if self.jobs.send(Job::Stop(reply)).await.is_ok() {
            // an error means that the writer has stopped already
            let _ = answer.await;
        }
    }

    /// The durable state. Hold it briefly, and never across an await: the writer waits for it.
    pub fn live(&self) -> RwLockReadGuard<'_, Live> {
        self.live.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is published.
    #[must_use]
    pub fn feed(&self) -> &Arc<Feed> {
        &self.feed
    }

    /// Now, by the branch's clock.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.clock.now(self.boot)
    }
}
