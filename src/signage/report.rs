//! What answers did: shown, read, helped, and the visits they made needless. Pure, from rows.
//!
//! A visit was answered if its ticket left with that reason. It is put down to the entry that this ticket opened last before;
//! where it opened none, to none. What it would have cost a desk is the mean of the visits to that service that were served.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::EntryId;
use super::experiment::{Effect, Half, effect};
use super::figures::{Figure, at_least_zero, mean_and_deviation, share};
use crate::queue::{ServiceId, TicketId};

/// Whoever takes a number for the same service so soon after may be the one who had left, milliseconds.
const AGAIN_MS: i64 = 30 * 60_000;
/// A half-hour, milliseconds.
const HALF_MS: i64 = 30 * 60_000;

/// A visit, as far as reports need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Whose.
    pub ticket: TicketId,
    /// What for.
    pub service: ServiceId,
    /// When the number was taken, wall clock, milliseconds.
    pub issued_ms: i64,
    /// When it ended, if it has.
    pub ended_ms: Option<i64>,
    /// Whether it left with the reason answered.
    pub answered: bool,
    /// How long a desk served, milliseconds; `None`: none did, or no clock can tell.
    pub transaction_ms: Option<u64>,
}

/// How an entry hung on boards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// What it was called last.
    pub title: String,
    /// How often.
    pub times: u64,
    /// How long in all, milliseconds.
    pub shown_ms: u64,
    /// Each time as many as waited for what it is for.
    pub exposures: u64,
}

/// What became of an entry that somebody had before them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadRow {
    /// When, wall clock, milliseconds.
    pub at_ms: i64,
    /// Which.
    pub entry: EntryId,
    /// What it was called then.
    pub title: String,
    /// `opened`, `helped`, `not_helped`, `answered`, `stayed`, `handed`.
    pub what: String,
    /// Whose ticket, if there is one.
    pub ticket: Option<TicketId>,
}

/// A search after which nothing was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchRow {
    /// When, wall clock, milliseconds.
    pub at_ms: i64,
    /// The words.
    pub words: String,
    /// Whether an entry was likely to be the answer.
    pub fits: bool,
}

/// All that a report is made of.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Visits that began in its time.
    pub visits: Vec<Visit>,
    /// What hung on boards.
    pub shown: BTreeMap<EntryId, Shown>,
    /// What was read, oldest first.
    pub reads: Vec<ReadRow>,
    /// Searches after which nothing was opened.
    pub searches: Vec<SearchRow>,
    /// Half-hours of the experiment: beginning and whether answers were on.
    pub halves: Vec<(i64, bool)>,
    /// Entries, their titles and the day by which somebody should read them again.
    pub entries: Vec<(EntryId, String, Option<NaiveDate>)>,
}

/// One entry's figures.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct EntryReport {
    /// Its name.
    pub id: String,
    /// Its question.
    pub title: String,
    /// How often it hung on a board.
    pub shown: u64,
    /// For how long in all, minutes.
    pub shown_minutes: f64,
    /// Each time as many as waited for what it is for.
    pub exposures: u64,
    /// How often it was opened.
    pub read: u64,
    /// "Yes, that helped", or given back as answered.
    pub helped: u64,
    /// "No."
    pub not_helped: u64,
    /// The share of yes, with Wilson's interval; `None`: nobody said.
    pub helpfulness: Option<Figure>,
    /// Visits that left as answered and had opened this last.
    pub answered: u64,
    /// What these would have cost a desk, minutes.
    pub desk_minutes: f64,
}

/// The visits that were answered, and what they would have cost.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Answered {
    /// Tickets that left as answered.
    pub visits: u64,
    /// Those of them that had opened an entry before.
    pub after_reading: u64,
    /// The share of all tickets, with Wilson's interval.
    pub share: Option<Figure>,
    /// How many of them came back within 30 minutes, by the excess of new numbers for their service. Taken off the minutes where
    /// it is certainly more than none.
    pub retaken: Figure,
    /// Desk minutes saved; 95 % interval for another such time.
    pub desk_minutes: Figure,
    /// Those of them whose service nobody was served for, so that nothing is known of what they would have cost.
    pub without_times: u64,
}

/// What people looked for in vain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sought {
    /// As it was written last.
    pub words: String,
    /// How often nothing fitted.
    pub nothing_fitted: u64,
    /// How often something fitted and was not opened.
    pub not_opened: u64,
    /// When last, wall clock, milliseconds.
    pub last_ms: i64,
}

/// An entry that somebody should read again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    /// Its name.
    pub id: String,
    /// Its question.
    pub title: String,
    /// By when.
    pub by: NaiveDate,
    /// Whether that day has passed.
    pub over: bool,
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// Over how many days.
    pub days: u32,
    /// Tickets taken.
    pub visits: u64,
    /// Those that were answered.
    pub answered: Answered,
    /// Each entry, those that answered most visits first.
    pub entries: Vec<EntryReport>,
    /// What was looked for in vain, the most frequent first.
    pub searches: Vec<Sought>,
    /// Entries to be read again within a week, the oldest first.
    pub due: Vec<Due>,
    /// On against off.
    pub effect: Effect,
}

impl Report {
    /// Makes the report of `days` days up to `today`. `offset_ms`: local time ahead of UTC, for the hours of the experiment.
    #[must_use]
    pub fn of(rows: &Rows, days: u32, today: NaiveDate, offset_ms: i64) -> Self {
        let costs = costs(&rows.visits);
        let read_last = read_last(rows);
        let mut entries = entries(rows);
        for (ticket, entry) in &read_last {
            let Some(visit) = rows.visits.iter().find(|visit| visit.ticket == *ticket) else { continue };
            let title = || rows.reads.iter().rev().find(|read| read.entry == *entry).map(|read| read.title.clone());
            let row = entries.entry(entry.clone()).or_insert_with(|| EntryReport {
                id: entry.to_string(),
                title: title().unwrap_or_default(),
                ..EntryReport::default()
            });
            row.answered += 1;
            row.desk_minutes += costs.get(&visit.service).map_or(0.0, |cost| cost.mean);
        }
        let mut entries: Vec<_> = entries.into_values().collect();
        entries.sort_by(|a, b| (b.answered, b.read, b.shown, &a.id).cmp(&(a.answered, a.read, a.shown, &b.id)));
        Self {
            days,
            visits: rows.visits.len() as u64,
            answered: answered(&rows.visits, &costs, read_last.len() as u64),
            entries,
            searches: sought(&rows.searches),
            due: due(rows, today),
            effect: effect(&halves(rows), |begin| (begin + offset_ms).div_euclid(2 * HALF_MS)),
        }
    }
}

/// What a visit to a service costs a desk.
#[derive(Clone, Copy, Debug)]
struct Cost {
    /// Minutes.
    mean: f64,
    deviation: f64,
    of: f64,
}

fn costs(visits: &[Visit]) -> BTreeMap<ServiceId, Cost> {
    let mut minutes: BTreeMap<ServiceId, Vec<f64>> = BTreeMap::new();
    for visit in visits {
        if let Some(ms) = visit.transaction_ms {
            minutes.entry(visit.service.clone()).or_default().push(ms as f64 / 60_000.0);
        }
    }
    let cost = |(service, minutes): (ServiceId, Vec<f64>)| {
        let (mean, deviation) = mean_and_deviation(&minutes)?;
        Some((service, Cost { mean, deviation, of: minutes.len() as f64 }))
    };
    minutes.into_iter().filter_map(cost).collect()
}

/// The entry that each answered visit opened last.
fn read_last(rows: &Rows) -> BTreeMap<TicketId, EntryId> {
    let ended: BTreeMap<TicketId, i64> =
        rows.visits.iter().filter(|visit| visit.answered).filter_map(|v| Some((v.ticket, v.ended_ms?))).collect();
    let mut last = BTreeMap::new();
    for read in &rows.reads {
        let counts = matches!(read.what.as_str(), "opened" | "handed" | "answered");
        if let Some(ticket) = read.ticket.filter(|ticket| counts && ended.get(ticket).is_some_and(|end| read.at_ms <= *end))
        {
            last.insert(ticket, read.entry.clone());
        }
    }
    last
}

fn entries(rows: &Rows) -> BTreeMap<EntryId, EntryReport> {
    let mut entries: BTreeMap<EntryId, EntryReport> = BTreeMap::new();
    fn row<'a>(entries: &'a mut BTreeMap<EntryId, EntryReport>, id: &EntryId) -> &'a mut EntryReport {
        entries.entry(id.clone()).or_insert_with(|| EntryReport { id: id.to_string(), ..EntryReport::default() })
    }
    for (id, shown) in &rows.shown {
        let entry = row(&mut entries, id);
        entry.title.clone_from(&shown.title);
        (entry.shown, entry.exposures) = (shown.times, shown.exposures);
        entry.shown_minutes = shown.shown_ms as f64 / 60_000.0;
    }
    for read in &rows.reads {
        let entry = row(&mut entries, &read.entry);
        entry.title.clone_from(&read.title);
        match read.what.as_str() {
            "opened" => entry.read += 1,
            "helped" | "answered" | "stayed" => entry.helped += 1,
            "not_helped" => entry.not_helped += 1,
            _ => {}
        }
    }
    // what it is called now; entries that nobody met are in the list too
    for (id, title, _) in &rows.entries {
        row(&mut entries, id).title.clone_from(title);
    }
    for entry in entries.values_mut() {
        entry.helpfulness = share(entry.helped, entry.helped + entry.not_helped);
    }
    entries
}

/// How many of those who left as answered took a number again: the numbers taken for their service in the half-hour after they
/// left, less those taken in the half-hour before. Nobody is known by name, so no more can be told; where the stream of people
/// is even, the two are alike without anyone coming back.
fn retaken(visits: &[Visit]) -> (f64, f64) {
    let mut issued: BTreeMap<&ServiceId, Vec<i64>> = BTreeMap::new();
    for visit in visits {
        issued.entry(&visit.service).or_default().push(visit.issued_ms);
    }
    for times in issued.values_mut() {
        times.sort_unstable();
    }
    let (mut excess, mut variance, mut gone) = (0.0, 0.0, 0.0);
    for visit in visits.iter().filter(|visit| visit.answered) {
        let (Some(end), Some(times)) = (visit.ended_ms, issued.get(&visit.service)) else { continue };
        let between = |from: i64, to: i64| times.partition_point(|at| *at < to) - times.partition_point(|at| *at < from);
        let own = usize::from(visit.issued_ms >= end - AGAIN_MS && visit.issued_ms < end);
        let (before, after) = (between(end - AGAIN_MS, end).saturating_sub(own) as f64, between(end, end + AGAIN_MS) as f64);
        excess += after - before;
        variance += after + before;
        gone += 1.0;
    }
    (f64::clamp(excess, 0.0, gone), f64::sqrt(variance))
}

/// Desk minutes saved: for each service the answered visits times the mean transaction time. The interval is that of a compound
/// Poisson sum, N·(m² + s²), with what is not known of the mean itself, N²·s²/n, and of those retaken (Ross, "Introduction to
/// Probability Models", 5.4.2).
fn answered(visits: &[Visit], costs: &BTreeMap<ServiceId, Cost>, after_reading: u64) -> Answered {
    let mut counts: BTreeMap<&ServiceId, u64> = BTreeMap::new();
    for visit in visits.iter().filter(|visit| visit.answered) {
        *counts.entry(&visit.service).or_default() += 1;
    }
    let total: u64 = counts.values().sum();
    let (mut minutes, mut variance, mut priced, mut without_times) = (0.0, 0.0, 0.0, 0);
    for (service, count) in counts {
        let Some(cost) = costs.get(service) else {
            without_times += count;
            continue;
        };
        let n = count as f64;
        minutes += n * cost.mean;
        variance += n * (cost.mean.powi(2) + cost.deviation.powi(2)) + n * n * cost.deviation.powi(2) / cost.of;
        priced += n;
    }
    let (again, again_deviation) = retaken(visits);
    let mut retaken = at_least_zero(again, again_deviation);
    retaken.interval.high = retaken.interval.high.min(total as f64);
    let each = if priced > 0.0 { minutes / priced } else { 0.0 };
    // what may be chance is not taken off; that it may not be widens the interval
    let certain = if retaken.interval.low > 0.0 { again.min(priced) } else { 0.0 };
    let doubt = each * again_deviation.min(priced);
    let mut desk_minutes = at_least_zero(minutes - certain * each, f64::hypot(variance.sqrt(), doubt));
    // more than every visit saved cannot come of fewer coming back
    desk_minutes.interval.high = desk_minutes.interval.high.min(minutes + 1.96 * variance.sqrt());
    Answered { visits: total, after_reading, share: share(total, visits.len() as u64), retaken, desk_minutes, without_times }
}

/// Words as a group of searches has them in common: small letters without marks, each once, in order.
#[must_use]
pub fn normalised(words: &str) -> String {
    let plain: String = words.nfkd().filter(|c| !is_combining_mark(*c)).collect::<String>().to_lowercase();
    let words: BTreeSet<&str> = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.into_iter().collect::<Vec<_>>().join(" ")
}

fn sought(searches: &[SearchRow]) -> Vec<Sought> {
    let mut groups: BTreeMap<String, Sought> = BTreeMap::new();
    for search in searches {
        let name = normalised(&search.words);
        if name.is_empty() {
            continue;
        }
        let group = groups.entry(name).or_insert_with(|| Sought {
            words: String::new(),
            nothing_fitted: 0,
            not_opened: 0,
            last_ms: i64::MIN,
        });
        *(if search.fits { &mut group.not_opened } else { &mut group.nothing_fitted }) += 1;
        if search.at_ms >= group.last_ms {
            group.words = search.words.trim().to_owned();
            group.last_ms = search.at_ms;
        }
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by_key(|group| {
        std::cmp::Reverse((group.nothing_fitted, group.not_opened, group.last_ms, group.words.clone()))
    });
    groups
}

fn due(rows: &Rows, today: NaiveDate) -> Vec<Due> {
    let soon = today + chrono::Days::new(7);
    let mut due: Vec<Due> = rows
        .entries
        .iter()
        .filter_map(|(id, title, by)| {
            let by = by.filter(|by| *by <= soon)?;
            Some(Due { id: id.to_string(), title: title.clone(), by, over: by < today })
        })
        .collect();
    due.sort_by(|a, b| (a.by, &a.id).cmp(&(b.by, &b.id)));
    due
}

fn halves(rows: &Rows) -> Vec<Half> {
    let mut halves: BTreeMap<i64, Half> = rows
        .halves
        .iter()
        .map(|(begin_ms, answers)| (*begin_ms, Half { begin_ms: *begin_ms, answers: *answers, ..Half::default() }))
        .collect();
    for visit in &rows.visits {
        let Some((_, half)) = halves.range_mut(..=visit.issued_ms).next_back() else { continue };
        if visit.issued_ms - half.begin_ms >= HALF_MS {
            continue;
        }
        half.issued += 1;
        half.answered += u32::from(visit.answered);
        half.desk_minutes += visit.transaction_ms.map_or(0.0, |ms| ms as f64 / 60_000.0);
    }
    halves.into_values().collect()
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
