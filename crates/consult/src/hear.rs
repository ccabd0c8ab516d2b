//! `hear`: one input into what it adds. The same in server and browser.

use crate::ask::SIGNS_PREFIX;
use crate::expression::Measure;
use crate::facts::{AGE, PREGNANT, SEX};
use crate::interview::{Given, MEASURE, Scope, hear_item, is_item};
use crate::knowledge::Vocabulary;
use crate::profile::{AgeRange, Profile, Sex, Subject};
use crate::read::{read, yes_or_no};
use crate::state::{Details, FindingHeard, Heard, Source, State, Status};

/// The question that takes complaints from the list at any time.
pub const COMPLAINT: &str = "complaint";

/// One patient input, already checked at the edge.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Who it is for, age, sex; pregnancy if told.
    Profile {
        /// As told.
        profile: Profile,
        /// As told.
        pregnant: Option<bool>,
    },
    /// Free text.
    Text(String),
    /// Free text instead of the control of the question that is open.
    Answer {
        /// The question.
        question: String,
        /// Ids of all choices it offered.
        offered: Vec<String>,
        /// The text.
        text: String,
    },
    /// Tapped answers.
    Choice {
        /// The question answered.
        question: String,
        /// Ids of all choices it offered.
        offered: Vec<String>,
        /// Ids tapped.
        choices: Vec<String>,
    },
    /// A number.
    Values {
        /// The question answered.
        question: String,
        /// The number.
        value: f64,
        /// Unit of a duration or an age.
        unit: Option<String>,
    },
    /// The history is to be taken down for the doctor.
    Interview,
    /// A question is to be answered again.
    Change {
        /// The question.
        question: String,
    },
    /// A finding set right on the check page.
    Correct {
        /// Id of the finding.
        finding: String,
        /// What is true of it.
        status: Status,
    },
    /// A line of the report struck out, or put back.
    Strike {
        /// Id of the line.
        line: String,
        /// Struck out, or put back.
        struck: bool,
    },
    /// A question passed over.
    Skip {
        /// The question.
        question: String,
        /// Ids of all choices it offered.
        offered: Vec<String>,
    },
    /// Takes the last input back.
    Back,
    /// The card is not right; corrected words, if any.
    NotRight {
        /// The words.
        text: Option<String>,
    },
}

impl Input {
    /// The free text in it.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Answer { text, .. } | Self::NotRight { text: Some(text) } => {
                Some(text)
            }
            _ => None,
        }
    }

    /// Whether its words are of the patient and of now: an answer about the past, the family or a worry has its sense from the
    /// question, and sounds like no emergency by itself.
    #[must_use]
    pub fn speaks_of_now(&self) -> bool {
        let Self::Answer { question, .. } = self else {
            return true;
        };
        Scope::of_question(question).is_none_or(|(scope, _)| scope == Scope::Now)
    }
}

/// Hears one input.
#[must_use]
pub fn hear(vocabulary: &Vocabulary, state: &State, input: &Input) -> Heard {
    match input {
        Input::Profile { profile, pregnant } => {
            let pregnant = pregnant.map(|yes| finding(PREGNANT, status(yes), Source::Form));
            Heard {
                profile: *profile,
                findings: pregnant.into_iter().collect(),
                ..Heard::default()
            }
        }
        Input::Text(text) => hear_text(vocabulary, state, text),
        Input::Answer {
            question,
            offered,
            text,
        } => hear_answer(vocabulary, state, question, offered, text),
        Input::Choice {
            question,
            offered,
            choices,
        } => hear_item(
            vocabulary,
            state,
            question,
            offered,
            Given::Choices(choices),
        )
        .unwrap_or_else(|| hear_choice(question, offered, choices)),
        Input::Values {
            question,
            value,
            unit,
        } => {
            let given = Given::Number(*value, unit.as_deref());
            hear_item(vocabulary, state, question, &[], given)
                .unwrap_or_else(|| hear_value(question, *value, unit.as_deref()))
        }
        Input::Interview => Heard {
            interview: true,
            ..Heard::default()
        },
        Input::Change { question } => Heard {
            reopened: Some(question.clone()),
            ..Heard::default()
        },
        Input::Correct {
            finding: id,
            status,
        } => Heard {
            findings: vec![finding(id, *status, Source::Answer)],
            correction: true,
            ..Heard::default()
        },
        Input::Strike { line, struck } => Heard {
            struck: Some((line.clone(), *struck)),
            ..Heard::default()
        },
        Input::Skip { question, offered } if is_item(question) => {
            hear_item(vocabulary, state, question, offered, Given::Skip).unwrap_or_default()
        }
        Input::Skip { question, offered } => Heard {
            findings: unknown(question, offered),
            question: Some(question.clone()),
            open: true,
            ..Heard::default()
        },
        Input::Back => Heard {
            back: true,
            ..Heard::default()
        },
        Input::NotRight { text } => {
            let mut heard = text
                .as_deref()
                .map(|text| hear_text(vocabulary, state, text))
                .unwrap_or_default();
            heard.not_right = true;
            heard.nothing = false;
            heard
        }
    }
}

fn hear_text(vocabulary: &Vocabulary, state: &State, text: &str) -> Heard {
    let reading = read(vocabulary, text);
    let mut profile = reading.profile;
    // What the patient told about themselves in the form is not overturned by a word in passing.
    if state.profile.subject.is_some() {
        profile.subject = None;
    }
    if state.profile.sex.is_some() {
        profile.sex = None;
    }
    if state.profile.age.is_some_and(AgeRange::is_known) {
        profile.age = None;
    }
    let nothing = reading.findings.is_empty() && reading.measures.is_empty();
    Heard {
        findings: reading.findings,
        profile,
        measures: reading.measures,
        nothing,
        ..Heard::default()
    }
}

/// Words instead of a tap: a bare yes or no is the tap; otherwise what was said counts, and what was asked and not spoken of
/// stays open.
fn hear_answer(
    vocabulary: &Vocabulary,
    state: &State,
    question: &str,
    offered: &[String],
    text: &str,
) -> Heard {
    if let Some(heard) = hear_item(vocabulary, state, question, offered, Given::Text(text)) {
        return heard;
    }
    let offers = |id: &str| offered.iter().any(|choice| choice == id);
    if let Some(yes) = yes_or_no(vocabulary, text) {
        let choice = if yes {
            "yes"
        } else if offers("none") {
            "none"
        } else {
            "no"
        };
        if offers(choice) {
            return hear_choice(question, offered, &[choice.to_owned()]);
        }
    }
    let mut heard = hear_text(vocabulary, state, text);
    let told_age = question == AGE && heard.profile.age.is_some();
    let told_sex = question == SEX && heard.profile.sex.is_some();
    heard.nothing &= !(told_age || told_sex);
    heard.question = Some(question.to_owned());
    heard.open = !(told_age || told_sex);
    for one in unknown(question, offered) {
        if !heard.findings.iter().any(|known| known.id == one.id) {
            heard.findings.push(one);
        }
    }
    heard
}

fn unknown(question: &str, offered: &[String]) -> Vec<FindingHeard> {
    asked_findings(question, offered)
        .into_iter()
        .map(|id| finding(id, Status::Unknown, Source::Answer))
        .collect()
}

fn hear_choice(question: &str, offered: &[String], choices: &[String]) -> Heard {
    let mut heard = Heard {
        question: Some(question.to_owned()),
        ..Heard::default()
    };
    let chose = |id: &str| choices.iter().any(|choice| choice == id);
    match question {
        COMPLAINT => {
            heard.complaints = choices
                .iter()
                .filter(|id| !matches!(id.as_str(), "unknown" | "none"))
                .cloned()
                .collect();
            heard.nothing = heard.complaints.is_empty();
            return heard;
        }
        SEX => {
            heard.profile.sex = if chose("female") {
                Some(Sex::Female)
            } else {
                chose("male").then_some(Sex::Male)
            };
            heard.open = heard.profile.sex.is_none();
            return heard;
        }
        "subject" => {
            heard.profile.subject = choices.iter().find_map(|choice| match choice.as_str() {
                "me" => Some(Subject::Me),
                "child" => Some(Subject::Child),
                "other" => Some(Subject::Other),
                _ => None,
            });
            return heard;
        }
        _ => {}
    }
    heard.open = chose("unknown");
    if chose("yes") || chose("no") {
        let id = question.strip_prefix(SIGNS_PREFIX).unwrap_or(question);
        heard.findings = vec![finding(id, status(chose("yes")), Source::Answer)];
        return heard;
    }
    let none = chose("none");
    heard.findings = asked_findings(question, offered)
        .into_iter()
        .map(|id| {
            let status = if chose(id) {
                Status::Present
            } else if none {
                Status::Absent
            } else {
                // Left unticked beside ticked ones: said neither yes nor no.
                Status::Unknown
            };
            finding(id, status, Source::Answer)
        })
        .collect();
    heard
}

fn hear_value(question: &str, value: f64, unit: Option<&str>) -> Heard {
    let mut heard = Heard {
        question: Some(question.to_owned()),
        ..Heard::default()
    };
    if question == AGE {
        let months = match unit {
            Some("months") => value,
            Some("weeks") => value * 7.0 / 30.44,
            Some("days") => value / 30.44,
            _ => value * 12.0,
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to 0..=1440 before the cast"
        )]
        let months = months.clamp(0.0, 1440.0).floor() as u32;
        heard.profile.age = Some(AgeRange::exactly(months));
        return heard;
    }
    if let Some(measure) = question.strip_prefix(MEASURE).and_then(Measure::of_name)
        && measure.is_plausible(value)
    {
        heard.measures.insert(measure, value);
        return heard;
    }
    if question == "temperature" && Measure::Temperature.is_plausible(value) {
        heard.measures.insert(Measure::Temperature, value);
        return heard;
    }
    if let Some(id) = question.strip_prefix("duration:") {
        let hours = match unit {
            Some("minutes") => value / 60.0,
            Some("hours") => value,
            Some("weeks") => value * 168.0,
            Some("months") => value * 730.0,
            Some("years") => value * 8766.0,
            _ => value * 24.0,
        };
        let details = Details {
            hours: Some(hours),
            ..Details::default()
        };
        heard.findings = vec![FindingHeard {
            details,
            ..finding(id, Status::Present, Source::Answer)
        }];
    } else if let Some(id) = question.strip_prefix("severity:") {
        heard
            .measures
            .insert(Measure::Severity, value.clamp(0.0, 10.0));
        let details = Details {
            severe: value >= 7.0,
            ..Details::default()
        };
        heard.findings = vec![FindingHeard {
            details,
            ..finding(id, Status::Present, Source::Answer)
        }];
    }
    heard
}

/// The findings a question is about: its choices, or itself. Questions of the profile and of details have none.
fn asked_findings<'a>(question: &'a str, offered: &'a [String]) -> Vec<&'a str> {
    if matches!(question, AGE | SEX | COMPLAINT | "subject")
        || question.contains(':') && offered.is_empty()
    {
        return Vec::new();
    }
    if offered.iter().any(|id| id == "yes") {
        return vec![question.strip_prefix(SIGNS_PREFIX).unwrap_or(question)];
    }
    offered
        .iter()
        .map(String::as_str)
        .filter(|id| !matches!(*id, "none" | "unknown"))
        .collect()
}

fn finding(id: &str, status: Status, source: Source) -> FindingHeard {
    FindingHeard {
        id: id.to_owned(),
        status,
        source,
        words: None,
        span: None,
        details: Details::default(),
    }
}

fn status(yes: bool) -> Status {
    if yes { Status::Present } else { Status::Absent }
}
