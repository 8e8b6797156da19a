//! What Slint makes of `app.slint`. Documented there, property by property.
#![expect(
    missing_docs,
    unused_qualifications,
    unreachable_pub,
    clippy::panic,
    clippy::todo,
    clippy::unwrap_used,
    reason = "generated code"
)]

slint::include_modules!();
