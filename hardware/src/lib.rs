//! Button, lamp and printer of a branch, each behind a small trait, with fakes that are always compiled in.
//!
//! Which implementation runs is chosen at run time, from the settings, never by `cfg`: the program that
//! is tested is the program that is installed. This crate imports nothing of the rest of the workspace and knows no
//! tickets: a button has a name, a printer gets a picture.
//!
//! | part | trait | implementations |
//! |---|---|---|
//! | button | [`ButtonSource`] | [`GpioButtons`] (wired to a header), [`KeyButtons`] (letters typed in a terminal), [`FakeButton`] |
//! | its line | [`Lines`] | [`PiLines`] (rppal), [`FakeLines`] (a simulated wire and the kernel's debouncing) |
//! | lamp | [`Lamp`] | [`PiLamp`] (rppal), [`FakeLamp`] |
//! | printer | [`Printer`] | [`ReceiptPrinter`] (ESC/POS), [`PicturePrinter`] (PNG files), [`FakePrinter`] |
//! | way to a receipt printer | [`Transport`] | [`UsbPort`], [`SerialPort`], [`TcpPort`], [`SimulatedPrinter`] |
//!
//! Everything here is synchronous and blocking; a thread of the hub owns each device. There is no clock in this crate:
//! what a press or a print is worth in time is the caller's business.

mod bitmap;
mod button;
mod capped;
mod edge;
pub mod escpos;
mod fake_lines;
mod gpio;
mod gpio_buttons;
mod gpio_lamp;
mod keys;
mod lamp;
mod light;
mod line;
mod picture;
mod printer;
mod profile;
mod receipt;
mod simulator;
mod transport;

pub use bitmap::{Bitmap, BitmapError, MAX_HEIGHT, MAX_WIDTH};
pub use button::{ButtonError, ButtonSource, ButtonTrouble, FakeButton, FakeButtonHandle, Polled, Press};
pub use capped::Capped;
pub use edge::{EdgeRules, Edges, Told};
pub use fake_lines::{FakeLines, FakeWires};
pub use gpio::PiLines;
pub use gpio_buttons::GpioButtons;
pub use gpio_lamp::PiLamp;
pub use keys::KeyButtons;
pub use lamp::{FakeLamp, Lamp, LampError, LampState};
pub use light::Light;
pub use line::{Active, Edge, LineError, Lines, Pull, Wiring};
pub use picture::PicturePrinter;
pub use printer::{
    BadJobName, FakePrinter, FakePrinterHandle, Job, JobName, Outcome, Printer, PrinterError, PrinterStatus, Stage, Watch,
};
pub use profile::{Cut, Done, Profile, ProfileError};
pub use receipt::{Patience, ReceiptPrinter};
pub use simulator::{Mood, SimulatedPrinter, SimulatorHandle};
pub use transport::{Flow, PortError, SerialPort, TcpPort, Transport, UsbPort, usb_printers};
