//! `GET /api/wall`: what hangs on a board, as server-sent events; and the pictures that hang there.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior};

use super::hung::{Hanging, Hung};
use super::{LONGEST_NAME, USUAL};
use crate::clock::stopwatch;
use crate::ledger::Images;
use crate::signage::ImageId;
use crate::supervise::stopped;
use crate::web::access::Caller;
use crate::web::{Problem, Shared};

/// A comment is sent this often: it tells both ends that the connection lives.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Which board.
#[derive(Deserialize)]
pub(super) struct Asked {
    screen: Option<String>,
}

/// The event `wall`.
#[derive(Serialize)]
struct Told<'a> {
    hangs: Option<&'a Hung>,
    /// How much of its time is left.
    left_ms: u64,
}

struct Listener {
    wall: watch::Receiver<Hanging>,
    /// Only held.
    _known: Option<Arc<()>>,
    stopping: watch::Receiver<bool>,
    pending: VecDeque<Bytes>,
    clock: Interval,
}

impl Listener {
    /// The next bytes to send; `None`: the hub stops.
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(chunk) = self.pending.pop_front() {
            return Some(chunk);
        }
        tokio::select! {
            changed = self.wall.changed() => changed.ok().map(|()| self.event()),
            _ = self.clock.tick() => Some(Bytes::from_static(b": still here\n\n")),
            () = stopped(&mut self.stopping) => None,
        }
    }

    fn event(&mut self) -> Bytes {
        let Hanging { what, until } = self.wall.borrow_and_update().clone();
        let left = until.map(|until| until.saturating_duration_since(stopwatch())).unwrap_or_default();
        let left_ms = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
        // plain data always serialises
        let data = serde_json::to_string(&Told { hangs: what.as_deref(), left_ms }).unwrap_or_default();
        format!("event: wall\ndata: {data}\n\n").into()
    }
}

/// Streams what hangs on a board.
pub(super) async fn wall(
    State(app): State<Shared>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let name = asked.screen.unwrap_or_else(|| USUAL.to_owned());
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ');
    if name.is_empty() || name.chars().count() > LONGEST_NAME || !name.chars().all(fits) {
        let detail = format!("A board's name has 1 to {LONGEST_NAME} letters, digits, spaces, - and _.");
        return Err(Problem::new(StatusCode::BAD_REQUEST, "bad-screen", detail));
    }
    let Some((wall, known)) = app.walls.join(&app, &name, caller != Caller::Anyone) else {
        let detail = "So many boards are connected that there is no room for another. Use the name of one of them.";
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too-many-screens", detail));
    };
    let mut clock = tokio::time::interval_at(tokio::time::Instant::now() + HEARTBEAT, HEARTBEAT);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut listener = Listener { wall, _known: known, stopping: app.stopping.clone(), pending: VecDeque::new(), clock };
    listener.pending.push_back(Bytes::from_static(b"retry: 2000\n\n"));
    let first = listener.event();
    listener.pending.push_back(first);
    let stream = stream::unfold(listener, |mut listener| async move {
        let chunk = listener.next().await?;
        Some((Ok::<_, std::convert::Infallible>(chunk), listener))
    });
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, Body::from_stream(stream)).into_response())
}

/// A picture. Its name is made of its bytes, so it never changes.
pub(super) async fn picture(State(app): State<Shared>, Path(id): Path<String>) -> Result<Response, Problem> {
    let nowhere = || Problem::new(StatusCode::NOT_FOUND, "no-picture", "There is no such picture.");
    let id = ImageId::try_from(id).map_err(|_| nowhere())?;
    let row = Images(&app.accounts()).get(&id)?.ok_or_else(nowhere)?;
    let headers = [(header::CONTENT_TYPE, row.media), (header::CACHE_CONTROL, "public, max-age=31536000, immutable".into())];
    Ok((headers, row.bytes).into_response())
}
