//! When something happened, by two clocks.
//!
//! A Raspberry Pi has no battery clock: its wall clock may start in 1970, jump years when the network comes, and go back an
//! hour in October. Waits are therefore measured on the monotonic clock, which only runs forward but starts again with every
//! boot. A [`Moment`] carries both, and says whether the wall clock could be believed.

use chrono::{DateTime, Duration, FixedOffset, NaiveDateTime};
use serde::{Deserialize, Serialize};

/// One boot of the machine, numbered by the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BootId(pub u32);

/// A point in time as the machine knew it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// Wall time, milliseconds since 1970-01-01 UTC. May jump.
    pub wall_ms: i64,
    /// What local time is ahead of UTC, seconds.
    pub offset_s: i32,
    /// Milliseconds since the machine started. Never jumps within a boot.
    pub mono_ms: u64,
    /// Which boot `mono_ms` counts from.
    pub boot: BootId,
    /// Whether the wall clock was known to be right (set from the network or a battery clock).
    pub trusted: bool,
}

impl Moment {
    /// Milliseconds from `self` to `later`: by the monotonic clock within one boot; across boots by the wall clock, if it was
    /// trusted at both ends and did not run backwards; otherwise unknown. Never negative.
    #[must_use]
    pub fn until(&self, later: &Moment) -> Option<u64> {
        if self.boot == later.boot {
            return Some(later.mono_ms.saturating_sub(self.mono_ms));
        }
        if self.trusted && later.trusted {
            return u64::try_from(later.wall_ms.checked_sub(self.wall_ms)?).ok();
        }
        None
    }

    /// Local wall time. Out-of-range times read as 1970.
    #[must_use]
    pub fn local(&self) -> NaiveDateTime {
        let offset = Duration::seconds(i64::from(self.offset_s));
        let utc = DateTime::from_timestamp_millis(self.wall_ms).unwrap_or_default().naive_utc();
        utc.checked_add_signed(offset).unwrap_or(utc)
    }

    /// Wall time with its offset, for interfaces.
    #[must_use]
    pub fn date_time(&self) -> DateTime<FixedOffset> {
        let utc = DateTime::from_timestamp_millis(self.wall_ms).unwrap_or_default();
        FixedOffset::east_opt(self.offset_s).map_or_else(|| utc.fixed_offset(), |offset| utc.with_timezone(&offset))
    }

    /// How far the wall clock moved against the monotonic clock since `earlier`, milliseconds, forward positive. Across boots
    /// the monotonic clock knows only of the time since the later boot; the rest of the wall distance counts.
    #[must_use]
    pub fn jump_since(&self, earlier: &Moment) -> i64 {
        let wall = self.wall_ms.saturating_sub(earlier.wall_ms);
        let before = if self.boot == earlier.boot { earlier.mono_ms } else { 0 };
        let mono = self.mono_ms.saturating_sub(before);
        wall.saturating_sub(i64::try_from(mono).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(wall_ms: i64, mono_ms: u64, boot: u32, trusted: bool) -> Moment {
        Moment { wall_ms, offset_s: 3600, mono_ms, boot: BootId(boot), trusted }
    }

    #[test]
    fn a_wait_ignores_a_jumping_wall_clock() {
        let issued = moment(1_000_000, 5_000, 1, true);
        assert_eq!(issued.until(&moment(-9_000_000, 65_000, 1, true)), Some(60_000));
        assert_eq!(issued.until(&moment(31_536_000_000, 65_000, 1, false)), Some(60_000));
        assert_eq!(issued.until(&moment(1_000_000, 4_000, 1, true)), Some(0));
    }

    #[test]
    fn a_wait_across_a_boot_needs_a_trusted_clock_at_both_ends() {
        let issued = moment(1_000_000, 5_000, 1, true);
        assert_eq!(issued.until(&moment(1_060_000, 10, 2, true)), Some(60_000));
        assert_eq!(issued.until(&moment(1_060_000, 10, 2, false)), None);
        assert_eq!(moment(1_000_000, 5, 1, false).until(&moment(1_060_000, 10, 2, true)), None);
        assert_eq!(issued.until(&moment(999_999, 10, 2, true)), None);
    }

    #[test]
    fn time_since_a_boot_is_no_jump() {
        let last = moment(1_000_000, 5_000, 1, true);
        assert_eq!(moment(1_000_000 + 60_000 + 86_400_000, 86_400_000, 2, false).jump_since(&last), 60_000);
        assert_eq!(moment(1_000_000 + 86_400_000, 5_000 + 86_400_000, 1, false).jump_since(&last), 0);
        assert_eq!(moment(i64::MIN, 0, 2, false).jump_since(&last), i64::MIN);
    }
}
