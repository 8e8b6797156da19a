//! Nothing missing, nothing stale, every place filled.

use std::collections::{BTreeMap, BTreeSet};

use nowserving::phrase::{Sentence, Words, all_sentences};

use crate::file;

fn write() -> bool {
    std::env::var("WORDS").is_ok_and(|wish| wish == "write")
}

/// The places of a sentence, each as often as it is there.
fn places(text: &str) -> BTreeMap<&str, usize> {
    let mut places = BTreeMap::new();
    for part in text.split('{').skip(1) {
        *places.entry(part.split_once('}').expect("a place has an end").0).or_default() += 1;
    }
    places
}

/// What is wrong with one translation of a sentence.
fn wrong(sentence: &Sentence, form: &str, kind: Option<&str>) -> Option<String> {
    let (wanted, mut has) = (places(sentence.many.unwrap_or(sentence.one)), places(form));
    if form.is_empty() || (form.trim() != form && sentence.one.trim() == sentence.one) {
        return Some("is empty, or has spaces around it that the English has not".into());
    }
    // who speaks of one or two may leave the figure out
    if matches!(kind, Some("zero" | "one" | "two")) {
        for place in wanted.keys() {
            let first = sentence.one.find(&format!("{{{place}}}")).is_none() || ["n", "m", "h"].contains(place);
            if first && !has.contains_key(place) {
                has.insert(place, wanted[place]);
            }
        }
    }
    (has != wanted).then(|| format!("has the places {has:?}, the English {wanted:?}"))
}

#[test]
fn the_template_and_the_files_are_up_to_date() {
    let template = file::folder().join("nowserving.pot");
    let mut stale = Vec::new();
    if write() {
        std::fs::write(&template, file::template()).unwrap();
    } else if std::fs::read_to_string(&template).unwrap_or_default() != file::template() {
        stale.push("nowserving.pot".to_owned());
    }
    for (code, path) in file::languages() {
        let words = Words::of(&code).unwrap_or_else(|| panic!("build again: {code} is new"));
        let text = file::brought_up(&path, words.kinds().len());
        if write() {
            std::fs::write(&path, text).unwrap();
        } else if text != std::fs::read_to_string(&path).unwrap() {
            stale.push(format!("{code}.po"));
        }
    }
    assert!(stale.is_empty(), "out of date: {stale:?}. Run WORDS=write cargo test --test words, then translate what is new");
}

#[test]
fn every_language_has_every_sentence_with_its_places() {
    let mut problems = Vec::new();
    for (code, path) in file::languages() {
        let file = file::read(&path);
        let kinds = Words::of(&code).unwrap().kinds();
        let plurals = file.metadata.get("Plural-Forms").cloned().unwrap_or_default();
        if !plurals.starts_with(&format!("nplurals={};", kinds.len())) {
            problems.push(format!("{code}: Plural-Forms is {plurals:?}, but there are {kinds:?}"));
        }
        if file.metadata.get("Language").map(String::as_str) != Some(code.as_str()) {
            problems.push(format!("{code}: the header names another language"));
        }
        for sentence in all_sentences() {
            let mut of = |problem: String| problems.push(format!("{code}: {} {problem}", sentence.name));
            let Some(entry) = file.entries.iter().find(|entry| file::is_of(entry, sentence)) else {
                of("is missing".into());
                continue;
            };
            if entry.fuzzy() {
                of("is fuzzy: the English has changed. Translate it anew and take the mark away".into());
            }
            let forms = file::forms(entry);
            let wanted = if sentence.many.is_some() { kinds.len() } else { 1 };
            if forms.len() != wanted {
                of(format!("has {} forms instead of {wanted}", forms.len()));
            }
            for (at, form) in forms.iter().enumerate() {
                let kind = sentence.many.and_then(|_| kinds.get(at).copied());
                if let Some(why) = wrong(sentence, form, kind) {
                    of(format!("{} {why}", kind.unwrap_or_default()));
                }
            }
        }
        if let Some(gone) = file.entries.iter().find(|entry| !all_sentences().any(|sentence| file::is_of(entry, sentence))) {
            problems.push(format!("{code}: {:?} is no sentence of the program any more", gone.msgid));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn no_sentence_is_declared_twice() {
    let mut seen = BTreeSet::new();
    for sentence in all_sentences() {
        assert!(seen.insert((sentence.surface, sentence.one)), "{} is there before", sentence.name);
        assert!(seen.insert(("method", sentence.name)));
    }
}

#[test]
fn a_direction_is_one_of_two_words() {
    for words in Words::all() {
        assert!(["ltr", "rtl"].contains(&words.direction()), "{words:?}");
    }
}

/// The checks above can fail.
#[test]
fn what_is_wrong_is_found() {
    let one = all_sentences().find(|sentence| sentence.name == "now_called").unwrap();
    assert_eq!(wrong(one, "Zuletzt: {number}, {desk}", None), None);
    assert!(wrong(one, "Zuletzt: {number}", None).is_some());
    assert!(wrong(one, "Zuletzt: {number}, {schalter}", None).is_some());
    assert!(wrong(one, "", None).is_some());
    let many = all_sentences().find(|sentence| sentence.name == "let_pass_help").unwrap();
    assert_eq!(wrong(many, "{number} bleibt", Some("one")), None);
    assert!(wrong(many, "{number} bleibt", Some("other")).is_some());
    assert!(wrong(many, "{n} bleiben", Some("one")).is_some());
}
