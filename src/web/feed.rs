//! `/feed`: server-sent events. The same bytes for everyone; see `branch/feed.rs`.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior};

use super::Shared;
use crate::branch::{Feed, Position};
use crate::supervise::stopped;

/// The branch's time is sent this often. That also tells both ends that the connection lives.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Counts a client while it is there.
struct Counted(Shared);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.counters.feed_clients.fetch_sub(1, Ordering::Relaxed);
    }
}

struct Client {
    feed: Arc<Feed>,
    wake: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
    position: Option<Position>,
    pending: VecDeque<Bytes>,
    /// Whether the branch's time was sent: a client that joins is told it at once, after the view.
    told: bool,
    clock: Interval,
    counted: Counted,
}

impl Client {
    /// The branch's time, for pages that show what o'clock something will be: a phone's own clock may be in another time zone,
    /// and a demo's runs faster than any.
    fn time(&self) -> Bytes {
        let now = self.counted.0.branch.now();
        let (now_ms, offset_s) = (now.wall_ms, now.offset_s);
        format!("event: clock\ndata: {{\"now_ms\":{now_ms},\"offset_s\":{offset_s}}}\n\n").into()
    }

    /// The next bytes to send; `None`: the hub stops. A client that reads slowly gets only what is newest then.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(chunk) = self.pending.pop_front() {
                return Some(chunk);
            }
            self.wake.mark_unchanged();
            let since = self.feed.since(self.position);
            self.position = Some(since.position);
            if !since.chunks.is_empty() {
                self.pending = since.chunks.into();
                continue;
            }
            if !std::mem::replace(&mut self.told, true) {
                return Some(self.time());
            }
            tokio::select! {
                biased;
                _ = self.clock.tick() => return Some(self.time()),
                changed = self.wake.changed() => changed.ok()?,
                () = stopped(&mut self.stopping) => return None,
            }
        }
    }
}

/// Streams the public view and its changes.
pub(super) async fn feed(State(app): State<Shared>, headers: HeaderMap) -> Response {
    let position = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(Position::parse);
    app.counters.feed_clients.fetch_add(1, Ordering::Relaxed);
    let feed = app.branch.feed().clone();
    let mut clock = tokio::time::interval_at(tokio::time::Instant::now() + HEARTBEAT, HEARTBEAT);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let client = Client {
        wake: feed.watch(),
        feed,
        stopping: app.stopping.clone(),
        position,
        // browsers come back after two seconds; the default is theirs to choose
        pending: VecDeque::from([Bytes::from_static(b"retry: 2000\n\n")]),
        told: false,
        clock,
        counted: Counted(app),
    };
    let stream = stream::unfold(client, |mut client| async move {
        let chunk = client.next().await?;
        Some((Ok::<_, std::convert::Infallible>(chunk), client))
    });
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    (headers, Body::from_stream(stream)).into_response()
}
