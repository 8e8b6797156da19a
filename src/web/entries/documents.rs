//! What entries share: the words in braces, and the playlists. Each is set as a whole; what it was before stays.

use std::collections::{BTreeMap, BTreeSet};

use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::standing::Standing;
use super::{form, person, when};
use crate::ledger::{By, DocumentRow, Entries, EntryState, Fault, Role};
use crate::signage::{Entry, EntryId, Playlist, Text, braces};
use crate::web::access::Caller;
use crate::web::extract::Query;
use crate::web::pages::documents::{
    self as pages, Field, FieldsPage, Member, Past, PlaylistForm, PlaylistRow, PlaylistsPage,
};
use crate::web::site::Page;
use crate::web::staff::staff;
use crate::web::{App, Problem, Shared};

const FIELDS: &str = "fields";
const PLAYLISTS: &str = "playlists";
/// So many older ones are offered.
const KEPT: u32 = 20;
/// The longest name of a field and its words, characters.
const NAME: usize = 40;
const VALUE: usize = 200;
/// At most so many of each.
const MOST: usize = 200;

type Pairs = Vec<(String, String)>;
type Words = BTreeMap<String, String>;
/// Entries that use a name: which, their question, and whether it is shown.
type Uses = Vec<(EntryId, String, bool)>;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Look {
    #[serde(default)]
    done: String,
    /// Which playlist is edited: its place, or `new`.
    #[serde(default)]
    edit: String,
}

fn value<'a>(fields: &'a Pairs, name: &str) -> &'a str {
    fields.iter().find(|(field, _)| field == name).map_or("", |(_, text)| text.trim())
}

fn base(fields: &Pairs) -> Option<i64> {
    value(fields, "base").parse().ok().filter(|base| *base > 0)
}

fn wrong(code: &str, detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
}

fn changed_meanwhile(by: &str) -> Problem {
    let detail = format!(
        "{by} changed this since you opened the page. Nothing was overwritten: what you typed is in the form, and saving it once more \
         makes it the next version. Theirs is first in the list below."
    );
    Problem::new(StatusCode::CONFLICT, "changed-meanwhile", detail)
}

fn said(done: &str) -> Option<&'static str> {
    match done {
        "saved" => Some("Saved. It is shown from now on."),
        "back" => Some("It is as it was."),
        _ => None,
    }
}

impl App {
    /// Sets a document, made from the version `base`.
    async fn put_document<T: Serialize>(
        &self,
        caller: &Caller,
        name: &str,
        base: Option<i64>,
        body: &T,
    ) -> Result<(), Problem> {
        let (actor, wall_ms) = (caller.actor(), self.branch.now().wall_ms);
        {
            let accounts = self.accounts();
            let entries = Entries(&accounts);
            if !entries.put_document(name, base, body, By { actor: &actor, wall_ms })? {
                let theirs = entries.document::<serde_json::Value>(name)?;
                return Err(changed_meanwhile(&theirs.map_or_else(|| "Somebody".into(), |row| person(&row.actor))));
            }
        }
        self.noted(&caller.actor(), &format!("{name} changed"), name)?;
        Ok(self.reload_content().await?)
    }

    fn documents<T: DeserializeOwned>(&self, name: &str) -> Result<Vec<DocumentRow<T>>, Fault> {
        Entries(&self.accounts()).documents(name, KEPT)
    }

    fn past<T>(&self, rows: &[DocumentRow<T>], tell: impl Fn(&T) -> String) -> Vec<Past> {
        let older = rows.iter().skip(1);
        older
            .map(|row| Past { id: row.id, by: person(&row.actor), at: when(self, row.wall_ms), what: tell(&row.body) })
            .collect()
    }

    /// The names in braces that are used, with the entries that use each: name, question, whether it is shown.
    fn used_braces(&self) -> Result<BTreeMap<String, Uses>, Fault> {
        let all = Standing::all(&Entries(&self.accounts()), self.branch.now().wall_ms)?;
        let mut used: BTreeMap<String, Uses> = BTreeMap::new();
        for standing in all.iter().filter(|one| one.newest.state != EntryState::Retired || one.live.is_some()) {
            let shown = standing.live.iter().chain(&standing.next).map(|row| &row.entry);
            let shown: BTreeSet<String> = shown.flat_map(names).collect();
            for name in shown.iter().cloned().chain(names(&standing.newest.entry)).collect::<BTreeSet<_>>() {
                let is_shown = shown.contains(&name);
                let question = standing.newest.entry.original.question.clone();
                used.entry(name).or_default().push((standing.newest.id.clone(), question, is_shown));
            }
        }
        Ok(used)
    }
}

/// The names in braces of an entry.
fn names(entry: &Entry) -> BTreeSet<String> {
    let of = |text: &Text| {
        let parts = [&text.question, &text.short, &text.full, &text.alt].into_iter().chain(&text.also);
        parts.flat_map(|part| braces(part)).map(str::to_owned).collect::<Vec<_>>()
    };
    let translated = entry.translations.values().flat_map(|translation| of(&translation.text));
    of(&entry.original).into_iter().chain(translated).collect()
}

// ---- words in braces ----

pub(super) async fn fields(State(app): State<Shared>, caller: Caller, Query(look): Query<Look>) -> Page {
    let staff = match staff(&app, &caller, Role::Editor, "/manage/fields") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    fields_page(&app, (&caller, &staff), None, said(&look.done), None)
}

fn fields_page(
    app: &Shared,
    (caller, staff): (&Caller, &str),
    typed: Option<&Pairs>,
    said: Option<&str>,
    problem: Option<&Problem>,
) -> Page {
    let fault = |fault: Fault| app.problem(fault);
    let rows = app.documents::<Words>(FIELDS).map_err(fault)?;
    let used = app.used_braces().map_err(fault)?;
    let kept = rows.first().map(|row| &row.body);
    let mut listed: Pairs = match typed {
        Some(typed) => typed.clone(),
        None => kept.into_iter().flatten().map(|(name, words)| (name.clone(), words.clone())).collect(),
    };
    // what is used and stands for nothing waits to be filled in
    let missing: Vec<_> = used.keys().filter(|name| !listed.iter().any(|(known, _)| known == *name)).cloned().collect();
    listed.extend(missing.into_iter().map(|name| (name, String::new())));
    let field = |(name, words): &(String, String)| Field {
        uses: used.get(name).into_iter().flatten().map(|(id, question, _)| (id.to_string(), question.clone())).collect(),
        known: kept.is_some_and(|kept| kept.contains_key(name)),
        name: name.clone(),
        words: words.clone(),
    };
    let tell = |words: &Words| {
        let all: Vec<_> = words.iter().map(|(name, words)| format!("{{{name}}}: {words}")).collect();
        if all.is_empty() { "none".to_owned() } else { all.join("; ") }
    };
    let store = app.store();
    let page = FieldsPage {
        site: app.site(&store),
        staff,
        manager: caller.may(Role::Manager),
        base: rows.first().map_or(0, |row| row.id),
        fields: &listed.iter().map(field).collect::<Vec<_>>(),
        past: &app.past(&rows, tell),
        said,
        problem: problem.map(|problem| problem.detail.as_str()),
    };
    app.html(problem.map_or(StatusCode::OK, Problem::status), pages::fields(&page))
}

/// The rows of the form: each name with its words.
fn typed_fields(fields: &Pairs) -> Pairs {
    let all =
        |wanted: &'static str| fields.iter().filter(move |(name, _)| name == wanted).map(|(_, text)| text.trim().to_owned());
    let plain = |name: String| name.trim_matches(['{', '}']).trim().to_owned();
    all("name").map(plain).zip(all("words")).filter(|(name, words)| !(name.is_empty() && words.is_empty())).collect()
}

fn checked_fields(typed: &Pairs) -> Result<Words, Problem> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut words = Words::new();
    for (name, text) in typed {
        // a name without words is one that is used and not filled in yet, or that is to go
        if text.is_empty() {
            continue;
        }
        if name.is_empty() || name.chars().count() > NAME || !name.chars().all(fits) {
            return Err(wrong(
                "bad-name",
                format!("`{name}` is no name for braces: letters, digits and _ are, at most {NAME}."),
            ));
        }
        if text.chars().count() > VALUE || text.chars().any(char::is_control) {
            return Err(wrong(
                "long-text",
                format!("What {{{name}}} stands for has at most {VALUE} characters, in one line."),
            ));
        }
        if words.insert(name.clone(), text.clone()).is_some() {
            return Err(wrong("two-names", format!("{{{name}}} is there twice. Keep one of them.")));
        }
    }
    if words.len() > MOST {
        return Err(wrong("too-many", format!("At most {MOST} names in braces are kept.")));
    }
    Ok(words)
}

/// Refuses to take a name away that something shown uses.
fn keep_used(app: &App, words: &Words) -> Result<(), Problem> {
    let kept = app.branch.content();
    for (name, uses) in app.used_braces()? {
        if words.contains_key(&name) || !kept.fields.contains_key(&name) {
            continue;
        }
        if let Some((_, question, _)) = uses.iter().find(|(_, _, shown)| *shown) {
            let detail = format!("{{{name}}} stands in “{question}”, which is shown. Change that entry first.");
            return Err(Problem::new(StatusCode::CONFLICT, "in-use", detail));
        }
    }
    Ok(())
}

pub(super) async fn put_fields(State(app): State<Shared>, caller: Caller, Form(sent): Form<Pairs>) -> Page {
    let staff = match staff(&app, &caller, Role::Editor, "/manage/fields") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    let typed = typed_fields(&sent);
    let back = value(&sent, "back").parse::<i64>().ok();
    let done = async {
        let words = match back {
            Some(id) => older::<Words>(&app, FIELDS, id)?,
            None => checked_fields(&typed)?,
        };
        keep_used(&app, &words)?;
        app.put_document(&caller, FIELDS, base(&sent), &words).await
    };
    match done.await {
        Ok(()) if back.is_some() => Ok(Redirect::to("/manage/fields?done=back").into_response()),
        Ok(()) => Ok(Redirect::to("/manage/fields?done=saved").into_response()),
        Err(problem) => fields_page(&app, (&caller, &staff), back.is_none().then_some(&typed), None, Some(&problem)),
    }
}

fn older<T: DeserializeOwned>(app: &App, name: &str, id: i64) -> Result<T, Problem> {
    let found = app.documents::<T>(name)?.into_iter().find(|row| row.id == id);
    let gone = || Problem::new(StatusCode::NOT_FOUND, "unknown-version", "That version is not in the list any more.");
    found.map(|row| row.body).ok_or_else(gone)
}

// ---- playlists ----

pub(super) async fn playlists(State(app): State<Shared>, caller: Caller, Query(look): Query<Look>) -> Page {
    let staff = match staff(&app, &caller, Role::Editor, "/manage/playlists") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    playlists_page(&app, (&caller, &staff), (&look.edit, None), said(&look.done), None)
}

fn playlists_page(
    app: &Shared,
    (caller, staff): (&Caller, &str),
    (edit, typed): (&str, Option<Playlist>),
    said: Option<&str>,
    problem: Option<&Problem>,
) -> Page {
    let fault = |fault: Fault| app.problem(fault);
    let rows = app.documents::<Vec<Playlist>>(PLAYLISTS).map_err(fault)?;
    let all = Standing::all(&Entries(&app.accounts()), app.branch.now().wall_ms).map_err(fault)?;
    let kept = rows.first().map_or(&[][..], |row| row.body.as_slice());
    let local = app.branch.now().date_time().naive_local();
    let row = |(at, list): (usize, &Playlist)| PlaylistRow {
        at,
        name: list.name.clone(),
        entries: list.entries.len(),
        share: list.share,
        always: list.schedule.is_always(),
        over: list.schedule.is_over(local),
        now: list.schedule.allows(local),
    };
    let edited = typed.or_else(|| match edit {
        "" => None,
        "new" => Some(Playlist { share: 50, ..Playlist::default() }),
        at => at.parse::<usize>().ok().and_then(|at| kept.get(at).cloned()),
    });
    let members = |list: &Playlist| -> Vec<Member> {
        let place = |id: &EntryId| list.entries.iter().position(|other| other == id).map(|at| at + 1);
        let listed = all.iter().filter(|one| one.newest.state != EntryState::Retired || place(&one.newest.id).is_some());
        listed
            .map(|one| Member {
                id: one.newest.id.to_string(),
                question: one.newest.entry.original.question.clone(),
                live: one.live.is_some(),
                place: place(&one.newest.id),
            })
            .collect()
    };
    let form = edited.as_ref().map(|list| PlaylistForm { edit, list, members: members(list) });
    let tell = |lists: &Vec<Playlist>| {
        let all: Vec<_> = lists.iter().map(|list| format!("{} ({} %)", list.name, list.share)).collect();
        if all.is_empty() { "none".to_owned() } else { all.join("; ") }
    };
    let store = app.store();
    let page = PlaylistsPage {
        site: app.site(&store),
        staff,
        manager: caller.may(Role::Manager),
        base: rows.first().map_or(0, |row| row.id),
        rows: &kept.iter().enumerate().map(row).collect::<Vec<_>>(),
        form: form.as_ref(),
        past: &app.past(&rows, tell),
        said,
        problem: problem.map(|problem| problem.detail.as_str()),
    };
    app.html(problem.map_or(StatusCode::OK, Problem::status), pages::playlists(&page))
}

/// A playlist as it was typed, and what is wrong with it.
fn typed_playlist(sent: &Pairs) -> (Playlist, Option<Problem>) {
    let mut places: Vec<(u32, EntryId)> = Vec::new();
    for (name, text) in sent {
        let id = name.strip_prefix("place-").and_then(|id| EntryId::try_from(id.to_owned()).ok());
        places.extend(text.trim().parse().ok().filter(|place| *place > 0).zip(id));
    }
    // equal places stay as they were listed
    places.sort_by_key(|(place, _)| *place);
    let share = value(sent, "share").parse::<u8>().ok().filter(|share| (1..=100).contains(share));
    let schedule = form::schedule(sent);
    let list = Playlist {
        name: value(sent, "name").to_owned(),
        schedule: schedule.clone().unwrap_or_default(),
        entries: places.into_iter().map(|(_, id)| id).collect(),
        share: share.unwrap_or(50),
    };
    let problem = if list.name.is_empty() || list.name.chars().count() > 60 {
        Some("Give the playlist a name of at most 60 characters.".to_owned())
    } else if share.is_none() {
        Some("The share is a whole number from 1 to 100.".into())
    } else if list.entries.is_empty() {
        Some("Give at least one entry a place: 1 is shown first.".into())
    } else {
        schedule.err()
    };
    (list, problem.map(|detail| wrong("bad-playlist", detail)))
}

pub(super) async fn put_playlists(State(app): State<Shared>, caller: Caller, Form(sent): Form<Pairs>) -> Page {
    let staff = match staff(&app, &caller, Role::Editor, "/manage/playlists") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    let edit = value(&sent, "edit").to_owned();
    let (back, remove) = (value(&sent, "back").parse::<i64>().ok(), value(&sent, "do") == "remove");
    let (list, problem) = typed_playlist(&sent);
    let typed = (back.is_none() && !remove).then(|| list.clone());
    let done = async {
        let lists = match back {
            Some(id) => older::<Vec<Playlist>>(&app, PLAYLISTS, id)?,
            None => {
                let mut lists =
                    app.documents::<Vec<Playlist>>(PLAYLISTS)?.into_iter().next().map(|row| row.body).unwrap_or_default();
                let at = edit.parse::<usize>().ok().filter(|at| *at < lists.len());
                match (at, remove) {
                    (Some(at), true) => drop(lists.remove(at)),
                    (None, true) => return Err(wrong("unknown-playlist", "That playlist is gone already.")),
                    (at, false) => {
                        problem.map_or(Ok(()), Err)?;
                        match at.and_then(|at| lists.get_mut(at)) {
                            Some(place) => *place = list,
                            None => lists.push(list),
                        }
                    }
                }
                lists
            }
        };
        if lists.len() > MOST {
            return Err(wrong("too-many", format!("At most {MOST} playlists are kept.")));
        }
        app.put_document(&caller, PLAYLISTS, base(&sent), &lists).await
    };
    match done.await {
        Ok(()) if back.is_some() => Ok(Redirect::to("/manage/playlists?done=back").into_response()),
        Ok(()) => Ok(Redirect::to("/manage/playlists?done=saved").into_response()),
        Err(problem) => playlists_page(&app, (&caller, &staff), (&edit, typed), None, Some(&problem)),
    }
}
