//! What a program and everything it started take of memory and of the processor, as the kernel tells it.

use std::collections::HashMap;
use std::process::{Child, Command, Stdio};

/// Linux counts processor time in hundredths of a second wherever it tells it to programs.
const TICKS_A_SECOND: f64 = 100.0;

/// A program that is ended, with all it started, when this is dropped.
pub(crate) struct Running(pub(crate) Child);

impl Running {
    /// The process and all below it.
    fn pids(&self) -> Vec<u32> {
        let stats = stats();
        let mut found = vec![self.0.id()];
        let mut at = 0;
        while at < found.len() {
            let parent = found[at];
            found.extend(stats.iter().filter(|(_, stat)| stat.parent == parent).map(|(pid, _)| *pid));
            at += 1;
        }
        found
    }

    /// Proportional memory of them all, MiB: a page that several processes share is divided among them.
    pub(crate) fn pss(&self) -> f64 {
        let kib = |pid: u32| {
            let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
            text.lines().find_map(|line| line.strip_prefix("Pss:")?.trim().strip_suffix("kB")?.trim().parse::<f64>().ok())
        };
        // a process may end between the list and the look
        self.pids().into_iter().filter_map(kib).sum::<f64>() / 1024.0
    }

    /// Processor time of them all so far, seconds, with that of children that have ended.
    pub(crate) fn processor(&self) -> f64 {
        let stats = stats();
        self.pids().iter().filter_map(|pid| stats.get(pid)).map(|stat| stat.ticks / TICKS_A_SECOND).sum()
    }

    pub(crate) fn count(&self) -> usize {
        self.pids().len()
    }

    /// Per cent of one core over so many seconds.
    pub(crate) fn load(&self, seconds: u64) -> f64 {
        let (begun, before) = (super::kit::now(), self.processor());
        super::kit::pause(seconds * 1_000);
        (self.processor() - before) / begun.elapsed().as_secs_f64() * 100.0
    }
}

impl Drop for Running {
    /// Asks it to end, as a browser then ends its own processes, and soon does not ask any more.
    fn drop(&mut self) {
        let all = self.pids();
        let signal = |name: &str, pids: &[u32]| {
            let pids = pids.iter().map(ToString::to_string);
            let _ = Command::new("kill").arg(name).args(pids).stderr(Stdio::null()).status();
        };
        signal("-TERM", &all[..1]);
        for _ in 0..30 {
            if self.0.try_wait().is_ok_and(|ended| ended.is_some()) {
                break;
            }
            super::kit::pause(100);
        }
        let stats = stats();
        let left: Vec<u32> = all.into_iter().filter(|pid| stats.contains_key(pid)).collect();
        if !left.is_empty() {
            signal("-KILL", &left);
        }
        let _ = self.0.wait();
    }
}

struct Stat {
    parent: u32,
    ticks: f64,
}

/// Every process of the machine.
fn stats() -> HashMap<u32, Stat> {
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter_map(|pid: u32| Some((pid, stat(&std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)?))).collect()
}

/// Reads `/proc/PID/stat` (proc_pid_stat(5)): the program's name may hold anything, so count behind its closing bracket.
fn stat(text: &str) -> Option<Stat> {
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    // utime, stime, and those of children that were waited for
    let ticks = fields.get(11..15)?.iter().map(|field| field.parse::<f64>().unwrap_or(0.0)).sum();
    Some(Stat { parent: fields.get(1)?.parse().ok()?, ticks })
}
