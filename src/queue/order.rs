//! Who is next: the branch's published rule.
//!
//! 1. A desk takes the services of its work profile.
//! 2. If somebody with priority and somebody without wait for it, at most `priority_ratio` with priority go in a row, then one
//!    without. The desk counts for itself, so the promise holds at each desk and nobody starves: any ticket without priority
//!    heads its lane after finitely many calls, and then goes after at most `priority_ratio` more.
//! 3. Among services: whoever stands first by place, or in turn by weight (smooth weighted round robin, as in nginx's
//!    `ngx_http_upstream_round_robin.c`: each waiting service earns its weight, the richest goes and pays the sum; among
//!    equals the first by prefix). Those with priority and those without take turns apart: with one account for both, a ratio
//!    in step with the priority rule would give one service every turn with priority and another every turn without.
//! 4. Within a service and lane: by place. A place is the time of issue. A transferred ticket keeps the time its number was
//!    given. Who comes back after not coming stands behind the next `requeue_after`, but never before the place it had; who
//!    lets others pass stands behind the next `delay_passes`, or behind all where fewer wait. Among services such a ticket
//!    counts as issued when the last of those was.

use super::desk::{DeskState, Profile, Turn};
use super::ids::{ServiceId, TicketId};
use super::state::{Line, Queue};
use super::ticket::{Phase, Place, Ticket};

/// Who is next at a desk, and where the desk then stands in its rules.
pub(super) struct Choice {
    pub(super) ticket: TicketId,
    pub(super) turn: Turn,
}

/// The next ticket for a desk. Costs the number of services, whatever the length of their lines.
pub(super) fn next(queue: &Queue, desk: &DeskState) -> Option<Choice> {
    let lines = || queue.index.lines.iter().filter(|(service, _)| desk.desk.profile.takes(service));
    let normal_waits = lines().any(|(_, line)| !line.normal.is_empty());
    let priority_waits = lines().any(|(_, line)| !line.priority.is_empty());
    let mut turn = desk.turn.clone();
    let priority = priority_waits && (!normal_waits || turn.priority_run < queue.rules.priority_ratio);
    if !priority {
        turn.priority_run = 0;
    } else if normal_waits {
        turn.priority_run += 1;
    }
    let heads = lines().filter_map(|(service, line)| {
        let (place, ticket) = line.lane(priority).first_key_value()?;
        Some((service, *place, *ticket))
    });
    let ticket = match &desk.desk.profile {
        Profile::LongestWait(_) => heads.min_by_key(|(_, place, _)| *place).map(|(_, _, ticket)| ticket),
        Profile::Ratio(weights) => {
            let credit = if priority { &mut turn.priority_credit } else { &mut turn.credit };
            let mut total = 0;
            let mut richest: Option<(i64, ServiceId, TicketId)> = None;
            for (service, _, ticket) in heads {
                let weight = i64::from(weights.get(service).copied().unwrap_or(0));
                let has = credit.entry(service.clone()).or_default();
                total += weight;
                *has += weight;
                // among equals the first by prefix: always the same one, so that every cycle is like the one before
                if richest.as_ref().is_none_or(|(most, ..)| *has > *most) {
                    richest = Some((*has, service.clone(), ticket));
                }
            }
            richest.map(|(_, service, ticket)| {
                *credit.entry(service).or_default() -= total;
                ticket
            })
        }
    }?;
    Some(Choice { ticket, turn })
}

impl Queue {
    /// How many of its own service's line go before this waiting ticket, by the published rule as it stands now, taking it that
    /// the next priority run begins now. `None` if it does not wait.
    #[must_use]
    pub fn ahead(&self, ticket: &Ticket) -> Option<usize> {
        if !matches!(ticket.phase, Phase::Waiting) {
            return None;
        }
        let line = self.index.lines.get(&ticket.service)?;
        let priority = ticket.class.is_some();
        let before = line.lane(priority).range(..ticket.place).count();
        Some(self.merged(line, priority, before))
    }

    /// How many would go before a ticket that is issued now, by the same rule as [`Queue::ahead`].
    #[must_use]
    pub fn ahead_of_new(&self, service: &ServiceId, priority: bool) -> usize {
        self.index.lines.get(service).map_or(0, |line| self.merged(line, priority, line.lane(priority).len()))
    }

    fn merged(&self, line: &Line, priority: bool, before: usize) -> usize {
        let ratio = self.rules.priority_ratio.max(1) as usize;
        if priority {
            before + line.normal.len().min(before / ratio)
        } else {
            before + line.priority.len().min(ratio.saturating_mul(before + 1))
        }
    }

    /// The line of a service in the order in which one desk that takes only this service would call it.
    #[must_use]
    pub fn line(&self, service: &ServiceId) -> Vec<&Ticket> {
        let Some(line) = self.index.lines.get(service) else { return Vec::new() };
        let ratio = self.rules.priority_ratio.max(1) as usize;
        let mut normal = line.normal.values();
        let mut order: Vec<TicketId> = Vec::with_capacity(line.len());
        for (i, ticket) in line.priority.values().enumerate() {
            if i > 0 && i % ratio == 0 {
                order.extend(normal.next());
            }
            order.push(*ticket);
        }
        order.extend(normal);
        order.into_iter().filter_map(|id| self.ticket(id)).collect()
    }

    /// The place behind the next `count` of a lane after `from`, for the event `seq`; and how many those are. `None`: nobody is
    /// there.
    pub(super) fn place_behind(&self, ticket: &Ticket, from: Option<Place>, count: u32, seq: u64) -> Option<(Place, u32)> {
        let lane = self.index.lines.get(&ticket.service)?.lane(ticket.class.is_some());
        let start = from.map_or(std::ops::Bound::Unbounded, std::ops::Bound::Excluded);
        let mut places = lane.range((start, std::ops::Bound::Unbounded)).map(|(place, _)| *place);
        let (mut passed, mut anchor) = (0, None);
        while passed < count
            && let Some(place) = places.next()
        {
            anchor = Some(place);
            passed += 1;
        }
        anchor.map(|anchor| (Place::between(anchor, places.next(), seq), passed))
    }
}

/// How a place's second part is made: steps above, the event below, so that no two are ever equal. 52 bits in all, because
/// phones count with 53.
const SEQ_BITS: u32 = 32;
const STEPS: u64 = 1 << 20;
/// Room left for others between two that are put at the end one after the other.
const STRIDE: u64 = 1 << 10;

impl Place {
    /// Right behind `anchor` and before `next`. Where no step is left between two (after ten halvings of one gap), behind those
    /// who were put there before.
    fn between(anchor: Self, next: Option<Self>, seq: u64) -> Self {
        let low = anchor.1 >> SEQ_BITS;
        let step = match next.filter(|next| next.0 == anchor.0) {
            Some(next) => low.midpoint(next.1 >> SEQ_BITS),
            None => (low + STRIDE).min(low.midpoint(STEPS)),
        };
        Self(anchor.0, (step << SEQ_BITS) | (seq & u64::from(u32::MAX)))
    }
}
