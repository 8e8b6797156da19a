//! What board and desk sign show.

use std::sync::Arc;

use nowserving::queue::{CallRow, DeskPhase, View};
use nowserving::screen::{Board, BoardShown, DeskSign, LinkState, News, example_view};

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
    assert!(board.shown(&later(2_999)).newest.fresh);
    assert!(!board.shown(&later(3_000)).newest.fresh);
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
    let mut sign = DeskSign::new(desk.into());
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
