//! How often entries were shown and what their readers said, summed up from the journal.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row};

use super::Fault;
use crate::signage::EntryId;

/// What came of one entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// When it last hung on a board, wall clock, milliseconds.
    pub last_shown_ms: Option<i64>,
    /// How often it hung there.
    pub shown: u32,
    /// How often it was opened.
    pub opened: u32,
    /// "Yes, that helped", whatever became of the place.
    pub helped: u32,
    /// "No."
    pub not_helped: u32,
}

/// What came of each entry since `since_ms`, from the journal's file.
///
/// # Errors
/// A [`Fault`] of the disk.
pub fn usage(journal: &Connection, since_ms: i64) -> Result<BTreeMap<EntryId, Usage>, Fault> {
    let mut found: BTreeMap<EntryId, Usage> = BTreeMap::new();
    let mut sum = |sql: &str, take: fn(&mut Usage, &Row<'_>) -> rusqlite::Result<()>| -> Result<(), Fault> {
        let mut statement = journal.prepare_cached(sql)?;
        let mut rows = statement.query([since_ms])?;
        while let Some(row) = rows.next()? {
            // a name that is none any more belongs to nothing that could be shown
            if let Ok(id) = EntryId::try_from(row.get::<_, String>(0)?) {
                take(found.entry(id).or_default(), row)?;
            }
        }
        Ok(())
    };
    sum("select entry, max(at_ms), count(*) from plays where at_ms >= ?1 group by entry", |usage, row| {
        usage.last_shown_ms = row.get(1)?;
        usage.shown = row.get(2)?;
        Ok(())
    })?;
    sum(
        // whoever says what became of the place has said, perhaps in a row before, that it helped
        "select entry, sum(what = 'opened'), max(sum(what = 'helped'), sum(what in ('answered', 'stayed'))),
         sum(what = 'not_helped') from reads where at_ms >= ?1 group by entry",
        |usage, row| {
            (usage.opened, usage.helped, usage.not_helped) = (row.get(1)?, row.get(2)?, row.get(3)?);
            Ok(())
        },
    )?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Became, Journal, Line, Place, Play, Read};
    use crate::signage::Kind;

    #[test]
    fn plays_and_answers_are_summed_from_a_time_on() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path()).unwrap();
        let id = EntryId::of("Open?");
        for at_ms in [10, 20, 30] {
            journal.note(Line::Play(Play {
                at_ms,
                screen: "board".into(),
                entry: id.clone(),
                version: 1,
                title: "Open?".into(),
                kind: Kind::Answers,
                language: String::new(),
                shown_ms: 8_000,
                waiting: 1,
                concerned: 1,
                why: String::new(),
            }));
        }
        for became in [Became::Opened, Became::Opened, Became::Helped, Became::Answered, Became::NotHelped] {
            journal.note(Line::Read(Read {
                at_ms: 20,
                entry: id.clone(),
                version: 1,
                title: String::new(),
                place: Place::Phone,
                became,
                ticket: None,
                service: None,
            }));
        }
        journal.flush().unwrap();
        let used = usage(&journal.file(), 20).unwrap();
        let expected = Usage { last_shown_ms: Some(30), shown: 2, opened: 2, helped: 1, not_helped: 1 };
        assert_eq!(used, BTreeMap::from([(id, expected)]));
    }
}
