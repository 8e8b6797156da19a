//! The page `/manage/look`: the store's colour and logo on screens.

use askama::Template;
use chrono::{DateTime, FixedOffset};

use super::Site;

/// A look that was.
#[derive(Clone, Debug)]
pub struct Was {
    /// The ledger's name for it.
    pub id: i64,
    /// Who set it.
    pub by: String,
    /// When.
    pub at: DateTime<FixedOffset>,
    /// Its colour; empty: that of the settings file.
    pub accent: String,
    /// Its logo in words; empty: that of the settings file.
    pub logo: &'static str,
}

/// The page.
#[derive(Clone, Copy, Debug)]
pub struct LookPage<'a> {
    /// What all pages share.
    pub site: Site<'a>,
    /// Who is logged in.
    pub staff: &'a str,
    /// What the form holds.
    pub accent: &'a str,
    /// The colour that screens have now, if it is not the program's.
    pub shown: Option<&'a str>,
    /// Whether they have a logo now.
    pub has_logo: bool,
    /// The newest version, for the form to send back.
    pub mark: i64,
    /// All looks, newest first.
    pub versions: &'a [Was],
    /// What was done, in a sentence.
    pub said: Option<&'a str>,
    /// What is wrong with the form.
    pub problem: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "look.html")]
struct LookHtml<'a> {
    p: &'a LookPage<'a>,
    site: Site<'a>,
    older: &'a [Was],
}

/// Renders `/manage/look`.
///
/// # Errors
/// Only if formatting fails.
pub fn look(page: &LookPage<'_>) -> Result<String, askama::Error> {
    LookHtml { p: page, site: page.site, older: page.versions.get(1..).unwrap_or_default() }.render()
}
