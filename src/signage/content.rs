//! All that is live in a branch at one moment.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::entry::{Entry, EntryId, Text};
use super::notice::{Notice, NoticeId};
use super::schedule::Schedule;
use crate::queue::Lang;

/// An entry that is live.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveEntry {
    /// Its name.
    pub id: EntryId,
    /// Which of its versions this is.
    pub version: u32,
    /// What it says.
    pub entry: Entry,
}

/// Entries that go round in their order while its time is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Playlist {
    /// What managers call it.
    pub name: String,
    /// When.
    #[serde(default)]
    pub schedule: Schedule,
    /// What, in this order.
    pub entries: Vec<EntryId>,
    /// How much of the board's time it gets while its time is, per cent, 1 to 100; the line chooses the rest.
    pub share: u8,
}

/// All that is live: what boards, kiosks, phones and desks may show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The entries, in the manager's order.
    pub entries: Vec<LiveEntry>,
    /// The playlists.
    pub playlists: Vec<Playlist>,
    /// What `{name}` stands for in every entry.
    pub fields: BTreeMap<String, String>,
    /// Notices whose end has not come, oldest first, with their end: wall time, milliseconds.
    pub notices: Vec<(NoticeId, Notice, i64)>,
}

/// An entry as a reader gets it: in their language, as far as there is one, with the braces filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What it says.
    pub text: Text,
    /// The language it is in.
    pub language: Option<Lang>,
}

impl Content {
    /// The live entry of this name.
    #[must_use]
    pub fn get(&self, id: &EntryId) -> Option<&LiveEntry> {
        self.entries.iter().find(|live| live.id == *id)
    }

    /// What may be shown at this local time on this board.
    pub fn showable<'a>(&'a self, local: NaiveDateTime, screen: &'a str) -> impl Iterator<Item = &'a LiveEntry> {
        self.entries.iter().filter(move |live| live.entry.schedule.allows(local) && live.entry.is_on(screen))
    }

    /// The questions that may be answered at this local time: what is searched and offered.
    pub fn questions(&self, local: NaiveDateTime) -> impl Iterator<Item = &LiveEntry> {
        self.entries.iter().filter(move |live| live.entry.kind.is_question() && live.entry.schedule.allows(local))
    }

    /// An entry for a reader of `language`.
    #[must_use]
    pub fn say(&self, entry: &Entry, language: &Lang) -> Said {
        let (text, language) = entry.text(language);
        Said { text: self.fill(text), language: language.cloned() }
    }

    /// A text with the words in braces filled in.
    #[must_use]
    pub fn fill(&self, text: &Text) -> Text {
        let fill = |text: &str| fill(text, &self.fields).into_owned();
        Text {
            question: fill(&text.question),
            short: fill(&text.short),
            full: fill(&text.full),
            also: text.also.iter().map(|text| fill(text)).collect(),
            alt: fill(&text.alt),
        }
    }
}

/// The names in braces that a text uses: `{return_days}`. Letters, digits and `_`; anything else in braces is just text.
pub fn braces(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('{').filter_map(|(at, _)| {
        let rest = text.get(at + 1..)?;
        let name = rest.get(..rest.find('}')?)?;
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
        (!name.is_empty() && name.chars().all(fits)).then_some(name)
    })
}

/// Puts the branch's own words in the place of `{name}`. A name that is not known stays as it stands.
#[must_use]
pub fn fill<'a>(text: &'a str, fields: &BTreeMap<String, String>) -> Cow<'a, str> {
    if braces(text).all(|name| !fields.contains_key(name)) {
        return Cow::Borrowed(text);
    }
    let (mut filled, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find('{') {
        let (before, brace) = rest.split_at(at);
        filled.push_str(before);
        let known = brace.find('}').and_then(|end| Some((fields.get(brace.get(1..end)?)?, brace.get(end + 1..)?)));
        match known {
            Some((value, after)) => {
                filled.push_str(value);
                rest = after;
            }
            None => {
                filled.push('{');
                rest = brace.get(1..).unwrap_or_default();
            }
        }
    }
    Cow::Owned(filled + rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_braces_are_filled_and_others_stay() {
        let fields = BTreeMap::from([("days".to_owned(), "30 {days}".to_owned()), ("a_b".to_owned(), String::new())]);
        for (text, filled) in [
            ("{days} days", "30 {days} days"),
            ("{{days}} {", "{30 {days}} {"),
            ("{unknown} {a_b}{} {a b}", "{unknown} {} {a b}"),
            ("}{", "}{"),
            ("é{days}é", "é30 {days}é"),
        ] {
            assert_eq!(fill(text, &fields), filled, "{text}");
        }
        assert_eq!(braces("{days} {{a_b}} {a b} {} {x").collect::<Vec<_>>(), ["days", "a_b"]);
    }

    proptest! {
        #[test]
        fn text_without_known_braces_is_untouched(text in "[a-z{}é_ ]{0,40}") {
            let fields = BTreeMap::from([("Known".to_owned(), "value".to_owned())]);
            prop_assert_eq!(fill(&text, &fields), text.as_str());
        }
    }
}
