//! What makes a file unreadable.

use std::path::PathBuf;

/// What makes a file unreadable as a history.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// It cannot be opened.
    #[error("{path} cannot be opened")]
    Open {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Reading failed on the way.
    #[error("The file cannot be read to its end: it may be cut off or damaged")]
    Read(#[from] std::io::Error),
    /// It is in another encoding.
    #[error("The file is UTF-16. Save it as UTF-8.")]
    Utf16,
    /// There is nothing in it.
    #[error("The file is empty. Its first line must name the columns, service and issued_at at least.")]
    Empty,
    /// The first line is not a line of names.
    #[error("The first line cannot be read. It must name the columns, service and issued_at at least, in UTF-8.")]
    Header,
    /// A column that must be there is not.
    #[error("The column `{column}` is missing{}. The first line has: {found}.", meant(.nearest.as_deref(), .column))]
    NoColumn {
        /// Which.
        column: &'static str,
        /// What was probably meant for it.
        nearest: Option<String>,
        /// What is there.
        found: String,
    },
    /// A column occurs twice.
    #[error("The column `{column}` occurs twice in the first line. Rename one of them.")]
    TwoColumns {
        /// Which.
        column: &'static str,
    },
}

fn meant(nearest: Option<&str>, column: &str) -> String {
    nearest.map(|nearest| format!("; is it `{nearest}`? Rename that to `{column}`")).unwrap_or_default()
}
