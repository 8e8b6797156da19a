//! Every character of every language is in one of the fonts that come with the program.

use std::collections::BTreeSet;
use std::path::PathBuf;

use cosmic_text::fontdb;
use nowserving::phrase::{Words, all_sentences};

/// Marks that are never drawn.
const UNSEEN: [char; 5] = ['\n', '\u{200e}', '\u{200f}', '\u{2068}', '\u{2069}'];

/// The characters that the bundled fonts have, of those asked for.
fn drawn(asked: &BTreeSet<char>) -> BTreeSet<char> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("ui/fonts");
    let mut fonts = fontdb::Database::new();
    fonts.load_fonts_dir(&folder);
    assert!(fonts.len() >= 2, "no fonts in {}", folder.display());
    let mut system = cosmic_text::FontSystem::new_with_locale_and_db("en".into(), fonts);
    let faces: Vec<_> = system.db().faces().map(|face| (face.id, face.weight)).collect();
    let mut drawn = BTreeSet::new();
    for (id, weight) in faces {
        let font = system.get_font(id, weight).expect("a font that can be read");
        let map = font.as_swash().charmap();
        drawn.extend(asked.iter().copied().filter(|c| map.map(*c) != 0));
    }
    drawn
}

#[test]
fn every_character_is_in_a_font() {
    let mut lacking = Vec::new();
    for words in Words::all() {
        let texts = all_sentences().flat_map(|sentence| words.forms(sentence));
        let asked: BTreeSet<char> = texts.flat_map(str::chars).filter(|c| !UNSEEN.contains(c)).collect();
        let drawn = drawn(&asked);
        let missing: String = asked.difference(&drawn).collect();
        if !missing.is_empty() {
            lacking.push(format!("{}: {missing}", words.code()));
        }
    }
    assert!(lacking.is_empty(), "no font in ui/fonts has these characters:\n{}", lacking.join("\n"));
}

#[test]
fn a_character_that_no_font_has_is_found() {
    let klingon = BTreeSet::from(['\u{f8d0}', 'A']);
    assert_eq!(drawn(&klingon), BTreeSet::from(['A']));
}
