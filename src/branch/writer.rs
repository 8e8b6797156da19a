//! The one writer: decide → append → commit → apply → answer → publish.

use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, PoisonError, RwLock};

use sha2::{Digest, Sha256};
use tokio::sync::{mpsc, oneshot};

use super::around::Around;
use super::checkpointer::checkpointer;
use super::content::Reading;
use super::feed::{Beside, Feed, Held};
use super::handover::{Unpublished, look_out};
use super::told::Told;
use super::{Ask, Branch, Done, Failure, Job, Live, Options, RequestKey};
use crate::clock::Clock;
use crate::estimate::Estimator;
use crate::ledger::{Fault, Personal, PersonalStore, PrintRow, Request, Slip, Spool, Writer};
use crate::queue::{BootId, Command, Event, Moment, Origin, Queue, Recorded, TicketId, TicketKey, View, VoucherCode};

/// How many asks may wait for the writer.
const WAITING: usize = 4096;
/// How many share one sync at the most, so that the first does not wait for ever.
pub(super) const GROUP: usize = 1024;
/// How many request names are remembered.
const REQUESTS: usize = 20_000;
/// Commits between two checkpoints: about two megabytes of log.
const CHECKPOINT_EVERY: u32 = 400;
/// At a clean stop a state that took more events than this to build is stored.
const SNAPSHOT_AFTER: u64 = 500;
const DAY_MS: i64 = 86_400_000;

/// What an earlier request of the same name asked and did.
#[derive(Clone, Debug)]
struct Seen {
    fingerprint: String,
    ticket: Option<TicketId>,
}

/// An answer that waits for the commit.
enum Answer {
    Ask(oneshot::Sender<Result<Done, Failure>>, Result<Done, Failure>),
    Plain(oneshot::Sender<Result<(), Failure>>, Result<(), Failure>),
}

/// What one group has done so far.
#[derive(Default)]
struct Group {
    begun: bool,
    events: Vec<Recorded>,
    answers: Vec<Answer>,
    requests: Vec<String>,
    notes: Vec<(TicketId, Personal)>,
    prints: Vec<PrintRow>,
}

struct Core {
    ledger: Writer,
    queue: Queue,
    estimator: Estimator,
    live: Arc<RwLock<Live>>,
    feed: Arc<Feed>,
    around: Arc<Around>,
    reading: Arc<Reading>,
    clock: Clock,
    boot: BootId,
    options: Options,
    seen: HashMap<String, Seen>,
    seen_order: VecDeque<String>,
    stored: u64,
    commits: u32,
    checkpoints: SyncSender<()>,
    erased_ms: i64,
    unpublished: Unpublished,
}

/// Opens the ledger and starts the writer's thread and the checkpointer's.
pub(super) fn start(path: &Path, clock: Clock, options: Options) -> Result<(Branch, std::thread::JoinHandle<()>), Fault> {
    let ledger = Writer::open(path)?;
    ledger.make_room();
    let boot = ledger.boot(&clock.boot_name(), clock.now(BootId(0)).wall_ms)?;
    let now = clock.now(boot);
    let loaded = ledger.load()?;
    let (queue, estimator) = (loaded.queue, loaded.estimator);
    let unsure = Spool::settle(ledger.connection(), now.wall_ms)?;
    if unsure > 0 {
        tracing::warn!(unsure, "tickets were being printed when the program ended; staff may print copies");
    }
    let personal = PersonalStore::all(ledger.connection())?;
    let view = View::of(&queue, &options.store, estimator.waits(&queue, &now), &now);
    let feed = Feed::new(epoch(&now), view);
    let live = Live { queue: queue.clone(), estimator: estimator.clone(), personal };
    let live = Arc::new(RwLock::new(live));
    let (around, reading) = (Arc::new(Around::new()), Arc::new(Reading::new()));
    let (checkpoints, due) = sync_channel(1);
    let checkpointer = checkpointer(path.to_owned(), due);
    let stored = queue.seq() - u64::try_from(loaded.replayed).unwrap_or(0);
    let mut core = Core {
        ledger,
        queue,
        estimator,
        live: live.clone(),
        feed: feed.clone(),
        around: around.clone(),
        reading: reading.clone(),
        clock: clock.clone(),
        boot,
        options,
        seen: HashMap::new(),
        seen_order: VecDeque::new(),
        stored,
        commits: 0,
        checkpoints,
        erased_ms: 0,
        unpublished: Unpublished::default(),
    };
    core.recall_requests()?;
    if let Some(printer) = &core.options.printer {
        for row in Spool::queued(core.ledger.connection())? {
            // the receiver lives as long as the hub
            let _ = printer.send(row);
        }
    }
    let (jobs, inbox) = mpsc::channel(WAITING);
    let run = move || {
        core.run(inbox);
        // the core has gone and with it the checkpointer's work: when this thread has ended, nobody holds the ledger
        let _ = checkpointer.map(std::thread::JoinHandle::join);
    };
    let thread = std::thread::Builder::new().name("ledger".into()).spawn(run);
    let thread = thread.map_err(|source| Fault::Io { path: path.to_owned(), source })?;
    let told = Arc::new(Told::new());
    Ok((Branch { jobs, live, feed, around, reading, told, clock, boot }, thread))
}

/// A number that no earlier run of this feed used.
fn epoch(now: &Moment) -> u64 {
    let mut random = [0; 4];
    // without randomness the time alone has to do
    let _ = getrandom::fill(&mut random);
    (now.mono_ms << 20 | u64::from(u32::from_le_bytes(random) >> 12)) & 0x001f_ffff_ffff_ffff
}

/// Whether a ticket that was taken there comes out on paper.
fn has_paper(origin: Origin) -> bool {
    matches!(origin, Origin::Button | Origin::Kiosk | Origin::Desk)
}

/// The code of a ticket's voucher: drawn from the ticket's key, which is 128 random bits that only its owner has. The number
/// tells nothing of it, and a code that was not given is none.
fn voucher_code(key: &TicketKey) -> VoucherCode {
    let digest = Sha256::new().chain_update("voucher").chain_update(key.bytes()).finalize();
    VoucherCode::new(digest.first_chunk().copied().unwrap_or_default())
}

/// Whose voucher this event gives, if it gives one.
fn voucher_of(event: &Event) -> Option<TicketId> {
    match event {
        Event::CourtesyGiven { ticket, courtesy } if courtesy.code.is_some() => Some(*ticket),
        _ => None,
    }
}

impl Core {
    fn run(mut self, mut inbox: mpsc::Receiver<Job>) {
        let mut jobs = Vec::with_capacity(64);
        loop {
            if jobs.is_empty() && inbox.blocking_recv_many(&mut jobs, GROUP) == 0 {
                self.store();
                return;
            }
            let mut group = Group::default();
            let mut stop = None;
            let mut pings = Vec::new();
            let mut result = self.do_due(&mut group);
            for job in jobs.drain(..) {
                match job {
                    Job::Stop(reply) => stop = Some(reply),
                    Job::Ping(reply) => pings.push(reply),
                    Job::Tick => result = result.and_then(|()| self.erase_due()),
                    Job::Around => {}
                    job => {
                        let failed = result.is_err();
                        result = result.and(self.take(&mut group, job, failed));
                    }
                }
            }
            self.finish(group, result, &mut inbox, &mut jobs);
            for ping in pings {
                // whoever asked may have gone
                let _ = ping.send(());
            }
            if let Some(reply) = stop {
                self.store();
                let _ = reply.send(());
                return;
            }
        }
    }

    /// Takes one job into the group. A fault fails the whole group, so once there is one nothing more is tried.
    fn take(&mut self, group: &mut Group, job: Job, failed: bool) -> Result<(), Fault> {
        let stopping = || Err(Failure::Stopping);
        match job {
            Job::Ask(ask, reply) => {
                let (done, result) = match failed {
                    true => (stopping().map(|()| Done { events: vec![], ticket: None, repeated: false }), Ok(())),
                    false => match self.ask(group, &ask) {
                        Ok(done) => (done, Ok(())),
                        Err(fault) => (Err(Failure::Stopping), Err(fault)),
                    },
                };
                group.answers.push(Answer::Ask(reply, done));
                result
            }
            Job::Note(ticket, note, reply) => {
                let result = if failed { Ok(()) } else { self.note(group, ticket, note) };
                group.answers.push(Answer::Plain(reply, Ok(())));
                result
            }
            Job::Copy(ticket, reply) => {
                let result = if failed { Ok(()) } else { self.print(group, ticket, Slip::Copy) };
                group.answers.push(Answer::Plain(reply, Ok(())));
                result
            }
            Job::Tick | Job::Around | Job::Ping(_) | Job::Stop(_) => Ok(()),
        }
    }

    fn begin(&self, group: &mut Group) -> Result<(), Fault> {
        if !group.begun {
            self.ledger.begin()?;
            group.begun = true;
        }
        Ok(())
    }

    /// What the clock says is due, before anything else.
    fn do_due(&mut self, group: &mut Group) -> Result<(), Fault> {
        loop {
            let now = self.clock.now(self.boot);
            let Some(mut command) = self.queue.due(&now) else { return Ok(()) };
            if let Command::GiveCourtesy { ticket, code } = &mut command
                && let Some(ticket) = self.queue.ticket(*ticket)
            {
                *code = voucher_code(&ticket.key);
            }
            let Ok(events) = self.queue.decide(&command, &now) else {
                tracing::error!(?command, "what was due was refused");
                return Ok(());
            };
            let request = Request { actor: "rule".into(), key: None };
            let events = self.record(group, &command, events, &now, &request)?;
            if let Some(ticket) = events.iter().find_map(|recorded| voucher_of(&recorded.event)) {
                self.print_voucher(group, ticket)?;
            }
        }
    }

    /// A voucher comes out of the printer for whoever has paper in hand; a phone shows its own.
    fn print_voucher(&mut self, group: &mut Group, ticket: TicketId) -> Result<(), Fault> {
        let on_paper = self.queue.ticket(ticket).is_some_and(|ticket| has_paper(ticket.origin));
        if on_paper { self.print(group, ticket, Slip::Voucher) } else { Ok(()) }
    }

    fn ask(&mut self, group: &mut Group, ask: &Ask) -> Result<Result<Done, Failure>, Fault> {
        if let Some(request) = &ask.request
            && let Some(seen) = self.seen.get(&request.key)
        {
            if seen.fingerprint != request.fingerprint {
                return Ok(Err(Failure::KeyReused));
            }
            return Ok(Ok(Done { events: Vec::new(), ticket: seen.ticket, repeated: true }));
        }
        let now = self.clock.now(self.boot);
        let mut command = ask.command.clone();
        if let Command::Issue { service, class, promise, .. } = &mut command {
            *promise = self.estimator.promise(&self.queue, service, class.is_some(), &now);
        }
        let events = match self.queue.decide(&command, &now) {
            Ok(events) => events,
            Err(refusal) => return Ok(Err(refusal.into())),
        };
        let key = ask.request.as_ref().map(|request| format!("{} {}", request.key, request.fingerprint));
        let request = Request { actor: ask.actor.clone(), key };
        let events = self.record(group, &command, events, &now, &request)?;
        let ticket = events.iter().rev().find_map(|recorded| recorded.event.ticket());
        if let Some(request) = &ask.request {
            group.requests.push(request.key.clone());
            self.remember(request.clone(), ticket);
        }
        if let Command::Issue { origin, .. } = &command
            && has_paper(*origin)
            && let Some(ticket) = ticket
        {
            self.print(group, ticket, Slip::Ticket)?;
        }
        Ok(Ok(Done { events, ticket, repeated: false }))
    }

    /// Appends events and lets the writer's own state run ahead.
    fn record(
        &mut self,
        group: &mut Group,
        command: &Command,
        events: Vec<Event>,
        at: &Moment,
        request: &Request,
    ) -> Result<Vec<Recorded>, Fault> {
        self.begin(group)?;
        let first = self.queue.seq() + 1;
        let mut recorded = Vec::with_capacity(events.len());
        for (seq, event) in (first..).zip(events) {
            let one = Recorded { seq, first, at: *at, desk: command.desk().cloned(), event };
            self.ledger.append(&one, request)?;
            self.queue.apply(&one);
            self.estimator.observe(&self.queue, &one);
            match one.event {
                Event::DayOpened { .. } => {
                    self.ledger.snapshot(&self.queue, &self.estimator)?;
                    self.stored = seq;
                }
                Event::DayClosed { .. } => self.ledger.file_day(&self.queue)?,
                _ => {}
            }
            recorded.push(one);
        }
        group.events.extend(recorded.iter().cloned());
        Ok(recorded)
    }

    fn note(&mut self, group: &mut Group, ticket: TicketId, note: Personal) -> Result<(), Fault> {
        self.begin(group)?;
        let until = self.clock.now(self.boot).wall_ms + i64::from(self.options.erase_after_days) * DAY_MS;
        PersonalStore::put(self.ledger.connection(), ticket, &note, until)?;
        group.notes.push((ticket, note));
        Ok(())
    }

    fn print(&mut self, group: &mut Group, ticket: TicketId, slip: Slip) -> Result<(), Fault> {
        if self.options.printer.is_some() {
            self.begin(group)?;
            let now_ms = self.clock.now(self.boot).wall_ms;
            let id = Spool::add(self.ledger.connection(), ticket, slip, now_ms)?;
            group.prints.push(PrintRow { id, ticket, slip });
        }
        Ok(())
    }

    /// Makes the group durable, publishes it and answers; or gives it up and says so.
    fn finish(&mut self, group: Group, result: Result<(), Fault>, inbox: &mut mpsc::Receiver<Job>, jobs: &mut Vec<Job>) {
        let result = result.and_then(|()| if group.begun { self.ledger.commit() } else { Ok(()) });
        match result {
            Ok(()) => {
                let Group { begun, events, notes, answers, prints, .. } = group;
                self.enliven(&events, &notes);
                self.unpublished.add(&events);
                // whoever is answered and then reads the feed waits for what is published below
                let feed = self.feed.clone();
                let held = feed.hold();
                let answered = !answers.is_empty();
                answer(answers, None);
                if answered && !self.unpublished.is_old() {
                    look_out(inbox, jobs);
                }
                // what is asked already is published soon, together with this; a look at the clock is nothing to wait for
                match !jobs.iter().any(Job::is_asked) || self.unpublished.is_old() {
                    true => self.publish(held),
                    false => drop(held),
                }
                if let Some(printer) = &self.options.printer {
                    for row in prints {
                        let _ = printer.send(row);
                    }
                }
                self.commits += u32::from(begun);
                if begun && self.commits.is_multiple_of(CHECKPOINT_EVERY) {
                    // full: a checkpoint is under way
                    let _ = self.checkpoints.try_send(());
                }
            }
            Err(fault) => {
                tracing::error!(error = %fault, source = ?std::error::Error::source(&fault), "a group of commands failed");
                self.give_up(&group.requests);
                let feed = self.feed.clone();
                let held = feed.hold();
                answer(group.answers, Some(&Arc::new(fault)));
                // what groups before this one did was to be published with it
                if self.unpublished.since.is_some() {
                    self.publish(held);
                }
            }
        }
    }

    /// Back to what is durable.
    fn give_up(&mut self, requests: &[String]) {
        self.ledger.rollback();
        let live = self.live.read().unwrap_or_else(PoisonError::into_inner);
        self.queue = live.queue.clone();
        self.estimator = live.estimator.clone();
        for key in requests {
            self.seen.remove(key);
        }
        if !requests.is_empty() {
            self.seen_order.retain(|key| !requests.contains(key));
        }
    }

    /// Takes what is durable now into the state that readers see.
    fn enliven(&self, events: &[Recorded], notes: &[(TicketId, Personal)]) {
        if events.is_empty() && notes.is_empty() {
            return;
        }
        let mut live = self.live.write().unwrap_or_else(PoisonError::into_inner);
        let Live { queue, estimator, personal } = &mut *live;
        for recorded in events {
            queue.apply(recorded);
            estimator.observe(queue, recorded);
        }
        for (ticket, note) in notes {
            if *note == Personal::default() {
                personal.remove(ticket);
            } else {
                personal.insert(*ticket, note.clone());
            }
        }
    }

    fn publish(&mut self, feed: Held<'_>) {
        let Unpublished { touched, whole, since } = std::mem::take(&mut self.unpublished);
        let now = self.clock.now(self.boot);
        // between events only the clock changes, and a look ahead holds for a while: ranges must not flutter
        let waits = if self.estimator.refresh(&self.queue, &now) || since.is_some() {
            self.estimator.waits(&self.queue, &now)
        } else {
            feed.view().waits.clone()
        };
        let beside = Beside { waits, devices: self.around.row(), notices: self.reading.notices() };
        feed.publish(&self.queue, beside, &now, touched, whole);
    }

    /// Once an hour: erases what customers told the desk when its time is over.
    fn erase_due(&mut self) -> Result<(), Fault> {
        let now_ms = self.clock.now(self.boot).wall_ms;
        if (self.erased_ms..self.erased_ms + DAY_MS / 24).contains(&now_ms) || !self.ledger.connection().is_autocommit() {
            return Ok(());
        }
        if PersonalStore::erase_due(self.ledger.connection(), now_ms)? > 0 {
            let kept = PersonalStore::all(self.ledger.connection())?;
            self.live.write().unwrap_or_else(PoisonError::into_inner).personal = kept;
        }
        // the log was emptied
        self.ledger.make_room();
        self.erased_ms = now_ms;
        Ok(())
    }

    /// Reads back the names of recent requests, so that a repetition is noticed across a restart.
    fn recall_requests(&mut self) -> Result<(), Fault> {
        for (stored, _, ticket) in self.ledger.recent_requests(REQUESTS as u64 / 4)? {
            if let Some((key, fingerprint)) = stored.rsplit_once(' ') {
                self.remember(RequestKey { key: key.into(), fingerprint: fingerprint.into() }, ticket);
            }
        }
        Ok(())
    }

    fn remember(&mut self, request: RequestKey, ticket: Option<TicketId>) {
        let seen = Seen { fingerprint: request.fingerprint, ticket };
        if self.seen.insert(request.key.clone(), seen).is_none() {
            self.seen_order.push_back(request.key);
        }
        if self.seen_order.len() > REQUESTS
            && let Some(oldest) = self.seen_order.pop_front()
        {
            self.seen.remove(&oldest);
        }
    }

    /// At a clean stop: stores the state if many events came since the last snapshot, so that the next start is quick.
    fn store(&self) {
        if self.queue.seq() - self.stored < SNAPSHOT_AFTER {
            return;
        }
        if let Err(error) = self.ledger.snapshot(&self.queue, &self.estimator) {
            tracing::warn!(%error, "the state was not stored; the next start reads the day's events instead");
        }
    }
}

/// Answers everybody; a fault goes to all of the group.
fn answer(answers: Vec<Answer>, fault: Option<&Arc<Fault>>) {
    for answer in answers {
        // whoever asked may have gone; the command stands all the same
        match answer {
            Answer::Ask(reply, done) => {
                let done = fault.cloned().map_or(done, |fault| Err(Failure::Fault(fault)));
                let _ = reply.send(done);
            }
            Answer::Plain(reply, done) => {
                let done = fault.cloned().map_or(done, |fault| Err(Failure::Fault(fault)));
                let _ = reply.send(done);
            }
        }
    }
}
