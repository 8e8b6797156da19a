//! Sentences as customers hear them.

use chrono::NaiveDate;
use nowserving::phrase::{Wait, Words};

fn words(code: &str) -> Words {
    Words::of(code).unwrap_or_else(|| panic!("there is no {code}"))
}

#[test]
fn waits_are_said_as_people_do() {
    let en = Words::english();
    let said = |range| (en.wait_short(Wait::of(range)), en.wait(Wait::of(range)), en.promise(Wait::of(range), false));
    let expected = [
        ([2, 5], "a few min", "a few minutes", "You will be called in a few minutes."),
        ([0, 8], "up to 8 min", "up to 8 min", "You will be called within 8\u{a0}min."),
        ([12, 25], "12–25 min", "about 12–25 min", "You will be called in about 12–25\u{a0}min."),
        ([0, 60], "up to 1 h", "up to 1 h", "You will be called within 1\u{a0}h."),
        ([50, 80], "50 min – 1 h 20", "about 50 min – 1 h 20", "You will be called in about 50\u{a0}min – 1\u{a0}h 20."),
        ([65, 120], "1 h 05 – 2 h", "about 1 h 05 – 2 h", "You will be called in about 1\u{a0}h 05 – 2\u{a0}h."),
    ];
    for (range, short, about, promise) in expected {
        assert_eq!(said(range), (short.into(), about.into(), promise.into()));
    }
    assert!(en.promise(Wait::of([12, 25]), true).ends_with("We are still learning how long this takes."));
}

#[test]
fn german_counts_and_tells_time_as_germans_do() {
    let de = words("de");
    assert_eq!(de.before_you(0_u32), "Sie sind als Nächstes dran");
    assert_eq!(de.before_you(1_u32), "1 Person vor Ihnen");
    assert_eq!(de.before_you(1_204_u32), "1.204 Personen vor Ihnen");
    assert_eq!(de.wait(Wait::of([12, 25])), "etwa 12–25 Min.");
    let at = |day, hour| NaiveDate::from_ymd_opt(2027, 5, day).unwrap().and_hms_opt(hour, 30, 0).unwrap();
    assert_eq!(de.opens(Some(at(4, 9)), at(4, 7)), "Wir öffnen heute um 09:30 Uhr.");
    assert_eq!(de.opens(Some(at(10, 9)), at(4, 7)), "Wir öffnen wieder am Montag um 09:30 Uhr.");
    assert_eq!(de.opens(Some(at(20, 9)), at(4, 7)), "Wir öffnen wieder am 20. Mai um 09:30 Uhr.");
}

/// The twelve languages that a branch can count on.
const SPOKEN: [&str; 12] = ["en", "de", "es", "fr", "pl", "tr", "ar", "he", "hi", "zh-Hans", "uk", "vi"];

#[test]
fn twelve_languages_are_there_and_none_says_another_ones_words() {
    let said: std::collections::BTreeSet<_> = SPOKEN.iter().map(|code| words(code).closed()).collect();
    assert_eq!(said.len(), SPOKEN.len());
    let guide = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/guide/languages.md")).unwrap();
    for words in Words::all() {
        let row = format!("| `{}` | {} |", words.code(), words.own_name());
        assert!(guide.contains(&row), "docs/guide/languages.md does not list {row}");
    }
}

#[test]
fn each_language_counts_by_its_own_rule() {
    let said = |code, n: u32| words(code).people_wait(n);
    assert_eq!(
        [1, 3, 5, 22, 112].map(|n| said("pl", n)),
        ["1 osoba czeka", "3 osoby czekają", "5 osób czeka", "22 osoby czekają", "112 osób czeka"]
    );
    assert_eq!(
        [1, 21, 11, 34].map(|n| said("uk", n)),
        ["1 особа чекає", "21 особа чекає", "11 осіб чекають", "34 особи чекають"]
    );
    assert_eq!(
        [1, 2, 7, 11, 102].map(|n| said("ar", n)),
        ["شخص واحد ينتظر", "شخصان ينتظران", "7 أشخاص ينتظرون", "11 شخصًا ينتظرون", "102 شخص ينتظرون"]
    );
    assert_eq!([1, 2, 9].map(|n| said("he", n)), ["אדם אחד ממתין", "שני אנשים ממתינים", "9 אנשים ממתינים"]);
    assert_eq!(
        [0_u32, 1, 2].map(|n| words("fr").people_before_you(n)),
        ["0 personne avant vous", "1 personne avant vous", "2 personnes avant vous"]
    );
    assert_eq!([1, 40].map(|n| said("zh-Hans", n)), ["1 人等候", "40 人等候"]);
}

#[test]
fn large_numbers_have_the_marks_of_the_language_and_the_digits_of_the_ticket() {
    let said = |code| words(code).number(1_234_567_u32);
    assert_eq!(said("de"), "1.234.567");
    assert_eq!(said("fr"), "1\u{202f}234\u{202f}567");
    assert_eq!(said("hi"), "12,34,567");
    for code in SPOKEN {
        assert!(said(code).chars().filter(char::is_ascii_digit).eq("1234567".chars()), "{code}: {}", said(code));
    }
}

#[test]
fn what_runs_the_other_way_keeps_to_itself() {
    let called = words("ar").called("Desk 3");
    assert!(called.ends_with("\u{2068}Desk 3\u{2069}"), "{called:?}");
    assert!(!words("de").called("Desk 3").contains('\u{2068}'));
    assert!(words("he").rtl() && words("ar").rtl() && !words("hi").rtl());
}

#[test]
fn english_is_said_where_nothing_else_is() {
    let en = Words::english();
    assert_eq!(en.before_you(2_u32), "2 people before you");
    assert_eq!(en.number(12_345_u32), "12,345");
    assert!(Words::of("xx").is_none());
}
