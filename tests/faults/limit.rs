//! No test lasts for ever: what hangs is said and ended, with every hub it has started.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

/// The processes that tests have started and that have not ended.
static STARTED: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

fn started() -> MutexGuard<'static, BTreeSet<u32>> {
    STARTED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A process that must not outlive the tests. Dropped once it has ended.
pub(crate) struct Started(u32);

impl Started {
    pub(crate) fn new(pid: u32) -> Self {
        started().insert(pid);
        Self(pid)
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        started().remove(&self.0);
    }
}

/// While it is there a test may go on.
pub(crate) struct Limit {
    _test: mpsc::Sender<()>,
}

/// Ends the whole run of tests, as failed, if the test that holds this does not end in time. The limit is far beyond what any
/// of them takes: it judges nothing but that they end.
#[must_use]
pub(crate) fn limit(time: Duration) -> Limit {
    let (test, ends) = mpsc::channel::<()>();
    let name = std::thread::current().name().unwrap_or("a test").to_owned();
    std::thread::spawn(move || {
        if ends.recv_timeout(time) == Err(mpsc::RecvTimeoutError::Timeout) {
            // not `eprintln!`, which is kept until a test ends
            let _ = writeln!(std::io::stderr(), "{name} has not ended after {} seconds", time.as_secs());
            for pid in started().iter() {
                let _ = Command::new("kill").args(["-KILL", &pid.to_string()]).status();
            }
            std::process::exit(101);
        }
    });
    Limit { _test: test }
}

/// A limit for a test that is done within a minute even on a slow machine.
#[must_use]
pub(crate) fn usual() -> Limit {
    limit(Duration::from_secs(180))
}
