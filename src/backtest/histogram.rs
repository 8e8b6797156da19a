//! Medians of any number of values in little memory.
//!
//! Bins are one second wide up to 1024 seconds and a 512th of a power of two above (at most 0.2 % of the value), so a median is
//! within half a second, or a thousandth, of the exact one. The crate `hdrhistogram` does the same for every range and unit, and
//! keeps every bin; a history has thousands of histograms, most of them small.

use std::collections::BTreeMap;

/// How often each value came, in bins; see the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Histogram {
    bins: BTreeMap<u32, u64>,
    n: u64,
}

/// Values below this have bins of one second; above, each doubling has half as many bins.
const FINE: u32 = 1024;

impl Histogram {
    /// Takes in a value, seconds.
    pub(super) fn add(&mut self, seconds: f64) {
        // what is not finite or longer than years goes into the last bin
        let whole = if seconds.is_nan() { u32::MAX } else { seconds.round() as u32 };
        *self.bins.entry(bin(whole)).or_default() += 1;
        self.n += 1;
    }

    /// The middle value; of an even number the mean of the two in the middle.
    pub(super) fn median(&self) -> Option<f64> {
        let upper = self.ranked(self.n / 2)?;
        let lower = if self.n.is_multiple_of(2) { self.ranked((self.n / 2).checked_sub(1)?)? } else { upper };
        Some(f64::midpoint(lower, upper))
    }

    /// The value that `rank` others are not above.
    fn ranked(&self, rank: u64) -> Option<f64> {
        let mut below = 0;
        let found = self.bins.iter().find(|(_, count)| {
            below += **count;
            below > rank
        });
        found.map(|(bin, _)| middle(*bin))
    }
}

fn bin(whole: u32) -> u32 {
    if whole < FINE {
        return whole;
    }
    let doublings = whole.ilog2() - FINE.ilog2() + 1;
    doublings * (FINE / 2) + (whole >> doublings)
}

/// The value in the middle of a bin.
fn middle(bin: u32) -> f64 {
    if bin < FINE {
        return f64::from(bin);
    }
    let doublings = bin / (FINE / 2) - 1;
    let start = (bin - doublings * (FINE / 2)) as f64;
    (start + 0.5) * f64::from(doublings).exp2() - 0.5
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn medians_are_near_the_exact_ones(mut errors in prop::collection::vec(0.0..100_000.0_f64, 1..200)) {
            let mut histogram = Histogram::default();
            errors.iter().for_each(|error| histogram.add(*error));
            errors.sort_by(f64::total_cmp);
            let exact = f64::midpoint(errors[errors.len() / 2], errors[(errors.len() - 1) / 2]);
            let median = histogram.median().unwrap();
            prop_assert!((median - exact).abs() <= 0.5 + exact * 0.001, "{median} {exact}");
        }

        #[test]
        fn bins_are_in_order_and_few(value in any::<u32>()) {
            prop_assert!(bin(value) <= bin(value.saturating_add(1)));
            prop_assert!(bin(value) < 13_000);
            let middle = middle(bin(value));
            prop_assert!((middle - f64::from(value)).abs() <= f64::from(value) / 1000.0 + 0.001, "{middle}");
        }
    }
}
