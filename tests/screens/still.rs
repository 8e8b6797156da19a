//! What an idle screen costs: frames and pixels drawn anew, with the model that runs it and its tick of half a second.

use nowserving::queue::View;
use nowserving::screen::{Board, DeskSign, Kiosk, Screen, example_view};
use nowserving_ui::Pointing;
use nowserving_ui::offscreen::{self, Offscreen};
use nowserving_ui::slint::{ComponentHandle, PhysicalSize};

use super::{joined, later, view};

/// A screen's own tick, milliseconds.
const TICK_MS: u64 = 500;
const SIZE: (u32, u32) = (1920, 1080);

/// How many frames an hour has, and the most pixels of one.
fn an_hour<S: Screen>(offscreen: &Offscreen, mut screen: S, heard: View) -> (u64, u64) {
    for news in joined(heard) {
        screen.hear(news, &later(0));
    }
    let window = S::open().unwrap();
    window.window().set_size(PhysicalSize::new(SIZE.0, SIZE.1));
    let mut before = screen.shown(&later(0));
    S::put(&window, &before, None);
    offscreen.render(&window, SIZE.0, SIZE.1).unwrap();
    let (mut frames, mut most) = (0, 0);
    for tick in 1..3_600_000 / TICK_MS {
        let at = later(tick * TICK_MS);
        screen.tick(&at);
        let shown = screen.shown(&at);
        // as the running screen does it: what is the same is not put again
        if shown != before {
            S::put(&window, &shown, Some(&before));
            before = shown;
        }
        if let Some(pixels) = offscreen.redrawn(&window).unwrap() {
            (frames, most) = (frames + 1, most.max(pixels));
        }
    }
    (frames, most)
}

/// Nothing happens, not even the clock: the example's hub told its time once, and it goes on.
#[test]
fn an_idle_kiosk_and_a_sign_draw_nothing_for_an_hour() {
    let offscreen = offscreen::install().unwrap();
    assert_eq!(an_hour(&offscreen, Kiosk::default(), example_view()).0, 0);
    assert_eq!(an_hour(&offscreen, DeskSign::new("3".into(), Pointing::Down), example_view()).0, 0);
}

#[test]
fn an_idle_board_draws_its_reading_line_at_most_once_a_second_and_a_sliver_of_it() {
    let offscreen = offscreen::install().unwrap();
    let (frames, most) = an_hour(&offscreen, Board::default(), example_view());
    println!("an idle board: {frames} frames an hour, {most} pixels at most");
    assert!((60..=3_600).contains(&frames), "{frames} frames in an hour");
    // closed, there is the clock alone: sixty minutes
    let closed = an_hour(&offscreen, Board::default(), view(|view| view.open.open = false));
    println!("a closed board: {closed:?}");
    assert!(closed.0 <= 60, "{closed:?}");
    assert!(closed.1 < u64::from(SIZE.0 * SIZE.1) / 3, "a clock is not the whole screen: {closed:?}");
}
