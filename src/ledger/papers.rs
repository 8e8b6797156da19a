//! What managers set for the paper: one draft at most, what is live, and what it was before.
//!
//! Rows are kept as text and bytes; `paper` knows what they mean. Nothing is ever changed in place once it was live: going back
//! writes an older row again, so that the list of what was, and of who did it, stays whole.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::Fault;

/// So many versions are kept; the oldest go first.
const KEPT: u32 = 30;

/// One version of what stands on a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperRow {
    /// Its name. Larger ones are newer.
    pub id: i64,
    /// When it was written, wall clock.
    pub wall_ms: i64,
    /// By whom: `staff:Anna`.
    pub actor: String,
    /// The parts, as JSON.
    pub body: String,
    /// The logo, as PNG.
    pub logo: Option<Vec<u8>>,
}

/// Reads and writes the versions on a connection.
#[derive(Debug)]
pub struct Papers<'a>(pub &'a Connection);

const COLUMNS: &str = "select id, wall_ms, actor, body, logo from papers";

fn read(row: &Row<'_>) -> rusqlite::Result<PaperRow> {
    Ok(PaperRow { id: row.get(0)?, wall_ms: row.get(1)?, actor: row.get(2)?, body: row.get(3)?, logo: row.get(4)? })
}

fn forget_oldest(connection: &Connection) -> Result<(), Fault> {
    connection.execute(
        "delete from papers where draft = 0
         and id <= (select id from papers where draft = 0 order by id desc limit 1 offset ?1)",
        [KEPT],
    )?;
    Ok(())
}

impl Papers<'_> {
    fn one(&self, rest: &str, params: impl rusqlite::Params) -> Result<Option<PaperRow>, Fault> {
        let mut statement = self.0.prepare_cached(&format!("{COLUMNS} {rest}"))?;
        Ok(statement.query_row(params, read).optional()?)
    }

    /// What is printed; `None`: nobody has set anything.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn live(&self) -> Result<Option<PaperRow>, Fault> {
        self.one("where draft = 0 order by id desc limit 1", [])
    }

    /// What somebody is working on.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn draft(&self) -> Result<Option<PaperRow>, Fault> {
        self.one("where draft = 1", [])
    }

    /// Every version that was live, newest first: the first is what is printed.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn versions(&self) -> Result<Vec<PaperRow>, Fault> {
        let mut statement = self.0.prepare_cached(&format!("{COLUMNS} where draft = 0 order by id desc"))?;
        let rows = statement.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps a draft in the place of the one there was.
    ///
    /// # Errors
    /// A [`Fault`] of the disk; the draft there was is then still there.
    pub fn put_draft(&self, body: &str, logo: Option<&[u8]>, actor: &str, now_ms: i64) -> Result<(), Fault> {
        let mut statement = self.0.prepare_cached(
            "insert into papers (draft, wall_ms, actor, body, logo) values (1, ?1, ?2, ?3, ?4)
             on conflict (draft) where draft = 1
             do update set wall_ms = excluded.wall_ms, actor = excluded.actor, body = excluded.body, logo = excluded.logo",
        )?;
        statement.execute(params![now_ms, actor, body, logo])?;
        Ok(())
    }

    /// Throws the draft away. Says whether there was one.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn drop_draft(&self) -> Result<bool, Fault> {
        Ok(self.0.execute("delete from papers where draft = 1", [])? > 0)
    }

    /// Makes this what is printed from now on. A draft stays.
    ///
    /// # Errors
    /// A [`Fault`] of the disk; nothing has changed then.
    pub fn publish(&self, body: &str, logo: Option<&[u8]>, actor: &str, now_ms: i64) -> Result<(), Fault> {
        let transaction = self.0.unchecked_transaction()?;
        transaction.execute(
            "insert into papers (draft, wall_ms, actor, body, logo) values (0, ?1, ?2, ?3, ?4)",
            params![now_ms, actor, body, logo],
        )?;
        forget_oldest(&transaction)?;
        transaction.commit()?;
        Ok(())
    }

    /// Makes the draft that was written at `written_ms` what is printed from now on. Says whether that is still the draft.
    ///
    /// # Errors
    /// A [`Fault`] of the disk; nothing has changed then.
    pub fn publish_draft(&self, written_ms: i64, actor: &str, now_ms: i64) -> Result<bool, Fault> {
        let transaction = self.0.unchecked_transaction()?;
        let copied = transaction.execute(
            "insert into papers (draft, wall_ms, actor, body, logo)
             select 0, ?2, ?3, body, logo from papers where draft = 1 and wall_ms = ?1",
            params![written_ms, now_ms, actor],
        )?;
        if copied > 0 {
            transaction.execute("delete from papers where draft = 1", [])?;
            forget_oldest(&transaction)?;
        }
        transaction.commit()?;
        Ok(copied > 0)
    }

    /// Prints an older version again, as a new one. Says whether there is such a version. A draft stays.
    ///
    /// # Errors
    /// A [`Fault`] of the disk; nothing has changed then.
    pub fn back_to(&self, id: i64, actor: &str, now_ms: i64) -> Result<bool, Fault> {
        let copied = self.0.execute(
            "insert into papers (draft, wall_ms, actor, body, logo)
             select 0, ?2, ?3, body, logo from papers where id = ?1 and draft = 0",
            params![id, now_ms, actor],
        )?;
        Ok(copied > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger() -> (tempfile::TempDir, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let connection = super::super::open(&super::super::path_in(folder.path())).unwrap();
        (folder, connection)
    }

    #[test]
    fn a_draft_is_one_and_not_live_and_what_was_can_be_again() {
        let (_folder, connection) = ledger();
        let papers = Papers(&connection);
        assert_eq!(papers.live().unwrap(), None);
        papers.put_draft("{}", Some(b"png"), "staff:Anna", 1).unwrap();
        papers.put_draft("[1]", None, "staff:Ben", 2).unwrap();
        assert_eq!(papers.live().unwrap(), None);
        let draft = papers.draft().unwrap().unwrap();
        assert_eq!((draft.body.as_str(), draft.logo, draft.actor.as_str()), ("[1]", None, "staff:Ben"));
        // only the draft that was looked at
        assert!(!papers.publish_draft(1, "staff:Ben", 3).unwrap());
        assert_eq!(papers.live().unwrap(), None);
        papers.put_draft("[1]", Some(b"one"), "staff:Ben", 3).unwrap();
        assert!(papers.publish_draft(3, "staff:Ben", 4).unwrap());
        assert_eq!(papers.draft().unwrap(), None);
        papers.publish("[2]", None, "staff:Ben", 4).unwrap();
        papers.put_draft("[3]", None, "staff:Ben", 5).unwrap();
        let first = papers.versions().unwrap()[1].clone();
        assert!(papers.back_to(first.id, "staff:Anna", 6).unwrap());
        let live = papers.live().unwrap().unwrap();
        assert_eq!((live.body.as_str(), live.logo.as_deref(), live.wall_ms), ("[1]", Some(b"one".as_slice()), 6));
        assert_eq!(papers.versions().unwrap().len(), 3, "going back forgets nothing");
        assert!(papers.draft().unwrap().is_some());
        // neither a draft nor what never was
        assert!(!papers.back_to(papers.draft().unwrap().unwrap().id, "staff:Anna", 7).unwrap());
        assert!(!papers.back_to(999, "staff:Anna", 7).unwrap());
    }

    #[test]
    fn so_many_versions_are_kept() {
        let (_folder, connection) = ledger();
        let papers = Papers(&connection);
        for n in 0..i64::from(KEPT) + 5 {
            papers.publish(&format!("[{n}]"), None, "staff:Anna", n).unwrap();
        }
        let versions = papers.versions().unwrap();
        assert_eq!(versions.len(), KEPT as usize);
        assert_eq!(versions[0].body, format!("[{}]", KEPT + 4));
    }
}
