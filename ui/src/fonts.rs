//! The fonts of every script, built in: a screen uses none of the machine's.
//!
//! Slint 1.18 asks fontconfig which face has a letter that the named one lacks, and draws nothing where none has it. (Where fontconfig
//! knows no font at all it ends the process before we are asked: slint-ui/slint issue 12671. One is needed, whichever.) So our own files are made the generic sans serif,
//! in front of whatever the machine has: Atkinson first, then Noto's face of each script. That goes through fontique, which
//! Slint exposes as `unstable-fontique-011`; the version of Slint is pinned for it.

use std::sync::Arc;

use slint::fontique_011::{fontique, shared_collection};

include!(concat!(env!("OUT_DIR"), "/fonts.rs"));

/// The face in which a language is set as a whole, by its code (`"de"`): the house's, or Noto Sans where the house's lacks so many
/// letters that words would look patched.
pub fn face(language: &str) -> &'static str {
    match language.split(['-', '_']).next() {
        Some("vi" | "uk" | "ru" | "bg" | "sr" | "mk" | "be" | "el") => "Noto Sans",
        _ => "Atkinson Hyperlegible Next",
    }
}

/// Makes the built-in fonts known to Slint. To be called once Slint's platform is set and before the first window is made; a
/// second time changes nothing.
pub fn install() {
    let mut collection = shared_collection();
    let mut families = Vec::new();
    for font in FONTS {
        for (family, _) in collection.register_fonts(fontique::Blob::new(Arc::new(font)), None) {
            if !families.contains(&family) {
                families.push(family);
            }
        }
    }
    for generic in
        [fontique::GenericFamily::SansSerif, fontique::GenericFamily::SystemUi, fontique::GenericFamily::UiSansSerif]
    {
        let others: Vec<_> = collection.generic_families(generic).filter(|family| !families.contains(family)).collect();
        collection.set_generic_families(generic, families.iter().copied().chain(others));
    }
}
