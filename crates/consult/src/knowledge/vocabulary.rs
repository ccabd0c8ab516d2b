//! Words and what they mean: findings with their terms, and the words that change what stands around them.

use serde::{Deserialize, Serialize};

use crate::expression::{Expression, Measure};
use crate::order::sorted;
use crate::profile::{AgeRange, Sex, Subject};
use crate::read::slots::{Numbers, Slot, expanded, slots};
use crate::read::spelling::{is_near, skeleton};

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
    /// The time after it is how old a baby is: 出生, "born".
    Born,
    /// Somebody is pregnant: "pregnant", 产检. A "baby" is then the unborn one, and weeks are hers.
    Expecting,
    /// A year: what happened then is over.
    Year,
    /// The person speaking says that they themselves do not have it.
    Apart,
    /// A bare yes.
    Yes,
    /// A bare no.
    No,
    /// Says that what a finding would take away is as it should be ("breathing is fine"): denies the finding, by index.
    Fine(u16),
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

/// The words of one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanguageWords {
    /// Language code.
    pub language: String,
    /// Terms as written: a line for each finding, in their order, terms separated by `|`.
    pub terms: String,
    /// Marking words as written: a line for each of [`Vocabulary::kinds`].
    pub marks: String,
    /// Named sets that terms use: a line for each, its name, `=` and its members with commas. Parts of one language share them.
    pub sets: String,
}

impl LanguageWords {
    /// The members of each named set.
    pub(crate) fn named_sets(&self) -> impl Iterator<Item = (&str, &str)> {
        self.sets
            .split('\n')
            .filter_map(|line| line.split_once('='))
    }
}

#[cfg(feature = "compile")]
impl LanguageWords {
    /// The same words in two: the terms people use most, at most `bytes` of them, with the marks; and all other terms.
    pub(crate) fn divided(
        &self,
        usage: &std::collections::BTreeMap<(String, String), u32>,
        bytes: usize,
    ) -> (Self, Self) {
        let count = |term: &str| {
            let key = (self.language.clone(), term.to_owned());
            usage.get(&key).copied().unwrap_or(0)
        };
        let mut by_use: Vec<(u32, &str)> = self
            .terms
            .split(['\n', '|'])
            .filter(|term| !term.is_empty())
            .map(|term| (count(term), term))
            .filter(|(count, _)| *count > 0)
            .collect();
        by_use.sort_unstable_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(other.1)));
        by_use.dedup();
        let mut left = bytes;
        let first: std::collections::BTreeSet<&str> = by_use
            .into_iter()
            .map(|(_, term)| term)
            .take_while(|term| {
                let fits = term.len() <= left;
                left = left.saturating_sub(term.len());
                fits
            })
            .collect();
        let lines = |wanted: bool| {
            let line = |line: &str| {
                let terms: Vec<&str> = line
                    .split('|')
                    .filter(|term| first.contains(term) == wanted)
                    .collect();
                terms.join("|")
            };
            self.terms
                .split('\n')
                .map(line)
                .collect::<Vec<_>>()
                .join("\n")
        };
        let part = |wanted: bool, marks: &str, sets: &str| Self {
            language: self.language.clone(),
            terms: lines(wanted),
            marks: marks.to_owned(),
            sets: sets.to_owned(),
        };
        (part(true, &self.marks, &self.sets), part(false, "", ""))
    }
}

/// Id of the gate's finding that stands for all words that must only be told apart from those of its rules.
pub(crate) const OTHER: &str = "~";

/// Words and what they mean. Stored as text, which compresses far better than numbers; the tables behind the text are made
/// when it is opened.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Vocabulary {
    /// Characters folded before reading (traditional to simplified), sorted.
    pub fold: Vec<(char, char)>,
    /// Findings, sorted by id.
    pub findings: Vec<VocabularyFinding>,
    /// Former ids of findings, sorted, with the index now.
    pub aliases: Vec<(String, u16)>,
    /// Persons.
    pub people: Vec<Person>,
    /// What the lines of marking words do.
    pub kinds: Vec<Mark>,
    /// The words, by language.
    pub words: Vec<LanguageWords>,
    /// Tokens, sorted; a token's number is its place.
    #[serde(skip)]
    pub tokens: Vec<String>,
    /// Sets of alternatives: token sequences, longest first.
    #[serde(skip)]
    pub sets: Vec<Vec<Vec<u16>>>,
    /// Terms.
    #[serde(skip)]
    pub terms: Vec<Term>,
    /// Marking words.
    #[serde(skip)]
    pub marks: Vec<MarkTerm>,
    /// The tokens by what they sound like, sorted, to find the word a misspelled one means.
    #[serde(skip)]
    pub(crate) sounds: Vec<(String, u16)>,
    /// Which terms can begin with a token: pairs of token and term, sorted.
    #[serde(skip)]
    pub term_starts: Vec<(u16, u16)>,
    /// The same for marks.
    #[serde(skip)]
    pub mark_starts: Vec<(u16, u16)>,
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

    /// Makes the tables behind the text. What cannot be read is left out; the build has checked that there is no such thing.
    #[must_use]
    pub(crate) fn prepared(mut self) -> Self {
        let fold = std::mem::take(&mut self.fold);
        let sets: Vec<(&str, &str, &str)> = self
            .words
            .iter()
            .flat_map(|words| {
                let language = words.language.as_str();
                let named = move |(name, members)| (language, name, members);
                words.named_sets().map(named)
            })
            .collect();
        let members = |language: &str, name: &str| {
            let is_it = |set: &&(&str, &str, &str)| set.0 == language && set.1 == name;
            sets.iter().rev().find(is_it).map(|set| set.2)
        };
        let lines = |text: &str, language: &str| -> Vec<(u16, bool, Vec<Slot>)> {
            let chinese = language == "zh";
            (0_u16..)
                .zip(text.split('\n'))
                .flat_map(|(line, terms)| terms.split('|').map(move |term| (line, term)))
                .filter(|(_, term)| !term.is_empty())
                .flat_map(|(line, term)| {
                    expanded(term, |name| members(language, name))
                        .and_then(|term| slots(&term, &fold))
                        .unwrap_or_default()
                        .into_iter()
                        .map(move |slots| (line, chinese, slots))
                })
                .collect()
        };
        let terms: Vec<_> = self
            .words
            .iter()
            .flat_map(|words| lines(&words.terms, &words.language))
            .collect();
        let marks: Vec<_> = self
            .words
            .iter()
            .flat_map(|words| lines(&words.marks, &words.language))
            .collect();
        let mut numbers = Numbers::new(terms.iter().chain(&marks).map(|(_, _, slots)| slots));
        let numbered = terms.iter().map(|(finding, chinese, slots)| Term {
            finding: *finding,
            slots: numbers.number(slots, *chinese),
        });
        self.terms = sorted(numbered.collect(), |one, other| {
            one.slots
                .cmp(&other.slots)
                .then(one.finding.cmp(&other.finding))
        });
        self.terms.dedup();
        self.marks = marks
            .iter()
            .filter_map(|(line, chinese, slots)| {
                let mark = *self.kinds.get(usize::from(*line))?;
                Some(MarkTerm {
                    mark,
                    slots: numbers.number(slots, *chinese),
                })
            })
            .collect();
        (self.tokens, self.sets) = numbers.into_parts();
        let sounds = self
            .tokens
            .iter()
            .zip(0_u16..)
            .filter_map(|(token, number)| Some((skeleton(token)?, number)));
        self.sounds = sorted(sounds.collect(), Ord::cmp);
        self.term_starts = self.starts(self.terms.iter().map(|term| term.slots.first()));
        self.mark_starts = self.starts(self.marks.iter().map(|mark| mark.slots.first()));
        self.fold = fold;
        self
    }

    /// The number of the token that a misspelled word means.
    pub(crate) fn meant(&self, word: &str) -> Option<u16> {
        let sound = skeleton(word)?;
        let from = self.sounds.partition_point(|(known, _)| *known < sound);
        self.sounds[from..]
            .iter()
            .take_while(|(known, _)| *known == sound)
            .map(|(_, number)| *number)
            .find(|number| {
                self.tokens
                    .get(usize::from(*number))
                    .is_some_and(|token| is_near(token, word))
            })
    }

    fn starts<'a>(&'a self, firsts: impl Iterator<Item = Option<&'a u16>>) -> Vec<(u16, u16)> {
        let starts: Vec<(u16, u16)> = firsts
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
        let mut starts = sorted(starts, Ord::cmp);
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
