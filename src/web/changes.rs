//! `/manage/changes`: who changed what, and back again.
//!
//! Services, desks, hours and rules are events; what one was before a change is the event before it of the same thing, and putting
//! it back is a command like any other. What no event knows of (logins, accounts, entries, notices) is in the audit table.

use std::path::PathBuf;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};
use axum::{Form, Router};
use serde::Deserialize;
use serde_json::Value;

use super::access::Caller;
use super::extract::Query;
use super::pages::changes::{ChangesPage, Deed, Step, changes};
use super::site::Page;
use super::staff::staff;
use super::{App, Problem, Shared};
use crate::branch::Ask;
use crate::ledger::{self, Audit, Change, Fault, Role};
use crate::queue::{Command, Event, Moment};

/// So many changes, and so many other deeds, are listed.
const LISTED: usize = 100;

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/manage/changes", get(show)).route("/manage/changes/back", post(back))
}

/// What an event is about.
fn subject(event: &Event) -> Option<(&'static str, String)> {
    Some(match event {
        Event::ServicePut { service } => ("Service", service.id.to_string()),
        Event::ServiceRemoved { service } => ("Service", service.to_string()),
        Event::DeskPut { desk } => ("Desk", desk.id.to_string()),
        Event::DeskRemoved { desk } => ("Desk", desk.to_string()),
        Event::HoursPut { .. } => ("Opening hours", String::new()),
        Event::RulesPut { .. } => ("Rules", String::new()),
        _ => return None,
    })
}

/// The change before `at` of the same thing.
fn before(all: &[Change], at: usize) -> Option<&Event> {
    let about = subject(&all.get(at)?.event)?;
    let older = all.get(at + 1..)?.iter();
    older.map(|change| &change.event).find(|event| subject(event).as_ref() == Some(&about))
}

/// The command after which everything is as it was before `at`; `None`: what was there before is not known.
fn undo(all: &[Change], at: usize) -> Option<Command> {
    match (before(all, at), &all.get(at)?.event) {
        (Some(Event::ServicePut { service }), _) => Some(Command::PutService(service.clone())),
        (Some(Event::DeskPut { desk }), _) => Some(Command::PutDesk(desk.clone())),
        (Some(Event::HoursPut { hours }), _) => Some(Command::PutHours(hours.clone())),
        (Some(Event::RulesPut { rules }), _) => Some(Command::PutRules(rules.clone())),
        (Some(Event::ServiceRemoved { .. }) | None, Event::ServicePut { service }) => {
            Some(Command::RemoveService(service.id.clone()))
        }
        (Some(Event::DeskRemoved { .. }) | None, Event::DeskPut { desk }) => Some(Command::RemoveDesk(desk.id.clone())),
        (None, Event::HoursPut { .. }) => Some(Command::PutHours(Default::default())),
        (None, Event::RulesPut { .. }) => Some(Command::PutRules(Default::default())),
        _ => None,
    }
}

/// What a change made different, each in a few words.
fn differences(before: Option<&Event>, after: &Event) -> Vec<String> {
    let body = |event: &Event| -> Value {
        let value = serde_json::to_value(event).unwrap_or_default();
        let inner = value.as_object().and_then(|all| all.values().find(|part| part.is_object()).cloned());
        inner.unwrap_or_default()
    };
    if matches!(after, Event::ServiceRemoved { .. } | Event::DeskRemoved { .. }) {
        return vec!["taken away".into()];
    }
    // before anybody set them they were the program's
    let own = match after {
        Event::RulesPut { .. } => Some(Event::RulesPut { rules: Default::default() }),
        Event::HoursPut { .. } => Some(Event::HoursPut { hours: Default::default() }),
        _ => None,
    };
    let Some(before) =
        before.or(own.as_ref()).filter(|event| !matches!(event, Event::ServiceRemoved { .. } | Event::DeskRemoved { .. }))
    else {
        return vec!["added".into()];
    };
    let (old, new) = (body(before), body(after));
    let keys = new.as_object().into_iter().chain(old.as_object()).flat_map(|all| all.keys().cloned());
    let keys: std::collections::BTreeSet<String> = keys.collect();
    let told = |value: &Value| {
        let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        let short: String = text.chars().take(60).collect();
        if short.len() < text.len() { format!("{short}…") } else { short }
    };
    let changed = keys.into_iter().filter(|key| old.get(key) != new.get(key)).map(|key| {
        let [was, is] = [&old, &new].map(|side| side.get(&key).map_or_else(|| "nothing".into(), told));
        format!("{}: {was} → {is}", key.replace('_', " "))
    });
    let changed: Vec<_> = changed.collect();
    if changed.is_empty() { vec!["saved without a difference".into()] } else { changed }
}

/// How many settings changes the ledger has.
async fn all_changes(app: &App) -> Result<Vec<Change>, Problem> {
    let path = app.accounts().path().map(PathBuf::from);
    let path = path.ok_or_else(|| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", "The branch is stopping."))?;
    // up to 300,000 rows: on a connection and a thread of its own
    let read = move || -> Result<_, Fault> { ledger::changes(&ledger::open_read(&path)?) };
    Ok(app.off_thread(read).await??)
}

fn person(actor: &str) -> String {
    actor.strip_prefix("staff:").unwrap_or(actor).to_owned()
}

#[derive(Default, Deserialize)]
struct Done {
    #[serde(default)]
    done: String,
}

async fn show(State(app): State<Shared>, caller: Caller, Query(done): Query<Done>) -> Page {
    let staff = match staff(&app, &caller, Role::Manager, "/manage/changes") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    page(&app, &staff, (done.done == "back").then_some("It is put back, at once and everywhere."), None).await
}

async fn page(app: &App, staff: &str, said: Option<&str>, problem: Option<&Problem>) -> Page {
    let all = all_changes(app).await.map_err(|problem| app.problem(problem))?;
    let at = |wall_ms| Moment { wall_ms, ..app.branch.now() }.date_time();
    let steps: Vec<Step> = (0..all.len().min(LISTED))
        .filter_map(|n| {
            let change = all.get(n)?;
            let (kind, id) = subject(&change.event)?;
            Some(Step {
                seq: change.seq,
                at: at(change.wall_ms),
                by: person(&change.actor),
                what: format!("{kind} {id}").trim().to_owned(),
                differences: differences(before(&all, n), &change.event),
                undoable: undo(&all, n).is_some(),
            })
        })
        .collect();
    let most = u32::try_from(LISTED).unwrap_or(u32::MAX);
    let deeds = Audit(&app.accounts()).last(most).map_err(|fault| app.problem(fault))?;
    let deeds: Vec<Deed> = deeds
        .into_iter()
        .map(|row| Deed { at: at(row.wall_ms), by: person(&row.actor), action: row.action, subject: row.subject })
        .collect();
    let store = app.store();
    let page = ChangesPage {
        site: app.site(&store),
        staff,
        steps: &steps,
        deeds: &deeds,
        said,
        problem: problem.map(|problem| problem.detail.as_str()),
    };
    app.html(problem.map_or(StatusCode::OK, Problem::status), changes(&page))
}

#[derive(Deserialize)]
struct Back {
    seq: u64,
}

/// Puts back what one change changed.
async fn back(State(app): State<Shared>, caller: Caller, Form(asked): Form<Back>) -> Page {
    let staff = match staff(&app, &caller, Role::Manager, "/manage/changes") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    match put_back(&app, &caller, asked.seq).await {
        Ok(()) => Ok(Redirect::to("/manage/changes?done=back").into_response()),
        Err(problem) => page(&app, &staff, None, Some(&problem)).await,
    }
}

async fn put_back(app: &App, caller: &Caller, seq: u64) -> Result<(), Problem> {
    let all = all_changes(app).await?;
    let at = all.iter().position(|change| change.seq == seq);
    let command = at.and_then(|at| undo(&all, at)).ok_or_else(|| {
        let detail = "What was there before that change is not known any more. Set it anew under Manage.";
        Problem::new(StatusCode::NOT_FOUND, "unknown-change", detail)
    })?;
    app.branch.ask(Ask { command, actor: caller.actor(), request: None }).await?;
    tracing::info!(by = caller.actor(), seq, "a change was put back");
    Ok(())
}
