//! How the demo is asked for.

use chrono::{NaiveDate, NaiveTime};

use super::{Pace, ScenarioOptions};
use crate::queue::DeskId;

/// What is played, and how fast.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The same seed gives the same days.
    pub seed: u64,
    /// How fast.
    pub pace: Pace,
    /// How many days; `None`: until stopped.
    pub days: Option<u32>,
    /// Until this time of the first day, play as fast as possible.
    pub from: Option<NaiveTime>,
    /// Desks nobody simulated sits at, so that a person can.
    pub without_desks: Vec<DeskId>,
    /// The first day and the opening hours.
    pub options: ScenarioOptions,
}

/// The options of `nowserving demo` that say what is played.
#[derive(Clone, Debug, clap::Args)]
pub struct DemoArgs {
    /// The same seed gives the same days
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many times faster than real time
    #[arg(long, default_value_t = 60.0, value_parser = speed)]
    pub speed: f64,
    /// Do not wait at all: a load for soak tests
    #[arg(long, conflicts_with = "speed")]
    pub as_fast_as_possible: bool,
    /// End after this many days, otherwise when stopped
    #[arg(long, value_name = "N")]
    pub days: Option<u32>,
    /// The date of the first day
    #[arg(long, value_name = "YYYY-MM-DD", default_value_t = ScenarioOptions::default().date)]
    pub date: NaiveDate,
    /// Begin in the middle of the first day: what came before is played as fast as possible
    #[arg(long, value_name = "HH:MM", value_parser = time)]
    pub from: Option<NaiveTime>,
    /// A desk to leave to you (may be given more than once)
    #[arg(long, value_name = "DESK")]
    pub without_desk: Vec<String>,
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(speed) if (0.1..=100_000.0).contains(&speed) => Ok(speed),
        _ => Err("give a number from 0.1 to 100000".into()),
    }
}

fn time(text: &str) -> Result<NaiveTime, String> {
    NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| "give a time such as 12:30".into())
}

impl DemoArgs {
    /// What these options ask for.
    #[must_use]
    pub fn plan(&self) -> Plan {
        Plan {
            seed: self.seed,
            pace: if self.as_fast_as_possible { Pace::AsFastAsPossible } else { Pace::Times(self.speed) },
            days: self.days,
            from: self.from,
            without_desks: self.without_desk.iter().map(|desk| desk.as_str().into()).collect(),
            options: ScenarioOptions { date: self.date, ..ScenarioOptions::default() },
        }
    }
}
