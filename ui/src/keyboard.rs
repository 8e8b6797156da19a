//! The letters of the keyboard on the screen, language by language: enough to search in, small letters only.
//!
//! Chinese is typed in pinyin: Latin letters stand there, and whoever searches has to know entries by them. Turning pinyin into
//! characters needs a dictionary and a choice among candidates, which is beyond this keyboard. Vietnamese tones are left to the
//! search, which folds them.

/// The rows of letters for a language, by its code, top to bottom; English ones for a language without any of its own. Digits
/// and the keys that erase and space are the keyboard's.
#[must_use]
pub fn keyboard(language: &str) -> &'static [&'static str] {
    match language.split(['-', '_']).next() {
        Some("de") => &["qwertzuiopü", "asdfghjklöä", "yxcvbnmß"],
        Some("es") => &["qwertyuiop", "asdfghjklñ", "zxcvbnm", "áéíóúü"],
        Some("fr") => &["azertyuiop", "qsdfghjklm", "wxcvbn'", "éèàçùêîô"],
        Some("pl") => &["qwertyuiop", "asdfghjkl", "zxcvbnm", "ąćęłńóśźż"],
        Some("tr") => &["qwertyuıopğü", "asdfghjklşi", "zxcvbnmöç"],
        Some("ar") => &["ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤرىةوزظذ"],
        Some("he") => &["קראטוןםפ", "שדגכעיחלךף", "זסבהנמצתץ"],
        Some("hi") => &["ौैाीूबहगदजड", "ोे्िुपरकतचट", "ंमनवलसयखणशष", "अआइईउऊएऐओऔ"],
        Some("uk") => &["йцукенгшщзхї", "фівапролджє", "ґячсмитьбю'"],
        Some("vi") => &["qwertyuiop", "asdfghjkl", "zxcvbnm", "ăâđêôơư"],
        _ => &["qwertyuiop", "asdfghjkl", "zxcvbnm"],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_letter_is_there_once_and_rows_are_short_enough_for_fingers() {
        for language in ["en", "de", "es", "fr", "pl", "tr", "ar", "he", "hi", "zh", "uk", "vi"] {
            let rows = keyboard(language);
            let letters: Vec<char> = rows.iter().flat_map(|row| row.chars()).collect();
            assert_eq!(letters.iter().collect::<HashSet<_>>().len(), letters.len(), "{language}");
            assert!(rows.len() <= 4 && rows.iter().all(|row| row.chars().count() <= 12), "{language}");
        }
    }

    #[test]
    fn every_letter_of_each_alphabet_can_be_typed() {
        for (language, alphabet) in [
            ("en", "abcdefghijklmnopqrstuvwxyz"),
            ("de", "abcdefghijklmnopqrstuvwxyzäöüß"),
            ("pl", "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"),
            ("tr", "abcçdefgğhıijklmnoöprsştuüvyz"),
            ("he", "אבגדהוזחטיכךלמםנןסעפףצץקרשת"),
            ("uk", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"),
        ] {
            let letters: HashSet<char> = keyboard(language).iter().flat_map(|row| row.chars()).collect();
            let missing: String = alphabet.chars().filter(|letter| !letters.contains(letter)).collect();
            assert_eq!(missing, "", "{language}");
        }
    }
}
