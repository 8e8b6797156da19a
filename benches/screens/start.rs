//! From start to the first frame, and to a frame that shows the branch as it stands.
//!
//! `cargo bench --bench screens -- start`; `STARTS` sets how often each is started.

use std::time::Duration;

use crate::display::{Display, LEARNED};
use crate::hub::Hub;
use crate::kit::{self, Times};
use crate::shows::Show;

const PATIENCE: Duration = Duration::from_secs(20);

/// Measures and prints.
pub(crate) fn run() {
    let starts = kit::number("STARTS", 9);
    let hub = Hub::start();
    let shows = Show::all();
    hub.issue(LEARNED * shows.len() as u64 + 10);
    for show in shows {
        let (display, profile) = (Display::start(), tempfile::tempdir().unwrap());
        // once, to learn what is to be waited for; with that its files are in memory
        let running = show.open(&hub, &display, profile.path());
        display.drawn(PATIENCE).unwrap();
        kit::pause(3_000);
        let cell = display.telling_calls(|| hub.call()).unwrap();
        kit::pause(3_000);
        let settled = display.cell(cell);
        drop(running);
        let (mut first, mut whole) = (Times::default(), Times::default());
        for _ in 0..starts {
            kit::pause(1_000);
            let begun = kit::now();
            let running = show.open(&hub, &display, profile.path());
            first.add(display.drawn(PATIENCE).unwrap() - begun);
            whole.add(display.shows(cell, &settled, PATIENCE).unwrap() - begun);
            drop(running);
        }
        let name = show.name();
        println!("{name}: start to first frame {}", first.line());
        println!("{name}: start to the branch as it stands {}", whole.line());
        if show != Show::Chromium {
            let median = first.ms(0.5) / 1e3;
            kit::promise(&format!("{name}: start to first frame, median, s"), median, median <= 0.3, "at most 0.3");
        }
    }
}
