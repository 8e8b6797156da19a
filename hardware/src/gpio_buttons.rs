//! Buttons at lines of the header.
//!
//! One thread waits for the edges of all of them. A line that cannot be had is told once and tried again, so that whoever mends
//! a wire, a permission or a forgotten program needs to start nothing anew.

use std::collections::VecDeque;
use std::time::Duration;

use crate::button::{ButtonError, ButtonSource, ButtonTrouble, Polled, Press};
use crate::edge::{EdgeRules, Edges, Told};
use crate::line::{Active, Edge, LineError, Lines, Wiring};

/// After so long a line that could not be had is tried again.
const AGAIN: Duration = Duration::from_secs(10);

/// Buttons at lines. See the module's text.
#[derive(Debug)]
pub struct GpioButtons<L> {
    lines: L,
    buttons: Vec<Button>,
    told: VecDeque<Polled>,
}

#[derive(Debug)]
struct Button {
    wiring: Wiring,
    state: State,
}

#[derive(Debug)]
enum State {
    Works(Edges),
    /// Why not; when it is tried again.
    Fails(Option<LineError>, Duration),
}

impl<L: Lines> GpioButtons<L> {
    /// Buttons of which each has a line of its own. Lines are taken at the first question.
    pub fn new(lines: L, wirings: impl IntoIterator<Item = Wiring>) -> Self {
        let now = lines.now();
        let button = |wiring| Button { wiring, state: State::Fails(None, now) };
        Self { buttons: wirings.into_iter().map(button).collect(), lines, told: VecDeque::new() }
    }

    /// Takes the lines whose time has come.
    fn take_due(&mut self, now: Duration) {
        for button in &mut self.buttons {
            let State::Fails(known, due) = &button.state else { continue };
            if now < *due {
                continue;
            }
            let name = &button.wiring.button;
            match self.lines.take(&button.wiring) {
                Ok(high) => {
                    let rules = EdgeRules { most_per_minute: button.wiring.most_per_minute, ..EdgeRules::default() };
                    let (edges, told) = Edges::start(rules, now, pressed(&button.wiring, high));
                    if known.is_some() && told.is_empty() {
                        self.told.push_back(Polled::Well(name.clone()));
                    }
                    self.told.extend(told.into_iter().map(|told| said(name, told)));
                    button.state = State::Works(edges);
                }
                Err(error) => {
                    if known.as_ref() != Some(&error) {
                        self.told.push_back(Polled::Trouble(name.clone(), ButtonTrouble::Line(error.clone())));
                    }
                    button.state = State::Fails(Some(error), now + AGAIN);
                }
            }
        }
    }

    /// When something is due without an edge.
    fn deadline(&self) -> Option<Duration> {
        let due = |button: &Button| match &button.state {
            State::Works(edges) => edges.deadline(),
            State::Fails(_, due) => Some(*due),
        };
        self.buttons.iter().filter_map(due).min()
    }

    fn edge(&mut self, edge: Edge) {
        let Some(button) = self.buttons.iter_mut().find(|button| button.wiring.pin == edge.pin) else { return };
        let down = pressed(&button.wiring, edge.high);
        if let State::Works(edges) = &mut button.state {
            let told = edges.edge(edge.at, down);
            self.told.extend(told.into_iter().map(|told| said(&button.wiring.button, told)));
        }
    }

    /// No edge came before `now`.
    fn time(&mut self, now: Duration) {
        for button in &mut self.buttons {
            if let State::Works(edges) = &mut button.state {
                let told = edges.time(now);
                self.told.extend(told.into_iter().map(|told| said(&button.wiring.button, told)));
            }
        }
    }

    /// The lines cannot be read: lets go of all and takes them anew after a while.
    fn lost(&mut self, error: &LineError, now: Duration) {
        self.lines.release();
        for button in &mut self.buttons {
            let told = matches!(&button.state, State::Fails(Some(_), _));
            if !told {
                let trouble = ButtonTrouble::Line(error.clone());
                self.told.push_back(Polled::Trouble(button.wiring.button.clone(), trouble));
            }
            button.state = State::Fails(Some(error.clone()), now + AGAIN);
        }
    }
}

fn pressed(wiring: &Wiring, high: bool) -> bool {
    high == (wiring.active == Active::High)
}

fn said(name: &str, told: Told) -> Polled {
    let trouble = |trouble| Polled::Trouble(name.to_owned(), trouble);
    match told {
        Told::Press => Polled::Press(Press::of(name)),
        Told::Held => Polled::Held(Press::of(name)),
        Told::Stuck => trouble(ButtonTrouble::Stuck),
        Told::HeldAtStart => trouble(ButtonTrouble::HeldAtStart),
        Told::TooMany => trouble(ButtonTrouble::TooMany),
        Told::Well => Polled::Well(name.to_owned()),
    }
}

impl<L: Lines> ButtonSource for GpioButtons<L> {
    fn next_press(&mut self, timeout: Duration) -> Result<Polled, ButtonError> {
        let end = self.lines.now() + timeout;
        loop {
            if let Some(told) = self.told.pop_front() {
                return Ok(told);
            }
            let now = self.lines.now();
            self.take_due(now);
            if !self.told.is_empty() {
                continue;
            }
            let until = self.deadline().map_or(end, |due| due.min(end));
            match self.lines.poll(until.saturating_sub(now)) {
                Ok(Some(edge)) => self.edge(edge),
                // what happened after `now` may still be on its way
                Ok(None) => self.time(now),
                Err(error) => self.lost(&error, now),
            }
            if self.told.is_empty() && now >= end {
                return Ok(Polled::Quiet);
            }
        }
    }
}

#[cfg(test)]
#[path = "gpio_buttons_tests.rs"]
mod tests;
