//! Talking to a printer: bytes out, answers in, each wait with an end.
//!
//! There is no clock here. A wait is cut into slices, and a slice in which nothing happened is what counts.

use std::ops::ControlFlow;
use std::time::Duration;

use crate::escpos::{Command, Replies, Reply};
use crate::printer::{PrinterStatus, Stage, Watch};
use crate::profile::Profile;
use crate::transport::{PortError, Transport};

/// How long things may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// To get through to it, and before that once more to find its name. A machine that is not there is said to be so by the
    /// system after some three seconds; until then nothing else is known of it either, so the wait is shorter.
    pub connect: Duration,
    /// For an answer that it gives at once.
    pub answer: Duration,
    /// Without taking a single byte in the middle of a ticket.
    pub stall: Duration,
    /// From the last byte to paper.
    pub finish: Duration,
    /// The slice of a wait after which it is asked whether to go on.
    pub slice: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let ms = Duration::from_millis;
        Self { connect: ms(2_000), answer: ms(600), stall: ms(8_000), finish: ms(15_000), slice: ms(200) }
    }
}

/// Answers that are read at most while one is waited for: a printer that babbles must not hold us.
const BABBLE: usize = 4_096;
/// Reads that bring something at most, while one answer is waited for: one that drips must not hold us either, and without a
/// clock each read counts.
const DRIPS: usize = 16;

/// A printer's end of the line.
pub(super) struct Talk {
    pub(super) port: Box<dyn Transport>,
    pub(super) patience: Patience,
    replies: Replies,
    /// Answers that came while another was waited for: of tickets that were sent before.
    pub(super) heard: Vec<Reply>,
}

impl Talk {
    pub(super) fn new(port: Box<dyn Transport>, patience: Patience) -> Self {
        Self { port, patience, replies: Replies::default(), heard: Vec::new() }
    }

    pub(super) fn connect(&mut self) -> Result<(), PortError> {
        self.port.connect(self.patience.connect)
    }

    pub(super) fn hang_up(&mut self) {
        self.port.disconnect();
        self.replies.reset();
        self.heard.clear();
    }

    /// Reads once. Answers to tickets go to `heard`; the newest status byte is given. `None`: nothing came in time.
    pub(super) fn listen(&mut self, timeout: Duration) -> Result<Option<Heard>, PortError> {
        let mut bytes = [0; 64];
        let count = self.port.read(&mut bytes, timeout)?;
        if count == 0 {
            return Ok(None);
        }
        let mut status = None;
        for reply in self.replies.read(bytes.get(..count).unwrap_or_default()) {
            match reply {
                Reply::Status(byte) => status = Some(byte),
                Reply::Paper(_) | Reply::Done(_) if self.heard.len() < BABBLE => self.heard.push(reply),
                // nobody asked for it
                Reply::Paper(_) | Reply::Done(_) | Reply::Automatic(_) => {}
            }
        }
        Ok(Some(Heard { status, count }))
    }

    /// Takes in what has come by itself; status bytes among it answer nothing that is asked from here on.
    pub(super) fn drain(&mut self) -> Result<(), PortError> {
        let mut read = 0;
        while let Some(heard) = self.listen(Duration::ZERO)? {
            read += heard.count;
            if read > BABBLE {
                break;
            }
        }
        Ok(())
    }

    /// Waits for answers to tickets for `time` of silence; stops early once `enough` says so, and in any case after some reads.
    pub(super) fn hear(&mut self, time: Duration, mut enough: impl FnMut(&[Reply]) -> bool) -> Result<(), PortError> {
        let (mut left, mut reads) = (time, 0);
        while !enough(&self.heard) && !left.is_zero() && reads < DRIPS {
            let slice = self.patience.slice.min(left);
            match self.listen(slice)? {
                None => left -= slice,
                Some(_) => reads += 1,
            }
        }
        Ok(())
    }

    /// Sends a few bytes whole, or nothing came of it.
    pub(super) fn send(&mut self, bytes: &[u8]) -> Result<bool, PortError> {
        let (mut sent, mut left) = (0, self.patience.answer);
        while let Some(rest) = bytes.get(sent..).filter(|rest| !rest.is_empty()) {
            let slice = self.patience.slice.min(left);
            if slice.is_zero() {
                return Ok(false);
            }
            match self.port.write(rest, slice)? {
                0 => left -= slice,
                count => sent += count,
            }
        }
        Ok(true)
    }

    /// Asks `DLE EOT which`. `None`: no answer; [`ControlFlow::Break`]: told not to wait for one.
    fn ask(&mut self, which: u8, watch: &mut Watch<'_>) -> Result<ControlFlow<(), Option<u8>>, PortError> {
        self.drain()?;
        if !self.send(&Command::Status(which).bytes())? {
            return Ok(watch(Stage::Waiting).map_continue(|()| None));
        }
        let (mut left, mut reads) = (self.patience.answer, 0);
        while !left.is_zero() && reads < DRIPS {
            let slice = self.patience.slice.min(left);
            match self.listen(slice)? {
                None => left -= slice,
                Some(Heard { status: Some(byte), .. }) => return Ok(ControlFlow::Continue(Some(byte))),
                Some(_) => reads += 1,
            }
            if watch(Stage::Waiting).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(None))
    }

    /// Asks everything it can be asked, and says what that means. `None`: told to stop before all was answered.
    pub(super) fn status(&mut self, profile: &Profile, watch: &mut Watch<'_>) -> Result<Option<PrinterStatus>, PortError> {
        if !profile.status {
            return Ok(Some(PrinterStatus::Ready));
        }
        let mut bytes = [0; 4];
        for (which, byte) in (1..).zip(&mut bytes) {
            if which == 3 {
                continue;
            }
            let ControlFlow::Continue(answer) = self.ask(which, watch)? else { return Ok(None) };
            // one that answers once answers always; clones that know no more than one or two are taken at their word
            match answer {
                None if which == 1 => return Ok(Some(PrinterStatus::Silent)),
                answer => *byte = answer.unwrap_or(0),
            }
        }
        let [printer, cause, error, _] = &mut bytes;
        if *printer & OFF_LINE != 0 || *cause & ERROR != 0 {
            let ControlFlow::Continue(answer) = self.ask(3, watch)? else { return Ok(None) };
            *error = answer.unwrap_or(0);
        }
        Ok(Some(meaning(&bytes, profile)))
    }
}

pub(super) struct Heard {
    status: Option<u8>,
    count: usize,
}

const OFF_LINE: u8 = 0x08;
const COVER: u8 = 0x04;
const FEEDING: u8 = 0x08;
const PAPER_STOP: u8 = 0x20;
const ERROR: u8 = 0x40;
const CUTTER: u8 = 0x08;
const UNRECOVERABLE: u8 = 0x20;
const HOT: u8 = 0x40;

/// What the four status bytes mean (Epson, page `dle_eot`): the one thing that a person has to look at first.
pub(super) fn meaning([printer, cause, error, paper]: &[u8; 4], profile: &Profile) -> PrinterStatus {
    let has = |byte: &u8, bits: u8| byte & bits != 0;
    if has(error, UNRECOVERABLE) {
        PrinterStatus::Unrecoverable
    } else if has(error, CUTTER) {
        PrinterStatus::Cutter
    } else if has(cause, COVER) {
        PrinterStatus::CoverOpen
    } else if has(paper, profile.paper_out) || has(cause, PAPER_STOP) {
        PrinterStatus::PaperOut
    } else if has(error, HOT) {
        PrinterStatus::Overheated
    } else if has(printer, OFF_LINE) || has(cause, FEEDING | ERROR) {
        PrinterStatus::Offline
    } else if has(paper, profile.near_end) {
        PrinterStatus::PaperNearEnd
    } else {
        PrinterStatus::Ready
    }
}

/// What an error of the way to the printer says about it.
pub(super) fn lost(error: &PortError) -> PrinterStatus {
    match error {
        PortError::Unplugged { .. } => PrinterStatus::Unplugged,
        PortError::Refused { place, source } => PrinterStatus::Refused(format!("{place}: {source}")),
        PortError::Nobody { why } => PrinterStatus::Unreachable(why.clone()),
        PortError::Silent { .. } => PrinterStatus::Silent,
    }
}
