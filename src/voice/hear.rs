//! Which calls and new numbers there are to speak: the durable state, looked at whenever something was published.
//!
//! A look, not a list of events: whoever looks late sees what stands now and nothing of what was taken back in between.

use std::collections::BTreeMap;

use super::agenda::{Call, Invitation};
use crate::queue::{Origin, Phase, Queue, Ticket, TicketId};

/// So many calls are remembered before those of tickets that have ended are forgotten.
const REMEMBERED: usize = 256;

/// What was heard so far.
#[derive(Debug, Default)]
pub(super) struct Hearing {
    /// The newest invitation of each ticket that was heard.
    heard: BTreeMap<TicketId, Invitation>,
    /// The newest ticket there was.
    last: u64,
    day: Option<u32>,
}

/// What is new.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    /// Calls and recalls, the newest last.
    pub(super) calls: Vec<Call>,
    /// Tickets drawn at a button or the kiosk, the newest last.
    pub(super) drawn: Vec<TicketId>,
}

impl Hearing {
    /// Begins to listen: what was called before is not called again by a restart.
    #[must_use]
    pub(super) fn new(queue: &Queue) -> Self {
        let mut hearing = Self::default();
        hearing.begin_day(queue);
        hearing.look(queue, 0);
        hearing
    }

    fn begin_day(&mut self, queue: &Queue) {
        self.day = queue.day().map(|day| day.number);
        self.last = queue.tickets().map(|ticket| ticket.id.0).max().unwrap_or(self.last);
    }

    /// What is new since the last look.
    pub(super) fn look(&mut self, queue: &Queue, at_ms: u64) -> Heard {
        let mut heard = Heard::default();
        for ticket in queue.desks().filter_map(|desk| queue.ticket(desk.ticket?)) {
            let (Phase::Called { desk }, Some(invitation)) = (&ticket.phase, invitation(ticket)) else { continue };
            let known = self.heard.insert(ticket.id, invitation);
            let new = known.is_none_or(|known| known.called_ms != invitation.called_ms || known.count < invitation.count);
            if new {
                let desk = desk.clone();
                heard.calls.push(Call { ticket: ticket.id, desk, seq: ticket.touched, invitation, at_ms });
            }
        }
        heard.calls.sort_by_key(|call| call.seq);
        if self.heard.len() > REMEMBERED {
            self.heard.retain(|id, _| queue.ticket(*id).is_some_and(|ticket| !ticket.is_over()));
        }
        if self.day != queue.day().map(|day| day.number) {
            let before = self.last;
            self.begin_day(queue);
            heard.drawn.extend((before + 1..=self.last).map(TicketId).filter(|id| at_hand(queue, *id)));
        }
        while queue.ticket(TicketId(self.last + 1)).is_some() {
            self.last += 1;
            heard.drawn.extend(Some(TicketId(self.last)).filter(|id| at_hand(queue, *id)));
        }
        heard
    }
}

/// Whether a ticket was taken where the voice is heard.
fn at_hand(queue: &Queue, id: TicketId) -> bool {
    queue.ticket(id).is_some_and(|ticket| matches!(ticket.origin, Origin::Button | Origin::Kiosk))
}

fn invitation(ticket: &Ticket) -> Option<Invitation> {
    Some(Invitation { called_ms: ticket.called?.mono_ms, count: ticket.invitations })
}

/// Whether a call still stands: not taken back, not answered, not given to another desk.
#[must_use]
pub(super) fn stands(queue: &Queue, call: &Call) -> bool {
    queue.ticket(call.ticket).is_some_and(|ticket| {
        let there = matches!(&ticket.phase, Phase::Called { desk } if *desk == call.desk);
        there
            && invitation(ticket)
                .is_some_and(|now| now.called_ms == call.invitation.called_ms && now.count >= call.invitation.count)
    })
}
