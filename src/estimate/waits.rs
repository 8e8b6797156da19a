//! The rows of the public view: what each place in each line may expect.

use std::collections::BTreeMap;

use chrono::Duration;

use super::hall::{Ahead, Lineup};
use super::look::Rank;
use super::{Estimator, outward, typed_s};
use crate::queue::{Moment, OpenState, Queue, ServiceId, ServiceState, WaitRow};

/// How many places a row spells out.
const PLACES: usize = 30;

/// What stands where numbers are not given any more because the wait would end after closing.
const TOO_LATE: &str = "everyone who waits now fills the time until we close";

impl Estimator {
    /// Looks ahead anew where that is due: after what changed the line, and every while. Everybody's wait is read from one
    /// look. Says whether it did.
    pub fn refresh(&mut self, queue: &Queue, at: &Moment) -> bool {
        if self.seen().is_some_and(|ahead| ahead.is_recent(at)) {
            return false;
        }
        let last = queue.last().copied().unwrap_or(*at);
        let ahead = Ahead::of(queue, &self.model, if Ahead::holds_from(&last, at) { &last } else { at });
        // from the last event it is the one that promises are made from
        if self.ahead.is_none() && Ahead::holds_from(&last, at) {
            self.ahead = Some(ahead);
        } else {
            self.later = Some(ahead);
        }
        true
    }

    fn seen(&self) -> Option<&Ahead> {
        self.later.as_ref().or(self.ahead.as_ref())
    }

    /// The row of every service for the public view. Call [`Estimator::refresh`] before.
    #[must_use]
    pub fn waits(&self, queue: &Queue, at: &Moment) -> BTreeMap<ServiceId, WaitRow> {
        let fresh;
        let ahead = match self.seen() {
            Some(ahead) => ahead,
            None => {
                fresh = Ahead::of(queue, &self.model, at);
                &fresh
            }
        };
        queue.services().map(|state| (state.service.id.clone(), self.wait_row(ahead, queue, state, at))).collect()
    }

    fn wait_row(&self, ahead: &Ahead, queue: &Queue, state: &ServiceState, at: &Moment) -> WaitRow {
        let service = &state.service.id;
        let lineup = ahead.lineup(service);
        let mut by_place = lineup.map_or_else(Vec::new, |lineup| self.by_place(ahead, lineup, queue, service, at));
        let now = ahead.newcomer(queue, &self.model, service, false, at);
        let now = now.map(|situation| {
            let forecast = self.model.forecast(service, typed_s(queue, service), &situation).forecast;
            let [from, to] = outward(f64::from(forecast.low_s), f64::from(forecast.high_s));
            // nobody who comes now waits less than the last who waits
            let [least, most] = by_place.last().copied().unwrap_or_default();
            [from.max(least), to.max(most)]
        });
        if by_place.len() < PLACES {
            by_place.extend(now);
        }
        let last = last_number(queue, now, at);
        let too_late = last.is_some_and(|last| last < at.local());
        WaitRow {
            waiting: u32::try_from(queue.waiting(service)).unwrap_or(u32::MAX),
            // open desks: a few
            desks: lineup.map_or(0, |lineup| lineup.desks as u32),
            stopped: state.stopped.clone().or_else(|| too_late.then(|| TOO_LATE.to_owned())),
            takes_until: last.filter(|_| !too_late).map(|last| last.format("%H:%M").to_string()),
            learning: self.is_learning(),
            by_place,
            now,
        }
    }

    /// What those who wait may expect, first to last.
    fn by_place(&self, ahead: &Ahead, lineup: &Lineup, queue: &Queue, service: &ServiceId, at: &Moment) -> Vec<[u32; 2]> {
        let typed_s = typed_s(queue, service);
        let oldest_s = lineup.oldest_s(queue, at);
        let mut before = [0, 0];
        let range = |(priority, rank): (bool, usize)| {
            let outlook = &lineup.outlook;
            let ranks = if priority { &outlook.priority } else { &outlook.normal };
            // beyond what was looked at: as a newcomer would have it there
            let rank = ranks.get(rank).copied().unwrap_or_else(|| Rank { ahead: rank as f64, ..Rank::default() });
            let forecast = self.model.forecast(service, typed_s, &ahead.situation(lineup, oldest_s, &rank, at)).forecast;
            let [from, to] = outward(f64::from(forecast.low_s), f64::from(forecast.high_s));
            // a place further back never waits less
            before = [from.max(before[0]), to.max(before[1])];
            before
        };
        queue.line_ranks(service, PLACES).into_iter().map(range).collect()
    }
}

/// Until when a number may be given today so that its wait, at the upper end, is over in time.
fn last_number(queue: &Queue, now: Option<[u32; 2]>, at: &Moment) -> Option<chrono::NaiveDateTime> {
    let OpenState::Until(closes) = queue.hours().state(at.local()) else { return None };
    let wait = i64::from(now.map_or(0, |[_, to]| to));
    let last = closes + Duration::minutes(i64::from(queue.rules().closing_tolerance_min) - wait);
    (!queue.doubts(at)).then(|| last.min(closes))
}
