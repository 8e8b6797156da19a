//! What hangs on the boards: for each that is connected, a rotation on the live line, and a stream of what it says.
//!
//! A board is whoever listens under its name. While somebody does, its keeper looks once a second, and whenever what is live
//! changes: what is not right any more comes down at once, what has been there long enough makes room. What really hung is
//! written into the journal; a rotation without a board stands still.
//!
//! Anyone may look at a board, on a phone too. What hung is counted as shown where a screen of the branch listened, staff, or a
//! program on this machine; or where the board's name is the branch's own word: the usual one, or one that an entry is for. So
//! nobody invents boards whose figures a manager would believe.

mod half;
mod hung;
mod keeper;
mod stream;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::routing::get;
use serde::Deserialize;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use self::hung::Hanging;
use super::Shared;
use crate::clock::stopwatch;
use crate::ledger::{Entries, Fault};
use crate::signage::EntryId;
use crate::signage::rotation::{Proved, Rotation};

/// The board's name where none is given.
const USUAL: &str = "board";
/// A branch has a few boards; names beyond that are somebody trying.
const MOST_BOARDS: usize = 32;
/// The longest name of a board, characters.
const LONGEST_NAME: usize = 40;
/// How useful entries proved is counted anew this often, seconds.
const PROVED_S: u64 = 600;
/// The manager's setting is read this often, seconds.
const SETTING_S: u64 = 10;
/// So many days of readers say how useful an entry is.
const PROVED_DAYS: i64 = 90;

/// All boards.
#[derive(Default)]
pub(super) struct Walls {
    boards: Mutex<HashMap<String, Wall>>,
    known: Mutex<Known>,
}

/// One board.
struct Wall {
    hangs: watch::Sender<Hanging>,
    /// Held once by each listener that is known.
    known: Arc<()>,
    /// Not with the keeper: nobody listens.
    rotation: Option<Rotation>,
    keeper: Option<JoinHandle<()>>,
}

/// What the rotations go by besides the line and the content.
#[derive(Default)]
struct Known {
    proved: Arc<BTreeMap<EntryId, Proved>>,
    proved_at: Option<Instant>,
    experiment: bool,
    experiment_at: Option<Instant>,
    /// The half-hour that was told to the journal.
    half_ms: Option<i64>,
}

impl Known {
    /// Whether a half-hour is a new one.
    fn told_half(&mut self, begin_ms: i64) -> bool {
        self.half_ms.replace(begin_ms) != Some(begin_ms)
    }
}

/// What a listener holds: what hangs, and whether it is one of the branch's own.
type Joined = (watch::Receiver<Hanging>, Option<Arc<()>>);

/// The document `wall`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Setting {
    /// Whether answers are off in random half-hours.
    experiment: bool,
}

impl Walls {
    fn boards(&self) -> MutexGuard<'_, HashMap<String, Wall>> {
        self.boards.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Listens under a name; `None`: there are too many.
    fn join(&self, app: &Shared, name: &str, known: bool) -> Option<Joined> {
        let mut boards = self.boards();
        if !boards.contains_key(name) && boards.len() >= MOST_BOARDS {
            boards.retain(|_, wall| wall.hangs.receiver_count() > 0);
            if boards.len() >= MOST_BOARDS {
                return None;
            }
        }
        let wall = boards.entry(name.to_owned()).or_insert_with(|| Wall {
            hangs: watch::Sender::default(),
            known: Arc::default(),
            rotation: None,
            keeper: None,
        });
        let listening = (wall.hangs.subscribe(), known.then(|| wall.known.clone()));
        if wall.keeper.as_ref().is_none_or(JoinHandle::is_finished) {
            let seed = || half::mix(name.bytes().fold(0, |seed, byte| half::mix(seed ^ u64::from(byte))));
            let rotation = wall.rotation.take().unwrap_or_else(|| Rotation::new(seed()));
            let keeper =
                keeper::Keeper::new(app.clone(), name.to_owned(), rotation, wall.hangs.clone(), Arc::downgrade(&wall.known));
            wall.keeper = Some(tokio::spawn(keeper.keep()));
        }
        Some(listening)
    }

    /// Gives the rotation back, if still nobody listens; otherwise it is the keeper's to go on with.
    fn rest(&self, name: &str, rotation: Rotation) -> Option<Rotation> {
        let mut boards = self.boards();
        match boards.get_mut(name) {
            Some(wall) if wall.hangs.receiver_count() > 0 => Some(rotation),
            Some(wall) => {
                (wall.rotation, wall.keeper) = (Some(rotation), None);
                None
            }
            None => None,
        }
    }
}

/// Reads what the rotations go by, where that is too long ago. What cannot be read stays as it was.
async fn look(app: &Shared) {
    let now = stopwatch();
    let old = |at: Option<Instant>, seconds| at.is_none_or(|at| now.duration_since(at).as_secs() >= seconds);
    let (setting, proving) = {
        let mut known = app.walls.known();
        let (setting, proving) = (old(known.experiment_at, SETTING_S), old(known.proved_at, PROVED_S));
        if setting {
            known.experiment_at = Some(now);
        }
        if proving {
            known.proved_at = Some(now);
        }
        (setting, proving)
    };
    if !setting && !proving {
        return;
    }
    let reader = app.clone();
    let read = tokio::task::spawn_blocking(move || -> Result<(), Fault> {
        if setting {
            let document = Entries(&reader.accounts()).document::<Setting>("wall")?;
            reader.walls.known().experiment = document.is_some_and(|row| row.body.experiment);
        }
        if proving {
            let proved = proved(&reader)?;
            reader.walls.known().proved = Arc::new(proved);
        }
        Ok(())
    });
    if let Ok(Err(fault)) = read.await {
        tracing::warn!(error = %fault, "how useful answers proved cannot be read; boards go on by what they know");
    }
}

/// How often each entry was opened lately, and how often it helped.
fn proved(app: &Shared) -> Result<BTreeMap<EntryId, Proved>, Fault> {
    let since_ms = app.branch.now().wall_ms - PROVED_DAYS * 86_400_000;
    let file = app.journal.file();
    let mut statement = file.prepare_cached(
        "select entry, sum(what = 'opened'), sum(what in ('helped', 'answered')) from reads where at_ms >= ?1 group by entry",
    )?;
    let rows = statement
        .query_map([since_ms], |row| Ok((row.get::<_, String>(0)?, Proved { opened: row.get(1)?, helped: row.get(2)? })))?;
    let mut proved = BTreeMap::new();
    for row in rows {
        let (id, of) = row?;
        // helped without being opened, at a desk: then it was read all the same
        let of = Proved { opened: of.opened.max(of.helped), ..of };
        proved.extend(EntryId::try_from(id).ok().map(|id| (id, of)));
    }
    Ok(proved)
}

/// The routes.
pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/api/wall", get(stream::wall)).route("/api/wall/pictures/{id}", get(stream::picture))
}
