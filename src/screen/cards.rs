//! What stands beside the numbers while no answers are written yet: what to have ready, how to follow by phone, until when it is
//! open. One after another, each as long as it takes to read.

use nowserving_ui::slint::Color;
use nowserving_ui::{BoardAnswer, accent};

use crate::phrase::Words;
use crate::queue::View;

/// One of them.
#[derive(Clone, Debug, PartialEq)]
struct Card {
    kicker: String,
    headline: String,
    text: String,
    accent: Color,
}

impl Card {
    /// How long it stands there, whole seconds: two words a second after three to find it, 8 to 30 (docs/reference/screens.md).
    fn seconds(&self) -> u64 {
        let words =
            [&self.kicker, &self.headline, &self.text].map(|text| text.split_whitespace().count()).iter().sum::<usize>();
        reading_s(words)
    }
}

/// How long so many words take to read, seconds.
pub(super) fn reading_s(words: usize) -> u64 {
    (3 + words as u64 / 2).clamp(8, 30)
}

/// The card at a moment (milliseconds of any clock that only goes forward), with how much of its time has passed, in whole
/// seconds: nothing moves in between. Empty where there is nothing to say.
pub(super) fn card(words: Words, view: &View, has_code: bool, at_ms: u64) -> (BoardAnswer, f32) {
    let cards = cards(words, view, has_code);
    let round: u64 = cards.iter().map(Card::seconds).sum();
    let Some(mut second) = (at_ms / 1000).checked_rem(round) else { return (BoardAnswer::default(), 0.0) };
    for card in cards {
        let whole = card.seconds();
        if second < whole {
            let answer = BoardAnswer {
                kicker: card.kicker.into(),
                question: card.headline.into(),
                answer: card.text.into(),
                accent: card.accent,
            };
            return (answer, second as f32 / whole as f32);
        }
        second -= whole;
    }
    (BoardAnswer::default(), 0.0)
}

fn cards(words: Words, view: &View, has_code: bool) -> Vec<Card> {
    let mut cards: Vec<Card> = view
        .services
        .iter()
        .filter(|service| !service.have_ready.is_empty())
        .map(|service| Card {
            kicker: words.waiting_for(&service.name),
            headline: words.ready_headline(&service.have_ready),
            text: words.ready_more().into(),
            accent: accent(&service.accent),
        })
        .collect();
    if has_code {
        cards.push(plain(words.phone_headline().into(), words.phone_more()));
    }
    if let Some(until) = view.open.until.as_deref().filter(|_| !view.open.closing) {
        cards.push(plain(words.open_today(words.time_of(until)), words.open_today_more()));
    }
    cards
}

fn plain(headline: String, text: &str) -> Card {
    Card { kicker: String::new(), headline, text: text.to_owned(), accent: accent("") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::example_view;

    #[test]
    fn each_card_has_its_time_and_the_line_moves_once_a_second() {
        let view = example_view();
        let expected = cards(Words::english(), &view, true);
        assert_eq!(expected.len(), 4);
        let mut seen: Vec<String> = Vec::new();
        let mut changes = 0;
        let mut before = card(Words::english(), &view, true, 0);
        let round: u64 = expected.iter().map(Card::seconds).sum();
        for ms in (0..round * 1000).step_by(100) {
            let now = card(Words::english(), &view, true, ms);
            changes += u64::from(now != before);
            if seen.last() != Some(&now.0.question.to_string()) {
                seen.push(now.0.question.to_string());
            }
            before = now;
        }
        assert_eq!(changes, round - 1);
        assert_eq!(seen, expected.iter().map(|card| card.headline.clone()).collect::<Vec<_>>());
        assert!(expected.iter().all(|card| (8..=30).contains(&card.seconds())));
    }

    #[test]
    fn a_branch_with_nothing_to_say_says_nothing() {
        assert_eq!(card(Words::english(), &View::default(), false, 12_345), (BoardAnswer::default(), 0.0));
    }
}
