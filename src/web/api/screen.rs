//! What screens of this branch hear besides the public feed: whose ticket has just come from a button.
//!
//! It carries ticket keys, which are the customers' own. So it is for enrolled devices alone, and not even for staff.

use std::collections::VecDeque;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use serde::Serialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior};

use super::tickets::Issued;
use crate::branch::Pressed;
use crate::ledger::Role;
use crate::supervise::stopped;
use crate::web::access::Caller;
use crate::web::{Problem, Shared};

/// A comment is sent this often: it tells both ends that the connection lives.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// A ticket from a button, as `POST /api/tickets` answers it.
#[derive(Serialize)]
struct PressedTicket {
    #[serde(flatten)]
    issued: Issued,
    /// The button's name.
    button: String,
    /// Whether the button was pressed again shortly after: still the same ticket.
    again: bool,
}

struct Screen {
    app: Shared,
    presses: Receiver<Pressed>,
    stopping: watch::Receiver<bool>,
    pending: VecDeque<Bytes>,
    clock: Interval,
}

impl Screen {
    /// The next bytes to send; `None`: the hub stops.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(chunk) = self.pending.pop_front() {
                return Some(chunk);
            }
            tokio::select! {
                biased;
                pressed = self.presses.recv() => match pressed {
                    Ok(pressed) => self.pending.extend(self.event(pressed)),
                    // what was missed is stale by now
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return None,
                },
                _ = self.clock.tick() => return Some(Bytes::from_static(b": still here\n\n")),
                () = stopped(&mut self.stopping) => return None,
            }
        }
    }

    /// `None`: the ticket's day is over.
    fn event(&self, pressed: Pressed) -> Option<Bytes> {
        let Pressed { button, ticket, again } = pressed;
        let told = PressedTicket { issued: self.app.issued(ticket)?, button, again };
        // plain data always serialises
        let data = serde_json::to_string(&told).unwrap_or_default();
        Some(format!("event: pressed\ndata: {data}\n\n").into())
    }
}

/// Streams what buttons of this branch have brought about.
pub(super) async fn events(State(app): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    match caller {
        Caller::Device(_) => {}
        Caller::Anyone | Caller::Local => return Err(caller.refusal(Role::Desk)),
        Caller::Staff(..) => {
            let detail = "This is for the screens of this branch: send the bearer token of an enrolled device.";
            return Err(Problem::new(StatusCode::FORBIDDEN, "device-only", detail));
        }
    }
    let mut clock = tokio::time::interval_at(tokio::time::Instant::now() + HEARTBEAT, HEARTBEAT);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let screen = Screen {
        presses: app.branch.around().presses(),
        stopping: app.stopping.clone(),
        pending: VecDeque::from([Bytes::from_static(b"retry: 2000\n\n")]),
        clock,
        app,
    };
    let stream = stream::unfold(screen, |mut screen| async move {
        let chunk = screen.next().await?;
        Some((Ok::<_, std::convert::Infallible>(chunk), screen))
    });
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, Body::from_stream(stream)).into_response())
}
