//! What every port shares: a file descriptor that never blocks, and waiting for it with a time-out.

use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::PortError;

/// How long a device is left alone that says it can be read and then gives nothing, as USB printers do with empty packets.
const EMPTY: Duration = Duration::from_millis(10);

/// An open port.
#[derive(Debug)]
pub(super) struct Port {
    pub(super) fd: OwnedFd,
    pub(super) place: String,
    /// Whether reading nothing means that the other side has gone.
    pub(super) ends: bool,
}

/// What the system's reason means for a port at `place`.
pub(super) fn meaning(place: &str, error: std::io::Error) -> PortError {
    let place = place.to_owned();
    let errno = error.raw_os_error().map(Errno::from_raw_os_error);
    match errno {
        Some(Errno::ACCESS | Errno::PERM | Errno::BUSY | Errno::NOTTY) => PortError::Refused { place, source: error },
        Some(Errno::TIMEDOUT) => PortError::Silent { place },
        None if error.kind() == std::io::ErrorKind::TimedOut => PortError::Silent { place },
        _ => PortError::Unplugged { place, source: error },
    }
}

impl Port {
    fn wait(&self, events: PollFlags, timeout: Duration) -> Result<bool, PortError> {
        let seconds = i64::try_from(timeout.as_secs()).unwrap_or(i64::MAX);
        let time = Timespec { tv_sec: seconds, tv_nsec: i64::from(timeout.subsec_nanos()) };
        let mut fds = [PollFd::from_borrowed_fd(self.fd.as_fd(), events)];
        match poll(&mut fds, Some(&time)) {
            // an error or a hang-up is found by reading or writing, which names it
            Ok(ready) => Ok(ready > 0),
            Err(Errno::INTR) => Ok(false),
            Err(error) => Err(meaning(&self.place, error.into())),
        }
    }

    pub(super) fn write(&self, bytes: &[u8], timeout: Duration) -> Result<usize, PortError> {
        if !self.wait(PollFlags::OUT, timeout)? {
            return Ok(0);
        }
        match rustix::io::write(&self.fd, bytes) {
            Ok(taken) => Ok(taken),
            // no paper, says a parallel port; the status says so too
            Err(Errno::AGAIN | Errno::INTR | Errno::NOSPC) => Ok(0),
            Err(error) => Err(meaning(&self.place, error.into())),
        }
    }

    pub(super) fn read(&self, into: &mut [u8], timeout: Duration) -> Result<usize, PortError> {
        if !self.wait(PollFlags::IN, timeout)? {
            return Ok(0);
        }
        match rustix::io::read(&self.fd, into) {
            Ok(0) if self.ends => Err(meaning(&self.place, std::io::ErrorKind::UnexpectedEof.into())),
            Ok(0) => {
                std::thread::sleep(EMPTY.min(timeout));
                Ok(0)
            }
            Ok(count) => Ok(count),
            Err(Errno::AGAIN | Errno::INTR) => Ok(0),
            Err(error) => Err(meaning(&self.place, error.into())),
        }
    }
}

/// The error of a port that nobody has opened.
pub(super) fn closed(place: &str) -> PortError {
    meaning(place, std::io::ErrorKind::NotConnected.into())
}
