//! How many desks are to be open when, as a manager types it: `2`, `2 + 1 11:00-14:00`, `lunch = 2 09:00-18:00 + 1 11-14`.
//!
//! Terms add up. A term without times lasts as long as the branch is open. A name may stand before an equals sign.

use std::fmt;

use super::history::{HOUR, MINUTE, Ms, OpenSpan};
use crate::queue::DeskId;

/// No branch has more desks.
const MOST: u32 = 99;
/// No day has more terms.
const TERMS: usize = 24;

/// So many desks, from when until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Term {
    count: u32,
    /// `None`: as long as the branch is open.
    times: Option<(Ms, Ms)>,
}

/// How many desks are open when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    name: Option<String>,
    terms: Vec<Term>,
}

/// A schedule could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the schedule \"{text}\", character {at}: {why}. Write it like this: 2 + 1 11:00-14:00")]
pub struct BadSchedule {
    /// What was typed.
    pub text: String,
    /// Where it is wrong, counted from 1.
    pub at: usize,
    /// What is wrong there, and the mend.
    pub why: String,
}

impl Schedule {
    /// So many desks all day.
    #[must_use]
    pub fn constant(count: u32) -> Self {
        Self { name: None, terms: vec![Term { count, times: None }] }
    }

    /// This schedule with one desk more between two times of the day.
    #[must_use]
    pub fn and_one(&self, from: Ms, to: Ms) -> Self {
        let mut terms = self.terms.clone();
        terms.push(Term { count: 1, times: Some((from, to)) });
        Self { name: None, terms }
    }

    /// Reads a schedule.
    ///
    /// # Errors
    /// A [`BadSchedule`] that points at the place.
    pub fn parse(text: &str) -> Result<Self, BadSchedule> {
        let (name, from) = match text.split_once('=') {
            Some((name, _)) => (Some(name.trim().to_owned()), name.len() + 1),
            None => (None, 0),
        };
        let bad = |at: usize, why: &str| BadSchedule {
            text: text.to_owned(),
            at: text.get(..at).map_or(at, |before| before.chars().count()) + 1,
            why: why.to_owned(),
        };
        if let Some(name) = &name
            && !(1..=24).contains(&name.chars().count())
        {
            return Err(bad(0, "a name has 1 to 24 characters"));
        }
        let mut terms = Vec::new();
        let mut at = from;
        for part in text.get(from..).unwrap_or_default().split('+') {
            let lead = part.len() - part.trim_start().len();
            if terms.len() == TERMS {
                return Err(bad(at + lead, &format!("at most {TERMS} terms make a schedule")));
            }
            terms.push(term(part.trim()).map_err(|(offset, why)| bad(at + lead + offset, &why))?);
            at += part.len() + 1;
        }
        Ok(Self { name, terms })
    }

    /// The most desks at once that this asks for, if every term overlapped.
    #[must_use]
    pub fn most(&self) -> u32 {
        self.terms.iter().map(|term| term.count).sum()
    }

    /// When each desk calls on a day with these openings. Desks are taken in the order of `desks`, and closed in the opposite.
    #[must_use]
    pub fn spans(&self, openings: &[(Ms, Ms)], desks: &[DeskId]) -> Vec<OpenSpan> {
        let of_term = |term: &Term| -> Vec<(Ms, Ms, u32)> {
            let times = term.times.map_or_else(|| openings.to_vec(), |times| vec![times]);
            times.into_iter().map(|(from, to)| (from, to, term.count)).collect()
        };
        let pieces: Vec<_> = self.terms.iter().flat_map(of_term).collect();
        let mut edges: Vec<Ms> = pieces.iter().flat_map(|(from, to, _)| [*from, *to]).collect();
        edges.sort_unstable();
        edges.dedup();
        let mut spans: Vec<OpenSpan> = Vec::new();
        for pair in edges.windows(2) {
            let [from, to] = *pair else { continue };
            let count: u32 = pieces.iter().filter(|(begin, end, _)| *begin <= from && to <= *end).map(|piece| piece.2).sum();
            for desk in desks.iter().take(count as usize) {
                match spans.iter_mut().find(|span| span.desk == *desk && span.to == from) {
                    Some(span) => span.to = to,
                    None => spans.push(OpenSpan { desk: desk.clone(), from, to }),
                }
            }
        }
        spans
    }
}

type Wrong = (usize, String);

fn term(text: &str) -> Result<Term, Wrong> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, rest) = text.split_at(digits);
    let count = number.parse::<u32>().ok().filter(|count| (1..=MOST).contains(count));
    let count = count.ok_or_else(|| (0, format!("a number of desks from 1 to {MOST} is needed here")))?;
    let times = rest.trim_start();
    if times.is_empty() {
        return Ok(Term { count, times: None });
    }
    let at = digits + (rest.len() - times.len());
    if at == digits {
        return Err((at, "a space is needed between the number of desks and the time".into()));
    }
    let (from, to) = times
        .split_once(['-', '–'])
        .ok_or_else(|| (at, "from and to are needed, with a hyphen between them, or no time at all".into()))?;
    let to_at = at + times.len() - to.len();
    let begin = time(from.trim()).ok_or_else(|| (at, unread(from)))?;
    let end = time(to.trim()).ok_or_else(|| (to_at, unread(to)))?;
    if end <= begin {
        return Err((to_at, "the end must be later than the beginning".into()));
    }
    Ok(Term { count, times: Some((begin, end)) })
}

fn unread(text: &str) -> String {
    format!("\"{}\" is no time of day; 11 and 11:30 are", text.trim())
}

/// A time of day: `11` or `11:30`, up to `24:00`.
fn time(text: &str) -> Option<Ms> {
    let (hours, minutes) = text.split_once(':').unwrap_or((text, "00"));
    let plain = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if !plain(hours) || minutes.len() != 2 || !plain(minutes) {
        return None;
    }
    let (hours, minutes): (Ms, Ms) = (hours.parse().ok()?, minutes.parse().ok()?);
    (minutes < 60 && hours * 60 + minutes <= 24 * 60).then_some(hours * HOUR + minutes * MINUTE)
}

/// A time of day as people write it: `11:00`.
pub(super) fn clock(ms: Ms) -> String {
    format!("{:02}:{:02}", ms / HOUR, ms / MINUTE % 60)
}

/// What a schedule is called: its name, or itself.
impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            return f.write_str(name);
        }
        if let [Term { count, times: None }] = self.terms[..] {
            return if count == 1 { f.write_str("1 desk") } else { write!(f, "{count} desks") };
        }
        for (n, term) in self.terms.iter().enumerate() {
            let plus = if n > 0 { " + " } else { "" };
            write!(f, "{plus}{}", term.count)?;
            if let Some((from, to)) = term.times {
                write!(f, " {}-{}", clock(from), clock(to))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(text: &str) -> Vec<(String, String)> {
        let desks: Vec<DeskId> = ["1", "2", "3"].map(DeskId::from).to_vec();
        let openings = [(9 * HOUR, 12 * HOUR), (13 * HOUR, 18 * HOUR)];
        let spans = Schedule::parse(text).unwrap().spans(&openings, &desks);
        spans.iter().map(|s| (s.desk.to_string(), format!("{}-{}", clock(s.from), clock(s.to)))).collect()
    }

    #[test]
    fn terms_add_up_and_desks_close_in_reverse() {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(spans("1"), [pair("1", "09:00-12:00"), pair("1", "13:00-18:00")]);
        assert_eq!(spans("1 09:00-18:00 + 1 11-14"), [pair("1", "09:00-18:00"), pair("2", "11:00-14:00")]);
        assert_eq!(spans("lunch = 1 9-11 + 2 11-14:30")[0], pair("1", "09:00-14:30"));
        // more desks than there are: those that are there
        assert_eq!(spans("9 9-10").len(), 3);
    }

    #[test]
    fn what_is_wrong_is_pointed_at() {
        for (text, at, why) in [
            ("", 1, "a number of desks"),
            ("0", 1, "from 1 to 99"),
            ("2 +", 4, "a number of desks"),
            ("two", 1, "a number of desks"),
            ("2 + 1 11:00", 7, "from and to"),
            ("2 + 1 11:00-10:00", 13, "later than"),
            ("2 + 1 11:60-14", 7, "\"11:60\" is no time of day"),
            ("2 + 1 11-25", 10, "\"25\" is no time of day"),
            ("2x 11-14", 2, "a space"),
            ("é = 2 + x", 9, "a number of desks"),
            (" = 2", 1, "a name"),
        ] {
            let bad = Schedule::parse(text).unwrap_err();
            assert!(bad.at == at && bad.why.contains(why), "{text}: {bad:?}");
        }
    }

    #[test]
    fn a_schedule_is_called_what_was_typed() {
        for (text, called) in [
            ("3", "3 desks"),
            ("1", "1 desk"),
            (" 2  9-18+1 11:00–14:00", "2 09:00-18:00 + 1 11:00-14:00"),
            ("lunch = 2 + 1 11-14", "lunch"),
        ] {
            assert_eq!(Schedule::parse(text).unwrap().to_string(), called);
        }
        assert_eq!(Schedule::constant(2).and_one(11 * HOUR, 14 * HOUR).to_string(), "2 + 1 11:00-14:00");
    }
}
