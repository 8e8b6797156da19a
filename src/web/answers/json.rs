//! The same as JSON: for kiosks, desks and other programs.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::asked::Wanted;
use crate::ledger::{Became, Line, Place as JournalPlace, Role};
use crate::phrase::Words;
use crate::queue::{Lang, ServiceId};
use crate::signage::{EntryId, Image, Kind, browse};
use crate::web::access::Caller;
use crate::web::api::Body;
use crate::web::extract::{Path, Query};
use crate::web::{App, Problem, Shared};

#[derive(Default, Deserialize)]
pub(in crate::web) struct Looking {
    #[serde(default)]
    q: String,
    #[serde(default)]
    typing: Option<String>,
    #[serde(default)]
    lang: Option<String>,
    #[serde(default)]
    service: Option<String>,
}

#[derive(Serialize)]
struct Row {
    id: EntryId,
    question: String,
    short: String,
    services: Vec<ServiceId>,
}

#[derive(Serialize)]
struct Rows {
    answers: Vec<Row>,
    /// Whether the first is likely to be the answer.
    fits: bool,
}

#[derive(Serialize)]
struct Whole {
    id: EntryId,
    version: u32,
    kind: Kind,
    language: Option<Lang>,
    question: String,
    short: String,
    /// Markdown.
    full: String,
    /// The same as words alone.
    plain: String,
    services: Vec<ServiceId>,
    image: Option<Image>,
    alt: String,
}

impl App {
    fn asked_words(&self, lang: Option<&str>) -> Words {
        let spoken = self.options.languages.iter().copied();
        lang.and_then(|lang| spoken.into_iter().find(|words| words.code() == lang)).unwrap_or_else(|| self.first_words())
    }
}

/// Where whoever tells this stands. Phones tell by their pages: whoever is not known may not fill the journal from here.
fn place(caller: &Caller) -> Result<JournalPlace, Problem> {
    if *caller != Caller::Local {
        caller.require(Role::Desk)?;
    }
    Ok(if matches!(caller, Caller::Staff(..)) { JournalPlace::Desk } else { JournalPlace::Kiosk })
}

/// What answers a question; without one, all there is, for a service or for everybody.
pub(in crate::web) async fn list(State(app): State<Shared>, Query(query): Query<Looking>) -> Response {
    let words = app.asked_words(query.lang.as_deref());
    let service = query.service.as_deref().map(ServiceId::from);
    let (ids, fits) = if query.q.trim().is_empty() {
        (browse(&app.branch.content(), service.as_ref(), app.local()), false)
    } else {
        let found = app.find(words, &query.q, query.typing.is_some()).await;
        (found.entries, found.fits)
    };
    let rows = app.answers_of(&ids, words).into_iter().map(|answer| Row {
        id: answer.live.id,
        question: answer.said.text.question,
        short: answer.said.text.short,
        services: answer.live.entry.services.into_iter().collect(),
    });
    Json(Rows { answers: rows.collect(), fits }).into_response()
}

/// One answer.
pub(in crate::web) async fn show(
    State(app): State<Shared>,
    Path(entry): Path<String>,
    Query(query): Query<Looking>,
) -> Result<Response, Problem> {
    let answer = known(&app, entry, query.lang.as_deref())?;
    let full = answer.full().to_owned();
    let whole = Whole {
        id: answer.live.id,
        version: answer.live.version,
        kind: answer.live.entry.kind,
        language: answer.said.language,
        question: answer.said.text.question,
        short: answer.said.text.short,
        plain: crate::web::markdown::plain(&full),
        full,
        services: answer.live.entry.services.into_iter().collect(),
        image: answer.live.entry.image,
        alt: answer.said.text.alt,
    };
    Ok(Json(whole).into_response())
}

fn known(app: &Shared, entry: String, lang: Option<&str>) -> Result<super::Answer, Problem> {
    let id = EntryId::try_from(entry).map_err(|_| Problem::missing())?;
    app.answer(&id, app.asked_words(lang)).ok_or_else(Problem::missing)
}

/// What became of an answer that somebody read without a ticket.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct BecameRequest {
    what: Verdict,
    #[serde(default)]
    language: Option<Lang>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Opened,
    Helped,
    NotHelped,
}

/// Notes what became of an answer.
pub(in crate::web) async fn became(
    State(app): State<Shared>,
    caller: Caller,
    Path(entry): Path<String>,
    body: Body<BecameRequest>,
) -> Result<Response, Problem> {
    let place = place(&caller)?;
    let answer = known(&app, entry, body.value.language.as_ref().map(Lang::as_str))?;
    let became = match body.value.what {
        Verdict::Opened => Became::Opened,
        Verdict::Helped => Became::Helped,
        Verdict::NotHelped => Became::NotHelped,
    };
    app.note_read(&answer, place, None, became);
    Ok(crate::web::api::said("Noted."))
}

/// A search that is over.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Searched {
    words: String,
    #[serde(default)]
    language: Option<Lang>,
    /// Whether an answer was opened.
    found: bool,
}

/// Notes what was looked for, as words alone.
pub(in crate::web) async fn searched(
    State(app): State<Shared>,
    caller: Caller,
    body: Body<Searched>,
) -> Result<Response, Problem> {
    let place = place(&caller)?;
    let words = app.asked_words(body.value.language.as_ref().map(Lang::as_str));
    let fits = app.find(words, &body.value.words, false).await.fits;
    let at_ms = app.branch.now().wall_ms;
    let wanted = Wanted { words: &body.value.words, language: words.lang(), place, fits, at_ms };
    wanted.search(body.value.found).into_iter().for_each(|search| app.journal.note(Line::Search(search)));
    Ok(crate::web::api::said("Noted."))
}
