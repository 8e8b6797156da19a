//! What the benchmarks share: a branch with room for a million numbers, percentiles, memory.

use std::path::Path;
use std::time::{Duration, Instant};

use nowserving::branch::{Ask, Branch, Options, Seed, apply_seed};
use nowserving::clock::{Clock, stopwatch};
use nowserving::queue::{Command, Desk, DeskId, Origin, Service, ServiceId, TicketKey};

/// The example store with numbers up to 999,999 and five desks.
pub(crate) fn seed() -> Seed {
    let wide = |mut service: Service| {
        (service.last, service.digits) = (999_999, 6);
        service
    };
    let mut seed = Seed::example();
    seed.services = seed.services.map(|services| services.into_iter().map(wide).collect());
    seed.desks = Some((1..=5).map(|n| Desk::new(&n.to_string(), &format!("Desk {n}"))).collect());
    seed
}

/// Opens a branch on `clock` in `folder`, with the wide store and its desks open.
pub(crate) async fn branch(folder: &Path, clock: Clock) -> (Branch, std::thread::JoinHandle<()>) {
    let path = nowserving::ledger::path_in(folder);
    let (branch, thread) =
        Branch::open(&path, clock, Options { store: "bench".into(), erase_after_days: 7, printer: None }).unwrap();
    assert_eq!(apply_seed(&branch, &path, &seed()).await.unwrap(), Vec::<String>::new());
    branch.tick().await;
    for desk in 1..=5 {
        // open already, if the folder has been used
        let _ = branch.ask(ask(Command::OpenDesk { desk: desk_id(desk) })).await;
    }
    (branch, thread)
}

pub(crate) fn desk_id(n: usize) -> DeskId {
    n.to_string().as_str().into()
}

pub(crate) fn ask(command: Command) -> Ask {
    Ask { command, actor: "bench".into(), request: None }
}

pub(crate) fn issue(n: u64, service: &str) -> Command {
    let mut key = [7; 16];
    key[..8].copy_from_slice(&n.to_le_bytes());
    Command::Issue {
        service: ServiceId::from(service),
        key: TicketKey::new(key),
        class: None,
        origin: Origin::Api,
        promise: None,
        language: None,
        large: false,
    }
}

pub(crate) fn now() -> Instant {
    stopwatch()
}

/// Times, sorted when asked.
#[derive(Clone, Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    pub(crate) fn join(&mut self, other: Times) {
        self.0.extend(other.0);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The time that `share` (0 to 1) of all stay under, microseconds.
    pub(crate) fn us(&mut self, share: f64) -> f64 {
        self.0.sort_unstable();
        let at = ((self.0.len() as f64 - 1.0) * share).round() as usize;
        self.0.get(at).map_or(f64::NAN, |time| time.as_secs_f64() * 1e6)
    }

    pub(crate) fn line(&mut self) -> String {
        format!("p50 {:.0} µs, p99 {:.0} µs, most {:.0} µs (n = {})", self.us(0.5), self.us(0.99), self.us(1.0), self.len())
    }
}

/// Resident memory of a process, KiB.
pub(crate) fn resident_kib(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).unwrap_or(0)
}

/// An environment variable as a number, or its default.
pub(crate) fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// A line of the report, with whether a promise holds.
pub(crate) fn promise(what: &str, value: f64, holds: bool, bound: &str) {
    println!("{} {what}: {value:.2} ({bound})", if holds { "ok  " } else { "MISS" });
}
