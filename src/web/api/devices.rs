//! How the devices are, for staff, devices and programs on the machine: `nowserving doctor` asks.

use std::sync::PoisonError;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::DateTime;
use serde::Serialize;

use super::super::access::Caller;
use super::super::{Problem, Shared};
use crate::ledger::Role;
use crate::queue::Paper;

#[derive(Serialize)]
struct Devices {
    paper: Paper,
    troubles: Vec<TroubleRow>,
    public_url: String,
    outside: Option<Outside>,
}

#[derive(Serialize)]
struct TroubleRow {
    device: String,
    what: String,
    mend: String,
    urgent: bool,
    since: String,
}

/// Another machine has reached the hub.
#[derive(Serialize)]
struct Outside {
    at: String,
    host: String,
}

/// Which devices need a person, whether paper comes out, and whether other machines reach the hub.
pub(super) async fn show(State(app): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    if caller != Caller::Local {
        caller.require(Role::Desk)?;
    }
    let around = app.branch.around();
    let troubles = around.troubles().into_iter().map(|reported| TroubleRow {
        since: reported.since.date_time().to_rfc3339(),
        device: reported.device,
        what: reported.trouble.what,
        mend: reported.trouble.mend,
        urgent: reported.trouble.urgent,
    });
    let heard = app.counters.outside.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let devices = Devices {
        paper: around.row().paper,
        troubles: troubles.collect(),
        public_url: app.options.public_url.clone(),
        outside: heard
            .map(|(at, host)| Outside { at: DateTime::from_timestamp_millis(at).unwrap_or_default().to_rfc3339(), host }),
    };
    Ok(Json(devices).into_response())
}
