//! The kiosk answers to presses: by accessible label, as a screen reader presses, and by touch, as a finger does.
#![expect(clippy::unwrap_used, reason = "in a test, what fails may panic")]

mod common;

use std::cell::RefCell;
use std::rc::Rc;

use common::{button, buttons, states};
use nowserving_ui::offscreen::{self, Offscreen};
use nowserving_ui::slint::ComponentHandle as _;
use nowserving_ui::{KioskPage, KioskTicket, KioskView, KioskWindow, model};

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
    view.on_touched(note("touched"));
    let chosen = Rc::clone(&log);
    view.on_choose(move |id| chosen.borrow_mut().push(format!("choose {id}")));
    (offscreen, kiosk, log)
}

fn take(log: &RefCell<Vec<String>>) -> Vec<String> {
    std::mem::take(&mut log.borrow_mut())
}

#[test]
fn pressing_a_service_by_its_label_chooses_it_by_its_id() {
    let (_offscreen, kiosk, log) = kiosk();
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
    assert_eq!(take(&log), [""; 0]);
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
fn done_ends_the_ticket_page_and_a_refusal() {
    let (offscreen, kiosk, log) = kiosk();
    kiosk.global::<KioskView>().set_page(KioskPage::Ticket);
    offscreen.render(&kiosk, 1280, 800).unwrap();
    button(&kiosk, "Done").invoke_accessible_default_action();
    kiosk.global::<KioskView>().set_page(KioskPage::Refused);
    offscreen.render(&kiosk, 1280, 800).unwrap();
    button(&kiosk, "Back to start").invoke_accessible_default_action();
    assert_eq!(take(&log), ["done", "done"]);
}

#[test]
fn a_touch_anywhere_on_the_ticket_page_gives_more_time() {
    let (offscreen, kiosk, log) = kiosk();
    let view = kiosk.global::<KioskView>();
    view.set_page(KioskPage::Ticket);
    view.set_ticket(KioskTicket { qr: states::qr(), ..view.get_ticket() });
    for (width, height) in states::SIZES {
        offscreen.render(&kiosk, width, height).unwrap();
        let done = button(&kiosk, "Done");
        let (at, size) = (done.absolute_position(), done.size());
        let mut ends = 0;
        for (column, row) in (0..16).flat_map(|column| (0..16).map(move |row| (column, row))) {
            let (x, y) = ((column as f32 + 0.5) * width as f32 / 16.0, (row as f32 + 0.5) * height as f32 / 16.0);
            let on_done = (at.x..at.x + size.width).contains(&x) && (at.y..at.y + size.height).contains(&y);
            ends += usize::from(on_done);
            offscreen.tap(&kiosk, x, y);
            assert_eq!(take(&log), [if on_done { "done" } else { "touched" }], "{width}x{height} at {x} {y}");
        }
        assert!(ends > 0, "no touch of the grid met the Done button at {width}x{height}");
    }
}

#[test]
fn pages_that_wait_offer_nothing_to_press() {
    let (offscreen, kiosk, log) = kiosk();
    for page in [KioskPage::Busy, KioskPage::Closed, KioskPage::Lost, KioskPage::Starting] {
        kiosk.global::<KioskView>().set_page(page);
        offscreen.render(&kiosk, 1280, 800).unwrap();
        assert_eq!(buttons(&kiosk).len(), 0, "{page:?}");
        for y in [100.0, 300.0, 400.0, 500.0, 700.0] {
            offscreen.tap(&kiosk, 640.0, y);
        }
        assert_eq!(take(&log), [""; 0], "{page:?}");
    }
}

#[test]
fn every_button_says_what_it_is() {
    let (offscreen, kiosk, _log) = kiosk();
    let mut seen = 0;
    for page in [KioskPage::Start, KioskPage::Ticket, KioskPage::Refused] {
        kiosk.global::<KioskView>().set_page(page);
        offscreen.render(&kiosk, 1280, 800).unwrap();
        for button in buttons(&kiosk) {
            assert_ne!(button.accessible_label().unwrap_or_default(), "", "{page:?}");
            seen += 1;
        }
    }
    assert_eq!(seen, 5);
}
