//! `nowserving content`: all content of a branch out into one file, and into another branch.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};

use super::{DataArg, Outcome, say};
use crate::clock::Clock;
use crate::ledger::bundle::{As, How, Taken, pack, take_in};
use crate::ledger::{self, Audit, By};
use crate::queue::BootId;
use crate::signage::bundle::{Bundle, MOST_BYTES};

/// What the ledger writes down of who did it.
const ACTOR: &str = "nowserving content";

/// Writes all content of a branch into one file, or takes such a file in.
///
/// Content is what customers can read: entries with their pictures, what names in braces stand for, playlists. Both work while
/// the branch runs, which shows within seconds what was imported.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  nowserving content export answers.json\n  nowserving content import answers.json --dry-run\n  nowserving content import answers.json --draft"
)]
pub struct ContentArgs {
    #[command(subcommand)]
    command: ContentCommand,
}

#[derive(Debug, Subcommand)]
enum ContentCommand {
    Export(ExportArgs),
    Import(ImportArgs),
    Example(ExampleArgs),
}

/// Writes all content into one file: JSON, with the pictures inside.
#[derive(Debug, Args)]
#[command(after_help = "Example: nowserving content export answers.json")]
struct ExportArgs {
    /// Where to; it replaces a file of that name once everything is written.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    data: DataArg,
}

/// Takes a file in, whole or not at all: entries of a known name get a new version, others are new, and the rest stays.
///
/// What names in braces stand for is a branch's own, such as its phone number: those that it has already stay as they are.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 it is done, or nothing had to be; 1 the file was not taken in, and nothing was changed.\nExample: nowserving content import answers.json --draft --json"
)]
struct ImportArgs {
    /// Which file.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    data: DataArg,
    /// Show all entries of the file at once, whatever the file says
    #[arg(long, conflicts_with = "draft")]
    publish: bool,
    /// Show none before somebody publishes it
    #[arg(long)]
    draft: bool,
    /// Also replace what names in braces stand for here
    #[arg(long)]
    replace_fields: bool,
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
    /// Say what was done as JSON
    #[arg(long)]
    json: bool,
}

/// Takes our own example content in: thirty questions of a store's service desk, some in German and Spanish too.
#[derive(Debug, Args)]
#[command(after_help = "Example: nowserving content example")]
struct ExampleArgs {
    #[command(flatten)]
    data: DataArg,
}

/// Runs the command.
///
/// # Errors
/// If there is no ledger, the file cannot be read or written, or it is not what it should be; nothing was changed then.
pub fn run(args: &ContentArgs) -> Outcome {
    match &args.command {
        ContentCommand::Export(args) => export(args),
        ContentCommand::Import(args) => import(args),
        ContentCommand::Example(args) => put(&args.data, &Bundle::example(), How::default(), "the example content", false),
    }
}

fn now_ms() -> i64 {
    Clock::System { vouched: false }.now(BootId(0)).wall_ms
}

fn export(args: &ExportArgs) -> Outcome {
    let connection = ledger::open_read(&args.data.ledger()?)?;
    let bundle = pack(&connection, now_ms())?;
    write(&args.file, &bundle)?;
    let (entries, pictures) = (bundle.entries.len(), bundle.images.len());
    eprintln!("{entries} entries and {pictures} pictures written to {}.", args.file.display());
    Ok(ExitCode::SUCCESS)
}

/// Writes beside the file first, so that a full disk leaves an earlier one as it was.
fn write(path: &Path, bundle: &Bundle) -> Result<(), anyhow::Error> {
    let cannot = || format!("{} cannot be written.", path.display());
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let written = (|| -> Result<(), anyhow::Error> {
        let mut file = std::io::BufWriter::new(File::create(&part)?);
        serde_json::to_writer_pretty(&mut file, bundle)?;
        file.write_all(b"\n")?;
        file.into_inner()?.sync_all()?;
        std::fs::rename(&part, path)?;
        Ok(())
    })();
    if written.is_err() {
        // what is half written is of no use; it may not exist either
        let _ = std::fs::remove_file(&part);
    }
    written.with_context(cannot)
}

fn import(args: &ImportArgs) -> Outcome {
    let cannot = || format!("{} cannot be read. Nothing was changed.", args.file.display());
    let mut bytes = Vec::new();
    // no more than a file may have, whatever is behind that name
    File::open(&args.file).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes)).with_context(cannot)?;
    let bundle = Bundle::read(&bytes)
        .map_err(anyhow::Error::msg)
        .context(format!("{} was not taken in. Nothing was changed.", args.file.display()))?;
    drop(bytes);
    let r#as = match (args.publish, args.draft) {
        (true, _) => As::Live,
        (_, true) => As::Draft,
        _ => As::InTheFile,
    };
    let how = How { r#as, replace_fields: args.replace_fields, dry_run: args.dry_run, services: None };
    put(&args.data, &bundle, how, &args.file.display().to_string(), args.json)
}

fn put(data: &DataArg, bundle: &Bundle, how: How<'_>, name: &str, json: bool) -> Outcome {
    let connection = ledger::open(&data.ledger()?)?;
    let services: BTreeSet<String> =
        ledger::services(&connection)?.into_iter().map(|service| service.id.to_string()).collect();
    let how = How { services: Some(&services), ..how };
    let by = By { actor: ACTOR, wall_ms: now_ms() };
    let watched = std::io::stderr().is_terminal();
    let said = |at: usize, of: usize| {
        if watched {
            eprint!("\rPicture {} of {of}…", at + 1);
        }
    };
    let taken = take_in(&connection, bundle, how, by, said);
    super::end_progress();
    let taken = taken.with_context(|| format!("{name} was not taken in. Nothing was changed."))?;
    if !how.dry_run && !taken.is_nothing() {
        Audit(&connection).note(by, "content imported", name)?;
    }
    if json {
        say(&serde_json::to_string(&taken)?)?;
    } else {
        say(&told(&taken, how.dry_run))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What was done, a line each.
fn told(taken: &Taken, dry_run: bool) -> String {
    let mut lines = vec![format!(
        "{} new entries, {} changed, {} the same already; {} new pictures.",
        taken.new.len(),
        taken.changed.len(),
        taken.same,
        taken.images
    )];
    let names = |names: &[String]| names.join(", ");
    if !taken.fields.is_empty() {
        lines.push(format!("Names in braces that are new here: {}.", names(&taken.fields)));
    }
    if !taken.fields_kept.is_empty() {
        let kept = names(&taken.fields_kept);
        lines.push(format!("Names in braces that stay as they are here (--replace-fields replaces them): {kept}."));
    }
    if !taken.playlists.is_empty() {
        lines.push(format!("Playlists: {}.", names(&taken.playlists)));
    }
    if !taken.unknown_services.is_empty() {
        let services = names(&taken.unknown_services);
        lines.push(format!("This branch has no service {services}: what is for it alone is not shown to those who wait."));
    }
    if dry_run {
        lines.push("Nothing was changed: this was a dry run.".into());
    }
    lines.join("\n")
}
