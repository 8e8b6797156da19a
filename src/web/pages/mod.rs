//! The pages: pure functions from what a handler knows to HTML. No clock, no queue lock, no request comes in here.
//!
//! Every sentence a person meets stands in `templates/`. Where a script has to say one later, the page carries it in a
//! `<template class="words">` written by the same macro, so that there is one place for each sentence.
//!
//! The pages need nothing but [`CSP`]: no inline script, no inline style, nothing from elsewhere. Phone pages work without
//! script: they refresh themselves, and each action is a form. With script they follow the feed, and take their new state from
//! the same page, rendered here: an element marked `data-live` is replaced by its fresh self.

pub mod desk;
#[expect(unreachable_pub, reason = "what the filter macro writes")]
mod filters;
pub mod manage;
pub mod paper;
pub mod phone;
mod picture;
pub mod plan;
pub mod record;
pub mod staff;
pub mod words;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

use askama::Template;

use super::assets;

/// The `Content-Security-Policy` header that all pages live under.
pub const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                       connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What all pages share.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// The branch's name.
    pub store: &'a str,
    /// The language of the page, as in BCP 47: `en`.
    pub lang: &'a str,
    /// Whether that is written from right to left.
    pub rtl: bool,
}

impl<'a> Site<'a> {
    /// A page in English.
    #[must_use]
    pub fn new(store: &'a str) -> Self {
        Self { store, lang: "en", rtl: false }
    }

    /// The value of `dir`.
    #[must_use]
    pub fn dir(&self) -> &'static str {
        if self.rtl { "rtl" } else { "ltr" }
    }

    /// The address of a file.
    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        assets::href(name)
    }
}

/// A page that only says something: a wrong address, a ticket that is not there, too many requests, a fault.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "message.html")]
pub struct Message<'a> {
    /// What all pages share.
    pub site: Site<'a>,
    /// A few words: "There is no such page".
    pub title: &'a str,
    /// What to do now, in a sentence.
    pub sentence: &'a str,
    /// Where to go on, and what the link says.
    pub link: Option<(&'a str, &'a str)>,
}

/// Renders a page that only says something.
///
/// # Errors
/// Only if formatting fails.
pub fn message(page: &Message<'_>) -> Result<String, askama::Error> {
    page.render()
}
