//! The engine's decisions as they cross HTTP.

use consult::ask;
use consult::assess::CareLevel as Level;
use consult::gate::{Fired, RuleLevel};
use consult::guide::directory::Directory;
use consult::guide::{self, RankedDepartment, RankedDoctor};
use consult::knowledge::Knowledge;
use consult::profile::AgeRange;
use consult::state::{State, Status};
use wire::Localized;
use wire::event::{Alert, AlertLevel, Crisis};
use wire::guidance::{CareLevel, Guidance, Reason, SuggestedDepartment, SuggestedDoctor};
use wire::question::{Choice, Purpose, Question, QuestionKind};
use wire::session::{Profile, Sex, Subject};
use wire::turn::{Correction, Input};

use super::check::COMPLAINT;
use crate::directory::words::{clinic, fee, half_days, localized, opening_hours, said};

fn same(text: &str) -> Localized {
    Localized::new(text, text)
}

/// A tapped or typed input as it reads in the transcript.
#[must_use]
pub fn shown(knowledge: &Knowledge, question: Option<&Question>, input: &Input) -> Localized {
    let question_of = |id: &str| question.filter(|question| question.id == id);
    match input {
        Input::Text(text) => same(text),
        Input::Profile(profile) => shown_profile(profile),
        Input::Choice(chosen) => {
            let labels: Vec<Localized> = chosen
                .choices
                .iter()
                .map(|id| {
                    let offered = question_of(&chosen.question)
                        .and_then(|question| {
                            question.choices.iter().find(|choice| choice.id == *id)
                        })
                        .map(|choice| choice.label.clone());
                    let complaint = || {
                        (chosen.question == COMPLAINT)
                            .then(|| {
                                knowledge
                                    .complaints
                                    .iter()
                                    .find(|complaint| complaint.id == *id)
                            })
                            .flatten()
                            .map(|complaint| localized(&complaint.name))
                    };
                    offered.or_else(complaint).unwrap_or_else(|| same(id))
                })
                .collect();
            joined(&labels)
        }
        Input::Values(valued) => {
            let number = valued.value.to_string();
            let unit = question_of(&valued.question).and_then(|question| match &valued.unit {
                Some(unit) => question
                    .choices
                    .iter()
                    .find(|choice| choice.id == *unit)
                    .map(|choice| choice.label.clone()),
                None => question.unit.clone(),
            });
            unit.map_or_else(
                || same(&number),
                |unit| {
                    Localized(
                        unit.0
                            .iter()
                            .map(|(language, unit)| (language.clone(), format!("{number} {unit}")))
                            .collect(),
                    )
                },
            )
        }
        Input::Interview {} => {
            Localized::new("请把我的病情写给医生", "Take my history for the doctor")
        }
        Input::Change(_) => Localized::new("修改", "Change an answer"),
        Input::Correct(correction) => corrected(knowledge, correction),
        Input::Strike(_) => Localized::new("从报告里删去一行", "Strike out a line of the report"),
        Input::Restore(_) => {
            Localized::new("把删去的一行放回报告", "Put a line back into the report")
        }
        Input::Skip(_) => Localized::new("跳过", "Passed over"),
        Input::Back {} => Localized::new("返回上一步", "Back"),
        Input::NotRight(not_right) => match &not_right.text {
            Some(text) => same(text),
            None => Localized::new("这不对", "This is not right"),
        },
    }
}

fn corrected(knowledge: &Knowledge, correction: &Correction) -> Localized {
    let name = knowledge
        .vocabulary
        .index_of(&correction.finding)
        .map(|finding| localized(&knowledge.findings[usize::from(finding)].name))
        .unwrap_or_default();
    let (zh, en) = match correction.present {
        Some(true) => ("有", "yes"),
        Some(false) => ("没有", "no"),
        None => ("不知道", "I don't know"),
    };
    Localized::new(
        &format!("{}：{zh}", name.get("zh")),
        &format!("{}: {en}", name.get("en")),
    )
}

fn joined(labels: &[Localized]) -> Localized {
    let in_language = |language: &str, separator: &str| {
        labels
            .iter()
            .map(|label| label.get(language))
            .collect::<Vec<_>>()
            .join(separator)
    };
    Localized::new(&in_language("zh", "、"), &in_language("en", ", "))
}

fn shown_profile(profile: &Profile) -> Localized {
    let mut parts = Vec::new();
    match profile.subject {
        Some(Subject::Me) => parts.push(Localized::new("本人", "Me")),
        Some(Subject::Child) => parts.push(Localized::new("我的孩子", "My child")),
        Some(Subject::Other) => parts.push(Localized::new("其他人", "Someone else")),
        Some(Subject::Unknown) | None => {}
    }
    if let Some(months) = profile.age_months {
        parts.push(if months < 24 {
            Localized::new(&format!("{months}个月"), &format!("{months} months"))
        } else {
            Localized::new(
                &format!("{}岁", months / 12),
                &format!("{} years", months / 12),
            )
        });
    }
    match profile.sex {
        Some(Sex::Female) => parts.push(Localized::new("女", "Female")),
        Some(Sex::Male) => parts.push(Localized::new("男", "Male")),
        Some(Sex::Unknown) | None => {}
    }
    match profile.pregnant {
        Some(true) => parts.push(Localized::new("怀孕", "Pregnant")),
        Some(false) => parts.push(Localized::new("没有怀孕", "Not pregnant")),
        None => {}
    }
    if parts.is_empty() {
        Localized::new("未填写", "Not told")
    } else {
        joined(&parts)
    }
}

/// The profile as known, with the pregnancy.
#[must_use]
pub fn profile(state: &State) -> Profile {
    Profile {
        pregnant: state
            .findings
            .get("pregnant")
            .and_then(|known| match known.status {
                Status::Present => Some(true),
                Status::Absent => Some(false),
                Status::Unknown | Status::Suspected => None,
            }),
        ..profile_of(&state.profile)
    }
}

/// Age, sex and who it is for.
#[must_use]
pub fn profile_of(known: &consult::profile::Profile) -> Profile {
    Profile {
        subject: known.subject.map(|subject| match subject {
            consult::profile::Subject::Me => Subject::Me,
            consult::profile::Subject::Child => Subject::Child,
            consult::profile::Subject::Other => Subject::Other,
        }),
        age_months: known
            .age
            .filter(|age: &AgeRange| age.is_known())
            .map(|age| age.from),
        sex: known.sex.map(|sex| match sex {
            consult::profile::Sex::Female => Sex::Female,
            consult::profile::Sex::Male => Sex::Male,
        }),
        pregnant: None,
    }
}

/// An input as the engine takes it. `question` is the one that waits.
#[must_use]
pub fn heard_input(question: Option<&Question>, input: &Input) -> consult::Input {
    let offered = |id: &str| -> Vec<String> {
        question
            .filter(|question| question.id == id)
            .map(|question| {
                question
                    .choices
                    .iter()
                    .map(|choice| choice.id.clone())
                    .collect()
            })
            .unwrap_or_default()
    };
    match input {
        Input::Profile(told) => consult::Input::Profile {
            profile: consult::profile::Profile {
                subject: told.subject.and_then(|subject| match subject {
                    Subject::Me => Some(consult::profile::Subject::Me),
                    Subject::Child => Some(consult::profile::Subject::Child),
                    Subject::Other => Some(consult::profile::Subject::Other),
                    Subject::Unknown => None,
                }),
                age: told.age_months.map(AgeRange::exactly),
                sex: told.sex.and_then(|sex| match sex {
                    Sex::Female => Some(consult::profile::Sex::Female),
                    Sex::Male => Some(consult::profile::Sex::Male),
                    Sex::Unknown => None,
                }),
            },
            pregnant: told.pregnant,
        },
        Input::Text(text) => match question {
            Some(question) if question.id != COMPLAINT => consult::Input::Answer {
                question: question.id.clone(),
                offered: offered(&question.id),
                text: text.clone(),
            },
            _ => consult::Input::Text(text.clone()),
        },
        Input::Choice(chosen) => consult::Input::Choice {
            question: chosen.question.clone(),
            offered: offered(&chosen.question),
            choices: chosen.choices.clone(),
        },
        Input::Values(valued) => consult::Input::Values {
            question: valued.question.clone(),
            value: valued.value,
            unit: valued.unit.clone(),
        },
        Input::Interview {} => consult::Input::Interview,
        Input::Change(question) => consult::Input::Change {
            question: question.clone(),
        },
        Input::Correct(correction) => consult::Input::Correct {
            finding: correction.finding.clone(),
            status: correction.present.map_or(Status::Unknown, |present| {
                if present {
                    Status::Present
                } else {
                    Status::Absent
                }
            }),
        },
        Input::Strike(line) | Input::Restore(line) => consult::Input::Strike {
            line: line.clone(),
            struck: matches!(input, Input::Strike(_)),
        },
        Input::Skip(skipped) => consult::Input::Skip {
            question: skipped.question.clone(),
            offered: offered(&skipped.question),
        },
        Input::Back {} => consult::Input::Back,
        Input::NotRight(not_right) => consult::Input::NotRight {
            text: not_right.text.clone(),
        },
    }
}

/// A question as shown.
#[must_use]
pub fn question(asked: &ask::Question) -> Question {
    Question {
        id: asked.id.clone(),
        text: localized(&asked.text),
        why: localized(&asked.why),
        kind: match asked.kind {
            ask::QuestionKind::YesNo => QuestionKind::YesNo,
            ask::QuestionKind::Single => QuestionKind::Single,
            ask::QuestionKind::Multiple => QuestionKind::Multiple,
            ask::QuestionKind::Number => QuestionKind::Number,
            ask::QuestionKind::Duration => QuestionKind::Duration,
            ask::QuestionKind::Scale => QuestionKind::Scale,
            ask::QuestionKind::BodyPart => QuestionKind::BodyPart,
            ask::QuestionKind::Date => QuestionKind::Date,
            ask::QuestionKind::Text => QuestionKind::Text,
            ask::QuestionKind::Photo => QuestionKind::Photo,
        },
        purpose: match asked.purpose {
            ask::Purpose::Danger => Purpose::Danger,
            ask::Purpose::Department => Purpose::Department,
            ask::Purpose::Profile => Purpose::Profile,
            ask::Purpose::Complaint => Purpose::Complaint,
            ask::Purpose::History => Purpose::History,
        },
        choices: asked
            .choices
            .iter()
            .map(|choice| Choice {
                id: choice.id.clone(),
                label: localized(&choice.label),
                exclusive: choice.exclusive,
            })
            .collect(),
        unit: said(&asked.unit),
        min: asked.min,
        max: asked.max,
        step: asked.step,
        remaining: asked.remaining,
        private: asked.private,
    }
}

fn reason(reason: &guide::Reason) -> Reason {
    Reason {
        finding: localized(&reason.finding),
        words: reason.words.clone(),
    }
}

/// The emergency card: the words of the most serious rule, the findings behind all of them.
#[must_use]
pub fn alert(knowledge: &Knowledge, state: &State, fired: &[Fired]) -> Alert {
    let first = fired.first();
    Alert {
        rules: fired.iter().map(|rule| rule.id.clone()).collect(),
        level: if fired.iter().any(|rule| rule.level == RuleLevel::CallNow) {
            AlertLevel::CallNow
        } else {
            AlertLevel::GoNow
        },
        title: first.map(|rule| localized(&rule.title)).unwrap_or_default(),
        words: first.map(|rule| localized(&rule.words)).unwrap_or_default(),
        reasons: consult::gate::reasons(knowledge, state, fired)
            .iter()
            .map(reason)
            .collect(),
    }
}

/// The crisis card. Somebody may be watching where the patient speaks of violence or abuse.
#[must_use]
pub fn crisis(fired: &[Fired]) -> Crisis {
    const WATCHED: [&str; 4] = ["violence", "abuse", "assault", "domestic"];
    let first = fired.first();
    Crisis {
        rules: fired.iter().map(|rule| rule.id.clone()).collect(),
        title: first.map(|rule| localized(&rule.title)).unwrap_or_default(),
        words: first.map(|rule| localized(&rule.words)).unwrap_or_default(),
        quick_exit: fired
            .iter()
            .any(|rule| WATCHED.iter().any(|word| rule.id.contains(word))),
    }
}

/// A care level as shown.
#[must_use]
pub fn care_level(level: Level) -> CareLevel {
    match level {
        Level::SelfCare => CareLevel::SelfCare,
        Level::Routine => CareLevel::Routine,
        Level::Urgent => CareLevel::Urgent,
        Level::Emergency => CareLevel::Emergency,
    }
}

/// A care level as a code.
#[must_use]
pub fn care_level_code(level: Level) -> &'static str {
    match level {
        Level::SelfCare => "self_care",
        Level::Routine => "routine",
        Level::Urgent => "urgent",
        Level::Emergency => "emergency",
    }
}

/// The guidance with names, floors and hours as they are now: it keeps them when the directory changes.
#[must_use]
pub fn guidance(directory: &Directory, guided: &guide::Guidance) -> Guidance {
    Guidance {
        care_level: care_level(guided.care_level),
        level_name: localized(&guided.level_name),
        by_when: localized(&guided.by_when),
        where_if_closed: localized(&guided.where_if_closed),
        until_then: localized(&guided.until_then),
        come_back_if: guided.come_back_if.iter().map(localized).collect(),
        open: guided.open.iter().map(localized).collect(),
        departments: guided
            .departments
            .iter()
            .filter_map(|ranked| department(directory, ranked))
            .collect(),
        tie: said(&guided.tie),
    }
}

fn department(directory: &Directory, ranked: &RankedDepartment) -> Option<SuggestedDepartment> {
    let one = directory.departments.get(ranked.department)?;
    let hospital = directory
        .hospitals
        .iter()
        .find(|hospital| hospital.id == one.hospital);
    Some(SuggestedDepartment {
        id: one.id.clone(),
        name: localized(&one.name),
        hospital: hospital
            .map(|hospital| localized(&hospital.name))
            .unwrap_or_default(),
        floor: localized(&one.floor),
        hours: opening_hours(&one.hours),
        open_now: ranked.open_now,
        prepare: said(&one.prepare),
        bring: said(&one.bring),
        phone: one.phone.clone(),
        booking: one.booking.clone(),
        reasons: ranked.reasons.iter().map(reason).collect(),
        note: said(&ranked.note),
        doctors: ranked
            .doctors
            .iter()
            .filter_map(|doctor| suggested(directory, doctor))
            .collect(),
    })
}

fn suggested(directory: &Directory, ranked: &RankedDoctor) -> Option<SuggestedDoctor> {
    let one = directory.doctors.get(ranked.doctor)?;
    Some(SuggestedDoctor {
        id: one.id.clone(),
        name: localized(&one.name),
        title: localized(&one.title),
        expertise: localized(&one.expertise),
        clinic: clinic(one.clinic),
        hours: half_days(&one.hours),
        fee: one.fee.map(fee),
        places_left: one.places_left,
        matches: ranked.matches.iter().map(localized).collect(),
    })
}
