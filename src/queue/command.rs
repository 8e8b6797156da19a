//! What can be asked of the branch.

use super::courtesy::VoucherCode;
use super::desk::Desk;
use super::hours::Hours;
use super::ids::{ClassId, DeskId, Lang, ServiceId, TicketId, TicketKey};
use super::rules::Rules;
use super::service::Service;
use super::ticket::{CallReason, LeaveReason, Origin, Outcome, Promise};

/// Who decided that a day opens or closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The opening hours.
    Rule,
    /// A person, who thereby vouches for the clock.
    Staff,
}

/// One thing asked of the branch. Everything drawn or measured outside comes with it, so the same commands at the same moments
/// always do the same.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Give a number.
    Issue {
        /// What for.
        service: ServiceId,
        /// The key drawn for it: 128 random bits.
        key: TicketKey,
        /// Its priority class, if staff or a priority button gave one.
        class: Option<ClassId>,
        /// Where it was asked for.
        origin: Origin,
        /// The range the estimator would promise, if it can.
        promise: Option<Promise>,
        /// The language its customer chose, if they did.
        language: Option<Lang>,
        /// Whether its paper is to be in large print.
        large: bool,
    },
    /// Invite the next ticket by the rule; what the desk has is finished with its default outcome.
    CallNext {
        /// The calling desk.
        desk: DeskId,
    },
    /// Invite a named ticket out of turn.
    Call {
        /// The calling desk.
        desk: DeskId,
        /// Whom.
        ticket: TicketId,
        /// Why.
        reason: CallReason,
    },
    /// Invite the same ticket again.
    Recall {
        /// The desk that called it.
        desk: DeskId,
    },
    /// The customer has come.
    Start {
        /// The desk that called.
        desk: DeskId,
    },
    /// The visit is over.
    Finish {
        /// The serving desk.
        desk: DeskId,
        /// What came of it; `None` is the desk's default.
        outcome: Option<Outcome>,
    },
    /// The called customer did not come.
    NoShow {
        /// The desk that called.
        desk: DeskId,
    },
    /// A no-show is here after all.
    Requeue {
        /// Which.
        ticket: TicketId,
        /// The desk that says so; `None`: the customer.
        desk: Option<DeskId>,
    },
    /// Set the desk's ticket aside.
    Park {
        /// The serving desk.
        desk: DeskId,
    },
    /// Go on with a parked ticket.
    Resume {
        /// The desk that goes on.
        desk: DeskId,
        /// Which.
        ticket: TicketId,
    },
    /// Move a ticket to another service: the one at the desk, or a waiting one by name.
    Transfer {
        /// The desk that says so.
        desk: DeskId,
        /// A waiting ticket; `None` is the desk's own.
        ticket: Option<TicketId>,
        /// Where to.
        to: ServiceId,
    },
    /// The customer gives up the place.
    Leave {
        /// Which.
        ticket: TicketId,
        /// Why.
        reason: LeaveReason,
    },
    /// The customer takes back that they gave up the place.
    TakeBack {
        /// Which.
        ticket: TicketId,
    },
    /// The customer lets others pass.
    Delay {
        /// Which.
        ticket: TicketId,
    },
    /// Begin or go on serving.
    OpenDesk {
        /// Which.
        desk: DeskId,
    },
    /// Call nobody for a while.
    PauseDesk {
        /// Which.
        desk: DeskId,
    },
    /// Nobody is there any more.
    CloseDesk {
        /// Which.
        desk: DeskId,
    },
    /// Give no numbers for a service.
    StopIssuing {
        /// Which.
        service: ServiceId,
        /// Why, for the public: at most 120 characters.
        reason: String,
    },
    /// Give numbers again.
    ResumeIssuing {
        /// Which.
        service: ServiceId,
    },
    /// Open the business day.
    OpenDay {
        /// Who says so.
        by: By,
    },
    /// Open a business day under the clock's date, which is before that of the last day: that one opened while the clock was
    /// wrong. Staff alone may ask, and thereby vouch for the clock.
    OpenEarlierDay,
    /// Give no more numbers today, serve those who wait.
    BeginClosing {
        /// Who says so.
        by: By,
    },
    /// Close the business day; whoever is left is ended.
    CloseDay {
        /// Who says so.
        by: By,
    },
    /// Take back the desk's last command.
    Undo {
        /// Which.
        desk: DeskId,
    },
    /// The time a no-show's place was kept is over. Asked by the branch itself.
    Expire {
        /// Which.
        ticket: TicketId,
    },
    /// A promise was broken late, and the rule gives something for it. Asked by the branch itself.
    GiveCourtesy {
        /// Whose promise.
        ticket: TicketId,
        /// The code drawn for a voucher: 40 random bits.
        code: VoucherCode,
    },
    /// Staff take a voucher.
    Redeem {
        /// The code on it.
        code: VoucherCode,
    },
    /// The wall clock moved against the monotonic one. Asked by the branch itself.
    NoteClock,
    /// Add or change a service.
    PutService(Service),
    /// Take a service away; nobody may wait for it.
    RemoveService(ServiceId),
    /// Add or change a desk.
    PutDesk(Desk),
    /// Take a desk away; it must be closed.
    RemoveDesk(DeskId),
    /// Set the opening hours.
    PutHours(Hours),
    /// Set the rules.
    PutRules(Rules),
}

impl Command {
    /// The desk that gives this command, for undo.
    #[must_use]
    pub fn desk(&self) -> Option<&DeskId> {
        match self {
            Self::CallNext { desk }
            | Self::Call { desk, .. }
            | Self::Recall { desk }
            | Self::Start { desk }
            | Self::Finish { desk, .. }
            | Self::NoShow { desk }
            | Self::Park { desk }
            | Self::Resume { desk, .. }
            | Self::Transfer { desk, .. }
            | Self::OpenDesk { desk }
            | Self::PauseDesk { desk }
            | Self::CloseDesk { desk }
            | Self::Undo { desk } => Some(desk),
            Self::Requeue { desk, .. } => desk.as_ref(),
            _ => None,
        }
    }
}
