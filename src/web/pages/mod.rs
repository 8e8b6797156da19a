//! The pages: pure functions from what a handler knows to HTML. No clock, no queue lock, no request comes in here.
//!
//! Every sentence a customer meets is one of [`crate::phrase`]; those of staff stand in `templates/`, in English. Where a script
//! has to say one later, the page carries it in a `<template class="words">`, so that there is one place for each sentence.
//!
//! The pages need nothing but [`CSP`]: no inline script, no inline style, nothing from elsewhere. Phone pages work without
//! script: they refresh themselves, and each action is a form. With script they follow the feed, and take their new state from
//! the same page, rendered here: an element marked `data-live` is replaced by its fresh self.

pub mod answers;
pub mod board;
pub mod changes;
pub mod desk;
pub(super) mod documents;
pub(super) mod editor;
pub(super) mod entries;
#[expect(unreachable_pub, reason = "what the filter macro writes")]
mod filters;
pub mod look;
pub mod manage;
pub(super) mod notices;
pub mod paper;
pub mod phone;
mod picture;
pub mod plan;
pub mod record;
pub mod reports;
pub mod staff;
pub mod transfer;
pub mod words;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

use askama::Template;

use super::assets;
use crate::phrase::{Words, browser_sentences};

/// The `Content-Security-Policy` header that all pages live under.
pub const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                       connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The address of a file that this store alone has. A browser keeps it for ever: another content has another name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnHref {
    /// What it is: `logo`, `brand`.
    pub stem: &'static str,
    /// The beginning of its content's SHA-256.
    pub hash: [u8; 5],
    /// `png`, `css`.
    pub ending: &'static str,
}

impl std::fmt::Display for OwnHref {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "/assets/{}.{}.{}", self.stem, data_encoding::HEXLOWER.encode(&self.hash), self.ending)
    }
}

/// What all pages share.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// The branch's name.
    pub store: &'a str,
    /// The language of the page.
    pub words: Words,
    /// What the page offers to change to, itself among them; none or one: nothing.
    pub languages: &'a [Words],
    /// Whether the address names the language.
    pub asked: bool,
    /// The address of the store's logo.
    pub logo: Option<OwnHref>,
    /// The address of the style sheet with the store's colour.
    pub brand: Option<OwnHref>,
}

impl<'a> Site<'a> {
    /// A page in English.
    #[must_use]
    pub fn new(store: &'a str) -> Self {
        Self { store, words: Words::english(), languages: &[], asked: false, logo: None, brand: None }
    }

    /// The value of `lang`.
    #[must_use]
    pub fn lang(&self) -> &'static str {
        self.words.code()
    }

    /// What belongs behind a page's path so that it comes back in this language also without a cookie.
    #[must_use]
    pub fn stay(&self) -> String {
        if self.asked { format!("?lang={}", self.lang()) } else { String::new() }
    }

    /// What scripts may say later, by name.
    #[must_use]
    pub fn said(&self) -> Vec<(String, &'static str)> {
        browser_sentences(self.words)
    }

    /// The value of `dir`.
    #[must_use]
    pub fn dir(&self) -> &'static str {
        if self.words.rtl() { "rtl" } else { "ltr" }
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
