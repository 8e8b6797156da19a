//! nowserving: the software of a store's service desk.
//!
//! Start reading at [`queue`], the pure core; then [`ledger`], which keeps its events, and [`branch`], the one writer.

pub mod backtest;
pub mod branch;
pub mod clock;
pub mod cmd;
pub mod config;
pub mod demo;
pub mod devices;
pub mod doctor;
pub mod estimate;
pub mod history;
pub mod hub;
pub mod ledger;
pub mod paper;
pub mod phrase;
pub mod picture;
pub mod plan;
pub mod queue;
#[cfg(feature = "screens")]
pub mod screen;
pub mod signage;
pub mod supervise;
pub mod voice;
pub mod web;
