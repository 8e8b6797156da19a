//! The Slint screens.
