//! Calls, desks, places, and what people are told.

use std::collections::BTreeSet;

use nowserving::queue::{
    CallReason, Command, Desk, End, Event, LeaveReason, Outcome, Phase, Place, Profile, Refusal, TicketId,
};
use proptest::prelude::*;

use super::{Branch, property};
use crate::clock::{MINUTE, Tick};

#[test]
fn calling_next_while_serving_finishes_with_the_default_outcome_as_inferred() {
    let mut branch = Branch::new();
    let mut desk = branch.queue.desk(&"1".into()).unwrap().desk.clone();
    desk.default_outcome = Outcome::Answered;
    branch.ask(&Command::PutDesk(desk)).unwrap();
    let (first, _) = branch.issue("R", false).unwrap();
    let (second, _) = branch.issue("R", false).unwrap();
    assert_eq!(branch.call_next("1"), Some(first));
    assert_eq!(branch.call_next("1"), Some(second));
    let ended = |branch: &Branch, id| branch.queue.ticket(id).unwrap().phase.clone();
    let inferred = Phase::Ended(End::Finished { outcome: Outcome::Answered, inferred: true });
    assert_eq!(ended(&branch, first), inferred);
    // one key is one key: with nobody left to call it still finishes
    assert_eq!(branch.call_next("1"), None);
    assert_eq!(ended(&branch, second), inferred);
    assert!(matches!(branch.ask(&Command::CallNext { desk: "1".into() }), Err(Refusal::NobodyWaiting(_))));
}

#[test]
fn eight_desks_and_two_thousand_tickets_and_nobody_is_called_twice() {
    let mut branch = Branch::with_desk(Profile::LongestWait(Vec::new()), 2);
    let desks: Vec<String> = (1..=8).map(|n| n.to_string()).collect();
    for desk in &desks[2..] {
        branch.ask(&Command::PutDesk(Desk::new(desk, &format!("Desk {desk}")))).unwrap();
        branch.ask(&Command::OpenDesk { desk: desk.as_str().into() }).unwrap();
    }
    let issued: BTreeSet<TicketId> =
        (0..2000).map(|i| branch.issue(["R", "P", "Q"][i % 3], i % 7 == 0).unwrap().0).collect();
    let mut called = BTreeSet::new();
    // the desks press in an order that differs from round to round
    for i in 0usize.. {
        let desk = &desks[(i * 5 + i / 8) % 8];
        let Some(ticket) = branch.call_next(desk) else { break };
        assert!(called.insert(ticket), "{ticket:?} was called twice");
        let held: Vec<_> = branch.queue.desks().filter_map(|desk| desk.ticket).collect();
        assert_eq!(held.iter().collect::<BTreeSet<_>>().len(), held.len(), "two desks have one ticket");
    }
    assert_eq!(called, issued);
}

/// The line of R without priority, by place.
fn line(branch: &Branch) -> Vec<TicketId> {
    branch.queue.line(&"R".into()).iter().map(|ticket| ticket.id).collect()
}

#[test]
fn who_lets_others_pass_lets_exactly_so_many_pass_and_at_most_twice() {
    let strategy = (1u32..6, 2usize..30, proptest::collection::vec(0usize..30, 0..60));
    property(&strategy, |(passes, tickets, delays)| {
        let mut branch = Branch::new();
        let rules = nowserving::queue::Rules { delay_passes: passes, ..branch.queue.rules().clone() };
        branch.ask(&Command::PutRules(rules)).unwrap();
        for _ in 0..tickets {
            branch.issue("R", false).unwrap();
        }
        let mut expected = line(&branch);
        for nth in delays {
            let index = nth % expected.len();
            let ticket = expected[index];
            let times = branch.queue.ticket(ticket).unwrap().delays;
            let behind = (expected.len() - 1 - index).min(passes as usize);
            match branch.ask(&Command::Delay { ticket }) {
                Ok(events) => {
                    prop_assert!(times < 2 && behind > 0);
                    let [Event::Delayed { passed, .. }] = events.as_slice() else { panic!("{events:?}") };
                    prop_assert_eq!(*passed as usize, behind);
                    expected.remove(index);
                    expected.insert(index + behind, ticket);
                }
                Err(Refusal::DelayedEnough { .. }) => prop_assert_eq!(times, 2),
                Err(refusal) => prop_assert!(behind == 0, "{}", refusal),
            }
            prop_assert_eq!(line(&branch), expected.clone());
        }
        Ok(())
    });
}

/// A phone compares places with JavaScript's numbers.
#[test]
fn places_are_exact_in_a_browser() {
    let mut branch = Branch::new();
    let rules = nowserving::queue::Rules { delay_passes: 1, max_delays: 5000, ..branch.queue.rules().clone() };
    branch.ask(&Command::PutRules(rules)).unwrap();
    let (first, _) = branch.issue("R", false).unwrap();
    let (second, _) = branch.issue("R", false).unwrap();
    for i in 0..3000 {
        let ticket = if i % 2 == 0 { first } else { second };
        branch.ask(&Command::Delay { ticket }).unwrap();
        let Place(major, minor) = branch.queue.ticket(ticket).unwrap().place;
        assert!(major < 1 << 53 && minor < 1 << 53, "{major} {minor}");
        assert_eq!(line(&branch).last(), Some(&ticket), "after {i} times");
    }
}

#[test]
fn a_place_is_kept_even_where_nobody_else_waits_for_the_service() {
    let mut branch = Branch::new();
    let (mine, _) = branch.issue("R", false).unwrap();
    assert_eq!(branch.call_next("1"), Some(mine));
    branch.ask(&Command::NoShow { desk: "1".into() }).unwrap();
    for _ in 0..5 {
        branch.issue("P", false).unwrap();
    }
    branch.tick(&Tick::Pass(9 * MINUTE));
    branch.ask(&Command::Requeue { ticket: mine, desk: None }).unwrap();
    assert_eq!(branch.call_next("1"), Some(mine));
}

#[test]
fn who_was_called_out_of_turn_and_did_not_come_gains_nothing() {
    let mut branch = Branch::new();
    let tickets: Vec<_> = (0..6).map(|_| branch.issue("R", false).unwrap().0).collect();
    let call = Command::Call { desk: "1".into(), ticket: tickets[5], reason: CallReason::Other };
    branch.ask(&call).unwrap();
    branch.ask(&Command::NoShow { desk: "1".into() }).unwrap();
    branch.ask(&Command::Requeue { ticket: tickets[5], desk: None }).unwrap();
    assert_eq!(line(&branch), tickets);
}

#[test]
fn why_tells_nobodys_reason() {
    let reasons =
        [CallReason::Returning, CallReason::Appointment, CallReason::NeedsHelp, CallReason::WrongService, CallReason::Other];
    for reason in reasons {
        for class in [None, Some("mobility"), Some("appointment")] {
            let mut branch = Branch::new();
            let (mine, _) = branch.issue("R", false).unwrap();
            let (other, number) = branch.issue("R", class.is_some()).unwrap();
            branch.ask(&Command::Call { desk: "1".into(), ticket: other, reason }).unwrap();
            let named = branch.queue.why(mine).unwrap().to_string();
            branch.ask(&Command::Leave { ticket: other, reason: LeaveReason::ChangedMind }).unwrap();
            let (_, again) = branch.issue("R", true).unwrap();
            branch.call_next("1").unwrap();
            let by_rule = branch.queue.why(mine).unwrap().to_string();
            assert!(named.contains(number.as_str()) && by_rule.contains(again.as_str()), "{named} {by_rule}");
            assert!(by_rule.contains("has priority by this branch's rule"), "{by_rule}");
            let said = format!("{named} {by_rule}").to_lowercase();
            let words = ["mobility", "appointment", "return", "help", "wrong", "other", "class"];
            assert!(words.iter().all(|word| !said.contains(word)), "{said}");
        }
    }
}
