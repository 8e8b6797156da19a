//! One entry: written, looked at, published, taken back.

use axum::extract::{FromRequest, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

use super::form::{Do, Typed, too_long};
use super::standing::Standing;
use super::{differences, free_name, missing, person, when};
use crate::ledger::{By, Entries, EntryRow, EntryState, IMAGES_ROOM, Images, NewVersion, Role};
use crate::signage::lint::{Finding, Weight, lint};
use crate::signage::{Entry, EntryId, Image, Translation};
use crate::web::access::Caller;
use crate::web::extract::{Path, Query};
use crate::web::pages::editor::{self as pages, Conflict, EditorPage, LanguageForm, Older, Preview, Version};
use crate::web::site::Page;
use crate::web::staff::staff;
use crate::web::{App, Problem, Shared, markdown};

#[derive(Debug, Default, Deserialize)]
pub(super) struct Look {
    /// A version to be looked at.
    #[serde(default)]
    version: Option<u32>,
    /// What was done before this page was asked for.
    #[serde(default)]
    done: String,
}

/// What a page shows besides the form.
#[derive(Default)]
struct Shown<'a> {
    status: StatusCode,
    problem: Option<String>,
    said: Option<&'static str>,
    conflict: Option<&'a EntryRow>,
    version: Option<u32>,
    /// Whether the findings follow a try to publish.
    tried: bool,
}

fn said(done: &str) -> Option<&'static str> {
    Some(match done {
        "save" => "Kept as a draft. What is shown has not changed.",
        "review" => "Marked to be looked at. What is shown has not changed.",
        "publish" => "Published. It is shown from now on.",
        "publish_at" => "It will be published by itself at that time.",
        "retire" => "Taken off. It is not shown any more, and can be brought back.",
        "still" => "That language is right as it stands.",
        "back" => "Published again as it was.",
        "take" => "The older text is the draft now. What is shown has not changed.",
        "copy" => "Copied, as a draft.",
        _ => return None,
    })
}

/// An empty form.
pub(super) async fn blank(State(app): State<Shared>, caller: Caller) -> Page {
    let staff = match staff(&app, &caller, Role::Editor, "/manage/entries/new") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    let entry = Entry { language: app.spoken().first().cloned(), owner: staff.clone(), ..Entry::default() };
    let typed = Typed { entry, ..Typed::default() };
    page(&app, (&caller, &staff), None, &typed, Shown::default()).await
}

/// An entry.
pub(super) async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(name): Path<String>,
    Query(look): Query<Look>,
) -> Page {
    let known = EntryId::try_from(name);
    let next = known.as_ref().map_or_else(|_| "/manage/entries".to_owned(), |id| format!("/manage/entries/{id}"));
    let staff = match staff(&app, &caller, Role::Editor, &next) {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    let id = known.map_err(|_| app.problem(missing()))?;
    let standing = app.standing(&id).map_err(|problem| app.problem(problem))?;
    let row = standing.newest;
    let kept_picture = row.entry.image.as_ref().map(|image| image.id.clone());
    let typed = Typed { base: row.version, entry: row.entry, kept_picture, ..Typed::default() };
    let shown = Shown { said: said(&look.done), version: look.version, ..Shown::default() };
    page(&app, (&caller, &staff), Some(&id), &typed, shown).await
}

impl App {
    fn standing(&self, id: &EntryId) -> Result<Standing, Problem> {
        let now_ms = self.branch.now().wall_ms;
        Standing::one(&Entries(&self.accounts()), id, now_ms)?.ok_or_else(missing)
    }

    fn findings(&self, id: Option<&EntryId>, entry: &Entry) -> Vec<Finding> {
        let (content, languages) = (self.branch.content(), self.spoken());
        lint(entry, &self.around(&content, &languages, id))
    }
}

/// Renders the form with all around it.
async fn page(
    app: &Shared,
    (caller, staff): (&Caller, &str),
    id: Option<&EntryId>,
    typed: &Typed,
    shown: Shown<'_>,
) -> Page {
    let now = app.branch.now();
    let local = now.date_time().naive_local();
    let (versions, standing, used) = (|| {
        let accounts = app.accounts();
        let entries = Entries(&accounts);
        let of = |id| Ok::<_, crate::ledger::Fault>((entries.versions(id)?, Standing::one(&entries, id, now.wall_ms)?));
        let (versions, standing) = id.map_or_else(|| Ok(<_>::default()), of)?;
        Ok((versions, standing, Images(&accounts).used()?))
    })()
    .map_err(|fault: crate::ledger::Fault| app.problem(fault))?;
    let entry = &typed.entry;
    let findings = app.findings(id, entry);
    let content = app.branch.content();
    let mut spoken = app.spoken();
    // what it is written in stays so, also where the branch does not speak it any more
    spoken.extend(entry.language.iter().filter(|own| !app.spoken().contains(own)).cloned());
    let language = entry.language.as_ref().or(spoken.first()).cloned();
    let preview = {
        let said =
            content.say(entry, &entry.language.clone().unwrap_or_else(|| language.clone().unwrap_or_else(|| "en".into())));
        Preview { full: markdown::html(&said.text.full), question: said.text.question, short: said.text.short }
    };
    let names = app.service_names();
    let services: Vec<_> =
        names.iter().map(|(id, name)| (id.to_string(), name.clone(), entry.services.contains(id))).collect();
    let languages = languages(app, entry, language.as_ref());
    let listed: Vec<_> = versions.iter().map(|row| version(app, row, standing.as_ref())).collect();
    let older = shown.version.and_then(|number| older(app, &versions, number));
    if shown.version.is_some() && older.is_none() {
        let detail = "That version is not there. Look at the list below the form.";
        return Err(app.problem(Problem::new(StatusCode::NOT_FOUND, "unknown-version", detail)));
    }
    let conflict = shown.conflict.map(|row| Conflict {
        by: person(&row.actor),
        at: when(app, row.wall_ms),
        version: row.version,
        differences: differences(&row.entry, entry),
    });
    let store = app.store();
    let page = EditorPage {
        site: app.site(&store),
        staff,
        manager: caller.may(Role::Manager),
        id: id.map(ToString::to_string),
        base: typed.base,
        entry,
        note: &typed.note,
        at: typed.at,
        words: standing.as_ref().map(|standing| standing.words(local)).unwrap_or_default(),
        next: standing.as_ref().and_then(|standing| standing.next.as_ref()).map(|row| when(app, row.due_ms)),
        asked_by: versions.first().filter(|row| row.state == EntryState::Review).map(|row| person(&row.actor)),
        findings: &findings,
        services: &services,
        spoken: &spoken,
        languages: &languages,
        preview: &preview,
        versions: &listed,
        older: older.as_ref(),
        conflict: conflict.as_ref(),
        room: (used.div_ceil(1024 * 1024), IMAGES_ROOM / 1024 / 1024),
        tried: shown.tried,
        said: shown.said,
        problem: shown.problem.as_deref(),
    };
    app.html(shown.status, pages::editor(&page))
}

/// The other languages: those that the branch speaks, and those that the entry has besides.
fn languages<'a>(app: &App, entry: &'a Entry, own: Option<&crate::queue::Lang>) -> Vec<LanguageForm<'a>> {
    let mut codes = app.spoken();
    codes.extend(entry.translations.keys().filter(|code| !app.spoken().contains(code)).cloned());
    let form = |code: crate::queue::Lang| {
        let words = crate::phrase::Words::of(code.as_str());
        let translation = entry.translations.get(&code);
        LanguageForm {
            name: words.map_or_else(|| code.to_string(), |words| words.own_name().to_owned()),
            dir: if words.is_some_and(crate::phrase::Words::rtl) { "rtl" } else { "ltr" },
            text: translation.map(|translation| &translation.text),
            stale: translation.and_then(|translation| translation.stale_since),
            code: code.to_string(),
        }
    };
    codes.into_iter().filter(|code| Some(code) != own).map(form).collect()
}

fn version(app: &App, row: &EntryRow, standing: Option<&Standing>) -> Version {
    let is = |of: &Option<EntryRow>| of.as_ref().is_some_and(|other| other.version == row.version);
    let mark = standing.map_or("", |standing| {
        if is(&standing.live) {
            "shown now"
        } else if is(&standing.next) {
            "to come"
        } else {
            ""
        }
    });
    Version {
        number: row.version,
        state: row.state.word(),
        due: (row.due_ms > row.wall_ms).then(|| when(app, row.due_ms)),
        by: person(&row.actor),
        at: when(app, row.wall_ms),
        note: row.note.clone(),
        mark,
    }
}

fn older(app: &App, versions: &[EntryRow], number: u32) -> Option<Older> {
    let row = versions.iter().find(|row| row.version == number)?;
    let before = versions.iter().find(|row| row.version + 1 == number);
    let newest = versions.first()?;
    let blank = Entry::default();
    Some(Older {
        version: version(app, row, None),
        was_live: row.state == EntryState::Live,
        is_newest: row.version == newest.version,
        made: differences(before.map_or(&blank, |row| &row.entry), &row.entry),
        since: differences(&row.entry, &newest.entry),
    })
}

/// Writes a new entry.
pub(super) async fn create(State(app): State<Shared>, caller: Caller, request: Request) -> Page {
    act(&app, &caller, None, request).await
}

/// Does what a button of an entry's page says.
pub(super) async fn change(State(app): State<Shared>, caller: Caller, Path(name): Path<String>, request: Request) -> Page {
    let id = EntryId::try_from(name).map_err(|_| app.problem(missing()))?;
    act(&app, &caller, Some(&id), request).await
}

async fn act(app: &Shared, caller: &Caller, id: Option<&EntryId>, request: Request) -> Page {
    let staff = match staff(app, caller, Role::Editor, "/manage/entries") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    // read only now: a stranger's megabytes are not
    let mut typed = Typed::from_request(request, app).await?;
    match done(app, caller, id, &mut typed).await {
        Ok(Some((id, done))) => Ok(Redirect::to(&format!("/manage/entries/{id}?done={done}")).into_response()),
        Ok(None) => page(app, (caller, &staff), id, &typed, Shown::default()).await,
        Err(Stop::Problem(problem)) => {
            let tried = problem.code == "not-ready";
            let shown = Shown { status: problem.status(), problem: Some(problem.detail), tried, ..Shown::default() };
            page(app, (caller, &staff), id, &typed, shown).await
        }
        Err(Stop::Theirs(theirs)) => {
            typed.base = theirs.version;
            let by = person(&theirs.actor);
            let problem = format!(
                "{by} has changed this entry since you opened it. Nothing of theirs was overwritten, and nothing of yours is lost: \
                 compare below, then keep yours or take theirs."
            );
            let (status, conflict) = (StatusCode::CONFLICT, Some(theirs.as_ref()));
            let shown = Shown { status, problem: Some(problem), conflict, ..Shown::default() };
            page(app, (caller, &staff), id, &typed, shown).await
        }
    }
}

/// Why nothing was written.
enum Stop {
    Problem(Problem),
    /// Somebody else wrote a version meanwhile.
    Theirs(Box<EntryRow>),
}

impl<T: Into<Problem>> From<T> for Stop {
    fn from(problem: T) -> Self {
        Self::Problem(problem.into())
    }
}

fn unprocessable(code: &str, detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
}

/// Does it: the entry and what was done; `None`: it was only looked at.
async fn done(
    app: &App,
    caller: &Caller,
    id: Option<&EntryId>,
    typed: &mut Typed,
) -> Result<Option<(EntryId, &'static str)>, Stop> {
    let newest = match id {
        Some(id) => Some(app.standing(id)?.newest),
        None => None,
    };
    let todo = typed.todo.clone();
    if let Do::Back(_) | Do::Take(_) = todo {
        return older_done(app, caller, newest.ok_or_else(missing)?, typed).await.map(Some);
    }
    keep_stale(newest.as_ref(), typed);
    picture(app, caller, typed).await?;
    if let Some(sentence) = typed.wrong.first() {
        return Err(unprocessable("bad-entry", sentence.clone()).into());
    }
    let now_ms = app.branch.now().wall_ms;
    let ready = || {
        let stops = app.findings(id, &typed.entry).iter().any(|finding| finding.weight == Weight::Stops);
        let detail = "It is not published: something stands in the way. It is listed below; what you typed is still here.";
        if stops { Err(unprocessable("not-ready", detail)) } else { Ok(()) }
    };
    let (state, due_ms, action, done) = match &todo {
        Do::Save => (EntryState::Draft, None, "entry drafted", "save"),
        Do::Review => (EntryState::Review, None, "review asked for", "review"),
        // with what was typed, which is not lost that way
        Do::Retire => (EntryState::Retired, None, "entry retired", "retire"),
        Do::Publish => {
            ready()?;
            (EntryState::Live, None, "entry published", "publish")
        }
        Do::PublishAt => {
            ready()?;
            let due = typed.at.and_then(|at| app.local_ms(at)).filter(|due| *due > now_ms);
            let due = due.ok_or_else(|| unprocessable("bad-time", "Say when it is to be published: a time to come."))?;
            (EntryState::Live, Some(due), "entry published for later", "publish_at")
        }
        Do::Still(language) => {
            let state = still(newest.as_ref(), typed, language);
            (state, None, "language looked at", "still")
        }
        _ => return Ok(None),
    };
    let id = write(app, caller, (id, typed), (state, due_ms)).await?;
    app.noted(&caller.actor(), action, id.as_str())?;
    Ok(Some((id, done)))
}

/// A language's mark is not the form's to change: it is as it was, and the ledger marks what did not follow.
fn keep_stale(newest: Option<&EntryRow>, typed: &mut Typed) {
    for (language, now) in &mut typed.entry.translations {
        let was = newest.and_then(|row| row.entry.translations.get(language));
        now.stale_since = was.and_then(|was| was.stale_since);
    }
}

/// Takes a language's mark off. Where nothing else was changed in what is shown, it is shown at once.
fn still(newest: Option<&EntryRow>, typed: &mut Typed, language: &crate::queue::Lang) -> EntryState {
    let alone = newest.is_some_and(|row| row.state == EntryState::Live && row.entry == typed.entry);
    if let Some(Translation { stale_since, .. }) = typed.entry.translations.get_mut(language) {
        *stale_since = None;
    }
    if alone { EntryState::Live } else { EntryState::Draft }
}

/// The picture that was chosen, else the one it had.
async fn picture(app: &App, caller: &Caller, typed: &mut Typed) -> Result<(), Problem> {
    let (actor, wall_ms) = (caller.actor(), app.branch.now().wall_ms);
    if let Some(file) = typed.picture.take() {
        let row = app.take_picture(file, By { actor: &actor, wall_ms }).await?;
        typed.entry.image = Some(Image { id: row.id, width: row.width, height: row.height });
    } else if let Some(id) = &typed.kept_picture {
        let kept = Images(&app.accounts()).get(id)?;
        let row = kept.ok_or_else(|| unprocessable("bad-picture", "The picture is gone. Choose its file again."))?;
        typed.entry.image = Some(Image { id: row.id, width: row.width, height: row.height });
    }
    typed.kept_picture = typed.entry.image.as_ref().map(|image| image.id.clone());
    Ok(())
}

async fn write(
    app: &App,
    caller: &Caller,
    (id, typed): (Option<&EntryId>, &Typed),
    (state, due_ms): (EntryState, Option<i64>),
) -> Result<EntryId, Stop> {
    let (actor, wall_ms) = (caller.actor(), app.branch.now().wall_ms);
    let id = {
        let accounts = app.accounts();
        let entries = Entries(&accounts);
        let id = match id {
            Some(id) => id.clone(),
            None => {
                let taken = entries.newest()?;
                free_name(&typed.entry.original.question, |id| taken.iter().any(|row| row.id == *id))
            }
        };
        let new = NewVersion { id: &id, base: typed.base, state, due_ms, note: &typed.note, entry: &typed.entry };
        match entries.put(&new, By { actor: &actor, wall_ms })? {
            Ok(_) => id,
            Err(Some(theirs)) => return Err(Stop::Theirs(theirs)),
            Err(None) => return Err(missing().into()),
        }
    };
    app.reload_content().await?;
    Ok(id)
}

/// Goes back to an older version: of the form it needs the version that the page showed, nothing else.
async fn older_done(
    app: &App,
    caller: &Caller,
    newest: EntryRow,
    typed: &mut Typed,
) -> Result<(EntryId, &'static str), Stop> {
    let id = newest.id.clone();
    let (number, state, action, done) = match typed.todo {
        Do::Back(number) => (number, EntryState::Live, "older version published", "back"),
        Do::Take(number) => (number, EntryState::Draft, "older version taken as draft", "take"),
        _ => return Err(missing().into()),
    };
    let row = Entries(&app.accounts()).version(&id, number)?;
    let row = row.ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "unknown-version", "That version is not there."))?;
    typed.note = format!("as in version {number}");
    // what was shown once may be shown again; what never was has to be ready
    let stops = || app.findings(Some(&id), &row.entry).iter().any(|finding| finding.weight == Weight::Stops);
    typed.entry = row.entry.clone();
    if done == "back" && row.state != EntryState::Live && (stops() || too_long(&row.entry, "").is_some()) {
        let detail =
            "That version was never shown, and something stands in its way. Take it as a draft and put it right first.";
        return Err(unprocessable("not-ready", detail).into());
    }
    let id = write(app, caller, (Some(&id), typed), (state, None)).await?;
    app.noted(&caller.actor(), action, id.as_str())?;
    Ok((id, done))
}
