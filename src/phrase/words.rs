//! Sentences that are put together: waits, times, dates and numbers.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Weekday};
use icu_decimal::DecimalFormatter;
use icu_locale_core::Locale;

use super::{Counted, Wait, Words};
use crate::queue::DeskPhase;

impl Words {
    /// A whole number as the language writes it: `1,004`, `1.004`. Always with the digits 0–9: a ticket's number is read on
    /// paper, board and phone and must look the same everywhere, also beside words of another script.
    #[must_use]
    pub fn number(self, n: impl Counted) -> String {
        let n = n.so_many();
        if n < 1_000 {
            return n.to_string();
        }
        let locale = format!("{}-u-nu-latn", self.code()).parse::<Locale>().unwrap_or(Locale::UNKNOWN);
        let formatter = DecimalFormatter::try_new(locale.into(), icu_decimal::options::DecimalFormatterOptions::default());
        formatter.map_or_else(|_| n.to_string(), |formatter| formatter.format(&n.into()).to_string())
    }

    /// A time of day.
    #[must_use]
    pub fn time(self, time: NaiveTime) -> String {
        self.clock(format_args!("{:02}", time.hour()), format_args!("{:02}", time.minute()))
    }

    /// The same of a time that comes as `HH:MM`; another text stays as it is.
    #[must_use]
    pub fn time_of(self, text: &str) -> String {
        NaiveTime::parse_from_str(text, "%H:%M").map_or_else(|_| text.to_owned(), |time| self.time(time))
    }

    /// A date without its year: "4 May".
    #[must_use]
    pub fn date(self, date: NaiveDate) -> String {
        let day = date.day();
        match date.month() {
            1 => self.january(day),
            2 => self.february(day),
            3 => self.march(day),
            4 => self.april(day),
            5 => self.may(day),
            6 => self.june(day),
            7 => self.july(day),
            8 => self.august(day),
            9 => self.september(day),
            10 => self.october(day),
            11 => self.november(day),
            _ => self.december(day),
        }
    }

    /// A day of the week in a sentence: "on Monday".
    #[must_use]
    pub fn on_weekday(self, date: NaiveDate) -> &'static str {
        match date.weekday() {
            Weekday::Mon => self.on_monday(),
            Weekday::Tue => self.on_tuesday(),
            Weekday::Wed => self.on_wednesday(),
            Weekday::Thu => self.on_thursday(),
            Weekday::Fri => self.on_friday(),
            Weekday::Sat => self.on_saturday(),
            Weekday::Sun => self.on_sunday(),
        }
    }

    /// A day of the week by itself: "Monday". Monday is 0, and whatever is past Saturday is Sunday.
    #[must_use]
    pub fn weekday(self, day: usize) -> &'static str {
        match day {
            0 => self.monday(),
            1 => self.tuesday(),
            2 => self.wednesday(),
            3 => self.thursday(),
            4 => self.friday(),
            5 => self.saturday(),
            _ => self.sunday(),
        }
    }

    /// When a closed branch opens next. `now` and `opens` are local times.
    #[must_use]
    pub fn opens(self, opens: Option<NaiveDateTime>, now: NaiveDateTime) -> String {
        let Some(opens) = opens else { return self.opens_unknown().into() };
        let (date, clock) = (opens.date(), self.time(opens.time()));
        match date.signed_duration_since(now.date()).num_days() {
            0 => self.opens_today(clock),
            1 => self.opens_tomorrow(clock),
            2..=6 => self.opens_on(self.on_weekday(date), clock),
            _ => self.opens_on(self.on_date(self.date(date)), clock),
        }
    }

    /// A length of time: "25 min", "1 h", "1 h 05".
    #[must_use]
    pub fn length(self, minutes: u32) -> String {
        match (minutes / 60, minutes % 60) {
            (0, minutes) => self.minutes(minutes),
            (hours, 0) => self.hours(hours),
            (hours, minutes) => self.hours_minutes(hours, format_args!("{minutes:02}")),
        }
    }

    /// From and to; the unit is said once if it is the same.
    #[must_use]
    pub fn range(self, from: u32, to: u32) -> String {
        if to < 60 { self.span(to, from) } else { self.span_long(self.length(from), self.length(to)) }
    }

    /// A wait, short, in lists: "12–25 min", "up to 8 min", "a few min".
    #[must_use]
    pub fn wait_short(self, wait: Wait) -> String {
        match wait {
            Wait::Few => self.few_short().into(),
            Wait::UpTo(to) => self.up_to(self.length(to)),
            Wait::About(from, to) => self.range(from, to),
        }
    }

    /// A wait, in a sentence: "about 12–25 min", "up to 8 min", "a few minutes".
    #[must_use]
    pub fn wait(self, wait: Wait) -> String {
        match wait {
            Wait::Few => self.few().into(),
            Wait::UpTo(to) => self.up_to(self.length(to)),
            Wait::About(from, to) => self.about(self.range(from, to)),
        }
    }

    /// The sentence that comes with a new number: "You will be called in about 12–25 min." While the branch is learning it
    /// says so. A minute stays with its number.
    #[must_use]
    pub fn promise(self, wait: Wait, learning: bool) -> String {
        let promise = match wait {
            Wait::Few => self.promise_few().into(),
            Wait::UpTo(to) => self.promise_up_to(bound(&self.length(to))),
            Wait::About(from, to) => self.promise_about(bound(&self.range(from, to))),
        };
        if learning { format!("{promise} {}", self.learning()) } else { promise }
    }

    /// How many wait: "7 waiting", "nobody waiting".
    #[must_use]
    pub fn how_many_wait(self, count: impl Counted) -> String {
        if count.so_many() == 0 { self.nobody_waiting().into() } else { self.waiting(count) }
    }

    /// How many are before somebody: "7 people before you", "You are next".
    #[must_use]
    pub fn before_you(self, count: impl Counted) -> String {
        match count.so_many() {
            0 => self.you_are_next().into(),
            more => self.people_before_you(more),
        }
    }

    /// What to have ready: "Have ready: your ID"; empty if nothing.
    #[must_use]
    pub fn to_have_ready(self, things: &str) -> String {
        if things.is_empty() { String::new() } else { self.have_ready(things) }
    }

    /// Why a service gives no numbers.
    #[must_use]
    pub fn why_stopped(self, reason: &str) -> String {
        if reason.is_empty() { self.stopped().into() } else { self.stopped_because(reason) }
    }

    /// A desk's state in one word, in the board's list.
    #[must_use]
    pub fn desk_phase(self, phase: DeskPhase) -> &'static str {
        match phase {
            DeskPhase::Closed => self.desk_closed_word(),
            DeskPhase::Open => self.desk_open_word(),
            DeskPhase::Paused => self.desk_paused_word(),
        }
    }
}

/// With spaces that do not break between a number and its unit.
fn bound(text: &str) -> String {
    let mut before = ' ';
    let mut after = text.chars().skip(1);
    let bind = |c: char| {
        let next = after.next().unwrap_or(' ');
        let bound = c == ' ' && before.is_ascii_digit() && next.is_alphabetic();
        before = c;
        if bound { '\u{a0}' } else { c }
    };
    text.chars().map(bind).collect()
}
