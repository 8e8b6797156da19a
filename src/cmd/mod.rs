//! The command line: one file a subcommand, each with its arguments and a `run`.
//!
//! Exit codes: 0 it is done; 1 something is wrong or could not be done, said on standard error; 2 the command line itself was
//! wrong. What a program may want to read goes to standard output, everything else to standard error.

pub mod backtest;
pub mod backup;
pub mod check;
pub mod content;
pub mod demo;
pub mod doctor;
pub mod export;
pub mod import;
mod place;
pub mod plan;
pub mod run;
pub mod say;
#[cfg(feature = "screens")]
pub mod screen;
#[cfg(feature = "screens")]
pub mod snapshot;
pub mod token;
pub mod validate;

use std::io::IsTerminal;
use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::history::{self, History, HistoryError, Tz};

pub use place::{ConfigArg, DataArg, default_data};

/// How a command ends: with an exit code, or with an error that is shown with its causes and ends as 1.
pub type Outcome = Result<ExitCode, anyhow::Error>;

/// The software of a store's service desk: tickets, desks, a board and an honest wait.
#[derive(Debug, Parser)]
#[command(name = "nowserving", version, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "Each command has its own help: nowserving check --help")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// A new command is a line here and a line in [`Command::run`].
#[derive(Debug, Subcommand)]
enum Command {
    Run(run::RunArgs),
    Demo(demo::DemoCommand),
    Validate(validate::ValidateArgs),
    Check(check::CheckArgs),
    Doctor(doctor::DoctorArgs),
    Export(export::ExportArgs),
    Content(content::ContentArgs),
    Backtest(backtest::BacktestArgs),
    Import(import::ImportArgs),
    Backup(backup::BackupArgs),
    Plan(plan::PlanArgs),
    Token(token::TokenArgs),
    Say(say::SayArgs),
    #[cfg(feature = "screens")]
    Screen(screen::ScreenArgs),
    #[cfg(feature = "screens")]
    Snapshot(snapshot::SnapshotArgs),
}

impl Command {
    fn run(&self) -> Outcome {
        match self {
            Self::Run(args) => run::run(args),
            Self::Demo(args) => demo::run(args),
            Self::Validate(args) => validate::run(args),
            Self::Check(args) => check::run(args),
            Self::Doctor(args) => doctor::run(args),
            Self::Export(args) => export::run(args),
            Self::Content(args) => content::run(args),
            Self::Backtest(args) => backtest::run(args),
            Self::Import(args) => import::run(args),
            Self::Backup(args) => backup::run(args),
            Self::Plan(args) => plan::run(args),
            Self::Token(args) => token::run(args),
            Self::Say(args) => say::run(args),
            #[cfg(feature = "screens")]
            Self::Screen(args) => screen::run(args),
            #[cfg(feature = "screens")]
            Self::Snapshot(args) => snapshot::run(args),
        }
    }
}

/// Does what the command line says.
#[must_use]
pub fn main() -> ExitCode {
    match Cli::parse().command.run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{}", explain(&error));
            ExitCode::FAILURE
        }
    }
}

/// Says on standard error what goes on: warnings, or what `RUST_LOG` asks for.
fn start_log() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,nowserving=info"));
    // only a second call fails, and the first one's log goes on
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).try_init();
}

/// The threads of a hub: as many as there are cores.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

/// A time zone of the command line.
fn timezone(name: &str) -> Result<Tz, String> {
    name.parse().map_err(|_| format!("there is no time zone {name}; write it like Europe/Warsaw"))
}

/// Opens a history that says on standard error how far it is: on a terminal in one line, else a line every million rows.
fn open_history(path: &Path, timezone: Option<Tz>) -> Result<History, HistoryError> {
    let watched = std::io::stderr().is_terminal();
    let history = History::open(path, history::Options { timezone })?;
    Ok(history.watched(move |progress| {
        let share = progress.of.map(|of| format!(", {:.0} %", 100.0 * progress.bytes as f64 / of.max(1) as f64));
        let share = share.unwrap_or_default();
        if watched {
            eprint!("\r{} rows read{share}…", progress.rows);
        } else if progress.rows.is_multiple_of(1_000_000) {
            eprintln!("{} rows read{share}…", progress.rows);
        }
    }))
}

/// Clears the line of progress, if there was one.
fn end_progress() {
    if std::io::stderr().is_terminal() {
        eprint!("\r\x1b[K");
    }
}

/// An error with its causes, a line each. Causes that an error has already told are left out.
fn explain(error: &anyhow::Error) -> String {
    let mut told = format!("nowserving: {error}");
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !told.contains(&cause) {
            told.push_str("\n  because: ");
            told.push_str(&cause);
        }
    }
    told
}

/// Writes a line that a program may read. A reader that has gone away is no error.
fn say(line: &str) -> Result<(), std::io::Error> {
    use std::io::{ErrorKind, Write};
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound_and_every_command_shows_an_example() {
        let cli = Cli::command();
        cli.clone().debug_assert();
        for command in cli.get_subcommands() {
            let name = command.get_name();
            let help = command.clone().render_long_help().to_string();
            assert!(help.contains("Example") && help.contains(&format!("nowserving {name}")), "{name}: {help}");
            assert!(command.get_long_about().is_some(), "{name} needs a sentence more");
        }
    }

    #[test]
    fn causes_are_told_once() {
        let cause = std::io::Error::other("the card is gone");
        let error = anyhow::Error::new(cause).context("no backup was made");
        assert_eq!(explain(&error), "nowserving: no backup was made\n  because: the card is gone");
        let error = anyhow::anyhow!("the card is gone").context("no backup: the card is gone");
        assert_eq!(explain(&error), "nowserving: no backup: the card is gone");
    }
}
