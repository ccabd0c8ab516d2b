//! Answers to items: what was said, and what of it is a finding.

use serde::{Deserialize, Serialize};

use super::{HAS, HAS_NOT, Section};
use crate::knowledge::{FindingKind, Vocabulary};
use crate::read::{read, yes_or_no};
use crate::state::{Details, FindingHeard, Heard, Source, State, Status};

/// What an item was answered with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// In words.
    Words(String),
    /// Choices tapped, as offered.
    Choices(Vec<String>),
    /// A number, with the unit picked for a duration.
    Number(f64, Option<String>),
    /// A calendar day, `YYYY-MM-DD`.
    Date(String),
    /// "I don't know".
    Unknown,
}

/// One item answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// Id of the item.
    pub item: String,
    /// What was said.
    pub said: Said,
}

/// What the words of an answer speak of. It stands in the question's id, so that a page without the scripts reads them alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Of now: heard as any words are.
    Now,
    /// Of this patient's past: an illness of long standing counts, a symptom may be over.
    History,
    /// Of others, or of worries: nothing in it is the patient's own.
    Aside,
}

impl Scope {
    /// The scope of a section's answers.
    #[must_use]
    pub fn of(section: Section) -> Self {
        match section {
            Section::PastHistory
            | Section::Medicines
            | Section::Allergies
            | Section::Personal
            | Section::Vaccination => Self::History,
            Section::Family | Section::Wishes => Self::Aside,
            _ => Self::Now,
        }
    }

    /// What the ids of its questions begin with.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Now => "item:",
            Self::History => "history:",
            Self::Aside => "aside:",
        }
    }

    /// The scope and the item of a question, if it asks for one.
    #[must_use]
    pub fn of_question(question: &str) -> Option<(Self, &str)> {
        [Self::Now, Self::History, Self::Aside]
            .into_iter()
            .find_map(|scope| Some((scope, question.strip_prefix(scope.prefix())?)))
    }
}

/// Whether a question asks for an item.
pub(crate) fn is_item(question: &str) -> bool {
    Scope::of_question(question).is_some()
}

/// An answer to an item, as the hearing takes it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Given<'a> {
    Choices(&'a [String]),
    Number(f64, Option<&'a str>),
    Text(&'a str),
    Skip,
}

/// Hears an answer to an item. Nothing if the question asks for none.
pub(crate) fn hear_item(
    vocabulary: &Vocabulary,
    state: &State,
    question: &str,
    offered: &[String],
    given: Given<'_>,
) -> Option<Heard> {
    let (scope, item) = Scope::of_question(question)?;
    let mut heard = Heard {
        question: Some(question.to_owned()),
        ..Heard::default()
    };
    let said = match given {
        Given::Skip => {
            heard.open = true;
            return Some(heard);
        }
        Given::Choices(choices) => hear_choices(&mut heard, offered, choices),
        Given::Number(value, unit) => Said::Number(value, unit.map(str::to_owned)),
        Given::Text(text) => {
            let bare = yes_or_no(vocabulary, text).and_then(|yes| bare(offered, yes));
            match bare {
                Some(choice) => hear_choices(&mut heard, offered, &[choice]),
                None if is_day(text) => Said::Date(text.to_owned()),
                None => {
                    hear_words(&mut heard, vocabulary, state, scope, text);
                    Said::Words(text.to_owned())
                }
            }
        }
    };
    heard.answers = vec![Answered {
        item: item.to_owned(),
        said,
    }];
    Some(heard)
}

/// Whether a text is a day as a calendar field writes it, `YYYY-MM-DD`.
fn is_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// The choice that a bare yes or no means.
fn bare(offered: &[String], yes: bool) -> Option<String> {
    let wanted: &[&str] = if yes {
        &["yes", HAS]
    } else {
        &["no", "none", HAS_NOT]
    };
    let means = |choice: &&String| {
        wanted
            .iter()
            .any(|one| *choice == one || one.ends_with(':') && choice.starts_with(one))
    };
    let mut found = offered.iter().filter(means);
    let first = found.next()?;
    // Of several things that may be there a bare yes names none.
    found.next().is_none().then(|| first.clone())
}

fn hear_choices(heard: &mut Heard, offered: &[String], choices: &[String]) -> Said {
    let chose = |id: &str| choices.iter().any(|choice| choice == id);
    if chose("unknown") {
        heard.open = true;
        return Said::Unknown;
    }
    for choice in offered {
        let (finding, status) = if let Some(finding) = choice.strip_prefix(HAS) {
            let status = if chose(choice) {
                Status::Present
            } else if chose("none") {
                Status::Absent
            } else {
                // Left unticked beside ticked ones: said neither yes nor no.
                continue;
            };
            (finding, status)
        } else if let Some(finding) = choice.strip_prefix(HAS_NOT).filter(|_| chose(choice)) {
            (finding, Status::Absent)
        } else {
            continue;
        };
        heard.findings.push(FindingHeard {
            id: finding.to_owned(),
            status,
            source: Source::Answer,
            words: None,
            span: None,
            details: Details::default(),
        });
    }
    Said::Choices(choices.to_vec())
}

/// Words of now are heard as any. Of the past only what lasts is; of others and of worries nothing. What else is in them is
/// held as a suspicion: the gate asks if it would matter.
fn hear_words(heard: &mut Heard, vocabulary: &Vocabulary, state: &State, scope: Scope, text: &str) {
    let reading = read(vocabulary, text);
    heard.findings = reading.findings;
    if scope == Scope::Now {
        heard.measures = reading.measures;
        return;
    }
    heard.findings.retain_mut(|finding| {
        let kind = vocabulary
            .index_of(&finding.id)
            .map(|index| vocabulary.findings[usize::from(index)].kind);
        let lasts = matches!(kind, Some(FindingKind::Background | FindingKind::Reason));
        if lasts {
            return scope == Scope::History && kind == Some(FindingKind::Background);
        }
        // A denial of the past says nothing of now.
        let told = finding.status == Status::Present && !state.findings.contains_key(&finding.id);
        finding.status = Status::Suspected;
        told
    });
}
