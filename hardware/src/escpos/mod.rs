//! ESC/POS as pure bytes: commands to a printer, what the printer answers, and both read back.
//!
//! Few commands are used, those that clones have too: initialise, raster (`GS v 0`), feed, cut, and the questions how the
//! printer is (`DLE EOT`) and whether it has come to the end of what it was sent (`GS r`, `GS ( H`). Nothing here talks to
//! anything. Sources: Epson's ESC/POS reference, pages `esc_atsign`, `gs_lv_0`, `esc_ld`, `gs_cv`, `dle_eot`, `gs_lr`, `gs_lparen_ch`.

mod decode;
mod encode;
mod reply;
mod safe;

pub use decode::{Decoder, RealTimeScan};
pub use encode::{BAND_BYTES, Bands, ticket};
pub use reply::{Replies, Reply};
pub use safe::{defuse, real_time_at};

/// Starts most commands.
pub(crate) const ESC: u8 = 0x1b;
/// Starts the others.
pub(crate) const GS: u8 = 0x1d;
/// Starts the commands that a printer obeys as they come in, before what was sent earlier.
pub(crate) const DLE: u8 = 0x10;
/// `DLE EOT`: how are you?
pub(crate) const EOT: u8 = 0x04;
/// `DLE ENQ`: go on after an error.
pub(crate) const ENQ: u8 = 0x05;
/// `DLE DC4`: pulse, power off, clear the buffer.
pub(crate) const DC4: u8 = 0x14;

/// One command, as it is sent and as it is read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A zero byte: nothing.
    Nothing,
    /// `ESC @`: forget every setting and what is in the line buffer.
    Init,
    /// `GS v 0`: dots. Rows of `width` bytes, the leftmost dot in the most significant bit.
    Raster {
        /// Bytes in a row.
        width: u16,
        /// All rows.
        dots: Vec<u8>,
    },
    /// `ESC d`: feed so many lines.
    Feed(u8),
    /// `GS V`: cut, feeding to the knife first; fully or leaving a bridge.
    Cut {
        /// Leaves no bridge.
        full: bool,
    },
    /// `DLE EOT`: one of the four status bytes, at once.
    Status(u8),
    /// `GS r 1`: the paper sensor, when everything before it is done.
    AskPaper,
    /// `GS ( H`, function 48: say this name when everything before it is on paper.
    AskDone([u8; 4]),
    /// `DLE ENQ`: go on after an error. Never sent.
    Recover(u8),
    /// `DLE DC4`: pulse, power off or clear. Never sent.
    Pulse([u8; 3]),
    /// A byte that begins no command we know: text, or a command of others.
    Other(u8),
}

impl Command {
    /// Writes the command's bytes behind `bytes`.
    pub fn encode(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Nothing => bytes.push(0),
            Self::Init => bytes.extend([ESC, b'@']),
            Self::Raster { width, dots } => {
                let rows = u16::try_from(dots.len() / usize::from(*width).max(1)).unwrap_or(u16::MAX);
                let ([xl, xh], [yl, yh]) = (width.to_le_bytes(), rows.to_le_bytes());
                bytes.extend([GS, b'v', b'0', 0, xl, xh, yl, yh]);
                bytes.extend(dots);
            }
            Self::Feed(lines) => bytes.extend([ESC, b'd', *lines]),
            Self::Cut { full } => bytes.extend([GS, b'V', if *full { b'A' } else { b'B' }, 0]),
            Self::Status(which) => bytes.extend([DLE, EOT, *which]),
            Self::AskPaper => bytes.extend([GS, b'r', 1]),
            Self::AskDone(name) => {
                bytes.extend([GS, b'(', b'H', 6, 0, b'0', b'0']);
                bytes.extend(name);
            }
            Self::Recover(how) => bytes.extend([DLE, ENQ, *how]),
            Self::Pulse(how) => {
                bytes.extend([DLE, DC4]);
                bytes.extend(how);
            }
            Self::Other(byte) => bytes.push(*byte),
        }
    }

    /// The command's bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.encode(&mut bytes);
        bytes
    }
}
