//! What staff did that no event knows of. Rows are only added.

use rusqlite::{Connection, params};
use serde::Serialize;

use super::{By, Fault};

/// One thing that was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditRow {
    /// When, wall clock, milliseconds.
    pub wall_ms: i64,
    /// Who.
    pub actor: String,
    /// What: `entry published`.
    pub action: String,
    /// To what: the entry's name.
    pub subject: String,
}

/// Reads and writes the list on a connection.
#[derive(Debug)]
pub struct Audit<'a>(pub &'a Connection);

impl Audit<'_> {
    /// Notes that something was done.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn note(&self, by: By<'_>, action: &str, subject: &str) -> Result<(), Fault> {
        let mut statement =
            self.0.prepare_cached("insert into audit (wall_ms, actor, action, subject) values (?1, ?2, ?3, ?4)")?;
        statement.execute(params![by.wall_ms, by.actor, action, subject])?;
        Ok(())
    }

    /// Notes a login that failed, at most 200 an hour: whoever guesses must not fill the disk.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn note_failed_login(&self, by: By<'_>, subject: &str) -> Result<(), Fault> {
        let sql = "insert into audit (wall_ms, actor, action, subject) select ?1, ?2, 'login failed', ?3
            where (select count(*) from (select wall_ms from audit where action = 'login failed' order by id desc limit 200)
                   where wall_ms > ?1 - 3600000) < 200";
        self.0.prepare_cached(sql)?.execute(params![by.wall_ms, by.actor, subject])?;
        Ok(())
    }

    /// The last `most` things that were done, newest first.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn last(&self, most: u32) -> Result<Vec<AuditRow>, Fault> {
        let sql = "select wall_ms, actor, action, subject from audit order by id desc limit ?1";
        let mut statement = self.0.prepare_cached(sql)?;
        let rows = statement.query_map([most], |row| {
            Ok(AuditRow { wall_ms: row.get(0)?, actor: row.get(1)?, action: row.get(2)?, subject: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
