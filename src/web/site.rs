//! The pages: what phones, desks and managers open in a browser. Forms work without JavaScript and lead back to the page.

use std::sync::Arc;

use axum::Form;
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use super::api::tickets::draw_key;
use super::assets::{self, Keep};
use super::brand::{Brand, Own};
use super::extract::Path;
use super::pages::{self, Site};
use super::reader::Reader;
use super::{App, Problem, Shared};
use crate::config::PhoneTake;
use crate::phrase::{Words, turn, turns};
use crate::queue::ServiceId;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/", get(overview))
        .route("/board", get(board))
        .route("/record", get(record))
        .route("/assets/{name}", get(asset))
        .route("/favicon.ico", get(icon))
}

/// A page that went wrong, as a page.
pub(super) struct PageProblem(Box<(Problem, String, Words, Arc<Brand>)>);

impl IntoResponse for PageProblem {
    fn into_response(self) -> Response {
        let (problem, store, words, brand) = *self.0;
        let site = Site { words, ..branded(&store, &brand) };
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

pub(super) fn taking(take: PhoneTake) -> pages::phone::Taking {
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

/// What all pages share, with the store's own.
fn branded<'a>(store: &'a str, brand: &Brand) -> Site<'a> {
    let href = |own: &Option<Own>| own.as_ref().map(|own| own.href);
    Site { logo: href(&brand.logo), brand: href(&brand.style), ..Site::new(store) }
}

impl App {
    /// What all pages share: English, until a reader says otherwise.
    pub(super) fn site<'a>(&'a self, store: &'a str) -> Site<'a> {
        branded(store, &self.brand.get())
    }

    pub(super) fn store(&self) -> String {
        self.branch.feed().with_view(|view| view.store.clone())
    }

    pub(super) fn problem(&self, problem: impl Into<Problem>) -> PageProblem {
        self.said(problem, Words::english())
    }

    /// The same for customers: what stands around the problem's own sentence is in their language.
    pub(super) fn said(&self, problem: impl Into<Problem>, words: Words) -> PageProblem {
        PageProblem(Box::new((problem.into(), self.store(), words, self.brand.get())))
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

pub(super) fn overview_page(
    app: &App,
    reader: Reader,
    status: StatusCode,
    problem: Option<&str>,
    chosen: Option<&ServiceId>,
) -> Page {
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
    let answers = app.has_answers();
    let names = if answers { ["overview", "overview.asked"] } else { ["overview.plain", "overview.plain.asked"] };
    let made = app.cached(reader.made(names), || {
        let now = app.branch.now().date_time();
        let html = app.branch.feed().with_view(|view| {
            let (site, taking) = (reader.site(&app, &view.store, None), taking(app.options.take));
            let (problem, chosen, once) = (None, None, ONCE);
            pages::phone::overview(&pages::phone::Overview { site, view, now, taking, answers, once, problem, chosen })
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

/// The board in a browser. It hangs in a hall like the screen, and speaks as that does, unless a language was chosen for it.
async fn board(State(app): State<Shared>, reader: Reader) -> Page {
    let moment = app.branch.now();
    let waiting = app.branch.feed().with_view(|view| view.languages.clone());
    let turns = reader.chosen().map_or_else(|| turns(&app.options.languages, &waiting), |words| vec![words]);
    let words = turn(&turns, moment.mono_ms);
    let name = if reader.chosen().is_some() { "board.chosen" } else { "board" };
    let made = app.cached((name, words.code()), || {
        let html = app.branch.feed().with_view(|view| {
            let (site, url) = (Site { words, ..app.site(&view.store) }, app.options.public_url.as_str());
            pages::board::board(&pages::board::Board { site, view, now: moment.date_time(), url, turns: turns.len() })
        });
        Bytes::from(html.unwrap_or_default())
    });
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, made).into_response())
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

/// A file the pages need.
async fn asset(State(app): State<Shared>, Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(own) = app.brand.get().find(&name) {
        let headers = [(header::CONTENT_TYPE, own.content_type), (header::CACHE_CONTROL, Keep::Immutable.cache_control())];
        return Ok((headers, own.bytes.clone()).into_response());
    }
    let (asset, keep) = assets::find(&name).ok_or_else(Problem::missing)?;
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
