//! The page `/manage/reports`: what answers did, and how each figure is estimated.

use askama::Template;

use super::Site;
use crate::signage::experiment::{LEAST_ANSWERED, LEAST_PAIRS};
use crate::signage::figures::Figure;
use crate::signage::report::{EntryReport, Report, Sought};

/// The page.
#[derive(Clone, Copy, Debug)]
pub struct ReportsPage<'a> {
    /// What all pages share.
    pub site: Site<'a>,
    /// Who is logged in.
    pub staff: &'a str,
    /// Whether they may change the branch.
    pub manager: bool,
    /// What it shows.
    pub report: &'a Report,
    /// Whether answers go on and off by lot.
    pub experiment: bool,
}

/// So many searches are listed.
const SEARCHES: usize = 50;

struct Row<'a> {
    entry: &'a EntryReport,
    minutes: String,
    helped: String,
    saved: String,
}

struct Todo<'a> {
    sought: &'a Sought,
    /// Where an entry is written for it.
    address: String,
}

#[derive(Template)]
#[template(path = "reports.html")]
struct ReportsHtml<'a> {
    p: &'a ReportsPage<'a>,
    site: Site<'a>,
    rows: Vec<Row<'a>>,
    todo: Vec<Todo<'a>>,
    more: usize,
    share: String,
    saved: String,
    retaken: String,
    effect: Vec<String>,
}

/// Renders `/manage/reports`.
///
/// # Errors
/// Only if formatting fails.
pub fn reports(page: &ReportsPage<'_>) -> Result<String, askama::Error> {
    let report = page.report;
    let searches = report.searches.iter().take(SEARCHES);
    ReportsHtml {
        p: page,
        site: page.site,
        rows: report.entries.iter().map(row).collect(),
        todo: searches.map(|sought| Todo { sought, address: new_entry(&sought.words) }).collect(),
        more: report.searches.len().saturating_sub(SEARCHES),
        share: report.answered.share.map(|figure| percent(&figure)).unwrap_or_default(),
        saved: minutes(&report.answered.desk_minutes),
        retaken: round(&report.answered.retaken),
        effect: effect(page),
    }
    .render()
}

fn row(entry: &EntryReport) -> Row<'_> {
    Row {
        entry,
        minutes: format!("{:.0}", entry.shown_minutes),
        helped: entry.helpfulness.map_or_else(|| "–".into(), |figure| percent(&figure)),
        saved: format!("{:.0}", entry.desk_minutes),
    }
}

/// `12 % (8 to 17)`
fn percent(figure: &Figure) -> String {
    let [value, low, high] = [figure.value, figure.interval.low, figure.interval.high].map(|part| 100.0 * part);
    format!("{value:.0} % ({low:.0} to {high:.0})")
}

/// `140 min (90 to 200)`
fn minutes(figure: &Figure) -> String {
    format!("{:.0} min ({:.0} to {:.0})", figure.value, figure.interval.low, figure.interval.high)
}

fn round(figure: &Figure) -> String {
    format!("{:.0} ({:.0} to {:.0})", figure.value, figure.interval.low, figure.interval.high)
}

/// The address of a new entry for what was looked for.
fn new_entry(words: &str) -> String {
    let encoded = words.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    format!("/manage/entries/new?question={}", encoded.collect::<String>())
}

/// What the experiment says, a sentence each.
fn effect(page: &ReportsPage<'_>) -> Vec<String> {
    let effect = &page.report.effect;
    if effect.pairs == 0 {
        return vec!["No hour with answers on in one half and off in the other lies in these days.".into()];
    }
    let mut said = vec![format!(
        "{} hours are compared. With answers on, {} of {} left as answered; with answers off, {} of {}.",
        effect.pairs, effect.on.answered, effect.on.issued, effect.off.answered, effect.off.issued
    )];
    match &effect.answered {
        None => said.push(format!(
            "That is too little to say anything: at least {LEAST_PAIRS} hours and {LEAST_ANSWERED} visits that left as answered are \
             needed."
        )),
        Some(figure) => {
            let [value, low, high] = [figure.value, figure.interval.low, figure.interval.high].map(|part| 100.0 * part);
            let verdict = match () {
                () if low > 0.0 => "More people leave as answered with answers on.",
                () if high < 0.0 => "Fewer people leave as answered with answers on.",
                () => "That may be chance: no effect is shown yet.",
            };
            said.push(format!("The difference is {value:.1} in a hundred ({low:.1} to {high:.1}). {verdict}"));
        }
    }
    if let Some(figure) = &effect.desk_minutes {
        let (value, low, high) = (figure.value, figure.interval.low, figure.interval.high);
        let verdict = match () {
            () if high < 0.0 => "Desks have less work with answers on.",
            () if low > 0.0 => "Desks have more work with answers on.",
            () => "That may be chance.",
        };
        said.push(format!(
            "Desk work of those who came in a half-hour differs by {value:.1} minutes ({low:.1} to {high:.1}). {verdict}"
        ));
    }
    said
}
