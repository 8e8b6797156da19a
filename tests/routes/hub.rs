//! A hub of its own for a test, with a clock that stands still, asked through its router as clients ask it.

use std::net::SocketAddr;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use nowserving::clock::Clock;
use nowserving::config::{PhoneTake, PrinterKind, Settings};
use nowserving::hub::{Hub, HubOptions};
use nowserving::queue::{BootId, Moment};
use nowserving::web::{self, Peer};
use serde_json::{Value, json};
use tower::ServiceExt;

/// Who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Who {
    local: bool,
    headers: Vec<(String, String)>,
}

/// A phone in the hall.
pub(crate) fn phone() -> Who {
    Who::default()
}

/// A program on the hub's own machine.
pub(crate) fn local() -> Who {
    Who { local: true, ..Who::default() }
}

impl Who {
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut who = self.clone();
        who.headers.push((name.to_owned(), value.to_owned()));
        who
    }

    /// Names its next request.
    pub(crate) fn named(&self, key: &str) -> Self {
        self.with("idempotency-key", key)
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error} in {}", self.text))
    }

    /// The JSON of an answer that must have this status.
    #[track_caller]
    pub(crate) fn is(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self.json()
    }

    /// A refusal with this status and code, with a sentence for a person.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) -> String {
        let problem = self.is(status);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!((&problem["code"], &problem["status"]), (&json!(code), &json!(status)));
        assert_eq!(problem["type"], json!(format!("urn:nowserving:{code}")));
        let detail = problem["detail"].as_str().unwrap().to_owned();
        assert!(detail.split(' ').count() > 3, "not a sentence: {detail}");
        detail
    }

    #[track_caller]
    pub(crate) fn redirects(&self, to: &str) {
        assert_eq!((self.status.as_u16(), self.header("location").as_str()), (303, to), "{}", self.text);
    }

    pub(crate) fn header(&self, name: &str) -> String {
        self.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    }
}

/// A running hub.
pub(crate) struct Kit {
    pub(crate) hub: Hub,
    pub(crate) clock: Clock,
    pub(crate) folder: tempfile::TempDir,
    settings: Settings,
}

/// A Saturday in May, 10:00 in Helsinki.
fn morning() -> Moment {
    Moment { wall_ms: 1_778_914_800_000, offset_s: 10_800, mono_ms: 60_000, boot: BootId(1), trusted: true }
}

async fn start(folder: &std::path::Path, settings: Settings, clock: Clock) -> Hub {
    Hub::start(HubOptions { folder: folder.to_owned(), settings, clock, keys: false }).await.unwrap()
}

impl Kit {
    pub(crate) async fn open() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings::default();
        settings.web.listen = ([127, 0, 0, 1], 0).into();
        settings.branch.public_url = Some("http://192.168.1.5:8080".into());
        settings.printer.kind = PrinterKind::None;
        settings.voice.on = false;
        settings.phone.take = PhoneTake::Open;
        change(&mut settings);
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::manual(morning());
        let hub = start(folder.path(), settings.clone(), clock.clone()).await;
        Self { hub, clock, folder, settings }
    }

    /// Ends the hub and starts another on the same folder.
    pub(crate) async fn restart(self) -> Self {
        let Self { hub, clock, folder, settings } = self;
        hub.stop().await;
        let hub = start(folder.path(), settings.clone(), clock.clone()).await;
        Self { hub, clock, folder, settings }
    }

    /// An enrolled device.
    pub(crate) fn device(&self) -> Who {
        phone().with("authorization", &format!("Bearer {}", self.hub.screen_token))
    }

    /// Sends a request as it is, with a Host of this branch if it names none.
    pub(crate) async fn raw(&self, who: &Who, mut request: Request<Body>) -> axum::response::Response {
        let ip = if who.local { [127, 0, 0, 1] } else { [192, 168, 1, 77] };
        request.extensions_mut().insert(Peer { address: SocketAddr::from((ip, 40_000)), tls: false });
        for (name, value) in &who.headers {
            request.headers_mut().append(
                axum::http::HeaderName::from_bytes(name.as_bytes()).unwrap(),
                axum::http::HeaderValue::from_bytes(value.as_bytes()).unwrap(),
            );
        }
        if !request.headers().contains_key(header::HOST) {
            request.headers_mut().insert(header::HOST, "192.168.1.5:8080".parse().unwrap());
        }
        web::router(self.hub.app.clone()).oneshot(request).await.unwrap()
    }

    pub(crate) async fn send(&self, who: &Who, method: &str, path: &str, kind: &str, body: impl Into<Body>) -> Answer {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = Request::builder().method(method).uri(path);
        if !kind.is_empty() {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let response = self.raw(who, request.body(body.into()).unwrap()).await;
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    pub(crate) async fn get(&self, who: &Who, path: &str) -> Answer {
        self.send(who, "GET", path, "", Body::empty()).await
    }

    pub(crate) async fn json(&self, who: &Who, method: &str, path: &str, body: Value) -> Answer {
        self.send(who, method, path, "application/json", body.to_string()).await
    }

    pub(crate) async fn post(&self, who: &Who, path: &str, body: Value) -> Answer {
        self.json(who, "POST", path, body).await
    }

    pub(crate) async fn form(&self, who: &Who, path: &str, body: &str) -> Answer {
        self.send(who, "POST", path, "application/x-www-form-urlencoded", body.to_owned()).await
    }

    /// Who is behind a cookie that an answer has set.
    pub(crate) fn logged_in(answer: &Answer) -> Who {
        let cookie = answer.header("set-cookie");
        for flag in ["HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(cookie.contains(flag), "{cookie}");
        }
        phone().with("cookie", cookie.split(';').next().unwrap())
    }

    /// Uses the one-time code: the manager is Mona, the desk login is `desk` with the PIN 4711.
    pub(crate) async fn first(&self) -> Who {
        let code = self.hub.first_code.clone().unwrap();
        let form = format!("code={code}&name=Mona&password=correct+horse&desk_name=desk&pin=4711");
        let answer = self.form(&phone(), "/first", &form).await;
        answer.redirects("/manage");
        Self::logged_in(&answer)
    }

    pub(crate) async fn login(&self, name: &str, secret: &str) -> Who {
        let answer = self.form(&phone(), "/login", &format!("name={name}&pin={secret}&next=/desk")).await;
        answer.redirects("/desk");
        Self::logged_in(&answer)
    }

    /// A manager and a desk login.
    pub(crate) async fn staffed(&self) -> (Who, Who) {
        let manager = self.first().await;
        (manager, self.login("desk", "4711").await)
    }

    /// A ticket for a program of this machine: number and key.
    pub(crate) async fn take(&self, service: &str) -> (String, String) {
        let ticket = self.post(&local(), "/api/tickets", json!({ "service": service })).await.is(201);
        let text = |name: &str| ticket[name].as_str().unwrap().to_owned();
        (text("number"), text("key"))
    }

    /// A desk's key is pressed; it must work.
    pub(crate) async fn press(&self, who: &Who, desk: &str, command: &str, body: Value) -> Value {
        self.post(who, &format!("/api/desks/{desk}/{command}"), body).await.is(200)
    }

    /// Where a ticket is.
    pub(crate) async fn phase(&self, key: &str) -> String {
        self.get(&phone(), &format!("/api/tickets/{key}")).await.is(200)["phase"].as_str().unwrap().to_owned()
    }
}
