//! Screens side by side with a browser: kiosk and board of this program, and Chromium in kiosk mode with our own web board.
//!
//! `cargo bench --bench screens -- start|touch|live|soak`; without a name the first three. See docs/reference/performance.md for what each
//! prints and which variables it reads.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop where it stands")]

mod display;
mod hub;
mod kit;
mod live;
mod processes;
mod shows;
mod soak;
mod start;
mod touch;

fn main() {
    let names: Vec<String> = std::env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    let wanted = |name: &str, default: bool| if names.is_empty() { default } else { names.iter().any(|n| n == name) };
    for tool in ["Xvfb", "openbox"] {
        if !kit::on_path(tool) {
            println!("SKIPPED screens: {tool} is not on this machine (Debian: apt install xvfb openbox)");
            return;
        }
    }
    if wanted("start", true) {
        start::run();
    }
    if wanted("touch", true) {
        touch::run();
    }
    if wanted("live", true) {
        live::run();
    }
    // calls for eight hours, which takes minutes
    if wanted("soak", false) {
        soak::run();
    }
}
