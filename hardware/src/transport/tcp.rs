//! Network printers: raw bytes over TCP, by custom on port 9100.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::os::fd::OwnedFd;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use super::port::{Port, closed};
use super::{PortError, Transport};

/// The port that printers listen on unless told otherwise.
pub(crate) const PORT: u16 = 9100;

/// A network printer.
#[derive(Debug)]
pub struct TcpPort {
    address: String,
    port: Option<Port>,
    /// The name is being looked up; a look-up has no time-out of its own, so that it has a thread.
    lookup: Option<Receiver<std::io::Result<Vec<SocketAddr>>>>,
}

impl TcpPort {
    /// The printer at `address`: `192.168.1.40`, `printer.local`, `192.168.1.40:9100`, `[fe80::1]:9100`.
    #[must_use]
    pub fn new(address: &str) -> Self {
        let has_port = address
            .rsplit_once(':')
            .is_some_and(|(host, port)| port.parse::<u16>().is_ok() && (!host.contains(':') || host.ends_with(']')));
        let bare = address.contains(':') && !address.starts_with('[');
        let address = match (has_port, bare) {
            (true, _) => address.to_owned(),
            (false, true) => format!("[{address}]:{PORT}"),
            (false, false) => format!("{address}:{PORT}"),
        };
        Self { address, port: None, lookup: None }
    }

    /// Where it is. One look-up at a time: one that hangs is waited for again at the next look.
    fn look_up(&mut self, timeout: Duration) -> std::io::Result<Vec<SocketAddr>> {
        if let Ok(address) = self.address.parse() {
            return Ok(vec![address]);
        }
        let pending = match self.lookup.take() {
            Some(pending) => pending,
            None => {
                let (tell, pending) = channel();
                let address = self.address.clone();
                std::thread::Builder::new().name("printer's name".into()).spawn(move || {
                    // nobody may be waiting any more
                    let _ = tell.send(address.to_socket_addrs().map(Iterator::collect));
                })?;
                pending
            }
        };
        match pending.recv_timeout(timeout) {
            Ok(found) => found,
            Err(RecvTimeoutError::Timeout) => {
                self.lookup = Some(pending);
                Err(ErrorKind::TimedOut.into())
            }
            Err(RecvTimeoutError::Disconnected) => Err(ErrorKind::NotFound.into()),
        }
    }

    fn open(&mut self, timeout: Duration) -> Result<OwnedFd, PortError> {
        let host = self.address.rsplit_once(':').map_or(self.address.as_str(), |(host, _)| host).to_owned();
        let found = self.look_up(timeout).map_err(|error| PortError::Nobody { why: unnamed(&host, &error) })?;
        let each = timeout / u32::try_from(found.len().max(1)).unwrap_or(1);
        let mut last = ErrorKind::AddrNotAvailable.into();
        for address in found {
            match dial(&address, each) {
                Ok(fd) => return Ok(fd),
                Err(error) => last = error,
            }
        }
        Err(PortError::Nobody { why: unmet(&self.address, &last) })
    }
}

fn dial(address: &SocketAddr, timeout: Duration) -> std::io::Result<OwnedFd> {
    let stream = TcpStream::connect_timeout(address, timeout)?;
    stream.set_nodelay(true)?;
    stream.set_nonblocking(true)?;
    Ok(stream.into())
}

/// What is said of a name that leads nowhere.
fn unnamed(host: &str, error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::TimedOut => format!("the network does not say in time where the name {host} is"),
        _ => format!("nobody on the network knows the name {host}"),
    }
}

/// What is said of an address that lets nobody through.
fn unmet(address: &str, error: &std::io::Error) -> String {
    let (host, port) = address.rsplit_once(':').unwrap_or((address, "9100"));
    match error.kind() {
        // a machine is there, and no printer listens, or it lets no second one in
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => format!("nothing answers at {host} port {port}"),
        ErrorKind::TimedOut | ErrorKind::HostUnreachable => format!("there is no machine at {host}"),
        ErrorKind::NetworkUnreachable => format!("this machine has no way to {host}"),
        _ => format!("nothing answers at {host} port {port} ({error})"),
    }
}

impl Transport for TcpPort {
    fn connect(&mut self, timeout: Duration) -> Result<(), PortError> {
        if self.port.is_none() {
            let fd = self.open(timeout)?;
            self.port = Some(Port { fd, place: self.address.clone(), ends: true });
        }
        Ok(())
    }

    fn write(&mut self, bytes: &[u8], timeout: Duration) -> Result<usize, PortError> {
        self.port.as_ref().ok_or_else(|| closed(&self.address))?.write(bytes, timeout)
    }

    fn read(&mut self, into: &mut [u8], timeout: Duration) -> Result<usize, PortError> {
        self.port.as_ref().ok_or_else(|| closed(&self.address))?.read(into, timeout)
    }

    fn hangs_up(&self) -> Option<String> {
        let (host, port) = self.address.rsplit_once(':').unwrap_or((&self.address, "9100"));
        Some(format!("{host} port {port} hangs up at once, as a printer does that serves another computer"))
    }

    fn disconnect(&mut self) {
        self.port = None;
    }

    fn place(&self) -> String {
        self.address.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(address: &str) -> String {
        match TcpPort::new(address).connect(Duration::from_secs(2)) {
            Err(PortError::Nobody { why }) => why,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn nobody_at_an_address_is_told_by_address_and_a_name_by_name() {
        // a port that was free a moment ago
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        assert_eq!(why(&format!("127.0.0.1:{port}")), format!("nothing answers at 127.0.0.1 port {port}"));
        let name = why("printer.invalid");
        assert!(name.contains("the name printer.invalid"), "{name}");
        for kind in [ErrorKind::TimedOut, ErrorKind::HostUnreachable] {
            assert_eq!(unmet("192.168.1.40:9100", &kind.into()), "there is no machine at 192.168.1.40");
        }
        let late = unnamed("printer.local", &ErrorKind::TimedOut.into());
        assert_eq!(late, "the network does not say in time where the name printer.local is");
    }

    #[test]
    fn an_address_needs_no_port() {
        let whole = |address: &str| TcpPort::new(address).place();
        assert_eq!(whole("192.168.1.40"), "192.168.1.40:9100");
        assert_eq!(whole("192.168.1.40:9101"), "192.168.1.40:9101");
        assert_eq!(whole("printer.local"), "printer.local:9100");
        assert_eq!(whole("fe80::1"), "[fe80::1]:9100");
        assert_eq!(whole("[fe80::1]"), "[fe80::1]:9100");
        assert_eq!(whole("[fe80::1]:91"), "[fe80::1]:91");
    }
}
