//! `nowserving export`: the history, for spreadsheets and programs.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use super::{DataArg, Outcome};
use crate::ledger::{self, ExportFormat, Fault};

/// Writes every ticket of the past and of today, a line each.
///
/// Times, desk, outcome, waiting time and what was promised. No ticket keys, names or questions are in it. May run while the
/// branch is open. The columns are in docs/reference/ledger.md.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  nowserving export --out visits.csv\n  nowserving export --format jsonl | head")]
pub struct ExportArgs {
    /// Which data folder.
    #[command(flatten)]
    pub data: DataArg,
    /// How it is written.
    #[arg(long, value_enum, default_value = "csv")]
    pub format: ExportFormat,
    /// Where to; it replaces a file of that name once everything is written. Without it: standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Runs the command. A reader of standard output that stops reading is no error.
///
/// # Errors
/// If there is no ledger, it cannot be read, or the output cannot be written.
pub fn run(args: &ExportArgs) -> Outcome {
    let path = args.data.ledger()?;
    match &args.out {
        Some(out) => {
            let count = to_file(&path, args.format, out)?;
            eprintln!("{count} tickets written to {}.", out.display());
        }
        None => match ledger::export(&path, args.format, std::io::stdout().lock()) {
            Err(Fault::Io { source, .. }) if source.kind() == ErrorKind::BrokenPipe => {}
            result => {
                result?;
            }
        },
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes beside `out` first, so that a full disk leaves an earlier export as it was. What is no plain file (a device, a pipe, a
/// link) stays what it is, and is written to.
fn to_file(path: &Path, format: ExportFormat, out: &Path) -> Result<u64, anyhow::Error> {
    if out.symlink_metadata().is_ok_and(|there| !there.is_file()) {
        let mut file = File::create(out).with_context(|| format!("{} cannot be written.", out.display()))?;
        return Ok(ledger::export(path, format, &mut file)?);
    }
    let mut part = out.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let write = || -> Result<u64, anyhow::Error> {
        let mut file = File::create(&part).with_context(|| format!("{} cannot be written.", part.display()))?;
        let count = ledger::export(path, format, &mut file)?;
        file.flush().and_then(|()| file.sync_all()).with_context(|| format!("{} cannot be written.", part.display()))?;
        std::fs::rename(&part, out).with_context(|| format!("{} cannot be written.", out.display()))?;
        Ok(count)
    };
    let written = write();
    if written.is_err() {
        // what is half written is of no use; it may not exist either
        let _ = std::fs::remove_file(&part);
    }
    written
}
