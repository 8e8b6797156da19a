//! Figures with honest intervals: each of them is where the truth lies nineteen times in twenty.

use serde::Serialize;

/// 95 % of a normal distribution lie within so many standard deviations.
const Z: f64 = 1.959_964;

/// From where to where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Interval {
    /// At the least.
    pub low: f64,
    /// At the most.
    pub high: f64,
}

impl Interval {
    /// Whether a value lies within.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// A figure and its interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figure {
    /// The figure.
    pub value: f64,
    /// Its interval, 95 %.
    pub interval: Interval,
}

/// So many of so many, with Wilson's interval; `None` of nothing.
///
/// Wilson 1927; Brown, Cai and DasGupta (2001), "Interval Estimation for a Binomial Proportion", recommend it for small
/// numbers, where the usual one is too narrow.
#[must_use]
pub fn share(hits: u64, of: u64) -> Option<Figure> {
    if of == 0 {
        return None;
    }
    let (n, p) = (of as f64, hits.min(of) as f64 / of as f64);
    let z2 = Z * Z / n;
    let middle = (p + z2 / 2.0) / (1.0 + z2);
    let half = Z / (1.0 + z2) * (p * (1.0 - p) / n + z2 / (4.0 * n)).sqrt();
    let interval = Interval { low: (middle - half).max(0.0).min(p), high: (middle + half).min(1.0).max(p) };
    Some(Figure { value: p, interval })
}

/// The interval of the mean behind a count of rare things (Poisson), by Byar's approximation.
///
/// Breslow and Day (1987), "Statistical Methods in Cancer Research" II, page 69; within 1 % of the exact one from 1 up.
#[must_use]
pub fn count(count: u64) -> Figure {
    let n = count as f64;
    let bound = |n: f64, side: f64| n * (1.0 - 1.0 / (9.0 * n) + side * Z / (3.0 * n.sqrt())).powi(3);
    let low = if count == 0 { 0.0 } else { bound(n, -1.0).max(0.0) };
    Figure { value: n, interval: Interval { low, high: bound(n + 1.0, 1.0) } }
}

/// So many standard deviations hold 95 % where the deviation itself is estimated from `n` values (Student's t with n − 1
/// degrees of freedom; Abramowitz and Stegun 26.7.5, right to 0.5 % from ten values on).
#[must_use]
pub fn student(n: usize) -> f64 {
    let v = n.saturating_sub(1).max(1) as f64;
    Z + (Z.powi(3) + Z) / (4.0 * v) + (5.0 * Z.powi(5) + 16.0 * Z.powi(3) + 3.0 * Z) / (96.0 * v * v)
}

/// Mean and standard deviation of a sample; `None` of nothing. The deviation of one value is 0.
#[must_use]
pub fn mean_and_deviation(values: &[f64]) -> Option<(f64, f64)> {
    let n = values.len() as f64;
    let mean = (!values.is_empty()).then(|| values.iter().sum::<f64>() / n)?;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Some((mean, if values.len() < 2 { 0.0 } else { (squares / (n - 1.0)).sqrt() }))
}

/// The mean of paired differences, with Student's interval; `None` below two pairs.
#[must_use]
pub fn mean_difference(differences: &[f64]) -> Option<Figure> {
    let (mean, deviation) = mean_and_deviation(differences).filter(|_| differences.len() > 1)?;
    let half = student(differences.len()) * deviation / (differences.len() as f64).sqrt();
    Some(Figure { value: mean, interval: Interval { low: mean - half, high: mean + half } })
}

/// A value with a standard deviation, as a figure that cannot be below zero.
#[must_use]
pub fn at_least_zero(value: f64, deviation: f64) -> Figure {
    let (low, high) = (value - Z * deviation, value + Z * deviation);
    Figure { value: value.max(0.0), interval: Interval { low: low.max(0.0), high: high.max(0.0) } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(one: f64, other: f64, by: f64) {
        assert!((one - other).abs() <= by, "{one} is not {other}");
    }

    #[test]
    fn intervals_are_those_of_the_books() {
        // Wilson, 10 of 40: 0.1419 to 0.4019; 0 of 10: 0 to 0.2775
        let ten = share(10, 40).unwrap().interval;
        near(ten.low, 0.1419, 0.0002);
        near(ten.high, 0.4019, 0.0002);
        near(share(0, 10).unwrap().interval.high, 0.2775, 0.0002);
        assert_eq!(share(0, 0), None);
        // Poisson, exact: 10 is 4.795 to 18.39; 1 is 0.0253 to 5.572; 0 is up to 3.689
        let ten = count(10).interval;
        near(ten.low, 4.795, 0.03);
        near(ten.high, 18.39, 0.03);
        near(count(1).interval.high, 5.572, 0.05);
        near(count(0).interval.high, 3.689, 0.1);
        // Student: 10 values 2.262, 20 values 2.093, 100 values 1.984
        for (n, t) in [(10, 2.262), (20, 2.093), (100, 1.984)] {
            near(student(n), t, 0.012);
        }
    }

    proptest! {
        #[test]
        fn a_figure_lies_in_its_interval(of in 1_u64..2000, hits in 0_u64..2000) {
            let hits = hits.min(of);
            let figure = share(hits, of).unwrap();
            prop_assert!(figure.interval.holds(figure.value) && figure.interval.low >= 0.0 && figure.interval.high <= 1.0);
            prop_assert!(count(hits).interval.holds(hits as f64));
        }
    }
}
