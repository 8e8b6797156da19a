//! Why not: every refusal is typed and tells a person what to do next.

use chrono::{NaiveDate, NaiveDateTime};

use super::ids::{DeskId, Number, ServiceId};

/// A command that the rules do not allow now. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such service.
    #[error("There is no service {0}. {offer}", offer = offer(.1))]
    UnknownService(ServiceId, Vec<ServiceId>),
    /// No such desk.
    #[error("There is no desk {0}. Choose one of the desks of this branch.")]
    UnknownDesk(DeskId),
    /// No such ticket today.
    #[error("There is no such ticket today. Please take a new number.")]
    UnknownTicket,
    /// No such priority class.
    #[error("There is no priority class {0}. The manager's page lists those of this branch.")]
    UnknownClass(String),
    /// The clock has not been set since the machine started.
    #[error("The clock says {0}: it has not been set. Set it first, then open the day.")]
    ClockUnset(NaiveDate),
    /// No business day is open.
    #[error("We are closed. {}", reopening(.opens))]
    Closed {
        /// The next opening, if one is known.
        opens: Option<NaiveDateTime>,
    },
    /// The day is closing.
    #[error("We are closing and give no more numbers today. {}", reopening(.opens))]
    Closing {
        /// The next opening, if one is known.
        opens: Option<NaiveDateTime>,
    },
    /// The wait would end after closing.
    #[error(
        "We close at {}, and everyone who waits now fills the time until then. {}",
        .closes.format("%H:%M"),
        reopening(.opens)
    )]
    TooLate {
        /// When the branch closes.
        closes: NaiveDateTime,
        /// The next opening, if one is known.
        opens: Option<NaiveDateTime>,
    },
    /// Staff stopped this service.
    #[error("No numbers for {name} now: {reason}")]
    IssuingStopped {
        /// The service, in the customer's words.
        name: String,
        /// Why, for the public.
        reason: String,
    },
    /// As many wait as the branch allows.
    #[error("The line for {name} is full: {waiting} people are waiting. Please try again later or ask at the desk.")]
    LineFull {
        /// The service, in the customer's words.
        name: String,
        /// How many wait.
        waiting: u32,
    },
    /// The numbers of the day are used up.
    #[error("All numbers for {name} are given out today. Please ask at the desk.")]
    NumbersUsedUp {
        /// The service, in the customer's words.
        name: String,
    },
    /// The key drawn for a new ticket is in use.
    #[error("That could not be done just now. Please press again.")]
    KeyTaken,
    /// The desk is closed.
    #[error("{0} is closed. Open it first.")]
    DeskClosed(String),
    /// The desk pauses.
    #[error("{0} is paused. Open it again first.")]
    DeskPaused(String),
    /// The desk is so already.
    #[error("{0} is {1} already.")]
    DeskIsAlready(String, &'static str),
    /// The desk has somebody.
    #[error("{desk} still has {number}. Finish, park or transfer it first.")]
    DeskBusy {
        /// The desk's name.
        desk: String,
        /// Whom it has.
        number: Number,
    },
    /// The desk has nobody.
    #[error("{0} has nobody. Call the next customer first.")]
    DeskIdle(String),
    /// Nobody waits for this desk.
    #[error("Nobody is waiting for {0}.")]
    NobodyWaiting(String),
    /// The ticket's service has begun.
    #[error("{0} is being served already.")]
    AlreadyStarted(Number),
    /// The ticket is over.
    #[error("{0} is over. Please take a new number.")]
    TicketOver(Number),
    /// The ticket is not waiting in a line.
    #[error("{number} is not waiting: it is {now}.")]
    NotWaiting {
        /// Which.
        number: Number,
        /// What it is instead.
        now: &'static str,
    },
    /// The ticket is not parked.
    #[error("{number} is not parked: it is {now}.")]
    NotParked {
        /// Which.
        number: Number,
        /// What it is instead.
        now: &'static str,
    },
    /// The ticket was not missed.
    #[error("{number} has not been missed: it is {now}.")]
    NotMissed {
        /// Which.
        number: Number,
        /// What it is instead.
        now: &'static str,
    },
    /// The place was not given up.
    #[error("{0} has not been given up. There is nothing to take back.")]
    NotGivenUp(Number),
    /// The place was kept long enough.
    #[error("The place of {0} was kept as long as promised. Please take a new number.")]
    PlaceGone(Number),
    /// Came back often enough.
    #[error("{0} has come back before, and a place is kept only so often. Please take a new number or ask at the desk.")]
    RequeuedBefore(Number),
    /// Let others pass often enough.
    #[error("{number} has let others pass {times} times already. You can keep the place or give it up.")]
    DelayedEnough {
        /// Which.
        number: Number,
        /// How often.
        times: u32,
    },
    /// Nobody is behind.
    #[error("Nobody waits behind {0}, so there is nobody to let pass.")]
    NobodyBehind(Number),
    /// Being served, so it cannot leave by itself.
    #[error("{0} is at a desk now. Tell the desk.")]
    AtDesk(Number),
    /// Already in that line.
    #[error("{number} waits for {name} already.")]
    SameService {
        /// Which.
        number: Number,
        /// The service, in the customer's words.
        name: String,
    },
    /// Nothing to undo.
    #[error("There is nothing to undo at {0}.")]
    NothingToUndo(String),
    /// Too late to undo.
    #[error("Undo works for {seconds} seconds only. Call the ticket by its number instead.")]
    UndoTooLate {
        /// How long it works.
        seconds: u64,
    },
    /// The ticket has moved on.
    #[error("{0} has moved on since, so this cannot be undone.")]
    UndoOvertaken(Number),
    /// The service was stopped or goes on already.
    #[error("{name} {state} already.")]
    IssuingIsAlready {
        /// The service, in the customer's words.
        name: String,
        /// Which it is.
        state: &'static str,
    },
    /// A business day is open.
    #[error("The business day is open already.")]
    DayOpen,
    /// The last business day is not dated after the clock.
    #[error("The last business day is not dated after the clock. Open the day as usual.")]
    DateNotAhead,
    /// No business day is open.
    #[error("No business day is open. Open the day first.")]
    NoDay,
    /// The day is closing already.
    #[error("The business day is closing already.")]
    DayClosing,
    /// The clock cannot be believed.
    #[error("The clock moved by {hours} hours and is not known to be right. Check it, then open the day by hand.")]
    ClockDoubtful {
        /// By how much.
        hours: i64,
    },
    /// Somebody waits for the service that is to be taken away.
    #[error("{name} still has {open} open tickets. Stop giving numbers and let them end first.")]
    ServiceInUse {
        /// The service, in the customer's words.
        name: String,
        /// How many tickets are open.
        open: usize,
    },
    /// No voucher of today has this code.
    #[error("No voucher of today has this code. Please compare it letter by letter.")]
    UnknownVoucher,
    /// The voucher was taken before.
    #[error("This voucher was used at {} today.", .at.format("%H:%M"))]
    VoucherUsed {
        /// When, local time.
        at: NaiveDateTime,
    },
    /// A setting as typed makes no sense.
    #[error("{0}")]
    BadSetting(String),
    /// The branch's own housekeeping found nothing to do.
    #[error("There is nothing to do.")]
    NothingDue,
}

fn reopening(opens: &Option<NaiveDateTime>) -> String {
    opens.map_or_else(
        || "Please ask the staff when we open again.".into(),
        |at| format!("We open again on {}.", at.format("%A, %-d %B at %H:%M")),
    )
}

fn offer(services: &[ServiceId]) -> String {
    if services.is_empty() {
        return "This branch has no services yet.".into();
    }
    let names: Vec<&str> = services.iter().map(ServiceId::as_str).collect();
    format!("Choose one of {}.", names.join(", "))
}

impl Refusal {
    /// A stable name for programs: `line-full`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownService(..) => "unknown-service",
            Self::UnknownDesk(_) => "unknown-desk",
            Self::UnknownTicket => "unknown-ticket",
            Self::UnknownClass(_) => "unknown-class",
            Self::Closed { .. } => "closed",
            Self::Closing { .. } => "closing",
            Self::TooLate { .. } => "too-late",
            Self::IssuingStopped { .. } => "issuing-stopped",
            Self::LineFull { .. } => "line-full",
            Self::NumbersUsedUp { .. } => "numbers-used-up",
            Self::KeyTaken => "key-taken",
            Self::DeskClosed(_) => "desk-closed",
            Self::DeskPaused(_) => "desk-paused",
            Self::DeskIsAlready(..) => "desk-is-already",
            Self::DeskBusy { .. } => "desk-busy",
            Self::DeskIdle(_) => "desk-idle",
            Self::NobodyWaiting(_) => "nobody-waiting",
            Self::AlreadyStarted(_) => "already-started",
            Self::TicketOver(_) => "ticket-over",
            Self::NotWaiting { .. } => "not-waiting",
            Self::NotParked { .. } => "not-parked",
            Self::NotMissed { .. } => "not-missed",
            Self::NotGivenUp(_) => "not-given-up",
            Self::PlaceGone(_) => "place-gone",
            Self::RequeuedBefore(_) => "requeued-before",
            Self::DelayedEnough { .. } => "delayed-enough",
            Self::NobodyBehind(_) => "nobody-behind",
            Self::AtDesk(_) => "at-desk",
            Self::SameService { .. } => "same-service",
            Self::NothingToUndo(_) => "nothing-to-undo",
            Self::UndoTooLate { .. } => "undo-too-late",
            Self::UndoOvertaken(_) => "undo-overtaken",
            Self::IssuingIsAlready { .. } => "issuing-is-already",
            Self::DayOpen => "day-open",
            Self::DateNotAhead => "date-not-ahead",
            Self::ClockUnset(_) => "clock-unset",
            Self::NoDay => "no-day",
            Self::DayClosing => "day-closing",
            Self::ClockDoubtful { .. } => "clock-doubtful",
            Self::ServiceInUse { .. } => "service-in-use",
            Self::UnknownVoucher => "unknown-voucher",
            Self::VoucherUsed { .. } => "voucher-used",
            Self::BadSetting(_) => "bad-setting",
            Self::NothingDue => "nothing-due",
        }
    }
}
