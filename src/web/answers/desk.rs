//! What a desk is told of its customer, and what it hands over.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::branch::{Deed, ToldLine};
use crate::ledger::{Became, Place as JournalPlace};
use crate::queue::{DeskId, Number, TicketId};
use crate::signage::EntryId;
use crate::web::access::Caller;
use crate::web::api::Body;
use crate::web::api::tickets::desk_role;
use crate::web::extract::{Path, Query};
use crate::web::{App, Problem, Shared};

/// How long a phone is kept waiting for something handed to it; below the time of a request.
const PATIENCE: Duration = Duration::from_secs(8);

/// A line of what a desk is told of its customer.
#[derive(Clone, Debug, Serialize)]
pub(in crate::web) struct ToldRow {
    /// `read`, `searched` or `handed`.
    what: &'static str,
    /// The question, or the words.
    text: String,
    /// How long ago, minutes.
    ago_min: i64,
}

impl App {
    /// What the customer of a ticket read, searched and was handed; the newest first.
    pub(in crate::web) fn told_rows(&self, id: TicketId) -> Vec<ToldRow> {
        let now_ms = self.branch.now().wall_ms;
        let row = |line: ToldLine| ToldRow {
            what: match line.deed {
                Deed::Read(_) => "read",
                Deed::Searched => "searched",
                Deed::Handed(_) => "handed",
            },
            text: line.text,
            ago_min: (now_ms - line.at_ms).max(0) / 60_000,
        };
        self.branch.told().of(id).into_iter().rev().map(row).collect()
    }
}

/// What is handed over.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Handing {
    entry: EntryId,
}

/// A desk hands an entry to the customer it has: it stands on the phone's page of the ticket at once.
pub(in crate::web) async fn hand(
    State(app): State<Shared>,
    caller: Caller,
    Path(desk): Path<String>,
    body: Body<Handing>,
) -> Result<Response, Problem> {
    desk_role(&caller)?;
    let desk = DeskId::from(desk.as_str());
    let (id, number, words) = at_desk(&app, &desk)?;
    let answer = app.answer(&body.value.entry, words).ok_or_else(|| {
        Problem::new(
            axum::http::StatusCode::NOT_FOUND,
            "unknown-entry",
            "This answer is not live any more. Look for another.",
        )
    })?;
    let (at_ms, text) = (app.branch.now().wall_ms, answer.said.text.question.clone());
    app.note_read(&answer, JournalPlace::Desk, Some(id), Became::Handed);
    app.branch.told().tell(id, ToldLine { at_ms, deed: Deed::Handed(answer.live.id.clone()), text: text.clone() });
    let message = format!("“{text}” stands on {number}’s page on the phone.");
    Ok(Json(Handed { message, desk: app.desk_page(&desk)? }).into_response())
}

#[derive(Serialize)]
struct Handed {
    message: String,
    desk: crate::web::api::desks::DeskPage,
}

fn at_desk(app: &Shared, desk: &DeskId) -> Result<(TicketId, Number, crate::phrase::Words), Problem> {
    let live = app.branch.live();
    let state = live.queue.desk(desk).ok_or_else(|| Problem::from(crate::queue::Refusal::UnknownDesk(desk.clone())))?;
    let ticket = state.ticket.and_then(|id| live.queue.ticket(id));
    let ticket = ticket.ok_or_else(|| Problem::from(crate::queue::Refusal::DeskIdle(state.desk.name.clone())))?;
    let words = ticket.language.as_ref().and_then(|lang| crate::phrase::Words::of(lang.as_str()));
    Ok((ticket.id, ticket.number.clone(), words.unwrap_or_else(|| app.first_words())))
}

#[derive(Default, Deserialize)]
pub(super) struct Known {
    /// How many the page shows.
    #[serde(default)]
    known: usize,
}

#[derive(Serialize)]
struct Count {
    handed: usize,
}

/// Answers as soon as a desk has handed over something that the page does not show, or after a few seconds. Only phones at a
/// desk ask this, so that nothing of it need be in the feed, which everybody reads.
pub(super) async fn handed(
    State(app): State<Shared>,
    Path(key): Path<String>,
    Query(query): Query<Known>,
) -> Result<Response, Problem> {
    let id = app.keyed(&key)?;
    let mut handings = app.branch.told().handings();
    let mut stopping = app.stopping.clone();
    let until = tokio::time::sleep(PATIENCE);
    tokio::pin!(until);
    let count = loop {
        handings.mark_unchanged();
        let count = app.branch.told().handed(id).len();
        if count != query.known {
            break count;
        }
        tokio::select! {
            () = &mut until => break count,
            () = crate::supervise::stopped(&mut stopping) => break count,
            _ = handings.changed() => {}
        }
    };
    Ok(Json(Count { handed: count }).into_response())
}
