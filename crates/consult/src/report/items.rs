//! Lines for the items of the interview: answered, not known, passed over, not asked; and for measurements.

use super::{Change, Line, LineStatus, Log, Quote, bare, words};
use crate::Text;
use crate::expression::Measure;
use crate::interview::{Asked, Item, ItemKind, Plan, Said, Section, choice_id};
use crate::state::Heard;

/// A line for every item that was asked, and for those no screen was left for.
pub(super) fn lines(log: &Log<'_>, plan: &Plan<'_>) -> Vec<Line> {
    let interviews = &log.knowledge.interviews;
    let mut lines: Vec<Line> = interviews
        .items
        .iter()
        .filter(|item| {
            item.measure.is_none() && (item.kind != ItemKind::Photo || has_words(log, item))
        })
        .filter_map(|item| asked(log, item))
        .collect();
    if log.state.interview.is_some() {
        let next = plan.next.iter().filter_map(|asked| match asked {
            Asked::Item(place) => Some(place),
            Asked::Accompanying(..) => None,
        });
        let not_asked = next
            .chain(&plan.left_out)
            .map(|place| &interviews.items[*place])
            // Photos speak for themselves; that none was taken says nothing.
            .filter(|item| item.kind != ItemKind::Photo);
        lines.extend(not_asked.map(|item| Line {
            text: words::labelled(&label(log, item), &Text::new("未问", "not asked")),
            change: Some(Change::Question(item.question_id())),
            ..bare(
                format!("item:{}", item.id),
                item.section,
                LineStatus::NotAsked,
                Vec::new(),
            )
        }));
    }
    lines
}

/// Whether an item was answered in words, as any may be.
fn has_words(log: &Log<'_>, item: &Item) -> bool {
    matches!(log.state.answer(&item.id), Some(Said::Words(_)))
}

/// The label of an item; one that names the complaint speaks of it without.
fn label(log: &Log<'_>, item: &Item) -> Text {
    let mut label = item.label.clone();
    let this = log.knowledge.sentence("this_trouble");
    for (language, words) in &mut label.0 {
        *words = words.replace("{complaint}", this.get(language));
    }
    label
}

fn asked(log: &Log<'_>, item: &Item) -> Option<Line> {
    let question = item.question_id();
    let closing =
        |(_, heard, _): &&(u64, &Heard, Option<&str>)| heard.question.as_ref() == Some(&question);
    let (seq, _, text) = log.heard.iter().rev().find(closing)?;
    let (status, said) = match log.state.answer(&item.id) {
        None => (LineStatus::Unknown, Text::new("未回答", "not answered")),
        Some(Said::Unknown) => (LineStatus::Unknown, Text::new("不清楚", "does not know")),
        Some(said) => told(log, item, said),
    };
    let quotes = match log.state.answer(&item.id) {
        Some(Said::Words(words)) => vec![Quote {
            seq: *seq,
            words: words.clone(),
        }],
        // A bare "no" typed instead of tapped.
        Some(Said::Choices(_)) => text
            .iter()
            .map(|text| Quote {
                seq: *seq,
                words: (*text).to_owned(),
            })
            .collect(),
        _ => Vec::new(),
    };
    Some(Line {
        text: words::labelled(&label(log, item), &said),
        quotes,
        change: Some(Change::Question(question)),
        ..bare(
            format!("item:{}", item.id),
            item.section,
            status,
            vec![*seq],
        )
    })
}

fn told(log: &Log<'_>, item: &Item, said: &Said) -> (LineStatus, Text) {
    match said {
        Said::Words(text) => (LineStatus::Present, words::quoted(text)),
        Said::Date(day) => (LineStatus::Present, words::same(day)),
        Said::Number(value, unit) => (LineStatus::Present, number(item, *value, unit.as_deref())),
        Said::Choices(choices) => chosen(log, item, choices),
        Said::Unknown => (LineStatus::Unknown, Text::default()),
    }
}

fn chosen(log: &Log<'_>, item: &Item, choices: &[String]) -> (LineStatus, Text) {
    if item.kind == ItemKind::YesNo {
        let no = choices
            .iter()
            .any(|choice| choice == "no" || choice.starts_with("hasnt:"));
        return if no {
            (LineStatus::Denied, Text::new("否", "no"))
        } else {
            (LineStatus::Present, Text::new("是", "yes"))
        };
    }
    let there = item
        .choices
        .iter()
        .filter(|choice| choices.contains(&choice_id(log.knowledge, choice)));
    let denied = there.clone().any(|choice| choice.denies);
    let labels: Vec<Text> = there.map(|choice| choice.label.clone()).collect();
    let status = if denied {
        LineStatus::Denied
    } else {
        LineStatus::Present
    };
    (status, words::joined(&labels))
}

fn number(item: &Item, value: f64, unit: Option<&str>) -> Text {
    if item.kind == ItemKind::Scale {
        return words::same(&format!("{value}/10"));
    }
    let unit = match unit {
        Some(unit) => crate::ask::units()
            .into_iter()
            .find(|choice| choice.id == unit)
            .map(|choice| choice.label),
        None => item.unit.clone(),
    };
    match unit {
        Some(unit) => Text::new(
            &format!("{value}{}", unit.get("zh")),
            &format!("{value} {}", unit.get("en")),
        ),
        None => words::same(&value.to_string()),
    }
}

/// Measurements as told.
pub(super) fn measures(log: &Log<'_>) -> Vec<Line> {
    let interviews = &log.knowledge.interviews;
    let mut lines = Vec::new();
    for (measure, value) in &log.state.measures {
        let of =
            |(_, heard, _): &&(u64, &Heard, Option<&str>)| heard.measures.contains_key(measure);
        let Some((seq, heard, text)) = log.heard.iter().rev().find(of) else {
            continue;
        };
        let (zh, en, unit_zh, unit_en) = name(*measure);
        let item = interviews
            .items
            .iter()
            .find(|item| item.measure == Some(*measure));
        let section = if *measure == Measure::Severity {
            Section::PresentIllness
        } else {
            Section::VitalSigns
        };
        // Typed within an answer or a sentence, the words stand behind it.
        let quotes = text
            .iter()
            .filter(|_| heard.question.is_none())
            .map(|text| Quote {
                seq: *seq,
                words: (*text).to_owned(),
            });
        let asked = heard.question.clone().filter(|question| {
            question.starts_with("measure:")
                || question.starts_with("severity:")
                || question == "temperature"
        });
        lines.push(Line {
            text: words::labelled(
                &Text::new(zh, en),
                &Text::new(&format!("{value}{unit_zh}"), &format!("{value}{unit_en}")),
            ),
            quotes: quotes.collect(),
            value: Some(*value),
            change: asked
                .or_else(|| item.map(Item::question_id))
                .map(Change::Question),
            ..bare(
                format!("measure:{}", measure.name()),
                section,
                LineStatus::Present,
                vec![*seq],
            )
        });
    }
    // Asked and not known, or passed over.
    for item in &interviews.items {
        let Some(measure) = item
            .measure
            .filter(|measure| !log.state.measures.contains_key(measure))
        else {
            continue;
        };
        let question = item.question_id();
        let asked = |(_, heard, _): &&(u64, &Heard, Option<&str>)| {
            heard.question.as_ref() == Some(&question)
        };
        let id = format!("measure:{}", measure.name());
        if let Some((seq, ..)) = log
            .heard
            .iter()
            .rev()
            .find(asked)
            .filter(|_| lines.iter().all(|line| line.id != id))
        {
            lines.push(Line {
                text: words::labelled(&item.label, &Text::new("不清楚", "does not know")),
                change: Some(Change::Question(question)),
                ..bare(id, item.section, LineStatus::Unknown, vec![*seq])
            });
        }
    }
    lines
}

/// A measurement's name and unit in both languages.
fn name(measure: Measure) -> (&'static str, &'static str, &'static str, &'static str) {
    match measure {
        Measure::Temperature => ("体温", "Temperature", "℃", " °C"),
        Measure::Systolic => (
            "收缩压（高压）",
            "Systolic blood pressure",
            " mmHg",
            " mmHg",
        ),
        Measure::Diastolic => (
            "舒张压（低压）",
            "Diastolic blood pressure",
            " mmHg",
            " mmHg",
        ),
        Measure::HeartRate => ("心率", "Heart rate", "次/分", " per minute"),
        Measure::Breaths => ("呼吸", "Breathing rate", "次/分", " per minute"),
        Measure::Oxygen => ("血氧", "Oxygen saturation", "%", "%"),
        Measure::Glucose => ("血糖", "Blood glucose", " mmol/L", " mmol/L"),
        Measure::Severity => ("严重程度", "Severity", "/10", "/10"),
        Measure::Gestation => ("孕周", "Weeks of pregnancy", "周", " weeks"),
    }
}
