//! Random clocks: small and large steps, a wall clock that jumps, daylight saving, reboots, trust that comes and goes.

use nowserving::queue::{BootId, Moment};
use proptest::prelude::*;

pub(crate) const SECOND: i64 = 1000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// Friday, 27 March 2026, 08:00 UTC: two days before European clocks change.
pub(crate) const START_MS: i64 = 1_774_598_400_000;

/// One thing that happens to the clocks.
#[derive(Clone, Debug)]
pub(crate) enum Tick {
    /// Both clocks run on, milliseconds.
    Pass(i64),
    /// The wall clock is set, relative to what it said.
    Jump(i64),
    /// Local time is ahead of UTC by this from now on, hours.
    Offset(i32),
    /// Off for so long; the wall clock then stands where `wall` says.
    Reboot { off: i64, wall: AfterBoot, trusted: bool },
    /// Whether the wall clock is known to be right.
    Trust(bool),
    /// The network came: the wall clock tells the truth, and that is known.
    Truth,
}

/// What the wall clock says after a boot.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AfterBoot {
    /// What it should: it went on while the power was off.
    RanOn,
    /// Where it was when the power went.
    Stopped,
    /// 1970.
    Epoch,
}

/// The machine's clocks, and the time it really is.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    pub(crate) now: Moment,
    true_ms: i64,
}

impl Clock {
    pub(crate) fn new() -> Self {
        let now = Moment { wall_ms: START_MS, offset_s: 3600, mono_ms: 5000, boot: BootId(1), trusted: true };
        Self { now, true_ms: START_MS }
    }

    /// How long it really was since `earlier`, milliseconds.
    pub(crate) fn true_since(&self, earlier: &Self) -> u64 {
        self.true_ms.abs_diff(earlier.true_ms)
    }

    pub(crate) fn tick(&mut self, tick: &Tick) {
        let now = &mut self.now;
        match tick {
            Tick::Pass(ms) => {
                now.wall_ms += ms;
                now.mono_ms += ms.unsigned_abs();
                self.true_ms += ms;
            }
            Tick::Jump(ms) => now.wall_ms += ms,
            Tick::Offset(hours) => now.offset_s = hours * 3600,
            Tick::Reboot { off, wall, trusted } => {
                now.boot = BootId(now.boot.0 + 1);
                now.mono_ms = 4000;
                self.true_ms += off;
                now.wall_ms = match wall {
                    AfterBoot::RanOn => now.wall_ms + off,
                    AfterBoot::Stopped => now.wall_ms,
                    AfterBoot::Epoch => 4000,
                };
                now.trusted = *trusted;
            }
            Tick::Trust(trusted) => now.trusted = *trusted,
            Tick::Truth => {
                now.wall_ms = self.true_ms;
                now.trusted = true;
            }
        }
    }
}

/// How long a step takes: mostly what a desk takes, sometimes nothing at all.
pub(crate) fn passing() -> impl Strategy<Value = i64> {
    prop_oneof![
        2 => Just(0),
        6 => 1..=2 * SECOND,
        6 => 2 * SECOND..=40 * SECOND,
        3 => MINUTE..=12 * MINUTE,
    ]
}

/// What happens to the clocks now and then.
pub(crate) fn tick() -> impl Strategy<Value = Tick> {
    let wall = prop_oneof![3 => Just(AfterBoot::RanOn), 2 => Just(AfterBoot::Stopped), 1 => Just(AfterBoot::Epoch)];
    prop_oneof![
        6 => (HOUR..=5 * HOUR).prop_map(Tick::Pass),
        4 => (10 * HOUR..=30 * HOUR).prop_map(Tick::Pass),
        1 => (DAY..=9 * DAY).prop_map(Tick::Pass),
        2 => (-3 * HOUR..=3 * HOUR).prop_map(Tick::Jump),
        2 => (-60 * DAY..=60 * DAY).prop_map(Tick::Jump),
        1 => prop_oneof![Just(-400 * DAY), Just(400 * DAY)].prop_map(Tick::Jump),
        2 => prop_oneof![Just(1), Just(2), Just(-8), Just(13)].prop_map(Tick::Offset),
        2 => (SECOND..=20 * HOUR, wall, any::<bool>())
            .prop_map(|(off, wall, trusted)| Tick::Reboot { off, wall, trusted }),
        2 => any::<bool>().prop_map(Tick::Trust),
        10 => Just(Tick::Truth),
    ]
}
