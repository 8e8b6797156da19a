//! What hangs on a board, as the board gets it.

use std::sync::Arc;
use std::time::Instant;

use pulldown_cmark::{Event, Parser, TagEnd};
use serde::Serialize;

use crate::phrase::Words;
use crate::queue::{Hours, Lang, ServiceId, ServiceRow};
use crate::signage::rotation::{Choice, Why};
use crate::signage::{Content, EntryId, Kind};

/// What hangs now, and until when.
#[derive(Clone, Debug, Default)]
pub(super) struct Hanging {
    pub(super) what: Option<Arc<Hung>>,
    pub(super) until: Option<Instant>,
}

/// One thing on a board, ready to be drawn.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Hung {
    entry: EntryId,
    version: u32,
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<Lang>,
    /// Whether that is written from right to left.
    rtl: bool,
    /// Over it: for whom it is; empty where that is everyone.
    kicker: String,
    question: String,
    /// What stands under it, lines of plain text.
    answer: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<Picture>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<ServiceId>,
    /// The colour of that service, by name.
    accent: String,
    /// How long it stands there in all.
    seconds: u32,
    why: Why,
    /// The same as a sentence.
    reason: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Picture {
    url: String,
    width: u32,
    height: u32,
    alt: String,
}

/// What a board is told of the branch.
pub(super) struct Branch<'a> {
    pub(super) content: &'a Content,
    pub(super) services: &'a [ServiceRow],
    pub(super) hours: &'a Hours,
    pub(super) house: Words,
}

impl Hung {
    pub(super) fn of(choice: &Choice, branch: &Branch<'_>) -> Self {
        let words = choice.language.as_ref().and_then(|lang| Words::of(lang.as_str())).unwrap_or(branch.house);
        let entry = branch.content.get(&choice.id).map(|live| &live.entry);
        let only = entry.filter(|entry| entry.services.len() == 1).and_then(|entry| entry.services.first());
        let service = only.and_then(|id| branch.services.iter().find(|row| row.id == *id));
        let text = &choice.text;
        let picture = entry.and_then(|entry| entry.image.as_ref()).map(|image| Picture {
            url: format!("/api/wall/pictures/{}", image.id),
            width: image.width,
            height: image.height,
            alt: text.alt.clone(),
        });
        let name = |id: &ServiceId| service_name(branch.services, id);
        Self {
            entry: choice.id.clone(),
            version: choice.version,
            kind: choice.kind,
            language: choice.language.clone(),
            rtl: words.rtl(),
            kicker: service.map(|row| words.waiting_for(&row.name)).unwrap_or_default(),
            question: text.question.clone(),
            answer: match choice.kind {
                Kind::Answers | Kind::Prepares | Kind::Routes => text.short.clone(),
                Kind::Page => plain(if text.full.is_empty() { &text.short } else { &text.full }),
                Kind::Picture => String::new(),
                Kind::Hours => hours(branch.hours, words),
            },
            picture,
            service: service.map(|row| row.id.clone()),
            accent: service.map(|row| row.accent.clone()).unwrap_or_default(),
            seconds: choice.seconds,
            why: choice.why.clone(),
            reason: choice.why.sentence(name),
        }
    }
}

/// What a service is called.
pub(super) fn service_name(services: &[ServiceRow], id: &ServiceId) -> String {
    services.iter().find(|row| row.id == *id).map_or_else(|| id.to_string(), |row| row.name.clone())
}

/// The lines of a Markdown text without its marks: a board has no links to follow.
fn plain(markdown: &str) -> String {
    let mut plain = String::new();
    for event in Parser::new(markdown) {
        match event {
            Event::Text(text) | Event::Code(text) => plain.push_str(&text),
            Event::SoftBreak => plain.push(' '),
            Event::HardBreak | Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item) => plain.push('\n'),
            _ => {}
        }
    }
    plain.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}

/// The hours of the week, a line for each run of days that are alike; nothing where none are set.
fn hours(hours: &Hours, words: Words) -> String {
    if hours.always() {
        return String::new();
    }
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for day in 0..hours.week.len() {
        match runs.last_mut() {
            Some((first, last)) if hours.week.get(*first) == hours.week.get(day) => *last = day,
            _ => runs.push((day, day)),
        }
    }
    let line = |(first, last): &(usize, usize)| {
        let spans = hours.week.get(*first).into_iter().flatten();
        let spans: Vec<String> = spans.map(|span| format!("{}–{}", words.time(span.open), words.time(span.close))).collect();
        let days = words.weekday(*first);
        let days = if first == last { days.to_owned() } else { format!("{days} – {}", words.weekday(*last)) };
        let spans = if spans.is_empty() { words.desk_closed_word().to_owned() } else { spans.join(", ") };
        format!("{days}: {spans}")
    };
    runs.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queue::Span;
    use chrono::NaiveTime;

    #[test]
    fn a_page_is_its_words_and_hours_are_runs_of_days() {
        assert_eq!(plain("# Garden\n\nSow **now**: [list](http://x/)\n\n* one\n* two"), "Garden\nSow now: list\none\ntwo");
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        let span = |open, close| Span { open: time(open), close: time(close) };
        let mut week = Hours::default();
        assert_eq!(hours(&week, Words::english()), "");
        week.week = std::array::from_fn(|day| match day {
            0..=4 => vec![span(9, 12), span(13, 18)],
            5 => vec![span(9, 16)],
            _ => vec![],
        });
        let lines = hours(&week, Words::english());
        assert_eq!(lines, "Monday – Friday: 09:00–12:00, 13:00–18:00\nSaturday: 09:00–16:00\nSunday: closed");
    }
}
