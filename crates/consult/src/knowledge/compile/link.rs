//! From sources to values: ids become indices, terms become numbers, words become weights.

use std::collections::BTreeMap;

use super::gate::gate_of;
use super::source::{Complaint, Condition, Finding, In, Likelihood, Rule, Sources};
use super::terms::{Numbers, Slot, slots};
use super::{Problem, marks};
use crate::Text;
use crate::expression::Expression;
use crate::gate::{self, Gate, RuleLevel};
use crate::knowledge::{
    self, FindingKind, Knowledge, Mark, MarkTerm, Term, Vocabulary, VocabularyFinding,
};
use crate::profile::AgeRange;

/// Most tokens: above stand sets and gaps.
const MOST_TOKENS: usize = Vocabulary::SETS as usize;

/// A term on its way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Opened {
    pub(super) slots: Vec<Slot>,
    pub(super) language: &'static str,
    pub(super) finding: u16,
}

/// Where ids lead.
struct Ids {
    findings: BTreeMap<String, u16>,
    specialties: BTreeMap<String, u16>,
}

impl Ids {
    fn finding(&self, id: &str) -> Option<u16> {
        self.findings.get(id).copied()
    }

    fn all<T>(
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

    fn codes<T>(
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
fn named_id(condition: &str) -> String {
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
    let mut opened: Vec<Opened> = Vec::new();
    for one in &sources.findings {
        let Some(finding) = ids.finding(&one.value.id) else {
            continue;
        };
        for (language, term) in one.value.terms.all() {
            opened.extend(open_term(
                one,
                &one.value.id,
                language,
                term,
                finding,
                &fold,
                problems,
            ));
        }
    }
    collisions(&opened, &by_index, notes);
    for one in &named {
        let Some(finding) = ids.finding(&named_id(&one.value.id)) else {
            continue;
        };
        for (language, term) in one.value.terms.all() {
            opened.extend(open_term(
                one,
                &one.value.id,
                language,
                term,
                finding,
                &fold,
                problems,
            ));
        }
    }
    opened.sort();
    opened.dedup();
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
            let name = named
                .iter()
                .find(|one| named_id(&one.value.id) == *id)
                .map(|one| one.value.name.clone())
                .unwrap_or_default();
            findings.push(VocabularyFinding {
                id: (*id).to_owned(),
                kind: FindingKind::Background,
                implies: Vec::new(),
                when: None,
            });
            texts.push(named_texts(name));
        }
    }
    let aliases = aliases(sources, &ids);
    let vocabulary = vocabulary(fold, &opened, &marks, people, findings, aliases, problems)?;

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
    let gate = gate_of(&knowledge.vocabulary, gate_rules);
    Some((knowledge, gate))
}

fn open_term<T>(
    one: &In<T>,
    entry: &str,
    language: &'static str,
    term: &str,
    finding: u16,
    fold: &[(char, char)],
    problems: &mut Vec<Problem>,
) -> Vec<Opened> {
    match slots(term, fold) {
        Ok(opened) => opened
            .into_iter()
            .map(|slots| Opened {
                slots,
                language,
                finding,
            })
            .collect(),
        Err(message) => {
            problems.push(one.problem(entry, message));
            Vec::new()
        }
    }
}

/// One term under two findings says two things at once, unless one implies the other: both are heard, and a reviewer is told.
fn collisions(opened: &[Opened], by_index: &BTreeMap<u16, &In<Finding>>, notes: &mut Vec<Problem>) {
    let mut first: BTreeMap<Vec<&str>, u16> = BTreeMap::new();
    let mut told: Vec<(u16, u16)> = Vec::new();
    for one in opened {
        for written in written(&one.slots) {
            let before = *first.entry(written.clone()).or_insert(one.finding);
            let (Some(mine), Some(other)) = (by_index.get(&one.finding), by_index.get(&before))
            else {
                continue;
            };
            let implied = mine.value.implies.contains(&other.value.id)
                || other.value.implies.contains(&mine.value.id);
            if before != one.finding && !implied && !told.contains(&(before, one.finding)) {
                told.push((before, one.finding));
                let term = written.join(" ");
                notes.push(mine.problem(
                    &mine.value.id,
                    format!(
                        "its term \"{term}\" also stands under \"{}\" in {}",
                        other.value.id, other.file
                    ),
                ));
            }
        }
    }
}

/// Every way a term can be written, as tokens with ".." for gaps; at most some thousands, which is plenty for a comparison.
fn written(slots: &[Slot]) -> Vec<Vec<&str>> {
    let mut ways: Vec<Vec<&str>> = vec![Vec::new()];
    for slot in slots {
        let choices: Vec<Vec<&str>> = match slot {
            Slot::Gap => vec![vec![".."]],
            Slot::Token(token) => vec![vec![token]],
            Slot::Set(set) => set
                .iter()
                .map(|one| one.iter().map(String::as_str).collect())
                .collect(),
        };
        ways = ways
            .iter()
            .flat_map(|way| {
                choices
                    .iter()
                    .map(move |choice| [way.as_slice(), choice.as_slice()].concat())
            })
            .take(4000)
            .collect();
    }
    ways
}

fn groups(sources: &Sources) -> BTreeMap<&str, u16> {
    let mut groups: Vec<&str> = sources
        .findings
        .iter()
        .map(|one| one.value.group.as_str())
        .filter(|group| !group.is_empty())
        .collect();
    groups.sort_unstable();
    groups.dedup();
    groups.into_iter().zip(1_u16..).collect()
}

fn likelihood(sources: &Sources, word: Likelihood) -> f32 {
    sources
        .likelihoods
        .as_ref()
        .and_then(|all| all.likelihood.get(&word))
        .copied()
        .unwrap_or(0.1)
}

fn finding_texts(
    sources: &Sources,
    one: &In<Finding>,
    groups: &BTreeMap<&str, u16>,
) -> knowledge::Finding {
    let finding = &one.value;
    // Somebody without a reason for it mentions it less often than somebody with one.
    let leak = likelihood(sources, finding.frequency.unwrap_or(Likelihood::Seldom)) * 0.4;
    knowledge::Finding {
        name: finding.name.clone(),
        label: finding
            .label
            .clone()
            .unwrap_or_else(|| finding.name.clone()),
        ask: finding.ask.clone(),
        why: finding.why.clone(),
        group: groups.get(finding.group.as_str()).copied().unwrap_or(0),
        leak,
        asks: finding.asks.clone(),
        private: finding.private,
    }
}

fn named_texts(name: Text) -> knowledge::Finding {
    knowledge::Finding {
        label: name.clone(),
        name,
        ask: None,
        why: None,
        group: 0,
        leak: 0.004,
        asks: Vec::new(),
        private: false,
    }
}

fn aliases(sources: &Sources, ids: &Ids) -> Vec<(String, u16)> {
    let mut aliases: Vec<(String, u16)> = sources
        .findings
        .iter()
        .flat_map(|one| {
            one.value.aliases.iter().filter_map(|alias| {
                ids.finding(&one.value.id)
                    .map(|index| (alias.clone(), index))
            })
        })
        .collect();
    aliases.sort();
    aliases
}

fn vocabulary(
    fold: Vec<(char, char)>,
    opened: &[Opened],
    marks: &[(Mark, Vec<Slot>, &'static str)],
    people: Vec<knowledge::Person>,
    findings: Vec<VocabularyFinding>,
    aliases: Vec<(String, u16)>,
    problems: &mut Vec<Problem>,
) -> Option<Vocabulary> {
    let mut numbers = Numbers::new(
        opened
            .iter()
            .map(|one| &one.slots)
            .chain(marks.iter().map(|(_, slots, _)| slots)),
    );
    let mut terms: Vec<Term> = opened
        .iter()
        .map(|one| Term {
            finding: one.finding,
            slots: numbers.number(&one.slots, one.language),
        })
        .collect();
    terms.sort_by(|one, other| {
        one.slots
            .cmp(&other.slots)
            .then(one.finding.cmp(&other.finding))
    });
    terms.dedup();
    let marks: Vec<MarkTerm> = marks
        .iter()
        .map(|(mark, slots, language)| MarkTerm {
            mark: *mark,
            slots: numbers.number(slots, language),
        })
        .collect();
    let (tokens, sets) = numbers.into_parts();
    if tokens.len() > MOST_TOKENS || sets.len() > 20_000 || terms.len() > usize::from(u16::MAX) {
        problems.push(Problem { file: "findings/".to_owned(), entry: String::new(), message: format!("there are {} different words, {} sets and {} terms; {MOST_TOKENS}, 20000 and 65535 fit", tokens.len(), sets.len(), terms.len()) });
        return None;
    }
    Some(Vocabulary {
        fold,
        tokens,
        findings,
        aliases,
        sets,
        terms,
        marks,
        people,
        ..Vocabulary::default()
    })
}

fn expression<T>(
    ids: &Ids,
    one: &In<T>,
    entry: &str,
    text: &str,
    problems: &mut Vec<Problem>,
) -> Option<Expression> {
    crate::expression::parse(text, &|id| ids.finding(id))
        .map_err(|message| problems.push(one.problem(entry, message)))
        .ok()
}

fn rule(
    ids: &Ids,
    one: &In<Rule>,
    by_index: &BTreeMap<u16, &In<Finding>>,
    problems: &mut Vec<Problem>,
) -> Option<gate::Rule> {
    let source = &one.value;
    let when = expression(ids, one, &source.id, &source.when, problems)?;
    when.visit_findings(&mut |finding| {
        let Some(found) = by_index.get(&finding) else {
            return;
        };
        let spoken = !found.value.terms.zh.is_empty() && !found.value.terms.en.is_empty();
        if !spoken && found.value.ask.is_none() && found.value.when.is_none() {
            problems.push(one.problem(
                &source.id,
                format!(
                    "can never fire through \"{}\", which is neither said nor asked",
                    found.value.id
                ),
            ));
        }
    });
    Some(gate::Rule {
        id: source.id.clone(),
        level: source.level,
        when,
        title: source.title.clone(),
        words: source.words.clone(),
    })
}

fn complaint(
    ids: &Ids,
    one: &In<Complaint>,
    by_index: &BTreeMap<u16, &In<Finding>>,
    problems: &mut Vec<Problem>,
) -> knowledge::Complaint {
    let source = &one.value;
    let danger = ids.all(one, &source.id, &source.danger, problems);
    let ask = ids.all(one, &source.id, &source.ask, problems);
    for finding in danger.iter().chain(&ask) {
        if let Some(found) = by_index.get(finding)
            && found.value.ask.is_none()
        {
            problems.push(one.problem(
                &source.id,
                format!(
                    "asks for \"{}\", which has no question (ask)",
                    found.value.id
                ),
            ));
        }
    }
    knowledge::Complaint {
        id: source.id.clone(),
        name: source.name.clone(),
        common: source.common,
        body: source.body.clone(),
        age: years(source.age),
        sex: source.sex,
        entry: ids.all(one, &source.id, &source.entry, problems),
        danger,
        ask,
        specialties: ids.codes(one, &source.id, &source.specialties, problems),
        level: source.level,
        until_then: source.until_then.clone(),
        come_back_if: source.come_back_if.clone(),
    }
}

fn condition(
    sources: &Sources,
    ids: &Ids,
    one: &In<Condition>,
    problems: &mut Vec<Problem>,
) -> knowledge::Condition {
    let source = &one.value;
    let mut findings: BTreeMap<u16, f32> = BTreeMap::new();
    for (word, names) in &source.findings {
        for finding in ids.all(one, &source.id, names, problems) {
            if findings
                .insert(finding, likelihood(sources, *word))
                .is_some()
            {
                problems.push(one.problem(
                    &source.id,
                    format!("names \"{}\" under two words", names.join(", ")),
                ));
            }
        }
    }
    let named = ids.finding(&named_id(&source.id));
    knowledge::Condition {
        id: source.id.clone(),
        name: source.name.clone(),
        named,
        prior: sources
            .likelihoods
            .as_ref()
            .and_then(|all| all.commonness.get(&source.common))
            .copied()
            .unwrap_or(0.01),
        age: source.age.map_or(AgeRange::ANY, |[from, to]| AgeRange {
            from: months(from),
            to: months(to).saturating_add(11).min(AgeRange::ANY.to),
        }),
        sex: source.sex,
        level: source.level,
        specialties: ids.codes(one, &source.id, &source.specialties, problems),
        findings: findings.into_iter().collect(),
    }
}

fn years(range: Option<[u32; 2]>) -> AgeRange {
    range.map_or(AgeRange::ANY, |[from, to]| AgeRange {
        from: from * 12,
        to: (to * 12 + 11).min(AgeRange::ANY.to),
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=1440 before the cast"
)]
fn months(years: f64) -> u32 {
    (years * 12.0).clamp(0.0, 1440.0).round() as u32
}
