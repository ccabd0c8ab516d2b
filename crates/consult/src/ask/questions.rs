//! Questions in words.

use super::{Choice, Purpose, Question, QuestionKind, SIGNS_PREFIX};
use crate::Text;
use crate::assess::danger::Open;
use crate::facts::{AGE, PREGNANT, SEX};
use crate::hear::COMPLAINT;
use crate::knowledge::{AskedDetail, Finding, Knowledge};

pub(crate) fn bare(
    id: String,
    text: Text,
    why: Text,
    kind: QuestionKind,
    purpose: Purpose,
    remaining: u8,
) -> Question {
    Question {
        id,
        text,
        why,
        kind,
        purpose,
        choices: Vec::new(),
        unit: None,
        min: None,
        max: None,
        step: None,
        remaining,
        private: false,
    }
}

fn choice(id: &str, zh: &str, en: &str) -> Choice {
    Choice {
        id: id.to_owned(),
        label: Text::new(zh, en),
        exclusive: false,
    }
}

pub(crate) fn yes_no() -> Vec<Choice> {
    vec![
        choice("yes", "是", "Yes"),
        choice("no", "否", "No"),
        unknown(),
    ]
}

/// The units of a duration.
pub(crate) fn units() -> Vec<Choice> {
    vec![
        choice("minutes", "分钟", "minutes"),
        choice("hours", "小时", "hours"),
        choice("days", "天", "days"),
        choice("weeks", "周", "weeks"),
        choice("months", "个月", "months"),
        choice("years", "年", "years"),
    ]
}

pub(crate) fn unknown() -> Choice {
    Choice {
        exclusive: true,
        ..choice("unknown", "不知道", "I don't know")
    }
}

pub(super) fn complaint(knowledge: &Knowledge) -> Question {
    let text = knowledge.sentence("ask_complaint");
    bare(
        COMPLAINT.to_owned(),
        text,
        Text::default(),
        QuestionKind::BodyPart,
        Purpose::Complaint,
        5,
    )
}

/// Several danger signs on one screen, "none of these" last; a single one is asked by its own question.
pub(super) fn signs(knowledge: &Knowledge, signs: &[u16], remaining: u8) -> Question {
    let first = knowledge
        .vocabulary
        .id_of(signs.first().copied().unwrap_or(0));
    let id = format!("{SIGNS_PREFIX}{first}");
    let why = knowledge.sentence("why_danger");
    if let [only] = signs {
        let finding = &knowledge.findings[usize::from(*only)];
        let mut question = bare(
            id,
            asked(knowledge, finding),
            why,
            QuestionKind::YesNo,
            Purpose::Danger,
            remaining,
        );
        question.choices = yes_no();
        question.private = finding.private;
        return question;
    }
    let mut question = bare(
        id,
        knowledge.sentence("ask_signs"),
        why,
        QuestionKind::Multiple,
        Purpose::Danger,
        remaining,
    );
    question.choices = signs
        .iter()
        .map(|sign| Choice {
            id: knowledge.vocabulary.id_of(*sign).to_owned(),
            label: knowledge.findings[usize::from(*sign)].label.clone(),
            exclusive: false,
        })
        .collect();
    let none = Choice {
        id: "none".to_owned(),
        label: knowledge.sentence("none_of_these"),
        exclusive: true,
    };
    question.choices.extend([unknown(), none]);
    question.private = signs
        .iter()
        .any(|sign| knowledge.findings[usize::from(*sign)].private);
    question
}

/// A finding as a question. One that is never asked by itself is asked only where a language model read it.
fn asked(knowledge: &Knowledge, finding: &Finding) -> Text {
    finding.ask.clone().unwrap_or_else(|| {
        let mut text = knowledge.sentence("confirm");
        for (language, words) in &mut text.0 {
            *words = words.replace("{finding}", finding.label.get(language));
        }
        text
    })
}

pub(super) fn finding(knowledge: &Knowledge, finding: u16, remaining: u8) -> Question {
    let texts = &knowledge.findings[usize::from(finding)];
    let why = texts
        .why
        .clone()
        .unwrap_or_else(|| knowledge.sentence("why_department"));
    let id = knowledge.vocabulary.id_of(finding).to_owned();
    let mut question = bare(
        id,
        texts.ask.clone().unwrap_or_default(),
        why,
        QuestionKind::YesNo,
        Purpose::Department,
        remaining,
    );
    question.choices = yes_no();
    question.private = texts.private;
    question
}

pub(crate) fn profile(knowledge: &Knowledge, open: Open, remaining: u8) -> Question {
    let (id, sentence, kind) = match open {
        Open::Age => (AGE, "ask_age", QuestionKind::Duration),
        Open::Pregnancy | Open::Finding(_) => (PREGNANT, "ask_pregnant", QuestionKind::YesNo),
        Open::Sex => (SEX, "ask_sex", QuestionKind::Single),
    };
    let mut question = bare(
        id.to_owned(),
        knowledge.sentence(sentence),
        knowledge.sentence("why_profile"),
        kind,
        Purpose::Profile,
        remaining,
    );
    match kind {
        QuestionKind::Duration => {
            question.choices = vec![
                choice("years", "岁", "years"),
                choice("months", "个月", "months"),
            ];
            (question.min, question.max, question.step) = (Some(0.0), Some(120.0), Some(1.0));
        }
        QuestionKind::Single => {
            question.choices = vec![
                choice("female", "女", "Female"),
                choice("male", "男", "Male"),
                unknown(),
            ];
        }
        _ => question.choices = yes_no(),
    }
    question.private = open != Open::Age;
    question
}

/// The id of a question for a detail.
pub(super) fn detail_id(knowledge: &Knowledge, asked: AskedDetail, finding: u16) -> String {
    let id = knowledge.vocabulary.id_of(finding);
    match asked {
        AskedDetail::Duration => format!("duration:{id}"),
        AskedDetail::Severity => format!("severity:{id}"),
        AskedDetail::Temperature => "temperature".to_owned(),
    }
}

pub(crate) fn detail(
    knowledge: &Knowledge,
    asked: AskedDetail,
    finding: u16,
    remaining: u8,
) -> Question {
    let (sentence, kind) = match asked {
        AskedDetail::Duration => ("ask_duration", QuestionKind::Duration),
        AskedDetail::Severity => ("ask_severity", QuestionKind::Scale),
        AskedDetail::Temperature => ("ask_temperature", QuestionKind::Number),
    };
    let name = &knowledge.findings[usize::from(finding)].name;
    let mut text = knowledge.sentence(sentence);
    for (language, words) in &mut text.0 {
        *words = words.replace("{finding}", name.get(language));
    }
    let mut question = bare(
        detail_id(knowledge, asked, finding),
        text,
        knowledge.sentence("why_department"),
        kind,
        Purpose::Department,
        remaining,
    );
    match asked {
        AskedDetail::Duration => {
            question.choices = units();
            (question.min, question.max, question.step) = (Some(0.0), Some(999.0), Some(1.0));
        }
        AskedDetail::Severity => {
            (question.min, question.max, question.step) = (Some(0.0), Some(10.0), Some(1.0));
        }
        AskedDetail::Temperature => {
            question.unit = Some(Text::new("℃", "°C"));
            (question.min, question.max, question.step) = (Some(34.0), Some(43.0), Some(0.1));
        }
    }
    question
}
