//! What a board shows next, and why.
//!
//! The line chooses. Each text that may be shown is worth what it does for those who wait: whether it is for their service, in
//! their language, whether they will still be there when they have read it, have not seen it yet, and whether it helped others
//! (`need.rs`). Before the line come what is pinned and what is owed: an entry's least share of the board's time, a playlist's
//! share while its time is (`shares.rs`). One choice in ten is left to chance, so that what nobody was ever shown gets to prove
//! itself. Nothing comes again within a minute while there is anything else.
//!
//! A rotation draws from a seed and is told the time: the same seed and the same hall give the same day. Each choice carries
//! its reason ([`Why`]), which is the branch that was taken and what was counted there, never made up afterwards.
//!
//! Each board has a rotation of its own. What a ticket has seen is in memory and forgotten when the ticket leaves the line.

mod need;
mod shares;
#[cfg(test)]
mod tests;
mod why;

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

pub use self::need::{LONG_S, SOON_S};
use self::need::{Need, Seen};
use self::shares::Shares;
pub use self::why::Why;
use super::content::{Content, LiveEntry};
use super::entry::{EntryId, Kind, Text};
use super::reading::{reading_seconds, word_count};
use crate::queue::{Lang, ServiceId, TicketId};

/// Nothing comes again within this time while there is anything else, milliseconds.
pub const APART_MS: u64 = 60_000;
/// How many of the choices are left to chance.
const EXPLORED: f64 = 0.1;
/// The opening hours are a table: as many words as that takes to look through.
const HOURS_WORDS: usize = 20;

/// Somebody who waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Who.
    pub ticket: TicketId,
    /// For what.
    pub service: ServiceId,
    /// The language they chose; `None`: the house's.
    pub language: Option<Lang>,
    /// How long they have waited, seconds.
    pub waited_s: u32,
    /// In how many seconds they are likely to be called; `None`: it cannot be told.
    pub call_in_s: Option<u32>,
}

/// How useful an entry proved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proved {
    /// How often somebody opened it.
    pub opened: u32,
    /// How often somebody said that it answered their question.
    pub helped: u32,
}

/// All that a choice is made of.
#[derive(Clone, Copy, Debug)]
pub struct Hall<'a> {
    /// What is live.
    pub content: &'a Content,
    /// The branch's local time.
    pub local: NaiveDateTime,
    /// The board's name.
    pub screen: &'a str,
    /// The branch's first language.
    pub house: &'a Lang,
    /// Who waits.
    pub waiting: &'a [Waiting],
    /// How useful entries proved; absent: not known yet.
    pub proved: &'a BTreeMap<EntryId, Proved>,
    /// Whether no questions are answered now, to measure what answers do: pictures, pages and hours go on.
    pub answers_off: bool,
}

impl<'a> Hall<'a> {
    /// What may be shown here now.
    fn showable(&self) -> impl Iterator<Item = &'a LiveEntry> + use<'a> {
        let answers_off = self.answers_off;
        let showable = self.content.showable(self.local, self.screen);
        showable.filter(move |live| !(answers_off && live.entry.kind.is_question()))
    }
}

/// What a board shows, for how long and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Which entry.
    pub id: EntryId,
    /// Which of its versions.
    pub version: u32,
    /// What it is.
    pub kind: Kind,
    /// The language of the text, where it is known.
    pub language: Option<Lang>,
    /// What it says, the words in braces filled in.
    pub text: Text,
    /// How long it takes to read, seconds.
    pub reading_s: u32,
    /// How long it stands there, seconds: as long as it takes to read; longer where its share could not be met otherwise.
    pub seconds: u32,
    /// For whom it is: those who wait, read this language and will still wait when they have read it.
    pub exposed: Vec<TicketId>,
    /// Why it was chosen.
    pub why: Why,
}

/// What hung on a board and for how long.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// What.
    pub choice: Choice,
    /// How long it really was there, milliseconds.
    pub shown_ms: u64,
}

/// One text of an entry: a candidate.
struct Candidate<'a> {
    live: &'a LiveEntry,
    language: Option<Lang>,
    text: Text,
    reading_s: u32,
    need: Need,
}

/// When an entry was on the board.
#[derive(Clone, Debug, Default)]
struct Past {
    /// When it last left, milliseconds.
    ended_ms: u64,
    /// How often it was shown in each language.
    languages: BTreeMap<Option<Lang>, u32>,
}

/// The rotation of one board.
#[derive(Clone, Debug)]
pub struct Rotation {
    chance: Pcg64Mcg,
    playing: Option<(Choice, u64)>,
    past: BTreeMap<EntryId, Past>,
    shares: Shares,
    seen: Seen,
}

impl Rotation {
    /// A rotation that has shown nothing yet. The same seed makes the same choices in the same hall.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            chance: Pcg64Mcg::seed_from_u64(seed),
            playing: None,
            past: BTreeMap::new(),
            shares: Shares::default(),
            seen: Seen::default(),
        }
    }

    /// What hangs there now.
    #[must_use]
    pub fn playing(&self) -> Option<&Choice> {
        self.playing.as_ref().map(|(choice, _)| choice)
    }

    /// Takes down what hangs there, if anything, and says how long it did. `now_ms`: milliseconds of a clock that only goes
    /// forward.
    pub fn end(&mut self, hall: &Hall, now_ms: u64) -> Option<Shown> {
        let (choice, since) = self.playing.take()?;
        let shown_ms = now_ms.saturating_sub(since);
        self.shares.settle(hall, &choice, shown_ms);
        let past = self.past.entry(choice.id.clone()).or_default();
        past.ended_ms = now_ms;
        *past.languages.entry(choice.language.clone()).or_default() += 1;
        // taken down before it could be read, nobody has seen it
        if shown_ms >= u64::from(choice.reading_s) * 1000 {
            self.seen.note(&choice);
        }
        Some(Shown { choice, shown_ms })
    }

    /// What to show now; `None`: there is nothing to show. What hung there until now is taken down.
    pub fn next(&mut self, hall: &Hall, now_ms: u64) -> Option<Choice> {
        self.end(hall, now_ms);
        self.seen.forget_but(hall.waiting);
        self.past.retain(|id, _| hall.content.get(id).is_some());
        // drawn whether needed or not: what is drawn later does not depend on what was chosen
        let chance: [f64; 2] = self.chance.random();
        let all: Vec<&LiveEntry> = hall.showable().collect();
        let choice = self.choose(hall, &all, now_ms, chance)?;
        self.playing = Some((choice.clone(), now_ms));
        Some(choice)
    }

    /// Whether what was chosen may go on: not retired, not changed, not over, and its time and place are still right.
    #[must_use]
    pub fn still_right(choice: &Choice, hall: &Hall) -> bool {
        hall.showable().find(|live| live.id == choice.id).is_some_and(|live| {
            live.version == choice.version
                && texts(hall, live).any(|(language, text)| language == choice.language && text == choice.text)
        })
    }

    fn choose(&self, hall: &Hall, all: &[&LiveEntry], now_ms: u64, [whether, which]: [f64; 2]) -> Option<Choice> {
        let rested = |id: &EntryId| self.past.get(id).is_none_or(|past| now_ms.saturating_sub(past.ended_ms) >= APART_MS);
        let fresh: Vec<&LiveEntry> = all.iter().copied().filter(|live| rested(&live.id)).collect();
        if let Some(live) = self.longest_ago(fresh.iter().copied().filter(|live| live.entry.pin)) {
            return Some(self.show(hall, live, None, Why::Pinned));
        }
        let pool = if fresh.is_empty() { all } else { &fresh };
        if let Some((live, owed)) = self.shares.due(hall, pool) {
            return Some(self.show(hall, live, Some(owed.hold_s), owed.why));
        }
        if fresh.is_empty() {
            return self.longest_ago(all.iter().copied()).map(|live| self.show(hall, live, None, Why::NothingElse));
        }
        if whether < EXPLORED {
            let live = fresh.get((which * fresh.len() as f64) as usize)?;
            return Some(self.show(hall, live, None, Why::Explored));
        }
        if let Some(needed) = self.most_needed(hall, &fresh) {
            return Some(needed.chosen(None, Why::Line));
        }
        let why = if hall.waiting.is_empty() { Why::NobodyWaits } else { Why::AllSeen };
        self.longest_ago(fresh.iter().copied()).map(|live| self.show(hall, live, None, why))
    }

    /// When an entry last left the board, milliseconds; `None`: it was never there.
    fn ended_ms(&self, id: &EntryId) -> Option<u64> {
        self.past.get(id).map(|past| past.ended_ms)
    }

    /// What was never shown, in the manager's order, or else what has been gone for longest.
    fn longest_ago<'a>(&self, entries: impl Iterator<Item = &'a LiveEntry>) -> Option<&'a LiveEntry> {
        entries.min_by_key(|live| self.ended_ms(&live.id))
    }

    /// What does most for those who wait; `None`: nothing does anything for anyone.
    fn most_needed<'a>(&self, hall: &Hall<'a>, entries: &[&'a LiveEntry]) -> Option<Candidate<'a>> {
        let candidates = entries.iter().flat_map(|live| self.candidates(hall, live));
        let worth = candidates.filter(|candidate| candidate.need.value > 0.0);
        // of equals, the one gone for longest
        let gone = |candidate: &Candidate| std::cmp::Reverse(self.ended_ms(&candidate.live.id));
        worth.reduce(|best, next| {
            let order = next.need.value.total_cmp(&best.need.value).then_with(|| gone(&next).cmp(&gone(&best)));
            if order.is_gt() { next } else { best }
        })
    }

    /// An entry that is shown for another reason than the line, in the language that does most for those who wait, or else in
    /// the languages of those who are there in turn.
    fn show(&self, hall: &Hall, live: &LiveEntry, hold_s: Option<u32>, why: Why) -> Choice {
        let best = self.most_needed(hall, &[live]).or_else(|| {
            let turn = |candidate: &Candidate| {
                let readers =
                    hall.waiting.iter().filter(|waiting| reads(hall, waiting, live) == candidate.language.as_ref());
                let house = usize::from(live.entry.text(hall.house).1 == candidate.language.as_ref());
                let shown = self.past.get(&live.id).and_then(|past| past.languages.get(&candidate.language));
                // highest averages, as seats are shared out: each language has the board as often as it has readers
                (readers.count() + house) as f64 / f64::from(shown.copied().unwrap_or_default() + 1)
            };
            self.candidates(hall, live).reduce(|best, next| if turn(&next) > turn(&best) { next } else { best })
        });
        match best {
            Some(candidate) => candidate.chosen(hold_s, |_| why),
            // every entry has its original; this is for the compiler
            None => Candidate {
                live,
                language: None,
                text: Text::default(),
                reading_s: reading_seconds(0),
                need: Need::default(),
            }
            .chosen(hold_s, |_| why),
        }
    }

    fn candidates<'a>(&self, hall: &Hall<'a>, live: &'a LiveEntry) -> impl Iterator<Item = Candidate<'a>> {
        let hall = *hall;
        texts(&hall, live).map(move |(language, text)| {
            let reading_s = reading_s(live.entry.kind, &text);
            let need = Need::of(&hall, live, language.as_ref(), reading_s, &self.seen);
            Candidate { live, language, text, reading_s, need }
        })
    }
}

impl Candidate<'_> {
    fn chosen(self, hold_s: Option<u32>, why: impl FnOnce(need::Counted) -> Why) -> Choice {
        Choice {
            id: self.live.id.clone(),
            version: self.live.version,
            kind: self.live.entry.kind,
            language: self.language,
            text: self.text,
            reading_s: self.reading_s,
            seconds: hold_s.unwrap_or_default().max(self.reading_s),
            exposed: self.need.exposed,
            why: why(self.need.counted),
        }
    }
}

/// The language in which somebody who waits reads an entry.
fn reads<'a>(hall: &Hall, waiting: &Waiting, live: &'a LiveEntry) -> Option<&'a Lang> {
    live.entry.text(waiting.language.as_ref().unwrap_or(hall.house)).1
}

/// The texts of an entry that are up to date, the original first, filled in.
fn texts<'a>(hall: &Hall<'a>, live: &'a LiveEntry) -> impl Iterator<Item = (Option<Lang>, Text)> + use<'a> {
    let content = hall.content;
    let original = content.fill(&live.entry.original);
    let current = live.entry.translations.iter().filter(|(_, translation)| translation.stale_since.is_none());
    let others = current.map(move |(language, translation)| (Some(language.clone()), content.fill(&translation.text)));
    std::iter::once((live.entry.language.clone(), original)).chain(others)
}

/// How long a text takes to read on a board, seconds.
fn reading_s(kind: Kind, text: &Text) -> u32 {
    let words = word_count(&text.question);
    reading_seconds(match kind {
        Kind::Answers | Kind::Prepares | Kind::Routes => words + word_count(&text.short),
        Kind::Page => words + word_count(if text.full.is_empty() { &text.short } else { &text.full }),
        Kind::Picture => words,
        Kind::Hours => words + HOURS_WORDS,
    })
}
