//! The comparison: whatever the model knows, the queue must say too.

use std::collections::BTreeMap;

use nowserving::queue::{End, Phase, Queue, Ticket, TicketId};

use super::{At, How, Lane, Model, Visit};

type Check = Result<(), String>;

#[expect(clippy::needless_pass_by_value, reason = "both are made for the comparison")]
fn same<T: PartialEq + std::fmt::Debug>(what: &str, queue: T, model: T) -> Check {
    if queue == model { Ok(()) } else { Err(format!("{what}: the queue says {queue:?}, the model {model:?}")) }
}

/// A phase in the model's words.
fn at(phase: &Phase) -> At {
    match phase {
        Phase::Waiting => At::Waiting,
        Phase::Called { desk } => At::Called(desk.clone()),
        Phase::Serving { desk } => At::Serving(desk.clone()),
        Phase::Parked { desk } => At::Parked(desk.clone()),
        Phase::Missed { since, keep_ms, .. } => At::Missed { since: *since, keep_ms: *keep_ms },
        Phase::Ended(End::Finished { outcome, inferred }) => {
            At::Over(How::Finished { outcome: *outcome, inferred: *inferred })
        }
        Phase::Ended(End::Left { .. }) => At::Over(How::Left),
        Phase::Ended(End::NoShow) => At::Over(How::NoShow),
        Phase::Ended(End::DayClosed) => At::Over(How::DayClosed),
    }
}

impl Model {
    /// Compares everything. Takes the queue's order over where the rules leave it open.
    pub(crate) fn check(&mut self, queue: &Queue) -> Check {
        self.check_day(queue)?;
        self.check_settings(queue)?;
        same("tickets", queue.tickets().count(), self.tickets.len())?;
        for ticket in queue.tickets() {
            let visit = self.tickets.get(&ticket.id).ok_or_else(|| format!("the model has no {}", ticket.number))?;
            check_ticket(ticket, visit).map_err(|why| format!("{}: {why}", ticket.number))?;
            let given = queue.courtesy(ticket.id).map(|given| (&given.courtesy.text, given.courtesy.code, given.redeemed));
            same("courtesy", given, self.gifts.get(&ticket.id).map(|gift| (&gift.text, gift.code, gift.taken)))?;
        }
        for post in self.posts.values() {
            let desk = queue.desk(&post.desk.id).ok_or("a desk is missing")?;
            same("desk", &desk.desk, &post.desk)?;
            same("desk's phase", desk.phase, post.phase)?;
            same("desk's ticket", desk.ticket, post.has)?;
            same("desk's run", desk.turn.priority_run, post.owes.run)?;
            same("whether there is something to undo", desk.undo.is_some(), post.last.is_some())?;
        }
        same("desks", queue.desks().count(), self.posts.len())?;
        let lines = lines(queue);
        self.settle(&lines)?;
        self.lines.retain(|_, line| !line.is_empty());
        same("lines", &lines, &self.lines)?;
        self.check_languages(queue)?;
        self.check_ahead(queue)
    }

    fn check_day(&self, queue: &Queue) -> Check {
        let day = self.day.as_ref();
        same("day's number", queue.day().map(|day| day.number), day.map(|day| day.number))?;
        same("business date", queue.day().map(|day| day.date), day.map(|day| day.date))?;
        same("opened", queue.day().map(|day| (day.by, day.opened)), day.map(|day| (day.by, day.opened)))?;
        same("open", queue.open_day().is_some(), self.open_day().is_some())?;
        same("closing", queue.day().and_then(|day| day.closing), day.and_then(|day| day.closing))?;
        same("open tickets", queue.open_tickets(), self.tickets.values().filter(|visit| !visit.is_over()).count())?;
        same("last", queue.last().copied(), self.last)
    }

    fn check_settings(&self, queue: &Queue) -> Check {
        same("rules", queue.rules(), &self.rules)?;
        same("hours", queue.hours(), &self.hours)?;
        let services: Vec<_> = queue.services().map(|state| (&state.service, state.stopped.as_deref())).collect();
        same("services", services, self.services.values().map(|(service, why)| (service, why.as_deref())).collect())
    }

    /// Takes over where the queue put those whose place only it can know, if it kept everybody else's order.
    fn settle(&mut self, lines: &BTreeMap<Lane, Vec<TicketId>>) -> Check {
        for (id, before) in std::mem::take(&mut self.unsure) {
            let (lane, stands) = (self.tickets[&id].lane(), self.tickets[&id].stands);
            let queue = lines.get(&lane).cloned().unwrap_or_default();
            let index = queue.iter().position(|other| *other == id).ok_or("who came back is in no line")?;
            let bounds = self.line(&lane).iter().filter(|other| **other != id);
            let (least, most) = bounds.fold((0, 0), |(least, most), other| {
                let other = self.tickets[other].stands;
                (least + usize::from(other < stands), most + usize::from(other <= stands))
            });
            if !(least..=most).contains(&index) {
                return Err(format!("{id:?} came back to place {index}, not one of {least} to {most}"));
            }
            let was = before.get(&lane).map_or(&[][..], Vec::as_slice);
            let mine = was.iter().position(|(other, _)| *other == id);
            for (theirs, (other, changes)) in was.iter().enumerate().filter(|(_, (other, _))| *other != id) {
                // who has not moved since stands on the same side as before
                let now = queue.iter().position(|waiting| waiting == other);
                if let (Some(mine), Some(now)) = (mine, now.filter(|_| self.tickets[other].changes == *changes))
                    && (theirs < mine) != (now < index)
                {
                    return Err(format!("{id:?} and {other:?} changed sides"));
                }
            }
            self.leave_line(id);
            self.join_line(id, index);
        }
        Ok(())
    }

    fn check_languages(&self, queue: &Queue) -> Check {
        let mut waiting = BTreeMap::new();
        for visit in self.tickets.values().filter(|visit| visit.at == At::Waiting) {
            if let Some(language) = visit.language.clone() {
                *waiting.entry(language).or_insert(0) += 1;
            }
        }
        same("languages", queue.languages(), &waiting)
    }

    fn check_ahead(&self, queue: &Queue) -> Check {
        for service in self.services.keys() {
            let merged = self.merged(service);
            let line: Vec<_> = queue.line(service).iter().map(|ticket| ticket.id).collect();
            same("line", &line, &merged)?;
            same("waiting", queue.waiting(service), merged.len())?;
            for (index, id) in merged.iter().enumerate() {
                let ticket = queue.ticket(*id).ok_or("a ticket is missing")?;
                same("ahead", queue.ahead(ticket), Some(index))?;
            }
        }
        Ok(())
    }
}

/// The lines as the tickets' places have them.
fn lines(queue: &Queue) -> BTreeMap<Lane, Vec<TicketId>> {
    let mut waiting: Vec<&Ticket> = queue.tickets().filter(|ticket| ticket.phase == Phase::Waiting).collect();
    waiting.sort_by_key(|ticket| ticket.place);
    let mut lines: BTreeMap<Lane, Vec<TicketId>> = BTreeMap::new();
    for ticket in waiting {
        lines.entry((ticket.service.clone(), ticket.class.is_some())).or_default().push(ticket.id);
    }
    lines
}

fn check_ticket(ticket: &Ticket, visit: &Visit) -> Check {
    same("number", &ticket.number, &visit.number)?;
    same("key", ticket.key, visit.key)?;
    same("service", &ticket.service, &visit.service)?;
    same("class", &ticket.class, &visit.class)?;
    same("language", &ticket.language, &visit.language)?;
    same("large print", &ticket.large, &visit.large)?;
    same("phase", at(&ticket.phase), visit.at.clone())?;
    same("issued", ticket.issued, visit.issued)?;
    same("called", ticket.called, visit.called)?;
    same("invitations", ticket.invitations, visit.invitations)?;
    same("delays", ticket.delays, visit.delays)?;
    same("requeues", ticket.requeues, visit.requeues)?;
    same("transfers", ticket.transfers, visit.transfers)?;
    same("promise", ticket.promise, visit.promise)?;
    same("promise void", ticket.promise_void, visit.void)?;
    let first = visit.first_called.and_then(|called| Model::between(&visit.issued, &called));
    same("first wait", ticket.first_wait_ms(), first)?;
    same("wait", ticket.waiting_ms(), visit.called.and_then(|called| Model::between(&visit.issued, &called)))
}
