//! From command to durable, against the floor of the same disk: a bare append of as many bytes with fdatasync.
//!
//! `cargo bench --no-default-features --bench hub -- durable`; `BENCH_DIR` puts the files on another disk.

use std::io::{Seek, Write};
use std::path::Path;
use std::time::Duration;

use crate::kit::{self, Times};
use nowserving::clock::Clock;

/// Rounds of each kind, in turns, so that all meet the same disk and the same other work on the machine.
const ROUNDS: u64 = 40;
const A_ROUND: u64 = 100;
const BURST: Duration = Duration::from_secs(4);

async fn commands(branch: &nowserving::branch::Branch, from: u64, count: u64) -> Times {
    let mut times = Times::default();
    for n in from..from + count {
        let begun = kit::now();
        branch.ask(kit::ask(kit::issue(n, "R"))).await.unwrap();
        times.add(begun.elapsed());
    }
    times
}

/// Bytes this process has handed to the system so far.
fn written() -> u64 {
    let io = std::fs::read_to_string("/proc/self/io").unwrap();
    io.lines().find_map(|line| line.strip_prefix("wchar: ")).unwrap().parse().unwrap()
}

/// Writes and syncs `count` times, behind what is there or over it.
pub(crate) fn bare(path: &Path, bytes: usize, count: u64, over: bool) -> Times {
    let mut file = std::fs::File::create(path).unwrap();
    let block = vec![0x5a; bytes];
    if over {
        file.write_all(&vec![0; bytes * count as usize]).unwrap();
        file.sync_all().unwrap();
        file.rewind().unwrap();
    }
    let mut times = Times::default();
    for _ in 0..count {
        let begun = kit::now();
        file.write_all(&block).unwrap();
        file.sync_data().unwrap();
        times.add(begun.elapsed());
    }
    times
}

/// The middle of the rounds' ratios: what one round suffers from other work on the machine does not count for all.
fn ratio(ours: &mut [Times], floor: &mut [Times], share: f64) -> f64 {
    let mut ratios: Vec<f64> = ours.iter_mut().zip(floor).map(|(ours, floor)| ours.us(share) / floor.us(share)).collect();
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

fn pooled(rounds: &[Times]) -> Times {
    let mut all = Times::default();
    rounds.iter().for_each(|round| all.join(round.clone()));
    all
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
        let before = written();
        commands(&branch, 0, 100).await;
        let bytes = ((written() - before) / 100) as usize;
        let (mut ours, mut floor, mut least) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            ours.push(commands(&branch, 1_000 + round * A_ROUND, A_ROUND).await);
            floor.push(bare(&folder.path().join("bare"), bytes, A_ROUND, false));
            least.push(bare(&folder.path().join("bare"), bytes, A_ROUND, true));
        }
        println!("one command writes {bytes} bytes");
        println!("command to durable, one client:   {}", pooled(&ours).line());
        println!("bare append + fdatasync:          {}", pooled(&floor).line());
        println!("bare write in place + fdatasync:  {}", pooled(&least).line());
        println!("without a pause:                  {}", commands(&branch, 100_000, 3_000).await.line());
        let median = ratio(&mut ours, &mut floor, 0.5);
        let p99 = pooled(&ours).us(0.99) / pooled(&floor).us(0.99);
        kit::promise("median ÷ bare append, middle of the rounds", median, median <= 1.5, "at most 1.5");
        kit::promise("p99 ÷ bare append, all rounds", p99, p99 <= 1.5, "at most 1.5");
        println!("     median ÷ write in place, middle of the rounds: {:.2}", ratio(&mut ours, &mut least, 0.5));
        let (one, many) = (rate(&branch, 1).await, rate(&branch, 64).await);
        println!("one client {one:.0} commands/s, 64 clients {many:.0} commands/s");
        kit::promise("64 clients ÷ one", many / one, many / one >= 8.0, "at least 8");
        branch.stop().await;
        drop(branch);
        thread.join().unwrap();
    });
}
