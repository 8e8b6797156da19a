//! From a finger on a service to the number on the kiosk.
//!
//! `cargo bench --bench screens -- touch`; `TOUCHES` sets how often.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::display::{Cell, Display};
use crate::hub::Hub;
use crate::kit::{self, Times};
use crate::shows::Show;

/// In the first service's row, wherever its text ends.
const FINGER: [&str; 2] = ["1000", "380"];
/// After so long nothing more comes of a touch.
const SETTLED: Duration = Duration::from_millis(1_500);
/// How many touches teach where the number stands.
const LEARNED: u64 = 3;

/// Touches, and tells when that began: the tool's own start counts too.
fn touch(display: &Display) -> Instant {
    let begun = kit::now();
    let mut tool = Command::new("xdotool");
    tool.arg("mousemove").args(FINGER).args(["click", "1"]).env("DISPLAY", &display.name).stdin(Stdio::null());
    assert!(tool.status().unwrap().success(), "xdotool could not touch");
    begun
}

/// Every touch finds a kiosk that has only just been started, with nothing drawn before: what a customer never meets.
fn fresh<T>(hub: &Hub, display: &Display, then: impl FnOnce() -> T) -> T {
    let folder = tempfile::tempdir().unwrap();
    let _kiosk = Show::Kiosk.open(hub, display, folder.path());
    display.drawn(Duration::from_secs(20)).unwrap();
    kit::pause(2_000);
    then()
}

/// The last change of a cell after a touch: the page in between, if it was seen, does not count.
fn number_there(display: &Display, cell: Cell) -> Option<Duration> {
    let mut shown = display.cell(cell);
    let begun = touch(display);
    let mut last = None;
    while let Some(left) = SETTLED.checked_sub(begun.elapsed()) {
        if let Some(at) = display.changed(cell, &shown, left) {
            last = Some(at - begun);
            shown = display.cell(cell);
        }
    }
    last
}

/// Measures and prints.
pub(crate) fn run() {
    if !kit::on_path("xdotool") {
        println!("SKIPPED touch: xdotool is not on this machine (Debian: apt install xdotool)");
        return;
    }
    let (hub, display) = (Hub::start(), Display::start());
    let cell = display.telling(LEARNED, |display| {
        fresh(&hub, display, || {
            touch(display);
            kit::pause(1_000);
            display.at_rest()
        })
    });
    let cell = cell.unwrap();
    display.keep_picture("ticket");
    let mut times = Times::default();
    for _ in 0..kit::number("TOUCHES", 30) {
        times.add(fresh(&hub, &display, || number_there(&display, cell)).unwrap());
    }
    println!("kiosk: touch to number {}", times.line());
    let most = times.ms(0.99);
    kit::promise("kiosk: touch to number, p99, ms", most, most <= 100.0, "at most 100, counted from durable");
}
