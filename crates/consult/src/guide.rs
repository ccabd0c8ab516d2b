//! From specialties to this hospital's departments and doctors, with reasons. The hospital's own routing rules come first.

pub mod directory;

mod doctors;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::assess::{Assessment, CareLevel, complaints};
use crate::expression::{Expression, Truth};
use crate::facts::Facts;
use crate::knowledge::{FindingKind, Knowledge};
use crate::state::State;
use directory::{Department, Directory, LocalTime};

/// Departments shown at most.
const MOST_DEPARTMENTS: usize = 3;
/// A department this much weaker than the first is not shown.
const WORTH_SHOWING: f64 = 0.22;
/// Scores closer than this are a tie.
const TIE: f64 = 0.85;
/// A specialty the hospital lacks passes so much of its score to the nearest it has.
const NEAREST: f64 = 0.8;

/// A directory made ready: rules read, expertise read, specialties spread over departments.
#[derive(Debug, Clone)]
pub struct Index {
    /// The directory.
    pub directory: Directory,
    rules: Vec<Expression>,
    expertise: Vec<doctors::Expertise>,
    by_department: BTreeMap<String, Vec<usize>>,
}

/// A routing rule that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoutingProblem {
    /// Rule id.
    pub rule: String,
    /// What is wrong, in plain words.
    pub message: String,
}

impl Index {
    /// Makes a directory ready; rules that cannot be used are left out and named.
    #[must_use]
    pub fn build(knowledge: &Knowledge, mut directory: Directory) -> (Self, Vec<RoutingProblem>) {
        let mut problems = Vec::new();
        let mut rules = Vec::new();
        let known: Vec<String> = directory
            .departments
            .iter()
            .map(|one| one.id.clone())
            .collect();
        directory.routing.retain(|rule| {
            let parsed =
                crate::expression::parse(&rule.when, &|id| knowledge.vocabulary.index_of(id));
            let lost = rule.departments.iter().find(|id| !known.contains(id));
            let message = match (&parsed, lost) {
                (Err(message), _) => message.clone(),
                (_, Some(id)) => format!("there is no department \"{id}\""),
                (Ok(_), None) if rule.departments.is_empty() && !rule.when_closed => {
                    "it names no department".to_owned()
                }
                (Ok(_), None) => String::new(),
            };
            if message.is_empty() {
                rules.extend(parsed);
                return true;
            }
            problems.push(RoutingProblem {
                rule: rule.id.clone(),
                message,
            });
            false
        });
        let expertise = directory
            .doctors
            .iter()
            .map(|doctor| doctors::Expertise::of(knowledge, doctor))
            .collect();
        let mut by_department: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, doctor) in directory.doctors.iter().enumerate() {
            by_department
                .entry(doctor.department.clone())
                .or_default()
                .push(place);
        }
        (
            Self {
                directory,
                rules,
                expertise,
                by_department,
            },
            problems,
        )
    }
}

/// A reason, in the patient's own words where there are any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// What was understood.
    pub finding: Text,
    /// The words it rests on.
    pub words: Option<String>,
}

/// A doctor in a guidance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankedDoctor {
    /// Place in the directory.
    pub doctor: usize,
    /// What of the patient's complaint the expertise names.
    pub matches: Vec<Text>,
}

/// A department in a guidance.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedDepartment {
    /// Place in the directory.
    pub department: usize,
    /// Score, 0 to 1; a routing rule's department has 1.
    pub score: f64,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Said beside it.
    pub note: Option<Text>,
    /// Open at the time; `None` if not known.
    pub open_now: Option<bool>,
    /// Doctors, best first.
    pub doctors: Vec<RankedDoctor>,
}

/// Where to go, how soon and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Guidance {
    /// How soon.
    pub care_level: CareLevel,
    /// Its name.
    pub level_name: Text,
    /// By when.
    pub by_when: Text,
    /// Where, if closed.
    pub where_if_closed: Text,
    /// Until then.
    pub until_then: Text,
    /// Come back at once if.
    pub come_back_if: Vec<Text>,
    /// Danger signs still open.
    pub open: Vec<Text>,
    /// Departments, best first.
    pub departments: Vec<RankedDepartment>,
    /// Said when the first two are close.
    pub tie: Option<Text>,
}

/// Guides. The caller shows self-care only where the organisation switched it on.
#[must_use]
pub fn guide(
    knowledge: &Knowledge,
    index: &Index,
    state: &State,
    assessment: &Assessment,
    now: LocalTime,
) -> Guidance {
    let facts = Facts::new(&knowledge.vocabulary, state);
    let care_level = assessment.care_level.unwrap_or(CareLevel::Urgent);
    let words = knowledge.level(care_level);
    let ranked = departments(knowledge, index, state, &facts, assessment, now);
    let active = complaints(knowledge, state, &facts);
    let advice = active.first().copied().or_else(|| {
        knowledge
            .complaints
            .get(usize::from(knowledge.fallback_complaint))
    });
    let mut come_back_if: Vec<Text> = Vec::new();
    for sign in active
        .iter()
        .flat_map(|complaint| &complaint.come_back_if)
        .chain(advice.iter().flat_map(|one| &one.come_back_if))
    {
        if come_back_if.len() < 5 && !come_back_if.contains(sign) {
            come_back_if.push(sign.clone());
        }
    }
    let open = assessment
        .open
        .iter()
        .filter_map(|id| knowledge.vocabulary.index_of(id))
        .map(|finding| knowledge.findings[usize::from(finding)].label.clone())
        .collect();
    let tie = match ranked.as_slice() {
        [first, second, ..] if second.score > first.score * TIE => Some(knowledge.sentence("tie")),
        _ => None,
    };
    Guidance {
        care_level,
        level_name: words.name.clone(),
        by_when: words.by_when.clone(),
        where_if_closed: words.where_if_closed.clone(),
        until_then: advice.map(|one| one.until_then.clone()).unwrap_or_default(),
        come_back_if,
        open,
        departments: ranked,
        tie,
    }
}

/// A department on its way into the ranking.
struct Candidate {
    place: usize,
    score: f64,
    specialty: Option<u16>,
    note: Option<Text>,
    routed: bool,
}

fn departments(
    knowledge: &Knowledge,
    index: &Index,
    state: &State,
    facts: &Facts<'_>,
    assessment: &Assessment,
    now: LocalTime,
) -> Vec<RankedDepartment> {
    let directory = &index.directory;
    let mut candidates = by_specialty(knowledge, directory, state, assessment);
    candidates.sort_unstable_by(|one, other| {
        let open = |one: &Candidate| {
            directory.departments[one.place]
                .is_open(now)
                .unwrap_or(false)
        };
        let close = (one.score - other.score).abs() < 1e-6;
        if close {
            open(other)
                .cmp(&open(one))
                .then(one.place.cmp(&other.place))
        } else {
            other.score.total_cmp(&one.score)
        }
    });
    let first_closed = candidates
        .first()
        .is_some_and(|one| directory.departments[one.place].is_open(now) == Some(false));
    let mut ranked: Vec<Candidate> = Vec::new();
    for (rule, when) in directory.routing.iter().zip(&index.rules) {
        let in_season = rule.months.is_empty() || rule.months.contains(&now.month);
        if !in_season || (rule.when_closed && !first_closed) || when.value(facts) != Truth::Yes {
            continue;
        }
        for id in &rule.departments {
            let Some(place) = directory.departments.iter().position(|one| one.id == *id) else {
                continue;
            };
            if fits(&directory.departments[place], state)
                && !ranked.iter().any(|one| one.place == place)
            {
                let note = rule
                    .note
                    .0
                    .values()
                    .any(|words| !words.is_empty())
                    .then(|| rule.note.clone());
                ranked.push(Candidate {
                    place,
                    score: 1.0,
                    specialty: None,
                    note,
                    routed: true,
                });
            }
        }
        if !ranked.is_empty() {
            break;
        }
    }
    ranked.truncate(2);
    let most = candidates.first().map_or(0.0, |one| one.score);
    for candidate in candidates {
        let same = |other: &&Candidate| {
            other.specialty.is_some() && other.specialty == candidate.specialty
        };
        let twice = ranked.iter().filter(same).count() >= 2;
        let there = ranked.iter().any(|one| one.place == candidate.place);
        if ranked.len() < MOST_DEPARTMENTS
            && !twice
            && !there
            && candidate.score >= most * WORTH_SHOWING
        {
            ranked.push(candidate);
        }
    }
    let reasons = reasons(knowledge, state, facts);
    ranked
        .into_iter()
        .map(|one| {
            let department = &directory.departments[one.place];
            let doctors = index
                .by_department
                .get(&department.id)
                .map(Vec::as_slice)
                .unwrap_or_default();
            RankedDepartment {
                department: one.place,
                score: if one.routed { 1.0 } else { one.score },
                reasons: reasons.clone(),
                note: one.note,
                open_now: department.is_open(now),
                doctors: doctors::rank(
                    knowledge,
                    directory,
                    &index.expertise,
                    doctors,
                    state,
                    facts,
                ),
            }
        })
        .collect()
}

/// Whether a department sees this patient. A range of possible ages fits if any of it does.
fn fits(department: &Department, state: &State) -> bool {
    let ages = state.profile.ages();
    let old_enough = department.min_age.is_none_or(|years| ages.to >= years * 12);
    let young_enough = department
        .max_age
        .is_none_or(|years| ages.from < (years + 1) * 12);
    let sex = department.sex.is_none()
        || state.profile.sex.is_none()
        || department.sex == state.profile.sex;
    old_enough && young_enough && sex
}

fn by_specialty(
    knowledge: &Knowledge,
    directory: &Directory,
    state: &State,
    assessment: &Assessment,
) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = Vec::new();
    for (code, score) in assessment.specialties.iter().take(12) {
        let mut served = serving(directory, state, code);
        let (mut score, mut note) = (*score, None);
        if served.is_empty() {
            let Some(specialty) = knowledge
                .specialty(code)
                .map(|place| &knowledge.specialties[usize::from(place)])
            else {
                continue;
            };
            let nearest = specialty
                .nearest
                .iter()
                .map(|place| &knowledge.specialties[usize::from(*place)])
                .find_map(|near| {
                    let found = serving(directory, state, &near.code);
                    (!found.is_empty()).then_some(found)
                });
            let Some(found) = nearest else { continue };
            served = found;
            score *= NEAREST;
            let mut words = knowledge.sentence("nearest");
            for (language, text) in &mut words.0 {
                *text = text.replace("{specialty}", specialty.name.get(language));
            }
            note = Some(words);
        }
        for (place, rank) in served {
            let score = score * [1.0, 0.9, 0.8].get(rank).copied().unwrap_or(0.7);
            match candidates.iter_mut().find(|one| one.place == place) {
                Some(known) => {
                    if note.is_none() && score > known.score {
                        known.note = None;
                    }
                    known.score += score;
                }
                None => candidates.push(Candidate {
                    place,
                    score,
                    specialty: knowledge.specialty(code),
                    note: note.clone(),
                    routed: false,
                }),
            }
        }
    }
    candidates
}

/// Departments that serve a specialty, with its rank among theirs.
fn serving(directory: &Directory, state: &State, code: &str) -> Vec<(usize, usize)> {
    directory
        .departments
        .iter()
        .enumerate()
        .filter(|(_, department)| fits(department, state))
        .filter_map(|(place, department)| {
            department
                .specialties
                .iter()
                .position(|one| one == code)
                .map(|rank| (place, rank))
        })
        .collect()
}

/// What speaks for the guidance: what the patient complains of first, then backgrounds; at most six.
fn reasons(knowledge: &Knowledge, state: &State, facts: &Facts<'_>) -> Vec<Reason> {
    let mut said: Vec<(u8, u16)> = state
        .findings
        .iter()
        .filter(|(_, known)| known.status == crate::state::Status::Present)
        .filter_map(|(id, _)| knowledge.vocabulary.index_of(id))
        .map(|finding| {
            let kind = knowledge.vocabulary.findings[usize::from(finding)].kind;
            let order = match kind {
                FindingKind::Background => 2,
                FindingKind::Reason => 1,
                _ => 0,
            };
            (order, finding)
        })
        .filter(|(_, finding)| facts.truth(*finding) == Truth::Yes)
        .collect();
    said.sort_unstable();
    let mut reasons: Vec<Reason> = Vec::new();
    for (_, finding) in said {
        let name = &knowledge.findings[usize::from(finding)].name;
        let known = state.findings.get(knowledge.vocabulary.id_of(finding));
        let repeated = reasons.iter().any(|one| one.finding == *name);
        if reasons.len() < 6 && !repeated && !knowledge.findings[usize::from(finding)].private {
            reasons.push(Reason {
                finding: name.clone(),
                words: known.and_then(|known| known.words.clone()),
            });
        }
    }
    for complaint in &state.complaints {
        if let Some(complaint) = knowledge.complaints.iter().find(|one| one.id == *complaint)
            && reasons.is_empty()
        {
            reasons.push(Reason {
                finding: complaint.name.clone(),
                words: None,
            });
        }
    }
    reasons
}
