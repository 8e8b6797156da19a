//! nowserving: the software of a store's service desk.
//!
//! Start reading at [`queue`], the pure core; then [`ledger`], which keeps its events, and [`branch`], the one writer.

pub mod branch;
pub mod clock;
pub mod demo;
pub mod estimate;
pub mod ledger;
pub mod paper;
pub mod queue;
