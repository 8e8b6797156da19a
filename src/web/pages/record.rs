//! The page `/record`: how often the branch kept its word, in words, tables and two pictures.

use askama::Template;
use chrono::NaiveDate;

use super::Site;
use super::picture::{Days, Picture};
use crate::estimate::{Method, RECORD_DAYS, Record, Tally};
use crate::phrase::Words;
use crate::queue::{ServiceRow, View};

/// The page `/record`.
#[derive(Clone, Copy, Debug)]
pub struct RecordPage<'a> {
    /// What all pages share.
    pub site: Site<'a>,
    /// The public view, for the services' names.
    pub view: &'a View,
    /// The record.
    pub record: &'a Record,
}

/// A row of a table of promises.
pub(super) struct Row {
    /// What they have in common.
    pub(super) name: String,
    pub(super) tally: Tally,
}

/// What the page says first.
pub(super) enum Headline {
    /// No promise has come true or not yet.
    Nothing,
    /// Only such that were labelled as learning.
    Learning,
    /// Some, but too few for a share.
    Few,
    /// Enough.
    Share(u32),
}

impl Headline {
    pub(super) fn of(record: &Record) -> Self {
        match (record.all.percent(), record.all.count(), record.apart.learning.count()) {
            (Some(percent), ..) => Self::Share(percent),
            (None, 0, 0) => Self::Nothing,
            (None, 0, _) => Self::Learning,
            (None, ..) => Self::Few,
        }
    }
}

#[derive(Template)]
#[template(path = "record.html")]
struct RecordHtml<'a> {
    site: Site<'a>,
    r: &'a Record,
    headline: Headline,
    kept_of: String,
    services: Vec<Row>,
    lengths: Vec<Row>,
    days: Vec<Row>,
    picture: Option<Picture>,
    columns: Option<Days>,
    simple: Vec<String>,
}

/// Renders `/record`.
///
/// # Errors
/// Only if formatting fails.
pub fn record(page: &RecordPage<'_>) -> Result<String, askama::Error> {
    let record = page.record;
    RecordHtml {
        site: page.site,
        r: record,
        headline: Headline::of(record),
        kept_of: kept_of(page.site.words, &record.all, since(record)),
        services: services(record, &page.view.services),
        lengths: lengths(page.site.words, record),
        days: record.by_day.iter().map(|day| Row { name: page.site.words.date(day.date), tally: day.tally }).collect(),
        picture: Picture::of(&record.groups),
        columns: Days::of(&record.by_day),
        simple: simple(record, &page.view.services),
    }
    .render()
}

/// The record in a sentence, or three.
pub(super) fn kept_of(words: Words, tally: &Tally, since: Option<NaiveDate>) -> String {
    let (kept, all) = (words.number(tally.kept), words.number(tally.count()));
    let kept = match since {
        Some(date) => words.kept_of_since(words.date(date), kept, all),
        None => words.kept_of_28(kept, all),
    };
    format!("{kept} {} {}", words.called_later(tally.later), words.called_sooner(tally.earlier))
}

/// Since when, where the record is younger than its span.
pub(super) fn since(record: &Record) -> Option<NaiveDate> {
    let [first, _] = record.dates?;
    (record.by_day.len() < RECORD_DAYS as usize).then_some(first)
}

fn name(id: &crate::queue::ServiceId, known: &[ServiceRow]) -> String {
    known.iter().find(|row| row.id == *id).map_or_else(|| id.to_string(), |row| row.name.clone())
}

/// By service, in the order in which people choose; those that are gone last.
pub(super) fn services(record: &Record, known: &[ServiceRow]) -> Vec<Row> {
    let rank = |id: &crate::queue::ServiceId| known.iter().position(|row| row.id == *id).unwrap_or(usize::MAX);
    let mut services: Vec<_> = record.services.iter().collect();
    services.sort_by_key(|(id, _)| rank(id));
    services.into_iter().map(|(id, tally)| Row { name: name(id, known), tally: *tally }).collect()
}

/// By length. With one only there is nothing to compare.
pub(super) fn lengths(words: Words, record: &Record) -> Vec<Row> {
    let rows = record.lengths.iter().map(|length| {
        let name = match (length.from_min, length.below_min) {
            (None, Some(below)) => words.under_minutes(below),
            (Some(from), Some(below)) => words.minutes_to(from, below),
            (Some(from), None) => words.minutes_or_more(from),
            (None, None) => words.any_length().into(),
        };
        Row { name, tally: length.tally }
    });
    let rows: Vec<_> = rows.collect();
    if rows.len() > 1 { rows } else { Vec::new() }
}

/// Services whose estimate comes from the simple formula now.
pub(super) fn simple(record: &Record, known: &[ServiceRow]) -> Vec<String> {
    let simple = record.methods.iter().filter(|(_, method)| **method == Method::Simple);
    simple.map(|(id, _)| name(id, known)).collect()
}
