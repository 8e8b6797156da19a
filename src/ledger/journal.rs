//! What was shown, read and looked for: many small rows that nobody's number depends on.
//!
//! They are kept in a file of their own, gathered in memory and written every few seconds with relaxed syncing, so that they
//! neither wear the card nor delay a ticket. A damaged file is set aside and a new one begun: no desk stops for it.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, params};
use serde::{Deserialize, Serialize};

use super::Fault;
use crate::queue::{Lang, ServiceId, TicketId};
use crate::signage::{EntryId, Kind};

/// The file's name in the data folder.
pub const JOURNAL_NAME: &str = "signage.db";
/// So many rows may wait in memory; beyond that the newest are dropped.
const WAITING: usize = 20_000;

/// Where somebody reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The board in the hall.
    Board,
    /// The kiosk.
    Kiosk,
    /// A phone.
    Phone,
    /// Paper.
    Paper,
    /// A desk.
    Desk,
}

impl Place {
    /// The word in tables and interfaces.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Board => "board",
            Self::Kiosk => "kiosk",
            Self::Phone => "phone",
            Self::Paper => "paper",
            Self::Desk => "desk",
        }
    }
}

/// What became of an entry that somebody had before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// It was opened.
    Opened,
    /// "Yes, that helped."
    Helped,
    /// "No."
    NotHelped,
    /// It helped, and the place was given back.
    Answered,
    /// It helped, and the place was kept.
    Stayed,
    /// A desk handed it over.
    Handed,
}

impl Became {
    /// The word in tables and interfaces.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Helped => "helped",
            Self::NotHelped => "not_helped",
            Self::Answered => "answered",
            Self::Stayed => "stayed",
            Self::Handed => "handed",
        }
    }
}

/// Something hung on a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Play {
    /// When it began, wall clock, milliseconds.
    pub at_ms: i64,
    /// Which board.
    pub screen: String,
    /// What.
    pub entry: EntryId,
    /// Which version of it.
    pub version: u32,
    /// What it was called then.
    pub title: String,
    /// What it was for.
    pub kind: Kind,
    /// In which language; empty: that of the branch.
    pub language: String,
    /// How long, milliseconds.
    pub shown_ms: u64,
    /// How many waited.
    pub waiting: u32,
    /// How many of them it is for.
    pub concerned: u32,
    /// Why it was chosen.
    pub why: String,
}

/// Somebody had an entry before them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// When, wall clock, milliseconds.
    pub at_ms: i64,
    /// Which.
    pub entry: EntryId,
    /// Which version of it.
    pub version: u32,
    /// What it was called then.
    pub title: String,
    /// Where.
    pub place: Place,
    /// What became of it.
    pub became: Became,
    /// Whose ticket, if there is one.
    pub ticket: Option<TicketId>,
    /// What that one waits for.
    pub service: Option<ServiceId>,
}

/// Somebody looked for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// When, wall clock, milliseconds.
    pub at_ms: i64,
    /// The words.
    pub words: String,
    /// In which language.
    pub language: Lang,
    /// Where.
    pub place: Place,
    /// Whether one of the entries was opened.
    pub found: bool,
    /// Whether any was likely enough to be the answer.
    pub fits: bool,
}

/// One row to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Something hung on a board.
    Play(Play),
    /// Somebody had an entry before them.
    Read(Read),
    /// Somebody looked for something.
    Search(Search),
    /// In the half-hour from then on answers were shown, or not.
    Half {
        /// When it began, wall clock, milliseconds.
        begin_ms: i64,
        /// Whether they were.
        answers: bool,
    },
}

/// The rows that wait, and the file they go to.
#[derive(Debug)]
pub struct Journal {
    waiting: Mutex<Vec<Line>>,
    file: Mutex<Connection>,
    path: PathBuf,
}

fn begin(path: &Path) -> Result<Connection, Fault> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "normal")?;
    connection.pragma_update(None, "cache_size", -512)?;
    connection.execute_batch(include_str!("journal.sql"))?;
    Ok(connection)
}

impl Journal {
    /// Opens the file in a data folder, or begins one. A damaged one is set aside beside it.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn open(folder: &Path) -> Result<Self, Fault> {
        let path = folder.join(JOURNAL_NAME);
        super::make_private(&path);
        let file = match begin(&path) {
            Err(Fault::Sqlite(error)) if is_damage(&error) => {
                set_aside(&path)?;
                begin(&path)?
            }
            begun => begun?,
        };
        Ok(Self { waiting: Mutex::default(), file: Mutex::new(file), path })
    }

    /// Keeps a row in mind, to be written within seconds.
    pub fn note(&self, line: Line) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < WAITING {
            waiting.push(line);
        }
    }

    /// Writes what is kept in mind. Where that fails it is kept on, and a damaged file is replaced.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn flush(&self) -> Result<(), Fault> {
        let lines = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        if lines.is_empty() {
            return Ok(());
        }
        let mut file = self.file();
        let mut result = write(&file, &lines);
        if let Err(Fault::Sqlite(error)) = &result
            && is_damage(error)
        {
            set_aside(&self.path)?;
            *file = begin(&self.path)?;
            result = write(&file, &lines);
        }
        if result.is_err() {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let newer = std::mem::replace(&mut *waiting, lines);
            waiting.extend(newer);
            waiting.truncate(WAITING);
        }
        result
    }

    /// Throws away what began before `before_ms`, so that the file does not grow without end.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn forget(&self, before_ms: i64) -> Result<(), Fault> {
        let file = self.file();
        for sql in [
            "delete from plays where at_ms < ?1",
            "delete from reads where at_ms < ?1",
            "delete from searches where at_ms < ?1",
            "delete from halves where begin_ms < ?1",
        ] {
            file.execute(sql, [before_ms])?;
        }
        Ok(())
    }

    /// The file, for reports, with all that is kept in mind written. Hold it briefly.
    pub fn file(&self) -> MutexGuard<'_, Connection> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens the file of a data folder for reading, as it is; `None`: there is none.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn open_read(folder: &Path) -> Result<Option<Connection>, Fault> {
        let path = folder.join(JOURNAL_NAME);
        if !path.exists() {
            return Ok(None);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&path, flags)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(Some(connection))
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode as Code;
    matches!(error.sqlite_error_code(), Some(Code::DatabaseCorrupt | Code::NotADatabase))
}

fn set_aside(path: &Path) -> Result<(), Fault> {
    let aside = path.with_extension("damaged.db");
    tracing::warn!(kept = %aside.display(), "what was shown and read cannot be read any more; a new file is begun");
    std::fs::rename(path, &aside).map_err(|source| Fault::io(path, source))?;
    for log in ["db-wal", "db-shm"] {
        // there need not be one
        let _ = std::fs::remove_file(path.with_extension(log));
    }
    super::make_private(path);
    Ok(())
}

fn write(file: &Connection, lines: &[Line]) -> Result<(), Fault> {
    let transaction = file.unchecked_transaction()?;
    for line in lines {
        put(&transaction, line)?;
    }
    transaction.commit()?;
    Ok(())
}

fn put(file: &Connection, line: &Line) -> Result<(), Fault> {
    match line {
        Line::Play(play) => file
            .prepare_cached("insert into plays values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")?
            .execute(params![
                play.at_ms,
                play.screen,
                play.entry.as_str(),
                play.version,
                play.title,
                play.kind.as_str(),
                play.language,
                play.shown_ms,
                play.waiting,
                play.concerned,
                play.why
            ])?,
        Line::Read(read) => {
            file.prepare_cached("insert into reads values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?.execute(params![
                read.at_ms,
                read.entry.as_str(),
                read.version,
                read.title,
                read.place.word(),
                read.became.word(),
                read.ticket.map(|ticket| ticket.0),
                read.service.as_ref().map(ServiceId::as_str)
            ])?
        }
        Line::Search(search) => {
            file.prepare_cached("insert into searches values (?1, ?2, ?3, ?4, ?5, ?6)")?.execute(params![
                search.at_ms,
                search.words,
                search.language.as_str(),
                search.place.word(),
                search.found,
                search.fits
            ])?
        }
        Line::Half { begin_ms, answers } => file
            .prepare_cached("insert into halves values (?1, ?2) on conflict (begin_ms) do nothing")?
            .execute(params![begin_ms, answers])?,
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(words: &str) -> Line {
        let language = Lang::from("en");
        let words = words.to_owned();
        Line::Search(Search { at_ms: 1, words, language, place: Place::Phone, found: false, fits: false })
    }

    fn count(journal: &Journal) -> u32 {
        journal.file().query_row("select count(*) from searches", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn rows_wait_until_they_are_written_and_outlive_the_program() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path()).unwrap();
        journal.note(search("opening hours"));
        journal.note(Line::Half { begin_ms: 1, answers: true });
        assert_eq!(count(&journal), 0);
        journal.flush().unwrap();
        assert_eq!(count(&journal), 1);
        journal.forget(1).unwrap();
        assert_eq!(count(&journal), 1);
        drop(journal);
        assert_eq!(count(&Journal::open(folder.path()).unwrap()), 1);
        assert!(Journal::open_read(folder.path()).unwrap().is_some());
        let journal = Journal::open(folder.path()).unwrap();
        journal.forget(2).unwrap();
        assert_eq!(count(&journal), 0, "what is older than that is forgotten");
    }

    #[test]
    fn a_damaged_file_is_set_aside_and_a_new_one_begun() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(JOURNAL_NAME), "not a database, not at all".repeat(100)).unwrap();
        let journal = Journal::open(folder.path()).unwrap();
        journal.note(search("opening hours"));
        journal.flush().unwrap();
        assert_eq!(count(&journal), 1);
        assert!(folder.path().join("signage.damaged.db").exists());
    }
}
