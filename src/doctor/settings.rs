//! The settings file.

use super::finding::Finding;
use super::place::Place;
use crate::config::{ConfigError, FILE_NAME};

/// How many of a file's problems are told; mending these brings the others.
const TOLD: usize = 5;

/// Looks at the settings file.
pub(super) fn examine(place: &Place) -> Vec<Finding> {
    let finding = match &place.file {
        None => {
            let what = "There is no settings file: everything has its default, and services and desks are an example's until you change them.";
            let mend = format!(
                "Put yours at {} (docs/reference/nowserving.toml is one to copy).",
                place.folder.join(FILE_NAME).display()
            );
            let fresh = !crate::ledger::path_in(&place.folder).exists();
            if fresh {
                Finding::warn("settings", what, mend)
            } else {
                Finding::ok("settings", "There is no settings file: what it would say has its default.")
            }
        }
        Some(Ok(file)) => {
            Finding::ok("settings", format!("{} is sound.", file.display())).fact("file", file.display().to_string())
        }
        Some(Err(error)) => return broken(error),
    };
    vec![finding]
}

fn broken(error: &ConfigError) -> Vec<Finding> {
    let ConfigError::Invalid { file, problems } = error else {
        let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
        return vec![Finding::fail(
            "settings",
            format!("{error}{cause}."),
            "Check the path and the file's rights, or choose another with --config.",
        )];
    };
    let mut found: Vec<_> = problems
        .iter()
        .take(TOLD)
        .map(|problem| {
            let what = format!("{}:{}:{}: {}", file.display(), problem.line, problem.column, problem.message);
            let mend = match &problem.nearest {
                Some(nearest) => format!("Write `{nearest}`, and then: nowserving validate {}", file.display()),
                None => {
                    format!("Change it as docs/reference/config.md says, and then: nowserving validate {}", file.display())
                }
            };
            Finding::fail("settings", what, mend)
        })
        .collect();
    if let Some(more) = problems.len().checked_sub(TOLD).filter(|more| *more > 0) {
        let mend = format!("See them all: nowserving validate {}", file.display());
        found.push(Finding::fail("settings", format!("{more} more problems are in the file."), mend));
    }
    found
}
