//! A ticket: one customer's visit, from issue to its end.

use serde::{Deserialize, Serialize};

use super::ids::{ClassId, DeskId, Lang, Number, ServiceId, TicketId, TicketKey};
use super::moment::Moment;

/// Where a ticket stands in its line: smaller goes first. A new ticket gets `(event, 0)`. A ticket put behind another gets that
/// one's first part, and a second part between that one's and the next's, so that it stands right behind it. Both parts stay
/// below 2⁵³, so that a browser reads them exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place(pub u64, pub u64);

/// How a visit at a desk ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The customer got what they came for.
    #[default]
    Served,
    /// It could not be done here today.
    NotPossible,
    /// A word was enough.
    Answered,
}

/// Why a customer gave up the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaveReason {
    /// An answer on the wall or the phone was enough.
    Answered,
    /// Changed their mind.
    ChangedMind,
    /// The wait was too long.
    TooLong,
}

/// Why a desk calls a named ticket out of turn. A fixed list, so that nothing personal is ever recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallReason {
    /// Comes back to finish a visit.
    Returning,
    /// Has an appointment.
    Appointment,
    /// Needs help now.
    NeedsHelp,
    /// Belongs to this desk after all.
    WrongService,
    /// Anything else.
    Other,
}

/// Where a ticket was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The physical button.
    Button,
    /// The kiosk's touch screen.
    Kiosk,
    /// A customer's phone.
    Phone,
    /// A desk, for the customer.
    Desk,
    /// Another program.
    Api,
}

/// What the estimator knew when it made a promise, unrounded: kept with the ticket so that the record can be checked, and shown
/// to nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forecast {
    /// One in ten should be called sooner, seconds of waiting time.
    pub low_s: u32,
    /// Half should be called sooner, seconds.
    pub mid_s: u32,
    /// One in ten should be called later, seconds.
    pub high_s: u32,
    /// What people ahead × time at a desk ÷ desks gives, seconds; `None` where it could not be told.
    pub naive_s: Option<u32>,
    /// How many would be served first.
    pub ahead: u32,
    /// How many desks served the line.
    pub desks: u32,
    /// Which version of the estimator made it.
    pub model: u32,
    /// Whether it is the simple formula's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub simple: bool,
    /// What it was made of; absent in the history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inputs: Option<Inputs>,
}

/// What single predictors said when a promise was made, seconds. Kept in the event, so that a replay learns exactly what was
/// learned the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    /// Visits ahead and the own ÷ desks.
    pub queue_s: u32,
    /// Desk-seconds a call lately × people ÷ desks.
    pub rate_s: u32,
    /// How long whoever had waited longest had waited.
    pub oldest_s: u32,
    /// The last wait that ended with a call.
    pub last_s: u32,
    /// The same, scaled to the people ahead.
    pub step_s: u32,
    /// By the calls an ordinary day has at that hour, scaled to today.
    pub flow_s: u32,
    /// By playing the line on by the real rule, where that could be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look_s: Option<u32>,
}

/// Up to so many minutes a wait is said as "a few minutes": then nobody was told that it would not be sooner.
pub const FEW_MIN: u32 = 5;

/// The range of waiting time given at issue, minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// Nobody should be called sooner.
    pub from_min: u32,
    /// Nobody should be called later.
    pub to_min: u32,
    /// Whether the branch knows too little yet to keep its word.
    pub learning: bool,
    /// What the range was made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forecast: Option<Forecast>,
}

impl Promise {
    /// The lower end as it was said, minutes: none for "a few minutes".
    #[must_use]
    pub fn said_from_min(&self) -> u32 {
        if self.to_min <= FEW_MIN { 0 } else { self.from_min }
    }
}

/// Why a promise does not hold any more: the customer is not in the line it was made for as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromiseVoid {
    /// The customer let others pass before the first call.
    Delayed,
    /// The ticket was moved to another line before the first call.
    Transferred,
}

impl PromiseVoid {
    /// The word in tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Delayed => "delayed",
            Self::Transferred => "transferred",
        }
    }
}

/// How a ticket ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "how")]
pub enum End {
    /// Served at a desk.
    Finished {
        /// What came of it.
        outcome: Outcome,
        /// Whether the desk just called the next, so that the time and outcome are a guess.
        inferred: bool,
    },
    /// Given up by the customer.
    Left {
        /// Why.
        reason: LeaveReason,
    },
    /// Called, did not come, and the time the place was kept is over.
    NoShow,
    /// Still open when the business day closed.
    DayClosed,
}

/// Where a ticket is in its life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "phase")]
pub enum Phase {
    /// In the line of its service.
    Waiting,
    /// Invited to a desk.
    Called {
        /// Where to.
        desk: DeskId,
    },
    /// At a desk.
    Serving {
        /// Where.
        desk: DeskId,
    },
    /// Set aside.
    Parked {
        /// By whom.
        desk: DeskId,
    },
    /// Called and did not come; the place is kept for a while.
    Missed {
        /// The desk that called.
        desk: DeskId,
        /// Since when.
        since: Moment,
        /// For how long the place is kept, milliseconds.
        keep_ms: u64,
    },
    /// Over.
    Ended(End),
}

/// One customer's visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// The ledger's name.
    pub id: TicketId,
    /// What people read.
    pub number: Number,
    /// What opens its page.
    pub key: TicketKey,
    /// The service whose line it is in now; the number keeps its first prefix.
    pub service: ServiceId,
    /// Its priority class, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<ClassId>,
    /// Where it was taken.
    pub origin: Origin,
    /// What was promised at issue, if anything could be.
    pub promise: Option<Promise>,
    /// Why that does not hold any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise_void: Option<PromiseVoid>,
    /// The language its customer chose, for what is printed, shown and said to them; `None`: the branch's first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Lang>,
    /// Whether its customer reads large print: what is printed for them, copies too, is in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub large: bool,
    /// Where it stands in the line.
    pub place: Place,
    /// The event that issued it: its place by time of issue.
    pub issue_seq: u64,
    /// Where it is in its life.
    pub phase: Phase,
    /// When it was issued.
    pub issued: Moment,
    /// When it was first called.
    pub first_called: Option<Moment>,
    /// When it was last called (a recall does not count).
    pub called: Option<Moment>,
    /// When its service began.
    pub started: Option<Moment>,
    /// When it ended.
    pub ended: Option<Moment>,
    /// The desk of the last call.
    pub desk: Option<DeskId>,
    /// Invitations since the last call, the call itself included.
    pub invitations: u32,
    /// How often the customer let others pass.
    pub delays: u32,
    /// How often it came back after not coming.
    pub requeues: u32,
    /// How often it was transferred.
    pub transfers: u32,
    /// The last event that touched it.
    pub touched: u64,
}

impl Ticket {
    /// Whether the visit is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Ended(_))
    }

    /// Issue to first call, milliseconds; `None` before a call or where the clocks cannot tell. What a promise is scored by.
    #[must_use]
    pub fn first_wait_ms(&self) -> Option<u64> {
        self.issued.until(self.first_called.as_ref()?)
    }

    /// Issue to the end of a ticket that was never called, milliseconds; `None` otherwise or where the clocks cannot tell.
    #[must_use]
    pub fn uncalled_ms(&self) -> Option<u64> {
        (self.is_over() && self.first_called.is_none()).then_some(())?;
        self.issued.until(self.ended.as_ref()?)
    }

    /// Issue to last call, milliseconds; `None` before a call or where the clocks cannot tell.
    #[must_use]
    pub fn waiting_ms(&self) -> Option<u64> {
        self.issued.until(self.called.as_ref()?)
    }

    /// Start to finish, milliseconds; `None` where either is missing or the clocks cannot tell.
    #[must_use]
    pub fn transaction_ms(&self) -> Option<u64> {
        matches!(self.phase, Phase::Ended(End::Finished { .. })).then_some(())?;
        self.started?.until(self.ended.as_ref()?)
    }
}
