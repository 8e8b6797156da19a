//! The few words that stand on every paper, in one place for the catalogue to fill.

use crate::phrase::Words;

/// Words of the paper itself, in one language. `{time}` and `{desks}` are replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperWords {
    /// Whether the language is written from right to left: the paper is mirrored then.
    pub rtl: bool,
    /// When the ticket was made; `{time}` is the clock time.
    pub made_at: String,
    /// Where to go; `{desks}` are the names of the desks that take the service.
    pub desks: String,
    /// Between the names of desks.
    pub comma: String,
    /// Where to go, if too many desks take the service to name them.
    pub watch: String,
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
            desks: words.called_to("{desks}"),
            comma: words.comma().into(),
            watch: words.watch_board().into(),
            have_ready: words.have_ready_heading().into(),
            on_phone: words.wait_on_phone().into(),
            copy: words.copy().into(),
            copy_note: words.copy_note().into(),
        }
    }

    pub(super) fn made_at(&self, time: &str) -> String {
        self.made_at.replace("{time}", time)
    }

    pub(super) fn desks(&self, desks: &[&str]) -> String {
        let names = desks.join(&self.comma);
        // few words stay on one line; of a longer list each name does
        let names = if names.chars().count() <= 16 {
            names.replace(' ', "\u{a0}")
        } else {
            desks.iter().map(|name| name.replace(' ', "\u{a0}")).collect::<Vec<_>>().join(&self.comma)
        };
        self.desks.replace("{desks}", &names)
    }
}
