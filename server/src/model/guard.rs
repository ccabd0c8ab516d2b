//! The guard: no sentence of a model's is shown before it is checked.
//!
//! A sentence may be kind and may lead to the reviewed one. It may not name an illness, a medicine, a dose or an outlook, lower
//! or change how urgent it is, name a doctor, a place, a number or an address that the step does not hold, advise, promise,
//! obey, be markup, or be in another language. The lists are data (`texts/guard.toml`); `tests/guard` holds what they are
//! measured with.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use aho_corasick::AhoCorasick;
use consult::guide::directory::Directory;
use consult::knowledge::Knowledge;
use consult::read::tokens::tokenize;
use serde::Deserialize;

use crate::ids::OrganisationId;
use crate::store::sessions::Session;

mod form;
mod lists;
mod quotes;
mod words;

use form::normalised;
use lists::Patterns;

/// Why a sentence is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Objection {
    /// Markup, code, links.
    Markup,
    /// Another language.
    Language,
    /// Too long.
    Length,
    /// A number the step does not hold.
    Number,
    /// A street, a web or mail address.
    Address,
    /// Names or hints at an illness.
    Diagnosis,
    /// Names a medicine, or tells to take or leave one.
    Drug,
    /// An amount of a medicine.
    Dose,
    /// How it will go on.
    Prognosis,
    /// Changes how urgent it is.
    Urgency,
    /// Names a doctor.
    Doctor,
    /// Names a department, a floor, a room.
    Place,
    /// Advises a treatment.
    Advice,
    /// Promises, pretends or obeys.
    Injection,
}

impl Objection {
    /// As a code, for the log and the figures.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Markup => "markup",
            Self::Language => "language",
            Self::Length => "length",
            Self::Number => "number",
            Self::Address => "address",
            Self::Diagnosis => "diagnosis",
            Self::Drug => "drug",
            Self::Dose => "dose",
            Self::Prognosis => "prognosis",
            Self::Urgency => "urgency",
            Self::Doctor => "doctor",
            Self::Place => "place",
            Self::Advice => "advice",
            Self::Injection => "injection",
        }
    }
}

/// What a sentence is checked against.
#[derive(Debug, Clone)]
pub struct Step<'a> {
    /// Language it must be in.
    pub language: &'a str,
    /// The reviewed sentence of the step, or the passages an answer rests on.
    pub reviewed: &'a str,
    /// The patient's own words.
    pub said: &'a str,
    /// Names of this organisation's doctors and departments.
    pub names: Option<Arc<Names>>,
    /// The reviewed words are the hospital's own content: departments, times and floors in them may be repeated.
    pub is_answer: bool,
}

impl<'a> Step<'a> {
    /// A step of which nothing but its sentence is known.
    #[must_use]
    pub fn bare(language: &'a str, reviewed: &'a str) -> Self {
        Self {
            language,
            reviewed,
            said: "",
            names: None,
            is_answer: false,
        }
    }
}

/// What sentences are held against, made ready once for all of a message's.
#[derive(Debug)]
pub struct Grounds {
    /// Language they must be in.
    language: String,
    /// The reviewed words, normalised.
    reviewed: String,
    /// The patient's, normalised; none for an answer: what it says must stand in its passages.
    said: String,
    /// Both.
    own: String,
    /// The words of both, one by one.
    words: HashSet<String>,
    names: Option<Arc<Names>>,
    is_answer: bool,
}

impl Grounds {
    /// What a step's sentences are held against.
    #[must_use]
    pub fn of(step: &Step<'_>) -> Self {
        let reviewed = normalised(step.reviewed);
        let said = if step.is_answer {
            String::new()
        } else {
            normalised(step.said)
        };
        let own = format!("{said}\n{reviewed}");
        let words = tokenize(&own, &[]).into_iter();
        Self {
            language: step.language.to_owned(),
            words: words.map(|token| token.text).collect(),
            reviewed,
            said,
            own,
            names: step.names.clone(),
            is_answer: step.is_answer,
        }
    }

    /// Language the sentences must be in.
    #[must_use]
    pub fn language(&self) -> &str {
        &self.language
    }
}

/// Names of one organisation's directory.
#[derive(Debug)]
pub struct Names(Option<AhoCorasick>);

impl Names {
    /// The names of a directory's departments, hospitals and doctors, in every language.
    #[must_use]
    pub fn of(directory: &Directory) -> Self {
        let texts = directory
            .departments
            .iter()
            .map(|one| &one.name)
            .chain(directory.doctors.iter().map(|one| &one.name));
        let names: Vec<String> = texts
            .flat_map(|text| text.0.values())
            .map(|name| normalised(name))
            .filter(|name| name.chars().count() > 1)
            .collect();
        // Too many names for a table means none is looked for by this table; the patterns still look for titles.
        Self(AhoCorasick::new(names).ok())
    }

    /// Whether a text holds a name that `allowed` does not.
    fn is_in(&self, text: &str, allowed: &str) -> bool {
        self.0.as_ref().is_some_and(|names| {
            names
                .find_overlapping_iter(text)
                .any(|found| !allowed.contains(&text[found.range()]))
        })
    }
}

/// Names of the directories in use, by organisation; one of another version is made anew.
#[derive(Debug, Default)]
pub struct KnownNames(Mutex<HashMap<OrganisationId, (u64, Arc<Names>)>>);

impl KnownNames {
    /// The names of a session's organisation.
    #[must_use]
    pub fn of(&self, session: &Session, directory: &Directory) -> Arc<Names> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match known.get(&session.organisation) {
            Some((version, names)) if *version == directory.version => Arc::clone(names),
            _ => {
                let names = Arc::new(Names::of(directory));
                let entry = (directory.version, Arc::clone(&names));
                known.insert(session.organisation.clone(), entry);
                names
            }
        }
    }
}

/// The guard, ready.
#[derive(Debug)]
pub struct Guard {
    patterns: BTreeMap<String, Patterns>,
}

impl Guard {
    /// Makes the lists ready; the names of illnesses are the knowledge's conditions. If the lists cannot be used, no sentence passes.
    #[must_use]
    pub fn new(knowledge: &Knowledge) -> Self {
        Self {
            patterns: lists::all(knowledge),
        }
    }

    /// Checks one sentence.
    ///
    /// # Errors
    /// Why it is not shown.
    pub fn check(&self, grounds: &Grounds, sentence: &str) -> Result<(), Objection> {
        let patterns = self
            .patterns
            .get(&grounds.language)
            .ok_or(Objection::Language)?;
        form::length(&grounds.language, sentence)?;
        form::markup(sentence)?;
        let text = normalised(sentence);
        form::script(&grounds.language, &text, &grounds.own)?;
        if repeats(&text, &grounds.reviewed) {
            return Ok(());
        }
        let names = grounds.names.as_ref();
        if names.is_some_and(|names| names.is_in(&text, &grounds.reviewed)) {
            return Err(Objection::Doctor);
        }
        if let Some(objection) = patterns.objection(&text, grounds) {
            return Err(objection);
        }
        form::numbers(&text, &grounds.own)
    }
}

/// Whether a sentence is one of the reviewed ones, word for word.
fn repeats(text: &str, reviewed: &str) -> bool {
    const ENDS: [char; 5] = ['。', '.', '!', '?', '…'];
    let bare = |sentence: &str| sentence.trim().trim_end_matches(ENDS).to_owned();
    let text = bare(text);
    !text.is_empty() && reviewed.split(ENDS).any(|sentence| bare(sentence) == text)
}
