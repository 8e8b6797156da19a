//! One ticket in a phone's browser: taking a number, the ticket's page, and what its owner does there.

use std::net::IpAddr;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};
use axum::{Extension, Router};
use serde::Deserialize;

use super::access::Caller;
use super::api::notes::Note;
use super::api::tickets::{IssueRequest, LeaveRequest};
use super::extract::{Path, Query};
use super::pages;
use super::reader::Reader;
use super::site::{Page, Typed, overview_page};
use super::{App, Peer, Problem, Shared};
use crate::branch::{Ask, RequestKey};
use crate::queue::{Command, ServiceId, Ticket, TicketId, TicketKey};

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/take", post(take))
        .route("/t/{key}", get(ticket))
        .route("/t/{key}/leave", post(leave))
        .route("/t/{key}/take-back", post(take_back))
        .route("/t/{key}/delay", post(delay))
        .route("/t/{key}/requeue", post(requeue))
        .route("/t/{key}/note", post(note))
}

#[derive(Deserialize)]
struct TakeForm {
    service: ServiceId,
    #[serde(default)]
    code: Option<String>,
    /// What this copy of the page drew: sent twice, it is one request.
    #[serde(default)]
    once: String,
}

/// A phone takes a number.
async fn take(
    State(app): State<Shared>,
    Extension(peer): Extension<Peer>,
    caller: Caller,
    reader: Reader,
    Typed(form): Typed<TakeForm>,
) -> Page {
    let language = Some(reader.words(None).lang());
    let request = IssueRequest { service: form.service, code: form.code, class: None, origin: None, language, large: false };
    // a form on a page is a phone's, even on this machine
    let caller = if caller == Caller::Local { Caller::Anyone } else { caller };
    match app.issue_once(&caller, peer.address.ip(), &request, &form.once).await {
        Ok(key) => Ok(Redirect::to(&format!("/t/{key}")).into_response()),
        Err(problem) => overview_page(&app, reader, problem.status(), Some(&problem.detail), Some(&request.service)),
    }
}

impl App {
    /// Issues a ticket for a page that drew `once`: however often it asks, there is one number for each service, until that
    /// visit is over. Anything else than what a page draws makes no difference.
    async fn issue_once(
        &self,
        caller: &Caller,
        from: IpAddr,
        request: &IssueRequest,
        once: &str,
    ) -> Result<TicketKey, Problem> {
        let Ok(once) = once.parse::<TicketKey>() else { return Ok(self.issue(caller, from, request, None).await?.key) };
        let day = self.branch.live().queue.day().map_or(0, |day| day.number);
        let mut visit = String::new();
        loop {
            let key = format!("page:{once}:{}:{day}{visit}", request.service);
            let name = RequestKey { key, fingerprint: "take".into() };
            let issued = self.issue(caller, from, request, Some(name)).await?;
            let over = self.branch.live().queue.by_key(&issued.key).is_none_or(Ticket::is_over);
            if !over {
                return Ok(issued.key);
            }
            // the page was gone back to after the visit: this is another one
            visit = format!(":{}", issued.number);
        }
    }
}

#[derive(Default, Deserialize)]
struct Writing {
    #[serde(default)]
    write: Option<String>,
}

/// What a ticket's page is asked for with.
#[derive(Clone, Copy)]
struct Wish<'a> {
    key: &'a str,
    reader: Reader,
    /// For a form that a page without script would refresh away.
    writing: bool,
}

/// `problem` has the answer's status and why the last action failed, made of the words of the page.
fn ticket_page(app: &App, wish: Wish<'_>, problem: Option<(StatusCode, String)>) -> Page {
    let Wish { key, reader, writing } = wish;
    let known = app.keyed(key).and_then(|id| app.shown(id));
    let mut shown = known.map_err(|problem| app.said(problem, reader.words(None)))?;
    let words = reader.words(shown.language.as_ref());
    if let Ok(id) = app.keyed(key) {
        shown.why = app.branch.live().queue.why(id).map(|why| words.why(&why)).unwrap_or_default();
    }
    let (status, problem) = problem.unzip();
    let now = app.branch.now().date_time();
    let (erase_days, backups_days) = (app.options.erase_after_days, app.options.backups_days);
    let answers = app.keyed(key).map(|id| app.ticket_answers(id, key, words)).unwrap_or_default();
    let html = app.branch.feed().with_view(|view| {
        let site = reader.site(app, &view.store, shown.language.as_ref());
        pages::phone::ticket(&pages::phone::TicketPage {
            site,
            view,
            ticket: &shown,
            answers: &answers,
            key,
            now,
            erase_days,
            backups_days,
            writing,
            problem: problem.as_deref(),
        })
    });
    Ok(reader.keep(app.html(status.unwrap_or(StatusCode::OK), html)?))
}

/// One ticket's page.
async fn ticket(State(app): State<Shared>, reader: Reader, Path(key): Path<String>, Query(query): Query<Writing>) -> Page {
    ticket_page(&app, Wish { key: &key, reader, writing: query.write.is_some() }, None)
}

/// The owner of a key acts on the ticket, then sees its page.
async fn act(app: &Shared, key: &str, reader: Reader, command: impl FnOnce(TicketId) -> Command) -> Page {
    let id = app.keyed(key).map_err(|problem| app.said(problem, reader.words(None)))?;
    let ask = Ask { command: command(id), actor: Caller::Anyone.actor(), request: None };
    match app.branch.ask(ask).await {
        Ok(_) => Ok(Redirect::to(&format!("/t/{key}")).into_response()),
        Err(failure) => {
            let language = app.branch.live().queue.ticket(id).and_then(|ticket| ticket.language.clone());
            let problem = Problem::said(failure, reader.words(language.as_ref()));
            ticket_page(app, Wish { key, reader, writing: false }, Some((problem.status(), problem.detail)))
        }
    }
}

async fn leave(
    State(app): State<Shared>,
    reader: Reader,
    Path(key): Path<String>,
    Typed(request): Typed<LeaveRequest>,
) -> Page {
    let reason = request.reason;
    act(&app, &key, reader, |ticket| Command::Leave { ticket, reason }).await
}

/// The place that was given up is wanted back.
async fn take_back(State(app): State<Shared>, reader: Reader, Path(key): Path<String>) -> Page {
    act(&app, &key, reader, |ticket| Command::TakeBack { ticket }).await
}

async fn delay(State(app): State<Shared>, reader: Reader, Path(key): Path<String>) -> Page {
    act(&app, &key, reader, |ticket| Command::Delay { ticket }).await
}

async fn requeue(State(app): State<Shared>, reader: Reader, Path(key): Path<String>) -> Page {
    act(&app, &key, reader, |ticket| Command::Requeue { ticket, desk: None }).await
}

async fn note(State(app): State<Shared>, reader: Reader, Path(key): Path<String>, Typed(note): Typed<Note>) -> Page {
    let id = app.keyed(&key).map_err(|problem| app.said(problem, reader.words(None)))?;
    match app.keep_note(id, note).await {
        Ok(()) => Ok(Redirect::to(&format!("/t/{key}")).into_response()),
        Err(problem) => {
            let wish = Wish { key: &key, reader, writing: true };
            ticket_page(&app, wish, Some((problem.status(), problem.detail)))
        }
    }
}
