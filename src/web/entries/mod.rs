//! `/manage/entries`: what customers can read, written by editors and managers.
//!
//! Every page is made here and works without a script: each button sends a form, each form says which version it was made from,
//! and whoever comes second is told. A script adds dragging, and checks while somebody types.

mod api;
mod diff;
mod documents;
mod edit;
mod form;
mod list;
mod picture;
mod standing;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::{get, post};
use chrono::{Local, NaiveDateTime, Offset, TimeZone};

pub(super) use self::api::{list as api_list, show as api_show};
pub(in crate::web) use self::diff::Difference;
use self::diff::differences;
pub(in crate::web) use self::standing::{WORDS, called};

use super::{App, BODY_LIMIT, Problem, Shared};
use crate::queue::{Lang, Moment};
use crate::signage::lint::{Around, Room};
use crate::signage::{Content, EntryId};

/// The largest text part of an entry's form.
const TEXT_LIMIT: usize = 8 * BODY_LIMIT;

pub(super) fn routes() -> Router<Shared> {
    let upload = DefaultBodyLimit::max(picture::PICTURE_BYTES + TEXT_LIMIT);
    Router::new()
        .route("/manage/entries", get(list::show))
        .route("/manage/entries/order", post(list::order))
        .route("/manage/entries/duplicate", post(list::duplicate))
        .route("/manage/entries/calendar", get(list::calendar))
        .route("/manage/entries/new", get(edit::blank).post(edit::create).layer(upload))
        .route("/manage/entries/{id}", get(edit::show).post(edit::change).layer(upload))
        .route("/manage/fields", get(documents::fields).post(documents::put_fields))
        .route("/manage/playlists", get(documents::playlists).post(documents::put_playlists))
        .route("/pictures/{id}", get(picture::show))
}

/// Names that are places of their own.
const PLACES: [&str; 4] = ["new", "order", "duplicate", "calendar"];

/// A name for a new entry that none has.
fn free_name(question: &str, taken: impl Fn(&EntryId) -> bool) -> EntryId {
    let plain = EntryId::of(question);
    let free = |id: &EntryId| !taken(id) && !PLACES.contains(&id.as_str());
    if free(&plain) {
        return plain;
    }
    (2..u32::MAX).map(|number| plain.numbered(number)).find(free).unwrap_or(plain)
}

fn missing() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "unknown-entry", "There is no such entry. Look for it in the list of answers.")
}

/// A point in time as it is written to staff.
fn when(app: &App, wall_ms: i64) -> String {
    let at = Moment { wall_ms, ..app.branch.now() }.date_time();
    at.format("%-d %B %Y, %H:%M").to_string()
}

/// Who did something, without the kind of caller.
fn person(actor: &str) -> String {
    actor.strip_prefix("staff:").unwrap_or(actor).to_owned()
}

impl App {
    /// The codes of what the branch speaks, the first first.
    pub(in crate::web) fn spoken(&self) -> Vec<Lang> {
        let spoken: Vec<Lang> = self.options.languages.iter().map(|words| words.lang()).collect();
        if spoken.is_empty() { vec![self.first_words().lang()] } else { spoken }
    }

    /// A local time as the wall clock has it: where the machine's zone repeats an hour, the first; where it leaves one out, none.
    pub(in crate::web) fn local_ms(&self, local: NaiveDateTime) -> Option<i64> {
        let now = self.branch.now().date_time();
        // a branch whose clock is set by hand (demo, tests) keeps its offset
        if Local.offset_from_utc_datetime(&now.naive_utc()).fix() == now.offset().fix() {
            return Local.from_local_datetime(&local).earliest().map(|at| at.timestamp_millis());
        }
        now.offset().from_local_datetime(&local).earliest().map(|at| at.timestamp_millis())
    }

    /// What an entry is looked at against.
    fn around<'a>(&'a self, content: &'a Content, languages: &'a [Lang], id: Option<&EntryId>) -> Around<'a> {
        let screens = &self.options.screens;
        let others = content.entries.iter().filter(|live| Some(&live.id) != id);
        Around {
            fields: &content.fields,
            languages,
            now: self.branch.now().date_time().naive_local(),
            other_shares: others.map(|live| u32::from(live.entry.least_share)).sum(),
            room: Room::of_board(screens.board_inches, screens.board_metres),
            accent: screens.accent.as_deref(),
        }
    }
}
