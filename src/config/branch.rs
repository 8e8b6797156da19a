//! The sections that go into the ledger, as they are typed, and what becomes of them: services, desks, hours, rules.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::words::{Date, DayHours, Length, Numbers, TimeOfDay};
use crate::branch::Seed;
use crate::queue::{Desk, Give, Hours, Outcome, Profile, Rules, Service};

/// Where something is in the file: `["service", "0", "id"]`.
pub(super) type Path = Vec<String>;

/// What is wrong, and where.
pub(super) type Findings = Vec<(Path, String)>;

fn at(parts: &[&dyn ToString]) -> Path {
    parts.iter().map(|part| part.to_string()).collect()
}

/// The colours of services: the names in the tokens.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Accent {
    Rust,
    Teal,
    Blue,
    Plum,
    Ochre,
    Green,
}

impl Accent {
    const ALL: [Self; 6] = [Self::Rust, Self::Teal, Self::Blue, Self::Plum, Self::Ochre, Self::Green];

    fn word(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Teal => "teal",
            Self::Blue => "blue",
            Self::Plum => "plum",
            Self::Ochre => "ochre",
            Self::Green => "green",
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ServiceText {
    id: String,
    name: String,
    #[serde(default)]
    have_ready: String,
    #[serde(default)]
    accent: Option<Accent>,
    #[serde(default)]
    numbers: Option<Numbers>,
    #[serde(default)]
    digits: Option<u8>,
    #[serde(default)]
    max_waiting: Option<u32>,
    #[serde(default)]
    typical_minutes: Option<f32>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeskText {
    id: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    services: Option<Vec<String>>,
    #[serde(default)]
    ratio: Option<BTreeMap<String, u32>>,
    #[serde(default)]
    default_outcome: Outcome,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct HoursText {
    monday: Option<DayHours>,
    tuesday: Option<DayHours>,
    wednesday: Option<DayHours>,
    thursday: Option<DayHours>,
    friday: Option<DayHours>,
    saturday: Option<DayHours>,
    sunday: Option<DayHours>,
    exceptions: BTreeMap<Date, DayHours>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RulesText {
    priority_classes: Option<Vec<String>>,
    priority_ratio: Option<u32>,
    keep_place: Option<Length>,
    requeue_after: Option<u32>,
    max_requeues: Option<u32>,
    delay_passes: Option<u32>,
    max_delays: Option<u32>,
    take_back: Option<Length>,
    undo: Option<Length>,
    closing_tolerance: Option<Length>,
    serve_after_closing: Option<Length>,
    day_turns_at: Option<TimeOfDay>,
    clock_doubt: Option<Length>,
    courtesy: Option<Give>,
    courtesy_text: Option<String>,
    courtesy_per_day: Option<u32>,
    courtesy_after: Option<Length>,
}

/// The services as the core knows them. Without an accent they take turns with the colours.
pub(super) fn services(texts: Vec<ServiceText>, found: &mut Findings) -> Vec<Service> {
    let mut services: Vec<Service> = Vec::new();
    for (index, text) in texts.into_iter().enumerate() {
        let accent = text.accent.unwrap_or(Accent::ALL[index % Accent::ALL.len()]);
        let mut service = Service::new(&text.id, text.name.trim(), text.have_ready.trim(), accent.word());
        let numbers = text.numbers.unwrap_or(Numbers { first: service.first, last: service.last });
        (service.first, service.last) = (numbers.first, numbers.last);
        let digits = u8::try_from(service.last.to_string().len()).unwrap_or(service.digits);
        service.digits = text.digits.unwrap_or(digits);
        service.max_waiting = text.max_waiting;
        service.typical_min = text.typical_minutes.unwrap_or(service.typical_min);
        if let Some(problem) = service.problem() {
            found.push((at(&[&"service", &index, &about(&problem)]), problem));
        }
        if services.iter().any(|other| other.id == service.id) {
            let why = format!("Two services have the id {:?}. Each service needs its own letters.", text.id);
            found.push((at(&[&"service", &index, &"id"]), why));
        }
        services.push(service);
    }
    services
}

/// Which key a sentence of [`Service::problem`] is about.
fn about(problem: &str) -> &'static str {
    let keys = [
        ("to have ready", "have_ready"),
        ("colour", "accent"),
        ("prefix", "id"),
        ("name", "name"),
        ("numbers", "numbers"),
        ("minutes", "typical_minutes"),
    ];
    keys.into_iter().find(|(word, _)| problem.contains(word)).map_or("id", |(_, key)| key)
}

/// The desks as the core knows them. `services` are those they may name.
pub(super) fn desks(texts: Vec<DeskText>, services: &[Service], found: &mut Findings) -> Vec<Desk> {
    let known: Vec<&str> = services.iter().map(|service| service.id.as_str()).collect();
    let mut desks: Vec<Desk> = Vec::new();
    for (index, text) in texts.into_iter().enumerate() {
        let name = text.name.unwrap_or_else(|| format!("Desk {}", text.id));
        let mut desk = Desk::new(&text.id, name.trim());
        desk.default_outcome = text.default_outcome;
        let unknown = |id: &String| (!known.contains(&id.as_str())).then(|| no_service(id, &known));
        desk.profile = match (&text.services, &text.ratio) {
            (Some(ids), None) => {
                for (n, id) in ids.iter().enumerate() {
                    found.extend(unknown(id).map(|why| (at(&[&"desk", &index, &"services", &n]), why)));
                }
                Profile::LongestWait(ids.iter().map(|id| id.as_str().into()).collect())
            }
            (None, Some(ratio)) => {
                for id in ratio.keys() {
                    found.extend(unknown(id).map(|why| (at(&[&"desk", &index, &"ratio", id]), why)));
                }
                Profile::Ratio(ratio.iter().map(|(id, n)| (id.as_str().into(), *n)).collect())
            }
            (Some(_), Some(_)) => {
                let why = "A desk has either `services` (longest wait first) or a `ratio`, not both.";
                found.push((at(&[&"desk", &index, &"ratio"]), why.into()));
                continue;
            }
            (None, None) => desk.profile,
        };
        if let Some(problem) = desk.problem() {
            let key = if problem.contains("ratio") {
                "ratio"
            } else if problem.contains("name") {
                "name"
            } else {
                "id"
            };
            found.push((at(&[&"desk", &index, &key]), problem));
        }
        if desks.iter().any(|other| other.id == desk.id) {
            found.push((at(&[&"desk", &index, &"id"]), format!("Two desks have the id {:?}.", text.id)));
        }
        desks.push(desk);
    }
    desks
}

fn no_service(id: &str, known: &[&str]) -> String {
    format!("There is no service {id:?}. Services: {}.", known.join(", "))
}

/// The opening hours as the core knows them. Each day is judged by itself, so that the problem is on its line.
pub(super) fn hours(text: HoursText, found: &mut Findings) -> Hours {
    let HoursText { monday, tuesday, wednesday, thursday, friday, saturday, sunday, exceptions } = text;
    let days = [
        ("monday", monday),
        ("tuesday", tuesday),
        ("wednesday", wednesday),
        ("thursday", thursday),
        ("friday", friday),
        ("saturday", saturday),
        ("sunday", sunday),
    ];
    let silent = days.iter().all(|(_, day)| day.is_none()) && exceptions.is_empty();
    let mut problem = |path: Path, day: &DayHours| {
        let mut one = Hours::default();
        one.week[0].clone_from(&day.0);
        if let Some(problem) = one.problem() {
            found.push((path, problem));
        }
    };
    let mut hours = Hours::default();
    for ((name, day), spans) in days.into_iter().zip(&mut hours.week) {
        if let Some(day) = day {
            problem(at(&[&"hours", &name]), &day);
            *spans = day.0;
        }
    }
    for (date, day) in exceptions {
        problem(at(&[&"hours", &"exceptions", &date.0]), &day);
        hours.exceptions.insert(date.0, day.0);
    }
    if !silent && hours.week.iter().all(Vec::is_empty) {
        let why = "Every day of the week is closed. Give at least one weekday its hours; \
                   leave [hours] out for a branch that is always open.";
        found.push((at(&[&"hours"]), why.into()));
    }
    hours
}

/// The rules as the core knows them.
pub(super) fn rules(text: RulesText, found: &mut Findings) -> Rules {
    let mut rules = Rules::default();
    let before = found.len();
    let ms = |length: Option<Length>, default: u64| length.map_or(default, |length| length.0);
    if let Some(classes) = text.priority_classes {
        let plain = |class: &String| {
            (1..=24).contains(&class.len())
                && class.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        if let Some((index, class)) = classes.iter().enumerate().find(|(_, class)| !plain(class)) {
            let why = format!("The priority class {class:?} must be 1 to 24 small letters, digits or hyphens.");
            found.push((at(&[&"rules", &"priority_classes", &index]), why));
        }
        rules.classes = classes.iter().map(|class| class.as_str().into()).collect();
    }
    rules.priority_ratio = text.priority_ratio.unwrap_or(rules.priority_ratio);
    rules.keep_place_ms = ms(text.keep_place, rules.keep_place_ms);
    rules.requeue_after = text.requeue_after.unwrap_or(rules.requeue_after);
    rules.max_requeues = text.max_requeues.unwrap_or(rules.max_requeues);
    rules.delay_passes = text.delay_passes.unwrap_or(rules.delay_passes);
    rules.max_delays = text.max_delays.unwrap_or(rules.max_delays);
    rules.take_back_ms = ms(text.take_back, rules.take_back_ms);
    rules.undo_ms = ms(text.undo, rules.undo_ms);
    if let Some(Length(ms)) = text.closing_tolerance {
        if ms % 60_000 != 0 {
            found.push((at(&[&"rules", &"closing_tolerance"]), "closing_tolerance is counted in whole minutes.".into()));
        }
        rules.closing_tolerance_min = u32::try_from(ms / 60_000).unwrap_or(u32::MAX);
    }
    rules.serve_after_closing_ms = ms(text.serve_after_closing, rules.serve_after_closing_ms);
    rules.day_turns_at = text.day_turns_at.map_or(rules.day_turns_at, |time| time.0);
    if let Some(Length(ms)) = text.clock_doubt {
        rules.clock_doubt_ms = i64::try_from(ms).unwrap_or(i64::MAX);
    }
    let given = &mut rules.courtesy;
    given.give = text.courtesy.unwrap_or(given.give);
    given.text = text.courtesy_text.map_or_else(String::new, |text| text.trim().to_owned());
    given.per_day = text.courtesy_per_day.unwrap_or(given.per_day);
    if let Some(Length(ms)) = text.courtesy_after {
        if ms % 60_000 != 0 {
            found.push((at(&[&"rules", &"courtesy_after"]), "courtesy_after is counted in whole minutes.".into()));
        }
        given.after_min = u32::try_from(ms / 60_000).unwrap_or(u32::MAX);
    }
    // one sentence for one mistake
    if let Some(problem) = rules.problem().filter(|_| found.len() == before) {
        let keys = [
            "priority_ratio",
            "requeue_after",
            "delay_passes",
            "clock_doubt",
            "priority_classes",
            "keep_place",
            "undo",
            "closing_tolerance",
            "serve_after_closing",
            "courtesy_per_day",
            "courtesy_after",
            "courtesy_text",
        ];
        let wrong = |key: &&str| match *key {
            "requeue_after" => rules.requeue_after == 0,
            "delay_passes" => rules.delay_passes == 0,
            "courtesy_per_day" => problem.contains("per_day"),
            "courtesy_after" => problem.contains("courtesy's after"),
            "courtesy_text" => problem.contains("courtesy's text"),
            key => problem.contains(key),
        };
        let key = keys.into_iter().find(wrong).unwrap_or("priority_ratio");
        found.push((at(&[&"rules", &key]), problem));
    }
    rules
}

/// The services that desks may name: the file's, or the example store's where the file has none.
pub(super) fn nameable(services: Option<&Vec<Service>>) -> Vec<Service> {
    services.cloned().or(Seed::example().services).unwrap_or_default()
}
