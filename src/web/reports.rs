//! `/manage/reports`: what answers did. Made of the ledger's visits and the journal, on a thread for blocking work.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use serde::{Deserialize, Serialize};

use super::access::Caller;
use super::extract::Query;
use super::pages::reports::{ReportsPage, reports};
use super::site::Page;
use super::staff::staff;
use super::{App, Problem, Shared};
use crate::ledger::{self, Audit, By, Entries, EntryState, Fault, Role};
use crate::queue::{End, LeaveReason, Phase, Ticket, TicketId};
use crate::signage::report::{Report, Rows, Visit};

/// A day, milliseconds.
const DAY_MS: i64 = 86_400_000;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/manage/reports", get(page))
        .route("/manage/reports.csv", get(table))
        .route("/manage/reports/experiment", post(experiment))
}

/// Over which time.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(super) struct Asked {
    days: Option<u32>,
}

impl Asked {
    /// 7 or 28 days; what else is asked for is 28.
    fn days(self) -> u32 {
        if self.days == Some(7) { 7 } else { 28 }
    }
}

/// What stands in the document `wall` beside this is that of the board.
type Wall = serde_json::Map<String, serde_json::Value>;

fn visit(ticket: &Ticket) -> Visit {
    let answered = matches!(ticket.phase, Phase::Ended(End::Left { reason: LeaveReason::Answered }));
    Visit {
        ticket: ticket.id,
        service: ticket.service.clone(),
        issued_ms: ticket.issued.wall_ms,
        ended_ms: ticket.ended.filter(|_| ticket.is_over()).map(|at| at.wall_ms),
        answered,
        transaction_ms: ticket.transaction_ms(),
    }
}

impl App {
    /// The rows of the days up to now.
    fn report_rows(&self, days: u32, today: Vec<Visit>, day: u32) -> Result<Rows, Fault> {
        let from_ms = self.branch.now().wall_ms - i64::from(days) * DAY_MS;
        self.journal.flush()?;
        let mut rows = ledger::journal_since(&self.journal.file(), from_ms)?;
        let accounts = self.accounts();
        // a business day may be shorter than a date, never by half
        let past = ledger::visits_since(&accounts, day.saturating_sub(2 * days + 2), from_ms)?;
        let newer = today.into_iter().filter(|visit| visit.issued_ms >= from_ms);
        let visits: BTreeMap<TicketId, Visit> = past.into_iter().chain(newer).map(|visit| (visit.ticket, visit)).collect();
        rows.visits = visits.into_values().collect();
        let entries = Entries(&accounts).newest()?.into_iter().filter(|row| row.state != EntryState::Retired);
        rows.entries = entries.map(|row| (row.id, row.entry.original.question, row.entry.review_by)).collect();
        Ok(rows)
    }

    /// What answers did in the last days.
    async fn answers_report(self: &Shared, days: u32) -> Result<Report, Problem> {
        let (today, day) = {
            let live = self.branch.live();
            (live.queue.own_tickets().map(visit).collect(), live.queue.day().map_or(0, |day| day.number))
        };
        let app = self.clone();
        let made = tokio::task::spawn_blocking(move || {
            let now = app.branch.now();
            let rows = app.report_rows(days, today, day)?;
            Ok::<_, Fault>(Report::of(&rows, days, now.local().date(), i64::from(now.offset_s) * 1000))
        });
        let detail = "The report could not be made just now. Please try again.";
        let broken = |_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "defect", detail);
        Ok(made.await.map_err(broken)??)
    }

    /// Whether answers go on and off by lot.
    fn experiment_is_on(&self) -> Result<bool, Fault> {
        let wall = Entries(&self.accounts()).document::<Wall>("wall")?;
        Ok(wall.is_some_and(|row| row.body.get("experiment") == Some(&true.into())))
    }
}

/// The page.
async fn page(State(app): State<Shared>, caller: Caller, Query(asked): Query<Asked>) -> Page {
    let staff = match staff(&app, &caller, Role::Editor, "/manage/reports") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    let report = app.answers_report(asked.days()).await.map_err(|problem| app.problem(problem))?;
    let experiment = app.experiment_is_on().map_err(|fault| app.problem(fault))?;
    let store = app.store();
    let manager = caller.may(Role::Manager);
    let page = ReportsPage { site: app.site(&store), staff: &staff, manager, report: &report, experiment };
    app.html(StatusCode::OK, reports(&page))
}

/// The same for programs.
pub(super) async fn api(State(app): State<Shared>, caller: Caller, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    caller.require(Role::Editor)?;
    let report = app.answers_report(asked.days()).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(report)).into_response())
}

/// A line of the table.
#[derive(Serialize)]
struct Line<'a> {
    entry: &'a str,
    question: &'a str,
    shown: u64,
    shown_minutes: String,
    exposures: u64,
    read: u64,
    helped: u64,
    not_helped: u64,
    helped_low: String,
    helped_high: String,
    visits_answered: u64,
    desk_minutes: String,
}

/// The entries' figures for a spreadsheet.
async fn table(State(app): State<Shared>, caller: Caller, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    caller.require(Role::Editor)?;
    let report = app.answers_report(asked.days()).await?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    let bound = |value: Option<f64>| value.map(|value| format!("{value:.3}")).unwrap_or_default();
    for entry in &report.entries {
        let interval = entry.helpfulness.map(|figure| figure.interval);
        let line = Line {
            entry: &entry.id,
            question: entry.title.trim_start_matches(['=', '+', '-', '@', '\t', '\r']),
            shown: entry.shown,
            shown_minutes: format!("{:.1}", entry.shown_minutes),
            exposures: entry.exposures,
            read: entry.read,
            helped: entry.helped,
            not_helped: entry.not_helped,
            helped_low: bound(interval.map(|interval| interval.low)),
            helped_high: bound(interval.map(|interval| interval.high)),
            visits_answered: entry.answered,
            desk_minutes: format!("{:.1}", entry.desk_minutes),
        };
        writer.serialize(line).map_err(|error| broken(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| broken(&error))?;
    let name = format!("attachment; filename=\"answers-{}-days.csv\"", report.days);
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}

fn broken(error: &dyn std::error::Error) -> Problem {
    tracing::error!(%error, "a table could not be written");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "defect", "Something went wrong here. Please try again.")
}

#[derive(Deserialize)]
struct Switch {
    #[serde(default)]
    on: String,
}

/// Answers go on and off by lot from now on, or stay on.
async fn experiment(State(app): State<Shared>, caller: Caller, Form(switch): Form<Switch>) -> Page {
    let name = match staff(&app, &caller, Role::Manager, "/manage/reports") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    let on = switch.on == "on";
    put_experiment(&app, &caller, on).map_err(|problem| app.problem(problem))?;
    tracing::info!(by = name, on, "the experiment with answers was switched");
    app.reload_content().await.map_err(|fault| app.problem(fault))?;
    Ok(Redirect::to("/manage/reports#experiment").into_response())
}

fn put_experiment(app: &App, caller: &Caller, on: bool) -> Result<(), Problem> {
    let accounts = app.accounts();
    let entries = Entries(&accounts);
    let (actor, wall_ms) = (caller.actor(), app.branch.now().wall_ms);
    let by = By { actor: &actor, wall_ms };
    let before = entries.document::<Wall>("wall")?;
    let (base, mut wall) = before.map_or_else(Default::default, |row| (Some(row.id), row.body));
    wall.insert("experiment".into(), on.into());
    if !entries.put_document("wall", base, &wall, by)? {
        let detail = "Somebody else changed the wall's settings at the same moment. Please try again.";
        return Err(Problem::new(StatusCode::CONFLICT, "changed-meanwhile", detail));
    }
    Audit(&accounts).note(by, if on { "experiment begun" } else { "experiment ended" }, "answers")?;
    Ok(())
}
