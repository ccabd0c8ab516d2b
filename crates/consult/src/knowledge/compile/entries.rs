//! Single entries of the files, linked.

use std::collections::BTreeMap;

use super::Problem;
use super::link::Ids;
use super::source::{Complaint, Condition, Finding, In, Likelihood, Rule, Sources};
use crate::Text;
use crate::expression::Expression;
use crate::gate;
use crate::knowledge;
use crate::profile::AgeRange;

pub(super) fn groups(sources: &Sources) -> BTreeMap<&str, u16> {
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

pub(super) fn likelihood(sources: &Sources, word: Likelihood) -> f32 {
    sources
        .likelihoods
        .as_ref()
        .and_then(|all| all.likelihood.get(&word))
        .copied()
        .unwrap_or(0.1)
}

pub(super) fn finding_texts(
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
        part: finding.part,
    }
}

pub(super) fn named_texts(name: Text) -> knowledge::Finding {
    knowledge::Finding {
        label: name.clone(),
        name,
        ask: None,
        why: None,
        group: 0,
        leak: 0.004,
        asks: Vec::new(),
        private: false,
        part: false,
    }
}

pub(super) fn aliases(sources: &Sources, ids: &Ids) -> Vec<(String, u16)> {
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

pub(super) fn expression<T>(
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

pub(super) fn rule(
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

pub(super) fn complaint(
    ids: &Ids,
    one: &In<Complaint>,
    by_index: &BTreeMap<u16, &In<Finding>>,
    problems: &mut Vec<Problem>,
) -> knowledge::Complaint {
    let source = &one.value;
    let danger = ids.all(one, &source.id, &source.danger, problems);
    let ask = ids.all(one, &source.id, &source.ask, problems);
    for finding in &danger {
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

pub(super) fn condition(
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
    let named = ids.finding(&super::link::named_id(&source.id));
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

pub(super) fn years(range: Option<[u32; 2]>) -> AgeRange {
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
pub(super) fn months(years: f64) -> u32 {
    (years * 12.0).clamp(0.0, 1440.0).round() as u32
}
