//! The few words that stand on every paper, in one place for the catalogue to fill.

/// Words of the paper itself, in one language. `{time}` is replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperWords {
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
        Self {
            made_at: "Made at {time}".into(),
            have_ready: "Have ready".into(),
            on_phone: "Your wait,\non your phone".into(),
            copy: "COPY".into(),
            copy_note: "Printed again: same number,\nsame place in line".into(),
        }
    }
}

impl PaperWords {
    pub(super) fn made_at(&self, time: &str) -> String {
        self.made_at.replace("{time}", time)
    }
}
