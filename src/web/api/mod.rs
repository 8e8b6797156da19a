//! JSON over HTTP. Described by `openapi.json`, which the program serves.

pub(super) mod courtesies;
pub(super) mod desks;
mod devices;
pub(super) mod manage;
pub(super) mod notes;
mod screen;
pub(super) mod tickets;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::access::Caller;
use super::{Problem, Shared, answers};
use crate::branch::{Ask, Done, RequestKey};
use crate::queue::{Command, ServiceId};

/// The OpenAPI document of this API.
const OPENAPI: &str = include_str!("openapi.json");

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/api/view", get(view))
        .route("/api/waits", get(waits))
        .route("/api/record", get(super::record::show))
        .route("/api/reports/answers", get(crate::web::reports::api))
        .route("/api/openapi.json", get(openapi))
        .route("/api/code", get(manage::code))
        .route("/api/screen/events", get(screen::events))
        .route("/api/tickets", post(tickets::issue))
        .route("/api/tickets/{key}", get(tickets::show))
        .route("/api/tickets/{key}/leave", post(tickets::leave))
        .route("/api/tickets/{key}/delay", post(tickets::delay))
        .route("/api/tickets/{key}/requeue", post(tickets::requeue))
        .route("/api/tickets/{key}/reprint", post(tickets::reprint))
        .route("/api/tickets/{key}/note", post(tickets::note))
        .route("/api/desks/{desk}", get(desks::show).put(manage::put_desk).delete(manage::remove_desk))
        .route("/api/answers", get(answers::list))
        .route("/api/answers/{entry}", get(answers::show).post(answers::became))
        .route("/api/searches", post(answers::searched))
        .route("/api/tickets/{key}/take-back", post(tickets::take_back))
        .route("/api/desks/{desk}/hand", post(answers::hand))
        .route("/api/desks/{desk}/{command}", post(desks::command))
        .route("/api/devices", get(devices::show))
        .route("/api/branch", get(manage::branch))
        .route("/api/services/{service}", put(manage::put_service).delete(manage::remove_service))
        .route("/api/services/{service}/stop", post(manage::stop))
        .route("/api/services/{service}/resume", post(manage::resume))
        .route("/api/hours", put(manage::put_hours))
        .route("/api/rules", put(manage::put_rules))
        .route("/api/courtesy", put(courtesies::put))
        .route("/api/courtesies", get(courtesies::show))
        .route("/api/courtesies/redeem", post(courtesies::redeem))
        .route("/api/day/{command}", post(manage::day))
        .route("/api/staff", get(manage::staff).post(manage::add_staff))
        .route("/api/staff/{name}", axum::routing::delete(manage::remove_staff))
}

/// A JSON body, with a problem that says where it goes wrong. An empty body reads as `{}`.
pub(super) struct Body<T> {
    pub(super) value: T,
    /// What names this request, if the client sent an Idempotency-Key.
    key: Option<(String, String)>,
}

impl<T: DeserializeOwned> FromRequest<Shared> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, Problem> {
        let key = idempotency_key(request.headers())?;
        let path = request.uri().path().to_owned();
        let json = content_type(request.headers());
        let bytes = Bytes::from_request(request, app).await.map_err(|rejection| {
            let detail = "The body is too large or did not arrive whole. 64 KiB are enough for every request.";
            Problem::new(rejection.status(), "body", detail)
        })?;
        if !bytes.is_empty() && !json {
            let detail = "Send JSON, with Content-Type: application/json.";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", detail));
        }
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        let value = strict(text)?;
        let key = key.map(|key| {
            let digest = Sha256::new().chain_update(&path).chain_update([0]).chain_update(&bytes).finalize();
            let fingerprint = data_encoding::HEXLOWER.encode(digest.get(..8).unwrap_or_default());
            (key, fingerprint)
        });
        Ok(Self { value, key })
    }
}

/// Reads JSON. A member that nobody knows is an error everywhere, also where the same type is read from older ledgers.
fn strict<T: DeserializeOwned>(text: &[u8]) -> Result<T, Problem> {
    let wrong = |error| Problem::bad("bad-json", format!("The JSON is not right: {error}."));
    let mut unknown = None;
    let mut reader = serde_json::Deserializer::from_slice(text);
    let value = serde_ignored::deserialize(&mut reader, |path| {
        unknown.get_or_insert_with(|| path.to_string());
    });
    let value = value.map_err(wrong)?;
    reader.end().map_err(wrong)?;
    match unknown {
        None => Ok(value),
        Some(path) => Err(Problem::bad("bad-json", format!("The JSON has a member {path} that means nothing here."))),
    }
}

/// Whether the body says that it is JSON.
fn content_type(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = value.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key =
        value.to_str().ok().filter(|key| (1..=128).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()));
    let detail = "An Idempotency-Key is 1 to 128 visible ASCII characters without spaces.";
    key.map(|key| Some(key.to_owned())).ok_or_else(|| Problem::bad("bad-idempotency-key", detail))
}

impl<T> Body<T> {
    /// The name of this request, kept apart from those of other callers.
    pub(super) fn request_key(&self, caller: &Caller) -> Option<RequestKey> {
        let (key, fingerprint) = self.key.clone()?;
        Some(RequestKey { key: format!("{}:{key}", caller.actor()), fingerprint })
    }

    /// How long the client's own name of this request is.
    pub(super) fn key_length(&self) -> Option<usize> {
        self.key.as_ref().map(|(key, _)| key.len())
    }

    /// Asks the branch for a command in the name of `caller`.
    async fn ask(&self, app: &Shared, caller: &Caller, command: Command) -> Result<Done, Problem> {
        let ask = Ask { command, actor: caller.actor(), request: self.request_key(caller) };
        Ok(app.branch.ask(ask).await?)
    }
}

pub(super) fn json_bytes(bytes: Bytes) -> Response {
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], bytes).into_response()
}

async fn view(State(app): State<Shared>) -> Response {
    json_bytes(app.branch.feed().json())
}

async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI).into_response()
}

/// A range of minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Wait {
    from_min: u32,
    to_min: u32,
    learning: bool,
}

#[derive(Serialize)]
struct ServiceWait {
    service: ServiceId,
    name: String,
    waiting: u32,
    desks: u32,
    wait: Option<Wait>,
    stopped: Option<String>,
    takes_until: Option<String>,
}

#[derive(Serialize)]
struct Waits {
    open: bool,
    closing: bool,
    services: Vec<ServiceWait>,
}

/// The wait of somebody who comes now, for each service.
async fn waits(State(app): State<Shared>) -> Response {
    let make = || {
        let waits = app.branch.feed().with_view(|view| Waits {
            open: view.open.open,
            closing: view.open.closing,
            services: view.services.iter().map(|service| service_wait(view, service)).collect(),
        });
        // plain data always serialises
        Bytes::from(serde_json::to_vec(&waits).unwrap_or_default())
    };
    json_bytes(app.cached(("waits", ""), make))
}

fn service_wait(view: &crate::queue::View, service: &crate::queue::ServiceRow) -> ServiceWait {
    let row = view.waits.get(&service.id).cloned().unwrap_or_default();
    ServiceWait {
        service: service.id.clone(),
        name: service.name.clone(),
        waiting: row.waiting,
        desks: row.desks,
        wait: row.now.map(|[from_min, to_min]| Wait { from_min, to_min, learning: row.learning }),
        stopped: row.stopped,
        takes_until: row.takes_until,
    }
}

/// An answer without content worth naming.
#[derive(Serialize)]
struct Said {
    message: String,
}

pub(super) fn said(message: impl Into<String>) -> Response {
    Json(Said { message: message.into() }).into_response()
}
