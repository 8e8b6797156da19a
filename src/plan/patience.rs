//! How long people wait before they give up, learned although most of them are called first.
//!
//! Who was called would have waited longer, nobody knows how much longer: a censored observation. Leaving these out, or taking
//! the wait of those who left as the patience of all, makes people look far less patient than they are. The estimate is the
//! product-limit estimator of Kaplan and Meier (Journal of the American Statistical Association 53, 1958, 457–481), as Brown
//! et al. use it for a call centre (the same journal 100, 2005, 36–50). Beyond the longest wait that was seen it is completed by
//! an exponential tail through the last point (Brown, Hollander and Korwar 1974), because a schedule with fewer desks makes
//! waits that nobody has had yet; whoever reads a plan is told how many of them there are.

use super::history::Ms;

/// One wait: how long, and whether it ended with giving up. Otherwise it is censored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waited {
    /// How long.
    pub ms: Ms,
    /// Whether the customer gave up then.
    pub gave_up: bool,
}

/// The share of people who still wait after so long, if nobody calls them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patience {
    /// Where the share drops, ascending, and to what.
    steps: Vec<(Ms, f64)>,
    /// The longest wait seen, of either kind.
    longest: Ms,
}

impl Patience {
    /// Estimates it from waits in any order. Without anybody who gave up, nobody ever does.
    #[must_use]
    pub fn estimate(mut waits: Vec<Waited>) -> Self {
        // at equal times those who gave up come first: who was called at that moment was still at risk
        waits.sort_unstable_by_key(|wait| (wait.ms, !wait.gave_up));
        let longest = waits.last().map_or(0, |wait| wait.ms);
        let mut share = 1.0;
        let mut steps: Vec<(Ms, f64)> = Vec::new();
        let count = waits.len();
        for (before, wait) in waits.iter().enumerate().filter(|(_, wait)| wait.gave_up) {
            let at_risk = (count - before) as f64;
            share *= 1.0 - 1.0 / at_risk;
            match steps.last_mut() {
                Some(last) if last.0 == wait.ms => last.1 = share,
                _ => steps.push((wait.ms, share)),
            }
        }
        Self { steps, longest }
    }

    /// The longest wait this was learned from, of either kind.
    #[must_use]
    pub fn longest(&self) -> Ms {
        self.longest
    }

    /// The share that still waits after `ms`, 0 to 1.
    #[must_use]
    pub fn share(&self, ms: Ms) -> f64 {
        let passed = self.steps.partition_point(|(at, _)| *at <= ms);
        let known = passed.checked_sub(1).and_then(|last| self.steps.get(last)).map_or(1.0, |(_, share)| *share);
        if ms <= self.longest { known } else { known * (-self.tail() * (ms - self.longest) as f64).exp() }
    }

    /// How fast people give up beyond the longest wait seen, per millisecond: as fast as they did on average before.
    fn tail(&self) -> f64 {
        let last = self.steps.last().map_or(1.0, |(_, share)| *share);
        if self.longest == 0 || last <= 0.0 { 0.0 } else { -last.ln() / self.longest as f64 }
    }

    /// How long somebody waits who stands at `rank` among all people, 0 (the most patient) to 1. `None`: for ever.
    #[must_use]
    pub fn of(&self, rank: f64) -> Option<Ms> {
        let step = self.steps.partition_point(|(_, share)| *share > rank);
        if let Some((at, _)) = self.steps.get(step) {
            return Some(*at);
        }
        let (_, last) = self.steps.last()?;
        let tail = self.tail();
        let beyond = (last / rank.max(f64::MIN_POSITIVE)).ln() / tail;
        (tail > 0.0 && beyond.is_finite()).then(|| self.longest.saturating_add(beyond as Ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(gave_up: &[Ms], called: &[Ms]) -> Vec<Waited> {
        let of = |list: &[Ms], gave_up| list.iter().map(move |ms| Waited { ms: *ms, gave_up }).collect::<Vec<_>>();
        [of(called, false), of(gave_up, true)].concat()
    }

    /// Weeks in remission under 6-mercaptopurine (Freireich et al. 1963), the data of every textbook on the estimator.
    #[test]
    fn the_estimate_is_the_one_in_the_textbooks() {
        let events = [6, 6, 6, 7, 10, 13, 16, 22, 23];
        let censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];
        let patience = Patience::estimate(waits(&events, &censored));
        for (week, share) in
            [(5, 1.0), (6, 0.857), (7, 0.807), (10, 0.753), (13, 0.690), (16, 0.627), (22, 0.538), (23, 0.448)]
        {
            assert!((patience.share(week) - share).abs() < 0.0006, "week {week}: {} not {share}", patience.share(week));
        }
        assert_eq!(patience.longest(), 35);
        // and beyond what was seen: the mean rate of the time before
        assert!((patience.share(70) - 0.448 * 0.448).abs() < 0.001);
    }

    #[test]
    fn a_draw_is_the_inverse_of_the_share() {
        let patience = Patience::estimate(waits(&[100, 200, 300], &[150, 400]));
        for rank in (1..100).map(|n| f64::from(n) / 100.0) {
            let at = patience.of(rank).unwrap();
            assert!(patience.share(at) <= rank + 1e-3 && patience.share(at - 1) > rank - 1e-3, "{rank}: {at}");
        }
        assert_eq!(Patience::estimate(waits(&[], &[100, 200])).of(0.0001), None);
        assert_eq!(Patience::default().of(0.5), None);
        assert_eq!(Patience::estimate(waits(&[100, 100], &[])).of(0.0), Some(100));
    }

    /// What goes wrong without censoring, so that nobody simplifies it away.
    #[test]
    fn the_wait_of_those_who_left_is_not_the_patience_of_all() {
        let patience = Patience::estimate(waits(&[5, 6, 7], &vec![8; 97]));
        assert!(patience.of(0.5).unwrap() > 100);
    }
}
