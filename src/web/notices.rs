//! Notices: what concerns everyone now, sent in two clicks, with an end that has to be given, and a list of who sent what.
//!
//! They go out with the feed: the ledger has them, the branch publishes them, phones, desks and boards show them within a second.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use chrono::{DateTime, FixedOffset, NaiveDateTime};
use serde::{Deserialize, Serialize};

use super::access::Caller;
use super::api::Body;
use super::extract::{Path, Query};
use super::pages::notices::{self as pages, LogRow, NoticesPage, Template, TextForm};
use super::site::Page;
use super::staff::staff;
use super::{App, Problem, Shared};
use crate::ledger::{By, Entries, NoticeRow, Role};
use crate::phrase::Words;
use crate::queue::{Lang, Moment, OpenState, ServiceId};
use crate::signage::{Level, Notice, NoticeId};

/// The longest time that a notice stands, minutes: a week. What is true for longer is an entry.
const LONGEST_MIN: i64 = 7 * 24 * 60;
/// So many notices are listed.
const LISTED: u32 = 50;
const MINUTE_MS: i64 = 60_000;

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/manage/notices", get(show).post(send)).route("/manage/notices/{id}/end", post(take_back))
}

/// What is usually told, and how.
struct Usual {
    name: &'static str,
    title: &'static str,
    level: Level,
    end: &'static str,
    text: fn(Words, &str) -> String,
}

const USUAL: [Usual; 6] = [
    Usual {
        name: "cards",
        title: "Cards do not work",
        level: Level::Warning,
        end: "60",
        text: |words, _| words.notice_cards().into(),
    },
    Usual {
        name: "slow",
        title: "Computers are slow",
        level: Level::Info,
        end: "60",
        text: |words, _| words.notice_slow().into(),
    },
    Usual {
        name: "closing",
        title: "We close earlier",
        level: Level::Warning,
        end: "close",
        text: |words, time| words.notice_closing(words.time_of(time)),
    },
    Usual {
        name: "receipt",
        title: "Have the receipt ready",
        level: Level::Info,
        end: "60",
        text: |words, _| words.notice_receipt().into(),
    },
    Usual {
        name: "recall",
        title: "A product is called back",
        level: Level::Urgent,
        end: "close",
        text: |words, _| words.notice_recall("…"),
    },
    Usual {
        name: "leave",
        title: "Leave the building",
        level: Level::Urgent,
        end: "60",
        text: |words, _| words.notice_leave().into(),
    },
];

fn word(level: Level) -> &'static str {
    match level {
        Level::Info => "info",
        Level::Warning => "warning",
        Level::Urgent => "urgent",
    }
}

/// What the form holds.
#[derive(Clone, Debug, Default)]
struct Typed {
    level: Level,
    text: String,
    translations: BTreeMap<Lang, String>,
    service: String,
    /// Minutes, `close` or `at`.
    end: String,
    /// A local time, for `at`.
    at: String,
}

impl Typed {
    fn of(fields: Vec<(String, String)>) -> Self {
        let mut typed = Self::default();
        for (name, text) in fields {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            match name.as_str() {
                "level" => {
                    typed.level =
                        [Level::Warning, Level::Urgent].into_iter().find(|level| word(*level) == text).unwrap_or_default();
                }
                "text" => typed.text = text,
                "service" => typed.service = text,
                "end" => typed.end = text,
                "at" => typed.at = text,
                _ => {
                    if let Some(language) = name.strip_prefix("text-").filter(|_| !text.is_empty()) {
                        typed.translations.insert(Lang::from(language), text);
                    }
                }
            }
        }
        typed
    }

    fn usual(app: &App, usual: &Usual) -> Self {
        let time = app.closing().map(|at| at.format("%H:%M").to_string()).unwrap_or_else(|| "18:00".into());
        let spoken = &app.options.languages;
        let others = spoken.iter().skip(1).map(|words| (words.lang(), (usual.text)(*words, &time)));
        let end = if usual.end == "close" && app.closing().is_none() { "60" } else { usual.end };
        Self {
            level: usual.level,
            text: (usual.text)(app.first_words(), &time),
            translations: others.collect(),
            end: end.into(),
            ..Self::default()
        }
    }

    fn notice(&self) -> Notice {
        let service = Some(ServiceId::from(self.service.as_str())).filter(|_| !self.service.is_empty());
        Notice { level: self.level, text: self.text.clone(), translations: self.translations.clone(), service }
    }
}

fn wrong(code: &str, detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
}

impl App {
    /// When the branch closes today, if that is known.
    fn closing(&self) -> Option<NaiveDateTime> {
        let now = self.branch.now().date_time();
        match self.branch.live().queue.hours().state(now.naive_local()) {
            OpenState::Until(at) => Some(at),
            _ => None,
        }
    }

    /// When a form's notice ends, wall clock.
    fn end_of(&self, typed: &Typed) -> Result<i64, Problem> {
        let now = self.branch.now();
        let local = |at: NaiveDateTime| self.local_ms(at);
        let end = match typed.end.as_str() {
            "close" => self.closing().and_then(local),
            "at" => NaiveDateTime::parse_from_str(&typed.at, "%Y-%m-%dT%H:%M").ok().and_then(local),
            minutes => minutes.parse().ok().filter(|n| (1..=LONGEST_MIN).contains(n)).map(|n| now.wall_ms + n * MINUTE_MS),
        };
        end.ok_or_else(|| wrong("needs-end", "Say when the notice ends: every notice needs an end."))
    }

    /// Sends a notice that ends then.
    async fn send_notice(&self, caller: &Caller, notice: &Notice, until_ms: i64) -> Result<NoticeId, Problem> {
        let now_ms = self.branch.now().wall_ms;
        let texts = || std::iter::once(&notice.text).chain(notice.translations.values());
        if notice.text.trim().is_empty() {
            return Err(wrong("needs-text", "Write what the notice says."));
        }
        if texts().any(|text| text.chars().count() > Notice::LONGEST) {
            return Err(wrong("long-text", format!("A notice has at most {} characters. Shorten it.", Notice::LONGEST)));
        }
        if texts().any(|text| text.chars().any(char::is_control)) {
            return Err(wrong("bad-text", "A notice is one line of text, without control characters."));
        }
        if until_ms <= now_ms || until_ms > now_ms + LONGEST_MIN * MINUTE_MS {
            let detail =
                "The end of a notice is a time to come, within a week. What is true for longer is written as an entry.";
            return Err(wrong("bad-end", detail));
        }
        if let Some(service) = &notice.service
            && self.branch.live().queue.service(service).is_none()
        {
            return Err(wrong(
                "unknown-service",
                format!("There is no service {service}. Choose one that there is, or all."),
            ));
        }
        let actor = caller.actor();
        let id = Entries(&self.accounts()).send(notice, until_ms, By { actor: &actor, wall_ms: now_ms })?;
        self.noted(&caller.actor(), "notice sent", &format!("{}: {}", id.0, notice.text))?;
        self.reload_content().await?;
        Ok(id)
    }

    async fn end_notice(&self, caller: &Caller, id: NoticeId) -> Result<(), Problem> {
        let (actor, wall_ms) = (caller.actor(), self.branch.now().wall_ms);
        if !Entries(&self.accounts()).end(id, By { actor: &actor, wall_ms })? {
            let detail = "That notice is not out any more: it has ended, or somebody took it back.";
            return Err(Problem::new(StatusCode::NOT_FOUND, "unknown-notice", detail));
        }
        self.noted(&caller.actor(), "notice taken back", &id.0.to_string())?;
        Ok(self.reload_content().await?)
    }

    fn at(&self, wall_ms: i64) -> DateTime<FixedOffset> {
        Moment { wall_ms, ..self.branch.now() }.date_time()
    }
}

#[derive(Debug, Default, Deserialize)]
struct Look {
    /// A usual notice to begin with.
    #[serde(default, rename = "use")]
    begin: String,
    /// What was done before this page was asked for.
    #[serde(default)]
    done: String,
}

async fn show(State(app): State<Shared>, caller: Caller, Query(look): Query<Look>) -> Page {
    let staff = match staff(&app, &caller, Role::Editor, "/manage/notices") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    let usual = USUAL.iter().find(|usual| usual.name == look.begin);
    let typed = match usual {
        Some(usual) => Typed::usual(&app, usual),
        None => Typed { end: "60".into(), ..Typed::default() },
    };
    let said = match look.done.as_str() {
        "sent" => Some("Sent. It is on phones, desks and boards now."),
        "ended" => Some("Taken back."),
        _ => None,
    };
    page(&app, (&caller, &staff), (&typed, usual.is_some()), said, None)
}

fn log_row(app: &App, row: &NoticeRow, now_ms: i64) -> LogRow {
    let at = |ms| app.at(ms).format("%-d %B, %H:%M").to_string();
    let ended = row.ended.as_ref().map(|(ms, by)| format!("taken back by {} at {}", person(by), at(*ms)));
    LogRow {
        id: row.id.0,
        out: row.ended.is_none() && row.until_ms > now_ms,
        text: row.notice.text.clone(),
        level: word(row.notice.level),
        service: row.notice.service.as_ref().map(|id| app.service_called(id)),
        languages: row.notice.translations.len() + 1,
        by: person(&row.actor),
        at: at(row.wall_ms),
        until: at(row.until_ms),
        ended,
    }
}

fn person(actor: &str) -> String {
    actor.strip_prefix("staff:").unwrap_or(actor).to_owned()
}

impl App {
    fn service_called(&self, id: &ServiceId) -> String {
        let live = self.branch.live();
        live.queue.service(id).map_or_else(|| id.to_string(), |state| state.service.name.clone())
    }
}

fn page(
    app: &Shared,
    (caller, staff): (&Caller, &str),
    (typed, begun): (&Typed, bool),
    said: Option<&str>,
    problem: Option<&Problem>,
) -> Page {
    let now = app.branch.now();
    let rows = Entries(&app.accounts()).notices(LISTED).map_err(|fault| app.problem(fault))?;
    let log: Vec<_> = rows.iter().map(|row| log_row(app, row, now.wall_ms)).collect();
    let services: Vec<_> = {
        let live = app.branch.live();
        live.queue.ranked_services().iter().map(|s| (s.service.id.to_string(), s.service.name.clone())).collect()
    };
    let others = app.options.languages.iter().skip(1);
    let languages: Vec<_> = others
        .map(|words| TextForm {
            code: words.code(),
            name: words.own_name(),
            dir: if words.rtl() { "rtl" } else { "ltr" },
            text: typed.translations.get(&words.lang()).map_or("", String::as_str),
        })
        .collect();
    let usual: Vec<_> = USUAL.iter().map(|usual| Template { name: usual.name, title: usual.title }).collect();
    let store = app.store();
    let page = NoticesPage {
        site: app.site(&store),
        staff,
        manager: caller.may(Role::Manager),
        usual: &usual,
        begun,
        level: word(typed.level),
        text: &typed.text,
        language: app.first_words().code(),
        languages: &languages,
        services: &services,
        service: &typed.service,
        end: &typed.end,
        at: &typed.at,
        closing: app.closing().map(|at| at.format("%H:%M").to_string()),
        most: Notice::LONGEST,
        log: &log,
        said,
        problem: problem.map(|problem| problem.detail.as_str()),
    };
    app.html(problem.map_or(StatusCode::OK, Problem::status), pages::notices(&page))
}

async fn send(State(app): State<Shared>, caller: Caller, Form(fields): Form<Vec<(String, String)>>) -> Page {
    let staff = match staff(&app, &caller, Role::Editor, "/manage/notices") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    let typed = Typed::of(fields);
    let sent = match app.end_of(&typed) {
        Ok(until_ms) => app.send_notice(&caller, &typed.notice(), until_ms).await,
        Err(problem) => Err(problem),
    };
    match sent {
        Ok(_) => Ok(Redirect::to("/manage/notices?done=sent").into_response()),
        Err(problem) => page(&app, (&caller, &staff), (&typed, true), None, Some(&problem)),
    }
}

async fn take_back(State(app): State<Shared>, caller: Caller, Path(id): Path<i64>) -> Page {
    if let Err(page) = staff(&app, &caller, Role::Editor, "/manage/notices") {
        return *page;
    }
    app.end_notice(&caller, NoticeId(id)).await.map_err(|problem| app.problem(problem))?;
    Ok(Redirect::to("/manage/notices?done=ended").into_response())
}

// ---- for programs ----

/// A notice to be sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewNotice {
    #[serde(default)]
    level: Level,
    text: String,
    #[serde(default)]
    translations: BTreeMap<Lang, String>,
    #[serde(default)]
    service: Option<ServiceId>,
    /// Either this…
    #[serde(default)]
    minutes: Option<i64>,
    /// …or this.
    #[serde(default)]
    until: Option<DateTime<FixedOffset>>,
}

/// A notice and what became of it.
#[derive(Serialize)]
struct NoticeBody {
    id: i64,
    #[serde(flatten)]
    notice: Notice,
    sent_at: DateTime<FixedOffset>,
    sent_by: String,
    until: DateTime<FixedOffset>,
    /// Whether it is out now.
    out: bool,
    ended_at: Option<DateTime<FixedOffset>>,
    ended_by: Option<String>,
}

impl App {
    fn notice_body(&self, row: NoticeRow) -> NoticeBody {
        let (ended_at, ended_by) = row.ended.unzip();
        NoticeBody {
            id: row.id.0,
            out: ended_at.is_none() && row.until_ms > self.branch.now().wall_ms,
            notice: row.notice,
            sent_at: self.at(row.wall_ms),
            sent_by: row.actor,
            until: self.at(row.until_ms),
            ended_at: ended_at.map(|ms| self.at(ms)),
            ended_by,
        }
    }
}

#[derive(Serialize)]
struct Listed {
    notices: Vec<NoticeBody>,
}

pub(super) async fn api_list(State(app): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    caller.require(Role::Editor)?;
    let rows = Entries(&app.accounts()).notices(LISTED)?;
    Ok(Json(Listed { notices: rows.into_iter().map(|row| app.notice_body(row)).collect() }).into_response())
}

pub(super) async fn api_send(State(app): State<Shared>, caller: Caller, body: Body<NewNotice>) -> Result<Response, Problem> {
    caller.require(Role::Editor)?;
    let new = body.value;
    let until_ms = match (new.minutes, new.until) {
        (Some(minutes), None) => app.branch.now().wall_ms.saturating_add(minutes.saturating_mul(MINUTE_MS)),
        (None, Some(until)) => until.timestamp_millis(),
        _ => return Err(wrong("needs-end", "Give the notice an end: either minutes or until, a time.")),
    };
    let notice = Notice { level: new.level, text: new.text, translations: new.translations, service: new.service };
    let id = app.send_notice(&caller, &notice, until_ms).await?;
    let row = Entries(&app.accounts()).notices(LISTED)?.into_iter().find(|row| row.id == id);
    let body = row.map(|row| app.notice_body(row)).ok_or_else(Problem::missing)?;
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

pub(super) async fn api_end(State(app): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    caller.require(Role::Editor)?;
    // what is no number is no notice
    app.end_notice(&caller, NoticeId(id.parse().unwrap_or_default())).await?;
    Ok(super::api::said("Taken back."))
}
