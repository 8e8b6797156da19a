//! What the kiosk shows, and where a touch leads.

use std::sync::Arc;

use nowserving::config::ScreenLook;
use nowserving::queue::{Paper, View};
use nowserving::screen::{
    Facts, Found, Issued, Kiosk, LinkState, News, NoNumber, Order, example_facts, example_ticket, example_view,
};
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
    let easier = kiosk.shown(&later(ms)).easier;
    kiosk.choose(service, &later(ms)).map(|order| match order {
        Order::Issue { touch, service: ordered, language, large } => {
            assert_eq!((language, large), (None, easier));
            assert_eq!(ordered, service);
            touch
        }
        other => panic!("a choice asks for nothing else: {other:?}"),
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
    kiosk.done(&later(20));
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
    assert_eq!(ticket.paper, "Take your paper, or scan to follow on your phone");
    assert_eq!(
        (kiosk.shown(&later(0)).countdown.as_str(), kiosk.shown(&later(0)).left),
        ("Back to start in 20 s. Touch to stay.", 100)
    );

    kiosk.touched(&later(15_000));
    kiosk.tick(&later(34_999));
    assert_eq!((kiosk.shown(&later(34_999)).page, kiosk.shown(&later(34_999)).left), (KioskPage::Ticket, 5));
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
    assert_eq!(closed(Some("2026-05-17T09:00")), "We open again tomorrow at 09:00.");
    assert_eq!(closed(Some("2026-05-18T09:00")), "We open again on Monday at 09:00.");
    assert_eq!(closed(Some("2026-06-01T09:00")), "We open again on 1 June at 09:00.");
    assert_eq!(closed(None), "Please ask the staff when we open.");
}

#[test]
fn a_closing_branch_gives_no_numbers_and_serves_who_waits() {
    let mut kiosk = kiosk(view(|view| view.open.closing = true));
    let shown = kiosk.shown(&later(0));
    assert_eq!((shown.page, shown.headline.as_str()), (KioskPage::Closing, "No more numbers today"));
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

fn with_ticket(change: impl FnOnce(&mut View)) -> Kiosk {
    let mut kiosk = kiosk(view(change));
    let touch = touched(&mut kiosk, "R", 0).unwrap();
    answer(&mut kiosk, touch, Ok(example_ticket()), 0);
    kiosk
}

/// When a page that nobody touches goes away, to the tenth of a second.
fn stays_ms(kiosk: &mut Kiosk, from: u64) -> u64 {
    let page = kiosk.shown(&later(from)).page;
    let mut ms = from;
    while kiosk.shown(&later(ms)).page == page {
        ms += 100;
        kiosk.tick(&later(ms));
        assert!(ms < from + 600_000, "the page stays for ever");
    }
    ms - from
}

#[test]
fn without_paper_the_ticket_stays_longer_and_nothing_is_printed_again() {
    let paper = |paper| move |view: &mut View| view.devices.paper = paper;
    let mut on_paper = with_ticket(paper(Paper::Ready));
    assert_eq!(stays_ms(&mut on_paper, 0), 20_000);
    for stopped in [Paper::None, Paper::Stopped] {
        let mut without = with_ticket(paper(stopped));
        let ticket = without.shown(&later(0)).ticket.unwrap();
        assert_eq!((ticket.on_paper, ticket.reprint), (false, false));
        assert!(ticket.paper.starts_with("Remember your number"));
        assert_eq!(without.reprint(&later(1)), None);
        assert_eq!(stays_ms(&mut without, 0), 45_000);
    }
}

#[test]
fn a_ticket_whose_paper_ends_while_it_stands_there_stays_from_then_on_as_long_as_without() {
    let mut kiosk = with_ticket(|_| {});
    for news in joined(view(|view| view.devices.paper = Paper::Stopped)) {
        kiosk.hear(news, &later(15_000));
    }
    assert!(kiosk.shown(&later(15_000)).ticket.unwrap().paper.starts_with("Remember your number"));
    assert_eq!(stays_ms(&mut kiosk, 15_000), 45_000);
}

#[test]
fn a_ticket_is_printed_again_once_from_its_page() {
    let mut kiosk = with_ticket(|_| {});
    assert!(kiosk.shown(&later(0)).ticket.unwrap().reprint);
    let key = example_ticket().key().unwrap().to_owned();
    assert_eq!(kiosk.reprint(&later(15_000)), Some(Order::Reprint { key }));
    let ticket = kiosk.shown(&later(15_000)).ticket.unwrap();
    assert_eq!((ticket.reprint, ticket.paper), (false, "It is printed again. Take your paper"));
    assert_eq!(kiosk.reprint(&later(16_000)), None);
    assert_eq!(stays_ms(&mut kiosk, 15_000), 20_000);
}

#[test]
fn what_was_made_easier_is_so_for_one_person_and_ends_with_a_warning() {
    let mut kiosk = kiosk(example_view());
    kiosk.ease(&later(0));
    let shown = kiosk.shown(&later(0));
    assert_eq!((shown.easier, shown.dress.look, shown.countdown.as_str()), (true, ScreenLook::Contrast, ""));
    // nothing is taken back without a warning, and a touch while it stands there takes it away
    kiosk.tick(&later(46_000));
    assert!(kiosk.shown(&later(46_000)).countdown.starts_with("Are you still there?"));
    kiosk.touched(&later(46_000));
    assert_eq!(kiosk.shown(&later(46_000)).countdown, "");
    let touch = touched(&mut kiosk, "R", 50_000).unwrap();
    answer(&mut kiosk, touch, Ok(example_ticket()), 50_000);
    assert!(kiosk.shown(&later(50_000)).easier);
    assert_eq!(stays_ms(&mut kiosk, 50_000), 60_000);
    assert!(!kiosk.shown(&later(110_000)).easier);

    kiosk.ease(&later(200_000));
    kiosk.tick(&later(259_999));
    assert!(kiosk.shown(&later(259_999)).easier);
    kiosk.tick(&later(260_000));
    assert!(!kiosk.shown(&later(260_000)).easier);
}

#[test]
fn next_person_begins_at_once_with_what_everybody_finds() {
    let mut kiosk = kiosk(example_view());
    kiosk.ease(&later(0));
    let touch = touched(&mut kiosk, "R", 0).unwrap();
    answer(&mut kiosk, touch, Ok(example_ticket()), 0);
    kiosk.next(&later(1_000));
    let shown = kiosk.shown(&later(1_000));
    assert_eq!((shown.page, shown.easier), (KioskPage::Start, false));
    assert!(touched(&mut kiosk, "P", 1_100).is_some());
}

#[test]
fn the_languages_stand_over_the_page_and_go_away_by_themselves() {
    let mut kiosk = with_ticket(|_| {});
    kiosk.choose_language(&later(1_000));
    assert_eq!(kiosk.shown(&later(1_000)).page, KioskPage::Languages);
    kiosk.done(&later(2_000));
    assert_eq!(kiosk.shown(&later(2_000)).page, KioskPage::Ticket);
    kiosk.choose_language(&later(3_000));
    kiosk.speak("en", &later(4_000));
    assert_eq!(kiosk.shown(&later(4_000)).page, KioskPage::Ticket);
    kiosk.done(&later(5_000));
    kiosk.choose_language(&later(6_000));
    assert_eq!(stays_ms(&mut kiosk, 6_000), 30_000);
    assert_eq!(kiosk.shown(&later(40_000)).page, KioskPage::Start);
}

fn press(kiosk: &mut Kiosk, number: &str, again: bool, ms: u64) {
    let issued = Issued { number: number.into(), ..example_ticket() };
    kiosk.hear(News::Pressed { issued, again }, &later(ms));
}

#[test]
fn a_ticket_from_a_button_is_shown_and_a_second_press_shows_the_same() {
    let mut kiosk = kiosk(example_view());
    press(&mut kiosk, "R043", false, 0);
    assert_eq!(kiosk.shown(&later(0)).ticket.unwrap().number, "R043");
    press(&mut kiosk, "R043", true, 1_000);
    assert_eq!(kiosk.shown(&later(1_000)).ticket.unwrap().number, "R043");
    assert_eq!(stays_ms(&mut kiosk, 1_000), 20_000);
    // another press has the screen at once
    press(&mut kiosk, "R044", false, 30_000);
    press(&mut kiosk, "R045", false, 31_000);
    assert_eq!(kiosk.shown(&later(31_000)).ticket.unwrap().number, "R045");
    kiosk.done(&later(32_000));
    // but takes no screen from under a finger that waits for its own number
    let touch = touched(&mut kiosk, "P", 32_000).unwrap();
    press(&mut kiosk, "R046", false, 32_100);
    assert_eq!(kiosk.shown(&later(32_100)).page, KioskPage::Busy);
    answer(&mut kiosk, touch, Ok(Issued { number: "P118".into(), ..example_ticket() }), 32_200);
    assert_eq!(kiosk.shown(&later(32_200)).ticket.unwrap().number, "P118");
}

#[test]
fn one_screen_for_everything_is_the_board_until_it_is_needed() {
    let mut kiosk = Kiosk::default();
    let mut facts = example_facts();
    facts.screens.one_screen = true;
    for news in [News::Facts(facts), News::Link(LinkState::Live), News::View(Arc::new(example_view()))] {
        kiosk.hear(news, &later(0));
    }
    let shown = kiosk.shown(&later(0));
    assert_eq!((shown.page, shown.board.unwrap().newest.number.as_str()), (KioskPage::Board, "R042"));
    // a touch opens the kiosk, and it goes back by itself, with a warning
    kiosk.touched(&later(1_000));
    assert_eq!(kiosk.shown(&later(1_000)).page, KioskPage::Start);
    assert!(kiosk.shown(&later(20_000)).countdown.starts_with("Are you still there?"));
    assert_eq!(stays_ms(&mut kiosk, 1_000), 30_000);
    // a press shows the ticket, then it is the board again
    press(&mut kiosk, "R043", false, 40_000);
    assert_eq!(kiosk.shown(&later(40_000)).page, KioskPage::Ticket);
    assert_eq!(stays_ms(&mut kiosk, 40_000), 20_000);
    assert_eq!(kiosk.shown(&later(60_000)).page, KioskPage::Board);
    // a touch is one ticket here too
    kiosk.touched(&later(70_000));
    let touch = touched(&mut kiosk, "P", 70_500).unwrap();
    answer(&mut kiosk, touch, Ok(example_ticket()), 70_600);
    kiosk.done(&later(72_000));
    assert_eq!(kiosk.shown(&later(72_000)).page, KioskPage::Board);
}

#[test]
fn when_no_service_gives_numbers_the_screen_says_so_and_when() {
    let mut kiosk = kiosk(view(|view| {
        for wait in view.waits.values_mut() {
            wait.stopped = Some("the line is full".into());
        }
    }));
    let shown = kiosk.shown(&later(0));
    assert_eq!((shown.page, shown.headline.as_str()), (KioskPage::Full, "No numbers just now"));
    assert_eq!(
        shown.message,
        "No numbers now: the line is full. Numbers are given again as soon as there is room. This screen shows it at once."
    );
    kiosk.hear(News::View(Arc::new(example_view())), &later(1));
    assert_eq!(kiosk.shown(&later(1)).page, KioskPage::Start);
}

#[test]
fn a_branch_that_closes_soon_says_so_before_anybody_chooses() {
    let notice = |until: &str| kiosk(view(|view| view.open.until = Some(until.into()))).shown(&later(0)).notice;
    assert_eq!(notice("14:30"), "We close at 14:30. Whoever has a number then is still served.");
    for later in ["18:00", "14:38", "14:00"] {
        assert_eq!(notice(later), "", "{later}");
    }
}

#[test]
fn an_idle_kiosk_says_the_same_hour_after_hour() {
    let mut kiosk = kiosk(example_view());
    let first = kiosk.shown(&later(0));
    for minute in 1..200 {
        kiosk.tick(&later(minute * 1_000));
        assert!(kiosk.shown(&later(minute * 1_000)) == first);
    }
}

#[test]
fn a_chosen_language_goes_with_the_ticket_and_ends_with_it() {
    let mut kiosk = Kiosk::default();
    let mut facts = example_facts();
    facts.languages = vec!["en".into(), "de".into()];
    for news in [News::Facts(facts), News::Link(LinkState::Live), News::View(Arc::new(example_view()))] {
        kiosk.hear(news, &later(0));
    }
    let names: Vec<_> = kiosk.shown(&later(0)).languages.iter().map(|row| row.name.to_string()).collect();
    assert_eq!(names, ["English", "Deutsch"]);
    kiosk.choose_language(&later(0));
    kiosk.speak("de", &later(1_000));
    let words = kiosk.shown(&later(1_000)).dress.words.unwrap();
    assert_eq!(words.code(), "de");
    let Some(Order::Issue { touch, language, .. }) = kiosk.choose("R", &later(2_000)) else { panic!("no order") };
    assert_eq!(language.as_deref(), Some("de"));
    answer(&mut kiosk, touch, Ok(example_ticket()), 2_100);
    assert_eq!(kiosk.shown(&later(2_100)).ticket.unwrap().paper, words.take_paper());
    kiosk.next(&later(3_000));
    assert_eq!(kiosk.shown(&later(3_000)).dress.words.unwrap().code(), "en");
}

fn found(id: &str, services: &[&str]) -> Found {
    let services = services.iter().map(|service| (*service).to_owned()).collect();
    Found { id: id.into(), question: format!("What of {id}?"), short: "So.".into(), plain: String::new(), services }
}

#[test]
fn an_answer_is_typed_for_read_and_told_of_and_the_next_person_begins_anew() {
    let mut kiosk = kiosk(example_view());
    kiosk.look(&later(0));
    assert_eq!(kiosk.shown(&later(0)).page, KioskPage::Start, "nothing to look for");
    kiosk.hear(News::Facts(Facts { answers: true, ..example_facts() }), &later(0));
    kiosk.look(&later(0));
    assert_eq!(kiosk.shown(&later(0)).page, KioskPage::Answers);
    let Some(Order::Look { ask: first, .. }) = kiosk.orders().pop() else { panic!("nothing was asked") };
    for letter in ["k", "e", "y"] {
        kiosk.typed(Some(letter), &later(1000));
    }
    let Some(Order::Look { ask, words, .. }) = kiosk.orders().pop() else { panic!("nothing was asked") };
    assert_eq!(words, "key");
    kiosk.hear(News::Found { ask: first, answers: vec![found("old", &[])] }, &later(1100));
    assert!(kiosk.shown(&later(1100)).answers.unwrap().rows.is_empty(), "an answer to what is not asked any more");
    kiosk.hear(News::Found { ask, answers: vec![found("keys", &["Q"])] }, &later(1200));
    let rows = kiosk.shown(&later(1200)).answers.unwrap().rows;
    assert_eq!(rows.iter().map(|row| row.question.as_str()).collect::<Vec<_>>(), ["What of keys?"]);

    kiosk.read("keys", &later(2000));
    let told: Vec<_> = kiosk.orders();
    assert!(matches!(
        &told[..],
        [Order::Read { .. }, Order::Tell { what: "opened", .. }, Order::Searched { found: true, .. }]
    ));
    kiosk.done(&later(3000));
    assert_eq!(kiosk.shown(&later(3000)).page, KioskPage::Answers, "one step back");
    kiosk.read("keys", &later(4000));
    kiosk.orders();
    kiosk.helped(false, &later(5000));
    let told = kiosk.orders();
    assert!(matches!(&told[..], [Order::Tell { what: "not_helped", .. }, Order::Issue { service, .. }] if service == "Q"));
}

#[test]
fn who_goes_away_from_the_answers_leaves_the_words_they_looked_for_in_vain() {
    let mut kiosk = kiosk(example_view());
    kiosk.hear(News::Facts(Facts { answers: true, ..example_facts() }), &later(0));
    kiosk.look(&later(0));
    kiosk.typed(Some("z"), &later(1000));
    kiosk.orders();
    kiosk.tick(&later(62_000));
    assert_eq!(kiosk.shown(&later(62_000)).page, KioskPage::Start);
    assert!(matches!(&kiosk.orders()[..], [Order::Searched { words, found: false, .. }] if words == "z"));
}

#[test]
fn none_of_these_leaves_the_words_and_leads_to_a_number() {
    let mut kiosk = kiosk(example_view());
    kiosk.hear(News::Facts(Facts { answers: true, ..example_facts() }), &later(0));
    kiosk.look(&later(0));
    kiosk.typed(Some("z"), &later(1000));
    kiosk.orders();
    kiosk.none(&later(2000));
    assert_eq!(kiosk.shown(&later(2000)).page, KioskPage::Start);
    assert!(matches!(&kiosk.orders()[..], [Order::Searched { words, found: false, .. }] if words == "z"));
    // it is told once, however long the page stands there
    kiosk.tick(&later(200_000));
    assert!(kiosk.orders().is_empty());
}
