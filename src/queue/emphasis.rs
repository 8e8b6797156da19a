//! Which call has everybody's attention.
//!
//! Desks often call within the same second. The list of the last calls shows all of them at once; but a flash, a large block or
//! a spoken sentence can be for one at a time only. So calls that come together are emphasised one after another, a few
//! seconds each, the newest last. Who listens or looks must not fall behind the desks: where more wait than can be taken in
//! turn, the list alone has them, and only the newest is emphasised next.
//!
//! Pure: time comes in. Board and voice follow the same rule by each having one of these.

use std::collections::VecDeque;

/// How long one call is emphasised before the next, milliseconds: to look up, find the number and the desk.
pub const EMPHASIS_MS: u64 = 4_000;

/// How many calls may wait for their turn: the last of them is emphasised 16 s after it was called. More are a burst.
pub const EMPHASIS_WAITING: usize = 4;

/// Calls in the order in which they are emphasised. `T` is whatever names a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emphasis<T> {
    now: Option<T>,
    /// Until then (milliseconds of the caller's monotonic clock) nothing takes its place.
    until_ms: u64,
    waiting: VecDeque<T>,
}

impl<T> Default for Emphasis<T> {
    fn default() -> Self {
        Self { now: None, until_ms: 0, waiting: VecDeque::new() }
    }
}

impl<T> Emphasis<T> {
    /// A call was made at a moment (milliseconds of a monotonic clock). Gives back those that are left to the list alone.
    pub fn call(&mut self, call: T, at_ms: u64) -> Vec<T> {
        self.waiting.push_back(call);
        let burst = self.waiting.len() > EMPHASIS_WAITING;
        let left = if burst { self.waiting.drain(..EMPHASIS_WAITING).collect() } else { Vec::new() };
        self.turn(at_ms);
        left
    }

    /// Lets the next have its turn if the one before has had its time. Whether another one is emphasised now.
    pub fn turn(&mut self, at_ms: u64) -> bool {
        if self.now.is_some() && at_ms < self.until_ms {
            return false;
        }
        let Some(next) = self.waiting.pop_front() else { return false };
        self.now = Some(next);
        self.until_ms = at_ms.saturating_add(EMPHASIS_MS);
        true
    }

    /// The one emphasised now, or last.
    #[must_use]
    pub fn now(&self) -> Option<&T> {
        self.now.as_ref()
    }

    /// Whether it still has its time.
    #[must_use]
    pub fn is_fresh(&self, at_ms: u64) -> bool {
        self.now.is_some() && at_ms < self.until_ms
    }

    /// When the next has its turn, if one waits.
    #[must_use]
    pub fn next_ms(&self) -> Option<u64> {
        (!self.waiting.is_empty()).then_some(self.until_ms)
    }

    /// The one emphasised now has had its time: for a voice, whose sentences have a length of their own.
    pub fn release(&mut self, at_ms: u64) {
        self.until_ms = self.until_ms.min(at_ms);
    }

    /// The one emphasised now keeps its turn until then: a sentence that is still being said.
    pub fn hold(&mut self, until_ms: u64) {
        self.until_ms = self.until_ms.max(until_ms);
    }

    /// Keeps only those for which it is so: calls can be taken back, and numbers called again elsewhere.
    pub fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        self.waiting.retain(&keep);
        if self.now.as_ref().is_some_and(|now| !keep(now)) {
            self.now = None;
            self.until_ms = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Calls at these pauses, looked at each tenth of a second until all is quiet: what was emphasised when, and what was left
    /// to the list.
    fn played(pauses: &[u64]) -> (Vec<(usize, u64)>, Vec<usize>, Vec<u64>) {
        let (mut emphasis, mut shown, mut left, mut called) = (Emphasis::default(), Vec::new(), Vec::new(), Vec::new());
        let mut now = 0;
        let mut look = |emphasis: &mut Emphasis<usize>, now| {
            emphasis.turn(now);
            if let Some(&call) = emphasis.now()
                && shown.last().is_none_or(|(last, _)| *last != call)
            {
                shown.push((call, now));
            }
        };
        for (call, pause) in pauses.iter().enumerate() {
            for _ in 0..*pause {
                now += 100;
                look(&mut emphasis, now);
            }
            left.extend(emphasis.call(call, now));
            called.push(now);
            look(&mut emphasis, now);
        }
        while let Some(next) = emphasis.next_ms() {
            now = next;
            look(&mut emphasis, now);
        }
        (shown, left, called)
    }

    #[test]
    fn calls_that_come_together_have_their_turns_in_order() {
        let (shown, left, _) = played(&[0, 1, 0]);
        assert_eq!(shown, [(0, 0), (1, EMPHASIS_MS), (2, 2 * EMPHASIS_MS)]);
        assert!(left.is_empty());
    }

    #[test]
    fn in_a_burst_the_list_has_all_but_the_newest() {
        let (shown, left, _) = played(&[0; 6]);
        assert_eq!(shown, [(0, 0), (5, EMPHASIS_MS)]);
        assert_eq!(left, [1, 2, 3, 4]);
    }

    #[test]
    fn a_call_taken_back_loses_its_turn() {
        let mut emphasis = Emphasis::default();
        for call in [1, 2, 3] {
            emphasis.call(call, 0);
        }
        emphasis.retain(|call| *call == 3);
        assert_eq!(emphasis.now(), None);
        assert!(emphasis.turn(1));
        assert_eq!(emphasis.now(), Some(&3));
    }

    #[test]
    fn a_sentence_has_the_length_it_has() {
        let mut emphasis = Emphasis::default();
        emphasis.call(1, 0);
        emphasis.call(2, 0);
        emphasis.release(900);
        assert!(emphasis.turn(900));
        emphasis.call(3, 900);
        emphasis.hold(900 + 3 * EMPHASIS_MS);
        assert!(!emphasis.turn(900 + 2 * EMPHASIS_MS));
    }

    proptest! {
        #[test]
        fn each_call_is_emphasised_once_or_left_to_the_list(pauses in proptest::collection::vec(0..80_u64, 1..40)) {
            let (shown, left, called) = played(&pauses);
            let mut all: Vec<usize> = shown.iter().map(|(call, _)| *call).chain(left).collect();
            all.sort_unstable();
            prop_assert_eq!(all, (0..pauses.len()).collect::<Vec<_>>());
            // in order, the newest last, each with its time, and none long after it was called
            prop_assert_eq!(shown.last().map(|(call, _)| *call), Some(pauses.len() - 1));
            for pair in shown.windows(2) {
                prop_assert!(pair[0].0 < pair[1].0);
                prop_assert!(pair[1].1 - pair[0].1 >= EMPHASIS_MS);
            }
            for (call, at) in shown {
                prop_assert!(at - called[call] <= EMPHASIS_WAITING as u64 * EMPHASIS_MS + 100);
            }
        }
    }
}
