//! Common words of English, so that others can be told. The list is our own (`common_words.txt`, some 1,500), written for desks of
//! stores: no licence but this program's.

use std::collections::HashSet;
use std::sync::LazyLock;

static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("../common_words.txt").split_whitespace().collect());

/// Endings that do not make a word harder, and what stood in their place.
const ENDINGS: [(&str, &str); 16] = [
    ("ies", "y"),
    ("ied", "y"),
    ("ier", "y"),
    ("es", ""),
    ("es", "e"),
    ("s", ""),
    ("ed", ""),
    ("ed", "e"),
    ("ing", ""),
    ("ing", "e"),
    ("er", ""),
    ("er", "e"),
    ("est", ""),
    ("ly", ""),
    ("ness", ""),
    ("al", ""),
];

fn is_common(word: &str) -> bool {
    let known = |word: &str| COMMON.contains(word);
    known(word)
        || ENDINGS.iter().any(|(ending, stem)| {
            let Some(head) = word.strip_suffix(ending).filter(|head| head.len() > 1) else { return false };
            // "running", "stopped": the last letter is there twice
            let mut letters = head.chars().rev();
            let twice = stem.is_empty() && letters.next() == letters.next();
            known(&format!("{head}{stem}")) || (twice && head.get(..head.len() - 1).is_some_and(known))
        })
}

/// The words of an English text that are not among the common ones, in their order, each once. Names (a capital within a
/// sentence), numbers and what stands in braces are not counted.
#[must_use]
pub fn uncommon(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let (mut begins, mut braces) = (true, 0_u32);
    for run in text.split_whitespace() {
        for word in run.split(|c: char| matches!(c, '-' | '/' | '–' | '—')) {
            braces += u32::from(word.contains('{'));
            let inside = braces > 0;
            braces = braces.saturating_sub(u32::from(word.contains('}')));
            let plain = word.replace('’', "'");
            let plain = plain.split('\'').next().unwrap_or_default();
            let bare = plain.trim_matches(|c: char| !c.is_alphanumeric());
            let named = bare.starts_with(char::is_uppercase) && !begins;
            let counted = bare.chars().count() > 2 && bare.chars().all(char::is_alphabetic) && !named && !inside;
            let lower = bare.to_lowercase();
            if counted && !is_common(&lower) && !found.contains(&lower) {
                found.push(lower);
            }
            begins = word.ends_with(['.', '?', '!', ':']);
        }
    }
    found
}
