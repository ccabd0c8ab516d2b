//! From sources to values: ids become indices, terms become numbers, words become weights.

use std::collections::BTreeMap;

use super::entries::{
    aliases, complaint, condition, expression, finding_texts, groups, named_texts, rule, years,
};
use super::gate::gate_of;
use super::source::{Condition, Finding, In, Sources, Words};
use super::words::{NamedSets, WrittenTerm, by_language, collisions, without_spare};
use super::{Problem, interviews, marks, source};
use crate::assess::CareLevel;
use crate::gate::{Alarm, Gate, Rule, RuleLevel};
use crate::interview::Interviews;
use crate::knowledge::{self, FindingKind, Knowledge, Vocabulary, VocabularyFinding};
use crate::read::statistical::Statistical;

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

/// The files with their ids looked up.
struct Linker<'a> {
    sources: &'a Sources,
    ids: Ids,
    /// Ids of all findings, sorted, those of named conditions included.
    sorted: Vec<String>,
    /// Conditions people name.
    named: Vec<&'a In<Condition>>,
    by_index: BTreeMap<u16, &'a In<Finding>>,
}

impl<'a> Linker<'a> {
    fn new(sources: &'a Sources) -> Self {
        let named: Vec<&In<Condition>> = sources
            .conditions
            .iter()
            .filter(|one| one.value.terms.all().next().is_some())
            .collect();
        let own = sources.findings.iter().map(|one| one.value.id.clone());
        let mut sorted: Vec<String> = own
            .chain(named.iter().map(|one| named_id(&one.value.id)))
            .collect();
        sorted.sort_unstable();
        let codes = sources
            .specialties
            .iter()
            .map(|one| one.value.code.as_str());
        let ids = Ids {
            findings: indices(sorted.iter().map(String::as_str)),
            specialties: indices(codes),
        };
        let by_index = sources
            .findings
            .iter()
            .filter_map(|one| ids.finding(&one.value.id).map(|index| (index, one)))
            .collect();
        Self {
            sources,
            ids,
            sorted,
            named,
            by_index,
        }
    }

    /// The terms of all findings and named conditions, without the spare ones.
    fn terms(
        &self,
        fold: &[(char, char)],
        sets: &NamedSets,
        problems: &mut Vec<Problem>,
        notes: &mut Vec<Problem>,
    ) -> Vec<WrittenTerm> {
        let mut terms: Vec<WrittenTerm> = Vec::new();
        for one in &self.sources.findings {
            let id = &one.value.id;
            if let Some(finding) = self.ids.finding(id) {
                terms.extend(read_terms(
                    one,
                    id,
                    finding,
                    &one.value.terms,
                    (fold, sets),
                    problems,
                ));
            }
        }
        note_collisions(&terms, &self.by_index, notes);
        for one in &self.named {
            let id = &one.value.id;
            if let Some(finding) = self.ids.finding(&named_id(id)) {
                terms.extend(read_terms(
                    one,
                    id,
                    finding,
                    &one.value.terms,
                    (fold, sets),
                    problems,
                ));
            }
        }
        without_spare(terms)
    }

    /// Findings for the vocabulary, and their texts by the same index.
    fn findings(
        &self,
        problems: &mut Vec<Problem>,
    ) -> (Vec<VocabularyFinding>, Vec<knowledge::Finding>) {
        let mut findings: Vec<VocabularyFinding> = Vec::new();
        let mut texts: Vec<knowledge::Finding> = Vec::new();
        let groups = groups(self.sources);
        for (id, index) in self.sorted.iter().zip(0_u16..) {
            let (kind, implies, when) = if let Some(one) = self.by_index.get(&index) {
                texts.push(finding_texts(self.sources, one, &groups));
                let when = one.value.when.as_ref();
                (
                    one.value.kind,
                    self.ids.all(one, id, &one.value.implies, problems),
                    when.and_then(|when| expression(&self.ids, one, id, when, problems)),
                )
            } else if let Some(one) = self.named.iter().find(|one| named_id(&one.value.id) == *id) {
                texts.push(named_texts(one.value.name.clone()));
                let implies = &one.value.implies;
                // An emergency is over once it is past; other illnesses stay with people.
                let kind = if one.value.level == CareLevel::Emergency {
                    FindingKind::Event
                } else {
                    FindingKind::Background
                };
                (
                    kind,
                    self.ids.all(one, &one.value.id, implies, problems),
                    None,
                )
            } else {
                continue;
            };
            findings.push(VocabularyFinding {
                id: id.clone(),
                kind,
                implies,
                when,
            });
        }
        (findings, texts)
    }

    /// The gate's rules, most serious first, and those that ask for a visit today.
    fn rules(&self, problems: &mut Vec<Problem>) -> (Vec<Rule>, Vec<Rule>) {
        let all = self.sources.rules.iter();
        let (urgent, mut gate): (Vec<Rule>, Vec<Rule>) = all
            .filter_map(|one| rule(&self.ids, one, &self.by_index, problems))
            .partition(|rule| rule.level == RuleLevel::Urgent);
        gate.sort_by(|one, other| {
            let by_level = other.level.cmp(&one.level);
            by_level.then_with(|| one.id.cmp(&other.id))
        });
        (gate, urgent)
    }
}

pub(super) fn link(
    sources: &Sources,
    problems: &mut Vec<Problem>,
    notes: &mut Vec<Problem>,
) -> Option<(Knowledge, Gate, Interviews)> {
    let linker = Linker::new(sources);
    let ids = &linker.ids;
    let reading = sources.reading.as_ref()?;
    let fold = marks::fold(reading, problems);
    let sets = reading.named_sets();
    let terms = linker.terms(&fold, &sets, problems, notes);
    let (marks, people) = marks::marks(reading, &fold, |id| ids.finding(id), problems);
    let (findings, texts) = linker.findings(problems);
    let (gate_rules, urgent_rules) = linker.rules(problems);
    let vocabulary = Vocabulary {
        fold,
        aliases: aliases(sources, ids),
        people,
        kinds: marks.kinds.clone(),
        words: by_language(
            findings.len(),
            terms.iter(),
            &marks.words,
            marks.kinds.len(),
            &sets,
        ),
        findings,
        ..Vocabulary::default()
    }
    .prepared();

    let complaints: Vec<knowledge::Complaint> = sources
        .complaints
        .iter()
        .map(|one| complaint(ids, one, &linker.by_index, problems))
        .collect();
    let fallback = complaints
        .iter()
        .position(|one| one.id == "unwell")
        .and_then(|place| u16::try_from(place).ok())?;
    let conditions = sources
        .conditions
        .iter()
        .map(|one| condition(sources, ids, one, problems))
        .collect();
    let specialties = sources
        .specialties
        .iter()
        .map(|one| specialty(ids, one, problems))
        .collect();
    let levels = sources.levels.as_ref()?;
    let knowledge = Knowledge {
        hash: String::new(),
        gate: Gate::default(),
        interviews: Interviews::default(),
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
        statistical: Statistical::default(),
        vocabulary,
    };
    let statistical = sources.statistical.linked(&knowledge);
    let knowledge = Knowledge {
        statistical: statistical.unwrap_or_else(|message| {
            problems.push(Problem {
                file: source::STATISTICAL.to_owned(),
                entry: String::new(),
                message,
            });
            Statistical::default()
        }),
        ..knowledge
    };
    let alarm = Alarm {
        title: knowledge.sentence("alarm_title"),
        words: knowledge.sentence("alarm_words"),
        ..sources.statistical.alarm(knowledge.losses)
    };
    let gate = Gate {
        alarm,
        ..gate_of(&knowledge.vocabulary, gate_rules, &terms, &marks, &sets)
    };
    let interviews = interviews::link(sources, ids, problems);
    Some((knowledge, gate, interviews))
}

fn specialty(
    ids: &Ids,
    one: &In<source::Specialty>,
    problems: &mut Vec<Problem>,
) -> knowledge::Specialty {
    knowledge::Specialty {
        code: one.value.code.clone(),
        name: one.value.name.clone(),
        nearest: ids.codes(one, &one.value.code, &one.value.nearest, problems),
        age: years(one.value.age),
        sex: one.value.sex,
        sees_children: one.value.sees_children,
    }
}

fn read_terms<T>(
    one: &In<T>,
    entry: &str,
    finding: u16,
    words: &Words,
    (fold, sets): (&[(char, char)], &NamedSets),
    problems: &mut Vec<Problem>,
) -> Vec<WrittenTerm> {
    words
        .all()
        .filter_map(|(language, text)| {
            WrittenTerm::read(finding, language, text, fold, sets)
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
