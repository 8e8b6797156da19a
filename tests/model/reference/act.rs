//! What each command does, or why not.

use nowserving::queue::{Command, DeskId, DeskPhase, Event, Moment, Outcome, PromiseVoid, ServiceId, TicketId};

use super::{At, Code, How, Model, Owes, Post, Visit};

impl Model {
    pub(super) fn try_act(&mut self, command: &Command, at: &Moment, events: &[Event]) -> Result<(), Code> {
        match command {
            Command::Issue { .. } => self.issue(command, at),
            Command::CallNext { desk } => self.call_next(desk, events, at),
            Command::Call { desk, ticket, .. } => {
                self.idle(desk)?;
                self.waiting(*ticket)?;
                let owes = self.posts[desk].owes.clone();
                self.call(desk, *ticket, owes, at);
                Ok(())
            }
            Command::Recall { desk } => {
                let id = self.called(desk)?;
                self.change(id, |visit| visit.invitations += 1);
                Ok(())
            }
            Command::Start { desk } => {
                let id = self.called(desk)?;
                self.change(id, |visit| visit.at = At::Serving(desk.clone()));
                Ok(())
            }
            Command::Finish { desk, outcome } => {
                let id = self.held(desk)?;
                let outcome = outcome.unwrap_or(self.posts[desk].desk.default_outcome);
                self.end(id, How::Finished { outcome, inferred: false });
                Ok(())
            }
            Command::NoShow { desk } => self.no_show(desk, at),
            Command::Requeue { ticket, .. } => self.requeue(*ticket, at),
            Command::Park { desk } => {
                let id = self.held(desk)?;
                self.free_desk(id);
                self.change(id, |visit| visit.at = At::Parked(desk.clone()));
                Ok(())
            }
            Command::Resume { desk, ticket } => {
                self.idle(desk)?;
                if !matches!(self.open(*ticket)?.at, At::Parked(_)) {
                    return Err("not-parked");
                }
                self.change(*ticket, |visit| visit.at = At::Serving(desk.clone()));
                self.posts.get_mut(desk).unwrap().has = Some(*ticket);
                Ok(())
            }
            Command::Transfer { desk, ticket, to } => self.transfer(desk, *ticket, to),
            Command::Leave { ticket, .. } => {
                if matches!(self.open(*ticket)?.at, At::Serving(_)) {
                    return Err("at-desk");
                }
                self.end(*ticket, How::Left);
                self.tickets.get_mut(ticket).unwrap().left = Some(*at);
                Ok(())
            }
            Command::TakeBack { ticket } => self.take_back(*ticket, at),
            Command::Delay { ticket } => self.delay(*ticket),
            Command::OpenDesk { desk } => self.set_phase(desk, DeskPhase::Open),
            Command::PauseDesk { desk } => self.set_phase(desk, DeskPhase::Paused),
            Command::CloseDesk { desk } => self.set_phase(desk, DeskPhase::Closed),
            Command::Undo { desk } => self.undo(desk, at),
            other => self.by_the_branch(other, at),
        }
    }

    /// The day, the clock and the settings.
    fn by_the_branch(&mut self, command: &Command, at: &Moment) -> Result<(), Code> {
        match command {
            Command::OpenDay { by } => self.open_new_day(*by, at),
            Command::OpenEarlierDay => self.open_earlier_day(at),
            Command::BeginClosing { .. } => {
                self.open_day().ok_or("no-day")?;
                let day = self.day.as_mut().unwrap();
                if day.closing.replace(*at).is_some() { Err("day-closing") } else { Ok(()) }
            }
            Command::CloseDay { by } => self.close_day(*by),
            Command::Expire { ticket } => {
                if !Self::overdue(self.open(*ticket)?, at) {
                    return Err("nothing-due");
                }
                self.end(*ticket, How::NoShow);
                Ok(())
            }
            Command::GiveCourtesy { ticket, code } => self.give(*ticket, *code, at),
            Command::Redeem { code } => self.take(*code, at),
            Command::NoteClock => {
                self.moved(at).ok_or("nothing-due")?;
                self.jump = Some((*at, false));
                Ok(())
            }
            settings => self.set(settings),
        }
    }

    fn desk(&self, id: &DeskId) -> Result<&Post, Code> {
        self.posts.get(id).ok_or("unknown-desk")
    }

    fn serving(&self, id: &DeskId) -> Result<&Post, Code> {
        let post = self.desk(id)?;
        match post.phase {
            DeskPhase::Open => Ok(post),
            DeskPhase::Paused => Err("desk-paused"),
            DeskPhase::Closed => Err("desk-closed"),
        }
    }

    fn idle(&self, id: &DeskId) -> Result<(), Code> {
        if self.serving(id)?.has.is_some() { Err("desk-busy") } else { Ok(()) }
    }

    fn held(&self, id: &DeskId) -> Result<TicketId, Code> {
        self.desk(id)?.has.ok_or("desk-idle")
    }

    fn called(&self, id: &DeskId) -> Result<TicketId, Code> {
        let ticket = self.held(id)?;
        if matches!(self.tickets[&ticket].at, At::Serving(_)) { Err("already-started") } else { Ok(ticket) }
    }

    fn open(&self, id: TicketId) -> Result<&Visit, Code> {
        let visit = self.tickets.get(&id).ok_or("unknown-ticket")?;
        if visit.is_over() { Err("ticket-over") } else { Ok(visit) }
    }

    fn waiting(&self, id: TicketId) -> Result<&Visit, Code> {
        let visit = self.open(id)?;
        if visit.at == At::Waiting { Ok(visit) } else { Err("not-waiting") }
    }

    fn call(&mut self, desk: &DeskId, id: TicketId, owes: Owes, at: &Moment) {
        self.leave_line(id);
        self.change(id, |visit| {
            visit.at = At::Called(desk.clone());
            visit.called = Some(*at);
            visit.first_called = visit.first_called.or(Some(*at));
            visit.invitations = 1;
        });
        let post = self.posts.get_mut(desk).unwrap();
        (post.has, post.owes) = (Some(id), owes);
    }

    fn call_next(&mut self, desk: &DeskId, events: &[Event], at: &Moment) -> Result<(), Code> {
        let post = self.serving(desk)?;
        let (has, outcome): (_, Outcome) = (post.has, post.desk.default_outcome);
        self.open_day().ok_or("no-day")?;
        let (next, owes) = self.next(desk);
        if let Some(id) = has {
            self.end(id, How::Finished { outcome, inferred: true });
        } else if next.is_empty() {
            return Err("nobody-waiting");
        }
        if let Some(id) = Self::choose(&next, events) {
            self.call(desk, id, owes, at);
        }
        Ok(())
    }

    fn no_show(&mut self, desk: &DeskId, at: &Moment) -> Result<(), Code> {
        let id = self.called(desk)?;
        let keep_ms = self.rules.keep_place_ms;
        if keep_ms == 0 || self.tickets[&id].requeues >= self.rules.max_requeues {
            self.end(id, How::NoShow);
            return Ok(());
        }
        self.free_desk(id);
        self.change(id, |visit| visit.at = At::Missed { since: *at, keep_ms });
        Ok(())
    }

    /// Behind the next `requeue_after`, but never before the place it had.
    fn requeue(&mut self, id: TicketId, at: &Moment) -> Result<(), Code> {
        let visit = self.open(id)?;
        if !matches!(visit.at, At::Missed { .. }) {
            return Err("not-missed");
        }
        if Self::overdue(visit, at) {
            return Err("place-gone");
        }
        if visit.requeues >= self.rules.max_requeues {
            return Err("requeued-before");
        }
        let (lane, stands) = (visit.lane(), visit.stands);
        let index = self.line(&lane).len().min(self.rules.requeue_after as usize);
        let anchor = index.checked_sub(1).map(|last| self.tickets[&self.line(&lane)[last]].stands);
        self.change(id, |visit| {
            visit.at = At::Waiting;
            visit.requeues += 1;
            visit.stands = stands.max(anchor.unwrap_or(stands));
        });
        if anchor.is_some_and(|anchor| anchor > stands) {
            self.join_line(id, index);
        } else {
            // at the place it had, which among those who stand behind the same ticket only the queue knows
            self.join_line(id, self.index_of(&lane, stands));
            self.unsure.push((id, super::Snapshot::new()));
        }
        Ok(())
    }

    /// The place it had, if it had never been called and that was not long ago.
    fn take_back(&mut self, id: TicketId, at: &Moment) -> Result<(), Code> {
        let visit = self.tickets.get(&id).ok_or("unknown-ticket")?;
        if visit.at != At::Over(How::Left) {
            return Err("not-given-up");
        }
        self.open_day().ok_or("no-day")?;
        self.services.get(&visit.service).ok_or("unknown-service")?;
        let gone = visit.left.and_then(|left| Self::between(&left, at));
        if gone.is_none_or(|gone| gone > self.rules.take_back_ms) || visit.called.is_some() {
            return Err("place-gone");
        }
        let (lane, stands) = (visit.lane(), visit.stands);
        self.change(id, |visit| visit.at = At::Waiting);
        self.join_line(id, self.index_of(&lane, stands));
        self.unsure.push((id, super::Snapshot::new()));
        Ok(())
    }

    fn transfer(&mut self, desk: &DeskId, named: Option<TicketId>, to: &ServiceId) -> Result<(), Code> {
        let has = self.desk(desk)?.has;
        self.services.get(to).ok_or("unknown-service")?;
        let id = match named.filter(|named| Some(*named) != has) {
            Some(named) => match self.open(named)?.at {
                At::Waiting | At::Parked(_) => named,
                _ => return Err("not-waiting"),
            },
            None => has.ok_or("desk-idle")?,
        };
        if self.tickets[&id].at == At::Waiting && self.tickets[&id].service == *to {
            return Err("same-service");
        }
        self.leave_line(id);
        self.free_desk(id);
        self.change(id, |visit| {
            visit.at = At::Waiting;
            visit.service = to.clone();
            visit.stands = id;
            visit.transfers += 1;
            visit.void(PromiseVoid::Transferred);
        });
        self.join_line(id, self.index_of(&self.tickets[&id].lane(), id));
        Ok(())
    }

    fn delay(&mut self, id: TicketId) -> Result<(), Code> {
        let visit = self.waiting(id)?;
        if visit.delays >= self.rules.max_delays {
            return Err("delayed-enough");
        }
        let line = self.line(&visit.lane());
        let index = line.iter().position(|other| *other == id).unwrap();
        let behind = (line.len() - 1 - index).min(self.rules.delay_passes as usize);
        if behind == 0 {
            return Err("nobody-behind");
        }
        let stands = self.tickets[&line[index + behind]].stands;
        self.leave_line(id);
        self.change(id, |visit| {
            visit.delays += 1;
            visit.void(PromiseVoid::Delayed);
            visit.stands = stands;
        });
        self.join_line(id, index + behind);
        Ok(())
    }

    fn set_phase(&mut self, desk: &DeskId, phase: DeskPhase) -> Result<(), Code> {
        let post = self.desk(desk)?;
        if post.phase == phase {
            return Err("desk-is-already");
        }
        if post.phase == DeskPhase::Closed && phase == DeskPhase::Paused {
            return Err("desk-closed");
        }
        if phase == DeskPhase::Closed && post.has.is_some() {
            return Err("desk-busy");
        }
        self.posts.get_mut(desk).unwrap().phase = phase;
        Ok(())
    }

    /// Everything the desk's last command touched is as it was, unless it has moved on.
    fn undo(&mut self, desk: &DeskId, at: &Moment) -> Result<(), Code> {
        let memory = self.desk(desk)?.last.clone().ok_or("nothing-to-undo")?;
        if Self::between(&memory.at, at).is_none_or(|elapsed| elapsed > self.rules.undo_ms) {
            return Err("undo-too-late");
        }
        for (before, changes) in memory.visits.iter().zip(&memory.changes) {
            let moved_on = self.tickets.get(&before.id).is_none_or(|now| now.changes != *changes);
            if moved_on || !self.services.contains_key(&before.service) {
                return Err("undo-overtaken");
            }
        }
        for (before, changes) in memory.visits.iter().zip(&memory.changes) {
            self.leave_line(before.id);
            self.tickets.insert(before.id, Visit { changes: changes + 1, ..before.clone() });
            if before.at == At::Waiting {
                self.join_line(before.id, self.index_of(&before.lane(), before.stands));
                self.unsure.push((before.id, memory.lines.clone()));
            }
        }
        let post = self.posts.get_mut(desk).unwrap();
        (post.phase, post.has, post.owes, post.last) = (memory.phase, memory.has, memory.owes.clone(), None);
        Ok(())
    }
}
