//! Checkpoints: the log's pages are moved into the file on a connection and thread of their own, so that no commit waits for it.
//!
//! SQLite begins its log anew only when all of it has been moved and nobody reads it. A log that begins anew is written over
//! what is there; one that goes on makes its file longer, and each commit then syncs the new length too. So a checkpoint is
//! followed by others, until one finds that nothing came meanwhile.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::ledger::{self, Fault};

/// How long after a checkpoint the next looks what came meanwhile. It doubles with each.
const PAUSE: Duration = Duration::from_millis(10);
/// Beyond this pause the rest waits for the next time that a checkpoint is due.
const LONGEST_PAUSE: Duration = Duration::from_millis(640);

/// Starts the thread. Each message on `due` makes it move the log of the ledger at `path`; it ends with the channel.
pub(super) fn checkpointer(path: PathBuf, due: Receiver<()>) -> Option<JoinHandle<()>> {
    let run = move || {
        let connection = match ledger::open(&path) {
            Ok(connection) => connection,
            Err(error) => return tracing::error!(%error, "no checkpoints: the log will grow until the next start"),
        };
        while due.recv().is_ok() {
            match until_quiet(&connection, &due) {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => tracing::warn!(%error, "a checkpoint failed; the next one does its work"),
            }
        }
    };
    let thread = std::thread::Builder::new().name("checkpoint".into()).spawn(run);
    thread.inspect_err(|error| tracing::error!(%error, "no checkpoints: the log will grow until the next start")).ok()
}

/// Moves the log until nothing came meanwhile, for a while. Says whether there will be more to do.
fn until_quiet(connection: &rusqlite::Connection, due: &Receiver<()>) -> Result<bool, Fault> {
    let mut pause = PAUSE;
    let mut moved = ledger::checkpoint(connection, false)?;
    while pause <= LONGEST_PAUSE {
        if due.recv_timeout(pause) == Err(RecvTimeoutError::Disconnected) {
            return Ok(false);
        }
        let now = ledger::checkpoint(connection, false)?;
        if now.is_some() && now == moved {
            break;
        }
        moved = now;
        pause *= 2;
    }
    Ok(true)
}
