//! Who gets a number, and which.

use nowserving::queue::{By, ClassId, Command, Moment, OpenState, Promise, ServiceId, TicketId};

use super::{At, Code, Model, Visit};

impl Model {
    fn may_issue(
        &self,
        service: &ServiceId,
        class: Option<&ClassId>,
        promise: Option<&Promise>,
        at: &Moment,
    ) -> Result<(), Code> {
        let (known, stopped) = self.services.get(service).ok_or("unknown-service")?;
        if class.is_some_and(|class| !self.rules.classes.contains(class)) {
            return Err("unknown-class");
        }
        let day = self.open_day().ok_or("closed")?;
        if day.closing.is_some() {
            return Err("closing");
        }
        let hours = if self.doubts(at) { OpenState::Always } else { self.hours.state(at.local()) };
        match hours {
            OpenState::Closed { .. } if day.by != By::Staff => return Err("closed"),
            OpenState::Until(closes) => {
                let left = (closes - at.local()).num_milliseconds() + 60_000 * i64::from(self.rules.closing_tolerance_min);
                if promise.is_some_and(|promise| i64::from(promise.to_min) * 60_000 > left) {
                    return Err("too-late");
                }
            }
            OpenState::Always | OpenState::Closed { .. } => {}
        }
        if stopped.is_some() {
            return Err("issuing-stopped");
        }
        let waiting = [false, true].map(|priority| self.line(&(service.clone(), priority)).len()).iter().sum::<usize>();
        if known.max_waiting.is_some_and(|max| waiting >= max as usize) {
            return Err("line-full");
        }
        if self.number_after(service) > known.last { Err("numbers-used-up") } else { Ok(()) }
    }

    /// One more than the highest of today, from the first on.
    fn number_after(&self, service: &ServiceId) -> u32 {
        self.highest.get(service).map_or(0, |highest| highest + 1).max(self.services[service].0.first)
    }

    pub(super) fn issue(&mut self, command: &Command, at: &Moment) -> Result<(), Code> {
        let Command::Issue { service, key, class, promise, language, large, .. } = command else { unreachable!() };
        self.may_issue(service, class.as_ref(), promise.as_ref(), at)?;
        if self.tickets.values().any(|visit| visit.key == *key) {
            return Err("key-taken");
        }
        self.issued += 1;
        let (id, n) = (TicketId(self.issued), self.number_after(service));
        self.highest.insert(service.clone(), n);
        let visit = Visit {
            id,
            number: self.services[service].0.number(n),
            key: *key,
            service: service.clone(),
            class: class.clone(),
            at: At::Waiting,
            stands: id,
            issued: *at,
            called: None,
            first_called: None,
            promise: *promise,
            language: language.clone(),
            large: *large,
            void: None,
            invitations: 0,
            delays: 0,
            requeues: 0,
            transfers: 0,
            left: None,
            changes: 0,
        };
        let lane = visit.lane();
        self.tickets.insert(id, visit);
        self.lines.entry(lane).or_default().push(id);
        Ok(())
    }
}
