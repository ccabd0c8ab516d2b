//! Sentences of the report that a model may put more smoothly, and the check that it did nothing else.
//!
//! The check is narrow on purpose: the words that carry meaning must be the same, in the same order, with every number, side and
//! denial among them. Only small words and punctuation may come and go. What does not pass stays as it was.

use std::collections::BTreeMap;

use super::{Line, LineStatus};
use crate::Text;
use crate::interview::Section;

/// English words that say nothing of their own. None that denies, doubts, orders in time or tells sides is among them.
const SMALL_EN: [&str; 21] = [
    "a", "an", "the", "is", "are", "has", "have", "been", "for", "with", "of", "in", "on", "at",
    "by", "to", "and", "it", "its", "that", "which",
];
/// The same of Chinese, by character.
const SMALL_ZH: [char; 9] = ['的', '是', '在', '为', '于', '并', '和', '也', '地'];
/// Characters of a polished sentence at most, against the one before: so many more.
const LONGER: usize = 40;

/// One sentence as a model put it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Polished {
    /// Id of the line.
    pub line: String,
    /// Name and version of the template it was put with.
    pub template: String,
    /// The sentence as it was, in the languages that were polished.
    pub before: BTreeMap<String, String>,
    /// As it is, in the same languages.
    pub after: BTreeMap<String, String>,
}

/// Whether a line may be put otherwise: something that is so, in sentences of ours. The patient's own words, what they were told
/// and every denial stay as they are.
#[must_use]
pub fn may_be_polished(line: &Line) -> bool {
    let is_ours = line.id.starts_with("finding:") || line.id.starts_with("item:");
    let holds_words = |text: &Text| text.0.values().any(|text| text.contains(['“', '”', '"']));
    is_ours
        && line.status == LineStatus::Present
        && line.section != Section::Told
        && line.quotes.is_empty()
        && line.value.is_none()
        && !line.contradicts
        && !holds_words(&line.text)
}

/// Why a sentence stays as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// A language of which nothing is known.
    Language,
    /// More than one line, or much longer.
    Form,
    /// A word, number, side or denial was added, dropped, changed or moved.
    Words,
}

/// Checks a sentence against the one it is to take the place of.
///
/// # Errors
/// Why it may not.
pub fn check(language: &str, before: &str, after: &str) -> Result<(), Refused> {
    let after = after.trim();
    let fits = !after.is_empty()
        && after.chars().count() <= before.chars().count() + LONGER
        && !after
            .chars()
            .any(|one| one.is_control() || "“”\"?？!！*#`<>[]{}|\\".contains(one));
    if !fits {
        return Err(Refused::Form);
    }
    let words = match language {
        "en" => words_en,
        "zh" => words_zh,
        _ => return Err(Refused::Language),
    };
    if words(before) == words(after) {
        Ok(())
    } else {
        Err(Refused::Words)
    }
}

/// Numbers with what joins them (`120/80`, `38.5`), signs of units, words.
fn parts(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut last = ' ';
    let mut characters = text.chars().peekable();
    while let Some(one) = characters.next() {
        let next_is_digit = characters.peek().is_some_and(char::is_ascii_digit);
        let joins = last.is_ascii_digit() && next_is_digit && "./:-".contains(one);
        let goes_on = match (last, one) {
            (last, one) if last.is_ascii_digit() => one.is_ascii_digit() || joins,
            (last, one) if "./:-".contains(last) => one.is_ascii_digit(),
            (last, one) => {
                last.is_alphabetic()
                    && is_latin(last)
                    && (one.is_alphabetic() && is_latin(one) || one == '\'')
            }
        };
        let counts = one.is_alphanumeric() || joins || "%°℃℉+±<>≤≥~=×".contains(one) || one == '\'';
        if !counts {
            last = ' ';
            continue;
        }
        match parts.last_mut() {
            Some(part) if goes_on && last != ' ' => part.push(one),
            _ => parts.push(one.to_string()),
        }
        last = one;
    }
    parts.iter().map(|part| part.to_lowercase()).collect()
}

/// Letters that stand in words; a Chinese character is one by itself.
fn is_latin(one: char) -> bool {
    !('\u{2e80}'..='\u{ffef}').contains(&one)
}

fn words_en(text: &str) -> Vec<String> {
    let mut words = parts(text);
    words.retain(|word| !SMALL_EN.contains(&word.as_str()));
    words
}

fn words_zh(text: &str) -> Vec<String> {
    let mut words = parts(text);
    words.retain(|word| {
        let mut characters = word.chars();
        let only = characters.next().filter(|_| characters.next().is_none());
        !only.is_some_and(|one| SMALL_ZH.contains(&one))
    });
    words
}

/// Puts the polished sentences in place, each only where the line still says what was polished.
pub fn apply(lines: &mut [Line], polished: &[Polished]) {
    for line in lines.iter_mut().filter(|line| may_be_polished(line)) {
        // The last that fits: a line may have been answered anew and back.
        let fits = |one: &&Polished| {
            one.line == line.id
                && one
                    .before
                    .iter()
                    .all(|(language, before)| line.text.0.get(language) == Some(before))
        };
        if let Some(one) = polished.iter().rev().find(fits) {
            line.text.0.extend(one.after.clone());
            line.template = Some(one.template.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_words_and_marks_may_come_and_go() {
        for (language, before, after) in [
            (
                "en",
                "Knee pain (right, 2 months, worse on stairs)",
                "Knee pain on the right for 2 months, worse on stairs.",
            ),
            ("en", "Course: comes and goes", "The course comes and goes"),
            ("en", "Severity: 7/10", "The severity is 7/10."),
            (
                "zh",
                "膝痛（右侧，2个月，上下楼加重）",
                "膝痛在右侧，2个月，上下楼加重。",
            ),
            ("zh", "性质：酸痛、胀", "性质是酸痛和胀"),
        ] {
            assert_eq!(check(language, before, after), Ok(()), "{after}");
        }
    }

    #[test]
    fn nothing_is_added_dropped_changed_or_moved() {
        for (language, before, after) in [
            // Number, side, status, order, doubt, time, quantity, unit.
            (
                "en",
                "Knee pain (right, 2 months)",
                "Knee pain (right, 3 months)",
            ),
            (
                "en",
                "Knee pain (right, 2 months)",
                "Knee pain (left, 2 months)",
            ),
            (
                "en",
                "Knee pain (right, 2 months)",
                "No knee pain (right, 2 months)",
            ),
            ("en", "Knee pain (right, 2 months)", "Knee pain, 2 months"),
            ("en", "Right knee, left hip", "Left knee, right hip"),
            ("en", "Knee pain, 2 months", "Knee pain, perhaps 2 months"),
            ("en", "Knee pain, 2 months", "Knee pain until 2 months ago"),
            ("en", "Fever 38.5", "Fever 3.85"),
            ("en", "Fever 38.5", "Fever 38 5"),
            ("en", "Weight -5 kg", "Weight 5 g"),
            ("en", "Oxygen <90%", "Oxygen 90%"),
            ("en", "Takes no aspirin", "Takes aspirin"),
            ("en", "Cannot walk", "Can walk"),
            ("en", "Can't walk", "Can walk"),
            ("en", "Pain 120/80", "Pain 12/080"),
            ("en", "Smokes", "Smokes, a typical sign of cancer"),
            ("zh", "咳嗽（3天）", "咳嗽（3年）"),
            ("zh", "左膝痛", "右膝痛"),
            ("zh", "不吃药", "吃药"),
            ("zh", "没有发烧", "有发烧"),
            ("zh", "发烧", "曾发烧"),
            ("zh", "疼 5/10", "疼 6/10"),
            ("zh", "疼，3天", "疼，大概3天"),
            ("zh", "左膝、右髋", "右膝、左髋"),
        ] {
            assert_eq!(
                check(language, before, after),
                Err(Refused::Words),
                "{before}: {after}"
            );
        }
        for after in [
            "",
            "   ",
            "Knee pain?",
            "Knee\npain",
            "**Knee pain**",
            "\"Knee pain\"",
            &format!("Knee pain{}", ".".repeat(60)),
        ] {
            assert_eq!(
                check("en", "Knee pain", after),
                Err(Refused::Form),
                "{after}"
            );
        }
        assert_eq!(
            check("fr", "Knee pain", "Knee pain"),
            Err(Refused::Language)
        );
    }
}
