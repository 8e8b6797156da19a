//! What a reader must know before trusting a plan, in sentences.

use super::history::{History, MINUTE};
use super::model::Source;
use super::question::weekday_name;
use super::report::{Report, ServiceNote, Trust};
use super::stage::{ENOUGH_DAYS, Stage};

/// From so many days on the figures deserve trust as far as the past is like the future.
const GOOD_DAYS: usize = 8;
/// With fewer people who gave up, the number who leave is a guess.
const FEW_LEAVERS: usize = 10;
/// A simulated median further off than this from the real one is told, minutes and share.
const OFF: (f64, f64) = (2.0, 0.25);

pub(super) fn trust(days: usize) -> Trust {
    match days {
        GOOD_DAYS.. => Trust::Good,
        ENOUGH_DAYS.. => Trust::Fair,
        _ => Trust::Thin,
    }
}

pub(super) fn service_notes(stage: &Stage<'_>) -> Vec<ServiceNote> {
    let note = |service: &crate::queue::Service| {
        let time = stage.model.services.get(&service.id)?;
        Some(ServiceNote {
            id: service.id.to_string(),
            name: service.name.clone(),
            source: time.source,
            visits: time.visits,
            median_min: time.median as f64 / MINUTE as f64,
        })
    };
    stage.branch.services.iter().filter_map(note).collect()
}

pub(super) fn notes(stage: &Stage<'_>, history: &History, report: &Report) -> Vec<String> {
    let mut notes = Vec::new();
    notes.push(match report.trust {
        Trust::Good => {
            format!("{} past days stand behind this. It holds as far as days to come are like them.", stage.past.len())
        }
        Trust::Fair => format!("Only {} past days stand behind this: the intervals are wide for that.", stage.past.len()),
        Trust::Thin => format!(
            "Only {} past {} behind this: a rough guide. How days differ from one another cannot be known from so few, \
             so the true intervals are wider than those shown.",
            stage.past.len(),
            if stage.past.len() == 1 { "day stands" } else { "days stand" }
        ),
    });
    if stage.resampled {
        notes.push(
            "People are drawn from the profile of those days, not replayed: as many and at such times, but others each time."
                .into(),
        );
    }
    services(stage, report, &mut notes);
    leavers(stage, report, &mut notes);
    desks(stage, report, &mut notes);
    if let Some(check) = &report.check {
        let off = (check.median - check.real_median).abs();
        if off > OFF.0 && off > OFF.1 * check.real_median {
            notes.push(format!(
                "With the desks of those days the simulation gives a median of {:.0} minutes; really it was {:.0}. Read the \
                 differences between schedules rather than the waits themselves.",
                check.median, check.real_median
            ));
        }
    }
    if stage.found > stage.past.len() {
        notes.push(format!(
            "There are {} such days; the newest {} are played. More visits (--visits) take more of them.",
            stage.found,
            stage.past.len()
        ));
    }
    if history.doubtful > 0 {
        notes.push(format!("{} past days were left out because the clock jumped on them.", history.doubtful));
    }
    notes
}

fn services(stage: &Stage<'_>, report: &Report, notes: &mut Vec<String>) {
    let came = |id: &str| stage.past.iter().flat_map(|day| &day.visits).any(|visit| visit.service.as_str() == id);
    for service in report.services.iter().filter(|service| came(&service.id)) {
        let name = if service.name.is_empty() { &service.id } else { &service.name };
        match service.source {
            Source::History => {}
            Source::Mixed => notes.push(format!(
                "{name}: only {} past visits; their length is mixed with the minutes that were typed for it ({:.1} min).",
                service.visits, service.median_min
            )),
            Source::Typed => notes.push(format!(
                "{name}: no past visit says how long one takes; the {:.1} minutes that were typed for it are used.",
                service.median_min
            )),
        }
    }
}

fn leavers(stage: &Stage<'_>, report: &Report, notes: &mut Vec<String>) {
    let gave_up = stage.model.gave_up();
    if gave_up == 0 {
        notes.push("Nobody has given up in the past, so nobody does here, however long the wait.".into());
    } else if gave_up < FEW_LEAVERS {
        notes.push(format!("Only {gave_up} people have given up in the past: how many would leave is a guess."));
    }
    for schedule in report.schedules.iter().filter(|schedule| schedule.beyond_past > 0.01 && gave_up > 0) {
        notes.push(format!(
            "With \"{}\", {:.0} % wait longer than anybody has before. How many of them would leave is a guess.",
            schedule.name,
            schedule.beyond_past * 100.0
        ));
    }
    for schedule in &report.schedules {
        if schedule.sent_home >= 0.5 {
            notes.push(format!(
                "With \"{}\", {:.0} people a day are not served by the end of the day: it cannot cope.",
                schedule.name, schedule.sent_home
            ));
        }
        if schedule.turned_away >= 0.5 {
            notes.push(format!(
                "With \"{}\", {:.0} people a day get no number because a line is full.",
                schedule.name, schedule.turned_away
            ));
        }
    }
}

fn desks(stage: &Stage<'_>, report: &Report, notes: &mut Vec<String>) {
    if report.schedules.first().is_none_or(|first| first.name != "as it was") {
        notes.push("When desks were open on those days is not known, so there is no row \"as it was\".".into());
    }
    let most = stage.asked.schedules.iter().map(super::schedule::Schedule::most).max().unwrap_or(0) as usize;
    if most > stage.own_desks {
        notes.push(format!("The branch has had {} desks; any more than that take every service.", stage.own_desks));
    }
    for schedule in &stage.asked.schedules {
        let open = stage.branch.desks.iter().take(schedule.most() as usize);
        let open: Vec<_> = open.collect();
        let untaken = stage.branch.services.iter().filter(|service| {
            let comes = stage.past.iter().flat_map(|day| &day.visits).any(|visit| visit.service == service.id);
            comes && open.iter().all(|desk| !desk.profile.takes(&service.id))
        });
        for service in untaken {
            notes.push(format!("With \"{schedule}\" no open desk takes {}.", service.name));
        }
    }
}

/// What the days of a plan are called: "12 Saturdays, 2026-01-03 to 2026-03-21".
#[must_use]
pub fn days_line(report: &Report) -> String {
    let count = report.dates.len();
    let named = report.day.parse::<chrono::Weekday>().ok().map(weekday_name);
    let (Some(first), Some(last)) = (report.dates.first(), report.dates.last()) else { return String::new() };
    match named {
        Some(day) if count == 1 => format!("1 {day}, {first}"),
        Some(day) => format!("{count} {day}s, {first} to {last}"),
        None if count == 1 => format!("1 day, {first}"),
        None => format!("{count} days, {first} to {last}"),
    }
}
