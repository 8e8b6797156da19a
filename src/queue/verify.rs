//! What must be true of every state. Tests call this after every operation; `nowserving check` calls it on a ledger.

use std::collections::BTreeSet;

use super::desk::DeskPhase;
use super::state::Queue;
use super::ticket::Phase;

impl Queue {
    /// Checks the state against itself.
    ///
    /// # Errors
    /// The first thing found wrong, in a sentence.
    pub fn verify_invariants(&self) -> Result<(), String> {
        if self.clone().indexed().index != self.index {
            return Err("The index does not agree with the tickets.".into());
        }
        self.verify_numbers()?;
        self.verify_desks()?;
        self.verify_courtesies()?;
        for ticket in self.tickets.values() {
            let number = &ticket.number;
            if !ticket.is_over() && !self.services.contains_key(&ticket.service) {
                return Err(format!("{number} waits for {}, which does not exist.", ticket.service));
            }
            if ticket.is_over() != ticket.ended.is_some() {
                return Err(format!("{number} is {:?} but its end is {:?}.", ticket.phase, ticket.ended));
            }
            if ticket.place.0 > self.seq {
                return Err(format!("{number} stands at a place that was never given."));
            }
            if self.day.as_ref().is_some_and(|day| day.closed.is_some()) && !ticket.is_over() {
                return Err(format!("{number} is open though the day is closed."));
            }
        }
        Ok(())
    }

    fn verify_numbers(&self) -> Result<(), String> {
        let mut numbers = BTreeSet::new();
        let mut keys = BTreeSet::new();
        let mut places = BTreeSet::new();
        for ticket in self.tickets.values() {
            if !numbers.insert(&ticket.number) {
                return Err(format!("The number {} was given twice today.", ticket.number));
            }
            if !keys.insert(ticket.key) {
                return Err(format!("The key of {} was given twice.", ticket.number));
            }
            if matches!(ticket.phase, Phase::Waiting) && !places.insert(ticket.place) {
                return Err(format!("{} stands at the place of another.", ticket.number));
            }
        }
        Ok(())
    }

    fn verify_courtesies(&self) -> Result<(), String> {
        let mut codes = BTreeSet::new();
        for (id, given) in &self.courtesies {
            let Some(ticket) = self.ticket(*id) else { return Err(format!("Nobody of today has the courtesy of {id:?}.")) };
            if ticket.promise.is_none_or(|promise| promise.learning) {
                return Err(format!("{} got a courtesy without a promise.", ticket.number));
            }
            if given.courtesy.code.is_some_and(|code| !codes.insert(code)) {
                return Err(format!("The code of {} was given twice today.", ticket.number));
            }
            if given.redeemed.is_some() && given.courtesy.code.is_none() {
                return Err(format!("{} has no voucher, and it was taken.", ticket.number));
            }
        }
        Ok(())
    }

    fn verify_desks(&self) -> Result<(), String> {
        for (id, desk) in &self.desks {
            let Some(ticket) = desk.ticket else { continue };
            if desk.phase == DeskPhase::Closed {
                return Err(format!("Desk {id} is closed and has a ticket."));
            }
            match self.ticket(ticket).map(|ticket| &ticket.phase) {
                Some(Phase::Called { desk } | Phase::Serving { desk }) if desk == id => {}
                other => return Err(format!("Desk {id} has a ticket that is {other:?}.")),
            }
        }
        for ticket in self.tickets.values() {
            if let Phase::Called { desk } | Phase::Serving { desk } = &ticket.phase
                && self.desks.get(desk).is_none_or(|desk| desk.ticket != Some(ticket.id))
            {
                return Err(format!("{} is at desk {desk}, which does not have it.", ticket.number));
            }
        }
        Ok(())
    }
}
