//! What an event changes. No rule is here: an event says everything, so that a ledger reads the same for ever.

use super::command::By;
use super::courtesy::GivenCourtesy;
use super::desk::{DeskPhase, DeskState, Turn, UndoRecord};
use super::event::{CalledBy, Event, Recorded};
use super::ids::{DeskId, TicketId};
use super::moment::Moment;
use super::state::{CallRecord, Day, Jump, Queue};
use super::ticket::{End, Phase, PromiseVoid, Ticket};

/// A promise holds until the first call; after it there is nothing left to void.
fn void(ticket: &mut Ticket, why: PromiseVoid) {
    if ticket.promise.is_some() && ticket.first_called.is_none() {
        ticket.promise_void.get_or_insert(why);
    }
}

impl Queue {
    /// Applies one recorded event. Events come in the order of their `seq`, without a gap.
    pub fn apply(&mut self, recorded: &Recorded) {
        self.remember_for_undo(recorded);
        let (seq, at) = (recorded.seq, recorded.at);
        match &recorded.event {
            Event::DayOpened { .. } | Event::DayClosing { .. } | Event::DayClosed { .. } | Event::ClockJumped { .. } => {
                self.apply_day(recorded);
            }
            Event::Issued { .. } => self.apply_issued(recorded),
            Event::Called { ticket, desk, by, turn } => self.apply_called(seq, at, *ticket, desk, *by, turn),
            Event::CourtesyGiven { ticket, courtesy } => {
                let given = GivenCourtesy { courtesy: courtesy.clone(), given: at, redeemed: None };
                self.courtesies.insert(*ticket, given);
            }
            Event::CourtesyRedeemed { ticket } => {
                if let Some(given) = self.courtesies.get_mut(ticket) {
                    given.redeemed = Some(at);
                }
            }
            Event::Undone { desk, .. } => self.apply_undone(seq, desk),
            Event::DeskChanged { desk, phase } => {
                if let Some(desk) = self.desks.get_mut(desk) {
                    desk.phase = *phase;
                }
            }
            Event::IssuingStopped { .. }
            | Event::IssuingResumed { .. }
            | Event::ServicePut { .. }
            | Event::ServiceRemoved { .. }
            | Event::DeskPut { .. }
            | Event::DeskRemoved { .. }
            | Event::HoursPut { .. }
            | Event::RulesPut { .. } => self.apply_setting(&recorded.event),
            event => self.apply_to_ticket(seq, at, event),
        }
        if let Some(jump) = &mut self.jump {
            jump.vouched |= at.trusted;
        }
        self.seq = seq;
        self.last = Some(at);
    }

    /// Keeps what the desk's command is about to change.
    fn remember_for_undo(&mut self, recorded: &Recorded) {
        let Some(desk) = recorded.desk.as_ref().and_then(|id| self.desks.get_mut(id)) else { return };
        if matches!(recorded.event, Event::Undone { .. }) {
            return;
        }
        if desk.undo.as_ref().is_none_or(|record| record.first != recorded.first) {
            let held = desk.ticket.and_then(|ticket| self.tickets.get(&ticket));
            desk.undo = Some(Box::new(UndoRecord {
                first: recorded.first,
                last: recorded.seq,
                at: recorded.at,
                tickets: held.cloned().into_iter().collect(),
                phase: desk.phase,
                ticket: desk.ticket,
                turn: desk.turn.clone(),
            }));
        }
        if let Some(record) = &mut desk.undo {
            record.last = recorded.seq;
            if let Some(ticket) = recorded.event.ticket().and_then(|id| self.tickets.get(&id))
                && record.tickets.iter().all(|before| before.id != ticket.id)
            {
                record.tickets.push(ticket.clone());
            }
        }
    }

    fn apply_day(&mut self, recorded: &Recorded) {
        let at = recorded.at;
        match &recorded.event {
            Event::DayOpened { day, date, by, continues, keeps } => {
                self.day = Some(Day { number: *day, date: *date, opened: at, by: *by, closing: None, closed: None });
                self.calls.clear();
                if *keeps {
                    self.filed = self.next_ticket;
                } else {
                    self.filed = 0;
                    self.tickets.clear();
                    self.courtesies.clear();
                    self.index = super::state::Index::default();
                }
                if !continues {
                    self.retired.clear();
                    for state in self.services.values_mut() {
                        state.next = state.service.first;
                    }
                }
                if *by == By::Staff {
                    self.jump = None;
                }
            }
            Event::DayClosing { .. } => {
                if let Some(day) = &mut self.day {
                    day.closing = Some(at);
                }
            }
            Event::DayClosed { ended, desks_close, .. } => {
                for ticket in ended {
                    self.end(recorded.seq, at, *ticket, End::DayClosed);
                }
                for desk in self.desks.values_mut() {
                    desk.undo = None;
                    desk.ticket = None;
                    if *desks_close {
                        desk.phase = DeskPhase::Closed;
                    }
                }
                if let Some(day) = &mut self.day {
                    day.closed = Some(at);
                }
            }
            Event::ClockJumped { by_ms } => self.jump = Some(Jump { at, by_ms: *by_ms, vouched: at.trusted }),
            _ => {}
        }
    }

    fn apply_issued(&mut self, recorded: &Recorded) {
        let Event::Issued { ticket, number, key, service, n, class, origin, promise, language, large, place } =
            &recorded.event
        else {
            return;
        };
        self.next_ticket = self.next_ticket.max(ticket.0);
        if let Some(state) = self.services.get_mut(service) {
            state.next = state.next.max(n + 1);
        }
        self.insert(Ticket {
            id: *ticket,
            number: number.clone(),
            key: *key,
            service: service.clone(),
            class: class.clone(),
            origin: *origin,
            promise: *promise,
            promise_void: None,
            language: language.clone(),
            large: *large,
            place: *place,
            issue_seq: recorded.seq,
            phase: Phase::Waiting,
            issued: recorded.at,
            first_called: None,
            called: None,
            started: None,
            ended: None,
            desk: None,
            invitations: 0,
            delays: 0,
            requeues: 0,
            transfers: 0,
            touched: recorded.seq,
        });
    }

    fn apply_called(&mut self, seq: u64, at: Moment, id: TicketId, to: &DeskId, by: CalledBy, turn: &Turn) {
        if let Some(ticket) = self.tickets.get(&id) {
            let call = CallRecord {
                seq,
                ticket: id,
                number: ticket.number.clone(),
                desk: to.clone(),
                service: ticket.service.clone(),
                named: by != CalledBy::Rule,
                priority: ticket.class.is_some(),
                place: ticket.place,
                at,
            };
            self.remember_call(call);
        }
        self.change(id, seq, |ticket| {
            ticket.phase = Phase::Called { desk: to.clone() };
            ticket.first_called.get_or_insert(at);
            ticket.called = Some(at);
            ticket.started = None;
            ticket.desk = Some(to.clone());
            ticket.invitations = 1;
        });
        if let Some(desk) = self.desks.get_mut(to) {
            desk.ticket = Some(id);
            desk.turn = turn.clone();
        }
    }

    /// Frees whichever desk has the ticket.
    fn free_desk(&mut self, id: TicketId) {
        let desk = self.tickets.get(&id).and_then(|ticket| match &ticket.phase {
            Phase::Called { desk } | Phase::Serving { desk } => Some(desk.clone()),
            _ => None,
        });
        if let Some(desk) = desk.and_then(|desk| self.desks.get_mut(&desk)) {
            desk.ticket = None;
        }
    }

    fn end(&mut self, seq: u64, at: Moment, id: TicketId, end: End) {
        self.free_desk(id);
        self.change(id, seq, |ticket| {
            ticket.phase = Phase::Ended(end);
            ticket.ended = Some(at);
        });
    }

    fn apply_to_ticket(&mut self, seq: u64, at: Moment, event: &Event) {
        match event {
            Event::Recalled { ticket, .. } => self.change(*ticket, seq, |ticket| ticket.invitations += 1),
            Event::Started { ticket, desk } => self.change(*ticket, seq, |ticket| {
                ticket.phase = Phase::Serving { desk: desk.clone() };
                ticket.started = Some(at);
            }),
            Event::Finished { ticket, outcome, inferred, .. } => {
                self.end(seq, at, *ticket, End::Finished { outcome: *outcome, inferred: *inferred });
            }
            Event::NoShow { ticket, keep_ms: 0, .. } => self.end(seq, at, *ticket, End::NoShow),
            Event::NoShow { ticket, desk, keep_ms } => {
                self.free_desk(*ticket);
                self.change(*ticket, seq, |ticket| {
                    ticket.phase = Phase::Missed { desk: desk.clone(), since: at, keep_ms: *keep_ms };
                });
            }
            Event::Requeued { ticket, place } => self.change(*ticket, seq, |ticket| {
                ticket.phase = Phase::Waiting;
                ticket.place = *place;
                ticket.requeues += 1;
            }),
            Event::Expired { ticket } => self.end(seq, at, *ticket, End::NoShow),
            Event::Parked { ticket, desk } => {
                self.free_desk(*ticket);
                self.change(*ticket, seq, |ticket| ticket.phase = Phase::Parked { desk: desk.clone() });
            }
            Event::Resumed { ticket, desk } => {
                self.change(*ticket, seq, |ticket| {
                    ticket.phase = Phase::Serving { desk: desk.clone() };
                    ticket.started.get_or_insert(at);
                    ticket.desk = Some(desk.clone());
                });
                if let Some(desk) = self.desks.get_mut(desk) {
                    desk.ticket = Some(*ticket);
                }
            }
            Event::Transferred { ticket, to, place, .. } => {
                self.free_desk(*ticket);
                self.change(*ticket, seq, |ticket| {
                    void(ticket, PromiseVoid::Transferred);
                    ticket.phase = Phase::Waiting;
                    ticket.service = to.clone();
                    ticket.place = *place;
                    ticket.transfers += 1;
                });
            }
            Event::Left { ticket, reason } => self.end(seq, at, *ticket, End::Left { reason: *reason }),
            Event::TakenBack { ticket, place } => self.change(*ticket, seq, |ticket| {
                ticket.phase = Phase::Waiting;
                ticket.ended = None;
                ticket.place = *place;
            }),
            Event::Delayed { ticket, place, .. } => self.change(*ticket, seq, |ticket| {
                void(ticket, PromiseVoid::Delayed);
                ticket.place = *place;
                ticket.delays += 1;
            }),
            _ => {}
        }
    }

    fn apply_undone(&mut self, seq: u64, desk: &DeskId) {
        let Some(record) = self.desks.get_mut(desk).and_then(|desk| desk.undo.take()) else { return };
        self.calls.retain(|call| call.seq < record.first || call.desk != *desk);
        for before in record.tickets {
            self.change(before.id, seq, |ticket| *ticket = before);
        }
        if let Some(desk) = self.desks.get_mut(desk) {
            desk.phase = record.phase;
            desk.ticket = record.ticket;
            desk.turn = record.turn;
        }
    }

    fn apply_setting(&mut self, event: &Event) {
        match event {
            Event::IssuingStopped { service, reason } => {
                if let Some(state) = self.services.get_mut(service) {
                    state.stopped = Some(reason.clone());
                }
            }
            Event::IssuingResumed { service } => {
                if let Some(state) = self.services.get_mut(service) {
                    state.stopped = None;
                }
            }
            Event::ServicePut { service } => {
                let known = self.services.get(&service.id);
                // what was given today counts; a first number that nobody got does not
                let given = known.filter(|s| s.next > s.service.first).map(|s| s.next);
                let given = given.or_else(|| self.retired.get(&service.id).copied());
                let state = super::service::ServiceState {
                    service: service.clone(),
                    next: given.unwrap_or(0).max(service.first),
                    stopped: known.and_then(|s| s.stopped.clone()),
                };
                self.services.insert(service.id.clone(), state);
            }
            Event::ServiceRemoved { service } => {
                if let Some(state) = self.services.remove(service)
                    && state.next > state.service.first
                {
                    self.retired.insert(service.clone(), state.next);
                }
            }
            Event::DeskPut { desk } => {
                let state = match self.desks.remove(&desk.id) {
                    Some(known) => DeskState { desk: desk.clone(), ..known },
                    None => DeskState {
                        desk: desk.clone(),
                        phase: DeskPhase::Closed,
                        ticket: None,
                        turn: Turn::default(),
                        undo: None,
                    },
                };
                self.desks.insert(desk.id.clone(), state);
            }
            Event::DeskRemoved { desk } => {
                self.desks.remove(desk);
            }
            Event::HoursPut { hours } => self.hours = hours.clone(),
            Event::RulesPut { rules } => self.rules = rules.clone(),
            _ => {}
        }
    }
}
