//! `nowserving import`: a new branch learns from its former system's records.

mod report;
mod services;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use super::{ConfigArg, DataArg, Outcome, say};
use crate::history::{Happening, History, Tz, What};
use crate::ledger::{self, FolderLock, ImportedVisit, Importer, Taken};
use crate::queue::Service;

use report::Imported;
use services::{Matched, Matcher, Pair};

/// Takes over the tickets of a former system, so that the branch knows its waits from the first day.
///
/// The file has a line a ticket, as for `nowserving backtest`; columns and forms of dates are in docs/reference/history.md.
/// Services are found by their id or name, or as --map says. Rows that contradict themselves, rows of services that this branch
/// does not have and rows of days that it has records of its own for are left out, and the report says how many and why. The
/// same file twice brings nothing new. All is written in one step or nothing; the branch must not be running. It need not have
/// been started yet: then the services are those of the settings file.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  nowserving import tickets.csv.gz --dry-run\n  \
    nowserving import tickets.csv --branch Centre --map \"Returns and refunds=R,Parcels=P,Cash desk=\"")]
pub struct ImportArgs {
    /// The records, plain or packed by gzip.
    #[arg(value_name = "FILE.csv[.gz]")]
    pub file: PathBuf,
    /// Which data folder.
    #[command(flatten)]
    pub data: DataArg,
    /// Which settings.
    #[command(flatten)]
    pub config: ConfigArg,
    /// Which branch of the file, where it has several.
    #[arg(long, value_name = "NAME")]
    pub branch: Option<String>,
    /// Which service of the file is which here: "Returns=R,Parcels=P". Nothing after the sign leaves a service out.
    #[arg(long, value_name = "THEIRS=OURS,…", value_parser = services::pairs)]
    pub map: Vec<Vec<Pair>>,
    /// The zone of times that carry no offset, like Europe/Warsaw. Without it: the zone of this machine.
    #[arg(long, value_name = "ZONE", value_parser = super::timezone)]
    pub timezone: Option<Tz>,
    /// Forget what was imported before, for instance with a wrong --map.
    #[arg(long)]
    pub replace: bool,
    /// Only say what would be imported. May run while the branch is open.
    #[arg(long)]
    pub dry_run: bool,
    /// Say it as JSON: {"imported", "known", "services", "unknown_services", …, "rows", "used", "refused", "by_reason", "first"}.
    #[arg(long)]
    pub json: bool,
}

/// Runs the command.
///
/// # Errors
/// If the file cannot be read, the ledger cannot be used or is in use, the branch is not named though the file has several, or
/// no row could be imported.
pub fn run(args: &ImportArgs) -> Outcome {
    let zone = args.timezone.unwrap_or_else(system_zone);
    let history = super::open_history(&args.file, Some(zone))?;
    let folder = args.data.folder();
    let (settings, _) = args.config.settings(&folder)?;
    let in_settings = |fresh| settings.seed(fresh).services.unwrap_or_default();
    let path = ledger::path_in(&folder);
    let work = Import { args, file: args.file.display().to_string(), zone };
    let imported = if args.dry_run && !path.exists() {
        work.read(history, &Matcher::new(in_settings(true), &args.map)?, None, |_| Ok(Taken::New))
    } else if args.dry_run {
        let connection = ledger::open_read(&path)?;
        let matcher = Matcher::new(known(ledger::services(&connection)?, in_settings), &args.map)?;
        let own = ledger::first_own_day(&connection)?;
        let mut importer = if args.replace { None } else { Some(Importer::look(&connection)?) };
        work.read(history, &matcher, own, |visit| importer.as_mut().map_or(Ok(Taken::New), |importer| importer.take(visit)))
    } else {
        let _lock =
            FolderLock::take(&folder).context("Nothing was imported: a branch that runs has its ledger for itself.")?;
        let mut connection = ledger::open(&path)?;
        let matcher = Matcher::new(known(ledger::services(&connection)?, in_settings), &args.map)?;
        let own = ledger::first_own_day(&connection)?;
        let mut importer = Importer::begin(&mut connection, args.replace)?;
        let imported = work.read(history, &matcher, own, |visit| importer.take(visit));
        match imported {
            Ok(imported) if imported.imported > 0 => importer.commit().map(|()| imported).context("Nothing was imported."),
            other => other,
        }
    };
    super::end_progress();
    let imported = imported?;
    if args.json {
        say(&serde_json::to_string(&imported)?)?;
    } else {
        say(imported.to_string().trim_end())?;
    }
    if imported.imported + imported.known == 0 {
        eprintln!("nowserving: No row of {} could be imported; nothing was changed.", args.file.display());
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// The services of the ledger, and those that the settings file will bring at the next start.
fn known(mut services: Vec<Service>, in_settings: impl Fn(bool) -> Vec<Service>) -> Vec<Service> {
    for service in in_settings(services.is_empty()) {
        if services.iter().all(|known| known.id != service.id) {
            services.push(service);
        }
    }
    services
}

/// The zone of this machine, as `chrono` finds it for the branch's own days: UTC where nothing says.
fn system_zone() -> Tz {
    let named = std::env::var("TZ").ok().and_then(|name| name.trim_start_matches(':').parse().ok());
    named.or_else(|| iana_time_zone::get_timezone().ok()?.parse().ok()).unwrap_or(Tz::UTC)
}

/// One import.
struct Import<'a> {
    args: &'a ImportArgs,
    file: String,
    zone: Tz,
}

impl Import<'_> {
    /// Reads the whole file and hands each ticket that fits to `take`.
    fn read(
        &self,
        mut history: History,
        matcher: &Matcher,
        own: Option<String>,
        mut take: impl FnMut(&ImportedVisit) -> Result<Taken, ledger::Fault>,
    ) -> Result<Imported, anyhow::Error> {
        let mut said = Imported::new(self.args.dry_run, self.zone, own);
        let wanted = self.args.branch.as_deref().map(str::to_lowercase);
        let mut services: BTreeMap<u32, Matched> = BTreeMap::new();
        while let Some(happening) = history.next() {
            let Happening { what, visit, .. } =
                happening.with_context(|| format!("{} was not imported; nothing was changed.", self.file))?;
            if what != What::Issued {
                continue;
            }
            let names = history.names();
            match &wanted {
                Some(wanted) if names.branch(visit.branch).to_lowercase() != *wanted => {
                    said.other_branches += 1;
                    continue;
                }
                None if names.branches().len() > 1 => return Err(several(&self.file, &mut history)),
                _ => {}
            }
            let name = names.service(visit.service);
            let matched = services.entry(visit.service).or_insert_with(|| matcher.find(name));
            let date = visit.date();
            let service = match matched {
                Matched::Unknown => {
                    *said.unknown_services.entry(name.to_owned()).or_default() += 1;
                    continue;
                }
                Matched::LeftOut => {
                    said.left_out += 1;
                    continue;
                }
                Matched::Service(_) if said.is_own(&date) => {
                    said.own_days += 1;
                    continue;
                }
                Matched::Service(service) => service.clone(),
            };
            let desk = visit.desk.and_then(|desk| names.desks(visit.branch).get(desk as usize)).cloned();
            let row = ImportedVisit {
                service: service.clone(),
                priority: visit.priority,
                issued_ms: visit.issued_ms,
                offset_s: visit.offset_s,
                called_ms: visit.called_ms,
                left_ms: visit.left_ms,
                finished_ms: visit.finished_ms,
                desk,
                open_desks: visit.open_desks,
            };
            said.count(take(&row).context("Nothing was imported.")?, &service, name, date);
        }
        said.finish(history.report().clone());
        let branches = history.names().branches();
        if let Some(wanted) = &wanted
            && branches.iter().all(|branch| branch.to_lowercase() != *wanted)
        {
            let asked = self.args.branch.as_deref().unwrap_or_default();
            anyhow::bail!("{} has no branch {asked}. It has: {}.", self.file, branches.join(", "));
        }
        Ok(said)
    }
}

/// The error of a file with several branches, which names them all.
fn several(file: &str, history: &mut History) -> anyhow::Error {
    // what cannot be read any more names no branches
    while let Some(Ok(_)) = history.next() {}
    let names = history.names().branches().join(", ");
    anyhow::anyhow!("{file} has several branches: {names}. Choose one with --branch; nothing was imported.")
}
