//! Plays one drawn day: what happens when, sent as commands, and what follows from the answers.

mod clerks;
mod customers;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use super::clerk::Guest;
use super::customer::{Comes, Customer, Ending, Wish};
use super::scenario::{Deed, MANAGER, Scenario};
use super::walker::Walker;
use super::{MINUTE, Ms, SECOND, Summary};
use crate::branch::{Ask, Branch, Done, Failure};
use crate::queue::{CallReason, Command, DeskId, DeskPhase, Event, Phase, Queue, Recorded, TicketId};
use clerks::Clerk;

/// How often clerks look up even if nobody has told them to: for what people from outside do.
const LOOK_EVERY: Ms = 30 * SECOND;

/// Something that happens at a time.
enum Act {
    Arrive(Box<Customer>),
    Wish(TicketId, Wish),
    /// A no-show comes back.
    Back(TicketId),
    /// A customer who was called then says that they do not come.
    Decline(TicketId, Ms),
    /// A clerk's hand is free.
    Desk(usize),
    /// A clerk's duty changes.
    Shift(usize),
    Deed(Deed),
    /// Something may fall due by rule.
    Look,
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
            Act::Decline(ticket, since) => self.decline(ticket, since).await,
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
        if let Event::Issued { promise: Some(promise), .. } = &recorded.event {
            // a courtesy may be due right after the promise ends
            let after = self.branch.live().queue.rules().courtesy.after_min;
            self.plan(now + Ms::from(promise.to_min + after) * MINUTE + 1, Act::Look);
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
