//! One day, played through the real core: every call is decided by [`Queue::decide`], so services, work profiles, priority and
//! kept places follow the branch's published rule and nothing is modelled twice.
//!
//! A discrete-event simulation: an agenda of what happens next, in order of time. Customers and clerks are as simple as can be
//! (a clerk calls when free, of several idle ones the longest idle); everything else is the core's.
//!
//! Opening hours are not given to the core: whoever came in the past was let in. Where a desk's last span ends is closing
//! time; desks that are open then stay until nobody waits for them, at most for the time of the rules, and that counts as
//! staffed.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::history::{Ms, OpenSpan};
use super::model::Customer;
use crate::queue::{
    BootId, By, Command, Desk, DeskId, DeskPhase, LeaveReason, Moment, Origin, Phase, Queue, Recorded, Refusal, Rules,
    Service, TicketId, TicketKey,
};

/// What of a branch decides who goes when.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BranchRule {
    /// Its services.
    pub services: Vec<Service>,
    /// Its desks, in the order in which they are opened.
    pub desks: Vec<Desk>,
    /// Its rules.
    pub rules: Rules,
}

impl BranchRule {
    /// The rule of a branch as it stands.
    #[must_use]
    pub fn of(queue: &Queue) -> Self {
        Self {
            services: queue.services().map(|state| state.service.clone()).collect(),
            desks: queue.desks().map(|state| state.desk.clone()).collect(),
            rules: queue.rules().clone(),
        }
    }
}

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Served at a desk.
    Served,
    /// Gave up.
    GaveUp,
    /// An answer was enough.
    Answered,
    /// Called and not come.
    NoShow,
    /// Still there when the day ended.
    SentHome,
    /// Got no number: the line was full.
    TurnedAway,
}

/// What became of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// How it ended.
    pub fate: Fate,
    /// From the number to the first call; to giving up, or to the end of the day, for who was never called.
    pub waited: Ms,
    /// Whether it was called.
    pub called: bool,
}

/// A day as it was played.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Played {
    /// What became of each customer, in their order.
    pub visits: Vec<Visit>,
    /// How long desks were open, added up.
    pub staffed: Ms,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Open(usize),
    Close(usize),
    /// Closing time.
    Last,
    Ready(usize),
    Arrive(usize),
    Came(usize),
    Done(usize),
    Vain(usize),
    GiveUp(usize),
    Answered(usize),
    Back(usize),
    Expire(usize),
    End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Now {
    Closed,
    /// Free, and nobody is there for it, since then.
    Idle(Ms),
    /// Has somebody, or is about to call.
    Busy,
}

struct Seat {
    id: DeskId,
    now: Now,
    /// To close as soon as it has nobody.
    closing: bool,
    /// To close as soon as nobody waits for it.
    last: bool,
    /// Since when it is open.
    since: Ms,
    /// Whom it has.
    customer: Option<usize>,
}

struct Play<'a> {
    queue: Queue,
    customers: &'a [Customer],
    tickets: Vec<Option<TicketId>>,
    visits: Vec<Visit>,
    seats: Vec<Seat>,
    agenda: BinaryHeap<Reverse<(Ms, u64, Act)>>,
    added: u64,
    now: Ms,
    staffed: Ms,
    over: bool,
}

/// The key of a customer's ticket says which customer it is.
fn key_of(customer: usize) -> TicketKey {
    TicketKey::new((customer as u128).to_be_bytes())
}

fn customer_of(key: &TicketKey) -> usize {
    u128::from_be_bytes(*key.bytes()) as usize
}

/// Plays a day. Desks of `spans` that the branch does not have are passed over.
///
/// # Errors
/// A [`Refusal`] that the core should not have given: the simulation does not fit the rule.
pub fn play(branch: &BranchRule, spans: &[OpenSpan], customers: &[Customer]) -> Result<Played, Refusal> {
    let mut play = Play::new(customers);
    play.set_up(branch)?;
    let closing = spans.iter().map(|span| span.to).max().unwrap_or(0);
    for span in spans {
        let Some(seat) = play.seats.iter().position(|seat| seat.id == span.desk) else { continue };
        play.add(span.from, Act::Open(seat));
        if span.to < closing {
            play.add(span.to, Act::Close(seat));
        }
    }
    for (n, customer) in customers.iter().enumerate() {
        play.add(customer.arrival.at, Act::Arrive(n));
    }
    // at one moment: opening before coming, closing after it
    let last_comes = customers.iter().map(|customer| customer.arrival.at).max().unwrap_or(0);
    let closing = closing.max(last_comes);
    play.add(closing, Act::Last);
    play.add(closing.saturating_add(branch.rules.serve_after_closing_ms), Act::End);
    while !play.over
        && let Some(Reverse((at, _, act))) = play.agenda.pop()
    {
        play.now = at;
        play.act(act)?;
    }
    Ok(Played { visits: play.visits, staffed: play.staffed })
}

impl<'a> Play<'a> {
    fn new(customers: &'a [Customer]) -> Self {
        let unknown = Visit { fate: Fate::SentHome, waited: 0, called: false };
        Self {
            queue: Queue::default(),
            customers,
            tickets: vec![None; customers.len()],
            visits: vec![unknown; customers.len()],
            seats: Vec::new(),
            agenda: BinaryHeap::new(),
            added: 0,
            now: 0,
            staffed: 0,
            over: false,
        }
    }

    fn set_up(&mut self, branch: &BranchRule) -> Result<(), Refusal> {
        self.ask(&Command::PutRules(branch.rules.clone()))?;
        for service in &branch.services {
            // a simulated day must not run out of numbers
            self.ask(&Command::PutService(Service { first: 1, last: 999_999, ..service.clone() }))?;
        }
        for desk in &branch.desks {
            self.ask(&Command::PutDesk(desk.clone()))?;
            self.seats.push(Seat {
                id: desk.id.clone(),
                now: Now::Closed,
                closing: false,
                last: false,
                since: 0,
                customer: None,
            });
        }
        self.ask(&Command::OpenDay { by: By::Staff })
    }

    fn moment(&self) -> Moment {
        // any day will do: without opening hours the core does not look at it
        let wall_ms = i64::try_from(self.now).unwrap_or(i64::MAX);
        Moment { wall_ms, offset_s: 0, mono_ms: self.now, boot: BootId(1), trusted: true }
    }

    fn ask(&mut self, command: &Command) -> Result<(), Refusal> {
        let at = self.moment();
        let events = self.queue.decide(command, &at)?;
        let first = self.queue.seq() + 1;
        for event in events {
            let seq = self.queue.seq() + 1;
            // nobody undoes: without a desk, nothing is kept for it
            self.queue.apply(&Recorded { seq, first, at, desk: None, event });
        }
        Ok(())
    }

    fn add(&mut self, at: Ms, act: Act) {
        self.added += 1;
        self.agenda.push(Reverse((at, self.added, act)));
    }

    fn act(&mut self, act: Act) -> Result<(), Refusal> {
        match act {
            Act::Open(seat) => self.open(seat),
            Act::Close(seat) => self.close(seat),
            Act::Last => (0..self.seats.len()).try_for_each(|seat| {
                if let Some(seat) = self.seats.get_mut(seat) {
                    seat.last = true;
                }
                self.close_if_empty(seat)
            }),
            Act::Ready(seat) => self.ready(seat),
            Act::Arrive(customer) => self.arrive(customer),
            Act::Came(seat) => self.came(seat),
            Act::Done(seat) => self.done(seat),
            Act::Vain(seat) => self.vain(seat),
            Act::GiveUp(customer) => self.leave(customer, LeaveReason::TooLong),
            Act::Answered(customer) => self.leave(customer, LeaveReason::Answered),
            Act::Back(customer) => self.back(customer),
            Act::Expire(customer) => self.expire(customer),
            Act::End => self.end(),
        }
    }

    fn open(&mut self, n: usize) -> Result<(), Refusal> {
        let now = self.now;
        let Some(seat) = self.seats.get_mut(n) else { return Ok(()) };
        let id = seat.id.clone();
        if seat.now == Now::Closed {
            (seat.now, seat.since, seat.closing) = (Now::Busy, now, false);
            self.ask(&Command::OpenDesk { desk: id })?;
            self.add(now, Act::Ready(n));
        } else if seat.closing {
            seat.closing = false;
            if self.queue.desk(&id).is_some_and(|state| state.phase == DeskPhase::Paused) {
                self.ask(&Command::OpenDesk { desk: id })?;
            }
        }
        Ok(())
    }

    fn close(&mut self, n: usize) -> Result<(), Refusal> {
        let Some(seat) = self.seats.get_mut(n) else { return Ok(()) };
        let id = seat.id.clone();
        match seat.now {
            Now::Closed => Ok(()),
            Now::Idle(_) => self.close_now(n),
            Now::Busy if seat.closing => Ok(()),
            Now::Busy => {
                seat.closing = true;
                // who stands there is served, nobody else is called
                if seat.customer.is_some() { self.ask(&Command::PauseDesk { desk: id }) } else { Ok(()) }
            }
        }
    }

    fn close_now(&mut self, n: usize) -> Result<(), Refusal> {
        let Some(seat) = self.seats.get_mut(n) else { return Ok(()) };
        (seat.now, seat.closing) = (Now::Closed, false);
        self.staffed += self.now - seat.since;
        let desk = seat.id.clone();
        self.ask(&Command::CloseDesk { desk })
    }

    /// After closing time, a desk that nobody waits for goes home.
    fn close_if_empty(&mut self, n: usize) -> Result<(), Refusal> {
        let idle = self.seats.get(n).is_some_and(|seat| seat.last && matches!(seat.now, Now::Idle(_)));
        if idle { self.close_now(n) } else { Ok(()) }
    }

    /// A desk is free: it calls the next, or waits.
    fn ready(&mut self, n: usize) -> Result<(), Refusal> {
        let Some(seat) = self.seats.get_mut(n) else { return Ok(()) };
        if seat.closing {
            return self.close_now(n);
        }
        let desk = seat.id.clone();
        match self.ask(&Command::CallNext { desk: desk.clone() }) {
            Ok(()) => {}
            Err(Refusal::NobodyWaiting(_)) => {
                if let Some(seat) = self.seats.get_mut(n) {
                    seat.now = Now::Idle(self.now);
                }
                return self.close_if_empty(n);
            }
            Err(other) => return Err(other),
        }
        let called = self.queue.desk(&desk).and_then(|state| self.queue.ticket(state.ticket?));
        let customer = called.map(|ticket| customer_of(&ticket.key));
        let Some((i, customer)) = customer.and_then(|i| Some((i, self.customers.get(i)?))) else { return Ok(()) };
        if let Some(seat) = self.seats.get_mut(n) {
            seat.customer = Some(i);
        }
        let first = self.visits.get_mut(i).is_some_and(|visit| !std::mem::replace(&mut visit.called, true));
        if first && let Some(visit) = self.visits.get_mut(i) {
            visit.waited = self.now.saturating_sub(customer.arrival.at);
        }
        match customer.vain.filter(|_| first) {
            Some(lost) => self.add(self.now + lost, Act::Vain(n)),
            None => self.add(self.now + customer.walk, Act::Came(n)),
        }
        Ok(())
    }

    fn came(&mut self, n: usize) -> Result<(), Refusal> {
        let Some((seat, customer)) = self.seats.get(n).and_then(|seat| Some((seat, self.customers.get(seat.customer?)?)))
        else {
            return Ok(());
        };
        let (desk, done) = (seat.id.clone(), self.now + customer.visit);
        self.add(done, Act::Done(n));
        self.ask(&Command::Start { desk })
    }

    fn done(&mut self, n: usize) -> Result<(), Refusal> {
        let Some((desk, i)) = self.free(n) else { return Ok(()) };
        self.set(i, Fate::Served);
        self.ask(&Command::Finish { desk, outcome: None })
    }

    fn vain(&mut self, n: usize) -> Result<(), Refusal> {
        let Some((desk, i)) = self.free(n) else { return Ok(()) };
        self.set(i, Fate::NoShow);
        self.ask(&Command::NoShow { desk })?;
        let keep = self.queue.rules().keep_place_ms;
        if let Some(back) = self.customers.get(i).and_then(|customer| customer.back).filter(|back| *back < keep) {
            self.add(self.now + back, Act::Back(i));
        }
        self.add(self.now.saturating_add(keep), Act::Expire(i));
        Ok(())
    }

    /// A desk's customer goes; the desk calls again after its gap.
    fn free(&mut self, n: usize) -> Option<(DeskId, usize)> {
        let seat = self.seats.get_mut(n)?;
        let i = seat.customer.take()?;
        let (desk, gap) = (seat.id.clone(), if seat.closing { 0 } else { self.customers.get(i)?.gap });
        self.add(self.now + gap, Act::Ready(n));
        Some((desk, i))
    }

    fn arrive(&mut self, i: usize) -> Result<(), Refusal> {
        let Some(customer) = self.customers.get(i) else { return Ok(()) };
        let key = key_of(i);
        let class = customer.arrival.class.clone().filter(|class| self.queue.rules().classes.contains(class));
        let issue = Command::Issue {
            service: customer.arrival.service.clone(),
            key,
            class,
            origin: Origin::Api,
            promise: None,
            language: None,
            large: false,
        };
        match self.ask(&issue) {
            Ok(()) => {}
            Err(Refusal::LineFull { .. }) => {
                self.set(i, Fate::TurnedAway);
                return Ok(());
            }
            Err(other) => return Err(other),
        }
        let ticket = self.queue.by_key(&key).map(|ticket| ticket.id);
        if let Some(slot) = self.tickets.get_mut(i) {
            *slot = ticket;
        }
        if let Some(patience) = customer.patience {
            self.add(self.now.saturating_add(patience), Act::GiveUp(i));
        }
        if let Some(answered) = customer.answered {
            self.add(self.now.saturating_add(answered), Act::Answered(i));
        }
        self.wake(i);
        Ok(())
    }

    /// An idle desk that takes a customer's service calls soon: the one that has been idle for longest.
    fn wake(&mut self, i: usize) {
        let Some(customer) = self.customers.get(i) else { return };
        let takes = |seat: &Seat| {
            let desk = self.queue.desk(&seat.id);
            desk.is_some_and(|state| state.desk.profile.takes(&customer.arrival.service))
        };
        let idle = |(n, seat): (usize, &Seat)| match seat.now {
            Now::Idle(since) if takes(seat) => Some((since, n)),
            _ => None,
        };
        let Some((_, n)) = self.seats.iter().enumerate().filter_map(idle).min() else { return };
        if let Some(seat) = self.seats.get_mut(n) {
            seat.now = Now::Busy;
        }
        self.add(self.now + customer.gap, Act::Ready(n));
    }

    fn leave(&mut self, i: usize, reason: LeaveReason) -> Result<(), Refusal> {
        let Some(ticket) = self.phase(i, |phase| matches!(phase, Phase::Waiting)) else { return Ok(()) };
        if self.visits.get(i).is_none_or(|visit| visit.called) {
            return Ok(());
        }
        self.set(i, if reason == LeaveReason::Answered { Fate::Answered } else { Fate::GaveUp });
        self.stop_waiting(i);
        self.ask(&Command::Leave { ticket, reason })
    }

    fn back(&mut self, i: usize) -> Result<(), Refusal> {
        let Some(ticket) = self.phase(i, |phase| matches!(phase, Phase::Missed { .. })) else { return Ok(()) };
        self.set(i, Fate::SentHome);
        self.ask(&Command::Requeue { ticket, desk: None })?;
        self.wake(i);
        Ok(())
    }

    fn expire(&mut self, i: usize) -> Result<(), Refusal> {
        match self.phase(i, |phase| matches!(phase, Phase::Missed { .. })) {
            Some(ticket) => self.ask(&Command::Expire { ticket }),
            None => Ok(()),
        }
    }

    fn end(&mut self) -> Result<(), Refusal> {
        for i in 0..self.customers.len() {
            let called = self.visits.get(i).is_some_and(|visit| visit.called);
            if !called && self.phase(i, |phase| matches!(phase, Phase::Waiting)).is_some() {
                self.stop_waiting(i);
            } else if self.phase(i, |phase| matches!(phase, Phase::Called { .. } | Phase::Serving { .. })).is_some() {
                // who is at a desk is not sent away
                self.set(i, Fate::Served);
            }
        }
        let open = self.seats.iter().filter(|seat| seat.now != Now::Closed);
        self.staffed += open.map(|seat| self.now - seat.since).sum::<Ms>();
        self.over = true;
        self.ask(&Command::CloseDay { by: By::Staff })
    }

    /// The customer's ticket, if it is in such a phase.
    fn phase(&self, i: usize, is: impl FnOnce(&Phase) -> bool) -> Option<TicketId> {
        let ticket = self.queue.ticket(self.tickets.get(i).copied().flatten()?)?;
        is(&ticket.phase).then_some(ticket.id)
    }

    fn set(&mut self, i: usize, fate: Fate) {
        if let Some(visit) = self.visits.get_mut(i) {
            visit.fate = fate;
        }
    }

    fn stop_waiting(&mut self, i: usize) {
        if let (Some(visit), Some(customer)) = (self.visits.get_mut(i), self.customers.get(i)) {
            visit.waited = self.now.saturating_sub(customer.arrival.at);
        }
    }
}
