//! The branch's clock, as a screen knows it.

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeDelta};

use crate::queue::Moment;

/// Shows the hub's time between the moments it is asked for it. A screen's own clock may be unset or in another time zone, and a
/// demo's day runs faster than any clock.
#[derive(Clone, Debug)]
pub struct HubClock {
    /// The hub's time, and the own stopwatch when it was heard.
    heard: Option<(DateTime<FixedOffset>, u64)>,
    /// How fast the hub's clock ran between the last two answers.
    measured: f64,
    /// How fast it is taken to run.
    rate: f64,
}

impl Default for HubClock {
    fn default() -> Self {
        Self { heard: None, measured: 1.0, rate: 1.0 }
    }
}

impl HubClock {
    /// Takes in the hub's time, heard at `mono_ms` of the own stopwatch.
    pub fn hear(&mut self, now: DateTime<FixedOffset>, mono_ms: u64) {
        if let Some((before, at)) = self.heard
            && mono_ms > at
        {
            let measured = (now - before).num_milliseconds() as f64 / (mono_ms - at) as f64;
            // a clock that was set once looks fast only once
            let twice = (measured / self.measured - 1.0).abs() < 0.2;
            self.rate = if twice && measured > 1.5 { measured } else { 1.0 };
            self.measured = measured;
        }
        self.heard = Some((now, mono_ms));
    }

    /// The branch's local time at a moment of this machine; the machine's own until the hub was heard.
    #[must_use]
    pub fn local(&self, at: &Moment) -> NaiveDateTime {
        let Some((now, heard)) = self.heard else { return at.local() };
        let passed = at.mono_ms.saturating_sub(heard) as f64 * self.rate;
        // a screen that heard nothing for a century may show the last it heard
        now.naive_local().checked_add_signed(TimeDelta::milliseconds(passed as i64)).unwrap_or_else(|| now.naive_local())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queue::BootId;

    fn at(mono_ms: u64) -> Moment {
        Moment { wall_ms: 0, offset_s: 0, mono_ms, boot: BootId(0), trusted: true }
    }

    fn heard(clock: &mut HubClock, time: &str, mono_ms: u64) {
        clock.hear(DateTime::parse_from_rfc3339(&format!("2026-05-16T{time}+03:00")).unwrap(), mono_ms);
    }

    fn shown(clock: &HubClock, mono_ms: u64) -> String {
        clock.local(&at(mono_ms)).format("%H:%M:%S").to_string()
    }

    #[test]
    fn the_hubs_time_counts_and_goes_on_between_answers() {
        let mut clock = HubClock::default();
        assert_eq!(shown(&clock, 5_000), "00:00:00");
        heard(&mut clock, "10:00:00", 5_000);
        assert_eq!(shown(&clock, 65_000), "10:01:00");
    }

    #[test]
    fn a_demo_runs_fast_and_a_clock_that_was_set_does_not() {
        let mut clock = HubClock::default();
        heard(&mut clock, "10:00:00", 0);
        heard(&mut clock, "10:10:00", 10_000);
        assert_eq!(shown(&clock, 20_000), "10:10:10");
        heard(&mut clock, "10:20:00", 20_000);
        assert_eq!(shown(&clock, 21_000), "10:21:00");
        heard(&mut clock, "10:20:10", 30_000);
        assert_eq!(shown(&clock, 31_000), "10:20:11");
    }
}
