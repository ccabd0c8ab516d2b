//! Clinical knowledge as values, compiled from the readable files of `knowledge/` and checked at build time.

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::assess::CareLevel;
use crate::facts::Facts;
use crate::gate::Gate;
use crate::hear::{Input, hear};
use crate::interview::Interviews;
use crate::profile::{AgeRange, Sex};
use crate::read::statistical::{Features, Statistical};
use crate::state::{Details, FindingHeard, Heard, Source, State, Status};

#[cfg(feature = "compile")]
pub mod compile;
mod vocabulary;

pub(crate) use vocabulary::OTHER;
pub use vocabulary::{
    FindingKind, LanguageWords, Mark, MarkTerm, Person, Reach, Term, Vocabulary, VocabularyFinding,
};

/// Why a knowledge file could not be opened: it was written by another version, or cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError(String);

impl std::fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "the knowledge file cannot be read: {}", self.0)
    }
}

impl std::error::Error for DecodeError {}

/// What a finding asks for once it is present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskedDetail {
    /// How long.
    Duration,
    /// How bad, 0 to 10.
    Severity,
    /// The temperature.
    Temperature,
}

/// The texts of a finding and how it counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// As a record would say it.
    pub name: Text,
    /// On a chip.
    pub label: Text,
    /// As a question; absent if it is never asked.
    pub ask: Option<Text>,
    /// Why it is asked, if it says more than the general reason.
    pub why: Option<Text>,
    /// Findings of one group count once; 0 is no group.
    pub group: u16,
    /// Chance that somebody mentions it whatever they have.
    pub leak: f32,
    /// Details worth asking.
    pub asks: Vec<AskedDetail>,
    /// Asked in private words.
    pub private: bool,
    /// Means something only together with others: never told, never counted.
    pub part: bool,
}

/// A presenting complaint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Complaint {
    /// Stable id.
    pub id: String,
    /// Plain name.
    pub name: Text,
    /// Among the first shown.
    pub common: bool,
    /// Body parts that lead to it.
    pub body: Vec<String>,
    /// For whom it is offered.
    pub age: AgeRange,
    /// Only this sex.
    pub sex: Option<Sex>,
    /// Findings that open it; the first is what picking it says.
    pub entry: Vec<u16>,
    /// Danger signs, most dangerous first.
    pub danger: Vec<u16>,
    /// Good department questions.
    pub ask: Vec<u16>,
    /// Specialties when nothing more is known, best first.
    pub specialties: Vec<u16>,
    /// Level when every danger sign was denied and nothing else speaks.
    pub level: CareLevel,
    /// What to do until seen.
    pub until_then: Text,
    /// When to come back at once.
    pub come_back_if: Vec<Text>,
}

/// A condition the engine reasons with. Never shown to patients.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// Stable id.
    pub id: String,
    /// Name, for staff.
    pub name: Text,
    /// The finding "says they have it", if it has terms.
    pub named: Option<u16>,
    /// Prior weight.
    pub prior: f32,
    /// Usual ages.
    pub age: AgeRange,
    /// Only this sex.
    pub sex: Option<Sex>,
    /// How soon it must be seen.
    pub level: CareLevel,
    /// Specialties, best first.
    pub specialties: Vec<u16>,
    /// Findings with the chance that somebody with it has them, sorted by finding.
    pub findings: Vec<(u16, f32)>,
}

/// A specialty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Specialty {
    /// Canonical code.
    pub code: String,
    /// Name.
    pub name: Text,
    /// Nearest specialties, best first, for a hospital that lacks it.
    pub nearest: Vec<u16>,
    /// Who may be sent there.
    pub age: AgeRange,
    /// Only this sex.
    pub sex: Option<Sex>,
    /// Sees children itself, instead of the children's departments.
    pub sees_children: bool,
}

/// What mistakes cost, in one unit: a wrong department.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Losses {
    /// An emergency treated as urgent, as routine.
    pub missed_emergency: f32,
    /// Something urgent treated as routine.
    pub missed_urgent: f32,
    /// Home care advised to somebody a doctor should see some day.
    pub missed_routine: f32,
    /// An emergency told to come today, of which only the sound of the words speaks.
    pub unheard_emergency: f32,
    /// A visit sooner than needed, per step.
    pub needless: f32,
    /// A wrong department.
    pub wrong_department: f32,
    /// One more question: what it must gain at least.
    pub question: f32,
}

/// The words of a care level in the locale's triage scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LevelWords {
    /// Name.
    pub name: Text,
    /// By when.
    pub by_when: Text,
    /// Where, if closed at that hour.
    pub where_if_closed: Text,
}

/// The whole knowledge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Knowledge {
    /// Hash of the file it came from.
    #[serde(skip)]
    pub hash: String,
    /// The gate, from its own file.
    #[serde(skip)]
    pub gate: Gate,
    /// The scripts of the interview, from their own file.
    #[serde(skip)]
    pub interviews: Interviews,
    /// Words and findings.
    pub vocabulary: Vocabulary,
    /// Texts and weights of the findings, by the same index.
    pub findings: Vec<Finding>,
    /// Presenting complaints.
    pub complaints: Vec<Complaint>,
    /// Index of the complaint used when no other fits.
    pub fallback_complaint: u16,
    /// Conditions.
    pub conditions: Vec<Condition>,
    /// Specialties, in the order of the file.
    pub specialties: Vec<Specialty>,
    /// Rules that ask for a visit today and show no card.
    pub urgent_rules: Vec<crate::gate::Rule>,
    /// What mistakes cost.
    pub losses: Losses,
    /// Words of the four levels: self-care, routine, urgent, emergency.
    pub levels: [LevelWords; 4],
    /// Reviewed sentences by key, sorted.
    pub sentences: Vec<(String, Text)>,
    /// Locale packs.
    pub locales: Vec<LocalePack>,
    /// What was learned from utterances; empty if nothing was.
    pub statistical: Statistical,
}

/// What a place dials and calls things.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalePack {
    /// Region code, for example `CN`.
    pub region: String,
    /// Ambulance number.
    pub ambulance: String,
    /// Police number.
    pub police: String,
    /// Crisis line.
    pub crisis_line: String,
    /// Source of the numbers.
    pub source: String,
    /// Age in years under which a guardian consents.
    pub guardian_age: u32,
}

impl Knowledge {
    /// Opens the two files as compiled.
    ///
    /// # Errors
    /// If one was written by another version of this crate, or is cut off or damaged.
    pub fn decode(knowledge: &[u8], gate: &[u8]) -> Result<Self, DecodeError> {
        let mut opened: Self = decode(knowledge)?;
        opened.vocabulary = std::mem::take(&mut opened.vocabulary).prepared();
        opened.statistical = std::mem::take(&mut opened.statistical).prepared();
        opened.hash = fingerprint(knowledge);
        opened.gate = Gate::decode(gate)?;
        Ok(opened)
    }

    /// The same with the scripts of the interview.
    ///
    /// # Errors
    /// If the file was written by another version of this crate, or is cut off or damaged.
    pub fn with_interviews(mut self, interviews: &[u8]) -> Result<Self, DecodeError> {
        self.interviews = decode(interviews)?;
        self.interviews.hash = fingerprint(interviews);
        Ok(self)
    }

    /// Hears one input, with both readers: what only the statistical one heard is suspected.
    #[must_use]
    pub fn hear(&self, state: &State, input: &Input) -> Heard {
        let mut heard = hear(&self.vocabulary, state, input);
        let Some(text) = input.text() else {
            return heard;
        };
        if !input.speaks_of_now() {
            // What would be an emergency if it were so now is asked.
            self.hold_back_all(state, &mut heard);
            return heard;
        }
        let mut told = State::default();
        told.apply(&heard);
        let mut profile = state.profile;
        profile.learn(&heard.profile);
        let facts = Facts::new(&self.vocabulary, &told);
        let features = Features::in_text(&self.vocabulary, text);
        heard.sounding = self.gate.sounding(text, features.clone(), &profile, &told);
        let features = features.and(&profile, &facts);
        let leaning = self.statistical.hear(&features);
        for (finding, _) in leaning.findings {
            let id = self.vocabulary.id_of(finding);
            if facts.status(finding).is_none() && !state.findings.contains_key(id) {
                heard.findings.push(FindingHeard {
                    id: id.to_owned(),
                    status: Status::Suspected,
                    source: Source::Text,
                    words: None,
                    span: None,
                    details: Details::default(),
                });
                heard.nothing = false;
            }
        }
        let code = |place: u16| self.specialties[usize::from(place)].code.clone();
        heard.urgency = leaning.urgency;
        heard.leaning = leaning
            .specialties
            .into_iter()
            .map(|(place, share)| (code(place), share))
            .collect();
        heard
    }

    /// A reviewed sentence by its key; empty if there is none, which the build checks for the keys the code uses.
    #[must_use]
    pub fn sentence(&self, key: &str) -> Text {
        self.sentences
            .binary_search_by(|(name, _)| name.as_str().cmp(key))
            .map_or_else(|_| Text::default(), |place| self.sentences[place].1.clone())
    }

    /// Index of a specialty by its code.
    #[must_use]
    pub fn specialty(&self, code: &str) -> Option<u16> {
        self.specialties
            .iter()
            .position(|one| one.code == code)
            .and_then(|place| u16::try_from(place).ok())
    }

    /// The words of a level.
    #[must_use]
    pub fn level(&self, level: CareLevel) -> &LevelWords {
        &self.levels[level as usize]
    }
}

pub(crate) fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, DecodeError> {
    postcard::from_bytes(bytes).map_err(|error| DecodeError(error.to_string()))
}

#[cfg(feature = "compile")]
pub(crate) fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, DecodeError> {
    postcard::to_allocvec(value).map_err(|error| DecodeError(error.to_string()))
}

/// Fingerprint of a knowledge file: 64 bits of FNV-1a in hex. It names versions; it is no protection against forgery.
#[must_use]
pub fn fingerprint(bytes: &[u8]) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in bytes {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}
