//! The screens: what they say of a view, that a touch is one ticket, that they outlive their hub, and that their pictures scan.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod display;
mod hall;
mod kiosk;
mod languages;
mod live;
mod pictures;
mod still;

use std::sync::Arc;

use nowserving::queue::{Moment, View};
use nowserving::screen::{LinkState, News, example_facts, example_moment, example_view};

/// So long after the example's moment.
fn later(ms: u64) -> Moment {
    let at = example_moment();
    Moment { wall_ms: at.wall_ms + i64::try_from(ms).unwrap(), mono_ms: at.mono_ms + ms, ..at }
}

/// What a screen hears first: the facts, a live feed, a view.
fn joined(view: View) -> [News; 3] {
    [News::Facts(example_facts()), News::Link(LinkState::Live), News::View(Arc::new(view))]
}

fn lost(ms: u64) -> News {
    News::Link(LinkState::Lost { since_mono_ms: later(ms).mono_ms })
}

/// The example's view, changed.
fn view(change: impl FnOnce(&mut View)) -> View {
    let mut view = example_view();
    change(&mut view);
    view
}
