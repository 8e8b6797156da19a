//! A notice: something affects everyone now.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::queue::{Lang, ServiceId};

/// The ledger's name for a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NoticeId(pub i64);

/// How loud it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Good to know: "The café is closed today."
    #[default]
    Info,
    /// It changes what people can do here: "The card terminal is down."
    Warning,
    /// People may come to harm: "Recall of product X", "Leave the building". In the alarm's colour, and spoken once.
    Urgent,
}

/// A broadcast with an end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// How loud.
    pub level: Level,
    /// What it says, in the branch's first language; one sentence or two, at most 160 characters.
    pub text: String,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<Lang, String>,
    /// For those who wait for this service alone, on their phones; `None`: for everyone, everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceId>,
}

impl Notice {
    /// The longest text, characters.
    pub const LONGEST: usize = 160;

    /// The text for a reader of `language`.
    #[must_use]
    pub fn text(&self, language: &Lang) -> &str {
        self.translations.get(language).unwrap_or(&self.text)
    }
}
