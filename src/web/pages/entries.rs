//! The pages `/manage/entries` and its calendar.

use askama::Template;

use super::Site;
use crate::signage::Kind;
use crate::web::entries::{WORDS, called};

/// One entry of the list.
pub(in crate::web) struct Row {
    pub(in crate::web) id: String,
    pub(in crate::web) question: String,
    pub(in crate::web) kind: Kind,
    /// How it stands, by the words of `entries::WORDS`.
    pub(in crate::web) words: Vec<&'static str>,
    /// When its next version goes live.
    pub(in crate::web) next: Option<String>,
    pub(in crate::web) services: String,
    pub(in crate::web) last_shown: Option<String>,
    pub(in crate::web) shown: u32,
    pub(in crate::web) opened: u32,
    /// So many of so many said that it helped.
    pub(in crate::web) helped: Option<(u32, u32)>,
    pub(in crate::web) review_by: Option<String>,
    pub(in crate::web) stale: Vec<String>,
    pub(in crate::web) pinned: bool,
    pub(in crate::web) by: String,
    pub(in crate::web) at: String,
}

impl Row {
    fn is(&self, word: &str) -> bool {
        self.words.contains(&word)
    }
}

/// The page `/manage/entries`.
pub(in crate::web) struct EntriesPage<'a> {
    pub(in crate::web) site: Site<'a>,
    pub(in crate::web) staff: &'a str,
    pub(in crate::web) manager: bool,
    pub(in crate::web) rows: &'a [Row],
    /// How many there are in all.
    pub(in crate::web) total: usize,
    /// The order that is shown: its document.
    pub(in crate::web) order: i64,
    pub(in crate::web) filtered: bool,
    pub(in crate::web) state: &'a str,
    pub(in crate::web) kind: &'a str,
    pub(in crate::web) service: &'a str,
    pub(in crate::web) q: &'a str,
    pub(in crate::web) services: &'a [(String, String)],
    /// What was done last: when, who, what.
    pub(in crate::web) changes: &'a [(String, String, String)],
    /// Megabytes that pictures take, of how many.
    pub(in crate::web) room: (u64, u64),
    pub(in crate::web) moved: &'a str,
    pub(in crate::web) said: Option<&'a str>,
    pub(in crate::web) problem: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "entries.html")]
struct EntriesHtml<'a> {
    p: &'a EntriesPage<'a>,
    site: Site<'a>,
    manager: bool,
    states: [(&'static str, &'static str); 7],
    kinds: [Kind; 6],
}

impl EntriesHtml<'_> {
    fn called(&self, word: &str) -> &'static str {
        called(word)
    }
}

/// Renders the list.
///
/// # Errors
/// Only if formatting fails.
pub(in crate::web) fn list(page: &EntriesPage<'_>) -> Result<String, askama::Error> {
    EntriesHtml { p: page, site: page.site, manager: page.manager, states: WORDS, kinds: Kind::ALL }.render()
}

/// One day of a schedule.
pub(in crate::web) struct Cell {
    /// "09:00–12:00"; empty: not on that day.
    pub(in crate::web) text: String,
    /// From and length, per cent of the day.
    pub(in crate::web) bars: Vec<(u32, u32)>,
}

/// One entry or playlist with its week.
pub(in crate::web) struct Line {
    pub(in crate::web) name: String,
    pub(in crate::web) address: String,
    pub(in crate::web) word: &'static str,
    pub(in crate::web) cells: Vec<Cell>,
}

/// The page `/manage/entries/calendar`.
pub(in crate::web) struct CalendarPage<'a> {
    pub(in crate::web) site: Site<'a>,
    pub(in crate::web) staff: &'a str,
    pub(in crate::web) manager: bool,
    pub(in crate::web) title: String,
    /// Name, and whether it is today.
    pub(in crate::web) days: Vec<(String, bool)>,
    pub(in crate::web) before: String,
    pub(in crate::web) after: String,
    pub(in crate::web) lines: &'a [Line],
    /// What has no schedule.
    pub(in crate::web) always: &'a [(String, String)],
}

#[derive(Template)]
#[template(path = "calendar.html")]
struct CalendarHtml<'a> {
    p: &'a CalendarPage<'a>,
    site: Site<'a>,
    manager: bool,
}

/// Renders the calendar.
///
/// # Errors
/// Only if formatting fails.
pub(in crate::web) fn calendar(page: &CalendarPage<'_>) -> Result<String, askama::Error> {
    CalendarHtml { p: page, site: page.site, manager: page.manager }.render()
}
