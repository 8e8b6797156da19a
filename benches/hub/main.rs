//! What a whole hub does: command to durable, a press to paper, a call to a thousand phones, HTTP under load, start with years of history.
//!
//! `cargo bench --no-default-features --bench hub -- durable|paper|feed|http|start`; without a name the first four. See
//! docs/reference/performance.md for what each prints and which variables it reads.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop where it stands")]

mod durable;
mod feed;
mod http;
mod kit;
mod paper;
mod start;

fn main() {
    if feed::be_phones() {
        return;
    }
    let names: Vec<String> = std::env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    let wanted = |name: &str, default: bool| if names.is_empty() { default } else { names.iter().any(|n| n == name) };
    if wanted("durable", true) {
        durable::run();
    }
    if wanted("paper", true) {
        paper::run();
    }
    if wanted("feed", true) {
        feed::run();
    }
    if wanted("http", true) {
        http::run();
    }
    // fills a ledger with a million tickets first, which takes minutes
    if wanted("start", false) {
        start::run();
    }
}
