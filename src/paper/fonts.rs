//! The bundled fonts, and which of them a text is set in.
//!
//! The product's face has the Latin letters of most European languages. What it lacks comes from Noto Sans: one family for
//! each script. Vietnamese and Cyrillic are set in Noto Sans as a whole, for a word whose letters come from two
//! faces looks patched; digits, signs and foreign names within Arabic, Hindi or Chinese stay in the product's face.

use std::sync::Arc;

use cosmic_text::{Fallback, FontSystem, fontdb};
use unicode_script::{Script, UnicodeScript};

use super::PaperError;

/// The product's face.
const PRODUCT: &str = "Atkinson Hyperlegible Next";
/// What has all of Latin, Cyrillic and Greek.
const GENERAL: &str = "Noto Sans";
const CHINESE: &str = "Noto Sans CJK SC";

macro_rules! faces {
    ($($file:literal),+ $(,)?) => { [$(include_bytes!(concat!("../../ui/fonts/", $file)).as_slice()),+] };
}

static FACES: [&[u8]; 12] = faces![
    "AtkinsonHyperlegibleNext-Regular.ttf",
    "AtkinsonHyperlegibleNext-Bold.ttf",
    "NotoSans-Regular.ttf",
    "NotoSans-Bold.ttf",
    "NotoSansArabic-Regular.ttf",
    "NotoSansArabic-Bold.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansHebrew-Bold.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansDevanagari-Bold.ttf",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansCJKsc-Bold.otf",
];

/// Which family a text begins with; what it lacks comes from the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Face {
    /// The product's.
    #[default]
    Product,
    /// Noto Sans.
    General,
}

impl Face {
    pub(super) fn family(self) -> &'static str {
        match self {
            Self::Product => PRODUCT,
            Self::General => GENERAL,
        }
    }
}

/// The families for each script.
#[derive(Debug)]
struct Bundled;

impl Fallback for Bundled {
    fn common_fallback(&self) -> &[&'static str] {
        &[GENERAL, CHINESE]
    }

    fn forbidden_fallback(&self) -> &[&'static str] {
        &[]
    }

    fn script_fallback(&self, script: Script, _: &str) -> &[&'static str] {
        match script {
            Script::Arabic => &["Noto Sans Arabic"],
            Script::Hebrew => &["Noto Sans Hebrew"],
            Script::Devanagari => &["Noto Sans Devanagari"],
            Script::Han | Script::Bopomofo => &[CHINESE],
            Script::Latin | Script::Cyrillic | Script::Greek => &[GENERAL],
            _ => &[],
        }
    }
}

/// The bundled fonts.
///
/// # Errors
/// [`PaperError::Fonts`] when the program was built with broken ones.
pub(super) fn bundled() -> Result<FontSystem, PaperError> {
    let mut db = fontdb::Database::new();
    for face in &FACES {
        // shared, not copied: they are part of the program
        db.load_font_source(fontdb::Source::Binary(Arc::new(face)));
    }
    if db.faces().count() != FACES.len() {
        return Err(PaperError::Fonts);
    }
    Ok(FontSystem::new_with_locale_and_db_and_fallback("en".into(), db, Bundled))
}

/// The face to begin with for texts that stand on one paper.
pub(super) fn face_for<'a>(system: &FontSystem, mut texts: impl Iterator<Item = &'a str>) -> Face {
    let product = system.db().faces().find(|face| face.families.iter().any(|(name, _)| name == PRODUCT));
    let lacks = |c: char| {
        let european = matches!(c.script(), Script::Latin | Script::Cyrillic | Script::Greek);
        european && product.is_some_and(|face| !has(system, face.id, c))
    };
    if texts.any(|text| text.chars().any(|c| !c.is_ascii() && lacks(c))) { Face::General } else { Face::Product }
}

fn has(system: &FontSystem, id: fontdb::ID, c: char) -> bool {
    use cosmic_text::skrifa::{FontRef, MetadataProvider};
    let mapped =
        |data: &[u8], index| FontRef::from_index(data, index).ok().is_some_and(|font| font.charmap().map(c).is_some());
    system.db().with_face_data(id, mapped).unwrap_or(false)
}

/// Height of a line over its font size. Marks above and below need room where a script piles them up.
pub(super) fn leading(text: &str) -> f32 {
    let tall = |c: char| match c.script() {
        Script::Arabic | Script::Devanagari => 1.6,
        Script::Han | Script::Bopomofo | Script::Hebrew => 1.35,
        // Vietnamese has two marks on a letter
        Script::Latin if matches!(c, '\u{1ea0}'..='\u{1ef9}') => 1.35,
        _ => 1.22,
    };
    text.chars().map(tall).fold(1.22, f32::max)
}

/// Whether a text has a letter that is written from right to left.
pub(super) fn has_rtl(text: &str) -> bool {
    text.chars().any(|c| matches!(c.script(), Script::Arabic | Script::Hebrew) && c.is_alphabetic())
}
