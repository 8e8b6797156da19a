//! Eight hours of calls, as fast as the board takes them: memory stays flat.
//!
//! `cargo bench --bench screens -- soak`; `SOAK_CALLS` sets how many.

use std::time::Duration;

use crate::display::Display;
use crate::hub::Hub;
use crate::kit::{self, Times};
use crate::shows::Show;

const PATIENCE: Duration = Duration::from_secs(5);
const PARTS: u64 = 10;
/// What the last third may add, MiB.
const FLAT: f64 = 1.0;

/// Measures and prints.
pub(crate) fn run() {
    // eight hours at one a second
    let calls = kit::number("SOAK_CALLS", 28_800);
    let hub = Hub::start();
    let (wall, touch) = (Display::start(), Display::start());
    let folder = tempfile::tempdir().unwrap();
    let board = Show::Board.open(&hub, &wall, folder.path());
    let kiosk = Show::Kiosk.open(&hub, &touch, folder.path());
    wall.drawn(Duration::from_secs(20)).unwrap();
    kit::pause(3_000);
    hub.issue(10);
    let issue_and_call = || {
        hub.issue(1);
        hub.call()
    };
    let cell = wall.telling_calls(issue_and_call).unwrap();
    let begun = kit::now();
    let (mut times, mut unseen) = (Times::default(), 0);
    let (mut boards, mut kiosks) = (Vec::new(), Vec::new());
    for part in 0..=PARTS {
        for _ in 0..if part == 0 { 0 } else { calls / PARTS } {
            let before = wall.cell(cell);
            let durable = issue_and_call();
            let seen = wall.changed(cell, &before, PATIENCE);
            unseen += usize::from(seen.is_none());
            times.add(seen.map_or(PATIENCE, |seen| seen - durable));
        }
        // what moved has come to rest
        kit::pause(3_000);
        let (board, kiosk) = (board.pss(), kiosk.pss());
        println!(
            "{:3} %, {:4.0} s: board {board:.2} MiB, kiosk {kiosk:.2} MiB, hub {:.2} MiB",
            part * 100 / PARTS,
            begun.elapsed().as_secs_f64(),
            hub.pss()
        );
        boards.push(board);
        kiosks.push(kiosk);
    }
    println!("{} calls one after another, to pixels of the board: {}, {unseen} not seen", times.len(), times.line());
    for (name, memory) in [("board", boards), ("kiosk", kiosks)] {
        let grown = memory[PARTS as usize] - memory[PARTS as usize - 3];
        kit::promise(&format!("{name}: the last third adds, MiB"), grown, grown <= FLAT, "at most 1");
    }
}
