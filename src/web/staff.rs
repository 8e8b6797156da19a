//! The pages of staff: a desk's, and the manager's.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;

use super::access::Caller;
use super::api::desks::desk_line;
use super::extract::Path;
use super::pages;
use super::site::{Page, taking};
use super::{App, Shared};
use crate::config::PhoneTake;
use crate::ledger::{Accounts, Role};

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/desk", get(desks)).route("/desk/{desk}", get(desk)).route("/manage", get(manage))
}

/// Whoever may serve at a desk; others are led to the login.
pub(super) fn staff(app: &App, caller: &Caller, role: Role, next: &str) -> Result<String, Box<Page>> {
    match caller {
        Caller::Staff(name, _) if caller.may(role) => Ok(name.clone()),
        Caller::Staff(..) => Err(Box::new(Err(app.problem(caller.refusal(role))))),
        _ => Err(Box::new(Ok(Redirect::to(&format!("/login?next={next}")).into_response()))),
    }
}

/// Choose a desk.
async fn desks(State(app): State<Shared>, caller: Caller) -> Page {
    let staff = match staff(&app, &caller, Role::Desk, "/desk") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    let manager = caller.may(Role::Manager);
    let html = app.branch.feed().with_view(|view| {
        let site = app.site(&view.store);
        pages::desk::desks(&pages::desk::Desks { site, staff: &staff, manager, desks: &view.desks })
    });
    app.html(StatusCode::OK, html)
}

/// One desk.
async fn desk(State(app): State<Shared>, caller: Caller, Path(id): Path<String>) -> Page {
    // whatever else stands in the address is no desk and does not belong in a header
    let plain = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let next = if plain { format!("/desk/{id}") } else { "/desk".into() };
    let staff = match staff(&app, &caller, Role::Desk, &next) {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    let known = {
        let live = app.branch.live();
        live.queue.desk(&id.as_str().into()).map(|state| desk_line(&live.queue, state))
    };
    let known = known.ok_or_else(|| app.problem(crate::queue::Refusal::UnknownDesk(id.as_str().into())))?;
    let store = app.store();
    let site = app.site(&store);
    let (manager, id) = (caller.may(Role::Manager), known.id.as_str());
    app.html(
        StatusCode::OK,
        pages::desk::desk(&pages::desk::DeskPage { site, staff: &staff, manager, id, name: &known.name }),
    )
}

/// The manager's page.
async fn manage(State(app): State<Shared>, caller: Caller) -> Page {
    let staff = match staff(&app, &caller, Role::Manager, "/manage") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    let everybody = Accounts(&app.accounts()).staff().map_err(|fault| app.problem(fault))?;
    let everybody: Vec<_> = everybody
        .into_iter()
        .map(|row| pages::manage::StaffRow { name: row.name, role: row.role.word().to_owned() })
        .collect();
    let code = (app.options.take == PhoneTake::Code).then(|| app.code_of_the_day());
    let view = app.branch.feed().with_view(Clone::clone);
    let record = app.record().await.map_err(|problem| app.problem(problem))?;
    let courtesies = app.courtesies();
    let live = app.branch.live();
    let queue = &live.queue;
    let services: Vec<_> = queue.ranked_services().into_iter().cloned().collect();
    let desks: Vec<_> = queue.desks().map(|state| state.desk.clone()).collect();
    let waiting = view.waits.iter().map(|(service, row)| (service.clone(), row.waiting)).collect();
    let html = pages::manage::manage(&pages::manage::Manage {
        site: app.site(&view.store),
        staff: &staff,
        services: &services,
        waiting: &waiting,
        desks: &desks,
        hours: queue.hours(),
        rules: queue.rules(),
        open: &view.open,
        date: view.date,
        ahead: queue.day().map(|day| day.date).zip(queue.earlier_date(&app.branch.now())),
        taking: taking(app.options.take),
        code: code.as_deref(),
        everybody: &everybody,
        record: &record,
        names: &view.services,
        courtesies: &courtesies,
        paper: app.options.paper,
    });
    drop(live);
    app.html(StatusCode::OK, html)
}
