//! The cases: own ones of `knowledge/histories/`, and patient actors.

use std::path::Path;

use consult::interview::Section;
use consult::profile::Sex;
use serde::Deserialize;
use serde_json::Value;

use crate::failure::{Failure, Outcome};

/// One sentence a patient knows.
#[derive(Debug, Clone)]
pub struct Fact {
    pub section: Section,
    /// Something they do not have.
    pub denied: bool,
    pub text: String,
}

/// A patient with their whole history.
#[derive(Debug, Clone)]
pub struct Case {
    pub id: String,
    pub age_months: Option<u32>,
    pub sex: Option<Sex>,
    /// First words.
    pub says: String,
    pub present_illness: Vec<String>,
    /// Everything they know, the first words excepted.
    pub facts: Vec<Fact>,
}

#[derive(Deserialize)]
struct File {
    case: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    age: f64,
    sex: Sex,
    #[expect(dead_code, reason = "for readers of the file")]
    specialty: String,
    says: String,
    present_illness: Vec<String>,
    #[serde(default)]
    denied: Vec<String>,
    #[serde(default)]
    past_history: Vec<String>,
    #[serde(default)]
    medicines: Vec<String>,
    #[serde(default)]
    allergies: Vec<String>,
    #[serde(default)]
    family: Vec<String>,
    #[serde(default)]
    personal: Vec<String>,
    #[serde(default)]
    menstrual_obstetric: Vec<String>,
    #[serde(default)]
    vaccination: Vec<String>,
    #[serde(default)]
    wishes: Vec<String>,
}

/// Our own cases.
pub fn own(folder: &Path) -> Outcome<Vec<Case>> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .map_err(Failure::of(folder.display()))?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).map_err(Failure::of(path.display()))?;
        let file: File = toml::from_str(&text).map_err(Failure::of(path.display()))?;
        cases.extend(file.case.into_iter().map(case));
    }
    Ok(cases)
}

fn case(written: Written) -> Case {
    let mut facts = Vec::new();
    let mut take = |section, denied, texts: &[String]| {
        facts.extend(texts.iter().map(|text| Fact {
            section,
            denied,
            text: text.clone(),
        }));
    };
    take(Section::PresentIllness, false, &written.present_illness);
    take(Section::PresentIllness, true, &written.denied);
    take(Section::PastHistory, false, &written.past_history);
    take(Section::Medicines, false, &written.medicines);
    take(Section::Allergies, false, &written.allergies);
    take(Section::Family, false, &written.family);
    take(Section::Personal, false, &written.personal);
    take(
        Section::MenstrualObstetric,
        false,
        &written.menstrual_obstetric,
    );
    take(Section::Vaccination, false, &written.vaccination);
    take(Section::Wishes, false, &written.wishes);
    Case {
        id: written.id,
        age_months: super::super::patients::months(written.age),
        sex: Some(written.sex),
        says: written.says,
        present_illness: written.present_illness,
        facts,
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
}

/// Patient actors: their sentences by the part of the history they stand in.
pub fn actors(path: &Path) -> Outcome<Vec<Case>> {
    let text = std::fs::read_to_string(path).map_err(Failure::of(path.display()))?;
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let actor: Actor = serde_json::from_str(line).map_err(Failure::of(path.display()))?;
            Ok(played(actor))
        })
        .collect()
}

fn played(actor: Actor) -> Case {
    let part = |key: &str| {
        let mut found = Vec::new();
        if let Some(value) = actor.knows.get(key) {
            texts(value, &mut found);
        }
        found
            .iter()
            .flat_map(|text| sentences(text))
            .collect::<Vec<_>>()
    };
    let mut facts = Vec::new();
    let history = part("History");
    for text in &history {
        let section = section_of(text).unwrap_or(Section::PresentIllness);
        facts.push(fact(section, text));
    }
    for text in part("Symptoms") {
        facts.push(fact(Section::PresentIllness, &text));
    }
    for text in part("Past_Medical_History") {
        let section = section_of(&text).unwrap_or(Section::PastHistory);
        facts.push(fact(section, &text));
    }
    for text in part("Social_History") {
        facts.push(fact(
            section_of(&text)
                .filter(|one| *one == Section::Family)
                .unwrap_or(Section::Personal),
            &text,
        ));
    }
    for text in part("Review_of_Systems") {
        facts.push(fact(Section::PresentIllness, &text));
    }
    facts.retain(|fact| !says_nothing(&fact.text));
    Case {
        id: actor.id,
        age_months: actor.age.and_then(super::super::patients::months),
        sex: actor.sex,
        says: actor.text,
        present_illness: history,
        facts,
    }
}

fn fact(section: Section, text: &str) -> Fact {
    let low = text.to_lowercase();
    let denied = ["denies", "no ", "without", "not "]
        .iter()
        .any(|word| low.contains(word))
        && section == Section::PresentIllness;
    Fact {
        section,
        denied,
        text: text.to_owned(),
    }
}

/// Where a sentence belongs by its words, if it says.
fn section_of(text: &str) -> Option<Section> {
    let low = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| low.contains(word));
    if has(&["allerg"]) {
        Some(Section::Allergies)
    } else if has(&[
        "family history",
        "mother",
        "father",
        "brother",
        "sister",
        "grandm",
        "grandf",
        "relative",
    ]) && !has(&[
        "mother reports",
        "mother states",
        "mother notes",
        "mother says",
        "father reports",
    ]) {
        Some(Section::Family)
    } else if has(&[
        "medication",
        "takes ",
        "taking ",
        "treated with",
        "insulin",
        "tablet",
        "oral contraceptive",
    ]) {
        Some(Section::Medicines)
    } else if has(&["vaccin", "immuniz"]) {
        Some(Section::Vaccination)
    } else if has(&["menstru", "menses", "last period", "gravida", "pregnanc"]) {
        Some(Section::MenstrualObstetric)
    } else {
        None
    }
}

/// "Information not provided", "no significant history": the actor knows nothing of it.
fn says_nothing(text: &str) -> bool {
    let low = text.to_lowercase();
    [
        "not provided",
        "no additional",
        "not mentioned",
        "unremarkable",
        "noncontributory",
        "non-contributory",
        "not specified",
        "none provided",
    ]
    .iter()
    .any(|words| low.contains(words))
        || low.trim().len() < 4
}

fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|one| texts(one, found)),
        Value::Object(entries) => entries.values().for_each(|one| texts(one, found)),
        _ => {}
    }
}

/// The sentences of a text.
fn sentences(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while let Some(end) = rest.find(". ") {
        found.push(rest[..=end].trim().to_owned());
        rest = rest[end + 2..].trim_start();
    }
    if !rest.is_empty() {
        found.push(rest.to_owned());
    }
    found
}
