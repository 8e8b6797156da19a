//! `nowserving check`: is this ledger sound?

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Args;

use super::{DataArg, Outcome, say};
use crate::ledger;

/// Reads the whole ledger and says whether it is sound.
///
/// SQLite's own check; every event in order, with the invariants of the line after each day; the stored state and the history
/// against what the events say. Changes nothing, and may run while the branch is open. Exit code 1 if something is wrong.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  nowserving check --data /var/lib/nowserving")]
pub struct CheckArgs {
    /// Which data folder.
    #[command(flatten)]
    pub data: DataArg,
    /// Say it as JSON: {"events", "days", "tickets", "problems": [sentence…]}.
    #[arg(long)]
    pub json: bool,
}

/// Runs the command.
///
/// # Errors
/// If there is no ledger or it cannot be read at all.
pub fn run(args: &CheckArgs) -> Outcome {
    let path = args.data.ledger()?;
    let watched = std::io::stderr().is_terminal();
    let report = ledger::check(&path, |events| {
        if watched {
            eprint!("\r{events} events read…");
        }
    });
    if watched {
        eprint!("\r\x1b[K");
    }
    let report = report?;
    if args.json {
        say(&serde_json::to_string(&report)?)?;
    } else {
        let ledger::Report { events, days, tickets, problems } = &report;
        for problem in problems {
            say(problem)?;
        }
        let verdict = match problems.len() {
            0 => "is sound".to_owned(),
            1 => "has 1 problem. Keep a copy of the file, and restore a backup".to_owned(),
            n => format!("has {n} problems. Keep a copy of the file, and restore a backup"),
        };
        say(&format!("{} {verdict}: {events} events, {tickets} tickets, {days} business days.", path.display()))?;
    }
    Ok(if report.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
