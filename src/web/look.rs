//! `/manage/look`: the store's colour and logo on screens. Kept in the ledger, over what the settings file says; screens ask for
//! it every few seconds, so that a change is on them without a restart.

use std::io::Cursor;

use axum::Router;
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use image::imageops::FilterType;
use image::{ImageFormat, ImageReader, Limits};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::access::Caller;
use super::extract::Query;
use super::pages::look::{LookPage, Was, look};
use super::site::Page;
use super::staff::staff;
use super::{App, BODY_LIMIT, Problem, Shared};
use crate::config::{LOGO_MOST, ScreenFacts, accent_problem};
use crate::ledger::{Audit, By, DocumentRow, Entries, Fault, ImageRow, Images, Role};
use crate::queue::Moment;
use crate::signage::ImageId;

/// The largest file that may come in, bytes.
const FILE_MOST: usize = 4 * 1024 * 1024;
/// A logo is kept no larger than this, pixels: sharp on a board of 4,096.
const KEPT: (u32, u32) = (960, 240);
/// So many earlier looks are listed.
const VERSIONS: u32 = 20;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/manage/look", get(show).post(change).layer(DefaultBodyLimit::max(FILE_MOST + BODY_LIMIT)))
        .route("/manage/look/logo.png", get(logo))
}

/// What managers set; what they leave open is as in the settings file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Look {
    /// `#rrggbb`.
    accent: Option<String>,
    /// Which picture.
    logo: Option<ImageId>,
    /// No logo, though the settings file has one.
    without_logo: bool,
}

impl App {
    fn looks(&self) -> Result<Vec<DocumentRow<Look>>, Fault> {
        Entries(&self.accounts()).documents("look", VERSIONS)
    }

    /// How screens look now: the settings file's word, and over it the manager's.
    pub(super) fn screen_facts(&self) -> Result<ScreenFacts, Fault> {
        over(&self.accounts(), self.options.screens.clone())
    }
}

/// What managers set, over what the settings file says.
pub(super) fn over(accounts: &Connection, mut facts: ScreenFacts) -> Result<ScreenFacts, Fault> {
    let Some(row) = Entries(accounts).document::<Look>("look")? else { return Ok(facts) };
    let look = row.body;
    if let Some(accent) = look.accent {
        facts.accent = Some(accent);
    }
    if look.without_logo {
        facts.logo = None;
    } else if let Some(id) = look.logo
        && let Some(image) = Images(accounts).get(&id)?
    {
        facts.logo = Some(data_encoding::BASE64.encode(&image.bytes));
    }
    Ok(facts)
}

#[derive(Default, Deserialize)]
struct Done {
    #[serde(default)]
    done: String,
}

async fn show(State(app): State<Shared>, caller: Caller, Query(done): Query<Done>) -> Page {
    let staff = match staff(&app, &caller, Role::Manager, "/manage/look") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    page(&app, &staff, &done.done, None)
}

fn page(app: &App, staff: &str, done: &str, wrong: Option<(&Problem, &str)>) -> Page {
    let looks = app.looks().map_err(|fault| app.problem(fault))?;
    let facts = app.screen_facts().map_err(|fault| app.problem(fault))?;
    let now = looks.first();
    let versions: Vec<Was> = looks
        .iter()
        .map(|row| Was {
            id: row.id,
            by: row.actor.strip_prefix("staff:").unwrap_or(&row.actor).to_owned(),
            at: Moment { wall_ms: row.wall_ms, ..app.branch.now() }.date_time(),
            accent: row.body.accent.clone().unwrap_or_default(),
            logo: if row.body.without_logo {
                "no logo"
            } else if row.body.logo.is_some() {
                "a logo of its own"
            } else {
                ""
            },
        })
        .collect();
    let own = now.and_then(|row| row.body.accent.clone()).unwrap_or_default();
    let store = app.store();
    let page = LookPage {
        site: app.site(&store),
        staff,
        accent: wrong.map_or(own.as_str(), |(_, typed)| typed),
        shown: facts.accent.as_deref(),
        has_logo: facts.logo.is_some(),
        mark: now.map_or(0, |row| row.id),
        versions: &versions,
        said: match done {
            "saved" => Some("Saved. Screens show it within ten seconds, pages in a browser when they are next opened."),
            "back" => {
                Some("It is as it was. Screens show it within ten seconds, pages in a browser when they are next opened.")
            }
            _ => None,
        },
        problem: wrong.map(|(problem, _)| problem.detail.as_str()),
    };
    app.html(wrong.map_or(StatusCode::OK, |(problem, _)| problem.status()), look(&page))
}

/// The logo that screens show now.
async fn logo(State(app): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    caller.require(Role::Manager)?;
    let logo = app.screen_facts()?.logo.and_then(|text| data_encoding::BASE64.decode(text.as_bytes()).ok());
    let logo = logo.ok_or_else(Problem::missing)?;
    Ok(([(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "no-store")], logo).into_response())
}

/// A form that came in.
#[derive(Debug, Default)]
struct Sent {
    accent: String,
    file: Option<Vec<u8>>,
    /// `keep`, `settings` or `none`; a file that was chosen goes before.
    logo: String,
    /// The version to go back to.
    version: Option<i64>,
    /// The version that the form was made from.
    mark: i64,
}

async fn read(mut form: Multipart) -> Result<Sent, MultipartError> {
    let mut sent = Sent::default();
    while let Some(field) = form.next_field().await? {
        match field.name().unwrap_or_default() {
            "logo_file" => sent.file = Some(field.bytes().await?.to_vec()).filter(|bytes| !bytes.is_empty()),
            "accent" => sent.accent = field.text().await?.trim().to_owned(),
            "logo" => sent.logo = field.text().await?,
            "version" => sent.version = field.text().await?.parse().ok(),
            "mark" => sent.mark = field.text().await?.parse().unwrap_or_default(),
            _ => {}
        }
    }
    Ok(sent)
}

async fn change(State(app): State<Shared>, caller: Caller, request: Request) -> Page {
    let staff = match staff(&app, &caller, Role::Manager, "/manage/look") {
        Ok(staff) => staff,
        Err(page) => return *page,
    };
    let unread =
        || app.problem(Problem::bad("bad-form", "The form did not arrive as this page sends it. Go back and try again."));
    let form = Multipart::from_request(request, &app).await.map_err(|_| unread())?;
    let sent = match read(form).await {
        Ok(sent) => sent,
        Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let detail = "The picture's file is larger than 4 MB. Save it smaller: 960 pixels in width are enough.";
            let problem = Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "bad-logo", detail);
            return page(&app, &staff, "", Some((&problem, "")));
        }
        Err(_) => return Err(unread()),
    };
    let typed = sent.accent.clone();
    match put(&app, &caller, sent).await {
        Ok(done) => Ok(Redirect::to(&format!("/manage/look?done={done}")).into_response()),
        Err(problem) => page(&app, &staff, "", Some((&problem, &typed))),
    }
}

/// Sets what the form says.
async fn put(app: &Shared, caller: &Caller, sent: Sent) -> Result<&'static str, Problem> {
    let refused = |code, detail: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail);
    let looks = app.looks()?;
    let before = looks.first().map(|row| row.body.clone()).unwrap_or_default();
    let (mut look, done) = match sent.version {
        Some(id) => {
            let was = looks.iter().find(|row| row.id == id).map(|row| row.body.clone());
            // 0: as in the settings file
            (if id == 0 { Some(Look::default()) } else { was }, "back")
        }
        None => {
            if let Some(problem) = Some(sent.accent.as_str()).filter(|accent| !accent.is_empty()).and_then(accent_problem) {
                return Err(refused("bad-accent", problem));
            }
            let accent = Some(sent.accent).filter(|accent| !accent.is_empty());
            let kept = match sent.logo.as_str() {
                "none" => Look { without_logo: true, ..Look::default() },
                "settings" => Look::default(),
                _ => before.clone(),
            };
            (Some(Look { accent, ..kept }), "saved")
        }
    };
    let image = match sent.file.filter(|_| done == "saved") {
        Some(file) => Some(app.off_thread(move || fit(&file)).await?.map_err(|said| refused("bad-logo", said))?),
        None => None,
    };
    let look = look.as_mut().ok_or_else(|| {
        Problem::new(StatusCode::NOT_FOUND, "unknown-version", "That version of the look is not kept any more.")
    })?;
    let (actor, wall_ms) = (caller.actor(), app.branch.now().wall_ms);
    let by = By { actor: &actor, wall_ms };
    let accounts = app.accounts();
    if let Some(image) = image {
        if !Images(&accounts).put(&image, by)? {
            return Err(refused(
                "no-room",
                "There is no room for another picture. Retire entries with pictures first.".into(),
            ));
        }
        (look.logo, look.without_logo) = (Some(image.id), false);
    }
    let base = looks.first().map(|row| row.id);
    let meanwhile = done == "saved" && sent.mark != base.unwrap_or_default();
    if meanwhile || !Entries(&accounts).put_document("look", base, look, by)? {
        let detail = "Somebody else changed the look meanwhile. Look at it again, then save.";
        return Err(Problem::new(StatusCode::CONFLICT, "changed-meanwhile", detail));
    }
    Audit(&accounts).note(by, "look changed", look.accent.as_deref().unwrap_or("colour of the settings file"))?;
    app.brand.set(&over(&accounts, app.options.screens.clone())?);
    app.forget_made();
    Ok(done)
}

/// Makes a logo out of what was uploaded: a PNG of our own, small enough for screens that ask for it every few seconds.
fn fit(file: &[u8]) -> Result<ImageRow, String> {
    let reader = ImageReader::new(Cursor::new(file)).with_guessed_format().map_err(|error| error.to_string())?;
    if !matches!(reader.format(), Some(ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) {
        return Err("The logo must be a PNG, JPEG or WebP picture. Save or export it as PNG, then choose that file.".into());
    }
    let mut reader = reader;
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height, limits.max_alloc) = (Some(4096), Some(4096), Some(96 * 1024 * 1024));
    reader.limits(limits);
    let damaged =
        "The picture cannot be read: it is damaged, or has more than 4,096 pixels a side. Save it again as PNG, smaller.";
    let picture = reader.decode().map_err(|_| damaged.to_owned())?;
    if picture.width() < 16 || picture.height() < 16 {
        return Err(
            "The picture is smaller than 16 pixels, which is no more than a spot on a board. Choose a larger one.".into()
        );
    }
    // a photograph may have to be smaller than line art to be short enough
    for part in [1, 2, 3, 4] {
        let (width, height) = (KEPT.0 / part, KEPT.1 / part);
        let small = picture.width() <= width && picture.height() <= height;
        let made = if small { picture.clone() } else { picture.resize(width, height, FilterType::Lanczos3) };
        let mut png = Cursor::new(Vec::new());
        made.into_rgba8().write_to(&mut png, ImageFormat::Png).map_err(|error| error.to_string())?;
        let bytes = png.into_inner();
        if bytes.len() <= LOGO_MOST {
            return row(bytes);
        }
    }
    Err("This picture has too much detail for a logo. Choose a plain one.".into())
}

fn row(bytes: Vec<u8>) -> Result<ImageRow, String> {
    let digest = Sha256::digest(&bytes);
    let id = ImageId::try_from(data_encoding::HEXLOWER.encode(digest.get(..16).unwrap_or_default()))?;
    let sized = ImageReader::with_format(Cursor::new(&bytes), ImageFormat::Png).into_dimensions();
    let (width, height) = sized.map_err(|error| error.to_string())?;
    Ok(ImageRow { id, media: "image/png".into(), width, height, bytes })
}
