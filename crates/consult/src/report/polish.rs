//! Sentences of the report that a model may put more smoothly, and the check that it did nothing else.
//!
//! The check is narrow on purpose: every word, number, side and denial stays, in its order. Small words may come, none may go: a
//! small word is part of "hepatitis A" and of 地高辛, and "2 to 3" is not "2, 3". What does not pass stays as it was.

use std::collections::BTreeMap;

use super::{Line, LineStatus};
use crate::Text;
use crate::interview::Section;

/// Words that may come anywhere but before a number, by language. None tells how things hang together, denies, doubts or orders in time.
const SMALL: [(&str, &[&str]); 2] = [
    (
        "en",
        &["a", "an", "the", "is", "are", "has", "been", "and", "it"],
    ),
    ("zh", &["的", "是", "和"]),
];
/// Words that may come before a number.
const BEFORE_NUMBERS: [&str; 6] = ["for", "is", "are", "been", "是", "为"];
/// Words that may come before a side.
const BEFORE_SIDES: [&str; 2] = ["on", "在"];
/// Sides.
const SIDES: [&str; 7] = ["left", "right", "both", "左", "右", "两", "双"];
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
    let of_language = SMALL.iter().find(|(one, _)| *one == language);
    let (_, small) = of_language.ok_or(Refused::Language)?;
    if only_small_words_came(&parts(before), &parts(after), small) {
        Ok(())
    } else {
        Err(Refused::Words)
    }
}

/// Whether `after` is `before`, whole and in order, with nothing but small words in between, each where it may stand.
fn only_small_words_came(before: &[String], after: &[String], small: &[&str]) -> bool {
    let is_number = |part: Option<&String>| {
        part.is_some_and(|part| part.starts_with(|one: char| one.is_ascii_digit() || is_sign(one)))
    };
    let mut wanted = before.iter().peekable();
    for (place, part) in after.iter().enumerate() {
        if wanted.next_if_eq(&part).is_some() {
            continue;
        }
        let word = part.as_str();
        let mut following = after[place + 1..].iter();
        let next = following.next();
        let may_come = if is_number(next) {
            BEFORE_NUMBERS.contains(&word)
                && !is_number(place.checked_sub(1).and_then(|at| after.get(at)))
        } else if BEFORE_SIDES.contains(&word) {
            let beyond = next
                .filter(|next| *next != "the")
                .or_else(|| following.next());
            beyond.is_some_and(|side| SIDES.contains(&side.as_str()))
        } else {
            small.contains(&word)
        };
        if !may_come {
            return false;
        }
    }
    wanted.next().is_none()
}

fn is_sign(one: char) -> bool {
    "-−+<>≤≥~±".contains(one)
}

/// What counts of a sentence: words, each Chinese character, numbers with what joins them (`120/80`, `38.5`), signs and units.
/// The reader's own tokens (`read::tokens`) leave endings, signs and units out, which must not be lost here.
fn parts(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.to_lowercase().chars().collect();
    let is_digit = |place: Option<usize>| {
        let at = place.and_then(|place| characters.get(place));
        at.is_some_and(char::is_ascii_digit)
    };
    let mut parts: Vec<String> = Vec::new();
    let mut last = Kind::Nothing;
    for (place, one) in characters.iter().copied().enumerate() {
        let (before, after) = (is_digit(place.checked_sub(1)), is_digit(Some(place + 1)));
        let kind = if one.is_ascii_digit() || "./:-".contains(one) && before && after {
            Kind::Number
        } else if one.is_alphabetic() && is_latin(one) || one == '\'' {
            Kind::Word
        } else if one.is_alphanumeric() || is_sign(one) && after || "%°℃℉×=".contains(one) {
            Kind::Alone
        } else {
            Kind::Nothing
        };
        match (kind, parts.last_mut()) {
            (Kind::Nothing, _) => {}
            (Kind::Number | Kind::Word, Some(part)) if kind == last => part.push(one),
            _ => parts.push(one.to_string()),
        }
        last = kind;
    }
    parts
}

/// What a character is part of.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Number,
    Word,
    Alone,
    Nothing,
}

/// Letters that stand in words; a Chinese character is one by itself.
fn is_latin(one: char) -> bool {
    !('\u{2e80}'..='\u{ffef}').contains(&one)
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
            // Small words that are not small where they stand.
            ("en", "Hepatitis A", "Hepatitis"),
            ("en", "2 to 3 days", "2, 3 days"),
            ("en", "2, 3 times", "2 and 3 times"),
            ("en", "Better, 2 days", "Better in 2 days"),
            (
                "en",
                "Diabetes, kidney disease",
                "Diabetes with kidney disease",
            ),
            ("en", "Aspirin, headache", "Aspirin for headache"),
            ("en", "Feels -5", "Feels 5"),
            ("zh", "地高辛", "高辛"),
            ("zh", "并发症", "发症"),
            ("zh", "2、3天", "2和3天"),
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
