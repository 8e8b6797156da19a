//! USB printers by the kernel's printer class driver, `/dev/usb/lp*`.
//!
//! Chosen over libusb (`rusb`, `nusb`): no library, no detaching of drivers, rights by the group `lp` as on any system, and the
//! kernel gives each device to one program at a time.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{FileType, Mode, OFlags, fstat, open};
use rustix::io::Errno;

use super::port::{Port, closed, meaning};
use super::{PortError, Transport};

/// Where the kernel puts printers.
const FOLDER: &str = "/dev/usb";

/// The USB printers of this machine, in the order of their names.
#[must_use]
pub fn usb_printers() -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(FOLDER) else { return Vec::new() };
    let is_printer = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("lp"));
    let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_printer).collect();
    found.sort();
    found
}

/// A USB printer.
#[derive(Debug)]
pub struct UsbPort {
    device: Option<PathBuf>,
    port: Option<Port>,
}

impl UsbPort {
    /// The printer at `device`; `None`: the first there is, looked for at each connection, since a printer that was
    /// unplugged may come back under another number.
    #[must_use]
    pub fn new(device: Option<PathBuf>) -> Self {
        Self { device, port: None }
    }

    fn open(path: &Path) -> Result<Port, PortError> {
        let place = path.display().to_string();
        let flags = OFlags::RDWR | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let failed = |error: Errno| meaning(&place, error.into());
        let fd = open(path, flags, Mode::empty()).map_err(failed)?;
        // a path that was mistyped may be a file, and what is asked of a printer would be written into it
        if FileType::from_raw_mode(fstat(&fd).map_err(failed)?.st_mode) != FileType::CharacterDevice {
            return Err(failed(Errno::NOTTY));
        }
        Ok(Port { fd, place, ends: false })
    }
}

impl Transport for UsbPort {
    fn connect(&mut self, _timeout: Duration) -> Result<(), PortError> {
        if self.port.is_none() {
            let missing = || meaning(&self.place(), std::io::ErrorKind::NotFound.into());
            let path = self.device.clone().or_else(|| usb_printers().into_iter().next()).ok_or_else(missing)?;
            self.port = Some(Self::open(&path)?);
        }
        Ok(())
    }

    fn write(&mut self, bytes: &[u8], timeout: Duration) -> Result<usize, PortError> {
        self.port.as_ref().ok_or_else(|| closed(&self.place()))?.write(bytes, timeout)
    }

    fn read(&mut self, into: &mut [u8], timeout: Duration) -> Result<usize, PortError> {
        self.port.as_ref().ok_or_else(|| closed(&self.place()))?.read(into, timeout)
    }

    fn disconnect(&mut self) {
        self.port = None;
    }

    fn place(&self) -> String {
        match (&self.port, &self.device) {
            (Some(port), _) => port.place.clone(),
            (None, Some(device)) => device.display().to_string(),
            (None, None) => format!("{FOLDER}/lp*"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_no_printer_and_stays_as_it_is() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "a list").unwrap();
        let mut port = UsbPort::new(Some(file.path().to_owned()));
        assert!(matches!(port.connect(Duration::ZERO), Err(PortError::Refused { .. })));
        assert_eq!(std::fs::read_to_string(file.path()).unwrap(), "a list");
    }
}
