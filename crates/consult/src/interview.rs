//! The pre-consultation interview: what a doctor wants to know before the door opens, asked in the order of worth.
//!
//! Scripts are data (`knowledge/interviews/`): one per presenting complaint, one per group of specialties, one for everybody.
//! What is known already is not asked; what does not fit on the screens is left out and stands in the report as not asked.

mod answers;
mod plan;
mod questions;

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::expression::{Expression, Measure};

pub use answers::{Answered, Said, Scope};
pub(crate) use answers::{Given, hear_item, is_item};
pub(crate) use plan::{Asked, Plan};
pub(crate) use questions::choice_id;
use questions::question;

use crate::ask::{self, Question};
use crate::assess::Assessment;
use crate::assess::danger::Open;
use crate::facts::{AGE, SEX};
use crate::knowledge::Knowledge;
use crate::state::State;
use crate::step::Settings;

/// Screens of one interview after guidance, and of one that begins with nothing.
const SCREENS: (usize, usize) = (12, 16);
/// The item that "add something" on the check page opens.
pub const ANYTHING_ELSE: &str = "anything_else";
/// Begins the ids of questions about what accompanies a complaint.
pub(crate) const ACCOMPANYING: &str = "accompanying:";
/// Begins the ids of choices that say a finding is there.
pub(crate) const HAS: &str = "has:";
/// Begins the ids of choices that say a finding is not there.
pub(crate) const HAS_NOT: &str = "hasnt:";
/// Begins the ids of questions for a measurement.
pub(crate) const MEASURE: &str = "measure:";

/// A section of the report, in the order of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// What brings the patient, with how long.
    ChiefComplaint,
    /// History of the present illness.
    PresentIllness,
    /// Long illnesses, operations, stays in hospital.
    PastHistory,
    /// Medicines taken now.
    Medicines,
    /// Allergies.
    Allergies,
    /// Illnesses in the family.
    Family,
    /// Habits, work, birth and growth.
    Personal,
    /// Periods, pregnancies, births.
    MenstrualObstetric,
    /// Vaccinations.
    Vaccination,
    /// Measurements the patient reports.
    VitalSigns,
    /// What the patient wants of the visit.
    Wishes,
    /// What the patient was told.
    Told,
}

/// What of the present illness an item is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// Since when, and how it began.
    Onset,
    /// Where.
    Site,
    /// What it is like.
    Character,
    /// How bad.
    Severity,
    /// Better, worse, coming and going.
    Course,
    /// What brings it on or makes it worse.
    Triggers,
    /// What makes it better.
    Relief,
    /// What comes with it.
    Accompanying,
    /// What was done about it so far.
    Treatment,
    /// What else belongs to it.
    Context,
}

/// How an item is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// Yes or no.
    YesNo,
    /// One of the choices.
    Single,
    /// Any of the choices.
    Multiple,
    /// A number.
    Number,
    /// A calendar day.
    Date,
    /// A number with a unit of time.
    Duration,
    /// 0 to 10.
    Scale,
    /// Words.
    Text,
    /// Photos.
    Photo,
}

/// One tappable answer of an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemChoice {
    /// Id, unique in the item.
    pub id: String,
    /// Shown, and said in the report.
    pub label: Text,
    /// Nothing of this: stands alone.
    pub denies: bool,
    /// Finding that is there when it is tapped.
    pub finding: Option<u16>,
}

/// One thing to be asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Stable id.
    pub id: String,
    /// Where it stands in the report.
    pub section: Section,
    /// What of the present illness it is about.
    pub aspect: Option<Aspect>,
    /// How it is answered.
    pub kind: ItemKind,
    /// How its line in the report begins.
    pub label: Text,
    /// The question.
    pub ask: Text,
    /// Why it is asked, if it says more than the general reason.
    pub why: Option<Text>,
    /// Tappable answers.
    pub choices: Vec<ItemChoice>,
    /// Finding that yes means.
    pub finding: Option<u16>,
    /// Measurement that a number is.
    pub measure: Option<Measure>,
    /// Unit of a number.
    pub unit: Option<Text>,
    /// Smallest number that can be true.
    pub min: Option<f64>,
    /// Largest number that can be true.
    pub max: Option<f64>,
    /// Step between numbers.
    pub step: Option<f64>,
    /// Asked only if this may hold.
    pub when: Option<Expression>,
    /// Not asked if this holds.
    pub unless: Option<Expression>,
    /// Findings that answer it before it is asked.
    pub known_by: Vec<u16>,
    /// Asked in private words.
    pub private: bool,
    /// Asked only after an emergency or crisis card was shown and the talk went on.
    pub after_card: bool,
}

/// What is asked of whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Script {
    /// Stable id.
    pub id: String,
    /// For these complaints, by place in the knowledge.
    pub complaints: Vec<u16>,
    /// For these specialties, by place in the knowledge.
    pub specialties: Vec<u16>,
    /// For everybody.
    pub always: bool,
    /// Items by place, in the order asked.
    pub items: Vec<u16>,
    /// Findings worth one screen of "do you also have".
    pub accompanying: Vec<u16>,
}

/// All scripts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Interviews {
    /// Hash of the file they came from.
    #[serde(skip)]
    pub hash: String,
    /// Items, sorted by id.
    pub items: Vec<Item>,
    /// Scripts.
    pub scripts: Vec<Script>,
}

/// The next question of an interview, or none if the report can be checked: danger first, as ever; then what the patient wants
/// to answer again; who it is about; and the scripts.
pub(crate) fn choose(
    knowledge: &Knowledge,
    state: &State,
    assessment: &Assessment,
    settings: Settings,
) -> Option<Question> {
    let plan = Plan::of(knowledge, state, assessment);
    let left = plan.next.len();
    let remaining = |more: usize| u8::try_from(left + more).unwrap_or(u8::MAX).max(1);
    // The department is found or not wanted any more; what is dangerous is asked all the same.
    let only_danger = Settings {
        budget: 0,
        ..settings
    };
    if let Some(mut question) = ask::choose(knowledge, state, assessment, only_danger) {
        question.remaining = question.remaining.saturating_add(remaining(0));
        return Some(question);
    }
    if let Some(reopened) = &state.reopened
        && let Some(question) = questions::again(knowledge, state, &plan, reopened)
    {
        return Some(question);
    }
    let profile = &state.profile;
    let unknown = [
        (
            AGE,
            Open::Age,
            profile.age.is_none_or(|age| !age.is_known()),
        ),
        (SEX, Open::Sex, profile.sex.is_none()),
    ];
    for (id, open, is_open) in unknown {
        if is_open && !state.closed.contains_key(id) {
            return Some(ask::profile_question(knowledge, open, remaining(1)));
        }
    }
    plan.next
        .first()
        .map(|asked| question(knowledge, &plan, asked, remaining(0)))
}

/// Whether a question, if there is one, asks for an item of the history.
#[must_use]
pub fn is_item_question(question: Option<&str>) -> bool {
    question.is_some_and(is_item)
}

/// The state of somebody whose words were not understood and whose history is taken all the same: as if they had picked "hard to
/// say". Their words stand in the report; the danger signs of that complaint are asked.
pub(crate) fn as_unwell(knowledge: &Knowledge, state: &State) -> Option<State> {
    if state.interview.is_none() || !state.lost || !state.is_empty() {
        return None;
    }
    let fallback = usize::from(knowledge.fallback_complaint);
    let complaint = knowledge.complaints.get(fallback)?;
    let mut unwell = state.clone();
    unwell.complaints.insert(complaint.id.clone());
    Some(unwell)
}

/// Whether a question of the report can be answered again.
#[must_use]
pub fn can_reopen(knowledge: &Knowledge, state: &State, question: &str) -> bool {
    let plan = Plan::of(knowledge, state, &Assessment::default());
    questions::again(knowledge, state, &plan, question).is_some()
}

impl Interviews {
    /// An item by its id.
    #[must_use]
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.place(id).map(|place| &self.items[place])
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.items
            .binary_search_by(|item| item.id.as_str().cmp(id))
            .ok()
    }
}

impl Item {
    /// The id of its question. Questions of a measurement are the measurement's, whatever item asks.
    #[must_use]
    pub fn question_id(&self) -> String {
        if let Some(measure) = self.measure {
            return match measure {
                Measure::Temperature => "temperature".to_owned(),
                other => format!("{MEASURE}{}", other.name()),
            };
        }
        format!("{}{}", Scope::of(self.section).prefix(), self.id)
    }
}
