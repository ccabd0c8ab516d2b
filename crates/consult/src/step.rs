//! `next`: one decision from what is known.

use serde::{Deserialize, Serialize};

use crate::ask::{self, Question};
use crate::assess::{self, Assessment, CareLevel};
use crate::extraction::Extracted;
use crate::gate::Fired;
use crate::hear::{COMPLAINT, Input};
use crate::interview;
use crate::knowledge::Knowledge;
use crate::profile::Profile;
use crate::state::State;

/// What an application settles for its sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Department questions at most, 0 to 10. Danger questions stand outside.
    pub budget: u8,
    /// Whether home care may be advised. Switched off, it is an appointment that suits.
    pub self_care: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            budget: 5,
            self_care: true,
        }
    }
}

/// What happens now.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// An emergency: the card, and nothing else.
    Alert(Vec<Fired>),
    /// Ask this.
    Question(Box<Question>),
    /// Enough is known: guide with this assessment.
    Guidance,
    /// Nothing was understood: ask for other words.
    Rephrase,
    /// Again nothing: offer the list and the body map.
    OfferList,
    /// Still nothing: the triage desk.
    TriageDesk,
    /// The history is taken: the report is to be checked.
    Report,
}

/// A decision: the step, and what it rests on. Stored as the `decided` event (without the step's texts).
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// What happens now.
    pub step: Step,
    /// The judgement behind it.
    pub assessment: Assessment,
    /// Crisis rules that fired: a card beside the step; the talk goes on.
    pub crisis: Vec<Fired>,
}

/// What of a decision is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecidedRecord {
    /// Care level, absent if nothing was understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub care_level: Option<CareLevel>,
    /// Level if every open danger question were answered no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level_if_denied: Option<CareLevel>,
    /// Rules fired.
    pub rules: Vec<String>,
    /// Specialty codes with scores, best first.
    pub specialties: Vec<(String, f64)>,
    /// Open danger findings.
    pub open: Vec<String>,
    /// `alert`, `question`, `guidance`, `rephrase`, `offer_list`, `triage_desk`, `report`.
    pub step: String,
    /// Question asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// Hash of the knowledge that decided.
    pub knowledge: String,
}

/// Judges one text of somebody of whom this is known, as a session's first turn would; `extracted` is what a model read in it.
#[must_use]
pub fn judge(
    knowledge: &Knowledge,
    profile: Profile,
    text: &str,
    extracted: &[Extracted],
    settings: Settings,
) -> (State, Decision) {
    let mut state = State::default();
    let told = Input::Profile {
        profile,
        pregnant: None,
    };
    state.apply(&knowledge.hear(&state, &told));
    let mut heard = knowledge.hear(&state, &Input::Text(text.to_owned()));
    if !extracted.is_empty() {
        knowledge.merge(&state, text, &mut heard, extracted);
    }
    state.apply(&heard);
    let decision = next(knowledge, &state, settings);
    (state, decision)
}

/// Decides the next step.
#[must_use]
pub fn next(knowledge: &Knowledge, state: &State, settings: Settings) -> Decision {
    let unheard = interview::as_unwell(knowledge, state);
    let state = unheard.as_ref().unwrap_or(state);
    let fired = knowledge.gate.fired(state);
    let mut assessment = assess::assess(knowledge, state, &fired);
    if !settings.self_care {
        for level in [&mut assessment.care_level, &mut assessment.level_if_denied] {
            *level = level.map(|level| level.max(CareLevel::Routine));
        }
    }
    let (crisis, alerts): (Vec<Fired>, Vec<Fired>) = fired
        .into_iter()
        .filter(Fired::is_card)
        .partition(Fired::is_crisis);
    let alerts: Vec<Fired> = alerts
        .into_iter()
        .filter(|rule| !state.disputed.contains(&rule.id))
        .collect();
    let step = if !alerts.is_empty() {
        Step::Alert(alerts)
    } else if state.is_empty() && crisis.is_empty() {
        match state.misses {
            // The question was passed over: the list, then the people at the desk.
            0 if state.closed.contains_key(COMPLAINT) => Step::OfferList,
            0 => Step::Question(Box::new(ask::complaint_question(knowledge))),
            // Whoever takes a history down asks for the list at once: the doctor reads the words whatever we understood.
            1 if state.interview.is_some() => Step::OfferList,
            1 => Step::Rephrase,
            2 => Step::OfferList,
            _ => Step::TriageDesk,
        }
    } else {
        let question = match state.interview {
            None => ask::choose(knowledge, state, &assessment, settings),
            Some(_) => interview::choose(knowledge, state, &assessment, settings),
        };
        match question {
            Some(question) => Step::Question(Box::new(question)),
            None if state.interview.is_some() => Step::Report,
            None => Step::Guidance,
        }
    };
    Decision {
        step,
        assessment,
        crisis,
    }
}

impl Decision {
    /// What is stored of it.
    #[must_use]
    pub fn record(&self, knowledge: &Knowledge) -> DecidedRecord {
        let (step, question) = match &self.step {
            Step::Alert(_) => ("alert", None),
            Step::Question(question) => ("question", Some(question.id.clone())),
            Step::Guidance => ("guidance", None),
            Step::Rephrase => ("rephrase", None),
            Step::OfferList => ("offer_list", None),
            Step::TriageDesk => ("triage_desk", None),
            Step::Report => ("report", None),
        };
        DecidedRecord {
            care_level: self.assessment.care_level,
            level_if_denied: self.assessment.level_if_denied,
            rules: self.assessment.rules.clone(),
            specialties: self
                .assessment
                .specialties
                .iter()
                .take(5)
                .map(|(code, score)| (code.clone(), *score))
                .collect(),
            open: self.assessment.open.clone(),
            step: step.to_owned(),
            question,
            knowledge: knowledge.hash.clone(),
        }
    }
}
