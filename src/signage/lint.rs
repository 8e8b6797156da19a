//! What is not right with an entry before it is published, each with how it is mended. Pure: it looks at one entry and at what is
//! around it.
//!
//! A draft may have any of this. What [`Weight::Stops`] would go out wrong or unreadable, so it is not published; what only
//! [`Weight::Warns`] is the manager's to judge.

mod words;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};

use super::content::braces;
use super::entry::{Entry, Kind, Text};
use super::fill;
use super::reading::word_count;
use crate::queue::Lang;

pub use words::uncommon;

/// More words than this of a full answer are not read on a phone: two minutes.
pub const FULL_WORDS: usize = 250;
/// The capital height that a headline needs, millimetres for each metre of distance (EN 301 549 5.1.4).
pub const HEADLINE_MM: f64 = 12.0;
/// The same for the answer under it (ISO 9241-303, preferred).
pub const BODY_MM: f64 = 6.4;
/// The least contrast of text to its ground (WCAG 2.2, 1.4.3).
pub const CONTRAST: f64 = 4.5;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// It cannot be published like this.
    Stops,
    /// It should be looked at.
    Warns,
}

/// One thing that is not right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much it weighs.
    pub weight: Weight,
    /// Which part of the form it is about, by the name of its field: `question`, `short`, `de-short`…
    pub field: String,
    /// What is not right, a sentence.
    pub says: String,
    /// How it is mended, a sentence.
    pub mend: String,
}

/// The part of the board that an answer has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Room {
    /// Millimetres across.
    pub width_mm: f64,
    /// Millimetres down.
    pub height_mm: f64,
    /// From it to the farthest who must read it, metres.
    pub metres: f64,
}

impl Room {
    /// Of a board of 16 to 9, by its inches from corner to corner: half its width and four tenths of its height, about what an
    /// answer has beside the numbers. `None`: size or distance is not known.
    #[must_use]
    pub fn of_board(inches: f64, metres: f64) -> Option<Self> {
        let known = inches > 0.0 && metres > 0.0;
        let side = |part: f64| inches * 25.4 * part / 16.0_f64.hypot(9.0);
        known.then(|| Self { width_mm: side(16.0) * 0.5, height_mm: side(9.0) * 0.4, metres })
    }

    /// The height of the headline's capitals, millimetres, at which question and answer fit, up to what the distance needs: the
    /// answer is then 6.4/12 as high. A capital is 0.7 of the letters' size, a character half as wide as that, a line 1.3 as high.
    #[must_use]
    pub fn headline_mm(&self, text: &Text) -> f64 {
        let needed = HEADLINE_MM * self.metres;
        let fits = |capital: f64| {
            let block = |characters: usize, capital: f64| {
                let size = capital / 0.7;
                let a_line = (self.width_mm / (size * 0.5)).floor().max(1.0);
                (characters as f64 / a_line).ceil() * size * 1.3
            };
            let body = capital * BODY_MM / HEADLINE_MM;
            block(text.question.chars().count(), capital) + block(text.short.chars().count(), body) <= self.height_mm
        };
        let mut capital = needed;
        while capital > 1.0 && !fits(capital) {
            capital *= 0.97;
        }
        capital
    }
}

/// What is around an entry.
#[derive(Clone, Debug)]
pub struct Around<'a> {
    /// What `{name}` stands for.
    pub fields: &'a BTreeMap<String, String>,
    /// What the branch speaks, the first first.
    pub languages: &'a [Lang],
    /// Now, in the branch's local time.
    pub now: NaiveDateTime,
    /// The least shares of all other live entries together, per cent.
    pub other_shares: u32,
    /// The room on the board; `None`: its size is not known.
    pub room: Option<Room>,
    /// The store's own colour, `#rrggbb`, on which the board writes white.
    pub accent: Option<&'a str>,
}

/// Collects findings about one text.
struct Notes<'a> {
    prefix: String,
    /// How the language is named in a sentence: empty for the original.
    of: String,
    found: &'a mut Vec<Finding>,
}

impl Notes<'_> {
    fn add(&mut self, weight: Weight, field: &str, says: String, mend: impl Into<String>) {
        let field = format!("{}{field}", self.prefix);
        self.found.push(Finding { weight, field, says: format!("{}{says}", self.of), mend: mend.into() });
    }
}

/// All that is not right with an entry, what stops it first.
#[must_use]
pub fn lint(entry: &Entry, around: &Around<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut original = Notes { prefix: String::new(), of: String::new(), found: &mut found };
    text(&entry.original, entry, around, &mut original);
    look(entry, around, &mut original);
    let language = entry.language.as_ref().or(around.languages.first());
    if language.is_none_or(|language| language.as_str().starts_with("en")) {
        common(&entry.original, &mut original);
    }
    for (language, translation) in &entry.translations {
        let of = format!("In {language}: ");
        let mut notes = Notes { prefix: format!("{language}-"), of, found: &mut found };
        text(&translation.text, entry, around, &mut notes);
        if translation.stale_since.is_some() {
            let says = "the original has changed since; its readers get the original until this is looked at.".to_owned();
            notes.add(Weight::Warns, "short", says, "Put it right, or say that it still is.");
        }
    }
    missing(entry, around, &mut found);
    time(entry, around.now, &mut found);
    let shares = around.other_shares + u32::from(entry.least_share);
    if entry.least_share > 0 && shares > 100 {
        let says =
            format!("The least shares of all entries together are {shares} % of the board's time: not all can be kept.");
        note(&mut found, Weight::Warns, "least_share", says, "Lower some of them until they are at most 100 %.");
    }
    found.sort_by_key(|finding| finding.weight);
    found
}

fn note(found: &mut Vec<Finding>, weight: Weight, field: &str, says: String, mend: &str) {
    Notes { prefix: String::new(), of: String::new(), found }.add(weight, field, says, mend);
}

/// What holds of a text in any language.
fn text(text: &Text, entry: &Entry, around: &Around<'_>, notes: &mut Notes<'_>) {
    use Weight::{Stops, Warns};
    let filled = |text: &str| fill(text, around.fields).into_owned();
    let (question, short) = (word_count(&filled(&text.question)), word_count(&filled(&text.short)));
    if entry.kind.is_question() {
        if text.question.trim().is_empty() {
            notes.add(Stops, "question", "There is no question.".into(), "Write what customers ask, in their words.");
        }
        if text.short.trim().is_empty() {
            notes.add(Stops, "short", "There is no short answer.".into(), "Write the answer in at most 30 words.");
        }
    } else if entry.kind == Kind::Page && text.short.trim().is_empty() {
        notes.add(Stops, "short", "The page has no text.".into(), "Write it in at most 30 words.");
    }
    if question > Entry::QUESTION_WORDS {
        let says = format!("The question has {question} words; {} can be read from afar.", Entry::QUESTION_WORDS);
        notes.add(Stops, "question", says, format!("Take {} words out.", question - Entry::QUESTION_WORDS));
    }
    if short > Entry::SHORT_WORDS {
        let says = format!("The short answer has {short} words; the board shows {}.", Entry::SHORT_WORDS);
        let mend = format!("Take {} words out; the rest can stand in the full answer.", short - Entry::SHORT_WORDS);
        notes.add(Stops, "short", says, mend);
    }
    let full = word_count(&filled(&text.full));
    if full > FULL_WORDS {
        let says = format!("The full answer has {full} words, more than two minutes on a phone.");
        notes.add(Warns, "full", says, format!("Shorten it to {FULL_WORDS} words, the most needed first."));
    }
    if entry.image.is_some() && text.alt.trim().is_empty() {
        let says = "Nothing says what the picture shows to whoever does not see it.".into();
        notes.add(Warns, "alt", says, "Describe it in a sentence, with the words that stand in it.");
    }
    unknown_braces(text, around.fields, notes);
}

fn unknown_braces(text: &Text, fields: &BTreeMap<String, String>, notes: &mut Notes<'_>) {
    let parts = [("question", &text.question), ("short", &text.short), ("full", &text.full), ("alt", &text.alt)];
    for (field, part) in parts.into_iter().chain(text.also.iter().map(|also| ("also", also))) {
        let mut unknown: Vec<_> = braces(part).filter(|name| !fields.contains_key(*name)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        for name in unknown {
            let says = format!("{{{name}}} stands for nothing.");
            notes.add(Weight::Stops, field, says, "Set it under Words in braces, or write the words themselves.");
        }
    }
}

/// How it looks on the board.
fn look(entry: &Entry, around: &Around<'_>, notes: &mut Notes<'_>) {
    let filled = Text {
        question: fill(&entry.original.question, around.fields).into_owned(),
        short: fill(&entry.original.short, around.fields).into_owned(),
        ..Text::default()
    };
    let mend = "Shorten question or answer, or hang up a larger board.";
    if let Some(room) = around.room {
        let (needed, has) = (HEADLINE_MM * room.metres, room.headline_mm(&filled));
        if has < needed * 0.95 {
            let says = format!(
                "From {} m the question needs letters {needed:.0} mm high; so long a text has room for {has:.0} mm on your board.",
                room.metres
            );
            notes.add(Weight::Warns, "short", says, mend);
        }
    } else if filled.question.chars().count() + filled.short.chars().count() > 220 {
        let says = "So many letters are small on most boards.".into();
        let mend = "Shorten the text, or set board_inches and board_metres in the settings to have it measured.";
        notes.add(Weight::Warns, "short", says, mend);
    }
    if let Some(ratio) = around.accent.and_then(|accent| contrast(accent, "#ffffff")).filter(|ratio| *ratio < CONTRAST) {
        let says = format!("White letters on the store's colour have a contrast of {ratio:.1}; {CONTRAST} is the least.");
        notes.add(Weight::Warns, "question", says, "Choose a darker accent in the settings.");
    }
}

/// Words that not everybody knows.
fn common(text: &Text, notes: &mut Notes<'_>) {
    for (field, part) in [("question", &text.question), ("short", &text.short)] {
        let rare = uncommon(part);
        if !rare.is_empty() {
            let says = format!("Not everybody knows: {}.", rare.join(", "));
            notes.add(Weight::Warns, field, says, "Say it in plainer words, if there are any.");
        }
    }
}

fn missing(entry: &Entry, around: &Around<'_>, found: &mut Vec<Finding>) {
    if entry.kind == Kind::Hours {
        return;
    }
    let first = around.languages.first();
    let own = entry.language.as_ref().or(first);
    let missing: Vec<&str> = around
        .languages
        .iter()
        .filter(|language| Some(*language) != own && !entry.translations.contains_key(*language))
        .map(Lang::as_str)
        .collect();
    if !missing.is_empty() {
        let says = format!("It is missing in: {}. Their readers get the original.", missing.join(", "));
        note(found, Weight::Warns, "languages", says, "Write it in these languages too, below.");
    }
}

fn time(entry: &Entry, now: NaiveDateTime, found: &mut Vec<Finding>) {
    let schedule = &entry.schedule;
    if let (Some(from), Some(until)) = (schedule.from, schedule.until)
        && until <= from
    {
        let says = "It ends before it begins, so it would never be shown.".into();
        note(found, Weight::Stops, "until", says, "Set a later end, or none.");
    } else if schedule.is_over(now) {
        note(found, Weight::Stops, "until", "Its time is over.".into(), "Set a later end, or none.");
    }
    if entry.review_by.is_some_and(|day: NaiveDate| day < now.date()) {
        let says = "Somebody should have read it again by now.".into();
        note(found, Weight::Warns, "review_by", says, "Read it, put right what is not, and set the next day.");
    }
}

/// The contrast of two colours, `#rrggbb`, 1 to 21 (WCAG 2.2, "contrast ratio"). `None`: one is no colour.
#[must_use]
pub fn contrast(one: &str, other: &str) -> Option<f64> {
    let luminance = |colour: &str| {
        let digits = colour.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let channel = |at: usize| {
            let value = u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()?;
            let value = f64::from(value) / 255.0;
            Some(if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) })
        };
        Some(0.2126 * channel(0)? + 0.7152 * channel(2)? + 0.0722 * channel(4)?)
    };
    let (one, other) = (luminance(one)?, luminance(other)?);
    Some((one.max(other) + 0.05) / (one.min(other) + 0.05))
}

#[cfg(test)]
mod tests;
