//! The pages of answers: all questions and what is found (`/answers`, `/t/{key}/answers`), and one answer.

use askama::Template;

use super::Site;
use crate::signage::{Image, Said};

/// What all of them share.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// What all pages share.
    pub site: Site<'a>,
    /// Where the reader's own pages are: `/t/KEY`, or empty without a ticket.
    pub base: &'a str,
    /// The reader's ticket number.
    pub number: Option<&'a str>,
}

impl Page<'_> {
    /// Where all questions are.
    #[must_use]
    pub fn all(&self) -> String {
        format!("{}/answers{}", self.base, self.site.stay())
    }
}

/// One question with the way to its answer.
#[derive(Clone, Debug)]
pub struct Item {
    /// The question.
    pub question: String,
    /// The language it is in, where that is known.
    pub language: String,
    /// Where its answer is.
    pub path: String,
    /// Whether the reader has read it.
    pub read: bool,
}

impl Item {
    /// A question as it is said to the reader.
    #[must_use]
    pub fn of(said: Said, path: String) -> Self {
        let language = said.language.map_or_else(String::new, |language| language.to_string());
        Self { question: said.text.question, language, path, read: false }
    }
}

/// Questions about one service.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// The questions.
    pub items: Vec<Item>,
}

/// What the ticket's own page shows of it.
#[derive(Clone, Debug, Default)]
pub struct ForTicket {
    /// Whether there is anything to ask.
    pub any: bool,
    /// Up to three questions that are likely its own.
    pub offered: Vec<Item>,
    /// What a desk handed over.
    pub handed: Vec<Item>,
}

/// What the reader has just done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// Nothing yet.
    Nothing,
    /// Said that an answer helped.
    Helped,
    /// Said that it did not.
    Not,
    /// Said that none of what was found fits.
    NoneOfThese,
}

impl Done {
    /// As the address says it.
    #[must_use]
    pub fn of(word: &str) -> Self {
        match word {
            "yes" => Self::Helped,
            "no" => Self::Not,
            "none" => Self::NoneOfThese,
            _ => Self::Nothing,
        }
    }
}

/// All questions, or what is found.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "answers.html")]
pub struct Questions<'a> {
    /// What all pages share.
    pub site: Site<'a>,
    /// What the pages share.
    pub page: &'a Page<'a>,
    /// What is looked for; empty: nothing.
    pub query: &'a str,
    /// What is found for it.
    pub found: &'a [Item],
    /// Whether the first is likely to be the answer.
    pub fits: bool,
    /// All questions, while nothing is looked for.
    pub groups: &'a [Group],
    /// What this copy of the page is known by.
    pub by: &'a str,
    /// What the reader has just done.
    pub done: Done,
}

/// One answer.
#[derive(Clone, Debug, Template)]
#[template(path = "answer.html")]
pub struct OneAnswer<'a> {
    /// What all pages share.
    pub site: Site<'a>,
    /// What the pages share.
    pub page: &'a Page<'a>,
    /// Where it is.
    pub path: &'a str,
    /// The question and the alternative text.
    pub said: &'a Said,
    /// The whole answer, safe HTML.
    pub html: String,
    /// Its picture.
    pub image: Option<&'a Image>,
    /// Whether the reader has a place to give back.
    pub leaves: bool,
}

/// Renders one of them.
///
/// # Errors
/// Only if formatting fails.
pub fn render(page: &impl Template) -> Result<String, askama::Error> {
    page.render()
}
