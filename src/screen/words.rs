//! The captions of the screens, language by language.

use nowserving_ui::{BoardWords, KioskWords, LanguageRow};

use crate::phrase;

/// The language that screens speak until somebody chooses another.
pub(super) const HOUSE: &str = "en";

/// The languages to choose from, each under the name its speakers give it.
pub(super) fn languages() -> Vec<LanguageRow> {
    [("en", "English")].map(|(code, name)| LanguageRow { code: code.into(), name: name.into() }).to_vec()
}

/// What a language is called by its speakers.
pub(super) fn name_of(code: &str) -> String {
    languages().into_iter().find(|row| row.code == code).map_or_else(|| code.to_owned(), |row| row.name.to_string())
}

/// Whether a language runs from right to left.
pub(super) fn rtl(code: &str) -> bool {
    matches!(code, "ar" | "he")
}

/// The kiosk's captions.
pub(super) fn kiosk(_language: &str) -> KioskWords {
    KioskWords {
        title: phrase::WHAT_CAN_WE_DO.into(),
        invitation: phrase::TOUCH_HERE.into(),
        your_number: phrase::YOUR_NUMBER.into(),
        ticket_page: phrase::TICKET_PAGE.into(),
        done: phrase::DONE.into(),
        next: phrase::NEXT_PERSON.into(),
        reprint: phrase::PRINT_AGAIN.into(),
        back: phrase::BACK_TO_START.into(),
        easier: phrase::EASIER.into(),
        plain: phrase::AS_BEFORE.into(),
        which_language: phrase::WHICH_LANGUAGE.into(),
        more: phrase::MORE.into(),
        touch: phrase::TOUCH_FOR_NUMBER.into(),
    }
}

/// The board's captions.
pub(super) fn board(_language: &str) -> BoardWords {
    BoardWords { waits: phrase::IF_YOU_CAME_NOW.into(), again: phrase::CALLED_AGAIN.into() }
}
