//! The screens of a branch, drawn with Slint: the kiosk, the board and the desk sign.
//!
//! Each screen is a window and one global that holds everything it shows ([`KioskView`], [`BoardView`],
//! [`DeskSignView`]). This crate knows nothing of tickets, lines or the feed: whoever shows a screen maps its view
//! to that global's properties and wires its callbacks. Globals belong to a window: two windows have two copies.
//!
//! ```no_run
//! use nowserving_ui::{KioskPage, KioskView, KioskWindow, slint::{self, ComponentHandle as _, Global as _}};
//!
//! let kiosk = KioskWindow::new()?;
//! let view = kiosk.global::<KioskView>();
//! view.set_page(KioskPage::Start);
//! view.on_choose(|service| println!("a number for {service}, please"));
//! kiosk.run()?;
//! # Ok::<(), slint::PlatformError>(())
//! ```
//!
//! * [`window`] opens a screen on a display.
//! * [`offscreen`] draws one without a display, for snapshots and tests.
//! * [`accent`], [`qr_image`], [`model`] and [`split_desk`] make the values that the globals take.
//!
//! Every colour, size and duration comes from `tokens.toml` (see `build.rs`), which web and paper read as well.

mod fonts;
mod generated;
mod keyboard;
mod look;
pub mod offscreen;
mod values;
pub mod window;

pub use fonts::{face, install as install_fonts};
pub use generated::{
    AnswerRow, BoardAnswer, BoardCall, BoardView, BoardWindow, BoardWords, Brand, CallRow, DeskRow, DeskSignView,
    DeskSignWindow, KeyRow, KioskPage, KioskTicket, KioskView, KioskWindow, KioskWords, LanguageRow, Look, Pointing,
    ServiceRow, Theme, WaitRow,
};
pub use keyboard::keyboard;
pub use look::{Hall, Letters, Shortfall};
pub use slint;
pub use values::{accent, accents, model, qr_image, split_desk};
