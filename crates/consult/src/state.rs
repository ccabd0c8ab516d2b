//! What a session knows: folded from what was heard, never from texts again.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::expression::Measure;
use crate::gate::Sounding;
use crate::interview::{Answered, Said};
use crate::profile::Profile;

/// Texts in a row that are not understood before an interview goes on without.
const LOST: u8 = 2;

/// What is known of one finding. Something never asked has no entry at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The patient has it.
    Present,
    /// The patient said no.
    Absent,
    /// The patient was asked and does not know, or passed the question over.
    Unknown,
    /// Heard in doubt ("maybe"), or by a statistical reader only: fires no rule, puts a question first.
    Suspected,
}

/// Where a finding was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Read from the patient's text.
    Text,
    /// Answered to a question, tapped.
    Answer,
    /// Picked from the list or the body map.
    Picked,
    /// From the profile form.
    Form,
    /// Read from the patient's text by a language model.
    Model,
}

/// Details of a finding.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Details {
    /// How long it has lasted, hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<f64>,
    /// It began suddenly.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sudden: bool,
    /// It is severe.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub severe: bool,
    /// It is getting worse.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub worsening: bool,
}

impl Details {
    fn learn(&mut self, other: Self) {
        self.hours = other.hours.or(self.hours);
        self.sudden |= other.sudden;
        self.severe |= other.severe;
        self.worsening |= other.worsening;
    }
}

/// One finding as heard once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FindingHeard {
    /// Finding id of the knowledge.
    pub id: String,
    /// What was said of it.
    pub status: Status,
    /// How it was said.
    pub source: Source,
    /// The exact words, for text: a piece of the patient's own text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// Byte range of the words in the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<(u32, u32)>,
    /// Details said with it.
    #[serde(default)]
    pub details: Details,
}

/// What one input added. Stored as the `heard` event; the state is its fold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "things an input may be besides what it says; each is absent when stored unless it is so"
)]
pub struct Heard {
    /// Findings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<FindingHeard>,
    /// What was learned of the patient.
    #[serde(default)]
    pub profile: Profile,
    /// Measurements, in the units of [`Measure`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub measures: BTreeMap<Measure, f64>,
    /// Complaints picked from the list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub complaints: Vec<String>,
    /// The question this closes: answered, skipped or "I don't know".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// The question was passed over or not known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
    /// Free text in which nothing was understood.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nothing: bool,
    /// Takes the last input back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub back: bool,
    /// Says that the emergency card is not right.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_right: bool,
    /// Rules whose card the patient called not right, filled by the caller from the card shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disputed: Vec<String>,
    /// Specialty codes the statistical reader leans to, with shares, greatest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leaning: Vec<(String, f32)>,
    /// Chance from 0 to 1, by the sound of the words alone, that this is to be seen today or sooner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<f32>,
    /// How much the text sounds like an emergency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sounding: Option<Sounding>,
    /// Findings that only a language model read and a red flag would fire on: asked at once, urgent until answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub feared: Vec<String>,
    /// Findings heard as present of which a language model read the contrary: they stand, and the patient is asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubted: Vec<String>,
    /// The text asks something about the hospital and says nothing of the patient.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inquiry: bool,
    /// The patient wants the history taken down for the doctor: the interview begins.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub interview: bool,
    /// Specialty the patient is booked for, by code: its script is the interview's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specialty: Option<String>,
    /// Items of the interview answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answered>,
    /// A question the patient wants to answer again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reopened: Option<String>,
    /// Findings set right on the check page: what was said of them before no longer counts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub correction: bool,
    /// A line of the report struck out by the patient (`true`), or put back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub struck: Option<(String, bool)>,
}

/// What is known of one finding now.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Status after everything heard.
    pub status: Status,
    /// Details after everything heard.
    pub details: Details,
    /// The words it rests on, if any.
    pub words: Option<String>,
    /// How it was heard last.
    pub source: Source,
}

/// Everything a session knows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// Findings by id.
    pub findings: BTreeMap<String, Known>,
    /// The patient.
    pub profile: Profile,
    /// Measurements.
    pub measures: BTreeMap<Measure, f64>,
    /// Complaints picked from the list.
    pub complaints: BTreeSet<String>,
    /// Questions closed, by id, with whether they stay open in substance (skipped, not known).
    pub closed: BTreeMap<String, bool>,
    /// How many texts in a row were not understood.
    pub misses: u8,
    /// Two in a row were not understood: an interview goes on with what is asked of anybody.
    pub lost: bool,
    /// Rules whose card was called not right: they stop no interview any more, and the level stays at least urgent.
    pub disputed: BTreeSet<String>,
    /// What the statistical reader leans to, of each text.
    pub leanings: Vec<Vec<(String, f32)>>,
    /// The same chance of the text that sounds most urgent.
    pub urgency: Option<f32>,
    /// What sounded most like an emergency.
    pub sounding: Option<Sounding>,
    /// Findings only a language model read, on which a red flag would fire.
    pub feared: BTreeSet<String>,
    /// Findings on which our own reader and a language model differ.
    pub doubted: BTreeSet<String>,
    /// Findings in the order in which they were first said to be there.
    pub order: Vec<String>,
    /// The interview has begun, with so many questions closed before.
    pub interview: Option<usize>,
    /// Specialty the patient is booked for.
    pub specialty: Option<String>,
    /// Items of the interview as answered last. Lists and no maps here: each kind of map costs the page kilobytes.
    pub answers: Vec<Answered>,
    /// The question to be answered again.
    pub reopened: Option<String>,
    /// Lines of the report struck out.
    pub struck: Vec<String>,
}

impl State {
    /// Folds a session from what was heard, in order. `back` takes the last input back that is not itself a `back`.
    pub fn fold<'a>(heard: impl IntoIterator<Item = &'a Heard>) -> Self {
        let heard: Vec<&Heard> = heard.into_iter().collect();
        let mut state = Self::default();
        for place in Self::standing(&heard) {
            state.apply(heard[place]);
        }
        state
    }

    /// Places of the inputs that stand: what was taken back does not, nor the taking back itself.
    #[must_use]
    pub fn standing(heard: &[&Heard]) -> Vec<usize> {
        let mut kept: Vec<usize> = Vec::new();
        for (place, entry) in heard.iter().enumerate() {
            if entry.back {
                // The first entry may be the profile form; taking back more than was said changes nothing.
                let last = kept
                    .iter()
                    .rposition(|kept| heard[*kept].can_be_taken_back());
                if let Some(last) = last {
                    kept.remove(last);
                }
            } else {
                kept.push(place);
            }
        }
        kept
    }

    /// Adds one `Heard`. What was said present stays present whatever a later *text* says; only a tapped answer turns it.
    pub fn apply(&mut self, heard: &Heard) {
        self.profile.learn(&heard.profile);
        self.measures.extend(
            heard
                .measures
                .iter()
                .map(|(measure, value)| (*measure, *value)),
        );
        self.complaints.extend(heard.complaints.iter().cloned());
        self.disputed.extend(heard.disputed.iter().cloned());
        self.feared.extend(heard.feared.iter().cloned());
        self.doubted.extend(heard.doubted.iter().cloned());
        if !heard.leaning.is_empty() {
            self.leanings.push(heard.leaning.clone());
        }
        if !heard.disputed.is_empty() {
            self.sounding = None;
        }
        // What is said later makes nothing said before less urgent.
        self.urgency = match (self.urgency, heard.urgency) {
            (Some(before), Some(now)) => Some(before.max(now)),
            (before, now) => before.or(now),
        };
        let chance = |sounding: &Option<Sounding>| sounding.as_ref().map(|one| one.chance);
        if chance(&heard.sounding) > chance(&self.sounding) {
            self.sounding.clone_from(&heard.sounding);
        }
        if heard.nothing {
            self.misses = self.misses.saturating_add(1);
            self.lost |= self.misses >= LOST;
        } else if !heard.back && !heard.inquiry {
            self.misses = 0;
        }
        if heard.interview && self.interview.is_none() {
            self.interview = Some(self.closed.len());
            self.specialty.clone_from(&heard.specialty);
        }
        if let Some(question) = &heard.question {
            self.closed.insert(question.clone(), heard.open);
            if self.reopened.as_ref() == Some(question) {
                self.reopened = None;
            }
            // Passed over or answered otherwise, what was answered before no longer holds.
            if let Some((_, item)) = crate::interview::Scope::of_question(question) {
                self.answers.retain(|answered| answered.item != item);
            }
        }
        self.answers.extend(heard.answers.iter().cloned());
        if heard.reopened.is_some() {
            self.reopened.clone_from(&heard.reopened);
        }
        if let Some((line, struck)) = &heard.struck {
            self.struck.retain(|one| one != line);
            if *struck {
                self.struck.push(line.clone());
            }
        }
        for finding in &heard.findings {
            self.learn(finding, heard.correction);
        }
    }

    /// Learns of one finding. Set right by a tap, what was said of it before is set aside, details with it.
    fn learn(&mut self, heard: &FindingHeard, sets_right: bool) {
        if heard.status == Status::Present && !self.order.contains(&heard.id) {
            self.order.push(heard.id.clone());
        }
        let fresh = || Known {
            status: heard.status,
            details: heard.details,
            words: heard.words.clone(),
            source: heard.source,
        };
        let Some(known) = self.findings.get_mut(&heard.id) else {
            self.findings.insert(heard.id.clone(), fresh());
            return;
        };
        let keeps = !sets_right
            && match (known.status, heard.status) {
                (Status::Present, Status::Present) => {
                    known.details.learn(heard.details);
                    known.words = known.words.take().or_else(|| heard.words.clone());
                    true
                }
                (Status::Present, Status::Absent) => heard.source != Source::Answer,
                (Status::Present | Status::Absent, Status::Unknown | Status::Suspected)
                | (Status::Suspected, Status::Suspected) => true,
                // Yes beats everything before it; asked about what was only suspected, "I don't know" is the last word.
                (_, Status::Present)
                | (Status::Suspected, Status::Absent | Status::Unknown)
                | (Status::Unknown, _)
                | (Status::Absent, Status::Absent) => false,
            };
        if !keeps {
            *known = fresh();
        }
    }

    /// Findings feared and neither confirmed nor denied by the patient.
    pub(crate) fn feared(&self) -> impl Iterator<Item = &str> {
        self.feared.iter().map(String::as_str).filter(|id| {
            let known = self.findings.get(*id);
            known.is_some_and(|known| matches!(known.status, Status::Suspected | Status::Unknown))
        })
    }

    /// What an item of the interview was answered with.
    #[must_use]
    pub fn answer(&self, item: &str) -> Option<&Said> {
        let answered = self.answers.iter().find(|answered| answered.item == item)?;
        Some(&answered.said)
    }

    /// Whether a finding is present.
    #[must_use]
    pub fn is_present(&self, id: &str) -> bool {
        self.findings
            .get(id)
            .is_some_and(|known| known.status == Status::Present)
    }

    /// Whether anything at all is known that could be judged.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.complaints.is_empty()
            && self.measures.is_empty()
            && self.feared().next().is_none()
            && !self.findings.values().any(|known| {
                matches!(known.status, Status::Present | Status::Suspected)
                    && known.source != Source::Form
            })
    }
}

impl Heard {
    /// A text that asks something about the hospital: nothing of the patient is in it, and no question is closed by it.
    #[must_use]
    pub fn inquiry() -> Self {
        Self {
            inquiry: true,
            ..Self::default()
        }
    }

    /// Whether "back" takes it back: an answer, words, or a step on the check page; never the form, nor what called a card wrong.
    fn can_be_taken_back(&self) -> bool {
        let step = self.reopened.is_some() || self.struck.is_some();
        !self.not_right && !self.interview && (self.question.is_some() || step || !self.is_form())
    }

    /// The profile form given when a session is made: no text, no answer.
    fn is_form(&self) -> bool {
        !self.nothing
            && self.complaints.is_empty()
            && self
                .findings
                .iter()
                .all(|finding| finding.source == Source::Form)
            && self.measures.is_empty()
    }
}
