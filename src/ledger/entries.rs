//! What customers can read, as rows: entries with every version, notices, pictures, and what managers set as a whole.
//!
//! Rows are only added. An entry's newest row says how work on it stands; what is shown is the newest row with state live whose
//! time has come, unless the entry was retired after that. So a draft of a live entry leaves it live, a publication can be set
//! for later, and going back writes an older text again.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, TransactionBehavior, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Fault;
use crate::signage::{Content, Entry, EntryId, LiveEntry, Notice, NoticeId};

/// How an entry stands after a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryState {
    /// Somebody works on it.
    Draft,
    /// Somebody else is to look at it.
    Review,
    /// It is shown from its time on.
    Live,
    /// It is not shown any more.
    Retired,
}

impl EntryState {
    /// The word in tables and interfaces.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Review => "review",
            Self::Live => "live",
            Self::Retired => "retired",
        }
    }

    fn of(word: &str) -> Option<Self> {
        [Self::Draft, Self::Review, Self::Live, Self::Retired].into_iter().find(|state| state.word() == word)
    }
}

/// One version of an entry.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EntryRow {
    /// Which entry.
    pub id: EntryId,
    /// Which version: 1, 2, 3…
    pub version: u32,
    /// What this version made of it.
    pub state: EntryState,
    /// When it goes live, wall clock, milliseconds; as `wall_ms` where that is at once or the version is not live.
    pub due_ms: i64,
    /// When it was written.
    pub wall_ms: i64,
    /// By whom: `staff:Anna`.
    pub actor: String,
    /// Why, if they said so.
    pub note: String,
    /// What the entry then said.
    pub entry: Entry,
}

/// A version to be written.
#[derive(Clone, Debug)]
pub struct NewVersion<'a> {
    /// Which entry.
    pub id: &'a EntryId,
    /// The version it was made from; 0: it is to be a new entry.
    pub base: u32,
    /// What becomes of the entry.
    pub state: EntryState,
    /// When it goes live, if not at once.
    pub due_ms: Option<i64>,
    /// Why.
    pub note: &'a str,
    /// What it says.
    pub entry: &'a Entry,
}

/// Who changes something, and when.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    /// `staff:Anna`.
    pub actor: &'a str,
    /// Wall clock, milliseconds.
    pub wall_ms: i64,
}

/// A version of something that managers set as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRow<T> {
    /// Its name; larger is newer.
    pub id: i64,
    /// When it was written.
    pub wall_ms: i64,
    /// By whom.
    pub actor: String,
    /// What was set.
    pub body: T,
}

/// A notice and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRow {
    /// Its name.
    pub id: NoticeId,
    /// When it was sent.
    pub wall_ms: i64,
    /// By whom.
    pub actor: String,
    /// When it ends.
    pub until_ms: i64,
    /// What it says.
    pub notice: Notice,
    /// When and by whom it was taken back before its end.
    pub ended: Option<(i64, String)>,
}

/// Reads and writes all that on a connection.
#[derive(Debug)]
pub struct Entries<'a>(pub &'a Connection);

const COLUMNS: &str = "select entry, version, state, due_ms, wall_ms, actor, note, body from entries";
const NOTICE_COLUMNS: &str = "select id, wall_ms, actor, until_ms, body, ended_ms, ended_by from notices";

fn unreadable(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
}

fn body<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    serde_json::from_str(text).map_err(|error| unreadable(column, error))
}

fn written<T: Serialize>(body: &T) -> Result<String, Fault> {
    serde_json::to_string(body).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)).into())
}

fn read(row: &Row<'_>) -> rusqlite::Result<EntryRow> {
    let id: String = row.get(0)?;
    let state: String = row.get(2)?;
    let wrong = |text: String| unreadable(0, std::io::Error::other(text));
    Ok(EntryRow {
        id: EntryId::try_from(id).map_err(wrong)?,
        version: row.get(1)?,
        state: EntryState::of(&state).ok_or_else(|| wrong(format!("`{state}` is no state of an entry")))?,
        due_ms: row.get(3)?,
        wall_ms: row.get(4)?,
        actor: row.get(5)?,
        note: row.get(6)?,
        entry: body(row, 7)?,
    })
}

fn read_notice(row: &Row<'_>) -> rusqlite::Result<NoticeRow> {
    let ended: Option<i64> = row.get(5)?;
    Ok(NoticeRow {
        id: NoticeId(row.get(0)?),
        wall_ms: row.get(1)?,
        actor: row.get(2)?,
        until_ms: row.get(3)?,
        notice: body(row, 4)?,
        ended: ended.zip(row.get(6)?),
    })
}

impl Entries<'_> {
    fn rows(&self, rest: &str, params: impl rusqlite::Params) -> Result<Vec<EntryRow>, Fault> {
        let mut statement = self.0.prepare_cached(&format!("{COLUMNS} {rest}"))?;
        let rows = statement.query_map(params, read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every version of an entry, newest first.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn versions(&self, id: &EntryId) -> Result<Vec<EntryRow>, Fault> {
        self.rows("where entry = ?1 order by version desc", [id.as_str()])
    }

    /// One version of an entry.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn version(&self, id: &EntryId, version: u32) -> Result<Option<EntryRow>, Fault> {
        Ok(self.rows("where entry = ?1 and version = ?2", params![id.as_str(), version])?.pop())
    }

    /// The newest version of every entry, in the manager's order.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn newest(&self) -> Result<Vec<EntryRow>, Fault> {
        let newest = "where version = (select max(version) from entries as e where e.entry = entries.entry)";
        let mut rows = self.rows(newest, [])?;
        self.put_in_order(&mut rows)?;
        Ok(rows)
    }

    /// What is shown at `now_ms`, in the manager's order.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn live(&self, now_ms: i64) -> Result<Vec<EntryRow>, Fault> {
        let live = "where state = 'live' and version = (
                select max(version) from entries as e where e.entry = entries.entry and e.state = 'live' and e.due_ms <= ?1)
            and not exists (
                select 1 from entries as e
                where e.entry = entries.entry and e.state = 'retired' and e.version > entries.version)";
        let mut rows = self.rows(live, [now_ms])?;
        self.put_in_order(&mut rows)?;
        Ok(rows)
    }

    /// In the manager's order; those that they never ordered come after, by name.
    fn put_in_order(&self, rows: &mut [EntryRow]) -> Result<(), Fault> {
        let order: Vec<EntryId> = self.document("order")?.map(|row| row.body).unwrap_or_default();
        let rank: BTreeMap<&EntryId, usize> = order.iter().enumerate().map(|(rank, id)| (id, rank)).collect();
        rows.sort_by_key(|row| (rank.get(&row.id).copied().unwrap_or(usize::MAX), row.id.clone()));
        Ok(())
    }

    /// Writes a version, if `base` is still the newest: otherwise nothing is written and the answer is the newest there is, so
    /// that two people who edit one entry do not overwrite each other. Marks the translations that did not follow.
    ///
    /// # Errors
    /// A [`Fault`] of the disk; nothing has changed then.
    pub fn put(&self, new: &NewVersion<'_>, by: By<'_>) -> Result<Result<u32, Option<Box<EntryRow>>>, Fault> {
        let transaction = rusqlite::Transaction::new_unchecked(self.0, TransactionBehavior::Immediate)?;
        let newest = self.rows("where entry = ?1 order by version desc limit 1", [new.id.as_str()])?.pop();
        if newest.as_ref().map_or(0, |row| row.version) != new.base {
            return Ok(Err(newest.map(Box::new)));
        }
        let version = new.base + 1;
        let mut entry = new.entry.clone();
        if let Some(before) = &newest {
            entry.mark_stale(&before.entry, version);
        }
        transaction.execute(
            "insert into entries (entry, version, state, due_ms, wall_ms, actor, note, body)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                new.id.as_str(),
                version,
                new.state.word(),
                new.due_ms.unwrap_or(by.wall_ms),
                by.wall_ms,
                by.actor,
                new.note,
                written(&entry)?
            ],
        )?;
        transaction.commit()?;
        Ok(Ok(version))
    }

    /// What managers set as a whole under this name; `None`: nothing.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn document<T: DeserializeOwned>(&self, name: &str) -> Result<Option<DocumentRow<T>>, Fault> {
        Ok(self.documents(name, 1)?.pop())
    }

    /// The last `most` versions of it, newest first.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn documents<T: DeserializeOwned>(&self, name: &str, most: u32) -> Result<Vec<DocumentRow<T>>, Fault> {
        let sql = "select id, wall_ms, actor, body from documents where name = ?1 order by id desc limit ?2";
        let mut statement = self.0.prepare_cached(sql)?;
        let rows = statement.query_map(params![name, most], |row| {
            Ok(DocumentRow { id: row.get(0)?, wall_ms: row.get(1)?, actor: row.get(2)?, body: body(row, 3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Sets it, if `base` is still the newest version (`None`: if there is none). Says whether it was.
    ///
    /// # Errors
    /// A [`Fault`] of the disk; nothing has changed then.
    pub fn put_document<T: Serialize>(&self, name: &str, base: Option<i64>, body: &T, by: By<'_>) -> Result<bool, Fault> {
        let transaction = rusqlite::Transaction::new_unchecked(self.0, TransactionBehavior::Immediate)?;
        let newest: Option<i64> =
            transaction.query_row("select max(id) from documents where name = ?1", [name], |row| row.get(0))?;
        if newest != base {
            return Ok(false);
        }
        transaction.execute(
            "insert into documents (name, wall_ms, actor, body) values (?1, ?2, ?3, ?4)",
            params![name, by.wall_ms, by.actor, written(body)?],
        )?;
        transaction.commit()?;
        Ok(true)
    }

    /// Sends a notice that ends at `until_ms`, which must be later than now.
    ///
    /// # Errors
    /// A [`Fault`] of the disk, or of an end that has passed.
    pub fn send(&self, notice: &Notice, until_ms: i64, by: By<'_>) -> Result<NoticeId, Fault> {
        self.0.execute(
            "insert into notices (wall_ms, actor, until_ms, body) values (?1, ?2, ?3, ?4)",
            params![by.wall_ms, by.actor, until_ms, written(notice)?],
        )?;
        Ok(NoticeId(self.0.last_insert_rowid()))
    }

    /// Takes a notice back. Says whether it was still out.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn end(&self, id: NoticeId, by: By<'_>) -> Result<bool, Fault> {
        let sql = "update notices set ended_ms = ?2, ended_by = ?3 where id = ?1 and ended_ms is null and until_ms > ?2";
        Ok(self.0.execute(sql, params![id.0, by.wall_ms, by.actor])? > 0)
    }

    /// The last `most` notices, newest first, whatever became of them.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn notices(&self, most: u32) -> Result<Vec<NoticeRow>, Fault> {
        let mut statement = self.0.prepare_cached(&format!("{NOTICE_COLUMNS} order by id desc limit ?1"))?;
        let rows = statement.query_map([most], read_notice)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// All that is live at `now_ms`, and when it next changes by itself, as far as the ledger knows: a publication that was set
    /// for later, a notice that ends.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn content(&self, now_ms: i64) -> Result<(Content, Option<i64>), Fault> {
        let sql = format!("{NOTICE_COLUMNS} where ended_ms is null and until_ms > ?1 and wall_ms <= ?1 order by id");
        let mut statement = self.0.prepare_cached(&sql)?;
        let notices: Vec<NoticeRow> = statement.query_map([now_ms], read_notice)?.collect::<Result<_, _>>()?;
        let live = self.live(now_ms)?;
        let live = live.into_iter().map(|row| LiveEntry { id: row.id, version: row.version, entry: row.entry });
        let content = Content {
            entries: live.collect(),
            playlists: self.document("playlists")?.map(|row| row.body).unwrap_or_default(),
            fields: self.document("fields")?.map(|row| row.body).unwrap_or_default(),
            notices: notices.into_iter().map(|row| (row.id, row.notice, row.until_ms)).collect(),
        };
        let due: Option<i64> = self.0.query_row(
            "select min(at) from (
                select min(due_ms) as at from entries where state = 'live' and due_ms > ?1
                union all select min(until_ms) from notices where ended_ms is null and until_ms > ?1
                union all select min(wall_ms) from notices where ended_ms is null and wall_ms > ?1)",
            [now_ms],
            |row| row.get(0),
        )?;
        Ok((content, due))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signage::Text;

    fn ledger() -> (tempfile::TempDir, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let connection = super::super::open(&super::super::path_in(folder.path())).unwrap();
        (folder, connection)
    }

    fn entry(short: &str) -> Entry {
        Entry { original: Text { question: "Q?".into(), short: short.into(), ..Text::default() }, ..Entry::default() }
    }

    fn shown(entries: &Entries<'_>, now_ms: i64) -> Option<String> {
        entries.content(now_ms).unwrap().0.entries.pop().map(|live| live.entry.original.short)
    }

    #[test]
    fn what_is_shown_follows_publication_its_time_and_retirement_and_nothing_is_overwritten() {
        let (_folder, connection) = ledger();
        let entries = Entries(&connection);
        let id = EntryId::of("Q");
        let put = |base, state, due_ms, text: &str, wall_ms| {
            let entry = entry(text);
            let new = NewVersion { id: &id, base, state, due_ms, note: "", entry: &entry };
            entries.put(&new, By { actor: "staff:Anna", wall_ms }).unwrap()
        };
        assert_eq!(put(0, EntryState::Draft, None, "one", 1), Ok(1));
        assert_eq!(shown(&entries, 1), None);
        assert_eq!(put(1, EntryState::Live, None, "one", 2), Ok(2));
        assert_eq!(shown(&entries, 2).as_deref(), Some("one"));
        // the second of two people who edit it is told, and sees what the first wrote
        let second = put(1, EntryState::Draft, None, "other", 3).unwrap_err().unwrap();
        assert_eq!((second.version, second.entry.original.short.as_str()), (2, "one"));
        assert_eq!(put(0, EntryState::Draft, None, "other", 3).unwrap_err().map(|row| row.version), Some(2));
        // a draft and a publication that is set for later leave it as it is until their time
        assert_eq!(put(2, EntryState::Draft, None, "two", 4), Ok(3));
        assert_eq!(put(3, EntryState::Live, Some(100), "two", 5), Ok(4));
        assert_eq!(entries.content(5).unwrap().1, Some(100));
        for (now, text) in [(5, "one"), (99, "one"), (100, "two")] {
            assert_eq!(shown(&entries, now).as_deref(), Some(text), "{now}");
        }
        assert_eq!(put(4, EntryState::Retired, None, "two", 101), Ok(5));
        assert_eq!(shown(&entries, 101), None);
        assert_eq!(put(5, EntryState::Live, None, "one", 102), Ok(6), "undo");
        assert_eq!(shown(&entries, 102).as_deref(), Some("one"));
        assert_eq!(entries.versions(&id).unwrap().len(), 6);
    }

    #[test]
    fn a_notice_is_out_until_its_end_or_until_it_is_taken_back() {
        let (_folder, connection) = ledger();
        let entries = Entries(&connection);
        let by = |wall_ms| By { actor: "staff:Anna", wall_ms };
        let notice: Notice = serde_json::from_str(r#"{"level": "warning", "text": "The card terminal is down."}"#).unwrap();
        let (short, long) = (entries.send(&notice, 20, by(10)).unwrap(), entries.send(&notice, 100, by(10)).unwrap());
        assert!(entries.send(&notice, 10, by(10)).is_err(), "an end must be given");
        let out = |now| entries.content(now).unwrap().0.notices.into_iter().map(|(id, ..)| id).collect::<Vec<_>>();
        assert_eq!((out(10), out(19), out(20)), (vec![short, long], vec![short, long], vec![long]));
        assert_eq!(entries.content(10).unwrap().1, Some(20));
        assert!(entries.end(long, by(30)).unwrap());
        assert!(!entries.end(long, by(31)).unwrap() && !entries.end(short, by(31)).unwrap());
        assert_eq!(out(31), []);
        assert_eq!(entries.notices(9).unwrap()[0].ended, Some((30, "staff:Anna".into())), "the log keeps them");
    }

    #[test]
    fn documents_are_kept_and_not_overwritten_by_who_did_not_see_the_newest() {
        let (_folder, connection) = ledger();
        let entries = Entries(&connection);
        let by = By { actor: "staff:Anna", wall_ms: 1 };
        assert!(entries.put_document("fields", None, &BTreeMap::from([("days", "30")]), by).unwrap());
        assert!(!entries.put_document("fields", None, &BTreeMap::from([("days", "14")]), by).unwrap());
        let first = entries.document::<BTreeMap<String, String>>("fields").unwrap().unwrap();
        assert!(entries.put_document("fields", Some(first.id), &BTreeMap::from([("days", "14")]), by).unwrap());
        assert_eq!(entries.content(1).unwrap().0.fields["days"], "14");
        assert_eq!(entries.documents::<BTreeMap<String, String>>("fields", 9).unwrap().len(), 2);
    }
}
