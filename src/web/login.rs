//! Coming in and going out: the login, and the first login of a new branch.

use std::net::IpAddr;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::api::manage::{LONGEST_NAME, NewStaff};
use super::extract::Query;
use super::pages;
use super::site::{Page, Typed};
use super::{App, Peer, Problem, Shared, access};
use crate::ledger::{self, Accounts, Role};

/// The setting that holds the hash of the first login's code.
pub const FIRST_CODE: &str = "first_code";

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/login", get(login).post(log_in))
        .route("/logout", post(log_out))
        .route("/first", get(first).post(begin))
}

/// The hash under which a one-time code is kept.
#[must_use]
pub fn code_hash(code: &str) -> String {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    data_encoding::HEXLOWER.encode(&Sha256::digest(plain))
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
    let site = app.site(&store);
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
    let site = app.site(&store);
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
    app.noted(&format!("staff:{}", manager.name), "first login", &desk.name)?;
    Ok(Accounts(&app.accounts()).begin_session(&manager.name, app.branch.now().wall_ms)?)
}
