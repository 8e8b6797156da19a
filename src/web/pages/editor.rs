//! The page `/manage/entries/{id}`: one entry, what is not right with it, and what it was.

use askama::Template;
use chrono::NaiveDateTime;

use super::Site;
use crate::queue::Lang;
use crate::signage::lint::{Finding, Weight};
use crate::signage::{Entry, Kind, Text, reading_seconds, word_count};
use crate::web::entries::{Difference, called};

/// A language other than that of the original.
pub(in crate::web) struct LanguageForm<'a> {
    pub(in crate::web) code: String,
    pub(in crate::web) name: String,
    pub(in crate::web) dir: &'static str,
    pub(in crate::web) text: Option<&'a Text>,
    /// The version in which the original changed while this did not.
    pub(in crate::web) stale: Option<u32>,
}

impl LanguageForm<'_> {
    fn part(&self, name: &str) -> &str {
        self.text.map_or("", |text| match name {
            "question" => &text.question,
            "short" => &text.short,
            "full" => &text.full,
            _ => &text.alt,
        })
    }
}

/// How it reads on a phone.
pub(in crate::web) struct Preview {
    pub(in crate::web) question: String,
    pub(in crate::web) short: String,
    /// HTML that `markdown` has made.
    pub(in crate::web) full: String,
}

/// One version of the entry.
pub(in crate::web) struct Version {
    pub(in crate::web) number: u32,
    pub(in crate::web) state: &'static str,
    pub(in crate::web) due: Option<String>,
    pub(in crate::web) by: String,
    pub(in crate::web) at: String,
    pub(in crate::web) note: String,
    /// "shown now", "to come" or nothing.
    pub(in crate::web) mark: &'static str,
}

/// A version that is looked at.
pub(in crate::web) struct Older {
    pub(in crate::web) version: Version,
    pub(in crate::web) was_live: bool,
    pub(in crate::web) is_newest: bool,
    /// What it changed.
    pub(in crate::web) made: Vec<Difference>,
    /// What has changed since.
    pub(in crate::web) since: Vec<Difference>,
}

/// Somebody else was faster.
pub(in crate::web) struct Conflict {
    pub(in crate::web) by: String,
    pub(in crate::web) at: String,
    pub(in crate::web) version: u32,
    /// Theirs against what was typed.
    pub(in crate::web) differences: Vec<Difference>,
}

/// The page.
pub(in crate::web) struct EditorPage<'a> {
    pub(in crate::web) site: Site<'a>,
    pub(in crate::web) staff: &'a str,
    pub(in crate::web) manager: bool,
    /// `None`: it is not written yet.
    pub(in crate::web) id: Option<String>,
    pub(in crate::web) base: u32,
    pub(in crate::web) entry: &'a Entry,
    pub(in crate::web) note: &'a str,
    pub(in crate::web) at: Option<NaiveDateTime>,
    pub(in crate::web) words: Vec<&'static str>,
    pub(in crate::web) next: Option<String>,
    /// Who asks for a review.
    pub(in crate::web) asked_by: Option<String>,
    pub(in crate::web) findings: &'a [Finding],
    /// Services: name, and whether it is for them.
    pub(in crate::web) services: &'a [(String, String, bool)],
    pub(in crate::web) spoken: &'a [Lang],
    pub(in crate::web) languages: &'a [LanguageForm<'a>],
    pub(in crate::web) preview: &'a Preview,
    pub(in crate::web) versions: &'a [Version],
    pub(in crate::web) older: Option<&'a Older>,
    pub(in crate::web) conflict: Option<&'a Conflict>,
    pub(in crate::web) room: (u64, u64),
    /// Whether it was tried to publish it.
    pub(in crate::web) tried: bool,
    pub(in crate::web) said: Option<&'a str>,
    pub(in crate::web) problem: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "entry.html")]
struct EditorHtml<'a> {
    p: &'a EditorPage<'a>,
    e: &'a Entry,
    site: Site<'a>,
    manager: bool,
    action: String,
    kinds: [(Kind, &'static str); 6],
    days: [&'static str; 7],
    stops: usize,
    seconds: u32,
    count: (usize, usize),
    from: String,
    until: String,
    hours: (String, String),
    at: String,
}

impl EditorHtml<'_> {
    fn called(&self, word: &str) -> &'static str {
        called(word)
    }

    fn lines(&self, text: &Text) -> String {
        text.also.join("\n")
    }

    fn is(&self, word: &str) -> bool {
        self.p.words.contains(&word)
    }

    fn on(&self, day: &usize) -> bool {
        u8::try_from(*day).is_ok_and(|day| self.e.schedule.weekdays.contains(&day))
    }

    fn own(&self, language: &Lang) -> bool {
        self.e.language.as_ref().or(self.p.spoken.first()) == Some(language)
    }
}

/// What each kind is for, in the form.
pub(in crate::web) const KINDS: [(Kind, &str); 6] = [
    (Kind::Answers, "answers: whoever has read it can go"),
    (Kind::Prepares, "prepares: whoever has read it has it ready"),
    (Kind::Routes, "routes: it is done elsewhere"),
    (Kind::Picture, "a picture, no question"),
    (Kind::Page, "a page of text, no question"),
    (Kind::Hours, "the opening hours, no question"),
];

/// The days of the week, Monday first.
pub(in crate::web) const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A local time as a form's field has it.
pub(in crate::web) fn field(time: Option<NaiveDateTime>) -> String {
    time.map(|time| time.format("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()
}

/// Renders the page.
///
/// # Errors
/// Only if formatting fails.
pub(in crate::web) fn editor(page: &EditorPage<'_>) -> Result<String, askama::Error> {
    let e = page.entry;
    let count = (word_count(&page.preview.question), word_count(&page.preview.short));
    let hours =
        e.schedule.hours.map(|hours| (hours.from.format("%H:%M").to_string(), hours.until.format("%H:%M").to_string()));
    EditorHtml {
        p: page,
        e,
        site: page.site,
        manager: page.manager,
        action: format!("/manage/entries/{}", page.id.as_deref().unwrap_or("new")),
        kinds: KINDS,
        days: DAYS,
        stops: page.findings.iter().filter(|finding| finding.weight == Weight::Stops).count(),
        seconds: reading_seconds(count.0 + count.1),
        count,
        from: field(e.schedule.from),
        until: field(e.schedule.until),
        hours: hours.unwrap_or_default(),
        at: field(page.at),
    }
    .render()
}
