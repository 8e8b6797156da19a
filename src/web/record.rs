//! The record of kept promises, made from the history and the open day.
//!
//! Closed days never change, so their promises are read once a business day and kept. Today's come from the live state, and
//! what is shown of both is made at most once a publication: a million visits in the ledger cost a reader nothing, and the
//! ledger's writer is never asked.

use std::sync::{Arc, PoisonError};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;

use super::api::json_bytes;
use super::{App, Problem, Shared};
use crate::estimate::{Promised, RECORD_DAYS, Record};
use crate::ledger::{Fault, promises_since};

/// The promises of the days before a business day.
pub(super) type Past = Option<(u32, Arc<Vec<Promised>>)>;

impl App {
    /// The promises of the closed days before business day `today` that still count.
    async fn past_promises(self: &Arc<Self>, today: u32) -> Result<Arc<Vec<Promised>>, Problem> {
        let kept = self.past.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((day, past)) = kept
            && day == today
        {
            return Ok(past);
        }
        let app = self.clone();
        // tens of thousands of rows: not on a thread that answers others
        let read = tokio::task::spawn_blocking(move || {
            let past = promises_since(&app.accounts(), (today + 1).saturating_sub(RECORD_DAYS), today)?;
            let past = Arc::new(past);
            *app.past.lock().unwrap_or_else(PoisonError::into_inner) = Some((today, past.clone()));
            Ok::<_, Fault>(past)
        });
        let detail = "The record could not be read just now. Please try again.";
        let broken = |_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "defect", detail);
        Ok(read.await.map_err(broken)??)
    }

    /// How often this branch kept its word.
    pub(super) async fn record(self: &Arc<Self>) -> Result<Record, Problem> {
        let today = self.branch.live().queue.day().map_or(0, |day| day.number);
        let past = self.past_promises(today).await?;
        let live = self.branch.live();
        let day = live.queue.day().filter(|day| day.number == today);
        let open: Vec<_> = day.map_or_else(Vec::new, |day| {
            live.queue.own_tickets().filter_map(|ticket| Promised::of(ticket, day.number, day.date)).collect()
        });
        let methods = live.estimator.methods();
        drop(live);
        Ok(Record::of(past.iter().chain(&open), today, methods))
    }

    /// What is made of the record, the same for everybody until the next publication.
    pub(super) async fn made_of_record(
        self: &Arc<Self>,
        name: super::Made,
        make: impl FnOnce(&Record) -> Bytes,
    ) -> Result<Bytes, Problem> {
        if let Some(made) = self.made(name) {
            return Ok(made);
        }
        let version = self.branch.feed().version();
        let made = make(&self.record().await?);
        self.keep(name, version, &made);
        Ok(made)
    }
}

/// `GET /api/record`.
pub(super) async fn show(State(app): State<Shared>) -> Result<Response, Problem> {
    // plain data always serialises
    let make = |record: &Record| Bytes::from(serde_json::to_vec(record).unwrap_or_default());
    Ok(json_bytes(app.made_of_record(("record.json", ""), make).await?))
}
