//! Linear weights by AdaGrad.

/// Rounds over all examples, and again once the small weights are gone.
const ROUNDS: [usize; 2] = [36, 12];
/// Length of a step.
const RATE: f32 = 0.5;
/// Pull towards zero.
const DECAY: f32 = 5e-3;
/// A weight is worth keeping by its size and, to this power, by how many lines use its n-gram: rare ones only learn their
/// lines by heart.
const POWER_OF_USE: f32 = 0.8;
/// What a line that says a finding counts beside one that does not.
const WEIGHT_OF_YES: f32 = 2.0;

/// How many classes are right at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Shares that sum to 1.
    OneOf,
    /// Each yes or no.
    AnyOf,
}

impl Kind {
    /// Weights kept.
    fn most(self) -> usize {
        match self {
            Self::OneOf => 45_000,
            Self::AnyOf => 10_000,
        }
    }
}

/// The measures of a fit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) features: usize,
    pub(super) classes: usize,
    pub(super) kind: Kind,
}

/// One line in numbers.
#[derive(Debug, Clone)]
pub(super) struct Example {
    pub(super) features: Vec<usize>,
    /// What each feature counts.
    pub(super) value: f32,
    pub(super) weight: f32,
    /// Classes that are right, with shares.
    pub(super) targets: Vec<(usize, f32)>,
    /// Classes nothing is learned of.
    pub(super) ignored: Vec<usize>,
}

/// Weights by feature and class.
#[derive(Debug)]
pub(super) struct Fit {
    pub(super) classes: Vec<String>,
    pub(super) bias: Vec<f32>,
    pub(super) weights: Vec<f32>,
}

impl Fit {
    pub(super) fn new(shape: Shape, examples: &[Example], classes: &[String]) -> Self {
        let size = shape.features * shape.classes;
        let mut fit = Self {
            classes: classes.to_vec(),
            bias: vec![0.0; shape.classes],
            weights: vec![0.0; size],
        };
        let mut kept = vec![true; size];
        for (round, rounds) in ROUNDS.into_iter().enumerate() {
            fit.learn(shape, examples, rounds, &kept);
            if round == 0 {
                kept = fit.keep_largest(shape, examples);
            }
        }
        fit
    }

    fn learn(&mut self, shape: Shape, examples: &[Example], rounds: usize, kept: &[bool]) {
        let classes = shape.classes;
        let mut squares = vec![1e-6_f32; self.weights.len()];
        let mut bias_squares = vec![1e-2_f32; classes];
        let mut order: Vec<usize> = (0..examples.len()).collect();
        let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..rounds {
            shuffle(&mut order, &mut seed);
            for place in &order {
                let example = &examples[*place];
                let slopes = self.slopes(shape, example);
                for (class, slope) in slopes.iter().enumerate() {
                    bias_squares[class] += slope * slope;
                    self.bias[class] -= 0.1 * RATE * slope / bias_squares[class].sqrt();
                }
                for feature in &example.features {
                    let from = feature * classes;
                    let row = from..from + classes;
                    let cells = self.weights[row.clone()]
                        .iter_mut()
                        .zip(&mut squares[row.clone()])
                        .zip(&kept[row])
                        .zip(&slopes);
                    for (((weight, square), kept), slope) in cells {
                        if !*kept {
                            continue;
                        }
                        let slope = slope * example.value + DECAY * *weight;
                        *square += slope * slope;
                        *weight -= RATE * slope / square.sqrt();
                    }
                }
            }
        }
    }

    /// How the loss rises with the sum of each class.
    fn slopes(&self, shape: Shape, example: &Example) -> Vec<f32> {
        let mut sums = vec![0.0_f32; shape.classes];
        for feature in &example.features {
            let row = feature * shape.classes;
            for (sum, weight) in sums.iter_mut().zip(&self.weights[row..row + shape.classes]) {
                *sum += weight;
            }
        }
        for (sum, bias) in sums.iter_mut().zip(&self.bias) {
            *sum = *sum * example.value + bias;
        }
        let mut slopes = match shape.kind {
            Kind::OneOf => crate::read::statistical::softmax(&sums),
            Kind::AnyOf => sums.iter().map(|sum| 1.0 / (1.0 + (-sum).exp())).collect(),
        };
        for (class, share) in &example.targets {
            slopes[*class] -= share;
            if shape.kind == Kind::AnyOf {
                slopes[*class] *= WEIGHT_OF_YES;
            }
        }
        for class in &example.ignored {
            slopes[*class] = 0.0;
        }
        for slope in &mut slopes {
            *slope *= example.weight;
        }
        slopes
    }

    /// Sets all but the largest weights to zero, and says which are left.
    fn keep_largest(&mut self, shape: Shape, examples: &[Example]) -> Vec<bool> {
        let most = shape.kind.most();
        let mut uses = vec![0.0_f32; shape.features];
        for feature in examples.iter().flat_map(|example| &example.features) {
            uses[*feature] += 1.0;
        }
        let size = |(place, weight): (usize, &f32)| {
            weight.abs() * uses[place / shape.classes].powf(POWER_OF_USE)
        };
        let mut sizes: Vec<f32> = self.weights.iter().enumerate().map(size).collect();
        let least = if sizes.len() > most {
            let place = sizes.len() - most;
            *sizes.select_nth_unstable_by(place, f32::total_cmp).1
        } else {
            0.0
        };
        self.weights
            .iter_mut()
            .enumerate()
            .map(|(place, weight)| {
                let kept = size((place, weight)) >= least && weight.abs() > 0.0;
                if !kept {
                    *weight = 0.0;
                }
                kept
            })
            .collect()
    }
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
