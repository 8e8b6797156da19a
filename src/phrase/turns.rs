//! Whose language the hall's board speaks: the house's and those of who waits, in turn. The screen and the page go by this alike.

use std::collections::BTreeMap;

use super::Words;
use crate::queue::Lang;

/// How long the board speaks one language before the next, milliseconds: as long as one reads all of it.
pub const TURN_MS: u64 = 15_000;

/// The languages that take turns: the first that is spoken, then such as somebody waits in. Without any it is English alone.
#[must_use]
pub fn turns(spoken: &[Words], waiting: &BTreeMap<Lang, u32>) -> Vec<Words> {
    let Some((house, others)) = spoken.split_first() else { return vec![Words::english()] };
    let waits = |words: &&Words| waiting.get(&words.lang()).is_some_and(|count| *count > 0);
    std::iter::once(house).chain(others.iter().filter(waits)).copied().collect()
}

/// Whose turn it is at a moment of a clock that never jumps, milliseconds.
#[must_use]
pub fn turn(turns: &[Words], mono_ms: u64) -> Words {
    let at = usize::try_from(mono_ms / TURN_MS % (turns.len() as u64).max(1)).unwrap_or(0);
    turns.get(at).copied().unwrap_or_else(Words::english)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(turns: &[Words]) -> Vec<&'static str> {
        turns.iter().map(|words| words.code()).collect()
    }

    #[test]
    fn the_house_goes_first_and_only_who_waits_has_a_turn() {
        let spoken: Vec<_> = ["de", "ar", "uk"].into_iter().filter_map(Words::of).collect();
        let waiting = |all: &[(&str, u32)]| all.iter().map(|(code, count)| ((*code).into(), *count)).collect();
        assert_eq!(codes(&turns(&spoken, &waiting(&[]))), ["de"]);
        assert_eq!(codes(&turns(&spoken, &waiting(&[("uk", 2), ("ar", 0), ("de", 1), ("fr", 4)]))), ["de", "uk"]);
        assert_eq!(codes(&turns(&[], &waiting(&[("uk", 2)]))), ["en"]);
    }

    #[test]
    fn each_has_the_board_for_as_long_as_the_others() {
        let spoken: Vec<_> = ["de", "ar", "uk"].into_iter().filter_map(Words::of).collect();
        let at = |ms: u64| turn(&spoken, ms).code();
        assert_eq!([0, 14_999, 15_000, 30_000, 45_000].map(at), ["de", "de", "ar", "uk", "de"]);
        assert_eq!(turn(&[], 40_000).code(), "en");
    }
}
