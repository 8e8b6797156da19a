//! What the estimator promises about itself: the same ledger teaches the same, and what it knows does not grow with time.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail as its body does")]

use nowserving::estimate::Estimator;
use nowserving::queue::{
    BootId, By, Command, Desk, LeaveReason, Moment, Origin, Profile, Queue, Recorded, Service, TicketKey,
};
use proptest::prelude::*;

const DAY_MS: u64 = 86_400_000;

/// A branch with its estimator, and everything that happened.
#[derive(Default)]
struct Branch {
    queue: Queue,
    estimator: Estimator,
    events: Vec<Recorded>,
    tickets: u64,
}

fn at(mono_ms: u64) -> Moment {
    let wall_ms = 1_767_254_400_000 + i64::try_from(mono_ms).unwrap();
    Moment { wall_ms, offset_s: 3600, mono_ms, boot: BootId(1), trusted: true }
}

impl Branch {
    /// Three services; two desks for everything, one for questions and pick-ups by ratio.
    fn new() -> Self {
        let mut branch = Self::default();
        for id in ["P", "Q", "R"] {
            branch.run(0, &Command::PutService(Service::new(id, "Service", "", "rust")));
        }
        let ratio = Profile::Ratio([("P".into(), 2), ("Q".into(), 1)].into());
        branch.run(0, &Command::PutDesk(Desk::new("1", "Desk 1")));
        branch.run(0, &Command::PutDesk(Desk::new("2", "Desk 2")));
        branch.run(0, &Command::PutDesk(Desk { profile: ratio, ..Desk::new("3", "Desk 3") }));
        branch
    }

    /// Whether the command was done.
    fn run(&mut self, now_ms: u64, command: &Command) -> bool {
        let now = at(now_ms);
        while let Some(due) = self.queue.due(&now) {
            let events = self.queue.decide(&due, &now).unwrap();
            self.record(&now, &due, events);
        }
        let Ok(events) = self.queue.decide(command, &now) else { return false };
        self.record(&now, command, events);
        true
    }

    fn record(&mut self, now: &Moment, command: &Command, events: Vec<nowserving::queue::Event>) {
        let first = self.queue.seq() + 1;
        for (seq, event) in (first..).zip(events) {
            let recorded = Recorded { seq, first, at: *now, desk: command.desk().cloned(), event };
            self.queue.apply(&recorded);
            self.estimator.observe(&self.queue, &recorded);
            self.events.push(recorded);
        }
    }

    fn issue(&mut self, now_ms: u64, service: &str) {
        self.tickets += 1;
        let mut key = [0; 16];
        key[..8].copy_from_slice(&self.tickets.to_le_bytes());
        let promise = self.estimator.promise(&self.queue, &service.into(), false, &at(now_ms));
        let (service, key) = (service.into(), TicketKey::new(key));
        self.run(
            now_ms,
            &Command::Issue { service, key, class: None, origin: Origin::Kiosk, promise, language: None, large: false },
        );
    }

    /// One thing that people do, chosen by numbers.
    fn act(&mut self, now_ms: u64, what: u8, which: u8) {
        let service = ["P", "Q", "R"][usize::from(which % 3)];
        let desk = || ["1", "2", "3"][usize::from(which % 3)].into();
        let ticket = |queue: &Queue| {
            let waiting: Vec<_> = queue.line(&service.into()).into_iter().map(|ticket| ticket.id).collect();
            waiting.get(usize::from(which) % waiting.len().max(1)).copied()
        };
        match what % 12 {
            0..=3 => self.issue(now_ms, service),
            4..=6 => drop(self.run(now_ms, &Command::CallNext { desk: desk() })),
            7 => drop(self.run(now_ms, &Command::Start { desk: desk() })),
            8 => drop(self.run(now_ms, &Command::NoShow { desk: desk() })),
            9 => drop(self.run(now_ms, &Command::OpenDesk { desk: desk() })),
            10 => drop(self.run(now_ms, &Command::PauseDesk { desk: desk() })),
            _ => {
                if let Some(ticket) = ticket(&self.queue) {
                    self.run(now_ms, &Command::Leave { ticket, reason: LeaveReason::TooLong });
                }
            }
        }
    }

    fn open(&mut self, now_ms: u64) {
        self.run(now_ms, &Command::OpenDay { by: By::Staff });
        for desk in ["1", "2", "3"] {
            self.run(now_ms, &Command::OpenDesk { desk: desk.into() });
        }
    }
}

/// What a ledger's events teach, from the beginning.
fn replayed(events: &[Recorded]) -> (Queue, Estimator) {
    let (mut queue, mut estimator) = (Queue::default(), Estimator::default());
    for recorded in events {
        queue.apply(recorded);
        estimator.observe(&queue, recorded);
    }
    (queue, estimator)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A replay learns exactly what was learned the first time, also from a state that was stored on the way; looking at the
    /// waits in between changes no promise.
    #[test]
    fn the_same_events_teach_the_same(acts in prop::collection::vec((any::<u8>(), any::<u8>(), 1_000_u64..90_000), 20..200)) {
        let (mut branch, mut watched) = (Branch::new(), Branch::new());
        let mut stored = None;
        let mut now_ms = 8 * 3_600_000;
        branch.open(now_ms);
        watched.open(now_ms);
        for (n, (what, which, gap)) in acts.iter().enumerate() {
            now_ms += gap;
            branch.act(now_ms, *what, *which);
            watched.estimator.refresh(&watched.queue, &at(now_ms));
            drop(watched.estimator.waits(&watched.queue, &at(now_ms)));
            watched.act(now_ms, *what, *which);
            if n == acts.len() / 2 {
                stored = Some((branch.events.len(), serde_json::to_string(&branch.estimator).unwrap()));
            }
        }
        prop_assert!(branch.events == watched.events, "looking changed what was promised");
        let (_, again) = replayed(&branch.events);
        prop_assert!(again == branch.estimator, "a replay learned something else");
        let (count, text) = stored.unwrap();
        let (mut queue, _) = replayed(&branch.events[..count]);
        let mut estimator: Estimator = serde_json::from_str(&text).unwrap();
        for recorded in &branch.events[count..] {
            queue.apply(recorded);
            estimator.observe(&queue, recorded);
        }
        prop_assert!(estimator == branch.estimator, "a stored state went on to something else");
    }

    /// Every promise and every row is a range that grows along the line, and is there exactly where an open desk takes the service.
    #[test]
    fn rows_are_ranges_that_grow_along_the_line(acts in prop::collection::vec((any::<u8>(), any::<u8>(), 1_000_u64..90_000), 1..120)) {
        let mut branch = Branch::new();
        let mut now_ms = 8 * 3_600_000;
        branch.open(now_ms);
        for (what, which, gap) in acts {
            now_ms += gap;
            branch.act(now_ms, what, which);
        }
        branch.estimator.refresh(&branch.queue, &at(now_ms));
        for (service, row) in branch.estimator.waits(&branch.queue, &at(now_ms)) {
            let promise = branch.estimator.promise(&branch.queue, &service, false, &at(now_ms));
            prop_assert_eq!(promise.is_some(), row.desks > 0);
            prop_assert_eq!(row.now.is_some(), row.desks > 0);
            prop_assert!(row.by_place.iter().chain(&row.now).all(|[from, to]| from < to && *to <= 1440));
            prop_assert!(row.by_place.is_sorted_by(|a, b| a[0] <= b[0] && a[1] <= b[1]), "{:?}", row.by_place);
            if let Some(promise) = promise {
                prop_assert!(promise.from_min < promise.to_min);
                let forecast = promise.forecast.unwrap();
                prop_assert!(forecast.low_s <= forecast.mid_s && forecast.mid_s <= forecast.high_s);
            }
        }
    }
}

#[test]
fn a_year_of_days_does_not_make_what_is_known_larger() {
    let mut branch = Branch::new();
    let mut size = [0; 2];
    for day in 0..365_u64 {
        let opens = day * DAY_MS + 8 * 3_600_000;
        branch.open(opens);
        for n in 0..30_u64 {
            let now_ms = opens + n * 600_000;
            branch.issue(now_ms, ["P", "Q", "R"][(n % 3) as usize]);
            branch.issue(now_ms + 10_000 * (n % 7), ["R", "P"][(n % 2) as usize]);
            let desk = ["1", "2"][(n % 2) as usize];
            branch.run(now_ms + 100_000, &Command::CallNext { desk: desk.into() });
            branch.run(now_ms + 300_000 + 5_000 * (n % 11), &Command::CallNext { desk: desk.into() });
        }
        branch.run(opens + 10 * 3_600_000, &Command::CloseDay { by: By::Staff });
        branch.events.clear();
        match day {
            59 => size[0] = serde_json::to_string(&branch.estimator).unwrap().len(),
            364 => size[1] = serde_json::to_string(&branch.estimator).unwrap().len(),
            _ => {}
        }
    }
    assert!(!branch.estimator.is_learning());
    assert!(size[1] < size[0] + size[0] / 20, "{size:?} bytes after two months and after a year");
}

#[test]
fn a_fresh_branch_says_what_the_manager_typed() {
    let mut branch = Branch::new();
    branch.open(8 * 3_600_000);
    (0..12).for_each(|_| branch.issue(8 * 3_600_000 + 1000, "R"));
    let promise = branch.estimator.promise(&branch.queue, &"R".into(), false, &at(8 * 3_600_000 + 2000)).unwrap();
    // twelve people at two desks that take returns, four minutes each, two of them at once: about twenty minutes
    assert!(promise.learning && (8..=20).contains(&promise.from_min) && (25..=60).contains(&promise.to_min), "{promise:?}");
}
