//! Buttons, their lamps and the printer: what reaches outside the program.
//!
//! A press becomes an Issue like any other. A ticket becomes a print job with a row in the ledger before the first dot is sent;
//! what is not known to be on paper is never sent twice by itself.

mod button;
mod lamp;
mod printer;
mod start;
mod stationery;

pub use button::{Button, Panel, mend_line, press_buttons};
pub use lamp::{ButtonLamp, keep_lamps};
pub use printer::{PaperOptions, PrinterReport, Upkeep, look_at_printer, open_printer, print_jobs};
pub use start::{lamps, start_buttons, tell_unknown};
