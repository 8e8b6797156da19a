//! The record: how often a branch kept its word.
//!
//! Pure. It is told each promise of a number of business days and what came of it ([`Promised`]), and adds them up: all, by
//! service, by length and by day, with the picture of promised against actual. What cannot be scored is counted apart, never
//! left out in silence ([`Apart`]).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::promised::{Promised, Score, Tally};
use super::trend::{Trend, trend};
use crate::queue::{Forecast, Promise, ServiceId};

/// Over how many business days the record runs.
pub const RECORD_DAYS: u32 = 28;
/// How many groups the picture of promised against actual has at the most.
const GROUPS: usize = 6;
/// How many promises a group of the picture has at the least.
const IN_GROUP: usize = 10;

/// How an estimate came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// By all that the branch has learned.
    Learned,
    /// By the simple formula, because it did better here.
    Simple,
}

/// What is counted apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Apart {
    /// Labelled "learning" when they were made.
    pub learning: Tally,
    /// Let others pass or moved to another line before the first call.
    pub void: u32,
    /// Gone before the upper end.
    pub left_before: u32,
    /// No clock can tell.
    pub unknown: u32,
    /// Still waiting.
    pub open: u32,
}

/// One business day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DayTally {
    /// Its date.
    pub date: NaiveDate,
    /// How often the word was kept.
    pub tally: Tally,
}

/// Promises of like length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Length {
    /// The middle of what was promised, minutes: from this on; `None`: from nothing.
    pub from_min: Option<u32>,
    /// Below this; `None`: without end.
    pub below_min: Option<u32>,
    /// How often the word was kept.
    pub tally: Tally,
}

/// One group of the picture of promised against actual: promises of about the same length, in minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Group {
    /// How many were called.
    pub count: u32,
    /// The lower end that was shown, in the mean.
    pub promised_from: f64,
    /// The upper end that was shown, in the mean.
    pub promised_to: f64,
    /// One in ten was called sooner.
    pub actual_low: f64,
    /// Half were called sooner.
    pub actual_mid: f64,
    /// One in ten was called later.
    pub actual_high: f64,
}

/// What a manager may want to know besides, of called tickets with a forecast.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// How many.
    pub count: u32,
    /// Mean absolute error of the middle, minutes.
    pub mae_min: f64,
    /// The same of the simple formula, over those for which it said something.
    pub naive_mae_min: f64,
    /// Mean width of the shown range, minutes.
    pub width_min: f64,
    /// Share within the unrounded range, 0 to 1. It should be 0.8.
    pub inside: f64,
    /// Share above the unrounded range. It should be 0.1.
    pub above: f64,
}

/// How often the branch kept its word.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Record {
    /// Business days it covers at the most.
    pub days: u32,
    /// The first and the last date with a promise in it.
    pub dates: Option<[NaiveDate; 2]>,
    /// All promises that count.
    pub all: Tally,
    /// Those that do not.
    pub apart: Apart,
    /// By service.
    pub services: BTreeMap<ServiceId, Tally>,
    /// By length, short to long: cut where the promised middles fall into three equal parts, in whole minutes.
    pub lengths: Vec<Length>,
    /// By business day, oldest first.
    pub by_day: Vec<DayTally>,
    /// Whether the last days are worse than those before.
    pub trend: Trend,
    /// The picture's groups, short to long.
    pub groups: Vec<Group>,
    /// For managers.
    pub figures: Figures,
    /// How each service's estimate comes about now. A service that is not in it is estimated by what was learned.
    pub methods: BTreeMap<ServiceId, Method>,
}

impl Record {
    /// Scores `promises`, which may come in any order, up to business day `today`: the [`RECORD_DAYS`] newest count.
    #[must_use]
    pub fn of<'a>(promises: impl Iterator<Item = &'a Promised>, today: u32, methods: BTreeMap<ServiceId, Method>) -> Self {
        let recent = promises.filter(|one| one.day <= today && today - one.day < RECORD_DAYS);
        let mut record = Self { days: RECORD_DAYS, methods, ..Self::default() };
        let mut days = BTreeMap::<u32, DayTally>::new();
        let mut scored = Vec::new();
        for one in recent {
            let score = one.score();
            if record.put_apart(one, score) {
                continue;
            }
            record.all.add(score);
            record.services.entry(one.service.clone()).or_default().add(score);
            let new = DayTally { date: one.date, tally: Tally::default() };
            days.entry(one.day).or_insert(new).tally.add(score);
            scored.push((one.middle_min(), score, one));
        }
        scored.sort_by(|(a, ..), (b, ..)| a.total_cmp(b));
        record.lengths = lengths(&scored);
        record.groups = groups(&scored);
        record.figures = figures(scored.iter().map(|(.., one)| *one));
        let tallies: Vec<_> = days.iter().map(|(day, of_day)| (*day, of_day.tally)).collect();
        record.trend = trend(&tallies, today);
        record.by_day = days.into_values().collect();
        record.dates = record.by_day.first().zip(record.by_day.last()).map(|(first, last)| [first.date, last.date]);
        record
    }

    /// Counts a promise apart if it does not belong in the headline.
    fn put_apart(&mut self, one: &Promised, score: Score) -> bool {
        let apart = &mut self.apart;
        match score {
            Score::Void => apart.void += 1,
            Score::Unknown => apart.unknown += 1,
            Score::Open => apart.open += 1,
            Score::LeftBefore => apart.left_before += 1,
            Score::Kept | Score::Earlier | Score::Later if one.promise.learning => apart.learning.add(score),
            Score::Kept | Score::Earlier | Score::Later => return false,
        }
        true
    }
}

type Scored<'a> = (f64, Score, &'a Promised);

/// Short, medium and long: cut at the terciles of the promised middle, rounded to whole minutes so that the cuts can be read.
fn lengths(sorted: &[Scored<'_>]) -> Vec<Length> {
    let cut = |part: usize| sorted.get(sorted.len() * part / 3).map_or(0, |(middle, ..)| middle.round() as u32);
    let mut cuts: Vec<u32> = [cut(1), cut(2)].into_iter().filter(|cut| *cut > 0).collect();
    cuts.dedup();
    let ends = cuts.iter().copied().map(Some).chain([None]);
    let mut from_min = None;
    let mut lengths = Vec::new();
    for below_min in ends {
        let mut length = Length { from_min, below_min, tally: Tally::default() };
        let long_enough = |middle: f64| from_min.is_none_or(|from| middle >= f64::from(from));
        for (middle, score, _) in sorted {
            if long_enough(*middle) && below_min.is_none_or(|below| *middle < f64::from(below)) {
                length.tally.add(*score);
            }
        }
        if length.tally.count() > 0 {
            lengths.push(length);
        }
        from_min = below_min;
    }
    lengths
}

/// Groups of about equal size, by the promised middle.
fn groups(sorted: &[Scored<'_>]) -> Vec<Group> {
    let called: Vec<_> =
        sorted.iter().filter_map(|(.., one)| one.called_min().map(|minutes| (one.promise, minutes))).collect();
    let count = (called.len() / IN_GROUP).min(GROUPS);
    if count == 0 {
        return Vec::new();
    }
    called.chunks(called.len().div_ceil(count)).map(group).collect()
}

fn group(called: &[(Promise, f64)]) -> Group {
    let count = called.len() as f64;
    let mean = |of: fn(&Promise) -> u32| called.iter().map(|(promise, _)| f64::from(of(promise))).sum::<f64>() / count;
    let mut waits: Vec<f64> = called.iter().map(|(_, minutes)| *minutes).collect();
    waits.sort_by(f64::total_cmp);
    // the nearest rank: a wait that somebody had
    let rank = |share: f64| waits.get(((waits.len() - 1) as f64 * share).round() as usize).copied().unwrap_or(0.0);
    Group {
        count: u32::try_from(called.len()).unwrap_or(u32::MAX),
        promised_from: mean(Promise::said_from_min),
        promised_to: mean(|promise| promise.to_min),
        actual_low: rank(0.1),
        actual_mid: rank(0.5),
        actual_high: rank(0.9),
    }
}

fn figures<'a>(scored: impl Iterator<Item = &'a Promised>) -> Figures {
    let called = scored.filter_map(|one| Some((one.promise, one.promise.forecast?, one.called_min()?)));
    let mut sum = Figures::default();
    let mut naive = 0.0;
    for (promise, forecast, minutes) in called {
        let Forecast { low_s, mid_s, high_s, naive_s, .. } = forecast;
        let minutes_of = |seconds: u32| f64::from(seconds) / 60.0;
        sum.count += 1;
        sum.mae_min += (minutes_of(mid_s) - minutes).abs();
        if let Some(naive_s) = naive_s {
            naive += 1.0;
            sum.naive_mae_min += (minutes_of(naive_s) - minutes).abs();
        }
        sum.width_min += f64::from(promise.to_min.saturating_sub(promise.said_from_min()));
        let above = minutes > minutes_of(high_s);
        sum.above += f64::from(u8::from(above));
        sum.inside += f64::from(u8::from(!above && minutes >= minutes_of(low_s)));
    }
    let count = f64::from(sum.count.max(1));
    Figures {
        count: sum.count,
        mae_min: sum.mae_min / count,
        naive_mae_min: sum.naive_mae_min / f64::max(naive, 1.0),
        width_min: sum.width_min / count,
        inside: sum.inside / count,
        above: sum.above / count,
    }
}

#[cfg(test)]
mod tests;
