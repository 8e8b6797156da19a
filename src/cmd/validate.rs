//! `nowserving validate`: is this settings file sound?

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::{Outcome, say};
use crate::config::{ConfigError, Settings};

/// Checks a settings file and says everything that is wrong with it.
///
/// Nothing is started or changed. Each problem is told with line, column, what is allowed there and what was probably meant.
/// Exit code 1 if there is one.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  nowserving validate /etc/nowserving/nowserving.toml")]
pub struct ValidateArgs {
    /// The settings file.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Say it as JSON: {"file", "sound", "problems": [{"line", "column", "key", "message", "nearest"}]}.
    #[arg(long)]
    pub json: bool,
}

/// Runs the command.
///
/// # Errors
/// If the file cannot be read, or is not sound and no JSON was asked for.
pub fn run(args: &ValidateArgs) -> Outcome {
    let file = args.file.display();
    match Settings::load(&args.file) {
        Ok(_) if args.json => say(&json!({ "file": file.to_string(), "sound": true, "problems": [] }).to_string())?,
        Ok(_) => say(&format!("{file} is sound."))?,
        Err(ConfigError::Invalid { problems, .. }) if args.json => {
            say(&json!({ "file": file.to_string(), "sound": false, "problems": problems }).to_string())?;
            return Ok(ExitCode::FAILURE);
        }
        Err(error) => return Err(error.into()),
    }
    Ok(ExitCode::SUCCESS)
}
