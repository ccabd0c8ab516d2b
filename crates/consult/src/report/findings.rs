//! The chief complaint, and a line for every finding that was said, denied or asked.

use std::collections::BTreeMap;

use super::{Change, Line, LineStatus, Log, Quote, bare, words};
use crate::Text;
use crate::facts::Facts;
use crate::interview::{Plan, Section};
use crate::knowledge::FindingKind;
use crate::state::{Source, Status};

/// Words of the patient's own in a chief complaint, at most.
const WORDS: usize = 20;

/// The chief complaint: what the patient came with and for how long, else their own words, cut.
pub(super) fn chief(log: &Log<'_>, plan: &Plan<'_>) -> Text {
    let knowledge = log.knowledge;
    let facts = Facts::new(&knowledge.vocabulary, &log.state);
    let mut named: Vec<u16> = plan.leading.into_iter().collect();
    let also = log
        .state
        .order
        .iter()
        .filter_map(|id| knowledge.vocabulary.index_of(id));
    for finding in also {
        let told = log.state.is_present(facts.id_of(finding));
        // What only describes a complaint ("worse on effort") is none.
        let complained = knowledge
            .complaints
            .iter()
            .any(|one| one.entry.contains(&finding));
        if named.len() < 2 && told && complained && !related(log, &named, finding) {
            named.push(finding);
        }
    }
    let texts: Vec<Text> = named
        .iter()
        .map(|finding| knowledge.findings[usize::from(*finding)].name.clone())
        .collect();
    let what = match (texts.as_slice(), plan.complaint) {
        ([], Some(complaint)) if log.state.complaints.contains(&complaint.id) => {
            complaint.name.clone()
        }
        ([], _) => return own(log),
        ([one], _) => one.clone(),
        (many, _) => Text::new(
            words::joined(many).get("zh"),
            &many
                .iter()
                .map(|name| name.get("en"))
                .collect::<Vec<_>>()
                .join(" and "),
        ),
    };
    let english = words::capital(what.get("en"));
    match named.iter().find_map(|finding| facts.hours(*finding)) {
        Some(hours) => {
            let duration = words::duration(hours);
            Text::new(
                &format!("{}{}", what.get("zh"), duration.get("zh")),
                &format!("{english} for {}", duration.get("en")),
            )
        }
        None => Text::new(what.get("zh"), &english),
    }
}

/// Whether one of two findings follows from the other: then the special one says both.
fn related(log: &Log<'_>, named: &[u16], finding: u16) -> bool {
    let findings = &log.knowledge.vocabulary.findings;
    named.iter().any(|one| {
        *one == finding
            || findings[usize::from(*one)].implies.contains(&finding)
            || findings[usize::from(finding)].implies.contains(one)
    })
}

fn own(log: &Log<'_>) -> Text {
    let first = log
        .heard
        .iter()
        .find_map(|(_, _, text)| *text)
        .unwrap_or_default();
    let latin = first.split_whitespace().count() > 1;
    let cut: String = if latin {
        first
            .split_whitespace()
            .take(WORDS)
            .collect::<Vec<_>>()
            .join(" ")
    } else {
        first.chars().take(WORDS).collect()
    };
    words::quoted(&cut)
}

/// What was said of one finding over the session.
#[derive(Default)]
struct Course {
    present: Vec<u64>,
    absent: Vec<u64>,
    unknown: Vec<u64>,
    quotes: Vec<Quote>,
    question: Option<String>,
}

/// A line for every finding that was said, denied, or asked and not known. What is only suspected is in no report.
pub(super) fn lines(log: &Log<'_>, plan: &Plan<'_>) -> Vec<Line> {
    let knowledge = log.knowledge;
    let mut courses: BTreeMap<&str, Course> = BTreeMap::new();
    for (seq, heard, _) in &log.heard {
        for finding in &heard.findings {
            let course = courses.entry(finding.id.as_str()).or_default();
            if heard.correction {
                *course = Course::default();
            }
            match finding.status {
                Status::Present => course.present.push(*seq),
                Status::Absent => course.absent.push(*seq),
                Status::Unknown => course.unknown.push(*seq),
                Status::Suspected => continue,
            }
            if let Some(words) = finding
                .words
                .as_ref()
                .filter(|_| finding.status != Status::Unknown)
            {
                course.quotes.push(Quote {
                    seq: *seq,
                    words: words.clone(),
                });
            }
            if finding.source == Source::Answer && !heard.correction {
                course.question.clone_from(&heard.question);
            }
        }
    }
    let known = log.state.findings.iter().filter_map(|(id, known)| {
        let index = knowledge.vocabulary.index_of(id)?;
        let texts = &knowledge.findings[usize::from(index)];
        let course = courses.remove(id.as_str())?;
        (!texts.part).then_some((id, known, index, texts, course))
    });
    let mut lines = Vec::new();
    for (id, known, index, texts, course) in known {
        let (status, cites) = match known.status {
            Status::Present => (LineStatus::Present, course.present),
            Status::Absent => (LineStatus::Denied, course.absent.clone()),
            Status::Unknown => (LineStatus::Unknown, course.unknown),
            Status::Suspected => continue,
        };
        // Said and denied, not set right since: both are shown.
        let contradicts = status == LineStatus::Present && !course.absent.is_empty();
        let mut cites = cites;
        if contradicts {
            cites.extend(course.absent);
        }
        cites.sort_unstable();
        cites.dedup();
        if cites.is_empty() {
            continue;
        }
        let kind = knowledge.vocabulary.findings[usize::from(index)].kind;
        let asked_alone = course
            .question
            .filter(|question| question.starts_with("duration:"));
        lines.push(Line {
            text: words::finding(&texts.name, status, known.details),
            quotes: course.quotes,
            contradicts,
            change: Some(asked_alone.map_or_else(|| Change::Finding(id.clone()), Change::Question)),
            ..bare(format!("finding:{id}"), section(kind), status, cites)
        });
    }
    // The complaint picked from the list and not said in words.
    if let Some(complaint) = plan
        .complaint
        .filter(|one| log.state.complaints.contains(&one.id))
    {
        let picked = log
            .heard
            .iter()
            .find(|(_, heard, _)| heard.complaints.contains(&complaint.id));
        lines.extend(picked.map(|(seq, ..)| Line {
            text: words::labelled(
                &Text::new("从列表选择", "Picked from the list"),
                &complaint.name,
            ),
            ..bare(
                format!("complaint:{}", complaint.id),
                Section::PresentIllness,
                LineStatus::Present,
                vec![*seq],
            )
        }));
    }
    lines
}

fn section(kind: FindingKind) -> Section {
    match kind {
        FindingKind::Background => Section::PastHistory,
        FindingKind::Reason => Section::Wishes,
        _ => Section::PresentIllness,
    }
}
