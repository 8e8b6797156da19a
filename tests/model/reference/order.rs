//! Who is next, and where a ticket that moves stands.

use nowserving::queue::{DeskId, Event, Profile, ServiceId, TicketId};

use super::{Lane, Model, Owes};

impl Model {
    pub(crate) fn line(&self, lane: &Lane) -> &[TicketId] {
        self.lines.get(lane).map_or(&[], Vec::as_slice)
    }

    /// The heads of the lines that a desk takes.
    fn heads(&self, profile: &Profile, priority: bool) -> Vec<(ServiceId, TicketId)> {
        let mine = self.lines.iter().filter(|((service, lane), _)| *lane == priority && profile.takes(service));
        mine.filter_map(|((service, _), line)| Some((service.clone(), *line.first()?))).collect()
    }

    /// Who may be next at a desk by the published rule, and what the desk then owes. More than one only where two heads stand
    /// behind the same ticket.
    pub(crate) fn next(&self, desk: &DeskId) -> (Vec<TicketId>, Owes) {
        let post = &self.posts[desk];
        let mut owes = post.owes.clone();
        let [normal, with] = [false, true].map(|priority| self.heads(&post.desk.profile, priority));
        let priority = match (normal.is_empty(), with.is_empty()) {
            (true, true) => return (Vec::new(), owes),
            (true, false) => true,
            (false, true) => false,
            (false, false) => owes.run < self.rules.priority_ratio,
        };
        owes.run = match (priority, normal.is_empty()) {
            (false, _) => 0,
            (true, false) => owes.run + 1,
            (true, true) => owes.run,
        };
        let heads = if priority { with } else { normal };
        let Profile::Ratio(weights) = &post.desk.profile else {
            let first = heads.iter().map(|(_, id)| self.tickets[id].stands).min();
            let chosen = heads.iter().map(|(_, id)| *id).filter(|id| Some(self.tickets[id].stands) == first);
            return (chosen.collect(), owes);
        };
        let mut richest: Option<(i64, ServiceId, TicketId)> = None;
        for (service, id) in &heads {
            let credit = owes.credit.entry((priority, service.clone())).or_insert(0);
            *credit += i64::from(weights[service]);
            if richest.as_ref().is_none_or(|(most, ..)| *credit > *most) {
                richest = Some((*credit, service.clone(), *id));
            }
        }
        let sum: i64 = heads.iter().map(|(service, _)| i64::from(weights[service])).sum();
        let (_, service, id) = richest.unwrap();
        *owes.credit.get_mut(&(priority, service)).unwrap() -= sum;
        (vec![id], owes)
    }

    /// One of those who may be next: whom the queue called, if that is one of them.
    pub(crate) fn choose(among: &[TicketId], events: &[Event]) -> Option<TicketId> {
        let called = events.iter().find_map(|event| match event {
            Event::Called { ticket, .. } => Some(*ticket),
            _ => None,
        });
        called.filter(|id| among.contains(id)).or(among.first().copied())
    }

    /// Where a ticket that counts as issued when `stands` was joins a line: before all who stand there or later.
    pub(crate) fn index_of(&self, lane: &Lane, stands: TicketId) -> usize {
        self.line(lane).iter().take_while(|id| self.tickets[id].stands < stands).count()
    }

    /// The line of a service as one desk that takes only this would call it, beginning with a priority run.
    pub(crate) fn merged(&self, service: &ServiceId) -> Vec<TicketId> {
        let [mut normal, mut with] = [false, true].map(|priority| self.line(&(service.clone(), priority)).to_vec());
        let (mut run, mut order) = (0, Vec::new());
        while !(normal.is_empty() && with.is_empty()) {
            if with.is_empty() || (!normal.is_empty() && run >= self.rules.priority_ratio) {
                order.push(normal.remove(0));
                run = 0;
            } else {
                order.push(with.remove(0));
                run += 1;
            }
        }
        order
    }
}
