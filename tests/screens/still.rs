//! What an idle screen costs: frames and pixels drawn anew, with the model that runs it and its tick of half a second.

use nowserving::queue::View;
use nowserving::screen::{Board, DeskSign, Kiosk, Screen, example_view};
use nowserving_ui::Pointing;
use nowserving_ui::offscreen::{self, Offscreen};
use nowserving_ui::slint::{ComponentHandle, PhysicalSize};

use super::{joined, later, view};

/// A screen's own tick, milliseconds.
const TICK_MS: u64 = 500;
/// How long a screen is watched.
const MINUTES: u64 = 3;
const SIZE: (u32, u32) = (1280, 720);

/// The frames that the screen draws in [`MINUTES`]: how many pixels of each are new. The first after the picture that it began with
/// is whole, as nothing is known of the frame before.
fn watched<S: Screen>(offscreen: &Offscreen, mut screen: S, heard: View) -> Vec<u64> {
    for news in joined(heard) {
        screen.hear(news, &later(0));
    }
    let window = S::open().unwrap();
    window.window().set_size(PhysicalSize::new(SIZE.0, SIZE.1));
    let mut before = screen.shown(&later(0));
    S::put(&window, &before, None);
    offscreen.render(&window, SIZE.0, SIZE.1).unwrap();
    let mut frames = Vec::new();
    for tick in 1..MINUTES * 60_000 / TICK_MS {
        let at = later(tick * TICK_MS);
        screen.tick(&at);
        let shown = screen.shown(&at);
        // as the running screen does it: what is the same is not put again
        if shown != before {
            S::put(&window, &shown, Some(&before));
            before = shown;
        }
        if let Some(pixels) = offscreen.redrawn(&window).unwrap() {
            frames.push(pixels);
        }
    }
    frames
}

/// Nothing happens, not even the clock: the example's hub told its time once, and it goes on.
#[test]
fn an_idle_kiosk_and_a_sign_draw_nothing() {
    let offscreen = offscreen::install().unwrap();
    assert_eq!(watched(&offscreen, Kiosk::default(), example_view()), [0; 0]);
    assert_eq!(watched(&offscreen, DeskSign::new("3".into(), Pointing::Down), example_view()), [0; 0]);
}

#[test]
fn an_idle_board_draws_its_reading_line_at_most_once_a_second_and_nothing_else() {
    let offscreen = offscreen::install().unwrap();
    let screen = u64::from(SIZE.0 * SIZE.1);
    let mut frames = watched(&offscreen, Board::default(), example_view()).split_off(1);
    frames.sort_unstable();
    let usual = frames[frames.len() / 2];
    println!("an idle board: {} frames in {MINUTES} minutes, usually {usual} of {screen} pixels", frames.len());
    assert!((10..=MINUTES * 60).contains(&(frames.len() as u64)), "{} frames", frames.len());
    assert!(usual * 100 < screen, "a reading line is less than a hundredth of the screen: {usual} pixels");
    // closed, there is the clock alone
    let closed = watched(&offscreen, Board::default(), view(|view| view.open.open = false));
    println!("a closed board: {closed:?}");
    assert!(closed.len() as u64 <= MINUTES, "{closed:?}");
    assert!(closed.iter().skip(1).all(|pixels| *pixels < screen / 3), "a clock is not the whole screen: {closed:?}");
}
