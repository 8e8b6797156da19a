//! What was given for promises that were broken late, and the vouchers among it.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::tickets::desk_role;
use super::{Body, said};
use crate::ledger::Role;
use crate::queue::{Command, CourtesyRule, Event, Rules};
use crate::web::access::Caller;
use crate::web::pages::manage::{Courtesies, CourtesyLine};
use crate::web::{App, Problem, Shared};

impl App {
    /// Today's courtesies, oldest first.
    pub(in crate::web) fn courtesies(&self) -> Courtesies {
        let live = self.branch.live();
        let line = |(ticket, given): (&crate::queue::Ticket, &crate::queue::GivenCourtesy)| CourtesyLine {
            number: ticket.number.clone(),
            text: given.courtesy.text.clone(),
            code: given.courtesy.code,
            given_at: given.given.date_time(),
            redeemed_at: given.redeemed.map(|at| at.date_time()),
        };
        let mut given: Vec<_> = live.queue.courtesies().map(line).collect();
        given.sort_by_key(|line| line.given_at);
        Courtesies { rule: live.queue.rules().courtesy.clone(), given }
    }
}

/// Today's courtesies.
pub(super) async fn show(State(app): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    desk_role(&caller)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(app.courtesies())).into_response())
}

/// Sets what is given. The other rules stay.
pub(super) async fn put(State(app): State<Shared>, caller: Caller, body: Body<CourtesyRule>) -> Result<Response, Problem> {
    caller.require(Role::Manager)?;
    let rules = app.branch.live().queue.rules().clone();
    let command = Command::PutRules(Rules { courtesy: body.value.clone(), ..rules });
    body.ask(&app, &caller, command).await?;
    Ok(said("Saved."))
}

/// A voucher that staff take.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RedeemRequest {
    code: String,
}

/// Takes a voucher.
pub(super) async fn redeem(
    State(app): State<Shared>,
    caller: Caller,
    body: Body<RedeemRequest>,
) -> Result<Response, Problem> {
    desk_role(&caller)?;
    let code = body.value.code.parse().map_err(|bad: crate::queue::BadCode| Problem::bad("bad-code", bad.to_string()))?;
    let done = body.ask(&app, &caller, Command::Redeem { code }).await?;
    if done.repeated {
        return Ok(said("That was done already."));
    }
    let live = app.branch.live();
    let taken = done.events.iter().find_map(|recorded| match recorded.event {
        Event::CourtesyRedeemed { ticket } => Some((live.queue.ticket(ticket)?, live.queue.courtesy(ticket)?)),
        _ => None,
    });
    Ok(said(taken.map_or_else(
        || "Taken.".into(),
        |(ticket, given)| format!("Taken: the voucher of {}. {}", ticket.number, given.courtesy.text),
    )))
}
