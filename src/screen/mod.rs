//! The screens: kiosk, board and desk sign, each in a process of its own.
//!
//! A screen is a client of the hub's feed and API and knows nothing but the public [`View`](crate::queue::View). [`Link`]
//! follows the hub on a thread of its own; a model ([`Kiosk`], [`Board`], [`DeskSign`]) takes in what it hears, and says what
//! stands on the screen at a moment; [`Showing`] puts that into the window. Models need neither window nor network nor clock.

mod board;
mod captions;
mod cards;
mod desk_sign;
mod dress;
mod example;
mod hub_address;
mod hub_clock;
mod kiosk;
mod kiosk_answers;
mod known;
mod link;
mod news;
mod orders;
mod show;
mod wall;

pub use board::{Board, BoardShown};
pub use desk_sign::{DeskSign, DeskSignShown};
pub use dress::Dress;
pub use example::{example_facts, example_moment, example_ticket, example_view};
pub use hub_address::{BadHub, HubAddress};
pub use hub_clock::HubClock;
pub use kiosk::{Kiosk, KioskShown, TicketShown};
pub use kiosk_answers::AnswersShown;
pub use known::Known;
pub use link::{Link, fetch};
pub use news::{Facts, Found, Issued, LinkState, News, NoNumber, Order, Promised};
pub use show::{Screen, Showing, draw};
pub use wall::{Hangs, Hung, Picture};
