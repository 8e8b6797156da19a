//! An entry: what one question and its answer are made of.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::schedule::Schedule;
use crate::queue::{Lang, ServiceId};

/// An entry's name, the same at every branch that has it: `return-window`. Lower-case letters, digits and hyphens, 1 to 60.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct EntryId(Arc<str>);

impl EntryId {
    /// The longest name, in characters.
    const LONGEST: usize = 60;

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name made out of a question: its letters and digits, the rest hyphens. Where the question has none of those, `entry`.
    /// The caller adds a number if it is taken.
    #[must_use]
    pub fn of(question: &str) -> Self {
        let mut name = String::new();
        for c in question.to_lowercase().chars() {
            if c.is_ascii_alphanumeric() {
                name.push(c);
            } else if !name.is_empty() && !name.ends_with('-') {
                name.push('-');
            }
            if name.len() >= Self::LONGEST - 10 {
                break;
            }
        }
        let name = name.trim_end_matches('-');
        Self(if name.is_empty() { "entry" } else { name }.into())
    }

    /// The same name with a number: `return-window-2`.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Self {
        Self(format!("{self}-{number}").into())
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for EntryId {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if (1..=Self::LONGEST).contains(&name.len()) && name.chars().all(fits) {
            Ok(Self(name.into()))
        } else {
            Err(format!("`{name}` is no entry's name: 1 to {} of a–z, 0–9 and - are", Self::LONGEST))
        }
    }
}

/// A picture, by the first 16 bytes of the SHA-256 of its bytes, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ImageId(Arc<str>);

impl ImageId {
    /// The name as text: 32 hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ImageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ImageId {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let fits = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        if name.len() == 32 && name.chars().all(fits) {
            Ok(Self(name.into()))
        } else {
            Err(format!("`{name}` is no picture's name: 32 hexadecimal digits are"))
        }
    }
}

/// What an entry does for whoever reads it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It answers: whoever has read it can go.
    #[default]
    Answers,
    /// It prepares: whoever has read it has ready what is needed.
    Prepares,
    /// It leads elsewhere: another desk, a shelf, a page.
    Routes,
    /// No question: a picture. The question is its title, which may be empty.
    Picture,
    /// No question: a page of text, with the question as its title.
    Page,
    /// No question: the opening hours.
    Hours,
}

impl Kind {
    /// All of them, questions first.
    pub const ALL: [Self; 6] = [Self::Answers, Self::Prepares, Self::Routes, Self::Picture, Self::Page, Self::Hours];

    /// The word in code, tables and files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answers => "answers",
            Self::Prepares => "prepares",
            Self::Routes => "routes",
            Self::Picture => "picture",
            Self::Page => "page",
            Self::Hours => "hours",
        }
    }

    /// Whether it answers a question: only such are searched, and offered to a ticket.
    #[must_use]
    pub fn is_question(self) -> bool {
        matches!(self, Self::Answers | Self::Prepares | Self::Routes)
    }
}

/// A question and its answer in one language. `{name}` stands for what all entries of the branch share.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Text {
    /// The question: at most 12 words.
    pub question: String,
    /// The answer for the board: at most 30 words.
    pub short: String,
    /// The whole answer, Markdown; empty: the short one is all.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub full: String,
    /// How else it is asked. Only searched, never shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// What the picture shows, for whoever does not see it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub alt: String,
}

impl Text {
    /// Whether both say the same to a reader; how else it is asked does not count.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        (&self.question, &self.short, &self.full, &self.alt) == (&other.question, &other.short, &other.full, &other.alt)
    }
}

/// A text in another language than the original.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Translation {
    /// What it says.
    #[serde(flatten)]
    pub text: Text,
    /// The version of the entry in which the original changed while this did not; absent: it is up to date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale_since: Option<u32>,
}

/// A picture beside the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Which.
    pub id: ImageId,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// One question and its answer, or something else worth showing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What it does.
    pub kind: Kind,
    /// The language of the original.
    pub language: Option<Lang>,
    /// The original.
    pub original: Text,
    /// The other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<Lang, Translation>,
    /// Who it helps; none: whoever waits.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub services: BTreeSet<ServiceId>,
    /// The picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// When.
    #[serde(default)]
    pub schedule: Schedule,
    /// On which boards, by name; none: on all.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub screens: BTreeSet<String>,
    /// Shown before all that is not pinned, in turn with the others that are.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pin: bool,
    /// The least share of the board's time it gets, per cent.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub least_share: u8,
    /// The day by which somebody should read it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_by: Option<NaiveDate>,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub owner: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn is_zero(share: &u8) -> bool {
    *share == 0
}

impl Entry {
    /// The most words of a question.
    pub const QUESTION_WORDS: usize = 12;
    /// The most words of a short answer: 18 seconds of reading.
    pub const SHORT_WORDS: usize = 30;

    /// The text for a reader of `language`, and the language it is in: an up-to-date translation, else the original. A stale
    /// translation would say what is not true any more.
    #[must_use]
    pub fn text(&self, language: &Lang) -> (&Text, Option<&Lang>) {
        match self.translations.get_key_value(language) {
            Some((language, Translation { text, stale_since: None })) => (text, Some(language)),
            _ => (&self.original, self.language.as_ref()),
        }
    }

    /// Whether it is for those who wait for this service.
    #[must_use]
    pub fn is_for(&self, service: &ServiceId) -> bool {
        self.services.is_empty() || self.services.contains(service)
    }

    /// Whether it may be on this board, by its name.
    #[must_use]
    pub fn is_on(&self, screen: &str) -> bool {
        self.screens.is_empty() || self.screens.contains(screen)
    }

    /// Marks the translations that did not follow the original: those that say the same as in `before`, where the original does
    /// not. A translation that was written anew is up to date; `version` is that of this entry.
    pub fn mark_stale(&mut self, before: &Self, version: u32) {
        let changed = !self.original.says_the_same(&before.original);
        for (language, now) in &mut self.translations {
            let old = before.translations.get(language);
            if old.is_none_or(|old| !old.text.says_the_same(&now.text)) {
                now.stale_since = None;
            } else if changed {
                now.stale_since = now.stale_since.or(Some(version));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(original: &str, german: &str) -> Entry {
        let text = |short: &str| Text { question: "?".into(), short: short.into(), ..Text::default() };
        Entry {
            original: text(original),
            translations: BTreeMap::from([(Lang::from("de"), Translation { text: text(german), stale_since: None })]),
            ..Entry::default()
        }
    }

    #[test]
    fn a_translation_that_did_not_follow_is_stale_and_not_shown_until_it_does() {
        let german = Lang::from("de");
        let before = entry("14 days", "14 Tage");
        let mut same = before.clone();
        same.mark_stale(&before, 2);
        assert_eq!(same, before);
        let mut changed = entry("30 days", "14 Tage");
        changed.mark_stale(&before, 2);
        assert_eq!(changed.translations[&german].stale_since, Some(2));
        assert_eq!(changed.text(&german).0.short, "30 days");
        // it stays so through other changes, and says since when
        let mut again = Entry { original: Text { short: "31 days".into(), ..changed.original.clone() }, ..changed.clone() };
        again.mark_stale(&changed, 3);
        assert_eq!(again.translations[&german].stale_since, Some(2));
        let mut followed = entry("31 days", "31 Tage");
        followed.mark_stale(&again, 4);
        assert_eq!(followed.text(&german).0.short, "31 Tage");
    }

    #[test]
    fn a_question_makes_a_name_and_names_read_back() {
        for (question, name) in [
            ("How long do I have to return something?", "how-long-do-i-have-to-return-something"),
            ("  Größe?! ", "gr-e"),
            ("如何退货", "entry"),
        ] {
            assert_eq!(EntryId::of(question).as_str(), name);
            assert_eq!(EntryId::try_from(name.to_owned()), Ok(EntryId::of(question)));
        }
        for bad in ["", "A", "a/b", &"a".repeat(61)] {
            assert!(EntryId::try_from(bad.to_owned()).is_err(), "{bad}");
        }
        let long = EntryId::of(&"wide ".repeat(100)).numbered(u32::MAX);
        assert!(EntryId::try_from(long.to_string()).is_ok(), "{long}");
    }
}
