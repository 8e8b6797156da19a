//! The web side: phone, desk and manager pages, the JSON API, the feed.
//!
//! Handlers translate: HTTP to a command, the branch's answer to HTTP. No rule of the line is here. Errors have one mapping
//! (`problem.rs`), callers one check (`access.rs`).

mod access;
mod answers;
mod api;
pub mod assets;
mod brand;
mod changes;
mod content;
mod entries;
mod extract;
mod feed;
mod guard;
mod linger;
mod login;
mod look;
pub mod markdown;
mod metrics;
mod notices;
pub mod pages;
mod paper;
mod places;
mod planning;
mod preview;
mod problem;
mod reader;
mod record;
mod reports;
mod server;
mod site;
mod staff;
mod ticket;
mod tls;
mod transfer;
mod wall;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::routing::get;
use rusqlite::Connection;
use tokio::sync::{Semaphore, watch};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

pub use access::{Attempts, Caller, Peer};
pub use content::keep_content;
pub use login::{FIRST_CODE, code_hash};
pub use places::{Place, Places};
pub use problem::Problem;
pub use server::{Limits, serve};
pub use tls::{acceptor, own_certificate};

use crate::branch::Branch;
use crate::config::{PhoneTake, ScreenFacts};
use crate::ledger::Journal;
use crate::paper::PaperStyle;
use crate::phrase::Words;

/// The largest request body: a name and a question are far smaller.
const BODY_LIMIT: usize = 64 * 1024;
/// How long a request may take. The feed answers at once and then streams, which this does not limit.
const REQUEST_TIME: Duration = Duration::from_secs(10);

/// How the web side behaves.
#[derive(Clone, Debug, Default)]
pub struct WebOptions {
    /// Where phones reach the branch, without a slash at the end: `http://192.168.1.5:8080`.
    pub public_url: String,
    /// Whether phones may take numbers.
    pub take: PhoneTake,
    /// Whether programs on this machine may take numbers without a token.
    pub trust_loopback: bool,
    /// Names this branch answers to, besides addresses, `localhost` and names ending in `.local`.
    pub allowed_hosts: Vec<String>,
    /// How long what a customer told the desk is kept, days.
    pub erase_after_days: u32,
    /// How long a backup in the data folder is kept, days.
    pub backups_days: u32,
    /// Whether tickets come out on paper.
    pub paper: bool,
    /// What the branch speaks, the first first; none: English.
    pub languages: Vec<Words>,
    /// The paper and head of the printer, for the preview.
    pub paper_style: PaperStyle,
    /// How screens look.
    pub screens: ScreenFacts,
    /// Seed of the code of the day.
    pub code_seed: String,
}

/// Counters for `/metrics`.
#[derive(Debug, Default)]
pub struct Counters {
    /// Requests answered, by hundreds of the status.
    pub answered: [AtomicU64; 6],
    /// Clients on the feed now.
    pub feed_clients: AtomicU64,
    /// Connections open now.
    pub connections: AtomicU64,
    /// When another machine last asked for something, and what it called the hub: a sign that phones get through.
    pub outside: Mutex<Option<(i64, String)>>,
}

/// What handlers share.
pub struct App {
    /// The branch.
    pub branch: Branch,
    /// What was shown, read and looked for.
    pub journal: Arc<Journal>,
    /// How the web side behaves.
    pub options: WebOptions,
    /// Counters for `/metrics`.
    pub counters: Counters,
    /// Connections by address.
    pub places: Places,
    /// Failed logins.
    pub attempts: Attempts,
    /// Bounds how many secrets are hashed at once: 19 MiB each.
    pub hashing: Semaphore,
    /// The store's own.
    brand: brand::Now,
    /// Bounds how many pictures are decoded or drawn at once.
    drawing: Arc<Semaphore>,
    /// Turns true when the hub stops, so that streams end.
    pub stopping: watch::Receiver<bool>,
    /// What finds answers, and what was looked for.
    answers: answers::Answers,
    /// Pictures of entries on a board.
    previews: preview::Previews,
    /// Plans that managers asked for.
    plans: planning::Plans,
    /// What hangs on the boards.
    walls: wall::Walls,
    accounts: Mutex<Connection>,
    /// The promises of closed days.
    past: Mutex<record::Past>,
    /// Short-lived pages that cost something to make, by name and language, with the feed's version.
    cache: Mutex<HashMap<Made, (u64, bytes::Bytes)>>,
}

/// What a page that is made once for all is known by: its name, and its language's code where it has one.
type Made = (&'static str, &'static str);

/// Shared state of the web side.
pub type Shared = Arc<App>;

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("options", &self.options).finish_non_exhaustive()
    }
}

impl App {
    /// What handlers share. `accounts` is a connection of its own to the branch's ledger.
    #[must_use]
    pub fn new(
        branch: Branch,
        (accounts, journal): (Connection, Journal),
        options: WebOptions,
        stopping: watch::Receiver<bool>,
    ) -> Shared {
        // what cannot be read now is told by whoever asks for it
        let look = look::over(&accounts, options.screens.clone()).unwrap_or_else(|_| options.screens.clone());
        Arc::new(Self {
            branch,
            journal: Arc::new(journal),
            brand: brand::Now::of(&look),
            options,
            counters: Counters::default(),
            places: Places::default(),
            attempts: Attempts::default(),
            hashing: Semaphore::new(2),
            drawing: Arc::new(Semaphore::new(1)),
            stopping,
            answers: answers::Answers::default(),
            previews: preview::Previews::default(),
            plans: planning::Plans::default(),
            walls: wall::Walls::default(),
            accounts: Mutex::new(accounts),
            past: Mutex::default(),
            cache: Mutex::default(),
        })
    }

    /// The branch's first language.
    fn first_words(&self) -> Words {
        self.options.languages.first().copied().unwrap_or_default()
    }

    /// The connection for accounts, devices and settings. Hold it briefly.
    pub fn accounts(&self) -> MutexGuard<'_, Connection> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An answer that is the same for everybody until the next publication: made at most once for each.
    fn cached(&self, name: Made, make: impl FnOnce() -> bytes::Bytes) -> bytes::Bytes {
        let version = self.branch.feed().version();
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, bytes)) = cache.get(&name)
            && *at == version
        {
            return bytes.clone();
        }
        let bytes = make();
        cache.insert(name, (version, bytes.clone()));
        bytes
    }

    /// Such an answer, if it was made since the last publication.
    fn made(&self, name: Made) -> Option<bytes::Bytes> {
        let version = self.branch.feed().version();
        let cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        cache.get(&name).filter(|(at, _)| *at == version).map(|(_, bytes)| bytes.clone())
    }

    /// Forgets such answers: what all pages share has changed.
    fn forget_made(&self) {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Keeps such an answer, made of what was published as `version`.
    fn keep(&self, name: Made, version: u64, bytes: &bytes::Bytes) {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        cache.insert(name, (version, bytes.clone()));
    }
}

/// Every route.
pub fn router(app: Shared) -> Router {
    let counted = app.clone();
    Router::new()
        .route("/feed", get(feed::feed))
        .route("/health", get(metrics::health))
        .route("/metrics", get(metrics::metrics))
        .merge(site::routes())
        .merge(answers::routes())
        .merge(ticket::routes())
        .merge(login::routes())
        .merge(staff::routes())
        .merge(planning::routes())
        .merge(paper::routes())
        .merge(reports::routes())
        .merge(look::routes())
        .merge(preview::routes())
        .merge(transfer::routes())
        .merge(changes::routes())
        .merge(entries::routes())
        .merge(notices::routes())
        .merge(wall::routes())
        .merge(api::routes())
        .fallback(site::nowhere)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .with_state(app.clone())
        .layer(CompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_TIME))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CsrfLayer::new().with_rejection_response(guard::cross_site))
        .layer(axum::middleware::from_fn_with_state(app, guard::host))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(header_layer(header::CONTENT_SECURITY_POLICY, pages::CSP))
        .layer(header_layer(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header_layer(header::REFERRER_POLICY, "no-referrer"))
        .layer(header_layer(header::CACHE_CONTROL, "no-store"))
        .layer(axum::middleware::map_response(move |response: axum::response::Response| {
            let class = usize::from(response.status().as_u16() / 100).min(5);
            if let Some(counter) = counted.counters.answered.get(class) {
                counter.fetch_add(1, Ordering::Relaxed);
            }
            std::future::ready(response)
        }))
}

fn header_layer(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
