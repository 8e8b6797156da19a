//! What a plan says.

use chrono::NaiveDate;
use serde::Serialize;

use super::figures::Figure;
use super::model::Source;

/// How far the figures can be trusted, by the number of days behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// Fewer than four days: a rough guide.
    Thin,
    /// Four to seven days.
    Fair,
    /// Eight days or more.
    Good,
}

/// A plan. Waits are minutes from the number to the first call.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Which days were asked for.
    pub day: String,
    /// The past days that were played.
    pub dates: Vec<NaiveDate>,
    /// Whether arrivals were drawn from the days' profile rather than replayed.
    pub resampled: bool,
    /// How often the days were played.
    pub replicates: usize,
    /// The seed.
    pub seed: u64,
    /// Whose waits these are, if only one service's.
    pub service: Option<String>,
    /// People a day.
    pub people: f64,
    /// The hours of the day that have a row.
    pub hours: Vec<u8>,
    /// The schedules: first the desks as they were, where that is known.
    pub schedules: Vec<ScheduleReport>,
    /// What really happened beside what the simulation makes of the same days with the same desks.
    pub check: Option<Check>,
    /// The best hours for one more desk.
    pub suggestion: Suggestion,
    /// How far the figures can be trusted.
    pub trust: Trust,
    /// What to know before trusting them, a sentence each.
    pub notes: Vec<String>,
    /// Where each service's times come from.
    pub services: Vec<ServiceNote>,
}

/// One schedule's figures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScheduleReport {
    /// What it is called.
    pub name: String,
    /// Half of those who are called wait less, minutes.
    pub median: Figure,
    /// Nine in ten of them wait less, minutes.
    pub p90: Figure,
    /// The share of all who come that waits longer than 15 minutes, 0 to 1.
    pub over_15: Figure,
    /// People a day who give up.
    pub leave: Figure,
    /// People a day who are still waiting when the day ends.
    pub sent_home: f64,
    /// People a day who get no number because the line is full.
    pub turned_away: f64,
    /// Desk hours a day, with the time after closing until the last is served.
    pub desk_hours: Figure,
    /// Hours of waiting a day, of all together.
    pub waited_hours: Figure,
    /// The share of people who wait longer than anybody in the past did, 0 to 1: how many of them would leave is a guess.
    pub beyond_past: f64,
    /// By the hour in which people come.
    pub by_hour: Vec<HourReport>,
}

/// One hour of a schedule's day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct HourReport {
    /// It begins at this hour.
    pub hour: u8,
    /// People a day who come.
    pub people: f64,
    /// Their median wait, minutes.
    pub median: f64,
    /// Nine in ten wait less, minutes.
    pub p90: f64,
    /// How many of them give up, a day.
    pub leave: f64,
}

/// What happened, and what the simulation makes of the same.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Check {
    /// The median wait that was, minutes.
    pub real_median: f64,
    /// Nine in ten waited less, minutes.
    pub real_p90: f64,
    /// How many gave up, a day.
    pub real_leave: f64,
    /// The simulated median.
    pub median: f64,
    /// The simulated 90 %.
    pub p90: f64,
    /// The simulated number of people who give up.
    pub leave: f64,
}

/// The best hours for one more desk.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Suggestion {
    /// The sentence. Empty: nothing was looked for.
    pub sentence: String,
    /// What it costs and saves, in a sentence; empty if there is nothing to suggest.
    pub price: String,
    /// From this hour of the day.
    pub from: Option<u8>,
    /// To this hour.
    pub to: Option<u8>,
    /// The hour whose people gain most.
    pub hour: Option<u8>,
    /// Their median wait without it, minutes.
    pub before: Option<Figure>,
    /// And with it.
    pub after: Option<Figure>,
}

/// Where a service's times come from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ServiceNote {
    /// Its prefix.
    pub id: String,
    /// Its name.
    pub name: String,
    /// From where.
    pub source: Source,
    /// From how many visits.
    pub visits: usize,
    /// What a visit takes in the median, minutes.
    pub median_min: f64,
}
