//! What the branch has learned, and the range it makes of it.
//!
//! The model knows nothing of tickets and desks: it is told what a line looks like ([`Situation`]), says what several simple
//! predictors make of it ([`Inputs`]) and what they come to together ([`Forecast`]). The branch ([`super::Estimator`]) and the
//! replay of histories (`backtest`) both stand on it, so that what is measured is what is shipped.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::DELTA_S;
use super::blend::{Habits, Ridge};
use super::look::Visits;
use super::pace::Pace;
use super::range::{Guess, Tracker};
use super::record::Method;
use crate::queue::{Forecast, Inputs, ServiceId};

/// The kind of model that made a forecast; kept with each.
pub const VERSION: u32 = 1;

/// Weights the blend starts with: pace, desks' arithmetic, head of line, then corrections that start at nothing, then the last
/// wait, its step, the flow of the day, and the look ahead.
const START: [f64; FEATURES] = [0.1, 0.1, 0.05, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.15, 0.6];
const FEATURES: usize = 13;
/// The corrections among them, which each service may have of its own.
const CORRECTIONS: std::ops::Range<usize> = 3..9;
const BRANCH: Habits = Habits { pull: 6.0, keep: 0.9995, clip: 1.0 };
const SERVICE: Habits = Habits { pull: 150.0, keep: 0.998, clip: 1.0 };
/// The blend stays within this of its inputs, natural logarithm.
const GAP: f64 = 0.5;
/// What an error still counts after the next one, where blend and simple formula are compared: about the last 500.
const COMPARED: f64 = 0.998;
/// Pauses between visits: a typical one, the longest that is one, and what one still counts after the next, seconds.
const BETWEEN_S: f64 = 15.0;
const LONGEST_PAUSE_S: f64 = 600.0;
const BETWEEN_KEEP: f64 = 0.99;
/// How visits spread before any is known, standard deviation of the logarithm; and what that counts for, visits.
const VISIT_SD: f64 = 0.7;
const SHRUNK: f64 = 12.0;
/// Below this many compared waits nothing is concluded.
const CONCLUSIVE: f64 = 300.0;

/// How a line looks to somebody in it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Situation {
    /// Local time of day, hours.
    pub hour: f64,
    /// People who go first at the desks that take the service, whatever they came for.
    pub ahead: f64,
    /// What their visits take, seconds in all.
    pub ahead_s: f64,
    /// Desks open for the service, at least one.
    pub desks: f64,
    /// How long whoever has waited longest has waited, seconds; `None`: nobody waits.
    pub oldest_s: Option<f64>,
    /// What looking ahead by the real rule says, seconds; `None` where desks or visits are not known well enough.
    pub look_s: Option<f64>,
}

/// A promise whose call has not come yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// What was foreseen.
    pub forecast: Forecast,
    features: Vec<f64>,
    blend_log: f64,
    /// What each formula said; one of them is the forecast.
    pub blend: Guess,
    /// See `blend`.
    pub simple: Guess,
}

/// How blend and simple formula have done at a service: fading sums of errors, and how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Compared {
    blend: f64,
    simple: f64,
    count: f64,
    method: Option<Method>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Learned {
    pace: Pace,
    corrections: Option<Ridge>,
    compared: Compared,
}

/// What a branch has learned. Serialized with the ledger's snapshots.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    blend: Ridge,
    ranges: Tracker,
    simple_ranges: Tracker,
    services: BTreeMap<ServiceId, Learned>,
    /// Waits learned from.
    waits: u64,
    /// Seconds between two visits at a desk while people waited, and how many such pauses; fading.
    between: [f64; 2],
}

impl Default for Model {
    fn default() -> Self {
        Self {
            blend: Ridge::new(&START),
            ranges: Tracker::default(),
            simple_ranges: Tracker::default(),
            services: BTreeMap::new(),
            waits: 0,
            between: [0.0; 2],
        }
    }
}

fn log(seconds: f64) -> f64 {
    (seconds.max(0.0) + DELTA_S).ln()
}

fn whole(seconds: f64) -> u32 {
    // saturates: no wait is longer than a century
    seconds.max(0.0).round() as u32
}

/// The blend's view of a situation. Sizes are alike, so that one pull fits all.
fn features(situation: &Situation, inputs: &Inputs, lately_off: f64) -> Vec<f64> {
    let of = |seconds: u32| log(f64::from(seconds));
    let (rate, arithmetic, flow) = (of(inputs.rate_s), of(inputs.queue_s), of(inputs.flow_s));
    let around_noon = (situation.hour - 12.0) / 4.0;
    vec![
        rate,
        arithmetic,
        of(inputs.oldest_s),
        0.3 * around_noon,
        0.3 * around_noon * around_noon,
        0.3 * situation.ahead.ln_1p(),
        0.3 * situation.desks.max(1.0).ln(),
        0.3,
        0.5 * lately_off,
        of(inputs.last_s),
        of(inputs.step_s),
        flow,
        inputs.look_s.map_or((rate + arithmetic + flow) / 3.0, of),
    ]
}

impl Model {
    fn learned(&mut self, service: &ServiceId) -> &mut Learned {
        if !self.services.contains_key(service) {
            self.services.insert(service.clone(), Learned::default());
        }
        // inserted above
        self.services.entry(service.clone()).or_default()
    }

    pub(super) fn pace(&mut self, service: &ServiceId) -> &mut Pace {
        &mut self.learned(service).pace
    }

    pub(super) fn known(&self, service: &ServiceId) -> Option<&Pace> {
        self.services.get(service).map(|learned| &learned.pace)
    }

    /// How many waits it has learned from.
    #[must_use]
    pub fn waits(&self) -> u64 {
        self.waits
    }

    /// What a visit for a service takes, seconds; `typed_s` is what the manager typed.
    #[must_use]
    pub fn visit_s(&self, service: &ServiceId, typed_s: f64) -> f64 {
        self.known(service).map_or(typed_s, |pace| pace.visit_s(typed_s))
    }

    /// For `for_s` seconds from local hour `hour` on people waited for a service while `desks` desks were open for it.
    pub fn elapse(&mut self, service: &ServiceId, hour: f64, for_s: f64, desks: f64) {
        self.pace(service).elapse(hour, for_s, desks);
    }

    /// A desk that takes a service called somebody, for it or for another, while people waited.
    pub fn called(&mut self, service: &ServiceId, hour: f64) {
        self.pace(service).called(hour);
    }

    /// A visit for a service had a desk for `busy_s` seconds, or the customer did not come.
    pub fn visited(&mut self, service: &ServiceId, busy_s: f64, came: bool) {
        let pace = self.pace(service);
        pace.came(came);
        if came {
            pace.visited(busy_s);
        }
    }

    /// A wait ended after `wait_s` seconds: with a call, or because the customer left.
    pub fn stayed(&mut self, service: &ServiceId, wait_s: f64, left: bool) {
        self.pace(service).stayed(wait_s, left);
    }

    /// A desk that became free called again after `between_s` seconds, while people waited.
    pub fn turned(&mut self, between_s: f64) {
        if between_s <= LONGEST_PAUSE_S {
            self.between = [self.between[0] * BETWEEN_KEEP + between_s, self.between[1] * BETWEEN_KEEP + 1.0];
        }
    }

    /// Seconds that go by between two visits at a desk while people wait.
    #[must_use]
    pub fn between_s(&self) -> f64 {
        (self.between[0] + 10.0 * BETWEEN_S) / (self.between[1] + 10.0)
    }

    /// How long visits for a service take: log-normal, shrunk to what the manager typed.
    #[must_use]
    pub fn visits(&self, service: &ServiceId, typed_s: f64) -> Visits {
        let fresh = Pace::default();
        let pace = self.known(service).unwrap_or(&fresh);
        let [count, sum, squares] = pace.visit_logs();
        let typed = typed_s.max(1.0).ln() - VISIT_SD * VISIT_SD / 2.0;
        let log_mean = (sum + SHRUNK * typed) / (count + SHRUNK);
        let apart = (squares - 2.0 * log_mean * sum + log_mean * log_mean * count).max(0.0);
        let log_sd = ((apart + SHRUNK * VISIT_SD * VISIT_SD) / (count + SHRUNK)).sqrt();
        Visits { log_mean, log_sd, no_show: pace.no_show_share(), leaving: pace.leaving_rate() }
    }

    /// A new business day.
    pub fn new_day(&mut self) {
        self.services.values_mut().for_each(|learned| learned.pace.new_day());
    }

    /// Which formula a service's promises are made with now.
    #[must_use]
    pub fn method(&self, service: &ServiceId) -> Method {
        self.services.get(service).and_then(|learned| learned.compared.method).unwrap_or(Method::Learned)
    }

    /// What everyone else would say: people ahead × mean visit ÷ desks, seconds.
    #[must_use]
    pub fn naive_s(&self, service: &ServiceId, typed_s: f64, situation: &Situation) -> f64 {
        let visit_s = self.known(service).map_or(typed_s, |pace| pace.plain_visit_s(typed_s));
        visit_s * situation.ahead / situation.desks
    }

    /// What each predictor makes of a situation.
    fn inputs(&self, service: &ServiceId, typed_s: f64, situation: &Situation) -> Inputs {
        let fresh = Pace::default();
        let pace = self.known(service).unwrap_or(&fresh);
        let Situation { ahead, ahead_s, desks, hour, .. } = *situation;
        let rate_s = (ahead + 1.0) * pace.call_s(typed_s) / desks;
        let queue_s = (ahead_s + pace.visit_s(typed_s)) / desks;
        Inputs {
            queue_s: whole(queue_s),
            rate_s: whole(rate_s),
            oldest_s: whole(situation.oldest_s.unwrap_or(rate_s)),
            last_s: whole(pace.last_wait_s().unwrap_or(queue_s)),
            step_s: whole(pace.last_step_s().map_or(rate_s, |step| step * (ahead + 1.0) / desks)),
            flow_s: whole(pace.flow_s(hour, ahead + 1.0)),
            look_s: situation.look_s.map(whole),
        }
    }

    /// The range the branch may promise in a situation. `typed_s` is what the manager typed for a visit, seconds.
    #[must_use]
    pub fn forecast(&self, service: &ServiceId, typed_s: f64, situation: &Situation) -> Asked {
        let inputs = self.inputs(service, typed_s, situation);
        self.asked(service, situation, whole(self.naive_s(service, typed_s, situation)), inputs)
    }

    /// A forecast built again from what was kept of it: the same, if nothing was learned in between.
    pub(super) fn asked(&self, service: &ServiceId, situation: &Situation, naive_s: u32, inputs: Inputs) -> Asked {
        let learned = self.services.get(service);
        let features = features(situation, &inputs, learned.map_or(0.0, |learned| learned.pace.lately_off()));
        let blend_log = self.blend.predict(&features);
        let own = learned.and_then(|learned| learned.corrections.as_ref());
        let corrected = blend_log + own.map_or(0.0, |own| own.predict(features.get(CORRECTIONS).unwrap_or_default()));
        let bounds = [Some(inputs.rate_s), Some(inputs.queue_s), Some(inputs.oldest_s), inputs.look_s];
        let bounds = bounds.into_iter().flatten().map(|seconds| log(f64::from(seconds)));
        let (least, most) = bounds.fold((f64::MAX, f64::MIN), |(least, most), log| (least.min(log), most.max(log)));
        let blend_s = (corrected.clamp(least - GAP, most + GAP).exp() - DELTA_S).max(1.0);
        let blend = self.ranges.guess(service, blend_s);
        let simple = self.simple_ranges.guess(service, f64::from(naive_s).max(1.0));
        let method = self.method(service);
        let guess = match method {
            Method::Learned => blend,
            Method::Simple => simple,
        };
        let forecast = Forecast {
            low_s: whole(guess.low_s),
            mid_s: whole(guess.middle_s),
            high_s: whole(guess.high_s),
            ahead: whole(situation.ahead),
            desks: whole(situation.desks),
            naive_s: Some(naive_s),
            model: VERSION,
            simple: method == Method::Simple,
            inputs: Some(inputs),
        };
        Asked { forecast, features, blend_log, blend, simple }
    }

    /// A ticket that was promised something has been called after `wait_s` seconds.
    pub fn waited(&mut self, service: &ServiceId, asked: &Asked, wait_s: f64) {
        self.waits += 1;
        let outcome = log(wait_s);
        let Asked { features, blend_log, blend, simple, .. } = asked;
        self.ranges.learn(service, blend, wait_s);
        self.simple_ranges.learn(service, simple, wait_s);
        let rate_s = f64::from(asked.forecast.inputs.map_or(asked.forecast.mid_s, |inputs| inputs.rate_s));
        let (ahead, desks) = (f64::from(asked.forecast.ahead), f64::from(asked.forecast.desks));
        let learned = self.learned(service);
        learned.pace.waited(wait_s, rate_s, ahead, desks);
        learned.compared.learn((blend.middle_s - wait_s).abs(), (simple.middle_s - wait_s).abs());
        let corrections = features.get(CORRECTIONS).unwrap_or_default();
        let own = learned.corrections.get_or_insert_with(|| Ridge::new(&vec![0.0; corrections.len()]));
        own.learn(corrections, outcome - blend_log, SERVICE);
        self.blend.learn(features, outcome, BRANCH);
    }
}

impl Compared {
    fn learn(&mut self, blend: f64, simple: f64) {
        self.blend = self.blend * COMPARED + blend;
        self.simple = self.simple * COMPARED + simple;
        self.count = self.count * COMPARED + 1.0;
        if self.count < CONCLUSIVE {
            return;
        }
        // a little apart, so that it does not flutter
        self.method = match self.method.unwrap_or(Method::Learned) {
            Method::Learned if self.blend > self.simple => Some(Method::Simple),
            Method::Simple if self.blend < 0.97 * self.simple => Some(Method::Learned),
            as_before => Some(as_before),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_the_blend_does_worse_the_simple_formula_is_taken_and_given_back() {
        let mut compared = Compared::default();
        for _ in 0..600 {
            compared.learn(10.0, 8.0);
        }
        assert_eq!(compared.method, Some(Method::Simple));
        for _ in 0..2000 {
            compared.learn(7.0, 8.0);
        }
        assert_eq!(compared.method, Some(Method::Learned));
    }
}
