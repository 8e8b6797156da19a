//! The page `/manage/notices`, and how customers' pages show what is out.

use super::Site;
use crate::queue::{Lang, ServiceId, View};

/// A usual notice.
pub(in crate::web) struct Template {
    pub(in crate::web) name: &'static str,
    pub(in crate::web) title: &'static str,
}

/// The text in a language other than the branch's first.
pub(in crate::web) struct TextForm<'a> {
    pub(in crate::web) code: &'static str,
    pub(in crate::web) name: &'static str,
    pub(in crate::web) dir: &'static str,
    pub(in crate::web) text: &'a str,
}

/// A notice that was sent.
pub(in crate::web) struct LogRow {
    pub(in crate::web) id: i64,
    /// Whether it is out now.
    pub(in crate::web) out: bool,
    pub(in crate::web) text: String,
    pub(in crate::web) level: &'static str,
    pub(in crate::web) service: Option<String>,
    pub(in crate::web) languages: usize,
    pub(in crate::web) by: String,
    pub(in crate::web) at: String,
    pub(in crate::web) until: String,
    pub(in crate::web) ended: Option<String>,
}

/// The page.
pub(in crate::web) struct NoticesPage<'a> {
    pub(in crate::web) site: Site<'a>,
    pub(in crate::web) staff: &'a str,
    pub(in crate::web) manager: bool,
    pub(in crate::web) usual: &'a [Template],
    /// Whether the form holds something to be sent.
    pub(in crate::web) begun: bool,
    pub(in crate::web) level: &'static str,
    pub(in crate::web) text: &'a str,
    pub(in crate::web) language: &'static str,
    pub(in crate::web) languages: &'a [TextForm<'a>],
    pub(in crate::web) services: &'a [(String, String)],
    pub(in crate::web) service: &'a str,
    pub(in crate::web) end: &'a str,
    pub(in crate::web) at: &'a str,
    /// When the branch closes, if it is open and has hours.
    pub(in crate::web) closing: Option<String>,
    pub(in crate::web) most: usize,
    pub(in crate::web) log: &'a [LogRow],
    pub(in crate::web) said: Option<&'a str>,
    pub(in crate::web) problem: Option<&'a str>,
}

#[derive(askama::Template)]
#[template(path = "notices.html")]
struct NoticesHtml<'a> {
    p: &'a NoticesPage<'a>,
    site: Site<'a>,
    manager: bool,
    levels: [(&'static str, &'static str); 3],
}

/// Renders the page.
///
/// # Errors
/// Only if formatting fails.
pub(in crate::web) fn notices(page: &NoticesPage<'_>) -> Result<String, askama::Error> {
    let levels =
        [("info", "good to know"), ("warning", "it changes what can be done here"), ("urgent", "people may come to harm")];
    askama::Template::render(&NoticesHtml { p: page, site: page.site, manager: page.manager, levels })
}

/// A notice as a reader gets it.
pub(super) struct Told<'a> {
    pub(super) id: i64,
    pub(super) level: u8,
    pub(super) text: &'a str,
}

/// What is out: for everyone, and for those who wait for `service`.
pub(super) fn told<'a>(view: &'a View, language: &str, service: Option<&ServiceId>) -> Vec<Told<'a>> {
    let concerned = view.notices.iter().filter(|row| row.service.is_none() || row.service.as_ref() == service);
    let language = Lang::from(language);
    let said = concerned.map(|row| Told {
        id: row.id,
        level: row.level,
        text: row.translations.get(&language).unwrap_or(&row.text),
    });
    said.collect()
}
