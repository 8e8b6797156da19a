//! The form of an entry as a browser sends it: texts, choices and perhaps a picture.

use std::collections::BTreeSet;

use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::picture::Refused;
use crate::queue::{Lang, ServiceId};
use crate::signage::{Entry, Hours, ImageId, Kind, Schedule, Text};
use crate::web::site::PageProblem;
use crate::web::{Problem, Shared};

/// The longest texts, characters: a question, a short answer, a full one, another way to ask, what a picture shows.
const QUESTION: usize = 200;
const SHORT: usize = 600;
const FULL: usize = 20_000;
const ALSO: usize = 200;
const ALT: usize = 300;
/// A name, a note.
const NAME: usize = 60;
const NOTE: usize = 200;
/// So many other ways to ask.
const ALSO_MOST: usize = 60;

/// What a button of the page asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Do {
    /// Only look at it.
    #[default]
    Check,
    /// Keep it as a draft.
    Save,
    /// Somebody else is to look at it.
    Review,
    /// Show it from now on.
    Publish,
    /// Show it from a time on.
    PublishAt,
    /// Show it no more.
    Retire,
    /// This language's text is right although the original has changed.
    Still(Lang),
    /// Publish an older version again.
    Back(u32),
    /// Make an older version the draft.
    Take(u32),
}

/// A form that came in.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub(super) todo: Do,
    /// The version it was made from.
    pub(super) base: u32,
    pub(super) entry: Entry,
    pub(super) note: String,
    /// When it is to be published.
    pub(super) at: Option<NaiveDateTime>,
    /// A picture that was chosen.
    pub(super) picture: Option<Vec<u8>>,
    /// The picture that it had.
    pub(super) kept_picture: Option<ImageId>,
    /// What cannot be read, a sentence each.
    pub(super) wrong: Vec<String>,
    pub(super) rest: Rest,
}

/// What the parts of a form come to only once all are there.
#[derive(Debug, Default)]
pub(super) struct Rest {
    version: u32,
    button: String,
    forget: bool,
    hours: (Option<NaiveTime>, Option<NaiveTime>),
}

impl FromRequest<Shared> for Typed {
    type Rejection = PageProblem;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, PageProblem> {
        let unread = || {
            app.problem(Problem::bad("bad-form", "The form did not arrive as this page sends it. Go back and try again."))
        };
        let form = Multipart::from_request(request, app).await.map_err(|_| unread())?;
        read(form).await.map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => app.problem(Refused::Bytes),
            _ => unread(),
        })
    }
}

async fn read(mut form: Multipart) -> Result<Typed, MultipartError> {
    let mut typed = Typed::default();
    while let Some(field) = form.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "picture" {
            // a field that was left empty comes as a file without a byte
            typed.picture = Some(field.bytes().await?.to_vec()).filter(|bytes| !bytes.is_empty());
        } else {
            let text = field.text().await?.replace("\r\n", "\n");
            typed.take(&name, text.trim());
        }
    }
    typed.end();
    Ok(typed)
}

impl Typed {
    fn take(&mut self, name: &str, text: &str) {
        if let "at" | "from" | "until" | "hours_from" | "hours_until" = name {
            return self.moment(name, text);
        }
        let entry = &mut self.entry;
        match name {
            "do" => self.rest.button = text.to_owned(),
            "base" => self.base = text.parse().unwrap_or_default(),
            "version" => self.rest.version = text.parse().unwrap_or_default(),
            "note" => self.note = text.to_owned(),
            "kind" => entry.kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == text).unwrap_or_default(),
            "language" => entry.language = Some(Lang::from(text)).filter(|_| !text.is_empty()),
            "services" => {
                entry.services.insert(ServiceId::from(text));
            }
            "day" => entry.schedule.weekdays.extend(text.parse::<u8>().ok().filter(|day| *day < 7)),
            "screens" => {
                entry.screens = text.split(',').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect()
            }
            "pin" => entry.pin = true,
            "least_share" if text.is_empty() => {}
            "least_share" => match text.parse::<u8>() {
                Ok(share) if share <= 100 => entry.least_share = share,
                _ => self.wrong.push("The least share is a whole number from 0 to 100.".into()),
            },
            "review_by" if text.is_empty() => {}
            "review_by" => match text.parse::<NaiveDate>() {
                Ok(day) => entry.review_by = Some(day),
                Err(_) => self.wrong.push("The day to read it again is no date.".into()),
            },
            "owner" => entry.owner = text.to_owned(),
            "image" => self.kept_picture = ImageId::try_from(text.to_owned()).ok(),
            "forget_picture" => self.rest.forget = true,
            _ => self.text(name, text),
        }
    }

    fn moment(&mut self, name: &str, text: &str) {
        match name {
            "at" => self.at = self.time(text, "The time to publish"),
            "from" => self.entry.schedule.from = self.time(text, "From"),
            "until" => self.entry.schedule.until = self.time(text, "Until"),
            "hours_from" => self.rest.hours.0 = self.clock(text),
            _ => self.rest.hours.1 = self.clock(text),
        }
    }

    /// A text, of the original or (`de-short`) of a language.
    fn text(&mut self, name: &str, text: &str) {
        let (language, part) = name.rsplit_once('-').unwrap_or(("", name));
        let of = if language.is_empty() {
            &mut self.entry.original
        } else {
            // a language's code, whatever else may stand there
            if language.len() > 20 || !language.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
                return;
            }
            &mut self.entry.translations.entry(Lang::from(language)).or_default().text
        };
        match part {
            "question" => text.clone_into(&mut of.question),
            "short" => text.clone_into(&mut of.short),
            "full" => text.clone_into(&mut of.full),
            "alt" => text.clone_into(&mut of.alt),
            "also" => of.also = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect(),
            _ => {}
        }
    }

    fn time(&mut self, text: &str, what: &str) -> Option<NaiveDateTime> {
        if text.is_empty() {
            return None;
        }
        let read = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
        let time = read.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
        if time.is_none() {
            self.wrong.push(format!("{what} is no date and time."));
        }
        time
    }

    fn clock(&mut self, text: &str) -> Option<NaiveTime> {
        let time = ["%H:%M", "%H:%M:%S"].iter().find_map(|form| NaiveTime::parse_from_str(text, form).ok());
        if time.is_none() && !text.is_empty() {
            self.wrong.push("The hours are no times of day.".into());
        }
        time
    }

    /// Puts together what came in parts.
    fn end(&mut self) {
        self.entry.schedule.hours = match self.rest.hours {
            (Some(from), Some(until)) => Some(Hours { from, until }),
            (None, None) => None,
            _ => {
                self.wrong.push("Hours need both a beginning and an end.".into());
                None
            }
        };
        // all seven days are every day
        if self.entry.schedule.weekdays.len() == 7 {
            self.entry.schedule.weekdays.clear();
        }
        self.entry.translations.retain(|_, translation| translation.text != Text::default());
        if self.rest.forget {
            self.kept_picture = None;
        }
        self.todo = match self.rest.button.as_str() {
            "save" => Do::Save,
            "review" => Do::Review,
            "publish" => Do::Publish,
            "publish_at" => Do::PublishAt,
            "retire" => Do::Retire,
            "back" => Do::Back(self.rest.version),
            "take" => Do::Take(self.rest.version),
            button => button.strip_prefix("still-").map_or(Do::Check, |language| Do::Still(Lang::from(language))),
        };
        if let Some(sentence) = too_long(&self.entry, &self.note) {
            self.wrong.push(sentence);
        }
    }
}

/// What is longer than is kept, also of a draft.
pub(super) fn too_long(entry: &Entry, note: &str) -> Option<String> {
    let translated = entry.translations.values().map(|translation| &translation.text);
    let over = |text: &str, most: usize| text.chars().count() > most;
    for text in std::iter::once(&entry.original).chain(translated) {
        let parts = [("question", &text.question, QUESTION), ("short answer", &text.short, SHORT)];
        let more = [("full answer", &text.full, FULL), ("picture’s words", &text.alt, ALT)];
        for (name, part, most) in parts.into_iter().chain(more) {
            if over(part, most) {
                return Some(format!("The {name} has more than {most} characters. Shorten it."));
            }
        }
        if text.also.len() > ALSO_MOST || text.also.iter().any(|also| over(also, ALSO)) {
            return Some(format!("At most {ALSO_MOST} other ways to ask are kept, each of at most {ALSO} characters."));
        }
    }
    let screens: BTreeSet<_> = entry.screens.iter().filter(|name| over(name, NAME)).collect();
    if over(&entry.owner, NAME) || !screens.is_empty() || entry.screens.len() > 20 {
        return Some(format!("Names have at most {NAME} characters, and there are at most 20 screens."));
    }
    over(note, NOTE).then(|| format!("The note has more than {NOTE} characters. Shorten it."))
}

/// The fields of a schedule, for the pages of others that have one.
pub(super) fn schedule(fields: &[(String, String)]) -> Result<Schedule, String> {
    let mut typed = Typed::default();
    for (name, text) in fields {
        if matches!(name.as_str(), "day" | "from" | "until" | "hours_from" | "hours_until") {
            typed.take(name, text.trim());
        }
    }
    typed.end();
    typed.wrong.pop().map_or(Ok(typed.entry.schedule), Err)
}
