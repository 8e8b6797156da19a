//! The catalogue: every sentence in every language, complete, current, with its places, and in characters that a font has.
//!
//! `WORDS=write cargo test --test words` writes `ui/lang/nowserving.pot` and brings every `ui/lang/*.po` up to date with it:
//! new sentences come in without a translation, changed ones keep the old translation marked as fuzzy, those that are gone go.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod check;
mod file;
mod fonts;
mod said;
