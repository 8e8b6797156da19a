//! What is said, in every language: few words, made for the ear. They are the catalogue's (`phrase/voice.rs`).
//!
//! A number is a letter and then a number, "R 42", never "R 0 4 2" nor a word. How that is brought to an engine is in
//! [`Script`]: plain text for any engine, SSML for espeak-ng, which then names a letter where it would read "A" as an article or
//! "Z" as a preposition. espeak-ng's Hebrew voice reads neither numbers nor words without vowel signs; there the whole sentence is
//! given in its phonemes.

use super::hebrew;
use crate::phrase::Words;

/// A language that can be spoken.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(&'static Entry);

impl std::fmt::Debug for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.code)
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Entry {
    code: &'static str,
    /// espeak-ng's voice.
    voice: &'static str,
    /// What is said, in espeak-ng's phonemes, where it cannot read the text.
    phonemes: Option<Sentences>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Sentences {
    /// A call, its first half.
    number: &'static str,
    /// A call, its second half: a desk with a number.
    to_desk: &'static str,
    /// The same: a place with a name of its own.
    to_place: &'static str,
    /// Over a new number.
    yours: &'static str,
    /// A new number that did not come on paper.
    remember: &'static str,
    /// The wait: at most a few minutes.
    few: &'static str,
    /// The wait: minutes.
    up_to: &'static str,
    /// The wait: minutes, from and to.
    about: &'static str,
    /// The number now served, before its desk.
    serving: &'static str,
    /// Its desk.
    at_desk: &'static str,
    /// Nobody was called yet.
    nobody: &'static str,
    /// The number that was given last.
    last: &'static str,
}

/// What is put into a sentence's places.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fill {
    /// Letters and digits that are read one after the other: `R042`.
    Number(String),
    /// A name as it is written.
    Name(String),
    /// A count.
    Count(u32),
}

/// One sentence that can be spoken by itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Phrase {
    /// "Number R 42."
    Number(String),
    /// "Please go to desk 3.", by the desk's short name and its name.
    Desk(String, String),
    /// "Your number is R 42."
    Yours(String),
    /// "There is no paper. Please remember your number: R 42."
    Remember(String),
    /// "You will be called in 12 to 25 minutes."
    Wait(u32, u32),
    /// "Now serving: R 42."
    Serving(String),
    /// "Desk 3.", by the desk's short name and its name.
    At(String, String),
    /// "Nobody has been called yet."
    Nobody,
    /// "The last number given here is R 42."
    Last(String),
    /// A notice, in the branch's own words.
    Notice(String),
}

/// A phrase as an engine gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// For any engine.
    pub text: String,
    /// For espeak-ng, as SSML.
    pub ssml: String,
}

impl Language {
    /// Every language that can be spoken.
    pub fn all() -> impl Iterator<Item = Self> {
        ENTRIES.iter().map(Self)
    }

    /// The language of a code: `de`, also of `de-AT`.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        let base = code.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        Self::all().find(|language| language.0.code == base)
    }

    /// Its code: `de`.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code
    }

    /// espeak-ng's voice for it.
    #[must_use]
    pub fn voice(self) -> &'static str {
        self.0.voice
    }

    /// What is said in it, from the catalogue of every surface.
    fn text(self) -> Sentences {
        let base = |code: &str| code.split('-').next() == Some(self.0.code);
        let words = Words::all().find(|words| base(words.code())).unwrap_or_default();
        Sentences {
            number: words.unfilled("voice_number"),
            to_desk: words.unfilled("voice_to_desk"),
            to_place: words.unfilled("voice_to_place"),
            yours: words.unfilled("voice_yours"),
            remember: words.unfilled("voice_remember"),
            few: words.unfilled("voice_few"),
            up_to: words.unfilled("voice_up_to"),
            about: words.unfilled("voice_about"),
            serving: words.unfilled("voice_serving"),
            at_desk: words.unfilled("voice_at_desk"),
            nobody: words.unfilled("voice_nobody"),
            last: words.unfilled("voice_last"),
        }
    }

    /// A phrase in it.
    #[must_use]
    pub fn script(self, phrase: &Phrase) -> Script {
        let fills = fills(phrase);
        let said = self.text();
        let text = fill(phrase.of(&said), &fills, |fill| match fill {
            Fill::Number(number) => spaced(number),
            Fill::Name(name) => name.clone(),
            Fill::Count(count) => count.to_string(),
        });
        let ssml = match &self.0.phonemes {
            Some(phonemes) => hebrew_ssml(phrase.of(phonemes), &fills),
            None => fill(&escaped(phrase.of(&said)), &fills, |fill| match fill {
                Fill::Number(number) => spelled(number, ToString::to_string),
                Fill::Name(name) => escaped(name),
                Fill::Count(count) => count.to_string(),
            }),
        };
        Script { text, ssml }
    }
}

impl Phrase {
    /// Its sentence, with places in braces.
    fn of(&self, sentences: &Sentences) -> &'static str {
        match self {
            Self::Number(_) => sentences.number,
            Self::Desk(id, name) if desk_number(id, name) => sentences.to_desk,
            Self::Desk(..) => sentences.to_place,
            Self::Yours(_) => sentences.yours,
            Self::Remember(_) => sentences.remember,
            Self::Wait(_, to) if *to <= crate::queue::FEW_MIN => sentences.few,
            Self::Wait(0, _) => sentences.up_to,
            Self::Wait(..) => sentences.about,
            Self::Serving(_) => sentences.serving,
            Self::At(id, name) if desk_number(id, name) => sentences.at_desk,
            Self::At(..) => "{desk}.",
            Self::Nobody => sentences.nobody,
            Self::Last(_) => sentences.last,
            Self::Notice(_) => "{notice}",
        }
    }
}

fn fills(phrase: &Phrase) -> Vec<(&'static str, Fill)> {
    match phrase {
        Phrase::Number(number)
        | Phrase::Yours(number)
        | Phrase::Remember(number)
        | Phrase::Serving(number)
        | Phrase::Last(number) => {
            vec![("{number}", Fill::Number(number.clone()))]
        }
        Phrase::Desk(id, name) | Phrase::At(id, name) if desk_number(id, name) => vec![("{desk}", Fill::Number(id.clone()))],
        Phrase::Desk(_, name) | Phrase::At(_, name) => vec![("{desk}", Fill::Name(name.clone()))],
        Phrase::Wait(from, to) => vec![("{from}", Fill::Count(*from)), ("{to}", Fill::Count(*to))],
        Phrase::Notice(text) => vec![("{notice}", Fill::Name(text.clone()))],
        Phrase::Nobody => Vec::new(),
    }
}

/// Whether a desk goes by its number ("Desk 3", "Schalter 3"), which each language then says in its own way, and not by a name
/// of its own ("Workshop").
fn desk_number(id: &str, name: &str) -> bool {
    let letters = id.bytes().take_while(u8::is_ascii_alphabetic).count();
    let numbered = letters <= 1 && id[letters..].parse::<u32>().is_ok();
    numbered && Words::all().any(|words| name.strip_prefix(words.voice_desk()).is_some_and(|rest| rest.trim() == id))
}

fn fill(sentence: &str, fills: &[(&'static str, Fill)], said: impl Fn(&Fill) -> String) -> String {
    fills.iter().fold(sentence.to_owned(), |text, (place, with)| text.replace(place, &said(with)))
}

/// Letters and value: `R042` is `R` and 42.
fn parts(number: &str) -> (&str, Option<u32>) {
    let digits = number.bytes().position(|byte| byte.is_ascii_digit()).unwrap_or(number.len());
    let (letters, digits) = number.split_at(digits);
    (letters, digits.parse().ok())
}

/// `R042` as text: "R 42".
fn spaced(number: &str) -> String {
    let (letters, value) = parts(number);
    let letters = letters.chars().map(String::from);
    let all: Vec<String> = letters.chain(value.map(|value| value.to_string())).collect();
    if all.is_empty() { number.to_owned() } else { all.join(" ") }
}

/// `R042` as SSML: the letters by their names, the number in words.
fn spelled(number: &str, value_said: impl Fn(&u32) -> String) -> String {
    let (letters, value) = parts(number);
    let letters = letters
        .chars()
        .map(|letter| format!("<say-as interpret-as=\"characters\">{}</say-as>", escaped(&letter.to_string())));
    let all: Vec<String> = letters.chain(value.as_ref().map(value_said)).collect();
    if all.is_empty() { escaped(number) } else { all.join(" ") }
}

/// A sentence of phonemes as espeak-ng reads it: in double brackets, but for what is no phonemes.
fn hebrew_ssml(sentence: &str, fills: &[(&'static str, Fill)]) -> String {
    let said = fill(sentence, fills, |fill| match fill {
        Fill::Number(number) => format!("]] {} [[", spelled(number, |value| format!("[[{}]]", hebrew::number(*value)))),
        Fill::Name(name) => format!("]] {} [[", escaped(name)),
        Fill::Count(count) => hebrew::number(*count),
    });
    format!("[[{said}]]").replace("[[]]", "").replace("[[.]]", ".").replace("[[ ]]", " ").trim().to_owned()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

static ENTRIES: [Entry; 12] = [
    Entry { code: "en", voice: "en-us", phonemes: None },
    Entry { code: "de", voice: "de", phonemes: None },
    Entry { code: "es", voice: "es", phonemes: None },
    Entry { code: "fr", voice: "fr-fr", phonemes: None },
    Entry { code: "pl", voice: "pl", phonemes: None },
    Entry { code: "tr", voice: "tr", phonemes: None },
    Entry { code: "ar", voice: "ar", phonemes: None },
    Entry {
        code: "he",
        voice: "he",
        phonemes: Some(Sentences {
            number: "misp'aQ\" {number}",
            to_desk: "na? lag'eSet ledelp'ek {desk}",
            to_place: "na? lag'eSet ?'el {desk}",
            yours: "hamisp'aQ\" SelX'a hu {number}",
            remember: "?'ejn nij'aQ\" _: na? lizk'oQ\" ?'et hamisp'aQ\" {number}",
            few: "jikQ\"e?'u leX'a be?'od k'ama dak'ot",
            up_to: "jikQ\"e?'u leX'a bet'oX {to} dak'ot",
            about: "jikQ\"e?'u leX'a be?'od {from} ?'ad {to} dak'ot",
            serving: "?aXS'av metup'al {number}",
            at_desk: "delp'ek {desk}",
            nobody: "?ad'ajin lo nikQ\"'a ?'af ?eX'ad",
            last: "hamisp'aQ\" ha?aXaQ\"'on Senit'an k'an hu {number}",
        }),
    },
    Entry { code: "hi", voice: "hi", phonemes: None },
    Entry { code: "zh", voice: "cmn-latn-pinyin", phonemes: None },
    Entry { code: "uk", voice: "uk", phonemes: None },
    Entry { code: "vi", voice: "vi", phonemes: None },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases() -> Vec<Phrase> {
        let number = || "R042".to_owned();
        vec![
            Phrase::Number(number()),
            Phrase::Desk("3".into(), "Desk 3".into()),
            Phrase::Desk("4".into(), "Workshop & <tools>".into()),
            Phrase::Yours(number()),
            Phrase::Remember(number()),
            Phrase::Wait(0, 5),
            Phrase::Wait(0, 10),
            Phrase::Wait(12, 25),
            Phrase::Serving(number()),
            Phrase::At("3".into(), "Desk 3".into()),
            Phrase::Nobody,
            Phrase::Last(number()),
        ]
    }

    #[test]
    fn a_number_is_a_letter_and_then_a_number() {
        let english = Language::of("en-GB").unwrap();
        let script = english.script(&Phrase::Number("A042".into()));
        assert_eq!(script.text, "Number A 42.");
        assert_eq!(script.ssml, "Number <say-as interpret-as=\"characters\">A</say-as> 42.");
        assert_eq!(english.script(&Phrase::Yours("RB007".into())).text, "Your number is R B 7.");
        let hebrew = Language::of("he").unwrap().script(&Phrase::Number("R42".into()));
        assert_eq!(hebrew.text, "מספר R 42.");
        assert_eq!(hebrew.ssml, "[[misp'aQ\" ]] <say-as interpret-as=\"characters\">R</say-as> [[?aQ\"ba?'im u St'ajim]]");
    }

    #[test]
    fn a_desk_goes_by_its_number_in_each_language_or_by_its_own_name() {
        let said = |code: &str, id: &str, name: &str| {
            Language::of(code).unwrap().script(&Phrase::Desk(id.into(), name.into())).text
        };
        assert_eq!(said("en", "3", "Desk 3"), "Please go to desk 3.");
        assert_eq!(said("en", "3", "Schalter 3"), "Please go to desk 3.");
        assert_eq!(said("de", "3", "Desk 3"), "Bitte zu Schalter 3.");
        assert_eq!(said("en", "B2", "Desk B2"), "Please go to desk B 2.");
        assert_eq!(said("en", "3", "Workshop"), "Please go to Workshop.");
        assert_eq!(said("en", "north", "Desk north"), "Please go to Desk north.");
        assert_eq!(said("en", "3", "Desk 30"), "Please go to Desk 30.");
    }

    #[test]
    fn every_sentence_of_every_language_has_its_places_filled_and_is_no_other() {
        assert_eq!(Language::all().count(), 12);
        for language in Language::all() {
            let mut seen = std::collections::BTreeSet::new();
            for phrase in phrases() {
                let Script { text, ssml } = language.script(&phrase);
                for said in [&text, &ssml] {
                    assert!(!said.contains(['{', '}']) && said.len() > 5, "{language:?} {phrase:?}: {said}");
                }
                let has_number = matches!(
                    phrase,
                    Phrase::Number(_) | Phrase::Yours(_) | Phrase::Remember(_) | Phrase::Serving(_) | Phrase::Last(_)
                );
                assert_eq!(text.contains("R 42"), has_number, "{language:?}: {text}");
                assert!(!ssml.contains("& ") && !ssml.contains("<tools"), "{ssml}");
                assert_eq!(ssml.matches("[[").count(), ssml.matches("]]").count(), "{ssml}");
                assert!(seen.insert(text), "{language:?} says two things alike");
            }
        }
    }

    #[test]
    fn a_wait_is_said_with_its_minutes() {
        let said = |from, to| Language::of("en").unwrap().script(&Phrase::Wait(from, to)).text;
        assert_eq!(said(0, 5), "You will be called in a few minutes.");
        assert_eq!(said(0, 8), "You will be called within 8 minutes.");
        assert_eq!(said(12, 25), "You will be called in 12 to 25 minutes.");
    }
}
