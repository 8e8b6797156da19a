//! decide + apply: operations a second, and their cost against the length of the line.
//!
//! `cargo bench --no-default-features --bench core`

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop where it stands")]

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion};
use nowserving::queue::{BootId, By, Command, Desk, Moment, Origin, Queue, Recorded, Service, TicketKey};

fn at(mono_ms: u64) -> Moment {
    Moment { wall_ms: 1_750_000_000_000 + mono_ms as i64, offset_s: 0, mono_ms, boot: BootId(1), trusted: true }
}

fn run(queue: &mut Queue, command: &Command, now: &Moment) {
    let events = queue.decide(command, now).unwrap();
    let first = queue.seq() + 1;
    for (seq, event) in (first..).zip(events) {
        queue.apply(&Recorded { seq, first, at: *now, desk: command.desk().cloned(), event });
    }
}

fn issue(n: u64) -> Command {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&n.to_le_bytes());
    Command::Issue {
        service: "R".into(),
        key: TicketKey::new(key),
        class: None,
        origin: Origin::Api,
        promise: None,
        language: None,
        large: false,
    }
}

/// A branch with one open desk and `waiting` people.
fn line(waiting: u64) -> Queue {
    let mut queue = Queue::default();
    let mut service = Service::new("R", "Returns", "", "rust");
    (service.last, service.digits) = (999_999, 6);
    run(&mut queue, &Command::PutService(service), &at(0));
    run(&mut queue, &Command::PutDesk(Desk::new("1", "Desk 1")), &at(0));
    run(&mut queue, &Command::OpenDay { by: By::Staff }, &at(0));
    run(&mut queue, &Command::OpenDesk { desk: "1".into() }, &at(0));
    for n in 0..waiting {
        run(&mut queue, &issue(n), &at(n));
    }
    queue
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("issue one and call next, people waiting");
    for waiting in [10, 100, 1_000, 10_000] {
        group.bench_with_input(BenchmarkId::from_parameter(waiting), &waiting, |bench, &waiting| {
            let start = line(waiting);
            bench.iter_batched_ref(
                || start.clone(),
                |queue| {
                    for n in 0..100 {
                        run(queue, &issue(1_000_000 + n), &at(20_000 + n));
                        run(queue, black_box(&Command::CallNext { desk: "1".into() }), &at(20_000 + n));
                    }
                },
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
    criterion.final_summary();
}
