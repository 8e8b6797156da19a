//! What happened. Events are the ledger: they are never changed, and from them the whole state can be built again.
//!
//! An event holds every result that `apply` needs, so that `apply` follows no rule that a later version might change.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::command::By;
use super::courtesy::Courtesy;
use super::desk::{Desk, DeskPhase, Turn};
use super::hours::Hours;
use super::ids::{ClassId, DeskId, Lang, Number, ServiceId, TicketId, TicketKey};
use super::moment::Moment;
use super::rules::Rules;
use super::service::Service;
use super::ticket::{CallReason, LeaveReason, Origin, Outcome, Place, Promise};

/// The version of the event format this program writes; the ledger keeps it beside each event.
pub const EVENT_VERSION: u32 = 2;

/// How a ticket came to be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalledBy {
    /// It was next by the rule.
    Rule,
    /// A desk named it.
    Name(CallReason),
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A business day opened.
    DayOpened {
        /// Counts up for ever.
        day: u32,
        /// Its name.
        date: NaiveDate,
        /// Who opened it.
        by: By,
        /// Whether it goes on with the numbers of the day before, because that has the same date, or a wrong one.
        continues: bool,
        /// Whether the tickets of the day before, which have all ended, keep their pages. Days of older programs did not.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        keeps: bool,
    },
    /// No more numbers today; those who wait are served.
    DayClosing {
        /// Who said so.
        by: By,
    },
    /// The business day closed; these tickets were still open and ended with it.
    DayClosed {
        /// Who closed it.
        by: By,
        /// Ended with the day.
        ended: Vec<TicketId>,
        /// Whether the desks closed too.
        desks_close: bool,
    },
    /// The wall clock moved against the monotonic one, or lost years between two boots.
    ClockJumped {
        /// By how much, forward positive, milliseconds.
        by_ms: i64,
    },
    /// A number was given.
    Issued {
        /// The new ticket.
        ticket: TicketId,
        /// What people read.
        number: Number,
        /// What opens its page.
        key: TicketKey,
        /// What for.
        service: ServiceId,
        /// Its counter value, so that the next one is known.
        n: u32,
        /// Its priority class.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        class: Option<ClassId>,
        /// Where.
        origin: Origin,
        /// What was promised.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        promise: Option<Promise>,
        /// The language its customer chose.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        language: Option<Lang>,
        /// Whether its customer reads large print. Older programs did not ask.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        large: bool,
        /// Where it stands in the line.
        place: Place,
    },
    /// A ticket was invited to a desk.
    Called {
        /// Whom.
        ticket: TicketId,
        /// Where to.
        desk: DeskId,
        /// How it was chosen.
        by: CalledBy,
        /// Where the desk stands in its rules from now on.
        turn: Turn,
    },
    /// A called ticket was invited again.
    Recalled {
        /// Whom.
        ticket: TicketId,
        /// Where to.
        desk: DeskId,
    },
    /// The customer came.
    Started {
        /// Who.
        ticket: TicketId,
        /// Where.
        desk: DeskId,
    },
    /// The visit ended.
    Finished {
        /// Who.
        ticket: TicketId,
        /// Where.
        desk: DeskId,
        /// What came of it.
        outcome: Outcome,
        /// Whether the desk just called the next.
        inferred: bool,
    },
    /// The called customer did not come.
    NoShow {
        /// Who.
        ticket: TicketId,
        /// The calling desk.
        desk: DeskId,
        /// How long the place is kept, milliseconds; 0: it is not.
        keep_ms: u64,
    },
    /// A no-show came back.
    Requeued {
        /// Who.
        ticket: TicketId,
        /// Where it stands now.
        place: Place,
    },
    /// The time a no-show's place was kept is over.
    Expired {
        /// Who.
        ticket: TicketId,
    },
    /// Set aside.
    Parked {
        /// Who.
        ticket: TicketId,
        /// By which desk.
        desk: DeskId,
    },
    /// Gone on with.
    Resumed {
        /// Who.
        ticket: TicketId,
        /// At which desk.
        desk: DeskId,
    },
    /// Moved to another service.
    Transferred {
        /// Who.
        ticket: TicketId,
        /// By which desk.
        desk: DeskId,
        /// Where to.
        to: ServiceId,
        /// Where it stands there.
        place: Place,
    },
    /// Given up by the customer.
    Left {
        /// Who.
        ticket: TicketId,
        /// Why.
        reason: LeaveReason,
    },
    /// The customer took back that they gave up the place.
    TakenBack {
        /// Who.
        ticket: TicketId,
        /// Where it stands now.
        place: Place,
    },
    /// The customer let others pass.
    Delayed {
        /// Who.
        ticket: TicketId,
        /// Where it stands now.
        place: Place,
        /// How many passed.
        passed: u32,
    },
    /// Something was given for a promise that was broken late.
    CourtesyGiven {
        /// To whom.
        ticket: TicketId,
        /// What.
        courtesy: Courtesy,
    },
    /// Staff took a voucher.
    CourtesyRedeemed {
        /// Whose.
        ticket: TicketId,
    },
    /// A desk opened, paused or closed.
    DeskChanged {
        /// Which.
        desk: DeskId,
        /// What it does now.
        phase: DeskPhase,
    },
    /// No numbers for a service.
    IssuingStopped {
        /// Which.
        service: ServiceId,
        /// Why, for the public.
        reason: String,
    },
    /// Numbers again.
    IssuingResumed {
        /// Which.
        service: ServiceId,
    },
    /// A desk's last command was taken back.
    Undone {
        /// Which desk's.
        desk: DeskId,
        /// Its first event.
        first: u64,
    },
    /// A service was added or changed.
    ServicePut {
        /// As it is now.
        service: Service,
    },
    /// A service was taken away.
    ServiceRemoved {
        /// Which.
        service: ServiceId,
    },
    /// A desk was added or changed.
    DeskPut {
        /// As it is now.
        desk: Desk,
    },
    /// A desk was taken away.
    DeskRemoved {
        /// Which.
        desk: DeskId,
    },
    /// The opening hours were set.
    HoursPut {
        /// As they are now.
        hours: Hours,
    },
    /// The rules were set.
    RulesPut {
        /// As they are now.
        rules: Rules,
    },
}

/// An event as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// Its place in the ledger, counting up by one from 1.
    pub seq: u64,
    /// The first event of the command it came from.
    pub first: u64,
    /// When.
    pub at: Moment,
    /// The desk whose command it came from, for undo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk: Option<DeskId>,
    /// What.
    pub event: Event,
}

impl Event {
    /// The ticket it is about, if it is about one.
    #[must_use]
    pub fn ticket(&self) -> Option<TicketId> {
        match self {
            Self::Issued { ticket, .. }
            | Self::Called { ticket, .. }
            | Self::Recalled { ticket, .. }
            | Self::Started { ticket, .. }
            | Self::Finished { ticket, .. }
            | Self::NoShow { ticket, .. }
            | Self::Requeued { ticket, .. }
            | Self::Expired { ticket }
            | Self::Parked { ticket, .. }
            | Self::Resumed { ticket, .. }
            | Self::Transferred { ticket, .. }
            | Self::Left { ticket, .. }
            | Self::TakenBack { ticket, .. }
            | Self::Delayed { ticket, .. }
            | Self::CourtesyGiven { ticket, .. }
            | Self::CourtesyRedeemed { ticket } => Some(*ticket),
            _ => None,
        }
    }

    /// Whether it changes more of the public view than a [`super::Frame`] of its ticket and the desks can say: then send
    /// [`super::Frame::whole`].
    #[must_use]
    pub fn changes_whole_view(&self) -> bool {
        matches!(
            self,
            Self::DayOpened { .. }
                | Self::DayClosed { .. }
                | Self::Undone { .. }
                | Self::ServicePut { .. }
                | Self::ServiceRemoved { .. }
                | Self::DeskPut { .. }
                | Self::DeskRemoved { .. }
                | Self::RulesPut { .. }
        )
    }
}
