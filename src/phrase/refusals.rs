//! Why not, and why another went first: what customers are told by kiosk and phone.
//!
//! The line's own refusals (`queue/refusal.rs`) are in English, for staff and programs. Those that a customer can meet are said
//! here once more, in the customer's language.

use chrono::NaiveDateTime;

use super::Words;
use super::catalogue::sentences;
use crate::queue::{Refusal, Why};

sentences! { REFUSALS:
    /// No such ticket today.
    refusal unknown_ticket() = "There is no such ticket today. Please take a new number.";
    /// The branch is closed; a sentence about when it opens follows.
    refusal closed_now() = "We are closed.";
    /// The branch closes; a sentence about when it opens follows.
    refusal closing_now() = "We are closing and give no more numbers today.";
    /// The wait would end after closing; a sentence about when the branch opens follows.
    refusal too_late(closes) = "We close at {closes}, and everyone who waits now fills the time until then.";
    /// When a closed branch opens, far from now. {day} is "on Monday", {date} is "4 May".
    refusal opens_on_day(day, date, clock) = "We open again {day}, {date}, at {clock}.";
    /// When a closed branch opens, where nobody knows.
    refusal opens_ask() = "Please ask the staff when we open again.";
    /// Staff stopped a service. {name} is the service, {reason} the branch's own text.
    refusal issuing_stopped(name, reason) = "No numbers for {name} now: {reason}";
    /// As many wait as the branch allows. {name} is the service.
    refusal line_full(n, name) = "The line for {name} is full: {n} person is waiting. Please try again later or ask at the desk." / "The line for {name} is full: {n} people are waiting. Please try again later or ask at the desk.";
    /// The numbers of the day are used up. {name} is the service.
    refusal numbers_used_up(name) = "All numbers for {name} are given out today. Please ask at the desk.";
    /// Something failed that works when tried again.
    refusal press_again() = "That could not be done just now. Please press again.";
    /// The ticket is over.
    refusal ticket_over(number) = "{number} is over. Please take a new number.";
    /// The ticket is not waiting.
    refusal not_waiting(number) = "{number} is not waiting any more.";
    /// "I am here", from somebody who was not called in vain.
    refusal not_missed(number) = "{number} has not been missed. There is nothing to do.";
    /// "I take it back", from somebody who has not given up the place.
    refusal not_given_up(number) = "{number} has not been given up. There is nothing to take back.";
    /// The place of somebody who did not come was kept long enough.
    refusal place_gone(number) = "The place of {number} was kept as long as promised. Please take a new number.";
    /// Came back often enough.
    refusal requeued_before(number) = "{number} has come back before, and a place is kept only so often. Please take a new number or ask at the desk.";
    /// Let others pass often enough.
    refusal delayed_enough(n, number) = "{number} has let others pass {n} time already. You can keep the place or give it up." / "{number} has let others pass {n} times already. You can keep the place or give it up.";
    /// Nobody is behind.
    refusal nobody_behind(number) = "Nobody waits behind {number}, so there is nobody to let pass.";
    /// At a desk, so it cannot leave by itself.
    refusal at_desk(number) = "{number} is at a desk now. Tell the desk.";
    /// Phones give no numbers here.
    refusal phone_off() = "This branch gives numbers at its own kiosk only. Please take one there; this page then follows it.";
    /// The code of the day was wrong.
    refusal wrong_code() = "The code does not fit. It stands on the board and changes every day.";

    /// Nobody overtook.
    why why_in_turn() = "Nobody who came after you has been called before you.";
    /// {other} is a ticket number, here and below.
    why why_priority(other) = "{other} went first: it has priority by this branch's rule.";
    /// The reader let others pass.
    why why_let_pass(other) = "{other} went first because you let others pass.";
    /// The reader was called, did not come, and came back.
    why why_came_back(other) = "{other} went first because your number was called before and you came back later.";
    /// A desk called the other by its number.
    why why_named(other, desk) = "{other} went first: {desk} called it by its number. Such calls are recorded with their reason.";
    /// The other waits for another service.
    why why_other_service(other, desk, service) = "{other} waits for another service: {desk} takes {service} by its own turn.";
    /// The reader has priority, and the other went between as the rule says.
    why why_between(other) = "{other} went first: by this branch's rule one without priority goes after so many with priority.";
    /// The reader was not in this line then.
    why why_elsewhere(other) = "{other} went first while your number was at a desk or in another line.";
}

impl Words {
    /// Why a command is refused, for a customer. What only staff can meet stays in English.
    #[must_use]
    pub fn refusal(self, refusal: &Refusal) -> String {
        let opening = |sentence: &str, opens: &Option<NaiveDateTime>| format!("{sentence} {}", self.opens_far(*opens));
        match refusal {
            Refusal::UnknownTicket => self.unknown_ticket().into(),
            Refusal::Closed { opens } => opening(self.closed_now(), opens),
            Refusal::Closing { opens } => opening(self.closing_now(), opens),
            Refusal::TooLate { closes, opens } => opening(&self.too_late(self.time(closes.time())), opens),
            Refusal::IssuingStopped { name, reason } => self.issuing_stopped(name, reason),
            Refusal::LineFull { name, waiting } => self.line_full(*waiting, name),
            Refusal::NumbersUsedUp { name } => self.numbers_used_up(name),
            Refusal::KeyTaken => self.press_again().into(),
            Refusal::TicketOver(number) => self.ticket_over(number),
            Refusal::NotWaiting { number, .. } => self.not_waiting(number),
            Refusal::NotMissed { number, .. } => self.not_missed(number),
            Refusal::NotGivenUp(number) => self.not_given_up(number),
            Refusal::PlaceGone(number) => self.place_gone(number),
            Refusal::RequeuedBefore(number) => self.requeued_before(number),
            Refusal::DelayedEnough { number, times } => self.delayed_enough(*times, number),
            Refusal::NobodyBehind(number) => self.nobody_behind(number),
            Refusal::AtDesk(number) => self.at_desk(number),
            other => other.to_string(),
        }
    }

    /// When a branch opens next, in a sentence that does not know what day it is.
    fn opens_far(self, opens: Option<NaiveDateTime>) -> String {
        let Some(at) = opens else { return self.opens_ask().into() };
        self.opens_on_day(self.on_weekday(at.date()), self.date(at.date()), self.time(at.time()))
    }

    /// Why another ticket went first.
    #[must_use]
    pub fn why(self, why: &Why) -> String {
        match why {
            Why::InTurn => self.why_in_turn().into(),
            Why::Priority(other) => self.why_priority(other),
            Why::YouLetPass(other) => self.why_let_pass(other),
            Why::YouCameBack(other) => self.why_came_back(other),
            Why::Named(other, desk) => self.why_named(other, desk),
            Why::OtherService(other, service, desk) => self.why_other_service(other, desk, service),
            Why::Between(other) => self.why_between(other),
            Why::YouWereElsewhere(other) => self.why_elsewhere(other),
            Why::NotWaiting(number) => self.not_waiting(number),
        }
    }
}
