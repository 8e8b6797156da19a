//! What every screen knows: the view, the connection, the hub's clock.

use std::sync::Arc;

use chrono::{NaiveDateTime, NaiveTime};

use super::hub_clock::HubClock;
use super::news::{Facts, LinkState, News};
use crate::phrase::{Wait, Words};
use crate::queue::{Moment, ServiceId, View};

/// A connection that comes back within this was not lost: a hub that starts again is not worth a page of its own.
const GRACE_MS: u64 = 3_000;

/// From this level on a notice is about harm.
const URGENT: u8 = 2;

/// What a screen has heard so far.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The last view; `None` until the first.
    pub view: Option<Arc<View>>,
    /// How the connection stands.
    pub link: LinkState,
    /// What is not in the view.
    pub facts: Facts,
    clock: HubClock,
}

impl Known {
    /// Takes in what was heard at a moment. What concerns one screen alone is left to it.
    pub fn hear(&mut self, news: &News, at: &Moment) {
        match news {
            News::Link(state) => self.link = *state,
            News::View(view) => self.view = Some(Arc::clone(view)),
            News::Facts(facts) => {
                if let Some(now) = facts.now {
                    self.clock.hear(now, at.mono_ms);
                }
                self.facts = facts.clone();
            }
            News::Answer { .. } | News::Found { .. } | News::Whole { .. } | News::Pressed { .. } | News::Wall(_) => {}
        }
    }

    /// What the branch speaks, the first first.
    #[must_use]
    pub fn languages(&self) -> Vec<Words> {
        let known: Vec<Words> = self.facts.languages.iter().filter_map(|code| Words::of(code)).collect();
        if known.is_empty() { vec![Words::english()] } else { known }
    }

    /// What it speaks to whoever chose nothing.
    #[must_use]
    pub fn house(&self) -> Words {
        self.languages().first().copied().unwrap_or_else(Words::english)
    }

    /// The branch's local time.
    #[must_use]
    pub fn local(&self, at: &Moment) -> NaiveDateTime {
        self.clock.local(at)
    }

    /// Since when the connection is lost, in the branch's time, once that is worth saying.
    #[must_use]
    pub fn lost_since(&self, words: Words, at: &Moment) -> Option<String> {
        let LinkState::Lost { since_mono_ms } = self.link else { return None };
        let ago = at.mono_ms.saturating_sub(since_mono_ms);
        (ago >= GRACE_MS).then(|| {
            // the stopwatch is right; how fast a demo's clock ran meanwhile is nobody's concern
            let since = Moment { mono_ms: since_mono_ms, wall_ms: at.wall_ms.saturating_sub_unsigned(ago), ..*at };
            words.time(self.clock.local(&since).time())
        })
    }

    /// When the branch closes, if that is at most so many minutes ahead.
    #[must_use]
    pub fn closes_within<'a>(&self, view: &'a View, at: &Moment, minutes: i64) -> Option<&'a str> {
        let until = view.open.until.as_deref().filter(|_| view.open.open && !view.open.closing)?;
        let closes = NaiveTime::parse_from_str(until, "%H:%M").ok()?;
        let ahead = closes.signed_duration_since(self.local(at).time()).num_minutes();
        (0..=minutes).contains(&ahead).then_some(until)
    }

    /// What concerns everyone now and how loud it is: the notices and `own`, what the screen has to say itself, in turn, each
    /// for as long as it takes to read. While people may come to harm, nothing but that.
    #[must_use]
    pub fn notice(&self, words: Words, view: &View, own: String, at: &Moment) -> (String, u8) {
        let public = view.notices.iter().filter(|row| row.service.is_none());
        let said = |row: &crate::queue::NoticeRow| {
            let text = row.translations.get(&words.lang()).unwrap_or(&row.text);
            (text.clone(), row.level)
        };
        let mut all: Vec<(String, u8)> = public.map(said).collect();
        if all.iter().any(|(_, level)| *level >= URGENT) {
            all.retain(|(_, level)| *level >= URGENT);
        } else if !own.is_empty() {
            all.push((own, 1));
        }
        let seconds = |text: &str| super::cards::reading_s(text.split_whitespace().count());
        let round: u64 = all.iter().map(|(text, _)| seconds(text)).sum();
        let mut second = (at.mono_ms / 1000).checked_rem(round).unwrap_or_default();
        for (text, level) in all {
            match second.checked_sub(seconds(&text)) {
                None => return (text, level),
                Some(rest) => second = rest,
            }
        }
        (String::new(), 0)
    }

    /// Headline and sentence while nothing, or no more, can be had; `None`: the branch is open and gives numbers.
    #[must_use]
    pub fn not_open(&self, words: Words, view: &View, at: &Moment) -> Option<(String, String)> {
        let opens = view.open.opens.as_deref();
        let opens = opens.and_then(|text| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok());
        if !view.open.open {
            return Some((words.closed().into(), words.opens(opens, self.local(at))));
        }
        view.open.closing.then(|| (words.closing().into(), words.closing_more().into()))
    }
}

/// Until when the branch is open, for a header; empty where nothing is to be said.
pub(super) fn opening(words: Words, view: &View) -> String {
    match &view.open.until {
        Some(until) if view.open.open && !view.open.closing => words.open_until(words.time_of(until)),
        _ => String::new(),
    }
}

/// What stands where a service's wait stands.
pub(super) fn wait_text(words: Words, view: &View, service: &ServiceId) -> String {
    let now = view.waits.get(service).and_then(|row| row.now);
    now.map_or_else(|| words.no_desk().into(), |range| words.wait_short(Wait::of(range)))
}

/// The colour of a service.
pub(super) fn accent_of(view: &View, service: &ServiceId) -> nowserving_ui::slint::Color {
    nowserving_ui::accent(view.service(service).map_or("", |row| &row.accent))
}
