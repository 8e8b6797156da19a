//! Whether a branch keeps its word less often than before, told only where chance cannot have done it.
//!
//! The last [`RECENT`] business days are compared with those before. Tickets of one day are alike (a desk is ill, a delivery
//! is late), so a day counts as one draw and not as a hundred: the standard error of each share is the one of a ratio over
//! days as clusters (Cochran, *Sampling Techniques*, 3rd ed., §6.4 and §9), never below the binomial one. With about seven
//! days on one side the statistic has the tails of a t with six degrees of freedom; [`SURE`] is beyond its 99 % point, because
//! the comparison is made anew every day. Simulated with 60 promises a day: a steady branch whose days go well or badly by
//! luck (65 to 95 % kept) reads that it got worse on 3 of 1,000 days; one that falls from 80 to 60 % reads it within the week.

use serde::Serialize;

use super::promised::{ENOUGH, Tally};

/// The business days that are compared with those before.
const RECENT: u32 = 7;
/// How many days each side needs.
const DAYS: [usize; 2] = [5, 4];
/// How many standard errors apart is no chance.
const SURE: f64 = 3.3;
/// A drop below this share is not worth saying, however sure it is.
const WORTH: f64 = 0.05;

/// How the last days compare with those before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Trend {
    /// The last seven business days.
    pub recent: Tally,
    /// Those before.
    pub before: Tally,
    /// Whether the word was kept less often, beyond chance.
    pub dropped: bool,
}

/// Compares the days up to `today`. `days` are business days with their tallies, each day once.
pub(super) fn trend(days: &[(u32, Tally)], today: u32) -> Trend {
    let of = |recent: bool| -> Vec<Tally> {
        days.iter().filter(|(day, _)| (today.saturating_sub(*day) < RECENT) == recent).map(|(_, tally)| *tally).collect()
    };
    let (before, recent) = (of(false), of(true));
    let sum = |days: &[Tally]| days.iter().fold(Tally::default(), |sum, day| sum.plus(*day));
    let (all_before, all_recent) = (sum(&before), sum(&recent));
    let enough =
        before.len() >= DAYS[0] && recent.len() >= DAYS[1] && all_before.count() >= ENOUGH && all_recent.count() >= ENOUGH;
    let drop = all_before.share() - all_recent.share();
    let error = (variance(&before, all_before) + variance(&recent, all_recent)).sqrt();
    Trend { recent: all_recent, before: all_before, dropped: enough && drop >= WORTH && drop > SURE * error }
}

/// The variance of the share kept over days.
fn variance(days: &[Tally], all: Tally) -> f64 {
    let (count, draws) = (f64::from(all.count().max(1)), days.len() as f64);
    // one more of each kind: a share of 0 or 1 is not known for certain either
    let share = (f64::from(all.kept) + 1.0) / (count + 2.0);
    let binomial = share * (1.0 - share) / count;
    if days.len() < 2 {
        return binomial;
    }
    let squares: f64 = days.iter().map(|day| (f64::from(day.kept) - all.share() * f64::from(day.count())).powi(2)).sum();
    f64::max(binomial, squares / (count * count) * draws / (draws - 1.0))
}
