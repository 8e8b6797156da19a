//! From a call that is durable to its first sound at the player.
//!
//! `cargo bench --no-default-features --bench hub -- voice`; `CALLS`, `PAUSE_MS` between them.

use std::time::Duration;

use nowserving::clock::Clock;
use nowserving::config::VoiceSettings;
use nowserving::queue::{BootId, Command};
use nowserving::voice::speak;
use tokio::sync::watch;

use crate::kit::{self, Times};

/// Measures and prints.
pub(crate) fn run() {
    let (calls, pause) = (kit::number("CALLS", 100), kit::number("PAUSE_MS", 400));
    let folder = tempfile::tempdir().unwrap();
    let times = folder.path().join("times");
    // a player that writes down when the first tenth of a second of sound has come, and then lets it be
    let script = format!("head -c 4410 >/dev/null; date +%s%3N >> {}; cat >/dev/null", times.display());
    let player = ["sh", "-c", &script].map(String::from).to_vec();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let clock = Clock::System { vouched: true };
        let (branch, _thread) = kit::branch(folder.path(), clock.clone()).await;
        let (stop, stopping) = watch::channel(false);
        let settings = VoiceSettings { player, ..VoiceSettings::default() };
        let voice = tokio::spawn(speak(branch.clone(), settings, &[], stopping));
        for n in 0..calls + 30 {
            branch.ask(kit::ask(kit::issue(n, "R"))).await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(5_000)).await;
        // the moment of silence that tries the player
        let mut before = read(&times).len();
        let mut waited = Times::default();
        for n in 0..calls {
            tokio::time::sleep(Duration::from_millis(pause)).await;
            let desk = kit::desk_id(usize::try_from(n).unwrap() % 5 + 1);
            branch.ask(kit::ask(Command::CallNext { desk })).await.unwrap();
            let durable = clock.now(BootId(0)).wall_ms;
            while read(&times).len() == before {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            let sounded = read(&times)[before];
            before = read(&times).len();
            waited.add(Duration::from_millis(u64::try_from(sounded - durable).unwrap_or(0)));
        }
        println!("call durable to sound at the player: {}", waited.line());
        kit::promise("p99, ms", waited.us(0.99) / 1e3, waited.us(0.99) <= 300e3, "wanted <= 300");
        stop.send_replace(true);
        voice.await.unwrap().unwrap();
        branch.stop().await;
    });
}

/// The times that the player has written down, milliseconds of the wall clock.
fn read(path: &std::path::Path) -> Vec<i64> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().filter_map(|line| line.parse().ok()).collect()
}
