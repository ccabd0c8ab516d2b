//! Sentences of the report in both languages.

use super::{LineStatus, Told, ToldKind};
use crate::Text;
use crate::state::Details;

/// A length of time in the largest unit that says it well.
#[must_use]
pub fn duration(hours: f64) -> Text {
    let (number, zh, one, many) = if hours < 1.0 {
        (hours * 60.0, "分钟", "minute", "minutes")
    } else if hours < 48.0 {
        (hours, "小时", "hour", "hours")
    } else if hours < 24.0 * 14.0 {
        (hours / 24.0, "天", "day", "days")
    } else if hours < 24.0 * 60.0 {
        (hours / 168.0, "周", "week", "weeks")
    } else if hours < 8766.0 * 1.5 {
        (hours / 730.0, "个月", "month", "months")
    } else {
        (hours / 8766.0, "年", "year", "years")
    };
    let number = number.round().max(1.0);
    let unit = if number < 1.5 { one } else { many };
    Text::new(&format!("{number}{zh}"), &format!("{number} {unit}"))
}

/// The same words in both languages: the patient's, or a number.
pub(super) fn same(words: &str) -> Text {
    Text::new(words, words)
}

pub(super) fn own_words(text: &str) -> Text {
    Text::new(
        &format!("患者自述：“{text}”"),
        &format!("In the patient's own words: “{text}”"),
    )
}

/// A name with its first letter as a sentence begins. Abbreviations stay.
pub(super) fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// A finding as a sentence.
pub(super) fn finding(name: &Text, status: LineStatus, details: Details) -> Text {
    let (zh, en) = (name.get("zh"), name.get("en"));
    match status {
        LineStatus::Present => {
            let (mut more_zh, mut more_en) = (Vec::new(), Vec::new());
            if let Some(hours) = details.hours {
                let long = duration(hours);
                more_zh.push(long.get("zh").to_owned());
                more_en.push(long.get("en").to_owned());
            }
            for (is_so, zh, en) in [
                (details.sudden, "突然起病", "sudden onset"),
                (details.severe, "程度重", "severe"),
                (details.worsening, "逐渐加重", "getting worse"),
            ] {
                if is_so {
                    more_zh.push(zh.to_owned());
                    more_en.push(en.to_owned());
                }
            }
            if more_zh.is_empty() {
                Text::new(zh, &capital(en))
            } else {
                Text::new(
                    &format!("{zh}（{}）", more_zh.join("，")),
                    &format!("{} ({})", capital(en), more_en.join(", ")),
                )
            }
        }
        LineStatus::Denied => Text::new(&format!("{zh}：无"), &format!("{}: no", capital(en))),
        LineStatus::Unknown => Text::new(
            &format!("{zh}：问过，不清楚或未选"),
            &format!("{}: asked, not known or left open", capital(en)),
        ),
        LineStatus::NotAsked => Text::new(
            &format!("{zh}：未问"),
            &format!("{}: not asked", capital(en)),
        ),
    }
}

/// A label and what was said to it.
pub(super) fn labelled(label: &Text, said: &Text) -> Text {
    Text::new(
        &format!("{}：{}", label.get("zh"), said.get("zh")),
        &format!("{}: {}", label.get("en"), said.get("en")),
    )
}

pub(super) fn quoted(words: &str) -> Text {
    same(&format!("“{words}”"))
}

pub(super) fn joined(texts: &[Text]) -> Text {
    let of = |language: &str, separator: &str| {
        let parts: Vec<&str> = texts.iter().map(|text| text.get(language)).collect();
        parts.join(separator)
    };
    Text::new(&of("zh", "、"), &of("en", ", "))
}

pub(super) fn told(told: &Told) -> Text {
    let (zh, en) = match told.kind {
        ToldKind::Alert => ("显示过急症提示", "Emergency advice was shown"),
        ToldKind::Crisis => ("显示过求助提示", "Crisis help was shown"),
        ToldKind::Guidance => ("系统告知的紧急程度", "Told how soon to be seen"),
    };
    let sentence = |language: &str, stop: &str, space: &str| {
        let title = told
            .title
            .get(language)
            .trim_end_matches(['.', '。', '!', '！']);
        format!("{title}{stop}{space}{}", told.words.get(language))
    };
    labelled(
        &Text::new(zh, en),
        &Text::new(&sentence("zh", "。", ""), &sentence("en", ".", " ")),
    )
}

pub(super) fn disputed() -> Text {
    Text::new(
        "患者表示上面的急症提示不符合实际情况",
        "The patient said that the emergency advice did not fit",
    )
}
