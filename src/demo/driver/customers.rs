//! What customers do by themselves.

use super::clerks::Clerk;
use super::{Act, Driver};
use crate::branch::Failure;
use crate::demo::clerk::Guest;
use crate::demo::customer::{Customer, Wish};
use crate::demo::scenario::MANAGER;
use crate::demo::{MINUTE, Ms};
use crate::queue::{Command, DeskId, DeskPhase, LeaveReason, Origin, Phase, TicketId};

/// What a customer who wants a number may be told.
const NO_NUMBER: &[&str] = &["closed", "closing", "too-late", "issuing-stopped", "line-full", "numbers-used-up"];
/// And one who comes back.
const NO_PLACE: &[&str] = &["place-gone", "ticket-over"];

impl Driver<'_> {
    pub(super) async fn arrive(&mut self, customer: Customer) -> Result<(), Failure> {
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
            language: None,
            large: false,
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
    pub(super) async fn wish(&mut self, ticket: TicketId, wish: Wish) -> Result<(), Failure> {
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

    /// A customer called at `since` says on the phone that it is not needed any more.
    pub(super) async fn decline(&mut self, ticket: TicketId, since: Ms) -> Result<(), Failure> {
        let called = self.is(ticket, |phase| matches!(phase, Phase::Called { .. }));
        if called && self.guests.get(&ticket).is_some_and(|guest| guest.since == since) {
            self.ask(Command::Leave { ticket, reason: LeaveReason::ChangedMind }, "customer", &[]).await?;
        }
        Ok(())
    }

    fn any_open_desk(&self) -> Option<(DeskId, String)> {
        let live = self.branch.live();
        let open = |clerk: &&Clerk| live.queue.desk(&clerk.id).is_some_and(|desk| desk.phase == DeskPhase::Open);
        self.clerks.iter().find(open).map(|clerk| (clerk.id.clone(), clerk.actor.clone()))
    }

    /// A no-show comes back: in time, or too late and then perhaps with a new number.
    pub(super) async fn back(&mut self, ticket: TicketId) -> Result<(), Failure> {
        let done = self.ask(Command::Requeue { ticket, desk: None }, "customer", NO_PLACE).await?;
        if done.is_none()
            && let Some(again) = self.guests.get(&ticket).and_then(|guest| guest.customer.again(self.now + MINUTE))
        {
            self.plan(again.arrives, Act::Arrive(Box::new(again)));
        }
        Ok(())
    }
}
