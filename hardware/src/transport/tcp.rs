//! Network printers: raw bytes over TCP, by custom on port 9100.

use std::net::{TcpStream, ToSocketAddrs};
use std::os::fd::OwnedFd;
use std::time::Duration;

use super::port::{Port, closed, meaning};
use super::{PortError, Transport};

/// The port that printers listen on unless told otherwise.
pub(crate) const PORT: u16 = 9100;

/// A network printer.
#[derive(Debug)]
pub struct TcpPort {
    address: String,
    port: Option<Port>,
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
        Self { address, port: None }
    }

    fn open(&self, timeout: Duration) -> std::io::Result<OwnedFd> {
        let mut last = std::io::ErrorKind::NotFound.into();
        for address in self.address.to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, timeout) {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    stream.set_nonblocking(true)?;
                    return Ok(stream.into());
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

impl Transport for TcpPort {
    fn connect(&mut self, timeout: Duration) -> Result<(), PortError> {
        if self.port.is_none() {
            let fd = self.open(timeout).map_err(|error| meaning(&self.address, error))?;
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
