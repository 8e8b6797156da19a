//! Sentences that several surfaces say, in one place, so that paper, kiosk, board and phone use the same words.
//!
//! English for now; refusals carry their own sentence (`queue/refusal.rs`). A catalogue of languages will stand behind these
//! functions.

/// A range of waiting time, short: "12–25 min", "a few min".
#[must_use]
pub fn wait_short(from_min: u32, to_min: u32) -> String {
    if to_min <= 5 { "a few min".into() } else { format!("{from_min}–{to_min} min") }
}

/// A range of waiting time in a sentence: "about 12–25 min", "a few minutes".
#[must_use]
pub fn wait_about(from_min: u32, to_min: u32) -> String {
    if to_min <= 5 { "a few minutes".into() } else { format!("about {from_min}–{to_min} min") }
}

/// How many wait: "7 waiting".
#[must_use]
pub fn waiting(count: u32) -> String {
    if count == 0 { "nobody waiting".into() } else { format!("{count} waiting") }
}

/// How many are before somebody: "7 people before you".
#[must_use]
pub fn before_you(count: usize) -> String {
    match count {
        0 => "You are next".into(),
        1 => "1 person before you".into(),
        more => format!("{more} people before you"),
    }
}
