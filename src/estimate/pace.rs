//! How fast a service's line moves: what its visits take, how often its desks call, how many calls an hour of the day has.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// Visits remembered: the window of the naive predictor.
const VISITS: usize = 50;
/// What a manager's typed minutes count for, visits.
const TYPED: f64 = 5.0;
/// Calls remembered for the recent pace, and the calls of the long-run pace they are shrunk with.
const RECENT: usize = 12;
const SHRUNK: f64 = 6.0;
/// What a typed pace counts for against the long-run one, calls.
const TYPED_CALLS: f64 = 3.0;
/// What a call still counts in the long-run pace after the next one.
const KEEP: f64 = 0.999;
/// The day in bins of half an hour.
const BINS: usize = 48;
const BIN_S: f64 = 1800.0;
/// What the whole day's flow counts for in one bin, seconds of waiting people; and a neighbouring bin's share.
const BIN_PRIOR_S: f64 = 5400.0;
const NEIGHBOUR: f64 = 0.5;
/// What an ordinary day counts for against today's calls so far.
const ORDINARY: f64 = 15.0;
/// Waits remembered for how far predictions have been off lately.
const MISSES: usize = 8;

/// What is known of one service's line. Times are seconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Pace {
    /// How long the last visits had a desk.
    visits: VecDeque<f64>,
    /// Log-normal moments of visits, fading: how many, sum and sum of squares of logarithms.
    logs: [f64; 3],
    /// Desk-seconds gone by while people waited, and the calls they brought.
    desk_s: f64,
    calls: f64,
    /// Desk-seconds since the last call.
    since_call_s: f64,
    recent: VecDeque<f64>,
    /// Calls, and seconds with people waiting, per half-hour of the day; of all days; of today (calls, calls expected).
    flow: Vec<[f64; 2]>,
    flow_all: [f64; 2],
    today: [f64; 2],
    /// The last wait that ended with a call, and the desk-seconds a person ahead it came to.
    last_wait_s: Option<f64>,
    last_step_s: Option<f64>,
    /// How far the pace's predictions were off lately, natural logarithm.
    misses: VecDeque<f64>,
    /// Called and came, called in vain; fading.
    came: [f64; 2],
    /// Left while waiting, and seconds waited by all; fading.
    left: [f64; 2],
}

fn mean(values: &VecDeque<f64>) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn push(values: &mut VecDeque<f64>, value: f64, most: usize) {
    values.push_back(value);
    if values.len() > most {
        values.pop_front();
    }
}

fn bin(hour: f64) -> usize {
    ((hour * 3600.0 / BIN_S) as usize).min(BINS - 1)
}

impl Pace {
    /// A desk was busy with a visit for so long.
    pub(super) fn visited(&mut self, busy_s: f64) {
        push(&mut self.visits, busy_s, VISITS);
        let log = busy_s.max(1.0).ln();
        for (moment, value) in self.logs.iter_mut().zip([1.0, log, log * log]) {
            *moment = *moment * KEEP + value;
        }
    }

    /// Somebody called came, or did not.
    pub(super) fn came(&mut self, came: bool) {
        let now = if came { [1.0, 0.0] } else { [0.0, 1.0] };
        self.came = [self.came[0] * KEEP + now[0], self.came[1] * KEEP + now[1]];
    }

    /// A wait of so long ended, with a call or because the customer left.
    pub(super) fn stayed(&mut self, wait_s: f64, left: bool) {
        let now = [f64::from(u8::from(left)), wait_s];
        self.left = [self.left[0] * KEEP + now[0], self.left[1] * KEEP + now[1]];
    }

    /// For so long people waited while so many desks were open for them.
    pub(super) fn elapse(&mut self, mut hour: f64, mut for_s: f64, desks: f64) {
        self.since_call_s += for_s * desks;
        if self.flow.is_empty() {
            self.flow = vec![[0.0; 2]; BINS];
        }
        while for_s > 0.0 {
            let at = bin(hour);
            let rest = BIN_S - (hour * 3600.0).rem_euclid(BIN_S);
            let part = rest.min(for_s).max(1e-3);
            self.today[1] += part * self.flow_at(at);
            if let Some(flow) = self.flow.get_mut(at) {
                flow[1] += part;
            }
            self.flow_all[1] += part;
            for_s -= part;
            hour = (hour + part / 3600.0) % 24.0;
        }
    }

    /// One of its desks called while people waited.
    pub(super) fn called(&mut self, hour: f64) {
        let spent = std::mem::take(&mut self.since_call_s);
        self.desk_s = (self.desk_s + spent) * KEEP;
        self.calls = (self.calls + 1.0) * KEEP;
        push(&mut self.recent, spent, RECENT);
        if let Some(flow) = self.flow.get_mut(bin(hour)) {
            flow[0] += 1.0;
        }
        self.flow_all[0] += 1.0;
        self.today[0] += 1.0;
    }

    /// What a ticket that was called tells of those behind it. `predicted_s` is the pace's own prediction.
    pub(super) fn waited(&mut self, wait_s: f64, predicted_s: f64, ahead: f64, desks: f64) {
        self.last_wait_s = Some(wait_s);
        self.last_step_s = Some(wait_s * desks / (ahead + 1.0));
        let miss = (wait_s + super::DELTA_S).ln() - (predicted_s + super::DELTA_S).ln();
        push(&mut self.misses, miss.clamp(-1.0, 1.0), MISSES);
    }

    /// A new business day.
    pub(super) fn new_day(&mut self) {
        self.today = [0.0; 2];
        self.since_call_s = 0.0;
    }

    /// What a visit takes: the mean of the last fifty, or the long-run desk-seconds a call where ends are unknown.
    pub(super) fn plain_visit_s(&self, typed_s: f64) -> f64 {
        mean(&self.visits).unwrap_or_else(|| self.long_run_s(typed_s))
    }

    /// The same, shrunk to what the manager typed while little is known.
    pub(super) fn visit_s(&self, typed_s: f64) -> f64 {
        if self.visits.is_empty() {
            return self.long_run_s(typed_s);
        }
        let sum: f64 = self.visits.iter().sum();
        (sum + TYPED * typed_s) / (self.visits.len() as f64 + TYPED)
    }

    /// Fading count, sum and sum of squares of the logarithms of visits.
    pub(super) fn visit_logs(&self) -> [f64; 3] {
        self.logs
    }

    /// The share of those called who do not come, with one in fifty to begin with.
    pub(super) fn no_show_share(&self) -> f64 {
        (self.came[1] + 1.0) / (self.came[0] + self.came[1] + 50.0)
    }

    /// The chance of leaving in a second of waiting, with one in ten hours to begin with.
    pub(super) fn leaving_rate(&self) -> f64 {
        (self.left[0] + 1.0) / (self.left[1] + 36_000.0)
    }

    fn long_run_s(&self, typed_s: f64) -> f64 {
        (self.desk_s + TYPED_CALLS * typed_s) / (self.calls + TYPED_CALLS)
    }

    /// Desk-seconds a call lately.
    pub(super) fn call_s(&self, typed_s: f64) -> f64 {
        let sum: f64 = self.recent.iter().sum();
        (sum + SHRUNK * self.long_run_s(typed_s)) / (self.recent.len() as f64 + SHRUNK)
    }

    /// Calls a second in a half-hour of an ordinary day.
    fn flow_at(&self, at: usize) -> f64 {
        let all = (self.flow_all[0] + 1.0) / (self.flow_all[1] + 240.0);
        let of = |at: Option<usize>| at.and_then(|at| self.flow.get(at)).copied().unwrap_or_default();
        let (own, before, after) = (of(Some(at)), of(at.checked_sub(1)), of(Some(at + 1)));
        let sum = |i: usize| own[i] + NEIGHBOUR * (before[i] + after[i]);
        (sum(0) + all * BIN_PRIOR_S) / (sum(1) + BIN_PRIOR_S)
    }

    /// How long it takes from `hour` on until `people` have been called, by the flow of an ordinary day scaled to today's.
    pub(super) fn flow_s(&self, hour: f64, people: f64) -> f64 {
        let today = ((self.today[0] + ORDINARY) / (self.today[1] + ORDINARY)).clamp(0.3, 3.0);
        let (mut left, mut gone, mut at_s) = (people, 0.0, hour * 3600.0);
        for _ in 0..2 * BINS {
            let bin = (at_s.rem_euclid(86_400.0) / BIN_S) as usize;
            let rest = BIN_S - at_s.rem_euclid(BIN_S);
            let a_second = (self.flow_at(bin) * today).max(1e-5);
            if rest * a_second >= left {
                return gone + left / a_second;
            }
            left -= rest * a_second;
            gone += rest;
            at_s += rest;
        }
        gone
    }

    /// The last wait that ended with a call.
    pub(super) fn last_wait_s(&self) -> Option<f64> {
        self.last_wait_s
    }

    /// Desk-seconds a person ahead, by the last wait that ended with a call.
    pub(super) fn last_step_s(&self) -> Option<f64> {
        self.last_step_s
    }

    /// How far predictions have been off lately, natural logarithm; positive: waits were longer.
    pub(super) fn lately_off(&self) -> f64 {
        self.misses.iter().sum::<f64>() / (self.misses.len() as f64 + 3.0)
    }
}
