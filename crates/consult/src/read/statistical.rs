//! The statistical reader: a linear model over n-grams, trained by `cargo xtask train` from utterances written for this project.
//! It adds what the vocabulary misses. What only it heard is a suspicion: it leans towards a department, puts a question
//! first and says how urgent the words sound; it fires no rule and stands in no report.

use serde::{Deserialize, Serialize};

use super::tokens::{Break, Kind, Token, tokenize};
use crate::facts::Facts;
use crate::knowledge::Vocabulary;
use crate::profile::{AgeRange, Profile, Sex};

/// Specialties a text leans to that are kept.
const KEPT: usize = 10;
/// A leaning below this share is not kept.
const LEAST: f32 = 0.005;
/// A text of so many known n-grams counts twice as sure as one of a few.
const SURE_TWICE: f32 = 120.0;
/// A class is told apart from others before any word by less than one step.
pub(crate) const PARTS_OF_STEP: f32 = 64.0;
/// N-grams are known by so many bits of their fingerprint: a strange one is taken for a known one once in two hundred.
const KEY_BITS: u32 = 24;
/// A finding is suspected from this probability on.
const SUSPECTED: f32 = 0.7;
/// A text of which fewer n-grams are known is too strange to suspect anything.
const KNOWN_AT_LEAST: usize = 6;
/// A text of which fewer n-grams are known does not sound urgent or not.
const KNOWN_FOR_URGENCY: usize = 3;

/// Weights as stored. The first classes are the specialties, then come the findings, then the levels.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Statistical {
    /// Indices of the specialties it tells apart.
    pub specialties: Vec<u16>,
    /// Indices of the findings it hears.
    pub findings: Vec<u16>,
    /// Levels it tells apart.
    pub levels: Vec<Sounding>,
    /// What a class weighs before any word, in parts of a step: [`PARTS_OF_STEP`] are one.
    pub bias: Vec<i16>,
    /// One step of a weight of a specialty, of a finding and of a level, in units of log odds.
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
    /// How urgent it sounds, if that can be told; without its words.
    pub urgency: Option<Urgency>,
}

/// What a level class says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sounding {
    /// To be seen today or sooner.
    Urgent,
    /// To be seen now.
    Emergency,
}

/// How urgent a text sounds: chances from 0 to 1, among people who ask a hospital where to go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Urgency {
    /// To be seen today or sooner.
    pub urgent: f32,
    /// To be seen now.
    pub emergency: f32,
    /// The part of the text that sounds worst.
    pub words: String,
}

impl Urgency {
    /// The worse of two texts: what is said later makes nothing said before less urgent.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        let urgent = self.urgent.max(other.urgent);
        let worse = if other.emergency > self.emergency {
            other
        } else {
            self
        };
        Self { urgent, ..worse }
    }
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
        let (findings, levels) = others.split_at_mut(self.findings.len().min(rest));
        // The more was said, the surer.
        let [step, step_of_finding, _] = self.steps.map(|step| step * surer);
        for sum in specialties.iter_mut() {
            *sum *= step;
        }
        for sum in findings.iter_mut() {
            *sum *= step_of_finding;
        }
        let urgency = self.urgency(levels, known);
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
                    .map(|(finding, sum)| (*finding, logistic(*sum)))
                    .filter(|(_, probability)| *probability >= SUSPECTED)
                    .collect()
            },
        }
    }
}

impl Statistical {
    /// How urgent it sounds, from the sums of the level classes.
    fn urgency(&self, sums: &[f32], known: usize) -> Option<Urgency> {
        let chance = |wanted: Sounding| {
            let place = self.levels.iter().position(|level| *level == wanted)?;
            sums.get(place).map(|sum| logistic(sum * self.steps[2]))
        };
        if known < KNOWN_FOR_URGENCY {
            return None;
        }
        let emergency = chance(Sounding::Emergency)?;
        Some(Urgency {
            urgent: chance(Sounding::Urgent)?.max(emergency),
            emergency,
            words: String::new(),
        })
    }

    /// The clause of a text that sounds most like an emergency.
    #[must_use]
    pub fn worst_clause<'a>(&self, text: &'a str, fold: &[(char, char)]) -> &'a str {
        let tokens = tokenize(text, fold);
        let ends =
            |token: &Token| matches!(token.kind, Kind::Break(Break::Clause | Break::Sentence));
        tokens
            .split(ends)
            .filter_map(|clause| {
                let words = text.get(clause.first()?.start..clause.last()?.end)?;
                let mut sum = 0;
                n_grams(clause, &mut |name| sum += self.alarming(key(name)));
                Some((sum, words))
            })
            .max_by_key(|(sum, _)| *sum)
            .map_or(text, |(_, words)| words)
            .trim()
    }

    /// What an n-gram says for an emergency, in steps.
    fn alarming(&self, key: u32) -> i32 {
        let before = self.specialties.len() + self.findings.len();
        let class = self
            .levels
            .iter()
            .position(|level| *level == Sounding::Emergency)
            .and_then(|place| u16::try_from(before + place).ok());
        let weight = || {
            let place = self.keys.binary_search(&key).ok()?;
            let from = self.starts[place];
            let own = self
                .classes
                .get(from..from + usize::from(self.counts[place]))?;
            let of_class = own.iter().position(|one| Some(*one) == class)?;
            self.weights.get(from + of_class).copied()
        };
        weight().map_or(0, i32::from)
    }
}

/// Chance of log odds.
fn logistic(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
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

/// The n-grams of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Features {
    /// Keys, each once, sorted.
    pub keys: Vec<u32>,
}

impl Features {
    /// What one n-gram counts: long texts count as much as short ones.
    #[must_use]
    pub fn value(&self) -> f32 {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a text has at most some thousands of n-grams"
        )]
        let count = self.keys.len().max(4) as f32;
        1.0 / count.sqrt()
    }

    /// What counts in a text: its n-grams, what is known of the patient, and the findings our own reader heard.
    #[must_use]
    pub fn of(vocabulary: &Vocabulary, text: &str, profile: &Profile, facts: &Facts<'_>) -> Self {
        let mut keys = Vec::with_capacity(text.len());
        names(vocabulary, text, profile, facts, &mut |name| {
            keys.push(key(name));
        });
        keys.sort_unstable();
        keys.dedup();
        Self { keys }
    }
}

/// Names of what counts in a text.
pub(crate) fn names(
    vocabulary: &Vocabulary,
    text: &str,
    profile: &Profile,
    facts: &Facts<'_>,
    take: &mut impl FnMut(&str),
) {
    n_grams(&tokenize(text, &vocabulary.fold), take);
    for name in profile_names(profile) {
        take(name);
    }
    for finding in facts.present() {
        take(&format!("+{}", vocabulary.id_of(finding)));
    }
    for id in facts.denied() {
        take(&format!("-{id}"));
    }
}

/// Key of an n-gram: bits of its fingerprint.
#[must_use]
pub fn key(name: &str) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    for byte in name.bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    (hash ^ (hash >> KEY_BITS)) & ((1 << KEY_BITS) - 1)
}

/// The n-grams of tokens: one to three Chinese characters, one and two words.
pub fn n_grams(tokens: &[Token], take: &mut impl FnMut(&str)) {
    let mut run: Vec<&str> = Vec::new();
    let mut name = String::new();
    for token in tokens {
        let text = match token.kind {
            Kind::Break(Break::Clause | Break::Sentence) => {
                run.clear();
                continue;
            }
            Kind::Break(_) => continue,
            Kind::Number(_) => "0",
            Kind::Word | Kind::Han => token.text.as_str(),
        };
        run.push(text);
        let longest = if token.kind == Kind::Han { 3 } else { 2 };
        for length in 1..=longest.min(run.len()) {
            name.clear();
            for part in &run[run.len() - length..] {
                if !name.is_empty() {
                    name.push(' ');
                }
                name.push_str(part);
            }
            take(&name);
        }
    }
}

/// What is known of the patient, as names beside the n-grams.
fn profile_names(profile: &Profile) -> Vec<&'static str> {
    let mut names = Vec::new();
    if let Some(age) = profile.age.filter(|age| age.is_known()) {
        let AgeRange { from, to } = age;
        let middle = u32::midpoint(from, to);
        names.push(match middle {
            0..12 => "#infant",
            12..168 => "#child",
            168..480 => "#young",
            480..780 => "#middle",
            _ => "#old",
        });
    }
    match profile.sex {
        Some(Sex::Female) => names.push("#female"),
        Some(Sex::Male) => names.push("#male"),
        None => {}
    }
    names
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokenize;
    use super::*;

    #[test]
    fn n_grams_stop_at_the_end_of_a_clause() {
        let mut names = Vec::new();
        n_grams(&tokenize("头很痛,发烧3天", &[]), &mut |name| {
            names.push(name.to_owned());
        });
        assert!(names.contains(&"头 很 痛".to_owned()));
        assert!(names.contains(&"烧 0 天".to_owned()));
        assert!(!names.iter().any(|name| name.contains("痛 发")));
    }

    #[test]
    fn the_clause_that_sounds_worst_is_named() {
        let model = Statistical {
            levels: vec![Sounding::Emergency, Sounding::Urgent],
            bias: vec![0, 0],
            steps: [0.1; 3],
            distances: vec![key("floppy")],
            counts: vec![2],
            classes: vec![0, 1],
            weights: vec![15, 3],
            ..Statistical::default()
        }
        .prepared();
        let text = "hello, she has gone floppy , what now";
        assert_eq!(model.worst_clause(text, &[]), "she has gone floppy");
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
