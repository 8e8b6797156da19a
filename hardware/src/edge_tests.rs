use super::*;
use proptest::prelude::*;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A button that was up at time zero.
fn up() -> Edges {
    Edges::start(EdgeRules::default(), Duration::ZERO, false).0
}

/// Feeds edges, and looks whenever something is due in between; what was told, and when.
fn run(edges: &mut Edges, trace: &[(u64, bool)], until: u64) -> Vec<(u64, Told)> {
    let mut told = Vec::new();
    let mut note = |at: Duration, all: Vec<Told>| {
        told.extend(all.into_iter().map(|one| (u64::try_from(at.as_millis()).unwrap(), one)));
    };
    for (at, down) in trace.iter().map(|(at, down)| (ms(*at), Some(*down))).chain([(ms(until), None)]) {
        while let Some(due) = edges.deadline().filter(|due| *due < at) {
            note(due, edges.time(due));
        }
        let all = match down {
            Some(down) => edges.edge(at, down),
            None => edges.time(at),
        };
        note(at, all);
    }
    told
}

#[test]
fn a_press_counts_when_it_begins_and_again_after_it_was_let_go() {
    let trace = [(1000, true), (1200, false), (2000, true), (2200, false)];
    assert_eq!(run(&mut up(), &trace, 60_000), [(1000, Told::Press), (2000, Told::Press)]);
}

#[test]
fn what_bounces_belongs_to_the_same_finger() {
    // a first press counts at once, even in the moment of the start
    let (mut edges, _) = Edges::start(EdgeRules::default(), ms(100), false);
    let trace = [(100, true), (140, false), (160, true), (400, false), (449, true), (600, false)];
    assert_eq!(run(&mut edges, &trace, 1000), [(100, Told::Press)]);
    // over a bounce, holding goes on
    let held = [(100, true), (1500, false), (1540, true), (4000, false)];
    assert_eq!(run(&mut up(), &held, 5000), [(100, Told::Press), (3100, Told::Held)]);
}

#[test]
fn held_is_told_once_and_stuck_is_trouble_until_it_is_let_go() {
    let trace = [(1000, true), (30_000, false), (31_000, true), (31_100, false)];
    let expected =
        [(1000, Told::Press), (4000, Told::Held), (11_000, Told::Stuck), (30_050, Told::Well), (31_000, Told::Press)];
    assert_eq!(run(&mut up(), &trace, 60_000), expected);
    // let go for less than it may bounce: still stuck
    let trace = [(1000, true), (20_000, false), (20_030, true), (30_000, false)];
    assert_eq!(run(&mut up(), &trace, 60_000).last(), Some(&(30_050, Told::Well)));
}

#[test]
fn a_button_that_is_down_at_the_start_counts_after_it_was_let_go() {
    let (mut edges, told) = Edges::start(EdgeRules::default(), ms(500), true);
    assert_eq!(told, [Told::HeldAtStart]);
    let trace = [(40_000, false), (41_000, true)];
    assert_eq!(run(&mut edges, &trace, 41_500), [(40_050, Told::Well), (41_000, Told::Press)]);
}

#[test]
fn too_many_presses_are_told_once_and_quiet_mends_it() {
    let rules = EdgeRules { most_per_minute: 3, ..EdgeRules::default() };
    let (mut edges, _) = Edges::start(rules, Duration::ZERO, false);
    let trace: Vec<_> = (1..=8).flat_map(|n| [(n * 1000, true), (n * 1000 + 100, false)]).collect();
    let told = run(&mut edges, &trace, 100_000);
    let expected =
        [(1000, Told::Press), (2000, Told::Press), (3000, Told::Press), (4000, Told::TooMany), (68_000, Told::Well)];
    assert_eq!(told, expected);
    assert_eq!(run(&mut edges, &[(101_000, true)], 101_000), [(101_000, Told::Press)]);
}

#[test]
fn a_wire_that_never_rests_gives_no_more_than_one_minute_may() {
    let mut edges = up();
    // ten minutes of one press a second, then a minute of quiet
    let trace: Vec<_> = (1..=600).flat_map(|n| [(n * 1000, true), (n * 1000 + 100, false)]).collect();
    let told = run(&mut edges, &trace, 659_999);
    let presses = told.iter().filter(|(_, one)| *one == Told::Press).count();
    assert_eq!((presses, told.last()), (20, Some(&(21_000, Told::TooMany))));
    let after = run(&mut edges, &[(660_000, true)], 660_000);
    assert_eq!(after, [(660_000, Told::Well), (660_000, Told::Press)]);
}

#[test]
fn a_lost_edge_costs_one_press_and_nothing_more() {
    let trace = [(1000, true), (2000, true), (2100, false), (3000, true), (3100, false)];
    assert_eq!(run(&mut up(), &trace, 10_000), [(1000, Told::Press), (3000, Told::Press)]);
    let trace = [(1000, true), (1100, false), (2000, false), (3000, true)];
    assert_eq!(run(&mut up(), &trace, 3000), [(1000, Told::Press), (3000, Told::Press)]);
}

proptest! {
    /// Whatever a line does: no two presses without a stable release between, never more than allowed, trouble and its end in
    /// turns, and no hold without its press.
    #[test]
    fn any_trace_keeps_the_rules(
        down in any::<bool>(),
        most in 1u32..30,
        pauses in prop::collection::vec((0u64..400, any::<bool>()), 0..300),
    ) {
        let rules = EdgeRules { most_per_minute: most, ..EdgeRules::default() };
        let (mut edges, first) = Edges::start(rules, Duration::ZERO, down);
        let mut at = 0;
        let trace: Vec<_> = pauses.into_iter().map(|(pause, down)| {
            // mostly short, at times very long
            at += if pause > 390 { pause * 50 } else { pause };
            (at, down)
        }).collect();
        let told = run(&mut edges, &trace, at + 200_000);
        let told: Vec<_> = first.into_iter().map(|one| (0, one)).chain(told).collect();
        let presses: Vec<u64> = told.iter().filter(|(_, one)| *one == Told::Press).map(|(at, _)| *at).collect();
        for pair in presses.windows(2) {
            let mut up_since = None;
            let mut stable = false;
            for (at, down) in trace.iter().filter(|(at, _)| (pair[0]..=pair[1]).contains(at)) {
                match down {
                    false => up_since = Some(*at),
                    true => stable |= up_since.take().is_some_and(|since| at - since >= 50),
                }
            }
            prop_assert!(stable, "{pair:?}");
        }
        for (n, at) in presses.iter().enumerate() {
            let in_a_minute = presses[n..].iter().take_while(|other| **other < at + 60_000).count();
            prop_assert!(in_a_minute <= most as usize);
        }
        let mut trouble = false;
        let mut may_hold = false;
        for (_, one) in &told {
            match one {
                Told::Press => may_hold = true,
                Told::Held => prop_assert!(std::mem::take(&mut may_hold)),
                Told::Well => prop_assert!(std::mem::take(&mut trouble)),
                Told::Stuck | Told::HeldAtStart | Told::TooMany => trouble = true,
            }
        }
        let last_up = trace.last().map_or(!down, |(_, down)| !*down);
        prop_assert!(!(trouble && last_up), "a button at rest for long is well");
    }
}
