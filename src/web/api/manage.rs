//! What managers see and change.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::tickets::Nothing;
use super::{Body, said};
use crate::config::PhoneTake;
use crate::ledger::{Accounts, Role, StaffRow, hash_secret};
use crate::queue::{By, Command, Day, Desk, Hours, Rules, Service};
use crate::web::access::{Caller, blocking};
use crate::web::extract::Path;
use crate::web::{App, Problem, Shared};

/// A service with how it stands.
#[derive(Clone, Debug, Serialize)]
pub(in crate::web) struct ServiceInBranch {
    #[serde(flatten)]
    pub(in crate::web) service: Service,
    pub(in crate::web) stopped: Option<String>,
    pub(in crate::web) next: u32,
}

/// How phones may take numbers.
#[derive(Clone, Debug, Serialize)]
pub(in crate::web) struct Phone {
    pub(in crate::web) take: PhoneTake,
    pub(in crate::web) code: Option<String>,
}

/// Everything a manager's page shows.
#[derive(Clone, Debug, Serialize)]
pub(in crate::web) struct BranchPage {
    pub(in crate::web) services: Vec<ServiceInBranch>,
    pub(in crate::web) desks: Vec<Desk>,
    pub(in crate::web) hours: Hours,
    pub(in crate::web) rules: Rules,
    pub(in crate::web) day: Option<Day>,
    pub(in crate::web) phone: Phone,
}

impl App {
    /// Everything a manager's page shows.
    pub(in crate::web) fn branch_page(&self) -> BranchPage {
        let code = (self.options.take == PhoneTake::Code).then(|| self.code_of_the_day());
        let live = self.branch.live();
        let queue = &live.queue;
        let service = |state: &crate::queue::ServiceState| ServiceInBranch {
            service: state.service.clone(),
            stopped: state.stopped.clone(),
            next: state.next,
        };
        BranchPage {
            services: queue.ranked_services().into_iter().map(service).collect(),
            desks: queue.desks().map(|state| state.desk.clone()).collect(),
            hours: queue.hours().clone(),
            rules: queue.rules().clone(),
            day: queue.day().cloned(),
            phone: Phone { take: self.options.take, code },
        }
    }
}

/// Everything a manager may change.
pub(super) async fn branch(State(app): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    caller.require(Role::Manager)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(app.branch_page())).into_response())
}

/// What a screen of this branch cannot read off the feed.
#[derive(Serialize)]
struct Code {
    code: Option<String>,
    /// Where phones reach the branch.
    public_url: String,
    /// The branch's clock: screens show this one, not their own.
    now: chrono::DateTime<chrono::FixedOffset>,
    /// Whether tickets come out on paper.
    paper: bool,
    /// The codes of what the branch speaks, the first first.
    languages: Vec<&'static str>,
    /// How screens look.
    screens: crate::config::ScreenFacts,
    /// Whether there are answers to look for.
    answers: bool,
}

/// The code of the day, for screens of this branch.
pub(super) async fn code(State(app): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    if caller != Caller::Local {
        caller.require(Role::Desk)?;
    }
    let code = (app.options.take == PhoneTake::Code).then(|| app.code_of_the_day());
    let App { options, branch, .. } = app.as_ref();
    let (public_url, now) = (options.public_url.clone(), branch.now().date_time());
    let (languages, screens) = (app.languages(), app.screen_facts()?);
    let body = Code { code, public_url, now, paper: options.paper, languages, screens, answers: app.has_answers() };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// Does what a manager asks.
async fn change<T>(
    app: &Shared,
    caller: &Caller,
    body: &Body<T>,
    command: Command,
    message: &str,
) -> Result<Response, Problem> {
    caller.require(Role::Manager)?;
    body.ask(app, caller, command).await?;
    Ok(said(message))
}

fn same(path: &str, body: &str) -> Result<(), Problem> {
    if path == body {
        return Ok(());
    }
    Err(Problem::bad("two-names", format!("The address says {path:?}, the body says {body:?}. They must be the same.")))
}

pub(super) async fn put_service(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    body: Body<Service>,
) -> Result<Response, Problem> {
    caller.require(Role::Manager)?;
    same(&id, body.value.id.as_str())?;
    let command = Command::PutService(body.value.clone());
    change(&app, &caller, &body, command, "Saved.").await
}

pub(super) async fn remove_service(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    body: Body<Nothing>,
) -> Result<Response, Problem> {
    change(&app, &caller, &body, Command::RemoveService(id.as_str().into()), "Removed.").await
}

/// Why no numbers are given.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StopRequest {
    reason: String,
}

pub(super) async fn stop(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    body: Body<StopRequest>,
) -> Result<Response, Problem> {
    caller.require(Role::Desk)?;
    let command = Command::StopIssuing { service: id.as_str().into(), reason: body.value.reason.clone() };
    body.ask(&app, &caller, command).await?;
    Ok(said("No more numbers."))
}

pub(super) async fn resume(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    body: Body<Nothing>,
) -> Result<Response, Problem> {
    caller.require(Role::Desk)?;
    body.ask(&app, &caller, Command::ResumeIssuing { service: id.as_str().into() }).await?;
    Ok(said("Numbers again."))
}

pub(super) async fn put_desk(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    body: Body<Desk>,
) -> Result<Response, Problem> {
    caller.require(Role::Manager)?;
    same(&id, body.value.id.as_str())?;
    let command = Command::PutDesk(body.value.clone());
    change(&app, &caller, &body, command, "Saved.").await
}

pub(super) async fn remove_desk(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    body: Body<Nothing>,
) -> Result<Response, Problem> {
    change(&app, &caller, &body, Command::RemoveDesk(id.as_str().into()), "Removed.").await
}

pub(super) async fn put_hours(State(app): State<Shared>, caller: Caller, body: Body<Hours>) -> Result<Response, Problem> {
    let command = Command::PutHours(body.value.clone());
    change(&app, &caller, &body, command, "Saved.").await
}

pub(super) async fn put_rules(State(app): State<Shared>, caller: Caller, body: Body<Rules>) -> Result<Response, Problem> {
    let command = Command::PutRules(body.value.clone());
    change(&app, &caller, &body, command, "Saved.").await
}

/// Opens, closes, or begins to close the day.
pub(super) async fn day(
    State(app): State<Shared>,
    caller: Caller,
    Path(name): Path<String>,
    body: Body<Nothing>,
) -> Result<Response, Problem> {
    let by = By::Staff;
    let (command, message) = match name.as_str() {
        "open" => (Command::OpenDay { by }, "The day is open."),
        "open-earlier" => (Command::OpenEarlierDay, "The day is open under the clock's date. Numbers go on."),
        "closing" => (Command::BeginClosing { by }, "No more numbers today; those who wait are served."),
        "close" => (Command::CloseDay { by }, "The day is closed."),
        _ => return Err(Problem::missing()),
    };
    change(&app, &caller, &body, command, message).await
}

#[derive(Serialize)]
struct Staff {
    staff: Vec<StaffRow>,
}

/// Everybody who may log in.
pub(super) async fn staff(State(app): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    caller.require(Role::Manager)?;
    let staff = Accounts(&app.accounts()).staff()?;
    Ok(Json(Staff { staff }).into_response())
}

/// The longest name of a person, characters.
pub(in crate::web) const LONGEST_NAME: usize = 40;

/// A person who may log in from now on.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct NewStaff {
    pub(in crate::web) name: String,
    pub(in crate::web) role: Role,
    /// A PIN of at least 4 digits for a desk, a password of at least 8 characters for the others.
    pub(in crate::web) secret: String,
}

impl NewStaff {
    pub(in crate::web) fn check(&self) -> Result<(), Problem> {
        let wrong = |code, detail: &str| Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail));
        let name = self.name.trim();
        if name != self.name || !(1..=LONGEST_NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
            return wrong("bad-name", "A name has 1 to 40 characters and no spaces at its ends.");
        }
        let length = self.secret.chars().count();
        match self.role {
            Role::Desk if length < 4 => wrong("short-secret", "A PIN has at least 4 digits."),
            Role::Editor | Role::Manager if length < 8 => wrong("short-secret", "A password has at least 8 characters."),
            _ if length > 200 => wrong("long-secret", "A secret has at most 200 characters."),
            _ => Ok(()),
        }
    }
}

impl App {
    /// Adds a person, or changes role and secret of a known one; the last manager stays one.
    pub(in crate::web) async fn put_staff(&self, new: &NewStaff) -> Result<(), Problem> {
        new.check()?;
        let hash = blocking(self, &new.secret, hash_secret).await??;
        let accounts = self.accounts();
        let accounts = Accounts(&accounts);
        if new.role != Role::Manager {
            keep_a_manager(&accounts, &new.name)?;
        }
        Ok(accounts.put_staff(&new.name, new.role, &hash)?)
    }
}

/// Refuses to go on without `name` if that is the only manager.
fn keep_a_manager(accounts: &Accounts<'_>, name: &str) -> Result<(), Problem> {
    let staff = accounts.staff()?;
    let mut managers = staff.iter().filter(|row| row.role == Role::Manager);
    if managers.next().is_some_and(|row| row.name == name) && managers.next().is_none() {
        let detail = "This is the only manager. Add another first, so that somebody can log in.";
        return Err(Problem::new(StatusCode::CONFLICT, "last-manager", detail));
    }
    Ok(())
}

/// Adds a person.
pub(super) async fn add_staff(State(app): State<Shared>, caller: Caller, body: Body<NewStaff>) -> Result<Response, Problem> {
    caller.require(Role::Manager)?;
    app.put_staff(&body.value).await?;
    tracing::info!(by = caller.actor(), name = body.value.name, role = body.value.role.word(), "staff changed");
    app.noted(&caller.actor(), &format!("staff saved as {}", body.value.role.word()), &body.value.name)?;
    Ok((StatusCode::CREATED, said("Saved.")).into_response())
}

/// Takes a person away; the last manager stays.
pub(super) async fn remove_staff(
    State(app): State<Shared>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    caller.require(Role::Manager)?;
    let removed = {
        let accounts = app.accounts();
        keep_a_manager(&Accounts(&accounts), &name)?;
        Accounts(&accounts).remove_staff(&name)?
    };
    if !removed {
        return Err(Problem::new(StatusCode::NOT_FOUND, "unknown-staff", format!("There is nobody called {name:?}.")));
    }
    tracing::info!(by = caller.actor(), name, "staff removed");
    app.noted(&caller.actor(), "staff removed", &name)?;
    Ok(said("Removed."))
}
