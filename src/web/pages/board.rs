//! The board in any browser: a television, a tablet, an old PC. The hall's own board is a screen of the program.

use askama::Template;
use chrono::{DateTime, FixedOffset};
use qrcode::{Color, EcLevel, QrCode};

use super::Site;
use super::notices::{Told, told};
use super::words::{self, Call, Now};
use crate::phrase::TURN_MS;
use crate::queue::View;

/// How many calls before the newest are shown.
const EARLIER: usize = 5;
/// How many notices are shown; the loudest come first.
const MOST_NOTICES: usize = 3;
/// White modules around a code (ISO/IEC 18004).
const QUIET: usize = 4;

/// The page `/board`.
#[derive(Clone, Copy, Debug)]
pub struct Board<'a> {
    /// What all pages share.
    pub site: Site<'a>,
    /// The public view.
    pub view: &'a View,
    /// Local time of the branch.
    pub now: DateTime<FixedOffset>,
    /// Where phones reach the branch.
    pub url: &'a str,
    /// How many languages the board speaks in turn.
    pub turns: usize,
}

struct Row<'a> {
    id: &'a str,
    name: &'a str,
    accent: &'a str,
    now: Now,
}

/// The newest call, and whether its desk still has that number.
struct Newest {
    call: Call,
    now: bool,
}

/// A QR code as one path of an SVG picture, a module a unit.
struct Code {
    side: usize,
    path: String,
}

#[derive(Template)]
#[template(path = "board.html")]
struct BoardHtml<'a> {
    site: Site<'a>,
    open: bool,
    opens: String,
    clock: String,
    told: Vec<Told<'a>>,
    newest: Option<Newest>,
    earlier: Vec<Call>,
    rows: Vec<Row<'a>>,
    code: Option<Code>,
    address: &'a str,
    turns: usize,
    turn_ms: u64,
}

/// Renders `/board`.
///
/// # Errors
/// Only if formatting fails.
pub fn board(page: &Board<'_>) -> Result<String, askama::Error> {
    let view = page.view;
    let mut calls = words::calls(view, EARLIER + 1);
    let newest = (!calls.is_empty()).then(|| calls.remove(0));
    let held = view
        .calls
        .first()
        .is_some_and(|call| view.desk(&call.desk).is_some_and(|desk| desk.number.as_ref() == Some(&call.number)));
    let rows = view.services.iter().map(|service| Row {
        id: service.id.as_str(),
        name: &service.name,
        accent: &service.accent,
        now: Now::of(&view.open, view.waits.get(&service.id)),
    });
    BoardHtml {
        site: page.site,
        open: view.open.open,
        opens: words::opens(page.site.words, &view.open, page.now.naive_local()),
        clock: page.site.words.time(page.now.time()),
        told: told(view, page.site.lang(), None).into_iter().take(MOST_NOTICES).collect(),
        newest: newest.map(|call| Newest { call, now: held }),
        earlier: calls,
        rows: rows.collect(),
        code: code(page.url),
        turns: page.turns,
        turn_ms: TURN_MS,
        address: page.url.trim_start_matches("http://").trim_start_matches("https://"),
    }
    .render()
}

fn code(url: &str) -> Option<Code> {
    let code = QrCode::with_error_correction_level(url, EcLevel::M).ok()?;
    let width = code.width();
    let dark = code.into_colors().into_iter().enumerate().filter(|(_, colour)| *colour == Color::Dark);
    let path = dark.map(|(at, _)| format!("M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET)).collect();
    Some(Code { side: width + 2 * QUIET, path })
}
