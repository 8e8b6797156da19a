//! Past days as the planner takes them: plain data, whatever it was read from.

use chrono::NaiveDate;

use crate::queue::{ClassId, Desk, DeskId, LeaveReason, Service, ServiceId};

/// Milliseconds: a length, or a time of day since local midnight of the business day. May pass 24 hours.
pub type Ms = u64;

pub(super) const MINUTE: Ms = 60_000;
pub(super) const HOUR: Ms = 60 * MINUTE;

/// One visit of the past. Whatever a source does not know stays `None`: the planner then leaves it out of what it learns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastVisit {
    /// The service whose number was taken.
    pub service: ServiceId,
    /// The priority class.
    pub class: Option<ClassId>,
    /// When the number was taken.
    pub issued: Ms,
    /// The first call.
    pub called: Option<Ms>,
    /// When and why the place was given up, if that was before any call.
    pub left: Option<(Ms, LeaveReason)>,
    /// From call to start. `None` with a `desk_time`: nobody said when service began, and the walk is part of that.
    pub walk: Option<Ms>,
    /// How long desks were busy with it, all parts of the visit together; without the time it was set aside.
    pub desk_time: Option<Ms>,
    /// How long a desk waited in vain at a call that nobody followed.
    pub vain: Option<Ms>,
    /// How long after that the customer was back in the line.
    pub back: Option<Ms>,
    /// How long the desk took to call it, once the desk was free and the customer there.
    pub gap: Option<Ms>,
}

impl PastVisit {
    /// A visit of which nothing is known but its number.
    #[must_use]
    pub fn new(service: ServiceId, issued: Ms) -> Self {
        Self {
            service,
            class: None,
            issued,
            called: None,
            left: None,
            walk: None,
            desk_time: None,
            vain: None,
            back: None,
            gap: None,
        }
    }
}

/// A time in which a desk calls: open, not paused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSpan {
    /// Which desk.
    pub desk: DeskId,
    /// From.
    pub from: Ms,
    /// To; later than `from`.
    pub to: Ms,
}

/// One business day of the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastDay {
    /// Its name.
    pub date: NaiveDate,
    /// Everybody who took a number, in that order.
    pub visits: Vec<PastVisit>,
    /// When desks called. Empty: not known.
    pub desks: Vec<OpenSpan>,
}

/// What is known of the past.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// Closed business days, oldest first.
    pub days: Vec<PastDay>,
    /// Days left out because their clock jumped: nobody can say at what time of day somebody came.
    pub doubtful: u32,
    /// Services of those days, as they were last; the branch may have taken some away since.
    pub services: Vec<Service>,
    /// The same for desks.
    pub desks: Vec<Desk>,
}
