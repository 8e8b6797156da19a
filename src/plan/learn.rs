//! Reads past days out of events: who came when, how long desks were busy, when they called.
//!
//! From events rather than from the table of visits, because only they know the first call, the time a visit was set aside, a
//! call in vain and how soon a free desk called.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::history::{History, Ms, OpenSpan, PastDay, PastVisit};
use crate::queue::{CalledBy, DeskId, DeskPhase, Event, Moment, Recorded, TicketId};

/// A visit that is not over.
#[derive(Clone)]
struct Doing {
    visit: PastVisit,
    /// Since when it waits, by its number or by coming back.
    waits: Ms,
    /// The last call.
    called: Option<Ms>,
    /// Since when a desk serves it.
    served: Option<Ms>,
    /// When the last call turned out to be in vain.
    missed: Option<Ms>,
}

/// A desk as the events tell it.
#[derive(Clone, Default)]
struct Doer {
    /// Since when it calls.
    open: Option<Ms>,
    /// Since when it could have called the next.
    free: Option<Ms>,
    /// Whether it is open beyond the day.
    phase: DeskPhase,
    spans: Vec<(Ms, Ms)>,
}

/// What a desk's last command touched, as it was before.
struct Before {
    first: u64,
    desk: Doer,
    tickets: Vec<(TicketId, Doing)>,
}

struct Today {
    date: NaiveDate,
    opened: Ms,
    jumped: bool,
    tickets: BTreeMap<TicketId, Doing>,
}

/// Takes events in, oldest first, and gives [`History`]. What comes before the first opening of a day is passed over.
#[derive(Default)]
pub struct Recorder {
    history: History,
    today: Option<Today>,
    desks: BTreeMap<DeskId, Doer>,
    undo: BTreeMap<DeskId, Before>,
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder").field("days", &self.history.days.len()).finish_non_exhaustive()
    }
}

fn since_midnight(date: NaiveDate, at: &Moment) -> Ms {
    let midnight = date.and_time(chrono::NaiveTime::MIN);
    u64::try_from(at.local().signed_duration_since(midnight).num_milliseconds()).unwrap_or(0)
}

impl Recorder {
    /// Takes in the next event.
    pub fn take(&mut self, recorded: &Recorded) {
        match &recorded.event {
            Event::ServicePut { service } => {
                self.history.services.retain(|known| known.id != service.id);
                self.history.services.push(service.clone());
            }
            Event::DeskPut { desk } => {
                self.history.desks.retain(|known| known.id != desk.id);
                self.history.desks.push(desk.clone());
            }
            Event::DayOpened { date, .. } => return self.open_day(*date, &recorded.at),
            Event::DeskChanged { desk, phase } if self.today.is_none() => {
                self.desks.entry(desk.clone()).or_default().phase = *phase;
                return;
            }
            _ => {}
        }
        let Some(today) = &mut self.today else { return };
        let now = since_midnight(today.date, &recorded.at);
        match &recorded.event {
            Event::ClockJumped { .. } => today.jumped = true,
            Event::DayClosed { desks_close, .. } => self.close_day(now, *desks_close),
            Event::Undone { desk, first } => self.undo(desk, *first),
            event => {
                self.remember(recorded);
                self.take_in(event, now);
            }
        }
    }

    /// The closed days.
    #[must_use]
    pub fn history(self) -> History {
        self.history
    }

    fn open_day(&mut self, date: NaiveDate, at: &Moment) {
        let now = since_midnight(date, at);
        self.today = Some(Today { date, opened: now, jumped: false, tickets: BTreeMap::new() });
        self.undo.clear();
        for desk in self.desks.values_mut() {
            let open = (desk.phase == DeskPhase::Open).then_some(now);
            *desk = Doer { open, free: open, phase: desk.phase, spans: Vec::new() };
        }
    }

    fn close_day(&mut self, now: Ms, desks_close: bool) {
        let Some(today) = self.today.take() else { return };
        let mut spans = Vec::new();
        for (id, desk) in &mut self.desks {
            desk.change(now, DeskPhase::Closed);
            spans.extend(desk.spans.drain(..).map(|(from, to)| OpenSpan { desk: id.clone(), from, to }));
        }
        if !desks_close {
            // they go on calling; the next day's opening begins their spans
            for span in spans.iter().filter(|span| span.to == now) {
                self.desks.entry(span.desk.clone()).or_default().phase = DeskPhase::Open;
            }
        }
        if today.jumped {
            self.history.doubtful += 1;
            return;
        }
        spans.sort_by_key(|span| (span.from, span.to));
        let visits = today.tickets.into_values().map(|doing| doing.visit).collect();
        let day = PastDay { date: today.date, visits, desks: spans };
        match self.history.days.last_mut().filter(|last| last.date == day.date) {
            // closed and opened again on the same date: to people that is one day
            Some(last) => {
                last.visits.extend(day.visits);
                last.desks.extend(day.desks);
            }
            None => self.history.days.push(day),
        }
    }

    /// Keeps what a desk's command is about to change, for its undo.
    fn remember(&mut self, recorded: &Recorded) {
        let (Some(id), Some(today)) = (&recorded.desk, &self.today) else { return };
        let desk = self.desks.entry(id.clone()).or_default();
        let fresh = || Before { first: recorded.first, desk: desk.clone(), tickets: Vec::new() };
        let before = self.undo.entry(id.clone()).or_insert_with(fresh);
        if before.first != recorded.first {
            *before = fresh();
        }
        if let Some(ticket) = recorded.event.ticket()
            && before.tickets.iter().all(|(known, _)| *known != ticket)
            && let Some(doing) = today.tickets.get(&ticket)
        {
            before.tickets.push((ticket, doing.clone()));
        }
    }

    fn undo(&mut self, desk: &DeskId, first: u64) {
        let Some(before) = self.undo.remove(desk).filter(|before| before.first == first) else { return };
        self.desks.insert(desk.clone(), before.desk);
        if let Some(today) = &mut self.today {
            today.tickets.extend(before.tickets);
        }
    }

    fn take_in(&mut self, event: &Event, now: Ms) {
        let Some(today) = &mut self.today else { return };
        if let Event::Issued { ticket, service, class, .. } = event {
            let visit = PastVisit { class: class.clone(), ..PastVisit::new(service.clone(), now) };
            today.tickets.insert(*ticket, Doing { visit, waits: now, called: None, served: None, missed: None });
            return;
        }
        if let Event::DeskChanged { desk, phase } = event {
            self.desks.entry(desk.clone()).or_default().change(now, *phase);
            return;
        }
        let Some(doing) = event.ticket().and_then(|ticket| today.tickets.get_mut(&ticket)) else { return };
        // whose desk it leaves, and so is free again
        let mut leaves = None;
        match event {
            Event::Called { desk, by, .. } => {
                let desk = self.desks.entry(desk.clone()).or_default();
                // opened before the first event that is known: only an open desk calls
                desk.open.get_or_insert(today.opened);
                desk.phase = DeskPhase::Open;
                doing.call(now, desk.free.take().filter(|_| *by == CalledBy::Rule));
            }
            Event::Started { .. } => doing.start(now),
            Event::Resumed { desk, .. } => {
                self.desks.entry(desk.clone()).or_default().free = None;
                doing.served = Some(now);
            }
            Event::Finished { desk, .. } | Event::Parked { desk, .. } | Event::Transferred { desk, .. } => {
                if doing.leave_desk(now) {
                    leaves = Some(desk);
                }
                doing.waits = now;
            }
            Event::NoShow { desk, .. } => {
                doing.miss(now);
                leaves = Some(desk);
            }
            Event::Requeued { .. } => {
                doing.visit.back = doing.visit.back.or(doing.missed.map(|missed| now.saturating_sub(missed)));
                doing.waits = now;
            }
            Event::Left { reason, .. } if doing.visit.called.is_none() => doing.visit.left = Some((now, *reason)),
            Event::TakenBack { .. } => doing.visit.left = None,
            Event::Left { .. } if doing.called.is_some() => doing.miss(now),
            _ => {}
        }
        if let Some(desk) = leaves.and_then(|desk| self.desks.get_mut(desk)) {
            desk.free = desk.open.map(|_| now);
        }
    }
}

impl Doing {
    fn call(&mut self, now: Ms, desk_free: Option<Ms>) {
        if self.visit.called.is_none() {
            self.visit.called = Some(now);
            self.visit.gap = desk_free.map(|free| now.saturating_sub(free.max(self.waits)));
        }
        self.called = Some(now);
        self.served = None;
    }

    fn start(&mut self, now: Ms) {
        self.visit.walk = self.visit.walk.or(self.called.map(|called| now.saturating_sub(called)));
        self.served = Some(now);
        self.called = None;
    }

    /// Adds the time at a desk. Says whether it was at one.
    fn leave_desk(&mut self, now: Ms) -> bool {
        let Some(since) = self.served.take().or(self.called.take()) else { return false };
        *self.visit.desk_time.get_or_insert(0) += now.saturating_sub(since);
        self.called = None;
        true
    }

    fn miss(&mut self, now: Ms) {
        let lost = self.called.take().map(|called| now.saturating_sub(called));
        self.visit.vain = self.visit.vain.or(lost);
        self.missed = Some(now);
    }
}

impl Doer {
    fn change(&mut self, now: Ms, phase: DeskPhase) {
        self.phase = phase;
        match (self.open, phase) {
            (None, DeskPhase::Open) => (self.open, self.free) = (Some(now), Some(now)),
            (Some(from), DeskPhase::Paused | DeskPhase::Closed) => {
                (self.open, self.free) = (None, None);
                if from < now {
                    self.spans.push((from, now));
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queue::{BootId, By, Turn};

    /// A Saturday that begins at 9:00; each event a minute after the one before.
    fn day(events: Vec<(Option<&str>, u64, Event)>) -> History {
        let date = NaiveDate::from_ymd_opt(2026, 3, 7).unwrap();
        let opened = Event::DayOpened { day: 1, date, by: By::Staff, continues: false, keeps: false };
        let closed = Event::DayClosed { by: By::Staff, ended: Vec::new(), desks_close: true };
        let all = [vec![(None, 1, opened)], events, vec![(None, 99, closed)]].concat();
        let mut recorder = Recorder::default();
        for (seq, (desk, first, event)) in (1..).zip(all) {
            let ms = date.and_hms_opt(9, 0, 0).unwrap().and_utc().timestamp_millis() + seq as i64 * 60_000;
            let at = Moment { wall_ms: ms, offset_s: 0, mono_ms: seq * 60_000, boot: BootId(1), trusted: true };
            recorder.take(&Recorded { seq, first, at, desk: desk.map(DeskId::from), event });
        }
        recorder.history()
    }

    fn issued() -> Event {
        Event::Issued {
            ticket: TicketId(1),
            number: "R001".into(),
            key: crate::queue::TicketKey::new([1; 16]),
            service: "R".into(),
            n: 1,
            class: None,
            origin: crate::queue::Origin::Button,
            promise: None,
            language: None,
            large: false,
            place: crate::queue::Place(2, 0),
        }
    }

    fn called() -> Event {
        Event::Called { ticket: TicketId(1), desk: "1".into(), by: CalledBy::Rule, turn: Turn::default() }
    }

    #[test]
    fn what_a_desk_takes_back_has_not_happened() {
        let open = || (Some("1"), 3, Event::DeskChanged { desk: "1".into(), phase: DeskPhase::Open });
        let call = || (Some("1"), 4, called());
        let history = day(vec![(None, 2, issued()), open(), call()]);
        let visit = &history.days[0].visits[0];
        assert_eq!((visit.called, visit.gap), (Some(visit.issued + 120_000), Some(60_000)));
        let undone = (None, 5, Event::Undone { desk: "1".into(), first: 4 });
        let again = (Some("1"), 6, called());
        let history = day(vec![(None, 2, issued()), open(), call(), undone, again]);
        let visit = &history.days[0].visits[0];
        // as free as before the call that was taken back
        assert_eq!((visit.called, visit.gap), (Some(visit.issued + 240_000), Some(180_000)));
    }

    #[test]
    fn a_day_whose_clock_jumped_is_left_out_and_counted() {
        let history = day(vec![(None, 2, issued()), (None, 3, Event::ClockJumped { by_ms: 86_400_000 })]);
        assert_eq!((history.days.len(), history.doubtful), (0, 1));
    }

    #[test]
    fn a_desk_that_calls_was_open_since_the_day_began() {
        let history = day(vec![(None, 2, issued()), (Some("1"), 3, called())]);
        let span = &history.days[0].desks[0];
        assert_eq!((span.from, span.to - span.from), (9 * 3_600_000 + 60_000, 180_000));
    }
}
