//! Numbers and times as people say them, from what the public view has.

use chrono::{NaiveDateTime, NaiveTime};

use crate::phrase::{Wait, Words};
use crate::queue::{OpenRow, ServiceRow, View, WaitRow};

/// What a service's row says where its wait would stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Now {
    /// No day is open.
    Closed,
    /// The day is closing: no more numbers.
    Closing,
    /// Staff stopped it, with the reason.
    Stopped(String),
    /// Nobody who takes it is at a desk.
    NoDesk,
    /// A wait.
    Wait(Wait),
}

impl Now {
    /// What is to be said of a service. The most final reason is said.
    #[must_use]
    pub fn of(open: &OpenRow, wait: Option<&WaitRow>) -> Self {
        if !open.open {
            return Self::Closed;
        }
        if open.closing {
            return Self::Closing;
        }
        let Some(wait) = wait else { return Self::NoDesk };
        if let Some(reason) = &wait.stopped {
            return Self::Stopped(reason.clone());
        }
        wait.now.map_or(Self::NoDesk, |now| Self::Wait(Wait::of(now)))
    }

    /// Whether a number can be had.
    #[must_use]
    pub fn gives(&self) -> bool {
        matches!(self, Self::NoDesk | Self::Wait(_))
    }
}

/// When the branch opens next, in a sentence.
#[must_use]
pub fn opens(words: Words, open: &OpenRow, now: NaiveDateTime) -> String {
    let at = open.opens.as_deref().and_then(|text| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok());
    words.opens(at, now)
}

/// `14:07`, as a field for a time wants it.
#[must_use]
pub fn hour(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

/// One of the last calls, with names instead of ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Whom.
    pub number: String,
    /// Where to, by name.
    pub desk: String,
    /// The colour of its service.
    pub accent: String,
}

/// The last calls, newest first, at most `most`.
#[must_use]
pub fn calls(view: &View, most: usize) -> Vec<Call> {
    let named = view.calls.iter().take(most).map(|call| Call {
        number: call.number.to_string(),
        desk: view.desk(&call.desk).map_or_else(|| call.desk.to_string(), |desk| desk.name.clone()),
        accent: view.service(&call.service).map(accent).unwrap_or_default(),
    });
    named.collect()
}

fn accent(service: &ServiceRow) -> String {
    service.accent.clone()
}

/// The stretch of time in which a call is expected, on a bar from now on. Percent of the bar's width. `phone.js` draws by the
/// same rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Where it begins.
    pub from: u32,
    /// How wide it is.
    pub width: u32,
    /// What stands below it: percent, `text-anchor`, text.
    pub labels: Vec<(u32, &'static str, String)>,
}

impl Stretch {
    /// Draws `[from, to]` minutes from `now` on, on a bar a quarter longer than `whole` minutes (the promise, so that the
    /// stretch comes nearer as time goes by).
    #[must_use]
    pub fn of(words: Words, [from, to]: [u32; 2], whole: u32, now: NaiveTime) -> Self {
        let full = (whole.max(to).max(1) * 5).div_ceil(4);
        let left = from * 100 / full;
        let right = (to * 100 / full).max(left + 4);
        let at = |minutes: u32| words.time(now + chrono::Duration::minutes(i64::from(minutes)));
        let both = || format!("{}–{}", at(from), at(to));
        // a label is some 12 % wide, a joined one 26 %: what would run into another is left out or joined
        let labels = if left >= 16 && right - left >= 16 {
            vec![(left, "middle", at(from)), (right, "middle", at(to))]
        } else if left > 60 {
            vec![(right, "end", both())]
        } else if left >= 16 {
            vec![(left, "start", both())]
        } else {
            vec![(right.max(20), "middle", at(to))]
        };
        Self { from: left, width: right - left, labels }
    }
}
