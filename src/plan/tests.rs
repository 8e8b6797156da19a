//! What a plan promises, on days that are drawn here.

use chrono::{NaiveDate, NaiveTime};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::history::{HOUR, MINUTE};
use super::*;
use crate::queue::{ClassId, Desk, DeskId, Hours, LeaveReason, Profile, Rules, Service, ServiceId, Span};

fn branch() -> BranchRule {
    let service = |id: &str, name: &str| Service::new(id, name, "", "rust");
    let desks = (1..=3).map(|n| Desk::new(&n.to_string(), &format!("Desk {n}"))).collect();
    BranchRule { services: vec![service("R", "Returns"), service("P", "Pick-up")], desks, rules: Rules::default() }
}

fn hours() -> Hours {
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    Hours { week: std::array::from_fn(|_| vec![Span { open: time(9), close: time(15) }]), ..Hours::default() }
}

/// Mondays with a rush at noon; two desks, of whom everybody is served in the end.
fn history(days: u64, seed: u64) -> History {
    let mut rng = Pcg64::seed_from_u64(seed);
    let day = |n: u64| {
        let date = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap() + chrono::Duration::days(7 * i64::try_from(n).unwrap());
        let mut visits = Vec::new();
        for _ in 0..90 {
            let at: u64 = if rng.random_bool(0.4) { rng.random_range(690..780) } else { rng.random_range(540..900) };
            let issued = at * MINUTE + rng.random_range(0..MINUTE);
            let service: ServiceId = if rng.random_bool(0.6) { "R" } else { "P" }.into();
            let wait = rng.random_range(0..30) * MINUTE;
            let mut visit = PastVisit::new(service, issued);
            visit.class = rng.random_bool(0.1).then(|| ClassId::from("mobility"));
            if rng.random_bool(0.1) {
                visit.left = Some((issued + wait / 2 + 5 * MINUTE, LeaveReason::TooLong));
            } else {
                visit.called = Some(issued + wait);
                visit.walk = Some(rng.random_range(5_000..30_000));
                visit.gap = Some(rng.random_range(0..20_000));
                visit.desk_time = Some(rng.random_range(60_000..600_000));
                visit.vain = rng.random_bool(0.05).then_some(100_000);
                visit.back = visit.vain.filter(|_| rng.random_bool(0.5)).map(|_| 4 * MINUTE);
            }
            visits.push(visit);
        }
        visits.sort_by_key(|visit| visit.issued);
        let desks = ["1", "2"].map(|desk| OpenSpan { desk: desk.into(), from: 9 * HOUR, to: 15 * HOUR }).to_vec();
        PastDay { date, visits, desks }
    };
    History { days: (0..days).map(day).collect(), ..History::default() }
}

fn asked() -> Question {
    Question { visits: 1500, suggest: false, ..Question::new("monday".parse().unwrap()) }
}

fn planned(history: &History, asked: &Question) -> Report {
    plan(history, &branch(), &hours(), asked, &mut |_| true).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_plan_and_another_one_another() {
    let history = history(5, 1);
    let first = planned(&history, &asked());
    assert_eq!(first, planned(&history, &asked()));
    let other = planned(&history, &Question { seed: 2, ..asked() });
    assert_ne!(first.schedules, other.schedules);
    assert_eq!(first.dates, other.dates);
}

#[test]
fn more_desks_cost_more_and_make_nobody_wait_longer() {
    for seed in 1..=3 {
        let report = planned(&history(6, seed), &Question { seed, ..asked() });
        let rows: Vec<_> = report.schedules.iter().filter(|row| row.name.ends_with("desks")).collect();
        assert_eq!(rows.len(), 4);
        for pair in rows.windows(2) {
            let [less, more] = pair else { panic!() };
            // the same people come and take as long: what is left is that fewer leave, a small thing
            assert!(more.median.value <= less.median.value + 0.1, "{} {}", less.median.value, more.median.value);
            assert!(more.p90.value <= less.p90.value + 0.5 && more.waited_hours.value <= less.waited_hours.value);
            assert!(more.over_15.value <= less.over_15.value && more.leave.value <= less.leave.value + 0.1);
            assert!(more.desk_hours.value > less.desk_hours.value);
        }
    }
}

#[test]
fn intervals_hold_their_figure_and_narrow_with_days() {
    let width = |days| {
        let report = planned(&history(days, 4), &asked());
        let row = &report.schedules[1];
        for figure in [row.median, row.p90, row.leave, row.over_15] {
            assert!(figure.low <= figure.value && figure.value <= figure.high, "{figure:?}");
        }
        row.median.high - row.median.low
    };
    assert!(width(12) < width(4));
}

#[test]
fn trust_is_said_by_the_days_there_are() {
    let report = planned(&history(2, 1), &asked());
    assert_eq!((report.trust, report.resampled), (Trust::Thin, true));
    assert!(report.notes.iter().any(|note| note.contains("rough guide")), "{:?}", report.notes);
    assert!(report.notes.iter().any(|note| note.contains("drawn from the profile")));
    let report = planned(&history(9, 1), &asked());
    assert_eq!((report.trust, report.resampled), (Trust::Good, false));
    assert!(report.check.is_some());
}

#[test]
fn drawn_days_are_like_the_past_ones() {
    let history = history(3, 5);
    let report = planned(&history, &Question { visits: 8000, ..asked() });
    assert!((report.people - 90.0).abs() < 4.0, "{}", report.people);
    let noon = report.schedules[0].by_hour.iter().find(|hour| hour.hour == 12).unwrap().people;
    let real = history.days.iter().flat_map(|day| &day.visits).filter(|v| v.issued / HOUR == 12).count() as f64 / 3.0;
    assert!((noon - real).abs() < 0.2 * real, "{noon} {real}");
}

#[test]
fn one_more_desk_is_suggested_where_the_rush_is() {
    let asked = Question { suggest: true, schedules: vec![Schedule::constant(1)], ..asked() };
    let report = planned(&history(5, 2), &asked);
    let suggestion = &report.suggestion;
    assert!(suggestion.sentence.starts_with("A second desk from "), "{suggestion:?}");
    let (from, to) = (suggestion.from.unwrap(), suggestion.to.unwrap());
    assert!(from <= 12 && to > 12, "{suggestion:?}");
    assert!(suggestion.after.unwrap().value < suggestion.before.unwrap().value);
    assert_eq!(report.schedules.last().unwrap().name, format!("1 + 1 {from:02}:00-{to:02}:00"));
    // where nobody waits, none is
    let report = planned(&history(5, 2), &Question { schedules: vec![Schedule::constant(9)], ..asked });
    assert!(report.suggestion.sentence.starts_with("No hours of one more desk"), "{:?}", report.suggestion);
    assert!(report.notes.iter().any(|note| note.contains("The branch has had 3 desks")), "{:?}", report.notes);
}

#[test]
fn what_cannot_be_planned_is_said_with_the_mend() {
    let no = |history: &History, asked: &Question| plan(history, &branch(), &hours(), asked, &mut |_| true).unwrap_err();
    assert_eq!(no(&History::default(), &asked()), NoPlan::NoDays);
    let why = no(&history(5, 1), &Question { day: "saturday".parse().unwrap(), ..asked() }).to_string();
    assert!(why.contains("5 × Monday") && why.contains("--weeks"), "{why}");
    let why = no(&history(5, 1), &Question { service: Some("Z".into()), ..asked() }).to_string();
    assert!(why.contains("R (Returns), P (Pick-up)"), "{why}");
    assert_eq!(no(&history(5, 1), &Question { schedules: Vec::new(), ..asked() }), NoPlan::NoSchedule);
}

#[test]
fn a_plan_fits_80_columns_and_its_picture_is_sound() {
    let long = Schedule::parse("1 09:00-18:00 + 1 10:00-12:00 + 2 12:00-14:00").unwrap();
    let asked = Question { schedules: vec![Schedule::constant(2), long], suggest: true, ..asked() };
    let report = planned(&history(5, 1), &asked);
    let text = report.text();
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let table = text.split("In brackets").next().unwrap();
    let apart = |column: &str| table.split(column).skip(1).all(|rest| rest.starts_with([' ', '\n']));
    assert!(apart(" %") && apart(")"), "{text}");
    assert!(text.contains("as it was") && text.contains("Check against those days"), "{text}");
    let picture = report.picture(Frame::File);
    assert!(!picture.contains("style") && picture.contains("<desc id=\"plan-desc\">"));
    let page = scraper::Html::parse_fragment(&picture);
    assert!(page.errors.is_empty(), "{:?}", page.errors);
}

#[test]
fn priority_and_work_profiles_are_the_branchs_own() {
    let mut branch = branch();
    branch.desks[0].profile = Profile::LongestWait(vec!["R".into()]);
    let asked = Question { schedules: vec![Schedule::constant(1)], service: Some("P".into()), ..asked() };
    let history = History {
        days: history(4, 1).days.into_iter().map(|day| PastDay { desks: Vec::new(), ..day }).collect(),
        ..History::default()
    };
    let report = plan(&history, &branch, &hours(), &asked, &mut |_| true).unwrap();
    assert!(report.notes.iter().any(|note| note.contains("no open desk takes Pick-up")), "{:?}", report.notes);
    // who comes for what nobody takes leaves in the end, one way or another
    let row = &report.schedules[0];
    assert!((row.leave.value + row.sent_home - report.people).abs() < 1e-6 && row.sent_home > 1.0, "{row:?}");
}

fn customer() -> impl Strategy<Value = Customer> {
    let some = |most: u64| proptest::option::of(1..most);
    let class = proptest::option::weighted(0.2, Just(ClassId::from("mobility")));
    let first = (0..10 * HOUR, prop_oneof![Just("R"), Just("P")], class, 0..60_000_u64);
    (first, 0..HOUR, 0..120_000_u64, (some(HOUR), some(HOUR), some(200_000), some(20 * MINUTE))).prop_map(
        |((at, service, class, walk), visit, gap, (patience, answered, vain, back))| Customer {
            arrival: Arrival { at, service: service.into(), class },
            walk,
            visit,
            gap,
            patience,
            answered,
            vain,
            back,
        },
    )
}

fn spans() -> impl Strategy<Value = Vec<OpenSpan>> {
    let span = (1..=3_u8, 0..10 * HOUR, 1..5 * HOUR);
    proptest::collection::vec(span, 1..7).prop_map(|spans| {
        let mut all: Vec<OpenSpan> = Vec::new();
        for (desk, from, long) in spans {
            let desk = DeskId::from(desk.to_string().as_str());
            let apart = all.iter().all(|span| span.desk != desk || span.to < from || from + long < span.from);
            if apart {
                all.push(OpenSpan { desk, from, to: from + long });
            }
        }
        all
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Whatever people do and whenever desks open: everybody ends once, nothing is refused, and nobody waits a negative time.
    #[test]
    fn everybody_who_comes_ends_once(mut customers in proptest::collection::vec(customer(), 0..60), spans in spans()) {
        customers.sort_by_key(|customer| customer.arrival.at);
        let played = play(&branch(), &spans, &customers).unwrap();
        prop_assert_eq!(played.visits.len(), customers.len());
        for (visit, customer) in played.visits.iter().zip(&customers) {
            match visit.fate {
                Fate::Served | Fate::NoShow => prop_assert!(visit.called),
                Fate::GaveUp => prop_assert!(!visit.called && Some(visit.waited) == customer.patience),
                Fate::Answered => prop_assert!(!visit.called && Some(visit.waited) == customer.answered),
                Fate::TurnedAway => prop_assert!(false, "no line is limited here"),
                Fate::SentHome => prop_assert!(!visit.called || customer.back.is_some()),
            }
            prop_assert!(customer.vain.is_some() || visit.fate != Fate::NoShow);
        }
        let planned: u64 = spans.iter().map(|span| span.to - span.from).sum();
        prop_assert!(played.staffed >= planned.min(1) || spans.is_empty());
    }
}
