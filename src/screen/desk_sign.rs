//! The sign over one desk.

use nowserving_ui::slint::Color;
use nowserving_ui::{Pointing, accent};

use super::dress::Dress;
use super::known::{Known, accent_of};
use super::news::News;
use crate::queue::{DeskId, DeskPhase, EMPHASIS_MS, Moment};

/// What a desk's sign knows.
#[derive(Clone, Debug)]
pub struct DeskSign {
    /// What it heard.
    pub known: Known,
    desk: DeskId,
    arrow: Pointing,
    fresh_until: u64,
}

/// What stands on the sign.
#[derive(Clone, Debug, PartialEq)]
pub struct DeskSignShown {
    /// What it wears.
    pub dress: Dress,
    /// Where the desk is, seen from the sign.
    pub arrow: Pointing,
    /// Just called.
    pub fresh: bool,
    /// The desk's name.
    pub desk: String,
    /// Whom the desk has; empty: nobody.
    pub number: String,
    /// That one's service's colour.
    pub accent: Color,
    /// What to do.
    pub text: String,
    /// Since when the connection is lost.
    pub lost: String,
    /// What concerns everyone now, and how loud it is.
    pub notice: (String, u8),
}

impl DeskSign {
    /// The sign of a desk, with the way its arrow points.
    #[must_use]
    pub fn new(desk: DeskId, arrow: Pointing) -> Self {
        Self { known: Known::default(), desk, arrow, fresh_until: 0 }
    }

    /// Takes in what was heard. A call is shown at once: this sign is for one desk, and nothing has to wait for its turn.
    pub fn hear(&mut self, news: &News, at: &Moment) {
        let before = self.known.view.clone();
        self.known.hear(news, at);
        let now = self.known.view.as_deref().and_then(|view| view.desk(&self.desk));
        if let (Some(before), Some(now)) = (before.as_deref().and_then(|view| view.desk(&self.desk)), now)
            && now.number.is_some()
            && (now.number != before.number || now.invitations > before.invitations)
        {
            self.fresh_until = at.mono_ms + EMPHASIS_MS;
        }
    }

    /// What stands on the sign.
    #[must_use]
    pub fn shown(&self, at: &Moment) -> DeskSignShown {
        let words = self.known.house();
        let mut shown = DeskSignShown {
            dress: Dress::of(&self.known, words),
            arrow: self.arrow,
            fresh: at.mono_ms < self.fresh_until,
            desk: self.desk.to_string(),
            number: String::new(),
            accent: accent(""),
            text: words.starting().into(),
            lost: self.known.lost_since(words, at).map(|since| words.lost_since(&since)).unwrap_or_default(),
            notice: Default::default(),
        };
        let Some(view) = self.known.view.as_deref() else { return shown };
        shown.notice = self.known.notice(words, view, String::new(), at);
        let Some(row) = view.desk(&self.desk) else {
            shown.text = words.no_such_desk(self.desk.as_str());
            return shown;
        };
        shown.desk.clone_from(&row.name);
        shown.number = row.number.as_ref().map(ToString::to_string).unwrap_or_default();
        if let Some(service) = &row.service {
            shown.accent = accent_of(view, service);
        }
        shown.text = match (row.number.is_some(), row.phase) {
            (true, _) if row.serving => words.being_served(),
            (true, _) if row.invitations > 1 => words.come_again(),
            (true, _) => words.come(),
            (false, DeskPhase::Open) => words.desk_free(),
            (false, DeskPhase::Paused) => words.desk_paused(),
            (false, DeskPhase::Closed) => words.desk_closed(),
        }
        .into();
        shown
    }
}
