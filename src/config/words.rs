//! Values as people write them: `"10 min"`, `"09:00-18:00"`, `"1-999"`.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Deserializer, de};

use crate::queue::Span;

/// The error of a value that is not what it should be.
pub(super) fn expecting<E: de::Error>(what: &str) -> E {
    E::custom(format_args!("expected {what}"))
}

/// A value that is written as a text.
pub(super) trait Word: Sized {
    /// What is expected, with an example.
    const EXPECTED: &'static str;

    fn read(text: &str) -> Option<Self>;
}

/// Reads a [`Word`].
struct WordVisitor<T>(PhantomData<T>);

impl<T: Word> de::Visitor<'_> for WordVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        T::read(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

macro_rules! word {
    ($name:ident) => {
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(WordVisitor(PhantomData))
            }
        }
    };
}

/// A length of time in milliseconds: `"10 min"`, `"1 h 30 min"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Length(pub(super) u64);

impl Word for Length {
    const EXPECTED: &'static str = "a length of time with its unit, such as \"30 s\", \"10 min\" or \"2 h\"";

    fn read(text: &str) -> Option<Self> {
        let length = humantime::parse_duration(text).ok()?;
        u64::try_from(length.as_millis()).ok().filter(|ms| *ms <= 366 * 86_400_000).map(Self)
    }
}
word!(Length);

/// A time of day: `"04:00"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TimeOfDay(pub(super) NaiveTime);

impl Word for TimeOfDay {
    const EXPECTED: &'static str = "a time of day from \"00:00\" to \"23:59\"";

    fn read(text: &str) -> Option<Self> {
        NaiveTime::parse_from_str(text.trim(), "%H:%M").ok().map(Self)
    }
}
word!(TimeOfDay);

/// A date: `"2026-12-24"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Date(pub(super) NaiveDate);

impl Word for Date {
    const EXPECTED: &'static str = "a date such as \"2026-12-24\"";

    fn read(text: &str) -> Option<Self> {
        NaiveDate::from_str(text).ok().map(Self)
    }
}
word!(Date);

/// The numbers of a service: `"1-999"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbers {
    pub(super) first: u32,
    pub(super) last: u32,
}

impl Word for Numbers {
    const EXPECTED: &'static str = "the first and the last number, such as \"1-999\"";

    fn read(text: &str) -> Option<Self> {
        let (first, last) = text.split_once(['-', '–'])?;
        Some(Self { first: first.trim().parse().ok()?, last: last.trim().parse().ok()? })
    }
}
word!(Numbers);

/// The hours of one day: `"09:00-18:00"`, `["09:00-12:30", "13:30-18:00"]` or `"closed"`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct DayHours(pub(super) Vec<Span>);

fn span(text: &str) -> Option<Span> {
    let (open, close) = text.split_once(['-', '–'])?;
    Some(Span { open: TimeOfDay::read(open)?.0, close: TimeOfDay::read(close)?.0 })
}

/// A stretch of the day that may run over midnight: `"20:00-08:00"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stretch(pub(super) Span);

impl Word for Stretch {
    const EXPECTED: &'static str = "from when to when, such as \"20:00-08:00\"";

    fn read(text: &str) -> Option<Self> {
        span(text).map(Self)
    }
}
word!(Stretch);

struct DayVisitor;

impl<'de> de::Visitor<'de> for DayVisitor {
    type Value = DayHours;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"09:00-18:00\", a list such as [\"09:00-12:30\", \"13:30-18:00\"], or \"closed\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<DayHours, E> {
        if text.trim() == "closed" {
            return Ok(DayHours::default());
        }
        let span = span(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))?;
        Ok(DayHours(vec![span]))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<DayHours, A::Error> {
        let mut spans = Vec::new();
        while let Some(text) = list.next_element::<String>()? {
            let span = span(&text).ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(&text), &self))?;
            spans.push(span);
        }
        Ok(DayHours(spans))
    }
}

impl<'de> Deserialize<'de> for DayHours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DayVisitor)
    }
}
