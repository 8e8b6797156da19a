//! From command to durable, against the floor of the same disk: a bare append of as many bytes with fdatasync.
//!
//! `cargo bench --no-default-features --bench hub -- durable`; `BENCH_DIR` puts the files on another disk.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use crate::kit::{self, Times};
use nowserving::clock::Clock;

const COMMANDS: u64 = 3_000;
const BURST: Duration = Duration::from_secs(4);

/// Bytes one command adds to the write-ahead log, measured over `count` commands.
async fn commands(branch: &nowserving::branch::Branch, from: u64, count: u64) -> Times {
    let mut times = Times::default();
    for n in from..from + count {
        let begun = kit::now();
        branch.ask(kit::ask(kit::issue(n, "R"))).await.unwrap();
        times.add(begun.elapsed());
    }
    times
}

fn bare(path: &Path, bytes: usize, count: u64) -> Times {
    let mut file = std::fs::File::create(path).unwrap();
    let block = vec![0x5a; bytes];
    let mut times = Times::default();
    for _ in 0..count {
        let begun = kit::now();
        file.write_all(&block).unwrap();
        file.sync_data().unwrap();
        times.add(begun.elapsed());
    }
    times
}

async fn rate(branch: &nowserving::branch::Branch, clients: u64) -> f64 {
    let begun = kit::now();
    let tasks: Vec<_> = (0..clients)
        .map(|client| {
            let branch = branch.clone();
            tokio::spawn(async move {
                let mut done = 0;
                while begun.elapsed() < BURST {
                    let n = (clients << 52) | (client << 40) | done;
                    branch.ask(kit::ask(kit::issue(n, "P"))).await.unwrap();
                    done += 1;
                }
                done
            })
        })
        .collect();
    let mut done = 0;
    for task in tasks {
        done += task.await.unwrap();
    }
    done as f64 / begun.elapsed().as_secs_f64()
}

/// Measures and prints.
pub(crate) fn run() {
    let base = std::env::var_os("BENCH_DIR").map_or_else(std::env::temp_dir, Into::into);
    let folder = tempfile::tempdir_in(base).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (branch, thread) = kit::branch(folder.path(), Clock::System { vouched: true }).await;
        let log = folder.path().join("ledger.db-wal");
        let size = || std::fs::metadata(&log).map_or(0, |data| data.len());
        let before = size();
        commands(&branch, 0, 100).await;
        let bytes = ((size() - before) / 100) as usize;
        let (mut ours, mut floor) = (Times::default(), Times::default());
        // in turns, so that both meet the same disk
        for round in 0..6 {
            ours.join(commands(&branch, 1_000 + round * COMMANDS, COMMANDS / 6).await);
            floor.join(bare(&folder.path().join("bare"), bytes, COMMANDS / 6));
        }
        println!("one command adds {bytes} bytes to the log");
        println!("command to durable, one client: {}", ours.line());
        println!("bare append + fdatasync:        {}", floor.line());
        let (median, p99) = (ours.us(0.5) / floor.us(0.5), ours.us(0.99) / floor.us(0.99));
        kit::promise("median ÷ floor", median, median <= 1.5, "at most 1.5");
        kit::promise("p99 ÷ floor", p99, p99 <= 1.5, "at most 1.5");
        let (one, many) = (rate(&branch, 1).await, rate(&branch, 64).await);
        println!("one client {one:.0} commands/s, 64 clients {many:.0} commands/s");
        kit::promise("64 clients ÷ one", many / one, many / one >= 8.0, "at least 8");
        branch.stop().await;
        drop(branch);
        thread.join().unwrap();
    });
}
