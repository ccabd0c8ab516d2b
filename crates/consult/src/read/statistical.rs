//! The statistical reader: a linear model over n-grams, trained by `cargo xtask train` from utterances written for this project.
//! It adds what the vocabulary misses. What only it heard is a suspicion: it leans towards a department, puts a question
//! first and says how urgent the words sound; it fires no rule and stands in no report.

use serde::{Deserialize, Serialize};

mod features;

#[cfg(feature = "compile")]
pub(crate) use features::names;
pub use features::{Features, key, n_grams};

/// Specialties a text leans to that are kept.
const KEPT: usize = 10;
/// A leaning below this share is not kept.
const LEAST: f32 = 0.005;
/// A text of so many known n-grams counts twice as sure as one of a few.
const SURE_TWICE: f32 = 120.0;
/// A class is told apart from others before any word by less than one step.
pub(crate) const PARTS_OF_STEP: f32 = 64.0;
/// A finding is suspected from this probability on.
const SUSPECTED: f32 = 0.7;
/// A text of which fewer n-grams are known is too strange to suspect anything.
const KNOWN_AT_LEAST: usize = 6;

/// Weights as stored. The first classes are the specialties, then come the findings, then "to be seen today or sooner".
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Statistical {
    /// Indices of the specialties it tells apart.
    pub specialties: Vec<u16>,
    /// Indices of the findings it hears.
    pub findings: Vec<u16>,
    /// What a class weighs before any word, in sixty-fourths of a step.
    pub bias: Vec<i16>,
    /// One step of a weight of a specialty, of a finding and of the urgency, in units of log odds.
    pub steps: [f32; 3],
    /// Keys of the n-grams, each as its distance from the one before.
    pub distances: Vec<u32>,
    /// How many weights each n-gram has.
    pub counts: Vec<u16>,
    /// Classes of the weights, each n-gram's in rising order, as distances from the one before.
    pub classes: Vec<u16>,
    /// The weights, in steps.
    pub weights: Vec<i8>,
    /// Keys, made when it is opened.
    #[serde(skip)]
    pub(crate) keys: Vec<u32>,
    /// First weight of each n-gram.
    #[serde(skip)]
    pub(crate) starts: Vec<usize>,
}

/// What the statistical reader hears in a text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Leaning {
    /// Specialties by index with their shares, greatest first.
    pub specialties: Vec<(u16, f32)>,
    /// Findings by index with their probabilities.
    pub findings: Vec<(u16, f32)>,
    /// Chance from 0 to 1 that it is to be seen today or sooner, if that can be told.
    pub urgency: Option<f32>,
}

impl Statistical {
    /// Makes the tables behind what is stored.
    #[must_use]
    pub(crate) fn prepared(mut self) -> Self {
        let mut key = 0_u32;
        self.keys = self
            .distances
            .iter()
            .map(|distance| {
                key = key.wrapping_add(*distance);
                key
            })
            .collect();
        let mut start = 0;
        self.starts = self
            .counts
            .iter()
            .map(|count| {
                let here = start;
                start += usize::from(*count);
                here
            })
            .collect();
        for (start, count) in self.starts.iter().zip(&self.counts) {
            let own = self.classes.get_mut(*start..*start + usize::from(*count));
            let mut class = 0_u16;
            for distance in own.into_iter().flatten() {
                class = class.wrapping_add(*distance);
                *distance = class;
            }
        }
        self
    }

    /// Hears a text, given as the keys of its n-grams.
    #[must_use]
    pub fn hear(&self, features: &Features) -> Leaning {
        let mut sums: Vec<f32> = self
            .bias
            .iter()
            .map(|bias| f32::from(*bias) / PARTS_OF_STEP)
            .collect();
        let value = features.value();
        let mut known = 0_usize;
        let mut surer = 1.0_f32;
        for key in &features.keys {
            let Ok(place) = self.keys.binary_search(key) else {
                continue;
            };
            known += 1;
            surer += 1.0 / SURE_TWICE;
            let from = self.starts[place];
            let to = from + usize::from(self.counts[place]);
            let (Some(classes), Some(weights)) =
                (self.classes.get(from..to), self.weights.get(from..to))
            else {
                continue;
            };
            for (class, weight) in classes.iter().zip(weights) {
                if let Some(sum) = sums.get_mut(usize::from(*class)) {
                    *sum += f32::from(*weight) * value;
                }
            }
        }
        // Words of which none is known say nothing.
        if known == 0 {
            return Leaning::default();
        }
        let is_strange = known < KNOWN_AT_LEAST || known * 2 < features.keys.len();
        let all = sums.len();
        let (specialties, others) = sums.split_at_mut(self.specialties.len().min(all));
        let rest = others.len();
        let (findings, urgent) = others.split_at_mut(self.findings.len().min(rest));
        // The more was said, the surer.
        let [step, step_of_finding, _] = self.steps.map(|step| step * surer);
        // A short answer to a question says nothing of how urgent it is.
        let urgency = urgent
            .first()
            .filter(|_| known >= KNOWN_AT_LEAST)
            .map(|sum| chance(sum * self.steps[2]));
        for sum in specialties.iter_mut() {
            *sum *= step;
        }
        for sum in findings.iter_mut() {
            *sum *= step_of_finding;
        }
        let mut leaning: Vec<(u16, f32)> = self
            .specialties
            .iter()
            .copied()
            .zip(softmax(specialties))
            .filter(|(_, share)| *share >= LEAST)
            .collect();
        leaning.sort_unstable_by(|one, other| other.1.total_cmp(&one.1));
        leaning.truncate(KEPT);
        Leaning {
            specialties: leaning,
            urgency,
            findings: if is_strange {
                Vec::new()
            } else {
                self.findings
                    .iter()
                    .zip(findings.iter())
                    .map(|(finding, sum)| (*finding, chance(*sum)))
                    .filter(|(_, probability)| *probability >= SUSPECTED)
                    .collect()
            },
        }
    }
}

/// Shares that sum to 1.
pub(crate) fn softmax(sums: &[f32]) -> Vec<f32> {
    let most = sums.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut shares: Vec<f32> = sums.iter().map(|sum| (sum - most).exp()).collect();
    let total: f32 = shares.iter().sum();
    for share in &mut shares {
        *share /= total.max(f32::MIN_POSITIVE);
    }
    shares
}

/// Chance of log odds.
pub(crate) fn chance(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokenize;
    use super::*;

    #[test]
    fn a_short_answer_says_nothing_of_how_urgent_it_is() {
        let model = Statistical {
            bias: vec![0],
            steps: [0.1; 3],
            distances: vec![1; 6],
            counts: vec![1; 6],
            classes: vec![0; 6],
            weights: vec![15; 6],
            ..Statistical::default()
        }
        .prepared();
        let hear = |keys: Vec<u32>| model.hear(&Features { keys }).urgency;
        assert_eq!(hear(vec![1, 2, 3]), None);
        assert!(hear(vec![1, 2, 3, 4, 5, 6]).is_some_and(|urgency| urgency > 0.5));
    }

    #[test]
    fn a_text_of_unknown_words_leans_nowhere() {
        let model = Statistical {
            specialties: vec![0, 1],
            bias: vec![0, 0],
            steps: [0.1; 3],
            distances: vec![key("痛")],
            counts: vec![1],
            classes: vec![1],
            weights: vec![40],
            ..Statistical::default()
        }
        .prepared();
        let hear = |text| {
            let mut keys = Vec::new();
            n_grams(&tokenize(text, &[]), &mut |name| keys.push(key(name)));
            model.hear(&Features { keys })
        };
        assert_eq!(hear("xyz"), Leaning::default());
        let leaning = hear("痛");
        assert_eq!(leaning.specialties[0].0, 1);
    }
}
