use proptest::prelude::*;

use super::*;
use crate::estimate::{Score, Waited};

fn date(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Duration::days(i64::from(day))
}

fn promised(day: u32, [from_min, to_min]: [u32; 2], waited: Waited) -> Promised {
    let forecast = Forecast {
        low_s: from_min * 60,
        mid_s: (from_min + to_min) * 30,
        high_s: to_min * 60,
        naive_s: None,
        ahead: 3,
        desks: 2,
        model: 1,
        simple: false,
        inputs: None,
    };
    let promise = Promise { from_min, to_min, learning: false, forecast: Some(forecast) };
    Promised { day, date: date(day), service: "R".into(), promise, void: false, waited }
}

fn minutes(minutes: f64) -> Option<u64> {
    Some((minutes * 60_000.0) as u64)
}

#[test]
fn a_wait_is_scored_to_the_millisecond_by_the_range_as_it_was_shown() {
    let score = |waited| promised(1, [12, 25], waited).score();
    assert_eq!(score(Waited::Called(Some(12 * 60_000 - 1))), Score::Earlier);
    assert_eq!(score(Waited::Called(minutes(12.0))), Score::Kept);
    assert_eq!(score(Waited::Called(minutes(25.0))), Score::Kept);
    assert_eq!(score(Waited::Called(Some(25 * 60_000 + 1))), Score::Later);
    // "a few minutes" says nothing of sooner
    assert_eq!(promised(1, [3, 5], Waited::Called(Some(0))).score(), Score::Kept);
    assert_eq!(score(Waited::Called(None)), Score::Unknown);
    assert_eq!(score(Waited::Uncalled(minutes(3.0))), Score::LeftBefore);
    assert_eq!(score(Waited::Uncalled(minutes(26.0))), Score::Later);
    assert_eq!(score(Waited::Uncalled(None)), Score::Unknown);
    assert_eq!(score(Waited::Open), Score::Open);
    let void = Promised { void: true, ..promised(1, [12, 25], Waited::Called(minutes(90.0))) };
    assert_eq!(void.score(), Score::Void);
}

#[test]
fn what_was_said_while_learning_is_scored_but_not_in_the_headline() {
    let mut learning = promised(3, [5, 10], Waited::Called(minutes(20.0)));
    learning.promise.learning = true;
    let kept = promised(3, [5, 10], Waited::Called(minutes(7.0)));
    let record = Record::of([learning, kept].iter(), 3, BTreeMap::new());
    assert_eq!(record.all, Tally { kept: 1, ..Tally::default() });
    assert_eq!(record.apart.learning, Tally { later: 1, ..Tally::default() });
}

#[test]
fn only_the_last_business_days_count() {
    let called = Waited::Called(minutes(7.0));
    let all: Vec<_> = (1..=40).map(|day| promised(day, [5, 10], called)).collect();
    let record = Record::of(all.iter(), 40, BTreeMap::new());
    assert_eq!(record.all.count(), RECORD_DAYS);
    assert_eq!(record.dates, Some([date(13), date(40)]));
}

#[test]
fn a_number_says_which_service_it_was_given_for() {
    assert_eq!(Promised::service_of("R042"), "R".into());
    assert_eq!(Promised::service_of("PQ7"), "PQ".into());
}

#[test]
fn the_picture_has_waits_that_people_had() {
    let all: Vec<_> =
        (0..100).map(|n| promised(1, [n / 10, n / 10 + 10], Waited::Called(minutes(f64::from(n) / 5.0)))).collect();
    let groups = Record::of(all.iter(), 1, BTreeMap::new()).groups;
    assert_eq!(groups.iter().map(|group| group.count).sum::<u32>(), 100);
    assert!(groups.len() <= GROUPS);
    for group in &groups {
        assert!(group.actual_low <= group.actual_mid && group.actual_mid <= group.actual_high, "{group:?}");
    }
    assert!(groups.windows(2).all(|pair| pair[0].promised_to <= pair[1].promised_to));
}

/// Twenty-eight days of `per_day` promises kept with the chance `share(day)`, drawn by a small generator.
fn month(seed: u64, per_day: u32, share: impl Fn(u32, f64) -> f64) -> Record {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut draw = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / f64::from(1_u32 << 31)
    };
    let mut all = Vec::new();
    for day in 1..=28 {
        let luck = draw();
        for _ in 0..per_day {
            let wait = if draw() < share(day, luck) { 7.0 } else { 30.0 };
            all.push(promised(day, [5, 10], Waited::Called(minutes(wait))));
        }
    }
    Record::of(all.iter(), 28, BTreeMap::new())
}

fn alarms(share: impl Fn(u32, f64) -> f64 + Copy) -> usize {
    (0..1000).filter(|seed| month(*seed, 60, share).trend.dropped).count()
}

/// Noise does not cry wolf: neither that of single waits nor that of whole days that go well or badly.
#[test]
fn a_steady_branch_does_not_read_that_it_got_worse() {
    assert!(alarms(|_, _| 0.8) <= 5);
    assert!(alarms(|_, luck| 0.65 + 0.3 * luck) <= 10);
}

#[test]
fn a_branch_that_got_worse_reads_it() {
    assert!(alarms(|day, _| if day > 21 { 0.6 } else { 0.8 }) >= 950);
    assert!(alarms(|day, luck| if day > 21 { 0.5 } else { 0.7 } + 0.1 * luck) >= 900);
    // and one that got better, or has little to tell, does not
    assert_eq!(alarms(|day, _| if day > 21 { 0.9 } else { 0.6 }), 0);
    assert!(!month(1, 1, |day, _| if day > 21 { 0.0 } else { 1.0 }).trend.dropped);
}

fn any_promised() -> impl Strategy<Value = Promised> {
    let waited = prop_oneof![
        1 => Just(Waited::Open),
        6 => prop::option::weighted(0.9, 0..6_000_000_u64).prop_map(Waited::Called),
        2 => prop::option::weighted(0.9, 0..6_000_000_u64).prop_map(Waited::Uncalled),
    ];
    let service = prop::sample::select(vec!["R", "P", "Q"]);
    (1..40_u32, 0..40_u32, 0..40_u32, waited, any::<[bool; 3]>(), service).prop_map(
        |(day, from, more, waited, [void, learning, known], service)| {
            let mut one = promised(day, [from, from + more], waited);
            one.void = void;
            one.promise.learning = learning;
            one.promise.forecast = one.promise.forecast.filter(|_| known);
            Promised { service: service.into(), ..one }
        },
    )
}

proptest! {
    /// Every promise is counted exactly once, whatever way the record is cut, and the order of its rows is of no matter.
    #[test]
    fn nothing_is_left_out_and_nothing_counted_twice(mut all in prop::collection::vec(any_promised(), 0..200)) {
        let record = Record::of(all.iter(), 39, BTreeMap::new());
        let recent = all.iter().filter(|one| 39 - one.day < RECORD_DAYS).count();
        let apart = &record.apart;
        let counted = record.all.count() + apart.learning.count() + apart.void + apart.left_before + apart.unknown + apart.open;
        prop_assert_eq!(counted as usize, recent);
        let sum = |tallies: &mut dyn Iterator<Item = Tally>| tallies.fold(Tally::default(), Tally::plus);
        prop_assert_eq!(sum(&mut record.services.values().copied()), record.all);
        prop_assert_eq!(sum(&mut record.by_day.iter().map(|of_day| of_day.tally)), record.all);
        prop_assert_eq!(sum(&mut record.lengths.iter().map(|length| length.tally)), record.all);
        prop_assert_eq!(record.trend.before.plus(record.trend.recent), record.all);
        prop_assert!(record.lengths.len() <= 3);
        all.reverse();
        let turned = Record::of(all.iter(), 39, BTreeMap::new());
        prop_assert_eq!((turned.all, turned.apart, turned.lengths), (record.all, record.apart, record.lengths));
    }

    /// A longer wait never makes a promise better kept on the late side, nor a shorter one on the early side.
    #[test]
    fn scores_follow_the_wait(one in any_promised(), ms in 0..6_000_000_u64, more in 0..600_000_u64) {
        let score = |ms| Promised { void: false, waited: Waited::Called(Some(ms)), ..one.clone() }.score();
        let rank = |score| [Score::Earlier, Score::Kept, Score::Later].iter().position(|other| *other == score);
        prop_assert!(rank(score(ms)) <= rank(score(ms + more)));
    }
}
