//! One ticket, and what happens to it.

/// One ticket of a history.
///
/// Times are milliseconds since 1970 UTC if the file's times carry an offset or a time zone was given. Without either they are
/// the local clock's times, counted as if they were UTC; differences are right but for a night when the clocks were changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Visit {
    /// Its line in the file, from 2 on.
    pub line: u64,
    /// An index into [`Names::branches`](super::Names::branches).
    pub branch: u32,
    /// An index into [`Names::services`](super::Names::services); two branches never share a service.
    pub service: u32,
    /// 0 is none; more goes before less.
    pub priority: u8,
    /// When it was issued.
    pub issued_ms: i64,
    /// Local time ahead of these times at issue, seconds: 0 where they are local already.
    pub offset_s: i32,
    /// When it was called, not before its issue. A row with a call has no leave.
    pub called_ms: Option<i64>,
    /// When the customer gave up, not before the issue.
    pub left_ms: Option<i64>,
    /// When service ended, not before the call. `None` is common: many systems do not know.
    pub finished_ms: Option<i64>,
    /// The desk that called it: an index into [`Names::desks`](super::Names::desks) of its branch.
    pub desk: Option<u32>,
    /// Desks open at issue.
    pub open_desks: Option<u32>,
}

impl Visit {
    /// Issue to call, seconds; `None` if it was not called.
    #[must_use]
    pub fn wait_s(&self) -> Option<f64> {
        self.called_ms.map(|called| (called - self.issued_ms) as f64 / 1000.0)
    }

    /// The local day of its issue, counted from 1970-01-01.
    #[must_use]
    pub fn day(&self) -> i64 {
        (self.issued_ms + i64::from(self.offset_s) * 1000).div_euclid(86_400_000)
    }

    /// The name of that day, `YYYY-MM-DD`.
    #[must_use]
    pub fn date(&self) -> String {
        let date = chrono::DateTime::from_timestamp(self.day() * 86_400, 0);
        date.map(|date| date.format("%Y-%m-%d").to_string()).unwrap_or_default()
    }
}

/// What happened. Ordered as things happen that share a millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Service ended.
    Finished,
    /// The customer gave up.
    Left,
    /// A desk called.
    Called,
    /// The ticket was taken.
    Issued,
}

/// Something that happened to a ticket. `visit` tells the whole ticket, its future too: whoever must not know takes care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Happening {
    /// When; as the times of [`Visit`].
    pub at_ms: i64,
    /// What.
    pub what: What,
    /// To which ticket.
    pub visit: Visit,
}
