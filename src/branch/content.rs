//! What is live to be read, as every surface sees it.
//!
//! Managers write rows into the ledger; [`Branch::reload_content`] takes what is live out of it and tells everybody: notices go
//! out with the feed at once, whoever shows entries wakes by [`Branch::content_changes`]. What changes by the clock alone, a
//! notice that ends, a publication that was set for later, is looked at once a second ([`Branch::content_due`]).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use tokio::sync::watch;

use super::Branch;
use crate::ledger::{Entries, Fault};
use crate::queue::NoticeRow;
use crate::signage::{Content, Level, Notice, NoticeId};

/// What is live, and when it next changes by itself: wall clock, milliseconds.
#[derive(Debug, Default)]
struct Now {
    content: Arc<Content>,
    due_ms: Option<i64>,
}

/// See the module's text.
#[derive(Debug)]
pub(super) struct Reading {
    now: Mutex<Now>,
    changes: watch::Sender<u64>,
}

impl Reading {
    pub(super) fn new() -> Self {
        Self { now: Mutex::default(), changes: watch::Sender::new(0) }
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The notices as the public gets them, the loudest first, then the newest.
    pub(super) fn notices(&self) -> Vec<NoticeRow> {
        let mut rows: Vec<_> = self.now().content.notices.iter().map(public).collect();
        rows.sort_by_key(|row| std::cmp::Reverse((row.level, row.id)));
        rows
    }
}

fn public((NoticeId(id), notice, until_ms): &(NoticeId, Notice, i64)) -> NoticeRow {
    let translations = notice.translations.iter().map(|(language, text)| (language.clone(), text.clone()));
    NoticeRow {
        id: *id,
        level: match notice.level {
            Level::Info => 0,
            Level::Warning => 1,
            Level::Urgent => 2,
        },
        text: notice.text.clone(),
        translations: translations.collect::<BTreeMap<_, _>>(),
        service: notice.service.clone(),
        until_ms: *until_ms,
    }
}

impl Branch {
    /// All that is live now.
    #[must_use]
    pub fn content(&self) -> Arc<Content> {
        self.reading.now().content.clone()
    }

    /// Takes what is live out of the ledger and tells everybody.
    ///
    /// # Errors
    /// A [`Fault`] of the disk; what was live stays so.
    pub async fn reload_content(&self, connection: &Mutex<Connection>) -> Result<(), Fault> {
        let changed = {
            let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            let (content, due_ms) = Entries(&connection).content(self.now().wall_ms)?;
            let mut now = self.reading.now();
            now.due_ms = due_ms;
            (*now.content != content).then(|| now.content = Arc::new(content)).is_some()
        };
        if changed {
            self.reading.changes.send_modify(|changes| *changes += 1);
            self.publish_around().await;
            // a manager who is told that a notice is out, or gone, has been told the truth; a branch that stops tells nobody
            self.ping().await;
        }
        Ok(())
    }

    /// Whether what is live has changed by the clock alone.
    #[must_use]
    pub fn content_due(&self) -> bool {
        let due_ms = self.reading.now().due_ms;
        due_ms.is_some_and(|due_ms| self.now().wall_ms >= due_ms)
    }

    /// Wakes whenever what is live has changed.
    #[must_use]
    pub fn content_changes(&self) -> watch::Receiver<u64> {
        self.reading.changes.subscribe()
    }
}
