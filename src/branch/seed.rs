//! What the settings file says of services, desks, hours and rules, brought into the ledger.
//!
//! Both may change them: the file at a start, staff while running. Whoever changed last wins: a section of the file is applied
//! at a start only if it differs from the section that was applied last, so that what staff changed since stays.

use std::path::Path;

use super::{Ask, Branch, Failure};
use crate::ledger::{self, Fault};
use crate::queue::{Command, Desk, Hours, Rules, Service};

/// The sections of the settings file that live in the ledger. `None`: the file says nothing of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seed {
    /// All services.
    pub services: Option<Vec<Service>>,
    /// All desks.
    pub desks: Option<Vec<Desk>>,
    /// The opening hours.
    pub hours: Option<Hours>,
    /// The rules.
    pub rules: Option<Rules>,
}

impl Seed {
    /// The example store: returns, pick-up, questions; three desks; always open.
    #[must_use]
    pub fn example() -> Self {
        let services = vec![
            Service::new("R", "Return or exchange", "the item, the receipt or the card you paid with", "rust"),
            Service::new("P", "Pick up an order", "the order number or your ID", "teal"),
            Service::new("Q", "Ask a question", "", "blue"),
        ];
        let desks = (1..=3).map(|n| Desk::new(&n.to_string(), &format!("Desk {n}"))).collect();
        Self { services: Some(services), desks: Some(desks), hours: None, rules: None }
    }

    /// The commands that bring each section about, with its name and text.
    fn sections(&self, branch: &Branch) -> Vec<(&'static str, String, Vec<Command>)> {
        let live = branch.live();
        let queue = &live.queue;
        let mut sections = Vec::new();
        let text = |value: serde_json::Result<String>| value.unwrap_or_default();
        if let Some(rules) = &self.rules {
            sections.push(("rules", text(serde_json::to_string(rules)), vec![Command::PutRules(rules.clone())]));
        }
        if let Some(hours) = &self.hours {
            sections.push(("hours", text(serde_json::to_string(hours)), vec![Command::PutHours(hours.clone())]));
        }
        if let Some(services) = &self.services {
            let gone = queue.services().map(|state| &state.service.id);
            let gone = gone.filter(|id| services.iter().all(|service| service.id != **id));
            // people choose from them in the order of the list
            let ranked = (1..).zip(services).map(|(rank, service)| Service { rank, ..service.clone() });
            let put = ranked.map(Command::PutService);
            let commands = put.chain(gone.cloned().map(Command::RemoveService)).collect();
            sections.push(("services", text(serde_json::to_string(services)), commands));
        }
        if let Some(desks) = &self.desks {
            let gone = queue.desks().map(|state| &state.desk.id);
            let gone = gone.filter(|id| desks.iter().all(|desk| desk.id != **id));
            let put = desks.iter().cloned().map(Command::PutDesk);
            let commands = put.chain(gone.cloned().map(Command::RemoveDesk)).collect();
            sections.push(("desks", text(serde_json::to_string(desks)), commands));
        }
        sections
    }
}

/// Applies the sections that changed since they were applied last. Says what could not be applied, a sentence each: the branch
/// runs on with what the ledger has.
///
/// # Errors
/// A [`Fault`] if the ledger cannot be used.
pub async fn apply_seed(branch: &Branch, ledger: &Path, seed: &Seed) -> Result<Vec<String>, Fault> {
    let mut problems = Vec::new();
    let connection = ledger::open(ledger)?;
    let sections = seed.sections(branch);
    for (section, text, commands) in sections {
        let name = format!("applied.{section}");
        if ledger::setting(&connection, &name)?.as_ref() == Some(&text) {
            continue;
        }
        let mut written = true;
        for command in commands {
            match branch.ask(Ask { command, actor: "settings".into(), request: None }).await {
                Ok(_) => {}
                Err(Failure::Fault(fault)) => {
                    written = false;
                    problems.push(fault.to_string());
                }
                Err(failure) => problems.push(format!("[{section}] {failure}")),
            }
        }
        // what the disk did not take is tried again at the next start; what is in use stays until staff take it away
        if written {
            ledger::put_setting(&connection, &name, Some(&text))?;
        }
    }
    Ok(problems)
}
