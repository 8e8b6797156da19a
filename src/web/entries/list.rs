//! The list of entries, their order, and the week as a calendar.

use std::collections::{BTreeMap, BTreeSet};

use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::Deserialize;

use super::standing::Standing;
use super::{free_name, missing, person, when};
use crate::ledger::{Audit, By, Entries, EntryRow, EntryState, IMAGES_ROOM, Images, NewVersion, Role, Usage, usage};
use crate::queue::ServiceId;
use crate::signage::{EntryId, Playlist, Schedule};
use crate::web::access::Caller;
use crate::web::extract::Query;
use crate::web::pages::entries::{self as pages, CalendarPage, Cell, EntriesPage, Line, Row};
use crate::web::site::Page;
use crate::web::staff::staff;
use crate::web::{App, Problem, Shared};

/// How far back shows and answers are counted.
pub(super) const COUNTED_DAYS: i64 = 28;
/// So many of the last changes are shown.
const CHANGES: u32 = 20;

/// Which entries are listed.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Filter {
    #[serde(default)]
    state: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    service: String,
    #[serde(default)]
    q: String,
    /// What was done before this page was asked for.
    #[serde(default)]
    done: String,
    /// Which entry was moved, so that the keyboard stays there.
    #[serde(default)]
    moved: String,
}

impl Filter {
    fn is_set(&self) -> bool {
        [&self.state, &self.kind, &self.service, &self.q].into_iter().any(|part| !part.is_empty())
    }

    fn takes(&self, standing: &Standing, words: &[&str]) -> bool {
        let entry = &standing.newest.entry;
        let said = |text: &str| text.to_lowercase().contains(&self.q.to_lowercase());
        (self.state.is_empty() || words.contains(&self.state.as_str()))
            && (self.kind.is_empty() || entry.kind.as_str() == self.kind)
            && (self.service.is_empty() || entry.is_for(&ServiceId::from(self.service.as_str())))
            && (self.q.is_empty() || said(&entry.original.question) || said(&entry.original.short))
    }
}

impl App {
    /// What came of each entry of late.
    pub(super) async fn usage(&self) -> Result<BTreeMap<EntryId, Usage>, Problem> {
        let (journal, since) = (self.journal.clone(), self.branch.now().wall_ms - COUNTED_DAYS * 86_400_000);
        let read = tokio::task::spawn_blocking(move || usage(&journal.file(), since)).await;
        let stopping = |_| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", "The branch is stopping.");
        Ok(read.map_err(stopping)??)
    }

    /// Services by name, as pages offer them.
    pub(super) fn service_names(&self) -> Vec<(ServiceId, String)> {
        let live = self.branch.live();
        live.queue.ranked_services().iter().map(|state| (state.service.id.clone(), state.service.name.clone())).collect()
    }
}

fn named(services: &BTreeSet<ServiceId>, names: &[(ServiceId, String)]) -> String {
    let name = |id: &ServiceId| {
        names.iter().find(|(known, _)| known == id).map_or_else(|| format!("{id} (gone)"), |(_, name)| name.clone())
    };
    services.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn row(app: &App, standing: &Standing, words: Vec<&'static str>, names: &[(ServiceId, String)], used: Usage) -> Row {
    let entry = &standing.newest.entry;
    let stale = entry.translations.iter().filter(|(_, translation)| translation.stale_since.is_some());
    let question = entry.original.question.trim();
    let said = used.helped + used.not_helped;
    Row {
        id: standing.newest.id.to_string(),
        question: if question.is_empty() { "(without a title)".into() } else { question.into() },
        kind: entry.kind,
        words,
        next: standing.next.as_ref().map(|row| when(app, row.due_ms)),
        services: named(&entry.services, names),
        last_shown: used.last_shown_ms.map(|at| when(app, at)),
        shown: used.shown,
        opened: used.opened,
        helped: (said > 0).then_some((used.helped, said)),
        review_by: entry.review_by.map(|day| day.format("%-d %B %Y").to_string()),
        stale: stale.map(|(language, _)| language.to_string()).collect(),
        pinned: entry.pin,
        by: person(&standing.newest.actor),
        at: when(app, standing.newest.wall_ms),
    }
}

/// The list.
pub(super) async fn show(State(app): State<Shared>, caller: Caller, Query(filter): Query<Filter>) -> Page {
    let staff = match staff(&app, &caller, Role::Editor, "/manage/entries") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    page(&app, &caller, &staff, &filter, None).await
}

async fn page(app: &Shared, caller: &Caller, staff: &str, filter: &Filter, problem: Option<&Problem>) -> Page {
    let used = app.usage().await.map_err(|problem| app.problem(problem))?;
    let now = app.branch.now();
    let local = now.date_time().naive_local();
    let (all, order, used_room, changes) = (|| {
        let accounts = app.accounts();
        let entries = Entries(&accounts);
        let order = entries.document::<Vec<EntryId>>("order")?.map(|row| row.id);
        let all = Standing::all(&entries, now.wall_ms)?;
        Ok((all, order, Images(&accounts).used()?, Audit(&accounts).last(CHANGES)?))
    })()
    .map_err(|fault: crate::ledger::Fault| app.problem(fault))?;
    let names = app.service_names();
    let total = all.len();
    let rows: Vec<Row> = all
        .iter()
        .filter_map(|standing| {
            let words = standing.words(local);
            // what is retired is out of the way until somebody asks for it
            let hidden = filter.state.is_empty() && words.contains(&"retired") && !words.contains(&"live");
            let used = used.get(&standing.newest.id).copied().unwrap_or_default();
            (!hidden && filter.takes(standing, &words)).then(|| row(app, standing, words, &names, used))
        })
        .collect();
    let changes = changes.iter().map(|row| {
        let what = format!("{}: {}", row.action, row.subject);
        (when(app, row.wall_ms), person(&row.actor), what)
    });
    let (store, changes) = (app.store(), changes.collect::<Vec<_>>());
    let services: Vec<_> = names.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
    let page = EntriesPage {
        site: app.site(&store),
        staff,
        manager: caller.may(Role::Manager),
        rows: &rows,
        total,
        order: order.unwrap_or_default(),
        filtered: filter.is_set(),
        state: &filter.state,
        kind: &filter.kind,
        service: &filter.service,
        q: &filter.q,
        services: &services,
        changes: &changes,
        room: (used_room.div_ceil(1024 * 1024), IMAGES_ROOM / 1024 / 1024),
        moved: &filter.moved,
        said: said(&filter.done),
        problem: problem.map(|problem| problem.detail.as_str()),
    };
    app.html(problem.map_or(StatusCode::OK, Problem::status), pages::list(&page))
}

fn said(done: &str) -> Option<&'static str> {
    match done {
        "order" => Some("The order is kept."),
        "copy" => Some("Copied, as a draft."),
        _ => None,
    }
}

/// What a button of the list sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Moved {
    /// The order that the page showed: the document's name.
    base: i64,
    up: String,
    down: String,
    /// The whole order after something was dragged: names with commas between.
    order: String,
    /// Which entry was dragged.
    dragged: String,
}

fn changed_meanwhile() -> Problem {
    let detail = "Somebody else changed the order meanwhile. Here it is as it is now; move the entry again.";
    Problem::new(StatusCode::CONFLICT, "changed-meanwhile", detail)
}

/// Moves an entry.
pub(super) async fn order(State(app): State<Shared>, caller: Caller, Form(moved): Form<Moved>) -> Page {
    let staff = match staff(&app, &caller, Role::Editor, "/manage/entries") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    match put_order(&app, &caller, &moved).await {
        Ok(id) => Ok(Redirect::to(&format!("/manage/entries?done=order&moved={id}#e-{id}")).into_response()),
        Err(problem) => page(&app, &caller, &staff, &Filter::default(), Some(&problem)).await,
    }
}

/// The new order of all names: `shown` is what the page had, in its new order; what it had not (retired entries) stays at its place.
fn reordered(all: &[EntryId], shown: &[&str]) -> Vec<EntryId> {
    let mut next =
        shown.iter().filter_map(|name| all.iter().find(|id| id.as_str() == *name)).collect::<Vec<_>>().into_iter();
    let listed: BTreeSet<&str> = shown.iter().copied().collect();
    let place = |id: &EntryId| if listed.contains(id.as_str()) { next.next().unwrap_or(id).clone() } else { id.clone() };
    all.iter().map(place).collect()
}

async fn put_order(app: &App, caller: &Caller, moved: &Moved) -> Result<EntryId, Problem> {
    let (name, step) = match (moved.up.as_str(), moved.down.as_str()) {
        ("", "") => (moved.dragged.as_str(), 0),
        ("", down) => (down, 1),
        (up, _) => (up, -1),
    };
    let id = EntryId::try_from(name.to_owned()).map_err(|_| missing())?;
    {
        let now_ms = app.branch.now().wall_ms;
        let accounts = app.accounts();
        let entries = Entries(&accounts);
        let all: Vec<EntryRow> = entries.newest()?;
        let names: Vec<EntryId> = all.iter().map(|row| row.id.clone()).collect();
        let order = if step == 0 {
            let shown: Vec<&str> = moved.order.split(',').filter(|name| !name.is_empty()).collect();
            let once: BTreeSet<&str> = shown.iter().copied().collect();
            if once.len() != shown.len() || !once.iter().all(|name| names.iter().any(|id| id.as_str() == *name)) {
                return Err(changed_meanwhile());
            }
            reordered(&names, &shown)
        } else {
            // past the next one that the list shows
            let shown: Vec<&EntryId> =
                all.iter().filter(|row| row.state != EntryState::Retired || row.id == id).map(|row| &row.id).collect();
            let at = shown.iter().position(|other| **other == id).ok_or_else(missing)?;
            let other = at.checked_add_signed(step).filter(|other| *other < shown.len()).unwrap_or(at);
            let mut shown: Vec<&str> = shown.iter().map(|id| id.as_str()).collect();
            shown.swap(at, other);
            reordered(&names, &shown)
        };
        let (base, actor) = ((moved.base > 0).then_some(moved.base), caller.actor());
        let by = By { actor: &actor, wall_ms: now_ms };
        if !entries.put_document("order", base, &order, by)? {
            return Err(changed_meanwhile());
        }
    }
    app.noted(&caller.actor(), "order changed", id.as_str())?;
    app.reload_content().await?;
    Ok(id)
}

#[derive(Debug, Deserialize)]
pub(super) struct Copied {
    id: String,
}

/// Writes an entry again under another name, as a draft.
pub(super) async fn duplicate(State(app): State<Shared>, caller: Caller, Form(copied): Form<Copied>) -> Page {
    if let Err(page) = staff(&app, &caller, Role::Editor, "/manage/entries") {
        return *page;
    }
    let copy = copy(&app, &caller, &copied.id).map_err(|problem| app.problem(problem))?;
    Ok(Redirect::to(&format!("/manage/entries/{copy}?done=copy")).into_response())
}

fn copy(app: &App, caller: &Caller, name: &str) -> Result<EntryId, Problem> {
    let id = EntryId::try_from(name.to_owned()).map_err(|_| missing())?;
    let (actor, wall_ms) = (caller.actor(), app.branch.now().wall_ms);
    let copy = {
        let accounts = app.accounts();
        let entries = Entries(&accounts);
        let newest = entries.newest()?;
        let row = newest.iter().find(|row| row.id == id).ok_or_else(missing)?;
        let copy = free_name(&row.entry.original.question, |id| newest.iter().any(|row| row.id == *id));
        let note = format!("copied from {id}");
        let new = NewVersion { id: &copy, base: 0, state: EntryState::Draft, due_ms: None, note: &note, entry: &row.entry };
        entries.put(&new, By { actor: &actor, wall_ms })?.map_err(|_| missing())?;
        copy
    };
    app.noted(&caller.actor(), "entry copied", copy.as_str())?;
    Ok(copy)
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Week {
    /// A day of the week that is shown.
    #[serde(default)]
    day: String,
}

fn cell(schedule: &Schedule, date: NaiveDate) -> Cell {
    let spans = schedule.on(date);
    let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let bar = |(from, until): &(u16, u16)| (u32::from(*from) * 100 / 1440, (u32::from(until - from) * 100 / 1440).max(2));
    Cell {
        text: match spans.as_slice() {
            [] => String::new(),
            [(0, 1440)] => "all day".into(),
            spans => spans
                .iter()
                .map(|(from, until)| format!("{}–{}", clock(*from), clock(*until)))
                .collect::<Vec<_>>()
                .join(", "),
        },
        bars: spans.iter().map(bar).collect(),
    }
}

/// The week as a calendar.
pub(super) async fn calendar(State(app): State<Shared>, caller: Caller, Query(week): Query<Week>) -> Page {
    let staff = match staff(&app, &caller, Role::Editor, "/manage/entries/calendar") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    let now = app.branch.now();
    let today = now.date_time().date_naive();
    let day = week.day.parse::<NaiveDate>().ok().filter(|day| (2000..3000).contains(&day.year())).unwrap_or(today);
    let monday = day.week(Weekday::Mon).first_day();
    let days: Vec<NaiveDate> = (0..7).filter_map(|n| monday.checked_add_days(Days::new(n))).collect();
    let (all, playlists) = (|| {
        let accounts = app.accounts();
        let entries = Entries(&accounts);
        let playlists = entries.document::<Vec<Playlist>>("playlists")?.map(|row| row.body).unwrap_or_default();
        Ok((Standing::all(&entries, now.wall_ms)?, playlists))
    })()
    .map_err(|fault: crate::ledger::Fault| app.problem(fault))?;
    let (mut lines, mut always) = (Vec::new(), Vec::new());
    for (at, playlist) in playlists.iter().enumerate() {
        let cells = days.iter().map(|day| cell(&playlist.schedule, *day)).collect();
        let address = format!("/manage/playlists?edit={at}");
        lines.push(Line { name: format!("Playlist: {}", playlist.name), address, word: "Live", cells });
    }
    for standing in all.iter().filter(|standing| standing.newest.state != EntryState::Retired || standing.live.is_some()) {
        let shown = standing.live.as_ref().or(standing.next.as_ref()).unwrap_or(&standing.newest);
        let (name, address) = (shown.entry.original.question.clone(), format!("/manage/entries/{}", shown.id));
        let word = if standing.live.is_some() {
            "Live"
        } else if standing.next.is_some() {
            "Scheduled"
        } else {
            "Not published"
        };
        if shown.entry.schedule.is_always() {
            if standing.live.is_some() {
                always.push((name, address));
            }
        } else {
            let cells = days.iter().map(|day| cell(&shown.entry.schedule, *day)).collect();
            lines.push(Line { name, address, word, cells });
        }
    }
    let store = app.store();
    let week_from = |days: i64| monday.checked_add_signed(chrono::TimeDelta::days(days)).unwrap_or(monday).to_string();
    let page = CalendarPage {
        site: app.site(&store),
        staff: &staff,
        manager: caller.may(Role::Manager),
        title: format!("{} – {}", monday.format("%-d %B"), days.last().unwrap_or(&monday).format("%-d %B %Y")),
        days: days.iter().map(|day| (day.format("%a %-d").to_string(), *day == today)).collect(),
        before: week_from(-7),
        after: week_from(7),
        lines: &lines,
        always: &always,
    };
    app.html(StatusCode::OK, pages::calendar(&page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_did_not_show_stays_where_it_was() {
        let ids = |names: &[&str]| names.iter().map(|name| EntryId::of(name)).collect::<Vec<_>>();
        let all = ids(&["a", "b", "old", "c"]);
        assert_eq!(reordered(&all, &["c", "a", "b"]), ids(&["c", "a", "old", "b"]));
        assert_eq!(reordered(&all, &["b", "a"]), ids(&["b", "a", "old", "c"]));
        assert_eq!(reordered(&all, &[]), all);
    }
}
