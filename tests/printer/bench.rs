//! A branch with a simulated printer, and the ledger's rows of its papers.

use std::time::Duration;

use nowserving::branch::{Ask, Branch, Options, Seed, apply_seed};
use nowserving::clock::Clock;
use nowserving::devices::{PaperOptions, Upkeep, print_jobs};
use nowserving::ledger;
use nowserving::paper::PaperStyle;
use nowserving::phrase::Words;
use nowserving::queue::{BootId, Command, Moment, Origin, Paper, TicketId, TicketKey};
use nowserving_hardware::{Mood, Patience, Profile, ReceiptPrinter, SimulatedPrinter, SimulatorHandle};
use tokio::sync::{mpsc, watch};

/// A running branch with its printer's thread.
pub(crate) struct Bench {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) branch: Branch,
    pub(crate) printer: SimulatorHandle,
    profile: &'static str,
    stop: watch::Sender<bool>,
    threads: Vec<std::thread::JoinHandle<()>>,
    drawn: u64,
}

fn morning() -> Moment {
    Moment { wall_ms: 1_778_914_800_000, offset_s: 10_800, mono_ms: 60_000, boot: BootId(1), trusted: true }
}

fn options() -> PaperOptions {
    let words = Words::of("en").unwrap();
    PaperOptions { store: "Test".into(), public_url: "http://192.168.1.5:8080".into(), words, style: PaperStyle::MM58 }
}

impl Bench {
    /// A printer with room for `room` bytes, of a profile that confirms by name or in line.
    pub(crate) async fn open(profile: &'static str, room: usize) -> Self {
        let (port, printer) = SimulatedPrinter::new(room, true);
        Self::on(tempfile::tempdir().unwrap(), profile, port, printer).await
    }

    async fn on(folder: tempfile::TempDir, profile: &'static str, port: SimulatedPrinter, printer: SimulatorHandle) -> Self {
        let path = ledger::path_in(folder.path());
        let (jobs, received) = mpsc::unbounded_channel();
        let branch_options = Options { store: "Test".into(), erase_after_days: 7, printer: Some(jobs) };
        let (branch, writer) = Branch::open(&path, Clock::manual(morning()), branch_options).unwrap();
        apply_seed(&branch, &path, &Seed::example()).await.unwrap();
        branch.tick().await;
        assert!(branch.ping().await);
        let profile_of = Profile::find(profile).unwrap();
        let device = Box::new(ReceiptPrinter::new(Box::new(port), profile_of, Patience::default()));
        let (stop, stopping) = watch::channel(false);
        let (of_worker, runtime) = (branch.clone(), tokio::runtime::Handle::current());
        let worker = std::thread::spawn(move || {
            let pace = Duration::from_millis(2);
            let upkeep = Upkeep { well: pace, troubled: pace, ..Upkeep::new(&runtime, stopping) };
            print_jobs(received, device, (&of_worker, &path), &options(), upkeep).unwrap();
        });
        Self { folder, branch, printer, profile, stop, threads: vec![writer, worker], drawn: 0 }
    }

    /// Ends everything; the folder stays. Gives it to a next one, with a printer of its own.
    pub(crate) async fn restart(self) -> Self {
        let Self { folder, branch, profile, stop, threads, .. } = self;
        stop.send_replace(true);
        branch.stop().await;
        drop(branch);
        tokio::task::spawn_blocking(|| threads.into_iter().for_each(|thread| thread.join().unwrap())).await.unwrap();
        let (port, printer) = SimulatedPrinter::new(4_096, true);
        Self::on(folder, profile, port, printer).await
    }

    pub(crate) async fn issue(&mut self) -> TicketId {
        self.drawn += 1;
        let mut key = [0x5a; 16];
        key[..8].copy_from_slice(&self.drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        key[8] = u8::try_from(self.folder.path().as_os_str().len() % 200).unwrap();
        let (service, key) = ("R".into(), TicketKey::new(key));
        let command =
            Command::Issue { service, key, class: None, origin: Origin::Kiosk, language: None, large: false, promise: None };
        let ask = Ask { command, actor: "device:kiosk".into(), request: None };
        self.branch.ask(ask).await.unwrap().ticket.unwrap()
    }

    /// The states of a ticket's papers, in the order in which they were asked for.
    pub(crate) fn states(&self, ticket: TicketId) -> Vec<String> {
        let ledger = rusqlite::Connection::open(ledger::path_in(self.folder.path())).unwrap();
        let mut statement = ledger.prepare("select state from prints where ticket = ?1 order by id").unwrap();
        let rows = statement.query_map([ticket.0], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// Waits until it is so. Nothing is measured; a minute is for ever.
    pub(crate) async fn until(&self, what: &str, so: impl Fn(&Self) -> bool) {
        for _ in 0..12_000 {
            if so(self) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("{what} never came about; {:?}", self.branch.around().troubles());
    }

    /// Waits until the paper of a ticket is at rest: in the end, or in the queue of a printer that needs a person.
    pub(crate) async fn at_rest(&self, ticket: TicketId) -> String {
        let stopped = |bench: &Self| bench.branch.around().row().paper == Paper::Stopped;
        let last = |bench: &Self| bench.states(ticket).pop().unwrap();
        self.until("rest", |bench| match last(bench).as_str() {
            "confirmed" | "unknown" => true,
            "queued" => stopped(bench),
            _ => false,
        })
        .await;
        last(self)
    }

    pub(crate) async fn heal(&self, off: bool) {
        if off {
            self.printer.switch_off_and_on();
        }
        self.printer.set(Mood::Well);
        self.until("health", |bench| {
            bench.branch.around().row().paper == Paper::Ready && bench.branch.around().troubles().is_empty()
        })
        .await;
    }

    pub(crate) async fn stop(self) {
        self.stop.send_replace(true);
        self.branch.stop().await;
        let threads = self.threads;
        tokio::task::spawn_blocking(|| threads.into_iter().for_each(|thread| thread.join().unwrap())).await.unwrap();
    }
}
