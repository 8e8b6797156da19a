//! Searches under way. One is kept in mind from when its words were sent, or stood still, until an entry is opened, something
//! else is looked for, or nothing happens for a while; then it is noted once, as words alone. Half words are never noted.

use std::collections::HashMap;

use crate::ledger::{Place as JournalPlace, Search};
use crate::queue::{Lang, TicketId};

/// So long after the last word nobody opens anything any more.
const GIVEN_UP_MS: i64 = 3 * 60_000;
/// So many searches are kept in mind; more at once are no customers.
const MOST: usize = 2000;
/// The longest search that is kept, in characters.
const WORDS: usize = 120;

/// Who searches: a ticket, or a copy of a page by what it drew.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::web) enum Who {
    Ticket(TicketId),
    Page(String),
}

/// See the module's text.
#[derive(Debug, Default)]
pub(in crate::web) struct Asked(HashMap<Who, Search>);

/// What was looked for.
#[derive(Clone, Debug)]
pub(in crate::web) struct Wanted<'a> {
    pub(in crate::web) words: &'a str,
    pub(in crate::web) language: Lang,
    pub(in crate::web) place: JournalPlace,
    pub(in crate::web) fits: bool,
    pub(in crate::web) at_ms: i64,
}

impl Wanted<'_> {
    /// As a row of the journal; `None`: there are no words.
    pub(in crate::web) fn search(&self, found: bool) -> Option<Search> {
        let words: Vec<&str> = self.words.split_whitespace().collect();
        let words: String = words.join(" ").chars().take(WORDS).collect();
        let Self { language, place, fits, at_ms, .. } = self.clone();
        (!words.is_empty()).then_some(Search { at_ms, words, language, place, found, fits })
    }
}

impl Asked {
    /// Somebody looks for this now. What they looked for before, if that was something else and came to nothing.
    pub(in crate::web) fn ask(&mut self, who: Who, wanted: &Wanted<'_>) -> Option<Search> {
        let search = wanted.search(false)?;
        if self.0.len() >= MOST && !self.0.contains_key(&who) {
            return Some(search);
        }
        let (now, then) = (search.words.to_lowercase(), self.0.insert(who, search));
        // the same question, typed on or corrected at its end, is one
        then.filter(|then| {
            let then = then.words.to_lowercase();
            !now.starts_with(&then) && !then.starts_with(&now)
        })
    }

    /// They opened an entry, or said that none fits.
    pub(in crate::web) fn ends(&mut self, who: &Who, found: bool) -> Option<Search> {
        self.0.remove(who).map(|search| Search { found, ..search })
    }

    /// Those that nothing came of.
    pub(in crate::web) fn given_up(&mut self, now_ms: i64) -> Vec<Search> {
        self.0
            .extract_if(|_, search| !(0..GIVEN_UP_MS).contains(&(now_ms - search.at_ms)))
            .map(|(_, search)| search)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(words: &str, at_ms: i64) -> Wanted<'_> {
        Wanted { words, language: "en".into(), place: JournalPlace::Phone, fits: false, at_ms }
    }

    #[test]
    fn a_search_is_noted_once_whole_and_with_what_came_of_it() {
        let (mut asked, me) = (Asked::default(), || Who::Page("a".into()));
        assert_eq!(asked.ask(me(), &wanted("  ", 0)), None);
        assert_eq!(asked.ask(me(), &wanted("lost", 0)), None);
        assert_eq!(asked.ask(me(), &wanted("Lost  receipt", 1)), None, "typed on");
        let other = asked.ask(me(), &wanted("keys", 2)).unwrap();
        assert_eq!((other.words.as_str(), other.found), ("Lost receipt", false));
        let opened = asked.ends(&me(), true).unwrap();
        assert_eq!((opened.words.as_str(), opened.found), ("keys", true));
        assert_eq!(asked.ends(&me(), true), None);
        assert_eq!(asked.ask(Who::Ticket(TicketId(1)), &wanted("paint", 5)), None);
        assert!(asked.given_up(GIVEN_UP_MS + 4).is_empty());
        assert_eq!(asked.given_up(GIVEN_UP_MS + 5).len(), 1);
        assert!(asked.given_up(GIVEN_UP_MS + 5).is_empty());
    }
}
