//! The page `/manage/changes`: who changed what, and back again.

use askama::Template;
use chrono::{DateTime, FixedOffset};

use super::Site;

/// A change of services, desks, hours or rules.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its event.
    pub seq: u64,
    /// When.
    pub at: DateTime<FixedOffset>,
    /// Who.
    pub by: String,
    /// What: `Service R`.
    pub what: String,
    /// What became different.
    pub differences: Vec<String>,
    /// Whether it is known what was before.
    pub undoable: bool,
}

/// Something else that was done.
#[derive(Clone, Debug)]
pub struct Deed {
    /// When.
    pub at: DateTime<FixedOffset>,
    /// Who.
    pub by: String,
    /// What.
    pub action: String,
    /// To what.
    pub subject: String,
}

/// The page.
#[derive(Clone, Copy, Debug)]
pub struct ChangesPage<'a> {
    /// What all pages share.
    pub site: Site<'a>,
    /// Who is logged in.
    pub staff: &'a str,
    /// Changes, newest first.
    pub steps: &'a [Step],
    /// What else was done, newest first.
    pub deeds: &'a [Deed],
    /// What was done, in a sentence.
    pub said: Option<&'a str>,
    /// Why something was not done.
    pub problem: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "changes.html")]
struct ChangesHtml<'a> {
    p: &'a ChangesPage<'a>,
    site: Site<'a>,
}

/// Renders `/manage/changes`.
///
/// # Errors
/// Only if formatting fails.
pub fn changes(page: &ChangesPage<'_>) -> Result<String, askama::Error> {
    ChangesHtml { p: page, site: page.site }.render()
}
