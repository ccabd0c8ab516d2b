//! How urgent words sound: one yes or no per level, then stretched so that it says how often it is right.

use super::fit::{Example, Fit};
use crate::assess::CareLevel;

/// The alarm's class.
pub(super) const EMERGENCY: &str = "emergency";
/// The class of what is to be seen today or sooner.
pub(super) const URGENT: &str = "urgent";
/// Weights kept of each.
const WEIGHTS: usize = 5_000;

/// One of the two classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Emergency,
    Urgent,
}

impl Class {
    /// How many of those who come are of it: the lines hold far more, so that there is something to learn from. Expert estimate
    /// for people who ask a hospital where to go.
    fn come(self) -> f64 {
        match self {
            Self::Emergency => 0.03,
            Self::Urgent => 0.3,
        }
    }

    fn name(self) -> String {
        match self {
            Self::Emergency => EMERGENCY.to_owned(),
            Self::Urgent => URGENT.to_owned(),
        }
    }
}
/// What a line with a level counts.
const WEIGHT_OF_LABELLED: f32 = 4.0;
/// What a line without one counts, as no emergency.
const WEIGHT_OF_OTHERS: f32 = 0.5;
/// Parts, of which each is scored by what was learned from the others, to see how often a score is right.
const PARTS: usize = 5;
/// Rounds of Newton's method; it stands still after a few.
const ROUNDS: usize = 25;

/// Whether a line is of the class, and its weight. `None` if it teaches nothing of it: nobody labelled it, and it may well be.
pub(super) fn lesson(
    class: Class,
    level: Option<CareLevel>,
    has_card: bool,
) -> Option<(bool, f32)> {
    let least = match class {
        Class::Emergency => CareLevel::Emergency,
        Class::Urgent => CareLevel::Urgent,
    };
    match level {
        Some(level) => Some((level >= least, WEIGHT_OF_LABELLED)),
        None if has_card || class == Class::Urgent => None,
        None => Some((false, WEIGHT_OF_OTHERS)),
    }
}

/// Learns a class from examples over so many features; `labelled` says which of them somebody gave a level.
pub(super) fn learn(class: Class, features: usize, examples: &[Example], labelled: &[bool]) -> Fit {
    let names = [class.name()];
    let mut fit = Fit::new(features, examples, &names, WEIGHTS);
    let mut seen: Vec<(f32, bool)> = Vec::new();
    for part in 0..PARTS {
        let is_outside = |place: usize| super::spread(place) % PARTS == part;
        let inside: Vec<Example> = examples
            .iter()
            .enumerate()
            .filter(|(place, _)| !is_outside(*place))
            .map(|(_, example)| example.clone())
            .collect();
        let other = Fit::new(features, &inside, &names, WEIGHTS);
        let weights = other.dense(0, features);
        let outside = examples.iter().zip(labelled).enumerate();
        seen.extend(
            outside
                .filter(|(place, (_, labelled))| **labelled && is_outside(*place))
                .map(|(_, (example, _))| {
                    let score = example.score(&weights, other.bias[0]);
                    (score, !example.targets.is_empty())
                }),
        );
    }
    let (slope, shift) = stretch(&seen);
    fit.stretch(0, slope, shift + rarer(&seen, class.come()));
    fit
}

/// What to add to log odds that hold among lines, for people of whom only a share `come` is of the class.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "some ten thousand lines; weights are single precision"
)]
fn rarer(seen: &[(f32, bool)], come: f64) -> f32 {
    let right = seen.iter().filter(|(_, right)| *right).count().max(1) as f64;
    let wrong = (seen.len() as f64 - right).max(1.0);
    ((come / (1.0 - come)).ln() - (right / wrong).ln()) as f32
}

/// Slope and shift that turn scores into log odds (Platt 1999, "Probabilistic outputs for support vector machines").
#[expect(
    clippy::cast_possible_truncation,
    reason = "weights are single precision"
)]
fn stretch(seen: &[(f32, bool)]) -> (f32, f32) {
    let (mut slope, mut shift) = (1.0_f64, 0.0_f64);
    for _ in 0..ROUNDS {
        // Gradient and curvature, held up a little so that few lines cannot send it off.
        let (mut by_slope, mut by_shift) = (0.0, 0.0);
        let (mut slope_slope, mut slope_shift, mut shift_shift) = (1e-3, 0.0, 1e-3);
        for (score, right) in seen {
            let score = f64::from(*score);
            let chance = 1.0 / (1.0 + (-(slope * score + shift)).exp());
            let error = f64::from(u8::from(*right)) - chance;
            let curve = chance * (1.0 - chance);
            by_slope += error * score;
            by_shift += error;
            slope_slope += curve * score * score;
            slope_shift += curve * score;
            shift_shift += curve;
        }
        let determinant = slope_slope * shift_shift - slope_shift * slope_shift;
        if determinant.abs() < 1e-9 {
            break;
        }
        slope += (by_slope * shift_shift - by_shift * slope_shift) / determinant;
        shift += (by_shift * slope_slope - by_slope * slope_shift) / determinant;
    }
    (slope as f32, shift as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_become_chances() {
        // Of lines with score 1, three in four are right; with score -1, one in four.
        let seen: Vec<(f32, bool)> = (0..400)
            .map(|place| {
                let high = place % 2 == 0;
                let usual = place / 2 % 4 != 0;
                (if high { 1.0 } else { -1.0 }, high == usual)
            })
            .collect();
        let (slope, shift) = stretch(&seen);
        assert!((slope - 3.0_f32.ln()).abs() < 0.01, "{slope}");
        assert!(shift.abs() < 0.01, "{shift}");
    }

    #[test]
    fn among_people_a_class_is_rarer_than_among_lines() {
        let seen = [(1.0, true), (1.0, true), (1.0, true), (-1.0, false)];
        assert!((rarer(&seen, 0.5) - (1.0_f32 / 3.0).ln()).abs() < 1e-6);
    }

    #[test]
    fn a_line_without_level_is_no_emergency_unless_a_card_says_so() {
        let lesson = |class, has_card| lesson(class, None, has_card).map(|(right, _)| right);
        assert_eq!(lesson(Class::Emergency, true), None);
        assert_eq!(lesson(Class::Emergency, false), Some(false));
        assert_eq!(lesson(Class::Urgent, false), None);
    }
}
