//! Which entries are offered to one ticket before it has asked anything.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;

use super::content::{Content, LiveEntry};
use super::entry::{EntryId, Kind};
use super::finder::SHOWN;
use crate::queue::{Lang, Promise, ServiceId};

/// Up to so many minutes before the call there is time for little else than to get ready.
const NEAR_MIN: u32 = 5;
/// From so many minutes on an answer saves a wait that is worth saving.
const LONG_MIN: u32 = 15;

/// How useful an entry proved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proved {
    /// How often it was opened.
    pub opened: u32,
    /// How often somebody said that it helped.
    pub helped: u32,
}

impl Proved {
    /// The share of openings that helped, drawn towards a quarter while few are known: (helped + 1) / (opened + 4).
    #[must_use]
    pub fn usefulness(self) -> f32 {
        (self.helped.min(self.opened) as f32 + 1.0) / (self.opened as f32 + 4.0)
    }
}

/// What is known of whom an entry is offered to.
#[derive(Clone, Debug)]
pub struct Asker<'a> {
    /// What they wait for.
    pub service: &'a ServiceId,
    /// In how many minutes they will probably be called; `None`: nobody can tell.
    pub to_call_min: Option<u32>,
    /// What they have read already.
    pub read: &'a BTreeSet<EntryId>,
}

/// The entries most likely to help, best first, at most [`SHOWN`]: those for the service before those for everybody, what gets
/// them ready when the call is near, what spares them a long wait, what proved useful, and last what they have read. The same
/// always gives the same; of equals, the manager's order decides.
#[must_use]
pub fn offer<'a>(
    content: &'a Content,
    asker: &Asker<'_>,
    proved: &BTreeMap<EntryId, Proved>,
    local: NaiveDateTime,
) -> Vec<&'a LiveEntry> {
    let mut rated = rated(content, asker, proved, local);
    rated.truncate(SHOWN);
    rated
}

/// All that [`offer`] chooses from, best first.
fn rated<'a>(
    content: &'a Content,
    asker: &Asker<'_>,
    proved: &BTreeMap<EntryId, Proved>,
    local: NaiveDateTime,
) -> Vec<&'a LiveEntry> {
    let mine = content.questions(local).filter(|live| live.entry.is_for(asker.service));
    let mut rated: Vec<(bool, f32, &LiveEntry)> = mine
        .map(|live| {
            let useful = proved.get(&live.id).copied().unwrap_or_default().usefulness();
            let own = if live.entry.services.is_empty() { 0.6 } else { 1.0 };
            let score = useful * own * fits_time(live.entry.kind, asker.to_call_min);
            (asker.read.contains(&live.id), score, live)
        })
        .collect();
    // stable: equals stay in the manager's order
    rated.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    rated.into_iter().map(|(_, _, live)| live).collect()
}

/// The longest question and short answer together that a ticket of paper carries, characters. As large as tickets are set, that
/// makes one at most a third longer.
const PAPER_CHARS: usize = 110;

/// What the paper of one ticket says unasked: question and short answer of the first in the order of [`offer`] that spares the
/// visit or prepares it, is written in `language` (one that names none is in the `house`'s) and is short enough. The call is taken
/// to come in the middle of what was promised. `None`: there is none, and the paper is shorter by that.
#[must_use]
pub fn on_paper(
    content: &Content,
    (service, promise): (&ServiceId, Option<&Promise>),
    [language, house]: [&Lang; 2],
    local: NaiveDateTime,
) -> Option<(String, String)> {
    // paper cannot be taken back: nothing is known yet of what this customer read, and the manager's order decides
    let to_call_min = promise.map(|promise| promise.from_min.midpoint(promise.to_min));
    let asker = Asker { service, to_call_min, read: &BTreeSet::new() };
    let rated = rated(content, &asker, &BTreeMap::new(), local);
    let fitting = rated.into_iter().filter(|live| matches!(live.entry.kind, Kind::Answers | Kind::Prepares));
    let mut said = fitting.map(|live| content.say(&live.entry, language));
    let said = said.find(|said| {
        let chars = said.text.question.chars().count() + said.text.short.chars().count();
        said.language.as_ref().unwrap_or(house) == language && chars <= PAPER_CHARS && !said.text.short.trim().is_empty()
    })?;
    Some((said.text.question, said.text.short))
}

/// How well what an entry does fits the time that is left.
fn fits_time(kind: Kind, to_call_min: Option<u32>) -> f32 {
    match (kind, to_call_min) {
        (Kind::Prepares, Some(0..=NEAR_MIN)) => 2.0,
        (Kind::Answers | Kind::Routes, Some(LONG_MIN..)) => 2.0,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::signage::Entry;

    const KINDS: [Kind; 4] = [Kind::Answers, Kind::Prepares, Kind::Routes, Kind::Page];
    const SERVICES: [&str; 3] = ["R", "P", "Q"];

    fn live((at, (kind, services)): (usize, (usize, Vec<usize>))) -> LiveEntry {
        let services = services.into_iter().map(|service| SERVICES[service].into()).collect();
        let entry = Entry { kind: KINDS[kind], services, ..Entry::default() };
        LiveEntry { id: EntryId::of(&format!("e{at}")), version: 1, entry }
    }

    fn content() -> impl Strategy<Value = Content> {
        let entries = proptest::collection::vec((0..4_usize, proptest::collection::vec(0..3_usize, 0..2)), 0..12);
        entries.prop_map(|entries| Content {
            entries: entries.into_iter().enumerate().map(live).collect(),
            ..Content::default()
        })
    }

    fn noon() -> NaiveDateTime {
        chrono::NaiveDate::from_ymd_opt(2026, 5, 4).unwrap().and_hms_opt(12, 0, 0).unwrap()
    }

    proptest! {
        #[test]
        fn what_is_offered_is_for_the_service_new_before_read_and_always_the_same(
            content in content(),
            service in 0..3_usize,
            to_call_min in proptest::option::of(0..60_u32),
            read in proptest::collection::btree_set(0..12_usize, 0..6),
            useful in proptest::collection::vec((0..50_u32, 0..50_u32), 12),
        ) {
            let id = |at: usize| EntryId::of(&format!("e{at}"));
            let read: BTreeSet<EntryId> = read.into_iter().map(id).collect();
            let proved = |(at, (opened, helped)): (usize, (u32, u32))| (id(at), Proved { opened, helped });
            let proved: BTreeMap<_, _> = useful.into_iter().enumerate().map(proved).collect();
            let service = ServiceId::from(SERVICES[service]);
            let asker = Asker { service: &service, to_call_min, read: &read };
            let offered = offer(&content, &asker, &proved, noon());
            let possible: Vec<_> = content.questions(noon()).filter(|live| live.entry.is_for(&service)).collect();
            prop_assert_eq!(offered.len(), possible.len().min(SHOWN));
            prop_assert!(offered.iter().all(|live| possible.contains(live)));
            let again = offer(&content, &asker, &proved, noon());
            prop_assert_eq!(&offered, &again);
            // nobody is offered again what they read while there is something they have not
            let unread = possible.iter().filter(|live| !read.contains(&live.id)).count();
            let new = offered.iter().take_while(|live| !read.contains(&live.id)).count();
            prop_assert_eq!(new, unread.min(SHOWN));
        }

        /// All else equal: near the call what prepares, on a long wait what answers, and what helped more.
        #[test]
        fn time_and_usefulness_decide_between_equals(near in 0..=NEAR_MIN, long in LONG_MIN..200, helped in 1..40_u32) {
            let content = Content { entries: vec![live((0, (0, vec![]))), live((1, (1, vec![])))], ..Content::default() };
            let (service, read) = ("R".into(), BTreeSet::new());
            let first = |to_call_min, proved: &BTreeMap<_, _>| {
                let asker = Asker { service: &service, to_call_min, read: &read };
                offer(&content, &asker, proved, noon())[0].entry.kind
            };
            let none = BTreeMap::new();
            prop_assert_eq!(first(Some(near), &none), Kind::Prepares);
            prop_assert_eq!(first(Some(long), &none), Kind::Answers);
            prop_assert_eq!(first(Some(10), &none), Kind::Answers, "the manager's order");
            let proved = BTreeMap::from([(EntryId::of("e1"), Proved { opened: 40, helped })]);
            let better = Proved { opened: 40, helped }.usefulness() > Proved::default().usefulness();
            prop_assert_eq!(first(None, &proved), if better { Kind::Prepares } else { Kind::Answers });
        }
    }

    #[test]
    fn paper_carries_what_is_short_and_in_its_language_and_no_way_elsewhere() {
        let text = |question: &str, short: &str| crate::signage::Text {
            question: question.into(),
            short: short.into(),
            ..Default::default()
        };
        let (en, ar) = (Lang::from("en"), Lang::from("ar"));
        let mut content = Content {
            entries: vec![live((0, (2, vec![]))), live((1, (0, vec![]))), live((2, (1, vec![])))],
            ..Content::default()
        };
        content.entries[0].entry.original = text("Where is the till?", "By the door.");
        content.entries[1].entry.original = text("What now?", &"long ".repeat(40));
        content.entries[2].entry.original = text("What to bring?", "The receipt.");
        let promise = Promise { from_min: 8, to_min: 12, learning: false, forecast: None };
        let said = |content: &Content, language| on_paper(content, (&"R".into(), Some(&promise)), [language, &en], noon());
        let wanted = Some(("What to bring?".to_owned(), "The receipt.".to_owned()));
        assert_eq!(said(&content, &en), wanted);
        assert_eq!(said(&content, &ar), None, "not in the customer's language");
        // however many stand before it that paper cannot carry
        let (mut many, bring) = (content.clone(), content.entries[2].clone());
        many.entries = vec![content.entries[1].clone(); SHOWN + 2];
        many.entries.push(bring);
        assert_eq!(said(&many, &en), wanted);
        content.entries[2].entry.original.short.clear();
        assert_eq!(said(&content, &en), None);
    }
}
