//! `[buttons]` and `[[button]]`: what presses, and what comes of it.

use std::collections::BTreeSet;
use std::time::Duration;

use nowserving_hardware::{self as hardware, Wiring};
use serde::{Deserialize, Deserializer};

use super::branch::Findings;
use super::words::{Length, expecting};
use crate::queue::{ClassId, Desk, DeskId, Service, ServiceId};

/// `[buttons]`: what holds for all buttons.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ButtonsSettings {
    /// Whether letters typed at the terminal of `nowserving run` press buttons: each service has its own letters as one, and a
    /// `[[button]]` may have a `key`.
    pub keys: bool,
}

impl Default for ButtonsSettings {
    fn default() -> Self {
        Self { keys: true }
    }
}

/// `[[button]]`: one button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ButtonSettings {
    /// What staff and the log call it: 1 to 24 characters, like no other button.
    pub name: String,
    /// What a press does.
    pub action: ButtonAction,
    /// Its line, counted as GPIO numbers (BCM): 0 to 27. `None`: it is not wired, only a key presses it.
    pub pin: Option<u8>,
    /// The letter that presses it at the terminal.
    pub key: Option<char>,
    /// The resistor inside the chip.
    pub pull: Pull,
    /// The level that means pressed.
    pub active: Active,
    /// How long a level must last before the kernel believes it.
    pub debounce: Duration,
    /// Within this after a press, another one is the same customer's.
    pub lockout: Duration,
    /// More presses in a minute are nobody's.
    pub most_per_minute: u32,
    /// The line of its lamp, if it has one.
    pub lamp: Option<u8>,
}

impl ButtonSettings {
    /// How it is wired; `None`: it is not.
    #[must_use]
    pub fn wiring(&self) -> Option<Wiring> {
        Some(Wiring {
            pull: match self.pull {
                Pull::Up => hardware::Pull::Up,
                Pull::Down => hardware::Pull::Down,
                Pull::Off => hardware::Pull::Off,
            },
            active: match self.active {
                Active::Low => hardware::Active::Low,
                Active::High => hardware::Active::High,
            },
            debounce: self.debounce,
            most_per_minute: self.most_per_minute,
            ..Wiring::new(self.name.clone(), self.pin?)
        })
    }
}

/// What a press does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ButtonAction {
    /// Gives a number.
    Issue {
        /// What for.
        service: ServiceId,
        /// The priority class that this button gives.
        class: Option<ClassId>,
    },
    /// Says which number is served now, and which was given last.
    Again {
        /// Which line's buttons gave it; `None`: any.
        service: Option<ServiceId>,
    },
    /// Calls the next customer to a desk.
    Call {
        /// Which.
        desk: DeskId,
    },
}

/// The resistor inside the chip.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pull {
    /// To 3.3 V.
    #[default]
    Up,
    /// To ground.
    Down,
    /// None.
    Off,
}

/// A level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Active {
    /// 0 V.
    #[default]
    Low,
    /// 3.3 V.
    High,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Action {
    #[default]
    Issue,
    Priority,
    Again,
    Call,
}

impl Action {
    fn word(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::Priority => "priority",
            Self::Again => "again",
            Self::Call => "call",
        }
    }
}

/// A button as it is typed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ButtonText {
    name: String,
    #[serde(default)]
    action: Action,
    service: Option<ServiceId>,
    class: Option<ClassId>,
    desk: Option<DeskId>,
    #[serde(default, deserialize_with = "line")]
    pin: Option<u8>,
    #[serde(default, deserialize_with = "letter")]
    key: Option<char>,
    #[serde(default)]
    pull: Pull,
    #[serde(default)]
    active: Active,
    debounce: Option<Length>,
    lockout: Option<Length>,
    #[serde(default = "most_per_minute", deserialize_with = "presses")]
    most_per_minute: u32,
    #[serde(default, deserialize_with = "line")]
    lamp: Option<u8>,
}

fn most_per_minute() -> u32 {
    20
}

fn line<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    match u8::try_from(i64::deserialize(deserializer)?) {
        Ok(line @ 0..=27) => Ok(Some(line)),
        _ => Err(expecting("a GPIO number from 0 to 27")),
    }
}

fn letter<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<char>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) if letter.is_alphanumeric() => Ok(letter.to_lowercase().next()),
        _ => Err(expecting("one letter or digit")),
    }
}

fn presses<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        count @ 1..=600 => Ok(count),
        _ => Err(expecting("a whole number from 1 to 600")),
    }
}

/// The services, desks and classes that buttons may name; `None`: the file does not say, and the branch tells at the start.
pub(super) struct Known<'a> {
    pub(super) services: Option<&'a [Service]>,
    pub(super) desks: Option<&'a [Desk]>,
    pub(super) classes: &'a [ClassId],
}

/// Lines and letters that are given away, and what they were given to.
#[derive(Default)]
struct Given {
    names: BTreeSet<String>,
    lines: BTreeSet<u8>,
    letters: BTreeSet<char>,
}

/// The buttons as the hub knows them.
pub(super) fn buttons(texts: Vec<ButtonText>, known: &Known<'_>, found: &mut Findings) -> Vec<ButtonSettings> {
    let mut given = Given::default();
    let mut one = |(index, text): (usize, ButtonText)| {
        let mut wrong = |key: &str, why: String| {
            found.push((vec!["button".to_owned(), index.to_string(), key.to_owned()], why));
        };
        once(&text, &mut given, &mut wrong);
        let action = action(&text, known, &mut wrong)?;
        let length = |length: Option<Length>, default: u64| Duration::from_millis(length.map_or(default, |length| length.0));
        let (debounce, lockout) = (length(text.debounce, 30), length(text.lockout, 1500));
        if debounce > Duration::from_millis(500) {
            wrong("debounce", "A debounce of more than \"500 ms\" would miss presses.".into());
        }
        if lockout > Duration::from_secs(60) {
            wrong("lockout", "A lockout of more than \"1 min\" would turn the next customer away.".into());
        }
        Some(ButtonSettings {
            name: text.name.trim().to_owned(),
            action,
            pin: text.pin,
            key: text.key,
            pull: text.pull,
            active: text.active,
            debounce,
            lockout,
            most_per_minute: text.most_per_minute,
            lamp: text.lamp,
        })
    };
    texts.into_iter().enumerate().filter_map(&mut one).collect()
}

/// Names, lines and letters are given once, and something can press the button.
fn once(text: &ButtonText, given: &mut Given, wrong: &mut impl FnMut(&str, String)) {
    let name = text.name.trim();
    if !(1..=24).contains(&name.chars().count()) {
        wrong("name", "A button's name has 1 to 24 characters.".into());
    } else if !given.names.insert(name.to_owned()) {
        wrong("name", format!("Two buttons have the name {name:?}."));
    }
    for (key, line) in [("pin", text.pin), ("lamp", text.lamp)] {
        if let Some(line) = line.filter(|line| !given.lines.insert(*line)) {
            wrong(key, format!("GPIO {line} is given to two buttons or lamps."));
        }
    }
    if let Some(letter) = text.key.filter(|letter| !given.letters.insert(*letter)) {
        wrong("key", format!("The key {letter:?} presses another button already."));
    }
    if text.pin.is_none() && text.key.is_none() {
        wrong("name", "Nothing presses this button. Give it a `pin`, or a `key` for the terminal.".into());
    }
}

/// What a button does; `None`: that cannot be told, and was told.
fn action(text: &ButtonText, known: &Known<'_>, wrong: &mut impl FnMut(&str, String)) -> Option<ButtonAction> {
    let word = text.action.word();
    let (service, class, desk) = match text.action {
        Action::Issue => (true, false, false),
        Action::Priority => (true, true, false),
        Action::Again => (true, false, false),
        Action::Call => (false, false, true),
    };
    let given = [
        ("service", service, text.service.is_some()),
        ("class", class, text.class.is_some()),
        ("desk", desk, text.desk.is_some()),
    ];
    for (key, _, _) in given.iter().filter(|(_, takes, given)| !takes && *given) {
        wrong(key, format!("A button with the action \"{word}\" has no {key}."));
    }
    let list = |ids: Vec<String>| ids.join(", ");
    if let (Some(id), Some(services)) = (&text.service, known.services)
        && !services.iter().any(|service| service.id == *id)
    {
        let ids = list(services.iter().map(|service| service.id.to_string()).collect());
        wrong("service", format!("There is no service \"{id}\". Services: {ids}."));
    }
    if let (Some(id), Some(desks)) = (&text.desk, known.desks)
        && !desks.iter().any(|desk| desk.id == *id)
    {
        let ids = list(desks.iter().map(|desk| desk.id.to_string()).collect());
        wrong("desk", format!("There is no desk \"{id}\". Desks: {ids}."));
    }
    if let Some(id) = text.class.as_ref().filter(|id| !known.classes.contains(id)) {
        let ids = list(known.classes.iter().map(ToString::to_string).collect());
        wrong(
            "class",
            format!("There is no priority class \"{id}\". Classes: {ids}. [rules] `priority_classes` makes others."),
        );
    }
    let mut missing = |key: &str, what: &str| {
        wrong("name", format!("The key `{key}` is missing: a button with the action \"{word}\" needs {what}."));
    };
    match text.action {
        Action::Again => return Some(ButtonAction::Again { service: text.service.clone() }),
        Action::Call => match &text.desk {
            Some(desk) => return Some(ButtonAction::Call { desk: desk.clone() }),
            None => missing("desk", "to know where it calls to"),
        },
        Action::Issue | Action::Priority => match (&text.service, &text.class) {
            (None, _) => missing("service", "to know what its numbers are for"),
            (Some(_), None) if class => missing("class", "to know which priority it gives"),
            (Some(service), class) => {
                return Some(ButtonAction::Issue { service: service.clone(), class: class.clone() });
            }
        },
    }
    None
}

#[cfg(test)]
#[path = "button_tests.rs"]
mod tests;
