//! Ranges as people say them: rounded outward, so that what is shown is never narrower than what is meant.

/// At most this many minutes is "a few minutes": no number is said, and the range is from nought.
const A_FEW: u32 = 5;
/// A day; nobody is promised more.
const MOST: f64 = 1440.0;

/// A step of rounding for so many minutes: whole minutes to ten, fives to an hour, tens to three hours, halves of an hour above.
fn step(minutes: f64) -> f64 {
    match minutes {
        ..=10.0 => 1.0,
        ..=60.0 => 5.0,
        ..=180.0 => 10.0,
        _ => 30.0,
    }
}

/// The range to show for one of seconds: minutes from and to.
#[must_use]
pub fn outward(low_s: f64, high_s: f64) -> [u32; 2] {
    let (low, high) = (low_s.max(0.0) / 60.0, high_s.max(0.0) / 60.0);
    let from = (low / step(low)).floor() * step(low);
    let to = (high / step(high)).ceil() * step(high);
    // clamped: the numbers fit
    let (from, to) = (from.min(MOST) as u32, to.clamp(1.0, MOST) as u32);
    if to <= A_FEW { [0, A_FEW] } else { [from, to] }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// What is shown holds what is meant, and grows with it.
        #[test]
        fn rounding_only_widens(low in 0.0f64..50_000.0, more in 0.0f64..30_000.0, later in 0.0f64..1000.0) {
            let [from, to] = outward(low, low + more);
            prop_assert!(f64::from(from) * 60.0 <= low);
            prop_assert!(f64::from(to) * 60.0 >= (low + more).min(MOST * 60.0));
            let next = outward(low + later, low + more + later);
            prop_assert!(next[0] >= from && next[1] >= to);
        }
    }

    #[test]
    fn people_read_round_numbers() {
        assert_eq!(outward(20.0, 250.0), [0, 5]);
        assert_eq!(outward(61.0, 500.0), [1, 9]);
        assert_eq!(outward(12.0 * 60.0, 23.0 * 60.0), [10, 25]);
        assert_eq!(outward(64.0 * 60.0, 93.0 * 60.0), [60, 100]);
        assert_eq!(outward(f64::NAN, 1e12), [0, 1440]);
    }
}
