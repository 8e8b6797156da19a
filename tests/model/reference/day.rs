//! The business day and the clocks.

use nowserving::queue::OpenState;
use nowserving::queue::{By, Command, DeskPhase, Moment};

use super::{At, Code, How, Model, Today, Visit};

impl Model {
    /// How far the wall clock moved by itself since the last event, if that is more than the branch believes.
    pub(crate) fn moved(&self, at: &Moment) -> Option<i64> {
        let last = self.last?;
        let wall = at.wall_ms - last.wall_ms;
        if last.boot == at.boot {
            let by = wall - i64::try_from(at.mono_ms - last.mono_ms).unwrap();
            return (by.abs() > self.rules.clock_doubt_ms).then_some(by);
        }
        // off for an unknown time, then on for a known one
        let off = wall - i64::try_from(at.mono_ms).unwrap();
        let known = last.trusted && at.trusted && off >= 0;
        (!known && off.abs() > self.rules.clock_doubt_ms).then_some(off)
    }

    pub(crate) fn doubts(&self, at: &Moment) -> bool {
        !at.trusted && (self.jump.is_some_and(|(_, vouched)| !vouched) || self.moved(at).is_some())
    }

    /// The date of the business day that a moment belongs to.
    pub(crate) fn date(&self, at: &Moment) -> chrono::NaiveDate {
        if !self.hours.always() {
            return at.local().date();
        }
        let turns = self.rules.day_turns_at.signed_duration_since(chrono::NaiveTime::MIN);
        (at.local() - turns).date()
    }

    pub(crate) fn open_day(&self) -> Option<&Today> {
        self.day.as_ref().filter(|day| day.open)
    }

    pub(crate) fn overdue(visit: &Visit, at: &Moment) -> bool {
        let At::Missed { since, keep_ms } = &visit.at else { return false };
        Self::between(since, at).unwrap_or(at.mono_ms) >= *keep_ms
    }

    pub(crate) fn nobody_left(&self) -> bool {
        self.tickets.values().all(Visit::is_over)
    }

    fn long_enough(&self, since: &Moment, at: &Moment) -> bool {
        Self::between(since, at).unwrap_or(at.mono_ms) >= self.rules.serve_after_closing_ms
    }

    /// Whether the branch may do this by itself now: what is promised to those who wait, whatever the clock does.
    pub(crate) fn may_by_itself(&self, command: &Command, at: &Moment) -> Result<(), String> {
        let sure = !self.doubts(at);
        let newer = self.day.as_ref().is_none_or(|day| self.date(at) > day.date);
        let ok = match command {
            Command::NoteClock => self.moved(at).is_some(),
            Command::Expire { ticket } => Self::overdue(&self.tickets[ticket], at),
            Command::OpenDay { by: By::Rule } => {
                let open = !matches!(self.hours.state(at.local()), OpenState::Closed { .. });
                sure && newer && open && self.open_day().is_none()
            }
            Command::BeginClosing { by: By::Rule } => {
                let closed = matches!(self.hours.state(at.local()), OpenState::Closed { pause: false, .. });
                sure && !self.hours.always() && (closed || newer)
            }
            Command::CloseDay { by: By::Rule } => {
                let since = self.open_day().and_then(|day| day.closing);
                let patient = match since {
                    Some(since) => self.long_enough(&since, at),
                    None => newer && self.jump.is_none_or(|(jump, _)| self.long_enough(&jump, at)),
                };
                sure && (since.is_some() || newer) && (patient || self.nobody_left())
            }
            Command::GiveCourtesy { ticket, .. } => self.wronged(at).contains(ticket),
            _ => false,
        };
        ok.then_some(()).ok_or_else(|| format!("the branch may not {command:?} by itself at {at:?}"))
    }

    /// What must not be left undone when the branch has nothing more to do by itself.
    pub(crate) fn must_be_done(&self, at: &Moment) -> Result<(), String> {
        if self.tickets.values().any(|visit| Self::overdue(visit, at)) {
            return Err("a place was kept longer than promised".into());
        }
        if self.moved(at).is_some() {
            return Err("a jump of the clock was not noted".into());
        }
        if !self.wronged(at).is_empty() {
            return Err("somebody waited longer than promised and got nothing".into());
        }
        if self.doubts(at) {
            return Ok(());
        }
        let open = !matches!(self.hours.state(at.local()), OpenState::Closed { .. });
        match &self.day {
            Some(day) if day.open => {
                let done = day.closing.is_some_and(|since| self.nobody_left() || self.long_enough(&since, at));
                if done {
                    return Err("the day should have closed".into());
                }
            }
            day => {
                if open && day.as_ref().is_none_or(|day| self.date(at) > day.date) {
                    return Err("the day should have opened".into());
                }
            }
        }
        Ok(())
    }

    pub(super) fn open_new_day(&mut self, by: By, at: &Moment) -> Result<(), Code> {
        if self.open_day().is_some() {
            return Err("day-open");
        }
        if by == By::Rule && self.doubts(at) {
            return Err("clock-doubtful");
        }
        let (number, date) = (self.day.as_ref().map_or(1, |day| day.number + 1), self.date(at));
        let newest = self.day.as_ref().map(|day| day.date);
        if newest.is_none_or(|newest| date > newest) {
            self.highest.clear();
        }
        if newest.is_none_or(|newest| date > newest) {
            self.tickets.clear();
            self.gifts.clear();
        }
        let date = newest.map_or(date, |newest| date.max(newest));
        self.day = Some(Today { number, date, opened: *at, by, closing: None, open: true });
        if by == By::Staff {
            self.jump = None;
        }
        Ok(())
    }

    /// Numbers and tickets stay: only the date is another.
    pub(super) fn open_earlier_day(&mut self, at: &Moment) -> Result<(), Code> {
        if self.open_day().is_some() {
            return Err("day-open");
        }
        let (number, date) = (self.day.as_ref().map_or(1, |day| day.number + 1), self.date(at));
        self.day.as_ref().filter(|day| date < day.date).ok_or("date-not-ahead")?;
        if date < chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() {
            return Err("clock-unset");
        }
        self.day = Some(Today { number, date, opened: *at, by: By::Staff, closing: None, open: true });
        self.jump = None;
        Ok(())
    }

    pub(super) fn close_day(&mut self, by: By) -> Result<(), Code> {
        self.open_day().ok_or("no-day")?;
        let left: Vec<_> = self.tickets.values().filter(|visit| !visit.is_over()).map(|visit| visit.id).collect();
        for id in left {
            self.end(id, How::DayClosed);
        }
        for post in self.posts.values_mut() {
            post.last = None;
            if by == By::Staff || !self.hours.always() {
                post.phase = DeskPhase::Closed;
            }
        }
        for visit in self.tickets.values_mut() {
            visit.left = None;
        }
        self.day.as_mut().unwrap().open = false;
        Ok(())
    }
}
