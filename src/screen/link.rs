//! A screen's connection to the hub: follows the feed for ever, and asks for what is touched.

use std::sync::Arc;
use std::time::Duration;

use eventsource_stream::Eventsource;
use futures_util::StreamExt;
use reqwest::Client;
use serde::Deserialize;
use tokio::sync::mpsc;

use super::hub_address::HubAddress;
use super::news::{Facts, Issued, LinkState, News, Order};
use super::orders::take_orders;
use super::wall::follow_wall;
use crate::clock::Clock;
use crate::queue::{BootId, Frame, View};

/// The hub sends at least a heartbeat each 15 s; a feed that is silent for longer is dead.
const SILENCE: Duration = Duration::from_secs(40);
/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(3);
/// The pause before the feed is asked for again; it doubles up to [`PAUSE_MOST`].
pub(super) const PAUSE: Duration = Duration::from_millis(200);
const PAUSE_MOST: Duration = Duration::from_secs(2);
/// How long one try at a request may take.
pub(super) const TRY: Duration = Duration::from_secs(2);
/// How long a customer stands before a kiosk that has no answer.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// How often what is not in the feed is asked for.
const FACTS: Duration = Duration::from_secs(10);

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
pub(super) fn reason(error: &reqwest::Error) -> String {
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
