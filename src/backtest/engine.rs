//! The replay: each branch of a history has a floor of its own, is asked for a promise at each issue and scored at each call.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::floor::{Floor, TYPED_S};
use super::score::{Bucket, Guess, Method, Scored, Scores};
use super::{Options, Report, is_service};
use crate::estimate::{Asked, Model, Situation, Third, Tracker, outward};
use crate::history::{Happening, History, HistoryError, Visit, What};
use crate::queue::ServiceId;

/// Predictors that are scored by themselves, each with a range tracked like the promise's.
const SINGLE: [Method; 6] = [Method::Naive, Method::Ql, Method::Les, Method::Hol, Method::Rate, Method::Mc];

/// What was said when a ticket was issued.
#[derive(Debug)]
struct Said {
    service: ServiceId,
    asked: Asked,
    singles: Vec<(Method, crate::estimate::Guess)>,
}

/// One branch.
#[derive(Debug, Default)]
struct Branch {
    floor: Floor,
    said: HashMap<u64, Said>,
    trackers: BTreeMap<Method, Tracker>,
    days: BTreeSet<i64>,
}

/// What a single predictor says, seconds; `None`: it has nothing to go by.
fn single(method: Method, asked: &Asked, situation: &Situation) -> Option<f64> {
    let inputs = asked.forecast.inputs?;
    match method {
        Method::Naive => asked.forecast.naive_s,
        Method::Ql => Some(inputs.queue_s),
        Method::Les => Some(inputs.last_s),
        // with nobody in the line there is no head of it
        Method::Hol => situation.oldest_s.map_or(Some(0), |_| Some(inputs.oldest_s)),
        Method::Rate => Some(inputs.rate_s),
        Method::Mc => inputs.look_s,
        Method::Blend | Method::Promise | Method::Shown => None,
    }
    .map(f64::from)
}

fn range(method: Method, guess: &crate::estimate::Guess) -> Guess {
    Guess::range(method, guess.low_s, guess.middle_s, guess.high_s)
}

impl Branch {
    /// A ticket is issued: what is promised is kept until it is called.
    fn issue(&mut self, visit: &Visit) {
        self.days.insert(visit.day());
        let (service, situation) = self.floor.issued(visit);
        let asked = self.floor.model.forecast(&service, TYPED_S, &situation);
        let singles = SINGLE.into_iter().filter_map(|method| {
            let middle = single(method, &asked, &situation)?;
            Some((method, self.trackers.entry(method).or_default().guess(&service, middle)))
        });
        let singles = singles.collect();
        if visit.called_ms.is_some() || visit.left_ms.is_some() {
            self.said.insert(visit.line, Said { service, asked, singles });
        }
    }

    /// A ticket is called: what had been said, if it waited.
    fn call(&mut self, visit: &Visit, at_ms: i64) -> Option<(Said, f64)> {
        self.floor.called(visit, at_ms);
        let said = self.said.remove(&visit.line)?;
        let wait_s = visit.wait_s().filter(|wait| *wait > 0.0)?;
        self.floor.model.waited(&said.service, &said.asked, wait_s);
        for (method, guess) in &said.singles {
            self.trackers.entry(*method).or_default().learn(&said.service, guess, wait_s);
        }
        Some((said, wait_s))
    }

    /// Takes in what happened; says what had been promised to whoever was called just now.
    fn take(&mut self, happening: &Happening) -> Option<(Said, f64)> {
        let (visit, at_ms) = (&happening.visit, happening.at_ms);
        self.floor.pass(at_ms, visit);
        match happening.what {
            What::Issued => self.issue(visit),
            What::Called => return self.call(visit, at_ms),
            What::Left => {
                self.floor.left(visit, at_ms);
                self.said.remove(&visit.line);
            }
            What::Finished => self.floor.finished(visit, at_ms),
        }
        None
    }
}

fn guesses(said: &Said) -> Vec<Guess> {
    let forecast = &said.asked.forecast;
    let [from_min, to_min] = outward(f64::from(forecast.low_s), f64::from(forecast.high_s));
    let promise = if forecast.simple { &said.asked.simple } else { &said.asked.blend };
    let singles = said.singles.iter().map(|(method, guess)| range(*method, guess));
    let rest = [range(Method::Blend, &said.asked.blend), range(Method::Promise, promise), Guess::shown(from_min, to_min)];
    singles.chain(rest).collect()
}

fn bucket(third: Third) -> Bucket {
    match third {
        Third::Short => Bucket::Short,
        Third::Medium => Bucket::Medium,
        Third::Long => Bucket::Long,
    }
}

pub(super) fn run(mut history: History, options: &Options) -> Result<Report, HistoryError> {
    let mut branches: BTreeMap<u32, Branch> = BTreeMap::new();
    let mut scores = Scores::default();
    while let Some(happening) = history.next() {
        let happening = happening?;
        let visit = &happening.visit;
        let branch = branches.entry(visit.branch).or_default();
        let Some((said, wait_s)) = branch.take(&happening) else { continue };
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
            bucket: bucket(said.asked.blend.length),
            guesses: &guesses(&said),
        });
    }
    let inferred = branches.values().any(|branch| branch.floor.inferred);
    let note = "Where the history does not tell how many desks were open, it was inferred from the calls before.";
    let notes = inferred.then(|| note.to_owned()).into_iter().collect();
    Ok(Report { sets: scores.sets(history.names()), history: history.report().clone(), notes })
}

/// Learns from what happened to a branch's tickets, as a replay does, so that the branch need not begin from nothing.
#[derive(Debug, Default)]
pub struct Learner(Branch);

impl Learner {
    /// Takes in what happened next to a ticket for `service`.
    pub fn take(&mut self, happening: &Happening, service: &ServiceId) {
        self.0.floor.name(happening.visit.service, service);
        self.0.take(happening);
    }

    /// What was learned.
    #[must_use]
    pub fn model(self) -> Model {
        self.0.floor.model
    }
}
