//! Every screen in every language: drawn, whole, on the screen, the right way round.

use std::sync::Arc;

use i_slint_backend_testing::{ElementQuery, ElementRoot};
use nowserving::phrase::Words;
use nowserving::queue::View;
use nowserving::screen::{
    Board, DeskSign, Facts, Kiosk, LinkState, News, Order, Screen, draw, example_facts, example_ticket, example_view,
};
use nowserving_ui::offscreen::{self, Offscreen};
use nowserving_ui::slint::{ComponentHandle, PhysicalSize};
use nowserving_ui::{KioskView, Pointing};

use super::later;

const SIZES: [(u32, u32); 4] = [(1280, 800), (800, 480), (1080, 1920), (1920, 1080)];

fn facts(language: Words) -> Facts {
    Facts { languages: vec![language.code().into(), "en".into()], ..example_facts() }
}

fn told<S: Screen>(mut screen: S, language: Words, view: &View) -> S {
    for news in [News::Facts(facts(language)), News::Link(LinkState::Live), News::View(Arc::new(view.clone()))] {
        screen.hear(news, &later(0));
    }
    screen
}

/// A kiosk whose customer did this and that.
fn kiosk(language: Words, change: impl FnOnce(&mut View), then: impl FnOnce(&mut Kiosk)) -> Kiosk {
    let mut view = example_view();
    change(&mut view);
    let mut kiosk = told(Kiosk::default(), language, &view);
    then(&mut kiosk);
    kiosk
}

fn take(kiosk: &mut Kiosk) {
    let Some(Order::Issue { touch, .. }) = kiosk.choose("R", &later(0)) else { panic!("no order") };
    kiosk.hear(News::Answer { touch, result: Ok(example_ticket()) }, &later(0));
}

/// Draws it at one of the sizes (all of them if NOWSERVING_ALL is set), so that over all languages all sizes come up.
fn check<S: Screen>(offscreen: &Offscreen, screen: &S, turn: usize, what: &str)
where
    S::Window: ElementRoot,
{
    let all = std::env::var_os("NOWSERVING_ALL").is_some();
    for (_, (width, height)) in SIZES.into_iter().enumerate().filter(|(at, _)| all || *at == turn % SIZES.len()) {
        let window = S::open().unwrap();
        window.window().set_size(PhysicalSize::new(width, height));
        draw(screen, &window, &later(0));
        let pixels = offscreen.render(&window, width, height).unwrap();
        let what = format!("{what} at {width}x{height}");
        let other = pixels.chunks_exact(3).filter(|pixel| **pixel != pixels[..3]).count();
        assert!(other * 200 > pixels.len() / 3, "{what} is blank");
        let paragraphs = ElementQuery::from_root(&window).match_inherits("FitPara").find_all();
        for paragraph in paragraphs {
            let (at, size) = (paragraph.absolute_position(), paragraph.size());
            let label = paragraph.accessible_label().unwrap_or_default();
            assert!(
                paragraph.accessible_id().is_some_and(|id| id.starts_with("whole")),
                "{what}: {label:?} is cut off in {size:?}"
            );
            let inside = at.x >= -3.0 && at.y >= -3.0 && at.x + size.width <= width as f32 + 3.0;
            assert!(inside && at.y + size.height <= height as f32 + 3.0, "{what}: {label:?} leaves the screen");
        }
    }
}

#[test]
fn every_screen_is_whole_in_every_language() {
    let offscreen = offscreen::install().unwrap();
    let mut turn = 0;
    for words in Words::all() {
        let mut next = |offset: usize| {
            turn += 1;
            turn + offset
        };
        let what = |state: &str| format!("{state} in {}", words.code());
        check(&offscreen, &kiosk(words, |_| {}, |_| {}), next(0), &what("kiosk"));
        check(&offscreen, &kiosk(words, |_| {}, take), next(0), &what("ticket"));
        check(&offscreen, &kiosk(words, |view| view.devices.paper = Default::default(), take), next(0), &what("no paper"));
        check(&offscreen, &kiosk(words, |_| {}, |kiosk| kiosk.ease(&later(0))), next(0), &what("easier"));
        check(&offscreen, &kiosk(words, |view| view.open.open = false, |_| {}), next(0), &what("closed"));
        check(&offscreen, &kiosk(words, |view| view.open.closing = true, |_| {}), next(0), &what("closing"));
        let full = |view: &mut View| view.waits.values_mut().for_each(|wait| wait.stopped = Some(String::new()));
        check(&offscreen, &kiosk(words, full, |_| {}), next(0), &what("full"));
        check(&offscreen, &told(Board::default(), words, &example_view()), next(1), &what("board"));
        check(&offscreen, &told(DeskSign::new("3".into(), Pointing::Down), words, &example_view()), next(2), &what("sign"));
    }
}

#[test]
fn a_language_that_runs_from_right_to_left_mirrors_the_kiosk() {
    let _offscreen = offscreen::install().unwrap();
    for words in Words::all() {
        let window = Kiosk::open().unwrap();
        draw(&kiosk(words, |_| {}, |_| {}), &window, &later(0));
        assert_eq!(window.global::<KioskView<'_>>().get_rtl(), matches!(words.code(), "ar" | "he"), "{}", words.code());
    }
}
