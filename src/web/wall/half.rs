//! Half-hours in which no questions are answered on the boards, drawn by lot: what answers do is measured against them.

use chrono::{NaiveDateTime, NaiveTime, Timelike};

use crate::signage::experiment::answers_on;

/// What the lots are drawn from: the same in every branch, so that the same day draws the same on every board and after a restart.
const SEED: u64 = 6;

/// The half-hour that a local time is in: its beginning, and whether answers are shown in it.
pub(super) fn of(local: NaiveDateTime) -> (NaiveDateTime, bool) {
    let index = local.hour() * 2 + local.minute() / 30;
    let begin = NaiveTime::from_hms_opt(index / 2, index % 2 * 30, 0).unwrap_or_default();
    (local.date().and_time(begin), answers_on(SEED, local.date(), index))
}

/// Spreads a number over all 64 bits (splitmix64, Steele et al. 2014).
pub(super) fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_half_hour_is_drawn_once_and_half_of_them_are_off() {
        let start = NaiveDateTime::parse_from_str("2026-11-24 00:00", "%Y-%m-%d %H:%M").unwrap();
        let mut off = 0;
        for half in 0..48 * 30 {
            let begin = start + chrono::TimeDelta::minutes(30 * half);
            let (first, shown) = of(begin);
            assert_eq!(first, begin);
            assert_eq!(of(begin + chrono::TimeDelta::seconds(1799)), (begin, shown));
            off += u32::from(!shown);
        }
        assert_eq!(off, 720, "of each hour one half");
    }
}
