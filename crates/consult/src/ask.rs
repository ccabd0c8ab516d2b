//! The next best question: danger first, then what most reduces the expected loss, within the budget.

mod questions;

pub(crate) use questions::{
    bare, detail as detail_question, profile as profile_question, units, unknown, yes_no,
};

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::assess::danger::{self, Open};
use crate::assess::posterior::Focus;
use crate::assess::{Assessment, Posterior, complaints};
use crate::facts::{AGE, Facts, PREGNANT, SEX};
use crate::hear::COMPLAINT;
use crate::interview::{ACCOMPANYING, MEASURE, is_item};
use crate::knowledge::{AskedDetail, Complaint, Knowledge};
use crate::state::{Known, Source, State, Status};
use crate::step::Settings;

/// Signs on one danger screen.
const SIGNS: usize = 6;
/// Danger screens at most.
const SCREENS: usize = 3;
/// Begins the ids of danger screens.
pub(crate) const SIGNS_PREFIX: &str = "signs:";

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// `yes`, `no`, `unknown`.
    YesNo,
    /// One of the choices.
    Single,
    /// Any of the choices.
    Multiple,
    /// A number.
    Number,
    /// A number and one of the units in the choices.
    Duration,
    /// A whole number on a scale.
    Scale,
    /// A complaint, from the list or the body map.
    BodyPart,
    /// A calendar day.
    Date,
    /// Words; choices are answers in a word.
    Text,
    /// Photos, added beside the talk; the one choice says that they are.
    Photo,
}

/// Why a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To rule out danger; outside the budget.
    Danger,
    /// To find the department.
    Department,
    /// Age, sex, pregnancy.
    Profile,
    /// What brings the patient.
    Complaint,
    /// To take the history down for the doctor.
    History,
}

/// One tappable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Id: of a finding, or `yes`, `no`, `none`, `unknown`.
    pub id: String,
    /// Shown.
    pub label: Text,
    /// Stands alone.
    pub exclusive: bool,
}

/// One question.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Id; never asked twice in a session.
    pub id: String,
    /// In plain words.
    pub text: Text,
    /// Why it is asked.
    pub why: Text,
    /// How it is answered.
    pub kind: QuestionKind,
    /// Why, as a code.
    pub purpose: Purpose,
    /// Tappable answers.
    pub choices: Vec<Choice>,
    /// Unit of a number.
    pub unit: Option<Text>,
    /// Smallest number.
    pub min: Option<f64>,
    /// Largest number.
    pub max: Option<f64>,
    /// Step between numbers.
    pub step: Option<f64>,
    /// About how many questions are left, this one included.
    pub remaining: u8,
    /// Asked in private words.
    pub private: bool,
}

/// The question that opens a session.
#[must_use]
pub fn complaint_question(knowledge: &Knowledge) -> Question {
    questions::complaint(knowledge)
}

/// The next question, or none if enough is known.
#[must_use]
pub(crate) fn choose(
    knowledge: &Knowledge,
    state: &State,
    assessment: &Assessment,
    settings: Settings,
) -> Option<Question> {
    let facts = Facts::new(&knowledge.vocabulary, state);
    let complaints = complaints(knowledge, state, &facts);
    let danger = danger::danger(knowledge, state, &facts, &complaints);
    let asked: Vec<Open> = danger.open.into_iter().chain(danger.worth).collect();
    let (profile, signs) = split(knowledge, state, &asked);
    let asked_screens = state
        .closed
        .keys()
        .filter(|id| id.starts_with(SIGNS_PREFIX))
        .count();
    let screens_left = signs
        .len()
        .div_ceil(SIGNS)
        .min(SCREENS.saturating_sub(asked_screens));
    let asked = budget_spent(knowledge, state);
    let budget_left = usize::from(settings.budget).saturating_sub(asked);
    let remaining =
        |more: usize| u8::try_from((profile.len() + screens_left + more).max(1)).unwrap_or(u8::MAX);

    let feared = feared(knowledge, state);
    if !feared.is_empty() {
        return Some(questions::signs(
            knowledge,
            &feared,
            remaining(budget_left.min(2)),
        ));
    }
    if let Some(first) = profile.first() {
        return Some(questions::profile(
            knowledge,
            *first,
            remaining(budget_left.min(2)),
        ));
    }
    if screens_left > 0 {
        let signs = &signs[..signs.len().min(SIGNS)];
        return Some(questions::signs(
            knowledge,
            signs,
            remaining(budget_left.min(2)),
        ));
    }
    if budget_left == 0 {
        return None;
    }
    if let Some(finding) = suspected(knowledge, state) {
        return Some(questions::finding(
            knowledge,
            finding,
            remaining(budget_left.min(2)),
        ));
    }
    detail(knowledge, state, &facts, &complaints)
        .map(|(asked, finding)| {
            questions::detail(knowledge, asked, finding, remaining(budget_left.min(2)))
        })
        .or_else(|| {
            let posterior = Posterior::of(knowledge, state, &facts);
            best(
                knowledge,
                state,
                &facts,
                &complaints,
                &posterior,
                assessment,
            )
            .map(|finding| questions::finding(knowledge, finding, remaining(budget_left.min(2))))
        })
}

/// Open profile questions and open signs that were not asked yet.
fn split(knowledge: &Knowledge, state: &State, open: &[Open]) -> (Vec<Open>, Vec<u16>) {
    let mut profile = Vec::new();
    let mut signs = Vec::new();
    for one in open {
        match one {
            Open::Finding(finding) => {
                let id = knowledge.vocabulary.id_of(*finding);
                let touched = state
                    .findings
                    .get(id)
                    .is_some_and(|known| known.status == Status::Unknown);
                let asked = touched
                    || state.closed.contains_key(&format!("{SIGNS_PREFIX}{id}"))
                    || state.closed.contains_key(id);
                let askable = knowledge.findings[usize::from(*finding)].ask.is_some();
                if !asked && askable {
                    signs.push(*finding);
                }
            }
            other => {
                if !state.closed.contains_key(other.id(knowledge)) {
                    profile.push(*other);
                }
            }
        }
    }
    (profile, signs)
}

/// Department questions already asked.
fn budget_spent(knowledge: &Knowledge, state: &State) -> usize {
    let outside = |id: &str| {
        id.starts_with(SIGNS_PREFIX)
            || id.starts_with(ACCOMPANYING)
            || id.starts_with(MEASURE)
            || is_item(id)
            || matches!(id, AGE | SEX | PREGNANT | COMPLAINT | "subject")
    };
    state
        .closed
        .keys()
        .filter(|id| {
            !outside(id)
                && (id.contains(':')
                    || *id == "temperature"
                    || knowledge.vocabulary.index_of(id).is_some())
        })
        .count()
}

/// What only a language model read and a red flag would fire on, and was not asked yet; one screen of it.
fn feared(knowledge: &Knowledge, state: &State) -> Vec<u16> {
    let suspected = |id: &&str| {
        let known = state.findings.get(*id);
        known.is_some_and(|known| known.status == Status::Suspected)
    };
    state
        .feared()
        .filter(suspected)
        .filter(|id| !state.closed.contains_key(&format!("{SIGNS_PREFIX}{id}")))
        .filter_map(|id| knowledge.vocabulary.index_of(id))
        .take(SIGNS)
        .collect()
}

/// Something heard in doubt, by the statistical reader alone, or otherwise by a language model: whether it is so is asked
/// before anything else.
fn suspected(knowledge: &Knowledge, state: &State) -> Option<u16> {
    let doubtful = |id: &String, known: &Known| {
        known.status == Status::Suspected
            || known.status == Status::Present
                && known.source != Source::Answer
                && state.doubted.contains(id)
    };
    state
        .findings
        .iter()
        .filter(|(id, known)| doubtful(id, known) && !state.closed.contains_key(*id))
        .filter_map(|(id, _)| knowledge.vocabulary.index_of(id))
        .find(|finding| knowledge.findings[usize::from(*finding)].ask.is_some())
}

/// A detail worth asking: how hot a fever is, how long it has been, how bad it is; each once.
fn detail(
    knowledge: &Knowledge,
    state: &State,
    facts: &Facts<'_>,
    complaints: &[&Complaint],
) -> Option<(AskedDetail, u16)> {
    let leading = complaints
        .iter()
        .flat_map(|complaint| &complaint.entry)
        .copied()
        .filter(|finding| facts.truth(*finding) == crate::expression::Truth::Yes);
    for finding in leading {
        for asked in &knowledge.findings[usize::from(finding)].asks {
            let id = questions::detail_id(knowledge, *asked, finding);
            let known = match asked {
                AskedDetail::Temperature => state
                    .measures
                    .contains_key(&crate::expression::Measure::Temperature),
                AskedDetail::Severity => {
                    state
                        .measures
                        .contains_key(&crate::expression::Measure::Severity)
                        || facts.has_detail(finding, crate::expression::Detail::Severe)
                }
                AskedDetail::Duration => facts.hours(finding).is_some(),
            };
            let kind = id.split(':').next().unwrap_or(&id).to_owned();
            let asked_before = state
                .closed
                .keys()
                .any(|closed| *closed == id || closed.starts_with(&format!("{kind}:")));
            if !known && !asked_before {
                return Some((*asked, finding));
            }
        }
    }
    None
}

/// The finding whose answer most reduces the expected loss of a wrong department, if it gains more than a question costs.
fn best(
    knowledge: &Knowledge,
    state: &State,
    facts: &Facts<'_>,
    complaints: &[&Complaint],
    posterior: &Posterior,
    assessment: &Assessment,
) -> Option<u16> {
    if assessment.specialties.is_empty() {
        return None;
    }
    let losses = &knowledge.losses;
    let focus = posterior.focus(knowledge, state, complaints);
    let now = focus.doubt();
    let mut best: Option<(u16, f64)> = None;
    for finding in candidates(knowledge, state, facts, complaints, &focus) {
        let named = complaints
            .iter()
            .any(|complaint| complaint.ask.contains(&finding));
        let gain = (now - focus.doubt_after(finding))
            * f64::from(losses.wrong_department)
            * if named { 1.5 } else { 1.0 };
        if best.is_none_or(|(_, most)| gain > most) {
            best = Some((finding, gain));
        }
    }
    best.filter(|(_, gain)| *gain > f64::from(losses.question))
        .map(|(finding, _)| finding)
}

/// Findings worth asking: what the complaints name and what the likeliest conditions have, never touched before.
fn candidates(
    knowledge: &Knowledge,
    state: &State,
    facts: &Facts<'_>,
    complaints: &[&Complaint],
    focus: &Focus<'_>,
) -> Vec<u16> {
    let mut found: Vec<u16> = complaints
        .iter()
        .flat_map(|complaint| complaint.ask.iter().copied())
        .collect();
    for (condition, _) in focus.conditions.iter().take(10) {
        found.extend(condition.findings.iter().map(|(finding, _)| *finding));
    }
    found.sort_unstable();
    found.dedup();
    found.retain(|finding| {
        let id = knowledge.vocabulary.id_of(*finding);
        let askable = knowledge.findings[usize::from(*finding)].ask.is_some() && id != PREGNANT;
        askable && facts.status(*finding).is_none() && !state.closed.contains_key(id)
    });
    found.truncate(48);
    found
}
