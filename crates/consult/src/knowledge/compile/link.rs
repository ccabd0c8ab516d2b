//! From sources to values: ids become indices, terms become numbers, words become weights.

use std::collections::BTreeMap;

use super::entries::{
    aliases, complaint, condition, expression, finding_texts, groups, named_texts, rule, years,
};
use super::gate::gate_of;
use super::source::{Condition, Finding, In, Sources, Words};
use super::words::{WrittenTerm, by_language, collisions, without_spare};
use super::{Problem, marks};
use crate::gate::{Gate, RuleLevel};
use crate::knowledge::{self, FindingKind, Knowledge, Vocabulary, VocabularyFinding};

/// Where ids lead.
pub(super) struct Ids {
    pub(super) findings: BTreeMap<String, u16>,
    pub(super) specialties: BTreeMap<String, u16>,
}

impl Ids {
    pub(super) fn finding(&self, id: &str) -> Option<u16> {
        self.findings.get(id).copied()
    }

    pub(super) fn all<T>(
        &self,
        one: &In<T>,
        entry: &str,
        ids: &[String],
        problems: &mut Vec<Problem>,
    ) -> Vec<u16> {
        ids.iter()
            .filter_map(|id| known(self.finding(id), one, entry, id, "finding", problems))
            .collect()
    }

    pub(super) fn codes<T>(
        &self,
        one: &In<T>,
        entry: &str,
        codes: &[String],
        problems: &mut Vec<Problem>,
    ) -> Vec<u16> {
        codes
            .iter()
            .filter_map(|code| {
                known(
                    self.specialties.get(code).copied(),
                    one,
                    entry,
                    code,
                    "specialty",
                    problems,
                )
            })
            .collect()
    }
}

fn known<T>(
    found: Option<u16>,
    one: &In<T>,
    entry: &str,
    id: &str,
    what: &str,
    problems: &mut Vec<Problem>,
) -> Option<u16> {
    if found.is_none() {
        problems.push(one.problem(entry, format!("names \"{id}\", which is no {what}")));
    }
    found
}

/// Id of the finding "says they have this condition".
pub(super) fn named_id(condition: &str) -> String {
    format!("known_{condition}")
}

fn indices<'a>(ids: impl Iterator<Item = &'a str>) -> BTreeMap<String, u16> {
    ids.zip(0_u16..)
        .map(|(id, index)| (id.to_owned(), index))
        .collect()
}

pub(super) fn link(
    sources: &Sources,
    problems: &mut Vec<Problem>,
    notes: &mut Vec<Problem>,
) -> Option<(Knowledge, Gate)> {
    let named: Vec<&In<Condition>> = sources
        .conditions
        .iter()
        .filter(|one| one.value.terms.all().next().is_some())
        .collect();
    let named_ids: Vec<String> = named.iter().map(|one| named_id(&one.value.id)).collect();
    let mut sorted: Vec<&str> = sources
        .findings
        .iter()
        .map(|one| one.value.id.as_str())
        .chain(named_ids.iter().map(String::as_str))
        .collect();
    sorted.sort_unstable();
    let ids = Ids {
        findings: indices(sorted.iter().copied()),
        specialties: indices(
            sources
                .specialties
                .iter()
                .map(|one| one.value.code.as_str()),
        ),
    };
    let mut by_index: BTreeMap<u16, &In<Finding>> = BTreeMap::new();
    for one in &sources.findings {
        by_index.extend(ids.finding(&one.value.id).map(|index| (index, one)));
    }

    let reading = sources.reading.as_ref()?;
    let fold = marks::fold(reading, problems);
    let mut terms: Vec<WrittenTerm> = Vec::new();
    for one in &sources.findings {
        if let Some(finding) = ids.finding(&one.value.id) {
            let id = &one.value.id;
            terms.extend(read_terms(
                one,
                id,
                finding,
                &one.value.terms,
                &fold,
                problems,
            ));
        }
    }
    note_collisions(&terms, &by_index, notes);
    for one in &named {
        if let Some(finding) = ids.finding(&named_id(&one.value.id)) {
            let id = &one.value.id;
            terms.extend(read_terms(
                one,
                id,
                finding,
                &one.value.terms,
                &fold,
                problems,
            ));
        }
    }
    let terms = without_spare(terms);
    let (marks, people) = marks::marks(reading, &fold, problems);

    let mut findings: Vec<VocabularyFinding> = Vec::new();
    let mut texts: Vec<knowledge::Finding> = Vec::new();
    let groups = groups(sources);
    for id in &sorted {
        let index = ids.finding(id)?;
        if let Some(one) = by_index.get(&index) {
            findings.push(VocabularyFinding {
                id: (*id).to_owned(),
                kind: one.value.kind,
                implies: ids.all(one, id, &one.value.implies, problems),
                when: one
                    .value
                    .when
                    .as_ref()
                    .and_then(|when| expression(&ids, one, id, when, problems)),
            });
            texts.push(finding_texts(sources, one, &groups));
        } else {
            let Some(one) = named.iter().find(|one| named_id(&one.value.id) == *id) else {
                continue;
            };
            findings.push(VocabularyFinding {
                id: (*id).to_owned(),
                kind: FindingKind::Background,
                implies: ids.all(one, &one.value.id, &one.value.implies, problems),
                when: None,
            });
            let name = one.value.name.clone();
            texts.push(named_texts(name));
        }
    }
    let aliases = aliases(sources, &ids);
    let words = by_language(
        findings.len(),
        terms.iter(),
        &marks.words,
        marks.kinds.len(),
    );
    let vocabulary = Vocabulary {
        fold,
        findings,
        aliases,
        people,
        kinds: marks.kinds.clone(),
        words,
        ..Vocabulary::default()
    }
    .prepared();

    let mut gate_rules = Vec::new();
    let mut urgent_rules = Vec::new();
    for one in &sources.rules {
        let Some(rule) = rule(&ids, one, &by_index, problems) else {
            continue;
        };
        if rule.level == RuleLevel::Urgent {
            urgent_rules.push(rule);
        } else {
            gate_rules.push(rule);
        }
    }
    gate_rules.sort_by(|one, other| {
        other
            .level
            .cmp(&one.level)
            .then_with(|| one.id.cmp(&other.id))
    });

    let complaints: Vec<knowledge::Complaint> = sources
        .complaints
        .iter()
        .map(|one| complaint(&ids, one, &by_index, problems))
        .collect();
    let fallback = complaints
        .iter()
        .position(|one| one.id == "unwell")
        .and_then(|place| u16::try_from(place).ok())?;
    let conditions = sources
        .conditions
        .iter()
        .map(|one| condition(sources, &ids, one, problems))
        .collect();
    let specialties = sources
        .specialties
        .iter()
        .map(|one| knowledge::Specialty {
            code: one.value.code.clone(),
            name: one.value.name.clone(),
            nearest: ids.codes(one, &one.value.code, &one.value.nearest, problems),
            age: years(one.value.age),
            sex: one.value.sex,
        })
        .collect();
    let levels = sources.levels.as_ref()?;
    let knowledge = Knowledge {
        hash: String::new(),
        gate: Gate::default(),
        findings: texts,
        complaints,
        fallback_complaint: fallback,
        conditions,
        specialties,
        urgent_rules,
        losses: sources.losses?,
        levels: [
            levels.self_care.clone(),
            levels.routine.clone(),
            levels.urgent.clone(),
            levels.emergency.clone(),
        ],
        sentences: sources
            .sentences
            .iter()
            .map(|(key, text)| (key.clone(), text.clone()))
            .collect(),
        locales: sources.locales.clone(),
        vocabulary,
    };
    let gate = gate_of(&knowledge.vocabulary, gate_rules, &terms, &marks);
    Some((knowledge, gate))
}

fn read_terms<T>(
    one: &In<T>,
    entry: &str,
    finding: u16,
    words: &Words,
    fold: &[(char, char)],
    problems: &mut Vec<Problem>,
) -> Vec<WrittenTerm> {
    words
        .all()
        .filter_map(|(language, text)| {
            WrittenTerm::read(finding, language, text, fold)
                .map_err(|message| problems.push(one.problem(entry, message)))
                .ok()
        })
        .collect()
}

/// One term under two findings says two things at once, unless one implies the other: both are heard, and a reviewer is told.
fn note_collisions(
    terms: &[WrittenTerm],
    by_index: &BTreeMap<u16, &In<Finding>>,
    notes: &mut Vec<Problem>,
) {
    for (other, mine, term) in collisions(terms) {
        let (Some(mine), Some(other)) = (by_index.get(&mine), by_index.get(&other)) else {
            continue;
        };
        let implied = mine.value.implies.contains(&other.value.id)
            || other.value.implies.contains(&mine.value.id);
        if !implied {
            let message = format!(
                "its term \"{term}\" also stands under \"{}\" in {}",
                other.value.id, other.file
            );
            notes.push(mine.problem(&mine.value.id, message));
        }
    }
}
