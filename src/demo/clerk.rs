//! What a clerk does next, from what the desk page shows and who stands there. Pure.

use std::collections::BTreeMap;

use super::customer::{Comes, Customer, Ending};
use super::scenario::Duty;
use super::{MINUTE, Ms, SECOND};
use crate::queue::{CallReason, Command, DeskId, DeskPhase, DeskState, Phase, Queue, Ticket, TicketId};

/// How long a clerk waits for a called customer before calling again.
const RECALL_AFTER: Ms = 45 * SECOND;
/// And before giving up.
const GIVE_UP_AFTER: Ms = 100 * SECOND;

/// A customer with a number.
#[derive(Clone, Debug)]
pub(super) struct Guest {
    pub(super) customer: Customer,
    /// When the present phase began: the call, or the start of service.
    pub(super) since: Ms,
    /// When they were called again.
    pub(super) recalled: Option<Ms>,
    /// Whether the first part of the visit is over.
    pub(super) second: bool,
    /// When a parked customer is back.
    pub(super) back: Ms,
}

impl Guest {
    pub(super) fn new(customer: Customer, now: Ms) -> Self {
        Self { customer, since: now, recalled: None, second: false, back: 0 }
    }
}

/// What a clerk does now.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// Presses a key.
    Ask(Command),
    /// Waits until then.
    Until(Ms),
    /// Waits for somebody to come.
    Idle,
}

/// What a clerk goes by.
pub(super) struct Sight<'a> {
    pub(super) queue: &'a Queue,
    pub(super) guests: &'a BTreeMap<TicketId, Guest>,
    /// Who is to be called by name.
    pub(super) named: &'a [(TicketId, CallReason)],
    pub(super) now: Ms,
}

impl Sight<'_> {
    /// What the clerk of a desk does, who is to do `duty` and, if `undo`, has just noticed a slip.
    pub(super) fn step(&self, id: &DeskId, duty: Duty, undo: bool) -> Step {
        let Some(desk) = self.queue.desk(id) else { return Step::Idle };
        let desk_id = || id.clone();
        if undo && desk.undo.is_some() {
            return Step::Ask(Command::Undo { desk: desk_id() });
        }
        match (desk.phase, duty) {
            (DeskPhase::Closed, Duty::Serve) if self.queue.open_day().is_some() => {
                return Step::Ask(Command::OpenDesk { desk: desk_id() });
            }
            (DeskPhase::Closed, _) => return Step::Idle,
            (DeskPhase::Paused, Duty::Serve) => return Step::Ask(Command::OpenDesk { desk: desk_id() }),
            (DeskPhase::Open, Duty::Break) => return Step::Ask(Command::PauseDesk { desk: desk_id() }),
            _ => {}
        }
        match desk.ticket.and_then(|ticket| self.queue.ticket(ticket)) {
            Some(ticket) => self.with(desk, ticket),
            None if duty == Duty::Away => Step::Ask(Command::CloseDesk { desk: desk_id() }),
            None if desk.phase == DeskPhase::Open => self.next(desk),
            None => Step::Idle,
        }
    }

    /// What is done with the ticket at the desk.
    fn with(&self, desk: &DeskState, ticket: &Ticket) -> Step {
        let id = || desk.desk.id.clone();
        let Some(guest) = self.guests.get(&ticket.id) else { return Step::Idle };
        let at = |when: Ms, step: Command| if self.now < when { Step::Until(when) } else { Step::Ask(step) };
        if matches!(ticket.phase, Phase::Serving { .. }) {
            let given = self.queue.courtesy(ticket.id).filter(|given| given.redeemed.is_none());
            if let Some(code) = given.and_then(|given| given.courtesy.code) {
                return Step::Ask(Command::Redeem { code });
            }
            return self.serving(desk, guest, guest.since);
        }
        let comes = match guest.customer.comes {
            Comes::AtCall => Some(guest.since + guest.customer.walk),
            Comes::AtRecall => guest.recalled.map(|recalled| recalled + guest.customer.walk),
            Comes::JustTooLate | Comes::Back(_) | Comes::Never | Comes::Declines => None,
        };
        match comes {
            Some(comes) if guest.customer.unstarted => self.serving(desk, guest, comes),
            Some(comes) => at(comes, Command::Start { desk: id() }),
            None if guest.recalled.is_none() => at(guest.since + RECALL_AFTER, Command::Recall { desk: id() }),
            None => at(guest.since + GIVE_UP_AFTER, Command::NoShow { desk: id() }),
        }
    }

    /// How a visit that began at `began` goes on.
    fn serving(&self, desk: &DeskState, guest: &Guest, began: Ms) -> Step {
        let id = desk.desk.id.clone();
        let first = guest.customer.visit;
        let (long, ending) = match &guest.customer.ending {
            Ending::Park { rest, .. } | Ending::Transfer { rest, .. } if guest.second => (*rest, &Ending::NextKey),
            ending => (first, ending),
        };
        if self.now < began + long {
            return Step::Until(began + long);
        }
        Step::Ask(match ending {
            Ending::Finish(outcome) => Command::Finish { desk: id, outcome: *outcome },
            Ending::NextKey if desk.phase == DeskPhase::Open => Command::CallNext { desk: id },
            Ending::NextKey => Command::Finish { desk: id, outcome: None },
            Ending::Park { .. } => Command::Park { desk: id },
            Ending::Transfer { to, .. } => Command::Transfer { desk: id, ticket: None, to: to.clone() },
        })
    }

    /// Who comes to a free desk.
    fn next(&self, desk: &DeskState) -> Step {
        let id = desk.desk.id.clone();
        if let Some(ticket) = self.back(desk) {
            return Step::Ask(Command::Resume { desk: id, ticket });
        }
        if let Some((ticket, reason)) = self.by_name(desk) {
            return Step::Ask(Command::Call { desk: id, ticket, reason });
        }
        let waits = |service| self.queue.waiting(service) > 0 && desk.desk.profile.takes(service);
        if self.queue.services().any(|state| waits(&state.service.id)) {
            return Step::Ask(Command::CallNext { desk: id });
        }
        Step::Idle
    }

    /// A parked customer who is back: at the desk that knows them, or at any if that one keeps them waiting.
    fn back(&self, desk: &DeskState) -> Option<TicketId> {
        let mut parked = self.queue.parked();
        let ticket = parked.find(|ticket| {
            let Phase::Parked { desk: by } = &ticket.phase else { return false };
            let back = self.guests.get(&ticket.id).map_or(0, |guest| guest.back);
            self.now >= back + if *by == desk.desk.id { 0 } else { 3 * MINUTE }
        })?;
        Some(ticket.id)
    }

    fn by_name(&self, desk: &DeskState) -> Option<(TicketId, CallReason)> {
        let can = |ticket: &Ticket| matches!(ticket.phase, Phase::Waiting) && desk.desk.profile.takes(&ticket.service);
        self.named.iter().find(|(ticket, _)| self.queue.ticket(*ticket).is_some_and(can)).copied()
    }
}
