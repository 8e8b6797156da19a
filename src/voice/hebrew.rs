//! Hebrew numbers in espeak-ng's phonemes: its Hebrew voice reads digits as nothing at all.
//!
//! Counting numbers are feminine. From 2000 on they are read digit by digit; no branch gives so many numbers a day.

const ONES: [&str; 11] =
    ["?'efes", "?aX'at", "St'ajim", "Sal'oS", "?aQ\"b'a", "Xam'eS", "S'eS", "S'eva", "Sm'one", "t'eSa", "'eseQ\""];
const TEENS: [&str; 9] = ["?aX'at", "St'em", "Sl'oS", "?aQ\"b'a", "Xam'eS", "S'eS", "Sv'a", "Smon'e", "teS'a"];
const TENS: [&str; 8] = ["?esQ\"'im", "SloS'im", "?aQ\"ba?'im", "XamiS'im", "SiS'im", "Siv'im", "Smon'im", "tiS'im"];
const HUNDREDS: [&str; 7] = ["Sl'oS", "?aQ\"b'a", "Xam'eS", "S'eS", "Sv'a", "Smon'e", "teS'a"];

/// A number as phonemes.
pub(super) fn number(value: u32) -> String {
    if value >= 2000 {
        let digit = |digit: char| digit.to_digit(10).map(|digit| ONES[digit as usize]);
        return value.to_string().chars().filter_map(digit).collect::<Vec<_>>().join(" ");
    }
    let mut words: Vec<String> = Vec::new();
    if value >= 1000 {
        words.push("?'elef".into());
    }
    match value % 1000 / 100 {
        0 => {}
        1 => words.push("me?'a".into()),
        2 => words.push("mat'ajim".into()),
        more => words.push(format!("{} me?'ot", HUNDREDS[more as usize - 3])),
    }
    match value % 100 {
        0 if value > 0 => {}
        small @ 0..=10 => words.push(ONES[small as usize].into()),
        teen @ 11..=19 => words.push(format!("{} ?esQ\"'e", TEENS[teen as usize - 11])),
        more => {
            words.push(TENS[more as usize / 10 - 2].into());
            if more % 10 > 0 {
                words.push(ONES[more as usize % 10].into());
            }
        }
    }
    // "and" stands before the last word; before some sounds it is "u"
    if let [.., before, last] = &mut words[..] {
        before.push_str(if last.starts_with("St") || last.starts_with("Sm") { " u" } else { " ve" });
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_said_as_people_count() {
        assert_eq!(number(0), "?'efes");
        assert_eq!(number(3), "Sal'oS");
        assert_eq!(number(12), "St'em ?esQ\"'e");
        assert_eq!(number(20), "?esQ\"'im");
        assert_eq!(number(42), "?aQ\"ba?'im u St'ajim");
        assert_eq!(number(105), "me?'a ve Xam'eS");
        assert_eq!(number(345), "Sl'oS me?'ot ?aQ\"ba?'im ve Xam'eS");
        assert_eq!(number(1000), "?'elef");
        assert_eq!(number(2042), "St'ajim ?'efes ?aQ\"b'a St'ajim");
    }

    #[test]
    fn no_two_numbers_sound_alike() {
        let all: std::collections::BTreeSet<_> = (0..3000).map(number).collect();
        assert_eq!(all.len(), 3000);
    }
}
