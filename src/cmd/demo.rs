//! `nowserving demo`: the same branch with a simulated day.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use super::Outcome;
use super::run::{ListenArgs, serve};
use crate::config::Settings;
use crate::demo::{self, DemoArgs};
use crate::hub::{Hub, HubOptions};
use crate::ledger::bundle::{How, take_in};
use crate::ledger::{self, By, Entries};
use crate::signage::bundle::Bundle;

/// See the branch alive: a simulated day, sixty times as fast as a real one.
///
/// The same hub, pages and screens as `run`, on a clock of its own, with customers who take numbers, wait, leave, come late, and
/// desks that open, pause and close. Seeded: the same seed gives the same day. Without --data it uses a folder of its own that
/// is removed at the end.
#[derive(Debug, Args)]
#[command(after_help = "Example: nowserving demo --seed 7 --from 11:00 --board")]
pub struct DemoCommand {
    #[command(flatten)]
    day: DemoArgs,
    /// Keep the ledger here, and go on with the day after its last one
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(flatten)]
    place: ListenArgs,
}

/// Plays the days that are asked for, then says what came of them.
///
/// # Errors
/// As `run`; and if the branch refused something that a simulated person should have been allowed.
pub fn run(args: &DemoCommand) -> Outcome {
    super::start_log();
    let plan = args.day.plan();
    let passing = tempfile::tempdir().context("A folder for the demo cannot be made")?;
    let folder = args.data.clone().unwrap_or_else(|| passing.path().to_owned());
    std::fs::create_dir_all(&folder).with_context(|| format!("The folder {} cannot be made", folder.display()))?;
    let path = ledger::path_in(&folder);
    let clock = demo::clock(&path, &plan.options)?;
    let store = demo::store(&plan.options);
    let mut settings = Settings { services: store.services, desks: store.desks, hours: store.hours, ..Settings::default() };
    settings.rules = store.rules;
    settings.branch.name = "nowserving demo".into();
    // nobody can speak sixty times as fast
    settings.voice.on = false;
    args.place.overrule(&mut settings);
    super::runtime()?.block_on(async {
        let hub = Hub::start(HubOptions { folder: folder.clone(), settings, clock: clock.clone(), keys: false }).await?;
        println!("Demo        seed {}, ledger {}", plan.seed, path.display());
        begin_with_examples(&hub).await?;
        let branch = hub.branch.clone();
        let day = async move {
            let summary = demo::drive(&branch, &clock, &plan, std::future::pending()).await?;
            println!("{summary}");
            anyhow::ensure!(summary.unexpected.is_empty(), "The branch refused what it should have allowed.");
            Ok(())
        };
        serve(hub, &args.place, day).await
    })
}

/// A demo has something to read: our own examples, unless its ledger has entries already.
async fn begin_with_examples(hub: &Hub) -> anyhow::Result<()> {
    {
        let accounts = hub.app.accounts();
        if !Entries(&accounts).newest()?.is_empty() {
            return Ok(());
        }
        let by = By { actor: "demo", wall_ms: hub.branch.now().wall_ms };
        take_in(&accounts, &Bundle::example(), How::default(), by, |_, _| {})?;
    }
    Ok(hub.app.reload_content().await?)
}
