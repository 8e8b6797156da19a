//! nowserving: the software of a store's service desk.
//!
//! Start reading at [`queue`], the pure core; then `ledger`, which keeps its events, and `branch`, the one writer.

pub mod estimate;
pub mod queue;
pub mod web;
