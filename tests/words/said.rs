//! Sentences as customers hear them.

use chrono::NaiveDate;
use nowserving::phrase::{Wait, Words};

fn words(code: &str) -> Words {
    Words::of(code).unwrap_or_else(|| panic!("there is no {code}"))
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

#[test]
fn english_is_said_where_nothing_else_is() {
    let en = Words::english();
    assert_eq!(en.before_you(2_u32), "2 people before you");
    assert_eq!(en.number(12_345_u32), "12,345");
    assert!(Words::of("xx").is_none());
}
