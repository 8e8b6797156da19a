//! `nowserving backtest`: what the promise would have been worth on a history.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use super::{Outcome, say};
use crate::backtest;
use crate::history::Tz;

/// Replays a history of tickets and scores what would have been promised.
///
/// The history is read event by event; the estimator is told only what was known at each moment. Scored are the tickets that
/// waited and were called. The columns and the forms of dates that are read are in docs/reference/history.md: at least
/// `service` and `issued_at`, and `called_at` for anything to be scored. Rows that contradict themselves are refused, counted
/// and named by line. Nothing is written and no branch is needed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  nowserving backtest tickets-2025.csv.gz\n  \
    nowserving backtest tickets.csv --timezone Europe/Warsaw --service Returns --json")]
pub struct BacktestArgs {
    /// The history, plain or packed by gzip.
    #[arg(value_name = "FILE.csv[.gz]")]
    pub file: PathBuf,
    /// Say it as JSON: {"sets": [{"set", "n", "methods": {…}}], "rows", "used", "refused", "by_reason", "first", "notes"}.
    #[arg(long)]
    pub json: bool,
    /// Score only tickets of this service; the others still stand in the line. BRANCH/SERVICE where several branches have it.
    #[arg(long, value_name = "SERVICE")]
    pub service: Option<String>,
    /// Business days at the start of each branch that are scored apart, as `first_days`.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(0..=3650))]
    pub skip_days: u32,
    /// The zone of times that carry no offset, like Europe/Warsaw. Without it they are taken as they stand.
    #[arg(long, value_name = "ZONE", value_parser = super::timezone)]
    pub timezone: Option<Tz>,
}

/// Runs the command.
///
/// # Errors
/// If the file cannot be read, its first line does not name the columns, no row can be used, or no ticket is of the service.
pub fn run(args: &BacktestArgs) -> Outcome {
    let history = super::open_history(&args.file, args.timezone)?;
    let options = backtest::Options { service: args.service.clone(), skip_days: args.skip_days };
    let report = backtest::run(history, &options).with_context(|| format!("{} was not scored.", args.file.display()));
    super::end_progress();
    let report = report?;
    if report.history.used == 0 {
        anyhow::bail!("No row of {} can be used.\n{}", args.file.display(), report.history);
    }
    if args.json {
        say(&serde_json::to_string(&report)?)?;
    } else {
        say(report.to_string().trim_end())?;
    }
    if let Some(service) = &args.service
        && report.sets.iter().all(|set| set.n == 0)
    {
        anyhow::bail!("No ticket of the service {service} waited and was called: is it written as in the file?");
    }
    Ok(ExitCode::SUCCESS)
}
