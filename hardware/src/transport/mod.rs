//! How bytes reach a printer and come back: USB, serial, network. Each behind one small trait, none ever waiting without end.

mod port;
mod serial;
mod tcp;
mod usb;

use std::time::Duration;

pub use serial::{Flow, SerialPort};
pub use tcp::TcpPort;
pub use usb::{UsbPort, usb_printers};

/// Why a printer cannot be reached. Several kinds, because different things mend them.
#[derive(Debug, thiserror::Error)]
pub enum PortError {
    /// Nothing is there: the cable is out, the power is off, the address is nobody's; or it was there and has gone.
    #[error("{place} is not there")]
    Unplugged {
        /// The device or address.
        place: String,
        /// The system's reason.
        source: std::io::Error,
    },
    /// Something is there and lets nobody in: no rights, or another program has it.
    #[error("{place} does not let this program in")]
    Refused {
        /// The device or address.
        place: String,
        /// The system's reason.
        source: std::io::Error,
    },
    /// Nobody was met on the network: an address without a printer, a printer that is off, a name that nobody knows.
    #[error("{why}")]
    Nobody {
        /// What was looked for and where, without a stop: `nothing answers at 192.168.1.40 port 9100`.
        why: String,
    },
    /// Nothing answered in time.
    #[error("{place} does not answer")]
    Silent {
        /// The device or address.
        place: String,
    },
}

/// A way to a printer, owned by one thread.
///
/// It opens by [`Transport::connect`], and whoever meets an error calls [`Transport::disconnect`] and connects again: a cable that
/// was out and is in again needs nothing else.
pub trait Transport: Send {
    /// Opens the way anew, if it is not open.
    ///
    /// # Errors
    /// [`PortError`]: what stands in the way.
    fn connect(&mut self, timeout: Duration) -> Result<(), PortError>;

    /// Sends as much of `bytes` as is taken at once, waiting at most `timeout` for the first of them. 0: nothing was taken.
    ///
    /// # Errors
    /// [`PortError`]: nothing of `bytes` was taken, and the way is lost.
    fn write(&mut self, bytes: &[u8], timeout: Duration) -> Result<usize, PortError>;

    /// Gives what has come in, waiting at most `timeout` for the first byte. 0: nothing came.
    ///
    /// # Errors
    /// [`PortError`]: the way is lost.
    fn read(&mut self, into: &mut [u8], timeout: Duration) -> Result<usize, PortError>;

    /// Bytes a second that it carries at the least while the printer keeps up: what a ticket may take is reckoned from it.
    fn pace(&self) -> u32 {
        4_000
    }

    /// What it means when a way that was opened just now is gone again, if that is something else than a cable that is out.
    fn hangs_up(&self) -> Option<String> {
        None
    }

    /// Gives the way up. What was not sent is gone.
    fn disconnect(&mut self);

    /// The device or address, for people.
    fn place(&self) -> String;
}
