//! Each button and its lamp: is the line free, does it read as released, does a press arrive?

use std::path::Path;
use std::time::Duration;

use nowserving_hardware::{ButtonSource, GpioButtons, Lamp, LampState, Lines, PiLamp, PiLines, Polled, Wiring};

use super::Wishes;
use super::finding::Finding;
use super::place::Place;
use crate::clock::monotonic;
use crate::config::ButtonSettings;
use crate::devices::mend_line;

/// How long a person has for a press: so many looks of that length.
const LOOKS: usize = 20;
const LOOK: Duration = Duration::from_millis(500);

/// Looks at the buttons and lamps of the settings.
pub(super) fn examine(place: &Place, wishes: Wishes) -> Vec<Finding> {
    let wired: Vec<&ButtonSettings> =
        place.settings.button.iter().filter(|button| button.pin.is_some() || button.lamp.is_some()).collect();
    if wired.is_empty() {
        let what = "The settings wire no button ([[button]] with a pin).";
        return if place.is_pi() { vec![Finding::ok("buttons", what)] } else { Vec::new() };
    }
    if place.hub.is_some() {
        return wired.into_iter().filter_map(|button| held(place, button)).collect();
    }
    if place.root != Path::new("/") {
        return vec![Finding::ok("buttons", "This is not the machine itself: its lines were not tried.")];
    }
    let mut found = Vec::new();
    for button in wired {
        // the lamp first: lit, it shows which button is meant
        let lamp = button.lamp.map(|line| lamp(button, line));
        let mut shining = None;
        if let Some(lamp) = lamp {
            let (finding, lit) = lamp;
            found.push(finding);
            shining = lit;
        }
        if let Some(wiring) = button.wiring() {
            let ask = |text: &str| eprintln!("{text}");
            found.push(button_of(PiLines::new(monotonic), &wiring, wishes.press.then_some(&ask)));
        }
        drop(shining);
    }
    found
}

/// A button that a running hub holds. What is the matter with it, the hub has said already.
fn held(place: &Place, button: &ButtonSettings) -> Option<Finding> {
    let devices = place.hub.as_ref()?.devices.as_ref().ok()?;
    let name = format!("button {}", button.name);
    let troubled = devices.troubles.iter().any(|trouble| trouble.device.ends_with(&name));
    (!troubled).then(|| {
        let what =
            "The running hub holds it and knows of no trouble. Nobody was asked to press it: that would give out a number.";
        Finding::ok(name, what)
    })
}

/// Lights a lamp; it goes dark when what is returned is dropped.
fn lamp(button: &ButtonSettings, line: u8) -> (Finding, Option<PiLamp>) {
    let part = format!("lamp {}", button.name);
    match PiLamp::open(line) {
        Ok(mut lamp) => match lamp.set(LampState::Attention) {
            Ok(()) => {
                (Finding::ok(part, format!("GPIO {line} can be switched. Whether it shines, only you can see.")), Some(lamp))
            }
            Err(error) => (Finding::fail(part, error.0.to_string(), mend_line(&error.0)), None),
        },
        Err(error) => (Finding::fail(part, error.to_string(), mend_line(&error)), None),
    }
}

/// Takes a button's line, looks at its level, and where `ask` can ask somebody waits for a press.
fn button_of<L: Lines>(mut lines: L, wiring: &Wiring, ask: Option<&dyn Fn(&str)>) -> Finding {
    let part = format!("button {}", wiring.button);
    let high = match lines.take(wiring) {
        Ok(high) => high,
        Err(error) => return Finding::fail(part, error.to_string(), mend_line(&error)),
    };
    lines.release();
    let pin = wiring.pin;
    if high == (wiring.active == nowserving_hardware::Active::High) {
        let what = format!("GPIO {pin} reads as pressed.");
        let mend = "Look whether something leans on it. If not, its wire is broken or short, or `pull` and `active` in [[button]] are wrong (hardware/wiring.md).";
        return Finding::fail(part, what, mend);
    }
    let Some(ask) = ask else {
        let what = format!("GPIO {pin} is free and reads as released. Nobody was asked to press it.");
        return Finding::ok(part, what).fact("gpio", pin);
    };
    ask(&format!("Press the button {} now (10 seconds)…", wiring.button));
    let mut source = GpioButtons::new(lines, [wiring.clone()]);
    pressed(&mut source, part, pin).fact("gpio", pin)
}

fn pressed(source: &mut dyn ButtonSource, part: String, pin: u8) -> Finding {
    let mut quiet = 0;
    while quiet < LOOKS {
        match source.next_press(LOOK) {
            Ok(Polled::Press(_)) => return Finding::ok(part, format!("GPIO {pin}: the press arrived.")),
            Ok(Polled::Trouble(_, trouble)) => {
                let mend = "Look at the button and its wire (hardware/wiring.md), then run it again.";
                return Finding::fail(part, format!("GPIO {pin}: {trouble}"), mend);
            }
            Ok(Polled::Ended) | Err(_) => break,
            Ok(Polled::Quiet | Polled::Held(_) | Polled::Well(_)) => quiet += 1,
        }
    }
    let mend = "If you pressed it: is GPIO (not the pin's place in the header) right in the settings, does the wire end at ground, does the button close? hardware/wiring.md";
    Finding::warn(part, format!("GPIO {pin} is free, but no press arrived within 10 seconds."), mend)
}

#[cfg(test)]
mod tests {
    use nowserving_hardware::{FakeWires, LineError};

    use super::*;
    use crate::doctor::Verdict::{Fail, Ok as Well, Warn};

    fn wiring() -> Wiring {
        Wiring::new("Returns", 5)
    }

    #[test]
    fn a_line_that_is_busy_or_reads_as_pressed_is_told() {
        let wires = FakeWires::new();
        assert_eq!(button_of(wires.lines(), &wiring(), None).verdict, Well);
        wires.break_line(5, Some(LineError::Busy { pin: 5 }));
        let busy = button_of(wires.lines(), &wiring(), None);
        assert_eq!((busy.verdict, busy.what.contains("busy")), (Fail, true));
        let wires = FakeWires::new();
        wires.set(5, Duration::ZERO, false);
        assert_eq!(button_of(wires.lines(), &wiring(), None).verdict, Fail);
    }

    #[test]
    fn a_press_is_waited_for_and_its_lack_is_a_warning() {
        let wires = FakeWires::new();
        wires.set(5, Duration::from_secs(3), false);
        wires.set(5, Duration::from_millis(3200), true);
        let asked = std::cell::RefCell::new(Vec::new());
        let ask = |text: &str| asked.borrow_mut().push(text.to_owned());
        let found = button_of(wires.lines(), &wiring(), Some(&ask));
        assert_eq!((found.verdict, found.part.as_str()), (Well, "button Returns"));
        assert!(asked.borrow()[0].contains("Press the button Returns"));
        assert_eq!(button_of(FakeWires::new().lines(), &wiring(), Some(&ask)).verdict, Warn);
    }
}
