//! The few words that stand on every paper, in one place for the catalogue to fill.

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
        Self {
            rtl: false,
            made_at: "Made at {time}".into(),
            desks: "You will be called to {desks}".into(),
            comma: ", ".into(),
            watch: "The board says which desk.".into(),
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
