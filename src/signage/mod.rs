//! What customers can read while they wait: written once, shown where it helps, and how it is found. Pure: no clock, no disk, no
//! randomness.
//!
//! A manager writes an [`Entry`]: one question and its answer, or a picture, a page of text, the opening hours. [`Content`] is
//! all that is live, with the [`Notice`]s, the playlists and the words in braces that entries share. [`rotation`] chooses what a
//! board shows next, [`Finder`] finds the entry that answers a question typed in the customer's own words ([`search`] is how), and
//! [`offer`] chooses what one ticket is offered unasked.

pub mod bundle;
mod content;
mod entry;
pub mod experiment;
pub mod figures;
mod finder;
pub mod lint;
mod notice;
mod offer;
mod reading;
pub mod report;
pub mod rotation;
mod schedule;
pub mod search;
mod week;

pub use content::{Content, LiveEntry, Playlist, Said, braces, fill};
pub use entry::{Entry, EntryId, Image, ImageId, Kind, Text, Translation};
pub use finder::{Finder, Found, SHOWN, browse};
pub use notice::{Level, Notice, NoticeId};
pub use offer::{Asker, Proved, offer, on_paper};
pub use reading::{reading_seconds, word_count};
pub use schedule::{Hours, Schedule};
