//! What is live to be read follows the ledger and the clock; what was shown and read gets into its file.

use std::time::Duration;

use super::{App, Shared};
use crate::ledger::{Fault, bundle};
use crate::supervise;

/// How often what is due by the clock is looked at.
const TICK: Duration = Duration::from_secs(1);
/// How often what was shown and read is written: what a power cut may cost.
const FLUSH: Duration = Duration::from_secs(15);
/// How often what is old is thrown away.
const DAY: Duration = Duration::from_secs(86_400);
/// How long what was shown and read is kept: a year and a month, to compare with the year before.
const KEPT_MS: i64 = 400 * 86_400_000;

impl App {
    /// Shows what the ledger now says is live. To be called after every change to entries, notices or documents.
    ///
    /// # Errors
    /// A [`Fault`] of the disk; what was live stays so.
    pub async fn reload_content(&self) -> Result<(), Fault> {
        self.branch.reload_content(&self.accounts).await
    }
}

/// Follows the clock, and writes the journal. Neither ever ends the hub: the line goes on without.
///
/// # Errors
/// None: it runs until the hub stops.
pub async fn keep_content(app: Shared) -> anyhow::Result<()> {
    let (mut stopping, mut tick) = (app.stopping.clone(), tokio::time::interval(TICK));
    let (mut flush, mut day) = (tokio::time::interval(FLUSH), tokio::time::interval(DAY));
    let mut seen = None;
    loop {
        let stop = tokio::select! {
            _ = tick.tick() => false,
            _ = flush.tick() => {
                write_journal(&app).await;
                continue;
            }
            _ = day.tick() => {
                forget_old(&app).await;
                continue;
            }
            () = supervise::stopped(&mut stopping) => true,
        };
        if stop {
            write_journal(&app).await;
            return Ok(());
        }
        // `nowserving content import` writes beside a hub that runs
        let mark = bundle::mark(&app.accounts()).ok();
        let written = std::mem::replace(&mut seen, mark) != mark;
        if (written || app.branch.content_due())
            && let Err(fault) = app.branch.reload_content(&app.accounts).await
        {
            tracing::error!(error = %fault, "what is due could not be shown");
        }
        app.keep_answers().await;
    }
}

/// A clock that may be wrong forgets nothing.
async fn forget_old(app: &Shared) {
    let (journal, now) = (app.journal.clone(), app.branch.now());
    if now.trusted
        && let Ok(Err(fault)) = tokio::task::spawn_blocking(move || journal.forget(now.wall_ms - KEPT_MS)).await
    {
        tracing::warn!(error = %fault, "what was shown and read long ago could not be thrown away");
    }
}

async fn write_journal(app: &Shared) {
    let journal = app.journal.clone();
    let written = tokio::task::spawn_blocking(move || journal.flush()).await;
    if let Ok(Err(fault)) = written {
        tracing::warn!(error = %fault, "what was shown and read could not be written; it is tried again");
    }
}
