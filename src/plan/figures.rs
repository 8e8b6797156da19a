//! What the played days come to: medians, shares and means, each with the interval in which it would lie nine times in ten.
//!
//! The interval is a percentile bootstrap over days (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter
//! 13): a replicate is taken, and as many of its days as there are, with replacement. So it holds what differs between days,
//! between draws of service times and between samples of people's patience. It does not hold what no past day shows.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use serde::Serialize;

use super::history::{HOUR, MINUTE, Ms};
use super::play::Fate;

/// How many bootstrap samples an interval is taken from.
const SAMPLES: usize = 200;

/// A figure and the interval that holds it nine times in ten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figure {
    /// The figure.
    pub value: f64,
    /// The lower end of its interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// One counted visit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Counted {
    /// The hour in which the number was taken.
    pub(super) hour: u8,
    /// Minutes from the number to the call, or to what ended the wait.
    pub(super) wait: f32,
    pub(super) fate: Fate,
    pub(super) called: bool,
}

/// One played day.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct DayResult {
    pub(super) visits: Vec<Counted>,
    pub(super) staffed: Ms,
}

pub(super) fn minutes(ms: Ms) -> f32 {
    ms as f32 / MINUTE as f32
}

pub(super) fn hour(at: Ms) -> u8 {
    u8::try_from(at / HOUR).unwrap_or(u8::MAX)
}

/// The value that a share of the list lies below, by linear interpolation; 0 for an empty list.
pub(super) fn quantile(list: &mut [f32], share: f64) -> f64 {
    let Some(last) = list.len().checked_sub(1) else { return 0.0 };
    let place = share * last as f64;
    let (_, low, above) = list.select_nth_unstable_by(place as usize, f32::total_cmp);
    let low = f64::from(*low);
    let next = above.iter().copied().min_by(f32::total_cmp).map_or(low, f64::from);
    low + (next - low) * place.fract()
}

/// The waits that a quantile is of: of those who were called, and of those who were sent home at the end without a call, whose
/// wait would have been longer still. Who gave up is told apart.
pub(super) fn waits<'a>(days: impl Iterator<Item = &'a DayResult>, counts: impl Fn(&Counted) -> bool) -> Vec<f32> {
    let visits = days.flat_map(|day| &day.visits);
    visits.filter(|v| (v.called || v.fate == Fate::SentHome) && counts(v)).map(|v| v.wait).collect()
}

/// The played days of one schedule: replicates of the same days.
#[derive(Clone, Debug, Default)]
pub(super) struct Results(pub(super) Vec<Vec<DayResult>>);

impl Results {
    pub(super) fn days(&self) -> impl Iterator<Item = &DayResult> {
        self.0.iter().flatten()
    }

    pub(super) fn count(&self) -> f64 {
        self.days().count().max(1) as f64
    }

    /// A figure with its interval. The same seed takes the same days, so that figures of two schedules can be compared.
    pub(super) fn figure(&self, seed: u64, of: impl Fn(&[&DayResult]) -> f64) -> Figure {
        bootstrap(&self.0, seed, of)
    }
}

/// What `of` makes of all days, and its interval.
fn bootstrap<Day>(replicates: &[Vec<Day>], seed: u64, of: impl Fn(&[&Day]) -> f64) -> Figure {
    let all: Vec<_> = replicates.iter().flatten().collect();
    let value = of(&all);
    let mut rng = Pcg64::seed_from_u64(seed);
    let mut samples = Vec::with_capacity(SAMPLES);
    for _ in 0..SAMPLES {
        let Some(replicate) = replicates.get(rng.random_range(0..replicates.len().max(1))) else { break };
        let pick = |_| replicate.get(rng.random_range(0..replicate.len().max(1)));
        let days: Vec<_> = (0..replicate.len()).filter_map(pick).collect();
        samples.push(of(&days) as f32);
    }
    let [low, high] = [0.05, 0.95].map(|share| quantile(&mut samples, share));
    Figure { value, low: low.min(value), high: high.max(value) }
}

/// The mean of a difference between two schedules, day by day: `days` holds each replicate's.
pub(super) fn difference(days: &[Vec<f64>], seed: u64) -> Figure {
    bootstrap(days, seed, |days| days.iter().copied().sum::<f64>() / days.len().max(1) as f64)
}

/// A mean over days.
pub(super) fn per_day(days: &[&DayResult], of: impl Fn(&DayResult) -> f64) -> f64 {
    days.iter().map(|day| of(day)).sum::<f64>() / days.len().max(1) as f64
}

/// How many visits of a day end so.
pub(super) fn with(day: &DayResult, fate: Fate) -> f64 {
    day.visits.iter().filter(|visit| visit.fate == fate).count() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_interpolate() {
        let list = || vec![4.0, 1.0, 3.0, 2.0];
        assert_eq!(quantile(&mut list(), 0.5), 2.5);
        assert_eq!((quantile(&mut list(), 0.0), quantile(&mut list(), 1.0)), (1.0, 4.0));
        assert!((quantile(&mut list(), 0.9) - 3.7).abs() < 1e-6);
        assert_eq!(quantile(&mut [], 0.5), 0.0);
    }
}
