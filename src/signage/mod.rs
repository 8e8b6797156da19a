//! What customers can read while they wait: written once, shown where it helps, and how it is found. Pure: no clock, no disk, no
//! randomness.
//!
//! A manager writes an [`Entry`]: one question and its answer, or a picture, a page of text, the opening hours. [`Content`] is
//! all that is live, with the [`Notice`]s, the playlists and the words in braces that entries share. [`rotation`] chooses what a
//! board shows next, [`search`] finds the entry that answers a question typed in the customer's own words.

mod content;
mod entry;
mod notice;
mod reading;
pub mod rotation;
mod schedule;
pub mod search;

pub use content::{Content, LiveEntry, Playlist, Said, braces, fill};
pub use entry::{Entry, EntryId, Image, ImageId, Kind, Text, Translation};
pub use notice::{Level, Notice, NoticeId};
pub use reading::{reading_seconds, word_count};
pub use schedule::{Hours, Schedule};
