//! The customer's phone: all lines at a glance, and the page of one ticket.

use askama::Template;
use chrono::{DateTime, FixedOffset};
use serde::Serialize;

use super::Site;
use super::answers::ForTicket;
use super::words::{self, Call, Now, Stretch};
use crate::phrase::Wait;
use crate::queue::{DeskId, GivenCourtesy, Lang, Number, PromiseRow, ServiceId, View, VoucherCode, WaitRow};

/// Whether a phone may take a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Taking {
    /// No: numbers are taken in the branch.
    #[default]
    Off,
    /// With the code of the day, which stands on the board.
    Code,
    /// Yes.
    Open,
}

/// The page `/`.
#[derive(Clone, Copy, Debug)]
pub struct Overview<'a> {
    /// What all pages share.
    pub site: Site<'a>,
    /// The public view.
    pub view: &'a View,
    /// Local time of the branch.
    pub now: DateTime<FixedOffset>,
    /// Whether this page takes numbers.
    pub taking: Taking,
    /// Whether there are answers to look for.
    pub answers: bool,
    /// What makes two taps on this copy of the page one: empty where it takes no numbers.
    pub once: &'a str,
    /// Why the last try to take one failed, in a sentence.
    pub problem: Option<&'a str>,
    /// What was chosen in that try.
    pub chosen: Option<&'a ServiceId>,
}

/// A service's row.
struct Row<'a> {
    id: &'a str,
    name: &'a str,
    have_ready: &'a str,
    accent: &'a str,
    now: Now,
    waiting: String,
    learning: bool,
    takes_until: Option<&'a str>,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewHtml<'a> {
    site: Site<'a>,
    open: bool,
    closing: bool,
    until: Option<&'a str>,
    opens: String,
    rows: Vec<Row<'a>>,
    calls: Vec<Call>,
    clock: String,
    taking: Taking,
    answers: bool,
    once: &'a str,
    problem: Option<&'a str>,
}

/// Renders `/`.
///
/// # Errors
/// Only if formatting fails.
pub fn overview(page: &Overview<'_>) -> Result<String, askama::Error> {
    let view = page.view;
    let (none, say) = (WaitRow::default(), page.site.words);
    let rows = view.services.iter().map(|service| {
        let wait = view.waits.get(&service.id);
        let now = Now::of(&view.open, wait);
        let wait = wait.unwrap_or(&none);
        Row {
            id: service.id.as_str(),
            name: &service.name,
            have_ready: &service.have_ready,
            accent: &service.accent,
            waiting: if wait.waiting == 0 { say.nobody_waits().into() } else { say.people_wait(wait.waiting) },
            learning: wait.learning && matches!(now, Now::Wait(_)),
            takes_until: wait.takes_until.as_deref().filter(|_| now.gives()),
            chosen: page.chosen == Some(&service.id),
            now,
        }
    });
    let rows: Vec<Row<'_>> = rows.collect();
    let gives = rows.iter().any(|row| row.now.gives());
    OverviewHtml {
        site: page.site,
        open: view.open.open,
        closing: view.open.closing,
        until: view.open.until.as_deref(),
        opens: words::opens(page.site.words, &view.open, page.now.naive_local()),
        rows,
        calls: words::calls(view, 4),
        clock: say.time(page.now.time()),
        taking: if gives { page.taking } else { Taking::Off },
        answers: page.answers,
        once: page.once,
        problem: page.problem,
    }
    .render()
}

/// Where a ticket is, as its own page and the API say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketPhase {
    /// In the line.
    Waiting,
    /// Invited to a desk.
    Called,
    /// At a desk.
    Serving,
    /// Set aside by a desk.
    Parked,
    /// Called and did not come; the place is kept for a while.
    Missed,
    /// Over.
    Ended,
}

impl TicketPhase {
    /// The word of the API, for scripts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Called => "called",
            Self::Serving => "serving",
            Self::Parked => "parked",
            Self::Missed => "missed",
            Self::Ended => "ended",
        }
    }
}

/// How a ticket ended, as its own page and the API say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketEnd {
    /// Served.
    Finished,
    /// Given up by the customer.
    Left,
    /// Called, did not come, and the time is over.
    NoShow,
    /// The branch closed first.
    DayClosed,
}

/// A desk as a ticket names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeskName {
    /// Its short name.
    pub id: DeskId,
    /// Its name on the board.
    pub name: String,
}

/// What the customer may do now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TicketCan {
    /// Give up the place.
    pub leave: bool,
    /// Let others pass.
    pub delay: bool,
    /// Say "I am here" after a missed call.
    pub requeue: bool,
    /// Have back the place that was given up.
    pub take_back: bool,
    /// Write a name or a question for the desk.
    pub note: bool,
}

/// What a customer got for a promise that was broken late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CourtesyBody {
    /// The branch's sentence.
    pub text: String,
    /// The voucher's code, if it is one.
    pub code: Option<VoucherCode>,
    /// When staff took it.
    pub redeemed_at: Option<DateTime<FixedOffset>>,
}

impl CourtesyBody {
    pub(in crate::web) fn of(given: &GivenCourtesy) -> Self {
        Self {
            text: given.courtesy.text.clone(),
            code: given.courtesy.code,
            redeemed_at: given.redeemed.map(|at| at.date_time()),
        }
    }
}

/// One ticket, for its own page and as the answer of `GET /api/tickets/{key}`.
#[derive(Clone, Debug, Serialize)]
pub struct TicketBody {
    /// What people read.
    pub number: Number,
    /// The line it is in.
    pub service: ServiceId,
    /// Its name.
    pub service_name: String,
    /// Its colour, by name.
    pub accent: String,
    /// Where the ticket is.
    pub phase: TicketPhase,
    /// How it ended, if it has.
    pub end: Option<TicketEnd>,
    /// How many go first, while it waits.
    pub ahead: Option<u32>,
    /// The wait expected now, minutes; `None` where no desk takes the service.
    pub wait: Option<PromiseRow>,
    /// What was said at issue.
    pub promise: Option<PromiseRow>,
    /// When it was issued.
    pub issued_at: DateTime<FixedOffset>,
    /// The desk it is called to or was last at.
    pub desk: Option<DeskName>,
    /// How often it was invited since the last call; more than one is a recall.
    pub invitations: u32,
    /// Until when the place of a missed ticket is kept, or that of one given up can be taken back.
    pub keep_until: Option<DateTime<FixedOffset>>,
    /// What the customer may do now.
    pub can: TicketCan,
    /// The language its customer chose.
    pub language: Option<Lang>,
    /// How many others one delay lets pass.
    pub delay_passes: u32,
    /// The name they wrote.
    pub name: Option<String>,
    /// The question they wrote.
    pub question: Option<String>,
    /// What the customer got for a promise that was broken late.
    pub courtesy: Option<CourtesyBody>,
    /// Why somebody else went first, in a sentence.
    pub why: String,
}

/// The page `/t/{key}`.
#[derive(Clone, Copy, Debug)]
pub struct TicketPage<'a> {
    /// What all pages share.
    pub site: Site<'a>,
    /// The public view.
    pub view: &'a View,
    /// The ticket.
    pub ticket: &'a TicketBody,
    /// What may answer its question.
    pub answers: &'a ForTicket,
    /// Its key, as in the address.
    pub key: &'a str,
    /// Local time of the branch.
    pub now: DateTime<FixedOffset>,
    /// After how many days a name and a question are erased.
    pub erase_days: u32,
    /// How many days longer a backup may hold them.
    pub backups_days: u32,
    /// Whether the address has `?write`: a page without script that does not refresh itself, so that typing is not lost.
    pub writing: bool,
    /// Why the last action failed, in a sentence.
    pub problem: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "ticket.html")]
struct TicketHtml<'a> {
    site: Site<'a>,
    t: &'a TicketBody,
    answers: &'a ForTicket,
    key: &'a str,
    path: String,
    title: String,
    clock: String,
    issued: String,
    keep_until: Option<String>,
    desk: &'a str,
    wait: String,
    learning: bool,
    promised: Option<String>,
    whole: u32,
    stretch: Option<Stretch>,
    between: Option<(String, String)>,
    calls: Vec<Call>,
    erase_days: u32,
    backups_days: u32,
    writing: bool,
    problem: Option<&'a str>,
}

/// Renders `/t/{key}`.
///
/// # Errors
/// Only if formatting fails.
pub fn ticket(page: &TicketPage<'_>) -> Result<String, askama::Error> {
    let t = page.ticket;
    let now = page.now.time();
    let waiting = t.phase == TicketPhase::Waiting;
    let wait = t.wait.filter(|_| waiting);
    let whole = t.promise.map_or(0, |promise| promise.to_min);
    let range = wait.map(|wait| [wait.from_min, wait.to_min]);
    let say = page.site.words;
    let at = |minutes: u32| say.time(now + chrono::Duration::minutes(i64::from(minutes)));
    let ahead = t.ahead.map(|ahead| say.before_you(ahead));
    TicketHtml {
        path: format!("/t/{}", page.key),
        title: ahead.map_or_else(|| t.number.to_string(), |ahead| say.title_ahead(&t.number, ahead)),
        site: page.site,
        t,
        answers: page.answers,
        key: page.key,
        clock: say.time(now),
        issued: say.time(t.issued_at.time()),
        keep_until: t.keep_until.map(|at| say.time(at.time())),
        desk: t.desk.as_ref().map_or("", |desk| desk.name.as_str()),
        wait: range.map_or_else(|| say.no_desk().into(), |range| say.wait(Wait::of(range))),
        learning: wait.is_some_and(|wait| wait.learning),
        promised: t.promise.map(|promise| say.wait(Wait::of([promise.from_min, promise.to_min]))),
        whole,
        stretch: range.map(|range| Stretch::of(say, range, whole, now)),
        between: range.map(|[from, to]| (at(from), at(to))),
        calls: words::calls(page.view, 1),
        erase_days: page.erase_days,
        backups_days: page.backups_days,
        writing: page.writing,
        problem: page.problem,
    }
    .render()
}
