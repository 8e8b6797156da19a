//! What a command would do: every rule of the line is here or in `order.rs` and `day.rs`, and nothing is changed.

use super::command::Command;
use super::day;
use super::desk::{DeskPhase, DeskState};
use super::event::{CalledBy, Event};
use super::hours::OpenState;
use super::ids::{ClassId, DeskId, ServiceId, TicketId};
use super::moment::Moment;
use super::order;
use super::refusal::Refusal;
use super::service::ServiceState;
use super::settings;
use super::state::{Day, Queue};
use super::ticket::{End, LeaveReason, Outcome, Phase, Place, Promise, Ticket};

type Decision = Result<Vec<Event>, Refusal>;

/// What a phase is called in a sentence.
pub(super) fn phase_words(phase: &Phase) -> &'static str {
    match phase {
        Phase::Waiting => "waiting",
        Phase::Called { .. } => "called to a desk",
        Phase::Serving { .. } => "being served",
        Phase::Parked { .. } => "set aside at a desk",
        Phase::Missed { .. } => "called and not come",
        Phase::Ended(_) => "over",
    }
}

impl Queue {
    /// What `command` would do at the moment `at`: the events to record, or why it is refused. Changes nothing.
    ///
    /// # Errors
    /// A [`Refusal`], whose sentence a person can act on.
    pub fn decide(&self, command: &Command, at: &Moment) -> Decision {
        match command {
            Command::Issue { service, class, promise, .. } => {
                self.may_issue(service, class.as_ref(), promise.as_ref(), at)?;
                self.issue(command)
            }
            Command::CallNext { desk } => self.call_next(desk),
            Command::Call { desk, ticket, reason } => {
                let at_desk = self.idle_desk(desk)?;
                let called = self.waiting_ticket(*ticket)?;
                Ok(vec![Event::Called {
                    ticket: called.id,
                    desk: desk.clone(),
                    by: CalledBy::Name(*reason),
                    turn: at_desk.turn.clone(),
                }])
            }
            Command::Recall { desk } => {
                let ticket = self.called_ticket(desk)?;
                Ok(vec![Event::Recalled { ticket: ticket.id, desk: desk.clone() }])
            }
            Command::Start { desk } => {
                let ticket = self.called_ticket(desk)?;
                Ok(vec![Event::Started { ticket: ticket.id, desk: desk.clone() }])
            }
            Command::Finish { desk, outcome } => self.finish(desk, *outcome),
            Command::NoShow { desk } => self.no_show(desk),
            Command::Requeue { ticket, desk } => {
                desk.as_ref().map(|desk| self.known_desk(desk)).transpose()?;
                self.requeue(*ticket, at)
            }
            Command::Park { desk } => {
                let ticket = self.desk_ticket(self.known_desk(desk)?)?;
                Ok(vec![Event::Parked { ticket: ticket.id, desk: desk.clone() }])
            }
            Command::Resume { desk, ticket } => self.resume(desk, *ticket),
            Command::Transfer { desk, ticket, to } => self.transfer(desk, *ticket, to),
            Command::Leave { ticket, reason } => self.leave(*ticket, *reason),
            Command::TakeBack { ticket } => self.take_back(*ticket, at),
            Command::Delay { ticket } => self.delay(*ticket),
            Command::OpenDesk { desk } => self.change_desk(desk, DeskPhase::Open),
            Command::PauseDesk { desk } => self.change_desk(desk, DeskPhase::Paused),
            Command::CloseDesk { desk } => self.change_desk(desk, DeskPhase::Closed),
            Command::Undo { desk } => self.undo(desk, at),
            Command::OpenDay { .. }
            | Command::OpenEarlierDay
            | Command::BeginClosing { .. }
            | Command::CloseDay { .. }
            | Command::Expire { .. }
            | Command::NoteClock => day::decide(self, command, at),
            Command::GiveCourtesy { ticket, code } => self.give_courtesy(*ticket, *code, at),
            Command::Redeem { code } => self.redeem(*code),
            Command::StopIssuing { .. }
            | Command::ResumeIssuing { .. }
            | Command::PutService(_)
            | Command::RemoveService(_)
            | Command::PutDesk(_)
            | Command::RemoveDesk(_)
            | Command::PutHours(_)
            | Command::PutRules(_) => settings::decide(self, command),
        }
    }

    pub(super) fn known_service(&self, id: &ServiceId) -> Result<&ServiceState, Refusal> {
        self.services.get(id).ok_or_else(|| Refusal::UnknownService(id.clone(), self.services.keys().cloned().collect()))
    }

    pub(super) fn known_desk(&self, id: &DeskId) -> Result<&DeskState, Refusal> {
        self.desks.get(id).ok_or_else(|| Refusal::UnknownDesk(id.clone()))
    }

    pub(super) fn known_ticket(&self, id: TicketId) -> Result<&Ticket, Refusal> {
        let ticket = self.ticket(id).ok_or(Refusal::UnknownTicket)?;
        if ticket.is_over() {
            return Err(Refusal::TicketOver(ticket.number.clone()));
        }
        Ok(ticket)
    }

    fn next_seq(&self) -> u64 {
        self.seq + 1
    }

    fn open_desk(&self, id: &DeskId) -> Result<&DeskState, Refusal> {
        let desk = self.known_desk(id)?;
        match desk.phase {
            DeskPhase::Open => Ok(desk),
            DeskPhase::Closed => Err(Refusal::DeskClosed(desk.desk.name.clone())),
            DeskPhase::Paused => Err(Refusal::DeskPaused(desk.desk.name.clone())),
        }
    }

    /// An open desk that has nobody.
    fn idle_desk(&self, id: &DeskId) -> Result<&DeskState, Refusal> {
        let desk = self.open_desk(id)?;
        match desk.ticket.and_then(|ticket| self.ticket(ticket)) {
            Some(ticket) => Err(Refusal::DeskBusy { desk: desk.desk.name.clone(), number: ticket.number.clone() }),
            None => Ok(desk),
        }
    }

    fn desk_ticket(&self, desk: &DeskState) -> Result<&Ticket, Refusal> {
        let ticket = desk.ticket.and_then(|ticket| self.ticket(ticket));
        ticket.ok_or_else(|| Refusal::DeskIdle(desk.desk.name.clone()))
    }

    /// The ticket called to a desk and not yet come.
    fn called_ticket(&self, desk: &DeskId) -> Result<&Ticket, Refusal> {
        let ticket = self.desk_ticket(self.known_desk(desk)?)?;
        if matches!(ticket.phase, Phase::Serving { .. }) {
            return Err(Refusal::AlreadyStarted(ticket.number.clone()));
        }
        Ok(ticket)
    }

    fn waiting_ticket(&self, id: TicketId) -> Result<&Ticket, Refusal> {
        let ticket = self.known_ticket(id)?;
        if matches!(ticket.phase, Phase::Waiting) {
            return Ok(ticket);
        }
        Err(Refusal::NotWaiting { number: ticket.number.clone(), now: phase_words(&ticket.phase) })
    }

    /// Whether a ticket for `service` may be issued at `at`, with the wait it would be promised.
    ///
    /// # Errors
    /// A [`Refusal`] that tells the customer why not.
    pub fn may_issue(
        &self,
        service: &ServiceId,
        class: Option<&ClassId>,
        promise: Option<&Promise>,
        at: &Moment,
    ) -> Result<(), Refusal> {
        let state = self.known_service(service)?;
        if let Some(class) = class.filter(|class| !self.rules.classes.contains(class)) {
            return Err(Refusal::UnknownClass(class.to_string()));
        }
        self.open_for(promise, at)?;
        let name = || state.service.name.clone();
        if let Some(reason) = &state.stopped {
            return Err(Refusal::IssuingStopped { name: name(), reason: reason.clone() });
        }
        let waiting = u32::try_from(self.waiting(service)).unwrap_or(u32::MAX);
        if state.service.max_waiting.is_some_and(|max| waiting >= max) {
            return Err(Refusal::LineFull { name: name(), waiting });
        }
        if state.next > state.service.last {
            return Err(Refusal::NumbersUsedUp { name: name() });
        }
        Ok(())
    }

    /// Whether the branch gives numbers at all at `at`.
    fn open_for(&self, promise: Option<&Promise>, at: &Moment) -> Result<(), Refusal> {
        let hours = if self.doubts(at) { OpenState::Always } else { self.hours.state(at.local()) };
        let opens = match hours {
            OpenState::Closed { opens, .. } => opens,
            OpenState::Until(_) | OpenState::Always => None,
        };
        let Some(day) = self.open_day() else { return Err(Refusal::Closed { opens }) };
        if day.closing.is_some() {
            return Err(Refusal::Closing { opens });
        }
        match hours {
            OpenState::Always => Ok(()),
            OpenState::Closed { .. } if day.by == super::By::Staff => Ok(()),
            OpenState::Closed { opens, .. } => Err(Refusal::Closed { opens }),
            OpenState::Until(closes) => {
                let wait = promise.map_or(0, |promise| promise.to_min);
                let left = closes.signed_duration_since(at.local());
                let late = chrono::Duration::minutes(i64::from(wait) - i64::from(self.rules.closing_tolerance_min));
                if late > left {
                    let opens = match self.hours.state(closes) {
                        OpenState::Closed { opens, .. } => opens,
                        OpenState::Until(_) | OpenState::Always => None,
                    };
                    return Err(Refusal::TooLate { closes, opens });
                }
                Ok(())
            }
        }
    }

    fn issue(&self, command: &Command) -> Decision {
        let Command::Issue { service, key, class, origin, promise, language, large } = command else {
            return Err(Refusal::NothingDue);
        };
        let state = self.known_service(service)?;
        if self.by_key(key).is_some() {
            return Err(Refusal::KeyTaken);
        }
        Ok(vec![Event::Issued {
            ticket: TicketId(self.next_ticket + 1),
            number: state.service.number(state.next),
            key: *key,
            service: service.clone(),
            n: state.next,
            class: class.clone(),
            origin: *origin,
            promise: *promise,
            language: language.clone(),
            large: *large,
            place: Place(self.next_seq(), 0),
        }])
    }

    /// One key is one key: what the desk has is finished, and the next is called if there is one.
    fn call_next(&self, id: &DeskId) -> Decision {
        let desk = self.open_desk(id)?;
        let _: &Day = self.open_day().ok_or(Refusal::NoDay)?;
        let mut events = Vec::with_capacity(2);
        if let Some(ticket) = desk.ticket {
            let outcome = desk.desk.default_outcome;
            events.push(Event::Finished { ticket, desk: id.clone(), outcome, inferred: true });
        }
        match order::next(self, desk) {
            Some(choice) => {
                events.push(Event::Called {
                    ticket: choice.ticket,
                    desk: id.clone(),
                    by: CalledBy::Rule,
                    turn: choice.turn,
                });
            }
            None if events.is_empty() => return Err(Refusal::NobodyWaiting(desk.desk.name.clone())),
            None => {}
        }
        Ok(events)
    }

    fn finish(&self, id: &DeskId, outcome: Option<Outcome>) -> Decision {
        let desk = self.known_desk(id)?;
        let ticket = self.desk_ticket(desk)?;
        Ok(vec![Event::Finished {
            ticket: ticket.id,
            desk: id.clone(),
            outcome: outcome.unwrap_or(desk.desk.default_outcome),
            inferred: false,
        }])
    }

    fn no_show(&self, desk: &DeskId) -> Decision {
        let ticket = self.called_ticket(desk)?;
        let keep_ms = if ticket.requeues < self.rules.max_requeues { self.rules.keep_place_ms } else { 0 };
        Ok(vec![Event::NoShow { ticket: ticket.id, desk: desk.clone(), keep_ms }])
    }

    fn requeue(&self, id: TicketId, at: &Moment) -> Decision {
        let ticket = self.known_ticket(id)?;
        let Phase::Missed { .. } = &ticket.phase else {
            return Err(Refusal::NotMissed { number: ticket.number.clone(), now: phase_words(&ticket.phase) });
        };
        if day::place_gone(ticket, at) {
            return Err(Refusal::PlaceGone(ticket.number.clone()));
        }
        if ticket.requeues >= self.rules.max_requeues {
            return Err(Refusal::RequeuedBefore(ticket.number.clone()));
        }
        let behind = self.place_behind(ticket, None, self.rules.requeue_after, self.next_seq());
        let place = behind.map_or(ticket.place, |(place, _)| place.max(ticket.place));
        Ok(vec![Event::Requeued { ticket: id, place }])
    }

    fn resume(&self, desk: &DeskId, id: TicketId) -> Decision {
        self.idle_desk(desk)?;
        let ticket = self.known_ticket(id)?;
        if !matches!(ticket.phase, Phase::Parked { .. }) {
            return Err(Refusal::NotParked { number: ticket.number.clone(), now: phase_words(&ticket.phase) });
        }
        Ok(vec![Event::Resumed { ticket: id, desk: desk.clone() }])
    }

    /// A transferred ticket keeps its number, and the place by the time that was given.
    fn transfer(&self, desk: &DeskId, named: Option<TicketId>, to: &ServiceId) -> Decision {
        let at_desk = self.known_desk(desk)?;
        let target = self.known_service(to)?;
        let ticket = match named {
            Some(id) if at_desk.ticket != Some(id) => {
                let ticket = self.known_ticket(id)?;
                if !matches!(ticket.phase, Phase::Waiting | Phase::Parked { .. }) {
                    return Err(Refusal::NotWaiting { number: ticket.number.clone(), now: phase_words(&ticket.phase) });
                }
                ticket
            }
            _ => self.desk_ticket(at_desk)?,
        };
        if &ticket.service == to && matches!(ticket.phase, Phase::Waiting) {
            return Err(Refusal::SameService { number: ticket.number.clone(), name: target.service.name.clone() });
        }
        Ok(vec![Event::Transferred {
            ticket: ticket.id,
            desk: desk.clone(),
            to: to.clone(),
            place: Place(ticket.issue_seq, 0),
        }])
    }

    fn leave(&self, id: TicketId, reason: LeaveReason) -> Decision {
        let ticket = self.known_ticket(id)?;
        if matches!(ticket.phase, Phase::Serving { .. }) {
            return Err(Refusal::AtDesk(ticket.number.clone()));
        }
        Ok(vec![Event::Left { ticket: id, reason }])
    }

    /// Whoever gave up a place in the line has it again for a while. Not after a call: that would be a second way to come back
    /// after not coming; and not once the ticket is in the history of its day.
    fn take_back(&self, id: TicketId, at: &Moment) -> Decision {
        let ticket = self.ticket(id).ok_or(Refusal::UnknownTicket)?;
        let Phase::Ended(End::Left { .. }) = ticket.phase else { return Err(Refusal::NotGivenUp(ticket.number.clone())) };
        let _: &Day = self.open_day().ok_or(Refusal::NoDay)?;
        self.known_service(&ticket.service)?;
        let gone = ticket.ended.and_then(|ended| ended.until(at)).is_none_or(|gone| gone > self.rules.take_back_ms);
        if gone || ticket.called.is_some() || id.0 <= self.filed {
            return Err(Refusal::PlaceGone(ticket.number.clone()));
        }
        Ok(vec![Event::TakenBack { ticket: id, place: ticket.place }])
    }

    fn delay(&self, id: TicketId) -> Decision {
        let ticket = self.waiting_ticket(id)?;
        if ticket.delays >= self.rules.max_delays {
            return Err(Refusal::DelayedEnough { number: ticket.number.clone(), times: ticket.delays });
        }
        let behind = self.place_behind(ticket, Some(ticket.place), self.rules.delay_passes, self.next_seq());
        let (place, passed) = behind.ok_or_else(|| Refusal::NobodyBehind(ticket.number.clone()))?;
        Ok(vec![Event::Delayed { ticket: id, place, passed }])
    }

    fn change_desk(&self, id: &DeskId, phase: DeskPhase) -> Decision {
        let desk = self.known_desk(id)?;
        let name = || desk.desk.name.clone();
        match (desk.phase, phase) {
            (DeskPhase::Open, DeskPhase::Open) => return Err(Refusal::DeskIsAlready(name(), "open")),
            (DeskPhase::Paused, DeskPhase::Paused) => return Err(Refusal::DeskIsAlready(name(), "paused")),
            (DeskPhase::Closed, DeskPhase::Closed) => return Err(Refusal::DeskIsAlready(name(), "closed")),
            (DeskPhase::Closed, DeskPhase::Paused) => return Err(Refusal::DeskClosed(name())),
            _ => {}
        }
        if phase == DeskPhase::Closed
            && let Ok(ticket) = self.desk_ticket(desk)
        {
            return Err(Refusal::DeskBusy { desk: name(), number: ticket.number.clone() });
        }
        Ok(vec![Event::DeskChanged { desk: id.clone(), phase }])
    }

    fn undo(&self, id: &DeskId, at: &Moment) -> Decision {
        let desk = self.known_desk(id)?;
        let Some(record) = &desk.undo else { return Err(Refusal::NothingToUndo(desk.desk.name.clone())) };
        if record.at.until(at).is_none_or(|elapsed| elapsed > self.rules.undo_ms) {
            return Err(Refusal::UndoTooLate { seconds: self.rules.undo_ms / 1000 });
        }
        for before in &record.tickets {
            let untouched = self.ticket(before.id).is_some_and(|now| now.touched <= record.last);
            if !untouched || !self.services.contains_key(&before.service) {
                return Err(Refusal::UndoOvertaken(before.number.clone()));
            }
        }
        Ok(vec![Event::Undone { desk: id.clone(), first: record.first }])
    }
}
