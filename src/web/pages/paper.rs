//! The page `/manage/paper`: what stands on a ticket, and the very picture that would be printed.

use askama::Template;
use chrono::{DateTime, FixedOffset};

use super::Site;
use crate::paper::{DeskHint, LINE_CHARS, PaperParts};

/// A picture of the ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Its address.
    pub address: String,
    /// What stands on it, for whoever does not see it.
    pub alt: String,
    /// Below it: "58 mm".
    pub caption: String,
    /// Dots across and along.
    pub size: (u32, u32),
}

/// A version that was printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its name.
    pub id: i64,
    /// By whom.
    pub by: String,
    /// Since when.
    pub at: DateTime<FixedOffset>,
}

/// Which version the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Showing {
    /// What is printed now.
    Live,
    /// The draft: by whom, and the mark that its buttons send back.
    Draft {
        /// Who wrote it.
        by: String,
        /// Changes with every change.
        mark: i64,
    },
    /// One that was printed once.
    Old(Version),
}

/// The page `/manage/paper`.
#[derive(Clone, Copy, Debug)]
pub struct PaperPage<'a> {
    /// What all pages share.
    pub site: Site<'a>,
    /// Who is logged in.
    pub staff: &'a str,
    /// What the form holds.
    pub parts: &'a PaperParts,
    /// Whether there is a logo.
    pub has_logo: bool,
    /// What the pictures show.
    pub showing: &'a Showing,
    /// The pictures: the printer's paper first.
    pub previews: &'a [Preview],
    /// What is not right with them, a sentence each.
    pub warnings: &'a [String],
    /// Services to look at a ticket of.
    pub services: &'a [(String, String)],
    /// The one that is looked at.
    pub service: &'a str,
    /// What the branch speaks: code and name.
    pub languages: &'a [(&'static str, &'static str)],
    /// The one of the ticket that is looked at.
    pub language: &'a str,
    /// What was printed, newest first; the first is printed now.
    pub versions: &'a [Version],
    /// Whether tickets come out on paper here.
    pub printer: bool,
    /// What was done, in a sentence.
    pub said: Option<&'a str>,
    /// What is wrong with the form.
    pub problem: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "paper.html")]
struct PaperHtml<'a> {
    p: &'a PaperPage<'a>,
    site: Site<'a>,
    most: usize,
    /// Versions to go back to.
    older: &'a [Version],
}

/// Renders `/manage/paper`.
///
/// # Errors
/// Only if formatting fails.
pub fn paper(page: &PaperPage<'_>) -> Result<String, askama::Error> {
    let older = page.versions.get(1..).unwrap_or_default();
    PaperHtml { p: page, site: page.site, most: LINE_CHARS, older }.render()
}
