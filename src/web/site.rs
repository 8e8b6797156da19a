//! The pages: what phones, desks and managers open in a browser. Forms work without JavaScript and lead back to the page.

use std::net::IpAddr;

use axum::Form;
use axum::body::Bytes;
use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::access::{self, Caller};
use super::api::desks::desk_line;
use super::api::manage::{LONGEST_NAME, NewStaff};
use super::api::notes::Note;
use super::api::tickets::{IssueRequest, LeaveRequest, draw_key};
use super::extract::{Path, Query};
use super::pages::{self, Site};
use super::reader::Reader;
use super::{App, Peer, Problem, Shared, assets};
use crate::branch::{Ask, RequestKey};
use crate::config::PhoneTake;
use crate::ledger::{self, Accounts, Role};
use crate::phrase::Words;
use crate::queue::{Command, ServiceId, Ticket, TicketId, TicketKey};

/// The setting that holds the hash of the first login's code.
pub const FIRST_CODE: &str = "first_code";

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/", get(overview))
        .route("/board", get(board))
        .route("/take", post(take))
        .route("/t/{key}", get(ticket))
        .route("/t/{key}/leave", post(leave))
        .route("/t/{key}/delay", post(delay))
        .route("/t/{key}/requeue", post(requeue))
        .route("/t/{key}/note", post(note))
        .route("/login", get(login).post(log_in))
        .route("/logout", post(log_out))
        .route("/first", get(first).post(begin))
        .route("/record", get(record))
        .route("/desk", get(desks))
        .route("/desk/{desk}", get(desk))
        .route("/manage", get(manage))
        .route("/assets/{name}", get(asset))
        .route("/favicon.ico", get(icon))
}

/// The hash under which a one-time code is kept.
#[must_use]
pub fn code_hash(code: &str) -> String {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    data_encoding::HEXLOWER.encode(&Sha256::digest(plain))
}

/// A page that went wrong, as a page.
pub(super) struct PageProblem(Box<(Problem, String, Words)>);

impl IntoResponse for PageProblem {
    fn into_response(self) -> Response {
        let (problem, store, words) = *self.0;
        let site = Site { words, ..Site::new(&store) };
        let missing = problem.status == 404;
        let page = pages::Message {
            site,
            title: if missing { words.nothing_here() } else { words.did_not_work() },
            sentence: if problem.code == "not-found" { words.nothing_here_more() } else { &problem.detail },
            link: Some(("/", words.all_services())),
        };
        match pages::message(&page) {
            Ok(html) => (problem.status(), Html(html)).into_response(),
            Err(_) => problem.into_response(),
        }
    }
}

/// No route has this path: a page for a browser, a problem for a program.
pub(super) async fn nowhere(State(app): State<Shared>, reader: Reader, headers: HeaderMap) -> Response {
    let accepts = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if accepts.contains("text/html") {
        app.said(Problem::missing(), reader.words(None)).into_response()
    } else {
        Problem::missing().into_response()
    }
}

fn taking(take: PhoneTake) -> pages::phone::Taking {
    match take {
        PhoneTake::Off => pages::phone::Taking::Off,
        PhoneTake::Code => pages::phone::Taking::Code,
        PhoneTake::Open => pages::phone::Taking::Open,
    }
}

pub(super) type Page = Result<Response, PageProblem>;

/// A form as it was typed, or a page that says what is wrong with it.
pub(super) struct Typed<T>(pub(super) T);

impl<T: serde::de::DeserializeOwned> FromRequest<Shared> for Typed<T> {
    type Rejection = PageProblem;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, PageProblem> {
        let form = Form::<T>::from_request(request, app).await;
        let unread = |rejection: FormRejection| {
            let detail = "The form did not arrive as this page sends it. Go back and try again.";
            app.problem(Problem::new(rejection.status(), "bad-form", detail))
        };
        form.map(|Form(typed)| Self(typed)).map_err(unread)
    }
}

impl App {
    pub(super) fn store(&self) -> String {
        self.branch.feed().with_view(|view| view.store.clone())
    }

    pub(super) fn problem(&self, problem: impl Into<Problem>) -> PageProblem {
        self.said(problem, Words::english())
    }

    /// The same for customers: what stands around the problem's own sentence is in their language.
    pub(super) fn said(&self, problem: impl Into<Problem>, words: Words) -> PageProblem {
        PageProblem(Box::new((problem.into(), self.store(), words)))
    }

    /// A rendered page; a template that fails is a defect.
    pub(super) fn html(&self, status: StatusCode, html: Result<String, askama::Error>) -> Page {
        let defect = |error: askama::Error| {
            tracing::error!(%error, "a page could not be made");
            self.problem(Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "defect",
                "Something went wrong here. Please try again.",
            ))
        };
        let html = html.map_err(defect)?;
        Ok((status, [(header::CACHE_CONTROL, "no-store")], Html(html)).into_response())
    }
}

/// Stands where each copy of the page has its own.
const ONCE: &str = "drawn-for-this-copy-alone";

/// What a copy of the page is known by; without randomness by nothing, which costs only the guard against a second tap.
pub(super) fn draw_once() -> String {
    draw_key().map_or_else(|_| String::new(), |key| key.to_string())
}

fn overview_page(app: &App, reader: Reader, status: StatusCode, problem: Option<&str>, chosen: Option<&ServiceId>) -> Page {
    let now = app.branch.now().date_time();
    let once = draw_once();
    let html = app.branch.feed().with_view(|view| {
        let site = reader.site(app, &view.store, None);
        pages::phone::overview(&pages::phone::Overview {
            site,
            view,
            now,
            taking: taking(app.options.take),
            answers: app.has_answers(),
            once: &once,
            problem,
            chosen,
        })
    });
    app.html(status, html)
}

/// Every service, and what the wait is.
async fn overview(State(app): State<Shared>, reader: Reader) -> Page {
    // the same for everybody until something changes; made at most once a publication, and the clock on it is the last change's
    let made = app.cached(reader.made(["overview", "overview.asked"]), || {
        let now = app.branch.now().date_time();
        let html = app.branch.feed().with_view(|view| {
            let (site, taking) = (reader.site(&app, &view.store, None), taking(app.options.take));
            let (problem, chosen, once) = (None, None, ONCE);
            {
                let answers = app.has_answers();
                pages::phone::overview(&pages::phone::Overview { site, view, now, taking, answers, once, problem, chosen })
            }
        });
        Bytes::from(html.unwrap_or_default())
    });
    if made.is_empty() {
        return overview_page(&app, reader, StatusCode::OK, None, None);
    }
    // what this copy of the page draws is its own
    let made = match made.windows(ONCE.len()).position(|part| part == ONCE.as_bytes()) {
        Some(at) => {
            let (before, after) = (&made[..at], &made[at + ONCE.len()..]);
            Bytes::from([before, draw_once().as_bytes(), after].concat())
        }
        None => made,
    };
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok(reader.keep((headers, made)))
}

/// The board in a browser.
async fn board(State(app): State<Shared>, reader: Reader) -> Page {
    let made = app.cached(reader.made(["board", "board.asked"]), || {
        let now = app.branch.now().date_time();
        let html = app.branch.feed().with_view(|view| {
            let (site, url) = (reader.site(&app, &view.store, None), app.options.public_url.as_str());
            pages::board::board(&pages::board::Board { site, view, now, url })
        });
        Bytes::from(html.unwrap_or_default())
    });
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok(reader.keep((headers, made)))
}

/// How often the branch kept its word.
async fn record(State(app): State<Shared>, reader: Reader) -> Page {
    let view = app.branch.feed().with_view(Clone::clone);
    let make = |record: &crate::estimate::Record| {
        let page = pages::record::RecordPage { site: reader.site(&app, &view.store, None), view: &view, record };
        Bytes::from(pages::record::record(&page).unwrap_or_default())
    };
    let made = app.made_of_record(reader.made(["record.html", "record.html.asked"]), make);
    let made = made.await.map_err(|problem| app.said(problem, reader.words(None)))?;
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok(reader.keep((headers, made)))
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
    let request = IssueRequest { service: form.service, code: form.code, class: None, origin: None, language };
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
pub(super) async fn act(app: &Shared, key: &str, reader: Reader, command: impl FnOnce(TicketId) -> Command) -> Page {
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

#[derive(Default, Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

/// Where to go after a login: a path of this branch, nothing else.
fn safe_next(next: &str) -> &str {
    let ours = next.starts_with("/desk") || next.starts_with("/manage");
    if ours && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') && !next.contains("//") {
        next
    } else {
        "/desk"
    }
}

fn login_page(app: &App, status: StatusCode, next: &str, name: &str, problem: Option<&str>) -> Page {
    let store = app.store();
    let site = Site::new(&store);
    app.html(status, pages::staff::login(&pages::staff::Login { site, next: safe_next(next), name, problem }))
}

async fn login(State(app): State<Shared>, Query(query): Query<Next>) -> Page {
    let nobody = Accounts(&app.accounts()).staff().map_err(|fault| app.problem(fault))?.is_empty();
    if nobody {
        return Ok(Redirect::to("/first").into_response());
    }
    login_page(&app, StatusCode::OK, &query.next, "", None)
}

#[derive(Deserialize)]
struct LoginForm {
    name: String,
    pin: String,
    #[serde(default)]
    next: String,
}

/// A redirect that begins or ends a session.
fn with_cookie(to: &str, value: &str, tls: bool) -> Response {
    let mut response = Redirect::to(to).into_response();
    if let Ok(cookie) = HeaderValue::from_str(&access::set_cookie(value, tls)) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

async fn log_in(State(app): State<Shared>, Extension(peer): Extension<Peer>, Typed(form): Typed<LoginForm>) -> Page {
    // nobody has a longer name; it is not worth remembering
    let name = Some(form.name.trim()).filter(|name| name.chars().count() <= LONGEST_NAME).unwrap_or_default();
    match access::log_in(&app, peer.address.ip(), name, &form.pin).await {
        Ok(token) => Ok(with_cookie(safe_next(&form.next), &token, peer.tls)),
        Err(problem) => login_page(&app, problem.status(), &form.next, name, Some(&problem.detail)),
    }
}

async fn log_out(State(app): State<Shared>, Extension(peer): Extension<Peer>, headers: HeaderMap) -> Page {
    if let Some(token) = access::cookie(&headers) {
        Accounts(&app.accounts()).end_session(token).map_err(|fault| app.problem(fault))?;
    }
    Ok(with_cookie("/login", "", peer.tls))
}

#[derive(Default, Deserialize)]
struct FirstQuery {
    #[serde(default)]
    code: String,
}

#[derive(Clone, Default, Deserialize)]
struct FirstForm {
    code: String,
    name: String,
    password: String,
    desk_name: String,
    pin: String,
}

fn first_page(app: &App, status: StatusCode, form: &FirstForm, problem: Option<&str>) -> Page {
    let store = app.store();
    let site = Site::new(&store);
    let (code, name, desk_name) = (form.code.as_str(), form.name.as_str(), form.desk_name.as_str());
    let page = pages::staff::First { site, code, name, desk_name, least_password: 8, least_pin: 4, problem };
    app.html(status, pages::staff::first(&page))
}

/// The first login's page; once somebody can log in there is none.
async fn first(State(app): State<Shared>, Query(query): Query<FirstQuery>) -> Page {
    let open = ledger::setting(&app.accounts(), FIRST_CODE).map_err(|fault| app.problem(fault))?.is_some();
    if !open {
        return Ok(Redirect::to("/login").into_response());
    }
    first_page(&app, StatusCode::OK, &FirstForm { code: query.code, ..FirstForm::default() }, None)
}

/// Makes the first manager and the first desk login.
async fn begin(State(app): State<Shared>, Extension(peer): Extension<Peer>, Typed(form): Typed<FirstForm>) -> Page {
    match make_first(&app, peer.address.ip(), &form).await {
        Ok(token) => Ok(with_cookie("/manage", &token, peer.tls)),
        Err(problem) => first_page(&app, problem.status(), &form, Some(&problem.detail)),
    }
}

async fn make_first(app: &App, from: IpAddr, form: &FirstForm) -> Result<String, Problem> {
    const NAME: &str = "\0first login";
    app.attempts.check(NAME, from, "codes", "")?;
    let kept = ledger::setting(&app.accounts(), FIRST_CODE)?;
    let given = code_hash(&form.code);
    let fits = kept.is_some_and(|kept| bool::from(subtle::ConstantTimeEq::ct_eq(kept.as_bytes(), given.as_bytes())));
    if !fits {
        app.attempts.wrong(NAME, from);
        let detail = "The code does not fit. It stands where nowserving was started; a new start shows a new one.";
        return Err(Problem::new(StatusCode::FORBIDDEN, "wrong-code", detail));
    }
    if form.name.trim() == form.desk_name.trim() {
        let detail = "The manager and the desk login need different names.";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "same-name", detail));
    }
    let new = |name: &str, role, secret: &str| NewStaff { name: name.trim().to_owned(), role, secret: secret.to_owned() };
    let manager = new(&form.name, Role::Manager, &form.password);
    let desk = new(&form.desk_name, Role::Desk, &form.pin);
    manager.check()?;
    desk.check()?;
    app.put_staff(&manager).await?;
    app.put_staff(&desk).await?;
    ledger::put_setting(&app.accounts(), FIRST_CODE, None)?;
    Ok(Accounts(&app.accounts()).begin_session(&manager.name, app.branch.now().wall_ms)?)
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
        let site = Site::new(&view.store);
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
    let site = Site::new(&store);
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
        site: Site::new(&view.store),
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

/// A file the pages need.
async fn asset(State(app): State<Shared>, Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let (asset, keep) = assets::find(&name).ok_or_else(Problem::missing)?;
    let _ = app;
    let known = headers.get(header::IF_NONE_MATCH).and_then(|tag| tag.to_str().ok());
    let common = [(header::ETAG, asset.etag.clone()), (header::CACHE_CONTROL, keep.cache_control().to_owned())];
    if known == Some(asset.etag.as_str()) {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    Ok((common, [(header::CONTENT_TYPE, asset.content_type)], asset.bytes).into_response())
}

async fn icon(state: State<Shared>, headers: HeaderMap) -> Result<Response, Problem> {
    asset(state, Path("icon.svg".into()), headers).await
}
