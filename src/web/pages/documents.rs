//! The pages `/manage/fields` and `/manage/playlists`: what entries share.

use askama::Template;

use super::Site;
use super::editor::{DAYS, field};
use crate::signage::Playlist;

/// An older version, to go back to.
pub(in crate::web) struct Past {
    pub(in crate::web) id: i64,
    pub(in crate::web) by: String,
    pub(in crate::web) at: String,
    pub(in crate::web) what: String,
}

/// A name in braces.
pub(in crate::web) struct Field {
    pub(in crate::web) name: String,
    pub(in crate::web) words: String,
    /// Whether it is kept already.
    pub(in crate::web) known: bool,
    /// The entries that use it: name and question.
    pub(in crate::web) uses: Vec<(String, String)>,
}

/// The page `/manage/fields`.
pub(in crate::web) struct FieldsPage<'a> {
    pub(in crate::web) site: Site<'a>,
    pub(in crate::web) staff: &'a str,
    pub(in crate::web) manager: bool,
    pub(in crate::web) base: i64,
    pub(in crate::web) fields: &'a [Field],
    pub(in crate::web) past: &'a [Past],
    pub(in crate::web) said: Option<&'a str>,
    pub(in crate::web) problem: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "fields.html")]
struct FieldsHtml<'a> {
    p: &'a FieldsPage<'a>,
    site: Site<'a>,
    manager: bool,
    next: usize,
}

/// Renders the words in braces.
///
/// # Errors
/// Only if formatting fails.
pub(in crate::web) fn fields(page: &FieldsPage<'_>) -> Result<String, askama::Error> {
    FieldsHtml { p: page, site: page.site, manager: page.manager, next: page.fields.len() }.render()
}

/// A playlist in the list.
pub(in crate::web) struct PlaylistRow {
    pub(in crate::web) at: usize,
    pub(in crate::web) name: String,
    pub(in crate::web) entries: usize,
    pub(in crate::web) share: u8,
    pub(in crate::web) always: bool,
    pub(in crate::web) over: bool,
    pub(in crate::web) now: bool,
}

/// An entry that may be in a playlist.
pub(in crate::web) struct Member {
    pub(in crate::web) id: String,
    pub(in crate::web) question: String,
    pub(in crate::web) live: bool,
    /// 1 is shown first.
    pub(in crate::web) place: Option<usize>,
}

/// The playlist that is edited.
pub(in crate::web) struct PlaylistForm<'a> {
    /// Its place, or `new`.
    pub(in crate::web) edit: &'a str,
    pub(in crate::web) list: &'a Playlist,
    pub(in crate::web) members: Vec<Member>,
}

impl PlaylistForm<'_> {
    fn on(&self, day: &usize) -> bool {
        u8::try_from(*day).is_ok_and(|day| self.list.schedule.weekdays.contains(&day))
    }

    fn from(&self) -> String {
        field(self.list.schedule.from)
    }

    fn until(&self) -> String {
        field(self.list.schedule.until)
    }

    fn hours(&self) -> (String, String) {
        let clock = |time: chrono::NaiveTime| time.format("%H:%M").to_string();
        self.list.schedule.hours.map(|hours| (clock(hours.from), clock(hours.until))).unwrap_or_default()
    }
}

/// The page `/manage/playlists`.
pub(in crate::web) struct PlaylistsPage<'a> {
    pub(in crate::web) site: Site<'a>,
    pub(in crate::web) staff: &'a str,
    pub(in crate::web) manager: bool,
    pub(in crate::web) base: i64,
    pub(in crate::web) rows: &'a [PlaylistRow],
    pub(in crate::web) form: Option<&'a PlaylistForm<'a>>,
    pub(in crate::web) past: &'a [Past],
    pub(in crate::web) said: Option<&'a str>,
    pub(in crate::web) problem: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "playlists.html")]
struct PlaylistsHtml<'a> {
    p: &'a PlaylistsPage<'a>,
    site: Site<'a>,
    manager: bool,
    days: [&'static str; 7],
}

/// Renders the playlists.
///
/// # Errors
/// Only if formatting fails.
pub(in crate::web) fn playlists(page: &PlaylistsPage<'_>) -> Result<String, askama::Error> {
    PlaylistsHtml { p: page, site: page.site, manager: page.manager, days: DAYS }.render()
}
