//! A branch in a folder of its own, driven through its public interface with a clock that stands still.

use std::path::{Path, PathBuf};

use nowserving::branch::{Ask, Branch, Done, Options, Seed, apply_seed};
use nowserving::clock::Clock;
use nowserving::ledger::{self, Personal};
use nowserving::queue::{BootId, By, Command, DeskId, LeaveReason, Moment, Origin, TicketId, TicketKey};

pub(crate) const DAY_MS: u64 = 86_400_000;

/// A name that occurs nowhere else.
pub(crate) const NAME: &str = "Xanthippe Quizzelbaum";
/// A question that occurs nowhere else.
pub(crate) const QUESTION: &str = "zweiundzwanzig verbogene Fahrradklingeln";

pub(crate) struct Kit {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) clock: Clock,
    pub(crate) branch: Branch,
    thread: Option<std::thread::JoinHandle<()>>,
    drawn: std::sync::atomic::AtomicU64,
}

/// A Saturday in May, 10:00 in Helsinki.
pub(crate) fn morning() -> Moment {
    Moment { wall_ms: 1_778_914_800_000, offset_s: 10_800, mono_ms: 60_000, boot: BootId(1), trusted: true }
}

impl Kit {
    /// The example store on its first morning, with every desk open.
    pub(crate) async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::manual(morning());
        let options = Options { store: "Test".into(), erase_after_days: 7, printer: None };
        let (branch, thread) = Branch::open(&ledger::path_in(folder.path()), clock.clone(), options).unwrap();
        let kit = Self { folder, clock, branch, thread: Some(thread), drawn: 0.into() };
        let problems = apply_seed(&kit.branch, &kit.ledger(), &Seed::example()).await.unwrap();
        assert_eq!(problems, Vec::<String>::new());
        kit.open_desks().await;
        kit
    }

    pub(crate) async fn open_desks(&self) {
        for desk in ["1", "2", "3"] {
            self.ask(Command::OpenDesk { desk: desk.into() }).await;
        }
    }

    pub(crate) fn ledger(&self) -> PathBuf {
        ledger::path_in(self.folder.path())
    }

    pub(crate) async fn ask(&self, command: Command) -> Done {
        let told = format!("{command:?}");
        let ask = Ask { command, actor: "staff:Anna".into(), request: None };
        self.branch.ask(ask).await.unwrap_or_else(|failure| panic!("{told}: {failure}"))
    }

    pub(crate) async fn issue(&self, service: &str) -> TicketId {
        let drawn = self.drawn.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let mut key = [0x5a; 16];
        key[..8].copy_from_slice(&drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        let (service, key) = (service.into(), TicketKey::new(key));
        let command =
            Command::Issue { service, key, class: None, origin: Origin::Api, promise: None, language: None, large: false };
        self.ask(command).await.ticket.unwrap()
    }

    /// Nine tickets: some served, one left, one did not come, the rest still wait.
    pub(crate) async fn some_visits(&self) -> Vec<TicketId> {
        let mut tickets = Vec::new();
        for service in ["R", "P", "Q", "R", "R", "P", "Q", "Q", "R"] {
            tickets.push(self.issue(service).await);
            self.clock.advance(40_000);
        }
        self.ask(Command::Leave { ticket: tickets[8], reason: LeaveReason::Answered }).await;
        for desk in ["1", "2", "1", "2", "3"] {
            let desk = DeskId::from(desk);
            self.ask(Command::CallNext { desk: desk.clone() }).await;
            self.clock.advance(20_000);
            self.ask(Command::Start { desk }).await;
            self.clock.advance(90_000);
        }
        self.ask(Command::Finish { desk: "3".into(), outcome: None }).await;
        self.ask(Command::CallNext { desk: "3".into() }).await;
        self.ask(Command::NoShow { desk: "3".into() }).await;
        tickets
    }

    pub(crate) async fn close_day(&self) {
        self.ask(Command::CloseDay { by: By::Staff }).await;
    }

    /// Two ticks: what is due has been done, and then what waits for a quiet moment.
    pub(crate) async fn settle(&self) {
        for _ in 0..2 {
            self.branch.tick().await;
            assert!(self.branch.ping().await);
        }
    }

    pub(crate) async fn next_day(&self) {
        self.clock.advance(DAY_MS);
        self.settle().await;
    }

    pub(crate) async fn note(&self, ticket: TicketId) {
        let note = Personal { name: Some(NAME.into()), question: Some(QUESTION.into()) };
        self.branch.note(ticket, note).await.unwrap();
    }

    /// Stops the branch; the folder stays.
    pub(crate) async fn stop(mut self) -> tempfile::TempDir {
        self.branch.stop().await;
        self.thread.take().unwrap().join().unwrap();
        self.folder
    }
}

/// A ledger at rest with a closed day and an open one.
pub(crate) async fn two_days() -> tempfile::TempDir {
    let kit = Kit::open().await;
    kit.some_visits().await;
    kit.close_day().await;
    kit.next_day().await;
    kit.open_desks().await;
    kit.some_visits().await;
    kit.stop().await
}

/// A connection to plant damage with: what foreign keys and the program forbid is possible.
pub(crate) fn vandal(path: &Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.pragma_update(None, "foreign_keys", false).unwrap();
    connection
}
