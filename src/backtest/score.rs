//! Scores of predictions against what came, as sets of tickets.
//!
//! Nothing grows with the number of tickets: sums, shares, and a histogram of absolute errors for the median. Sums are taken in the order of the tickets: the same history
//! gives the same bytes.

use std::collections::BTreeMap;

use serde::Serialize;

use super::histogram::Histogram;
use crate::history::Names;

/// Who predicts. Ordered as reports list them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Mean of past transaction times × people ahead ÷ desks: what everyone does.
    Naive,
    /// Queue length: (ahead + 1) × the service's mean ÷ desks.
    Ql,
    /// The last wait that ended in a call.
    Les,
    /// How long the head of the line has waited.
    Hol,
    /// Desk-seconds per call while people wait.
    Rate,
    /// A Monte Carlo run of the rule ahead.
    Mc,
    /// All of them, weighted by what they were worth.
    Blend,
    /// The range given at issue, before rounding.
    Promise,
    /// The range as it was shown, in whole minutes.
    Shown,
}

impl Method {
    /// Its name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Naive => "naive",
            Self::Ql => "ql",
            Self::Les => "les",
            Self::Hol => "hol",
            Self::Rate => "rate",
            Self::Mc => "mc",
            Self::Blend => "blend",
            Self::Promise => "promise",
            Self::Shown => "shown",
        }
    }
}

/// How long the wait was predicted to be, as against the branch's other waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bucket {
    /// The lower third.
    Short,
    /// The middle third.
    Medium,
    /// The upper third.
    Long,
}

/// What one method said about one ticket, seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guess {
    /// Who.
    pub method: Method,
    /// The middle: half of all waits should be shorter.
    pub mid_s: f64,
    /// The ends that one wait in ten should stay below, and one in ten exceed.
    pub ends_s: Option<(f64, f64)>,
}

impl Guess {
    /// A single value.
    #[must_use]
    pub fn point(method: Method, mid_s: f64) -> Self {
        Self { method, mid_s, ends_s: None }
    }

    /// A value with its 10 % and 90 % ends.
    #[must_use]
    pub fn range(method: Method, low_s: f64, mid_s: f64, high_s: f64) -> Self {
        Self { method, mid_s, ends_s: Some((low_s, high_s)) }
    }

    /// A range as it was shown, in minutes; its middle counts as its value.
    #[must_use]
    pub fn shown(from_min: u32, to_min: u32) -> Self {
        let (low, high) = (f64::from(from_min) * 60.0, f64::from(to_min) * 60.0);
        Self::range(Method::Shown, low, f64::midpoint(low, high), high)
    }
}

/// A ticket that was called, with everything that was said about its wait when it was issued.
#[derive(Clone, Copy, Debug)]
pub struct Scored<'a> {
    /// Its service: an index into [`Names::services`].
    pub service: u32,
    /// The local day of its issue, `YYYY-MM-DD`.
    pub day: &'a str,
    /// Whether it was issued in its branch's first days, which count apart.
    pub first_days: bool,
    /// Issue to call, seconds.
    pub wait_s: f64,
    /// How long its wait was predicted to be.
    pub bucket: Bucket,
    /// What was said; each method at most once, [`Method::Promise`] and [`Method::Shown`] among them.
    pub guesses: &'a [Guess],
}

/// The figures of one method over one set of tickets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Tickets that it said something about.
    pub n: u64,
    /// Mean absolute error, minutes.
    pub mae_min: f64,
    /// Median absolute error, minutes.
    pub medae_min: f64,
    /// Its mean absolute error over the naive one's, on the tickets that both said something about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mae_over_naive: Option<f64>,
    /// The figures of its range, where it gives one.
    #[serde(flatten)]
    pub range: Option<RangeFigures>,
}

/// The figures of a method's range over one set of tickets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct RangeFigures {
    /// Share of the waits that ended within it, its ends included.
    pub inside: f64,
    /// Share that was called before its lower end.
    pub earlier: f64,
    /// Share that was called after its upper end.
    pub later: f64,
    /// Mean width, minutes.
    pub width_min: f64,
    /// Mean pinball loss of the quantiles 0.1, 0.5 and 0.9, minutes.
    pub pinball: f64,
}

/// A set of tickets with the figures of every method.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Set {
    /// `all`, `bucket:short`…, `first_days`, `service:NAME`, `day:YYYY-MM-DD`.
    pub set: String,
    /// Tickets in it.
    pub n: u64,
    /// The figures by method.
    pub methods: BTreeMap<Method, Figures>,
}

/// Scores that are being taken.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    all: Tally,
    buckets: BTreeMap<Bucket, Tally>,
    first_days: Tally,
    services: BTreeMap<u32, Tally>,
    days: BTreeMap<String, Tally>,
}

impl Scores {
    /// Takes in a ticket. `all`, the buckets and the services count what came after a branch's first days, `first_days` the
    /// rest, the days everything.
    pub fn take(&mut self, ticket: &Scored<'_>) {
        match self.days.get_mut(ticket.day) {
            Some(day) => day.take(ticket),
            None => self.days.entry(ticket.day.to_owned()).or_default().take(ticket),
        }
        if ticket.first_days {
            self.first_days.take(ticket);
            return;
        }
        self.all.take(ticket);
        self.buckets.entry(ticket.bucket).or_default().take(ticket);
        self.services.entry(ticket.service).or_default().take(ticket);
    }

    /// Every set, also those that have no tickets; then services and days in the order of their names. `names` are those of the
    /// whole history: only at its end is it known whether it has several branches, which then stand before their services.
    #[must_use]
    pub fn sets(&self, names: &Names) -> Vec<Set> {
        let none = Tally::default();
        let bucket = |bucket| self.buckets.get(&bucket).unwrap_or(&none);
        let mut sets = vec![
            self.all.set("all".into()),
            bucket(Bucket::Short).set("bucket:short".into()),
            bucket(Bucket::Medium).set("bucket:medium".into()),
            bucket(Bucket::Long).set("bucket:long".into()),
            self.first_days.set("first_days".into()),
        ];
        let services = self.services.iter().map(|(service, tally)| (names.service_label(*service), tally));
        sets.extend(
            services.collect::<BTreeMap<_, _>>().into_iter().map(|(name, tally)| tally.set(format!("service:{name}"))),
        );
        sets.extend(self.days.iter().map(|(day, tally)| tally.set(format!("day:{day}"))));
        sets
    }
}

/// Sums of one set.
#[derive(Clone, Debug, Default)]
struct Tally {
    n: u64,
    methods: BTreeMap<Method, Sums>,
}

impl Tally {
    fn take(&mut self, ticket: &Scored<'_>) {
        self.n += 1;
        let naive = ticket.guesses.iter().find(|guess| guess.method == Method::Naive);
        let naive = naive.map(|guess| (ticket.wait_s - guess.mid_s).abs());
        for guess in ticket.guesses {
            self.methods.entry(guess.method).or_default().take(ticket.wait_s, guess, naive);
        }
    }

    fn set(&self, set: String) -> Set {
        let methods = self.methods.iter().map(|(method, sums)| (*method, sums.figures())).collect();
        Set { set, n: self.n, methods }
    }
}

/// Sums of one method, seconds.
#[derive(Clone, Debug, Default)]
struct Sums {
    n: u64,
    error: f64,
    errors: Histogram,
    /// Where the naive method spoke too: this one's error, and its.
    beside_naive: (f64, f64),
    ranges: u64,
    earlier: u64,
    later: u64,
    width: f64,
    pinball: f64,
}

impl Sums {
    fn take(&mut self, wait: f64, guess: &Guess, naive: Option<f64>) {
        let error = (wait - guess.mid_s).abs();
        self.n += 1;
        self.error += error;
        self.errors.add(error);
        if let Some(naive) = naive {
            self.beside_naive.0 += error;
            self.beside_naive.1 += naive;
        }
        let Some((low, high)) = guess.ends_s else { return };
        self.ranges += 1;
        self.earlier += u64::from(wait < low);
        self.later += u64::from(wait > high);
        self.width += high - low;
        self.pinball += (pinball(0.1, wait - low) + pinball(0.5, wait - guess.mid_s) + pinball(0.9, wait - high)) / 3.0;
    }

    fn figures(&self) -> Figures {
        let share = |sum: f64, n: u64| if n == 0 { 0.0 } else { round(sum / n as f64) };
        let of_ranges = |count: u64| share(count as f64, self.ranges);
        let range = (self.ranges > 0).then(|| RangeFigures {
            inside: of_ranges(self.ranges - self.earlier - self.later),
            earlier: of_ranges(self.earlier),
            later: of_ranges(self.later),
            width_min: share(self.width / 60.0, self.ranges),
            pinball: share(self.pinball / 60.0, self.ranges),
        });
        let (own, naive) = self.beside_naive;
        Figures {
            n: self.n,
            mae_min: share(self.error / 60.0, self.n),
            medae_min: round(self.errors.median().unwrap_or(0.0) / 60.0),
            mae_over_naive: (naive > 0.0).then(|| round(own / naive)),
            range,
        }
    }
}

/// The loss of a quantile `q` that was missed by `miss` (positive: the wait was longer). Koenker and Bassett 1978.
fn pinball(q: f64, miss: f64) -> f64 {
    if miss >= 0.0 { q * miss } else { (q - 1.0) * miss }
}

/// To a millionth: enough for every reader, and no noise of the last binary places.
fn round(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scored<'a>(wait_min: f64, guesses: &'a [Guess]) -> Scored<'a> {
        Scored { service: 0, day: "2020-01-02", first_days: false, wait_s: wait_min * 60.0, bucket: Bucket::Short, guesses }
    }

    fn names() -> Names {
        let text = "service,issued_at\nR,2020-01-02 09:00\n";
        let mut history = crate::history::History::read(text.as_bytes(), crate::history::Options::default()).unwrap();
        assert_eq!(history.by_ref().count(), 1);
        history.names().clone()
    }

    fn find<'a>(sets: &'a [Set], name: &str) -> &'a Set {
        sets.iter().find(|set| set.set == name).unwrap()
    }

    #[test]
    fn figures_by_hand() {
        let mut scores = Scores::default();
        for (wait, naive) in [(10.0, 14.0), (20.0, 18.0), (30.0, 36.0)] {
            let guesses = [
                Guess::point(Method::Naive, naive * 60.0),
                Guess::range(Method::Promise, 600.0, 1200.0, 1500.0),
                Guess::shown(10, 20),
            ];
            scores.take(&scored(wait, &guesses));
        }
        let sets = scores.sets(&names());
        let all = find(&sets, "all");
        assert_eq!(
            (all.n, find(&sets, "bucket:short"), find(&sets, "service:R").n),
            (3, &Set { set: "bucket:short".into(), ..all.clone() }, 3)
        );
        let naive = all.methods[&Method::Naive];
        assert_eq!(
            (naive.n, naive.mae_min, naive.medae_min, naive.mae_over_naive, naive.range),
            (3, 4.0, 4.0, Some(1.0), None)
        );
        let promise = all.methods[&Method::Promise];
        assert_eq!((promise.mae_min, promise.medae_min), (6.666_667, 10.0));
        assert_eq!(promise.mae_over_naive, Some(1.666_667));
        let range = promise.range.unwrap();
        assert_eq!((range.inside, range.earlier, range.later, range.width_min), (0.666_667, 0.0, 0.333_333, 15.0));
        // low end: 0, 1, 2; middle: 5, 0, 5; high end: 1.5, .5, 4.5
        assert_eq!(range.pinball, 2.166_667);
        let shown = all.methods[&Method::Shown];
        assert_eq!(
            (shown.mae_min, shown.range.unwrap().inside, shown.range.unwrap().width_min),
            (8.333_333, 0.666_667, 10.0)
        );
    }

    #[test]
    fn first_days_count_apart_and_days_count_everything() {
        let guesses = [Guess::point(Method::Naive, 60.0)];
        let mut scores = Scores::default();
        scores.take(&Scored { first_days: true, ..scored(1.0, &guesses) });
        scores.take(&Scored { bucket: Bucket::Long, day: "2020-01-04", ..scored(2.0, &guesses) });
        let sets = scores.sets(&names());
        let counts: Vec<(&str, u64)> = sets.iter().map(|set| (set.set.as_str(), set.n)).collect();
        let expected = [
            ("all", 1),
            ("bucket:short", 0),
            ("bucket:medium", 0),
            ("bucket:long", 1),
            ("first_days", 1),
            ("service:R", 1),
            ("day:2020-01-02", 1),
            ("day:2020-01-04", 1),
        ];
        assert_eq!(counts, expected);
    }

    #[test]
    fn a_set_is_written_as_programs_expect_it() {
        let mut scores = Scores::default();
        let guesses = [Guess::point(Method::Naive, 120.0), Guess::range(Method::Promise, 0.0, 60.0, 180.0)];
        scores.take(&scored(1.0, &guesses));
        assert_eq!(
            serde_json::to_string(&scores.sets(&names())[0]).unwrap(),
            r#"{"set":"all","n":1,"methods":{"naive":{"n":1,"mae_min":1.0,"medae_min":1.0,"mae_over_naive":1.0},"promise":{"n":1,"mae_min":0.0,"medae_min":0.0,"mae_over_naive":0.0,"inside":1.0,"earlier":0.0,"later":0.0,"width_min":3.0,"pinball":0.1}}}"#
        );
    }

    proptest! {
        /// The 10, 50 and 90 % points of the waits themselves have the least loss: the figure rewards honesty.
        #[test]
        fn pinball_is_least_at_the_true_quantile(q in 1..10_u32, off in -30..30_i32) {
            let loss = |guess: f64| (0..100).map(|wait| pinball(f64::from(q) / 10.0, f64::from(wait) - guess)).sum::<f64>();
            let truth = f64::from(q) * 10.0 - 0.5;
            prop_assert!(loss(truth) <= loss(truth + f64::from(off)) + 1e-9);
        }
    }
}
