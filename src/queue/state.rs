//! The state of a branch's lines, and how to look things up in it.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::command::By;
use super::courtesy::{Ends, GivenCourtesy, end_of};
use super::desk::DeskState;
use super::hours::Hours;
use super::ids::{DeskId, Lang, Number, ServiceId, TicketId, TicketKey};
use super::moment::Moment;
use super::rules::Rules;
use super::service::ServiceState;
use super::ticket::{Phase, Place, Ticket};

/// How many of the last calls are remembered, for the board and for [`Queue::why`].
const REMEMBERED_CALLS: usize = 50;

/// A business day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Day {
    /// Counts up for ever.
    pub number: u32,
    /// What it is called.
    pub date: NaiveDate,
    /// When it opened.
    pub opened: Moment,
    /// Who opened it.
    pub by: By,
    /// Since when no more numbers are given.
    pub closing: Option<Moment>,
    /// When it closed.
    pub closed: Option<Moment>,
}

/// A movement of the wall clock that the monotonic clock does not explain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Jump {
    /// When it was noticed.
    pub at: Moment,
    /// By how much, forward positive, milliseconds.
    pub by_ms: i64,
    /// Whether the clock was known to be right at this or any later event: then nobody doubts it any more.
    #[serde(default)]
    pub vouched: bool,
}

/// One of the last calls.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallRecord {
    /// The event.
    pub seq: u64,
    /// Whom.
    pub ticket: TicketId,
    /// Its number.
    pub number: Number,
    /// Where to.
    pub desk: DeskId,
    /// The service it waited for.
    pub service: ServiceId,
    /// Whether a desk named it.
    pub named: bool,
    /// Whether it had priority.
    pub priority: bool,
    /// Where it stood.
    pub place: Place,
    /// When.
    pub at: Moment,
}

/// The tickets waiting for one service, first to last: those without priority, and those with.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Line {
    pub(super) normal: BTreeMap<Place, TicketId>,
    pub(super) priority: BTreeMap<Place, TicketId>,
}

impl Line {
    pub(super) fn len(&self) -> usize {
        self.normal.len() + self.priority.len()
    }

    pub(super) fn lane(&self, priority: bool) -> &BTreeMap<Place, TicketId> {
        if priority { &self.priority } else { &self.normal }
    }

    fn lane_mut(&mut self, priority: bool) -> &mut BTreeMap<Place, TicketId> {
        if priority { &mut self.priority } else { &mut self.normal }
    }
}

/// What can be built again from the rest.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Index {
    pub(super) by_key: HashMap<TicketKey, TicketId>,
    pub(super) by_number: HashMap<Number, TicketId>,
    pub(super) lines: BTreeMap<ServiceId, Line>,
    pub(super) missed: BTreeSet<TicketId>,
    pub(super) parked: BTreeSet<TicketId>,
    /// Tickets of today that have not ended.
    pub(super) open: BTreeMap<ServiceId, usize>,
    /// Tickets that wait and whose customer chose a language.
    pub(super) languages: BTreeMap<Lang, u32>,
    /// Promises that can be broken on the late side, by their ends.
    pub(super) ends: Ends,
}

impl Index {
    fn add(&mut self, ticket: &Ticket) {
        match ticket.phase {
            Phase::Waiting => {
                let line = self.lines.entry(ticket.service.clone()).or_default();
                line.lane_mut(ticket.class.is_some()).insert(ticket.place, ticket.id);
                if let Some(language) = &ticket.language {
                    *self.languages.entry(language.clone()).or_default() += 1;
                }
            }
            Phase::Missed { .. } => {
                self.missed.insert(ticket.id);
            }
            Phase::Parked { .. } => {
                self.parked.insert(ticket.id);
            }
            Phase::Called { .. } | Phase::Serving { .. } | Phase::Ended(_) => {}
        }
        if !ticket.is_over() {
            *self.open.entry(ticket.service.clone()).or_default() += 1;
        }
        self.ends.extend(end_of(ticket));
    }

    fn remove(&mut self, ticket: &Ticket) {
        match ticket.phase {
            Phase::Waiting => {
                if let Some(line) = self.lines.get_mut(&ticket.service) {
                    line.lane_mut(ticket.class.is_some()).remove(&ticket.place);
                    if line.len() == 0 {
                        self.lines.remove(&ticket.service);
                    }
                }
                if let Some(language) = &ticket.language
                    && let Some(waiting) = self.languages.get_mut(language)
                {
                    *waiting -= 1;
                    if *waiting == 0 {
                        self.languages.remove(language);
                    }
                }
            }
            Phase::Missed { .. } => {
                self.missed.remove(&ticket.id);
            }
            Phase::Parked { .. } => {
                self.parked.remove(&ticket.id);
            }
            Phase::Called { .. } | Phase::Serving { .. } | Phase::Ended(_) => {}
        }
        if !ticket.is_over()
            && let Some(open) = self.open.get_mut(&ticket.service)
        {
            *open -= 1;
            if *open == 0 {
                self.open.remove(&ticket.service);
            }
        }
        if let Some(end) = end_of(ticket) {
            self.ends.remove(&end);
        }
    }
}

/// All lines of a branch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Queue {
    pub(super) seq: u64,
    pub(super) last: Option<Moment>,
    pub(super) next_ticket: u64,
    pub(super) day: Option<Day>,
    pub(super) jump: Option<Jump>,
    pub(super) rules: Rules,
    pub(super) hours: Hours,
    pub(super) services: BTreeMap<ServiceId, ServiceState>,
    pub(super) desks: BTreeMap<DeskId, DeskState>,
    pub(super) tickets: BTreeMap<TicketId, Ticket>,
    pub(super) calls: VecDeque<CallRecord>,
    /// The next numbers of services that gave some today and were taken away, should they come back. Kept until the date changes.
    #[serde(default)]
    pub(super) retired: BTreeMap<ServiceId, u32>,
    /// What was given today for promises that were broken late. Apart from the tickets, so that an undo of a call takes
    /// nothing back that a customer has read.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) courtesies: BTreeMap<TicketId, GivenCourtesy>,
    /// The last ticket that an earlier day of the same date has closed with; 0: there is none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) filed: u64,
    #[serde(skip)]
    pub(super) index: Index,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

impl Queue {
    /// Builds again what a stored state leaves out. Call it after reading a state from a snapshot.
    #[must_use]
    pub fn indexed(mut self) -> Self {
        self.index = Index::default();
        for ticket in self.tickets.values() {
            self.index.by_key.insert(ticket.key, ticket.id);
            self.index.by_number.insert(ticket.number.clone(), ticket.id);
            self.index.add(ticket);
        }
        self
    }

    /// The last applied event; 0 before the first.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// When the last event happened.
    #[must_use]
    pub fn last(&self) -> Option<&Moment> {
        self.last.as_ref()
    }

    /// The newest business day, open or closed.
    #[must_use]
    pub fn day(&self) -> Option<&Day> {
        self.day.as_ref()
    }

    /// The business day, if one is open.
    #[must_use]
    pub fn open_day(&self) -> Option<&Day> {
        self.day.as_ref().filter(|day| day.closed.is_none())
    }

    /// The rules in force.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The opening hours in force.
    #[must_use]
    pub fn hours(&self) -> &Hours {
        &self.hours
    }

    /// Every service, by id.
    pub fn services(&self) -> impl Iterator<Item = &ServiceState> {
        self.services.values()
    }

    /// Every service in the order in which people choose from them.
    #[must_use]
    pub fn ranked_services(&self) -> Vec<&ServiceState> {
        let mut services: Vec<_> = self.services.values().collect();
        services.sort_by_key(|state| state.service.rank);
        services
    }

    /// One service.
    #[must_use]
    pub fn service(&self, id: &ServiceId) -> Option<&ServiceState> {
        self.services.get(id)
    }

    /// Every desk, by id.
    pub fn desks(&self) -> impl Iterator<Item = &DeskState> {
        self.desks.values()
    }

    /// One desk.
    #[must_use]
    pub fn desk(&self, id: &DeskId) -> Option<&DeskState> {
        self.desks.get(id)
    }

    /// Every ticket of the newest business day, ended ones too, in the order of issue. A day that was closed and opened again
    /// has those of before.
    pub fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.tickets.values()
    }

    /// Those of them that the newest day itself has issued: no earlier day has closed with them.
    pub fn own_tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.tickets.range(TicketId(self.filed + 1)..).map(|(_, ticket)| ticket)
    }

    /// How many tickets the newest business day has, ended ones too.
    #[must_use]
    pub fn ticket_count(&self) -> usize {
        self.tickets.len()
    }

    /// One ticket of the newest business day.
    #[must_use]
    pub fn ticket(&self, id: TicketId) -> Option<&Ticket> {
        self.tickets.get(&id)
    }

    /// The ticket a key opens, if it is of the newest business day.
    #[must_use]
    pub fn by_key(&self, key: &TicketKey) -> Option<&Ticket> {
        self.ticket(*self.index.by_key.get(key)?)
    }

    /// The ticket with this number in the newest business day. For staff: a number opens nothing to the public.
    #[must_use]
    pub fn by_number(&self, number: &Number) -> Option<&Ticket> {
        self.ticket(*self.index.by_number.get(number)?)
    }

    /// How many wait for a service.
    #[must_use]
    pub fn waiting(&self, service: &ServiceId) -> usize {
        self.index.lines.get(service).map_or(0, Line::len)
    }

    /// How many wait whose customers chose a language, by language.
    #[must_use]
    pub fn languages(&self) -> &BTreeMap<Lang, u32> {
        &self.index.languages
    }

    /// Called in vain, the place still kept.
    pub fn missed(&self) -> impl Iterator<Item = &Ticket> {
        self.index.missed.iter().filter_map(|id| self.ticket(*id))
    }

    /// Set aside.
    pub fn parked(&self) -> impl Iterator<Item = &Ticket> {
        self.index.parked.iter().filter_map(|id| self.ticket(*id))
    }

    /// How many tickets of today have not ended.
    #[must_use]
    pub fn open_tickets(&self) -> usize {
        self.index.open.values().sum()
    }

    /// The last calls, oldest first; at most 50 are remembered.
    pub fn calls(&self) -> impl DoubleEndedIterator<Item = &CallRecord> {
        self.calls.iter()
    }

    /// Changes a ticket and keeps the index right.
    pub(super) fn change(&mut self, id: TicketId, seq: u64, change: impl FnOnce(&mut Ticket)) {
        if let Some(ticket) = self.tickets.get_mut(&id) {
            self.index.remove(ticket);
            change(ticket);
            ticket.touched = seq;
            self.index.add(ticket);
        }
    }

    pub(super) fn insert(&mut self, ticket: Ticket) {
        self.index.by_key.insert(ticket.key, ticket.id);
        self.index.by_number.insert(ticket.number.clone(), ticket.id);
        self.index.add(&ticket);
        self.tickets.insert(ticket.id, ticket);
    }

    pub(super) fn remember_call(&mut self, call: CallRecord) {
        self.calls.push_back(call);
        if self.calls.len() > REMEMBERED_CALLS {
            self.calls.pop_front();
        }
    }
}
