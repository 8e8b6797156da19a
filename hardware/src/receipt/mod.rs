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

mod talk;

use std::time::Duration;

use crate::escpos::{self, BAND_BYTES, Command, Reply};
use crate::printer::{Job, JobName, Outcome, Printer, PrinterError, PrinterStatus, Stage, Watch};
use crate::profile::{Done, Profile};
use crate::transport::{PortError, Transport};
use talk::{Talk, lost};

pub use talk::Patience;

/// How often a printer is asked in vain whether it answers questions in line before it is believed that it does not.
const ASKED: u8 = 3;
/// The longest head of a command.
const HEAD: usize = 16;
/// What fills up any command that was broken off.
const FILLER: usize = BAND_BYTES + HEAD;
/// How often it may not answer until the connection is given up.
const SILENT: u8 = 3;
/// How many times of asking the printer may be at what it was sent before until the question is taken for lost.
const BUSY: u8 = 20;

/// `GS r 1` (Epson, page `gs_lr`): two bits for the roll's near end, and these two for no paper at all.
const NO_PAPER: u8 = 0x0c;
/// A way that takes bytes takes so many at once on the average: kernels do not ask for less.
const PORTION: usize = 256;
/// Questions of one learning, each of which must have its own answer.
const LESSON: usize = 3;

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

/// Why the rest of a ticket was not sent.
enum Broken {
    Lost(PortError),
    Stalled,
    Slow,
    Stopped,
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

    /// Connects if need be and looks; once more over a fresh connection if the old one turns out to be dead.
    fn look(&mut self) -> PrinterStatus {
        for again in [true, false] {
            match self.try_look() {
                Ok(status) => return status,
                Err(error) => {
                    self.lose();
                    if !again || !matches!(error, PortError::Unplugged { .. }) {
                        return lost(&error);
                    }
                }
            }
        }
        PrinterStatus::Unplugged
    }

    fn try_look(&mut self) -> Result<PrinterStatus, PortError> {
        self.talk.connect()?;
        let status = if self.fill_up()? { self.talk.status(&self.profile)? } else { PrinterStatus::Silent };
        self.silent = if status == PrinterStatus::Silent { self.silent + 1 } else { 0 };
        if self.silent >= SILENT {
            // a connection can be dead without anyone having said so
            return Err(PortError::Silent { place: self.talk.port.place() });
        }
        self.hear_late();
        if !status.can_print() || self.mend()? {
            return Ok(status);
        }
        Ok(PrinterStatus::Busy)
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

    /// The answer to the ticket in doubt may have come by itself.
    fn hear_late(&mut self) {
        let Some(doubt) = &self.doubt else { return };
        // after the fence is out, only what comes before its answer is the ticket's
        if self.fence.is_none()
            && let Some(question) = &doubt.question
            && let Some(reply) = self.talk.heard.iter().find(|reply| answers(reply, question))
        {
            self.settle(!denies(reply));
        }
    }

    fn settle(&mut self, came: bool) {
        if let Some(doubt) = self.doubt.take() {
            match came {
                true => self.late.push(doubt.name),
                false => self.hanging = true,
            }
        }
        (self.fence, self.stale) = (None, false);
        self.talk.heard.clear();
    }

    /// A ticket was broken off, or may have been.
    fn tear(&mut self) {
        (self.torn, self.hanging) = (FILLER, true);
    }

    /// White dots for a raster that was broken off; to a printer that has been switched off meanwhile they are nothing. This
    /// comes before any question, since a question would be taken for part of a broken command, and could make it a
    /// gigantic one. False: so few were taken that it is too early to ask.
    fn fill_up(&mut self) -> Result<bool, PortError> {
        let zeros = [0; 512];
        for _ in 0..FILLER.div_ceil(PORTION) + HEAD {
            if self.torn == 0 {
                break;
            }
            let part = zeros.get(..self.torn.min(zeros.len())).unwrap_or_default();
            match self.talk.port.write(part, self.talk.patience.answer)? {
                0 => return Ok(self.torn + HEAD < FILLER),
                count => self.torn = self.torn.saturating_sub(count),
            }
        }
        Ok(self.torn == 0)
    }

    /// Cuts off what hangs out of a ticket that nobody will confirm, so that the next does not hang on to it.
    fn cut_off(&mut self) -> Result<bool, PortError> {
        if self.hanging {
            let mut bytes = Command::Init.bytes();
            self.profile.end().iter().for_each(|command| command.encode(&mut bytes));
            self.hanging = !self.talk.send(&bytes)?;
        }
        Ok(!self.hanging)
    }

    /// Makes sure that nothing of before is under way. True when that is so; false: it is at it.
    fn mend(&mut self) -> Result<bool, PortError> {
        Ok(self.clear_up()? && self.cut_off()?)
    }

    fn clear_up(&mut self) -> Result<bool, PortError> {
        if self.doubt.is_none() && !self.stale {
            return self.learn().map(|()| !self.stale);
        }
        self.learn()?;
        if matches!(self.done, Done::Never | Done::Ask) {
            // no answers are taken for anything, so none can be taken for another's
            self.settle(false);
            self.stale = true;
            return Ok(true);
        }
        if self.fence.is_none() {
            self.fences = self.fences.wrapping_add(1);
            let question = self.question(&format!("fence {}", self.fences));
            if !self.talk.send(&question.bytes())? {
                return Ok(false);
            }
            self.fence = Some((question, 0));
        }
        self.await_fence()
    }

    /// Waits a while for the fence's answer and looks at what came before it.
    fn await_fence(&mut self) -> Result<bool, PortError> {
        let Some((fence, looked)) = self.fence.clone() else { return Ok(true) };
        let question = self.doubt.as_ref().and_then(|doubt| doubt.question.clone());
        let answer = self.talk.patience.answer;
        self.talk.hear(answer, |heard| match &fence {
            Command::AskDone(_) => heard.iter().any(|reply| answers(reply, &fence)),
            // answers without names: only silence tells that none is left
            _ => false,
        })?;
        let count = |to: &Command| self.talk.heard.iter().filter(|reply| answers(reply, to)).count();
        let came = match (&fence, &question) {
            (_, None) => false,
            (Command::AskDone(_), Some(question)) => count(question) > 0,
            // its own and the fence's
            (_, Some(_)) => {
                let first = self.talk.heard.iter().find(|reply| answers(reply, &fence));
                count(&fence) >= 2 && first.is_some_and(|reply| !denies(reply))
            }
        };
        if fence == Command::AskPaper && count(&fence) > 1 + usize::from(question.is_some()) {
            // more answers than questions: which is whose?
            self.noise();
            self.fence = None;
            self.talk.heard.clear();
            if let Some(doubt) = &mut self.doubt {
                doubt.question = None;
            }
            return Ok(false);
        }
        if came || count(&fence) > 0 {
            self.settle(came);
            return Ok(true);
        }
        if looked < BUSY {
            self.fence = Some((fence, looked + 1));
        } else {
            // it was switched off and on, and knows nothing of our question
            self.fence = None;
        }
        Ok(false)
    }

    /// Finds out whether a printer that is at rest answers questions in line.
    fn learn(&mut self) -> Result<(), PortError> {
        if self.done != Done::Ask {
            return Ok(());
        }
        self.talk.drain()?;
        self.talk.heard.clear();
        // what a printer says unasked must not be taken for an answer: it must be silent first, and then answer exactly as often
        // as it is asked
        let answer = self.talk.patience.answer;
        let paper = |heard: &[Reply]| heard.iter().filter(|reply| matches!(reply, Reply::Paper(_))).count();
        self.talk.hear(answer, |heard| paper(heard) > 0)?;
        let silent = paper(&self.talk.heard) == 0;
        if silent {
            if !self.talk.send(&Command::AskPaper.bytes().repeat(LESSON))? {
                return Ok(());
            }
            self.talk.hear(answer, |_| false)?;
        }
        self.asked += 1;
        let well = |reply: &Reply| answers(reply, &Command::AskPaper) && !denies(reply);
        let heard = &self.talk.heard;
        if silent && paper(heard) == LESSON && heard.iter().filter(|reply| well(reply)).count() == LESSON {
            self.done = Done::InLine;
            // which of the questions was that the answer to?
            self.stale |= self.asked > 1;
        } else if self.asked >= ASKED {
            self.done = Done::Never;
        }
        self.talk.heard.clear();
        Ok(())
    }

    /// An answer came that nobody had asked for. From a printer that does so again and again none is believed.
    fn noise(&mut self) {
        (self.noisy, self.stale) = (self.noisy.saturating_add(1), true);
        if self.noisy >= ASKED {
            self.done = Done::Never;
        }
    }

    /// Whether an answer to be heard now can only be the next question's.
    fn is_quiet(&mut self) -> bool {
        let chatters = self.talk.heard.iter().any(|reply| answers(reply, &Command::AskPaper));
        if chatters && self.done == Done::InLine {
            self.noise();
            return false;
        }
        true
    }

    /// The question that stands behind what is called `name`.
    fn question(&self, name: &str) -> Command {
        match self.done {
            Done::Named => Command::AskDone(four_letters(name)),
            Done::InLine | Done::Ask | Done::Never => Command::AskPaper,
        }
    }

    /// Sends a ticket; the count of bytes that were taken, and why not all.
    fn send(&mut self, bytes: &[u8], watch: &mut Watch<'_>) -> (usize, Option<Broken>) {
        let (mut sent, mut left) = (0, self.talk.patience.stall);
        let mut rounds = self.rounds(bytes.len());
        while let Some(rest) = bytes.get(sent..).filter(|rest| !rest.is_empty()) {
            let slice = self.talk.patience.slice.min(left);
            match self.talk.port.write(rest, slice) {
                Err(error) => return (sent, Some(Broken::Lost(error))),
                Ok(0) => {
                    left = left.saturating_sub(slice);
                    if left.is_zero() {
                        return (sent, Some(Broken::Stalled));
                    }
                }
                Ok(count) => (sent, left) = (sent + count, self.talk.patience.stall),
            }
            if sent == bytes.len() {
                break;
            }
            if watch(Stage::Waiting).is_break() {
                return (sent, Some(Broken::Stopped));
            }
            rounds = rounds.saturating_sub(1);
            if rounds == 0 {
                return (sent, Some(Broken::Slow));
            }
        }
        (sent, None)
    }

    /// How many slices so many bytes may take: twice their time on the wire, one for each portion, and one stall.
    fn rounds(&self, bytes: usize) -> u128 {
        let slice = self.talk.patience.slice.as_millis().max(1);
        let count = u128::try_from(bytes).unwrap_or(u128::MAX);
        let wire = count.saturating_mul(2_000) / u128::from(self.talk.port.pace().max(1));
        let portions = u128::try_from(bytes.div_ceil(PORTION)).unwrap_or(u128::MAX);
        ((wire + self.talk.patience.stall.as_millis()) / slice).saturating_add(portions).max(2)
    }

    /// After the last byte: waits until the printer says that it is done, has a trouble, or says nothing.
    fn finish(&mut self, question: &Command, watch: &mut Watch<'_>) -> Result<Outcome, PortError> {
        let mut left = self.talk.patience.finish;
        let look_every = Duration::from_secs(1).max(self.talk.patience.slice);
        let mut unlooked = Duration::ZERO;
        loop {
            let slice = self.talk.patience.slice.min(left);
            // one read a round: whoever drips uses up the time too
            let _ = self.talk.listen(slice)?;
            if let Some(reply) = self.talk.heard.iter().find(|reply| answers(reply, question)) {
                if denies(reply) {
                    return Ok(unknown("the printer answered behind it that it has no paper"));
                }
                return Ok(Outcome::Confirmed);
            }
            (left, unlooked) = (left.saturating_sub(slice), unlooked + slice);
            if left.is_zero() {
                return Ok(unknown("it did not say that the ticket is out"));
            }
            if watch(Stage::Waiting).is_break() {
                return Ok(unknown("the program was stopped before the printer said that the ticket is out"));
            }
            if unlooked >= look_every {
                unlooked = Duration::ZERO;
                let status = self.talk.status(&self.profile)?;
                // silence while it prints is no trouble yet
                if !status.can_print() && !matches!(status, PrinterStatus::Silent | PrinterStatus::Overheated) {
                    return Ok(unknown(&format!("while it was printed: {status}")));
                }
            }
        }
    }

    /// After the last byte, of a printer that cannot say that it is done.
    fn take_leave(&mut self) -> Result<Outcome, PortError> {
        let status = self.talk.status(&self.profile)?;
        let well = status.can_print();
        Ok(if well { Outcome::Sent } else { unknown(&format!("after it was sent: {status}")) })
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
        let status = self.look();
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
                    None => self.take_leave(),
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
        self.look()
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
