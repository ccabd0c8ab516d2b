//! Doctors by what their published expertise names. Text in a profile is data: only findings and conditions found in it count,
//! each once, so that no instruction or repetition raises a rank.

use std::collections::BTreeSet;

use super::RankedDoctor;
use super::directory::{ClinicKind, Directory, Doctor};
use crate::Text;
use crate::assess::Posterior;
use crate::facts::Facts;
use crate::knowledge::Knowledge;
use crate::read::read;
use crate::state::State;

/// Doctors shown per department at most.
const MOST: usize = 3;

/// What a doctor's prose names.
#[derive(Debug, Clone)]
pub(super) struct Expertise {
    findings: BTreeSet<u16>,
}

impl Expertise {
    pub(super) fn of(knowledge: &Knowledge, doctor: &Doctor) -> Self {
        let findings = doctor
            .expertise
            .0
            .values()
            .flat_map(|prose| read(&knowledge.vocabulary, prose).findings)
            .filter_map(|heard| knowledge.vocabulary.index_of(&heard.id))
            .collect();
        Self { findings }
    }
}

/// The best of `places`.
pub(super) fn rank(
    knowledge: &Knowledge,
    directory: &Directory,
    expertise: &[Expertise],
    places: &[usize],
    state: &State,
    facts: &Facts<'_>,
) -> Vec<RankedDoctor> {
    if places.is_empty() {
        return Vec::new();
    }
    let posterior = Posterior::of(knowledge, state, facts);
    let present: Vec<u16> = facts.present().collect();
    let mut ranked: Vec<(f32, usize, Vec<Text>)> = places
        .iter()
        .map(|place| {
            let named = &expertise[*place].findings;
            let mut score = 0.0_f32;
            let mut matches: Vec<Text> = Vec::new();
            for finding in present.iter().filter(|finding| named.contains(finding)) {
                score += 0.4;
                let name = knowledge.findings[usize::from(*finding)].name.clone();
                if matches.len() < 4
                    && !matches.contains(&name)
                    && !knowledge.findings[usize::from(*finding)].private
                {
                    matches.push(name);
                }
            }
            for (probability, condition) in posterior.of_condition.iter().zip(&knowledge.conditions)
            {
                if condition
                    .named
                    .is_some_and(|finding| named.contains(&finding))
                {
                    score += probability;
                }
            }
            let doctor = &directory.doctors[*place];
            // Among equals, a doctor with places left comes before a full one, an expert before an ordinary clinic.
            if doctor.places_left == Some(0) {
                score -= 0.3;
            }
            if doctor.clinic != ClinicKind::Ordinary {
                score += 0.05;
            }
            (score, *place, matches)
        })
        .collect();
    ranked.sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    ranked
        .into_iter()
        .take(MOST)
        .map(|(_, doctor, matches)| RankedDoctor { doctor, matches })
        .collect()
}
