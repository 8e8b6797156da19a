//! What a printer is to the rest of the program, and a fake one.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::bitmap::Bitmap;

/// The name of a print job: the same job has the same name however often it is tried, and no two jobs share one.
/// 1 to 100 of `A-Z a-z 0-9 - _ .`, not starting with a dot, so that it is a file's stem anywhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JobName(String);

/// A job's name has other letters than it may, or too few or many.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a print job's name is 1 to 100 of A-Z a-z 0-9 - _ . and does not start with a dot; got {0:?}")]
pub struct BadJobName(pub String);

impl JobName {
    /// Checks and keeps the name.
    ///
    /// # Errors
    /// [`BadJobName`] for a name that could leave its folder or hide in it.
    pub fn new(name: impl Into<String>) -> Result<Self, BadJobName> {
        let name = name.into();
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let fits = (1..=100).contains(&name.len()) && !name.starts_with('.');
        if fits && name.bytes().all(allowed) { Ok(Self(name)) } else { Err(BadJobName(name)) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for JobName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// One piece of paper to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Which job this is.
    pub name: JobName,
    /// What goes onto the paper.
    pub bitmap: Bitmap,
}

/// How far a job has come, as [`Printer::print`] tells while it prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The printer is ready, and the next thing to happen is the first byte. What must be on disk before it is put there now.
    Sending,
    /// Every byte is out; the printer has not said that the paper is.
    Sent,
    /// Nothing new; asked several times a second, so that whoever waits can be told to stop.
    Waiting,
}

/// What became of a job of which at least something was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The printer says the paper is out.
    Confirmed,
    /// Every byte is out and the printer, which cannot say more, reports no trouble.
    Sent,
    /// Nobody can tell: it may be printed, in part, or still to come. Never send it again unasked; staff may ask for
    /// a reprint, which is marked as a copy.
    Unknown {
        /// Why, in a sentence for the log and for staff.
        why: String,
    },
}

/// Nothing was sent: the job may stay queued and be tried again without ever making two papers.
#[derive(Debug, thiserror::Error)]
pub enum PrinterError {
    /// The printer said beforehand that it cannot print.
    #[error("the printer cannot print now: {0}")]
    NotReady(PrinterStatus),
    /// The program stops.
    #[error("the program stops")]
    Stopped,
    /// The picture could not be encoded.
    #[error("cannot make a picture of print job {name}")]
    Encode {
        /// The job.
        name: JobName,
        /// The encoder's reason.
        #[source]
        source: png::EncodingError,
    },
    /// The picture could not be written.
    #[error("cannot write the printed ticket to {}", path.display())]
    Write {
        /// The file or folder that failed.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
}

/// What the printer says about itself, or what the way to it says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PrinterStatus {
    /// Prints.
    Ready,
    /// Prints, but the roll ends soon.
    PaperNearEnd,
    /// Is at what it was sent before.
    Busy,
    /// No paper.
    PaperOut,
    /// The cover is open.
    CoverOpen,
    /// The cutter is jammed.
    Cutter,
    /// The head is too hot; it goes on by itself.
    Overheated,
    /// It is broken, or must be switched off and on.
    Unrecoverable,
    /// It answers, prints nothing, and does not say why: its feed button is held, or it is set off line.
    Offline,
    /// Nothing is there: cable or power.
    Unplugged,
    /// Nothing is there on the network: address, cable or power. What was looked for, without a stop.
    Unreachable(String),
    /// Something is there and does not let us in.
    Refused(String),
    /// It is there and does not answer.
    Silent,
    /// Something else, in the printer's or the system's words.
    Fault(String),
}

impl PrinterStatus {
    /// Whether a job sent now can be expected to come out.
    pub fn can_print(&self) -> bool {
        matches!(self, Self::Ready | Self::PaperNearEnd)
    }
}

impl std::fmt::Display for PrinterStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Ready => "ready",
            Self::PaperNearEnd => "the paper roll ends soon",
            Self::Busy => "it is still at what it was sent before",
            Self::PaperOut => "the paper is out",
            Self::CoverOpen => "the cover is open",
            Self::Cutter => "the cutter is jammed",
            Self::Overheated => "the print head is too hot",
            Self::Unrecoverable => "it has an error that it cannot mend by itself",
            Self::Offline => "it is off line",
            Self::Unplugged => "it is not connected",
            Self::Unreachable(why) => return write!(f, "it is not connected: {why}"),
            Self::Refused(why) => return write!(f, "it does not let this program in: {why}"),
            Self::Silent => "it does not answer",
            Self::Fault(why) => why,
        })
    }
}

/// Who is told how far a job has come.
pub type Watch<'a> = dyn FnMut(Stage) -> ControlFlow<()> + 'a;

/// A printer, owned by one thread.
///
/// The caller persists *sending* before [`Printer::print`] and the outcome after it. Exactly once is impossible with
/// paper; the two kinds of result keep apart what may be tried again and what may not.
pub trait Printer: Send {
    /// Prints one job and waits until it is out or its fate is not to be known. Asks how the printer is first, and sends
    /// nothing unless it is ready. `watch` is told how far it has come; once it says [`ControlFlow::Break`], the wait is over:
    /// before the first byte nothing is sent, after it the outcome is unknown.
    ///
    /// # Errors
    /// [`PrinterError`] means that nothing was sent.
    fn print(&mut self, job: &Job, watch: &mut Watch<'_>) -> Result<Outcome, PrinterError>;

    /// Asks how the printer is. May talk to it, so may take as long as its time-outs.
    fn status(&mut self) -> PrinterStatus;

    /// The job whose outcome was unknown and that has come out since, as [`Printer::status`] has learned; once.
    fn came_late(&mut self) -> Option<JobName> {
        None
    }

    /// The program that ran before may have left a job half sent: what is left of it is to be finished off before the next.
    fn broken_off(&mut self) {}

    /// Where it is and what it is taken for, for people.
    fn describe(&self) -> String;
}

/// A printer whose mood a test decides through its [`FakePrinterHandle`], and that keeps what it printed.
#[derive(Debug)]
pub struct FakePrinter {
    inside: Arc<Mutex<Inside>>,
}

/// Steers and looks into a [`FakePrinter`]; clones share it.
#[derive(Clone, Debug)]
pub struct FakePrinterHandle {
    inside: Arc<Mutex<Inside>>,
}

#[derive(Debug)]
struct Inside {
    status: PrinterStatus,
    script: VecDeque<Result<Outcome, PrinterError>>,
    sent: Vec<Job>,
    late: VecDeque<JobName>,
    attempts: usize,
}

fn lock(inside: &Mutex<Inside>) -> MutexGuard<'_, Inside> {
    inside.lock().unwrap_or_else(PoisonError::into_inner)
}

impl FakePrinter {
    /// A printer that is ready and confirms every job until told otherwise.
    pub fn new() -> (Self, FakePrinterHandle) {
        let inside = Arc::new(Mutex::new(Inside {
            status: PrinterStatus::Ready,
            script: VecDeque::new(),
            sent: Vec::new(),
            late: VecDeque::new(),
            attempts: 0,
        }));
        let handle = FakePrinterHandle { inside: Arc::clone(&inside) };
        (Self { inside }, handle)
    }
}

impl FakePrinterHandle {
    /// The next job for which nothing is scripted yet ends like this; after the script jobs are confirmed again.
    pub fn then(&self, result: Result<Outcome, PrinterError>) -> &Self {
        lock(&self.inside).script.push_back(result);
        self
    }

    /// From now on the printer says this of itself; where it cannot print, jobs are refused unsent, which uses up
    /// nothing of the script.
    pub fn set_status(&self, status: PrinterStatus) {
        lock(&self.inside).status = status;
    }

    /// A job of unknown outcome has come out after all.
    pub fn comes_late(&self, name: JobName) {
        lock(&self.inside).late.push_back(name);
    }

    /// The jobs of which something was sent, oldest first, be they confirmed or unknown.
    pub fn sent(&self) -> Vec<Job> {
        lock(&self.inside).sent.clone()
    }

    /// How often a job was tried, sent or not.
    pub fn attempts(&self) -> usize {
        lock(&self.inside).attempts
    }
}

impl Printer for FakePrinter {
    fn print(&mut self, job: &Job, watch: &mut Watch<'_>) -> Result<Outcome, PrinterError> {
        let outcome = {
            let mut inside = lock(&self.inside);
            inside.attempts += 1;
            if !inside.status.can_print() {
                return Err(PrinterError::NotReady(inside.status.clone()));
            }
            inside.script.pop_front().unwrap_or(Ok(Outcome::Confirmed))
        };
        if watch(Stage::Sending).is_break() {
            return Err(PrinterError::Stopped);
        }
        let outcome = outcome?;
        lock(&self.inside).sent.push(job.clone());
        let _ = watch(Stage::Sent);
        Ok(outcome)
    }

    fn status(&mut self) -> PrinterStatus {
        lock(&self.inside).status.clone()
    }

    fn came_late(&mut self) -> Option<JobName> {
        lock(&self.inside).late.pop_front()
    }

    fn describe(&self) -> String {
        "a printer that is not there".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(name: &str) -> Job {
        Job { name: JobName::new(name).unwrap(), bitmap: Bitmap::new(8, 1).unwrap() }
    }

    #[test]
    fn a_name_cannot_leave_its_folder() {
        for bad in ["", "..", ".hidden", "a/b", "a\\b", "a b", "é", "a\0"] {
            assert_eq!(JobName::new(bad), Err(BadJobName(bad.into())));
        }
        assert!(JobName::new("x".repeat(101)).is_err());
        assert_eq!(JobName::new("2026-03-01_R043.2").unwrap().as_str(), "2026-03-01_R043.2");
    }

    #[test]
    fn the_fake_follows_its_script_then_confirms() {
        let (mut printer, handle) = FakePrinter::new();
        let unknown = Outcome::Unknown { why: "no answer after the last byte".into() };
        handle.then(Ok(unknown.clone())).then(Err(PrinterError::NotReady(PrinterStatus::Offline)));
        let mut print = |name| printer.print(&job(name), &mut |_| ControlFlow::Continue(()));
        assert_eq!(print("a").unwrap(), unknown);
        assert!(print("b").is_err());
        assert_eq!(print("b").unwrap(), Outcome::Confirmed);
        assert_eq!(handle.sent(), [job("a"), job("b")]);
        assert_eq!(handle.attempts(), 3);
    }

    #[test]
    fn without_paper_nothing_is_sent() {
        let (mut printer, handle) = FakePrinter::new();
        handle.set_status(PrinterStatus::PaperOut);
        assert_eq!(printer.status(), PrinterStatus::PaperOut);
        let go = &mut |_| ControlFlow::Continue(());
        let error = printer.print(&job("a"), go).unwrap_err();
        assert_eq!(error.to_string(), "the printer cannot print now: the paper is out");
        assert!(handle.sent().is_empty());
        handle.set_status(PrinterStatus::PaperNearEnd);
        assert_eq!(printer.print(&job("a"), go).unwrap(), Outcome::Confirmed);
    }
}
