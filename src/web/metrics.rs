//! `/health` and `/metrics`, for whoever watches the machine.

use std::fmt::Write;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::{Problem, Shared};

/// How long the writer may take to answer before the hub calls itself ill.
const PATIENCE: Duration = Duration::from_secs(3);

/// What `/health` says.
#[derive(Serialize)]
struct Health {
    status: &'static str,
    version: &'static str,
    seq: u64,
    day_open: bool,
}

/// 200 once the writer has answered; 503 if it does not within three seconds.
pub(super) async fn health(State(app): State<Shared>) -> Result<Response, Problem> {
    if !tokio::time::timeout(PATIENCE, app.branch.ping()).await.unwrap_or(false) {
        return Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "ledger-silent",
            "The ledger does not answer. Look at the log.",
        ));
    }
    let live = app.branch.live();
    let health = Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        seq: live.queue.seq(),
        day_open: live.queue.open_day().is_some(),
    };
    drop(live);
    Ok(Json(health).into_response())
}

/// The Prometheus text format, version 0.0.4.
pub(super) async fn metrics(State(app): State<Shared>) -> Response {
    let mut text = String::new();
    let mut gauge = |name: &str, kind: &str, help: &str, rows: Vec<(String, u64)>| {
        // writing to a String cannot fail
        let _ = writeln!(text, "# HELP nowserving_{name} {help}\n# TYPE nowserving_{name} {kind}");
        for (labels, value) in rows {
            let _ = writeln!(text, "nowserving_{name}{labels} {value}");
        }
    };
    let one = |value: u64| vec![(String::new(), value)];
    let count = |value: usize| u64::try_from(value).unwrap_or(u64::MAX);
    {
        let live = app.branch.live();
        let queue = &live.queue;
        gauge("ledger_events_total", "counter", "Events in the ledger.", one(queue.seq()));
        gauge("tickets_today", "gauge", "Tickets of the business day.", one(count(queue.ticket_count())));
        let label = |id: &crate::queue::ServiceId| format!("{{service=\"{id}\"}}");
        let waiting = queue.services().map(|state| (label(&state.service.id), count(queue.waiting(&state.service.id))));
        gauge("waiting", "gauge", "People waiting.", waiting.collect());
        let open = queue.desks().filter(|desk| desk.phase == crate::queue::DeskPhase::Open);
        gauge("desks_open", "gauge", "Desks that serve.", one(count(open.count())));
    }
    let counters = &app.counters;
    let answered = counters.answered.iter().enumerate().skip(1);
    let answered = answered.map(|(class, count)| (format!("{{status=\"{class}xx\"}}"), count.load(Ordering::Relaxed)));
    gauge("http_answers_total", "counter", "Requests answered.", answered.collect());
    gauge("feed_clients", "gauge", "Clients on the feed.", one(counters.feed_clients.load(Ordering::Relaxed)));
    gauge("connections", "gauge", "Connections open.", one(counters.connections.load(Ordering::Relaxed)));
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}
