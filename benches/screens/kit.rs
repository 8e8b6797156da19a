//! What the parts share: percentiles, variables, lines of the report.

use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Now, on the process's own stopwatch.
pub(crate) fn now() -> Instant {
    nowserving::clock::stopwatch()
}

pub(crate) fn pause(ms: u64) {
    std::thread::sleep(Duration::from_millis(ms));
}

/// Times, sorted when asked.
#[derive(Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The time that `share` (0 to 1) of all stay under, milliseconds.
    pub(crate) fn ms(&mut self, share: f64) -> f64 {
        self.0.sort_unstable();
        let at = ((self.0.len() as f64 - 1.0) * share).round() as usize;
        self.0.get(at).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
    }

    pub(crate) fn line(&mut self) -> String {
        format!("p50 {:.0} ms, p99 {:.0} ms, most {:.0} ms (n = {})", self.ms(0.5), self.ms(0.99), self.ms(1.0), self.len())
    }
}

/// An environment variable as a number, or its default.
pub(crate) fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// The program that is measured: this build's, or the one that PROGRAM names.
pub(crate) fn program() -> PathBuf {
    std::env::var_os("PROGRAM").map_or_else(|| env!("CARGO_BIN_EXE_nowserving").into(), PathBuf::from)
}

/// A line of the report, with whether a promise holds.
pub(crate) fn promise(what: &str, value: f64, holds: bool, bound: &str) {
    println!("{} {what}: {value:.2} ({bound})", if holds { "ok  " } else { "MISS" });
}

/// Whether a program is found where the shell would look for it.
pub(crate) fn on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}
