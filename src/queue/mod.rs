//! The line: all lines of a branch, who is next, and why.
//!
//! Pure and deterministic. There is no clock, no randomness, no disk and no task here: time and drawn keys come in with each
//! call, so the same core serves the branch, the simulator, the estimator and the tests.
//!
//! [`Queue::decide`] holds every rule and changes nothing; [`Queue::apply`] changes the state and holds no rule. What lies
//! between them, the [`Event`], is what the ledger keeps. `decide` answers a [`Command`] with events or with a [`Refusal`] that
//! tells a person what to do next.
//!
//! Three things are worth knowing before reading on:
//! - **Places.** A line is ordered by [`Place`]. The rule of `order.rs` chooses among the heads of lines; nothing is ever
//!   renumbered, so each command costs the same whether ten or ten thousand wait.
//! - **The business day** is a state of the queue (`day.rs`), opened and closed by events. The wall clock proposes; it never
//!   resets anything by itself.
//! - **Undo** restores what `apply` remembered of the tickets a desk's last command touched, unless one has moved on since.

mod apply;
mod command;
mod courtesy;
mod day;
mod decide;
mod desk;
mod emphasis;
mod event;
mod hours;
mod ids;
mod moment;
mod order;
mod refusal;
mod rules;
mod service;
mod settings;
mod state;
mod ticket;
mod verify;
mod view;
mod why;

pub use command::{By, Command};
pub use courtesy::{BadCode, Courtesy, CourtesyRule, Give, GivenCourtesy, VoucherCode};
pub use desk::{Desk, DeskPhase, DeskState, Profile, Turn, UndoRecord};
pub use emphasis::{EMPHASIS_MS, EMPHASIS_WAITING, Emphasis};
pub use event::{CalledBy, EVENT_VERSION, Event, Recorded};
pub use hours::{Hours, OpenState, Span};
pub use ids::{BadKey, ClassId, DeskId, Lang, Number, ServiceId, TicketId, TicketKey};
pub use moment::{BootId, Moment};
pub use order::{Heads, Standing, choose};
pub use refusal::Refusal;
pub use rules::Rules;
pub use service::{Service, ServiceState};
pub use state::{CallRecord, Day, Jump, Queue};
pub use ticket::{
    CallReason, End, FEW_MIN, Forecast, Inputs, LeaveReason, Origin, Outcome, Phase, Place, Promise, PromiseVoid, Ticket,
};
pub use view::{
    CallRow, CourtesyRow, DeskRow, DevicesRow, Frame, LineRow, NoticeRow, OpenRow, Paper, PromiseRow, ServiceRow, View,
    WaitRow,
};
pub use why::Why;
