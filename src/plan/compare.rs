//! Plays every schedule against the same customers, and says what comes of it.

use std::collections::BTreeMap;

use super::figures::{DayResult, Figure, Results, minutes, per_day, quantile, waits, with};
use super::history::{HOUR, History, PastDay};
use super::notes::{notes, service_notes, trust};
use super::play::{BranchRule, Fate};
use super::question::{Arrivals, NoPlan, Question};
use super::report::{Check, HourReport, Report, ScheduleReport};
use super::stage::{Staffing, Stage};
use super::suggest::suggest;
use crate::queue::{Hours, LeaveReason};

/// A wait that is too long by most people's measure, minutes.
pub const LONG_WAIT: f32 = 15.0;

/// Makes a plan. `progress` hears how much is done, 0 to 1, and says whether to go on.
///
/// # Errors
/// A [`NoPlan`]: no such past days, an unknown service, no schedule, or stopped by `progress`.
pub fn plan(
    history: &History,
    branch: &BranchRule,
    hours: &Hours,
    asked: &Question,
    progress: &mut dyn FnMut(f32) -> bool,
) -> Result<Report, NoPlan> {
    let stage = Stage::set(history, branch, hours, asked)?;
    let mut staffings: Vec<_> = asked.schedules.iter().cloned().map(Staffing::By).collect();
    let known = stage.days.iter().all(|day| !day.as_it_was.is_empty());
    if known {
        staffings.insert(0, Staffing::AsItWas);
    }
    // looking for hours takes about as long as two schedules
    let steps = (staffings.len() + if asked.suggest { 2 } else { 0 }) as f32;
    let results = run(&stage, &staffings, &mut |done| progress(done * staffings.len() as f32 / steps))?;
    let hours_shown = hours_with_people(&results);
    let mut schedules: Vec<_> = staffings
        .iter()
        .zip(&results)
        .map(|(staffing, results)| schedule_report(&stage, staffing, results, &hours_shown))
        .collect();
    let suggestion = match (asked.suggest, results.get(usize::from(known))) {
        (true, Some(base)) => {
            let found = suggest(&stage, base, &mut |done| progress((done * 2.0 + staffings.len() as f32) / steps))?;
            if let Some((staffing, results)) = &found.added {
                schedules.push(schedule_report(&stage, staffing, results, &hours_shown));
            }
            found.suggestion
        }
        _ => super::report::Suggestion::default(),
    };
    let check = match results.first() {
        Some(results) if known && !stage.resampled => Some(check(&stage, results)),
        Some(_) if known => Some(check_replayed(history, branch, hours, asked)?),
        _ => None,
    };
    if !progress(1.0) {
        return Err(NoPlan::Stopped);
    }
    let people = results.first().map_or(0.0, |first| per_day(&first.days().collect::<Vec<_>>(), |d| d.visits.len() as f64));
    let service = asked.service.as_ref().and_then(|id| stage.branch.services.iter().find(|s| s.id == *id));
    let mut report = Report {
        day: asked.day.to_string(),
        dates: stage.past.iter().map(|day| day.date).collect(),
        resampled: stage.resampled,
        replicates: stage.replicates,
        seed: asked.seed,
        service: service.map(|service| service.name.clone()),
        people,
        hours: hours_shown,
        schedules,
        check,
        suggestion,
        trust: trust(stage.past.len()),
        notes: Vec::new(),
        services: service_notes(&stage),
    };
    report.notes = notes(&stage, history, &report);
    Ok(report)
}

/// Plays every day of every replicate under each schedule.
pub(super) fn run(
    stage: &Stage<'_>,
    staffings: &[Staffing],
    progress: &mut dyn FnMut(f32) -> bool,
) -> Result<Vec<Results>, NoPlan> {
    let mut results: Vec<Results> = vec![Results::default(); staffings.len()];
    for replicate in 0..stage.replicates {
        let customers = stage.customers(replicate);
        for (staffing, results) in staffings.iter().zip(&mut results) {
            let days = customers.iter().enumerate().map(|(day, customers)| stage.play(staffing, day, customers));
            results.0.push(days.collect::<Result<_, _>>()?);
        }
        if !progress((replicate + 1) as f32 / stage.replicates as f32) {
            return Err(NoPlan::Stopped);
        }
    }
    Ok(results)
}

/// The hours in which at least one person comes in two days.
fn hours_with_people(results: &[Results]) -> Vec<u8> {
    let Some(first) = results.first() else { return Vec::new() };
    let mut people: BTreeMap<u8, f64> = BTreeMap::new();
    for visit in first.days().flat_map(|day| &day.visits) {
        *people.entry(visit.hour).or_default() += 1.0;
    }
    people.into_iter().filter(|(_, count)| *count / first.count() >= 0.5).map(|(hour, _)| hour).collect()
}

pub(super) fn median(days: &[&DayResult], hour: Option<u8>) -> f64 {
    quantile(&mut waits(days.iter().copied(), |visit| hour.is_none_or(|hour| visit.hour == hour)), 0.5)
}

/// The hours of waiting of a day, of all together.
pub(super) fn waited_hours(day: &DayResult) -> f64 {
    day.visits.iter().map(|visit| f64::from(visit.wait)).sum::<f64>() / 60.0
}

fn schedule_report(stage: &Stage<'_>, staffing: &Staffing, results: &Results, hours: &[u8]) -> ScheduleReport {
    let seed = stage.asked.seed;
    let figure = |of: &dyn Fn(&[&DayResult]) -> f64| results.figure(seed, of);
    let mean = |of: fn(&DayResult) -> f64| results.figure(seed, |days| per_day(days, of));
    let all: Vec<_> = results.days().collect();
    let share = |days: &[&DayResult], longer: f32| {
        let (mut long, mut count) = (0, 0);
        for visit in days.iter().flat_map(|day| &day.visits) {
            count += 1;
            long += u32::from(visit.wait > longer);
        }
        f64::from(long) / f64::from(count.max(1))
    };
    let longest = minutes(stage.model.patience.iter().map(|wait| wait.ms).max().unwrap_or(0));
    ScheduleReport {
        name: match staffing {
            Staffing::AsItWas => "as it was".into(),
            Staffing::By(schedule) => schedule.to_string(),
        },
        median: figure(&|days| median(days, None)),
        p90: figure(&|days| quantile(&mut waits(days.iter().copied(), |_| true), 0.9)),
        over_15: figure(&|days| share(days, LONG_WAIT)),
        leave: mean(|day| with(day, Fate::GaveUp)),
        sent_home: per_day(&all, |day| with(day, Fate::SentHome)),
        turned_away: per_day(&all, |day| with(day, Fate::TurnedAway)),
        desk_hours: mean(|day| day.staffed as f64 / HOUR as f64),
        waited_hours: mean(waited_hours),
        beyond_past: share(&all, longest),
        by_hour: hours.iter().map(|hour| hour_report(results, *hour)).collect(),
    }
}

fn hour_report(results: &Results, hour: u8) -> HourReport {
    let days = results.count();
    let visits = || results.days().flat_map(|day| &day.visits).filter(|visit| visit.hour == hour);
    let mut waits = waits(results.days(), |visit| visit.hour == hour);
    HourReport {
        hour,
        people: visits().count() as f64 / days,
        median: quantile(&mut waits, 0.5),
        p90: quantile(&mut waits, 0.9),
        leave: visits().filter(|visit| visit.fate == Fate::GaveUp).count() as f64 / days,
    }
}

/// The check where people are drawn: only the real ones can be held beside what really happened.
fn check_replayed(history: &History, branch: &BranchRule, hours: &Hours, asked: &Question) -> Result<Check, NoPlan> {
    let asked = Question { arrivals: Arrivals::Replay, ..asked.clone() };
    let stage = Stage::set(history, branch, hours, &asked)?;
    let results = run(&stage, &[Staffing::AsItWas], &mut |_| true)?;
    Ok(check(&stage, &results.into_iter().next().unwrap_or_default()))
}

/// The real days beside the simulated ones.
fn check(stage: &Stage<'_>, simulated: &Results) -> Check {
    let counts = |day: &&PastDay| -> Vec<_> {
        let service = stage.asked.service.as_ref();
        day.visits.iter().filter(|visit| service.is_none_or(|id| *id == visit.service)).cloned().collect()
    };
    let visits: Vec<_> = stage.past.iter().flat_map(counts).collect();
    let mut real: Vec<f32> =
        visits.iter().filter_map(|visit| Some(minutes(visit.called?.saturating_sub(visit.issued)))).collect();
    let left = visits.iter().filter(|v| v.left.is_some_and(|(_, reason)| reason != LeaveReason::Answered)).count();
    let all: Vec<_> = simulated.days().collect();
    Check {
        real_median: quantile(&mut real, 0.5),
        real_p90: quantile(&mut real, 0.9),
        real_leave: left as f64 / stage.past.len().max(1) as f64,
        median: median(&all, None),
        p90: quantile(&mut waits(all.iter().copied(), |_| true), 0.9),
        leave: per_day(&all, |day| with(day, Fate::GaveUp)),
    }
}

/// The median wait of those who come in an hour of the day.
pub(super) fn figure_of(results: &Results, seed: u64, hour: u8) -> Figure {
    results.figure(seed, |days| median(days, Some(hour)))
}
