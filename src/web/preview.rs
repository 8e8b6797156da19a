//! How an entry will look on the wall, drawn by the hall's own screen.
//!
//! Slint has one platform for each process, and a hub has none. So the same program is started once more, as `nowserving snapshot
//! board --entry-file`, with what the board would know. One at a time, ended after eight seconds, and what was drawn is kept: the
//! same words are not drawn twice.

use std::collections::VecDeque;
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use bytes::Bytes;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokio::process::Command;
use tokio::sync::Semaphore;

use super::access::Caller;
use super::extract::{Path, Query};
use super::{App, Problem, Shared};
use crate::config::BoardPreview;
use crate::ledger::{Entries, Role};
use crate::queue::{Lang, ServiceId};
use crate::signage::{EntryId, fill};

/// How long drawing may take: less than a request may.
const DRAWING: Duration = Duration::from_secs(8);
/// So many pictures are kept: some 100 KB each.
const KEPT: usize = 24;
/// The smallest and the largest board, pixels a side.
const SIDES: (u32, u32) = (200, 4_096);
/// The longest text that is drawn, characters.
const LONGEST: usize = 600;

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/manage/entries/{id}/board.png", get(kept_entry)).route("/manage/preview/board.png", post(unsaved))
}

/// Pictures that were drawn, and the right to draw one.
#[derive(Debug)]
pub(super) struct Previews {
    drawing: Semaphore,
    kept: Mutex<VecDeque<([u8; 32], Bytes)>>,
}

impl Default for Previews {
    fn default() -> Self {
        Self { drawing: Semaphore::new(1), kept: Mutex::default() }
    }
}

impl Previews {
    fn find(&self, name: &[u8; 32]) -> Option<Bytes> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(known, _)| known == name).map(|(_, picture)| picture.clone())
    }

    fn keep(&self, name: [u8; 32], picture: Bytes) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back((name, picture));
        while kept.len() > KEPT {
            kept.pop_front();
        }
    }
}

/// What is to be drawn.
#[derive(Clone, Debug, Default, Deserialize)]
struct Wanted {
    #[serde(default)]
    question: String,
    #[serde(default)]
    short: String,
    /// The first service it is for.
    #[serde(default)]
    service: String,
    /// The language's code; empty: the branch's first.
    #[serde(default)]
    lang: String,
    /// `1920x1080`; empty: that.
    #[serde(default)]
    size: String,
    /// Which version; empty: the newest.
    #[serde(default)]
    version: Option<u32>,
}

/// A version of an entry as it is kept.
async fn kept_entry(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    Query(asked): Query<Wanted>,
) -> Result<Response, Problem> {
    caller.require(Role::Editor)?;
    let id = EntryId::try_from(id).map_err(|_| Problem::missing())?;
    let row = {
        let accounts = app.accounts();
        let entries = Entries(&accounts);
        match asked.version {
            Some(version) => entries.version(&id, version)?,
            None => entries.versions(&id)?.into_iter().next(),
        }
    };
    let entry = row.ok_or_else(Problem::missing)?.entry;
    let language = Lang::from(if asked.lang.is_empty() { app.first_words().code() } else { asked.lang.as_str() });
    let (text, _) = entry.text(&language);
    let service = entry.services.first().map(ToString::to_string).unwrap_or_default();
    let wanted = Wanted { question: text.question.clone(), short: text.short.clone(), service, ..asked };
    picture(&app, &wanted).await
}

/// What an editor has typed and not kept.
async fn unsaved(State(app): State<Shared>, caller: Caller, Form(wanted): Form<Wanted>) -> Result<Response, Problem> {
    caller.require(Role::Editor)?;
    picture(&app, &wanted).await
}

async fn picture(app: &App, wanted: &Wanted) -> Result<Response, Problem> {
    let told = wanted.size.split_once('x').and_then(|(w, h)| Some((w.parse::<u32>().ok()?, h.parse::<u32>().ok()?)));
    let size = if wanted.size.is_empty() { Some((1920, 1080)) } else { told };
    let fits = |side: u32| (SIDES.0..=SIDES.1).contains(&side);
    let size = size.filter(|(width, height)| fits(*width) && fits(*height)).ok_or_else(|| {
        let detail = format!("Give the board's size in pixels, such as 1920x1080; each from {} to {}.", SIDES.0, SIDES.1);
        Problem::bad("bad-size", detail)
    })?;
    if [&wanted.question, &wanted.short].iter().any(|text| text.chars().count() > LONGEST) {
        let detail = format!("That is longer than {LONGEST} characters, which no wall shows. Shorten it.");
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "too-long", detail));
    }
    let (name, preview) = app.preview_of(wanted, size)?;
    let drawn = match app.previews.find(&name) {
        Some(drawn) => drawn,
        None => {
            let drawn = draw(app, &preview, size).await?;
            app.previews.keep(name, drawn.clone());
            drawn
        }
    };
    Ok(([(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "no-store")], drawn).into_response())
}

impl App {
    /// What the board would know, and what the picture is known by: the numbers of the moment make no new picture.
    fn preview_of(&self, wanted: &Wanted, size: (u32, u32)) -> Result<([u8; 32], BoardPreview), Problem> {
        let fields = &self.branch.content().fields;
        let words = self.options.languages.iter().find(|words| words.code() == wanted.lang);
        let words = words.copied().unwrap_or_else(|| self.first_words());
        let mut view = self.branch.feed().with_view(Clone::clone);
        let service = ServiceId::from(wanted.service.as_str());
        let service = view
            .services
            .iter()
            .find(|row| row.id == service)
            .map(|row| (row.name.clone(), row.accent.clone()))
            .unwrap_or_default();
        // a closed branch shows no answers; that is not what is asked
        (view.open.open, view.open.closing) = (true, false);
        let preview = BoardPreview {
            screens: self.screen_facts()?,
            public_url: self.options.public_url.clone(),
            language: words.code().into(),
            service: service.0,
            accent: service.1,
            question: fill(&wanted.question, fields).into_owned(),
            short: fill(&wanted.short, fields).into_owned(),
            view,
        };
        let stands = BoardPreview { view: crate::queue::View::default(), ..preview.clone() };
        let named = (stands, size, &preview.view.store, &preview.view.services);
        // plain data always serialises
        let name = Sha256::digest(serde_json::to_vec(&named).unwrap_or_default()).into();
        Ok((name, preview))
    }
}

/// Draws it, in a process of its own.
async fn draw(app: &App, preview: &BoardPreview, (width, height): (u32, u32)) -> Result<Bytes, Problem> {
    let busy = |_| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", "The branch is stopping.");
    let _permit = app.previews.drawing.acquire().await.map_err(busy)?;
    let failed = |error: &dyn std::fmt::Display| {
        tracing::warn!(%error, "a preview of the board could not be drawn");
        let detail =
            "The board could not be drawn here: this program may have been built without screens, or the machine is busy.";
        Problem::new(StatusCode::NOT_IMPLEMENTED, "no-screens", detail)
    };
    let folder = tempfile::tempdir().map_err(|error| failed(&error))?;
    let (entry, out) = (folder.path().join("entry.json"), folder.path().join("board.png"));
    let text = serde_json::to_vec(preview).map_err(|error| failed(&error))?;
    tokio::fs::write(&entry, text).await.map_err(|error| failed(&error))?;
    let program = std::env::current_exe().map_err(|error| failed(&error))?;
    let mut child = Command::new(program);
    child.arg("snapshot").arg("board").arg("--size").arg(format!("{width}x{height}"));
    child.arg("--entry-file").arg(&entry).arg("--out").arg(&out);
    child.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let ended = tokio::time::timeout(DRAWING, child.status()).await.map_err(|error| failed(&error))?;
    let ended = ended.map_err(|error| failed(&error))?;
    if !ended.success() {
        return Err(failed(&ended));
    }
    Ok(Bytes::from(tokio::fs::read(&out).await.map_err(|error| failed(&error))?))
}
