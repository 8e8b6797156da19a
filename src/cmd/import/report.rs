//! What an import brought, for people and programs.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::history::{Report, Tz};
use crate::ledger::Taken;
use crate::queue::ServiceId;

/// Services that are named in the report for people; the rest is counted.
const NAMED: usize = 20;

/// What an import brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Imported {
    /// Whether nothing was written because nothing should be.
    pub(super) dry_run: bool,
    /// The zone that times without an offset were read in.
    pub(super) timezone: String,
    /// Tickets that are new in the ledger.
    pub(super) imported: u64,
    /// Tickets that were imported before.
    pub(super) known: u64,
    /// The first local day of those.
    pub(super) from: Option<String>,
    /// The last.
    pub(super) to: Option<String>,
    /// New and known tickets by service of the branch and name in the file.
    pub(super) services: BTreeMap<String, BTreeMap<String, u64>>,
    /// Rows of services that the branch does not have, by their name.
    pub(super) unknown_services: BTreeMap<String, u64>,
    /// Rows of services that --map leaves out.
    pub(super) left_out: u64,
    /// Rows of other branches.
    pub(super) other_branches: u64,
    /// Rows of days that the branch has records of its own for.
    pub(super) own_days: u64,
    /// Rows left out because a thousand others are of the same millisecond.
    pub(super) crowded: u64,
    /// The first day the branch has records of its own for.
    pub(super) first_own_day: Option<String>,
    /// What became of the rows of the file.
    #[serde(flatten)]
    pub(super) history: Report,
}

impl Imported {
    pub(super) fn new(dry_run: bool, timezone: Tz, first_own_day: Option<String>) -> Self {
        Self { dry_run, timezone: timezone.to_string(), first_own_day, ..Self::default() }
    }

    /// Whether the branch has records of its own of that day.
    pub(super) fn is_own(&self, date: &str) -> bool {
        self.first_own_day.as_deref().is_some_and(|first| first <= date)
    }

    pub(super) fn count(&mut self, taken: Taken, service: &ServiceId, name: &str, date: String) {
        match taken {
            Taken::New => self.imported += 1,
            Taken::Known => self.known += 1,
            Taken::Crowded => {
                self.crowded += 1;
                return;
            }
        }
        let by_name = self.services.entry(service.to_string()).or_default();
        *by_name.entry(name.to_owned()).or_default() += 1;
        self.from.get_or_insert_with(|| date.clone());
        self.to = Some(date);
    }

    pub(super) fn finish(&mut self, history: Report) {
        self.history = history;
    }
}

impl fmt::Display for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.history)?;
        let verb = if self.dry_run { "would be imported" } else { "imported" };
        write!(f, "{} tickets {verb}", self.imported)?;
        if let (Some(from), Some(to)) = (&self.from, &self.to) {
            write!(f, ", of {from} to {to}")?;
        }
        writeln!(f, " (times without an offset are {}).", self.timezone)?;
        for (service, names) in &self.services {
            let names = names.iter().map(|(name, count)| format!("{count} of {name}"));
            writeln!(f, "  {service}: {}", names.collect::<Vec<_>>().join(", "))?;
        }
        let left_out = [
            (self.known, "were imported before".to_owned()),
            (
                self.own_days,
                self.first_own_day.as_ref().map_or(String::new(), |day| {
                    format!("are of {day} or later, which this branch has records of its own for")
                }),
            ),
            (self.other_branches, "are of other branches".to_owned()),
            (self.left_out, "are left out by --map".to_owned()),
            (self.crowded, "are left out: a thousand others have the same millisecond".to_owned()),
            (self.unknown_services.values().sum(), "are of services that this branch does not have:".to_owned()),
        ];
        for (count, why) in left_out.iter().filter(|(count, _)| *count > 0) {
            writeln!(f, "{count} rows {why}")?;
        }
        for (name, count) in self.unknown_services.iter().take(NAMED) {
            writeln!(f, "  {count} of {name}")?;
        }
        let unnamed = self.unknown_services.len().saturating_sub(NAMED);
        if unnamed > 0 {
            writeln!(f, "  and {unnamed} more services.")?;
        }
        if !self.unknown_services.is_empty() {
            writeln!(f, "  To take them over, say which is which: --map \"THEIRS=OURS\"; \"THEIRS=\" leaves one out.")?;
        }
        if self.imported > 0 && !self.dry_run {
            writeln!(f, "The branch learns from them when it starts.")?;
        }
        Ok(())
    }
}
