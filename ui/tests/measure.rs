//! What a person measures with a ruler, a finger and a light meter: buttons, the way of the keyboard, contrast of what is drawn.
#![expect(clippy::unwrap_used, reason = "in a test, what fails may panic")]

mod common;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use common::{Picture, buttons, states};
use i_slint_backend_testing::{ElementHandle, ElementQuery, ElementRoot};
use nowserving_ui::offscreen::{self, Offscreen};
use nowserving_ui::slint::platform::{Key, WindowEvent};
use nowserving_ui::slint::{ComponentHandle, SharedString};
use nowserving_ui::{
    BoardView, BoardWindow, Brand, DeskSignView, DeskSignWindow, Hall, KioskPage, KioskTicket, KioskView, KioskWindow,
    Theme, model,
};
use states::{DRESSES, Dress, SIZES, STATES, Set};

/// Screens as they are sold: pixels, and inches from corner to corner.
const SOLD: [(u32, u32, f64); 6] =
    [(800, 480, 10.1), (1280, 800, 10.1), (1280, 800, 15.6), (1920, 1080, 13.3), (1920, 1080, 24.0), (1080, 1920, 21.5)];

#[test]
fn every_button_is_at_least_fifteen_millimetres_high_and_wide() {
    let offscreen = offscreen::install().unwrap();
    let kiosk = KioskWindow::new().unwrap();
    let view = kiosk.global::<KioskView>();
    view.set_languages(model(states::languages()));
    view.set_ticket(KioskTicket { qr: states::qr(), reprint: true, ..view.get_ticket() });
    for (width, height, inches) in SOLD {
        let hall = Hall { pixels: (width, height), diagonal_inch: inches, distance_m: 0.0 };
        let mm = hall.pixels_per_mm();
        kiosk.global::<Brand>().set_millimetre(mm as f32);
        for (page, easier, count) in [
            (KioskPage::Start, false, 3),
            (KioskPage::Start, false, 6),
            (KioskPage::Start, true, 6),
            (KioskPage::Ticket, false, 3),
            (KioskPage::Ticket, true, 3),
            (KioskPage::Refused, false, 3),
            (KioskPage::Languages, false, 3),
        ] {
            view.set_page(page);
            view.set_easier(easier);
            view.set_services(model(states::services(count)));
            offscreen.render(&kiosk, width, height).unwrap();
            for button in buttons(&kiosk) {
                let size = button.size();
                let least = (f64::from(size.width) / mm).min(f64::from(size.height) / mm);
                let label = button.accessible_label().unwrap();
                assert!(
                    least >= 15.0 - 0.1,
                    "{width}x{height} at {inches} inches, {page:?}, easier {easier}: {label:?} has {least:.1} mm"
                );
            }
        }
    }
}

/// Tab, then the space bar, again and again: what each button does, in the order of the keyboard.
fn pressed_by_keyboard(kiosk: &KioskWindow, log: &RefCell<Vec<String>>, times: usize) -> Vec<String> {
    let key = |text: SharedString| {
        kiosk.window().dispatch_event(WindowEvent::KeyPressed { text: text.clone() });
        kiosk.window().dispatch_event(WindowEvent::KeyReleased { text });
    };
    for _ in 0..times {
        key(Key::Tab.into());
        key(" ".into());
    }
    std::mem::take(&mut log.borrow_mut())
}

#[test]
fn a_keyboard_goes_from_the_services_to_the_tools_and_presses() {
    let offscreen = offscreen::install().unwrap();
    let kiosk = KioskWindow::new().unwrap();
    let view = kiosk.global::<KioskView>();
    let log = Rc::new(RefCell::new(Vec::new()));
    let note = |what: &'static str| {
        let log = Rc::clone(&log);
        move || log.borrow_mut().push(what.to_owned())
    };
    view.on_done(note("done"));
    view.on_next(note("next"));
    view.on_ease(note("ease"));
    view.on_choose_language(note("languages"));
    let chosen = Rc::clone(&log);
    view.on_choose(move |id| chosen.borrow_mut().push(id.to_string()));
    offscreen.render(&kiosk, 1280, 800).unwrap();
    assert_eq!(pressed_by_keyboard(&kiosk, &log, 5), ["returns", "pick-up", "questions", "languages", "ease"]);
    view.set_page(KioskPage::Ticket);
    offscreen.render(&kiosk, 1280, 800).unwrap();
    let pressed = pressed_by_keyboard(&kiosk, &log, 4);
    assert_eq!(
        pressed.iter().map(String::as_str).collect::<std::collections::BTreeSet<_>>(),
        ["done", "ease", "languages", "next"].into()
    );
}

/// WCAG 2.2.
fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let luminance = |colour: [u8; 3]| {
        let [r, g, b] = colour.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The contrast of a text as it is drawn: its box's commonest colour against the one among the others that stands out most. `None`
/// where nothing is drawn in the box.
fn drawn_contrast(drawn: &Picture, text: &ElementHandle) -> Option<f64> {
    let (at, size) = (text.absolute_position(), text.size());
    let columns = at.x.max(0.0) as usize..((at.x + size.width) as usize).min(drawn.width);
    let rows = at.y.max(0.0) as usize..((at.y + size.height) as usize).min(drawn.height);
    let mut counts: HashMap<[u8; 3], usize> = HashMap::new();
    for y in rows {
        for x in columns.clone() {
            *counts.entry(drawn.at(x, y)).or_default() += 1;
        }
    }
    let ground = *counts.iter().max_by_key(|(_, count)| **count)?.0;
    let others = counts.iter().filter(|(colour, count)| **colour != ground && **count >= 3);
    others.map(|(colour, _)| contrast(*colour, ground)).max_by(f64::total_cmp)
}

/// What is greyed on purpose has its own test (tests/tokens.rs): it stays legible in large type.
const GREYED: [&str; 3] = ["board-lost", "board-night", "sign-paused"];

fn check_contrast(
    offscreen: &Offscreen,
    screen: &(impl ComponentHandle + ElementRoot),
    size: (u32, u32),
    least: f64,
    what: &str,
) -> usize {
    let drawn = Picture::new(offscreen.render(screen, size.0, size.1).unwrap(), size);
    let mut seen = 0;
    for kind in ["FitText", "FitPara", "Label"] {
        for text in ElementQuery::from_root(screen).match_inherits(kind).find_all() {
            let label = text.accessible_label().unwrap_or_default();
            if label.trim().is_empty() || text.size().height < 8.0 {
                continue;
            }
            let Some(ratio) = drawn_contrast(&drawn, &text) else { continue };
            assert!(ratio >= least, "{what}: {label:?} at {:?} has {ratio:.2}:1", text.absolute_position());
            seen += 1;
        }
    }
    seen
}

/// Every state in one look and at one size, so that all looks meet all sizes; all of them with all of these if
/// NOWSERVING_ALL is set.
fn cases() -> impl Iterator<Item = (usize, (&'static str, Dress), (u32, u32))> {
    let all = std::env::var_os("NOWSERVING_ALL").is_some();
    (0..STATES.len()).flat_map(move |state| {
        DRESSES.into_iter().enumerate().flat_map(move |(at_look, look)| {
            let wanted = move |at_size: usize| all || (at_look == state % 3 && at_size == (state / 3 + state) % SIZES.len());
            SIZES.into_iter().enumerate().filter(move |(at, _)| wanted(*at)).map(move |(_, size)| (state, look, size))
        })
    })
}

#[test]
fn every_text_stands_out_from_its_ground_as_drawn() {
    let offscreen = offscreen::install().unwrap();
    let mut seen = 0;
    for (at, (name, dress), size) in cases() {
        let state = &STATES[at];
        if GREYED.contains(&state.name) {
            continue;
        }
        let what = format!("{}{name} at {}x{}", state.name, size.0, size.1);
        let least = if dress == Dress::Contrast { 7.0 } else { 4.5 };
        seen += match state.set {
            Set::Kiosk(set) => {
                let screen = KioskWindow::new().unwrap();
                states::dress(&screen.global::<Theme>(), dress);
                set(&screen.global::<KioskView>());
                check_contrast(&offscreen, &screen, size, least, &what)
            }
            // a board hangs in a hall: 1080p and 4K
            Set::Board(set) => {
                let size = if size.0.max(size.1) < 1920 { (1920, 1080) } else { size };
                let screen = BoardWindow::new().unwrap();
                states::dress(&screen.global::<Theme>(), dress);
                set(&screen.global::<BoardView>());
                check_contrast(&offscreen, &screen, size, least, &what)
            }
            Set::Sign(set) => {
                let screen = DeskSignWindow::new().unwrap();
                states::dress(&screen.global::<Theme>(), dress);
                set(&screen.global::<DeskSignView>());
                check_contrast(&offscreen, &screen, size, least, &what)
            }
        };
    }
    assert!(seen > 300, "only {seen} texts were found");
}

/// How many rows of pixels the letters of a text take: of a number, its capitals' height.
fn capitals(drawn: &Picture, text: &ElementHandle) -> usize {
    let (at, size) = (text.absolute_position(), text.size());
    let (left, right) = (at.x as usize, ((at.x + size.width) as usize).min(drawn.width));
    let ground = drawn.at(left, at.y as usize);
    let inked = |y: &usize| (left..right).any(|x| contrast(drawn.at(x, *y), ground) > 4.0);
    (at.y as usize..((at.y + size.height) as usize).min(drawn.height)).filter(inked).count()
}

#[test]
fn the_letters_on_the_board_are_as_high_as_the_hall_asks_for() {
    let offscreen = offscreen::install().unwrap();
    for (pixels, diagonal_inch, distance_m) in
        [((1920, 1080), 55.0, 3.0), ((1920, 1080), 65.0, 5.0), ((3840, 2160), 65.0, 5.0), ((1080, 1920), 55.0, 4.0)]
    {
        let hall = Hall { pixels, diagonal_inch, distance_m };
        let letters = hall.letters();
        let board = BoardWindow::new().unwrap();
        board.global::<BoardView>().set_enlarge(letters.enlarge as f32);
        let drawn = Picture::new(offscreen.render(&board, pixels.0, pixels.1).unwrap(), pixels);
        let numbers = ElementQuery::from_root(&board)
            .match_inherits("FitText")
            .match_predicate(|text| text.accessible_label().as_deref() == Some("P117"))
            .find_all();
        // the desks' tiles have it too, smaller
        let number = numbers.iter().max_by(|a, b| a.size().height.total_cmp(&b.size().height)).unwrap();
        let mm = capitals(&drawn, number) as f64 / hall.pixels_per_mm();
        let needs = 12.0 * distance_m;
        let short = letters.short.iter().any(|short| short.what.starts_with("Called"));
        assert!(mm >= needs * 0.97 || short, "{pixels:?}, {diagonal_inch} inches, {distance_m} m: {mm:.1} of {needs} mm");
    }
}
