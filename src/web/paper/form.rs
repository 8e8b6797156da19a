//! The forms of `/manage/paper` as a browser sends them: fields and perhaps a file.

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;

use crate::paper::{DeskHint, LogoRefusal, PaperParts};
use crate::web::site::PageProblem;
use crate::web::{Problem, Shared};

/// What a button of the page asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Do {
    /// Keep the form as a draft and show it.
    #[default]
    Look,
    /// Print the draft from now on.
    Live,
    /// Throw the draft away.
    Drop,
    /// Print a version that was.
    Back(i64),
    /// Print it as the program has it.
    Fresh,
}

/// What is asked, besides the parts.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) todo: Do,
    /// The draft that the button stood under.
    pub(super) mark: i64,
    /// A file that was chosen.
    pub(super) logo: Option<Vec<u8>>,
    pub(super) forget_logo: bool,
}

/// A form that came in.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) asked: Asked,
    pub(super) parts: PaperParts,
}

impl FromRequest<Shared> for Sent {
    type Rejection = PageProblem;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, PageProblem> {
        let unread = || {
            app.problem(Problem::bad("bad-form", "The form did not arrive as this page sends it. Go back and try again."))
        };
        let form = Multipart::from_request(request, app).await.map_err(|_| unread())?;
        read(form).await.map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                app.problem(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "bad-logo", LogoRefusal::Bytes.to_string()))
            }
            _ => unread(),
        })
    }
}

async fn read(mut form: Multipart) -> Result<Sent, MultipartError> {
    let blank = PaperParts {
        logo: false,
        store: false,
        service: false,
        promise: false,
        have_ready: false,
        answer: false,
        code: false,
        ..PaperParts::default()
    };
    let mut sent = Sent { asked: Asked::default(), parts: blank };
    let (mut button, mut version) = (String::new(), 0);
    while let Some(field) = form.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "logo_file" {
            sent.asked.logo = file(field).await?;
            continue;
        }
        let text = field.text().await?;
        match name.as_str() {
            "do" => button = text,
            "version" => version = text.parse().unwrap_or_default(),
            "mark" => sent.asked.mark = text.parse().unwrap_or_default(),
            "forget_logo" => sent.asked.forget_logo = true,
            _ => part(&mut sent.parts, &name, text),
        }
    }
    sent.parts = sent.parts.trimmed();
    sent.asked.todo = match button.as_str() {
        "live" => Do::Live,
        "drop" => Do::Drop,
        "back" => Do::Back(version),
        "fresh" => Do::Fresh,
        _ => Do::Look,
    };
    Ok(sent)
}

/// The file; none where the field was left empty, which browsers send as a file without a byte.
async fn file(field: Field<'_>) -> Result<Option<Vec<u8>>, MultipartError> {
    let bytes = field.bytes().await?;
    Ok(Some(bytes.to_vec()).filter(|bytes| !bytes.is_empty()))
}

fn part(parts: &mut PaperParts, name: &str, text: String) {
    match name {
        "logo" => parts.logo = true,
        "store" => parts.store = true,
        "service" => parts.service = true,
        "promise" => parts.promise = true,
        "have_ready" => parts.have_ready = true,
        "answer" => parts.answer = true,
        "code" => parts.code = true,
        "large" => parts.large = true,
        "hint" => parts.hint = text,
        "line" => parts.line = text,
        "desk_hint" => {
            parts.desk_hint = match text.as_str() {
                "nothing" => DeskHint::Nothing,
                "words" => DeskHint::Words,
                _ => DeskHint::Desks,
            };
        }
        _ => {}
    }
}
