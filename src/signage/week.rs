//! A schedule as a day of the calendar shows it.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use super::schedule::{Hours, Schedule};

impl Schedule {
    /// Whether it is always: nothing is set.
    #[must_use]
    pub fn is_always(&self) -> bool {
        *self == Self::default()
    }

    /// The parts of a day in which it allows something to be shown, as minutes since midnight: from, and until (excluded, at most
    /// 1,440). In order, none touching the next.
    #[must_use]
    pub fn on(&self, date: NaiveDate) -> Vec<(u16, u16)> {
        let midnight = date.and_time(NaiveTime::MIN);
        let minute = |time: NaiveDateTime| time.signed_duration_since(midnight).num_seconds().clamp(0, 86_400);
        let mut cuts = vec![0, 86_400];
        cuts.extend([self.from, self.until].into_iter().flatten().map(minute));
        if let Some(Hours { from, until }) = self.hours {
            cuts.extend([from, until].map(|time| minute(date.and_time(time))));
        }
        cuts.sort_unstable();
        cuts.dedup();
        let mut spans: Vec<(u16, u16)> = Vec::new();
        for pair in cuts.windows(2) {
            let [from, until] = pair else { continue };
            // what holds at its first second holds for the whole part: nothing changes between two cuts
            if !self.allows(midnight + TimeDelta::seconds(*from)) {
                continue;
            }
            let whole = |seconds: i64| u16::try_from(seconds / 60).unwrap_or(1_440);
            let (from, until) = (whole(*from), whole(*until));
            match spans.last_mut() {
                Some((_, end)) if *end == from => *end = until,
                _ => spans.push((from, until)),
            }
        }
        spans
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// What the calendar shows of a day is what may be shown in it, to the minute.
        #[test]
        fn the_calendar_tells_what_is_allowed(
            days in prop::collection::btree_set(0u8..7, 0..4),
            hours in prop::option::of((0i64..1440, 0i64..1440)),
            from in prop::option::of(0i64..4320),
            until in prop::option::of(0i64..4320),
            look in 0i64..3,
        ) {
            let begin = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap().and_time(NaiveTime::MIN);
            let at = |minutes| begin + TimeDelta::minutes(minutes);
            let hours = hours.map(|(from, until)| Hours { from: at(from).time(), until: at(until).time() });
            let weekdays: BTreeSet<u8> = days;
            let schedule = Schedule { from: from.map(at), until: until.map(at), weekdays, hours };
            let date = at(look * 1440).date();
            let spans = schedule.on(date);
            for minute in 0..1440_u16 {
                let shown = spans.iter().any(|(from, until)| (*from..*until).contains(&minute));
                prop_assert_eq!(shown, schedule.allows(at(look * 1440 + i64::from(minute))), "minute {}", minute);
            }
            prop_assert!(spans.windows(2).all(|two| two[0].1 < two[1].0));
        }
    }
}
