//! The web side: what phones, desks and managers see.

pub mod assets;
pub mod pages;
