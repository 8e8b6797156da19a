//! `nowserving run`: the hub, and where there is a display its screens.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{ExitCode, Stdio};
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use sd_notify::NotifyState;
use tokio::process::{Child, Command};

use super::{ConfigArg, DataArg, Outcome};
use crate::config::Settings;
use crate::hub::{Hub, HubOptions};
use crate::supervise;

/// The first pause before a screen that ended is started again; it doubles up to half a minute.
const SCREEN_AGAIN: Duration = Duration::from_secs(1);
const SCREEN_AGAIN_MOST: Duration = Duration::from_secs(30);

/// Run the branch: button, kiosk, desks, phones.
///
/// Starts the hub, which holds the ledger and serves every page, and the kiosk screen as a process of its own where there is a
/// display. Stops with Ctrl-C. Only one hub can hold a data folder.
#[derive(Debug, Args)]
#[command(after_help = "Example: nowserving run --data ./data --listen 0.0.0.0:8080 --board")]
pub struct RunArgs {
    #[command(flatten)]
    config: ConfigArg,
    #[command(flatten)]
    data: DataArg,
    #[command(flatten)]
    pub(super) place: ListenArgs,
}

/// Where a hub listens and what it shows.
#[derive(Debug, Args)]
pub struct ListenArgs {
    /// Where phones, desks and screens reach the branch; the settings' [web] listen otherwise
    #[arg(long, value_name = "ADDR:PORT")]
    pub(super) listen: Option<SocketAddr>,
    /// Where the same is served over TLS, with a certificate the branch makes for itself
    #[arg(long, value_name = "ADDR:PORT")]
    pub(super) listen_tls: Option<SocketAddr>,
    /// Start no screens, even if there is a display
    #[arg(long)]
    pub(super) headless: bool,
    /// Make no sound, whatever the settings say
    #[arg(long, env = "NOWSERVING_SILENT")]
    pub(super) silent: bool,
    /// Start the board too
    #[arg(long, conflicts_with = "headless")]
    pub(super) board: bool,
}

impl ListenArgs {
    /// Puts what the command line says over the settings.
    pub(super) fn overrule(&self, settings: &mut Settings) {
        if let Some(listen) = self.listen {
            settings.web.listen = listen;
        }
        if self.listen_tls.is_some() {
            settings.web.listen_tls = self.listen_tls;
        }
        settings.voice.on &= !self.silent;
    }
}

/// Runs the hub until it is asked to stop or a part of it fails.
///
/// # Errors
/// What stood in the way of the start, or which part failed.
pub fn run(args: &RunArgs) -> Outcome {
    super::start_log();
    let folder = args.data.folder();
    let (mut settings, file) = Settings::find(args.config.config.as_deref(), &folder)?;
    args.place.overrule(&mut settings);
    let clock = settings.branch.clock.clock();
    let keys = settings.buttons.keys;
    super::runtime()?.block_on(async {
        let hub = Hub::start(HubOptions { folder: folder.clone(), settings, clock, keys }).await?;
        match file {
            Some(file) => println!("Settings    {}", file.display()),
            None => println!("Settings    none: the built-in example store"),
        }
        println!("Ledger      {}", crate::ledger::path_in(&folder).display());
        serve(hub, &args.place, std::future::pending()).await
    })
}

/// Says where the hub is, shows its screens, and waits for the end: asked for, failed, or `done`.
pub(super) async fn serve(mut hub: Hub, place: &ListenArgs, done: impl Future<Output = anyhow::Result<()>>) -> Outcome {
    announce(&hub);
    let screens = start_screens(&hub, place);
    supervise::notify(NotifyState::Ready);
    let end = tokio::select! {
        asked = supervise::asked_to_stop() => asked.context("Signals cannot be received"),
        failed = hub.failed() => failed,
        done = done => done,
    };
    supervise::notify(NotifyState::Stopping);
    drop(screens);
    hub.stop().await;
    end.map(|()| ExitCode::SUCCESS)
}

fn announce(hub: &Hub) {
    for problem in &hub.problems {
        eprintln!("nowserving: the settings could not be applied whole: {problem}");
    }
    println!("Phones      {}/", hub.public_url);
    println!("Desks       {}/desk", hub.public_url);
    println!("Manager     {}/manage", hub.public_url);
    if let Some(tls) = &hub.tls_url {
        println!("Over TLS    {tls}/desk (a certificate of this branch's own: browsers ask once)");
    }
    if let Some(code) = &hub.first_code {
        println!("First login {}/first with the one-time code {code}", hub.public_url);
    }
    println!("Ready. Stop with Ctrl-C.");
}

/// Screens as processes of their own; they end when this is dropped.
struct Screens(Vec<tokio::task::JoinHandle<()>>);

impl Drop for Screens {
    fn drop(&mut self) {
        for task in &self.0 {
            task.abort();
        }
    }
}

fn start_screens(hub: &Hub, place: &ListenArgs) -> Screens {
    if place.headless {
        return Screens(Vec::new());
    }
    if !has_display() {
        println!("No display: the kiosk and the board are not shown here. Everything else runs.");
        return Screens(Vec::new());
    }
    let mut names = vec!["kiosk"];
    if place.board {
        names.push("board");
    }
    let keep = |name| tokio::spawn(keep_screen(name, hub.local_url.clone(), hub.screen_token.clone()));
    Screens(names.into_iter().map(keep).collect())
}

/// Whether this build can show a screen here.
fn has_display() -> bool {
    #[cfg(feature = "screens")]
    return nowserving_ui::window::display().is_some();
    #[cfg(not(feature = "screens"))]
    return false;
}

fn spawn_screen(name: &str, url: &str, token: &str) -> anyhow::Result<Child> {
    let program: PathBuf = std::env::current_exe().context("This program's own file cannot be found")?;
    let mut command = Command::new(program);
    command.args(["screen", name, "--hub", url]).env("NOWSERVING_TOKEN", token).stdin(Stdio::null()).kill_on_drop(true);
    command.spawn().context("The screen could not be started")
}

/// Starts a screen again whenever it ends: button, desks and phones do not notice.
async fn keep_screen(name: &'static str, url: String, token: String) {
    let mut pause = SCREEN_AGAIN;
    loop {
        match spawn_screen(name, &url, &token) {
            Ok(mut child) => match child.wait().await {
                Ok(status) => tracing::warn!(screen = name, %status, "a screen ended; it is started again"),
                Err(error) => tracing::warn!(screen = name, %error, "a screen was lost; it is started again"),
            },
            Err(error) => tracing::error!(screen = name, %error, "no screen"),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(SCREEN_AGAIN_MOST);
    }
}
