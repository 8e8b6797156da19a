//! Lines that are simulated: a trace of what a wire did, read through the debouncing of the Linux kernel.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::line::{Edge, LineError, Lines, Wiring};

/// Lines whose levels a [`FakeWires`] sets for certain times. Their clock goes on only while somebody waits.
#[derive(Debug)]
pub struct FakeLines(FakeWires);

/// Drives the wires of [`FakeLines`]; clones drive the same ones.
#[derive(Clone, Debug, Default)]
pub struct FakeWires {
    board: Arc<Mutex<Board>>,
}

#[derive(Debug, Default)]
struct Board {
    now: Duration,
    /// What wires will do, by time; later entries of one time come later.
    trace: BTreeMap<(Duration, usize), (u8, bool)>,
    levels: BTreeMap<u8, bool>,
    taken: BTreeMap<u8, Taken>,
    broken: BTreeMap<u8, LineError>,
    /// Whether the next poll fails.
    unplugged: Option<LineError>,
}

/// A line as the kernel sees it.
#[derive(Clone, Copy, Debug)]
struct Taken {
    debounce: Duration,
    /// The level that was last believed.
    believed: bool,
    /// When the level now on the wire will be believed.
    due: Option<Duration>,
}

impl FakeWires {
    /// Wires that are all high.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A board on these wires.
    #[must_use]
    pub fn lines(&self) -> FakeLines {
        FakeLines(self.clone())
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The wire at `pin` is, or will be, high or low from the time `at`.
    pub fn set(&self, pin: u8, at: Duration, high: bool) {
        let mut board = self.board();
        let n = board.trace.len();
        board.trace.insert((at, n), (pin, high));
        board.pass(Duration::ZERO);
    }

    /// Taking `pin` fails, or (`None`) works again.
    pub fn break_line(&self, pin: u8, error: Option<LineError>) {
        let mut board = self.board();
        match error {
            Some(error) => board.broken.insert(pin, error),
            None => board.broken.remove(&pin),
        };
    }

    /// The next question fails, and every line has to be taken anew.
    pub fn unplug(&self, error: LineError) {
        self.board().unplugged = Some(error);
    }

    /// The lines that are taken.
    #[must_use]
    pub fn taken(&self) -> BTreeSet<u8> {
        self.board().taken.keys().copied().collect()
    }
}

impl Board {
    fn level(&self, pin: u8) -> bool {
        self.levels.get(&pin).copied().unwrap_or(true)
    }

    /// The next thing to happen up to the time `until`: a wire changes, or a level has lasted long enough. Gives an edge if
    /// the kernel tells one.
    fn step(&mut self, until: Duration) -> Option<Option<Edge>> {
        let due = self.taken.iter().filter_map(|(pin, taken)| Some((taken.due?, *pin))).min();
        let change = self.trace.first_key_value().map(|((at, _), _)| *at);
        // a level that changes in the moment in which it would be believed is not
        if let Some((at, pin)) = due
            && at <= until
            && change.is_none_or(|change| at < change)
        {
            self.now = self.now.max(at);
            return Some(self.believe(pin, at));
        }
        let change = change.filter(|at| *at <= until)?;
        let (_, (pin, high)) = self.trace.pop_first()?;
        self.now = self.now.max(change);
        let was = self.level(pin);
        self.levels.insert(pin, high);
        let Some(taken) = self.taken.get_mut(&pin).filter(|_| was != high) else { return Some(None) };
        if taken.debounce.is_zero() {
            return Some(self.believe(pin, change));
        }
        // each change begins the time anew, as gpiolib's debouncing does
        taken.due = Some(change + taken.debounce);
        Some(None)
    }

    fn believe(&mut self, pin: u8, at: Duration) -> Option<Edge> {
        let high = self.level(pin);
        let taken = self.taken.get_mut(&pin)?;
        taken.due = None;
        // back where it was: nothing has happened
        (std::mem::replace(&mut taken.believed, high) != high).then_some(Edge { pin, at, high })
    }

    /// Lets time pass without anybody waiting for edges.
    fn pass(&mut self, until: Duration) {
        if self.taken.is_empty() {
            while self.step(until.max(self.now)).is_some() {}
        }
    }
}

impl Lines for FakeLines {
    fn now(&self) -> Duration {
        self.0.board().now
    }

    fn take(&mut self, wiring: &Wiring) -> Result<bool, LineError> {
        let mut board = self.0.board();
        if let Some(error) = board.broken.get(&wiring.pin) {
            return Err(error.clone());
        }
        let high = board.level(wiring.pin);
        board.taken.insert(wiring.pin, Taken { debounce: wiring.debounce, believed: high, due: None });
        Ok(high)
    }

    fn release(&mut self) {
        self.0.board().taken.clear();
    }

    fn poll(&mut self, timeout: Duration) -> Result<Option<Edge>, LineError> {
        let mut board = self.0.board();
        if let Some(error) = board.unplugged.take() {
            return Err(error);
        }
        let until = board.now + timeout;
        while let Some(edge) = board.step(until) {
            if edge.is_some() {
                return Ok(edge);
            }
        }
        board.now = until;
        Ok(None)
    }
}
