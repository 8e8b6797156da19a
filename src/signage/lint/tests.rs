use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::signage::{Image, ImageId, Translation};

fn now() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 11, 24).unwrap().and_hms_opt(10, 0, 0).unwrap()
}

fn entry(question: &str, short: &str) -> Entry {
    let original = Text { question: question.into(), short: short.into(), ..Text::default() };
    Entry { original, language: Some(Lang::from("en")), ..Entry::default() }
}

fn with<T>(check: impl FnOnce(&Around<'_>) -> T) -> T {
    let fields = BTreeMap::from([("return_days".to_owned(), "30".to_owned())]);
    let languages = [Lang::from("en"), Lang::from("de")];
    check(&Around { fields: &fields, languages: &languages, now: now(), other_shares: 0, room: None, accent: None })
}

fn found(entry: &Entry) -> Vec<(Weight, String)> {
    with(|around| lint(entry, around).into_iter().map(|one| (one.weight, one.field)).collect())
}

fn stops(entry: &Entry) -> Vec<String> {
    found(entry).into_iter().filter(|(weight, _)| *weight == Weight::Stops).map(|(_, field)| field).collect()
}

#[test]
fn a_plain_entry_may_go_out() {
    let mut good = entry("How long do I have to return something?", "{return_days} days. Bring the receipt and the box.");
    let german = Text { question: "Wie lange?".into(), short: "{return_days} Tage.".into(), ..Text::default() };
    good.translations.insert(Lang::from("de"), Translation { text: german, stale_since: None });
    assert_eq!(found(&good), []);
}

#[test]
fn what_stands_in_the_way_is_told_with_its_field() {
    assert_eq!(stops(&entry("", "")), ["question", "short"]);
    assert_eq!(stops(&entry(&"word ".repeat(13), "Yes.")), ["question"]);
    assert_eq!(stops(&entry("Open?", &"word ".repeat(31))), ["short"]);
    assert_eq!(stops(&entry(&"word ".repeat(12), &"word ".repeat(30))), Vec::<String>::new());
    assert_eq!(stops(&entry("How many {days}?", "{days} and {return_days}")), ["question", "short"]);
    let mut over = entry("Open?", "Yes.");
    over.schedule.until = Some(now());
    assert_eq!(stops(&over), ["until"]);
    over.schedule.until = Some(now() + chrono::TimeDelta::days(2));
    assert_eq!(stops(&over), Vec::<String>::new());
    over.schedule.from = over.schedule.until;
    assert_eq!(stops(&over), ["until"]);
    // a picture needs no question
    assert_eq!(stops(&Entry { kind: Kind::Picture, ..entry("", "") }), Vec::<String>::new());
}

#[test]
fn what_should_be_looked_at_is_told_too() {
    let warned = |entry: &Entry| -> BTreeSet<String> { found(entry).into_iter().map(|(_, field)| field).collect() };
    let mut one = entry("Open?", "Yes.");
    one.image = ImageId::try_from("0".repeat(32)).ok().map(|id| Image { id, width: 1, height: 1 });
    one.review_by = NaiveDate::from_ymd_opt(2026, 11, 23);
    one.original.full = "word ".repeat(FULL_WORDS + 1);
    one.least_share = 60;
    assert_eq!(warned(&one), ["alt", "full", "languages", "review_by"].map(str::to_owned).into());
    let shares = with(|around| lint(&one, &Around { other_shares: 41, ..around.clone() }));
    assert!(shares.iter().any(|one| one.field == "least_share" && one.says.contains("101 %")), "{shares:?}");
    let stale = Translation { text: one.original.clone(), stale_since: Some(2) };
    one.translations.insert(Lang::from("de"), stale);
    assert!(warned(&one).contains("de-short") && warned(&one).contains("de-full"));
}

#[test]
fn letters_are_measured_by_the_board_and_the_hall() {
    assert_eq!(Room::of_board(0.0, 4.0), None);
    let room = Room::of_board(43.0, 4.0).unwrap();
    let short = entry("Open?", "Yes.").original;
    assert!((room.headline_mm(&short) - 48.0).abs() < 0.01);
    let long = entry(&"word ".repeat(12), &"word ".repeat(30)).original;
    assert!(room.headline_mm(&long) < 40.0, "{}", room.headline_mm(&long));
    let small = with(|around| {
        lint(&entry(&"word ".repeat(12), &"word ".repeat(30)), &Around { room: Some(room), ..around.clone() })
    });
    assert!(small.iter().any(|one| one.says.contains("48 mm")), "{small:?}");
}

#[test]
fn contrast_is_the_webs() {
    assert!((contrast("#000000", "#ffffff").unwrap() - 21.0).abs() < 0.01);
    assert!((contrast("#767676", "#ffffff").unwrap() - 4.54).abs() < 0.01);
    assert_eq!(contrast("red", "#ffffff"), None);
    let pale = with(|around| lint(&entry("Open?", "Yes."), &Around { accent: Some("#ffcc00"), ..around.clone() }));
    assert!(pale.iter().any(|one| one.says.contains("contrast of 1.")), "{pale:?}");
}

#[test]
fn words_are_common_in_all_their_forms_and_names_do_not_count() {
    let plain = "Batteries stopped charging? Bring the boxes, cables and receipts to Desk 2; we're happy to help. {return_days} days.";
    assert_eq!(uncommon(plain), Vec::<String>::new());
    assert_eq!(uncommon("Reimbursement pursuant to Bosch policies: no reimbursement."), ["reimbursement", "pursuant"]);
}

proptest! {
    /// Every finding is a sentence with a mend, whatever is typed.
    #[test]
    fn any_text_gets_sentences(question in ".{0,80}", short in ".{0,300}", full in ".{0,80}") {
        let mut any = entry(&question, &short);
        any.original.full = full;
        for finding in with(|around| lint(&any, around)) {
            prop_assert!(finding.says.ends_with('.') && finding.mend.ends_with('.') && !finding.field.is_empty());
        }
    }
}
