//! What a hub hands to `nowserving snapshot board --entry-file`, so that an entry is drawn by the very screen of the hall, in a
//! process of its own.

use serde::{Deserialize, Serialize};

use super::ScreenFacts;
use crate::queue::View;

/// An entry on a board, and all that stands around it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoardPreview {
    /// The branch as it stands.
    pub view: View,
    /// How its screens look.
    pub screens: ScreenFacts,
    /// Where phones reach it.
    pub public_url: String,
    /// The code of the language that the board speaks.
    pub language: String,
    /// The service that the entry is for, by name; empty: everyone.
    pub service: String,
    /// That service's colour, by its name among the tokens; empty: none.
    pub accent: String,
    /// The question.
    pub question: String,
    /// The short answer.
    pub short: String,
}
