//! A screen's connection to the hub: follows the feed for ever, and asks for what is touched.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use eventsource_stream::Eventsource;
use futures_util::StreamExt;
use reqwest::{Client, RequestBuilder, StatusCode, Url};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::wall::{Hangs, follow_wall};
use crate::clock::{Clock, stopwatch};
use crate::config::ScreenFacts;
use crate::queue::{BootId, Frame, View};

/// The hub sends at least a heartbeat each 15 s; a feed that is silent for longer is dead.
const SILENCE: Duration = Duration::from_secs(40);
/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(3);
/// The pause before the feed is asked for again; it doubles up to [`PAUSE_MOST`].
const PAUSE: Duration = Duration::from_millis(200);
const PAUSE_MOST: Duration = Duration::from_secs(2);
/// How long one try at a request may take.
const TRY: Duration = Duration::from_secs(2);
/// How long a customer stands before a kiosk that has no answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often what is not in the feed is asked for.
const FACTS: Duration = Duration::from_secs(10);

/// Where a screen's hub is.
#[derive(Clone)]
pub struct HubAddress {
    /// Without a slash at the end.
    url: String,
    token: Option<String>,
}

/// Tokens stay out of logs.
impl std::fmt::Debug for HubAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HubAddress").field("url", &self.url).finish_non_exhaustive()
    }
}

/// A text that is no hub's address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a hub's address. Give one like http://192.168.1.20:8080; screens reach their hub over http.")]
pub struct BadHub(String);

impl HubAddress {
    /// Reads an address; `token` is the bearer token of an enrolled device, which a screen on another machine needs.
    ///
    /// # Errors
    /// [`BadHub`] if it is no `http` address.
    pub fn new(url: &str, token: Option<String>) -> Result<Self, BadHub> {
        let bad = || BadHub(url.to_owned());
        let parsed = Url::parse(url).map_err(|_| bad())?;
        if parsed.scheme() != "http" || !parsed.has_host() || parsed.query().is_some() {
            return Err(bad());
        }
        let token = token.map(|token| token.trim().to_owned()).filter(|token| !token.is_empty());
        Ok(Self { url: parsed.as_str().trim_end_matches('/').to_owned(), token })
    }

    /// The address, if other machines can use it too.
    #[must_use]
    pub fn public(&self) -> Option<String> {
        let parsed = Url::parse(&self.url).ok()?;
        let host = parsed.host_str()?.trim_matches(['[', ']']);
        let ip = host.parse::<std::net::IpAddr>().ok();
        let own = host == "localhost" || ip.is_some_and(|ip| ip.is_loopback() || ip.is_unspecified());
        (!own).then(|| self.url.clone())
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub(super) fn get(&self, client: &Client, path: &str) -> RequestBuilder {
        self.signed(client.get(format!("{}{path}", self.url)))
    }
}

/// How the connection to the hub stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinkState {
    /// Not yet heard of.
    #[default]
    Connecting,
    /// The feed is open.
    Live,
    /// The feed ended or never came; it is tried again all the time.
    Lost {
        /// Since when, on the machine's monotonic clock, milliseconds.
        since_mono_ms: u64,
    },
}

/// What the hub says beside the feed (`GET /api/code`).
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Facts {
    /// The code that phones need today, if they need one.
    pub code: Option<String>,
    /// Where phones reach the branch.
    pub public_url: Option<String>,
    /// The hub's clock.
    pub now: Option<DateTime<FixedOffset>>,
    /// How screens look.
    #[serde(default)]
    pub screens: ScreenFacts,
    /// What the branch speaks, as codes, the first first.
    #[serde(default)]
    pub languages: Vec<String>,
}

/// A range of minutes that was promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Promised {
    /// At the least.
    pub from_min: u32,
    /// At the most.
    pub to_min: u32,
    /// Whether the branch knows too little yet to keep its word.
    #[serde(default)]
    pub learning: bool,
}

/// A new ticket.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Issued {
    /// What board and paper call it.
    pub number: String,
    /// Its page, for the QR code.
    pub url: String,
    /// The service's id.
    pub service: String,
    /// How many are before it.
    pub ahead: usize,
    /// When it will be called; `None`: it cannot be told.
    pub promise: Option<Promised>,
}

impl Issued {
    /// The key that opens the ticket's page: the last part of its address.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.url.rsplit_once("/t/").map(|(_, key)| key).filter(|key| !key.is_empty())
    }
}

/// Why there is no number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoNumber {
    /// The hub refused: its sentence.
    Refused(String),
    /// The hub does not know this kiosk.
    NotEnrolled,
    /// No answer came in time.
    NoAnswer,
}

/// What a screen asks of the hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// A number for a service.
    Issue {
        /// Which touch this answers; comes back in [`News::Answer`].
        touch: u64,
        /// The service's id.
        service: String,
        /// The language the customer chose, if that is not the branch's first.
        language: Option<String>,
    },
    /// The paper of a ticket, once more.
    Reprint {
        /// The ticket's key.
        key: String,
    },
}

/// What a screen hears.
#[derive(Clone, Debug)]
pub enum News {
    /// The connection changed.
    Link(LinkState),
    /// The view changed.
    View(Arc<View>),
    /// What is not in the view.
    Facts(Facts),
    /// What hangs beside the numbers; `None`: nothing does.
    Wall(Option<Hangs>),
    /// What came of an [`Order`].
    Answer {
        /// The order's.
        touch: u64,
        /// The ticket, or why there is none.
        result: Result<Issued, NoNumber>,
    },
    /// A ticket came from a physical button.
    Pressed {
        /// The ticket.
        issued: Issued,
        /// Whether this is a second press within the button's lockout: the same ticket.
        again: bool,
    },
}

/// The connection, on a thread of its own, until this is dropped.
#[derive(Clone, Debug)]
pub struct Link {
    orders: mpsc::UnboundedSender<Order>,
}

impl Link {
    /// Begins to follow a hub, and what hangs on the `wall` of that name. Whatever is heard is handed to `deliver`, on the link's thread.
    ///
    /// # Errors
    /// If the thread cannot be started.
    pub fn start(
        hub: HubAddress,
        clock: Clock,
        wall: Option<String>,
        deliver: impl Fn(News) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (orders, taken) = mpsc::unbounded_channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let client = client(SILENCE).map_err(std::io::Error::other)?;
        let run = move || {
            let end = async {
                tokio::select! {
                    () = follow(&hub, &client, &clock, &deliver) => {}
                    () = ask_facts(&hub, &client, &deliver) => {}
                    () = follow_buttons(&hub, &client, &deliver) => {}
                    () = follow_wall(wall, &hub, &client, &clock, &deliver) => {}
                    // ends when every sender is gone: the screen is closed
                    () = take_orders(&hub, &client, taken, &deliver) => {}
                }
            };
            runtime.block_on(end);
        };
        std::thread::Builder::new().name("link".into()).spawn(run)?;
        Ok(Self { orders })
    }

    /// Asks for something; the answer comes as [`News::Answer`].
    pub fn order(&self, order: Order) {
        if self.orders.send(order).is_err() {
            tracing::error!("the connection's thread broke off");
        }
    }
}

fn client(silence: Duration) -> reqwest::Result<Client> {
    // a hub stands in the same building: no proxy lies between, and redirections lead nowhere good
    Client::builder()
        .connect_timeout(CONNECT)
        .read_timeout(silence)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
}

/// Follows the feed for ever.
async fn follow(hub: &HubAddress, client: &Client, clock: &Clock, deliver: &impl Fn(News)) {
    let mut view: Option<Arc<View>> = None;
    let mut last_id = String::new();
    let mut state = LinkState::Connecting;
    let mut pause = PAUSE;
    loop {
        let error = feed_once(hub, client, &mut view, &mut last_id, deliver).await.err();
        let was_live = !matches!(error, Some(FeedError::NotReached(_)));
        if was_live {
            pause = PAUSE;
        }
        if was_live || state == LinkState::Connecting {
            match error {
                Some(error) => tracing::warn!(%error, "the hub is out of reach; trying again"),
                None => tracing::warn!("the hub ended the feed; trying again"),
            }
            state = LinkState::Lost { since_mono_ms: clock.now(BootId(0)).mono_ms };
            deliver(News::Link(state));
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(PAUSE_MOST);
    }
}

#[derive(Debug, thiserror::Error)]
enum FeedError {
    #[error("{0}")]
    NotReached(String),
    #[error("the feed broke off: {0}")]
    Broken(String),
}

/// Opens the feed and hands on what it says until it ends.
async fn feed_once(
    hub: &HubAddress,
    client: &Client,
    view: &mut Option<Arc<View>>,
    last_id: &mut String,
    deliver: &impl Fn(News),
) -> Result<(), FeedError> {
    let mut request = hub.get(client, "/feed");
    if view.is_some() && !last_id.is_empty() {
        request = request.header("last-event-id", last_id.as_str());
    }
    let reached = request.send().await.and_then(reqwest::Response::error_for_status);
    let response = reached.map_err(|error| FeedError::NotReached(reason(&error)))?;
    deliver(News::Link(LinkState::Live));
    let mut events = std::pin::pin!(response.bytes_stream().eventsource());
    while let Some(event) = events.next().await {
        let event = event.map_err(|error| FeedError::Broken(error.to_string()))?;
        if !event.id.is_empty() {
            last_id.clone_from(&event.id);
        }
        if let Err(error) = take_event(view, &event.event, &event.data) {
            // a fresh start gets the whole view
            *view = None;
            return Err(FeedError::Broken(error));
        }
        if let Some(view) = view {
            deliver(News::View(Arc::clone(view)));
        }
    }
    Ok(())
}

fn take_event(view: &mut Option<Arc<View>>, name: &str, data: &str) -> Result<(), String> {
    match name {
        "view" => *view = Some(Arc::new(serde_json::from_str(data).map_err(|error| error.to_string())?)),
        "frame" => {
            let frame: Frame = serde_json::from_str(data).map_err(|error| error.to_string())?;
            Arc::make_mut(view.as_mut().ok_or("a change came before the whole")?).apply(frame);
        }
        // what later hubs may add
        _ => {}
    }
    Ok(())
}

/// The innermost cause, which is what a person can act on.
fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

/// Asks now and then for what the feed does not say. A screen that may not know goes by its own clock and the hub's address.
async fn ask_facts(hub: &HubAddress, client: &Client, deliver: &impl Fn(News)) {
    let mut interval = tokio::time::interval(FACTS);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut heard = false;
    if let Some(url) = hub.public() {
        deliver(News::Facts(Facts { public_url: Some(url), ..Facts::default() }));
    }
    loop {
        interval.tick().await;
        // soon after the hub is there, then now and then
        while !heard && facts(hub, client).await.is_none() {
            tokio::time::sleep(PAUSE_MOST).await;
        }
        if let Some(facts) = facts(hub, client).await {
            heard = true;
            deliver(News::Facts(facts));
        }
    }
}

async fn facts(hub: &HubAddress, client: &Client) -> Option<Facts> {
    let answer = hub.get(client, "/api/code").timeout(TRY).send().await.ok()?;
    answer.error_for_status().ok()?.json().await.ok()
}

async fn take_orders(
    hub: &HubAddress,
    client: &Client,
    mut orders: mpsc::UnboundedReceiver<Order>,
    deliver: &impl Fn(News),
) {
    while let Some(order) = orders.recv().await {
        match order {
            Order::Issue { touch, service, language } => {
                let result = issue(hub, client, &service, language.as_deref()).await;
                deliver(News::Answer { touch, result });
            }
            Order::Reprint { key } => {
                let request = hub.signed(client.post(format!("{}/api/tickets/{key}/reprint", hub.url))).timeout(TRY);
                if let Err(error) = request.send().await.and_then(reqwest::Response::error_for_status) {
                    tracing::warn!(error = reason(&error), "a ticket was not printed again");
                }
            }
        }
    }
}

/// A ticket from a button, as `GET /api/screen/events` tells it.
#[derive(Deserialize)]
struct Press {
    #[serde(flatten)]
    issued: Issued,
    #[serde(default)]
    again: bool,
}

/// Hears of tickets from physical buttons for ever. A screen that may not know of them goes without: it asks again now and then, for a
/// token may be given to it later.
async fn follow_buttons(hub: &HubAddress, client: &Client, deliver: &impl Fn(News)) {
    loop {
        let reached = hub.get(client, "/api/screen/events").send().await.and_then(reqwest::Response::error_for_status);
        if let Ok(response) = reached {
            let mut events = std::pin::pin!(response.bytes_stream().eventsource());
            while let Some(Ok(event)) = events.next().await {
                if event.event != "pressed" {
                    continue;
                }
                match serde_json::from_str::<Press>(&event.data) {
                    Ok(Press { issued, again }) => deliver(News::Pressed { issued, again }),
                    Err(error) => tracing::warn!(%error, "a button's ticket cannot be read"),
                }
            }
        }
        tokio::time::sleep(PAUSE_MOST).await;
    }
}

#[derive(Serialize)]
struct IssueBody<'a> {
    service: &'a str,
    origin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
}

#[derive(Deserialize)]
struct Problem {
    detail: String,
}

/// Asks for a number. One touch is one ticket: every try carries the same key.
async fn issue(hub: &HubAddress, client: &Client, service: &str, language: Option<&str>) -> Result<Issued, NoNumber> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|_| NoNumber::NoAnswer)?;
    let key = data_encoding::HEXLOWER.encode(&random);
    let deadline = stopwatch() + PATIENCE;
    loop {
        let request = hub.signed(client.post(format!("{}/api/tickets", hub.url)));
        let request =
            request.header("idempotency-key", &key).timeout(TRY).json(&IssueBody { service, origin: "kiosk", language });
        match try_issue(request).await {
            Ok(result) => return result,
            Err(error) if stopwatch() + PAUSE >= deadline => {
                tracing::warn!(%error, "no answer to a touch");
                return Err(NoNumber::NoAnswer);
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// One try: the hub's word, or (`Err`) that it is worth another.
async fn try_issue(request: RequestBuilder) -> Result<Result<Issued, NoNumber>, String> {
    let answer = request.send().await.map_err(|error| reason(&error))?;
    let status = answer.status();
    if status.is_success() {
        return answer.json().await.map(Ok).map_err(|error| reason(&error));
    }
    let told = answer.json::<Problem>().await.map(|problem| problem.detail);
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            tracing::error!(told = ?told, "the hub does not know this kiosk");
            Ok(Err(NoNumber::NotEnrolled))
        }
        // stopping, overloaded: may be over in a second
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS | StatusCode::BAD_GATEWAY => {
            Err(told.unwrap_or_else(|_| status.to_string()))
        }
        _ => Ok(Err(told.map_or(NoNumber::NoAnswer, NoNumber::Refused))),
    }
}

/// What a hub shows now, asked once: for a picture.
///
/// # Errors
/// A sentence that says that it does not answer, or answers what no hub answers.
pub fn fetch(hub: &HubAddress) -> anyhow::Result<(View, Facts)> {
    use anyhow::Context;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let client = client(PATIENCE)?;
        let answer = hub.get(&client, "/api/view").timeout(PATIENCE).send().await;
        let answer = answer.and_then(reqwest::Response::error_for_status);
        let none = || format!("No hub answers at {}. Is it running, and is this its address?", hub.url);
        let answer = answer.map_err(|error| anyhow::Error::msg(reason(&error))).with_context(none)?;
        let other = || format!("What answers at {} is no hub of this version", hub.url);
        let view = answer.json().await.map_err(|error| anyhow::Error::msg(reason(&error))).with_context(other)?;
        Ok((view, facts(hub, &client).await.unwrap_or_default()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_a_wrong_one_says_what_is_right() {
        for good in ["http://192.168.1.20:8080", "http://shop.local/", "http://[::1]:8080/"] {
            assert!(!HubAddress::new(good, None).unwrap().url.ends_with('/'), "{good}");
        }
        for bad in ["", "shop.local", "https://shop.local", "http://", "ftp://shop.local", "http://shop.local?x"] {
            let error = HubAddress::new(bad, None).unwrap_err().to_string();
            assert!(error.contains("http://192.168.1.20:8080"), "{error}");
        }
    }

    #[test]
    fn only_an_address_that_phones_can_use_is_public() {
        let public = |url: &str| HubAddress::new(url, None).unwrap().public();
        assert_eq!(public("http://shop.local:8080/").as_deref(), Some("http://shop.local:8080"));
        for own in ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:1", "http://0.0.0.0:80"] {
            assert_eq!(public(own), None, "{own}");
        }
    }

    #[test]
    fn a_token_is_not_shown() {
        let hub = HubAddress::new("http://a", Some(" secret\n".into())).unwrap();
        assert_eq!(hub.token.as_deref(), Some("secret"));
        assert!(!format!("{hub:?}").contains("secret"));
    }
}
