//! Priority at N:1, ratios, and that nobody starves.

use nowserving::queue::{Profile, TicketId};
use proptest::prelude::*;

use super::{Branch, property};

const SERVICES: [&str; 3] = ["R", "P", "Q"];

fn longest_wait() -> Profile {
    Profile::LongestWait(Vec::new())
}

fn ratio(weights: [u32; 3]) -> Profile {
    Profile::Ratio(SERVICES.iter().zip(weights).map(|(service, weight)| ((*service).into(), weight)).collect())
}

fn profiles() -> impl Strategy<Value = Profile> {
    prop_oneof![Just(longest_wait()), (1u32..4, 1u32..4, 1u32..4).prop_map(|(r, p, q)| ratio([r, p, q]))]
}

#[test]
fn at_most_so_many_with_priority_go_in_a_row_while_one_without_waits() {
    // somebody comes for a service, with or without priority; or the desk calls
    let deed = prop_oneof![(0usize..3, any::<bool>()).prop_map(Some), Just(None)];
    let strategy = (profiles(), 1u32..4, proptest::collection::vec(deed, 0..150));
    property(&strategy, |(profile, priority_ratio, deeds)| {
        let mut branch = Branch::with_desk(profile, priority_ratio);
        let mut run = 0;
        for deed in deeds {
            if let Some((service, priority)) = deed {
                branch.issue(SERVICES[service], priority).unwrap();
                continue;
            }
            let normal_waited = branch
                .queue
                .services()
                .any(|state| branch.queue.line(&state.service.id).iter().any(|ticket| ticket.class.is_none()));
            match branch.call_next("1").map(|ticket| branch.is_priority(ticket)) {
                Some(true) if normal_waited => run += 1,
                Some(false) => run = 0,
                _ => {}
            }
            prop_assert!(run <= priority_ratio, "{run} with priority in a row");
        }
        Ok(())
    });
}

/// However many come later, with priority or without, for whatever service: who waits is called within a bound that counts only
/// who was there before.
#[test]
fn nobody_starves() {
    let there = proptest::collection::vec((0usize..3, any::<bool>()), 0..20);
    let strategy = (profiles(), 1u32..4, there, 0usize..3, any::<bool>());
    property(&strategy, |(profile, priority_ratio, there, service, priority)| {
        let weights: u32 = match &profile {
            Profile::LongestWait(_) => 1,
            Profile::Ratio(weights) => weights.values().sum(),
        };
        let mut branch = Branch::with_desk(profile, priority_ratio);
        for (service, priority) in &there {
            branch.issue(SERVICES[*service], *priority).unwrap();
        }
        let (mine, _) = branch.issue(SERVICES[service], priority).unwrap();
        let bound = (there.len() + 2) * weights as usize * (priority_ratio as usize + 1);
        for _ in 0..bound {
            for service in SERVICES {
                branch.issue(service, true).unwrap();
                branch.issue(service, false).unwrap();
            }
            if branch.call_next("1") == Some(mine) {
                return Ok(());
            }
        }
        Err(TestCaseError::fail(format!("not called within {bound} calls")))
    });
}

/// The services a desk calls, each call with the same three lines never empty.
fn calls(branch: &mut Branch, count: usize, priority: impl Fn(usize) -> bool) -> Vec<(TicketId, String)> {
    for i in 0..3 * (count + 2) {
        branch.issue(SERVICES[i % 3], false).unwrap();
    }
    let mut called = Vec::new();
    for i in 0..count {
        for service in SERVICES {
            branch.issue(service, false).unwrap();
            if priority(i) {
                branch.issue(service, true).unwrap();
            }
        }
        let ticket = branch.call_next("1").unwrap();
        called.push((ticket, branch.service(ticket)));
    }
    called
}

fn assert_every_window(services: &[&str], weights: [u32; 3]) {
    let sum = weights.iter().sum::<u32>() as usize;
    assert!(services.len() > sum);
    for window in services.windows(sum) {
        for (service, weight) in SERVICES.iter().zip(weights) {
            let times = window.iter().filter(|other| *other == service).count();
            assert_eq!(times, weight as usize, "{service} in {window:?}");
        }
    }
}

#[test]
fn a_ratio_is_exact_in_every_window() {
    for weights in [[2, 1, 1], [1, 1, 1], [3, 2, 1], [1, 5, 2]] {
        let mut branch = Branch::with_desk(ratio(weights), 2);
        let called = calls(&mut branch, 60, |_| false);
        let services: Vec<_> = called.iter().map(|(_, service)| service.as_str()).collect();
        assert_every_window(&services, weights);
    }
}

#[test]
fn a_ratio_is_exact_among_those_with_and_those_without_priority() {
    for weights in [[2, 1, 1], [2, 2, 1], [1, 1, 1]] {
        let mut branch = Branch::with_desk(ratio(weights), 2);
        let called = calls(&mut branch, 90, |_| true);
        for priority in [true, false] {
            let mine = called.iter().filter(|(ticket, _)| branch.is_priority(*ticket) == priority);
            let services: Vec<_> = mine.map(|(_, service)| service.as_str()).collect();
            assert_every_window(&services, weights);
        }
    }
}
