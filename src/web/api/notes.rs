//! What a customer may tell the desk, as it is typed.

use serde::Deserialize;

use crate::ledger::Personal;
use crate::web::Problem;

/// A name and a question; both optional, both short.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Note {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    question: Option<String>,
}

const NAME: usize = 40;
const QUESTION: usize = 300;

/// One line of text: control characters and spaces at the ends are dropped, nothing is kept as nothing.
fn line(text: Option<String>, most: usize, what: &str) -> Result<Option<String>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let text = text.trim();
    if text.chars().count() > most {
        let detail = format!("The {what} is longer than {most} characters. Please shorten it.");
        return Err(Problem::new(axum::http::StatusCode::UNPROCESSABLE_ENTITY, "too-long", detail));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

impl Note {
    /// The note as it is kept.
    pub(in crate::web) fn cleaned(self) -> Result<Personal, Problem> {
        Ok(Personal { name: line(self.name, NAME, "name")?, question: line(self.question, QUESTION, "question")? })
    }
}
