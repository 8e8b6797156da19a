//! Opening hours: a week, and the days that differ. Local time, as it hangs on the door.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};

/// From when until when, on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Opens.
    pub open: NaiveTime,
    /// Closes; later than `open`, on the same day.
    pub close: NaiveTime,
}

/// When the branch is open. Without any span in the week and any exception it is always open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// Monday to Sunday; a day without spans is closed.
    #[serde(default)]
    pub week: [Vec<Span>; 7],
    /// Days that differ; an empty list is a closed day.
    #[serde(default)]
    pub exceptions: BTreeMap<NaiveDate, Vec<Span>>,
}

/// What the hours say of a point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenState {
    /// No hours are set.
    Always,
    /// Open until then.
    Until(NaiveDateTime),
    /// Closed; opens again then, if within two weeks.
    Closed {
        /// The next opening.
        opens: Option<NaiveDateTime>,
        /// Whether that is later the same day: a break, not the end of the day.
        pause: bool,
    },
}

impl Hours {
    /// Whether any hours are set.
    #[must_use]
    pub fn always(&self) -> bool {
        self.exceptions.is_empty() && self.week.iter().all(Vec::is_empty)
    }

    /// The spans of a date.
    #[must_use]
    pub fn on(&self, date: NaiveDate) -> &[Span] {
        let weekday = date.weekday().num_days_from_monday() as usize;
        self.exceptions.get(&date).or_else(|| self.week.get(weekday)).map_or(&[], Vec::as_slice)
    }

    /// What the hours say of `local`. Looks 14 days ahead for the next opening.
    #[must_use]
    pub fn state(&self, local: NaiveDateTime) -> OpenState {
        if self.always() {
            return OpenState::Always;
        }
        let today = local.date();
        let spans = self.on(today);
        if let Some(span) = spans.iter().find(|s| s.open <= local.time() && local.time() < s.close) {
            // a span that begins when this one ends is no closing; spans are in order
            let later = spans.iter().filter(|s| s.open >= span.close);
            let close = later.fold(span.close, |close, next| if next.open == close { next.close } else { close });
            return OpenState::Until(today.and_time(close));
        }
        let opens = (0..14)
            .filter_map(|ahead| today.checked_add_days(Days::new(ahead)))
            .find_map(|date| self.on(date).iter().map(|s| date.and_time(s.open)).filter(|at| *at > local).min());
        OpenState::Closed { opens, pause: opens.is_some_and(|at| at.date() == today) }
    }

    /// What is wrong with these hours as typed, in a sentence; `None` if nothing is.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        if self.week.iter().all(Vec::is_empty) && !self.exceptions.is_empty() {
            return Some(
                "Set the hours of the week too: with exceptions alone the branch would be closed on every other day.".into(),
            );
        }
        let days = self.week.iter().chain(self.exceptions.values());
        for spans in days {
            for span in spans {
                if span.open >= span.close {
                    return Some(format!(
                        "{}–{} closes before it opens. For hours past midnight, end the day at 23:59.",
                        span.open.format("%H:%M"),
                        span.close.format("%H:%M")
                    ));
                }
            }
            if spans.windows(2).any(|pair| matches!(pair, [a, b] if a.close > b.open)) {
                return Some("The spans of a day overlap or are out of order.".into());
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_without_a_gap_are_one() {
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        let span = |open, close| Span { open: time(open), close: time(close) };
        let date = NaiveDate::from_ymd_opt(2026, 3, 27).unwrap();
        let mut hours = Hours::default();
        hours.exceptions.insert(date, vec![span(7, 9), span(9, 12), span(13, 18)]);
        assert_eq!(hours.state(date.and_time(time(8))), OpenState::Until(date.and_time(time(12))));
        assert_eq!(hours.state(date.and_time(time(9))), OpenState::Until(date.and_time(time(12))));
        let pause = OpenState::Closed { opens: Some(date.and_time(time(13))), pause: true };
        assert_eq!(hours.state(date.and_time(time(12))), pause);
    }
}
