//! How several predictions become one: ridge regression on logarithms, toward starting weights, with forgetting.
//!
//! Plain recursive least squares diverged on real tickets; pulled toward weights that make sense from the start, it does not.

use nalgebra::{Cholesky, DMatrix, DVector};
use serde::{Deserialize, Serialize};

/// What makes a regression.
#[derive(Clone, Copy, Debug)]
pub(super) struct Habits {
    /// The pull toward the starting weights, as if so many observations of size one had spoken for them.
    pub(super) pull: f64,
    /// What an observation still counts after the next one.
    pub(super) keep: f64,
    /// At most so much of a surprise is learned from, natural logarithm: one strange visit turns nothing over.
    pub(super) clip: f64,
}

/// A linear model that learns as outcomes come in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Ridge {
    start: Vec<f64>,
    weights: Vec<f64>,
    /// Sum of x·xᵀ, row by row, and of x·(y − start·x), both fading.
    products: Vec<f64>,
    surprises: Vec<f64>,
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

impl Ridge {
    pub(super) fn new(start: &[f64]) -> Self {
        let n = start.len();
        Self { start: start.to_vec(), weights: start.to_vec(), products: vec![0.0; n * n], surprises: vec![0.0; n] }
    }

    pub(super) fn predict(&self, x: &[f64]) -> f64 {
        dot(&self.weights, x)
    }

    /// Takes in what came of `x`.
    pub(super) fn learn(&mut self, x: &[f64], y: f64, habits: Habits) {
        let n = self.start.len();
        let predicted = self.predict(x);
        let y = predicted + (y - predicted).clamp(-habits.clip, habits.clip);
        let surprise = y - dot(&self.start, x);
        for (row, xi) in self.products.chunks_exact_mut(n).zip(x) {
            for (product, xj) in row.iter_mut().zip(x) {
                *product = *product * habits.keep + xi * xj;
            }
        }
        for (sum, xi) in self.surprises.iter_mut().zip(x) {
            *sum = *sum * habits.keep + xi * surprise;
        }
        let products = DMatrix::from_row_slice(n, n, &self.products) + DMatrix::from_diagonal_element(n, n, habits.pull);
        // a sum of squares and a positive diagonal: it has a root unless a number has overflowed, and then nothing is learned
        if let Some(root) = Cholesky::new(products) {
            let moved = root.solve(&DVector::from_column_slice(&self.surprises));
            self.weights = self.start.iter().zip(moved.iter()).map(|(start, moved)| start + moved).collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HABITS: Habits = Habits { pull: 1.0, keep: 0.9995, clip: 10.0 };

    #[test]
    fn it_begins_with_what_it_is_told_and_ends_with_what_is_true() {
        let mut ridge = Ridge::new(&[1.0, 0.0]);
        assert_eq!(ridge.predict(&[2.0, 5.0]), 2.0);
        for i in 0..5000 {
            let x = [f64::from(i % 7), f64::from(i % 5)];
            ridge.learn(&x, 0.25 * x[0] + 0.75 * x[1], HABITS);
        }
        assert!((ridge.predict(&[4.0, 4.0]) - 4.0).abs() < 0.01, "{ridge:?}");
        assert!((ridge.predict(&[4.0, 0.0]) - 1.0).abs() < 0.01, "{ridge:?}");
    }

    #[test]
    fn one_strange_outcome_turns_nothing_over() {
        let habits = Habits { clip: 1.0, pull: 6.0, ..HABITS };
        let mut ridge = Ridge::new(&[1.0]);
        ridge.learn(&[1.0], 1e300, habits);
        assert!((ridge.predict(&[1.0]) - 1.0).abs() <= 1.0);
    }
}
