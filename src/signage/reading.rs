//! How long a text takes to read.

/// How many words a text has. Scripts without spaces between words count two letters a word, about what a word has there.
#[must_use]
pub fn word_count(text: &str) -> usize {
    let mut words = 0;
    for run in text.split_whitespace() {
        let dense = run.chars().filter(|c| is_dense(*c)).count();
        let rest = run.chars().any(|c| c.is_alphanumeric() && !is_dense(c));
        words += dense.div_ceil(2) + usize::from(rest);
    }
    words
}

/// Han, kana, Thai, Lao, Khmer and Burmese are written without spaces between words.
fn is_dense(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// How long something of so many words is shown, seconds: three to notice it and half a second a word, at least 8, at most 30.
///
/// Reading aloud in the head runs at 238 words a minute (Brysbaert 2019), most adults between 175 and 300, the old and those who
/// read a second language slower; signs are planned with a second a word. Half a second a word is 120 a minute.
#[must_use]
pub fn reading_seconds(words: usize) -> u32 {
    let words = u32::try_from(words).unwrap_or(u32::MAX);
    words.div_ceil(2).saturating_add(3).clamp(8, 30)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_in_any_script_and_time_is_bounded() {
        for (text, words) in
            [("", 0), (" – … ", 0), ("Bring the card.", 3), ("退货需要小票", 3), ("أحضر البطاقة", 2), ("iPhone 退货", 2)]
        {
            assert_eq!(word_count(text), words, "{text}");
        }
        assert_eq!((reading_seconds(0), reading_seconds(30), reading_seconds(usize::MAX)), (8, 18, 30));
        assert!((0..100).all(|words| reading_seconds(words) <= reading_seconds(words + 1)));
    }
}
