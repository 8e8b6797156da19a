//! The bytes of a printer read back into commands, as a printer reads them: for tests, and for the simulated printer.

use super::{Command, DC4, DLE, ENQ, EOT, ESC, GS};

/// Reads commands from bytes in any portions. Never fails: what it does not know is [`Command::Other`].
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    waiting: Vec<u8>,
    /// A raster's width and how many of its bytes are still to come, once its head is read.
    raster: Option<(u16, usize)>,
}

impl Decoder {
    /// Takes bytes in; gives the commands that they complete.
    pub fn read(&mut self, bytes: &[u8]) -> Vec<Command> {
        let mut commands = Vec::new();
        for byte in bytes {
            self.waiting.push(*byte);
            while let Some(command) = self.next() {
                commands.push(command);
            }
        }
        commands
    }

    /// Whether it stands between two commands.
    #[must_use]
    pub fn is_between(&self) -> bool {
        self.waiting.is_empty() && self.raster.is_none()
    }

    /// Takes the first command from what waits, if it is complete.
    fn next(&mut self) -> Option<Command> {
        if let Some((width, bytes)) = self.raster {
            if self.waiting.len() < bytes {
                return None;
            }
            self.raster = None;
            return Some(Command::Raster { width, dots: self.take(bytes) });
        }
        let (command, length) = match self.waiting.as_slice() {
            [] => return None,
            [0, ..] => (Command::Nothing, 1),
            [ESC, b'@', ..] => (Command::Init, 2),
            [ESC, b'd', lines, ..] => (Command::Feed(*lines), 3),
            [GS, b'V', how @ (b'A' | b'B'), _, ..] => (Command::Cut { full: *how == b'A' }, 4),
            [GS, b'V', how @ (0 | 1 | b'0' | b'1'), ..] => (Command::Cut { full: matches!(how, 0 | b'0') }, 3),
            [GS, b'r', 1, ..] => (Command::AskPaper, 3),
            [GS, b'(', b'H', 6, 0, b'0', b'0', a, b, c, d, ..] => (Command::AskDone([*a, *b, *c, *d]), 11),
            [DLE, EOT, which, ..] => (Command::Status(*which), 3),
            [DLE, ENQ, how, ..] => (Command::Recover(*how), 3),
            [DLE, DC4, a, b, c, ..] => (Command::Pulse([*a, *b, *c]), 5),
            [GS, b'v', b'0', _, xl, xh, yl, yh, ..] => {
                let (width, rows) = (u16::from_le_bytes([*xl, *xh]), u16::from_le_bytes([*yl, *yh]));
                self.take(8);
                self.raster = Some((width, usize::from(width) * usize::from(rows)));
                return self.next();
            }
            begun if may_go_on(begun) => return None,
            [first, ..] => (Command::Other(*first), 1),
        };
        self.take(length);
        Some(command)
    }

    fn take(&mut self, count: usize) -> Vec<u8> {
        let rest = self.waiting.split_off(count.min(self.waiting.len()));
        std::mem::replace(&mut self.waiting, rest)
    }
}

/// Whether these bytes begin a command that is not complete.
fn may_go_on(begun: &[u8]) -> bool {
    const HEADS: [&[u8]; 4] = [&[GS, b'v', b'0'], &[GS, b'(', b'H', 6, 0, b'0', b'0'], &[ESC, b'd'], &[GS, b'r']];
    const SHORT: [&[u8]; 4] = [&[DLE, EOT], &[DLE, ENQ], &[DLE, DC4], &[GS, b'V']];
    let agrees = |head: &&[u8]| begun.iter().zip(*head).all(|(one, other)| one == other);
    let room = |head: &&[u8]| {
        let whole = match head {
            [GS, b'v', ..] => 8,
            [GS, b'(', ..] => 11,
            [DLE, DC4] => 5,
            [GS, b'V'] if matches!(begun.get(2), None | Some(b'A' | b'B')) => 4,
            _ => 3,
        };
        begun.len() < whole
    };
    HEADS.iter().chain(&SHORT).any(|head| agrees(head) && room(head)) || begun == [ESC]
}

/// Finds real-time commands in raw bytes wherever they stand, as the printers do that obey them inside raster data.
#[derive(Clone, Debug, Default)]
pub struct RealTimeScan {
    last: [u8; 2],
}

impl RealTimeScan {
    /// Takes one byte in; gives the command that it completes. `DLE DC4` is told without the bytes that follow it.
    pub fn push(&mut self, byte: u8) -> Option<Command> {
        let [before, last] = self.last;
        self.last = [last, byte];
        match (before, last, byte) {
            (DLE, EOT, which) => Some(Command::Status(which)),
            (DLE, ENQ, how) => Some(Command::Recover(how)),
            (_, DLE, DC4) => Some(Command::Pulse([0; 3])),
            _ => None,
        }
    }
}
