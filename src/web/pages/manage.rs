//! The manager's page: the day, services, desks, hours, staff, phones. Plain forms; `manage.js` sends each to the API.

use std::collections::BTreeMap;

use askama::Template;
use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::Serialize;

use super::phone::Taking;
use super::record::{self, Headline};
use super::words::hour;
use super::{Site, filters};
use crate::estimate::Record;
use crate::queue::{
    CourtesyRule, Desk, Give, Hours, Number, OpenRow, Outcome, Profile, Rules, ServiceId, ServiceRow, ServiceState, Span,
    VoucherCode,
};

/// Somebody who may log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffRow {
    /// The name they log in with.
    pub name: String,
    /// `desk`, `editor` or `manager`.
    pub role: String,
}

/// A courtesy as staff see it.
#[derive(Clone, Debug, Serialize)]
pub struct CourtesyLine {
    /// Whose.
    pub number: Number,
    /// The sentence.
    pub text: String,
    /// The code, if it is a voucher.
    pub code: Option<VoucherCode>,
    /// When it was given.
    pub given_at: DateTime<FixedOffset>,
    /// When staff took it.
    pub redeemed_at: Option<DateTime<FixedOffset>>,
}

/// Today's courtesies.
#[derive(Clone, Debug, Serialize)]
pub struct Courtesies {
    /// What is given now.
    pub rule: CourtesyRule,
    /// Oldest first.
    pub given: Vec<CourtesyLine>,
}

/// The page `/manage`.
#[derive(Clone, Copy, Debug)]
pub struct Manage<'a> {
    /// What all pages share.
    pub site: Site<'a>,
    /// Who is logged in.
    pub staff: &'a str,
    /// Services and how they stand.
    pub services: &'a [ServiceState],
    /// How many wait for each.
    pub waiting: &'a BTreeMap<ServiceId, u32>,
    /// Desks.
    pub desks: &'a [Desk],
    /// Opening hours.
    pub hours: &'a Hours,
    /// The rule book.
    pub rules: &'a Rules,
    /// Whether numbers are given.
    pub open: &'a OpenRow,
    /// The business day, if one is open.
    pub date: Option<NaiveDate>,
    /// The dates of the last business day and of the clock, where the day's is later.
    pub ahead: Option<(NaiveDate, NaiveDate)>,
    /// Whether phones take numbers.
    pub taking: Taking,
    /// The code of the day, if there is one.
    pub code: Option<&'a str>,
    /// Everybody who may log in.
    pub everybody: &'a [StaffRow],
    /// How often the branch kept its word.
    pub record: &'a Record,
    /// The names of the services, for the record.
    pub names: &'a [ServiceRow],
    /// Today's courtesies, and their rule.
    pub courtesies: &'a Courtesies,
    /// Whether there is a printer.
    pub paper: bool,
}

/// The colours a service may have: those of the tokens.
const ACCENTS: [&str; 6] = ["rust", "teal", "blue", "plum", "ochre", "green"];

#[derive(Template)]
#[template(path = "manage.html")]
struct ManageHtml<'a> {
    m: &'a Manage<'a>,
    site: Site<'a>,
    accents: [&'static str; 6],
    services: Vec<ServiceForm<'a>>,
    desks: Vec<DeskForm<'a>>,
    week: Vec<(usize, Spans)>,
    exceptions: Vec<(String, Spans)>,
    /// Whether a day has more openings than the page has room for.
    more_spans: bool,
    keep_min: u64,
    undo_s: u64,
    r: &'a Record,
    headline: Headline,
    kept_of: String,
    simple: Vec<String>,
}

struct ServiceForm<'a> {
    state: &'a ServiceState,
    waiting: u32,
    max_waiting: String,
}

struct DeskForm<'a> {
    desk: &'a Desk,
    /// Whether a ratio decides.
    ratio: bool,
    /// Service, whether it is taken, weight.
    takes: Vec<(&'a ServiceState, bool, u32)>,
    outcome: &'static str,
}

/// Renders `/manage`.
///
/// # Errors
/// Only if formatting fails.
pub fn manage(page: &Manage<'_>) -> Result<String, askama::Error> {
    let services = page.services.iter().map(|state| ServiceForm {
        state,
        waiting: page.waiting.get(&state.service.id).copied().unwrap_or_default(),
        max_waiting: state.service.max_waiting.map(|most| most.to_string()).unwrap_or_default(),
    });
    let exceptions = page.hours.exceptions.iter().map(|(date, spans)| (date.to_string(), two(spans)));
    ManageHtml {
        m: page,
        site: page.site,
        accents: ACCENTS,
        services: services.collect(),
        desks: page.desks.iter().map(|desk| desk_form(desk, page.services)).collect(),
        week: page.hours.week.iter().map(|spans| two(spans)).enumerate().collect(),
        exceptions: exceptions.collect(),
        more_spans: page.hours.week.iter().chain(page.hours.exceptions.values()).any(|spans| spans.len() > 2),
        keep_min: page.rules.keep_place_ms / 60_000,
        undo_s: page.rules.undo_ms / 1_000,
        r: page.record,
        headline: Headline::of(page.record),
        kept_of: record::kept_of(page.site.words, &page.record.all, record::since(page.record)),
        simple: record::simple(page.record, page.names),
    }
    .render()
}

fn desk_form<'a>(desk: &'a Desk, services: &'a [ServiceState]) -> DeskForm<'a> {
    let takes = services.iter().map(|state| {
        let id = &state.service.id;
        match &desk.profile {
            Profile::LongestWait(listed) => (state, listed.contains(id), 1),
            Profile::Ratio(weights) => (state, weights.contains_key(id), weights.get(id).copied().unwrap_or(1)),
        }
    });
    let outcome = match desk.default_outcome {
        Outcome::Served => "served",
        Outcome::NotPossible => "not_possible",
        Outcome::Answered => "answered",
    };
    DeskForm { desk, ratio: matches!(desk.profile, Profile::Ratio(_)), takes: takes.collect(), outcome }
}

/// The spans of a day as `HH:MM` texts, empty where there is none. The page has room for two.
#[derive(Default)]
struct Spans {
    open: String,
    close: String,
    open_again: String,
    close_again: String,
}

fn two(spans: &[Span]) -> Spans {
    let text = |n: usize| spans.get(n).map(|span| (hour(span.open), hour(span.close))).unwrap_or_default();
    let ((open, close), (open_again, close_again)) = (text(0), text(1));
    Spans { open, close, open_again, close_again }
}
