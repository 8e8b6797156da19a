//! What promises cost: everybody's wait refreshed after an event, and what an event teaches.
//!
//! `cargo bench --no-default-features --bench estimate`

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop where it stands")]

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion};
use nowserving::estimate::Estimator;
use nowserving::queue::{BootId, By, Command, Desk, Moment, Origin, Queue, Recorded, Service, TicketKey};

const DESKS: u64 = 4;

fn at(mono_ms: u64) -> Moment {
    Moment { wall_ms: 1_750_000_000_000 + mono_ms as i64, offset_s: 0, mono_ms, boot: BootId(1), trusted: true }
}

/// A branch with its estimator.
#[derive(Clone, Default)]
struct Branch {
    queue: Queue,
    estimator: Estimator,
    now_ms: u64,
    tickets: u64,
}

impl Branch {
    fn run(&mut self, command: &Command) {
        let now = at(self.now_ms);
        let events = self.queue.decide(command, &now).unwrap();
        let first = self.queue.seq() + 1;
        for (seq, event) in (first..).zip(events) {
            let recorded = Recorded { seq, first, at: now, desk: command.desk().cloned(), event };
            self.queue.apply(&recorded);
            self.estimator.observe(&self.queue, &recorded);
        }
    }

    fn issue(&mut self) {
        self.tickets += 1;
        let mut key = [0; 16];
        key[..8].copy_from_slice(&self.tickets.to_le_bytes());
        let service = if self.tickets.is_multiple_of(3) { "P" } else { "R" };
        let promise = self.estimator.promise(&self.queue, &service.into(), false, &at(self.now_ms));
        let command = Command::Issue {
            service: service.into(),
            key: TicketKey::new(key),
            class: None,
            origin: Origin::Api,
            promise,
            language: None,
            large: false,
        };
        self.run(&command);
    }

    fn call(&mut self, desk: u64) {
        self.run(&Command::CallNext { desk: desk.to_string().as_str().into() });
    }

    /// Two services, four busy desks, three hundred calls behind it, and `waiting` people.
    fn with_line(waiting: usize) -> Self {
        let mut branch = Self::default();
        for id in ["P", "R"] {
            let mut service = Service::new(id, "Service", "", "rust");
            (service.last, service.digits) = (999_999, 6);
            branch.run(&Command::PutService(service));
        }
        for desk in 1..=DESKS {
            branch.run(&Command::PutDesk(Desk::new(&desk.to_string(), "Desk")));
        }
        branch.run(&Command::OpenDay { by: By::Staff });
        for desk in 1..=DESKS {
            branch.run(&Command::OpenDesk { desk: desk.to_string().as_str().into() });
        }
        (0..20).for_each(|_| branch.issue());
        for n in 0..300 {
            branch.now_ms += 40_000 + 7_000 * (n % 11);
            branch.issue();
            branch.call(n % DESKS + 1);
        }
        let length = |branch: &Self| branch.queue.waiting(&"P".into()) + branch.queue.waiting(&"R".into());
        while length(&branch) < waiting {
            branch.now_ms += 1_000;
            branch.issue();
        }
        while length(&branch) > waiting {
            branch.now_ms += 1_000;
            branch.call(1);
        }
        branch
    }
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("all promises refreshed, 4 desks, people waiting");
    for waiting in [10, 50, 100, 200, 400, 1000] {
        let branch = Branch::with_line(waiting);
        let now = at(branch.now_ms + 1_000);
        group.bench_with_input(BenchmarkId::from_parameter(waiting), &branch, |bench, branch| {
            bench.iter_batched_ref(
                // what was looked at is never kept in a copy that was stored and read back
                || serde_json::from_str::<Estimator>(&serde_json::to_string(&branch.estimator).unwrap()).unwrap(),
                |estimator| {
                    estimator.refresh(&branch.queue, &now);
                    black_box(estimator.waits(&branch.queue, &now))
                },
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
    let mut group = criterion.benchmark_group("an issue and a call, learned from, people waiting");
    for waiting in [10, 200] {
        let branch = Branch::with_line(waiting);
        group.bench_with_input(BenchmarkId::from_parameter(waiting), &branch, |bench, branch| {
            bench.iter_batched_ref(
                || branch.clone(),
                |branch| {
                    branch.now_ms += 20_000;
                    branch.issue();
                    branch.call(1);
                },
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
    criterion.final_summary();
}
