//! Interview scripts: read, checked, linked.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Problem;
use super::check::texts;
use super::entries::expression;
use super::link::Ids;
use super::source::{Head, In, Sources};
use crate::Text;
use crate::expression::Measure;
use crate::interview::{self, ANYTHING_ELSE, Aspect, Interviews, ItemKind, Section};

/// Choices on one screen at most.
const CHOICES: usize = 12;
/// Ids the program gives a meaning of its own.
const RESERVED: [&str; 4] = ["yes", "no", "unknown", "skip"];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Choice {
    id: String,
    zh: String,
    en: String,
    #[serde(default)]
    denies: bool,
    finding: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Item {
    pub(super) id: String,
    section: Section,
    aspect: Option<Aspect>,
    kind: ItemKind,
    label: Text,
    ask: Text,
    why: Option<Text>,
    #[serde(default)]
    choices: Vec<Choice>,
    finding: Option<String>,
    measure: Option<Measure>,
    unit: Option<Text>,
    min: Option<f64>,
    max: Option<f64>,
    step: Option<f64>,
    when: Option<String>,
    unless: Option<String>,
    #[serde(default)]
    known_by: Vec<String>,
    #[serde(default)]
    private: bool,
    #[serde(default)]
    after_card: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Script {
    pub(super) id: String,
    #[serde(default)]
    complaints: Vec<String>,
    #[serde(default)]
    specialties: Vec<String>,
    #[serde(default)]
    always: bool,
    items: Vec<String>,
    #[serde(default)]
    accompanying: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InterviewFile {
    #[expect(dead_code, reason = "its presence is checked by reading it")]
    file: Head,
    #[serde(default)]
    pub(super) item: Vec<Item>,
    #[serde(default)]
    pub(super) script: Vec<Script>,
}

/// Checks items and scripts and gives them the places of what they name.
pub(super) fn link(sources: &Sources, ids: &Ids, problems: &mut Vec<Problem>) -> Interviews {
    let mut items: Vec<&In<Item>> = sources.items.iter().collect();
    items.sort_by(|one, other| one.value.id.cmp(&other.value.id));
    for pair in items.windows(2) {
        if pair[0].value.id == pair[1].value.id {
            let message = format!("this item also stands in {}", pair[0].file);
            problems.push(pair[1].problem(&pair[1].value.id, message));
        }
    }
    let places: BTreeMap<&str, u16> = items
        .iter()
        .map(|one| one.value.id.as_str())
        .zip(0..)
        .collect();
    if !places.contains_key(ANYTHING_ELSE) {
        problems.push(Problem {
            file: "interviews/".to_owned(),
            entry: ANYTHING_ELSE.to_owned(),
            message: "the item by which the patient adds something is missing".to_owned(),
        });
    }
    let linked = items.iter().map(|one| item(ids, one, problems)).collect();
    let scripts = sources
        .scripts
        .iter()
        .map(|one| script(sources, ids, &places, one, problems))
        .collect();
    covered(sources, problems);
    Interviews {
        hash: String::new(),
        items: linked,
        scripts,
    }
}

/// Every complaint has one script, and so has everybody.
fn covered(sources: &Sources, problems: &mut Vec<Problem>) {
    let whole = |message: String| Problem {
        file: "interviews/".to_owned(),
        entry: String::new(),
        message,
    };
    for complaint in &sources.complaints {
        let id = &complaint.value.id;
        let scripts = sources.scripts.iter();
        match scripts
            .filter(|one| one.value.complaints.contains(id))
            .count()
        {
            1 => {}
            0 => problems.push(whole(format!("the complaint \"{id}\" has no script"))),
            many => problems.push(whole(format!("the complaint \"{id}\" has {many} scripts"))),
        }
    }
    if sources
        .scripts
        .iter()
        .filter(|one| one.value.always)
        .count()
        != 1
    {
        problems.push(whole(
            "exactly one script is for everybody (always = true)".to_owned(),
        ));
    }
}

fn item(ids: &Ids, one: &In<Item>, problems: &mut Vec<Problem>) -> interview::Item {
    let source = &one.value;
    let id = &source.id;
    texts(
        one,
        id,
        &[("label", &source.label), ("ask", &source.ask)],
        problems,
    );
    for (what, text) in [("why", &source.why), ("unit", &source.unit)] {
        if let Some(text) = text {
            texts(one, id, &[(what, text)], problems);
        }
    }
    let mut wrong = |message: &str| problems.push(one.problem(id, message));
    let listed = matches!(source.kind, ItemKind::Single | ItemKind::Multiple);
    if listed && !(2..=CHOICES).contains(&source.choices.len()) {
        wrong("needs two to twelve choices");
    }
    if !listed && source.kind != ItemKind::Text && !source.choices.is_empty() {
        wrong("has choices, which its kind does not show");
    }
    if source.aspect.is_some() && source.section != Section::PresentIllness {
        wrong("has an aspect, which only the present illness has");
    }
    if source.finding.is_some() && source.kind != ItemKind::YesNo {
        wrong("names a finding for yes, and is not answered with yes or no");
    }
    let is_number = source.kind == ItemKind::Number;
    if source.measure.is_some() && !is_number {
        wrong("is a measurement, and not answered with a number");
    }
    if is_number && (source.unit.is_none() || source.min.is_none() || source.max.is_none()) {
        wrong("needs unit, min and max");
    }
    if source.choices.iter().filter(|choice| choice.denies).count() > 1 {
        wrong("has two choices that deny all");
    }
    let mut seen: Vec<&str> = Vec::new();
    for choice in &source.choices {
        if RESERVED.contains(&choice.id.as_str()) || seen.contains(&choice.id.as_str()) {
            wrong("has a choice whose id stands twice or means something of its own");
        }
        if choice.id == "none" && !choice.denies {
            wrong("has a choice \"none\" that does not deny");
        }
        seen.push(&choice.id);
    }
    let found = |id: &Option<String>, problems: &mut Vec<Problem>| {
        let named: Vec<String> = id.iter().cloned().collect();
        ids.all(one, &source.id, &named, problems).first().copied()
    };
    let choices = source
        .choices
        .iter()
        .map(|choice| interview::ItemChoice {
            id: choice.id.clone(),
            label: Text::new(&choice.zh, &choice.en),
            denies: choice.denies,
            finding: found(&choice.finding, problems),
        })
        .collect();
    interview::Item {
        id: id.clone(),
        section: source.section,
        aspect: source.aspect,
        kind: source.kind,
        label: source.label.clone(),
        ask: source.ask.clone(),
        why: source.why.clone(),
        choices,
        finding: found(&source.finding, problems),
        measure: source.measure,
        unit: source.unit.clone(),
        min: source.min,
        max: source.max,
        step: source.step,
        when: source
            .when
            .as_ref()
            .and_then(|when| expression(ids, one, id, when, problems)),
        unless: source
            .unless
            .as_ref()
            .and_then(|unless| expression(ids, one, id, unless, problems)),
        known_by: ids.all(one, id, &source.known_by, problems),
        private: source.private,
        after_card: source.after_card,
    }
}

fn script(
    sources: &Sources,
    ids: &Ids,
    places: &BTreeMap<&str, u16>,
    one: &In<Script>,
    problems: &mut Vec<Problem>,
) -> interview::Script {
    let source = &one.value;
    let complaints: BTreeMap<&str, u16> = sources
        .complaints
        .iter()
        .map(|complaint| complaint.value.id.as_str())
        .zip(0..)
        .collect();
    let mut indices = |names: &[String], places: &BTreeMap<&str, u16>, what: &str| -> Vec<u16> {
        let mut found = Vec::new();
        for name in names {
            match places.get(name.as_str()) {
                Some(place) => found.push(*place),
                None => problems
                    .push(one.problem(&source.id, format!("names \"{name}\", which is no {what}"))),
            }
        }
        found
    };
    let items = indices(&source.items, places, "item");
    let complaints = indices(&source.complaints, &complaints, "complaint");
    interview::Script {
        id: source.id.clone(),
        complaints,
        specialties: ids.codes(one, &source.id, &source.specialties, problems),
        always: source.always,
        items,
        accompanying: ids.all(one, &source.id, &source.accompanying, problems),
    }
}
