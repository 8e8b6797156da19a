//! What Slint makes of `app.slint`. Documented there, property by property.
#![expect(
    missing_docs,
    unused_qualifications,
    unreachable_pub,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::unwrap_used,
    reason = "generated code"
)]

slint::include_modules!();
