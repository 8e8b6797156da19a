//! nowserving.
fn main() {}
