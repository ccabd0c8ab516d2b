//! The report held against the case and against what was said in the visit.

use consult::Input;
use consult::interview::Section;
use consult::knowledge::Knowledge;
use consult::report::{Line, LineStatus, Report};
use consult::state::{State, Status};

use super::cases::{Case, Fact};
use super::patient::Patient;
use super::{Visit, is_history};

/// What one report came to.
#[derive(Default)]
pub struct Checked {
    /// Facts of the case that a question of the visit or the first words were about.
    pub coverable: usize,
    /// Those in the report.
    pub covered: usize,
    /// Things told in the visit.
    pub told: usize,
    /// Those in the report.
    pub kept: usize,
    /// Lines that rest on nothing said.
    pub unsupported: usize,
    /// Lines whose status is not the patient's.
    pub wrong_status: usize,
    /// What was wrong, in words.
    pub problems: Vec<String>,
}

/// Checks a visit's report. A visit that an emergency ended has none.
pub fn check(knowledge: &Knowledge, case: &Case, visit: &Visit) -> Checked {
    let mut checked = Checked::default();
    let Some(report) = &visit.report else {
        return checked;
    };
    for fact in &case.facts {
        if !is_asked_for(knowledge, visit, fact) {
            continue;
        }
        checked.coverable += 1;
        if holds(knowledge, report, fact) {
            checked.covered += 1;
        } else {
            checked.problems.push(format!(
                "not in the report ({:?}): {}",
                fact.section, fact.text
            ));
        }
    }
    for (seq, heard, text) in &visit.entries {
        if let Some(text) = text {
            checked.told += 1;
            let kept = report.lines.iter().any(|line| {
                line.quotes
                    .iter()
                    .any(|quote| quote.seq == *seq && quote.words == *text)
            });
            checked.kept += usize::from(kept);
            if !kept {
                checked
                    .problems
                    .push(format!("told and not in the report: {text}"));
            }
        } else if heard.question.is_some() && !heard.open {
            let spoken: Vec<&str> = heard
                .findings
                .iter()
                .map(|finding| finding.id.as_str())
                .collect();
            let said =
                !heard.answers.is_empty() || !spoken.is_empty() || !heard.measures.is_empty();
            if !said {
                continue;
            }
            checked.told += 1;
            let kept = report.lines.iter().any(|line| line.cites.contains(seq));
            checked.kept += usize::from(kept);
            if !kept {
                checked.problems.push(format!(
                    "answered and not in the report: {:?}",
                    heard.question
                ));
            }
        }
    }
    let patient = Patient::new(knowledge, case);
    for line in &report.lines {
        if let Some(problem) = unsupported(visit, line) {
            checked.unsupported += 1;
            checked
                .problems
                .push(format!("{problem}: {}", line.text.get("en")));
        }
        let truth = line
            .id
            .strip_prefix("finding:")
            .and_then(|id| patient.truth.get(id));
        let wrong = match (line.status, truth) {
            (LineStatus::Present, Some(false)) | (LineStatus::Denied, Some(true)) => {
                !line.contradicts
            }
            _ => false,
        };
        if wrong {
            checked.wrong_status += 1;
            checked
                .problems
                .push(format!("wrong status: {}", line.text.get("en")));
        }
    }
    checked
}

/// Whether a fact is one the must-ask list of the visit reaches: its section was asked about, or it speaks of a finding that was.
fn is_asked_for(knowledge: &Knowledge, visit: &Visit, fact: &Fact) -> bool {
    let planned = |section: Section| {
        let report = visit.report.iter().flat_map(|report| &report.lines);
        report
            .filter(|line| line.id.starts_with("item:"))
            .any(|line| line.section == section)
    };
    if fact.section != Section::PresentIllness {
        return planned(fact.section);
    }
    if !fact.denied {
        return true;
    }
    let read = findings_of(knowledge, &fact.text);
    visit.asked.iter().any(|question| {
        question
            .choices
            .iter()
            .any(|choice| read.iter().any(|(id, _)| *id == choice.id))
            || read
                .iter()
                .any(|(id, _)| question.id == *id || question.id == format!("signs:{id}"))
    })
}

fn findings_of(knowledge: &Knowledge, text: &str) -> Vec<(String, Status)> {
    let input = Input::Text(text.to_owned());
    let heard = consult::hear(&knowledge.vocabulary, &State::default(), &input);
    heard
        .findings
        .into_iter()
        .map(|finding| (finding.id, finding.status))
        .collect()
}

/// Whether a fact is in the report: its sentence is quoted, or every finding in it stands there as the sentence says.
fn holds(knowledge: &Knowledge, report: &Report, fact: &Fact) -> bool {
    let quoted = report
        .lines
        .iter()
        .flat_map(|line| &line.quotes)
        .any(|quote| quote.words.contains(fact.text.trim()));
    if quoted {
        return true;
    }
    let read = findings_of(knowledge, &fact.text);
    let stands = |(id, status): &(String, Status)| {
        report.lines.iter().any(|line| {
            let same = line.id.strip_prefix("finding:") == Some(id);
            let as_said = match status {
                Status::Present => line.status == LineStatus::Present,
                Status::Absent => line.status == LineStatus::Denied,
                Status::Unknown | Status::Suspected => false,
            };
            same && as_said
        })
    };
    !read.is_empty() && read.iter().all(stands)
}

/// What is wrong with what a line rests on, if anything is.
fn unsupported(visit: &Visit, line: &Line) -> Option<String> {
    if line.status == LineStatus::NotAsked {
        return (!line.cites.is_empty()).then(|| "not asked, and cites".to_owned());
    }
    if !is_history(line.section) {
        return None;
    }
    if line.cites.is_empty() {
        return Some("cites nothing".to_owned());
    }
    let entry = |seq: u64| visit.entries.iter().find(|(one, ..)| *one == seq);
    for cite in &line.cites {
        if entry(*cite).is_none() {
            return Some(format!("cites {cite}, which is nothing"));
        }
    }
    for quote in &line.quotes {
        let text = entry(quote.seq).and_then(|(_, _, text)| text.as_deref());
        if !text.is_some_and(|text| text.contains(&quote.words)) {
            return Some(format!("quotes \"{}\", which was not said", quote.words));
        }
    }
    if line.quotes.is_empty() {
        // Tapped: one of the inputs cited must have said exactly this.
        let tapped = line
            .cites
            .iter()
            .filter_map(|seq| entry(*seq))
            .any(|(_, heard, _)| {
                let finding = line.id.strip_prefix("finding:");
                let item = line.id.strip_prefix("item:");
                heard
                    .findings
                    .iter()
                    .any(|one| Some(one.id.as_str()) == finding)
                    || heard
                        .answers
                        .iter()
                        .any(|one| Some(one.item.as_str()) == item)
                    || heard.question.is_some()
                        && (line.id.starts_with("measure:") || item.is_some())
                    || !heard.complaints.is_empty()
            });
        if !tapped {
            return Some("rests on an input that does not say it".to_owned());
        }
    }
    None
}
