//! Sentences that scripts say in the browser, later than the page was made: the page carries them along.
//!
//! `feed.js` and `phone.js` know them by the names here and fill their places by the same rules as [`Words`].

use super::{Sentence, Words, all_sentences};

/// The name in scripts, and the method of [`Words`].
const NAMES: [(&str, &str); 27] = [
    ("clock", "clock"),
    ("few", "few"),
    ("upto", "up_to"),
    ("about", "about"),
    ("span", "span"),
    ("spanlong", "span_long"),
    ("m", "minutes"),
    ("h", "hours"),
    ("hm", "hours_minutes"),
    ("nodesk", "no_desk"),
    ("waiting0", "nobody_waits"),
    ("waiting", "people_wait"),
    ("ahead0", "you_are_next"),
    ("ahead", "people_before_you"),
    ("until", "numbers_until"),
    ("live", "live"),
    ("lost", "lost"),
    ("unsent", "unsent"),
    ("called", "called"),
    ("again", "again"),
    ("nowcalled", "now_called"),
    ("between", "between"),
    ("titleahead", "title_ahead"),
    ("ringon", "ring_on"),
    ("ringoff", "ring_me"),
    ("awake", "awake"),
    ("learning", "learning"),
];

/// Name and text of every sentence that a script may say. One that counts comes once for each kind of number, by the names
/// that browsers have for them: `waiting.one`, `waiting.other`.
#[must_use]
pub fn browser_sentences(words: Words) -> Vec<(String, &'static str)> {
    let sentence = |method: &str| all_sentences().find(|sentence| sentence.name == method);
    let known = NAMES.iter().filter_map(|(name, method)| Some((*name, sentence(method)?)));
    known.flat_map(|(name, sentence)| one(words, name, sentence)).collect()
}

fn one(words: Words, name: &str, sentence: &'static Sentence) -> Vec<(String, &'static str)> {
    let forms = words.forms(sentence);
    if sentence.many.is_none() {
        return forms.first().map(|text| (name.to_owned(), *text)).into_iter().collect();
    }
    words.kinds().into_iter().zip(forms).map(|(kind, text)| (format!("{name}.{kind}"), text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_sentence() {
        for (name, method) in NAMES {
            assert!(all_sentences().any(|sentence| sentence.name == method), "{name}: there is no {method}");
        }
    }
}
