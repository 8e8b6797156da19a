//! Entries for programs: read only. Writing needs what the page shows, so it is the page's.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, FixedOffset};
use serde::Serialize;

use super::missing;
use super::standing::Standing;
use crate::ledger::{Entries, EntryRow, EntryState, Role};
use crate::queue::Moment;
use crate::signage::{Entry, EntryId};
use crate::web::access::Caller;
use crate::web::extract::Path;
use crate::web::{App, Problem, Shared};

/// An entry and how it stands.
#[derive(Serialize)]
struct EntryBody {
    id: EntryId,
    /// The newest version.
    version: u32,
    state: EntryState,
    /// The version that is shown.
    live_version: Option<u32>,
    /// When the next goes live.
    live_from: Option<DateTime<FixedOffset>>,
    written_at: DateTime<FixedOffset>,
    written_by: String,
    entry: Entry,
}

/// One version.
#[derive(Serialize)]
struct VersionBody {
    version: u32,
    state: EntryState,
    live_from: DateTime<FixedOffset>,
    written_at: DateTime<FixedOffset>,
    written_by: String,
    note: String,
    entry: Entry,
}

#[derive(Serialize)]
struct Listed {
    entries: Vec<EntryBody>,
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    newest: EntryBody,
    /// Newest first.
    versions: Vec<VersionBody>,
}

impl App {
    fn entry_time(&self, wall_ms: i64) -> DateTime<FixedOffset> {
        Moment { wall_ms, ..self.branch.now() }.date_time()
    }

    fn entry_body(&self, standing: Standing) -> EntryBody {
        let row = standing.newest;
        EntryBody {
            id: row.id,
            version: row.version,
            state: row.state,
            live_version: standing.live.map(|row| row.version),
            live_from: standing.next.map(|row| self.entry_time(row.due_ms)),
            written_at: self.entry_time(row.wall_ms),
            written_by: row.actor,
            entry: row.entry,
        }
    }

    fn version_body(&self, row: EntryRow) -> VersionBody {
        VersionBody {
            version: row.version,
            state: row.state,
            live_from: self.entry_time(row.due_ms),
            written_at: self.entry_time(row.wall_ms),
            written_by: row.actor,
            note: row.note,
            entry: row.entry,
        }
    }
}

/// All entries, in the manager's order.
pub(in crate::web) async fn list(State(app): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    caller.require(Role::Editor)?;
    let all = Standing::all(&Entries(&app.accounts()), app.branch.now().wall_ms)?;
    Ok(Json(Listed { entries: all.into_iter().map(|standing| app.entry_body(standing)).collect() }).into_response())
}

/// One entry with every version.
pub(in crate::web) async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    caller.require(Role::Editor)?;
    let id = EntryId::try_from(name).map_err(|_| missing())?;
    let (standing, versions) = {
        let accounts = app.accounts();
        let entries = Entries(&accounts);
        let standing = Standing::one(&entries, &id, app.branch.now().wall_ms)?.ok_or_else(missing)?;
        (standing, entries.versions(&id)?)
    };
    let versions = versions.into_iter().map(|row| app.version_body(row)).collect();
    Ok(Json(Shown { newest: app.entry_body(standing), versions }).into_response())
}
