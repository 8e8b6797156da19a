//! Serial printers, by termios.
//!
//! Chosen over the crate `serialport`: that one brings libudev (a C library, for listing ports, which nobody needs here) and
//! reads and writes that block; `rustix` is here already and is one page of code.

use std::path::PathBuf;
use std::time::Duration;

use rustix::fs::{Mode, OFlags, open};
use rustix::termios::{
    ControlModes, InputModes, OptionalActions, QueueSelector, ioctl_tiocexcl, tcflush, tcgetattr, tcsetattr,
};

use super::port::{Port, closed, meaning};
use super::{PortError, Transport};

/// How a serial printer holds the sender back when its buffer is full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flow {
    /// By its wires (RTS/CTS; on many printers labelled DTR). Without it a ticket that is larger than the buffer loses dots.
    #[default]
    Hardware,
    /// By bytes (XON/XOFF).
    Software,
    /// Not at all.
    None,
}

/// A serial printer. 8 data bits, no parity, one stop bit.
#[derive(Debug)]
pub struct SerialPort {
    device: PathBuf,
    baud: u32,
    flow: Flow,
    port: Option<Port>,
}

impl SerialPort {
    /// The printer at `device`, such as `/dev/ttyUSB0`, at `baud` bits a second.
    #[must_use]
    pub fn new(device: impl Into<PathBuf>, baud: u32, flow: Flow) -> Self {
        Self { device: device.into(), baud, flow, port: None }
    }

    fn open(&self) -> rustix::io::Result<Port> {
        let flags = OFlags::RDWR | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let fd = open(&self.device, flags, Mode::empty())?;
        let mut settings = tcgetattr(&fd)?;
        settings.make_raw();
        // no modem: nothing waits for a carrier
        settings.control_modes |= ControlModes::CLOCAL | ControlModes::CREAD;
        settings.control_modes -= ControlModes::CSTOPB;
        settings.control_modes.set(ControlModes::CRTSCTS, self.flow == Flow::Hardware);
        settings.input_modes.set(InputModes::IXON | InputModes::IXOFF, self.flow == Flow::Software);
        settings.set_speed(self.baud)?;
        tcsetattr(&fd, OptionalActions::Now, &settings)?;
        ioctl_tiocexcl(&fd)?;
        // what came in before belongs to nobody
        tcflush(&fd, QueueSelector::IFlush)?;
        Ok(Port { fd, place: self.device.display().to_string(), ends: true })
    }
}

impl Transport for SerialPort {
    fn connect(&mut self, _timeout: Duration) -> Result<(), PortError> {
        if self.port.is_none() {
            self.port = Some(self.open().map_err(|error| meaning(&self.place(), error.into()))?);
        }
        Ok(())
    }

    fn write(&mut self, bytes: &[u8], timeout: Duration) -> Result<usize, PortError> {
        self.port.as_ref().ok_or_else(|| closed(&self.place()))?.write(bytes, timeout)
    }

    fn read(&mut self, into: &mut [u8], timeout: Duration) -> Result<usize, PortError> {
        self.port.as_ref().ok_or_else(|| closed(&self.place()))?.read(into, timeout)
    }

    fn pace(&self) -> u32 {
        // a start bit, eight of data, a stop bit
        self.baud / 10
    }

    fn disconnect(&mut self) {
        self.port = None;
    }

    fn place(&self) -> String {
        self.device.display().to_string()
    }
}
