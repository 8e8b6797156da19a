//! `/manage/paper`: the manager edits what stands on a ticket and sees the paper before it is live.
//!
//! What is edited is a draft in the ledger: it outlives a reload, needs no script, and its picture is drawn by the function that the
//! printer's pictures come from. Only what was looked at can be made live: the button sends back which draft it stood under.

mod form;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use chrono::{DateTime, FixedOffset};
use serde::Deserialize;

use self::form::{Asked, Do, Sent};
use super::access::Caller;
use super::extract::Query;
use super::pages::paper::{PaperPage, Preview, Showing, Version, paper};
use super::site::Page;
use super::staff::staff;
use super::{App, BODY_LIMIT, Problem, Shared};
use crate::ledger::{PaperRow, Papers, Role};
use crate::paper::{
    LOGO_BYTES, Logo, LogoRefusal, PaperError, PaperParts, PaperStyle, PaperWords, SAMPLE_PROMISE, Stationery, TicketPaper,
    Typeset, Typesetter, stored,
};
use crate::phrase::Words;
use crate::queue::{Moment, ServiceId};
use crate::signage::on_paper;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/manage/paper", get(show).post(change).layer(DefaultBodyLimit::max(LOGO_BYTES + BODY_LIMIT)))
        .route("/manage/paper/ticket.png", get(picture))
}

/// What is looked at.
#[derive(Clone, Debug, Default, Deserialize)]
struct Look {
    /// `draft`, `live` or the name of a version; nothing: the draft if there is one.
    #[serde(default)]
    of: String,
    /// The service of the ticket; nothing: the first.
    #[serde(default)]
    service: String,
    /// The language of its customer, by code; nothing: the branch's first.
    #[serde(default)]
    lang: String,
    /// Dots across; nothing: the printer's.
    #[serde(default)]
    width: String,
    /// What was done before this page was asked for.
    #[serde(default)]
    done: String,
}

/// What the ledger has: the versions, newest first, and the draft.
struct Kept {
    draft: Option<PaperRow>,
    versions: Vec<PaperRow>,
}

impl Kept {
    /// What the form holds: the draft, else what is live.
    fn edited(&self) -> (PaperParts, Option<Logo>) {
        unpacked(self.draft.as_ref().or(self.versions.first()))
    }
}

fn unpacked(row: Option<&PaperRow>) -> (PaperParts, Option<Logo>) {
    row.map_or_else(Default::default, |row| stored(&row.body, row.logo.as_deref()))
}

fn person(row: &PaperRow) -> String {
    row.actor.strip_prefix("staff:").unwrap_or(&row.actor).to_owned()
}

impl App {
    fn kept_papers(&self) -> Result<Kept, Problem> {
        let accounts = self.accounts();
        let papers = Papers(&accounts);
        Ok(Kept { draft: papers.draft()?, versions: papers.versions()? })
    }

    /// The row that is looked at; none: the paper as the program has it.
    fn looked_at<'a>(&self, kept: &'a Kept, of: &str) -> Result<Option<&'a PaperRow>, Problem> {
        match of {
            "" => Ok(kept.draft.as_ref().or(kept.versions.first())),
            "draft" => Ok(kept.draft.as_ref().or(kept.versions.first())),
            "live" => Ok(kept.versions.first()),
            id => {
                let found = kept.versions.iter().find(|row| row.id.to_string() == id);
                found.map(Some).ok_or_else(|| {
                    Problem::new(StatusCode::NOT_FOUND, "unknown-version", "That version of the paper is not kept any more.")
                })
            }
        }
    }

    /// The language of a ticket to look at: one that the branch speaks.
    fn paper_words(&self, code: &str) -> Words {
        let spoken = &self.options.languages;
        spoken.iter().find(|words| words.code() == code).or(spoken.first()).copied().unwrap_or_default()
    }

    /// A ticket as it would be printed with these parts: what the printer's thread would lay out.
    fn sample_paper(&self, row: Option<&PaperRow>, look: &Look) -> Option<(TicketPaper, PaperWords)> {
        let (parts, logo) = unpacked(row);
        let (store, public_url) = (self.store(), self.options.public_url.clone());
        let stationery = Stationery { store, public_url, parts, logo };
        let words = self.paper_words(&look.lang);
        let live = self.branch.live();
        let known = live.queue.service(&ServiceId::from(look.service.as_str())).map(|state| state.service.id.clone());
        let service = known.or_else(|| live.queue.ranked_services().first().map(|state| state.service.id.clone()))?;
        let mut paper = stationery.sample(&live.queue, &service, words, &self.branch.now())?;
        if stationery.parts.answer {
            let content = self.branch.content();
            let languages = [&words.lang(), &self.first_words().lang()];
            paper.answer = on_paper(&content, (&service, Some(&SAMPLE_PROMISE)), languages, self.local());
        }
        Some((paper, PaperWords::of(words)))
    }

    /// Draws a paper for each style, off the request threads and one at a time.
    async fn drawn(
        &self,
        (paper, words): (TicketPaper, PaperWords),
        styles: Vec<PaperStyle>,
    ) -> Result<Vec<Typeset>, Problem> {
        let draw = move || -> Result<Vec<_>, PaperError> {
            let mut typesetter = Typesetter::new()?;
            styles.into_iter().map(|style| typesetter.ticket(&paper, &words, style)).collect()
        };
        self.off_thread(draw).await?.map_err(|error| defect(&error))
    }

    /// Decodes or draws off the request threads, one at a time. A request that is given up does not let the next one begin before
    /// its own work has ended.
    pub(super) async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let stopping = || Problem::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", "The branch is stopping.");
        let permit = self.drawing.clone().acquire_owned().await.map_err(|_| stopping())?;
        let work = move || {
            let done = work();
            drop(permit);
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| if error.is_panic() { defect(&error) } else { stopping() })
    }
}

fn defect(error: &dyn std::error::Error) -> Problem {
    tracing::error!(%error, "a paper could not be drawn");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "defect", "Something went wrong here. Please try again.")
}

/// What stands on a paper, for whoever does not see it.
fn in_words(paper: &TicketPaper) -> String {
    let some = [&paper.promise, &paper.doubt, &paper.desk_hint, &paper.line].map(|text| text.clone().unwrap_or_default());
    let [promise, doubt, hint, line] = some;
    let logo = if paper.logo.is_some() { "Logo" } else { "" };
    let code = if paper.url.is_empty() { "" } else { "QR code" };
    let ready = paper.have_ready.join(", ");
    let answer = paper.answer.as_ref().map(|(question, short)| format!("{question} {short}")).unwrap_or_default();
    let (store, service, made_at) = (&paper.store, &paper.service, &paper.made_at);
    let all = [logo, store, service, &paper.number, &promise, made_at, &doubt, &hint, &ready, &answer, code, &line];
    let said: Vec<_> = all.into_iter().filter(|text| !text.is_empty()).collect();
    format!("The ticket: {}", said.join("; "))
}

/// What a form says of the page after it was sent, and what the page then says.
fn said(done: &str) -> Option<&'static str> {
    match done {
        "live" => Some("Saved. The next ticket is printed like this."),
        "back" => Some("It is as it was. The next ticket is printed like this."),
        "drop" => Some("The draft is gone."),
        _ => None,
    }
}

/// The page.
async fn show(State(app): State<Shared>, caller: Caller, Query(look): Query<Look>) -> Page {
    let staff = match staff(&app, &caller, Role::Manager, "/manage/paper") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    page(&app, &staff, &look, None).await
}

/// The page; with what is wrong, and the form as it was sent, if it was.
async fn page(app: &Shared, staff: &str, look: &Look, wrong: Option<(&Problem, &PaperParts)>) -> Page {
    let kept = app.kept_papers().map_err(|problem| app.problem(problem))?;
    let row = app.looked_at(&kept, &look.of).map_err(|problem| app.problem(problem))?;
    let (previews, warnings) = match app.sample_paper(row, look) {
        Some(sample) => previews(app, sample, look, row).await.map_err(|problem| app.problem(problem))?,
        None => Default::default(),
    };
    let services: Vec<_> = {
        let live = app.branch.live();
        live.queue.ranked_services().iter().map(|s| (s.service.id.to_string(), s.service.name.clone())).collect()
    };
    let languages: Vec<_> = app.options.languages.iter().map(|words| (words.code(), words.own_name())).collect();
    let at = |wall_ms| Moment { wall_ms, ..app.branch.now() }.date_time();
    let versions: Vec<_> = kept.versions.iter().map(|row| version(row, at(row.wall_ms))).collect();
    let showing = match row {
        Some(row) if kept.draft.as_ref().is_some_and(|draft| draft.id == row.id) => {
            Showing::Draft { by: person(row), mark: row.wall_ms }
        }
        Some(row) if kept.versions.first().is_some_and(|live| live.id != row.id) => {
            Showing::Old(version(row, at(row.wall_ms)))
        }
        _ => Showing::Live,
    };
    let (parts, logo) = kept.edited();
    let store = app.store();
    let page = PaperPage {
        site: app.site(&store),
        staff,
        parts: wrong.map_or(&parts, |(_, typed)| typed),
        has_logo: logo.is_some(),
        showing: &showing,
        previews: &previews,
        warnings: &warnings,
        services: &services,
        service: &look.service,
        languages: &languages,
        language: app.paper_words(&look.lang).code(),
        versions: &versions,
        printer: app.options.paper,
        said: said(&look.done),
        problem: wrong.map(|(problem, _)| problem.detail.as_str()),
    };
    app.html(wrong.map_or(StatusCode::OK, |(problem, _)| problem.status()), paper(&page))
}

fn version(row: &PaperRow, at: DateTime<FixedOffset>) -> Version {
    Version { id: row.id, by: person(row), at }
}

/// The pictures on the printer's paper and on the other one, with what is not right.
async fn previews(
    app: &App,
    sample: (TicketPaper, PaperWords),
    look: &Look,
    row: Option<&PaperRow>,
) -> Result<(Vec<Preview>, Vec<String>), Problem> {
    let own = app.options.paper_style;
    let styles = [own, own.other_width()];
    let alt = in_words(&sample.0);
    let drawn = app.drawn(sample, styles.to_vec()).await?;
    let mut warnings = Vec::new();
    let mut previews = Vec::new();
    for (style, made) in styles.into_iter().zip(drawn) {
        let of = if look.of.is_empty() { "draft" } else { &look.of };
        // the version changes the address, so that no browser shows the picture of the last one
        let mark = row.map_or(0, |row| row.wall_ms);
        let width = style.width_dots();
        let plain = |text: &str| text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect::<String>();
        let (service, lang) = (plain(&look.service), plain(&look.lang));
        previews.push(Preview {
            address: format!("/manage/paper/ticket.png?of={of}&service={service}&lang={lang}&width={width}&mark={mark}"),
            alt: alt.clone(),
            caption: format!("{} mm paper{}", style.paper_mm(), if style == own { ", as in your printer" } else { "" }),
            size: (width, made.bitmap.height()),
        });
        for warning in made.warnings {
            let sentence = format!("On {} mm paper: {warning}.", style.paper_mm());
            warnings.push(sentence);
        }
    }
    Ok((previews, warnings))
}

/// A ticket as PNG, dot for dot what the printer would get.
async fn picture(State(app): State<Shared>, caller: Caller, Query(look): Query<Look>) -> Result<Response, Problem> {
    caller.require(Role::Manager)?;
    let own = app.options.paper_style;
    let styles = [own, own.other_width()];
    let style = styles.into_iter().find(|style| style.width_dots().to_string() == look.width).unwrap_or(own);
    let kept = app.kept_papers()?;
    let sample = app.sample_paper(app.looked_at(&kept, &look.of)?, &look).ok_or_else(Problem::missing)?;
    let drawn = app.drawn(sample, vec![style]).await?;
    let made = drawn.first().ok_or_else(Problem::missing)?;
    let file = made.bitmap.to_png().map_err(|error| defect(&error))?;
    Ok(([(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "no-store")], file).into_response())
}

/// Does what a button of the page says.
async fn change(State(app): State<Shared>, caller: Caller, request: Request) -> Page {
    let staff = match staff(&app, &caller, Role::Manager, "/manage/paper") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    // read only now: a stranger's megabyte is not
    let Sent { asked, parts } = Sent::from_request(request, &app).await?;
    match done(&app, &caller, asked, &parts).await {
        Ok(done) => Ok(Redirect::to(&format!("/manage/paper{done}")).into_response()),
        Err(problem) => page(&app, &staff, &Look::default(), Some((&problem, &parts))).await,
    }
}

/// Does it: where to go then.
async fn done(app: &App, caller: &Caller, asked: Asked, parts: &PaperParts) -> Result<&'static str, Problem> {
    let (actor, now_ms) = (caller.actor(), app.branch.now().wall_ms);
    match asked.todo {
        Do::Look => {
            look(app, &actor, now_ms, asked, parts).await?;
            Ok("#look")
        }
        Do::Live => {
            if !Papers(&app.accounts()).publish_draft(asked.mark, &actor, now_ms)? {
                return Err(changed_meanwhile());
            }
            tracing::info!(by = actor, "the paper ticket changed");
            Ok("?done=live")
        }
        Do::Drop => {
            Papers(&app.accounts()).drop_draft()?;
            Ok("?done=drop")
        }
        Do::Back(id) => {
            if !Papers(&app.accounts()).back_to(id, &actor, now_ms)? {
                let detail = "That version of the paper is not kept any more.";
                return Err(Problem::new(StatusCode::NOT_FOUND, "unknown-version", detail));
            }
            tracing::info!(by = actor, version = id, "the paper ticket is as it was");
            Ok("?of=live&done=back")
        }
        Do::Fresh => {
            let body = packed(&PaperParts::default())?;
            Papers(&app.accounts()).publish(&body, None, &actor, now_ms)?;
            tracing::info!(by = actor, "the paper ticket is as it came with the program");
            Ok("?of=live&done=back")
        }
    }
}

fn packed(parts: &PaperParts) -> Result<String, Problem> {
    serde_json::to_string(parts).map_err(|error| defect(&error))
}

fn changed_meanwhile() -> Problem {
    let detail =
        "The draft was changed or made live meanwhile, by somebody else or in another window. Look at the paper again.";
    Problem::new(StatusCode::CONFLICT, "changed-meanwhile", detail)
}

/// Keeps the form as the draft.
async fn look(app: &App, actor: &str, now_ms: i64, asked: Asked, parts: &PaperParts) -> Result<(), Problem> {
    if let Some(sentence) = parts.problem() {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad-setting", sentence));
    }
    let uploaded = match asked.logo {
        Some(file) => {
            let read = app.off_thread(move || Logo::read(&file)).await?;
            let refused = |no: LogoRefusal| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad-logo", no.to_string());
            Some(read.map_err(refused)?)
        }
        None => None,
    };
    let body = packed(parts)?;
    let accounts = app.accounts();
    let papers = Papers(&accounts);
    let before = papers.draft()?.or(papers.live()?);
    let logo = match (uploaded, asked.forget_logo) {
        (Some(logo), _) => Some(logo.png()),
        (None, true) => None,
        (None, false) => before.as_ref().and_then(|row| row.logo.clone()),
    };
    // a mark that is never the last one again, also where the clock was set back
    let mark = before.map_or(now_ms, |row| now_ms.max(row.wall_ms + 1));
    Ok(papers.put_draft(&body, logo.as_deref(), actor, mark)?)
}
