//! From a ticket and what managers decided to what stands on its paper.
//!
//! The printer and the manager's preview both come through here, so a preview shows what would be printed.

use super::TicketPaper;
use super::logo::Logo;
use super::parts::{DeskHint, PaperParts};
use crate::phrase::{Wait, Words};
use crate::queue::{Moment, Number, Promise, Queue, Service, ServiceId, Ticket, TicketKey};

/// So many desks are named on a ticket; of more, nobody would keep the names in mind.
const DESKS_NAMED: usize = 3;

/// What the ticket of [`Stationery::sample`] promises; nobody forecast it.
pub const SAMPLE_PROMISE: Promise = Promise { from_min: 14, to_min: 27, learning: false, forecast: None };

/// What every ticket of the branch has: who it is, and how managers want its paper.
#[derive(Clone, Debug, Default)]
pub struct Stationery {
    /// The branch's name.
    pub store: String,
    /// Where ticket pages are, without a slash at the end.
    pub public_url: String,
    /// The parts of a ticket.
    pub parts: PaperParts,
    /// The logo.
    pub logo: Option<Logo>,
}

/// What is the ticket's own.
struct Own<'a> {
    service: &'a ServiceId,
    number: &'a Number,
    key: &'a TicketKey,
    promise: Option<Promise>,
    issued: &'a Moment,
}

impl Stationery {
    /// The paper of a ticket, in the language of `words`. `large`: this customer asked for large print.
    #[must_use]
    pub fn ticket(&self, queue: &Queue, ticket: &Ticket, words: Words, large: bool) -> TicketPaper {
        let Ticket { service, number, key, promise, issued, .. } = ticket;
        self.paper(queue, &Own { service, number, key, promise: *promise, issued }, words, large)
    }

    /// The paper that somebody who takes a number of `service` at `now` would get, to look at. Its code leads to no ticket.
    #[must_use]
    pub fn sample(&self, queue: &Queue, service: &ServiceId, words: Words, now: &Moment) -> Option<TicketPaper> {
        let state = queue.service(service)?;
        let number = state.service.number(state.next.min(state.service.last));
        let own =
            Own { service, number: &number, key: &TicketKey::new([0; 16]), promise: Some(SAMPLE_PROMISE), issued: now };
        Some(self.paper(queue, &own, words, false))
    }

    fn paper(&self, queue: &Queue, own: &Own<'_>, words: Words, large: bool) -> TicketPaper {
        let parts = &self.parts;
        let service = queue.service(own.service).map(|state| &state.service);
        let promise = own.promise.filter(|_| parts.promise);
        TicketPaper {
            rtl: words.rtl(),
            large: parts.large || large,
            logo: self.logo.clone().filter(|_| parts.logo),
            store: if parts.store { self.store.clone() } else { String::new() },
            service: service.filter(|_| parts.service).map_or_else(String::new, |service| service.name.clone()),
            number: own.number.to_string(),
            promise: promise.map(|promise| words.wait(Wait::of([promise.from_min, promise.to_min]))),
            doubt: promise.filter(|promise| promise.learning).map(|_| words.learning().into()),
            made_at: words.time(own.issued.local().time()),
            ahead: None,
            desk_hint: self.desk_hint(queue, own.service, words),
            have_ready: service.filter(|_| parts.have_ready).map_or_else(Vec::new, have_ready),
            // chosen by whoever knows what is live
            answer: None,
            url: if parts.code { format!("{}/t/{}", self.public_url, own.key) } else { String::new() },
            line: Some(parts.line.trim().to_owned()).filter(|line| !line.is_empty()),
            copy: false,
        }
    }

    fn desk_hint(&self, queue: &Queue, service: &ServiceId, words: Words) -> Option<String> {
        match self.parts.desk_hint {
            DeskHint::Nothing => None,
            DeskHint::Words => Some(self.parts.hint.trim().to_owned()).filter(|hint| !hint.is_empty()),
            DeskHint::Desks => {
                let taking = queue.desks().map(|state| &state.desk).filter(|desk| desk.profile.takes(service));
                let names: Vec<String> = taking.map(|desk| desk.name.replace(' ', "\u{a0}")).collect();
                // an arrow says it in every language; the mark makes the line begin at the right
                let arrow = if words.rtl() { "\u{200f}←" } else { "→" };
                (1..=DESKS_NAMED).contains(&names.len()).then(|| format!("{arrow}\u{a0}{}", names.join(" · ")))
            }
        }
    }
}

/// The service's list: one thing between two semicolons.
fn have_ready(service: &Service) -> Vec<String> {
    service.have_ready.split(';').map(str::trim).filter(|thing| !thing.is_empty()).map(str::to_owned).collect()
}
