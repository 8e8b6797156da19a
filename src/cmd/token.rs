//! `nowserving token`: lets a device or a program speak for the branch.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::{DataArg, Outcome, say};
use crate::ledger::{self, Accounts};

/// Enrols a device and prints its bearer token.
///
/// The device sends it as `Authorization: Bearer TOKEN`. Only a hash is kept, so it cannot be shown again; enrolling the same
/// name again gives a new token and ends the old one. Works while the branch is open.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  nowserving token --device entrance-button > entrance-button.token")]
pub struct TokenArgs {
    /// What to call the device in the ledger: 1 to 40 characters.
    #[arg(long, value_name = "NAME", value_parser = device_name)]
    pub device: String,
    /// Which data folder.
    #[command(flatten)]
    pub data: DataArg,
    /// Say it as JSON: {"device", "token"}.
    #[arg(long)]
    pub json: bool,
}

fn device_name(name: &str) -> Result<String, String> {
    let name = name.trim();
    if (1..=40).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    Err("a device's name has 1 to 40 characters".into())
}

/// Runs the command. Nothing but the token goes to standard output.
///
/// # Errors
/// If there is no ledger or it cannot be written.
pub fn run(args: &TokenArgs) -> Outcome {
    let path = args.data.ledger()?;
    // a hub of an older program may be running on an older ledger: it is not upgraded under it
    drop(ledger::open_read(&path)?);
    let connection = ledger::open(&path)?;
    let device = args.device.as_str();
    let token = Accounts(&connection).enrol(device)?;
    if args.json {
        say(&json!({ "device": device, "token": token }).to_string())?;
    } else {
        say(&token)?;
    }
    eprintln!("This is the token of {device:?}. It is shown this once; an earlier token of that name has ended.");
    Ok(ExitCode::SUCCESS)
}
