//! Who comes: what is true of them, and how they speak.

use std::collections::BTreeMap;
use std::path::Path;

use consult::expression::Measure;
use consult::knowledge::Knowledge;
use consult::profile::{Profile, Sex};
use consult::state::{State, Status};
use consult::{Input, hear};
use serde::Deserialize;
use serde_json::Value;

use crate::eval::Level;
use crate::failure::{Failure, Outcome};

/// How somebody speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// One clear sentence.
    Plain,
    /// A few words.
    Terse,
    /// Much that does not matter around it.
    Rambling,
    /// Little schooling: misspelt, no punctuation.
    LowLiteracy,
    /// Plays it down.
    Minimising,
}

impl Style {
    /// Every style.
    pub const ALL: [Self; 5] = [
        Self::Plain,
        Self::Terse,
        Self::Rambling,
        Self::LowLiteracy,
        Self::Minimising,
    ];
}

/// A patient and everything that is true of them.
#[derive(Debug, Clone)]
pub struct Patient {
    pub id: String,
    pub age_months: Option<u32>,
    pub sex: Option<Sex>,
    /// First sentence, by style.
    sentences: BTreeMap<Style, String>,
    /// Said when the first sentence was not understood.
    other: String,
    /// What they know: present or not. Everything else they do not know.
    pub truth: BTreeMap<String, bool>,
    /// How long it has lasted, hours.
    pub hours: Option<f64>,
    /// How bad, 0 to 10.
    pub severity: Option<f64>,
    /// Degrees Celsius.
    pub temperature: Option<f64>,
    /// Specialties that are right; nothing if the case does not say.
    pub specialties: Vec<String>,
    /// Level that is right.
    pub level: Option<Level>,
}

impl Patient {
    /// Whether there is a sentence in that style.
    pub fn speaks(&self, style: Style) -> bool {
        self.sentences.contains_key(&style)
    }

    /// The first sentence.
    pub fn sentence(&self, style: Style) -> String {
        self.sentences.get(&style).cloned().unwrap_or_default()
    }

    /// The same in other words.
    pub fn other_words(&self) -> String {
        self.other.clone()
    }
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    patient: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    #[expect(dead_code, reason = "for readers of the file")]
    lang: String,
    age: f64,
    sex: Sex,
    says: BTreeMap<Style, String>,
    present: Vec<String>,
    #[serde(default)]
    absent: Vec<String>,
    hours: Option<f64>,
    severity: Option<f64>,
    temperature: Option<f64>,
    specialties: Vec<String>,
    care_level: Level,
}

/// Our own patients.
pub fn own(knowledge: &Knowledge, folder: &Path) -> Outcome<Vec<Patient>> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .map_err(Failure::of(folder.display()))?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    let mut patients = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).map_err(Failure::of(path.display()))?;
        let file: File = toml::from_str(&text).map_err(Failure::of(path.display()))?;
        for written in file.patient {
            patients.push(patient(knowledge, written)?);
        }
    }
    Ok(patients)
}

fn patient(knowledge: &Knowledge, written: Written) -> Outcome<Patient> {
    let truth: BTreeMap<String, bool> = written
        .present
        .into_iter()
        .map(|id| (id, true))
        .chain(written.absent.into_iter().map(|id| (id, false)))
        .collect();
    if let Some(id) = truth
        .keys()
        .find(|id| knowledge.vocabulary.index_of(id).is_none())
    {
        return Err(Failure::new(format!(
            "patient {}: \"{id}\" is no finding",
            written.id
        )));
    }
    let other = written
        .says
        .get(&Style::Plain)
        .or_else(|| written.says.values().next())
        .cloned()
        .unwrap_or_default();
    Ok(Patient {
        id: written.id,
        age_months: months(written.age),
        sex: Some(written.sex),
        sentences: written.says,
        other,
        truth: implied(knowledge, truth),
        hours: written.hours,
        severity: written.severity,
        temperature: written.temperature,
        specialties: written.specialties,
        level: Some(written.care_level),
    })
}

/// What is present is so in general, too; what is denied in general is denied in particular.
pub fn implied(knowledge: &Knowledge, truth: BTreeMap<String, bool>) -> BTreeMap<String, bool> {
    let findings = &knowledge.vocabulary.findings;
    let mut all = truth;
    loop {
        let mut more = Vec::new();
        for finding in findings {
            for general in &finding.implies {
                let general = knowledge.vocabulary.id_of(*general);
                if all.get(&finding.id) == Some(&true) && !all.contains_key(general) {
                    more.push((general.to_owned(), true));
                }
                if all.get(general) == Some(&false) && !all.contains_key(&finding.id) {
                    more.push((finding.id.clone(), false));
                }
            }
        }
        if more.is_empty() {
            return all;
        }
        all.extend(more);
    }
}

#[derive(Deserialize)]
struct Actor {
    id: String,
    text: String,
    #[serde(default)]
    age: Option<f64>,
    #[serde(default)]
    sex: Option<Sex>,
    #[serde(rename = "actor")]
    knows: Value,
    #[serde(default)]
    diagnosis: String,
}

/// Patient actors: what they know is what our own reader hears in their history; what is right is where the knowledge sends
/// the diagnosis, where it knows it.
pub fn actors(knowledge: &Knowledge, path: &Path) -> Outcome<Vec<Patient>> {
    let text = std::fs::read_to_string(path).map_err(Failure::of(path.display()))?;
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let actor: Actor = serde_json::from_str(line).map_err(Failure::of(path.display()))?;
            Ok(played(knowledge, actor))
        })
        .collect()
}

fn played(knowledge: &Knowledge, actor: Actor) -> Patient {
    let mut parts = Vec::new();
    texts(&actor.knows, &mut parts);
    let mut state = State {
        profile: Profile::default(),
        ..State::default()
    };
    for part in &parts {
        state.apply(&hear(
            &knowledge.vocabulary,
            &State::default(),
            &Input::Text(part.clone()),
        ));
    }
    let truth = state
        .findings
        .iter()
        .filter_map(|(id, known)| match known.status {
            Status::Present => Some((id.clone(), true)),
            Status::Absent => Some((id.clone(), false)),
            Status::Unknown | Status::Suspected => None,
        })
        .filter(|(id, _)| !id.starts_with("known_"))
        .collect();
    let hours = state
        .findings
        .values()
        .find_map(|known| known.details.hours);
    let plain = actor
        .knows
        .get("History")
        .and_then(Value::as_str)
        .unwrap_or(&actor.text)
        .to_owned();
    Patient {
        id: actor.id,
        age_months: actor.age.and_then(months),
        sex: actor.sex,
        sentences: BTreeMap::from([
            (Style::Terse, actor.text.clone()),
            (Style::Rambling, plain.clone()),
        ]),
        other: plain,
        truth: implied(knowledge, truth),
        hours,
        severity: state.measures.get(&Measure::Severity).copied(),
        temperature: state.measures.get(&Measure::Temperature).copied(),
        specialties: specialties_of(knowledge, &actor.diagnosis),
        level: None,
    }
}

/// Every text in a value.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|one| texts(one, found)),
        Value::Object(entries) => entries.values().for_each(|one| texts(one, found)),
        _ => {}
    }
}

/// Where the knowledge sends a diagnosis, if it knows it by name.
fn specialties_of(knowledge: &Knowledge, diagnosis: &str) -> Vec<String> {
    let heard = hear(
        &knowledge.vocabulary,
        &State::default(),
        &Input::Text(diagnosis.to_owned()),
    );
    let named = |id: &str| {
        knowledge.conditions.iter().find(|condition| {
            condition.id == id.trim_start_matches("known_")
                || condition.name.get("en").eq_ignore_ascii_case(diagnosis)
        })
    };
    heard
        .findings
        .iter()
        .find_map(|finding| named(&finding.id))
        .map(|condition| {
            condition
                .specialties
                .iter()
                .map(|place| knowledge.specialties[usize::from(*place)].code.clone())
                .collect()
        })
        .unwrap_or_default()
}

pub fn months(years: f64) -> Option<u32> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "bounded to 0 to 1440 before the cast"
    )]
    (0.0..=120.0)
        .contains(&years)
        .then(|| (years * 12.0).floor() as u32)
}
