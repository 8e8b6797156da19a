//! Times as people's programs write them.
//!
//! Read are `YYYY-MM-DD HH:MM[:SS[.fff]]`, the same with a `T`, with `Z` or an offset behind it, and `DD.MM.YYYY HH:MM[:SS]`.
//! Dates with slashes are refused: nobody can tell 03/04 from 04/03. The crate `dateparser` and its like guess; a wrong guess
//! here would be a month of wrong history.

use chrono::{DateTime, Datelike, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone};
use chrono_tz::Tz;

use super::Reason;

/// A time of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    /// Milliseconds since 1970 UTC; of the local clock counted as if it were UTC where no zone is known.
    pub(super) ms: i64,
    /// Local time ahead of that, seconds.
    pub(super) offset_s: i32,
}

/// A time, or the two that it may be where the clocks were put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    first: At,
    second: Option<At>,
}

impl Reading {
    /// The first of its times that is not before `floor`; the last if all are.
    pub(super) fn from(self, floor: i64) -> At {
        self.second.filter(|_| self.first.ms < floor).unwrap_or(self.first)
    }
}

/// Reads times of one file.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TimeReader {
    /// The zone of times that carry no offset.
    pub(super) zone: Option<Tz>,
    /// Whether the times of this file carry an offset, once one was read. Without a zone they must all be alike.
    with_offset: Option<bool>,
}

impl TimeReader {
    pub(super) fn new(zone: Option<Tz>) -> Self {
        Self { zone, with_offset: None }
    }

    /// Whether times are UTC rather than a clock's own.
    pub(super) fn in_utc(&self) -> bool {
        self.zone.is_some() || self.with_offset == Some(true)
    }

    /// Reads a time that is not empty.
    pub(super) fn read(&mut self, text: &str) -> Result<Reading, Reason> {
        if text.contains('/') {
            return Err(Reason::TimeSlashed);
        }
        let (date, rest) = text.split_once([' ', 'T', 't']).unwrap_or((text, ""));
        let date = read_date(date).ok_or(Reason::TimeUnreadable)?;
        if !(1970..2200).contains(&date.year()) {
            return Err(Reason::YearUnlikely);
        }
        if rest.trim().is_empty() {
            return Err(Reason::TimeOfDayMissing);
        }
        let (time, offset) = split_offset(rest).ok_or(Reason::TimeUnreadable)?;
        let time = read_time(time).ok_or(Reason::TimeUnreadable)?;
        let clock = date.and_time(time);
        match offset {
            Some(offset) => self.with_offset(clock, offset),
            None => self.without_offset(clock),
        }
    }

    fn with_offset(&mut self, clock: NaiveDateTime, offset: FixedOffset) -> Result<Reading, Reason> {
        let time = offset.from_local_datetime(&clock).single().ok_or(Reason::TimeUnreadable)?;
        let offset = match self.zone {
            Some(zone) => zone.offset_from_utc_datetime(&time.naive_utc()).fix(),
            None if *self.with_offset.get_or_insert(true) => offset,
            None => return Err(Reason::ZoneUnknown),
        };
        Ok(Reading { first: at(time, offset), second: None })
    }

    fn without_offset(&mut self, clock: NaiveDateTime) -> Result<Reading, Reason> {
        let Some(zone) = self.zone else {
            if *self.with_offset.get_or_insert(false) {
                return Err(Reason::ZoneUnknown);
            }
            let first = At { ms: clock.and_utc().timestamp_millis(), offset_s: 0 };
            return Ok(Reading { first, second: None });
        };
        let fixed = |time: DateTime<Tz>| at(time.fixed_offset(), time.offset().fix());
        match zone.from_local_datetime(&clock) {
            MappedLocalTime::Single(time) => Ok(Reading { first: fixed(time), second: None }),
            MappedLocalTime::Ambiguous(one, other) => {
                let (one, other) = (fixed(one), fixed(other));
                Ok(Reading { first: one.min(other), second: Some(one.max(other)) })
            }
            MappedLocalTime::None => Err(Reason::TimeInGap),
        }
    }
}

fn at(time: DateTime<FixedOffset>, offset: FixedOffset) -> At {
    At { ms: time.timestamp_millis(), offset_s: offset.local_minus_utc() }
}

fn read_date(text: &str) -> Option<NaiveDate> {
    let plain = |text: &str, separator| text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == separator);
    if plain(text, b'-') {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
    } else if plain(text, b'.') {
        NaiveDate::parse_from_str(text, "%d.%m.%Y").ok()
    } else {
        None
    }
}

fn read_time(text: &str) -> Option<NaiveTime> {
    let text = text.trim();
    NaiveTime::parse_from_str(text, "%H:%M:%S%.f").or_else(|_| NaiveTime::parse_from_str(text, "%H:%M")).ok()
}

/// A time of day and the offset behind it, if any. `None`: there is one that cannot be read.
fn split_offset(text: &str) -> Option<(&str, Option<FixedOffset>)> {
    if let Some(time) = text.strip_suffix(['Z', 'z']) {
        return Some((time, FixedOffset::east_opt(0)));
    }
    let Some(sign) = text.find(['+', '-']) else { return Some((text, None)) };
    let (time, offset) = text.split_at_checked(sign)?;
    let digits = offset.get(1..)?;
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b':') && matches!(digits.len(), 4 | 5);
    plain.then(|| offset.parse().ok()).flatten().map(|offset| (time, Some(offset)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(zone: Option<Tz>, text: &str) -> Result<i64, Reason> {
        TimeReader::new(zone).read(text).map(|reading| reading.first.ms)
    }

    #[test]
    fn the_same_moment_in_every_form() {
        for text in [
            "2020-01-02 03:04",
            "2020-01-02T03:04",
            "2020-01-02 03:04:00",
            "2020-01-02 03:04:00.000",
            "02.01.2020 03:04",
            "02.01.2020 03:04:00",
            "2020-01-02T03:04:00Z",
            "2020-01-02t03:04:00.0z",
            "2020-01-02T05:04:00+02:00",
            "2020-01-02 01:04:00-0200",
        ] {
            assert_eq!(ms(None, text), Ok(1_577_934_240_000), "{text}");
        }
        assert_eq!(ms(Some(Tz::Europe__Warsaw), "2020-01-02 04:04"), Ok(1_577_934_240_000));
        assert_eq!(ms(Some(Tz::Europe__Warsaw), "2020-01-02T03:04:00Z"), Ok(1_577_934_240_000));
    }

    #[test]
    fn what_is_no_time_is_refused_with_its_reason() {
        for (text, reason) in [
            ("01/02/2020 03:04", Reason::TimeSlashed),
            ("2020-01-02", Reason::TimeOfDayMissing),
            ("2020-01-02 ", Reason::TimeOfDayMissing),
            ("2020-02-30 03:04", Reason::TimeUnreadable),
            ("2020-1-2 03:04", Reason::TimeUnreadable),
            ("2020-01-02 24:00", Reason::TimeUnreadable),
            ("2020-01-02 03", Reason::TimeUnreadable),
            ("2020-01-02 03:04 pm", Reason::TimeUnreadable),
            ("20200102 0304", Reason::TimeUnreadable),
            ("1577934240", Reason::TimeUnreadable),
            ("yesterday", Reason::TimeUnreadable),
            ("0020-01-02 03:04", Reason::YearUnlikely),
            ("2020-01-02 03:04+99:99", Reason::TimeUnreadable),
            ("2020-01-02 03:04+é0:00", Reason::TimeUnreadable),
        ] {
            assert_eq!(ms(None, text), Err(reason), "{text}");
        }
    }

    #[test]
    fn an_hour_that_never_was_is_refused_and_one_that_was_twice_is_read_by_what_came_before() {
        let mut reader = TimeReader::new(Some(Tz::Europe__Warsaw));
        assert_eq!(reader.read("2020-03-29 02:30"), Err(Reason::TimeInGap));
        let twice = reader.read("2020-10-25 02:30").unwrap();
        let (first, second) = (twice.first, twice.second.unwrap());
        assert_eq!((second.ms - first.ms, first.offset_s, second.offset_s), (3_600_000, 7200, 3600));
        assert_eq!((twice.from(first.ms), twice.from(first.ms + 1), twice.from(i64::MAX)), (first, second, second));
    }

    #[test]
    fn times_with_and_without_an_offset_do_not_mix_unless_the_zone_is_known() {
        let mut reader = TimeReader::new(None);
        assert!(reader.read("2020-01-02T03:04:00Z").is_ok());
        assert_eq!(reader.read("2020-01-02 03:04"), Err(Reason::ZoneUnknown));
        let mut reader = TimeReader::new(Some(Tz::UTC));
        assert_eq!(reader.read("2020-01-02T03:04:00Z"), reader.read("2020-01-02 03:04"));
    }
}
