//! The hub as clients see it: every request goes through the router that serves them.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod answers;
mod architecture;
mod around;
mod buttons;
mod document;
mod feed;
mod hub;
mod journeys;
mod languages;
mod limits;
mod papers;
mod planning;
mod printer;
mod promises;
mod reports;
mod roles;
mod screen;
mod wall;
mod writing;
mod wrong;
