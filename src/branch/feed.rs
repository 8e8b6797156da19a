//! The feed: one encoded copy of each change for every phone and screen.
//!
//! A client that joins gets the whole view, then frames. Every frame is encoded once and kept for a while, so a client that
//! comes back within it gets just what it missed (`Last-Event-ID`), and a client that reads slowly skips to the newest view
//! instead of piling up memory here.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::watch;

use crate::queue::{DevicesRow, Frame, Moment, NoticeRow, Queue, ServiceId, TicketId, View, WaitRow};

/// How many frames are kept for clients that come back.
const KEPT: usize = 512;

/// Where a client stands in the feed: `EPOCH-N`. An epoch is one run of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    epoch: u64,
    frame: u64,
}

impl Position {
    /// Reads a `Last-Event-ID`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (epoch, frame) = text.split_once('-')?;
        Some(Self { epoch: epoch.parse().ok()?, frame: frame.parse().ok()? })
    }
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.epoch, self.frame)
    }
}

/// What the view holds besides the lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// The estimator's rows.
    pub waits: BTreeMap<ServiceId, WaitRow>,
    /// What the public may know of the devices.
    pub devices: DevicesRow,
    /// The notices, the first first.
    pub notices: Vec<NoticeRow>,
}

/// What a client has to be sent, as server-sent events, and where it then stands.
#[derive(Clone, Debug)]
pub struct Since {
    /// Chunks to send, in order; empty: nothing new.
    pub chunks: Vec<Bytes>,
    /// The position after them.
    pub position: Position,
}

#[derive(Debug, Default)]
struct Inner {
    view: View,
    /// The number of the last frame.
    last: u64,
    /// The last frames, encoded, the newest at the back.
    frames: VecDeque<Bytes>,
    /// The view as JSON, of frame `last`.
    json: Option<Bytes>,
    /// The view as an event, of frame `last`.
    joined: Option<Bytes>,
}

/// What is published. See the module's text.
#[derive(Debug)]
pub struct Feed {
    epoch: u64,
    inner: Mutex<Inner>,
    wake: watch::Sender<u64>,
}

fn event(name: &str, position: Position, json: &str) -> Bytes {
    Bytes::from(format!("id: {position}\nevent: {name}\ndata: {json}\n\n"))
}

impl Feed {
    /// A feed that begins with `view`. `epoch` must differ from that of every earlier run.
    #[must_use]
    pub fn new(epoch: u64, view: View) -> Arc<Self> {
        let inner = Inner { view, ..Inner::default() };
        Arc::new(Self { epoch, inner: Mutex::new(inner), wake: watch::Sender::new(0) })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds the feed: until the new state is published, whoever reads from it waits.
    ///
    /// The writer answers while it holds the feed. So an answer need not wait until its frame is encoded, and whoever has the
    /// answer still finds in the feed what was answered.
    pub fn hold(&self) -> Held<'_> {
        Held { feed: self, inner: self.inner() }
    }

    /// The whole view as JSON, encoded at most once for each change.
    #[must_use]
    pub fn json(&self) -> Bytes {
        let mut inner = self.inner();
        if let Some(json) = &inner.json {
            return json.clone();
        }
        let json = Bytes::from(serde_json::to_vec(&inner.view).unwrap_or_default());
        inner.json = Some(json.clone());
        json
    }

    /// Reads from the view.
    pub fn with_view<T>(&self, read: impl FnOnce(&View) -> T) -> T {
        read(&self.inner().view)
    }

    /// The number of the last frame; it changes with every publication.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.inner().last
    }

    /// What a client has to be sent that stands at `position`; a client that has just come, stands nowhere.
    #[must_use]
    pub fn since(&self, position: Option<Position>) -> Since {
        let mut inner = self.inner();
        let now = Position { epoch: self.epoch, frame: inner.last };
        let missed = position
            .filter(|at| at.epoch == self.epoch && at.frame <= inner.last)
            .and_then(|at| usize::try_from(inner.last - at.frame).ok())
            .filter(|missed| *missed <= inner.frames.len());
        let chunks = match missed {
            Some(missed) => inner.frames.range(inner.frames.len() - missed..).cloned().collect(),
            None => vec![joined(&mut inner, now)],
        };
        Since { chunks, position: now }
    }

    /// Wakes whenever something was published.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.wake.subscribe()
    }
}

/// A feed that is held. Letting it go publishes nothing.
#[derive(Debug)]
pub struct Held<'a> {
    feed: &'a Feed,
    inner: MutexGuard<'a, Inner>,
}

impl Held<'_> {
    /// The view as it was published last.
    #[must_use]
    pub fn view(&self) -> &View {
        &self.inner.view
    }

    /// Publishes the state `queue` with what is beside it: to everybody at once, encoded once. Nothing is sent if nothing that
    /// shows has changed.
    pub fn publish(
        self,
        queue: &Queue,
        Beside { waits, devices, notices }: Beside,
        at: &Moment,
        touched: impl IntoIterator<Item = TicketId>,
        whole: bool,
    ) {
        let Self { feed, mut inner } = self;
        let frame = if whole {
            Frame::whole(View { devices, notices, ..View::of(queue, &inner.view.store, waits, at) })
        } else {
            let devices = (inner.view.devices != devices).then_some(devices);
            let notices = (inner.view.notices != notices).then_some(notices);
            Frame { devices, notices, ..inner.view.frame_to(queue, waits, at, touched) }
        };
        if frame.is_empty() {
            return;
        }
        let position = Position { epoch: feed.epoch, frame: inner.last + 1 };
        // serialising plain data to text cannot fail; were it to, clients would get the next view instead
        let Ok(json) = serde_json::to_string(&frame) else { return };
        inner.frames.push_back(event("frame", position, &json));
        if inner.frames.len() > KEPT {
            inner.frames.pop_front();
        }
        inner.view.apply(frame);
        inner.last += 1;
        inner.json = None;
        inner.joined = None;
        let last = inner.last;
        drop(inner);
        feed.wake.send_replace(last);
    }
}

fn joined(inner: &mut Inner, now: Position) -> Bytes {
    if let Some(joined) = &inner.joined {
        return joined.clone();
    }
    let json = serde_json::to_string(&inner.view).unwrap_or_default();
    let joined = event("view", now, &json);
    inner.joined = Some(joined.clone());
    joined
}
