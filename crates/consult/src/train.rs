//! Trains the statistical reader from utterances written for this project. Tools only: the product carries the weights.
//!
//! One yes or no per specialty and per finding, linear in the n-grams, each against all others; then the small weights go, the
//! others are trained again, and what is left is written in a few steps. The same lines give the same weights.

mod fit;
mod levels;
mod lines;
mod table;
mod usage;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::assess::CareLevel;
use crate::facts::Facts;
use crate::gate::{Alarm, Fired};
use crate::hear::{Input, hear};
use crate::knowledge::Knowledge;
use crate::read::statistical::{self, Features, Statistical};
use crate::state::State;
use fit::{Example, Fit};
use levels::Class;
pub use lines::{Utterance, entries, terms, utterances};
pub use table::Table;
pub use usage::usage;

/// Parts of the cross-validation.
const FOLDS: usize = 5;
/// A finding is learned from so many utterances at least.
const EXAMPLES_OF_FINDING: usize = 12;
/// An n-gram is learned from so many utterances at least.
const EXAMPLES_OF_N_GRAM: u32 = 2;
/// A specialty's lines count by this power of how rare it is: nobody who writes lines meets the specialties as often as a
/// hospital does, and no two hospitals meet them equally often.
const POWER_OF_RARITY: f32 = 0.25;
/// Departments of a line that count as right.
const RIGHT: usize = 3;
/// Weights kept for the specialties.
const WEIGHTS_OF_SPECIALTIES: usize = 70_000;
/// Weights kept for the findings.
const WEIGHTS_OF_FINDINGS: usize = 8_000;

/// How well the weights do on lines they were not trained on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    /// Lines.
    pub lines: usize,
    /// The best specialty is one of those that are right.
    pub first: usize,
    /// One of the best three is.
    pub third: usize,
    /// Findings suspected that the line says.
    pub heard: usize,
    /// Findings suspected.
    pub suspected: usize,
    /// Emergencies without a card that sound like one, then all without a card.
    pub alarmed: (usize, usize),
    /// The same of lines that are labelled as no emergency.
    pub alarmed_in_vain: (usize, usize),
}

/// Scores by file.
pub type Scores = BTreeMap<String, Score>;

/// Trains on all lines.
#[must_use]
pub fn train(knowledge: &Knowledge, utterances: &[Utterance], fingerprint: &str) -> Table {
    let prepared = Prepared::new(knowledge, utterances);
    prepared.fit(|_| true).table(fingerprint)
}

/// Trains five times, each time without a fifth of the lines, and scores on that fifth.
#[must_use]
pub fn cross_validate(knowledge: &Knowledge, utterances: &[Utterance]) -> Scores {
    let prepared = Prepared::new(knowledge, utterances);
    let mut scores = Scores::new();
    for fold in 0..FOLDS {
        let outside = |place: usize| spread(place) % FOLDS == fold;
        let table = prepared.fit(|place| !outside(place)).table("");
        let alarm = table.alarm(knowledge.losses);
        let model = table.linked(knowledge).unwrap_or_default().prepared();
        for (place, utterance) in utterances.iter().enumerate() {
            let is_case = utterance.is_written() && !utterance.specialties.is_empty();
            if outside(place) && is_case {
                let score = scores.entry(utterance.file.clone()).or_default();
                if !prepared.heard[place].has_card {
                    score.alarms(&alarm, &prepared.heard[place].by_gate, utterance.level);
                }
                count(
                    knowledge,
                    &model,
                    &prepared.features[place],
                    utterance,
                    score,
                );
            }
        }
    }
    scores
}

impl Score {
    fn alarms(&mut self, alarm: &Alarm, features: &Features, level: Option<CareLevel>) {
        let chance = alarm.chance(features);
        let sounds = chance.is_some_and(|chance| chance > alarm.least);
        let (alarmed, all) = match level {
            None => return,
            Some(CareLevel::Emergency) => &mut self.alarmed,
            Some(_) => &mut self.alarmed_in_vain,
        };
        *alarmed += usize::from(sounds);
        *all += 1;
    }
}

/// A line's number, spread, so that neighbours fall into different parts.
fn spread(place: usize) -> usize {
    place.wrapping_mul(7919) >> 3
}

fn count(
    knowledge: &Knowledge,
    model: &Statistical,
    features: &Features,
    utterance: &Utterance,
    score: &mut Score,
) {
    let leaning = model.hear(features);
    let right = |index: &u16| {
        let code = &knowledge.specialties[usize::from(*index)].code;
        utterance.specialties.contains(code)
    };
    let ranked: Vec<bool> = leaning
        .specialties
        .iter()
        .take(3)
        .map(|(index, _)| right(index))
        .collect();
    score.lines += 1;
    score.first += usize::from(ranked.first().copied().unwrap_or(false));
    score.third += usize::from(ranked.contains(&true));
    let Some(present) = &utterance.present else {
        return;
    };
    for (finding, _) in &leaning.findings {
        let id = knowledge.vocabulary.id_of(*finding).to_owned();
        score.suspected += 1;
        score.heard += usize::from(present.contains(&id));
    }
}

/// Lines with their n-grams counted.
struct Prepared<'a> {
    utterances: &'a [Utterance],
    features: Vec<Features>,
    /// What our own reader heard in each.
    heard: Vec<HeardIn>,
    /// Names of the n-grams by key.
    names: HashMap<u32, String>,
    specialties: Vec<String>,
    findings: Vec<String>,
}

impl<'a> Prepared<'a> {
    fn new(knowledge: &Knowledge, utterances: &'a [Utterance]) -> Self {
        let mut names = HashMap::new();
        let mut features = Vec::new();
        let mut heard = Vec::new();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for utterance in utterances {
            let (found, present) = hear_line(knowledge, &utterance.text, &mut names);
            features.push(found);
            heard.push(present);
            for id in utterance.present.iter().flatten() {
                *counts.entry(id).or_default() += 1;
            }
        }
        let used: BTreeSet<&String> = utterances
            .iter()
            .flat_map(|utterance| &utterance.specialties)
            .collect();
        Self {
            utterances,
            features,
            heard,
            names,
            specialties: used.into_iter().cloned().collect(),
            findings: counts
                .into_iter()
                .filter(|(_, count)| *count >= EXAMPLES_OF_FINDING)
                .map(|(id, _)| id.to_owned())
                .collect(),
        }
    }

    fn fit(&self, uses: impl Fn(usize) -> bool) -> Weights<'_> {
        let mut counts: HashMap<u32, u32> = HashMap::new();
        for (place, features) in self.features.iter().enumerate() {
            if uses(place) {
                let by_gate = &self.heard[place].by_gate.keys;
                let only_by_gate = by_gate
                    .iter()
                    .filter(|key| features.keys.binary_search(key).is_err());
                for key in features.keys.iter().chain(only_by_gate) {
                    *counts.entry(*key).or_default() += 1;
                }
            }
        }
        let mut keys: Vec<u32> = counts
            .into_iter()
            .filter(|(_, count)| *count >= EXAMPLES_OF_N_GRAM)
            .map(|(key, _)| key)
            .collect();
        keys.sort_unstable();
        let places: Vec<usize> = (0..self.utterances.len())
            .filter(|place| uses(*place))
            .collect();
        let example = |place: usize, features: &Features, targets, ignored| {
            let known = |key| keys.binary_search(key).ok();
            Example {
                features: features.keys.iter().filter_map(known).collect(),
                value: features.value(),
                weight: self.utterances[place].weight,
                targets,
                ignored,
            }
        };
        // Lines that say nothing have no department; they teach what is no finding.
        let mut by_specialty: Vec<Example> = places
            .iter()
            .filter(|place| !self.utterances[**place].specialties.is_empty())
            .map(|place| {
                let features = &self.features[*place];
                example(*place, features, self.targets(*place), Vec::new())
            })
            .collect();
        balance(&mut by_specialty, self.specialties.len());
        let by_finding: Vec<Example> = places
            .iter()
            .filter_map(|place| {
                let (present, ignored) = self.findings_of(*place)?;
                Some(example(*place, &self.features[*place], present, ignored))
            })
            .collect();
        let level = |class| {
            let (examples, labelled): (Vec<Example>, Vec<bool>) = places
                .iter()
                .filter(|place| self.utterances[**place].has_sound())
                .filter_map(|place| {
                    let level = self.utterances[*place].level;
                    let heard = &self.heard[*place];
                    let (right, weight) = levels::lesson(class, level, heard.has_card)?;
                    let (features, value) = match class {
                        Class::Emergency => (&heard.by_gate, heard.by_gate.value_for_alarm()),
                        Class::Urgent => (&self.features[*place], self.features[*place].value()),
                    };
                    let example = Example {
                        value,
                        weight: weight * self.utterances[*place].weight_of_level(),
                        ..example(
                            *place,
                            features,
                            if right { vec![0] } else { Vec::new() },
                            Vec::new(),
                        )
                    };
                    Some((example, level.is_some()))
                })
                .unzip();
            levels::learn(class, keys.len(), &examples, &labelled)
        };
        Weights {
            specialties: Fit::new(
                keys.len(),
                &by_specialty,
                &self.specialties,
                WEIGHTS_OF_SPECIALTIES,
            ),
            findings: Fit::new(keys.len(), &by_finding, &self.findings, WEIGHTS_OF_FINDINGS),
            urgent: level(Class::Urgent),
            emergency: level(Class::Emergency),
            names: keys
                .iter()
                .map(|key| self.names.get(key).map_or("", String::as_str))
                .collect(),
        }
    }

    fn targets(&self, place: usize) -> Vec<usize> {
        self.utterances[place]
            .specialties
            .iter()
            .take(RIGHT)
            .filter_map(|code| self.specialties.binary_search(code).ok())
            .collect()
    }

    /// The findings of a line, and those it speaks neither for nor against: what our own reader heard and nobody labelled.
    fn findings_of(&self, place: usize) -> Option<(Vec<usize>, Vec<usize>)> {
        let class = |id: &String| self.findings.binary_search(id).ok();
        let present = self.utterances[place].present.as_ref()?;
        Some((
            present.iter().filter_map(class).collect(),
            self.heard[place]
                .present
                .iter()
                .filter(|id| !present.contains(id))
                .filter_map(class)
                .collect(),
        ))
    }
}

/// Makes lines of rare specialties count more, so that all lines together count as before.
#[expect(clippy::cast_precision_loss, reason = "some ten thousand lines")]
fn balance(examples: &mut [Example], classes: usize) {
    let mut totals = vec![0.0_f32; classes];
    let first = |example: &Example| example.targets.first().copied();
    for example in examples.iter() {
        if let Some(class) = first(example) {
            totals[class] += example.weight;
        }
    }
    let mean = totals.iter().sum::<f32>() / classes.max(1) as f32;
    for example in examples {
        if let Some(class) = first(example) {
            example.weight *= (mean / totals[class]).powf(POWER_OF_RARITY);
        }
    }
}

/// What training gives, before it is written.
struct Weights<'a> {
    specialties: Fit,
    findings: Fit,
    urgent: Fit,
    emergency: Fit,
    names: Vec<&'a str>,
}

impl Weights<'_> {
    fn table(&self, fingerprint: &str) -> Table {
        Table::of(
            &[
                ("", &self.specialties),
                (table::FINDING, &self.findings),
                (table::LEVEL, &self.urgent),
                (table::LEVEL, &self.emergency),
            ],
            &self.names,
            fingerprint,
        )
    }
}

/// What our own reader hears in a line.
struct HeardIn {
    /// Findings, said or following.
    present: BTreeSet<String>,
    /// Whether a rule shows a card.
    has_card: bool,
    /// What counts in it for the alarm, which knows the gate's findings only.
    by_gate: Features,
}

/// The n-grams of a line as the product will count them, and what our own reader hears in it.
fn hear_line(
    knowledge: &Knowledge,
    text: &str,
    names: &mut HashMap<u32, String>,
) -> (Features, HeardIn) {
    let mut state = State::default();
    let input = Input::Text(text.to_owned());
    let heard = hear(&knowledge.vocabulary, &state, &input);
    state.apply(&heard);
    let facts = Facts::new(&knowledge.vocabulary, &state);
    let present: BTreeSet<String> = facts
        .present()
        .map(|finding| facts.id_of(finding).to_owned())
        .collect();
    statistical::names(
        &knowledge.vocabulary,
        text,
        &state.profile,
        &facts,
        &mut |name| {
            names
                .entry(statistical::key(name))
                .or_insert_with(|| name.to_owned());
        },
    );
    let features = Features::of(&knowledge.vocabulary, text, &state.profile, &facts);
    let has_card = knowledge.gate.fired(&state).iter().any(Fired::is_card);
    let vocabulary = &knowledge.gate.vocabulary;
    let by_gate = Facts::new(vocabulary, &state);
    let by_gate = Features::of(vocabulary, text, &state.profile, &by_gate);
    (
        features,
        HeardIn {
            present,
            has_card,
            by_gate,
        },
    )
}
