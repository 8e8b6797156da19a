//! Keeps one board while somebody listens.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use chrono::NaiveDateTime;
use tokio::sync::watch;

use super::hung::{self, Hanging, Hung};
use super::{USUAL, half, look};
use crate::clock::stopwatch;
use crate::ledger::{Line, Play};
use crate::queue::{Hours, Lang, Moment, Queue, ServiceId, ServiceRow, WaitRow};
use crate::signage::rotation::{Hall, Proved, Rotation, Shown, Waiting};
use crate::signage::{Content, EntryId};
use crate::supervise::stopped;
use crate::web::Shared;

/// How often it looks at the clock and the line.
const TICK: Duration = Duration::from_secs(1);

pub(super) struct Keeper {
    app: Shared,
    name: String,
    rotation: Rotation,
    hangs: watch::Sender<Hanging>,
    /// Held by the wall, and by each listener that is known.
    known: Weak<()>,
    /// What times are counted from.
    begun: Instant,
    until: Option<Instant>,
    /// When what hangs began, wall clock, and how many waited.
    since: (i64, u32),
    /// Whether somebody who counts has seen what hangs.
    counts: bool,
}

/// The branch at one moment.
struct Now {
    at: Moment,
    open: bool,
    content: Arc<Content>,
    services: Vec<ServiceRow>,
    hours: Hours,
    waiting: Vec<Waiting>,
    proved: Arc<BTreeMap<EntryId, Proved>>,
    house: Lang,
    local: NaiveDateTime,
    answers_off: bool,
}

impl Now {
    fn of(app: &Shared) -> Self {
        let at = app.branch.now();
        let (waits, services) = app.branch.feed().with_view(|view| (view.waits.clone(), view.services.clone()));
        let (open, hours, waiting) = {
            let queue = &app.branch.live().queue;
            (queue.open_day().is_some(), queue.hours().clone(), waiting(queue, &waits, &at))
        };
        let (proved, experiment) = {
            let known = app.walls.known();
            (known.proved.clone(), known.experiment)
        };
        let local = at.local();
        let (begin, answers) = half::of(local);
        if experiment && open {
            let begin_ms = at.wall_ms - local.signed_duration_since(begin).num_milliseconds();
            // told once in each half-hour; the file keeps one row of them
            if app.walls.known().told_half(begin_ms) {
                app.journal.note(Line::Half { begin_ms, answers });
            }
        }
        Self {
            at,
            open,
            content: app.branch.content(),
            services,
            hours,
            waiting,
            proved,
            house: app.first_words().lang(),
            local,
            answers_off: experiment && !answers,
        }
    }

    fn hall<'a>(&'a self, screen: &'a str) -> Hall<'a> {
        Hall {
            content: &self.content,
            local: self.local,
            screen,
            house: &self.house,
            waiting: &self.waiting,
            proved: &self.proved,
            answers_off: self.answers_off,
        }
    }
}

/// Who waits, and about how long still: the middle of what the public is told.
fn waiting(queue: &Queue, waits: &BTreeMap<ServiceId, WaitRow>, at: &Moment) -> Vec<Waiting> {
    let lines = queue.services().flat_map(|service| queue.line(&service.service.id));
    let wait = |ticket: &crate::queue::Ticket| {
        let row = waits.get(&ticket.service);
        let range = row.zip(queue.ahead(ticket)).and_then(|(row, ahead)| row.range(ahead));
        Waiting {
            ticket: ticket.id,
            service: ticket.service.clone(),
            language: ticket.language.clone(),
            waited_s: ticket.issued.until(at).map_or(0, |ms| u32::try_from(ms / 1000).unwrap_or(u32::MAX)),
            call_in_s: range.map(|[from, to]| (from + to) * 30),
        }
    };
    lines.map(wait).collect()
}

impl Keeper {
    pub(super) fn new(
        app: Shared,
        name: String,
        rotation: Rotation,
        hangs: watch::Sender<Hanging>,
        known: Weak<()>,
    ) -> Self {
        Self { app, name, rotation, hangs, known, begun: stopwatch(), until: None, since: (0, 0), counts: false }
    }

    /// Until nobody listens any more, or the hub stops.
    pub(super) async fn keep(mut self) {
        let mut changes = self.app.branch.content_changes();
        let mut stopping = self.app.stopping.clone();
        loop {
            look(&self.app).await;
            self.step();
            let left = self.until.map_or(TICK, |until| until.saturating_duration_since(stopwatch()).min(TICK));
            let goes_on = tokio::select! {
                () = stopped(&mut stopping) => false,
                () = self.hangs.closed() => false,
                // an error means that the branch is gone; then the hub stops too
                changed = changes.changed() => changed.is_ok(),
                () = tokio::time::sleep(left) => true,
            };
            if goes_on {
                continue;
            }
            let now = Now::of(&self.app);
            self.take_down(&now);
            self.hangs.send_replace(Hanging::default());
            match self.app.walls.rest(&self.name, self.rotation.clone()) {
                Some(rotation) if !*stopping.borrow() => self.rotation = rotation,
                _ => return,
            }
        }
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(stopwatch().saturating_duration_since(self.begun).as_millis()).unwrap_or(u64::MAX)
    }

    /// Takes down what is not right any more or has been there long enough, and hangs up what comes next.
    fn step(&mut self) {
        let now = Now::of(&self.app);
        if !now.open {
            // the board says that it is closed
            self.take_down(&now);
            self.tell(None);
            return;
        }
        let name = self.name.clone();
        let hall = now.hall(&name);
        self.counts = self.counts || self.is_known(&now);
        let right = self.rotation.playing().is_some_and(|choice| Rotation::still_right(choice, &hall));
        if right && self.until.is_some_and(|until| stopwatch() < until) {
            return;
        }
        self.take_down(&now);
        let now_ms = self.now_ms();
        let Some(choice) = self.rotation.next(&hall, now_ms) else {
            self.tell(None);
            return;
        };
        self.counts = self.is_known(&now);
        self.since = (now.at.wall_ms, u32::try_from(now.waiting.len()).unwrap_or(u32::MAX));
        self.until = Some(stopwatch() + Duration::from_secs(u64::from(choice.seconds)));
        let branch = hung::Branch {
            content: &now.content,
            services: &now.services,
            hours: &now.hours,
            house: self.app.first_words(),
        };
        let hung = Hung::of(&choice, &branch);
        tracing::debug!(board = self.name, entry = %choice.id, "{}", choice.why.sentence(ToString::to_string));
        self.tell(Some(Arc::new(hung)));
    }

    /// Whether the board is one that the branch knows of.
    fn is_known(&self, now: &Now) -> bool {
        let named = || now.content.entries.iter().any(|live| live.entry.screens.contains(&self.name));
        // the wall itself holds it too
        self.known.strong_count() > 1 || self.name == USUAL || named()
    }

    fn tell(&mut self, what: Option<Arc<Hung>>) {
        if what.is_none() {
            self.until = None;
        }
        let next = Hanging { what, until: self.until };
        self.hangs.send_if_modified(|hangs| {
            let changed = hangs.what.is_some() || next.what.is_some();
            if changed {
                *hangs = next;
            }
            changed
        });
    }

    /// What hung there is over, and gets into the journal.
    fn take_down(&mut self, now: &Now) {
        let (now_ms, counts) = (self.now_ms(), std::mem::take(&mut self.counts));
        let Some(Shown { choice, shown_ms }) = self.rotation.end(&now.hall(&self.name), now_ms) else { return };
        if !counts {
            return;
        }
        let title = if choice.text.question.is_empty() { choice.text.alt } else { choice.text.question };
        let (at_ms, waiting) = self.since;
        self.app.journal.note(Line::Play(Play {
            at_ms,
            screen: self.name.clone(),
            entry: choice.id,
            version: choice.version,
            title,
            kind: choice.kind,
            language: choice.language.map(|language| language.to_string()).unwrap_or_default(),
            shown_ms,
            waiting,
            concerned: u32::try_from(choice.exposed.len()).unwrap_or(u32::MAX),
            why: choice.why.sentence(|id| hung::service_name(&now.services, id)),
        }));
    }
}
