//! When clerks act, and what their commands mean for whoever stands at the desk.

use rand::RngExt;

use super::{Act, Driver};
use crate::branch::Failure;
use crate::demo::clerk::{Guest, Sight, Step};
use crate::demo::customer::{Comes, Customer, seconds};
use crate::demo::scenario::Duty;
use crate::demo::{Ms, SECOND};
use crate::queue::{Command, DeskId, TicketId};

/// One desk as the day goes on.
pub(super) struct Clerk {
    pub(super) id: DeskId,
    pub(super) actor: String,
    pub(super) shifts: Vec<(Ms, Duty)>,
    /// When the next step is due, if one is.
    pub(super) wake: Option<Ms>,
    /// Whether the last command was a slip.
    pub(super) undo: bool,
}

impl Clerk {
    fn duty(&self, now: Ms) -> Duty {
        let begun = self.shifts.iter().rev().find(|(from, _)| *from <= now);
        begun.map_or(Duty::Away, |(_, duty)| *duty)
    }
}

impl Driver<'_> {
    /// A clerk's next step.
    pub(super) async fn turn(&mut self, i: usize) -> Result<(), Failure> {
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
    pub(super) fn wake_clerks(&mut self) {
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
}
