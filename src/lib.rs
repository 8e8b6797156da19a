//! nowserving.
