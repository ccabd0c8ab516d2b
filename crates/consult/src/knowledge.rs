//! Clinical knowledge as values, compiled from the readable files of `knowledge/` and checked at build time.

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::assess::CareLevel;
use crate::expression::{Expression, Measure};
use crate::gate::Gate;
use crate::profile::{AgeRange, Sex, Subject};

#[cfg(feature = "compile")]
pub mod compile;

/// Why a knowledge file could not be opened: it was written by another version, or cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError(String);

impl std::fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "the knowledge file cannot be read: {}", self.0)
    }
}

impl std::error::Error for DecodeError {}

/// What a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// Something the patient feels.
    Symptom,
    /// Something that can be seen.
    Sign,
    /// A long-standing circumstance: known disease, medicine, habit.
    Background,
    /// Something that happened.
    Event,
    /// Something measured.
    Measurement,
    /// A reason for coming that is not a symptom.
    Reason,
}

/// A finding as the reader and the rules need it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VocabularyFinding {
    /// Stable id.
    pub id: String,
    /// What it is.
    pub kind: FindingKind,
    /// More general findings, by index.
    pub implies: Vec<u16>,
    /// Also present when this holds.
    pub when: Option<Expression>,
}

/// A term: tokens by number, with gaps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// What it means.
    pub finding: u16,
    /// Tokens by number, sets from [`Vocabulary::SETS`] on; [`Vocabulary::GAP_WORDS`] and [`Vocabulary::GAP_CHARACTERS`] are gaps.
    pub slots: Vec<u16>,
}

/// How far a denial reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Only what follows at once.
    Adjacent,
    /// Up to three tokens further.
    Near,
    /// To the end of the clause.
    Clause,
    /// To the end of the clause and of the list it begins.
    List,
}

/// A word that changes what the words around it mean.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Mark {
    /// Denies what follows.
    Deny(Reach),
    /// Denies what stands right before.
    DenyAfter,
    /// Looks like a denial and is none.
    NotDenial,
    /// Says it is not sure.
    Doubt,
    /// Puts it into the past.
    Past,
    /// Takes it back into the present.
    Still,
    /// Speaks of the family's history.
    Family,
    /// Speaks of what might be.
    Hypothetical,
    /// Ends a scope.
    End,
    /// Began suddenly.
    Sudden,
    /// Is severe.
    Severe,
    /// Is getting worse.
    Worsening,
    /// Names a person, by index into [`Vocabulary::people`].
    Person(u16),
    /// Names a measurement.
    Measure(Measure),
    /// A unit of time, hours.
    Unit(f64),
    /// A number in words.
    Number(f64),
    /// A point in time, so many hours ago.
    Since(f64),
    /// Marks the number before it as an age in units of so many days: "years old", 岁.
    AgeUnit(u32),
    /// Marks the number after it as an age in years: "aged", 年龄.
    AgeBefore,
    /// Tells the sex.
    Sex(Sex),
    /// Joins the last member of a list: "or", 或.
    Join,
    /// Marks the number before it as a temperature: 度, degrees.
    Degree,
    /// The person speaking is the patient: "I have", 我觉得.
    Myself,
    /// A bare yes.
    Yes,
    /// A bare no.
    No,
}

/// A marking word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MarkTerm {
    /// What it does.
    pub mark: Mark,
    /// Slots, as in [`Term`].
    pub slots: Vec<u16>,
}

/// Who a word for a person points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Relation to the person speaking.
    pub subject: Subject,
    /// Sex the word tells.
    pub sex: Option<Sex>,
    /// Ages the word allows.
    pub age: Option<AgeRange>,
}

/// Words and what they mean.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Vocabulary {
    /// Characters folded before reading (traditional to simplified), sorted.
    pub fold: Vec<(char, char)>,
    /// Tokens, sorted; a token's number is its place.
    pub tokens: Vec<String>,
    /// Findings, sorted by id.
    pub findings: Vec<VocabularyFinding>,
    /// Former ids of findings, sorted, with the index now.
    pub aliases: Vec<(String, u16)>,
    /// Sets of alternatives: token sequences, longest first.
    pub sets: Vec<Vec<Vec<u16>>>,
    /// Terms.
    pub terms: Vec<Term>,
    /// Marking words.
    pub marks: Vec<MarkTerm>,
    /// Which terms can begin with a token: pairs of token and term, sorted. Made when opened.
    #[serde(skip)]
    pub term_starts: Vec<(u16, u16)>,
    /// The same for marks.
    #[serde(skip)]
    pub mark_starts: Vec<(u16, u16)>,
    /// Persons.
    pub people: Vec<Person>,
}

impl Vocabulary {
    /// A gap of up to four words.
    pub const GAP_WORDS: u16 = u16::MAX;
    /// A gap of up to six Chinese characters.
    pub const GAP_CHARACTERS: u16 = u16::MAX - 1;
    /// From this number on a slot is a set.
    pub const SETS: u16 = 40_000;

    /// The set of a slot, if it is one.
    #[must_use]
    pub fn set(&self, slot: u16) -> Option<&Vec<Vec<u16>>> {
        let place = slot
            .checked_sub(Self::SETS)
            .filter(|_| slot < Self::GAP_CHARACTERS)?;
        self.sets.get(usize::from(place))
    }

    /// Makes the two lists of beginnings.
    #[must_use]
    pub(crate) fn prepared(mut self) -> Self {
        self.term_starts = self.starts(self.terms.iter().map(|term| term.slots.first()));
        self.mark_starts = self.starts(self.marks.iter().map(|mark| mark.slots.first()));
        self
    }

    fn starts<'a>(&'a self, firsts: impl Iterator<Item = Option<&'a u16>>) -> Vec<(u16, u16)> {
        let mut starts: Vec<(u16, u16)> = firsts
            .zip(0_u16..)
            .filter_map(|(first, index)| first.map(|first| (*first, index)))
            .flat_map(|(first, index)| match self.set(first) {
                Some(set) => set
                    .iter()
                    .filter_map(|one| one.first())
                    .map(|token| (*token, index))
                    .collect(),
                None => vec![(first, index)],
            })
            .collect();
        starts.sort_unstable();
        starts.dedup();
        starts
    }

    /// Index of a finding by its id or a former id.
    #[must_use]
    pub fn index_of(&self, id: &str) -> Option<u16> {
        let place = self
            .findings
            .binary_search_by(|finding| finding.id.as_str().cmp(id));
        place
            .ok()
            .and_then(|place| u16::try_from(place).ok())
            .or_else(|| {
                self.aliases
                    .binary_search_by(|(alias, _)| alias.as_str().cmp(id))
                    .ok()
                    .map(|place| self.aliases[place].1)
            })
    }

    /// Id of a finding; empty for an index that is not of this vocabulary.
    #[must_use]
    pub fn id_of(&self, finding: u16) -> &str {
        self.findings
            .get(usize::from(finding))
            .map_or("", |one| one.id.as_str())
    }
}

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
}

/// What mistakes cost, in one unit: a wrong department.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Losses {
    /// An emergency treated as urgent, as routine.
    pub missed_emergency: f32,
    /// Something urgent treated as routine.
    pub missed_urgent: f32,
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
        opened.hash = fingerprint(knowledge);
        opened.gate = Gate::decode(gate)?;
        Ok(opened)
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

/// Fingerprint of a knowledge file: 64 bits of FNV-1a in hex. It names versions; it is no protection against forgery.
#[must_use]
pub fn fingerprint(bytes: &[u8]) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in bytes {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}
