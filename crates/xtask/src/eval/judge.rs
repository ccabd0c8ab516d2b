//! Who judges: the release binary, as a hospital would ask it, or the engine here with the knowledge as it stands in the files.

use std::io::Write;
use std::path::PathBuf;
use std::process::Stdio;

use consult::facts::told;
use consult::knowledge::Knowledge;
use consult::profile::{AgeRange, Profile, Sex};
use consult::{Settings, Step};
use serde::Deserialize;

use super::cases::{Case, Level, Question};
use crate::command::{program, step};
use crate::failure::{Failure, Outcome};
use crate::places::Profile as BuildProfile;
use crate::{knowledge, run};

/// One judgement, as `anteroom assess` writes it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Judgement {
    /// What the product would say now; absent if nothing was read.
    #[serde(default)]
    pub care_level: Option<Level>,
    /// If every open danger question were answered no.
    #[serde(default)]
    pub level_if_denied: Option<Level>,
    /// Rules whose card shows.
    #[serde(default)]
    pub alerts: Vec<String>,
    /// Best first.
    #[serde(default)]
    pub specialties: Vec<Specialty>,
    /// What was read.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// Why there is no judgement.
    #[serde(default)]
    pub error: Option<String>,
}

/// A specialty.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Specialty {
    /// Its code.
    pub code: String,
    /// Its score, 0 to 1.
    pub score: f64,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Finding {
    /// Its id.
    pub id: String,
    /// `present`, `absent`, `unknown` or `suspected`.
    pub status: String,
}

impl Judgement {
    /// The levels as a person reads them.
    pub fn level_in_words(&self) -> String {
        let word = |level: Option<Level>| {
            level.map_or_else(|| "nothing".to_owned(), |level| format!("{level:?}"))
        };
        let findings: Vec<&str> = self
            .findings
            .iter()
            .filter(|one| one.status == "present")
            .map(|one| one.id.as_str())
            .collect();
        format!(
            "{}, denied {}; read: {}",
            word(self.care_level),
            word(self.level_if_denied),
            findings.join(", ")
        )
    }
}

/// Who judges.
pub enum Judge {
    /// `anteroom assess`, with the configured model or without.
    Binary(PathBuf, bool),
    /// The engine in this process.
    Here(Box<Knowledge>),
}

impl Judge {
    /// Builds the release binary. With `model` the model reads too that the environment configures for a server.
    pub fn binary(model: bool) -> Outcome<Self> {
        let binary = step("Server (release)", || run::build(BuildProfile::Release))?;
        Ok(Self::Binary(binary, model))
    }

    /// Compiles `knowledge/`.
    pub fn here() -> Outcome<Self> {
        let compiled = knowledge::compiled(&knowledge::read()?)?;
        let knowledge = Knowledge::decode(&compiled.knowledge, &compiled.gate)
            .map_err(Failure::of("knowledge"))?;
        Ok(Self::Here(Box::new(knowledge)))
    }

    /// Judges the cases, in order.
    pub fn judge(&self, cases: &[Case]) -> Outcome<Vec<Judgement>> {
        match self {
            Self::Binary(binary, model) => ask(binary, *model, cases),
            Self::Here(knowledge) => Ok(cases
                .iter()
                .map(|case| judged(knowledge, &case.question))
                .collect()),
        }
    }
}

/// Asks `anteroom assess`. A case it refuses is a judgement with an error, as it writes it.
fn ask(binary: &PathBuf, model: bool, cases: &[Case]) -> Outcome<Vec<Judgement>> {
    let mut lines = String::new();
    for case in cases {
        lines.push_str(
            &serde_json::to_string(&case.question)
                .map_err(Failure::of("a case could not be written"))?,
        );
        lines.push('\n');
    }
    let mut child = program(binary)
        .arg("assess")
        .args(model.then_some("--model"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(Failure::of("`anteroom assess` could not be started"))?;
    let input = child.stdin.take();
    // It answers while it still reads: both ends must move, or both wait for ever.
    let writer = std::thread::spawn(move || {
        input.map_or(Ok(()), |mut input| input.write_all(lines.as_bytes()))
    });
    let output = child
        .wait_with_output()
        .map_err(Failure::of("`anteroom assess` could not be read"))?;
    let _written = writer.join();
    let text = String::from_utf8_lossy(&output.stdout);
    let judgements = text
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<Vec<Judgement>, _>>()
        .map_err(Failure::of(
            "`anteroom assess` wrote what is not a judgement",
        ))?;
    if judgements.len() == cases.len() {
        Ok(judgements)
    } else {
        Err(Failure::new(format!(
            "`anteroom assess` answered {} of {} cases ({})",
            judgements.len(),
            cases.len(),
            output.status
        )))
    }
}

/// The same in this process.
fn judged(knowledge: &Knowledge, question: &Question) -> Judgement {
    let profile = Profile {
        subject: None,
        age: question.age.and_then(months).map(AgeRange::exactly),
        sex: sex(question.sex.as_deref()),
    };
    let (state, decision) =
        consult::judge(knowledge, profile, &question.text, &[], Settings::default());
    let alerts = match &decision.step {
        Step::Alert(fired) => fired.iter().map(|rule| rule.id.clone()).collect(),
        _ => Vec::new(),
    };
    let level = |level: Option<consult::assess::CareLevel>| {
        level
            .and_then(|level| serde_json::to_value(level).ok())
            .and_then(|value| serde_json::from_value(value).ok())
    };
    let status = |status: consult::state::Status| {
        serde_json::to_value(status)
            .ok()
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_default()
    };
    Judgement {
        care_level: level(decision.assessment.care_level),
        level_if_denied: level(decision.assessment.level_if_denied),
        alerts,
        specialties: decision
            .assessment
            .specialties
            .iter()
            .take(5)
            .map(|(code, score)| Specialty {
                code: code.clone(),
                score: *score,
            })
            .collect(),
        findings: told(knowledge, &state)
            .into_iter()
            .map(|one| Finding {
                id: one.id.to_owned(),
                status: status(one.status),
            })
            .collect(),
        error: None,
    }
}

/// Whole months of an age in years.
fn months(years: f64) -> Option<u32> {
    let months = (years * 12.0).floor();
    (0.0..=1440.0)
        .contains(&months)
        .then(|| (0..=1440_u32).find(|whole| f64::from(*whole) >= months))
        .flatten()
}

fn sex(word: Option<&str>) -> Option<Sex> {
    match word {
        Some("female") => Some(Sex::Female),
        Some("male") => Some(Sex::Male),
        _ => None,
    }
}
