//! What board and desk sign show.

use std::sync::Arc;

use nowserving::queue::{CallRow, DeskPhase, EMPHASIS_MS, EMPHASIS_WAITING, View};
use nowserving::screen::{Board, BoardShown, DeskSign, LinkState, News, example_facts, example_view};
use nowserving_ui::Pointing;

use super::{joined, later, lost, view};

fn board(view: View) -> Board {
    let mut board = Board::default();
    for news in joined(view) {
        board.hear(&news, &later(0));
    }
    board
}

fn newest(shown: &BoardShown) -> (&str, &str, bool, bool) {
    (&shown.newest.number, &shown.newest.desk, shown.newest.again, shown.newest.fresh)
}

fn hear(board: &mut Board, view: &View, ms: u64) -> BoardShown {
    board.hear(&News::View(Arc::new(view.clone())), &later(ms));
    board.shown(&later(ms))
}

fn call(view: &mut View, number: &str, desk: &str) {
    let seq = view.calls.first().map_or(1, |call| call.seq + 10);
    let call = CallRow { seq, number: number.into(), service: number[..1].into(), desk: desk.into(), at_ms: 0 };
    let row = view.desks.iter_mut().find(|row| row.id == call.desk).unwrap();
    (row.number, row.service) = (Some(call.number.clone()), Some(call.service.clone()));
    (row.serving, row.invitations) = (false, 1);
    view.calls.insert(0, call);
}

#[test]
fn the_board_shows_calls_desks_waits_and_time() {
    let shown = board(example_view()).shown(&later(0));
    assert_eq!(newest(&shown), ("R042", "Desk 3", false, false));
    assert_eq!((shown.newest.desk_word.as_str(), shown.newest.desk_mark.as_str()), ("Desk", "3"));
    let calls: Vec<_> = shown.calls.iter().map(|row| (row.number.as_str(), row.desk.as_str())).collect();
    assert_eq!(calls, [("P117", "Desk 1"), ("Q008", "Desk 2"), ("R041", "Desk 4"), ("P116", "Desk 1")]);
    let desks: Vec<_> = shown.desks.iter().map(|row| (row.number.as_str(), row.state.as_str())).collect();
    assert_eq!(desks, [("P117", "open"), ("Q008", "open"), ("R042", "open"), ("", "paused")]);
    let waits: Vec<_> = shown.waits.iter().map(|row| (row.text.as_str(), row.waiting.as_str())).collect();
    assert_eq!(waits, [("15–30 min", "7 waiting"), ("a few min", "1 waiting"), ("5–15 min", "2 waiting")]);
    assert_eq!((shown.clock.as_str(), shown.footer.as_str()), ("14:07", "open until 18:00"));
    assert_eq!(shown.url.as_deref(), Some("http://nordlund.example:8080/"));
    assert_eq!(shown.address, "nordlund.example:8080");
}

#[test]
fn a_call_takes_the_block_and_is_fresh_for_a_moment() {
    let mut board = board(example_view());
    let next = view(|view| call(view, "Q009", "2"));
    assert_eq!(newest(&hear(&mut board, &next, 0)), ("Q009", "Desk 2", false, true));
    assert!(board.shown(&later(EMPHASIS_MS - 1)).newest.fresh);
    assert!(!board.shown(&later(EMPHASIS_MS)).newest.fresh);
    assert_eq!(board.shown(&later(0)).calls[0].number, "R042");
    // what does not concern the call does not make it fresh again
    let other = View { seq: next.seq + 1, ..next };
    assert!(!hear(&mut board, &other, 5_000).newest.fresh);
}

#[test]
fn a_number_called_again_takes_the_block_until_the_next_call() {
    let mut board = board(example_view());
    let mut now = example_view();
    now.desks[1].invitations = 2;
    assert_eq!(newest(&hear(&mut board, &now, 10_000)), ("Q008", "Desk 2", true, true));
    assert!(!board.shown(&later(20_000)).newest.fresh);
    now.desks[1].invitations = 3;
    assert_eq!(newest(&hear(&mut board, &now, 30_000)), ("Q008", "Desk 2", true, true));
    let earlier: Vec<_> = board.shown(&later(30_000)).calls.iter().map(|row| row.number.to_string()).collect();
    assert_eq!(earlier, ["R042", "P117", "R041", "P116"]);
    now.desks[1].serving = true;
    assert_eq!(newest(&hear(&mut board, &now, 40_000)), ("Q008", "Desk 2", true, false));
    call(&mut now, "R043", "1");
    assert_eq!(newest(&hear(&mut board, &now, 50_000)), ("R043", "Desk 1", false, true));
}

#[test]
fn a_call_taken_back_gives_the_block_to_the_one_before_without_a_pulse() {
    let mut board = board(view(|view| call(view, "Q009", "2")));
    assert_eq!(newest(&hear(&mut board, &example_view(), 10_000)), ("R042", "Desk 3", false, false));
}

#[test]
fn desks_that_are_closed_are_left_out_while_others_work() {
    let close = |view: &mut View, at: usize| {
        let desk = &mut view.desks[at];
        (desk.phase, desk.number, desk.service) = (DeskPhase::Closed, None, None);
    };
    assert_eq!(board(view(|view| close(view, 0))).shown(&later(0)).desks.len(), 3);
    let all = board(view(|view| (0..4).for_each(|at| close(view, at)))).shown(&later(0)).desks;
    assert!(all.len() == 4 && all.iter().all(|row| row.state == "closed"));
}

#[test]
fn a_board_without_its_hub_keeps_the_last_state_with_its_time() {
    let mut board = board(example_view());
    board.hear(&lost(60_000), &later(60_000));
    assert_eq!(board.shown(&later(62_999)).lost, "");
    let shown = board.shown(&later(600_000));
    assert_eq!(shown.lost, "No connection since 14:08. Please listen for your number.");
    assert_eq!((shown.clock.as_str(), shown.newest.number.as_str()), ("14:17", "R042"));
    board.hear(&News::Link(LinkState::Live), &later(600_000));
    assert_eq!(board.shown(&later(600_000)).lost, "");
}

#[test]
fn a_closed_branch_has_a_page_of_its_own_and_a_closing_one_a_banner() {
    let shown = board(view(|view| view.open.open = false)).shown(&later(0));
    assert_eq!(shown.closed_headline, "We are closed");
    assert_eq!((shown.newest.number.as_str(), shown.calls.len()), ("", 0));
    let shown = board(view(|view| view.open.closing = true)).shown(&later(0));
    assert_eq!(
        (shown.closed_headline.as_str(), shown.notice.as_str()),
        ("", "No more numbers today. Whoever has a number is still served.")
    );
    let shown = Board::default().shown(&later(0));
    assert_eq!(shown.closed_headline, "One moment, please");
}

fn sign(desk: &str, view: View) -> (String, String, String) {
    let mut sign = DeskSign::new(desk.into(), Pointing::Down);
    for news in joined(view) {
        sign.hear(&news, &later(0));
    }
    let shown = sign.shown(&later(0));
    (shown.desk, shown.number, shown.text)
}

#[test]
fn a_desks_sign_says_who_is_to_come() {
    let text = |desk: &str, change: fn(&mut View)| {
        let (name, number, text) = sign(desk, view(change));
        format!("{name} | {number} | {text}")
    };
    assert_eq!(text("3", |_| {}), "Desk 3 | R042 | Please come to this desk");
    assert_eq!(
        text("3", |view| view.desks[2].invitations = 2),
        "Desk 3 | R042 | Called again: please come to this desk now"
    );
    assert_eq!(text("1", |_| {}), "Desk 1 | P117 | Being served");
    assert_eq!(text("4", |_| {}), "Desk 4 |  | Back in a few minutes");
    assert_eq!(text("4", |view| view.desks[3].phase = DeskPhase::Open), "Desk 4 |  | Please wait for your number");
    assert_eq!(text("4", |view| view.desks[3].phase = DeskPhase::Closed), "Desk 4 |  | This desk is closed");
    assert_eq!(text("9", |_| {}), "9 |  | The branch has no desk 9");
}

#[test]
fn calls_that_come_together_are_listed_at_once_and_emphasised_in_turn() {
    let mut board = board(example_view());
    let mut now = example_view();
    call(&mut now, "Q009", "2");
    call(&mut now, "P118", "1");
    let shown = hear(&mut board, &now, 10_000);
    assert_eq!(newest(&shown), ("Q009", "Desk 2", false, true));
    assert_eq!((shown.calls[0].number.as_str(), shown.calls[1].number.as_str()), ("P118", "R042"));
    board.tick(&later(10_000 + EMPHASIS_MS));
    let shown = board.shown(&later(10_000 + EMPHASIS_MS));
    assert_eq!(newest(&shown), ("P118", "Desk 1", false, true));
    assert_eq!(shown.calls[0].number, "Q009");
    board.tick(&later(60_000));
    assert_eq!(newest(&board.shown(&later(60_000))), ("P118", "Desk 1", false, false));
}

#[test]
fn a_burst_falls_back_to_the_list_and_ends_with_the_newest() {
    let mut board = board(example_view());
    let mut now = example_view();
    let count = EMPHASIS_WAITING + 2;
    for at in 0..count {
        call(&mut now, &format!("P20{at}"), ["1", "2", "3"][at % 3]);
        now.calls.truncate(8);
    }
    let shown = hear(&mut board, &now, 10_000);
    assert_eq!(shown.newest.number, "P200");
    assert_eq!(shown.calls.len(), 7);
    board.tick(&later(10_000 + EMPHASIS_MS));
    assert_eq!(board.shown(&later(10_000 + EMPHASIS_MS)).newest.number, format!("P20{}", count - 1));
}

#[test]
fn a_desks_sign_shows_a_call_at_once_and_fresh() {
    let mut sign = DeskSign::new("2".into(), Pointing::Left);
    for news in joined(example_view()) {
        sign.hear(&news, &later(0));
    }
    let shown = sign.shown(&later(0));
    assert_eq!((shown.number.as_str(), shown.fresh, shown.arrow), ("Q008", false, Pointing::Left));
    let next = view(|view| call(view, "Q009", "2"));
    sign.hear(&News::View(Arc::new(next)), &later(5_000));
    assert_eq!((sign.shown(&later(5_000)).number.as_str(), sign.shown(&later(5_000)).fresh), ("Q009", true));
    assert!(!sign.shown(&later(5_000 + EMPHASIS_MS)).fresh);
}

#[test]
fn a_hall_without_an_open_desk_is_told() {
    let none = |view: &mut View| {
        for desk in &mut view.desks {
            (desk.phase, desk.number, desk.service) = (DeskPhase::Closed, None, None);
        }
        view.calls.clear();
    };
    let shown = board(view(none)).shown(&later(0));
    assert_eq!((shown.nobody, shown.notice.as_str()), ("No desk is open yet", ""));
    let shown = board(view(|view| {
        none(view);
        view.line.insert("R050".into(), serde_json::from_str(r#"{"service":"R","place":[1,0]}"#).unwrap());
    }))
    .shown(&later(0));
    assert!(shown.notice.starts_with("No desk is open just now."), "{}", shown.notice);
}

#[test]
fn a_closed_branchs_board_is_dark_where_that_is_wished_for() {
    for dark in [false, true] {
        let mut board = Board::default();
        let mut facts = example_facts();
        facts.screens.dark_at_night = dark;
        for news in [News::Facts(facts), News::View(Arc::new(view(|view| view.open.open = false)))] {
            board.hear(&news, &later(0));
        }
        assert_eq!(board.shown(&later(0)).night, dark);
        // what is out of date says so
        board.hear(&lost(0), &later(0));
        assert!(!board.shown(&later(60_000)).night);
    }
}

#[test]
fn the_wifi_has_a_code_of_its_own() {
    let mut board = board(example_view());
    assert_eq!(board.shown(&later(0)).wifi, None);
    let mut facts = example_facts();
    facts.screens.wifi_code = Some("WIFI:T:nopass;S:Guests;;".into());
    facts.screens.wifi_name = Some("Guests".into());
    board.hear(&News::Facts(facts), &later(0));
    let shown = board.shown(&later(0));
    assert_eq!((shown.wifi.as_deref(), shown.wifi_name.as_str()), (Some("WIFI:T:nopass;S:Guests;;"), "Guests"));
}

#[test]
fn the_board_speaks_the_languages_of_who_waits_in_turn() {
    let mut board = Board::default();
    let mut facts = example_facts();
    facts.languages = ["en", "de"].map(Into::into).to_vec();
    board.hear(&News::Facts(facts), &later(0));
    let spoken = |board: &Board| -> std::collections::BTreeSet<&str> {
        (0..120).map(|second| board.shown(&later(second * 1_000)).dress.words.unwrap().code()).collect()
    };
    board.hear(&News::View(Arc::new(example_view())), &later(0));
    assert_eq!(spoken(&board), ["en"].into());
    board.hear(
        &News::View(Arc::new(view(|view| {
            view.languages.insert("de".into(), 2);
        }))),
        &later(0),
    );
    assert_eq!(spoken(&board), ["de", "en"].into());
}
