//! From conditions, complaints and what the statistical reader leans to, to a ranking of specialties.

use crate::knowledge::{Complaint, Knowledge};
use crate::profile::AgeRange;
use crate::state::State;

/// Shares of a condition's specialties by rank.
const SHARES: [f64; 4] = [1.0, 0.45, 0.25, 0.15];
/// Nothing is less likely than this to either reader.
const FLOOR: f64 = 0.004;
/// What the conditions count in the score of a specialty.
const WEIGHT_OF_CONDITIONS: f64 = 0.4;
/// Both together are surer than they are often right: to this power their scores say how often they are.
const SURENESS: f64 = 0.9;

/// What the statistical reader alone leans to, where our own heard nothing.
pub(crate) fn leaning_alone(knowledge: &Knowledge, state: &State) -> Vec<(String, f64)> {
    if state.leanings.is_empty() {
        return Vec::new();
    }
    let mut scores = leaning(knowledge, state);
    for score in &mut scores {
        if *score <= FLOOR {
            *score = 0.0;
        }
    }
    ranked(knowledge, state, scores)
}

/// What the statistical reader leans to, over all texts: shares by specialty, never below [`FLOOR`]; all equal if it heard nothing.
pub(super) fn leaning(knowledge: &Knowledge, state: &State) -> Vec<f64> {
    let mut shares = vec![1.0_f64; knowledge.specialties.len()];
    for of_text in &state.leanings {
        for (share, specialty) in shares.iter_mut().zip(&knowledge.specialties) {
            let found = of_text.iter().find(|(code, _)| *code == specialty.code);
            *share *= found.map_or(FLOOR, |(_, share)| f64::from(*share).max(FLOOR));
        }
        scale(&mut shares, 1.0);
        for share in &mut shares {
            *share = share.max(FLOOR);
        }
    }
    shares
}

/// Joins what the conditions say with what the statistical reader leans to.
pub(super) fn blend(scores: &mut [f64], leaning: &[f64]) {
    for (score, leaning) in scores.iter_mut().zip(leaning) {
        *score = ((*score + FLOOR).powf(WEIGHT_OF_CONDITIONS) * leaning).powf(SURENESS);
    }
}

/// Specialties that can be for this patient, best first, with scores that sum to 1.
pub(super) fn ranked(
    knowledge: &Knowledge,
    state: &State,
    mut scores: Vec<f64>,
) -> Vec<(String, f64)> {
    let ages = state.profile.ages();
    for (score, specialty) in scores.iter_mut().zip(&knowledge.specialties) {
        let sex = specialty.sex.is_some()
            && state.profile.sex.is_some()
            && specialty.sex != state.profile.sex;
        if sex || specialty.age.from > ages.to || specialty.age.to < ages.from {
            *score = 0.0;
        }
        // The children's departments may see the half-grown, and mostly do not.
        if specialty.age.to < ADULT && ages.from >= HALF_GROWN {
            *score *= OF_HALF_GROWN;
        }
    }
    scale(&mut scores, 1.0);
    let mut ranked: Vec<(String, f64)> = knowledge
        .specialties
        .iter()
        .zip(scores)
        .filter(|(_, score)| *score > 0.0)
        .map(|(specialty, score)| (specialty.code.clone(), score))
        .collect();
    ranked
        .sort_unstable_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    ranked
}

/// The complaints' own specialties, summing to `weight`.
pub(super) fn of_complaints(
    knowledge: &Knowledge,
    complaints: &[&Complaint],
    weight: f64,
) -> Vec<f64> {
    let mut scores = vec![0.0_f64; knowledge.specialties.len()];
    for complaint in complaints {
        share(&mut scores, &complaint.specialties, 1.0);
    }
    scale(&mut scores, weight);
    scores
}

/// From this age on, in months, the departments of grown-ups are the usual ones.
const HALF_GROWN: u32 = 14 * 12;
/// Up to this age, in months, some children's departments see patients.
const ADULT: u32 = 18 * 12;
/// What is left to the children's departments of the half-grown.
const OF_HALF_GROWN: f64 = 0.3;
/// What the children's departments take over of what grown-ups take elsewhere.
const CHILDREN: f64 = 0.6;

/// Under fourteen the children's departments see most of what grown-ups take elsewhere, newborns their own; eyes, ears, teeth,
/// skin and bones stay where they are.
pub(super) fn for_children(knowledge: &Knowledge, scores: &mut [f64], ages: AgeRange) {
    if ages.to >= HALF_GROWN {
        return;
    }
    let code = if ages.to == 0 {
        "neonatology"
    } else {
        "paediatrics"
    };
    let Some(place) = knowledge
        .specialties
        .iter()
        .position(|one| one.code == code)
    else {
        return;
    };
    let mut taken = 0.0;
    for (score, specialty) in scores.iter_mut().zip(&knowledge.specialties) {
        if !specialty.sees_children {
            taken += *score * CHILDREN;
            *score *= 1.0 - CHILDREN;
        }
    }
    scores[place] += taken;
}

pub(super) fn share(scores: &mut [f64], specialties: &[u16], weight: f64) {
    for (specialty, share) in specialties.iter().zip(SHARES) {
        if let Some(score) = scores.get_mut(usize::from(*specialty)) {
            *score += weight * share;
        }
    }
}

/// Makes the scores sum to `sum`.
pub(super) fn scale(scores: &mut [f64], sum: f64) {
    let total: f64 = scores.iter().sum();
    if total > 0.0 {
        scale_by(scores, sum / total);
    }
}

fn scale_by(scores: &mut [f64], factor: f64) {
    for score in scores {
        *score *= factor;
    }
}
