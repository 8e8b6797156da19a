//! Start to READY with 1,000,000 tickets of history against an empty ledger, and resident memory with that history.
//!
//! `cargo bench --no-default-features --bench hub -- start`; `TICKETS` sets how many, `HISTORY_DIR` keeps the ledger for the next run.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::kit;
use nowserving::branch::Branch;
use nowserving::clock::Clock;
use nowserving::queue::{BootId, By, Command as Ask, Moment};

const A_DAY: u64 = 5_000;

/// Fills a ledger: days of 5,000 tickets, issued, called and finished by five desks.
async fn fill(branch: &Branch, clock: &Clock, tickets: u64) {
    for day in 0..tickets.div_ceil(A_DAY) {
        let tasks: Vec<_> = (1..=5)
            .map(|desk| {
                let branch = branch.clone();
                tokio::spawn(async move {
                    for n in 0..A_DAY / 5 {
                        let n = (day << 32) | (desk << 20) | n;
                        branch.ask(kit::ask(kit::issue(n, "R"))).await.unwrap();
                        branch.ask(kit::ask(Ask::CallNext { desk: kit::desk_id(desk as usize) })).await.unwrap();
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        branch.ask(kit::ask(Ask::CloseDay { by: By::Rule })).await.unwrap();
        clock.advance(86_400_000);
        branch.tick().await;
        assert!(branch.ping().await);
        if day % 20 == 19 {
            eprintln!("{} tickets", (day + 1) * A_DAY);
        }
    }
}

/// Milliseconds from start to the first answer, the best of several, and resident memory then.
fn start(folder: &Path) -> (f64, f64) {
    let mut best = f64::INFINITY;
    let mut resident = 0.0;
    for _ in 0..7 {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let begun = kit::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_nowserving"))
            .args(["run", "--headless", "--silent", "--listen", &address, "--data"])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
        lines.find(|line| line.as_ref().unwrap().starts_with("Ready")).unwrap().unwrap();
        best = best.min(begun.elapsed().as_secs_f64() * 1e3);
        std::thread::sleep(Duration::from_millis(1500));
        resident = kit::resident_kib(child.id()) as f64 / 1024.0;
        child.kill().unwrap();
        child.wait().unwrap();
    }
    (best, resident)
}

/// Measures and prints.
pub(crate) fn run() {
    let tickets = kit::number("TICKETS", 1_000_000);
    let kept = std::env::var_os("HISTORY_DIR").map(std::path::PathBuf::from);
    let (passing, empty) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let folder = kept.unwrap_or_else(|| passing.path().to_owned());
    std::fs::create_dir_all(&folder).unwrap();
    if !nowserving::ledger::path_in(&folder).exists() {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let first = Moment { wall_ms: 1_000_000_000_000, offset_s: 0, mono_ms: 0, boot: BootId(1), trusted: true };
            let clock = Clock::manual(first);
            let (branch, thread) = kit::branch(&folder, clock.clone()).await;
            fill(&branch, &clock, tickets).await;
            branch.stop().await;
            drop(branch);
            thread.join().unwrap();
        });
    }
    let (bare, small) = start(empty.path());
    let (full, large) = start(&folder);
    println!("start to READY: empty {bare:.0} ms ({small:.1} MiB), with {tickets} tickets {full:.0} ms ({large:.1} MiB)");
    kit::promise("difference, ms", full - bare, full - bare <= 50.0, "within 50");
    kit::promise("resident, MiB", large, large < 40.0, "under 40");
}
