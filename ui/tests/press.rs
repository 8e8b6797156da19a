//! The kiosk answers to presses: by accessible label, as a screen reader presses, and by touch, as a finger does.
#![expect(clippy::unwrap_used, reason = "in a test, what fails may panic")]

mod common;

use std::cell::RefCell;
use std::rc::Rc;

use common::{button, buttons, states};
use nowserving_ui::offscreen::{self, Offscreen};
use nowserving_ui::slint::ComponentHandle as _;
use nowserving_ui::{AnswerRow, KioskPage, KioskTicket, KioskView, KioskWindow, model};

/// A kiosk whose callbacks are written down.
fn kiosk() -> (Offscreen, KioskWindow, Rc<RefCell<Vec<String>>>) {
    let offscreen = offscreen::install().unwrap();
    let kiosk = KioskWindow::new().unwrap();
    let log = Rc::new(RefCell::new(Vec::new()));
    let view = kiosk.global::<KioskView>();
    let note = |what: &'static str| {
        let log = Rc::clone(&log);
        move || log.borrow_mut().push(what.to_owned())
    };
    view.on_done(note("done"));
    view.on_next(note("next"));
    view.on_reprint(note("reprint"));
    view.on_ease(note("ease"));
    view.on_choose_language(note("languages"));
    view.on_open(note("open"));
    view.on_touched(note("touched"));
    let spoken = Rc::clone(&log);
    view.on_speak(move |code| spoken.borrow_mut().push(format!("speak {code}")));
    let chosen = Rc::clone(&log);
    view.on_choose(move |id| chosen.borrow_mut().push(format!("choose {id}")));
    (offscreen, kiosk, log)
}

fn take(log: &RefCell<Vec<String>>) -> Vec<String> {
    std::mem::take(&mut log.borrow_mut())
}

#[test]
fn pressing_a_service_by_its_label_chooses_it_by_its_id() {
    let (offscreen, kiosk, log) = kiosk();
    offscreen.render(&kiosk, 1280, 800).unwrap();
    for label in ["Pick up an order", "Return or exchange", "Ask a question"] {
        button(&kiosk, label).invoke_accessible_default_action();
    }
    assert_eq!(take(&log), ["choose pick-up", "choose returns", "choose questions"]);
}

#[test]
fn a_service_that_is_off_cannot_be_chosen_and_says_why() {
    let (offscreen, kiosk, log) = kiosk();
    let mut services = states::services(3);
    services[2].name = "Keys".into();
    kiosk.global::<KioskView>().set_services(model(services));
    offscreen.render(&kiosk, 1280, 800).unwrap();

    let off = button(&kiosk, "Keys");
    assert_eq!(off.accessible_enabled(), Some(false));
    assert!(off.accessible_description().unwrap().starts_with("No more numbers today"));
    off.invoke_accessible_default_action();
    let (at, size) = (off.absolute_position(), off.size());
    offscreen.tap(&kiosk, at.x + size.width / 2.0, at.y + size.height / 2.0);
    // somebody is there, and nothing was chosen
    assert_eq!(take(&log), ["touched"]);
}

#[test]
fn the_whole_row_is_the_button_at_every_size_and_either_way_round() {
    let (offscreen, kiosk, log) = kiosk();
    for rtl in [false, true] {
        kiosk.global::<KioskView>().set_rtl(rtl);
        for (width, height) in states::SIZES {
            offscreen.render(&kiosk, width, height).unwrap();
            let row = button(&kiosk, "Pick up an order");
            let (at, size) = (row.absolute_position(), row.size());
            assert!(size.height >= 60.0, "{width}x{height}: a row {} high", size.height);
            for (x, y) in [(0.02, 0.1), (0.02, 0.9), (0.5, 0.5), (0.98, 0.1), (0.98, 0.9)] {
                offscreen.tap(&kiosk, at.x + size.width * x, at.y + size.height * y);
                assert_eq!(take(&log), ["choose pick-up"], "{width}x{height} rtl {rtl} at {x} {y}");
            }
        }
    }
}

#[test]
fn from_one_to_eight_services_each_row_chooses_its_own() {
    let (offscreen, kiosk, log) = kiosk();
    for count in 1..=8 {
        let mut services = states::services(count);
        for (at, service) in services.iter_mut().enumerate() {
            service.name = format!("Service {at}").into();
            service.enabled = true;
        }
        kiosk.global::<KioskView>().set_services(model(services));
        for (width, height) in states::SIZES {
            offscreen.render(&kiosk, width, height).unwrap();
            for at in 0..count {
                let row = button(&kiosk, &format!("Service {at}"));
                let (corner, size) = (row.absolute_position(), row.size());
                assert!(
                    corner.y + size.height <= height as f32 && corner.x + size.width <= width as f32,
                    "row {at} of {count} leaves the screen of {width}x{height}"
                );
                offscreen.tap(&kiosk, corner.x + size.width / 2.0, corner.y + size.height / 2.0);
                assert_eq!(take(&log), [format!("choose service-{at}")], "{count} services at {width}x{height}");
            }
        }
    }
}

#[test]
fn the_ticket_page_leads_on() {
    let (offscreen, kiosk, log) = kiosk();
    let view = kiosk.global::<KioskView>();
    view.set_page(KioskPage::Ticket);
    view.set_ticket(KioskTicket { reprint: true, ..view.get_ticket() });
    offscreen.render(&kiosk, 1280, 800).unwrap();
    for label in ["Done", "Next person", "Print again", "English", "Easier to use"] {
        button(&kiosk, label).invoke_accessible_default_action();
    }
    view.set_page(KioskPage::Refused);
    offscreen.render(&kiosk, 1280, 800).unwrap();
    button(&kiosk, "Back to start").invoke_accessible_default_action();
    assert_eq!(take(&log), ["done", "next", "reprint", "languages", "ease", "done"]);
}

#[test]
fn every_language_can_be_touched_by_its_own_name() {
    let (offscreen, kiosk, log) = kiosk();
    let view = kiosk.global::<KioskView>();
    view.set_page(KioskPage::Languages);
    view.set_languages(model(states::languages()));
    for easier in [false, true] {
        view.set_easier(easier);
        for (width, height) in states::SIZES {
            offscreen.render(&kiosk, width, height).unwrap();
            for language in states::languages() {
                let name = button(&kiosk, &language.name);
                let (at, size) = (name.absolute_position(), name.size());
                offscreen.tap(&kiosk, at.x + size.width / 2.0, at.y + size.height / 2.0);
                assert_eq!(take(&log), [format!("speak {}", language.code)], "{width}x{height} easier {easier}");
            }
        }
    }
}

#[test]
fn where_everything_is_large_all_services_are_still_reached() {
    let (offscreen, kiosk, log) = kiosk();
    let view = kiosk.global::<KioskView>();
    view.set_easier(true);
    let mut services = states::services(8);
    for (at, service) in services.iter_mut().enumerate() {
        (service.name, service.enabled) = (format!("Service {at}").into(), true);
    }
    view.set_services(model(services));
    for (width, height) in states::SIZES {
        offscreen.render(&kiosk, width, height).unwrap();
        let mut reached = std::collections::BTreeSet::new();
        for _ in 0..8 {
            let services = buttons(&kiosk).into_iter().filter_map(|row| {
                let at: usize = row.accessible_label()?.strip_prefix("Service ")?.parse().ok()?;
                Some((at, row))
            });
            for (at, row) in services {
                let (corner, size) = (row.absolute_position(), row.size());
                offscreen.tap(&kiosk, corner.x + size.width / 2.0, corner.y + size.height / 2.0);
                assert_eq!(take(&log), [format!("choose service-{at}")], "{width}x{height}");
                assert!(corner.y >= height as f32 / 2.0 - 1.0, "{width}x{height}: out of reach at {}", corner.y);
                reached.insert(at);
            }
            let more = button(&kiosk, "More");
            let (corner, size) = (more.absolute_position(), more.size());
            offscreen.tap(&kiosk, corner.x + size.width / 2.0, corner.y + size.height / 2.0);
            assert_eq!(take(&log), ["touched"]);
            offscreen.render(&kiosk, width, height).unwrap();
        }
        assert_eq!(reached.len(), 8, "{width}x{height}");
    }
}

#[test]
fn the_board_of_a_kiosk_opens_wherever_it_is_touched() {
    let (offscreen, kiosk, log) = kiosk();
    kiosk.global::<KioskView>().set_page(KioskPage::Board);
    offscreen.render(&kiosk, 1280, 800).unwrap();
    for (x, y) in [(40.0, 40.0), (640.0, 400.0), (1200.0, 200.0), (640.0, 780.0)] {
        offscreen.tap(&kiosk, x, y);
        assert_eq!(take(&log), ["open"], "at {x} {y}");
    }
    button(&kiosk, "Touch for a number").invoke_accessible_default_action();
    assert_eq!(take(&log), ["open"]);
}

#[test]
fn a_touch_anywhere_on_the_ticket_page_gives_more_time() {
    let (offscreen, kiosk, log) = kiosk();
    let view = kiosk.global::<KioskView>();
    view.set_page(KioskPage::Ticket);
    view.set_ticket(KioskTicket { qr: states::qr(), ..view.get_ticket() });
    for (width, height) in states::SIZES {
        offscreen.render(&kiosk, width, height).unwrap();
        let known: Vec<_> = buttons(&kiosk)
            .into_iter()
            .map(|button| (button.accessible_label().unwrap(), button.absolute_position(), button.size()))
            .collect();
        let mut pressed = std::collections::BTreeSet::new();
        for (column, row) in (0..32).flat_map(|column| (0..32).map(move |row| (column, row))) {
            let (x, y) = ((column as f32 + 0.5) * width as f32 / 32.0, (row as f32 + 0.5) * height as f32 / 32.0);
            let on = known
                .iter()
                .find(|(_, at, size)| (at.x..at.x + size.width).contains(&x) && (at.y..at.y + size.height).contains(&y));
            let expected = match on.map(|(label, ..)| label.as_str()) {
                Some("Done") => "done",
                Some("Next person") => "next",
                Some("English") => "languages",
                Some("Easier to use") => "ease",
                Some(other) => panic!("an unexpected button {other:?}"),
                None => "touched",
            };
            pressed.insert(expected);
            offscreen.tap(&kiosk, x, y);
            assert_eq!(take(&log), [expected], "{width}x{height} at {x} {y}");
        }
        assert_eq!(pressed.len(), 5, "the grid missed a button at {width}x{height}: {pressed:?}");
    }
}

#[test]
fn pages_that_wait_give_no_number() {
    let (offscreen, kiosk, log) = kiosk();
    for page in
        [KioskPage::Busy, KioskPage::Closed, KioskPage::Closing, KioskPage::Full, KioskPage::Lost, KioskPage::Starting]
    {
        kiosk.global::<KioskView>().set_page(page);
        offscreen.render(&kiosk, 1280, 800).unwrap();
        let labels: Vec<_> = buttons(&kiosk).iter().map(|button| button.accessible_label().unwrap().to_string()).collect();
        // while a number is written down nothing may be touched; else language and size stay within reach
        let expected: &[&str] = if page == KioskPage::Busy { &[] } else { &["English", "Easier to use"] };
        assert_eq!(labels, expected, "{page:?}");
        for y in [100.0, 300.0, 400.0, 500.0, 600.0] {
            offscreen.tap(&kiosk, 640.0, y);
        }
        assert_eq!(take(&log), ["touched"; 5], "{page:?}");
    }
}

#[test]
fn every_button_says_what_it_is() {
    let (offscreen, kiosk, _log) = kiosk();
    let mut seen = 0;
    for page in [KioskPage::Start, KioskPage::Ticket, KioskPage::Refused, KioskPage::Languages] {
        kiosk.global::<KioskView>().set_page(page);
        offscreen.render(&kiosk, 1280, 800).unwrap();
        for button in buttons(&kiosk) {
            assert_ne!(button.accessible_label().unwrap_or_default(), "", "{page:?}");
            seen += 1;
        }
    }
    assert_eq!(seen, 5 + 4 + 3 + 4);
}

#[test]
fn a_question_is_typed_on_the_screen_and_its_answer_chosen() {
    let (offscreen, kiosk, log) = kiosk();
    let view = kiosk.global::<KioskView>();
    let typed = Rc::clone(&log);
    view.on_typed(move |letter| typed.borrow_mut().push(letter.to_string()));
    let erased = Rc::clone(&log);
    view.on_erased(move || erased.borrow_mut().push("erase".into()));
    let read = Rc::clone(&log);
    view.on_read(move |id| read.borrow_mut().push(id.to_string()));
    let answers = states::STATES.iter().find(|state| state.name == "kiosk-answers").unwrap();
    let states::Set::Kiosk(set) = answers.set else { panic!("the answers are on the kiosk") };
    set(&view);
    for (width, height) in states::SIZES {
        offscreen.render(&kiosk, width, height).unwrap();
        for label in ["g", "ü", "7", "space", "erase", "No receipt?"] {
            let key = button(&kiosk, label);
            let (at, size) = (key.absolute_position(), key.size());
            offscreen.tap(&kiosk, at.x + size.width / 2.0, at.y + size.height / 2.0);
        }
        assert_eq!(take(&log), ["g", "ü", "7", " ", "erase", "answer-0"], "{width}x{height}");
    }
}

/// However many answers there are, each comes into view by *More*, and "None of these" is there as soon as something is typed.
#[test]
fn every_answer_of_a_long_list_comes_into_view_and_none_of_these_can_be_said() {
    let (offscreen, kiosk, log) = kiosk();
    let view = kiosk.global::<KioskView>();
    let read = Rc::clone(&log);
    view.on_read(move |id| read.borrow_mut().push(id.to_string()));
    let none = Rc::clone(&log);
    view.on_none(move || none.borrow_mut().push("none".into()));
    view.set_page(KioskPage::Answers);
    view.set_query("receipt".into());
    let label = |at: usize| format!("Question {at}");
    let rows: Vec<_> =
        (0..23).map(|at| AnswerRow { id: label(at).into(), question: label(at).into(), answer: "".into() }).collect();
    view.set_answers(model(rows));
    for (width, height) in states::SIZES {
        offscreen.render(&kiosk, width, height).unwrap();
        let tap = |label: &str| {
            let found = button(&kiosk, label);
            let (at, size) = (found.absolute_position(), found.size());
            offscreen.tap(&kiosk, at.x + size.width / 2.0, at.y + size.height / 2.0);
        };
        tap("None of these");
        assert_eq!(take(&log), ["none"], "{width}x{height}");
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..23 {
            let there = buttons(&kiosk).into_iter().filter_map(|button| button.accessible_label());
            let there: Vec<_> = there.filter(|label| label.starts_with("Question ")).collect();
            assert!(!there.is_empty(), "{width}x{height}");
            there.iter().for_each(|label| tap(label));
            seen.extend(take(&log));
            if seen.len() == 23 {
                break;
            }
            tap("More");
            log.borrow_mut().clear();
            offscreen.render(&kiosk, width, height).unwrap();
        }
        assert_eq!(seen.len(), 23, "{width}x{height}");
    }
}
