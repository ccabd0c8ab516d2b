//! The pre-consultation report: folded from what was heard, each line citing the inputs it rests on. Nothing unsaid.
//!
//! Four states: present, denied, does not know, not asked. Both languages come from the same state; the patient's own words stay
//! in the language they were said in.

mod findings;
mod items;
pub mod polish;
mod words;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::assess::assess;
use crate::interview::{Plan, Section, as_unwell};
use crate::knowledge::Knowledge;
use crate::profile::Profile;
use crate::state::{Heard, State};

pub use words::duration;

/// What of a session the report is folded from.
#[derive(Debug, Clone)]
pub enum Logged<'a> {
    /// An input, with its own text if it had one.
    Heard(&'a Heard, Option<&'a str>),
    /// Something the patient was told: an emergency card, a crisis card, where to go.
    Told(Told),
}

/// One entry of the log, in order.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// Sequence of the event of the patient's that a line cites.
    pub seq: u64,
    /// What it is.
    pub logged: Logged<'a>,
}

/// Something the patient was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What kind of thing.
    pub kind: ToldKind,
    /// Its title: of the card, or of the care level.
    pub title: Text,
    /// What it said.
    pub words: Text,
}

/// What kind of thing the patient was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToldKind {
    /// The emergency card.
    Alert,
    /// The crisis card.
    Crisis,
    /// Where to go and how soon.
    Guidance,
}

/// What is known of a line's matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineStatus {
    /// It is so.
    Present,
    /// It was asked and denied, or denied unasked.
    Denied,
    /// Asked, and the patient does not know or left it open.
    Unknown,
    /// Not asked.
    NotAsked,
}

/// How the patient can set a line right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Answering this question again.
    Question(String),
    /// Saying of this finding whether it is there.
    Finding(String),
}

/// Words of the patient's and where they stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The input they were said in.
    pub seq: u64,
    /// The words, a piece of what was said.
    pub words: String,
}

/// One sentence of the report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Stable id within the report: a correction names it.
    pub id: String,
    /// Where it stands.
    pub section: Section,
    /// What is known of its matter.
    pub status: LineStatus,
    /// The sentence.
    pub text: Text,
    /// The patient's own words behind it; none where it was tapped.
    pub quotes: Vec<Quote>,
    /// The inputs it rests on. Empty only where something was not asked.
    pub cites: Vec<u64>,
    /// The number of a measurement, in the unit of its [`crate::expression::Measure`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The patient said both yes and no: shown, not resolved.
    pub contradicts: bool,
    /// How to set it right.
    pub change: Option<Change>,
    /// Struck out by the patient: not for the doctor.
    pub struck: bool,
    /// Name and version of the template with which a model put the sentence more smoothly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

/// The report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Chief complaint in the record's own form, at most 20 words.
    pub chief_complaint: Text,
    /// The patient, as far as told.
    pub profile: Profile,
    /// Lines in the order of the record.
    pub lines: Vec<Line>,
}

/// The log with what stands of it.
struct Log<'a> {
    knowledge: &'a Knowledge,
    state: State,
    /// Inputs that stand, each with the sequence it is cited by and its text.
    heard: Vec<(u64, &'a Heard, Option<&'a str>)>,
    /// What the patient was told, and whether it was called not right afterwards.
    told: Vec<(u64, &'a Told)>,
}

/// Folds a report.
#[must_use]
pub fn report(knowledge: &Knowledge, entries: &[Entry<'_>]) -> Report {
    let log = Log::of(knowledge, entries);
    let unwell = as_unwell(knowledge, &log.state);
    let asked = unwell.as_ref().unwrap_or(&log.state);
    let assessment = assess(knowledge, asked, &[]);
    let plan = Plan::of(knowledge, asked, &assessment);
    let chief = findings::chief(&log, &plan);
    let mut lines = log.own_words();
    lines.extend(findings::lines(&log, &plan));
    lines.extend(items::lines(&log, &plan));
    lines.extend(items::measures(&log));
    lines.extend(log.told_lines());
    for line in &mut lines {
        line.struck = log.state.struck.contains(&line.id);
    }
    // Sections in the order of the record; within one, what was found before what was denied, not known, not asked.
    lines.sort_by_key(|line| (line.section, line.status as u8));
    Report {
        chief_complaint: chief,
        profile: log.state.profile,
        lines,
    }
}

impl<'a> Log<'a> {
    fn of(knowledge: &'a Knowledge, entries: &'a [Entry<'a>]) -> Self {
        let inputs: Vec<(u64, &Heard, Option<&str>)> = entries
            .iter()
            .filter_map(|entry| match &entry.logged {
                Logged::Heard(heard, text) => Some((entry.seq, *heard, *text)),
                Logged::Told(_) => None,
            })
            .collect();
        let all: Vec<&Heard> = inputs.iter().map(|(_, heard, _)| *heard).collect();
        let heard: Vec<_> = State::standing(&all)
            .into_iter()
            .map(|place| inputs[place])
            .collect();
        let told = entries
            .iter()
            .filter_map(|entry| match &entry.logged {
                Logged::Told(told) => Some((entry.seq, told)),
                Logged::Heard(..) => None,
            })
            .collect();
        Self {
            knowledge,
            state: State::fold(heard.iter().map(|(_, heard, _)| *heard)),
            heard,
            told,
        }
    }

    /// What the patient wrote freely, as written. Answers to a question stand under the question.
    fn own_words(&self) -> Vec<Line> {
        self.heard
            .iter()
            .filter(|(_, heard, _)| heard.answers.is_empty() && !heard.inquiry)
            .filter_map(|(seq, _, text)| Some((*seq, text.filter(|text| !text.trim().is_empty())?)))
            .map(|(seq, text)| Line {
                quotes: vec![Quote {
                    seq,
                    words: text.to_owned(),
                }],
                text: words::own_words(text),
                ..bare(
                    format!("words:{seq}"),
                    Section::PresentIllness,
                    LineStatus::Present,
                    vec![seq],
                )
            })
            .collect()
    }

    fn told_lines(&self) -> Vec<Line> {
        let mut last: BTreeMap<u8, Line> = BTreeMap::new();
        let mut lines = Vec::new();
        for (seq, told) in &self.told {
            let line = Line {
                text: words::told(told),
                ..bare(
                    format!("told:{seq}"),
                    Section::Told,
                    LineStatus::Present,
                    vec![*seq],
                )
            };
            // Guidance is given again as more is said: the last counts. Every card that was shown was shown.
            if told.kind == ToldKind::Guidance {
                last.insert(0, line);
            } else {
                lines.push(line);
            }
        }
        lines.extend(last.into_values());
        let disputes = self.heard.iter().filter(|(_, heard, _)| heard.not_right);
        lines.extend(disputes.map(|(seq, ..)| Line {
            text: words::disputed(),
            ..bare(
                format!("disputed:{seq}"),
                Section::Told,
                LineStatus::Present,
                vec![*seq],
            )
        }));
        lines
    }
}

fn bare(id: String, section: Section, status: LineStatus, cites: Vec<u64>) -> Line {
    Line {
        id,
        section,
        status,
        text: Text::default(),
        quotes: Vec::new(),
        cites,
        value: None,
        contradicts: false,
        change: None,
        struck: false,
        template: None,
    }
}
