//! How an entry stands: what of it is shown, what is to come, what is being worked on.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use crate::ledger::{Entries, EntryRow, EntryState, Fault};
use crate::signage::EntryId;

/// An entry with how it stands.
#[derive(Clone, Debug)]
pub(in crate::web) struct Standing {
    /// Its newest version: what is worked on.
    pub(in crate::web) newest: EntryRow,
    /// The version that is shown, if any is.
    pub(in crate::web) live: Option<EntryRow>,
    /// The version that will be, and when.
    pub(in crate::web) next: Option<EntryRow>,
}

/// A word for how an entry stands, as it is filtered by and shown.
pub(in crate::web) const WORDS: [(&str, &str); 7] = [
    ("live", "Live"),
    ("scheduled", "Scheduled"),
    ("review", "In review"),
    ("draft", "Draft"),
    ("retired", "Retired"),
    ("overdue", "To be read again"),
    ("stale", "A language is stale"),
];

impl Standing {
    /// How all entries stand, in the manager's order.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub(in crate::web) fn all(entries: &Entries<'_>, now_ms: i64) -> Result<Vec<Self>, Fault> {
        let by_name = |rows: Vec<EntryRow>| {
            // the soonest of those that are to come
            rows.into_iter().rev().map(|row| (row.id.clone(), row)).collect::<BTreeMap<EntryId, EntryRow>>()
        };
        let (mut live, mut next) = (by_name(entries.live(now_ms)?), by_name(entries.scheduled(now_ms)?));
        let newest = entries.newest()?.into_iter();
        Ok(newest.map(|newest| Self { live: live.remove(&newest.id), next: next.remove(&newest.id), newest }).collect())
    }

    /// How one entry stands.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub(in crate::web) fn one(entries: &Entries<'_>, id: &EntryId, now_ms: i64) -> Result<Option<Self>, Fault> {
        Ok(Self::all(entries, now_ms)?.into_iter().find(|standing| standing.newest.id == *id))
    }

    /// All the words that it can be filtered by.
    pub(in crate::web) fn words(&self, local: NaiveDateTime) -> Vec<&'static str> {
        let mut words = Vec::new();
        if self.live.is_some() {
            words.push("live");
        }
        if self.next.is_some() {
            words.push("scheduled");
        }
        match self.newest.state {
            EntryState::Draft => words.push("draft"),
            EntryState::Review => words.push("review"),
            EntryState::Retired => words.push("retired"),
            EntryState::Live => {}
        }
        if self.newest.state != EntryState::Retired {
            let entry = &self.newest.entry;
            if entry.review_by.is_some_and(|day| day < local.date()) {
                words.push("overdue");
            }
            if entry.translations.values().any(|translation| translation.stale_since.is_some()) {
                words.push("stale");
            }
        }
        words
    }
}

/// What a word is called on a page.
pub(in crate::web) fn called(word: &str) -> &'static str {
    WORDS.iter().find(|(known, _)| *known == word).map_or("", |(_, called)| called)
}
