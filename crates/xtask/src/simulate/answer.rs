//! How a simulated patient answers a question: the truth, or "I don't know".

use consult::Input;
use consult::ask::{Question, QuestionKind};
use consult::profile::Sex;

use super::patients::Patient;

/// The answer to a question.
pub fn answer(patient: &Patient, question: &Question) -> Input {
    let offered: Vec<String> = question
        .choices
        .iter()
        .map(|choice| choice.id.clone())
        .collect();
    let skip = || Input::Skip {
        question: question.id.clone(),
        offered: offered.clone(),
    };
    let choose = |choices: Vec<String>| Input::Choice {
        question: question.id.clone(),
        offered: offered.clone(),
        choices,
    };
    let value = |value: Option<f64>, unit: Option<&str>| match value {
        Some(value) => Input::Values {
            question: question.id.clone(),
            value,
            unit: unit.map(str::to_owned),
        },
        None => skip(),
    };
    match question.id.as_str() {
        "age" => {
            return value(patient.age_months.map(f64::from), Some("months"));
        }
        "sex" => {
            return match patient.sex {
                Some(Sex::Female) => choose(vec!["female".to_owned()]),
                Some(Sex::Male) => choose(vec!["male".to_owned()]),
                None => skip(),
            };
        }
        "temperature" => return value(patient.temperature, None),
        id if id.starts_with("duration:") => return value(patient.hours, Some("hours")),
        id if id.starts_with("severity:") => return value(patient.severity, None),
        _ => {}
    }
    match question.kind {
        QuestionKind::YesNo => {
            let id = question.id.strip_prefix("signs:").unwrap_or(&question.id);
            let choice = match patient.truth.get(id) {
                Some(true) => "yes",
                Some(false) => "no",
                None => "unknown",
            };
            choose(vec![choice.to_owned()])
        }
        QuestionKind::Multiple => {
            let truth = |id: &String| patient.truth.get(id).copied();
            let signs: Vec<String> = offered
                .iter()
                .filter(|id| !matches!(id.as_str(), "none" | "unknown"))
                .cloned()
                .collect();
            let there: Vec<String> = signs
                .iter()
                .filter(|id| truth(id) == Some(true))
                .cloned()
                .collect();
            if !there.is_empty() {
                choose(there)
            } else if signs.iter().all(|id| truth(id) == Some(false)) {
                choose(vec!["none".to_owned()])
            } else {
                choose(vec!["unknown".to_owned()])
            }
        }
        _ => skip(),
    }
}
