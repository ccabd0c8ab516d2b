//! Conditions by probability, and what follows for level and specialty.

use crate::expression::Truth;
use crate::facts::Facts;
use crate::knowledge::{Complaint, Condition, FindingKind, Knowledge};
use crate::profile::{AgeRange, Sex};
use crate::state::State;

use super::CareLevel;
use super::specialties::{blend, for_children, leaning, of_complaints, ranked, scale, share};

/// How much more likely a condition is for somebody who says they have it.
const NAMED: f32 = 80.0;
/// How much likelier than by chance one finding can make a condition.
const MOST: f32 = 40.0;
/// Outside its usual ages a condition is so much rarer.
const WRONG_AGE: f32 = 0.08;
/// How much the conditions count in the level beside the sound of the words, as a power of their odds.
const WEIGHT_OF_CONDITIONS: f32 = 0.5;
/// Nothing sounds less or more urgent than by this chance.
const LEAST: f32 = 0.02;
/// Conditions looked at when questions are weighed.
const FOCUS: usize = 40;

/// Probabilities of the conditions, in their order.
#[derive(Debug, Clone)]
pub(crate) struct Posterior {
    /// Sum to 1.
    pub(crate) of_condition: Vec<f32>,
    /// How many findings spoke.
    evidence: usize,
    /// Whether something is felt, seen or has happened, beside known illnesses and wishes.
    felt: bool,
}

impl Posterior {
    /// From what is known.
    pub(crate) fn of(knowledge: &Knowledge, state: &State, facts: &Facts<'_>) -> Self {
        let present: Vec<u16> = facts.present().collect();
        let denied: Vec<u16> = (0_u16..)
            .take(knowledge.findings.len())
            .filter(|finding| facts.truth(*finding) == Truth::No)
            .collect();
        let ages = state.profile.age.unwrap_or(state.profile.ages());
        let logs: Vec<f32> = knowledge
            .conditions
            .iter()
            .map(|condition| {
                let mut log = (condition.prior
                    * age_factor(condition, ages)
                    * sex_factor(condition, state.profile.sex))
                .ln();
                log += present_log(knowledge, condition, &present);
                for finding in &denied {
                    if let Some(chance) = chance_of(condition, *finding) {
                        log += ((1.0 - chance)
                            / (1.0 - knowledge.findings[usize::from(*finding)].leak))
                            .ln();
                    }
                }
                log
            })
            .collect();
        let kind = |finding: &u16| knowledge.vocabulary.findings[usize::from(*finding)].kind;
        let evidence = present
            .iter()
            .filter(|finding| kind(finding) != FindingKind::Background)
            .count();
        let felt = present
            .iter()
            .any(|finding| !matches!(kind(finding), FindingKind::Background | FindingKind::Reason));
        Self {
            of_condition: normalised(&logs),
            evidence,
            felt,
        }
    }

    /// The level of least expected loss; `None` if nothing is felt that could tell. Conditions alone ask for a visit today at
    /// most: an emergency takes a rule or the alarm, because a card must be able to say why.
    pub(crate) fn level(&self, knowledge: &Knowledge, urgency: Option<f32>) -> Option<CareLevel> {
        if !self.felt {
            return None;
        }
        let mut of_level = [0.0_f32; 4];
        for (probability, condition) in self.of_condition.iter().zip(&knowledge.conditions) {
            of_level[condition.level as usize] += probability;
        }
        let factor = urgency.map_or(1.0, |urgency| {
            urgency.max(LEAST) / (1.0 - urgency).max(LEAST)
        });
        for (level, sum) in of_level.iter_mut().enumerate() {
            *sum = sum.powf(WEIGHT_OF_CONDITIONS);
            if level >= CareLevel::Urgent as usize {
                *sum *= factor;
            }
        }
        let losses = &knowledge.losses;
        let loss = |level: CareLevel| -> f32 {
            let [self_care, routine, urgent, emergency] = of_level;
            match level {
                CareLevel::SelfCare => {
                    emergency * losses.missed_emergency
                        + urgent * losses.missed_urgent
                        + routine * losses.missed_routine
                }
                CareLevel::Routine => {
                    emergency * losses.missed_emergency
                        + urgent * losses.missed_urgent
                        + self_care * losses.needless
                }
                CareLevel::Urgent | CareLevel::Emergency => {
                    routine * losses.needless + self_care * losses.needless * 2.0
                }
            }
        };
        [CareLevel::SelfCare, CareLevel::Routine, CareLevel::Urgent]
            .into_iter()
            .min_by(|one, other| loss(*one).total_cmp(&loss(*other)))
    }

    /// Scores by specialty index, before ages and sexes are looked at.
    fn scores(&self, knowledge: &Knowledge, complaints: &[&Complaint]) -> Vec<f64> {
        let mut scores = vec![0.0_f64; knowledge.specialties.len()];
        for (probability, condition) in self.of_condition.iter().zip(&knowledge.conditions) {
            share(&mut scores, &condition.specialties, f64::from(*probability));
        }
        let weight = self.weight(complaints);
        scale(&mut scores, 1.0 - weight);
        for (score, other) in scores
            .iter_mut()
            .zip(of_complaints(knowledge, complaints, weight))
        {
            *score += other;
        }
        scores
    }

    /// How much the complaint's own specialties count: the fewer findings speak, the more.
    fn weight(&self, complaints: &[&Complaint]) -> f64 {
        match self.evidence {
            _ if complaints.is_empty() => 0.0,
            0 => 0.9,
            1 => 0.5,
            2 => 0.35,
            _ => 0.25,
        }
    }

    /// The likeliest conditions alone, to weigh questions with.
    pub(crate) fn focus<'a>(
        &self,
        knowledge: &'a Knowledge,
        state: &State,
        complaints: &[&Complaint],
    ) -> Focus<'a> {
        let mut conditions: Vec<(&Condition, f32)> = knowledge
            .conditions
            .iter()
            .zip(self.of_condition.iter().copied())
            .collect();
        conditions.sort_unstable_by(|one, other| other.1.total_cmp(&one.1));
        conditions.truncate(FOCUS);
        let weight = self.weight(complaints);
        Focus {
            knowledge,
            conditions,
            fixed: of_complaints(knowledge, complaints, weight),
            leaning: leaning(knowledge, state),
            weight,
        }
    }

    /// Specialties with scores, best first.
    pub(crate) fn specialties(
        &self,
        knowledge: &Knowledge,
        state: &State,
        complaints: &[&Complaint],
    ) -> Vec<(String, f64)> {
        let mut scores = self.scores(knowledge, complaints);
        let ages = state.profile.ages();
        for_children(knowledge, &mut scores, ages);
        scale(&mut scores, 1.0);
        blend(&mut scores, &leaning(knowledge, state));
        ranked(knowledge, state, scores)
    }
}

/// The likeliest conditions and what the complaint itself says.
#[derive(Debug)]
pub(crate) struct Focus<'a> {
    knowledge: &'a Knowledge,
    /// Likeliest first.
    pub(crate) conditions: Vec<(&'a Condition, f32)>,
    fixed: Vec<f64>,
    leaning: Vec<f64>,
    weight: f64,
}

impl Focus<'_> {
    /// Chance that the best specialty is not the right one.
    pub(crate) fn doubt(&self) -> f64 {
        self.doubt_with(&|_| 1.0)
    }

    /// The doubt left on average once `finding` was answered.
    pub(crate) fn doubt_after(&self, finding: u16) -> f64 {
        let leak = self.knowledge.findings[usize::from(finding)].leak;
        let chances: Vec<f32> = self
            .conditions
            .iter()
            .map(|(condition, _)| chance_of(condition, finding).unwrap_or(leak))
            .collect();
        let sum: f32 = self
            .conditions
            .iter()
            .map(|(_, probability)| probability)
            .sum();
        let yes: f32 = self
            .conditions
            .iter()
            .zip(&chances)
            .map(|((_, probability), chance)| probability * chance)
            .sum();
        let yes = f64::from(yes / sum.max(f32::MIN_POSITIVE));
        yes * self.doubt_with(&|place| chances[place])
            + (1.0 - yes) * self.doubt_with(&|place| 1.0 - chances[place])
    }

    fn doubt_with(&self, factor: &impl Fn(usize) -> f32) -> f64 {
        let mut scores = vec![0.0_f64; self.fixed.len()];
        for (place, (condition, probability)) in self.conditions.iter().enumerate() {
            let weight = f64::from(probability * factor(place));
            share(&mut scores, &condition.specialties, weight);
        }
        scale(&mut scores, 1.0 - self.weight);
        for (score, fixed) in scores.iter_mut().zip(&self.fixed) {
            *score += fixed;
        }
        blend(&mut scores, &self.leaning);
        scale(&mut scores, 1.0);
        1.0 - scores.into_iter().fold(0.0, f64::max)
    }
}

fn chance_of(condition: &Condition, finding: u16) -> Option<f32> {
    condition
        .findings
        .binary_search_by_key(&finding, |(index, _)| *index)
        .ok()
        .map(|place| condition.findings[place].1)
}

/// What the present findings say for a condition; of one group only the strongest counts.
fn present_log(knowledge: &Knowledge, condition: &Condition, present: &[u16]) -> f32 {
    let mut sum = 0.0;
    let mut groups: Vec<(u16, f32)> = Vec::new();
    for finding in present {
        if condition.named == Some(*finding) {
            sum += NAMED.ln();
            continue;
        }
        let texts = &knowledge.findings[usize::from(*finding)];
        let Some(chance) = chance_of(condition, *finding) else {
            continue;
        };
        let log = (chance / texts.leak).min(MOST).ln();
        match groups.iter_mut().find(|(group, _)| *group == texts.group) {
            Some((_, strongest)) if texts.group != 0 => *strongest = strongest.max(log),
            _ if texts.group != 0 => groups.push((texts.group, log)),
            _ => sum += log,
        }
    }
    sum + groups.iter().map(|(_, log)| log).sum::<f32>()
}

fn age_factor(condition: &Condition, ages: AgeRange) -> f32 {
    if condition.age.from <= ages.to && condition.age.to >= ages.from {
        1.0
    } else {
        WRONG_AGE
    }
}

fn sex_factor(condition: &Condition, sex: Option<Sex>) -> f32 {
    match (condition.sex, sex) {
        (Some(only), Some(known)) if only != known => 1e-6,
        (Some(_), None) => 0.5,
        _ => 1.0,
    }
}

fn normalised(logs: &[f32]) -> Vec<f32> {
    let most = logs.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut values: Vec<f32> = logs.iter().map(|log| (log - most).exp()).collect();
    let sum: f32 = values.iter().sum();
    for value in &mut values {
        *value /= sum.max(f32::MIN_POSITIVE);
    }
    values
}
