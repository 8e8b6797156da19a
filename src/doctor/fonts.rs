//! Fonts: has what the program prints every letter of every language in use, and of the branch's own words? Paper and screens bring
//! the same fonts; the system needs none.

use super::finding::Finding;
use super::place::Place;
use crate::ledger;
use crate::paper::{PaperStyle, PaperWarning, PaperWords, TicketPaper, Typesetter};

/// Languages by their codes, each with words that need its letters: digits and signs are the same for all.
const SAMPLES: [(&str, &str); 12] = [
    ("en", "The quick brown fox jumps over the lazy dog"),
    ("de", "Zwölf Boxkämpfer jagen Eva quer über den großen Sylter Deich"),
    ("es", "¿Qué número? El pingüino Wenceslao hizo kilómetros bajo exhaustiva lluvia y frío, ¡añoraba!"),
    ("fr", "Voix ambiguë d’un cœur qui au zéphyr préfère les jattes de kiwis, ça et là, où l’île"),
    ("pl", "Zażółć gęślą jaźń, pójdź w chodź ósmy"),
    ("tr", "Pijamalı hasta yağız şoföre çabucak güvendi, İstanbul ıhlamur"),
    ("ar", "صِف خَلقَ خَودِ كَمِثلِ الشَمسِ إِذ بَزَغَت ٠١٢٣٤٥٦٧٨٩"),
    ("he", "דג סקרן שט בים מאוכזב ולפתע מצא חברה ךםןףץ"),
    ("hi", "ऋषियों को सताने वाले दुष्ट राक्षसों के राजा, क्षेत्र, ज्ञान, श्री"),
    ("zh", "请取号并等候，叫到您的号码时请到柜台办理业务"),
    ("uk", "Щастям б’єш жук їх глицю в фон й ґедзь пріє"),
    ("vi", "Xin mời quý khách số thứ tự đến quầy, đợi khoảng ít phút nữa ạ"),
];

/// The branch's own words on paper: its name, its services, what to have ready.
fn own_words(place: &Place) -> Vec<String> {
    let services = ledger::open_read(&ledger::path_in(&place.folder)).ok().and_then(|ledger| ledger::services(&ledger).ok());
    let mut words = vec![place.settings.branch.name.clone()];
    for service in services.into_iter().flatten() {
        words.extend([service.name, service.have_ready]);
    }
    words
}

/// Looks at the fonts.
pub(super) fn examine(place: &Place) -> Vec<Finding> {
    let mend = "The program was not built whole; install it anew.";
    let mut typesetter = match Typesetter::new() {
        Ok(typesetter) => typesetter,
        Err(error) => return vec![Finding::fail("fonts", format!("No ticket can be laid out: {error}."), mend)],
    };
    let languages: Vec<String> = place.settings.branch.languages.iter().map(|words| words.code().to_owned()).collect();
    let mut lacking = Vec::new();
    for code in &languages {
        let sample = SAMPLES.iter().find(|(of, _)| of == code).map_or("", |(_, sample)| sample);
        if !missing(&mut typesetter, sample).is_empty() {
            lacking.push(code.clone());
        }
    }
    let listed = languages.join(", ");
    let mut found = vec![
        if lacking.is_empty() {
            Finding::ok("fonts", format!("Every letter of the languages in use is here: {listed}."))
        } else {
            Finding::fail("fonts", format!("Paper lacks letters of {}.", lacking.join(", ")), mend)
        }
        .fact("languages", languages),
    ];
    let own: Vec<String> = missing(&mut typesetter, &own_words(place).join(" ")).into_iter().map(String::from).collect();
    if !own.is_empty() {
        let what = format!("The branch's own words have signs that no font here has: {}.", own.join(" "));
        found.push(Finding::warn(
            "fonts",
            what,
            "Write the names of branch and services without them (emoji are such signs).",
        ));
    }
    found
}

/// The letters that paper would lack.
fn missing(typesetter: &mut Typesetter, text: &str) -> Vec<char> {
    let paper =
        TicketPaper { store: text.to_owned(), number: "A042".into(), made_at: "10:30".into(), ..TicketPaper::default() };
    let typeset = typesetter.ticket(&paper, &PaperWords::default(), PaperStyle::MM80);
    let warnings = typeset.map(|typeset| typeset.warnings).unwrap_or_default();
    let letters = |warning| match warning {
        PaperWarning::MissingCharacters(letters) => letters,
        _ => Vec::new(),
    };
    warnings.into_iter().flat_map(letters).collect()
}
