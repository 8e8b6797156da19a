//! nowserving.

pub mod paper;
