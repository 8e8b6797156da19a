//! `/manage/content`: all content as one file, out and in, and our own examples to begin with.

use std::collections::BTreeSet;

use axum::Router;
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::access::Caller;
use super::pages::transfer::{TransferPage, transfer};
use super::site::Page;
use super::staff::staff;
use super::{App, BODY_LIMIT, Problem, Shared};
use crate::ledger::bundle::{As, How, NotTaken, Taken, pack, take_in};
use crate::ledger::{Audit, By, Entries, IMAGES_ROOM, Images, Role};
use crate::signage::bundle::Bundle;

/// The largest file that a browser may send, bytes: a request has ten seconds. `nowserving content import` takes larger ones.
const FILE_MOST: usize = 32 * 1024 * 1024;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/manage/content", get(show).post(change).layer(DefaultBodyLimit::max(FILE_MOST + BODY_LIMIT)))
        .route("/manage/content/file.json", get(file))
        .route("/manage/content/example", post(example))
}

/// The page.
async fn show(State(app): State<Shared>, caller: Caller) -> Page {
    let staff = match staff(&app, &caller, Role::Editor, "/manage/content") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    page(&app, &staff, None)
}

fn page(app: &App, staff: &str, came: Option<&Result<(Taken, bool), Problem>>) -> Page {
    let (entries, used) = {
        let accounts = app.accounts();
        let entries = Entries(&accounts).newest().map_err(|fault| app.problem(fault))?.len();
        (entries, Images(&accounts).used().map_err(|fault| app.problem(fault))?)
    };
    let store = app.store();
    let problem = came.and_then(|came| came.as_ref().err());
    let page = TransferPage {
        site: app.site(&store),
        staff,
        entries,
        used_mib: used as f64 / f64::from(1 << 20),
        room_mib: IMAGES_ROOM >> 20,
        most_mib: FILE_MOST >> 20,
        taken: came.and_then(|came| came.as_ref().ok()).map(|(taken, dry)| (taken, *dry)),
        problem: problem.map(|problem| problem.detail.as_str()),
    };
    app.html(problem.map_or(StatusCode::OK, Problem::status), transfer(&page))
}

fn defect(error: &dyn std::error::Error) -> Problem {
    tracing::error!(%error, "content could not be written to a file");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "defect", "Something went wrong here. Please try again.")
}

/// All content as a file.
async fn file(State(app): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    caller.require(Role::Editor)?;
    let other = app.clone();
    let packed = app.off_thread(move || pack(&other.accounts(), other.branch.now().wall_ms)).await??;
    let bytes = app.off_thread(move || serde_json::to_vec_pretty(&packed)).await?.map_err(|error| defect(&error))?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"nowserving-content.json\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, bytes).into_response())
}

/// A form that came in.
#[derive(Default)]
struct Sent {
    file: Vec<u8>,
    how: String,
    replace_fields: bool,
    dry_run: bool,
}

async fn read(mut form: Multipart) -> Result<Sent, MultipartError> {
    let mut sent = Sent::default();
    while let Some(field) = form.next_field().await? {
        match field.name().unwrap_or_default() {
            "file" => sent.file = field.bytes().await?.to_vec(),
            "how" => sent.how = field.text().await?,
            "replace_fields" => sent.replace_fields = true,
            "do" => sent.dry_run = field.text().await? == "look",
            _ => {}
        }
    }
    Ok(sent)
}

/// Takes a file in, or says what that would do.
async fn change(State(app): State<Shared>, caller: Caller, request: Request) -> Page {
    let staff = match staff(&app, &caller, Role::Manager, "/manage/content") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    let unread =
        || app.problem(Problem::bad("bad-form", "The form did not arrive as this page sends it. Go back and try again."));
    let form = Multipart::from_request(request, &app).await.map_err(|_| unread())?;
    let sent = match read(form).await {
        Ok(sent) => sent,
        Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let detail = format!(
                "The file is larger than {} MiB. Take it in on the branch’s machine: nowserving content import FILE",
                FILE_MOST >> 20
            );
            let problem = Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail);
            return page(&app, &staff, Some(&Err(problem)));
        }
        Err(_) => return Err(unread()),
    };
    let r#as = match sent.how.as_str() {
        "publish" => As::Live,
        "draft" => As::Draft,
        _ => As::InTheFile,
    };
    let (replace_fields, dry_run) = (sent.replace_fields, sent.dry_run);
    let bundle = app.off_thread(move || Bundle::read(&sent.file)).await.map_err(|problem| app.problem(problem))?;
    let taken = match bundle {
        Ok(bundle) => {
            app.take_content(&caller, bundle, How { r#as, replace_fields, dry_run, services: None }, "a file").await
        }
        Err(said) => Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad-content", said)),
    };
    page(&app, &staff, Some(&taken.map(|taken| (taken, dry_run))))
}

/// Begins with our own examples.
async fn example(State(app): State<Shared>, caller: Caller) -> Page {
    let staff = match staff(&app, &caller, Role::Manager, "/manage/content") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    let taken = app.take_content(&caller, Bundle::example(), How::default(), "the examples").await;
    page(&app, &staff, Some(&taken.map(|taken| (taken, false))))
}

impl App {
    /// Takes content in and shows what is live of it.
    async fn take_content(
        self: &std::sync::Arc<Self>,
        caller: &Caller,
        bundle: Bundle,
        how: How<'static>,
        name: &'static str,
    ) -> Result<Taken, Problem> {
        let (app, actor) = (self.clone(), caller.actor());
        let services: BTreeSet<String> = app.branch.live().queue.services().map(|s| s.service.id.to_string()).collect();
        let taken = self.off_thread(move || {
            let by = By { actor: &actor, wall_ms: app.branch.now().wall_ms };
            let accounts = app.accounts();
            let taken = take_in(&accounts, &bundle, How { services: Some(&services), ..how }, by, |_, _| {})?;
            if !how.dry_run && !taken.is_nothing() {
                Audit(&accounts).note(by, "content imported", name)?;
            }
            Ok(taken)
        });
        let taken = taken.await?.map_err(|no| match no {
            NotTaken::File(said) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad-content", said),
            NotTaken::Fault(fault) => fault.into(),
        })?;
        self.reload_content().await?;
        Ok(taken)
    }
}
