//! From a ticket's issue to paper: what the ledger says of it, whatever the printer does.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod bench;
#[expect(dead_code, reason = "this test needs less of it than that of the hardware crate")]
#[path = "../../hardware/tests/emupos/simulator.rs"]
mod simulator;

mod read_back;
mod spool;
