//! Idle, and calling once a second: memory, processor, and how long a durable call takes to the pixels.
//!
//! `cargo bench --bench screens -- live`; `CALLS` sets how many calls, `IDLE` how many seconds without.

use std::time::Duration;

use crate::display::{Display, LEARNED};
use crate::hub::Hub;
use crate::kit::{self, Times};
use crate::shows::Show;

/// A call that is not seen within this counts as one that took so long.
const PATIENCE: Duration = Duration::from_secs(5);
const A_SECOND: Duration = Duration::from_secs(1);

struct Figures {
    idle_pss: f64,
    calling_pss: f64,
    idle_load: f64,
    calling_load: f64,
    times: Times,
    missed: usize,
}

fn measure(show: Show, calls: u64, idle: u64) -> Figures {
    let (hub, display, profile) = (Hub::start(), Display::start(), tempfile::tempdir().unwrap());
    // more than are called: somebody waits to the end
    hub.issue(LEARNED + calls + 10);
    let running = show.open(&hub, &display, profile.path());
    display.drawn(Duration::from_secs(20)).unwrap();
    kit::pause(3_000);
    let cell = display.telling_calls(|| hub.call()).unwrap();
    // whatever moved has come to rest
    kit::pause(8_000);
    display.keep_picture(show.name());
    let idle_load = running.load(idle);
    let idle_pss = running.pss();
    println!("{}: {} processes; {cell:?} tells a call", show.name(), running.count());
    let (begun, processor) = (kit::now(), running.processor());
    let (mut times, mut missed) = (Times::default(), 0);
    for n in 0..calls {
        let before = display.cell(cell);
        let durable = hub.call();
        let seen = display.changed(cell, &before, PATIENCE);
        missed += usize::from(seen.is_none());
        times.add(seen.map_or(PATIENCE, |seen| seen - durable));
        let next = begun + A_SECOND * (n as u32 + 1);
        std::thread::sleep(next.saturating_duration_since(kit::now()));
    }
    let calling_load = (running.processor() - processor) / begun.elapsed().as_secs_f64() * 100.0;
    Figures { idle_pss, calling_pss: running.pss(), idle_load, calling_load, times, missed }
}

/// Measures and prints.
pub(crate) fn run() {
    let (calls, idle) = (kit::number("CALLS", 200), kit::number("IDLE", 40));
    let mut all = Vec::new();
    for show in Show::all() {
        let mut figures = measure(show, calls, idle);
        let name = show.name();
        println!("{name}: memory {:.1} MiB idle, {:.1} MiB after {calls} calls", figures.idle_pss, figures.calling_pss);
        println!("{name}: processor {:.2} % idle, {:.1} % with a call a second", figures.idle_load, figures.calling_load);
        println!("{name}: call durable to pixels {}, {} not seen", figures.times.line(), figures.missed);
        all.push((show, figures));
    }
    let browser =
        all.iter().find(|(show, _)| *show == Show::Chromium).map(|(_, figures)| (figures.idle_pss, figures.calling_pss));
    for (show, figures) in all.iter_mut().filter(|(show, _)| *show != Show::Chromium) {
        let name = show.name();
        let idle = figures.idle_load;
        kit::promise(&format!("{name}: processor idle, % of a core"), idle, idle <= 0.5, "at most 0.5");
        let p99 = figures.times.ms(0.99);
        kit::promise(&format!("{name}: call to pixels, p99, ms"), p99, p99 <= 100.0, "at most 100");
        if let Some((idle, calling)) = browser {
            let eighth = |what: &str, ratio: f64| {
                kit::promise(&format!("{name}: Chromium's memory ÷ ours, {what}"), ratio, ratio >= 8.0, "at least 8");
            };
            eighth("idle", idle / figures.idle_pss);
            eighth("calling", calling / figures.calling_pss);
        }
    }
}
