//! What can be said of the files without linking them: ids, translations, sources, sizes.

use std::collections::{BTreeMap, BTreeSet};

use super::Problem;
use super::source::{In, Sources};
use crate::Text;
use crate::gate::RuleLevel;
use crate::knowledge::FindingKind;

/// Languages every text must have.
const LANGUAGES: [&str; 2] = ["zh", "en"];

/// Sentences the code uses.
const SENTENCES: [&str; 28] = [
    "ask_accompanying",
    "this_trouble",
    "why_history",
    "alarm_reason",
    "alarm_title",
    "alarm_words",
    "ask_age",
    "ask_complaint",
    "ask_duration",
    "ask_pregnant",
    "ask_severity",
    "ask_sex",
    "ask_signs",
    "ask_temperature",
    "banner_stays",
    "nearest",
    "no_answer",
    "none_of_these",
    "photos_added",
    "confirm",
    "offer_list",
    "rephrase",
    "tie",
    "triage_desk",
    "unknown",
    "why_danger",
    "why_department",
    "why_profile",
];

/// Body parts of the body map.
const BODY: [&str; 18] = [
    "head", "eye", "ear", "nose", "mouth", "neck", "chest", "belly", "back", "groin", "arm",
    "hand", "leg", "foot", "skin", "genitals", "whole", "",
];

pub(super) fn check(sources: &Sources, problems: &mut Vec<Problem>) {
    let missing = |file: &str| Problem {
        file: file.to_owned(),
        entry: String::new(),
        message: "the file is missing or broken".to_owned(),
    };
    for (file, there) in [
        ("likelihoods.toml", sources.likelihoods.is_some()),
        ("losses.toml", sources.losses.is_some()),
        ("care_levels.toml", sources.levels.is_some()),
        ("reading.toml", sources.reading.is_some()),
    ] {
        if !there {
            problems.push(missing(file));
        }
    }
    for key in SENTENCES {
        match sources.sentences.get(key) {
            None => problems.push(Problem {
                file: "sentences.toml".to_owned(),
                entry: key.to_owned(),
                message: "the sentence is missing".to_owned(),
            }),
            Some(text) => problems.extend(untranslated(text).map(|message| Problem {
                file: "sentences.toml".to_owned(),
                entry: key.to_owned(),
                message,
            })),
        }
    }
    findings(sources, problems);
    rules(sources, problems);
    complaints(sources, problems);
    unique(
        "condition",
        sources
            .conditions
            .iter()
            .map(|one| (one, one.value.id.as_str())),
        problems,
    );
    for one in &sources.conditions {
        texts(one, &one.value.id, &[("name", &one.value.name)], problems);
        if one.value.findings.values().map(Vec::len).sum::<usize>() == 0 {
            problems.push(one.problem(
                &one.value.id,
                "names no finding, so it can never be thought of",
            ));
        }
        if one.value.source.trim().is_empty() {
            problems.push(one.problem(
                &one.value.id,
                "has no source; write the guideline or \"expert estimate\"",
            ));
        }
    }
    unique(
        "specialty",
        sources
            .specialties
            .iter()
            .map(|one| (one, one.value.code.as_str())),
        problems,
    );
}

fn findings(sources: &Sources, problems: &mut Vec<Problem>) {
    unique(
        "finding",
        sources
            .findings
            .iter()
            .map(|one| (one, one.value.id.as_str())),
        problems,
    );
    for one in &sources.findings {
        let finding = &one.value;
        texts(one, &finding.id, &[("name", &finding.name)], problems);
        for (what, text) in [
            ("label", &finding.label),
            ("ask", &finding.ask),
            ("why", &finding.why),
        ] {
            if let Some(text) = text {
                texts(one, &finding.id, &[(what, text)], problems);
            }
        }
        if !BODY.contains(&finding.body.as_str()) {
            problems.push(one.problem(
                &finding.id,
                format!("\"{}\" is no part of the body map", finding.body),
            ));
        }
        let reachable =
            finding.terms.all().next().is_some() || finding.ask.is_some() || finding.when.is_some();
        if !reachable {
            problems.push(one.problem(
                &finding.id,
                "has neither terms nor a question nor a condition: nobody can ever have it",
            ));
        }
        for (language, words) in [("zh", &finding.terms.zh), ("en", &finding.terms.en)] {
            let spoken =
                !matches!(finding.kind, FindingKind::Measurement) && finding.when.is_none();
            if words.is_empty() && spoken && finding.ask.is_none() {
                problems.push(one.problem(&finding.id, format!("has no terms in {language}")));
            }
        }
    }
}

fn rules(sources: &Sources, problems: &mut Vec<Problem>) {
    unique(
        "rule",
        sources.rules.iter().map(|one| (one, one.value.id.as_str())),
        problems,
    );
    for one in &sources.rules {
        let rule = &one.value;
        texts(
            one,
            &rule.id,
            &[("title", &rule.title), ("words", &rule.words)],
            problems,
        );
        if rule.source.trim().is_empty() {
            problems.push(one.problem(
                &rule.id,
                "has no source; write the guideline or \"expert estimate\"",
            ));
        }
        if rule.family.trim().is_empty() {
            problems.push(one.problem(&rule.id, "has no family"));
        }
        let long = rule
            .words
            .0
            .values()
            .any(|words| words.chars().count() > 320);
        if long && rule.level != RuleLevel::Urgent {
            problems.push(one.problem(
                &rule.id,
                "its words are too long for a card: three short sentences at most",
            ));
        }
    }
}

fn complaints(sources: &Sources, problems: &mut Vec<Problem>) {
    unique(
        "complaint",
        sources
            .complaints
            .iter()
            .map(|one| (one, one.value.id.as_str())),
        problems,
    );
    if !sources
        .complaints
        .iter()
        .any(|one| one.value.id == "unwell")
    {
        problems.push(Problem {
            file: "complaints/".to_owned(),
            entry: "unwell".to_owned(),
            message: "the complaint used when no other fits is missing".to_owned(),
        });
    }
    for one in &sources.complaints {
        let complaint = &one.value;
        texts(
            one,
            &complaint.id,
            &[
                ("name", &complaint.name),
                ("until_then", &complaint.until_then),
            ],
            problems,
        );
        for text in &complaint.come_back_if {
            texts(one, &complaint.id, &[("come_back_if", text)], problems);
        }
        if !(2..=5).contains(&complaint.come_back_if.len()) {
            problems.push(one.problem(&complaint.id, "needs two to five signs under come_back_if"));
        }
        if complaint.entry.is_empty() || complaint.specialties.is_empty() {
            problems.push(one.problem(
                &complaint.id,
                "needs at least one finding under entry and one specialty",
            ));
        }
        if !(1..=12).contains(&complaint.danger.len()) {
            problems.push(one.problem(&complaint.id, "needs one to twelve danger signs"));
        }
        if complaint.source.trim().is_empty() {
            problems.push(one.problem(
                &complaint.id,
                "has no source; write the guideline or \"expert estimate\"",
            ));
        }
        for part in &complaint.body {
            if !BODY.contains(&part.as_str()) {
                problems.push(one.problem(
                    &complaint.id,
                    format!("\"{part}\" is no part of the body map"),
                ));
            }
        }
    }
}

fn unique<'a, T: 'a>(
    what: &str,
    entries: impl Iterator<Item = (&'a In<T>, &'a str)>,
    problems: &mut Vec<Problem>,
) {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for (one, id) in entries {
        let good = !id.is_empty()
            && id
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !good {
            problems.push(one.problem(
                id,
                "an id is made of lower-case letters, digits and underscores",
            ));
        }
        if let Some(first) = seen.insert(id, &one.file) {
            problems.push(one.problem(id, format!("this {what} also stands in {first}")));
        }
    }
}

pub(super) fn texts<T>(
    one: &In<T>,
    entry: &str,
    texts: &[(&str, &Text)],
    problems: &mut Vec<Problem>,
) {
    for (what, text) in texts {
        problems.extend(
            untranslated(text).map(|message| one.problem(entry, format!("{what}: {message}"))),
        );
    }
}

fn untranslated(text: &Text) -> impl Iterator<Item = String> {
    let there: BTreeSet<&str> = text
        .0
        .iter()
        .filter(|(_, words)| !words.trim().is_empty())
        .map(|(language, _)| language.as_str())
        .collect();
    let unknown: Vec<String> = there
        .iter()
        .filter(|language| !LANGUAGES.contains(language))
        .map(|language| format!("\"{language}\" is no language of the knowledge"))
        .collect();
    let missing: Vec<String> = LANGUAGES
        .iter()
        .filter(|language| !there.contains(**language))
        .map(|language| format!("the {language} text is missing"))
        .collect();
    unknown.into_iter().chain(missing)
}
