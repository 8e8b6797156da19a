//! When something may be shown, in the branch's local time.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDateTime, NaiveTime, Weekday};
use serde::{Deserialize, Serialize};

/// A part of the day. Where it ends before it begins, it goes on past midnight, and the weekday is that of its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// From then on.
    pub from: NaiveTime,
    /// Until then, that minute excluded. Equal to `from`: all day.
    pub until: NaiveTime,
}

/// When something may be shown. The default is always.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Schedule {
    /// Not before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDateTime>,
    /// Not from then on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDateTime>,
    /// Only on these days of the week; none: on all.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", with = "days")]
    pub weekdays: BTreeSet<u8>,
    /// Only in this part of the day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
}

impl Schedule {
    /// Whether its time is over for good.
    #[must_use]
    pub fn is_over(&self, local: NaiveDateTime) -> bool {
        self.until.is_some_and(|until| local >= until)
    }

    /// Whether it may be shown at this local time.
    #[must_use]
    pub fn allows(&self, local: NaiveDateTime) -> bool {
        if self.from.is_some_and(|from| local < from) || self.is_over(local) {
            return false;
        }
        let (time, day) = (local.time(), local.weekday());
        let begun = match self.hours {
            None => Some(day),
            Some(Hours { from, until }) if from < until => (from..until).contains(&time).then_some(day),
            Some(Hours { from, .. }) if time >= from => Some(day),
            // what began yesterday goes on
            Some(Hours { from, until }) if from > until && time < until => Some(day.pred()),
            // all day, from an hour on: the day before it has that hour too
            Some(Hours { from, until }) => (from == until).then(|| day.pred()),
        };
        begun.is_some_and(|day| self.weekdays.is_empty() || self.weekdays.contains(&number(day)))
    }
}

/// Monday is 0.
fn number(day: Weekday) -> u8 {
    u8::try_from(day.num_days_from_monday()).unwrap_or_default()
}

/// Days of the week are kept by their names, Monday first.
mod days {
    use std::collections::BTreeSet;

    use chrono::Weekday;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(days: &BTreeSet<u8>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(days.iter().filter_map(|day| Weekday::try_from(*day).ok()).map(|day| day.to_string()))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<u8>, D::Error> {
        let read = |name: String| {
            let day: Weekday = name.parse().map_err(|_| de::Error::custom(format!("`{name}` is no day of the week")))?;
            Ok(super::number(day))
        };
        Vec::<String>::deserialize(deserializer)?.into_iter().map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    #[test]
    fn a_night_belongs_to_the_day_it_began() {
        // 2026-11-23 is a Monday
        let night = Schedule {
            weekdays: BTreeSet::from([0]),
            hours: serde_json::from_str(r#"{"from": "22:00:00", "until": "02:00:00"}"#).unwrap(),
            ..Schedule::default()
        };
        for (time, allowed) in [
            ("2026-11-23 21:59", false),
            ("2026-11-23 22:00", true),
            ("2026-11-24 01:59", true),
            ("2026-11-24 02:00", false),
            ("2026-11-24 22:30", false),
            ("2026-11-23 01:00", false),
        ] {
            assert_eq!(night.allows(at(time)), allowed, "{time}");
        }
    }

    proptest! {
        #[test]
        fn what_is_over_is_never_shown_and_stays_over(from in 0i64..100_000, length in 0i64..100_000, minute in 0i64..200_000) {
            let begin = at("2026-01-01 00:00");
            let time = |minutes| begin + chrono::TimeDelta::minutes(minutes);
            let schedule = Schedule { from: Some(time(from)), until: Some(time(from + length)), ..Schedule::default() };
            prop_assert_eq!(schedule.allows(time(minute)), (from..from + length).contains(&minute));
            prop_assert_eq!(schedule.is_over(time(minute)), minute >= from + length);
        }

        #[test]
        fn it_reads_back(days in prop::collection::btree_set(0u8..7, 0..7), from in 0u32..1440, until in 0u32..1440) {
            let time = |minute: u32| NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap();
            let hours = Some(Hours { from: time(from), until: time(until) });
            let schedule = Schedule { weekdays: days, hours, ..Schedule::default() };
            let text = serde_json::to_string(&schedule).unwrap();
            prop_assert_eq!(serde_json::from_str::<Schedule>(&text).unwrap(), schedule);
        }
    }
}
