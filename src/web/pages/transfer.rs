//! The page `/manage/content`: all content as one file, out and in.

use askama::Template;

use super::Site;
use crate::ledger::bundle::Taken;

/// The page.
#[derive(Clone, Copy, Debug)]
pub struct TransferPage<'a> {
    /// What all pages share.
    pub site: Site<'a>,
    /// Who is logged in.
    pub staff: &'a str,
    /// How many entries there are.
    pub entries: usize,
    /// How much room pictures take, MiB.
    pub used_mib: f64,
    /// How much they may take, MiB.
    pub room_mib: u64,
    /// The largest file that may be sent, MiB.
    pub most_mib: usize,
    /// What was taken in, or would be.
    pub taken: Option<(&'a Taken, bool)>,
    /// Why nothing was.
    pub problem: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "transfer.html")]
struct TransferHtml<'a> {
    p: &'a TransferPage<'a>,
    site: Site<'a>,
    used: String,
}

/// Renders `/manage/content`.
///
/// # Errors
/// Only if formatting fails.
pub fn transfer(page: &TransferPage<'_>) -> Result<String, askama::Error> {
    TransferHtml { p: page, site: page.site, used: format!("{:.1}", page.used_mib) }.render()
}
