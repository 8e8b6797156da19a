//! `nowserving doctor`: looks at everything a branch stands on, and says how to mend what is wrong.
//!
//! Each check is a function from a [`Place`] to findings. It reads the machine's files under one root, so that a test can show
//! it a machine that does not exist; it changes nothing, but for a file of a few kilobytes that times the disk and is gone when
//! that is known. A running hub goes on undisturbed: it holds buttons and printer, so it is asked how they are, over its own
//! API, as any program on the machine may.
//!
//! A finding that is not well cannot be made without a sentence that mends it. What could not be looked at is said as that, and never
//! as well.

mod address;
mod board;
mod buttons;
mod clock;
mod disk;
mod finding;
mod fonts;
mod gpio;
mod hub;
mod ledger;
mod place;
mod printer;
mod screens;
mod settings;
mod sound;
mod tls;

pub use finding::{Finding, Report, Verdict};
pub use hub::Running;
pub use place::Place;

/// What the person at the terminal allows beyond looking.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wishes {
    /// Print a ticket that says that it is a test.
    pub print: bool,
    /// Play a sound.
    pub sound: bool,
    /// Ask for each button to be pressed.
    pub press: bool,
}

/// What depends on the settings: with a file that cannot be used nothing can be said of it, since the defaults are not what the branch
/// is to run with.
const UNSET: [&str; 8] = ["address", "certificate", "buttons", "lamps", "printer", "fonts", "sound", "voice"];

fn not_looked_at(part: &str) -> Finding {
    Finding::warn(part, "Not looked at: the settings cannot be used.", "Mend the settings file, then run it again.")
}

/// Looks at everything, in the order in which things stand on each other; `tell` hears of each finding at once. `now_ms` is the wall
/// clock, milliseconds since 1970.
pub async fn examine(place: &Place, wishes: Wishes, now_ms: i64, tell: &mut (dyn FnMut(&Finding) + Send)) -> Report {
    let mut all = Vec::new();
    let mut add = |found: Vec<Finding>| {
        let found = finding::one_each(found);
        found.iter().for_each(&mut *tell);
        all.extend(found);
    };
    add(settings::examine(place));
    add(board::examine(place));
    add(clock::examine(place, now_ms));
    add(disk::examine(place));
    add(ledger::examine(place, now_ms));
    add(hub::examine(place));
    add(gpio::examine(place));
    add(screens::examine(place));
    if place.is_unset() {
        let unknown = UNSET.iter().filter(|part| !all.iter().any(|finding| finding.part == **part));
        let unknown: Vec<Finding> = unknown.map(|part| not_looked_at(part)).collect();
        unknown.iter().for_each(&mut *tell);
        all.extend(unknown);
        return Report::of(all);
    }
    add(address::examine(place, now_ms).await);
    add(tls::examine(place, now_ms));
    add(buttons::examine(place, wishes));
    add(printer::examine(place, wishes));
    add(fonts::examine(place));
    add(sound::examine(place, wishes).await);
    Report::of(all)
}
