//! Business days, numbers and waits, whatever the clocks do.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveTime;
use nowserving::queue::{By, Command, Event, Hours, Refusal, Service, Span, View};
use proptest::prelude::*;

use super::{Branch, property};
use crate::clock::{self, AfterBoot, DAY, HOUR, MINUTE, Tick};

/// Every day from 8 to 20.
fn shop_hours() -> Hours {
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    Hours { week: std::array::from_fn(|_| vec![Span { open: time(8), close: time(20) }]), ..Hours::default() }
}

#[derive(Clone, Debug)]
enum Deed {
    Tick(Tick),
    Issue(usize),
    Remove(usize),
    Put(usize, u32, u8),
    OpenDay,
    CloseDay,
    SetHours(bool),
}

const SERVICES: [&str; 3] = ["R", "P", "Q"];

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        4 => clock::tick().prop_map(Deed::Tick),
        10 => (0usize..3).prop_map(Deed::Issue),
        2 => (0usize..3).prop_map(Deed::Remove),
        3 => (0usize..3, 0u32..9, 1u8..5).prop_map(|(service, first, digits)| Deed::Put(service, first, digits)),
        1 => Just(Deed::OpenDay),
        2 => Just(Deed::CloseDay),
        1 => any::<bool>().prop_map(Deed::SetHours),
    ];
    proptest::collection::vec(deed, 0..120)
}

/// Does it; what is refused is refused.
fn perform(branch: &mut Branch, deed: &Deed) -> Result<Vec<Event>, Refusal> {
    let command = match deed {
        Deed::Tick(tick) => {
            branch.tick(tick);
            return Ok(Vec::new());
        }
        Deed::Issue(service) => return branch.issue(SERVICES[*service], false).map(|_| Vec::new()),
        Deed::Remove(service) => Command::RemoveService(SERVICES[*service].into()),
        Deed::Put(service, first, digits) => {
            let service = Service::new(SERVICES[*service], "A service", "", "teal");
            Command::PutService(Service { first: *first, digits: *digits, ..service })
        }
        Deed::OpenDay => Command::OpenDay { by: By::Staff },
        Deed::CloseDay => Command::CloseDay { by: By::Staff },
        Deed::SetHours(set) => Command::PutHours(if *set { shop_hours() } else { Hours::default() }),
    };
    let done = branch.ask(&command);
    branch.go_on();
    done
}

#[test]
fn a_number_is_never_given_twice_in_a_business_day() {
    property(&deeds(), |deeds| {
        let (mut branch, mut given) = (Branch::new(), BTreeSet::new());
        for deed in &deeds {
            let issued = match deed {
                Deed::Issue(service) => branch.issue(SERVICES[*service], false).ok(),
                other => perform(&mut branch, other).ok().and(None),
            };
            if let Some((_, number)) = issued {
                // what people read is the letter and the value: R7 and R007 are one number
                let digits: u32 = number.as_str()[1..].parse().unwrap();
                let day = branch.queue.day().unwrap().date;
                prop_assert!(given.insert((day, number.as_str()[..1].to_owned(), digits)), "{number} again on {day}");
            }
        }
        Ok(())
    });
}

#[test]
fn the_business_date_never_goes_back() {
    property(&deeds(), |deeds| {
        let mut branch = Branch::new();
        let mut newest = None;
        for deed in &deeds {
            let _: Result<_, Refusal> = perform(&mut branch, deed);
            let day = branch.queue.day().map(|day| (day.number, day.date));
            prop_assert!(day >= newest, "{newest:?} then {day:?}");
            prop_assert!(day.map(|day| day.1) >= newest.map(|newest| newest.1));
            newest = day;
        }
        Ok(())
    });
}

#[test]
fn a_wait_is_never_negative_and_never_learnt_across_an_untrusted_reboot() {
    property(&proptest::collection::vec(clock::tick(), 0..6), |ticks| {
        let mut branch = Branch::new();
        let (mine, _) = branch.issue("R", false).unwrap();
        let issued = branch.clock.clone();
        ticks.iter().for_each(|tick| branch.clock.tick(tick));
        // called before the branch looks what it should do by itself, so that the day is still open
        prop_assert_eq!(branch.call_next("1"), Some(mine));
        let (now, wait) = (&branch.clock.now, branch.queue.ticket(mine).unwrap().waiting_ms());
        if now.boot == issued.now.boot {
            prop_assert_eq!(wait, Some(branch.clock.true_since(&issued)));
        } else if !now.trusted {
            prop_assert_eq!(wait, None);
        } else {
            prop_assert!(wait.is_none_or(|wait| i64::try_from(wait).unwrap() == now.wall_ms - issued.now.wall_ms));
        }
        Ok(())
    });
}

fn untrusted(tick: Tick) -> Option<Tick> {
    match tick {
        Tick::Truth | Tick::Trust(true) => None,
        Tick::Reboot { off, wall, .. } => Some(Tick::Reboot { off, wall, trusted: false }),
        other => Some(other),
    }
}

/// A wall clock that was doubted once is doubted until somebody vouches for it: neither the time nor a boot ends the day of
/// those who wait.
#[test]
fn a_doubted_clock_never_ends_the_day_of_those_who_wait() {
    let doubted = prop_oneof![
        (4 * HOUR..400 * DAY).prop_map(Tick::Jump),
        (-400 * DAY..-4 * HOUR).prop_map(Tick::Jump),
        Just(Tick::Reboot { off: HOUR, wall: AfterBoot::Epoch, trusted: false }),
    ];
    let later = clock::tick().prop_filter_map("nobody vouches", untrusted);
    let strategy = (any::<bool>(), doubted, proptest::collection::vec(later, 0..20));
    property(&strategy, |(hours, doubted, later)| {
        let mut branch = Branch::new();
        if hours {
            branch.ask(&Command::PutHours(shop_hours())).unwrap();
            branch.go_on();
        }
        let (mine, _) = branch.issue("R", false).unwrap();
        let day = branch.queue.open_day().unwrap().number;
        branch.tick(&Tick::Trust(false));
        for tick in std::iter::once(&doubted).chain(&later) {
            branch.tick(tick);
            prop_assert_eq!(branch.queue.open_day().map(|day| day.number), Some(day));
            prop_assert!(branch.queue.ahead(branch.queue.ticket(mine).unwrap()).is_some());
            // and the branch goes on: it issues and calls
            prop_assert!(branch.issue("Q", false).is_ok());
        }
        prop_assert_eq!(branch.call_next("1"), Some(mine));
        Ok(())
    });
}

#[test]
fn a_clock_that_jumps_to_the_truth_leaves_time_to_those_who_wait() {
    let mut branch = Branch::new();
    branch.tick(&Tick::Trust(false));
    let (mine, _) = branch.issue("R", false).unwrap();
    branch.tick(&Tick::Jump(90 * DAY));
    branch.tick(&Tick::Trust(true));
    branch.tick(&Tick::Pass(119 * MINUTE));
    assert!(branch.queue.ahead(branch.queue.ticket(mine).unwrap()).is_some());
    branch.tick(&Tick::Pass(2 * MINUTE));
    assert!(branch.queue.ticket(mine).is_none(), "after the time those who wait are served, a new day begins");
}

#[test]
fn an_old_jump_does_not_keep_the_branch_closed() {
    // the network corrects the clock; or it turns out that the clock had jumped to the truth
    for vouching in [Tick::Truth, Tick::Trust(true)] {
        let mut branch = Branch::new();
        branch.tick(&Tick::Trust(false));
        branch.tick(&Tick::Jump(5 * HOUR));
        branch.tick(&vouching);
        branch.tick(&Tick::Pass(DAY));
        let before = branch.queue.day().unwrap().number;
        // later a boot without network: the clock ran on, and nothing speaks against it
        branch.tick(&Tick::Reboot { off: MINUTE, wall: AfterBoot::RanOn, trusted: false });
        branch.tick(&Tick::Pass(DAY));
        assert!(branch.queue.open_day().is_some_and(|day| day.number > before), "{:?}", branch.queue.day());
    }
}

#[test]
fn a_service_starts_at_its_new_first_number() {
    let mut branch = Branch::new();
    let service = Service { first: 1, last: 3, digits: 3, ..branch.queue.service(&"Q".into()).unwrap().service.clone() };
    branch.ask(&Command::PutService(service.clone())).unwrap();
    assert_eq!(branch.issue("Q", false).unwrap().1.as_str(), "Q001");
    // from now on today's numbers are out, even when the service goes and comes back
    let ticket = branch.call_next("1").unwrap();
    assert!(branch.ask(&Command::PutService(Service { first: 2, ..service.clone() })).is_err());
    branch.ask(&Command::Finish { desk: "1".into(), outcome: None }).unwrap();
    assert!(branch.queue.ticket(ticket).unwrap().is_over());
    branch.ask(&Command::RemoveService("Q".into())).unwrap();
    branch.ask(&Command::PutService(service)).unwrap();
    assert_eq!(branch.issue("Q", false).unwrap().1.as_str(), "Q002");
}

/// Clocks and rules at the ends of their ranges: the branch may do what it likes, but it may not fall over.
#[test]
fn no_clock_and_no_rule_stops_the_branch() {
    let year_9999 = 253_402_300_799_000;
    for wall_ms in [i64::MIN, -year_9999, -1, year_9999, 8_210_266_876_799_000, i64::MAX] {
        for (hours, most) in [(false, false), (false, true), (true, false), (true, true)] {
            let mut branch = Branch::new();
            if most {
                let rules = nowserving::queue::Rules {
                    keep_place_ms: u64::MAX,
                    undo_ms: u64::MAX,
                    serve_after_closing_ms: u64::MAX,
                    closing_tolerance_min: u32::MAX,
                    requeue_after: u32::MAX,
                    delay_passes: u32::MAX,
                    priority_ratio: u32::MAX,
                    clock_doubt_ms: i64::MAX,
                    ..branch.queue.rules().clone()
                };
                // nobody may set them, but a ledger may hold them
                assert!(branch.ask(&Command::PutRules(rules.clone())).is_err());
                branch.record(Event::RulesPut { rules });
            }
            if hours {
                branch.ask(&Command::PutHours(shop_hours())).unwrap();
            }
            for priority in [false, true, false] {
                branch.issue("R", priority).unwrap();
            }
            branch.call_next("1").unwrap();
            branch.ask(&Command::NoShow { desk: "1".into() }).unwrap();
            branch.clock.now.wall_ms = wall_ms;
            branch.clock.now.offset_s = i32::MAX;
            for trusted in [false, true] {
                branch.clock.now.trusted = trusted;
                branch.go_on();
                let _: Result<_, Refusal> = branch.issue("R", false);
                branch.call_next("1");
                let at = branch.clock.now;
                let view = View::of(&branch.queue, "", BTreeMap::new(), &at);
                assert!(view.line.keys().all(|number| view.ahead(number).is_some()));
                branch.clock.now.mono_ms = u64::MAX;
            }
            branch.tick(&Tick::Reboot { off: 0, wall: AfterBoot::Epoch, trusted: true });
            assert_eq!(branch.queue.verify_invariants(), Ok(()));
        }
    }
}
