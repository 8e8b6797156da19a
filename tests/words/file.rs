//! The template and the languages' files as texts, made from the sentences of the source.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use nowserving::phrase::{Sentence, all_sentences};
use rspolib::{POEntry, POFile, pofile};

/// Where the catalogue lies.
pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("ui/lang")
}

/// Every language's file, by its code.
pub(crate) fn languages() -> BTreeMap<String, PathBuf> {
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|file| file.extension().is_some_and(|ending| ending == "po"));
    files.map(|file| (file.file_stem().unwrap().to_str().unwrap().to_owned(), file)).collect()
}

pub(crate) fn read(file: &std::path::Path) -> POFile {
    pofile(file.to_str().unwrap()).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

/// What stands before the translation of a sentence.
fn head(text: &mut String, sentence: &Sentence, flags: &str) {
    for note in sentence.notes {
        writeln!(text, "#. {}", note.trim()).unwrap();
    }
    writeln!(text, "#: {}", sentence.name).unwrap();
    text.push_str(flags);
    writeln!(text, "msgctxt {}\nmsgid {}", quoted(sentence.surface), quoted(sentence.one)).unwrap();
    if let Some(many) = sentence.many {
        writeln!(text, "msgid_plural {}", quoted(many)).unwrap();
    }
}

fn translation(text: &mut String, sentence: &Sentence, forms: &[String]) {
    if sentence.many.is_some() {
        for (at, form) in forms.iter().enumerate() {
            writeln!(text, "msgstr[{at}] {}", quoted(form)).unwrap();
        }
    } else {
        writeln!(text, "msgstr {}", quoted(forms.first().map_or("", String::as_str))).unwrap();
    }
    text.push('\n');
}

/// The template.
pub(crate) fn template() -> String {
    let mut text = String::from(
        "# Every sentence a customer meets. Made from the tables in src/phrase by `WORDS=write cargo test --test words`.\n\
         msgid \"\"\nmsgstr \"\"\n\
         \"Project-Id-Version: nowserving\\n\"\n\
         \"MIME-Version: 1.0\\n\"\n\
         \"Content-Type: text/plain; charset=UTF-8\\n\"\n\
         \"Content-Transfer-Encoding: 8bit\\n\"\n\n",
    );
    for sentence in all_sentences() {
        head(&mut text, sentence, "");
        let empty = vec![String::new(); if sentence.many.is_some() { 2 } else { 1 }];
        translation(&mut text, sentence, &empty);
    }
    text
}

/// What a file has for a sentence.
pub(crate) fn forms(entry: &POEntry) -> Vec<String> {
    if entry.msgid_plural.is_some() { entry.msgstr_plural.clone() } else { vec![entry.msgstr.clone().unwrap_or_default()] }
}

pub(crate) fn is_of(entry: &POEntry, sentence: &Sentence) -> bool {
    !entry.obsolete
        && entry.msgctxt.as_deref() == Some(sentence.surface)
        && entry.msgid == sentence.one
        && entry.msgid_plural.as_deref() == sentence.many
}

fn named(entry: &POEntry, sentence: &Sentence) -> bool {
    !entry.obsolete && entry.occurrences.iter().any(|(name, _)| name == sentence.name)
}

/// A language's file brought up to date. What stands before its first sentence stays as it is.
pub(crate) fn brought_up(file: &std::path::Path, forms_wanted: usize) -> String {
    let before = std::fs::read_to_string(file).unwrap();
    let known = read(file);
    let mut text = before.split("\n\n").next().unwrap_or_default().trim_end().to_owned() + "\n\n";
    for sentence in all_sentences() {
        let same = known.entries.iter().find(|entry| is_of(entry, sentence));
        let old = || known.entries.iter().find(|entry| named(entry, sentence));
        let (entry, fuzzy) = match same {
            Some(entry) => (Some(entry), entry.fuzzy()),
            None => (old(), true),
        };
        let mut translated = entry.map(forms).unwrap_or_default();
        translated.resize(if sentence.many.is_some() { forms_wanted } else { 1 }, String::new());
        let fuzzy = fuzzy && translated.iter().any(|form| !form.is_empty());
        head(&mut text, sentence, if fuzzy { "#, fuzzy\n" } else { "" });
        translation(&mut text, sentence, &translated);
    }
    text
}
