//! Moves the demo's clock from one action to the next, at the pace that was asked for.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use chrono::{NaiveDateTime, NaiveTime};

use super::{Ms, ScenarioOptions, millis, moment};
use crate::clock::{Clock, stopwatch};

/// How fast simulated time goes by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// So many times faster than real time.
    Times(f64),
    /// Without waiting.
    AsFastAsPossible,
}

/// The longest the shown clock stands still while time is paced: real time, and simulated seconds.
const STRIDE: Duration = Duration::from_millis(250);
const STRIDE_S: f64 = 10.0;
/// Whoever lags by more than this (a machine that slept) goes on from now instead of rushing to catch up.
const HOPELESS: Duration = Duration::from_secs(3);

/// The demo's clock and how it is moved.
#[derive(Debug)]
pub(super) struct Walker {
    clock: Clock,
    pace: Pace,
    midnight: NaiveDateTime,
    now: Ms,
    /// Until this time of the day there is no waiting.
    paced_from: Ms,
    /// A real point in time and the simulated one that belongs to it.
    anchor: Option<(Instant, Ms)>,
    /// How far the wall clock is behind the truth, and then nobody vouches for it.
    slow: Option<Ms>,
}

impl Walker {
    pub(super) fn new(clock: Clock, pace: Pace) -> Self {
        Self { clock, pace, midnight: NaiveDateTime::default(), now: 0, paced_from: 0, anchor: None, slow: None }
    }

    /// Jumps over the night to shortly before the opening of a day.
    pub(super) fn new_day(&mut self, options: &ScenarioOptions, paced_from: Ms) {
        self.midnight = options.date.and_time(NaiveTime::MIN);
        self.paced_from = paced_from;
        self.anchor = None;
        self.slow = None;
        self.set(super::begins(options));
    }

    /// Since midnight.
    pub(super) fn now(&self) -> Ms {
        self.now
    }

    /// Lets the wall clock be wrong by so much, or right again.
    pub(super) fn set_slow(&mut self, slow: Option<Ms>) {
        self.slow = slow;
        self.set(self.now);
    }

    fn set(&mut self, now: Ms) {
        self.now = now;
        let mut moment = moment(self.midnight + millis(now));
        if let Some(slow) = self.slow {
            moment.wall_ms -= i64::try_from(slow).unwrap_or(0);
            moment.trusted = false;
        }
        self.clock.set(moment);
    }

    /// Waits until `to` by the pace and sets the clock to exactly that. Says whether `stop` came first.
    pub(super) async fn go_to(&mut self, to: Ms, mut stop: Pin<&mut (impl Future<Output = ()> + Send)>) -> bool {
        let to = to.max(self.now);
        while let Some(left) = self.left(to) {
            let stopped = tokio::select! {
                biased;
                () = stop.as_mut() => true,
                () = tokio::time::sleep(left) => false,
            };
            if stopped {
                return true;
            }
            self.show(to);
        }
        self.set(to);
        // a stop is heard even where nothing is waited for
        tokio::select! {
            biased;
            () = stop.as_mut() => true,
            () = std::future::ready(()) => false,
        }
    }

    /// How long to wait for `to` or until the shown clock moves, real time. `None`: no longer.
    fn left(&mut self, to: Ms) -> Option<Duration> {
        let Pace::Times(times) = self.pace else { return None };
        if to <= self.paced_from {
            return None;
        }
        let (start, from) = *self.anchor.get_or_insert_with(|| (stopwatch(), self.now));
        let due = Duration::from_secs_f64(to.saturating_sub(from) as f64 / 1000.0 / times);
        let elapsed = start.elapsed();
        if elapsed > due + HOPELESS {
            self.anchor = None;
        }
        let stride = STRIDE.min(Duration::from_secs_f64(STRIDE_S / times));
        due.checked_sub(elapsed).filter(|left| !left.is_zero()).map(|left| left.min(stride))
    }

    /// Shows the time in between: nothing falls due there.
    fn show(&mut self, to: Ms) {
        let Some(((start, from), Pace::Times(times))) = self.anchor.map(|anchor| (anchor, self.pace)) else { return };
        let gone = (start.elapsed().as_secs_f64() * 1000.0 * times) as Ms;
        let now = (from + gone).min(to.saturating_sub(1));
        if now > self.now {
            self.set(now);
        }
    }
}
