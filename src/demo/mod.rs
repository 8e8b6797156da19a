//! A simulated day: customers, clerks and a manager who use the branch as people do, so that it can be seen alive in a minute
//! and so that soak tests have a load.
//!
//! A [`Scenario`] is drawn from a seed: who comes when and what for, how patient they are, whether they come when called, when
//! desks open, pause and close. It is pure. [`drive`] plays it: it moves a manual [`Clock`] from one action to the next and
//! sends every action through [`Branch::ask`], as phones, buttons and desks do. Nothing is drawn from anywhere else, and real
//! time decides only when an action is sent, never which: the same seed gives the same ledger, event for event, at any speed.
//!
//! That holds because the clock stops at each moment when something falls due by rule (opening, closing, the end of a kept
//! place), and the branch is asked to come round before and after each action. What the clock shows between two stops changes
//! nothing. Whoever joins in, on the desk page or with a number of their own, is served like anybody else; the day is then
//! theirs too and no longer the seed's alone.

mod args;
mod clerk;
mod customer;
mod driver;
mod scenario;
mod summary;
mod walker;

use std::future::Future;
use std::path::Path;
use std::pin::pin;

use chrono::NaiveDateTime;

pub use args::{DemoArgs, Plan};
pub use customer::{Comes, Customer, Ending, Kind, Wish};
pub use scenario::{Deed, DeskPlan, Duty, Scenario, ScenarioOptions};
pub use summary::Summary;
pub use walker::Pace;

use crate::branch::{Ask, Branch, Failure, Seed};
use crate::clock::Clock;
use crate::ledger::{self, Fault};
use crate::queue::{BootId, By, Command, CourtesyRule, Give, Hours, Moment, Rules, Span};
use driver::Driver;
use walker::Walker;

/// Milliseconds; of a time of day, since local midnight.
pub type Ms = u64;

pub(crate) const SECOND: Ms = 1000;
pub(crate) const MINUTE: Ms = 60 * SECOND;

/// How long before opening a day's play begins.
const LEAD: Ms = 6 * MINUTE;
/// What the demo's local time is ahead of UTC, seconds: fixed, so that a day is the same on every machine.
const OFFSET_S: i32 = 3600;
/// Where the demo's monotonic clock begins, milliseconds of wall time: 2020-01-01.
const MACHINE_STARTED_MS: i64 = 1_577_836_800_000;

/// The store the demo plays in: the example store with opening hours, so that closing time shows.
#[must_use]
pub fn store(options: &ScenarioOptions) -> Seed {
    let span = Span { open: options.open, close: options.close };
    let hours = Hours { week: std::array::from_fn(|_| vec![span]), ..Hours::default() };
    let courtesy =
        CourtesyRule { give: Give::Voucher, text: "Please have a coffee on us.".into(), ..CourtesyRule::default() };
    Seed { hours: Some(hours), rules: Some(Rules { courtesy, ..Rules::default() }), ..Seed::example() }
}

/// The clock to open the demo's branch with: it stands at the evening before the first day, or where the ledger at `ledger`
/// ended, if that is later.
///
/// # Errors
/// A [`Fault`] if there is a file that cannot be read as a ledger.
pub fn clock(ledger: &Path, options: &ScenarioOptions) -> Result<Clock, Fault> {
    let eve = options.date.pred_opt().unwrap_or(options.date);
    let mut start = moment(eve.and_time(options.close) + millis(MINUTE));
    let newest = if ledger.exists() { ledger::newest_moment(ledger)? } else { None };
    if let Some(newest) = newest.filter(|newest| newest.wall_ms > start.wall_ms) {
        start = moment(newest.local());
    }
    Ok(Clock::manual(start))
}

/// A simulated local time by both clocks, which run together.
pub(crate) fn moment(local: NaiveDateTime) -> Moment {
    let wall_ms = local.and_utc().timestamp_millis() - i64::from(OFFSET_S) * 1000;
    let mono_ms = u64::try_from(wall_ms - MACHINE_STARTED_MS).unwrap_or(0);
    Moment { wall_ms, offset_s: OFFSET_S, mono_ms, boot: BootId(1), trusted: true }
}

pub(crate) fn millis(ms: Ms) -> chrono::Duration {
    chrono::Duration::milliseconds(i64::try_from(ms).unwrap_or(i64::MAX / 4))
}

/// When a day's play begins, since midnight.
fn begins(options: &ScenarioOptions) -> Ms {
    options.opens().saturating_sub(LEAD)
}

/// Plays `plan` on a branch whose clock is `clock`, until its days are over or `stop` is ready, and says how it went.
///
/// The branch should have been opened with [`clock()`] and seeded with [`store`]. In a ledger that holds days
/// already, play begins on the day after its newest.
///
/// # Errors
/// A [`Failure`] if the ledger faults or the branch stops. A refusal is none: it is counted in the [`Summary`].
pub async fn drive(
    branch: &Branch,
    clock: &Clock,
    plan: &Plan,
    stop: impl Future<Output = ()> + Send,
) -> Result<Summary, Failure> {
    let mut stop = pin!(stop);
    let mut summary = Summary::default();
    let mut options = plan.options.clone();
    let mut walker = Walker::new(clock.clone(), plan.pace);
    let newest = branch.live().queue.day().map(|day| day.date);
    if let Some(newest) = newest.filter(|newest| *newest >= options.date) {
        options.date = newest.succ_opt().unwrap_or(newest);
    }
    walker.new_day(&options, 0);
    end_old_day(branch).await?;
    let mut day = 0;
    while plan.days.is_none_or(|days| day < days) {
        let from = if day == 0 { plan.from } else { None };
        walker.new_day(&options, from.map_or(0, scenario::since_midnight));
        let scenario = Scenario::new(plan.seed, &options);
        let mut driver = Driver::new(branch, scenario, &plan.without_desks, &mut summary);
        let stopped = driver.play(&mut walker, stop.as_mut()).await?;
        summary.count_day(&branch.live().queue);
        if stopped {
            break;
        }
        options.date = options.date.succ_opt().unwrap_or(options.date);
        day += 1;
    }
    Ok(summary)
}

/// Ends what an earlier run, stopped in the middle of a day, has left.
async fn end_old_day(branch: &Branch) -> Result<(), Failure> {
    // the rules may do it by themselves
    if branch.ping().await && branch.live().queue.open_day().is_some() {
        let command = Command::CloseDay { by: By::Staff };
        branch.ask(Ask { command, actor: scenario::MANAGER.into(), request: None }).await?;
    }
    Ok(())
}
