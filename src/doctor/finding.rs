//! What a check says.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::Value;

/// How it is with a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// The branch works; a person should look at this when there is time.
    Warn,
    /// Something does not work, or customers will feel it soon.
    Fail,
}

impl Verdict {
    /// The word at the beginning of a line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// One thing that was looked at. A warning or a failure cannot be made without saying how it is mended.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// What it is about: `disk`, `printer`, `button Returns`.
    pub part: String,
    /// How it is.
    pub verdict: Verdict,
    /// What was found, a sentence.
    pub what: String,
    /// What to do about it, a sentence; `null` for what is well.
    pub mend: Option<String>,
    /// What was measured or read, for programs.
    #[serde(serialize_with = "object")]
    pub facts: BTreeMap<&'static str, Value>,
}

fn object<S: Serializer>(facts: &BTreeMap<&'static str, Value>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(facts)
}

impl Finding {
    /// It is well.
    pub fn ok(part: impl Into<String>, what: impl Into<String>) -> Self {
        Self { part: part.into(), verdict: Verdict::Ok, what: what.into(), mend: None, facts: BTreeMap::new() }
    }

    /// It works, but.
    pub fn warn(part: impl Into<String>, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { verdict: Verdict::Warn, mend: Some(mend.into()), ..Self::ok(part, what) }
    }

    /// It does not work.
    pub fn fail(part: impl Into<String>, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { verdict: Verdict::Fail, mend: Some(mend.into()), ..Self::ok(part, what) }
    }

    /// The same, with something that was measured or read.
    #[must_use]
    pub fn fact(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.facts.insert(name, value.into());
        self
    }

    /// Takes up another finding about the same part.
    fn join(&mut self, other: Self) {
        self.verdict = self.verdict.max(other.verdict);
        self.what = format!("{} {}", self.what, other.what);
        self.mend = match (self.mend.take(), other.mend) {
            (Some(own), Some(others)) if own != others => Some(format!("{own} Also: {others}")),
            (own, others) => own.or(others),
        };
        self.facts.extend(other.facts);
    }
}

/// One check's findings with one for each part: the worst verdict of a part, and all that was said of it. The settings file keeps a
/// finding for each problem, since each has its own line of the file.
pub(super) fn one_each(found: Vec<Finding>) -> Vec<Finding> {
    let mut all: Vec<Finding> = Vec::with_capacity(found.len());
    for finding in found {
        match all.iter_mut().find(|one| one.part == finding.part && one.part != "settings") {
            Some(one) => one.join(finding),
            None => all.push(finding),
        }
    }
    all
}

/// Everything that was looked at.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The program's version.
    pub version: &'static str,
    /// The worst of all findings.
    pub verdict: Verdict,
    /// In the order in which they were looked at.
    pub findings: Vec<Finding>,
}

impl Report {
    /// A report of these findings.
    #[must_use]
    pub fn of(findings: Vec<Finding>) -> Self {
        let verdict = findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Ok);
        Self { version: env!("CARGO_PKG_VERSION"), verdict, findings }
    }

    /// How many have this verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.findings.iter().filter(|finding| finding.verdict == verdict).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_one_part_is_one_finding() {
        let found = vec![
            Finding::ok("sound", "A card is here.").fact("cards", 1),
            Finding::ok("voice", "It speaks."),
            Finding::warn("sound", "No player.", "Install it."),
            Finding::fail("sound", "No engine.", "Build one."),
        ];
        let found = one_each(found);
        let sound = Finding::fail("sound", "A card is here. No player. No engine.", "Install it. Also: Build one.");
        assert_eq!(found, [sound.fact("cards", 1), Finding::ok("voice", "It speaks.")]);
    }

    #[test]
    fn the_worst_finding_is_the_reports_verdict() {
        assert_eq!(Report::of(Vec::new()).verdict, Verdict::Ok);
        let warn = Finding::warn("clock", "It is late.", "Wind it.");
        assert_eq!(Report::of(vec![warn.clone(), Finding::ok("disk", "Fine.")]).verdict, Verdict::Warn);
        let report = Report::of(vec![Finding::fail("disk", "Gone.", "Find it."), warn]);
        assert_eq!((report.verdict, report.count(Verdict::Warn)), (Verdict::Fail, 1));
    }
}
