//! The weights as a file a person can read: `knowledge/statistical.tsv`.

use std::fmt::Write as _;

use super::fit::Fit;
use crate::gate::{Alarm, Sounds};
use crate::knowledge::{Knowledge, Losses};
use crate::read::statistical::{PARTS_OF_STEP, Statistical, key};

/// Largest step of a weight.
const MOST_STEPS: f32 = 15.0;
/// Largest step of what words in letters say of a specialty: such texts are longer, and one word must not outweigh all others.
const MOST_OF_LETTERS: f32 = 8.0;
/// One weight in so many is cut to the largest step, so that the others keep their differences.
const CUT: usize = 1000;
/// What stands before the id in the name of a finding's class.
pub(super) const FINDING: &str = "finding:";
/// What stands before the word in the name of a level's class.
pub(super) const LEVEL: &str = "level:";
/// The class of what is to be seen today or sooner.
const URGENT: &str = "level:urgent";
/// The class of what is to be seen now: the alarm's.
const EMERGENCY: &str = "level:emergency";

/// The weights by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Fingerprint of the lines they were trained from.
    pub fingerprint: String,
    /// One step of each kind of class, in log odds.
    pub steps: [f32; 4],
    /// Class names with their bias in parts of a step: specialty codes, then `finding:` and an id, then `level:` and a word; of each kind
    /// those with most weights first, which makes the distances between the classes of an n-gram small.
    pub classes: Vec<(String, i16)>,
    /// N-grams with classes and steps.
    pub rows: Vec<(String, Vec<(u16, i8)>)>,
}

impl Table {
    /// From fits with what stands before their classes' names. The alarm's comes last, because it goes into a file of its own.
    pub(super) fn of(fits: &[(&str, &Fit)], names: &[&str], fingerprint: &str) -> Self {
        let mut table = Self {
            fingerprint: fingerprint.to_owned(),
            rows: names
                .iter()
                .map(|name| ((*name).to_owned(), Vec::new()))
                .collect(),
            ..Self::default()
        };
        for ((prefix, fit), kind) in fits.iter().zip(&mut table.steps) {
            let step = step(fit);
            *kind = step;
            let mut order: Vec<usize> = (0..fit.classes.len()).collect();
            order.sort_by_key(|class| std::cmp::Reverse(fit.weights[*class].len()));
            for place in order {
                let class = u16::try_from(table.classes.len()).unwrap_or(u16::MAX);
                table.classes.push((
                    format!("{prefix}{}", fit.classes[place]),
                    i16::try_from(steps(fit.bias[place], step / PARTS_OF_STEP, 32_000.0))
                        .unwrap_or(0),
                ));
                for (feature, weight) in &fit.weights[place] {
                    let most = if prefix.is_empty() && names[*feature].is_ascii() {
                        MOST_OF_LETTERS
                    } else {
                        MOST_STEPS
                    };
                    let steps = i8::try_from(steps(*weight, step, most)).unwrap_or(0);
                    if steps != 0 {
                        table.rows[*feature].1.push((class, steps));
                    }
                }
            }
        }
        table.rows.retain(|(_, weights)| !weights.is_empty());
        table.rows.sort();
        table
    }

    /// The file's text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::from(
            "# Weights of the statistical reader. Written by `cargo xtask train` from knowledge/utterances; never by hand.\n",
        );
        let _ = writeln!(text, "@trained_from\t{}", self.fingerprint);
        let [specialty, finding, urgent, emergency] = self.steps;
        let _ = writeln!(
            text,
            "@steps\t{specialty}\t{finding}\t{urgent}\t{emergency}"
        );
        for (class, bias) in &self.classes {
            let _ = writeln!(text, "@class\t{class}\t{bias}");
        }
        for (name, weights) in &self.rows {
            let _ = write!(text, "{name}\t");
            for (place, (class, weight)) in weights.iter().enumerate() {
                let between = if place == 0 { "" } else { " " };
                let _ = write!(text, "{between}{class}:{weight}");
            }
            text.push('\n');
        }
        text
    }

    /// Reads the file.
    ///
    /// # Errors
    /// The line that cannot be read.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut table = Self::default();
        for (number, line) in (1..).zip(text.lines()) {
            let wrong = || format!("line {number} cannot be read: train the weights again");
            let parts: Vec<&str> = line.split('\t').collect();
            match parts.as_slice() {
                [comment] if comment.starts_with('#') => {}
                ["@trained_from", fingerprint] => (*fingerprint).clone_into(&mut table.fingerprint),
                ["@steps", steps @ ..] if steps.len() == table.steps.len() => {
                    for (step, word) in table.steps.iter_mut().zip(steps) {
                        *step = word.parse().map_err(|_| wrong())?;
                    }
                }
                ["@class", name, bias] => table
                    .classes
                    .push(((*name).to_owned(), bias.parse().map_err(|_| wrong())?)),
                [name, weights] => {
                    let pairs = weights.split(' ').map(|pair| {
                        let (class, weight) = pair.split_once(':')?;
                        Some((class.parse().ok()?, weight.parse().ok()?))
                    });
                    let pairs: Option<Vec<(u16, i8)>> = pairs.collect();
                    table
                        .rows
                        .push(((*name).to_owned(), pairs.ok_or_else(wrong)?));
                }
                _ => return Err(wrong()),
            }
        }
        Ok(table)
    }

    /// The weights with their classes looked up.
    ///
    /// # Errors
    /// A class that is neither specialty nor finding any more.
    pub fn linked(&self, knowledge: &Knowledge) -> Result<Statistical, String> {
        let mut found = Statistical {
            steps: [self.steps[0], self.steps[1], self.steps[2]],
            ..Statistical::default()
        };
        for (name, bias) in self.classes.iter().filter(|(name, _)| name != EMERGENCY) {
            found.bias.push(*bias);
            if name == URGENT {
                continue;
            }
            let (index, list) = match name.strip_prefix(FINDING) {
                Some(id) => (knowledge.vocabulary.index_of(id), &mut found.findings),
                None => (knowledge.specialty(name), &mut found.specialties),
            };
            list.push(index.ok_or_else(|| {
                format!("\"{name}\" is neither specialty nor finding: train the weights again")
            })?);
        }
        // The alarm's class is the last: without it the others keep their numbers.
        let emergency = self.class(EMERGENCY).unwrap_or(u16::MAX);
        let mut rows: Vec<(u32, &Vec<(u16, i8)>)> = self
            .rows
            .iter()
            .map(|(name, weights)| (key(name), weights))
            .collect();
        rows.sort_by_key(|(key, _)| *key);
        let mut before = 0;
        for (key, weights) in rows {
            let own = weights.iter().filter(|(class, _)| *class != emergency);
            let count = own.clone().count();
            if count == 0 {
                continue;
            }
            found.distances.push(key - before);
            before = key;
            found.counts.push(u16::try_from(count).unwrap_or(u16::MAX));
            let mut last = 0;
            for (class, weight) in own {
                found.classes.push(class - last);
                found.weights.push(*weight);
                last = *class;
            }
        }
        Ok(found)
    }
}

/// One step: the greatest weight in so many steps, where the few that are far greater than the others are left out.
fn step(fit: &Fit) -> f32 {
    let mut sizes: Vec<f32> = fit
        .weights
        .iter()
        .flatten()
        .map(|(_, weight)| weight.abs())
        .collect();
    sizes.sort_unstable_by(f32::total_cmp);
    let place = sizes.len().saturating_sub(1 + sizes.len() / CUT);
    (sizes.get(place).copied().unwrap_or_default() / MOST_STEPS).max(f32::MIN_POSITIVE)
}

impl Table {
    /// Number of a class.
    fn class(&self, name: &str) -> Option<u16> {
        let place = self.classes.iter().position(|(class, _)| class == name)?;
        u16::try_from(place).ok()
    }

    /// What n-grams say for the alarm: all of them, or those a text in one language can hold.
    #[must_use]
    pub fn sounds(&self, language: Option<&str>) -> Sounds {
        let class = self.class(EMERGENCY);
        let is_in = |name: &str| match language {
            None => true,
            // What is known of the patient and what our own reader heard belongs to every language.
            Some(_) if name.starts_with(['#', '+', '-']) || name == "0" => true,
            Some(language) => (language == "zh") != name.is_ascii(),
        };
        Sounds::of(self.rows.iter().filter(|(name, _)| is_in(name)).filter_map(
            |(name, weights)| {
                let weight = weights.iter().find(|(own, _)| Some(*own) == class)?.1;
                Some((key(name), weight))
            },
        ))
    }

    /// The alarm without its card. It never sounds if nothing was trained.
    #[must_use]
    pub fn alarm(&self, losses: Losses) -> Alarm {
        let bias = self
            .class(EMERGENCY)
            .map_or(0, |class| self.classes[usize::from(class)].1);
        Alarm {
            // An emergency that comes too late against a needless card.
            least: losses.needless / (losses.needless + losses.unheard_emergency),
            bias,
            step: self.steps[3],
            sounds: self.sounds(None),
            ..Alarm::default()
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "bounded before the cast")]
fn steps(weight: f32, step: f32, most: f32) -> i32 {
    (weight / step).round().clamp(-most, most) as i32
}
