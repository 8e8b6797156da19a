//! What a plan is asked for, and which past days answer it.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::history::{History, PastDay};
use super::schedule::Schedule;
use crate::queue::ServiceId;

/// The most weeks that may be looked back.
pub const MOST_WEEKS: u32 = 520;

/// Which past days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayChoice {
    /// Every such weekday.
    Weekday(Weekday),
    /// One day.
    Date(NaiveDate),
    /// Every day.
    All,
}

/// Not a choice of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give a weekday such as saturday, a date such as 2026-03-07, or all")]
pub struct BadDay;

impl FromStr for DayChoice {
    type Err = BadDay;

    fn from_str(text: &str) -> Result<Self, BadDay> {
        if text.eq_ignore_ascii_case("all") {
            return Ok(Self::All);
        }
        let date = || NaiveDate::parse_from_str(text, "%Y-%m-%d").map(Self::Date);
        text.parse().map(Self::Weekday).or_else(|_| date()).map_err(|_| BadDay)
    }
}

pub(super) fn weekday_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

impl fmt::Display for DayChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Weekday(day) => f.write_str(weekday_name(*day)),
            Self::Date(date) => write!(f, "{date}"),
            Self::All => f.write_str("all days"),
        }
    }
}

impl DayChoice {
    fn fits(self, date: NaiveDate) -> bool {
        match self {
            Self::Weekday(day) => date.weekday() == day,
            Self::Date(day) => date == day,
            Self::All => true,
        }
    }
}

/// Where the people of a played day come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Arrivals {
    /// Replayed where there are enough days, drawn from their profile otherwise.
    #[default]
    Auto,
    /// Those who came on the past days, when they came.
    Replay,
    /// As many and at such times as on the past days, but others each time.
    Resample,
}

/// What a plan is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Which past days.
    pub day: DayChoice,
    /// How many weeks before the newest past day count, 1 to [`MOST_WEEKS`].
    pub weeks: u32,
    /// The schedules to compare. The first is the one that a suggestion adds a desk to.
    pub schedules: Vec<Schedule>,
    /// Whose waits are counted; `None`: everybody's. All services are played in any case.
    pub service: Option<ServiceId>,
    /// Where people come from.
    pub arrivals: Arrivals,
    /// The same seed gives the same plan.
    pub seed: u64,
    /// How many visits are played for each schedule, about: more give steadier figures and take longer.
    pub visits: usize,
    /// Whether to look for the best hours of one more desk.
    pub suggest: bool,
}

impl Question {
    /// Two to five desks on such days, from the last twelve weeks.
    #[must_use]
    pub fn new(day: DayChoice) -> Self {
        Self {
            day,
            weeks: 12,
            schedules: (2..=5).map(Schedule::constant).collect(),
            service: None,
            arrivals: Arrivals::Auto,
            seed: 1,
            visits: 40_000,
            suggest: true,
        }
    }
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPlan {
    /// Nothing is known of the past.
    #[error(
        "There is no closed business day with a visit yet. A plan needs at least one; `nowserving demo --data DIR` makes some to try it."
    )]
    NoDays,
    /// No such day.
    #[error(
        "There is no past day for \"{day}\" in the last {weeks} weeks. There are: {days}. Look further back with --weeks, or take --day all."
    )]
    NoSuchDay {
        /// What was asked for.
        day: String,
        /// How far was looked back.
        weeks: u32,
        /// Which days there are, with their number.
        days: String,
    },
    /// No such service.
    #[error("There is no service \"{service}\". There are: {services}.")]
    NoSuchService {
        /// What was asked for.
        service: ServiceId,
        /// Which there are.
        services: String,
    },
    /// Nothing to compare.
    #[error("Give at least one schedule to compare, and at most 12.")]
    NoSchedule,
    /// Whoever asked wants it no more.
    #[error("The plan was stopped.")]
    Stopped,
    /// The simulation does not fit the core. A defect.
    #[error("The simulated day did something the branch's rules refuse: {0} Please report this.")]
    Refused(String),
}

/// The days that count, and those that were asked for.
pub(super) fn choose<'a>(history: &'a History, asked: &Question) -> Result<(History, Vec<&'a PastDay>), NoPlan> {
    let newest = history.days.iter().rev().find(|day| !day.visits.is_empty()).ok_or(NoPlan::NoDays)?.date;
    let weeks = asked.weeks.clamp(1, MOST_WEEKS);
    let since = newest.checked_sub_days(Days::new(u64::from(weeks) * 7)).unwrap_or(NaiveDate::MIN);
    let recent = || history.days.iter().filter(|day| day.date > since && !day.visits.is_empty());
    let chosen: Vec<_> = recent().filter(|day| asked.day.fits(day.date)).collect();
    if chosen.is_empty() {
        let count = |weekday: Weekday| recent().filter(|day| day.date.weekday() == weekday).count();
        let week = std::iter::successors(Some(Weekday::Mon), |day| Some(day.succ())).take(7);
        let days = week.map(|day| (day, count(day))).filter(|(_, count)| *count > 0);
        let days = days.map(|(day, count)| format!("{count} × {}", weekday_name(day))).collect::<Vec<_>>().join(", ");
        return Err(NoPlan::NoSuchDay { day: asked.day.to_string(), weeks, days });
    }
    let recent = History { days: recent().cloned().collect(), ..history.clone() };
    Ok((recent, chosen))
}

/// How many desks were open at once on an ordinary day of the past, rounded; 2 where that is not known.
#[must_use]
pub fn usual_desks(history: &History) -> u32 {
    let (mut open, mut long) = (0, 0);
    for day in &history.days {
        let from = day.desks.iter().map(|span| span.from).min().unwrap_or(0);
        let to = day.desks.iter().map(|span| span.to).max().unwrap_or(0);
        open += day.desks.iter().map(|span| span.to - span.from).sum::<u64>();
        long += to - from;
    }
    if long == 0 { 2 } else { u32::try_from((2 * open + long) / (2 * long)).unwrap_or(2).max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_said_as_people_say_them() {
        for (text, said) in [("saturday", "Saturday"), ("Mon", "Monday"), ("2026-03-07", "2026-03-07"), ("ALL", "all days")]
        {
            assert_eq!(text.parse::<DayChoice>().unwrap().to_string(), said);
        }
        for text in ["", "someday", "2026-02-30", "7.3.2026"] {
            assert_eq!(text.parse::<DayChoice>(), Err(BadDay), "{text}");
        }
    }
}
