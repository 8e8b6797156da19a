//! From text to [`Settings`], collecting every problem on the way.
//!
//! Serde stops at the first problem. So the parsed table is read again and again, each time without the entry that was wrong
//! the last time, until the rest can be read; each round gives one problem with its place.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Deserializer, Error};

use super::branch::{self, DeskText, HoursText, Path, RulesText, ServiceText};
use super::button::{self, ButtonText, ButtonsSettings};
use super::hub::{BranchSettings, PersonalSettings, PhoneSettings, PrinterSettings, WebSettings};
use super::screens::{ScreenSettings, WifiSettings};
use super::voice::VoiceSettings;
use super::{Problem, Settings};
use crate::queue::Rules;

/// More problems than this are not looked for: the file is something else.
const ENOUGH: usize = 50;
/// How alike two words must be for one to be taken for the other: 0 to 1.
const ALIKE: f64 = 0.7;

/// The file as it is typed.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    branch: BranchSettings,
    service: Option<Vec<ServiceText>>,
    desk: Option<Vec<DeskText>>,
    hours: Option<HoursText>,
    rules: Option<RulesText>,
    phone: PhoneSettings,
    web: WebSettings,
    personal: PersonalSettings,
    printer: PrinterSettings,
    buttons: ButtonsSettings,
    button: Vec<ButtonText>,
    voice: VoiceSettings,
    screens: ScreenSettings,
    wifi: WifiSettings,
}

/// Reads a settings file.
pub(super) fn settings(source: &str) -> Result<Settings, Vec<Problem>> {
    let (table, errors) = DeTable::parse_recoverable(source);
    if !errors.is_empty() {
        let problem = |error: &Error| {
            let message = format!("This is not TOML: {}.", error.message().trim_end_matches('.'));
            Problem::new(source, error.span().unwrap_or_default(), String::new(), message)
        };
        return Err(errors.iter().map(problem).collect());
    }
    let file = typed(source, &table)?;
    let mut found = Vec::new();
    for (name, empty) in [("service", empty(file.service.as_ref())), ("desk", empty(file.desk.as_ref()))] {
        if empty {
            found.push((vec![name.to_owned()], format!("Name at least one [[{name}]], or leave the key out.")));
        }
    }
    found.extend(kindless(table.get_ref()));
    found.extend(file.printer.problems().into_iter().map(|(key, problem)| (vec!["printer".into(), key.into()], problem)));
    if let Some((key, message)) = file.wifi.problem() {
        found.push((vec!["wifi".to_owned(), key.to_owned()], message.to_owned()));
    }
    let services = file.service.map(|texts| branch::services(texts, &mut found));
    let nameable = branch::nameable(services.as_ref());
    let desks = file.desk.map(|texts| branch::desks(texts, &nameable, &mut found));
    let rules = file.rules.map(|text| branch::rules(text, &mut found));
    let usual = Rules::default();
    // what the file does not say is the ledger's, which may have other ones than the example store
    let known = button::Known {
        services: services.as_deref(),
        desks: desks.as_deref(),
        classes: rules.as_ref().map_or(&usual.classes[..], |rules| &rules.classes[..]),
    };
    let settings = Settings {
        button: button::buttons(file.button, &known, &mut found),
        hours: file.hours.map(|text| branch::hours(text, &mut found)),
        desks,
        rules,
        services,
        branch: file.branch,
        phone: file.phone,
        web: file.web,
        personal: file.personal,
        printer: file.printer,
        buttons: file.buttons,
        voice: file.voice,
        screens: file.screens,
        wifi: file.wifi,
    };
    if found.is_empty() {
        return Ok(settings);
    }
    let problem = |(path, message): (Path, String)| Problem::new(source, span_of(&table, &path), dotted(&path), message);
    Err(sorted(found.into_iter().map(problem).collect()))
}

/// Whoever says where a printer is and not of which kind would get pictures, for that is what there is unless the file says more.
fn kindless(table: &DeTable<'_>) -> Option<(Path, String)> {
    let Some(DeValue::Table(printer)) = table.get("printer").map(Spanned::get_ref) else { return None };
    let (key, kind) = [("address", "\"tcp\""), ("device", "\"usb\" or \"serial\"")]
        .into_iter()
        .find(|(key, _)| printer.contains_key(*key) && !printer.contains_key("kind"))?;
    let why = format!("`{key}` needs kind = {kind} beside it: without a kind, tickets are kept as pictures.");
    Some((vec!["printer".to_owned(), key.to_owned()], why))
}

fn empty<T>(list: Option<&Vec<T>>) -> bool {
    list.is_some_and(Vec::is_empty)
}

fn sorted(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by_key(|problem| (problem.line, problem.column));
    problems
}

/// Reads the table into the typed file, or says everything that is in the way.
fn typed(source: &str, table: &Spanned<DeTable<'_>>) -> Result<File, Vec<Problem>> {
    let mut rest = table.clone();
    let mut problems = Vec::new();
    if let Some((name, DeValue::Table(_))) =
        table.get_ref().get_key_value("button").map(|(key, value)| (key, value.get_ref()))
    {
        let why = "[button] is called [buttons] now. [[button]], with two brackets, is one button with its pin.";
        problems.push(Problem::new(source, name.span(), "button".into(), why.into()));
        rest.get_mut().remove("button");
    }
    let mut removed: BTreeSet<Path> = BTreeSet::new();
    while problems.len() < ENOUGH {
        let error = match File::deserialize(Deserializer::from(rest.clone())) {
            Ok(file) if problems.is_empty() => return Ok(file),
            Ok(_) => break,
            Err(error) => error,
        };
        let span = error.span().unwrap_or_default();
        let path = path_of(table.get_ref(), &span).unwrap_or_default();
        let follows = words(error.message(), "missing field")
            .is_some_and(|names| names.first().is_some_and(|name| removed.contains(&join(&path, name))));
        if !follows {
            problems.push(explain(source, &error, &path, span.clone()));
        }
        if !remove(rest.get_mut(), &span) {
            break;
        }
        removed.insert(path);
    }
    Err(sorted(problems))
}

fn join(path: &[String], name: &str) -> Path {
    path.iter().cloned().chain([name.to_owned()]).collect()
}

/// The words in backticks of a message that begins with `start`.
fn words<'a>(message: &'a str, start: &str) -> Option<Vec<&'a str>> {
    let rest = message.strip_prefix(start)?;
    Some(rest.split('`').skip(1).step_by(2).collect())
}

/// Says what is wrong in words for people, with what was probably meant.
fn explain(source: &str, error: &Error, path: &[String], span: Range<usize>) -> Problem {
    let message = error.message();
    let named = path.iter().rposition(|part| part.parse::<usize>().is_err()).map_or(0, |at| at + 1);
    let key = path.get(named.wrapping_sub(1)).map_or("", String::as_str);
    let place = place(path.get(..named).unwrap_or_default());
    let (message, nearest) = if let Some(names) = words(message, "unknown field") {
        let (name, known) = names.split_first().map_or(("", &[][..]), |(name, known)| (*name, known));
        let nearest = nearest(name, known.iter().copied());
        let help = match &nearest {
            Some(nearest) => format!("Did you mean `{nearest}`?"),
            None => match elsewhere(name) {
                Some(section) => format!("`{name}` belongs in {section}."),
                None => format!("Known keys here: {}.", known.join(", ")),
            },
        };
        (format!("Unknown key `{name}`{place}. {help}"), nearest)
    } else if let Some(names) = words(message, "unknown variant") {
        let (name, allowed) = names.split_first().map_or(("", &[][..]), |(name, allowed)| (*name, allowed));
        let nearest = nearest(name, allowed.iter().copied());
        let meant = nearest.as_ref().map(|nearest| format!(" Did you mean \"{nearest}\"?")).unwrap_or_default();
        let quoted: Vec<_> = allowed.iter().map(|word| format!("\"{word}\"")).collect();
        (format!("`{key}`{place} cannot be \"{name}\". Allowed: {}.{meant}", quoted.join(", ")), nearest)
    } else if let Some(names) = words(message, "missing field") {
        let section = if path.is_empty() { "the file".to_owned() } else { bracketed(path) };
        (format!("The key `{}` is missing in {section}.", names.join("`, `")), None)
    } else {
        (complain(key, &place, &plain(message)), None)
    };
    Problem { nearest, ..Problem::new(source, span, dotted(path), message) }
}

/// "`name` in [branch] cannot be integer `5`: expected a string."
fn complain(key: &str, place: &str, message: &str) -> String {
    let invalid = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "));
    match invalid.and_then(|rest| rest.split_once(", expected ")) {
        Some((found, expected)) => {
            let found = found.strip_prefix("string ").unwrap_or(found);
            format!("`{key}`{place} cannot be {found}: expected {expected}.")
        }
        None => format!("`{key}`{place}: {message}."),
    }
}

/// Serde's words for numbers, for people.
fn plain(message: &str) -> String {
    let words = [
        ("expected u8", "expected a whole number from 0 to 255"),
        ("expected i64", "expected a whole number"),
        ("expected u32", "expected a whole number from 0 to 4294967295"),
        ("expected f32", "expected a number"),
        ("expected a sequence", "expected a list in [ ]"),
    ];
    let message = words.into_iter().fold(message.to_owned(), |message, (from, to)| message.replace(from, to));
    message.trim_end_matches('.').to_owned()
}

fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let alike = |one: &'a str| (strsim::jaro_winkler(&word.to_lowercase(), one), one);
    let best = known.map(alike).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 >= ALIKE).then(|| best.1.to_owned())
}

/// The section that has a key of this name.
fn elsewhere(name: &str) -> Option<String> {
    let key = keys().into_iter().find(|key| key.rsplit_once('.').is_some_and(|(_, last)| last == name))?;
    let (section, _) = key.rsplit_once('.')?;
    Some(bracketed(&[section.to_owned()]))
}

/// `[web]`, `[[service]]`, `[hours.exceptions]`.
fn bracketed(path: &[String]) -> String {
    let names: Vec<&str> = path.iter().map(String::as_str).filter(|part| part.parse::<usize>().is_err()).collect();
    match names.first() {
        Some(&list @ ("service" | "desk" | "button")) => format!("[[{list}]]"),
        _ => format!("[{}]", names.join(".")),
    }
}

fn place(path: &[String]) -> String {
    match path.split_last() {
        Some((_, section)) if !section.is_empty() => format!(" in {}", bracketed(section)),
        _ => String::new(),
    }
}

/// `service[0].id`.
fn dotted(path: &[String]) -> String {
    path.iter().fold(String::new(), |text, part| match part.parse::<usize>() {
        Ok(index) => format!("{text}[{index}]"),
        Err(_) if text.is_empty() => part.clone(),
        Err(_) => format!("{text}.{part}"),
    })
}

/// Which entry a span belongs to: its key's or its value's.
fn path_of(table: &DeTable<'_>, span: &Range<usize>) -> Option<Path> {
    table.iter().find_map(|(key, value)| {
        let name = key.get_ref().to_string();
        if key.span() == *span {
            return Some(vec![name]);
        }
        path_in(value, span).map(|rest| [name].into_iter().chain(rest).collect())
    })
}

fn path_in(value: &Spanned<DeValue<'_>>, span: &Range<usize>) -> Option<Path> {
    let inside = match value.get_ref() {
        DeValue::Table(table) => path_of(table, span),
        DeValue::Array(list) => list.iter().enumerate().find_map(|(index, value)| {
            path_in(value, span).map(|rest| [index.to_string()].into_iter().chain(rest).collect())
        }),
        _ => None,
    };
    inside.or_else(|| (value.span() == *span).then(Vec::new))
}

/// Takes out the entry a span belongs to. `false`: there is none.
fn remove(table: &mut DeTable<'_>, span: &Range<usize>) -> bool {
    path_of(table, span).is_some_and(|path| remove_path(table, &path))
}

fn remove_path(table: &mut DeTable<'_>, path: &[String]) -> bool {
    match path {
        [] => false,
        [name] => table.remove(name.as_str()).is_some(),
        [name, rest @ ..] => table.get_mut(name.as_str()).is_some_and(|value| remove_in(value.get_mut(), rest)),
    }
}

fn remove_in(value: &mut DeValue<'_>, path: &[String]) -> bool {
    match (value, path) {
        (DeValue::Table(table), path) => remove_path(table, path),
        (DeValue::Array(list), [index, rest @ ..]) => {
            let Ok(index) = index.parse::<usize>() else { return false };
            if !rest.is_empty() {
                return list.get_mut(index).is_some_and(|value| remove_in(value.get_mut(), rest));
            }
            let all = std::mem::replace(list, DeArray::new()).into_iter().enumerate();
            *list = all.filter(|(at, _)| *at != index).map(|(_, value)| value).collect();
            true
        }
        _ => false,
    }
}

/// Where an entry is; the nearest place above it if it is not in the file.
fn span_of(table: &Spanned<DeTable<'_>>, path: &[String]) -> Range<usize> {
    let mut span = table.span();
    let mut table = table.get_ref();
    let mut parts = path.iter();
    while let Some((key, value)) = parts.next().and_then(|part| table.get_key_value(part.as_str())) {
        span = if value.get_ref().is_table() { key.span() } else { value.span() };
        let mut value = value.get_ref();
        if let DeValue::Array(list) = value {
            let Some(inner) = parts.next().and_then(|part| list.get(part.parse::<usize>().ok()?)) else { break };
            span = inner.span();
            value = inner.get_ref();
        }
        let DeValue::Table(inner) = value else { break };
        table = inner;
    }
    span
}

/// Every key a settings file can have, as `section.key`, in no particular order: what the reader itself says it knows.
#[must_use]
pub fn keys() -> Vec<String> {
    let ask = |text: String| -> Vec<String> {
        let error = toml::from_str::<File>(&text).err();
        let names = error.as_ref().and_then(|error| words(error.message(), "unknown field"));
        names.into_iter().flatten().skip(1).map(str::to_owned).collect()
    };
    let mut keys = Vec::new();
    for section in ask("? = 1".replace('?', "\"?\"")) {
        let header = bracketed(std::slice::from_ref(&section));
        for key in ask(format!("{header}\n\"?\" = 1")) {
            keys.push(format!("{section}.{key}"));
        }
    }
    keys
}
