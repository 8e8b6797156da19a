//! From settings to a printer, and what there is to choose from: for the hub, and for whoever looks for what is wrong.

use std::path::{Path, PathBuf};

use nowserving_hardware::{
    Patience, PicturePrinter, Printer, PrinterStatus, Profile, ReceiptPrinter, SerialPort, TcpPort, Transport, UsbPort,
    usb_printers,
};

use super::trouble::trouble;
use crate::branch::Trouble;
use crate::config::{PrinterKind, PrinterSettings};

/// The printer that the settings name; `None`: none. It need not be there: one that is switched off is looked for until it is.
///
/// # Errors
/// A profile that is not there, a folder that cannot be made, a kind without its device or address.
pub fn open_printer(settings: &PrinterSettings, data: &Path) -> anyhow::Result<Option<Box<dyn Printer>>> {
    let port: Box<dyn Transport> = match settings.kind {
        PrinterKind::None => return Ok(None),
        PrinterKind::Picture => return Ok(Some(Box::new(PicturePrinter::new(data.join("prints"))?))),
        PrinterKind::Usb => Box::new(UsbPort::new(settings.device.clone())),
        PrinterKind::Serial => {
            let device = settings.device.clone();
            let device = device.ok_or_else(|| anyhow::anyhow!("A serial printer needs `device` in [printer]"))?;
            Box::new(SerialPort::new(device, settings.baud.0, settings.flow.into()))
        }
        PrinterKind::Tcp => {
            let address = settings.address.as_deref();
            let address = address.ok_or_else(|| anyhow::anyhow!("A network printer needs `address` in [printer]"))?;
            Box::new(TcpPort::new(address))
        }
    };
    let profile = Profile::find(&settings.profile)?;
    Ok(Some(Box::new(ReceiptPrinter::new(port, profile, Patience::default()))))
}

/// What a look at a printer tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrinterReport {
    /// Where it is and what it is taken for: `/dev/usb/lp0, profile generic`.
    pub printer: String,
    /// How it is.
    pub status: PrinterStatus,
    /// What is the matter and what to do; `None`: it is well.
    pub trouble: Option<Trouble>,
    /// Every USB printer of this machine, whichever is used.
    pub usb: Vec<PathBuf>,
}

/// Looks at the printer of the settings. Takes seconds if it does not answer. Not while a hub has it open: a USB printer lets one
/// program in at a time.
///
/// # Errors
/// As [`open_printer`].
pub fn look_at_printer(settings: &PrinterSettings, data: &Path) -> anyhow::Result<Option<PrinterReport>> {
    let Some(mut printer) = open_printer(settings, data)? else { return Ok(None) };
    let mut status = printer.status();
    if status == PrinterStatus::Busy {
        // at the first look it is asked what was under way before
        status = printer.status();
    }
    Ok(Some(PrinterReport { printer: printer.describe(), trouble: trouble(&status), status, usb: usb_printers() }))
}
