//! The public view: what may hang on the board, and nothing else.
//!
//! The branch publishes one [`View`] to whoever joins, then [`Frame`]s: what changed. A frame applied to the view it was made
//! from gives the next view, here and in every screen and phone. A person finds the own ticket in it by its number; names,
//! questions, keys and reasons for priority never enter it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::desk::DeskPhase;
use super::hours::OpenState;
use super::ids::{DeskId, Lang, Number, ServiceId, TicketId};
use super::moment::Moment;
use super::state::Queue;
use super::ticket::{Phase, Place, Promise, Ticket};

/// How many of the last calls the board can show.
const SHOWN_CALLS: usize = 8;

/// Whether the branch gives numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRow {
    /// Whether a business day is open.
    pub open: bool,
    /// Whether it is closing: those who wait are served, no more numbers are given.
    pub closing: bool,
    /// When the branch closes today, `HH:MM` local time; absent where no hours are set.
    pub until: Option<String>,
    /// When it opens next, local time `YYYY-MM-DDTHH:MM`, if it is closed.
    pub opens: Option<String>,
}

/// A service as the public knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceRow {
    /// Its prefix.
    pub id: ServiceId,
    /// Its name.
    pub name: String,
    /// What to have ready.
    pub have_ready: String,
    /// Its colour, by name.
    pub accent: String,
}

/// How one service's line stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitRow {
    /// How many wait.
    pub waiting: u32,
    /// How many open desks take it.
    pub desks: u32,
    /// Why no numbers are given for it now; absent: they are.
    pub stopped: Option<String>,
    /// Until when numbers are given today at the present wait, `HH:MM` local time; absent where no hours are set.
    pub takes_until: Option<String>,
    /// Whether the branch knows too little yet to keep its word.
    pub learning: bool,
    /// Expected wait in minutes, from and to, with 0, 1, 2… people ahead; up to somebody who comes now, at most 30 entries.
    /// Empty: it cannot be told.
    pub by_place: Vec<[u32; 2]>,
    /// The same for somebody who comes now.
    pub now: Option<[u32; 2]>,
}

impl WaitRow {
    /// The expected wait with `ahead` people ahead, minutes from and to; `None`: it cannot be told. Beyond what `by_place`
    /// tells, its mean step goes on, in fives. `feed.js` counts by the same rule.
    #[must_use]
    pub fn range(&self, ahead: usize) -> Option<[u32; 2]> {
        let last = self.by_place.len().checked_sub(1)?;
        if let Some(told) = self.by_place.get(ahead) {
            return Some(*told);
        }
        let (first, end) = (self.by_place.first()?, self.by_place.get(last)?);
        let grow = |first: u32, end: u32| {
            let step = if last == 0 { 0.0 } else { (f64::from(end) - f64::from(first)) / last as f64 };
            let minutes = f64::from(end) + step * (ahead - last) as f64;
            // a day has 1440 minutes
            ((minutes / 5.0).round() * 5.0).clamp(0.0, 1440.0) as u32
        };
        let ([from, to], [from_end, to_end]) = (*first, *end);
        Some([grow(from, from_end), grow(to, to_end)])
    }
}

/// A range of waiting time as its reader gets it: what it was made of stays here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseRow {
    /// Nobody should be called sooner, minutes.
    pub from_min: u32,
    /// Nobody should be called later, minutes.
    pub to_min: u32,
    /// Whether the branch knows too little yet to keep its word.
    pub learning: bool,
}

impl From<Promise> for PromiseRow {
    fn from(promise: Promise) -> Self {
        Self { from_min: promise.from_min, to_min: promise.to_min, learning: promise.learning }
    }
}

/// A desk as the board shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskRow {
    /// Its short name.
    pub id: DeskId,
    /// Its name on the board.
    pub name: String,
    /// Whether it serves.
    pub phase: DeskPhase,
    /// Whom it has.
    pub number: Option<Number>,
    /// The service that one waited for.
    pub service: Option<ServiceId>,
    /// Whether service has begun.
    pub serving: bool,
    /// How often that one was invited; more than one is a recall.
    pub invitations: u32,
}

/// One of the last calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallRow {
    /// The call's place in the ledger: newer calls have larger ones.
    pub seq: u64,
    /// Whom.
    pub number: Number,
    /// What for.
    pub service: ServiceId,
    /// Where to.
    pub desk: DeskId,
    /// Wall time, milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
}

/// One waiting ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRow {
    /// The line it is in.
    pub service: ServiceId,
    /// Whether it has priority by the branch's rule.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub priority: bool,
    /// Its place: smaller goes first within its service and priority.
    pub place: Place,
}

/// What was given today for promises that were broken late. Nobody's number is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourtesyRow {
    /// How many.
    pub given: u32,
    /// What the board may say to all of them, while one of them is here; empty: nothing. Vouchers are personal.
    pub text: String,
}

/// Whether a ticket that is printed now can be expected to come out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// There is no printer.
    #[default]
    None,
    /// It prints.
    Ready,
    /// It does not print until a person has looked.
    Stopped,
}

/// What the public may know of the branch's devices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevicesRow {
    /// Whether tickets come out on paper.
    pub paper: Paper,
    /// How many things need a person, devices and papers in doubt; desks are told which.
    pub troubles: u32,
}

/// A broadcast to everyone, or to all who wait for one service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeRow {
    /// Its name: newer ones have larger numbers.
    pub id: i64,
    /// 0: good to know, 1: it changes what can be done here, 2: people may come to harm.
    pub level: u8,
    /// What it says, in the branch's first language.
    pub text: String,
    /// The same in others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<Lang, String>,
    /// For those who wait for this service alone; absent: for everyone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceId>,
    /// When it ends, wall time, milliseconds.
    pub until_ms: i64,
}

/// All the public may know of the branch at one point of the ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// The last event in it.
    pub seq: u64,
    /// The branch's name.
    pub store: String,
    /// The business day.
    pub date: Option<NaiveDate>,
    /// Whether numbers are given.
    pub open: OpenRow,
    /// At most this many with priority go in a row.
    pub priority_ratio: u32,
    /// The services.
    pub services: Vec<ServiceRow>,
    /// How their lines stand.
    pub waits: BTreeMap<ServiceId, WaitRow>,
    /// The desks.
    pub desks: Vec<DeskRow>,
    /// The last calls, newest first.
    pub calls: Vec<CallRow>,
    /// Who waits.
    pub line: BTreeMap<Number, LineRow>,
    /// Called in vain, and until when the place is kept: wall time, milliseconds.
    pub missed: BTreeMap<Number, i64>,
    /// Set aside at a desk.
    pub parked: BTreeSet<Number>,
    /// What was given for promises that were broken late.
    #[serde(default)]
    pub courtesy: CourtesyRow,
    /// How the devices are.
    #[serde(default)]
    pub devices: DevicesRow,
    /// How many wait whose customers chose a language, by language: the board speaks to those who are there.
    #[serde(default)]
    pub languages: BTreeMap<Lang, u32>,
    /// What concerns everyone now, the loudest first, then the newest.
    #[serde(default)]
    pub notices: Vec<NoticeRow>,
}

/// What changed from one view to the next. Absent fields did not change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// The last event in the view it leads to.
    pub seq: u64,
    /// The whole view, where so much changed that the rest is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<Box<View>>,
    /// Whether numbers are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<OpenRow>,
    /// Lines that stand differently.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub waits: BTreeMap<ServiceId, WaitRow>,
    /// Desks that changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub desks: Vec<DeskRow>,
    /// All of the last calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calls: Option<Vec<CallRow>>,
    /// Who joined or moved in a line, and (`null`) who is not waiting any more.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub line: BTreeMap<Number, Option<LineRow>>,
    /// All whose place is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed: Option<BTreeMap<Number, i64>>,
    /// All that are set aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parked: Option<BTreeSet<Number>>,
    /// What was given for promises that were broken late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub courtesy: Option<CourtesyRow>,
    /// How the devices are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub devices: Option<DevicesRow>,
    /// How many wait, by language: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub languages: Option<BTreeMap<Lang, u32>>,
    /// All notices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notices: Option<Vec<NoticeRow>>,
}

impl Frame {
    /// Whether nothing changed but the place in the ledger.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self { seq: self.seq, ..Self::default() }
    }
}

impl View {
    /// The view of a state. `waits` are the estimator's rows. Devices and notices
    /// are not the queue's to know: whoever does, sets them.
    #[must_use]
    pub fn of(queue: &Queue, store: &str, waits: BTreeMap<ServiceId, WaitRow>, at: &Moment) -> Self {
        let lines = queue.services.keys().flat_map(|service| queue.line(service));
        Self {
            seq: queue.seq(),
            store: store.to_owned(),
            date: queue.open_day().map(|day| day.date),
            open: open_row(queue, at),
            priority_ratio: queue.rules.priority_ratio,
            services: queue.ranked_services().into_iter().map(|state| service_row(&state.service)).collect(),
            waits,
            desks: desk_rows(queue),
            calls: call_rows(queue),
            line: lines.map(|ticket| (ticket.number.clone(), line_row(ticket))).collect(),
            missed: missed_rows(queue),
            parked: queue.parked().map(|ticket| ticket.number.clone()).collect(),
            courtesy: courtesy_row(queue),
            devices: DevicesRow::default(),
            languages: queue.languages().clone(),
            notices: Vec::new(),
        }
    }

    /// What must be sent so that whoever has this view gets the view of `queue`. Costs what changed, not how many wait:
    /// `touched` are the tickets of the events since this view ([`super::Event::ticket`]). Where
    /// [`super::Event::changes_whole_view`], send [`Frame::whole`].
    #[must_use]
    pub fn frame_to(
        &self,
        queue: &Queue,
        waits: BTreeMap<ServiceId, WaitRow>,
        at: &Moment,
        touched: impl IntoIterator<Item = TicketId>,
    ) -> Frame {
        let line = touched.into_iter().filter_map(|id| queue.ticket(id)).filter_map(|ticket| {
            let row = matches!(ticket.phase, Phase::Waiting).then(|| line_row(ticket));
            (self.line.get(&ticket.number) != row.as_ref()).then(|| (ticket.number.clone(), row))
        });
        let desks = desk_rows(queue);
        Frame {
            seq: queue.seq(),
            view: None,
            open: changed(&self.open, open_row(queue, at)),
            waits: waits.into_iter().filter(|(service, row)| self.waits.get(service) != Some(row)).collect(),
            desks: desks.into_iter().filter(|row| !self.desks.contains(row)).collect(),
            calls: changed(&self.calls, call_rows(queue)),
            line: line.collect(),
            missed: changed(&self.missed, missed_rows(queue)),
            parked: changed(&self.parked, queue.parked().map(|ticket| ticket.number.clone()).collect()),
            courtesy: changed(&self.courtesy, courtesy_row(queue)),
            devices: None,
            languages: changed(&self.languages, queue.languages().clone()),
            notices: None,
        }
    }

    /// Takes a frame in. A client does this with each frame it gets.
    pub fn apply(&mut self, frame: Frame) {
        if let Some(view) = frame.view {
            *self = *view;
            return;
        }
        self.seq = frame.seq;
        if let Some(open) = frame.open {
            self.open = open;
        }
        self.waits.extend(frame.waits);
        for row in frame.desks {
            if let Some(known) = self.desks.iter_mut().find(|desk| desk.id == row.id) {
                *known = row;
            }
        }
        if let Some(calls) = frame.calls {
            self.calls = calls;
        }
        for (number, row) in frame.line {
            match row {
                Some(row) => self.line.insert(number, row),
                None => self.line.remove(&number),
            };
        }
        if let Some(missed) = frame.missed {
            self.missed = missed;
        }
        if let Some(parked) = frame.parked {
            self.parked = parked;
        }
        if let Some(courtesy) = frame.courtesy {
            self.courtesy = courtesy;
        }
        if let Some(devices) = frame.devices {
            self.devices = devices;
        }
        if let Some(languages) = frame.languages {
            self.languages = languages;
        }
        if let Some(notices) = frame.notices {
            self.notices = notices;
        }
    }

    /// How many of its service's line go before this number; `None` if it does not wait. The same rule as [`Queue::ahead`].
    #[must_use]
    pub fn ahead(&self, number: &Number) -> Option<usize> {
        let mine = self.line.get(number)?;
        let same = self.line.values().filter(|row| row.service == mine.service);
        let before = same.clone().filter(|row| row.priority == mine.priority && row.place < mine.place).count();
        let others = same.filter(|row| row.priority != mine.priority).count();
        let ratio = self.priority_ratio.max(1) as usize;
        let pass = if mine.priority { before / ratio } else { ratio.saturating_mul(before + 1) };
        Some(before + others.min(pass))
    }

    /// A service's row.
    #[must_use]
    pub fn service(&self, id: &ServiceId) -> Option<&ServiceRow> {
        self.services.iter().find(|row| row.id == *id)
    }

    /// A desk's row.
    #[must_use]
    pub fn desk(&self, id: &DeskId) -> Option<&DeskRow> {
        self.desks.iter().find(|row| row.id == *id)
    }
}

impl Frame {
    /// A frame that replaces the whole view.
    #[must_use]
    pub fn whole(view: View) -> Self {
        Self { seq: view.seq, view: Some(Box::new(view)), ..Self::default() }
    }
}

fn changed<T: PartialEq>(before: &T, now: T) -> Option<T> {
    (*before != now).then_some(now)
}

fn open_row(queue: &Queue, at: &Moment) -> OpenRow {
    let day = queue.open_day();
    let (mut until, mut opens) = (None, None);
    match queue.hours.state(at.local()) {
        OpenState::Always => {}
        OpenState::Until(closes) => until = Some(closes.format("%H:%M").to_string()),
        OpenState::Closed { opens: next, .. } => opens = next.map(|at| at.format("%Y-%m-%dT%H:%M").to_string()),
    }
    let closing = day.is_some_and(|day| day.closing.is_some());
    OpenRow { open: day.is_some(), closing, until, opens }
}

fn service_row(service: &super::Service) -> ServiceRow {
    ServiceRow {
        id: service.id.clone(),
        name: service.name.clone(),
        have_ready: service.have_ready.clone(),
        accent: service.accent.clone(),
    }
}

fn desk_rows(queue: &Queue) -> Vec<DeskRow> {
    let row = |state: &super::DeskState| {
        let ticket = state.ticket.and_then(|ticket| queue.ticket(ticket));
        DeskRow {
            id: state.desk.id.clone(),
            name: state.desk.name.clone(),
            phase: state.phase,
            number: ticket.map(|ticket| ticket.number.clone()),
            service: ticket.map(|ticket| ticket.service.clone()),
            serving: ticket.is_some_and(|ticket| matches!(ticket.phase, Phase::Serving { .. })),
            invitations: ticket.map_or(0, |ticket| ticket.invitations),
        }
    };
    queue.desks().map(row).collect()
}

fn call_rows(queue: &Queue) -> Vec<CallRow> {
    let row = |call: &super::CallRecord| CallRow {
        seq: call.seq,
        number: call.number.clone(),
        service: call.service.clone(),
        desk: call.desk.clone(),
        at_ms: call.at.wall_ms,
    };
    queue.calls().rev().take(SHOWN_CALLS).map(row).collect()
}

fn line_row(ticket: &Ticket) -> LineRow {
    LineRow { service: ticket.service.clone(), priority: ticket.class.is_some(), place: ticket.place }
}

fn courtesy_row(queue: &Queue) -> CourtesyRow {
    let here = queue.courtesies().find(|(ticket, given)| given.courtesy.code.is_none() && !ticket.is_over());
    CourtesyRow {
        given: u32::try_from(queue.courtesies.len()).unwrap_or(u32::MAX),
        text: here.map(|(_, given)| given.courtesy.text.clone()).unwrap_or_default(),
    }
}

fn missed_rows(queue: &Queue) -> BTreeMap<Number, i64> {
    let until = |ticket: &Ticket| match &ticket.phase {
        Phase::Missed { since, keep_ms, .. } => since.wall_ms.saturating_add_unsigned(*keep_ms),
        _ => 0,
    };
    queue.missed().map(|ticket| (ticket.number.clone(), until(ticket))).collect()
}
