//! Why another ticket went first, in one sentence, for the public. Nobody's reason for priority is ever told.

use std::fmt;

use super::ids::{Number, TicketId};
use super::state::{CallRecord, Queue};
use super::ticket::{Phase, Ticket};

/// Why the last ticket that was issued later but called sooner went first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nobody who came later went first.
    InTurn,
    /// The other has priority.
    Priority(Number),
    /// The customer let others pass.
    YouLetPass(Number),
    /// The customer was called, did not come, and came back.
    YouCameBack(Number),
    /// A desk called the other by its number.
    Named(Number, String),
    /// The other waits for a service that another desk, or the desk's turn, takes.
    OtherService(Number, String, String),
    /// The ticket has priority, and the other went between as the rule says.
    Between(Number),
    /// The ticket was not in this line then: at a desk, set aside, or waiting for another service.
    YouWereElsewhere(Number),
    /// The ticket does not wait.
    NotWaiting(Number),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InTurn => f.write_str("Nobody who came after you has been called before you."),
            Self::Priority(other) => write!(f, "{other} went first: it has priority by this branch's rule."),
            Self::YouLetPass(other) => write!(f, "{other} went first because you let others pass."),
            Self::YouCameBack(other) => {
                write!(f, "{other} went first because your number was called before and you came back later.")
            }
            Self::Named(other, desk) => {
                write!(f, "{other} went first: {desk} called it by its number. Such calls are recorded with their reason.")
            }
            Self::OtherService(other, service, desk) => {
                write!(f, "{other} waits for another service: {desk} takes {service} by its own turn.")
            }
            Self::Between(other) => {
                write!(f, "{other} went first: by this branch's rule one without priority goes after so many with priority.")
            }
            Self::YouWereElsewhere(other) => {
                write!(f, "{other} went first while your number was at a desk or in another line.")
            }
            Self::NotWaiting(number) => write!(f, "{number} is not waiting any more."),
        }
    }
}

impl Queue {
    /// Why the newest call went to somebody who came later. `None`: there is no such ticket today.
    #[must_use]
    pub fn why(&self, ticket: TicketId) -> Option<Why> {
        let ticket = self.ticket(ticket)?;
        if !matches!(ticket.phase, Phase::Waiting) {
            return Some(Why::NotWaiting(ticket.number.clone()));
        }
        let since = ticket.issue_seq;
        let later = self.calls().rev().take_while(|call| call.seq > since);
        let mut later = later.filter(|call| self.ticket(call.ticket).is_some_and(|other| other.issue_seq > since));
        Some(later.next().map_or(Why::InTurn, |call| self.why_call(ticket, call)))
    }

    fn why_call(&self, mine: &Ticket, call: &CallRecord) -> Why {
        let other = call.number.clone();
        let desk = self.desk(&call.desk).map_or_else(|| call.desk.to_string(), |desk| desk.desk.name.clone());
        if call.named {
            return Why::Named(other, desk);
        }
        if call.priority && mine.class.is_none() {
            return Why::Priority(other);
        }
        if call.service != mine.service {
            let service = self.service(&call.service).map(|state| state.service.name.clone());
            return Why::OtherService(other, service.unwrap_or_default(), desk);
        }
        if mine.requeues > 0 {
            return Why::YouCameBack(other);
        }
        if mine.delays > 0 {
            return Why::YouLetPass(other);
        }
        if mine.class.is_some() && !call.priority {
            return Why::Between(other);
        }
        // the same priority and service, by the rule, and neither moved: then this one was not there
        Why::YouWereElsewhere(other)
    }
}
