//! The real program when things go wrong: power cuts, full disks, other programs, rude clients.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod crashes;
mod disk;
mod limit;
mod program;
mod rude;
