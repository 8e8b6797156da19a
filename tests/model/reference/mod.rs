//! The model: the same branch, written a second time from the published rules, as plainly as it can be.
//!
//! Lines are vectors of tickets in their order; nothing is indexed, nothing is fast. A ticket that was moved remembers behind
//! whom it *stands*: it counts as issued when that one was. Where the published rules leave the order open (two that stand
//! behind the same ticket, put there at different times, one of them away for a while), the model takes the queue's order over,
//! after checking that the rules allow it.

mod act;
mod check;
mod courtesy;
mod day;
mod issue;
mod order;
mod set;

use std::collections::BTreeMap;
use std::rc::Rc;

use chrono::NaiveDate;
use nowserving::queue::{
    By, ClassId, Command, Desk, DeskId, DeskPhase, Event, Hours, Lang, Moment, Number, Outcome, Promise, PromiseVoid, Rules,
    Service, ServiceId, TicketId, TicketKey,
};

/// Why not: the refusal's code.
pub(crate) type Code = &'static str;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum At {
    Waiting,
    Called(DeskId),
    Serving(DeskId),
    Parked(DeskId),
    Missed { since: Moment, keep_ms: u64 },
    Over(How),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum How {
    Finished { outcome: Outcome, inferred: bool },
    Left,
    NoShow,
    DayClosed,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Visit {
    pub(crate) id: TicketId,
    pub(crate) number: Number,
    pub(crate) key: TicketKey,
    pub(crate) service: ServiceId,
    pub(crate) class: Option<ClassId>,
    pub(crate) language: Option<Lang>,
    pub(crate) large: bool,
    pub(crate) at: At,
    /// Counts as issued when this one was.
    pub(crate) stands: TicketId,
    pub(crate) issued: Moment,
    /// The last call.
    pub(crate) called: Option<Moment>,
    pub(crate) first_called: Option<Moment>,
    pub(crate) promise: Option<Promise>,
    pub(crate) void: Option<PromiseVoid>,
    pub(crate) invitations: u32,
    pub(crate) delays: u32,
    pub(crate) requeues: u32,
    pub(crate) transfers: u32,
    /// When its customer gave it up, of this day.
    pub(crate) left: Option<Moment>,
    /// How often anything about it changed.
    pub(crate) changes: u32,
}

impl Visit {
    pub(crate) fn is_over(&self) -> bool {
        matches!(self.at, At::Over(_))
    }

    /// What was promised is promised no more, if it was not kept or broken yet.
    fn void(&mut self, why: PromiseVoid) {
        if self.promise.is_some() && self.first_called.is_none() && self.void.is_none() {
            self.void = Some(why);
        }
    }

    pub(crate) fn lane(&self) -> Lane {
        (self.service.clone(), self.class.is_some())
    }
}

/// What a desk owes: priority calls in a row, and credit by priority and service.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Owes {
    pub(crate) run: u32,
    pub(crate) credit: BTreeMap<(bool, ServiceId), i64>,
}

#[derive(Clone, Debug)]
pub(crate) struct Post {
    pub(crate) desk: Desk,
    pub(crate) phase: DeskPhase,
    pub(crate) has: Option<TicketId>,
    pub(crate) owes: Owes,
    pub(crate) last: Option<Rc<Memory>>,
}

/// What a desk's last command found, and how often each ticket it touched had changed when it was done.
#[derive(Clone, Debug)]
pub(crate) struct Memory {
    pub(crate) what: String,
    at: Moment,
    phase: DeskPhase,
    has: Option<TicketId>,
    owes: Owes,
    visits: Vec<Visit>,
    changes: Vec<u32>,
    lines: Snapshot,
}

#[derive(Clone, Debug)]
pub(crate) struct Today {
    pub(crate) number: u32,
    pub(crate) date: NaiveDate,
    pub(crate) opened: Moment,
    pub(crate) by: By,
    pub(crate) closing: Option<Moment>,
    pub(crate) open: bool,
}

/// A service and whether it has priority.
pub(crate) type Lane = (ServiceId, bool);
/// The lines at some time, and how often each ticket had changed by then.
type Snapshot = BTreeMap<Lane, Vec<(TicketId, u32)>>;

#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    pub(crate) issued: u64,
    pub(crate) day: Option<Today>,
    /// The last jump of the wall clock, and whether the clock was known to be right at any event since.
    pub(crate) jump: Option<(Moment, bool)>,
    pub(crate) last: Option<Moment>,
    pub(crate) rules: Rules,
    pub(crate) hours: Hours,
    pub(crate) services: BTreeMap<ServiceId, (Service, Option<String>)>,
    /// The highest number given this business day, of services taken away too.
    pub(crate) highest: BTreeMap<ServiceId, u32>,
    pub(crate) posts: BTreeMap<DeskId, Post>,
    pub(crate) tickets: BTreeMap<TicketId, Visit>,
    pub(crate) lines: BTreeMap<Lane, Vec<TicketId>>,
    /// What was given today for promises broken late.
    pub(crate) gifts: BTreeMap<TicketId, courtesy::Gift>,
    /// Whose place among those who stand behind the same ticket is the queue's to say.
    unsure: Vec<(TicketId, Snapshot)>,
}

impl Model {
    /// Does what is asked, or says why not. `events` is what the queue did: the model only looks at it where the rules leave
    /// a choice open.
    pub(crate) fn act(&mut self, command: &Command, at: &Moment, events: &[Event]) -> Result<(), Code> {
        let before = self.clone();
        self.unsure.clear();
        if let Err(code) = self.try_act(command, at, events) {
            *self = before;
            return Err(code);
        }
        self.last = Some(*at);
        self.jump = self.jump.map(|(jump, vouched)| (jump, vouched || at.trusted));
        if let Some(id) = command.desk().filter(|_| !matches!(command, Command::Undo { .. })) {
            self.remember(id, command, at, &before);
        }
        Ok(())
    }

    fn remember(&mut self, id: &DeskId, command: &Command, at: &Moment, before: &Self) {
        let was = &before.posts[id];
        let touched = |visit: &&Visit| self.tickets[&visit.id].changes != visit.changes || was.has == Some(visit.id);
        let visits: Vec<Visit> = before.tickets.values().filter(touched).cloned().collect();
        let memory = Memory {
            what: crate::coverage::name(command),
            at: *at,
            phase: was.phase,
            has: was.has,
            owes: was.owes.clone(),
            changes: visits.iter().map(|visit| self.tickets[&visit.id].changes).collect(),
            visits,
            lines: before.snapshot(),
        };
        if let Some(post) = self.posts.get_mut(id) {
            post.last = Some(Rc::new(memory));
        }
    }

    /// Milliseconds between two moments, where the clocks can tell.
    pub(crate) fn between(from: &Moment, to: &Moment) -> Option<u64> {
        if from.boot == to.boot {
            Some(to.mono_ms.saturating_sub(from.mono_ms))
        } else if from.trusted && to.trusted && to.wall_ms >= from.wall_ms {
            Some(to.wall_ms.abs_diff(from.wall_ms))
        } else {
            None
        }
    }

    fn snapshot(&self) -> Snapshot {
        let changes = |line: &Vec<TicketId>| line.iter().map(|id| (*id, self.tickets[id].changes)).collect();
        self.lines.iter().map(|(lane, line)| (lane.clone(), changes(line))).collect()
    }

    fn change(&mut self, id: TicketId, change: impl FnOnce(&mut Visit)) {
        let visit = self.tickets.get_mut(&id).unwrap();
        change(visit);
        visit.changes += 1;
    }

    fn leave_line(&mut self, id: TicketId) {
        for line in self.lines.values_mut() {
            line.retain(|other| *other != id);
        }
    }

    fn join_line(&mut self, id: TicketId, index: usize) {
        let lane = self.tickets[&id].lane();
        self.lines.entry(lane).or_default().insert(index, id);
    }

    fn free_desk(&mut self, id: TicketId) {
        for post in self.posts.values_mut() {
            post.has = post.has.filter(|has| *has != id);
        }
    }

    fn end(&mut self, id: TicketId, how: How) {
        self.leave_line(id);
        self.free_desk(id);
        self.change(id, |visit| visit.at = At::Over(how));
    }
}
