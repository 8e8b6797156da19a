//! The core against an independent, simpler model.
//!
//! `reference` is the branch written a second time from its published rules. `step` and `clock` draw random operations and
//! clocks, `runner` drives both and compares after every operation, `coverage` says what a run must have met. `promises` holds
//! the promises to people one by one.
//!
//! The default run is the same every time: 100,000 operations from a fixed seed, and before them every case that ever failed
//! (`tests/model/regressions.txt`). `NOWSERVING_MODEL_OPS=2000000` runs longer; `NOWSERVING_MODEL_SEED=7` draws other cases.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod asked;
mod clock;
mod coverage;
mod observe;
mod promises;
mod reference;
mod runner;
mod step;
mod undo;

use std::cell::RefCell;

use proptest::test_runner::{Config, FileFailurePersistence, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use coverage::Coverage;
use runner::Runner;
use step::Step;

/// Steps of one run: a few business days.
const STEPS: usize = 400;

fn number_from_env(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} must be a number")))
}

/// A runner of proptest that does the same every time.
fn deterministic(cases: u32) -> TestRunner {
    let mut seed = *b"now serving seed";
    seed[..8].copy_from_slice(&number_from_env("NOWSERVING_MODEL_SEED", 1).to_le_bytes());
    let config = Config {
        cases,
        max_shrink_iters: 20_000,
        max_shrink_time: 30_000,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/model/regressions.txt"))),
        source_file: Some(file!()),
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::XorShift, &seed))
}

fn run_case(coverage: &mut Coverage, steps: &[Step], snapshot_after: usize) -> Result<u64, String> {
    let mut run = Runner::new(coverage, snapshot_after);
    run.found()?;
    for step in steps {
        run.step(step)?;
    }
    run.replay()?;
    Ok(run.operations)
}

#[test]
fn the_queue_and_the_model_agree() {
    // cases differ in length: a quarter more, so that the operations are surely enough
    let least = number_from_env("NOWSERVING_MODEL_OPS", 100_000);
    let cases = u32::try_from(least * 5 / 4 / STEPS as u64 + 1).expect("fewer operations");
    let (coverage, operations) = (RefCell::new(Coverage::default()), RefCell::new(0));
    let strategy = (proptest::collection::vec(step::step(), 0..2 * STEPS), 1usize..STEPS);
    let result = deterministic(cases).run(&strategy, |(steps, snapshot_after)| {
        let done = run_case(&mut coverage.borrow_mut(), &steps, snapshot_after).map_err(TestCaseError::fail)?;
        *operations.borrow_mut() += done;
        Ok(())
    });
    if let Err(TestError::Fail(why, (steps, _))) = &result {
        panic!("{why}\nafter the steps {steps:#?}");
    }
    result.expect("no case is given up");
    assert!(*operations.borrow() >= least, "only {} operations", operations.borrow());
    coverage.borrow().assert_complete();
}
