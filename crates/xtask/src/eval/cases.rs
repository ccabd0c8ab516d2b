//! Labelled cases from JSON lines and from the knowledge's own vignettes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::failure::{Failure, Outcome};

/// How urgent, in rising order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nobody need be seen.
    SelfCare,
    /// When it suits.
    Routine,
    /// Today.
    Urgent,
    /// Now.
    Emergency,
}

/// What `anteroom assess` is given of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Name of the case.
    pub id: String,
    /// Language code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// What the patient says.
    pub text: String,
    /// Years.
    #[serde(default)]
    pub age: Option<f64>,
    /// `female` or `male`.
    #[serde(default)]
    pub sex: Option<String>,
}

/// What is right for a case; each part only if it is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Gold {
    /// The level.
    pub level: Option<Level>,
    /// Specialty codes that count as right.
    pub specialties: Option<Vec<String>>,
    /// Findings that are there (true) or denied (false).
    pub findings: Option<BTreeMap<String, bool>>,
    /// Whether a card must show, if that is said apart from the level.
    pub card: Option<bool>,
}

/// A case.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// What is asked.
    pub question: Question,
    /// What is right.
    pub gold: Gold,
}

/// The cases of a file.
#[derive(Debug)]
pub struct CaseFile {
    /// Its name.
    pub name: String,
    /// Its cases, in order.
    pub cases: Vec<Case>,
}

/// Reads a file, or every file of a folder.
pub fn read(path: &Path) -> Outcome<Vec<CaseFile>> {
    if !path.is_dir() {
        return one(path).map(|file| vec![file]);
    }
    let entries = std::fs::read_dir(path).map_err(Failure::of(path.display()))?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| matches!(ending(path), "jsonl" | "toml" | "tsv" | "txt"))
        .collect();
    paths.sort();
    paths.iter().map(|path| one(path)).collect()
}

fn one(path: &Path) -> Outcome<CaseFile> {
    let text = std::fs::read_to_string(path).map_err(Failure::of(path.display()))?;
    let cases = match ending(path) {
        "toml" => vignettes(&text),
        "tsv" => readings(&text, path),
        "txt" => Ok(ordinary(&text, path)),
        _ => lines(&text, &labels(path)?),
    };
    let name = path
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(CaseFile {
        name,
        cases: cases.map_err(|failure| Failure::new(format!("{}: {failure}", path.display())))?,
    })
}

fn ending(path: &Path) -> &str {
    path.extension().and_then(|end| end.to_str()).unwrap_or("")
}

/// The mapping of a set's own labels to specialty codes, if there is one beside it.
fn labels(path: &Path) -> Outcome<BTreeMap<String, Vec<String>>> {
    let beside = path.with_extension("labels.json");
    if !beside.exists() {
        return Ok(BTreeMap::new());
    }
    let text = std::fs::read_to_string(&beside).map_err(Failure::of(beside.display()))?;
    serde_json::from_str(&text).map_err(Failure::of(beside.display()))
}

#[derive(Deserialize)]
struct Line {
    #[serde(flatten)]
    question: Question,
    #[serde(default)]
    care_level: Option<Level>,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    specialties: Option<Vec<String>>,
    #[serde(default)]
    findings: Option<Value>,
}

fn lines(text: &str, labels: &BTreeMap<String, Vec<String>>) -> Outcome<Vec<Case>> {
    let mut cases = Vec::new();
    for (number, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let line: Line =
            serde_json::from_str(line).map_err(Failure::of(format!("line {}", number + 1)))?;
        let by_label = line
            .label
            .map(|label| labels.get(&label).cloned().unwrap_or_else(|| vec![label]));
        let gold = Gold {
            level: line.care_level,
            specialties: line.specialties.or(by_label),
            findings: line.findings.as_ref().map(findings),
            card: None,
        };
        cases.push(Case {
            question: line.question,
            gold,
        });
    }
    Ok(cases)
}

/// Findings as labelled: `["id"]`, `{"id": "present"}`, or `[{"id": …, "status": …}]`.
fn findings(labelled: &Value) -> BTreeMap<String, bool> {
    let there = |status: Option<&Value>| match status {
        Some(Value::Bool(there)) => *there,
        Some(Value::String(word)) => word != "absent",
        _ => true,
    };
    match labelled {
        Value::Array(list) => list
            .iter()
            .filter_map(|one| match one {
                Value::String(id) => Some((id.clone(), true)),
                Value::Object(entry) => entry
                    .get("id")
                    .and_then(Value::as_str)
                    .map(|id| (id.to_owned(), there(entry.get("status")))),
                _ => None,
            })
            .collect(),
        Value::Object(entries) => entries
            .iter()
            .map(|(id, status)| (id.clone(), there(Some(status))))
            .collect(),
        _ => BTreeMap::new(),
    }
}

#[derive(Deserialize)]
struct Vignettes {
    #[serde(default)]
    vignette: Vec<Vignette>,
}

#[derive(Deserialize)]
struct Vignette {
    #[serde(flatten)]
    question: Question,
    care_level: Level,
    specialties: Vec<String>,
    #[serde(default)]
    card: Option<bool>,
}

fn vignettes(text: &str) -> Outcome<Vec<Case>> {
    let file: Vignettes = toml::from_str(text).map_err(Failure::of("not a file of vignettes"))?;
    let case = |one: Vignette| Case {
        question: one.question,
        gold: Gold {
            level: Some(one.care_level),
            specialties: Some(one.specialties),
            findings: None,
            card: one.card,
        },
    };
    Ok(file.vignette.into_iter().map(case).collect())
}

/// A case of which only the text is known, named by its file and line.
fn bare(path: &Path, number: usize, text: &str, gold: Gold) -> Case {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    Case {
        question: Question {
            id: format!("{stem}_{number}"),
            lang: None,
            text: text.to_owned(),
            age: None,
            sex: None,
        },
        gold,
    }
}

/// Labelled utterances: findings, a tab, the text; `!` stands before what is denied, `-` for no finding.
fn readings(text: &str, path: &Path) -> Outcome<Vec<Case>> {
    let mut cases = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let Some((labels, words)) = line.split_once('\t') else {
            return Err(Failure::new(format!("line {number} has no tab")));
        };
        let findings = labels
            .split(',')
            .map(str::trim)
            .filter(|id| !id.is_empty() && *id != "-")
            .map(|id| match id.strip_prefix('!') {
                Some(denied) => (denied.to_owned(), false),
                None => (id.to_owned(), true),
            })
            .collect();
        let gold = Gold {
            findings: Some(findings),
            ..Gold::default()
        };
        cases.push(bare(path, number, words, gold));
    }
    Ok(cases)
}

/// Ordinary sentences, one a line: no card may show.
fn ordinary(text: &str, path: &Path) -> Vec<Case> {
    let gold = Gold {
        card: Some(false),
        ..Gold::default()
    };
    (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| bare(path, number, line, gold.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_mapped_and_a_missing_gold_stays_missing() {
        let labels = BTreeMap::from([("Heart".to_owned(), vec!["cardiology".to_owned()])]);
        let cases = lines("{\"id\":\"a\",\"lang\":\"en\",\"text\":\"x\",\"age\":null,\"sex\":null,\"label\":\"Heart\"}\n", &labels).unwrap();
        assert_eq!(
            cases[0].gold,
            Gold {
                specialties: Some(vec!["cardiology".to_owned()]),
                ..Gold::default()
            }
        );
    }

    #[test]
    fn findings_are_read_in_each_form() {
        let expected = BTreeMap::from([("a".to_owned(), true), ("b".to_owned(), false)]);
        assert_eq!(
            findings(&serde_json::json!({"a": "present", "b": "absent"})),
            expected
        );
        assert_eq!(
            findings(&serde_json::json!([{"id": "a"}, {"id": "b", "status": "absent"}])),
            expected
        );
        assert_eq!(
            findings(&serde_json::json!(["a"])),
            BTreeMap::from([("a".to_owned(), true)])
        );
    }

    #[test]
    fn a_vignette_is_a_case() {
        let cases = vignettes("[file]\ntopic = \"heart\"\n[[vignette]]\nid = \"h\"\nlang = \"en\"\ntext = \"t\"\nage = 58\ncare_level = \"emergency\"\nspecialties = [\"cardiology\"]\n").unwrap();
        assert_eq!(cases[0].question.age, Some(58.0));
        assert_eq!(cases[0].gold.level, Some(Level::Emergency));
    }
}
