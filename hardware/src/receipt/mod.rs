//! A receipt printer: a profile, a way to it, and the care that paper needs.
//!
//! Exactly once is impossible with paper. What is kept instead, whatever the printer and the way to it do:
//!
//! - Nothing is sent unless the printer has just said that it is ready.
//! - Once a byte has been taken, no byte of that ticket is ever sent again. If the rest cannot be sent or nobody says that it is
//!   out, the outcome is unknown.
//! - *Confirmed* is said only when the printer has answered the question that stands in line behind that very ticket.
//!
//! The last needs care after a ticket of unknown outcome: its answer may still come, and must not be taken for the next one's.
//! So before anything else is printed the line is *mended*: a raster that was broken off is filled up with white (its bytes are
//! gone; the printer still waits for so many), and a question is sent that has nothing before it. When it is answered,
//! everything before it has been answered too or never will be. If the ticket's own answer comes first, it has come out late.

mod deliver;
mod mend;
mod talk;

use std::ops::ControlFlow;

use crate::escpos::{self, BAND_BYTES, Command, Reply};
use crate::printer::{Job, JobName, Outcome, Printer, PrinterError, PrinterStatus, Stage, Watch};
use crate::profile::{Done, Profile};
use crate::transport::{PortError, Transport};
use deliver::Broken;
use talk::{Talk, lost};

pub use talk::Patience;

/// The longest head of a command.
const HEAD: usize = 16;
/// What fills up any command that was broken off.
const FILLER: usize = BAND_BYTES + HEAD;
/// How often it may not answer until the connection is given up.
const SILENT: u8 = 3;
/// `GS r 1` (Epson, page `gs_lr`): two bits for the roll's near end, and these two for no paper at all.
const NO_PAPER: u8 = 0x0c;
/// A way that takes bytes takes so many at once on the average: kernels do not ask for less.
const PORTION: usize = 256;

/// A ticket of unknown outcome.
struct Doubt {
    name: JobName,
    /// Its question, if that was sent whole: else it can never be confirmed.
    question: Option<Command>,
}

/// A receipt printer that speaks ESC/POS. See the module's text.
pub struct ReceiptPrinter {
    talk: Talk,
    profile: Profile,
    /// How it says that a ticket is out, once known.
    done: Done,
    asked: u8,
    /// How often answers came that nobody had asked for.
    noisy: u8,
    doubt: Option<Doubt>,
    /// The question that nothing stands before, while its answer is awaited, and how often the printer was looked at since.
    fence: Option<(Command, u8)>,
    /// Whether an answer of before may be under way although nobody is in doubt: at the start, of the program before us.
    stale: bool,
    /// A raster may be broken off: how many bytes are to be sent that fill it up.
    torn: usize,
    /// Paper of a ticket that was broken off may hang out.
    hanging: bool,
    /// How many times in a row it has not answered.
    silent: u8,
    late: Vec<JobName>,
    fences: u32,
}

impl std::fmt::Debug for ReceiptPrinter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReceiptPrinter")
            .field("place", &self.talk.port.place())
            .field("profile", &self.profile.name)
            .finish()
    }
}

impl ReceiptPrinter {
    /// A printer of that profile at the end of `port`. Nothing is opened yet: it is a printer whether it is there or not.
    #[must_use]
    pub fn new(port: Box<dyn Transport>, profile: Profile, patience: Patience) -> Self {
        let done = to_learn(profile.done);
        let talk = Talk::new(port, patience);
        let (doubt, fence, late) = (None, None, Vec::new());
        Self {
            talk,
            profile,
            done,
            asked: 0,
            noisy: 0,
            doubt,
            fence,
            stale: true,
            torn: 0,
            hanging: false,
            silent: 0,
            late,
            fences: 0,
        }
    }

    /// Connects if need be and looks; once more over a fresh connection if the old one turns out to be dead. `None`: told to stop.
    fn look(&mut self, watch: &mut Watch<'_>) -> Option<PrinterStatus> {
        for again in [true, false] {
            match self.try_look(watch) {
                Ok(status) => return status,
                Err(error) => {
                    self.lose();
                    let gone = matches!(error, PortError::Unplugged { .. });
                    let why = if gone && !again { self.talk.port.hangs_up() } else { None };
                    if !again || !gone {
                        return Some(why.map_or_else(|| lost(&error), PrinterStatus::Unreachable));
                    }
                }
            }
        }
        Some(PrinterStatus::Unplugged)
    }

    fn try_look(&mut self, watch: &mut Watch<'_>) -> Result<Option<PrinterStatus>, PortError> {
        self.talk.connect()?;
        let status = if self.fill_up()? { self.talk.status(&self.profile, watch)? } else { Some(PrinterStatus::Silent) };
        let Some(status) = status else { return Ok(None) };
        self.silent = if status == PrinterStatus::Silent { self.silent + 1 } else { 0 };
        if self.silent >= SILENT {
            // a connection can be dead without anyone having said so
            return Err(PortError::Silent { place: self.talk.port.place() });
        }
        self.hear_late();
        if !status.can_print() || self.mend()? {
            return Ok(Some(status));
        }
        Ok(Some(PrinterStatus::Busy))
    }

    /// The way is lost, and with it every answer. A ticket in doubt stays so for ever.
    fn lose(&mut self) {
        self.talk.hang_up();
        (self.stale, self.silent, self.fence) = (true, 0, None);
        if let Some(doubt) = &mut self.doubt {
            // switched off, perhaps: what came out of it must not hang on to the next
            doubt.question = None;
            self.tear();
        }
        (self.done, self.asked, self.noisy) = (to_learn(self.profile.done), 0, 0);
    }

    /// The question that stands behind what is called `name`.
    fn question(&self, name: &str) -> Command {
        match self.done {
            Done::Named => Command::AskDone(four_letters(name)),
            Done::InLine | Done::Ask | Done::Never => Command::AskPaper,
        }
    }
}

/// What is known of how it says that a ticket is out before it has said anything on this connection. An answer in line has no
/// name, so whatever the profile says it is believed only of a printer that has shown to answer when it is asked, and only then.
fn to_learn(done: Done) -> Done {
    match done {
        Done::InLine => Done::Ask,
        Done::Named | Done::Ask | Done::Never => done,
    }
}

fn unknown(why: &str) -> Outcome {
    Outcome::Unknown { why: why.to_owned() }
}

/// Whether this is an answer to that question.
fn answers(reply: &Reply, question: &Command) -> bool {
    match (reply, question) {
        // each sensor has two bits, both set or neither, and nothing else is set
        (Reply::Paper(byte), Command::AskPaper) => matches!(byte, 0x00 | 0x03 | 0x0c | 0x0f),
        (Reply::Done(name), Command::AskDone(asked)) => name == asked,
        _ => false,
    }
}

/// Whether an answer to a question in line says that there is no paper, so that nothing can have come out.
fn denies(reply: &Reply) -> bool {
    matches!(reply, Reply::Paper(byte) if byte & NO_PAPER != 0)
}

/// Four printable letters for a name: the same for the same, and hardly ever for another (FNV-1a, to the base of 90).
fn four_letters(name: &str) -> [u8; 4] {
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let mut rest = hash;
    [(); 4].map(|()| {
        let letter = u8::try_from(rest % 90).unwrap_or(0);
        rest /= 90;
        b'!' + letter
    })
}

impl Printer for ReceiptPrinter {
    fn print(&mut self, job: &Job, watch: &mut Watch<'_>) -> Result<Outcome, PrinterError> {
        let Some(status) = self.look(watch) else { return Err(PrinterError::Stopped) };
        if !status.can_print() {
            return Err(PrinterError::NotReady(status));
        }
        let confirms = self.is_quiet() && matches!(self.done, Done::Named | Done::InLine);
        let question = confirms.then(|| self.question(job.name.as_str()));
        let bytes = escpos::ticket(&job.bitmap, &self.profile.end(), question.as_ref());
        self.talk.heard.clear();
        if watch(Stage::Sending).is_break() {
            return Err(PrinterError::Stopped);
        }
        let (sent, broken) = self.send(&bytes, watch);
        if broken.is_some() && sent > 0 {
            self.tear();
        }
        let mut lost_it = false;
        let outcome = match broken {
            None => {
                // a stop is seen at the next wait
                let _ = watch(Stage::Sent);
                let ended = match &question {
                    Some(question) => self.finish(question, watch),
                    None => self.take_leave(watch),
                };
                ended.unwrap_or_else(|error| {
                    self.lose();
                    lost_it = true;
                    unknown(&format!("after it was sent: {error}"))
                })
            }
            Some(Broken::Lost(error)) => {
                self.lose();
                lost_it = true;
                if sent == 0 {
                    return Err(PrinterError::NotReady(lost(&error)));
                }
                unknown(&format!("{error}, after {sent} of {} bytes", bytes.len()))
            }
            Some(Broken::Stopped) if sent == 0 => return Err(PrinterError::Stopped),
            Some(Broken::Stalled) if sent == 0 => return Err(PrinterError::NotReady(PrinterStatus::Silent)),
            Some(Broken::Stalled) => unknown(&format!("it took {sent} of {} bytes and then no more", bytes.len())),
            Some(Broken::Slow) => unknown(&format!("it took only {sent} of {} bytes in all the time there is", bytes.len())),
            Some(Broken::Stopped) => unknown("the program was stopped while it was printed"),
        };
        if matches!(outcome, Outcome::Unknown { .. }) {
            // over a new connection nobody could tell whose answer it is
            if lost_it {
                self.tear();
            }
            let answered = |asked: &Command| self.talk.heard.iter().any(|reply| answers(reply, asked));
            let question = question.filter(|asked| sent == bytes.len() && !lost_it && !answered(asked));
            self.doubt = Some(Doubt { name: job.name.clone(), question });
        }
        // what was asked is answered; what comes from here on is another's
        self.talk.heard.clear();
        Ok(outcome)
    }

    fn status(&mut self) -> PrinterStatus {
        self.look(&mut |_| ControlFlow::Continue(())).unwrap_or(PrinterStatus::Silent)
    }

    fn came_late(&mut self) -> Option<JobName> {
        self.late.pop()
    }

    fn broken_off(&mut self) {
        self.tear();
    }

    fn describe(&self) -> String {
        format!("{}, profile {}", self.talk.port.place(), self.profile.name)
    }
}

#[cfg(test)]
mod tests;
