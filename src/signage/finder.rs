//! Finds the entry that answers, in a reader's language.

use chrono::NaiveDateTime;

use super::content::Content;
use super::entry::EntryId;
use super::search::Index;
use crate::queue::{Lang, ServiceId};

/// How many are shown for one question: never one alone, for the first is the right one only seven times in ten.
pub const SHOWN: usize = 3;

/// What is found for a question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The entries that may answer, best first, at most [`SHOWN`].
    pub entries: Vec<EntryId>,
    /// Whether the first is likely enough to be the answer. Otherwise "nothing fits" stands beside them.
    pub fits: bool,
}

/// The questions of all live entries in one language, ready to be searched.
#[derive(Clone, Debug, Default)]
pub struct Finder {
    entries: Vec<EntryId>,
    index: Index,
}

impl Finder {
    /// Over every question that is live, whatever its hours: what may be shown just now is asked with each search. An entry that
    /// is not in this language is found by its original.
    #[must_use]
    pub fn new(content: &Content, language: &Lang) -> Self {
        let questions = || content.entries.iter().filter(|live| live.entry.kind.is_question());
        let texts: Vec<Vec<String>> = questions()
            .map(|live| {
                let text = content.say(&live.entry, language).text;
                std::iter::once(text.question).chain(text.also).collect()
            })
            .collect();
        Self {
            entries: questions().map(|live| live.id.clone()).collect(),
            index: Index::new(texts.iter().map(|texts| texts.iter().map(String::as_str))),
        }
    }

    /// What answers `question` among what `content` may show at this local time. `typing`: the last word is not finished yet.
    #[must_use]
    pub fn find(&self, content: &Content, question: &str, typing: bool, local: NaiveDateTime) -> Found {
        let mut fits = false;
        let mut entries = Vec::with_capacity(SHOWN);
        for hit in self.index.search(question, typing, usize::MAX) {
            // withdrawn a moment ago, or out of its hours: it is as if it were not there
            let Some(live) = self.entries.get(hit.entry).and_then(|id| content.get(id)) else { continue };
            if live.entry.kind.is_question() && live.entry.schedule.allows(local) {
                fits |= entries.is_empty() && hit.is_confident();
                entries.push(live.id.clone());
            }
            if entries.len() == SHOWN {
                break;
            }
        }
        Found { entries, fits }
    }
}

/// What may be asked of those who wait for `service`, or of everybody, to look through; in the manager's order, what is for that
/// service alone first.
#[must_use]
pub fn browse(content: &Content, service: Option<&ServiceId>, local: NaiveDateTime) -> Vec<EntryId> {
    let mine = |live: &&super::LiveEntry| service.is_none_or(|service| live.entry.is_for(service));
    let mut entries: Vec<_> = content.questions(local).filter(mine).collect();
    entries.sort_by_key(|live| service.is_some() && live.entry.services.is_empty());
    entries.into_iter().map(|live| live.id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::signage::{Entry, Kind, LiveEntry, Text, Translation};

    fn entry(id: &str, question: &str, also: &[&str]) -> LiveEntry {
        let text = |question: &str, also: &[&str]| Text {
            question: question.into(),
            short: "So.".into(),
            also: also.iter().map(|text| (*text).to_owned()).collect(),
            ..Text::default()
        };
        let entry = Entry { original: text(question, also), language: Some("en".into()), ..Entry::default() };
        LiveEntry { id: EntryId::of(id), version: 1, entry }
    }

    fn content() -> Content {
        let mut receipt = entry("receipt", "Can I return without a receipt?", &["lost my receipt"]);
        let german = Text { question: "Geht es ohne Kassenbon?".into(), also: vec!["Beleg weg".into()], ..Text::default() };
        receipt.entry.translations.insert("de".into(), Translation { text: german, stale_since: None });
        let mut sign = entry("sign", "Receipt", &[]);
        sign.entry.kind = Kind::Page;
        let fields = BTreeMap::from([("days".to_owned(), "thirty".to_owned())]);
        let days = entry("days", "Is it within {days} days?", &[]);
        Content { entries: vec![receipt, sign, days], fields, ..Content::default() }
    }

    fn at(hour: u32) -> NaiveDateTime {
        chrono::NaiveDate::from_ymd_opt(2026, 5, 4).unwrap().and_hms_opt(hour, 0, 0).unwrap()
    }

    #[test]
    fn an_entry_is_found_in_the_readers_language_or_by_its_original() {
        let content = content();
        let german = Finder::new(&content, &"de".into());
        let first = |question: &str| german.find(&content, question, false, at(10)).entries.first().cloned();
        assert_eq!(first("kassenbon verloren"), Some(EntryId::of("receipt")));
        assert_eq!(first("within thirty days"), Some(EntryId::of("days")), "filled braces, in the original");
    }

    #[test]
    fn what_is_withdrawn_or_out_of_its_hours_is_not_found_and_no_page_ever() {
        let mut content = content();
        let finder = Finder::new(&content, &"en".into());
        let found = |content: &Content, hour| finder.find(content, "receipt", false, at(hour));
        let (receipt, sign) = (EntryId::of("receipt"), EntryId::of("sign"));
        let first = found(&content, 10);
        assert_eq!((first.entries.first(), first.fits), (Some(&receipt), true));
        assert!(!first.entries.contains(&sign), "a page answers no question");
        content.entries[0].entry.schedule.until = Some(at(11));
        let late = found(&content, 11);
        assert!(!late.entries.contains(&receipt) && !late.fits, "{late:?}");
        content.entries.remove(0);
        let gone = found(&content, 10);
        assert!(!gone.entries.contains(&receipt) && !gone.fits, "{gone:?}");
    }

    #[test]
    fn browsing_keeps_the_managers_order_with_the_services_own_first() {
        let mut content = content();
        content.entries[2].entry.services.insert("R".into());
        let names = |service: Option<&str>| {
            let service = service.map(ServiceId::from);
            browse(&content, service.as_ref(), at(10)).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(names(None), ["receipt", "days"]);
        assert_eq!(names(Some("R")), ["days", "receipt"]);
        assert_eq!(names(Some("P")), ["receipt"]);
    }
}
