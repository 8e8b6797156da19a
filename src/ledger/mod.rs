//! The ledger: one SQLite file that holds what happened.
//!
//! It is written by one thread (`branch`) in transactions that are durable when they return: WAL with `synchronous = FULL`.
//! Measured with the filesystem cut off without a flush, that loses nothing, where `NORMAL` loses commits (docs/reference).
//! Checkpoints run on a connection and thread of their own, so that a commit waits for one sync only.
//!
//! Accounts, devices and notes live in the same file but in other tables, written by whoever needs them; SQLite keeps writers
//! apart across threads and processes.

mod accounts;
mod append;
mod audit;
mod backup;
pub mod bundle;
mod changes;
mod check;
mod entries;
mod export;
mod images;
mod import;
mod journal;
mod learn;
mod load;
mod lock;
mod papers;
mod past;
mod personal;
mod prints;
mod promises;
mod proved;
mod report;
mod upgrade;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use crate::queue::{Moment, Recorded};

pub use accounts::{Accounts, Role, Session, StaffRow, hash_secret, new_token, secret_fits};
pub use append::{Request, Writer};
pub use audit::{Audit, AuditRow};
pub use backup::{backup, expire_backups};
pub use changes::{Change, changes};
pub use check::{Report, check};
pub use entries::{By, DocumentRow, Entries, EntryRow, EntryState, NewVersion, NoticeRow};
pub use export::{ExportFormat, VisitRow, export};
pub use images::{IMAGES_ROOM, ImageRow, Images};
pub use import::{ImportedVisit, Importer, Taken, first_own_day, imported, imported_in_order};
pub use journal::{Became, JOURNAL_NAME, Journal, Line, Place, Play, Read, Search};
pub use load::{Loaded, services};
pub use lock::{FolderLock, Holder};
pub use papers::{PaperRow, Papers};
pub use past::past;
pub use personal::{Personal, PersonalStore};
pub use prints::{PrintRow, PrintState, Slip, Spool};
pub use promises::promises_since;
pub use proved::proved;
pub use report::{journal_since, visits_since};

/// `pragma application_id` of a ledger: "NowS".
const APPLICATION_ID: i32 = 0x4e6f_7753;
/// The version of `schema.sql`.
pub const SCHEMA_VERSION: i32 = 4;
const SCHEMA: &str = include_str!("schema.sql");
/// The file's name in the data folder.
pub const FILE_NAME: &str = "ledger.db";

/// Something the ledger could not do. The command that met it changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// SQLite or the disk failed.
    #[error("The ledger could not be used{}", hint(.0))]
    Sqlite(#[from] rusqlite::Error),
    /// A file could not be used.
    #[error("{path}: {source}.{}", io_hint(.source))]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is something else.
    #[error("{0} is not a nowserving ledger. Choose another data folder.")]
    NotALedger(PathBuf),
    /// A newer program wrote the file.
    #[error(
        "This ledger has version {found}; this program reads up to {SCHEMA_VERSION}. Install the newer nowserving that wrote it; nothing was changed."
    )]
    Newer {
        /// The file's version.
        found: i32,
    },
    /// An older program wrote the file, and it is only to be read.
    #[error(
        "This ledger has version {found}, which an older nowserving wrote. Start the branch once with this one (`nowserving run`): it leads the ledger to version {SCHEMA_VERSION}. Nothing was changed."
    )]
    Older {
        /// The file's version.
        found: i32,
    },
    /// A row cannot be read.
    #[error("Event {seq} of the ledger cannot be read. Run `nowserving check`.")]
    Event {
        /// Which.
        seq: u64,
        /// Why.
        source: serde_json::Error,
    },
    /// A stored state cannot be read.
    #[error("The ledger's snapshot cannot be read. Run `nowserving check`.")]
    Snapshot(#[source] serde_json::Error),
    /// Events do not follow each other.
    #[error("The ledger has a gap: event {expected} is missing, {found} was found. Run `nowserving check`.")]
    Gap {
        /// What should have come.
        expected: u64,
        /// What came.
        found: u64,
    },
    /// Another process holds the data folder.
    #[error("{0}")]
    Held(Holder),
    /// A secret could not be hashed.
    #[error("The secret could not be hashed: {0}")]
    Hash(String),
}

/// What a person can do about a disk's error.
fn hint(error: &rusqlite::Error) -> &'static str {
    use rusqlite::ErrorCode as Code;
    match error.sqlite_error_code() {
        Some(Code::DiskFull) => ": the disk is full. Make room; nothing was lost.",
        Some(Code::ReadOnly | Code::PermissionDenied) => ": the data folder is read-only. Make it writable for this user.",
        Some(Code::CannotOpen) => ": it cannot be opened. Check that the data folder exists and is writable.",
        Some(Code::DatabaseCorrupt | Code::NotADatabase) => ": it is damaged. Run `nowserving check` and restore a backup.",
        Some(Code::DatabaseBusy | Code::DatabaseLocked) => ": another program is writing to it.",
        Some(Code::SystemIoFailure) => ": the disk failed. Check the card and its power.",
        _ => ".",
    }
}

/// What a person can do about a file's error.
fn io_hint(error: &std::io::Error) -> &'static str {
    match error.kind() {
        std::io::ErrorKind::ReadOnlyFilesystem => {
            " The disk is read-only: make it writable, or choose another folder with --data."
        }
        std::io::ErrorKind::PermissionDenied => " This user may not write there: choose another folder with --data.",
        _ => "",
    }
}

impl Fault {
    /// Whether the disk has no room.
    #[must_use]
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Sqlite(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull))
    }

    pub(crate) fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }
}

/// Where a data folder keeps its ledger.
#[must_use]
pub fn path_in(folder: &Path) -> PathBuf {
    folder.join(FILE_NAME)
}

/// Opens a ledger for writing, makes it if there is none, and leads an older one to today's schema.
///
/// # Errors
/// A [`Fault`] that names what to do: not a ledger, from a newer program, read-only, full.
pub fn open(path: &Path) -> Result<Connection, Fault> {
    make_private(path);
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    upgrade::writable_version(&connection, path)?;
    prepare(&connection)?;
    upgrade::upgrade(&mut connection, path)?;
    Ok(connection)
}

/// A new ledger is for this user only, whatever folder it is in: it will hold what customers told the desk, and hashes of
/// secrets. SQLite gives its log the same rights. Where that cannot be done, SQLite says why when it opens the file.
fn make_private(path: &Path) {
    use std::os::unix::fs::OpenOptionsExt;
    let _ = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
}

/// Opens a ledger for reading only. It must exist.
///
/// # Errors
/// A [`Fault`], as with [`open`].
pub fn open_read(path: &Path) -> Result<Connection, Fault> {
    let connection = open_any(path)?;
    upgrade::expect_current(&connection, path)?;
    Ok(connection)
}

/// The same for whoever needs not know what is in it: an older ledger too.
fn open_any(path: &Path) -> Result<Connection, Fault> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    match upgrade::expect_current(&connection, path) {
        Ok(()) | Err(Fault::Older { .. }) => {}
        Err(fault) => return Err(fault),
    }
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// Hands every event of the ledger at `path` to `take`, oldest first.
///
/// # Errors
/// A [`Fault`] if the ledger cannot be read or an event is missing, and whatever `take` returns.
pub fn events(path: &Path, take: impl FnMut(Recorded) -> Result<(), Fault>) -> Result<(), Fault> {
    load::each_event(&open_read(path)?, 0, take)
}

/// When the newest event of the ledger at `path` happened; `None`: nothing has.
///
/// # Errors
/// A [`Fault`] if the ledger cannot be read.
pub fn newest_moment(path: &Path) -> Result<Option<Moment>, Fault> {
    let connection = open_read(path)?;
    let last: u64 = connection.query_row("select coalesce(max(seq), 0) from events", [], |row| row.get(0))?;
    let mut newest = None;
    load::each_event(&connection, last.saturating_sub(1), |recorded| {
        newest = Some(recorded.at);
        Ok(())
    })?;
    Ok(newest)
}

fn prepare(connection: &Connection) -> Result<(), Fault> {
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "secure_delete", true)?;
    // the checkpointer thread does it; this is what is left if that thread is late
    connection.pragma_update(None, "wal_autocheckpoint", 20_000)?;
    // 2 MiB: the hub has 40 MiB for everything
    connection.pragma_update(None, "cache_size", -2048)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(())
}

/// Reads a single setting.
///
/// # Errors
/// A [`Fault`] of the disk.
pub fn setting(connection: &Connection, name: &str) -> Result<Option<String>, Fault> {
    let mut statement = connection.prepare_cached("select value from settings where name = ?1")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

/// Writes a single setting; `None` removes it.
///
/// # Errors
/// A [`Fault`] of the disk.
pub fn put_setting(connection: &Connection, name: &str, value: Option<&str>) -> Result<(), Fault> {
    match value {
        Some(value) => connection.execute(
            "insert into settings (name, value) values (?1, ?2) on conflict (name) do update set value = excluded.value",
            [name, value],
        )?,
        None => connection.execute("delete from settings where name = ?1", [name])?,
    };
    Ok(())
}

/// Moves what is in the write-ahead log into the file: the number of pages in the log if that was all of them. With `truncate`
/// the log is emptied too, and with it every old page.
///
/// # Errors
/// A [`Fault`] of the disk. A busy log is no error: the next checkpoint does it.
pub fn checkpoint(connection: &Connection, truncate: bool) -> Result<Option<i64>, Fault> {
    let mode = if truncate { "pragma wal_checkpoint(truncate)" } else { "pragma wal_checkpoint(passive)" };
    let (busy, log, moved): (i64, i64, i64) =
        connection.query_row(mode, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok((busy == 0 && log == moved).then_some(log))
}
