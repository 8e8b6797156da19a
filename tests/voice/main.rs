//! The voice: its sound as a file, and what it does beside a real branch with engines and players that behave and misbehave.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod audio;
mod calls;
mod hall;
#[path = "../kit/mod.rs"]
#[expect(dead_code, reason = "other tests need the rest of it")]
mod kit;
mod trouble;
