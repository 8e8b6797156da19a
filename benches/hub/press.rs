//! From a press to a durable ticket, as a button does it: a source's press, the thread that reads it, the command, the commit, the
//! news to kiosks. Against the floor of the same disk in the same run: a bare append of as many bytes with fdatasync.
//!
//! `cargo bench --no-default-features --bench hub -- press`; `BENCH_DIR` puts the files on another disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nowserving::branch::Branch;
use nowserving::clock::Clock;
use nowserving::config::ButtonAction;
use nowserving::devices::{Button, Panel, press_buttons};
use nowserving_hardware::{FakeButton, FakeButtonHandle};

use crate::durable::{bare, pooled, ratio};
use crate::kit::{self, Times};

/// Rounds of each kind, in turns, so that all meet the same disk and the same other work on the machine.
const ROUNDS: u64 = 20;
const A_ROUND: u64 = 100;
/// What one command writes, near enough; `durable` measures it.
const BYTES: usize = 5_067;

/// Presses one after the other and waits for each ticket, as a kiosk beside the button does.
async fn presses(branch: &Branch, wire: &FakeButtonHandle, count: u64) -> Times {
    let mut tickets = branch.around().presses();
    let mut times = Times::default();
    for _ in 0..count {
        let begun = kit::now();
        assert!(wire.press("Returns"));
        assert!(!tickets.recv().await.unwrap().again);
        times.add(begun.elapsed());
    }
    times
}

/// Measures and prints.
pub(crate) fn run() {
    let base = std::env::var_os("BENCH_DIR").map_or_else(std::env::temp_dir, Into::into);
    let folder = tempfile::tempdir_in(base).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (branch, thread) = kit::branch(folder.path(), Clock::System { vouched: true }).await;
        let action = ButtonAction::Issue { service: "R".into(), class: None };
        let button = Button { name: "Returns".into(), action, lockout: Duration::ZERO };
        let (panel, _refused) = Panel::new(branch.clone(), [button]);
        let (source, wire) = FakeButton::new();
        let stop = Arc::new(AtomicBool::new(false));
        let pressing = {
            let (stop, runtime) = (stop.clone(), tokio::runtime::Handle::current());
            std::thread::spawn(move || press_buttons(Box::new(source), &panel, &runtime, &stop))
        };
        presses(&branch, &wire, 100).await;
        let (mut ours, mut floor) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.push(presses(&branch, &wire, A_ROUND).await);
            floor.push(bare(&folder.path().join("bare"), BYTES, A_ROUND, false));
        }
        println!("press to durable ticket:          {}", pooled(&ours).line());
        println!("bare append + fdatasync:          {}", pooled(&floor).line());
        let median = ratio(&mut ours, &mut floor, 0.5);
        kit::promise("press, median ÷ bare append, middle of the rounds", median, median <= 1.7, "at most 1.7");
        let p99 = pooled(&ours).us(0.99) / pooled(&floor).us(0.99);
        println!("     p99 ÷ bare append, all rounds: {p99:.2}");
        stop.store(true, Ordering::Relaxed);
        tokio::task::spawn_blocking(|| pressing.join().unwrap()).await.unwrap();
        branch.stop().await;
        drop(branch);
        thread.join().unwrap();
    });
}
