//! The captions of the screens, language by language.

use nowserving_ui::{BoardWords, KioskWords, LanguageRow};

use crate::phrase::Words;

/// A language to choose, under the name its speakers give it.
pub(super) fn row(words: Words) -> LanguageRow {
    LanguageRow { code: words.code().into(), name: words.own_name().into() }
}

/// The kiosk's captions.
pub(super) fn kiosk(words: Words) -> KioskWords {
    KioskWords {
        title: words.what_can_we_do().into(),
        invitation: words.touch_here().into(),
        your_number: words.your_number().into(),
        ticket_page: words.ticket_page().into(),
        done: words.done().into(),
        next: words.next_person().into(),
        reprint: words.print_again().into(),
        back: words.back_to_start().into(),
        easier: words.easier().into(),
        plain: words.as_before().into(),
        which_language: words.which_language().into(),
        more: words.more().into(),
        touch: words.touch_for_number().into(),
        answers: words.questions_and_answers().into(),
        ask: words.what_is_your_question().into(),
        nothing_found: words.nothing_found().into(),
        did_it: words.did_it_answer().into(),
        yes: words.yes().into(),
        take: words.take_a_number().into(),
        none: words.none_of_these().into(),
        space: words.space_key().into(),
        erase: words.erase_key().into(),
    }
}

/// The board's captions.
pub(super) fn board(words: Words) -> BoardWords {
    BoardWords { waits: words.if_you_came_now().into(), again: words.called_again().into() }
}
