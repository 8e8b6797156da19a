//! What customers can read while they wait, and how it is found. Pure: no clock, no disk, no randomness.
//!
//! [`search`] finds the entry that answers a question typed in the customer's own words.

pub mod search;
