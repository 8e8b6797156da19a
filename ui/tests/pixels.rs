//! What the screens look like, asked of their pixels and of their elements' boxes, with the real face.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "in a test, what fails may panic")]

mod common;

use std::time::Duration;

use common::{Bounds, Picture, rgb, states};
use i_slint_backend_testing::{ElementHandle, ElementQuery, ElementRoot};
use nowserving_ui::offscreen::{self, Offscreen, OffscreenError};
use nowserving_ui::slint::{Color, ComponentHandle};
use nowserving_ui::{
    BoardAnswer, BoardCall, BoardView, BoardWindow, Brand, DeskSignView, DeskSignWindow, KioskPage, KioskTicket, KioskView,
    KioskWindow, Theme, accent, face, model,
};
use states::{SIZES, STATES, Set};

const WHITE: Color = Color::from_rgb_u8(255, 255, 255);

fn picture(offscreen: &Offscreen, screen: &impl ComponentHandle, size: (u32, u32)) -> Picture {
    Picture::new(offscreen.render(screen, size.0, size.1).unwrap(), size)
}

/// Every state whose name starts like this, at every size, is drawn, keeps its texts in their boxes and on the screen.
fn check_states(prefix: &str) {
    let offscreen = offscreen::install().unwrap();
    let mut seen = 0;
    for state in STATES.iter().filter(|state| state.name.starts_with(prefix)) {
        for (size, larger) in SIZES.into_iter().flat_map(|size| [(size, 1.0), (size, 2.0)]) {
            let what = format!("{} at {}x{}, {:.0} %", state.name, size.0, size.1, larger * 100.0);
            match state.set {
                Set::Kiosk(set) => {
                    let screen = KioskWindow::new().unwrap();
                    set(&screen.global::<KioskView>());
                    screen.global::<Brand>().set_larger(larger);
                    check(&offscreen, &screen, size, &what);
                }
                Set::Board(set) => {
                    let screen = BoardWindow::new().unwrap();
                    set(&screen.global::<BoardView>());
                    screen.global::<Brand>().set_larger(larger);
                    check(&offscreen, &screen, size, &what);
                }
                Set::Sign(set) => {
                    let screen = DeskSignWindow::new().unwrap();
                    set(&screen.global::<DeskSignView>());
                    screen.global::<Brand>().set_larger(larger);
                    check(&offscreen, &screen, size, &what);
                }
            }
            seen += 1;
        }
    }
    assert!(seen >= SIZES.len(), "no state is called {prefix}…");
}

fn check(offscreen: &Offscreen, screen: &(impl ComponentHandle + ElementRoot), size: (u32, u32), what: &str) {
    let drawn = picture(offscreen, screen, size);
    let ground = drawn.at(drawn.width / 2, drawn.height - 1);
    let other = drawn.pixels.chunks_exact(3).filter(|pixel| **pixel != ground).count();
    assert!(other * 100 > drawn.width * drawn.height, "{what} is blank");
    assert!(!offscreen.redraws(screen).unwrap(), "{what} does not come to rest");

    let lines = ElementQuery::from_root(screen).match_id("FitText::line").find_all();
    let paragraphs = ElementQuery::from_root(screen).match_inherits("FitPara").find_all();
    assert!(lines.len() + paragraphs.len() >= 2, "{what}: no texts found");
    for text in lines.iter().chain(&paragraphs) {
        assert!(on_screen(text, size), "{what}: {:?} {:?} leaves the screen", text.id(), text.absolute_position());
    }
    // The smallest screen with the most services and the longest hints may shorten a hint, never anything else.
    let may_cut =
        |label: &str| what.starts_with("kiosk-start-8 at 800x480") && [states::LONG_HINT, states::REASON].contains(&label);
    for paragraph in &paragraphs {
        let label = paragraph.accessible_label().unwrap_or_default();
        let whole = paragraph.accessible_id().expect("a paragraph says whether it is cut").starts_with("whole");
        assert!(whole || may_cut(&label), "{what}: {label:?} is cut off in {:?}", paragraph.size());
    }
}

fn on_screen(element: &ElementHandle, (width, height): (u32, u32)) -> bool {
    let (at, size) = (element.absolute_position(), element.size());
    let slack = 3.0;
    at.x >= -slack
        && at.y >= -slack
        && at.x + size.width <= width as f32 + slack
        && at.y + size.height <= height as f32 + slack
}

/// The paragraphs of a screen at a type of so many hundred percent, in hundredths of a pixel, by their text and place.
fn type_sizes(offscreen: &Offscreen, screen: &(impl ComponentHandle + ElementRoot), size: (u32, u32)) -> Vec<(String, u32)> {
    offscreen.render(screen, size.0, size.1).unwrap();
    let paragraphs = ElementQuery::from_root(screen).match_inherits("FitPara").find_all();
    let size = |id: &str| id.split_once(' ').and_then(|(_, size)| size.parse::<u32>().ok()).unwrap();
    let told = paragraphs
        .iter()
        .map(|text| (text.accessible_label().unwrap_or_default().to_string(), size(&text.accessible_id().unwrap())));
    told.filter(|(label, _)| !label.is_empty()).collect()
}

#[test]
fn larger_type_makes_texts_larger_where_there_is_room_and_none_smaller() {
    let offscreen = offscreen::install().unwrap();
    let (mut texts, mut grown, mut doubled) = (0, 0, 0);
    for state in STATES {
        for size in SIZES {
            let sizes = |larger: f32| match state.set {
                Set::Kiosk(set) => {
                    let screen = KioskWindow::new().unwrap();
                    set(&screen.global::<KioskView>());
                    screen.global::<Brand>().set_larger(larger);
                    type_sizes(&offscreen, &screen, size)
                }
                Set::Board(set) => {
                    let screen = BoardWindow::new().unwrap();
                    set(&screen.global::<BoardView>());
                    screen.global::<Brand>().set_larger(larger);
                    type_sizes(&offscreen, &screen, size)
                }
                Set::Sign(set) => {
                    let screen = DeskSignWindow::new().unwrap();
                    set(&screen.global::<DeskSignView>());
                    screen.global::<Brand>().set_larger(larger);
                    type_sizes(&offscreen, &screen, size)
                }
            };
            let (plain, large) = (sizes(1.0), sizes(2.0));
            assert_eq!(plain.len(), large.len(), "{}", state.name);
            for ((label, before), (same, after)) in plain.iter().zip(&large) {
                assert_eq!(label, same);
                assert!(after >= before, "{} at {size:?}: {label:?} is smaller: {after} of {before}", state.name);
                texts += 1;
                grown += usize::from(after > before);
                doubled += usize::from(*after >= before * 2 - 1);
            }
        }
    }
    println!("of {texts} paragraphs {grown} are larger, {doubled} twice as large");
    assert!(grown * 2 > texts, "of {texts} only {grown} grew");
}

#[test]
fn a_paragraph_in_any_script_is_drawn_from_its_first_line_on() {
    let offscreen = offscreen::install().unwrap();
    for (code, text) in [
        ("en", "Have ready: the item and the receipt or the card you paid with."),
        ("ar", "يرجى تجهيز: السلعة والإيصال أو بطاقة الدفع التي استعملتها."),
        ("he", "נא להכין: המוצר והקבלה או כרטיס האשראי ששילמתם בו."),
        ("hi", "तैयार रखें: सामान और रसीद या भुगतान का कार्ड जिससे दिया।"),
        ("zh-Hans", "请准备好：商品和收据，或付款时用的银行卡和身份证件，谢谢您的配合。"),
        ("uk", "Підготуйте: товар і чек або картка, якою ви платили."),
    ] {
        for size in [(1920, 1080), (1280, 720), (1080, 1920), (800, 480)] {
            let board = BoardWindow::new().unwrap();
            board.global::<Theme>().set_family_text(face(code).into());
            let view = board.global::<BoardView>();
            view.set_answer(BoardAnswer { question: text.into(), answer: text.into(), ..view.get_answer() });
            let drawn = picture(&offscreen, &board, size);
            let found = ElementQuery::from_root(&board)
                .match_inherits("FitPara")
                .match_predicate(move |element| element.accessible_label().as_deref() == Some(text))
                .find_all();
            assert_eq!(found.len(), 2);
            for paragraph in found {
                let (at, width) = (paragraph.absolute_position(), paragraph.size().width);
                let id = paragraph.accessible_id().unwrap();
                let line = id.split_once(' ').and_then(|(_, size)| size.parse::<f32>().ok()).unwrap() / 100.0;
                let ground = drawn.at(at.x as usize, at.y as usize);
                let rows = at.y as usize..(at.y + line) as usize;
                let places = rows.flat_map(|y| (at.x as usize..(at.x + width) as usize).map(move |x| (x, y)));
                let inked = places.filter(|(x, y)| drawn.at(*x, *y) != ground).count();
                assert!(inked > 30, "{code} at {size:?}: the first line of {:?} is missing", paragraph.size());
            }
        }
    }
}

#[test]
fn a_text_that_cannot_fit_is_known_to_be_cut() {
    let offscreen = offscreen::install().unwrap();
    let kiosk = KioskWindow::new().unwrap();
    let view = kiosk.global::<KioskView>();
    let mut services = states::services(1);
    services[0].hint = "far too much to have ready ".repeat(40).into();
    view.set_services(model(services));
    picture(&offscreen, &kiosk, (800, 480));
    let cut = ElementQuery::from_root(&kiosk)
        .match_predicate(|element| element.accessible_id().is_some_and(|id| id.starts_with("cut")))
        .find_all();
    assert_eq!(cut.len(), 1);
}

#[test]
fn kiosk_start_is_right_at_every_size() {
    check_states("kiosk-start");
}

#[test]
fn kiosk_ticket_is_right_at_every_size() {
    check_states("kiosk-ticket");
}

#[test]
fn kiosk_messages_are_right_at_every_size() {
    check_states("kiosk-closed");
    // One platform a thread: the rest on threads of their own.
    for prefix in ["kiosk-refused", "kiosk-lost", "kiosk-full", "kiosk-languages", "kiosk-board", "kiosk-answers"] {
        std::thread::spawn(move || check_states(prefix)).join().unwrap();
    }
}

#[test]
fn the_easier_kiosk_is_right_at_every_size() {
    check_states("kiosk-easier");
}

#[test]
fn board_is_right_at_every_size() {
    check_states("board");
}

#[test]
fn desk_sign_is_right_at_every_size() {
    check_states("sign");
}

/// The block of a colour has the number in white, and nothing of it touches the block's sides.
fn assert_number_in_block(drawn: &Picture, colour: Color, least_share: usize, what: &str) -> Bounds {
    let block = drawn.bounds(colour).unwrap_or_else(|| panic!("{what}: no {colour:?}"));
    let area = drawn.count(colour) * 100 / (drawn.width * drawn.height);
    assert!(area >= least_share, "{what}: the number's colour covers {area} %");
    let margin = (drawn.width / 100).max(4);
    let mut white = 0;
    for y in block.top..=block.bottom {
        for x in block.left + drawn.width / 200..=block.right - drawn.width / 200 {
            if drawn.at(x, y) == rgb(WHITE) {
                white += 1;
                assert!(x >= block.left + margin && x + margin <= block.right, "{what}: the number is cut off at {x}, {y}");
            }
        }
    }
    assert!(white * 400 > drawn.width * drawn.height, "{what}: no number in the block");
    block
}

#[test]
fn the_newest_call_is_a_block_in_its_services_colour() {
    let offscreen = offscreen::install().unwrap();
    let board = BoardWindow::new().unwrap();
    let view = board.global::<BoardView>();
    // No other row may have the colour, so that the box is the block's.
    let colour = accent("#5a1f70");
    for (number, word, mark) in
        [("R042", "Desk", "3"), ("WW0042", "Service desk", "12B"), ("A1", "", "Garden machines: repair and parts")]
    {
        view.set_newest(BoardCall {
            number: number.into(),
            desk: format!("{word} {mark}").into(),
            desk_word: word.into(),
            desk_mark: mark.into(),
            accent: colour,
            again: number == "WW0042",
            fresh: false,
        });
        for size in SIZES {
            let what = format!("{number} to {mark} at {size:?}");
            assert_number_in_block(&picture(&offscreen, &board, size), colour, 5, &what);
        }
    }
}

#[test]
fn the_ticket_shows_its_number_in_its_services_colour() {
    let offscreen = offscreen::install().unwrap();
    let kiosk = KioskWindow::new().unwrap();
    let view = kiosk.global::<KioskView>();
    view.set_page(KioskPage::Ticket);
    for number in ["A1", "R042", "WW0042"] {
        view.set_ticket(KioskTicket { number: number.into(), accent: accent("teal"), ..view.get_ticket() });
        for size in SIZES {
            assert_number_in_block(&picture(&offscreen, &kiosk, size), accent("teal"), 30, &format!("{number} at {size:?}"));
        }
    }
}

#[test]
fn a_desk_sign_is_mostly_its_number() {
    let offscreen = offscreen::install().unwrap();
    let sign = DeskSignWindow::new().unwrap();
    sign.global::<DeskSignView>().set_number("WW0042".into());
    for size in SIZES {
        assert_number_in_block(&picture(&offscreen, &sign, size), accent("rust"), 20, &format!("{size:?}"));
    }
}

#[test]
fn a_phone_reads_the_qr_codes_off_the_screen() {
    let offscreen = offscreen::install().unwrap();
    let kiosk = KioskWindow::new().unwrap();
    let view = kiosk.global::<KioskView>();
    view.set_page(KioskPage::Ticket);
    view.set_ticket(KioskTicket { qr: states::qr(), ..view.get_ticket() });
    let board = BoardWindow::new().unwrap();
    board.global::<BoardView>().set_qr(states::qr());
    for size in SIZES {
        for (drawn, what) in [(picture(&offscreen, &kiosk, size), "kiosk"), (picture(&offscreen, &board, size), "board")] {
            let mut image = rqrr::PreparedImage::prepare_from_greyscale(drawn.width, drawn.height, |x, y| drawn.at(x, y)[1]);
            let read: Vec<String> = image.detect_grids().iter().filter_map(|grid| Some(grid.decode().ok()?.1)).collect();
            assert_eq!(read, [states::QR_TEXT], "{what} at {size:?}");
        }
    }
}

#[test]
fn a_fresh_call_moves_for_less_than_two_seconds_and_then_nothing_is_redrawn() {
    let offscreen = offscreen::install().unwrap();
    let board = BoardWindow::new().unwrap();
    let size = (800, 480);
    let colour = accent("#5a1f70");
    let view = board.global::<BoardView>();
    view.set_newest(BoardCall { accent: colour, ..view.get_newest() });
    let at_rest = picture(&offscreen, &board, size).count(colour);
    assert!(at_rest > 0 && !offscreen.moves(&board).unwrap());

    view.set_newest(BoardCall { number: "R043".into(), fresh: true, ..view.get_newest() });
    let mut moved_at = None;
    for step in 1..=20 {
        offscreen.advance(Duration::from_millis(100));
        if picture(&offscreen, &board, size).count(colour) < at_rest / 2 {
            moved_at = Some(step);
        }
    }
    assert!(moved_at.is_some(), "a fresh call looks like an old one");
    assert!(moved_at < Some(20), "the block still moves after two seconds");
    assert!(!offscreen.moves(&board).unwrap());
    assert!(!offscreen.redraws(&board).unwrap());
    offscreen.advance(Duration::from_secs(3600));
    assert!(!offscreen.redraws(&board).unwrap(), "an idle board redraws");
}

#[test]
fn an_idle_screen_redraws_nothing_and_a_changed_one_does() {
    let offscreen = offscreen::install().unwrap();
    let board = BoardWindow::new().unwrap();
    let kiosk = KioskWindow::new().unwrap();
    let sign = DeskSignWindow::new().unwrap();
    picture(&offscreen, &board, (800, 480));
    picture(&offscreen, &kiosk, (800, 480));
    picture(&offscreen, &sign, (800, 480));
    for _ in 0..3 {
        offscreen.advance(Duration::from_secs(600));
        assert!(!offscreen.redraws(&board).unwrap());
        assert!(!offscreen.redraws(&kiosk).unwrap());
        assert!(!offscreen.redraws(&sign).unwrap());
    }
    let view = board.global::<BoardView>();
    view.set_clock(view.get_clock());
    assert!(!offscreen.redraws(&board).unwrap());
    view.set_clock("14:08".into());
    assert!(offscreen.redraws(&board).unwrap());
}

#[test]
fn a_notice_pushes_and_covers_nothing() {
    let offscreen = offscreen::install().unwrap();
    let board = BoardWindow::new().unwrap();
    let view = board.global::<BoardView>();
    let colour = accent("#5a1f70");
    view.set_newest(BoardCall { accent: colour, ..view.get_newest() });
    for size in SIZES {
        view.set_notice("".into());
        let before = assert_number_in_block(&picture(&offscreen, &board, size), colour, 5, "before");
        view.set_notice("Please pay in cash today.".into());
        let drawn = picture(&offscreen, &board, size);
        let after = assert_number_in_block(&drawn, colour, 5, "after");
        let banner = drawn.bounds(accent("ochre")).expect("the notice has its colour");
        assert!(banner.bottom < after.top && after.top > before.top, "{size:?}: {banner:?} {before:?} {after:?}");
    }
}

#[test]
fn what_is_out_of_date_is_greyed() {
    let offscreen = offscreen::install().unwrap();
    let board = BoardWindow::new().unwrap();
    let view = board.global::<BoardView>();
    assert!(picture(&offscreen, &board, (1280, 800)).count(accent("rust")) > 0);
    view.set_lost("No connection since 14:02".into());
    let drawn = picture(&offscreen, &board, (1280, 800));
    assert_eq!(drawn.count(accent("rust")), 0);
    assert!(drawn.count(Color::from_rgb_u8(0xae, 0x1f, 0x1a)) > 1280 * 20, "the banner is missing");
}

#[test]
fn a_screen_is_drawn_again_at_another_size_and_back_to_the_same_bytes() {
    let offscreen = offscreen::install().unwrap();
    let kiosk = KioskWindow::new().unwrap();
    let board = BoardWindow::new().unwrap();
    let first = offscreen.render(&kiosk, 1280, 800).unwrap();
    assert_eq!(first.len(), 1280 * 800 * 3);
    offscreen.render(&board, 640, 480).unwrap();
    assert_eq!(offscreen.render(&kiosk, 333, 777).unwrap().len(), 333 * 777 * 3);
    assert!(offscreen.render(&kiosk, 1280, 800).unwrap() == first, "the same view gave another picture");
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let offscreen = offscreen::install().unwrap();
    assert!(matches!(offscreen::install(), Err(OffscreenError::PlatformTaken)));
    let kiosk = KioskWindow::new().unwrap();
    for size in [(0, 100), (100, 0), (offscreen::MOST_PIXELS_A_SIDE + 1, 10)] {
        assert!(matches!(offscreen.render(&kiosk, size.0, size.1), Err(OffscreenError::Size(..))), "{size:?}");
    }
    assert!(offscreen.render(&kiosk, 1, 1).is_ok());
}
