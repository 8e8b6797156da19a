//! How wide a promise must be to keep its word eight times in ten: the ends are moved at every call.
//!
//! Adaptive conformal inference (Gibbs & Candès 2021) guarantees the long-run share of misses whatever the world does, but over
//! all tickets together. So each end has a part of its own for short, medium and long waits, a shared part, and a small one for
//! each service. The middle is never moved from here: the blend moves it.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::DELTA_S;
use crate::queue::ServiceId;

/// How many calls should come before the lower end, and as many after the upper.
const MISSES: f64 = 0.1;
/// How far an end moves at a call.
const STEP: f64 = 0.03;
/// How much faster it moves at first, and for about how many calls.
const HURRY: (f64, f64) = (3.0, 50.0);
/// What the shared part moves, of a step; and a service's own.
const SHARED: f64 = 0.5;
const OWN: f64 = 0.25;
/// The ends' distance from the middle before anything is known, natural logarithm of waiting time + [`DELTA_S`].
const FIRST: [f64; 2] = [0.8, 0.65];
/// Bounds of an end's stretch in all, natural logarithm: a strange first day must not make promises without end.
const STRETCH: [f64; 2] = [-2.0, 1.0];
/// How many predictions the cuts between short, medium and long are taken from.
const REMEMBERED: usize = 500;
/// Where the cuts are until there are enough, seconds.
const FIRST_CUTS: [f64; 2] = [300.0, 900.0];

/// A third of the waits, by their predicted middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Third {
    /// The shortest third.
    Short,
    /// The middle third.
    Medium,
    /// The longest third.
    Long,
}

/// A predicted middle with its ends, seconds, as they were when it was given.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Guess {
    /// Half of the calls should come sooner.
    pub middle_s: f64,
    /// One call in ten should come sooner.
    pub low_s: f64,
    /// One call in ten should come later.
    pub high_s: f64,
    /// Which third of the waits it was among.
    pub length: Third,
}

/// Tracks the ends of one predictor's range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tracker {
    /// Low and high, of short, medium and long waits.
    by_length: [[f64; 2]; 3],
    shared: [f64; 2],
    by_service: BTreeMap<ServiceId, [f64; 2]>,
    calls: f64,
    middles: VecDeque<f64>,
    cuts: [f64; 2],
}

impl Default for Tracker {
    fn default() -> Self {
        Self {
            by_length: [[0.0; 2]; 3],
            shared: [0.0; 2],
            by_service: BTreeMap::new(),
            calls: 0.0,
            middles: VecDeque::new(),
            cuts: FIRST_CUTS,
        }
    }
}

impl Tracker {
    /// Which third a predicted middle is in, by what was predicted lately.
    #[must_use]
    pub fn length(&self, middle_s: f64) -> Third {
        if middle_s <= self.cuts[0] {
            Third::Short
        } else if middle_s <= self.cuts[1] {
            Third::Medium
        } else {
            Third::Long
        }
    }

    fn stretch(&self, service: &ServiceId, length: Third, end: usize) -> f64 {
        let own = self.by_service.get(service).map_or(0.0, |ends| ends[end]);
        (self.by_length[length as usize][end] + self.shared[end] + own).clamp(STRETCH[0], STRETCH[1]).exp()
    }

    /// The range around a predicted middle of `middle_s` seconds.
    #[must_use]
    pub fn guess(&self, service: &ServiceId, middle_s: f64) -> Guess {
        let length = self.length(middle_s);
        let log = (middle_s + DELTA_S).ln();
        let end = |end: usize, sign: f64| {
            let ends = (log + sign * FIRST[end] * self.stretch(service, length, end)).exp() - DELTA_S;
            ends.max(0.0)
        };
        Guess { middle_s, low_s: end(0, -1.0), high_s: end(1, 1.0), length }
    }

    /// Takes in the wait of a ticket that was given a guess.
    pub fn learn(&mut self, service: &ServiceId, guess: &Guess, wait_s: f64) {
        let step = STEP * (1.0 + HURRY.0 * (-self.calls / HURRY.1).exp());
        if !self.by_service.contains_key(service) {
            self.by_service.insert(service.clone(), [0.0; 2]);
        }
        let missed = [wait_s < guess.low_s, wait_s > guess.high_s];
        for (end, missed) in missed.into_iter().enumerate() {
            let by = step * (f64::from(u8::from(missed)) - MISSES);
            let moved = |part: &mut f64, share: f64| *part = (*part + share * by).clamp(STRETCH[0], STRETCH[1]);
            moved(&mut self.by_length[guess.length as usize][end], 1.0);
            moved(&mut self.shared[end], SHARED);
            if let Some(own) = self.by_service.get_mut(service) {
                moved(&mut own[end], OWN);
            }
        }
        self.calls += 1.0;
        self.see(guess.middle_s);
    }

    fn see(&mut self, middle_s: f64) {
        self.middles.push_back(middle_s);
        if self.middles.len() > REMEMBERED {
            self.middles.pop_front();
        }
        let count = self.middles.len();
        // sorting at each call would cost more than the rest together
        if count >= 30 && (count < 100 || (self.calls as u64).is_multiple_of(10)) {
            let mut sorted: Vec<f64> = self.middles.iter().copied().collect();
            sorted.sort_by(f64::total_cmp);
            let cut = |third: usize| sorted.get(count * third / 3).copied().unwrap_or(0.0);
            self.cuts = [cut(1), cut(2)];
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever waits come, each end misses one in ten in the long run, unless it has reached its bound.
        #[test]
        fn an_end_misses_one_in_ten(spread in 0.3f64..1.2, middle in 60.0f64..3600.0, seed in 0u64..1000) {
            let mut tracker = Tracker::default();
            let service = ServiceId::from("R");
            let (mut early, mut late) = (0.0, 0.0);
            let rounds = 3000;
            for i in 0..rounds {
                // an even spread of quantiles in a scrambled order
                let u = ((i * 1237 + seed) % 1000) as f64 / 1000.0 + 0.0005;
                let wait = (middle + DELTA_S) * (spread * (u - 0.5) * 3.0).exp() - DELTA_S;
                let guess = tracker.guess(&service, middle);
                if i >= 500 {
                    early += f64::from(u8::from(wait.max(0.0) < guess.low_s));
                    late += f64::from(u8::from(wait > guess.high_s));
                }
                tracker.learn(&service, &guess, wait.max(0.0));
            }
            let counted = f64::from(u32::try_from(rounds - 500).unwrap());
            prop_assert!((late / counted - 0.1).abs() < 0.03, "late {}", late / counted);
            prop_assert!(early / counted < 0.13, "early {}", early / counted);
        }

        /// The ends always hold the middle between them and stay finite, whatever came before.
        #[test]
        fn the_middle_is_between_the_ends(waits in prop::collection::vec((0.0f64..1e7, 0.0f64..1e6), 0..200), middle in 0.0f64..1e6) {
            let mut tracker = Tracker::default();
            let service = ServiceId::from("R");
            for (wait, middle) in waits {
                let guess = tracker.guess(&service, middle);
                tracker.learn(&service, &guess, wait);
            }
            let guess = tracker.guess(&service, middle);
            prop_assert!(0.0 <= guess.low_s && guess.low_s <= middle && middle <= guess.high_s && guess.high_s.is_finite());
        }
    }
}
