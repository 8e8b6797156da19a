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

use std::collections::BTreeMap;

use super::desk::{DeskState, Profile, Turn};
use super::ids::{ServiceId, TicketId};
use super::state::{Line, Queue};
use super::ticket::{Phase, Place, Ticket};

/// Who heads one service's line, as a desk that takes the service sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heads {
    /// The place of the first without priority.
    pub normal: Option<Place>,
    /// The place of the first with priority.
    pub priority: Option<Place>,
    /// The service's weight in a profile that goes by ratio; without meaning in one that goes by longest wait.
    pub weight: i64,
}

impl Heads {
    fn of(self, priority: bool) -> Option<Place> {
        if priority { self.priority } else { self.normal }
    }
}

/// Where a desk stands in its rules, services counted as positions in a list. The same as [`Turn`], for whoever looks ahead
/// many times over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Priority tickets called in a row while one without priority waited.
    pub priority_run: u32,
    /// Credit per service among those without priority.
    pub credit: Vec<i64>,
    /// The same among those with priority.
    pub priority_credit: Vec<i64>,
}

/// The rule itself: which of the services is next at a desk, and whether from its lane with priority; `None` if nobody waits.
/// `heads` are the services the desk takes, in the order of their prefixes; `standing` is brought up to date.
pub fn choose(ratio: u32, by_weight: bool, heads: &[Heads], standing: &mut Standing) -> Option<(usize, bool)> {
    let normal_waits = heads.iter().any(|heads| heads.normal.is_some());
    let priority_waits = heads.iter().any(|heads| heads.priority.is_some());
    let priority = priority_waits && (!normal_waits || standing.priority_run < ratio);
    let lane = || heads.iter().enumerate().filter_map(|(at, heads)| Some((at, heads.of(priority)?, heads.weight)));
    let chosen = if by_weight {
        let credit = if priority { &mut standing.priority_credit } else { &mut standing.credit };
        let mut total = 0;
        let mut richest: Option<(usize, i64)> = None;
        for (at, _, weight) in lane() {
            let Some(has) = credit.get_mut(at) else { continue };
            total += weight;
            *has += weight;
            // among equals the first by prefix: always the same one, so that every cycle is like the one before
            if richest.is_none_or(|(_, most)| *has > most) {
                richest = Some((at, *has));
            }
        }
        let (at, _) = richest?;
        if let Some(has) = credit.get_mut(at) {
            *has -= total;
        }
        at
    } else {
        lane().min_by_key(|(_, place, _)| *place)?.0
    };
    if !priority {
        standing.priority_run = 0;
    } else if normal_waits {
        standing.priority_run += 1;
    }
    Some((chosen, priority))
}

/// Who is next at a desk, and where the desk then stands in its rules.
pub(super) struct Choice {
    pub(super) ticket: TicketId,
    pub(super) turn: Turn,
}

/// The next ticket for a desk. Costs the number of services, whatever the length of their lines.
pub(super) fn next(queue: &Queue, desk: &DeskState) -> Option<Choice> {
    let profile = &desk.desk.profile;
    let lines: Vec<_> = queue.index.lines.iter().filter(|(service, _)| profile.takes(service)).collect();
    let first = |lane: &BTreeMap<Place, TicketId>| lane.first_key_value().map(|(place, _)| *place);
    let heads: Vec<_> = lines
        .iter()
        .map(|(service, line)| Heads {
            normal: first(&line.normal),
            priority: first(&line.priority),
            weight: profile.weight(service),
        })
        .collect();
    let mut turn = desk.turn.clone();
    let of = |credit: &BTreeMap<ServiceId, i64>| {
        lines.iter().map(|(service, _)| credit.get(*service).copied().unwrap_or(0)).collect()
    };
    let mut standing =
        Standing { priority_run: turn.priority_run, credit: of(&turn.credit), priority_credit: of(&turn.priority_credit) };
    let by_weight = matches!(profile, Profile::Ratio(_));
    let (chosen, priority) = choose(queue.rules.priority_ratio, by_weight, &heads, &mut standing)?;
    turn.priority_run = standing.priority_run;
    if by_weight {
        let (credit, now) = if priority {
            (&mut turn.priority_credit, standing.priority_credit)
        } else {
            (&mut turn.credit, standing.credit)
        };
        let earned = lines.iter().zip(&heads).zip(now).filter(|((_, heads), _)| heads.of(priority).is_some());
        credit.extend(earned.map(|(((service, _), _), has)| ((*service).clone(), has)));
    }
    let ticket = lines.get(chosen)?.1.lane(priority).first_key_value().map(|(_, ticket)| *ticket)?;
    Some(Choice { ticket, turn })
}

/// How many places of a lane come before `place`. Counts from both ends at once, so that a new ticket costs nothing however
/// long the line is.
fn rank(lane: &BTreeMap<Place, TicketId>, place: Place) -> usize {
    let (mut before, mut after) = (lane.range(..place), lane.range(place..));
    let mut steps = 0;
    loop {
        if before.next().is_none() {
            return steps;
        }
        if after.next().is_none() {
            return lane.len() - steps;
        }
        steps += 1;
    }
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
        let before = rank(line.lane(priority), ticket.place);
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
        self.first_in_line(service, usize::MAX)
    }

    /// The first of a line, at most so many. Costs no more than these, however long the line is.
    #[must_use]
    pub fn first_in_line(&self, service: &ServiceId, most: usize) -> Vec<&Ticket> {
        let Some(line) = self.index.lines.get(service) else { return Vec::new() };
        let ratio = self.rules.priority_ratio.max(1) as usize;
        let mut normal = line.normal.values();
        let mut order: Vec<TicketId> = Vec::with_capacity(line.len().min(most));
        for (i, ticket) in line.priority.values().take(most).enumerate() {
            if i > 0 && i % ratio == 0 {
                order.extend(normal.next());
            }
            order.push(*ticket);
        }
        order.extend(normal.take(most.saturating_sub(order.len())));
        order.truncate(most);
        order.into_iter().filter_map(|id| self.ticket(id)).collect()
    }

    /// The places of those who wait for a service, with or without priority, first to last.
    pub fn places(&self, service: &ServiceId, priority: bool) -> impl Iterator<Item = Place> + use<'_> {
        let lane = self.index.lines.get(service).map(|line| line.lane(priority));
        lane.into_iter().flat_map(|lane| lane.keys().copied())
    }

    /// Who heads a service's line: without priority, and with.
    pub fn heads(&self, service: &ServiceId) -> impl Iterator<Item = &Ticket> {
        let line = self.index.lines.get(service);
        let first = move |priority: bool| line.and_then(|line| line.lane(priority).values().next());
        [first(false), first(true)].into_iter().flatten().filter_map(|id| self.ticket(*id))
    }

    /// The line of a service as [`Queue::line`] has it, each named by whether it has priority and its rank among those alike;
    /// at most `most`.
    #[must_use]
    pub fn line_ranks(&self, service: &ServiceId, most: usize) -> Vec<(bool, usize)> {
        let Some(line) = self.index.lines.get(service) else { return Vec::new() };
        let ratio = self.rules.priority_ratio.max(1) as usize;
        let mut normal = (0..line.normal.len()).map(|rank| (false, rank));
        let mut ranks = Vec::with_capacity(most.min(line.len()));
        for i in 0..line.priority.len().min(most) {
            if i > 0 && i % ratio == 0 {
                ranks.extend(normal.next());
            }
            ranks.push((true, i));
        }
        ranks.extend(normal.take(most.saturating_sub(ranks.len())));
        ranks.truncate(most);
        ranks
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
