//! What the kiosk shows, and where a touch leads.

use std::sync::Arc;

use nowserving::queue::View;
use nowserving::screen::{Issued, Kiosk, News, NoNumber, Order, example_ticket, example_view};
use nowserving_ui::KioskPage;

use super::{joined, later, lost, view};

fn kiosk(view: View) -> Kiosk {
    let mut kiosk = Kiosk::default();
    for news in joined(view) {
        kiosk.hear(news, &later(0));
    }
    kiosk
}

fn touched(kiosk: &mut Kiosk, service: &str, ms: u64) -> Option<u64> {
    kiosk.choose(service, &later(ms)).map(|Order::Issue { touch, service: ordered }| {
        assert_eq!(ordered, service);
        touch
    })
}

fn answer(kiosk: &mut Kiosk, touch: u64, result: Result<Issued, NoNumber>, ms: u64) {
    kiosk.hear(News::Answer { touch, result }, &later(ms));
}

#[test]
fn each_service_says_what_to_bring_how_long_and_how_many() {
    let shown = kiosk(example_view()).shown(&later(0));
    assert_eq!((shown.page, shown.store.as_str()), (KioskPage::Start, "Nordlund Hardware"));
    assert_eq!(shown.opening, "open until 18:00");
    let rows: Vec<_> =
        shown.services.iter().map(|row| (row.hint.as_str(), row.wait.as_str(), row.waiting.as_str())).collect();
    assert_eq!(
        rows,
        [
            ("Have ready: the item, the receipt or the card you paid with", "15–30 min", "7 waiting"),
            ("Have ready: the order number or your ID", "a few min", "1 waiting"),
            ("", "5–15 min", "2 waiting"),
        ]
    );
    assert!(shown.services.iter().all(|row| row.enabled));
}

#[test]
fn a_stopped_service_says_why_and_cannot_be_chosen() {
    let mut kiosk = kiosk(view(|view| {
        view.waits.get_mut(&"R".into()).unwrap().stopped = Some("the card terminal is broken".into());
        view.waits.get_mut(&"P".into()).unwrap().now = None;
    }));
    let shown = kiosk.shown(&later(0));
    assert_eq!(
        (shown.services[0].enabled, shown.services[0].reason.as_str()),
        (false, "No numbers now: the card terminal is broken")
    );
    assert_eq!((shown.services[1].enabled, shown.services[1].wait.as_str()), (true, "No desk is open"));
    assert_eq!(touched(&mut kiosk, "R", 0), None);
    assert_eq!(touched(&mut kiosk, "X", 0), None);
    assert!(touched(&mut kiosk, "P", 0).is_some());
}

#[test]
fn a_second_touch_while_the_first_is_on_its_way_does_nothing() {
    let mut kiosk = kiosk(example_view());
    let touch = touched(&mut kiosk, "R", 0).unwrap();
    assert_eq!(kiosk.shown(&later(0)).page, KioskPage::Busy);
    assert_eq!(touched(&mut kiosk, "R", 10), None);
    assert_eq!(touched(&mut kiosk, "P", 10), None);
    kiosk.done();
    assert_eq!(kiosk.shown(&later(20)).page, KioskPage::Busy);
    answer(&mut kiosk, touch + 1, Ok(example_ticket()), 30);
    assert_eq!(kiosk.shown(&later(30)).page, KioskPage::Busy);
    answer(&mut kiosk, touch, Ok(example_ticket()), 30);
    assert_eq!(kiosk.shown(&later(30)).page, KioskPage::Ticket);
    assert_eq!(touched(&mut kiosk, "P", 40), None);
}

#[test]
fn a_ticket_says_all_and_makes_room_by_itself_unless_touched() {
    let mut kiosk = kiosk(example_view());
    let touch = touched(&mut kiosk, "R", 0).unwrap();
    answer(&mut kiosk, touch, Ok(example_ticket()), 0);
    let ticket = kiosk.shown(&later(0)).ticket.unwrap();
    assert_eq!((ticket.number.as_str(), ticket.service.as_str()), ("R043", "Return or exchange"));
    assert_eq!(
        (ticket.promise.as_str(), ticket.ahead.as_str()),
        ("You will be called in about 15–30\u{a0}min.", "7 people before you.")
    );
    assert_eq!(ticket.url, example_ticket().url);
    assert_eq!(kiosk.shown(&later(0)).seconds_left, 20);

    kiosk.touched(&later(15_000));
    kiosk.tick(&later(34_999));
    assert_eq!((kiosk.shown(&later(34_999)).page, kiosk.shown(&later(34_999)).seconds_left), (KioskPage::Ticket, 1));
    // a hub that goes away takes no ticket off the screen
    kiosk.hear(lost(16_000), &later(16_000));
    assert_eq!(kiosk.shown(&later(34_999)).page, KioskPage::Ticket);
    kiosk.tick(&later(35_000));
    assert_eq!(kiosk.shown(&later(35_000)).page, KioskPage::Lost);
}

#[test]
fn a_ticket_without_a_promise_makes_none() {
    let mut kiosk = kiosk(example_view());
    let touch = touched(&mut kiosk, "R", 0).unwrap();
    answer(&mut kiosk, touch, Ok(Issued { promise: None, ahead: 0, ..example_ticket() }), 0);
    let ticket = kiosk.shown(&later(0)).ticket.unwrap();
    assert_eq!(ticket.ahead, "You are next.");
    assert!(!ticket.promise.contains("min"), "{}", ticket.promise);
}

#[test]
fn a_refusal_says_the_hubs_sentence_and_silence_says_what_to_do() {
    for (result, headline, message) in [
        (NoNumber::Refused("The line is full.".into()), "Sorry, no number", "The line is full."),
        (NoNumber::NoAnswer, "That did not get through", "Please touch again, or ask at a desk for a number."),
    ] {
        let mut kiosk = kiosk(example_view());
        let touch = touched(&mut kiosk, "R", 0).unwrap();
        answer(&mut kiosk, touch, Err(result), 0);
        let shown = kiosk.shown(&later(0));
        assert_eq!((shown.page, shown.headline.as_str(), shown.message.as_str()), (KioskPage::Refused, headline, message));
        kiosk.tick(&later(19_999));
        assert_eq!(kiosk.shown(&later(19_999)).page, KioskPage::Refused);
        kiosk.tick(&later(20_000));
        assert_eq!(kiosk.shown(&later(20_000)).page, KioskPage::Start);
    }
}

#[test]
fn an_answer_that_never_comes_does_not_hold_the_kiosk() {
    let mut kiosk = kiosk(example_view());
    touched(&mut kiosk, "R", 0).unwrap();
    kiosk.tick(&later(60_000));
    assert_eq!(kiosk.shown(&later(60_000)).page, KioskPage::Refused);
}

#[test]
fn a_closed_branch_says_when_it_opens() {
    let closed = |opens: Option<&str>| {
        let kiosk = kiosk(view(|view| {
            view.open.open = false;
            view.open.opens = opens.map(Into::into);
        }));
        let shown = kiosk.shown(&later(0));
        assert_eq!((shown.page, shown.headline.as_str(), shown.opening.as_str()), (KioskPage::Closed, "We are closed", ""));
        shown.message
    };
    assert_eq!(closed(Some("2026-05-16T15:00")), "We open today at 15:00.");
    assert_eq!(closed(Some("2026-05-17T09:00")), "We open again tomorrow, Sunday, at 09:00.");
    assert_eq!(closed(Some("2026-05-18T09:00")), "We open again on Monday at 09:00.");
    assert_eq!(closed(Some("2026-06-01T09:00")), "We open again on 1 June at 09:00.");
    assert_eq!(closed(None), "Please ask the staff when we open.");
}

#[test]
fn a_closing_branch_gives_no_numbers_and_serves_who_waits() {
    let mut kiosk = kiosk(view(|view| view.open.closing = true));
    let shown = kiosk.shown(&later(0));
    assert_eq!((shown.page, shown.headline.as_str()), (KioskPage::Closed, "No more numbers today"));
    assert_eq!(touched(&mut kiosk, "R", 0), None);
}

#[test]
fn a_kiosk_starts_loses_its_hub_and_finds_it_again() {
    let mut kiosk = Kiosk::default();
    assert_eq!(kiosk.shown(&later(0)).page, KioskPage::Starting);
    kiosk.hear(lost(0), &later(0));
    assert_eq!(kiosk.shown(&later(2_999)).page, KioskPage::Starting);
    assert_eq!(kiosk.shown(&later(3_000)).page, KioskPage::Lost);
    for news in joined(example_view()) {
        kiosk.hear(news, &later(9_000));
    }
    assert_eq!(kiosk.shown(&later(9_000)).page, KioskPage::Start);
    // a hub that starts again within three seconds is nobody's concern
    kiosk.hear(lost(10_000), &later(10_000));
    assert_eq!(kiosk.shown(&later(12_999)).page, KioskPage::Start);
    assert_eq!(kiosk.shown(&later(13_000)).page, KioskPage::Lost);
    assert_eq!(touched(&mut kiosk, "R", 13_000), None);
}

#[test]
fn a_branch_without_services_says_so() {
    let mut kiosk = kiosk(view(|view| view.services.clear()));
    assert_eq!(kiosk.shown(&later(0)).page, KioskPage::Closed);
    kiosk.hear(News::View(Arc::new(example_view())), &later(1));
    assert_eq!(kiosk.shown(&later(1)).page, KioskPage::Start);
}
