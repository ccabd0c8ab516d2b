//! How urgent it is and which specialties it concerns.

pub(crate) mod danger;
pub(crate) mod posterior;
mod specialties;

use serde::{Deserialize, Serialize};

use crate::expression::Truth;
use crate::facts::Facts;
use crate::gate::{Fired, fired as fire};
use crate::knowledge::{Complaint, Knowledge};
use crate::state::State;
pub(crate) use posterior::Posterior;

/// With one of these, home care is never the advice: even a cold is to be looked at.
const NOT_AT_HOME: [&str; 7] = [
    "fever",
    "weakened_immunity",
    "cancer_treatment",
    "pregnant",
    "recent_birth",
    "frail",
    "recent_operation",
];
/// Neither is it for children younger than this, in months.
const MONTHS_AT_HOME: u32 = 12;

/// How soon somebody must be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CareLevel {
    /// Can be handled at home.
    SelfCare,
    /// An appointment that suits.
    Routine,
    /// Today.
    Urgent,
    /// Now.
    Emergency,
}

/// The judgement on a state.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Assessment {
    /// The level now, the floor for open danger questions included; absent if nothing was understood.
    pub care_level: Option<CareLevel>,
    /// The level if every open danger question were answered no.
    pub level_if_denied: Option<CareLevel>,
    /// Ids of all rules that fired.
    pub rules: Vec<String>,
    /// Specialty codes with scores from 0 to 1, best first.
    pub specialties: Vec<(String, f64)>,
    /// Ids of danger findings still open, most dangerous first. May hold `age`, `sex`, `pregnant`.
    pub open: Vec<String>,
    /// Ids of the complaints it was judged under.
    pub complaints: Vec<String>,
}

/// Judges a state. `fired` are the gate's rules.
#[must_use]
pub fn assess(knowledge: &Knowledge, state: &State, fired: &[Fired]) -> Assessment {
    let facts = Facts::new(&knowledge.vocabulary, state);
    let urgent = fire(&knowledge.urgent_rules, &facts);
    let rules: Vec<String> = fired
        .iter()
        .chain(&urgent)
        .map(|rule| rule.id.clone())
        .collect();
    if state.is_empty() && rules.is_empty() {
        return Assessment {
            specialties: specialties::leaning_alone(knowledge, state),
            ..Assessment::default()
        };
    }
    let complaints = complaints(knowledge, state, &facts);
    let posterior = Posterior::of(knowledge, state, &facts);
    let open = danger::danger(knowledge, state, &facts, &complaints).open;

    let denied = facts.with_denied(open.iter().filter_map(|one| match one {
        danger::Open::Finding(finding) => Some(*finding),
        _ => None,
    }));
    // What is felt decides; where nothing is, as with a wish or a known illness, an appointment that suits.
    let usual = complaints.iter().map(|complaint| complaint.level).max();
    let mut level = Posterior::of(knowledge, state, &denied)
        .level(knowledge, state.urgency)
        .unwrap_or_else(|| usual.map_or(CareLevel::Routine, |level| level.min(CareLevel::Routine)));
    if level == CareLevel::SelfCare && is_frail(&facts, state) {
        level = CareLevel::Routine;
    }
    if !urgent.is_empty() || fired.iter().any(Fired::is_crisis) || !state.disputed.is_empty() {
        level = level.max(CareLevel::Urgent);
    }
    if fired
        .iter()
        .any(|rule| rule.is_emergency() && !state.disputed.contains(&rule.id))
    {
        level = CareLevel::Emergency;
    }
    let floor = if open.is_empty() {
        level
    } else {
        level.max(CareLevel::Urgent)
    };
    Assessment {
        care_level: Some(floor),
        level_if_denied: Some(level),
        rules,
        specialties: posterior.specialties(knowledge, state, &complaints),
        open: open
            .iter()
            .map(|one| one.id(knowledge).to_owned())
            .collect(),
        complaints: complaints
            .iter()
            .map(|complaint| complaint.id.clone())
            .collect(),
    }
}

/// Whom nobody advises to stay at home: small children, and people with one of [`NOT_AT_HOME`].
fn is_frail(facts: &Facts<'_>, state: &State) -> bool {
    let ages = state.profile.ages();
    let small = ages.to < MONTHS_AT_HOME;
    small
        || facts
            .present()
            .any(|finding| NOT_AT_HOME.contains(&facts.id_of(finding)))
}

/// The complaints a state speaks of: picked, or opened by a finding; the fallback if the patient complains of something no
/// complaint knows.
pub(crate) fn complaints<'a>(
    knowledge: &'a Knowledge,
    state: &State,
    facts: &Facts<'_>,
) -> Vec<&'a Complaint> {
    let ages = state.profile.ages();
    let fits = |complaint: &Complaint| {
        let age = complaint.age.from <= ages.to && complaint.age.to >= ages.from;
        age && (complaint.sex.is_none()
            || state.profile.sex.is_none()
            || complaint.sex == state.profile.sex)
    };
    let mut found: Vec<&Complaint> = knowledge
        .complaints
        .iter()
        .filter(|complaint| {
            let opened = complaint
                .entry
                .iter()
                .any(|finding| facts.truth(*finding) == Truth::Yes);
            state.complaints.contains(&complaint.id) || (opened && fits(complaint))
        })
        .collect();
    if found.is_empty() && facts.present().any(|finding| facts.is_complained(finding)) {
        found.extend(
            knowledge
                .complaints
                .get(usize::from(knowledge.fallback_complaint)),
        );
    }
    found
}
