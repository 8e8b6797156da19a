//! What do answers do? They are on in one half-hour and off in another, by the drawing of lots, and what follows is compared.
//!
//! The two halves of each clock hour are a pair, and the lot says which of them has the answers. So each hour, and with it each
//! day, has as much on as off, and the rush at noon cannot be taken for an effect: a half-hour is compared with its neighbour.
//! A ticket counts where it was issued. Whoever came with answers off may still see them after the half-hour; that makes the
//! measured effect smaller than the true one, never larger.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::figures::{Figure, Interval, mean_difference, student};

/// Fewer pairs of half-hours than this say nothing: six weekdays from ten to four are 36.
pub const LEAST_PAIRS: usize = 24;
/// Fewer tickets left as answered than this, on and off together, say nothing of the rate.
pub const LEAST_ANSWERED: u64 = 10;

/// Whether answers are shown in a half-hour of a local day, 0 to 47.
#[must_use]
pub fn answers_on(seed: u64, date: NaiveDate, half_hour: u32) -> bool {
    let day = u64::from(date.num_days_from_ce().unsigned_abs());
    let lot = mixed(seed ^ mixed(day << 8 | u64::from(half_hour / 2)));
    (lot & 1 == 1) == half_hour.is_multiple_of(2)
}

/// SplitMix64's mixing (Steele, Lea, Flood 2014): every bit depends on every bit.
fn mixed(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// What happened in one half-hour.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Half {
    /// Its beginning, wall clock, milliseconds.
    pub begin_ms: i64,
    /// Whether answers were shown.
    pub answers: bool,
    /// Tickets issued in it.
    pub issued: u32,
    /// Those of them that left as answered.
    pub answered: u32,
    /// Minutes that desks spent with those of them that were served.
    pub desk_minutes: f64,
}

/// Sums over half-hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Arm {
    /// Tickets issued.
    pub issued: u64,
    /// Left as answered.
    pub answered: u64,
    /// Minutes at desks.
    pub desk_minutes: f64,
}

impl Arm {
    /// Of those who took a number, the share that left as answered.
    #[must_use]
    pub fn rate(&self) -> f64 {
        if self.issued == 0 { 0.0 } else { self.answered as f64 / self.issued as f64 }
    }
}

/// What the comparison says.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Effect {
    /// Hours of which one half had answers and the other had not.
    pub pairs: usize,
    /// With answers.
    pub on: Arm,
    /// Without.
    pub off: Arm,
    /// By how much the share that left as answered is larger with answers; `None`: too little is known.
    pub answered: Option<Figure>,
    /// By how many minutes of desk work a half-hour is larger (mostly: smaller) with answers; `None`: too little is known.
    pub desk_minutes: Option<Figure>,
}

impl Effect {
    /// Whether more people certainly leave as answered with answers than without.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.answered.is_some_and(|figure| figure.interval.low > 0.0)
    }
}

/// Compares half-hours, paired within their clock hours; `hour_of` names the clock hour of a beginning. A half-hour without its
/// other half, or with the same on both sides, counts for nothing.
#[must_use]
pub fn effect(halves: &[Half], hour_of: impl Fn(i64) -> i64) -> Effect {
    let mut hours: BTreeMap<i64, (Option<Half>, Option<Half>)> = BTreeMap::new();
    for half in halves {
        let hour = hours.entry(hour_of(half.begin_ms)).or_default();
        *(if half.answers { &mut hour.0 } else { &mut hour.1 }) = Some(*half);
    }
    let pairs: Vec<(Half, Half)> = hours.into_values().filter_map(|(on, off)| on.zip(off)).collect();
    let arm = |side: fn(&(Half, Half)) -> &Half| {
        pairs.iter().map(side).fold(Arm::default(), |all, half| Arm {
            issued: all.issued + u64::from(half.issued),
            answered: all.answered + u64::from(half.answered),
            desk_minutes: all.desk_minutes + half.desk_minutes,
        })
    };
    let (on, off) = (arm(|pair| &pair.0), arm(|pair| &pair.1));
    let enough = pairs.len() >= LEAST_PAIRS;
    let minutes: Vec<f64> = pairs.iter().map(|(on, off)| on.desk_minutes - off.desk_minutes).collect();
    Effect {
        pairs: pairs.len(),
        answered: (enough && on.answered + off.answered >= LEAST_ANSWERED).then(|| rates(&pairs, &on, &off)).flatten(),
        desk_minutes: enough.then(|| mean_difference(&minutes)).flatten(),
        on,
        off,
    }
}

/// The difference of two ratios over the same pairs: each half-hour's deviation from its side's rate, for each ticket of an
/// average half-hour (the ratio estimator's variance, Cochran, "Sampling Techniques" 1977, 6.4, with the pair as the unit).
fn rates(pairs: &[(Half, Half)], on: &Arm, off: &Arm) -> Option<Figure> {
    if on.issued == 0 || off.issued == 0 {
        return None;
    }
    let n = pairs.len() as f64;
    let off_rate = |half: &Half, arm: &Arm| {
        let mean_issued = arm.issued as f64 / n;
        (f64::from(half.answered) - arm.rate() * f64::from(half.issued)) / mean_issued
    };
    let squares: f64 = pairs.iter().map(|(one, other)| (off_rate(one, on) - off_rate(other, off)).powi(2)).sum();
    let half = student(pairs.len()) * (squares / (n * (n - 1.0))).sqrt();
    let value = on.rate() - off.rate();
    Some(Figure { value, interval: Interval { low: value - half, high: value + half } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::{RngExt, SeedableRng};
    use rand_pcg::Pcg64Mcg;

    const HOUR: i64 = 3_600_000;

    /// A branch: 12 days, ten to eight, a rush at noon. `rates`: what share leaves as answered with answers and without.
    fn played(seed: u64, (with, without): (f64, f64)) -> Effect {
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        let mut halves = Vec::new();
        for day in 0..12_u32 {
            let date = NaiveDate::from_ymd_opt(2026, 5, 4).unwrap() + chrono::Days::new(day.into());
            for index in 20..40_u32 {
                let answers = answers_on(seed, date, index);
                // between a quarter and twice of eight tickets, more at noon, and different from day to day
                let busy = if (24..28).contains(&index) { 14.0 } else { 6.0 };
                let issued = (busy * random.random_range(0.5..1.6)) as u32;
                let rate = if answers { with } else { without };
                let answered = (0..issued).filter(|_| random.random_bool(rate)).count() as u32;
                let served = issued - answered;
                let desk_minutes = (0..served).map(|_| random.random_range(1.0..7.0)).sum();
                let begin_ms = i64::from(day) * 24 * HOUR + i64::from(index) * HOUR / 2;
                halves.push(Half { begin_ms, answers, issued, answered, desk_minutes });
            }
        }
        effect(&halves, |begin| begin.div_euclid(HOUR))
    }

    #[test]
    fn a_planted_effect_lies_in_the_interval_nineteen_times_in_twenty() {
        let runs = 600;
        let (with, without) = (0.14, 0.06);
        let effects: Vec<Effect> = (0..runs).map(|seed| played(seed, (with, without))).collect();
        let covered = effects.iter().filter(|e| e.answered.unwrap().interval.holds(with - without)).count();
        // 95 % of 600 is 570 ± 16 (three deviations)
        assert!((554..=586).contains(&covered), "{covered} of {runs}");
        let seen = effects.iter().filter(|effect| effect.is_certain()).count();
        assert!(seen * 10 > runs as usize * 9, "an effect of eight in a hundred is seen: {seen} of {runs}");
    }

    #[test]
    fn no_effect_is_claimed_where_there_is_none() {
        let runs = 600;
        let effects: Vec<Effect> = (0..runs).map(|seed| played(seed, (0.1, 0.1))).collect();
        let claimed = effects.iter().filter(|effect| effect.is_certain()).count();
        // 2.5 % of 600 is 15 ± 12 (three deviations)
        assert!(claimed <= 27, "{claimed} of {runs}");
        let held = effects.iter().filter(|effect| effect.desk_minutes.unwrap().interval.holds(0.0)).count();
        assert!((554..=586).contains(&held), "{held} of {runs}");
    }

    #[test]
    fn too_little_is_said_to_be_too_little() {
        let day = NaiveDate::from_ymd_opt(2026, 5, 4).unwrap();
        let halves: Vec<Half> = (0..46)
            .map(|index| Half {
                begin_ms: i64::from(index) * HOUR / 2,
                answers: answers_on(7, day, index),
                issued: 5,
                answered: 1,
                desk_minutes: 9.0,
            })
            .collect();
        let few = effect(&halves, |begin| begin.div_euclid(HOUR));
        assert_eq!((few.pairs, few.answered, few.desk_minutes), (23, None, None));
        // half-hours whose other half is not there count for nothing
        let lonely: Vec<Half> = halves.iter().step_by(2).copied().collect();
        assert_eq!(effect(&lonely, |begin| begin.div_euclid(HOUR)), Effect::default());
        let none = Half { answered: 0, ..halves[0] };
        let none: Vec<Half> =
            (0..60).map(|n| Half { begin_ms: n * HOUR / 2, answers: answers_on(7, day, n as u32 % 48), ..none }).collect();
        assert_eq!(effect(&none, |begin| begin.div_euclid(HOUR)).answered, None, "nobody left as answered");
    }

    proptest! {
        #[test]
        fn every_hour_has_one_half_with_answers(seed: u64, day in 0_u64..20_000, hour in 0_u32..24) {
            let date = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap() + chrono::Days::new(day);
            prop_assert_ne!(answers_on(seed, date, hour * 2), answers_on(seed, date, hour * 2 + 1));
        }
    }

    #[test]
    fn the_lot_falls_both_ways_and_not_the_same_each_day() {
        let date = |day| NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(day);
        let first = (0..400).flat_map(|day| (0..24).map(move |hour| answers_on(1, date(day), hour * 2)));
        let on = first.filter(|on| *on).count();
        // 4,800 ± 147 (three deviations)
        assert!((4650..=4950).contains(&on), "{on} of 9600");
        let row = |day| (0..24).map(|hour| answers_on(1, date(day), hour * 2)).collect::<Vec<_>>();
        assert!((0..30).any(|day| row(day) != row(day + 1)));
    }
}
