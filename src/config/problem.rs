//! What is wrong with a settings file, for people: file, line, column, what is expected, what was probably meant.

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;

use serde::Serialize;

/// One problem of a settings file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// The column, in characters from 1.
    pub column: usize,
    /// The key it is about: `web.listen`, `service[0].id`. Empty: none.
    pub key: String,
    /// What is wrong and what is allowed, in sentences.
    pub message: String,
    /// What was probably meant.
    pub nearest: Option<String>,
    /// The text of the line.
    #[serde(skip)]
    pub text: String,
    /// How many characters of it the problem covers.
    #[serde(skip)]
    pub width: usize,
}

impl Problem {
    /// A problem with the bytes `span` of `source`.
    pub(super) fn new(source: &str, span: Range<usize>, key: String, message: String) -> Self {
        let start = (0..=span.start.min(source.len())).rev().find(|at| source.is_char_boundary(*at)).unwrap_or(0);
        let before = &source[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let text = source[line_start..].lines().next().unwrap_or_default();
        let column = before[line_start..].chars().count() + 1;
        let end = (line_start + text.len()).min(span.end).max(start);
        let width = source.get(start..end).map_or(1, |part| part.chars().count().max(1));
        Self { line: before.matches('\n').count() + 1, column, key, message, nearest: None, text: text.to_owned(), width }
    }
}

/// Shows the line with a mark under what is wrong.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, message, text, width, .. } = self;
        let margin = line.to_string().len();
        // tabs stay tabs, so that the mark stands under its word
        let indent: String = text.chars().take(column - 1).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        write!(f, "{line}:{column}: {message}\n {line} | {text}\n {:margin$} | {indent}{}", "", "^".repeat(*width))
    }
}

/// A settings file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be read at all.
    #[error("The settings file {} cannot be read", file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It says something wrong.
    #[error("{}", list(file, problems))]
    Invalid {
        /// Which.
        file: PathBuf,
        /// What is wrong, in the order of the file. At least one.
        problems: Vec<Problem>,
    },
}

fn list(file: &std::path::Path, problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(|problem| format!("{}:{problem}", file.display())).collect();
    lines.join("\n")
}
