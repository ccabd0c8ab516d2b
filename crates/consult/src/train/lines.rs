//! The lines of `knowledge/utterances/`: what people say, with what is right.

use std::collections::BTreeSet;

use crate::assess::CareLevel;
use crate::knowledge::Knowledge;

/// What an entry of the knowledge counts beside an utterance.
const WEIGHT_OF_ENTRY: f32 = 0.5;
/// What a line with a level counts for the specialties: half of them are emergencies, of which a hospital sees few.
const WEIGHT_OF_LEVELLED: f32 = 0.05;
/// Stands for findings nobody labelled: the line teaches none.
const NOT_LABELLED: &str = "?";

/// One line of `knowledge/utterances/`.
#[derive(Debug, Clone, PartialEq)]
pub struct Utterance {
    /// Specialty codes that are right, best first.
    pub specialties: Vec<String>,
    /// Findings it says; `None` if nobody labelled them.
    pub present: Option<Vec<String>>,
    /// How soon this person must be seen, if somebody labelled it.
    pub level: Option<CareLevel>,
    /// Its words.
    pub text: String,
    /// What it counts.
    pub weight: f32,
    /// Where it stands, for the report.
    pub file: String,
}

/// Reads a file: specialties (`-` for a line that says nothing), findings (`!` before what is denied, `-` for none, `?` if nobody
/// labelled them), the text and, if somebody labelled it, the care level, with tabs between.
///
/// # Errors
/// The line and what is wrong with it.
pub fn utterances(
    knowledge: &Knowledge,
    file: &str,
    text: &str,
) -> Result<Vec<Utterance>, Vec<String>> {
    let mut found = Vec::new();
    let mut problems = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.is_empty() || line.starts_with("# ") {
            continue;
        }
        let parts: Vec<&str> = line.split('\t').collect();
        let ([specialties, findings, words] | [specialties, findings, words, _]) = parts.as_slice()
        else {
            problems.push(format!(
                "{file}:{number}: has {} parts instead of three or four",
                parts.len()
            ));
            continue;
        };
        let level = parts.get(3).and_then(|word| {
            let level = level(word);
            if level.is_none() {
                problems.push(format!(
                    "{file}:{number}: the level is emergency, urgent, routine or self_care"
                ));
            }
            level
        });
        let split = |part: &str| -> Vec<String> {
            part.split(',')
                .map(|one| one.trim().to_owned())
                .filter(|one| !one.is_empty() && one != "-")
                .collect()
        };
        let is_labelled = *findings != NOT_LABELLED;
        let findings = if is_labelled {
            split(findings)
        } else {
            Vec::new()
        };
        let specialties = split(specialties);
        for code in &specialties {
            if knowledge.specialty(code).is_none() {
                problems.push(format!("{file}:{number}: \"{code}\" is no specialty"));
            }
        }
        for id in &findings {
            if knowledge
                .vocabulary
                .index_of(id.trim_start_matches('!'))
                .is_none()
            {
                problems.push(format!("{file}:{number}: \"{id}\" is no finding"));
            }
        }
        found.push(Utterance {
            specialties,
            present: is_labelled.then(|| {
                let present = findings.into_iter().filter(|id| !id.starts_with('!'));
                present.collect()
            }),
            level,
            text: (*words).to_owned(),
            weight: if level.is_some() {
                WEIGHT_OF_LEVELLED
            } else {
                1.0
            },
            file: file.to_owned(),
        });
    }
    if problems.is_empty() {
        Ok(found)
    } else {
        Err(problems)
    }
}

/// The names of conditions and what people call them, as utterances of little weight: somebody who names an illness is sent
/// where the knowledge says.
#[must_use]
pub fn entries(knowledge: &Knowledge) -> Vec<Utterance> {
    let code = |place: &u16| knowledge.specialties[usize::from(*place)].code.clone();
    let mut found = Vec::new();
    for condition in &knowledge.conditions {
        let specialties: Vec<String> = condition.specialties.iter().take(3).map(code).collect();
        let mut texts: BTreeSet<String> = condition.name.0.values().cloned().collect();
        for words in &knowledge.vocabulary.words {
            let terms = condition
                .named
                .and_then(|finding| words.terms.split('\n').nth(usize::from(finding)))
                .unwrap_or_default();
            texts.extend(
                terms
                    .split('|')
                    .filter(|term| !term.is_empty() && !term.contains(['{', '.']))
                    .map(str::to_owned),
            );
        }
        found.extend(texts.into_iter().map(|text| Utterance {
            specialties: specialties.clone(),
            present: None,
            level: None,
            text,
            weight: WEIGHT_OF_ENTRY,
            file: CONDITIONS.to_owned(),
        }));
    }
    found
}

/// What a bare term counts beside a line somebody wrote: it must not frighten by itself.
const WEIGHT_OF_TERM: f32 = 2.0;
/// File of the lines that [`entries`] makes.
const CONDITIONS: &str = "conditions";
/// File of the lines that [`terms`] makes.
const TERMS: &str = "terms";

/// The written terms of the findings, each as somebody who says nothing else: a bare complaint is for the rules and the danger
/// questions to judge, and no alarm.
#[must_use]
pub fn terms(knowledge: &Knowledge) -> Vec<Utterance> {
    let words = &knowledge.vocabulary.words;
    let mut texts: BTreeSet<&str> = words
        .iter()
        .flat_map(|words| words.terms.split(['\n', '|']))
        .filter(|term| !term.is_empty() && !term.contains(['{', '.', '@', '#']))
        .collect();
    for finding in &knowledge.findings {
        texts.extend(finding.label.0.values().map(String::as_str));
    }
    let line = |text: &str| Utterance {
        specialties: Vec::new(),
        present: None,
        level: None,
        text: text.to_owned(),
        weight: 1.0,
        file: TERMS.to_owned(),
    };
    texts.into_iter().map(line).collect()
}

impl Utterance {
    /// Whether somebody wrote it, rather than [`entries`] or [`terms`].
    #[must_use]
    pub fn is_written(&self) -> bool {
        self.file != CONDITIONS && self.file != TERMS
    }

    /// Whether it teaches how urgent words sound: the name of an illness says nothing of that.
    pub(super) fn has_sound(&self) -> bool {
        self.file != CONDITIONS
    }

    /// What it counts for the levels, beside a line somebody wrote.
    pub(super) fn weight_of_level(&self) -> f32 {
        if self.file == TERMS {
            WEIGHT_OF_TERM
        } else {
            1.0
        }
    }
}

/// The level of a word in the last column.
fn level(word: &str) -> Option<CareLevel> {
    match word {
        "emergency" => Some(CareLevel::Emergency),
        "urgent" => Some(CareLevel::Urgent),
        "routine" => Some(CareLevel::Routine),
        "self_care" => Some(CareLevel::SelfCare),
        _ => None,
    }
}
