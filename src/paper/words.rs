//! The few words that stand on every paper, in one place for the catalogue to fill.

use crate::phrase::Words;

/// Words of the paper itself, in one language. `{time}` is replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperWords {
    /// Whether the language is written from right to left: the paper is mirrored then.
    pub rtl: bool,
    /// When the ticket was made; `{time}` is the clock time.
    pub made_at: String,
    /// Over the list of what to bring to the desk.
    pub have_ready: String,
    /// Under the QR code.
    pub on_phone: String,
    /// The mark of a reprint: one loud word.
    pub copy: String,
    /// Under that mark: what it means.
    pub copy_note: String,
}

impl Default for PaperWords {
    /// English.
    fn default() -> Self {
        Self::of(Words::english())
    }
}

impl PaperWords {
    /// The words of a language.
    #[must_use]
    pub fn of(words: Words) -> Self {
        Self {
            rtl: words.rtl(),
            made_at: words.made_at("{time}"),
            have_ready: words.have_ready_heading().into(),
            on_phone: words.wait_on_phone().into(),
            copy: words.copy().into(),
            copy_note: words.copy_note().into(),
        }
    }

    pub(super) fn made_at(&self, time: &str) -> String {
        self.made_at.replace("{time}", time)
    }
}
