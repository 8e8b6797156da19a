//! The replay. This is a stand-in that knows the naive predictor only.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use super::score::{Bucket, Guess, Method, Scored, Scores};
use super::{Options, Report, is_service};
use crate::history::{Happening, History, HistoryError, Visit, What};

/// Services remembered.
const REMEMBERED: usize = 50;
/// A desk that called within this time counts as open where the history does not say.
const ACTIVE_MS: i64 = 30 * 60_000;

/// One branch.
#[derive(Default)]
struct Branch {
    /// Lines of the tickets that wait.
    waiting: HashSet<u64>,
    /// Recent services, milliseconds.
    services: VecDeque<i64>,
    /// Recent calls by desk.
    calls: VecDeque<(i64, u32)>,
    /// What was said at issue, seconds, by line.
    said: HashMap<u64, f64>,
    days: BTreeSet<i64>,
}

impl Branch {
    fn naive(&self, visit: &Visit) -> f64 {
        let sum: i64 = self.services.iter().sum();
        let mean = if self.services.is_empty() { 240_000.0 } else { sum as f64 / self.services.len() as f64 };
        let recent = self.calls.iter().filter(|(at, _)| *at >= visit.issued_ms - ACTIVE_MS);
        let active = recent.map(|(_, desk)| *desk).collect::<BTreeSet<_>>().len();
        let desks = visit.open_desks.map_or(active as f64, f64::from).max(1.0);
        mean / 1000.0 * self.waiting.len() as f64 / desks
    }

    fn observe(&mut self, happening: &Happening) {
        let visit = &happening.visit;
        match happening.what {
            What::Issued => {
                self.days.insert(visit.day());
                self.said.insert(visit.line, self.naive(visit));
                if visit.called_ms.is_some() || visit.left_ms.is_some() {
                    self.waiting.insert(visit.line);
                }
            }
            What::Called => {
                self.waiting.remove(&visit.line);
                self.calls.extend(visit.desk.map(|desk| (happening.at_ms, desk)));
                while self.calls.front().is_some_and(|(at, _)| *at < happening.at_ms - ACTIVE_MS) {
                    self.calls.pop_front();
                }
            }
            What::Left => {
                self.waiting.remove(&visit.line);
                self.said.remove(&visit.line);
            }
            What::Finished => {
                self.services.extend(visit.called_ms.map(|called| happening.at_ms - called));
                while self.services.len() > REMEMBERED {
                    self.services.pop_front();
                }
            }
        }
    }
}

pub(super) fn run(mut history: History, options: &Options) -> Result<Report, HistoryError> {
    let mut branches: HashMap<u32, Branch> = HashMap::new();
    let mut scores = Scores::default();
    while let Some(happening) = history.next() {
        let happening = happening?;
        let visit = &happening.visit;
        let branch = branches.entry(visit.branch).or_default();
        branch.observe(&happening);
        let Some(wait_s) = visit.wait_s().filter(|wait| happening.what == What::Called && *wait > 0.0) else { continue };
        let Some(said) = branch.said.remove(&visit.line) else { continue };
        let names = history.names();
        if !is_service(options.service.as_deref(), names.branch(visit.branch), names.service(visit.service)) {
            continue;
        }
        let nth_day = branch.days.range(..visit.day()).count();
        scores.take(&Scored {
            service: visit.service,
            day: &visit.date(),
            first_days: nth_day < options.skip_days as usize,
            wait_s,
            bucket: match said {
                ..300.0 => Bucket::Short,
                ..900.0 => Bucket::Medium,
                _ => Bucket::Long,
            },
            guesses: &[Guess::point(Method::Naive, said)],
        });
    }
    Ok(Report { sets: scores.sets(history.names()), history: history.report().clone(), notes: Vec::new() })
}
