//! The promises to people, one test each.

mod days;
mod fairness;
mod lines;

use nowserving::queue::{Command, Event, Number, Origin, Profile, Queue, Recorded, Refusal, TicketId, TicketKey};
use proptest::prelude::*;
use proptest::test_runner::{TestError, TestRunner};

use crate::asked;
use crate::clock::{Clock, Tick};

/// A branch without a ledger.
struct Branch {
    queue: Queue,
    clock: Clock,
    keys: u64,
}

impl Branch {
    /// Three services and three desks, two of them open; the day is open.
    fn new() -> Self {
        let mut branch = Self { queue: Queue::default(), clock: Clock::new(), keys: 0 };
        for command in asked::founding() {
            branch.ask(&command).unwrap();
        }
        branch.go_on();
        branch
    }

    /// Puts an event into the state as a ledger would, whatever the rules say.
    fn record(&mut self, event: Event) {
        let seq = self.queue.seq() + 1;
        self.queue.apply(&Recorded { seq, first: seq, at: self.clock.now, desk: None, event });
    }

    /// The same, with one desk of this profile and numbers without end.
    fn with_desk(profile: Profile, priority_ratio: u32) -> Self {
        let mut branch = Self::new();
        let mut desk = branch.queue.desk(&"1".into()).unwrap().desk.clone();
        desk.profile = profile;
        branch.ask(&Command::PutDesk(desk)).unwrap();
        let rules = nowserving::queue::Rules { priority_ratio, ..branch.queue.rules().clone() };
        branch.ask(&Command::PutRules(rules)).unwrap();
        let services: Vec<_> = branch.queue.services().map(|state| state.service.clone()).collect();
        for service in services {
            let service = nowserving::queue::Service { last: 999_999, max_waiting: None, ..service };
            branch.ask(&Command::PutService(service)).unwrap();
        }
        branch
    }

    fn ask(&mut self, command: &Command) -> Result<Vec<Event>, Refusal> {
        let events = self.queue.decide(command, &self.clock.now)?;
        let first = self.queue.seq() + 1;
        for event in &events {
            let (seq, desk) = (self.queue.seq() + 1, command.desk().cloned());
            self.queue.apply(&Recorded { seq, first, at: self.clock.now, desk, event: event.clone() });
        }
        Ok(events)
    }

    fn go_on(&mut self) {
        for _ in 0..100 {
            let Some(command) = self.queue.due(&self.clock.now) else { return };
            self.ask(&command).unwrap();
        }
        panic!("the branch never comes to rest");
    }

    fn tick(&mut self, tick: &Tick) {
        self.clock.tick(tick);
        self.go_on();
    }

    fn issue(&mut self, service: &str, priority: bool) -> Result<(TicketId, Number), Refusal> {
        self.keys += 1;
        let mut key = [0; 16];
        key[..8].copy_from_slice(&self.keys.to_be_bytes());
        let events = self.ask(&Command::Issue {
            service: service.into(),
            key: TicketKey::new(key),
            class: priority.then(|| "mobility".into()),
            origin: Origin::Kiosk,
            promise: None,
            language: None,
            large: false,
        })?;
        let [Event::Issued { ticket, number, .. }] = events.as_slice() else { panic!("{events:?}") };
        Ok((*ticket, number.clone()))
    }

    /// Whom the desk calls next.
    fn call_next(&mut self, desk: &str) -> Option<TicketId> {
        let events = self.ask(&Command::CallNext { desk: desk.into() }).ok()?;
        events.iter().find_map(|event| match event {
            Event::Called { ticket, .. } => Some(*ticket),
            _ => None,
        })
    }

    fn is_priority(&self, ticket: TicketId) -> bool {
        self.queue.ticket(ticket).unwrap().class.is_some()
    }

    fn service(&self, ticket: TicketId) -> String {
        self.queue.ticket(ticket).unwrap().service.to_string()
    }
}

/// Runs a property over a few hundred drawn cases, the same every time.
fn property<S: Strategy>(strategy: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let mut runner: TestRunner = crate::deterministic(200);
    match runner.run(strategy, test) {
        Ok(()) => {}
        Err(TestError::Fail(why, value)) => panic!("{why}\nfor {value:#?}"),
        Err(TestError::Abort(why)) => panic!("given up: {why}"),
    }
}
