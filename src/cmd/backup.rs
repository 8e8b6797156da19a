//! `nowserving backup`: a consistent copy of the ledger.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Args;

use super::{ConfigArg, DataArg, Outcome, say};
use crate::clock::Clock;
use crate::ledger;
use crate::queue::BootId;

/// The folder of backups in a data folder.
const FOLDER: &str = "backups";

/// Copies the ledger while the branch is open.
///
/// The copy is consistent, compact and safe on disk when the command ends. To restore it, stop the branch, remove ledger.db,
/// ledger.db-wal and ledger.db-shm, and put the copy in the place of ledger.db. Backups in the data folder's `backups` are
/// removed after `[personal] backups_days` (7), because they hold names and questions that the ledger erases; a copy elsewhere
/// is yours to remove.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  nowserving backup\n  nowserving backup /media/usb/ledger-monday.db")]
pub struct BackupArgs {
    /// Where to. Without it: backups/ledger-YYYYMMDD-HHMMSS.db in the data folder. An existing file is not replaced.
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Which data folder.
    #[command(flatten)]
    pub data: DataArg,
    /// Which settings.
    #[command(flatten)]
    pub config: ConfigArg,
}

/// Runs the command.
///
/// # Errors
/// If there is no ledger, the settings are wrong, or the copy cannot be written.
pub fn run(args: &BackupArgs) -> Outcome {
    let path = args.data.ledger()?;
    let data = args.data.folder();
    // first, so that a typo in the settings is told before anything is written
    let (settings, _) = args.config.settings(&data)?;
    let folder = data.join(FOLDER);
    let file = match &args.file {
        Some(file) => file.clone(),
        None => {
            std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made.", folder.display()))?;
            let now = Clock::System { vouched: false }.now(BootId(0)).local();
            folder.join(now.format("ledger-%Y%m%d-%H%M%S.db").to_string())
        }
    };
    ledger::backup(&path, &file).context("No backup was made.")?;
    say(&format!("Backed up to {}.", file.display()))?;
    let days = settings.personal.backups_days;
    let age = Duration::from_secs(u64::from(days) * 86_400);
    let gone = ledger::expire_backups(&folder, age).context("The backup was made, but older ones could not be removed.")?;
    for old in gone {
        say(&format!("Removed {}: older than {days} days.", old.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}
