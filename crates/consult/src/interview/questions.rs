//! Screens in words.

use super::{ACCOMPANYING, Asked, Aspect, HAS, HAS_NOT, Item, ItemKind, Plan};
use crate::Text;
use crate::ask::{self, Choice, Purpose, Question, QuestionKind};
use crate::assess::danger::Open;
use crate::facts::{AGE, SEX};
use crate::knowledge::{AskedDetail, Knowledge};
use crate::state::{Source, State};

/// The choice that says that photos were added.
const ADDED: &str = "added";

/// The question of a screen.
pub(crate) fn question(
    knowledge: &Knowledge,
    plan: &Plan<'_>,
    asked: &Asked,
    remaining: u8,
) -> Question {
    match asked {
        Asked::Accompanying(id, findings) => accompanying(knowledge, id, findings, remaining),
        Asked::Item(place) => item(
            knowledge,
            plan,
            &knowledge.interviews.items[*place],
            remaining,
        ),
    }
}

/// A question the patient wants to answer again; nothing if there is no such question.
pub(crate) fn again(
    knowledge: &Knowledge,
    state: &State,
    plan: &Plan<'_>,
    id: &str,
) -> Option<Question> {
    match id {
        AGE => return Some(ask::profile_question(knowledge, Open::Age, 1)),
        SEX => return Some(ask::profile_question(knowledge, Open::Sex, 1)),
        _ => {}
    }
    let detail = [
        ("duration:", AskedDetail::Duration),
        ("severity:", AskedDetail::Severity),
    ]
    .into_iter()
    .find_map(|(prefix, detail)| Some((detail, id.strip_prefix(prefix)?)));
    if let Some((detail, finding)) = detail {
        let finding = knowledge.vocabulary.index_of(finding)?;
        return Some(ask::detail_question(knowledge, detail, finding, 1));
    }
    if id.starts_with(ACCOMPANYING) {
        let script = id.trim_start_matches(ACCOMPANYING);
        let scripts = &knowledge.interviews.scripts;
        let script = scripts.iter().find(|one| one.id == script)?;
        // Those that were on that screen, and what was not known then.
        let asked = |finding: &&u16| {
            let known = state.findings.get(knowledge.vocabulary.id_of(**finding));
            known.is_none_or(|known| known.source == Source::Answer)
        };
        let findings: Vec<u16> = script.accompanying.iter().filter(asked).copied().collect();
        return Some(accompanying(knowledge, id, &findings, 1));
    }
    let items = &knowledge.interviews.items;
    let found = items.iter().find(|item| item.question_id() == id)?;
    Some(item(knowledge, plan, found, 1))
}

fn accompanying(knowledge: &Knowledge, id: &str, findings: &[u16], remaining: u8) -> Question {
    let texts = |finding: &u16| &knowledge.findings[usize::from(*finding)];
    let mut question = ask::bare(
        id.to_owned(),
        knowledge.sentence("ask_accompanying"),
        knowledge.sentence("why_history"),
        QuestionKind::Multiple,
        Purpose::History,
        remaining,
    );
    question.choices = findings
        .iter()
        .map(|finding| Choice {
            id: knowledge.vocabulary.id_of(*finding).to_owned(),
            label: texts(finding).label.clone(),
            exclusive: false,
        })
        .collect();
    question.choices.extend([
        ask::unknown(),
        Choice {
            id: "none".to_owned(),
            label: knowledge.sentence("none_of_these"),
            exclusive: true,
        },
    ]);
    question.private = findings.iter().any(|finding| texts(finding).private);
    question
}

/// What the interview is about, in words that fit into a sentence.
fn about(knowledge: &Knowledge, plan: &Plan<'_>) -> Text {
    match (plan.leading, plan.complaint) {
        (Some(finding), _) => knowledge.findings[usize::from(finding)].name.clone(),
        (None, Some(complaint)) => complaint.name.clone(),
        (None, None) => knowledge.sentence("this_trouble"),
    }
}

fn filled(text: &Text, about: &Text) -> Text {
    let mut text = text.clone();
    for (language, words) in &mut text.0 {
        *words = words.replace("{complaint}", about.get(language));
    }
    text
}

fn item(knowledge: &Knowledge, plan: &Plan<'_>, item: &Item, remaining: u8) -> Question {
    // How long and how bad are asked of the finding, as guidance asks them: the answer is the same answer.
    if let Some(finding) = plan.leading {
        let detail = match (item.aspect, item.kind) {
            (Some(Aspect::Onset), ItemKind::Duration) => Some(AskedDetail::Duration),
            (Some(Aspect::Severity), ItemKind::Scale) => Some(AskedDetail::Severity),
            _ => None,
        };
        if let Some(detail) = detail {
            let mut question = ask::detail_question(knowledge, detail, finding, remaining);
            question.purpose = Purpose::History;
            question.why = knowledge.sentence("why_history");
            return question;
        }
    }
    let kind = match item.kind {
        // A yes or no that is a finding says so in its answers.
        ItemKind::YesNo if item.finding.is_some() => QuestionKind::Single,
        ItemKind::YesNo => QuestionKind::YesNo,
        ItemKind::Single => QuestionKind::Single,
        ItemKind::Multiple => QuestionKind::Multiple,
        ItemKind::Number => QuestionKind::Number,
        ItemKind::Date => QuestionKind::Date,
        ItemKind::Duration => QuestionKind::Duration,
        ItemKind::Scale => QuestionKind::Scale,
        ItemKind::Text => QuestionKind::Text,
        ItemKind::Photo => QuestionKind::Photo,
    };
    let mut question = ask::bare(
        item.question_id(),
        filled(&item.ask, &about(knowledge, plan)),
        item.why
            .clone()
            .unwrap_or_else(|| knowledge.sentence("why_history")),
        kind,
        Purpose::History,
        remaining,
    );
    question.choices = choices(knowledge, item);
    question.unit.clone_from(&item.unit);
    (question.min, question.max, question.step) = match item.kind {
        ItemKind::Scale => (Some(0.0), Some(10.0), Some(1.0)),
        ItemKind::Duration => (Some(0.0), Some(999.0), Some(1.0)),
        _ => (item.min, item.max, item.step),
    };
    question.private = item.private;
    question
}

fn choices(knowledge: &Knowledge, item: &Item) -> Vec<Choice> {
    match (item.kind, item.finding) {
        (ItemKind::YesNo, None) => ask::yes_no(),
        (ItemKind::YesNo, Some(finding)) => {
            let id = knowledge.vocabulary.id_of(finding);
            let mut choices = ask::yes_no();
            choices[0].id = format!("{HAS}{id}");
            choices[1].id = format!("{HAS_NOT}{id}");
            choices
        }
        (ItemKind::Duration, _) => ask::units(),
        (ItemKind::Photo, _) => vec![Choice {
            id: ADDED.to_owned(),
            label: knowledge.sentence("photos_added"),
            exclusive: false,
        }],
        _ => {
            let mut choices: Vec<Choice> = item
                .choices
                .iter()
                .map(|choice| Choice {
                    id: choice_id(knowledge, choice),
                    label: choice.label.clone(),
                    exclusive: choice.denies,
                })
                .collect();
            if matches!(
                item.kind,
                ItemKind::Single | ItemKind::Multiple | ItemKind::Text
            ) {
                choices.push(ask::unknown());
            }
            choices
        }
    }
}

/// A choice as it is offered: one that is a finding says which.
pub(crate) fn choice_id(knowledge: &Knowledge, choice: &super::ItemChoice) -> String {
    match (choice.finding, choice.denies) {
        (_, true) => "none".to_owned(),
        (Some(finding), false) => format!("{HAS}{}", knowledge.vocabulary.id_of(finding)),
        (None, false) => choice.id.clone(),
    }
}
