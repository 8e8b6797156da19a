//! The life of the hub's tasks: any task's end is the process's end, the watchdog is fed only by a ledger that answers.

use std::path::PathBuf;
use std::time::Duration;

use sd_notify::NotifyState;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::branch::Branch;
use crate::ledger;

/// How often the branch looks at the clock.
const TICK: Duration = Duration::from_secs(1);
/// How often old backups are looked for.
const HOUR: Duration = Duration::from_secs(3600);
/// How long the ledger may take to answer before the watchdog is not fed.
const PATIENCE: Duration = Duration::from_secs(10);

/// The hub's tasks, by name.
#[derive(Debug, Default)]
pub struct Tasks {
    set: JoinSet<(&'static str, anyhow::Result<()>)>,
}

impl Tasks {
    /// Starts a task. When it ends, for whatever reason, [`Tasks::first_end`] says so.
    pub fn start(&mut self, name: &'static str, task: impl Future<Output = anyhow::Result<()>> + Send + 'static) {
        self.set.spawn(async move { (name, task.await) });
    }

    /// Waits until some task ends, and says why.
    ///
    /// # Errors
    /// The task's own error, or that it ended without one, which none should.
    pub async fn first_end(&mut self) -> anyhow::Result<()> {
        match self.set.join_next().await {
            None => std::future::pending().await,
            Some(Ok((name, Ok(())))) => anyhow::bail!("The task {name} ended by itself."),
            Some(Ok((name, Err(error)))) => Err(error.context(format!("The task {name} failed"))),
            Some(Err(error)) => Err(anyhow::Error::new(error).context("A task broke off")),
        }
    }

    /// Waits until every task has ended, a little while at the most.
    pub async fn all_end(&mut self, patience: Duration) {
        let all = async { while self.set.join_next().await.is_some() {} };
        if tokio::time::timeout(patience, all).await.is_err() {
            self.set.abort_all();
        }
    }
}

/// Waits until the hub stops.
pub async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // an error means that the hub is gone, which is a stop too
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

/// Lets the branch look at the clock once a second.
///
/// # Errors
/// None: it runs until it is dropped.
pub async fn tick(branch: Branch, mut stopping: watch::Receiver<bool>) -> anyhow::Result<()> {
    let mut interval = tokio::time::interval(TICK);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = interval.tick() => branch.tick().await,
            () = stopped(&mut stopping) => return Ok(()),
        }
    }
}

/// Ends when the branch's writer does, so that the process ends too and is started again.
///
/// # Errors
/// The writer ended although the hub does not stop.
pub async fn writer(branch: Branch, mut stopping: watch::Receiver<bool>) -> anyhow::Result<()> {
    tokio::select! {
        () = branch.ended() => anyhow::bail!("The ledger's thread broke off. The log says why."),
        () = stopped(&mut stopping) => Ok(()),
    }
}

/// Feeds systemd's watchdog, if there is one, as long as the ledger answers.
///
/// # Errors
/// None: it runs until the hub stops.
pub async fn watchdog(branch: Branch, mut stopping: watch::Receiver<bool>) -> anyhow::Result<()> {
    let Some(limit) = sd_notify::watchdog_enabled() else {
        stopped(&mut stopping).await;
        return Ok(());
    };
    let mut interval = tokio::time::interval(limit / 2);
    loop {
        tokio::select! {
            _ = interval.tick() => {}
            () = stopped(&mut stopping) => return Ok(()),
        }
        if tokio::time::timeout(PATIENCE, branch.ping()).await.unwrap_or(false) {
            notify(NotifyState::Watchdog);
        } else {
            tracing::error!("the ledger does not answer; the watchdog is not fed");
        }
    }
}

/// Removes backups that are older than the personal data they hold may become, at the start and once an hour.
///
/// # Errors
/// None: it runs until the hub stops.
pub async fn expire_backups(folder: PathBuf, age: Duration, mut stopping: watch::Receiver<bool>) -> anyhow::Result<()> {
    let mut interval = tokio::time::interval(HOUR);
    loop {
        tokio::select! {
            _ = interval.tick() => {}
            () = stopped(&mut stopping) => return Ok(()),
        }
        let folder = folder.clone();
        let expired = tokio::task::spawn_blocking(move || ledger::expire_backups(&folder, age)).await?;
        match expired {
            Ok(gone) if gone.is_empty() => {}
            Ok(gone) => tracing::info!(count = gone.len(), "backups expired"),
            Err(error) => tracing::warn!(%error, "old backups could not be removed; they hold personal data"),
        }
    }
}

/// Tells systemd, if it started us.
pub fn notify(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "systemd could not be told");
    }
}

/// Waits until the process is asked to stop: Ctrl-C or SIGTERM.
///
/// # Errors
/// If signals cannot be received.
pub async fn asked_to_stop() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        pressed = tokio::signal::ctrl_c() => pressed,
    }
}
