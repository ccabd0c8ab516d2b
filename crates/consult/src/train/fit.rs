//! Linear weights, one class against all others: a support vector machine with squared hinge loss, by coordinate descent in
//! the dual (Hsieh and others 2008, "A dual coordinate descent method for large-scale linear SVM"). It is convex: the same
//! lines give the same weights.

use std::thread;

/// What a wrong line costs beside large weights.
const COST: f32 = 0.2;
/// Most rounds over all lines; it ends earlier once nothing moves by more than [`STILL`].
const ROUNDS: usize = 40;
/// Slopes below this do not move.
const STILL: f32 = 0.05;
/// A rare n-gram tells more than a frequent one: its value grows with how rare it is, to this power.
const POWER_OF_RARITY: f32 = 1.5;
/// A weight is worth keeping by its size and, to this power, by how many lines use its n-gram: rare ones only learn their
/// lines by heart.
const POWER_OF_USE: f32 = 0.6;
/// Log odds of one margin.
const SCALE: f32 = 4.0;

/// One line in numbers.
#[derive(Debug, Clone)]
pub(super) struct Example {
    pub(super) features: Vec<usize>,
    /// What each feature counts.
    pub(super) value: f32,
    pub(super) weight: f32,
    /// Classes that are right.
    pub(super) targets: Vec<usize>,
    /// Classes nothing is learned of.
    pub(super) ignored: Vec<usize>,
}

/// Weights by class and feature, in log odds.
#[derive(Debug)]
pub(super) struct Fit {
    pub(super) classes: Vec<String>,
    pub(super) bias: Vec<f32>,
    /// For each class, features with their weights.
    pub(super) weights: Vec<Vec<(usize, f32)>>,
}

impl Fit {
    /// Learns the classes from examples over so many features, and keeps the `most` weights that tell most.
    pub(super) fn new(
        features: usize,
        examples: &[Example],
        classes: &[String],
        most: usize,
    ) -> Self {
        let uses = uses(features, examples);
        let rarity = rarity(&uses, examples.len());
        let all = vec![true; features];
        let first = each(classes.len(), &|class| {
            learn(examples, class, &rarity, &all)
        });
        let size = |feature: usize, weight: f32| {
            (weight * rarity[feature]).abs() * uses[feature].powf(POWER_OF_USE)
        };
        let mut sizes: Vec<f32> = first
            .iter()
            .flat_map(|(weights, _)| weights.iter().enumerate())
            .map(|(feature, weight)| size(feature, *weight))
            .collect();
        let least = if sizes.len() > most {
            let place = sizes.len() - most;
            *sizes.select_nth_unstable_by(place, f32::total_cmp).1
        } else {
            0.0
        };
        drop(sizes);
        let refined = each(classes.len(), &|class| {
            let kept: Vec<bool> = first[class]
                .0
                .iter()
                .enumerate()
                .map(|(feature, weight)| *weight != 0.0 && size(feature, *weight) >= least)
                .collect();
            learn(examples, class, &rarity, &kept)
        });
        Self {
            classes: classes.to_vec(),
            bias: refined.iter().map(|(_, bias)| bias * SCALE).collect(),
            weights: refined
                .iter()
                .map(|(weights, _)| {
                    weights
                        .iter()
                        .enumerate()
                        .filter(|(_, weight)| **weight != 0.0)
                        .map(|(feature, weight)| (feature, weight * rarity[feature] * SCALE))
                        .collect()
                })
                .collect(),
        }
    }
}

impl Fit {
    /// The weights of a class by feature.
    pub(super) fn dense(&self, class: usize, features: usize) -> Vec<f32> {
        let mut dense = vec![0.0; features];
        for (feature, weight) in &self.weights[class] {
            dense[*feature] = *weight;
        }
        dense
    }

    /// Multiplies what a class says by `slope`, then adds `shift`.
    pub(super) fn stretch(&mut self, class: usize, slope: f32, shift: f32) {
        for (_, weight) in &mut self.weights[class] {
            *weight *= slope;
        }
        self.bias[class] = self.bias[class] * slope + shift;
    }
}

impl Example {
    /// What weights by feature say of it.
    pub(super) fn score(&self, weights: &[f32], bias: f32) -> f32 {
        let sum: f32 = self.features.iter().map(|feature| weights[*feature]).sum();
        sum * self.value + bias
    }
}

/// Does something for every class, on two threads.
fn each<T: Send>(classes: usize, work: &(impl Fn(usize) -> T + Sync)) -> Vec<T> {
    let half = classes / 2;
    thread::scope(|scope| {
        let second = scope.spawn(move || (half..classes).map(work).collect::<Vec<T>>());
        let mut done: Vec<T> = (0..half).map(work).collect();
        done.extend(second.join().unwrap_or_default());
        done
    })
}

/// How many lines use each feature.
fn uses(features: usize, examples: &[Example]) -> Vec<f32> {
    let mut uses = vec![0.0_f32; features];
    for feature in examples.iter().flat_map(|example| &example.features) {
        uses[*feature] += 1.0;
    }
    uses
}

/// What each feature's value is multiplied with.
#[expect(clippy::cast_precision_loss, reason = "some ten thousand lines")]
fn rarity(uses: &[f32], lines: usize) -> Vec<f32> {
    uses.iter()
        .map(|uses| ((lines.max(1) as f32 / uses.max(1.0)).ln() / 5.0).powf(POWER_OF_RARITY))
        .collect()
}

/// Weights and bias of one class, over the features kept.
fn learn(examples: &[Example], class: usize, rarity: &[f32], kept: &[bool]) -> (Vec<f32>, f32) {
    let mut weights = vec![0.0_f32; kept.len()];
    let mut bias = 0.0_f32;
    let mut lines: Vec<Line<'_>> = examples
        .iter()
        .filter(|example| !example.ignored.contains(&class))
        .map(|example| {
            let square: f32 = example
                .features
                .iter()
                .filter(|feature| kept[**feature])
                .map(|feature| (example.value * rarity[*feature]).powi(2))
                .sum();
            let side = if example.targets.contains(&class) {
                1.0
            } else {
                -1.0
            };
            let slack = 0.5 / (COST * example.weight);
            Line {
                example,
                side,
                slack,
                square: square + 1.0 + slack,
                dual: 0.0,
            }
        })
        .collect();
    if !lines.iter().any(|line| line.side > 0.0) {
        return (weights, -1.0);
    }
    let mut order: Vec<usize> = (0..lines.len()).collect();
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..ROUNDS {
        shuffle(&mut order, &mut seed);
        let mut moved = 0.0_f32;
        for place in &order {
            let line = &mut lines[*place];
            let features = || {
                line.example
                    .features
                    .iter()
                    .filter(|feature| kept[**feature])
            };
            let sum: f32 = features()
                .map(|feature| weights[*feature] * rarity[*feature])
                .sum();
            let slope =
                line.side * (sum * line.example.value + bias) - 1.0 + line.slack * line.dual;
            let free = if line.dual > 0.0 {
                slope
            } else {
                slope.min(0.0)
            };
            moved = moved.max(free.abs());
            if free == 0.0 {
                continue;
            }
            let dual = (line.dual - slope / line.square).max(0.0);
            let step = (dual - line.dual) * line.side;
            for feature in features() {
                weights[*feature] += step * line.example.value * rarity[*feature];
            }
            bias += step;
            line.dual = dual;
        }
        if moved < STILL {
            break;
        }
    }
    (weights, bias)
}

/// An example on its way through the descent.
struct Line<'a> {
    example: &'a Example,
    /// 1 if the class is right, else -1.
    side: f32,
    slack: f32,
    square: f32,
    dual: f32,
}

fn shuffle(order: &mut [usize], seed: &mut u64) {
    for place in (1..order.len()).rev() {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        let bound = u64::try_from(place + 1).unwrap_or(1);
        let other = usize::try_from(*seed % bound).unwrap_or(0);
        order.swap(place, other);
    }
}
