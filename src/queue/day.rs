//! The business day: when it opens and closes, and when the clock may not say so.
//!
//! A day is a row in the ledger. It opens and closes by the opening hours or by staff, and its date only moves forward, but for
//! one case: a day that opened while the clock was ahead. Then staff may open one with an earlier date. The wall clock is
//! believed when it agrees with the monotonic clock or is known to be right; after a jump of more than
//! `clock_doubt_ms` that nobody vouches for, nothing opens or closes by itself, and the branch goes on as it was.

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use super::command::{By, Command};
use super::event::Event;
use super::hours::OpenState;
use super::moment::Moment;
use super::refusal::Refusal;
use super::state::{Day, Queue};
use super::ticket::{Phase, Ticket};

/// No branch was open before this year: a clock that says so starts at its own beginning.
const FIRST_YEAR: i32 = 2026;

/// Whether the time a missed ticket's place was kept is over. Where the clocks cannot tell, it is kept for its whole time
/// after the boot.
pub(super) fn place_gone(ticket: &Ticket, at: &Moment) -> bool {
    let Phase::Missed { since, keep_ms, .. } = &ticket.phase else { return false };
    since.until(at).unwrap_or(at.mono_ms) >= *keep_ms
}

pub(super) fn decide(queue: &Queue, command: &Command, at: &Moment) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::OpenDay { by } => queue.open_new_day(*by, at),
        Command::OpenEarlierDay => queue.open_earlier_day(at),
        Command::BeginClosing { by } => {
            let day = queue.open_day().ok_or(Refusal::NoDay)?;
            if day.closing.is_some() {
                return Err(Refusal::DayClosing);
            }
            Ok(vec![Event::DayClosing { by: *by }])
        }
        Command::CloseDay { by } => {
            queue.open_day().ok_or(Refusal::NoDay)?;
            let ended = queue.tickets().filter(|ticket| !ticket.is_over()).map(|ticket| ticket.id).collect();
            Ok(vec![Event::DayClosed { by: *by, ended, desks_close: !queue.hours().always() || *by == By::Staff }])
        }
        Command::Expire { ticket } => {
            let ticket = queue.known_ticket(*ticket)?;
            if !place_gone(ticket, at) {
                return Err(Refusal::NothingDue);
            }
            Ok(vec![Event::Expired { ticket: ticket.id }])
        }
        Command::NoteClock => {
            let by_ms = queue.clock_moved(at).ok_or(Refusal::NothingDue)?;
            Ok(vec![Event::ClockJumped { by_ms }])
        }
        _ => Err(Refusal::NothingDue),
    }
}

impl Queue {
    /// What the branch should do by itself at `at`, if anything. Do it and ask again, until nothing is due.
    #[must_use]
    pub fn due(&self, at: &Moment) -> Option<Command> {
        if self.clock_moved(at).is_some() {
            return Some(Command::NoteClock);
        }
        if let Some(ticket) = self.missed().find(|ticket| place_gone(ticket, at)) {
            return Some(Command::Expire { ticket: ticket.id });
        }
        // what is promised in minutes holds whatever the wall clock does
        self.day_due(at).or_else(|| self.courtesy_due(at))
    }

    fn day_due(&self, at: &Moment) -> Option<Command> {
        if self.doubts(at) {
            return None;
        }
        match self.open_day() {
            None => self.should_open(at).then_some(Command::OpenDay { by: By::Rule }),
            Some(day) if self.should_close(day, at) => Some(Command::CloseDay { by: By::Rule }),
            Some(day) => self.should_begin_closing(day, at).then_some(Command::BeginClosing { by: By::Rule }),
        }
    }

    /// Whether the wall clock moved too far since it was last believed, and nobody vouches for it.
    #[must_use]
    pub fn doubts(&self, at: &Moment) -> bool {
        !at.trusted && (self.jump.as_ref().is_some_and(|jump| !jump.vouched) || self.clock_moved(at).is_some())
    }

    /// How far the wall clock moved since the last event, if that is too far, milliseconds.
    fn clock_moved(&self, at: &Moment) -> Option<i64> {
        let last = self.last.as_ref()?;
        let by_ms = at.jump_since(last);
        let vouched = last.boot != at.boot && last.trusted && at.trusted && by_ms >= 0;
        (!vouched && by_ms.saturating_abs() > self.rules.clock_doubt_ms).then_some(by_ms)
    }

    /// The business date of a moment: a branch without hours turns its day at `day_turns_at`, not at midnight.
    fn business_date(&self, at: &Moment) -> NaiveDate {
        let local = at.local();
        if !self.hours.always() || local.time() >= self.rules.day_turns_at {
            return local.date();
        }
        local.date().pred_opt().unwrap_or(local.date())
    }

    fn is_new_date(&self, at: &Moment) -> bool {
        self.day.as_ref().is_none_or(|day| self.business_date(at) > day.date)
    }

    fn should_open(&self, at: &Moment) -> bool {
        match self.hours.state(at.local()) {
            OpenState::Always | OpenState::Until(_) => self.is_new_date(at),
            OpenState::Closed { .. } => false,
        }
    }

    fn open_new_day(&self, by: By, at: &Moment) -> Result<Vec<Event>, Refusal> {
        if self.open_day().is_some() {
            return Err(Refusal::DayOpen);
        }
        if by == By::Rule && self.doubts(at) {
            let by_ms = self.clock_moved(at).or(self.jump.as_ref().map(|jump| jump.by_ms));
            let hours = by_ms.unwrap_or(0) / 3_600_000;
            return Err(Refusal::ClockDoubtful { hours });
        }
        let today = self.business_date(at);
        let (number, date, continues) = match &self.day {
            None => (1, today, false),
            Some(last) => (last.number + 1, today.max(last.date), today <= last.date),
        };
        Ok(vec![Event::DayOpened { day: number, date, by, continues, keeps: continues }])
    }

    /// The clock's date, if the last business day has a later one: it opened while the clock was ahead, or the clock is behind.
    #[must_use]
    pub fn earlier_date(&self, at: &Moment) -> Option<NaiveDate> {
        let today = self.business_date(at);
        self.day.as_ref().is_some_and(|day| today < day.date).then_some(today)
    }

    /// The numbers go on: somebody may still hold one that was given today under the wrong date.
    fn open_earlier_day(&self, at: &Moment) -> Result<Vec<Event>, Refusal> {
        if self.open_day().is_some() {
            return Err(Refusal::DayOpen);
        }
        let last = self.day.as_ref().ok_or(Refusal::DateNotAhead)?;
        let date = self.earlier_date(at).ok_or(Refusal::DateNotAhead)?;
        if date.year() < FIRST_YEAR {
            return Err(Refusal::ClockUnset(date));
        }
        Ok(vec![Event::DayOpened { day: last.number + 1, date, by: By::Staff, continues: true, keeps: true }])
    }

    /// Whether those who stay past the end of the day have been served long enough.
    fn served_long_enough(&self, since: &Moment, at: &Moment) -> bool {
        since.until(at).unwrap_or(at.mono_ms) >= self.rules.serve_after_closing_ms
    }

    fn should_close(&self, day: &Day, at: &Moment) -> bool {
        let nobody = self.open_tickets() == 0;
        if let Some(closing) = &day.closing {
            return nobody || self.served_long_enough(closing, at);
        }
        if !self.hours.always() || !self.is_new_date(at) {
            return false;
        }
        // a clock that jumped forward to the truth must not end those who wait: they get the whole time after the jump
        let jumped = self.jump.as_ref().is_some_and(|jump| !self.served_long_enough(&jump.at, at));
        let since = at.local().signed_duration_since(self.turns(day)).num_milliseconds();
        let long_enough = u64::try_from(since).is_ok_and(|since| since >= self.rules.serve_after_closing_ms);
        nobody || (!jumped && long_enough)
    }

    /// When a day of a branch without hours turns into the next.
    fn turns(&self, day: &Day) -> NaiveDateTime {
        day.date.succ_opt().unwrap_or(day.date).and_time(self.rules.day_turns_at)
    }

    fn should_begin_closing(&self, day: &Day, at: &Moment) -> bool {
        if self.hours.always() || day.closing.is_some() {
            return false;
        }
        if self.is_new_date(at) {
            return true;
        }
        let local = at.local();
        match self.hours.state(local) {
            OpenState::Always | OpenState::Until(_) | OpenState::Closed { pause: true, .. } => false,
            OpenState::Closed { pause: false, .. } => {
                // a day that staff opened after hours stays open until they close it
                let opened = day.opened.local();
                let closes = self.hours.on(day.date).iter().map(|span| day.date.and_time(span.close)).max();
                day.by == By::Rule || closes.is_some_and(|closes| opened < closes)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;

    use super::*;
    use crate::queue::{BootId, Hours, Recorded, Span};

    /// The first day of a new branch opens before its hours are set.
    #[test]
    fn a_day_opened_by_rule_closes_when_hours_are_set_that_have_ended_already() {
        let at = |minute: i64| Moment {
            wall_ms: 1_772_481_600_000 + minute * 60_000, // Monday 2026-03-02, 20:00
            offset_s: 0,
            mono_ms: u64::try_from(minute).unwrap() * 60_000,
            boot: BootId(1),
            trusted: true,
        };
        let mut queue = Queue::default();
        let mut take = |command: Command, at: Moment| {
            for event in queue.decide(&command, &at).unwrap() {
                let seq = queue.seq() + 1;
                queue.apply(&Recorded { seq, first: seq, at, desk: None, event });
            }
            queue.due(&at)
        };
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        let span = Span { open: time(9), close: time(18) };
        let hours = Hours { week: std::array::from_fn(|_| vec![span]), ..Hours::default() };
        assert_eq!(take(Command::OpenDay { by: By::Rule }, at(0)), None);
        assert_eq!(take(Command::PutHours(hours), at(1)), Some(Command::BeginClosing { by: By::Rule }));
    }
}
