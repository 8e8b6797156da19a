//! What a whole hub does: command and press to durable, a press to paper, a call to a thousand phones, HTTP under load, start with
//! years of history.
//!
//! `cargo bench --no-default-features --bench hub -- durable|press|paper|feed|http|start|voice`; without a name the first five. See
//! docs/reference/performance.md for what each prints and which variables it reads.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop where it stands")]

mod durable;
mod feed;
mod http;
mod kit;
mod paper;
mod press;
mod start;
mod voice;

fn main() {
    if feed::be_phones() {
        return;
    }
    let names: Vec<String> = std::env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    let wanted = |name: &str, default: bool| if names.is_empty() { default } else { names.iter().any(|n| n == name) };
    if wanted("durable", true) {
        durable::run();
    }
    if wanted("press", true) {
        press::run();
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
    // takes a minute, for the voice has its time to prepare before each call
    if wanted("voice", false) {
        voice::run();
    }
    // fills a ledger with a million tickets first, which takes minutes
    if wanted("start", false) {
        start::run();
    }
}
