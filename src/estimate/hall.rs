//! The queue as the look ahead sees it, and what it found.

use std::collections::BTreeMap;

use super::look::{Desk, Hall, Lanes, Outlook, Rank, Visits, look};
use super::model::{Model, Situation};
use super::{at_desk, hour, seconds, typed_s};
use crate::queue::{DeskPhase, DeskState, Moment, Profile, Queue, ServiceId, Standing};

/// A look ahead holds for so long, milliseconds.
const HOLDS_MS: u64 = 30_000;
/// And for so many new tickets, or half as many as waited: the longer a line, the less one more at its end changes.
const HOLDS_TICKETS: usize = 20;
/// How many of each lane are looked at: as many as the longest play calls.
const LANE: usize = 400;

/// The lines of a branch, looked ahead.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ahead {
    at: Moment,
    /// The event it was taken after, and how many new tickets it holds for.
    seq: u64,
    holds: u64,
    services: BTreeMap<ServiceId, Lineup>,
}

/// One service's line, looked ahead.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lineup {
    /// Desks open for it.
    pub(super) desks: f64,
    /// The services that its desks take, itself among them.
    pub(super) rivals: Vec<ServiceId>,
    pub(super) outlook: Outlook,
    /// How many of all rivals went before a newcomer when looked.
    before_new: f64,
}

fn open_desks(queue: &Queue) -> impl Iterator<Item = &DeskState> {
    queue.desks().filter(|desk| desk.phase == DeskPhase::Open)
}

/// The queue as a hall: services with the places of their lines, and the desks that call.
fn hall(queue: &Queue, model: &Model, at: &Moment) -> Hall {
    let services: Vec<&ServiceId> = queue.services().map(|state| &state.service.id).collect();
    let position = |id: &ServiceId| services.iter().position(|service| *service == id);
    let places = |id: &ServiceId, priority| queue.places(id, priority).take(LANE).collect();
    let desk = |state: &DeskState| {
        let profile = &state.desk.profile;
        let credit = |of: &BTreeMap<ServiceId, i64>| services.iter().map(|id| of.get(*id).copied().unwrap_or(0)).collect();
        let ticket = state.ticket.and_then(|ticket| queue.ticket(ticket));
        let busy = ticket.and_then(|ticket| {
            let gone = at_desk(ticket)?.until(at).unwrap_or(0);
            Some((position(&ticket.service)?, seconds(gone)))
        });
        Desk {
            takes: services.iter().map(|id| profile.takes(id).then(|| profile.weight(id))).collect(),
            by_weight: matches!(profile, Profile::Ratio(_)),
            standing: Standing {
                priority_run: state.turn.priority_run,
                credit: credit(&state.turn.credit),
                priority_credit: credit(&state.turn.priority_credit),
            },
            busy,
            between_s: model.between_s(),
        }
    };
    Hall {
        visits: services.iter().map(|id| model.visits(id, typed_s(queue, id))).collect::<Vec<Visits>>(),
        lines: services.iter().map(|id| Lanes { normal: places(id, false), priority: places(id, true) }).collect(),
        desks: open_desks(queue).map(desk).collect(),
        ratio: queue.rules().priority_ratio,
    }
}

impl Ahead {
    /// Looks ahead from the queue as it stands.
    pub(super) fn of(queue: &Queue, model: &Model, at: &Moment) -> Self {
        let outlooks = look(&hall(queue, model, at), queue.seq());
        let lineup = |service: &ServiceId, outlook: Outlook| {
            let desks: Vec<_> = open_desks(queue).filter(|desk| desk.desk.profile.takes(service)).collect();
            let taken = |id: &ServiceId| desks.iter().any(|desk| desk.desk.profile.takes(id));
            let rivals: Vec<_> = queue.services().map(|state| &state.service.id).filter(|id| taken(id)).cloned().collect();
            let before_new = rivals.iter().map(|id| queue.ahead_of_new(id, false) as f64).sum();
            Lineup { desks: desks.len() as f64, rivals, outlook, before_new }
        };
        let services = queue.services().map(|state| &state.service.id).zip(outlooks);
        let services = services.map(|(service, outlook)| (service.clone(), lineup(service, outlook))).collect();
        let waiting: usize = queue.services().map(|state| queue.waiting(&state.service.id)).sum();
        let holds = u64::try_from(HOLDS_TICKETS.max(waiting / 2)).unwrap_or(u64::MAX);
        Self { at: *at, seq: queue.seq(), holds, services }
    }

    /// Whether not much time has gone by since.
    pub(super) fn is_recent(&self, at: &Moment) -> bool {
        Self::holds_from(&self.at, at)
    }

    /// Whether a look from `then` still holds at `at`.
    pub(super) fn holds_from(then: &Moment, at: &Moment) -> bool {
        then.until(at).is_some_and(|gone| gone <= HOLDS_MS)
    }

    /// Whether few events have come since, up to `seq`.
    pub(super) fn is_near(&self, seq: u64) -> bool {
        (self.seq..self.seq + self.holds).contains(&seq)
    }

    /// A service that open desks take.
    pub(super) fn lineup(&self, service: &ServiceId) -> Option<&Lineup> {
        self.services.get(service).filter(|lineup| lineup.desks > 0.0)
    }

    /// The situation of somebody who takes a number now; `None` if no open desk takes the service.
    pub(super) fn newcomer(
        &self,
        queue: &Queue,
        model: &Model,
        service: &ServiceId,
        priority: bool,
        at: &Moment,
    ) -> Option<Situation> {
        let lineup = self.lineup(service)?;
        let before = |id: &ServiceId| queue.ahead_of_new(id, priority) as f64;
        let all: f64 = lineup.rivals.iter().map(before).sum();
        let all_s: f64 = lineup.rivals.iter().map(|id| before(id) * model.visit_s(id, typed_s(queue, id))).sum();
        // desks that share only some of the services take part of those before to themselves
        let share = match lineup.outlook.new {
            Some(new) if lineup.before_new > 0.0 => (new.ahead / lineup.before_new).min(1.0),
            _ => 1.0,
        };
        let rank = Rank { ahead: all * share, ahead_s: all_s * share, look_s: None };
        Some(self.situation(lineup, lineup.oldest_s(queue, at), &rank, at))
    }

    /// The situation of somebody at a rank of a line whose desks have let somebody wait for `oldest_s` seconds.
    pub(super) fn situation(&self, lineup: &Lineup, oldest_s: Option<f64>, rank: &Rank, at: &Moment) -> Situation {
        let gone = self.at.until(at).map_or(0.0, seconds);
        let look_s = rank.look_s.or_else(|| lineup.look_s(rank.ahead));
        Situation {
            hour: hour(at),
            ahead: rank.ahead.round(),
            ahead_s: rank.ahead_s,
            desks: lineup.desks,
            oldest_s,
            look_s: look_s.map(|look| (look - gone).max(0.0)),
        }
    }
}

impl Lineup {
    /// How long whoever has waited longest for its desks has waited, seconds; `None`: nobody waits.
    pub(super) fn oldest_s(&self, queue: &Queue, at: &Moment) -> Option<f64> {
        let heads = self.rivals.iter().flat_map(|id| queue.heads(id));
        heads.filter_map(|ticket| ticket.issued.until(at)).max().map(seconds)
    }

    /// When somebody with so many ahead should be called, by the ranks that were looked at; beyond them their last half's pace
    /// goes on.
    fn look_s(&self, ahead: f64) -> Option<f64> {
        let ranks = self.outlook.normal.iter().chain(&self.outlook.new);
        let mut known = ranks.filter_map(|rank| Some((rank.ahead, rank.look_s?)));
        let first = known.next()?;
        let (mut before, mut points) = (first, vec![first]);
        for point in known {
            if ahead <= point.0 {
                let width = (point.0 - before.0).max(1.0);
                return Some(before.1 + (point.1 - before.1) * ((ahead - before.0) / width).clamp(0.0, 1.0));
            }
            before = point;
            points.push(point);
        }
        let middle = points.get(points.len() / 2).copied().unwrap_or(first);
        let slope = if before.0 > middle.0 { (before.1 - middle.1) / (before.0 - middle.0) } else { 0.0 };
        (ahead <= before.0 || slope > 0.0).then(|| before.1 + slope.max(0.0) * (ahead - before.0).max(0.0))
    }
}
