//! The catalogue: every sentence in every language, and how one is looked up, counted and filled.
//!
//! A sentence is declared once, in English, in one of the tables beside this file ([`sentences!`]); that makes it a method of
//! [`Words`] and an entry of the template `ui/lang/nowserving.pot`. The translations in `ui/lang/*.po` become tables at build
//! time. What a language lacks is said in English; a test (`tests/words`) refuses that before anybody hears it.

use std::collections::HashMap;
use std::fmt::{self, Display};
use std::sync::LazyLock;

use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRuleType, PluralRules, PluralRulesOptions};

use crate::queue::Lang;

/// One sentence as it is declared.
#[derive(Clone, Copy, Debug)]
pub struct Sentence {
    /// The method of [`Words`] that says it.
    pub name: &'static str,
    /// Where it is said: the context in the catalogue.
    pub surface: &'static str,
    /// The English, also for one of something; `{places}` are filled.
    pub one: &'static str,
    /// The English for several, where it counts.
    pub many: Option<&'static str>,
    /// What translators should know.
    pub notes: &'static [&'static str],
}

/// Translations of one sentence: surface, English, its forms.
type Entry = (&'static str, &'static str, &'static [&'static str]);

/// Every language but English, by its code, with its translations.
static TRANSLATED: &[(&str, &[Entry])] = include!(concat!(env!("OUT_DIR"), "/catalogues.rs"));

type Table = HashMap<(&'static str, &'static str), &'static [&'static str]>;

struct Language {
    code: &'static str,
    table: Table,
    /// The kinds of number that need a form of their own, in the order of the forms.
    kinds: Vec<PluralCategory>,
}

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let english: (&str, &[Entry]) = ("en", &[]);
    let language = |(code, entries): (&'static str, &[Entry])| Language {
        code,
        table: entries.iter().map(|(surface, one, forms)| ((*surface, *one), *forms)).collect(),
        kinds: kinds(code),
    };
    std::iter::once(english).chain(TRANSLATED.iter().copied()).map(language).collect()
});

/// The plural rules of a language, by the Unicode CLDR. English ones where a code is none.
fn rules(code: &str) -> Option<PluralRules> {
    let locale = code.parse::<Locale>().unwrap_or(Locale::UNKNOWN);
    let options = PluralRulesOptions::default().with_type(PluralRuleType::Cardinal);
    PluralRules::try_new(locale.into(), options).ok()
}

/// The kinds that whole numbers below a million have, in the order in which gettext files write them. No line is longer.
fn kinds(code: &str) -> Vec<PluralCategory> {
    let Some(rules) = rules(code) else { return vec![PluralCategory::Other] };
    let numbers = (0..=200_u32).chain([1_000, 10_000, 100_000]);
    let mut kinds: Vec<_> = numbers.map(|n| rules.category_for(n)).collect();
    kinds.sort_by_key(|kind| rank(*kind));
    kinds.dedup();
    kinds
}

fn rank(kind: PluralCategory) -> usize {
    ORDER.iter().position(|(known, _)| *known == kind).unwrap_or(ORDER.len())
}

/// The kinds in their order, with the names that browsers know them by.
const ORDER: [(PluralCategory, &str); 6] = [
    (PluralCategory::Zero, "zero"),
    (PluralCategory::One, "one"),
    (PluralCategory::Two, "two"),
    (PluralCategory::Few, "few"),
    (PluralCategory::Many, "many"),
    (PluralCategory::Other, "other"),
];

/// A language to say things in: its methods are the sentences. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Words(&'static Language);

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        self.code() == other.code()
    }
}

impl Eq for Words {}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({})", self.code())
    }
}

impl Default for Words {
    fn default() -> Self {
        Self::english()
    }
}

impl Words {
    /// English.
    #[must_use]
    pub fn english() -> Self {
        Self(&LANGUAGES[0])
    }

    /// Every language there is, English first.
    pub fn all() -> impl Iterator<Item = Self> {
        LANGUAGES.iter().map(Self)
    }

    /// A language by its code: `de`. `None`: the catalogue does not have it.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::all().find(|words| words.code().eq_ignore_ascii_case(code))
    }

    /// The code of the language, as in BCP 47.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code
    }

    /// The same for the line.
    #[must_use]
    pub fn lang(self) -> Lang {
        self.code().into()
    }

    /// Whether the language is written from right to left.
    #[must_use]
    pub fn rtl(self) -> bool {
        self.direction() == "rtl"
    }

    /// The names of the kinds of number that have a form of their own here, in the order of the forms: `one`, `few`, `many`.
    #[must_use]
    pub fn kinds(self) -> Vec<&'static str> {
        self.0.kinds.iter().filter_map(|kind| ORDER.get(rank(*kind))).map(|(_, name)| *name).collect()
    }

    /// The forms of a sentence with their places unfilled, in the order of [`Words::kinds`] where it counts.
    #[must_use]
    pub fn forms(self, sentence: &Sentence) -> Vec<&'static str> {
        match self.0.table.get(&(sentence.surface, sentence.one)) {
            Some(forms) => forms.to_vec(),
            // English has two forms, every other language's number of them may differ
            None => self
                .kinds()
                .into_iter()
                .map(|kind| if kind == "one" { sentence.one } else { sentence.many.unwrap_or(sentence.one) })
                .collect(),
        }
    }

    /// A sentence by its method's name, its places unfilled: for the voice, which brings numbers to its engine in its own way.
    #[must_use]
    pub fn unfilled(self, name: &str) -> &'static str {
        let sentence = super::all_sentences().find(|sentence| sentence.name == name);
        sentence.map_or("", |sentence| self.say(sentence.surface, sentence.one))
    }

    pub(super) fn say(self, surface: &'static str, one: &'static str) -> &'static str {
        self.0.table.get(&(surface, one)).and_then(|forms| forms.first()).copied().unwrap_or(one)
    }

    pub(super) fn count(self, surface: &'static str, one: &'static str, many: &'static str, n: u32) -> &'static str {
        let kind = rules(self.code()).map_or(PluralCategory::Other, |rules| rules.category_for(n));
        let Some(forms) = self.0.table.get(&(surface, one)) else {
            return if n == 1 { one } else { many };
        };
        let at = self.0.kinds.iter().position(|known| *known == kind);
        at.and_then(|at| forms.get(at)).or(forms.last()).copied().unwrap_or(many)
    }

    /// Fills the places of a sentence. Where the language runs from right to left, what runs the other way keeps to itself, so
    /// that the marks around it stay where they belong.
    pub(super) fn fill(self, sentence: &str, places: &[(&str, &dyn Display)]) -> String {
        let mut text = String::with_capacity(sentence.len() + 16);
        let mut rest = sentence;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                text.push('{');
                rest = after;
                continue;
            };
            if let Some((_, value)) = places.iter().find(|(known, _)| *known == name) {
                let value = value.to_string();
                if self.rtl() && value.chars().any(|c| c.is_ascii_alphabetic()) {
                    text.push('\u{2068}');
                    text.push_str(&value);
                    text.push('\u{2069}');
                } else {
                    text.push_str(&value);
                }
            }
            rest = after;
        }
        text.push_str(rest);
        text
    }
}

/// A number of things. Templates hand over what they have, so references count too.
pub trait Counted {
    /// How many; more than anybody counts is the most that can be said.
    fn so_many(&self) -> u32;
}

impl Counted for u32 {
    fn so_many(&self) -> u32 {
        *self
    }
}

impl Counted for usize {
    fn so_many(&self) -> u32 {
        u32::try_from(*self).unwrap_or(u32::MAX)
    }
}

impl<T: Counted> Counted for &T {
    fn so_many(&self) -> u32 {
        (**self).so_many()
    }
}

/// Declares sentences: each becomes a method of [`Words`] and a line of the table that the template is made of.
///
/// `surface name(places) = "English";`, and where it counts `name(n, more places) = "{n} person" / "{n} people";`.
macro_rules! sentences {
    ($table:ident: $($(#[doc = $note:literal])+ $surface:ident $name:ident($($place:ident),*) = $one:literal $(/ $many:literal)?;)+) => {
        /// The sentences of this file.
        pub(super) const $table: &[$crate::phrase::Sentence] = &[$($crate::phrase::Sentence {
            name: stringify!($name),
            surface: stringify!($surface),
            one: $one,
            many: sentences!(@many $($many)?),
            notes: &[$($note),+],
        }),+];

        impl $crate::phrase::Words {
            $(sentences! { @method [$(#[doc = $note])+] $surface $name [$($place)*] $one [$($many)?] })+
        }
    };
    (@many) => { None };
    (@many $many:literal) => { Some($many) };
    (@method [$(#[$doc:meta])+] $surface:ident $name:ident [] $one:literal []) => {
        $(#[$doc])+
        #[must_use]
        pub fn $name(self) -> &'static str {
            self.say(stringify!($surface), $one)
        }
    };
    (@method [$(#[$doc:meta])+] $surface:ident $name:ident [$($place:ident)+] $one:literal []) => {
        $(#[$doc])+
        #[must_use]
        pub fn $name(self, $($place: impl std::fmt::Display),+) -> String {
            self.fill(self.say(stringify!($surface), $one), &[$((stringify!($place), &$place)),+])
        }
    };
    (@method [$(#[$doc:meta])+] $surface:ident $name:ident [$n:ident $($place:ident)*] $one:literal [$many:literal]) => {
        $(#[$doc])+
        #[must_use]
        pub fn $name(self, $n: impl $crate::phrase::Counted, $($place: impl std::fmt::Display),*) -> String {
            let $n = $n.so_many();
            let sentence = self.count(stringify!($surface), $one, $many, $n);
            let number = self.number($n);
            self.fill(sentence, &[(stringify!($n), &number), $((stringify!($place), &$place)),*])
        }
    };
}
pub(super) use sentences;
