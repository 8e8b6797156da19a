//! The print spool's worker: queued → sending → sent → confirmed | unknown.
//!
//! It owns the printer. While there is nothing to print it looks at it every few seconds, more often while something is the
//! matter, and tells the branch what it sees; so a trouble is known before a customer meets it, and gone without anyone saying so.

use std::collections::{BTreeSet, VecDeque};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use nowserving_hardware::{Job, JobName, Outcome, Printer, PrinterError, PrinterStatus, Stage};
use rusqlite::Connection;
use tokio::runtime::Handle;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;

use super::trouble::trouble;
use super::{Paper, PaperOptions, describe};
use crate::branch::{Branch, Saying};
use crate::devices::stationery::Drawer;
use crate::ledger::{self, Fault, PrintRow, PrintState, Slip, Spool};
use crate::paper::{PaperWords, Typesetter};
use crate::queue::{Origin, Paper as PaperState};
use crate::supervise::stopped;

/// How often a printer that is well is looked at.
const WELL: Duration = Duration::from_secs(5);
/// How often one that is not.
const TROUBLED: Duration = Duration::from_secs(1);
/// What is told of only when it was seen so often in a row: a printer may be busy, or miss a question.
const PATIENT: u32 = 3;
/// The device's name at the desks.
const DEVICE: &str = "printer";

/// What the worker lives by.
#[derive(Clone, Debug)]
pub struct Upkeep<'a> {
    /// Where the branch is.
    pub runtime: &'a Handle,
    /// When to end.
    pub stopping: watch::Receiver<bool>,
    /// How often a printer that is well is looked at.
    pub well: Duration,
    /// How often one that is not.
    pub troubled: Duration,
}

impl<'a> Upkeep<'a> {
    /// The usual pace.
    #[must_use]
    pub fn new(runtime: &'a Handle, stopping: watch::Receiver<bool>) -> Self {
        Self { runtime, stopping, well: WELL, troubled: TROUBLED }
    }
}

/// Prints every job that comes, one after another, until it is to stop or the sender is gone. Runs on a thread of its own.
///
/// # Errors
/// A [`Fault`] if the ledger cannot be opened. What goes wrong with one job is logged and kept in its row.
pub fn print_jobs(
    mut jobs: UnboundedReceiver<PrintRow>,
    printer: Box<dyn Printer>,
    (branch, ledger): (&Branch, &Path),
    options: &PaperOptions,
    upkeep: Upkeep<'_>,
) -> Result<(), Fault> {
    let Upkeep { runtime, mut stopping, well, troubled } = upkeep;
    let connection = ledger::open(ledger)?;
    let typesetter = match Typesetter::new() {
        Ok(typesetter) => typesetter,
        Err(error) => {
            tracing::error!(%error, "no paper tickets: they cannot be laid out");
            return Ok(());
        }
    };
    let mut worker = Worker {
        printer,
        branch,
        connection,
        options,
        drawer: Drawer::new(&options.store, &options.public_url),
        runtime,
        typesetter,
        stopping: stopping.clone(),
        waiting: VecDeque::new(),
        unsure: Vec::new(),
        spoken: BTreeSet::new(),
        seen: (PrinterStatus::Ready, 0),
    };
    worker.take_over();
    loop {
        while let Ok(row) = jobs.try_recv() {
            worker.waiting.push_back(row);
        }
        if !worker.print_waiting() {
            return Ok(());
        }
        let pause = if worker.seen.0 == PrinterStatus::Ready { well } else { troubled };
        let next = runtime.block_on(async {
            tokio::select! {
                () = stopped(&mut stopping) => Next::Stop,
                row = jobs.recv() => row.map_or(Next::Stop, Next::Job),
                () = tokio::time::sleep(pause) => Next::Look,
            }
        });
        match next {
            Next::Stop => return Ok(()),
            Next::Job(row) => worker.waiting.push_back(row),
            Next::Look => worker.look(),
        }
    }
}

enum Next {
    Stop,
    Job(PrintRow),
    Look,
}

/// What became of a try.
enum Tried {
    /// The job is off the list.
    Over,
    /// It stays on it; the printer was like this.
    NotYet(PrinterStatus),
    /// The program stops.
    Stopped,
}

struct Worker<'a> {
    printer: Box<dyn Printer>,
    branch: &'a Branch,
    connection: Connection,
    options: &'a PaperOptions,
    drawer: Drawer,
    runtime: &'a Handle,
    typesetter: Typesetter,
    stopping: watch::Receiver<bool>,
    waiting: VecDeque<PrintRow>,
    /// Jobs of unknown outcome, which may come out yet.
    unsure: Vec<(JobName, PrintRow)>,
    /// Tickets of which was said aloud that no paper comes.
    spoken: BTreeSet<i64>,
    /// How the printer was, and how often in a row.
    seen: (PrinterStatus, u32),
}

impl Worker<'_> {
    /// What the program before us has left: papers in doubt, perhaps half a ticket in the printer.
    fn take_over(&mut self) {
        match Spool::doubtful(&self.connection) {
            Ok(rows) => {
                for (row, why) in rows {
                    self.doubt(row, &why);
                }
            }
            Err(error) => tracing::error!(%error, "papers in doubt could not be read"),
        }
        if Spool::broken_off(&self.connection).unwrap_or(true) {
            self.printer.broken_off();
        }
        tracing::info!(printer = self.printer.describe(), "tickets are printed");
        self.look();
    }

    /// Looks at the printer and tells how it is.
    fn look(&mut self) {
        let status = self.printer.status();
        while let Some(name) = self.printer.came_late() {
            self.came_late(&name);
        }
        self.tell(status);
        self.runtime.block_on(self.branch.forget_doubts());
    }

    /// Tells desks, kiosks and lamps. What may be over in a moment is told only when it is not.
    fn tell(&mut self, status: PrinterStatus) {
        let times = if self.seen.0 == status { self.seen.1.saturating_add(1) } else { 1 };
        let was_troubled = self.seen.0 != PrinterStatus::Ready;
        self.seen = (status, times);
        let (status, times) = &self.seen;
        if was_troubled && *status == PrinterStatus::Ready {
            tracing::info!(printer = self.printer.describe(), "the printer is well again");
        }
        if matches!(status, PrinterStatus::Busy | PrinterStatus::Silent) && *times < PATIENT {
            return;
        }
        if *times == 1 && *status != PrinterStatus::Ready {
            tracing::warn!(%status, printer = self.printer.describe(), "the printer needs a look");
        }
        let paper = if status.can_print() { PaperState::Ready } else { PaperState::Stopped };
        self.runtime.block_on(async {
            self.branch.report(DEVICE, trouble(status)).await;
            self.branch.report_paper(paper).await;
        });
    }

    /// Prints what waits, as long as the printer takes it. False: the program stops.
    fn print_waiting(&mut self) -> bool {
        while let Some(row) = self.waiting.front().copied() {
            match self.print(row) {
                Tried::Stopped => return false,
                Tried::Over => {
                    self.waiting.pop_front();
                }
                Tried::NotYet(status) => {
                    self.tell(status);
                    self.say_no_paper();
                    return true;
                }
            }
        }
        true
    }

    /// Whoever waits for paper that does not come is told so aloud.
    fn say_no_paper(&mut self) {
        if self.branch.around().row().paper == PaperState::Stopped {
            let waiting: Vec<PrintRow> = self.waiting.iter().copied().collect();
            waiting.into_iter().for_each(|row| self.say_no_paper_of(row));
        }
    }

    /// Whoever pressed or touched for this ticket is told aloud, once, to remember the number.
    fn say_no_paper_of(&mut self, row: PrintRow) {
        let origin = self.branch.live().queue.ticket(row.ticket).map(|ticket| ticket.origin);
        let here = row.slip == Slip::Ticket && matches!(origin, Some(Origin::Button | Origin::Kiosk));
        if here && self.spoken.insert(row.id) {
            self.branch.around().say(Saying::NoPaper { ticket: row.ticket });
        }
    }

    fn print(&mut self, row: PrintRow) -> Tried {
        let Some(job) = self.lay_out(row) else { return Tried::Over };
        let (branch, connection, stopping) = (self.branch, &self.connection, &self.stopping);
        let mut begun = false;
        let result = self.printer.print(&job, &mut |stage| {
            let written = match stage {
                // nothing goes out unless it is on disk that it may have gone out
                Stage::Sending => {
                    begun = set(connection, branch, row, PrintState::Sending, None);
                    begun
                }
                Stage::Sent => {
                    set(connection, branch, row, PrintState::Sent, None);
                    true
                }
                Stage::Waiting => true,
            };
            if *stopping.borrow() || !written { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        match result {
            Ok(outcome) => {
                self.settle(row, job.name, outcome);
                Tried::Over
            }
            Err(error) => {
                if begun {
                    set(&self.connection, self.branch, row, PrintState::Queued, None);
                }
                match error {
                    PrinterError::NotReady(status) => Tried::NotYet(status),
                    PrinterError::Stopped if *self.stopping.borrow() => Tried::Stopped,
                    PrinterError::Stopped => Tried::NotYet(PrinterStatus::Fault("the ledger cannot be written".into())),
                    error => Tried::NotYet(PrinterStatus::Fault(error.to_string())),
                }
            }
        }
    }

    fn settle(&mut self, row: PrintRow, name: JobName, outcome: Outcome) {
        match outcome {
            Outcome::Confirmed => {
                set(&self.connection, self.branch, row, PrintState::Confirmed, None);
            }
            Outcome::Sent => {
                set(&self.connection, self.branch, row, PrintState::Sent, Some(Spool::CANNOT_SAY));
            }
            Outcome::Unknown { why } => {
                tracing::warn!(job = name.as_str(), why, "nobody knows whether this ticket is on paper");
                set(&self.connection, self.branch, row, PrintState::Unknown, Some(&why));
                self.doubt(row, &why);
                self.unsure.push((name, row));
                self.look();
                // a roll ends in the middle of somebody's ticket: who stands there has half of one, or none
                if !self.seen.0.can_print() {
                    self.say_no_paper_of(row);
                }
                return;
            }
        }
        // it has just shown that it is well; whether the roll ends soon is seen at the next look
        if !self.seen.0.can_print() {
            self.look();
        }
    }

    /// Desks are asked to look; of a voucher they have the code anyway.
    fn doubt(&self, row: PrintRow, why: &str) {
        if row.slip == Slip::Voucher {
            return;
        }
        self.runtime.block_on(self.branch.doubt_paper(row.ticket, why));
    }

    /// A ticket of which nobody knew has come out.
    fn came_late(&mut self, name: &JobName) {
        if let Some(at) = self.unsure.iter().position(|(unsure, _)| unsure == name) {
            let (_, row) = self.unsure.remove(at);
            tracing::info!(job = name.as_str(), "this ticket has come out late");
            set(&self.connection, self.branch, row, PrintState::Confirmed, Some("it came out late"));
            self.runtime.block_on(self.branch.paper_came(row.ticket));
        }
    }

    /// The picture of a job. `None`: there is nothing to print any more, and the row says why.
    fn lay_out(&mut self, row: PrintRow) -> Option<Job> {
        let over = |why| {
            set(&self.connection, self.branch, row, PrintState::Unknown, Some(why));
        };
        let Some((name, paper)) = describe(self.branch, row, self.options.words, self.drawer.live(&self.connection)) else {
            // nobody waits for that paper any more
            over("nothing was sent: the ticket had ended before it could be printed");
            return None;
        };
        let typeset = match &paper {
            Paper::Ticket(paper, words) => self.typesetter.ticket(paper, &PaperWords::of(*words), self.options.style),
            Paper::Voucher(paper) => self.typesetter.voucher(paper, self.options.style),
        };
        let typeset = match typeset {
            Ok(typeset) => typeset,
            Err(error) => {
                tracing::error!(%error, job = name.as_str(), "a paper could not be laid out");
                over("nothing was sent: it could not be laid out");
                return None;
            }
        };
        for warning in &typeset.warnings {
            tracing::warn!(%warning, job = name.as_str(), "on paper");
        }
        Some(Job { name, bitmap: typeset.bitmap })
    }
}

/// Writes down how far a job came; false: it could not be.
fn set(connection: &Connection, branch: &Branch, row: PrintRow, state: PrintState, detail: Option<&str>) -> bool {
    let result = Spool::set(connection, row.id, state, detail, branch.now().wall_ms);
    if let Err(error) = &result {
        tracing::error!(%error, job = row.id, "how far a print job came could not be written down");
    }
    result.is_ok()
}
