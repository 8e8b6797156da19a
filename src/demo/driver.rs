//! Plays one drawn day: what happens when, sent as commands, and what follows from the answers.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use rand::RngExt;

use super::clerk::{Guest, Sight, Step};
use super::customer::{Comes, Customer, Ending, Wish, seconds};
use super::scenario::{Deed, Duty, MANAGER, Scenario};
use super::walker::Walker;
use super::{MINUTE, Ms, SECOND, Summary};
use crate::branch::{Ask, Branch, Done, Failure};
use crate::queue::{CallReason, Command, DeskId, DeskPhase, Event, LeaveReason, Origin, Phase, Queue, Recorded, TicketId};

/// How often clerks look up even if nobody has told them to: for what people from outside do.
const LOOK_EVERY: Ms = 30 * SECOND;
/// What a customer who wants a number may be told.
const NO_NUMBER: &[&str] = &["closed", "closing", "too-late", "issuing-stopped", "line-full", "numbers-used-up"];
/// And one who comes back.
const NO_PLACE: &[&str] = &["place-gone", "ticket-over"];

/// Something that happens at a time.
enum Act {
    Arrive(Box<Customer>),
    Wish(TicketId, Wish),
    /// A no-show comes back.
    Back(TicketId),
    /// A called customer says, that long after the call, that they do not come.
    Decline(TicketId, Ms),
    /// A clerk's hand is free.
    Desk(usize),
    /// A clerk's duty changes.
    Shift(usize),
    Deed(Deed),
    /// Something may fall due by rule.
    Look,
}

/// One desk as the day goes on.
struct Clerk {
    id: DeskId,
    actor: String,
    shifts: Vec<(Ms, Duty)>,
    /// When the next step is due, if one is.
    wake: Option<Ms>,
    /// Whether the last command was a slip.
    undo: bool,
}

impl Clerk {
    fn duty(&self, now: Ms) -> Duty {
        let begun = self.shifts.iter().rev().find(|(from, _)| *from <= now);
        begun.map_or(Duty::Away, |(_, duty)| *duty)
    }
}

/// Plays a day.
pub(super) struct Driver<'a> {
    branch: &'a Branch,
    scenario: Scenario,
    summary: &'a mut Summary,
    /// What is to come, in order; the second number keeps things of one time in the order in which they were planned.
    acts: BTreeMap<(Ms, u64), Act>,
    planned: u64,
    now: Ms,
    clerks: Vec<Clerk>,
    guests: BTreeMap<TicketId, Guest>,
    named: Vec<(TicketId, CallReason)>,
}

impl<'a> Driver<'a> {
    pub(super) fn new(branch: &'a Branch, mut scenario: Scenario, without: &[DeskId], summary: &'a mut Summary) -> Self {
        let customers = std::mem::take(&mut scenario.customers);
        let deeds = std::mem::take(&mut scenario.deeds);
        let plans = std::mem::take(&mut scenario.desks).into_iter().filter(|plan| !without.contains(&plan.id));
        let clerks: Vec<_> = plans
            .map(|plan| Clerk { id: plan.id, actor: plan.clerk, shifts: plan.shifts, wake: None, undo: false })
            .collect();
        let mut driver = Self {
            branch,
            summary,
            acts: BTreeMap::new(),
            planned: 0,
            now: super::begins(&scenario.options),
            clerks,
            guests: BTreeMap::new(),
            named: Vec::new(),
            scenario,
        };
        driver.plan_day(customers, deeds);
        driver
    }

    fn plan_day(&mut self, customers: Vec<Customer>, deeds: Vec<(Ms, Deed)>) {
        let (open, close) = (self.scenario.options.opens(), self.scenario.options.closes());
        let limit = self.branch.live().queue.rules().serve_after_closing_ms;
        for at in [self.now, open, close, close + limit] {
            self.plan(at, Act::Look);
        }
        for (at, deed) in deeds {
            self.plan(at, Act::Deed(deed));
        }
        for i in 0..self.clerks.len() {
            for (at, _) in self.clerks.get(i).map(|clerk| clerk.shifts.clone()).unwrap_or_default() {
                self.plan(at, Act::Shift(i));
            }
        }
        for customer in customers {
            self.plan(customer.arrives, Act::Arrive(Box::new(customer)));
        }
    }

    fn plan(&mut self, at: Ms, act: Act) {
        self.planned += 1;
        self.acts.insert((at.max(self.now), self.planned), act);
    }

    /// Plays the day to its end. Says whether it was stopped before.
    pub(super) async fn play(
        &mut self,
        walker: &mut Walker,
        mut stop: Pin<&mut (impl Future<Output = ()> + Send)>,
    ) -> Result<bool, Failure> {
        let close = self.scenario.options.closes();
        let mut look = self.now;
        loop {
            let next = self.acts.first_key_value().map_or(Ms::MAX, |((at, _), _)| *at);
            // clerks look up on a grid of their own, so that what is planned stays what was drawn
            let act = if look <= next { Some(Act::Look) } else { self.acts.pop_first().map(|(_, act)| act) };
            let Some(act) = act else { return Ok(false) };
            if walker.go_to(look.min(next), stop.as_mut()).await {
                return Ok(true);
            }
            self.now = walker.now();
            look = if look <= next { look + LOOK_EVERY } else { look };
            self.settle().await?;
            match act {
                Act::Deed(Deed::Clock(slow)) => {
                    walker.set_slow(slow);
                    self.settle().await?;
                }
                act => self.perform(act).await?,
            }
            if self.now >= close && self.branch.live().queue.open_day().is_none() {
                return Ok(false);
            }
        }
    }

    /// Lets the branch do what is due, before anything else moves.
    async fn settle(&self) -> Result<(), Failure> {
        let due = self.branch.live().queue.due(&self.branch.now()).is_some();
        // the branch does it whenever it is asked anything; asking costs more than looking
        if !due || self.branch.ping().await { Ok(()) } else { Err(Failure::Stopping) }
    }

    async fn perform(&mut self, act: Act) -> Result<(), Failure> {
        match act {
            Act::Arrive(customer) => self.arrive(*customer).await,
            Act::Wish(ticket, wish) => self.wish(ticket, wish).await,
            Act::Back(ticket) => self.back(ticket).await,
            Act::Decline(ticket, since) => {
                let called = self.is(ticket, |phase| matches!(phase, Phase::Called { .. }));
                if called && self.guests.get(&ticket).is_some_and(|guest| guest.since == since) {
                    let command = Command::Leave { ticket, reason: LeaveReason::ChangedMind };
                    self.ask(command, "customer", &[]).await?;
                }
                Ok(())
            }
            Act::Desk(i) => match self.clerks.get(i).and_then(|clerk| clerk.wake) {
                // a later plan has replaced this one
                wake if wake != Some(self.now) => Ok(()),
                _ => self.turn(i).await,
            },
            Act::Shift(i) => self.turn(i).await,
            Act::Deed(Deed::Ask(command)) => self.deed(*command).await,
            Act::Deed(Deed::Clock(_)) => Ok(()),
            Act::Look => {
                self.wake_clerks();
                Ok(())
            }
        }
    }

    /// Sends a command as a surface would. `None`: it was refused, which is counted.
    async fn ask(&mut self, command: Command, actor: &str, expected: &[&str]) -> Result<Option<Done>, Failure> {
        let done = match self.branch.ask(Ask { command, actor: actor.into(), request: None }).await {
            Ok(done) => done,
            Err(Failure::Refused(refusal)) => {
                self.summary.refused(&refusal, expected);
                return Ok(None);
            }
            Err(failure) => return Err(failure),
        };
        self.settle().await?;
        for recorded in &done.events {
            self.follow(recorded);
        }
        self.wake_clerks();
        Ok(Some(done))
    }

    /// What follows for customers from what happened.
    fn follow(&mut self, recorded: &Recorded) {
        let now = self.now;
        if let Event::DayClosing { .. } = recorded.event {
            let limit = self.branch.live().queue.rules().serve_after_closing_ms;
            return self.plan(now + limit, Act::Look);
        }
        let Some(ticket) = recorded.event.ticket() else { return };
        let Some(guest) = self.guests.get_mut(&ticket) else { return };
        let (comes, ending) = (guest.customer.comes, guest.customer.ending.clone());
        match &recorded.event {
            Event::Called { .. } => {
                (guest.since, guest.recalled) = (now, None);
                if comes == Comes::Declines {
                    self.plan(now + 10 * SECOND, Act::Decline(ticket, now));
                }
            }
            Event::Recalled { .. } => guest.recalled = Some(now),
            Event::Started { .. } => guest.since = now,
            Event::Resumed { .. } => (guest.since, guest.second) = (now, true),
            Event::Requeued { .. } => guest.customer.comes = Comes::AtCall,
            Event::NoShow { keep_ms, .. } => {
                self.plan(now + keep_ms, Act::Look);
                if let Comes::Back(after) = comes {
                    self.plan(now + after, Act::Back(ticket));
                }
            }
            Event::Parked { .. } => {
                let away = if let Ending::Park { away, .. } = ending { away } else { MINUTE };
                guest.back = now + away;
                self.plan(now + away, Act::Look);
            }
            _ => {}
        }
    }

    fn is(&self, ticket: TicketId, right: impl FnOnce(&Phase) -> bool) -> bool {
        self.branch.live().queue.ticket(ticket).is_some_and(|ticket| right(&ticket.phase))
    }

    async fn arrive(&mut self, customer: Customer) -> Result<(), Failure> {
        let actor = match customer.origin {
            Origin::Button => "device:button",
            Origin::Kiosk => "device:kiosk",
            Origin::Phone => "customer",
            Origin::Api => "device:greeter",
            Origin::Desk => self.clerks.first().map_or(MANAGER, |clerk| &clerk.actor),
        }
        .to_owned();
        let command = Command::Issue {
            service: customer.service.clone(),
            key: customer.key,
            class: customer.class.clone(),
            origin: customer.origin,
            promise: None,
        };
        let done = self.ask(command, &actor, NO_NUMBER).await?;
        if let Some(ticket) = done.and_then(|done| done.ticket) {
            for (after, wish) in customer.wishes.clone() {
                self.plan(self.now + after, Act::Wish(ticket, wish));
            }
            self.guests.insert(ticket, Guest::new(customer, self.now));
        }
        Ok(())
    }

    /// What a customer does who still waits.
    async fn wish(&mut self, ticket: TicketId, wish: Wish) -> Result<(), Failure> {
        if !self.is(ticket, |phase| matches!(phase, Phase::Waiting)) {
            return Ok(());
        }
        match wish {
            Wish::Leave(reason) => {
                self.ask(Command::Leave { ticket, reason }, "customer", &[]).await?;
            }
            Wish::LetPass => {
                self.ask(Command::Delay { ticket }, "customer", &["nobody-behind"]).await?;
            }
            Wish::Tell(note) => self.branch.note(ticket, note).await?,
            Wish::ByName(reason) => {
                self.named.push((ticket, reason));
                self.wake_clerks();
            }
            Wish::Redirect(to) => {
                let live = |driver: &Self| driver.branch.live().queue.ticket(ticket).map(|ticket| ticket.service.clone());
                if live(self).is_none_or(|service| service == to) {
                    return Ok(());
                }
                if let Some((desk, actor)) = self.any_open_desk() {
                    self.ask(Command::Transfer { desk, ticket: Some(ticket), to }, &actor, &[]).await?;
                }
            }
        }
        Ok(())
    }

    fn any_open_desk(&self) -> Option<(DeskId, String)> {
        let live = self.branch.live();
        let open = |clerk: &&Clerk| live.queue.desk(&clerk.id).is_some_and(|desk| desk.phase == DeskPhase::Open);
        self.clerks.iter().find(open).map(|clerk| (clerk.id.clone(), clerk.actor.clone()))
    }

    /// A no-show comes back: in time, or too late and then perhaps with a new number.
    async fn back(&mut self, ticket: TicketId) -> Result<(), Failure> {
        let done = self.ask(Command::Requeue { ticket }, "customer", NO_PLACE).await?;
        if done.is_none()
            && let Some(again) = self.guests.get(&ticket).and_then(|guest| guest.customer.again(self.now + MINUTE))
        {
            self.plan(again.arrives, Act::Arrive(Box::new(again)));
        }
        Ok(())
    }

    /// A clerk's next step.
    async fn turn(&mut self, i: usize) -> Result<(), Failure> {
        self.meet_strangers();
        let now = self.now;
        let Some(clerk) = self.clerks.get_mut(i) else { return Ok(()) };
        clerk.wake = None;
        let undo = std::mem::take(&mut clerk.undo);
        let (duty, actor) = (clerk.duty(now), clerk.actor.clone());
        let id = clerk.id.clone();
        let step = {
            let live = self.branch.live();
            Sight { queue: &live.queue, guests: &self.guests, named: &self.named, now }.step(&id, duty, undo)
        };
        let command = match step {
            Step::Ask(command) => command,
            Step::Until(at) => {
                self.wake(i, at);
                return Ok(());
            }
            Step::Idle => return Ok(()),
        };
        let had = self.branch.live().queue.desk(&id).and_then(|desk| desk.ticket);
        // nobody else wakes this clerk while the command runs
        self.wake(i, Ms::MAX);
        let done = self.ask(command.clone(), &actor, &[]).await?;
        let after = if done.is_some() { self.after(i, &command, had) } else { 20 * SECOND };
        self.wake(i, now + after);
        Ok(())
    }

    /// How long a clerk's hand is busy after a command; and what else it meant.
    fn after(&mut self, i: usize, command: &Command, had: Option<TicketId>) -> Ms {
        let rng = &mut self.scenario.rng;
        match command {
            Command::CallNext { .. } | Command::NoShow { .. } => {
                let guest = had.and_then(|had| self.guests.get(&had));
                let late = guest.is_some_and(|guest| guest.customer.comes == Comes::JustTooLate);
                let slip = match command {
                    Command::NoShow { .. } => late,
                    _ => rng.random_bool(0.012),
                };
                if slip && let Some(clerk) = self.clerks.get_mut(i) {
                    clerk.undo = true;
                }
                5 * SECOND
            }
            Command::Undo { desk } => {
                // whoever came just too late stands there now
                let live = self.branch.live();
                let ticket = live.queue.desk(desk).and_then(|desk| desk.ticket);
                if let Some(guest) = ticket.and_then(|ticket| self.guests.get_mut(&ticket))
                    && guest.customer.comes == Comes::JustTooLate
                {
                    guest.customer.comes = Comes::AtCall;
                }
                3 * SECOND
            }
            Command::Transfer { ticket: None, .. } => {
                if let Some(guest) = had.and_then(|had| self.guests.get_mut(&had)) {
                    guest.second = true;
                }
                seconds(rng, 4, 20)
            }
            Command::Finish { .. } | Command::Park { .. } | Command::OpenDesk { .. } => seconds(rng, 4, 25),
            _ => SECOND,
        }
    }

    /// Plans a clerk's next step, in place of any other.
    fn wake(&mut self, i: usize, at: Ms) {
        if let Some(clerk) = self.clerks.get_mut(i) {
            clerk.wake = Some(at);
            if at != Ms::MAX {
                self.plan(at, Act::Desk(i));
            }
        }
    }

    /// Clerks who wait for somebody look up if there is something to do.
    fn wake_clerks(&mut self) {
        let now = self.now;
        let idle: Vec<usize> = {
            let live = self.branch.live();
            let sight = Sight { queue: &live.queue, guests: &self.guests, named: &self.named, now };
            let works = |clerk: &Clerk| {
                let held = live.queue.desk(&clerk.id).is_some_and(|desk| desk.ticket.is_some());
                held || sight.step(&clerk.id, clerk.duty(now), clerk.undo) != Step::Idle
            };
            let idle = self.clerks.iter().enumerate().filter(|(_, clerk)| clerk.wake.is_none());
            idle.filter(|(_, clerk)| works(clerk)).map(|(i, _)| i).collect()
        };
        for i in idle {
            let reaction = seconds(&mut self.scenario.rng, 2, 12);
            self.wake(i, now + reaction);
        }
    }

    /// Gives everybody at a desk who joined in from outside a part to play.
    fn meet_strangers(&mut self) {
        let live = self.branch.live();
        let at_desks = live.queue.desks().filter_map(|desk| live.queue.ticket(desk.ticket?));
        for ticket in at_desks {
            let stranger = || Guest::new(Customer::stranger(&ticket.service), self.now);
            self.guests.entry(ticket.id).or_insert_with(stranger);
        }
    }

    /// The manager does something, if it makes sense by now.
    async fn deed(&mut self, command: Command) -> Result<(), Failure> {
        match ready(&self.branch.live().queue, &command) {
            Some(true) => {}
            Some(false) => {
                self.plan(self.now + 3 * MINUTE, Act::Deed(Deed::Ask(Box::new(command))));
                return Ok(());
            }
            None => return Ok(()),
        }
        self.ask(command, MANAGER, &[]).await?;
        Ok(())
    }
}

/// Whether the manager may do this now (`Some(true)`), later, or not any more (`None`).
fn ready(queue: &Queue, command: &Command) -> Option<bool> {
    let day = queue.open_day();
    match command {
        Command::OpenDay { .. } => day.is_none().then_some(true),
        Command::BeginClosing { .. } => day.filter(|day| day.closing.is_none()).map(|_| true),
        Command::CloseDay { .. } => day.map(|_| true),
        Command::StopIssuing { service, .. } => queue.service(service).filter(|state| state.stopped.is_none()).map(|_| true),
        Command::ResumeIssuing { service } => queue.service(service).filter(|state| state.stopped.is_some()).map(|_| true),
        Command::RemoveService(id) => {
            queue.service(id)?;
            Some(!queue.tickets().any(|ticket| ticket.service == *id && !ticket.is_over()))
        }
        Command::RemoveDesk(id) => {
            let desk = queue.desk(id)?;
            let parked = |phase: &Phase| matches!(phase, Phase::Parked { desk } if desk == id);
            Some(desk.phase == DeskPhase::Closed && !queue.parked().any(|ticket| parked(&ticket.phase)))
        }
        _ => Some(true),
    }
}
