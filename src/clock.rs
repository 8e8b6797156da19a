//! The only place that reads a clock.
//!
//! A [`Clock`] gives wall time, monotonic time, the boot they belong to, and whether the wall clock is known to be right. Tests,
//! the demo and the simulator use a clock that stands still until it is told to move.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use chrono::{Local, Offset, TimeZone};
use rustix::time::{ClockId, clock_gettime};

use crate::queue::{BootId, Moment};

/// What says that the time was set from the network: systemd-timesyncd's own sign.
const SYNCHRONIZED: &str = "/run/systemd/timesync/synchronized";

/// A source of time.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clocks.
    System {
        /// Whether the wall clock is right without a network: the machine has a battery clock, or staff vouch for it.
        vouched: bool,
    },
    /// A clock that stands still until it is moved.
    Manual(Arc<Mutex<Moment>>),
}

impl Clock {
    /// A clock that starts at `moment` and moves only by [`Clock::advance`] and [`Clock::set`].
    #[must_use]
    pub fn manual(moment: Moment) -> Self {
        Self::Manual(Arc::new(Mutex::new(moment)))
    }

    /// The name of this boot: the kernel's, or `manual`.
    #[must_use]
    pub fn boot_name(&self) -> String {
        match self {
            Self::System { .. } => std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
                .map_or_else(|_| "unknown".into(), |name| name.trim().to_owned()),
            Self::Manual(moment) => format!("manual-{}", lock(moment).boot.0),
        }
    }

    /// Now, as an event of the boot that the ledger numbers `boot`.
    #[must_use]
    pub fn now(&self, boot: BootId) -> Moment {
        match self {
            Self::System { vouched } => system(boot, *vouched || Path::new(SYNCHRONIZED).exists()),
            Self::Manual(moment) => Moment { boot, ..*lock(moment) },
        }
    }

    /// Moves a manual clock forward; the machine's clocks move by themselves.
    pub fn advance(&self, ms: u64) {
        if let Self::Manual(moment) = self {
            let mut moment = lock(moment);
            moment.mono_ms += ms;
            moment.wall_ms += i64::try_from(ms).unwrap_or(i64::MAX);
        }
    }

    /// Sets a manual clock.
    pub fn set(&self, to: Moment) {
        if let Self::Manual(moment) = self {
            *lock(moment) = to;
        }
    }
}

fn lock(moment: &Mutex<Moment>) -> std::sync::MutexGuard<'_, Moment> {
    moment.lock().unwrap_or_else(PoisonError::into_inner)
}

fn system(boot: BootId, trusted: bool) -> Moment {
    let wall = clock_gettime(ClockId::Realtime);
    let mono = clock_gettime(ClockId::Boottime);
    let wall_ms = wall.tv_sec * 1000 + wall.tv_nsec / 1_000_000;
    let utc = chrono::DateTime::from_timestamp_millis(wall_ms).unwrap_or_default().naive_utc();
    Moment {
        wall_ms,
        offset_s: Local.offset_from_utc_datetime(&utc).fix().local_minus_utc(),
        mono_ms: u64::try_from(mono.tv_sec * 1000 + mono.tv_nsec / 1_000_000).unwrap_or(0),
        boot,
        trusted,
    }
}

/// The kernel's monotonic clock, by which it times what devices do. Not the clock of moments, which goes on while a machine sleeps.
#[must_use]
pub fn monotonic() -> std::time::Duration {
    let now = clock_gettime(ClockId::Monotonic);
    std::time::Duration::new(u64::try_from(now.tv_sec).unwrap_or(0), u32::try_from(now.tv_nsec).unwrap_or(0))
}

/// A point on the process's own stopwatch, for time-outs and lock-outs that no ledger needs.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is clock.rs")]
pub fn stopwatch() -> Instant {
    Instant::now()
}
