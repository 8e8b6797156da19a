//! How many desks, when: past days played again under other schedules.
//!
//! Pure and deterministic: no clock, no disk, no chance that was not seeded. In three steps:
//!
//! 1. **Learn** (`learn.rs`, `model.rs`, `patience.rs`) from past days who comes when and what for, how long visits take, who
//!    does not follow a call, and how patient people are, although most of them are called before they give up.
//! 2. **Play** (`play.rs`) each day with each schedule through the real core: [`crate::queue::Queue`] decides every call. So
//!    what a plan says follows the branch's published rule, and a change of the rule changes the plan.
//! 3. **Say** (`compare.rs`, `figures.rs`, `suggest.rs`, `notes.rs`) what came of it, with the interval in which each figure
//!    would lie nine times in ten, and what to know before trusting it; as a table (`text.rs`) and a picture (`picture.rs`).
//!
//! Every schedule meets the same customers. Where there are at least four past days they are replayed as they were, because
//! real arrivals have bursts, dull hours and rainy days that no model of ours has; where there are fewer, people are drawn from
//! their smoothed profile, because replaying two days would take two days' chance for the rule.
//!
//! What is held against a textbook: with one service, exponential times and nobody who leaves, the play must agree with Erlang
//! C (tests in `erlang.rs`). What is held against the branch itself: the days as they were, simulated with the desks that were
//! open, beside what really happened; every report carries that check.

mod compare;
mod figures;
mod history;
mod learn;
mod model;
mod notes;
mod patience;
mod picture;
mod play;
mod question;
mod report;
mod schedule;
mod stage;
mod suggest;
mod text;

#[cfg(test)]
mod erlang;
#[cfg(test)]
mod tests;

pub use compare::{LONG_WAIT, plan};
pub use figures::Figure;
pub use history::{History, Ms, OpenSpan, PastDay, PastVisit};
pub use learn::Recorder;
pub use model::{Arrival, Curves, Customer, Model, ServiceTime, Source};
pub use notes::days_line;
pub use patience::{Patience, Waited};
pub use picture::Frame;
pub use play::{BranchRule, Fate, Played, Visit, play};
pub use question::{Arrivals, BadDay, DayChoice, MOST_WEEKS, NoPlan, Question, usual_desks};
pub use report::{Check, HourReport, Report, ScheduleReport, ServiceNote, Suggestion, Trust};
pub use schedule::{BadSchedule, Schedule};
pub use text::short;
