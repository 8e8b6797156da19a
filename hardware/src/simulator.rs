//! A receipt printer that is not there, byte by byte, behind the same [`Transport`] as a real one.
//!
//! It does what Epson's reference says a printer does, and on request the worst that it allows: it obeys real-time commands
//! inside raster data, has a small buffer, keeps what it was sent while it stands still and prints it afterwards, forgets it when
//! it is switched off, and answers late. It has the troubles that other simulators lack: cutter, overheated, `GS ( H`, and a cable
//! that is cut after any byte.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::escpos::{Command, Decoder, RealTimeScan, Reply};
use crate::transport::{PortError, Transport};

/// How the printer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    /// Prints.
    #[default]
    Well,
    /// Prints; the roll ends soon.
    NearEnd,
    /// No paper.
    PaperOut,
    /// The cover is open.
    CoverOpen,
    /// The cutter is jammed.
    Cutter,
    /// The head is too hot.
    Overheated,
    /// Switch it off and on.
    Unrecoverable,
    /// Set off line.
    Offline,
    /// Takes nothing and says nothing.
    Silent,
    /// The cable is out or the power is off.
    Unplugged,
    /// Lets nobody in.
    Refused,
}

impl Mood {
    fn prints(self) -> bool {
        matches!(self, Self::Well | Self::NearEnd)
    }

    /// The four bytes of `DLE EOT 1` to `4` (Epson, page `dle_eot`).
    fn bytes(self) -> [u8; 4] {
        match self {
            Self::PaperOut => [0x1a, 0x32, 0x12, 0x7e],
            Self::CoverOpen => [0x1a, 0x16, 0x12, 0x12],
            Self::Cutter => [0x1a, 0x52, 0x1a, 0x12],
            Self::Overheated => [0x1a, 0x52, 0x52, 0x12],
            Self::Unrecoverable => [0x1a, 0x52, 0x32, 0x12],
            Self::Offline => [0x1a, 0x12, 0x12, 0x12],
            Self::NearEnd => [0x12, 0x12, 0x12, 0x1e],
            Self::Well | Self::Silent | Self::Unplugged | Self::Refused => [0x12; 4],
        }
    }
}

#[derive(Debug, Default)]
struct Inside {
    mood: Mood,
    /// After so many bytes more the mood becomes the other one.
    then: Option<(usize, Mood)>,
    /// Taken and not yet looked at, while it stands still.
    buffer: VecDeque<u8>,
    room: usize,
    decoder: Decoder,
    scan: RealTimeScan,
    answers: VecDeque<u8>,
    paper: Vec<Vec<u8>>,
    done: Vec<Vec<Vec<u8>>>,
    obeyed: Vec<Command>,
    taken: Vec<u8>,
    in_line: bool,
    named: bool,
    /// Which connection is the one that it knows; switched off, it knows none.
    known: usize,
    connections: usize,
    /// Answers that are kept back, how often they were looked for in vain, and how often they must be.
    held: VecDeque<u8>,
    looked: u32,
    slow: u32,
    /// `GS r` says that there is no paper, whatever the sensor says.
    denies: bool,
    /// A byte that it says by itself, at every so many reads that wait; and how many have waited since.
    drip: Option<(u8, u32)>,
    waited: u32,
    /// Bytes it takes at once; 0: any number.
    sip: usize,
}

/// The printer's side of the wire.
#[derive(Debug)]
pub struct SimulatedPrinter {
    inside: Arc<Mutex<Inside>>,
    /// The connection that we believe to have.
    connection: Option<usize>,
}

/// Steers and looks into a [`SimulatedPrinter`]; clones share it.
#[derive(Clone, Debug)]
pub struct SimulatorHandle {
    inside: Arc<Mutex<Inside>>,
}

fn lock(inside: &Mutex<Inside>) -> MutexGuard<'_, Inside> {
    inside.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SimulatedPrinter {
    /// A printer that is well, has room for `room` bytes while it stands still, answers `GS r` and, if `named`, `GS ( H`.
    #[must_use]
    pub fn new(room: usize, named: bool) -> (Self, SimulatorHandle) {
        let inside = Inside { room, named, in_line: true, ..Inside::default() };
        let inside = Arc::new(Mutex::new(inside));
        (Self { inside: Arc::clone(&inside), connection: None }, SimulatorHandle { inside })
    }
}

impl SimulatorHandle {
    /// From now on it is like this. What it holds is printed once it prints.
    pub fn set(&self, mood: Mood) {
        let mut inside = lock(&self.inside);
        (inside.mood, inside.then) = (mood, None);
        inside.work();
    }

    /// It changes to `mood` when it has taken `bytes` more bytes: before any other.
    pub fn set_after(&self, bytes: usize, mood: Mood) {
        lock(&self.inside).then = Some((bytes, mood));
    }

    /// Answers no questions in line, as some clones.
    pub fn answers_no_questions(&self) {
        (lock(&self.inside).in_line, lock(&self.inside).named) = (false, false);
    }

    /// Keeps each answer to a question in line back until it has been read `reads` times in vain.
    pub fn answers_late(&self, reads: u32) {
        lock(&self.inside).slow = reads;
    }

    /// Answers `GS r` with "no paper" although it says elsewhere that it is well.
    pub fn denies_paper_in_line(&self) {
        lock(&self.inside).denies = true;
    }

    /// Says `byte` by itself at every `every`th read that waits: with 1, whoever listens is never left in silence.
    pub fn drips(&self, byte: u8, every: u32) {
        lock(&self.inside).drip = Some((byte, every.max(1)));
    }

    /// Takes at most `bytes` at once.
    pub fn sips(&self, bytes: usize) {
        lock(&self.inside).sip = bytes;
    }

    /// Off and on again: the buffer, a command that was broken off and answers are gone; paper is not.
    pub fn switch_off_and_on(&self) {
        let mut inside = lock(&self.inside);
        (inside.decoder, inside.scan) = (Decoder::default(), RealTimeScan::default());
        inside.buffer.clear();
        inside.answers.clear();
        inside.held.clear();
        (inside.mood, inside.then, inside.known) = (Mood::Well, None, 0);
    }

    /// Says something that nobody asked for.
    pub fn babbles(&self, bytes: &[u8]) {
        lock(&self.inside).answers.extend(bytes);
    }

    /// Every paper that was cut off, oldest first: its rows, with white to the right taken away and white at its foot too.
    #[must_use]
    pub fn papers(&self) -> Vec<Vec<Vec<u8>>> {
        lock(&self.inside).done.clone()
    }

    /// Real-time commands it obeyed, wherever they stood.
    #[must_use]
    pub fn obeyed(&self) -> Vec<Command> {
        lock(&self.inside).obeyed.clone()
    }

    /// Every byte it has taken.
    #[must_use]
    pub fn taken(&self) -> Vec<u8> {
        lock(&self.inside).taken.clone()
    }

    /// How often somebody connected.
    #[must_use]
    pub fn connections(&self) -> usize {
        lock(&self.inside).connections
    }
}

/// Rows without what cannot be seen: white bytes to the right, white rows at the foot.
fn visible(rows: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let trim = |mut row: Vec<u8>| {
        while row.last() == Some(&0) {
            row.pop();
        }
        row
    };
    let mut rows: Vec<Vec<u8>> = rows.into_iter().map(trim).collect();
    while rows.last().is_some_and(Vec::is_empty) {
        rows.pop();
    }
    rows
}

impl Inside {
    /// Looks at what it holds, while it prints.
    fn work(&mut self) {
        while self.mood.prints()
            && let Some(byte) = self.buffer.pop_front()
        {
            for command in self.decoder.read(&[byte]) {
                self.obey(command);
            }
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Raster { width, dots } if width > 0 => {
                self.paper.extend(dots.chunks(usize::from(width)).map(<[u8]>::to_vec));
            }
            Command::Cut { .. } => {
                let rows = visible(std::mem::take(&mut self.paper));
                if !rows.is_empty() {
                    self.done.push(rows);
                }
            }
            Command::AskPaper if self.in_line => {
                let near = if self.mood == Mood::NearEnd { 3 } else { 0 };
                let end = if self.denies { 0x0c } else { 0 };
                self.answer(&Reply::Paper(near | end));
            }
            Command::AskDone(name) if self.named => self.answer(&Reply::Done(name)),
            _ => {}
        }
    }

    fn answer(&mut self, reply: &Reply) {
        let to = if self.slow > 0 { &mut self.held } else { &mut self.answers };
        to.extend(reply.bytes());
    }

    /// Lets go of what was kept back, once it was looked for often enough.
    fn let_go(&mut self) {
        if self.held.is_empty() {
            return;
        }
        self.looked += 1;
        if self.looked >= self.slow {
            self.answers.append(&mut self.held);
            self.looked = 0;
        }
    }

    /// Takes one byte in; false: no room.
    fn take(&mut self, byte: u8) -> bool {
        if self.buffer.len() >= self.room && !self.mood.prints() {
            // a full printer is busy, and takes no questions either
            return false;
        }
        self.taken.push(byte);
        if let Some(command) = self.scan.push(byte) {
            if let Command::Status(which @ 1..=4) = command {
                let byte = self.mood.bytes().get(usize::from(which) - 1).copied().unwrap_or(0x12);
                self.answers.extend([byte]);
            }
            self.obeyed.push(command);
        }
        self.buffer.push_back(byte);
        self.work();
        true
    }

    fn gone(&mut self, connection: Option<usize>) -> Result<(), PortError> {
        let place = String::from("the simulated printer");
        match self.mood {
            Mood::Unplugged => {
                self.known = 0;
                Err(PortError::Unplugged { place, source: std::io::ErrorKind::NotFound.into() })
            }
            Mood::Refused => Err(PortError::Refused { place, source: std::io::ErrorKind::PermissionDenied.into() }),
            _ if connection != Some(self.known) => {
                Err(PortError::Unplugged { place, source: std::io::ErrorKind::BrokenPipe.into() })
            }
            _ => Ok(()),
        }
    }
}

impl Transport for SimulatedPrinter {
    fn connect(&mut self, _timeout: Duration) -> Result<(), PortError> {
        let mut inside = lock(&self.inside);
        if self.connection.is_none() {
            let (next, known) = (inside.connections + 1, inside.known);
            inside.gone(Some(known))?;
            (inside.connections, inside.known, self.connection) = (next, next, Some(next));
        }
        Ok(())
    }

    fn write(&mut self, bytes: &[u8], _timeout: Duration) -> Result<usize, PortError> {
        let mut inside = lock(&self.inside);
        inside.gone(self.connection)?;
        let mut count = 0;
        let sip = if inside.sip == 0 { bytes.len() } else { inside.sip };
        for byte in bytes.iter().take(sip) {
            if let Some((left, mood)) = &mut inside.then {
                if *left == 0 {
                    let mood = *mood;
                    (inside.mood, inside.then) = (mood, None);
                } else {
                    *left -= 1;
                }
            }
            if count == 0 {
                inside.gone(self.connection)?;
            }
            let gone = matches!(inside.mood, Mood::Unplugged | Mood::Refused | Mood::Silent);
            if gone || !inside.take(*byte) {
                break;
            }
            count += 1;
        }
        Ok(count)
    }

    fn read(&mut self, into: &mut [u8], timeout: Duration) -> Result<usize, PortError> {
        let mut inside = lock(&self.inside);
        inside.gone(self.connection)?;
        if inside.mood == Mood::Silent {
            return Ok(0);
        }
        if inside.answers.is_empty() {
            inside.let_go();
        }
        if let Some((byte, every)) = inside.drip
            && !timeout.is_zero()
        {
            inside.waited += 1;
            if inside.waited.is_multiple_of(every) {
                inside.answers.push_back(byte);
            }
        }
        let count = into.len().min(inside.answers.len());
        for (to, from) in into.iter_mut().zip(inside.answers.drain(..count)) {
            *to = from;
        }
        Ok(count)
    }

    fn disconnect(&mut self) {
        let mut inside = lock(&self.inside);
        self.connection = None;
        inside.answers.clear();
    }

    fn place(&self) -> String {
        "the simulated printer".into()
    }
}
