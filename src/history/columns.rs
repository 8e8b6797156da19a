//! The first line of a history: which column is where.

use super::HistoryError;
use super::fields::Splitter;

/// The columns that are read. Others may stand beside them and are passed over.
const KNOWN: [&str; 9] =
    ["branch", "service", "priority", "issued_at", "called_at", "left_at", "finished_at", "desk", "open_desks"];

/// Where each column stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) branch: Option<usize>,
    pub(super) service: usize,
    pub(super) priority: Option<usize>,
    pub(super) issued_at: usize,
    pub(super) called_at: Option<usize>,
    pub(super) left_at: Option<usize>,
    pub(super) finished_at: Option<usize>,
    pub(super) desk: Option<usize>,
    pub(super) open_desks: Option<usize>,
    /// Number of fields in a line.
    pub(super) width: usize,
    /// Whether it is an export of our own: its last call may be followed by a leave, and its priority is a name.
    pub(super) own: bool,
}

/// What separates fields: what the first line has most of, outside names that a comma may occur in.
pub(super) fn delimiter(first: &str) -> u8 {
    let count = |c: char| first.matches(c).count();
    let (commas, semicolons, tabs) = (count(','), count(';'), count('\t'));
    if tabs > commas && tabs >= semicolons {
        b'\t'
    } else if semicolons > commas {
        b';'
    } else {
        b','
    }
}

impl Columns {
    /// Reads the first line.
    pub(super) fn read(first: &str, splitter: &mut Splitter) -> Result<Self, HistoryError> {
        let fields = splitter.split(first).map_err(|_| HistoryError::Header)?;
        let names: Vec<String> = fields.iter().map(|name| name.trim().to_lowercase()).collect();
        for name in KNOWN {
            if names.iter().filter(|found| *found == name).count() > 1 {
                return Err(HistoryError::TwoColumns { column: name });
            }
        }
        let at = |column: &str| names.iter().position(|name| name == column);
        let must = |column: &'static str| {
            at(column).ok_or_else(|| HistoryError::NoColumn {
                column,
                nearest: nearest(column, &names),
                found: names.iter().map(|name| super::row::short(name)).take(30).collect::<Vec<_>>().join(", "),
            })
        };
        Ok(Self {
            branch: at("branch"),
            service: must("service")?,
            priority: at("priority"),
            issued_at: must("issued_at")?,
            called_at: at("called_at"),
            left_at: at("left_at"),
            finished_at: at("finished_at"),
            desk: at("desk"),
            open_desks: at("open_desks"),
            width: names.len(),
            own: at("number").is_some() && at("started_at").is_some() && at("end").is_some(),
        })
    }
}

/// The column that was probably meant, if one is near.
fn nearest(column: &str, names: &[String]) -> Option<String> {
    let near = |name: &String| strsim::jaro_winkler(column, name);
    let free = names.iter().filter(|name| !KNOWN.contains(&name.as_str()) && !name.is_empty());
    let best = free.max_by(|a, b| near(a).total_cmp(&near(b)))?;
    (near(best) > 0.7).then(|| super::row::short(best))
}
