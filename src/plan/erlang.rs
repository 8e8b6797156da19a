//! The play against a textbook: one service, exponential times, nobody who leaves. That is an M/M/c line, whose waits Erlang
//! worked out in 1917 (as in Gross, Shortle, Thompson and Harris, "Fundamentals of Queueing Theory", section on M/M/c).

use rand::SeedableRng;
use rand_distr::{Distribution, Exp};
use rand_pcg::Pcg64;

use super::model::{Arrival, Customer};
use super::play::{BranchRule, Fate, play};
use super::{Ms, OpenSpan};
use crate::queue::{Desk, Rules, Service};

/// Four minutes in the mean, milliseconds.
const SERVICE: f64 = 240_000.0;
const BATCHES: usize = 30;
const BATCH: usize = 1000;
const WARM_UP: usize = 1000;
/// Student's t, 29 degrees of freedom, 99 % two-sided.
const T_99: f64 = 2.756;

/// Erlang's C: the probability that who comes must wait, with `a` erlangs offered to `c` desks.
fn erlang_c(c: u32, a: f64) -> f64 {
    // by Erlang's B, whose recursion does not overflow
    let b = (1..=c).fold(1.0, |b, k| a * b / (f64::from(k) + a * b));
    let c = f64::from(c);
    c * b / (c - a * (1.0 - b))
}

/// The mean wait, in the mean length of a service.
fn mean_wait(c: u32, a: f64) -> f64 {
    erlang_c(c, a) / (f64::from(c) - a)
}

/// A mean with the half width of its 99 % confidence interval, by batch means.
#[derive(Debug)]
struct Measured {
    mean: f64,
    half: f64,
}

impl Measured {
    fn of(values: &[f64]) -> Self {
        let batches: Vec<f64> = values.chunks(BATCH).map(|batch| batch.iter().sum::<f64>() / batch.len() as f64).collect();
        let n = batches.len() as f64;
        let mean = batches.iter().sum::<f64>() / n;
        let variance = batches.iter().map(|batch| (batch - mean).powi(2)).sum::<f64>() / (n - 1.0);
        Self { mean, half: T_99 * (variance / n).sqrt() }
    }

    fn holds(&self, value: f64) -> bool {
        (value - self.mean).abs() <= self.half
    }
}

/// Plays a long line: `c` desks, each busy for `load` of the time. The mean wait in services, and the share that waits.
fn simulate(c: u32, load: f64, seed: u64) -> (Measured, Measured) {
    let mut rng = Pcg64::seed_from_u64(seed);
    let gaps = Exp::new(load * f64::from(c) / SERVICE).unwrap();
    let times = Exp::new(1.0 / SERVICE).unwrap();
    let mut at = 0.0;
    let mut customers = Vec::new();
    for _ in 0..WARM_UP + BATCHES * BATCH {
        at += gaps.sample(&mut rng);
        customers.push(Customer {
            arrival: Arrival { at: at as Ms, service: "R".into(), class: None },
            walk: 0,
            visit: times.sample(&mut rng) as Ms,
            gap: 0,
            patience: None,
            answered: None,
            vain: None,
            back: None,
        });
    }
    let desks: Vec<Desk> = (1..=c).map(|n| Desk::new(&n.to_string(), &format!("Desk {n}"))).collect();
    let spans: Vec<_> = desks.iter().map(|desk| OpenSpan { desk: desk.id.clone(), from: 0, to: at as Ms + 1 }).collect();
    let services = vec![Service::new("R", "Returns", "", "rust")];
    let played = play(&BranchRule { services, desks, rules: Rules::default() }, &spans, &customers).unwrap();
    assert!(played.visits.iter().all(|visit| visit.fate == Fate::Served));
    let waits: Vec<f64> = played.visits[WARM_UP..].iter().map(|visit| visit.waited as f64).collect();
    let mean: Vec<f64> = waits.iter().map(|wait| wait / SERVICE).collect();
    let waited: Vec<f64> = waits.iter().map(|wait| f64::from(u8::from(*wait > 0.0))).collect();
    (Measured::of(&mean), Measured::of(&waited))
}

#[test]
fn erlangs_formulas_are_typed_in_right() {
    // one desk: P(wait) = ρ and Wq = ρ / (1 − ρ)
    assert!((erlang_c(1, 0.7) - 0.7).abs() < 1e-12 && (mean_wait(1, 0.7) - 0.7 / 0.3).abs() < 1e-12);
    // two desks: P(wait) = 2ρ² / (1 + ρ)
    assert!((erlang_c(2, 1.5) - 2.0 * 0.5625 / 1.75).abs() < 1e-12);
    // the usual worked example: 10 agents, 8 erlangs
    assert!((erlang_c(10, 8.0) - 0.4092).abs() < 1e-4);
}

fn agrees(c: u32, load: f64, seed: u64) -> (Measured, Measured) {
    let a = load * f64::from(c);
    let (wait, waits) = simulate(c, load, seed);
    assert!(wait.holds(mean_wait(c, a)), "{c} desks, load {load}: {wait:?}, Erlang {}", mean_wait(c, a));
    assert!(waits.holds(erlang_c(c, a)), "{c} desks, load {load}: {waits:?}, Erlang {}", erlang_c(c, a));
    // and narrowly, or it would mean little
    assert!(wait.half < 0.25 * wait.mean && waits.half < 0.1 * waits.mean, "{wait:?} {waits:?}");
    (wait, waits)
}

#[test]
fn one_desk_waits_as_the_textbook_says() {
    let (wait, _) = agrees(1, 0.5, 1);
    // the time until the visit is over instead of the wait, the commonest slip
    assert!(!wait.holds(1.0 / (1.0 - 0.5)));
    agrees(1, 0.8, 2);
}

#[test]
fn two_and_three_desks_wait_as_erlang_says() {
    agrees(2, 0.7, 3);
    let (wait, waits) = agrees(3, 0.8, 4);
    // three lines with a desk each are another thing than one line with three desks
    assert!(!wait.holds(mean_wait(1, 0.8)) && !waits.holds(erlang_c(1, 0.8)));
}

#[test]
fn five_desks_wait_as_erlang_says_and_not_as_his_other_formula() {
    let (wait, waits) = agrees(5, 0.85, 5);
    // Erlang's B, for who is turned away instead of waiting
    let b = (1..=5).fold(1.0, |b, k| 4.25 * b / (f64::from(k) + 4.25 * b));
    assert!(!waits.holds(b), "{waits:?} {b}");
    // a formula that is wrong by a desk or by a tenth of the load must not pass
    assert!(!wait.holds(mean_wait(6, 4.25)) && !wait.holds(mean_wait(5, 4.25 * 0.9)), "{wait:?}");
}
