//! `nowserving doctor`: what is wrong, and how is it mended?

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::{ConfigArg, DataArg, Outcome, say};
use crate::clock::Clock;
use crate::config::Settings;
use crate::doctor::{Finding, Place, Running, Verdict, Wishes, examine};
use crate::queue::BootId;

/// Looks at everything the branch stands on, and says what is wrong and how to mend it.
///
/// Board, supply, clock, disk, ledger, log-in, address, certificate, GPIO, buttons, lamps, printer, fonts, screens, sound. One line for each,
/// ok, warn or fail; what is not ok has the mend below it. May run while the branch is open: a running hub keeps its devices and is
/// asked how they are. Changes nothing.
///
/// Exit code 0 if nothing failed (there may be warnings), 1 if something did, or with --strict also if there is a warning.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  sudo -u nowserving nowserving doctor
  sudo -u nowserving nowserving doctor --print-test --sound-test
  nowserving doctor --json --data ./data | jq '.findings[] | select(.verdict != \"ok\")'")]
pub struct DoctorArgs {
    #[command(flatten)]
    config: ConfigArg,
    #[command(flatten)]
    data: DataArg,
    /// Say it as JSON: {"version", "verdict", "findings": [{"part", "verdict", "what", "mend", "facts"}]}; docs/reference/doctor.schema.json
    #[arg(long)]
    json: bool,
    /// Print a ticket that says that it is a test
    #[arg(long)]
    print_test: bool,
    /// Play the chime and say a sentence
    #[arg(long)]
    sound_test: bool,
    /// Never ask for a button to be pressed; without a terminal, and while a hub runs, nobody is asked anyway
    #[arg(long)]
    no_press: bool,
    /// Exit code 1 for warnings too
    #[arg(long)]
    strict: bool,
    /// Look at the machine whose files are below this folder: a card in a reader, or a test's
    #[arg(long, value_name = "DIR", default_value = "/", hide = true)]
    root: PathBuf,
}

/// Runs the command.
///
/// # Errors
/// If the findings cannot be written. Whatever is wrong with the branch is a finding.
pub fn run(args: &DoctorArgs) -> Outcome {
    let folder = args.data.folder();
    let (settings, file) = match Settings::find(args.config.config.as_deref(), &folder) {
        Ok((settings, file)) => (settings, file.map(Ok)),
        Err(error) => (Settings::default(), Some(Err(error))),
    };
    let now = Clock::System { vouched: false }.now(BootId(0));
    let (json, colours) = (args.json, std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none());
    let report = super::runtime()?.block_on(async {
        let hub = Running::ask(&folder).await;
        let asks = !json && !args.no_press && std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        let wishes = Wishes { print: args.print_test, sound: args.sound_test, press: asks && hub.is_none() };
        let place = Place { root: args.root.clone(), folder, settings, file, hub };
        let mut tell = |finding: &Finding| {
            if !json {
                // a reader that has gone away does not keep the doctor from looking
                let _ = say(&line(finding, colours));
            }
        };
        examine(&place, wishes, now.wall_ms, &mut tell).await
    });
    let (failed, warned) = (report.count(Verdict::Fail), report.count(Verdict::Warn));
    if json {
        say(&serde_json::to_string_pretty(&report)?)?;
    } else {
        say(&summary(failed, warned))?;
    }
    let wrong = failed > 0 || (args.strict && warned > 0);
    Ok(if wrong { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn line(finding: &Finding, colours: bool) -> String {
    let word = finding.verdict.word();
    let code = match finding.verdict {
        Verdict::Ok => "32",
        Verdict::Warn => "33",
        Verdict::Fail => "1;31",
    };
    let word = if colours { format!("\x1b[{code}m{word:<4}\x1b[0m") } else { format!("{word:<4}") };
    let mend = finding.mend.as_ref().map(|mend| format!("\n{:22}→ {mend}", "")).unwrap_or_default();
    format!("{word}  {:<14}  {}{mend}", finding.part, finding.what)
}

fn summary(failed: usize, warned: usize) -> String {
    let things = |count| if count == 1 { "1 thing".to_owned() } else { format!("{count} things") };
    match (failed, warned) {
        (0, 0) => "Everything that was looked at is well.".into(),
        (0, warned) => format!(
            "Nothing is broken; {} worth a look.",
            if warned == 1 { "1 thing is".into() } else { format!("{warned} things are") }
        ),
        (failed, 0) => format!("{} to mend.", things(failed)),
        (failed, warned) => format!("{} to mend, {} worth a look.", things(failed), things(warned)),
    }
}
