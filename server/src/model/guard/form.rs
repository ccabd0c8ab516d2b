//! The form of a sentence: its length, its marks, its script, its figures.

use consult::read::tokens::is_han;

use super::Objection;

/// Characters of a sentence at most, by language.
const LONGEST: [(&str, usize); 2] = [("zh", 120), ("en", 280)];

/// Lower case, half width, straight quotation marks.
pub(super) fn normalised(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\u{ff01}'..='\u{ff5e}' => {
                char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character)
            }
            '\u{3000}' | '\u{a0}' => ' ',
            '’' | '‘' => '\'',
            '“' | '”' => '"',
            other => other,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether what stands there is not a piece of a longer Latin word.
pub(super) fn stands_alone(text: &str, from: usize, to: usize) -> bool {
    let is_letter =
        |character: Option<char>| character.is_some_and(|one| one.is_ascii_alphanumeric());
    let begins = text[from..].chars().next();
    let ends = text[..to].chars().next_back();
    !(is_letter(begins) && is_letter(text[..from].chars().next_back())
        || is_letter(ends) && is_letter(text[to..].chars().next()))
}

/// Whether it is short enough for a sentence of its language.
pub(super) fn length(language: &str, sentence: &str) -> Result<(), Objection> {
    let most = LONGEST
        .iter()
        .find(|(name, _)| *name == language)
        .map_or(280, |(_, most)| *most);
    if sentence.chars().count() > most {
        return Err(Objection::Length);
    }
    Ok(())
}

/// Whether it is plain text.
pub(super) fn markup(sentence: &str) -> Result<(), Objection> {
    const SIGNS: [char; 14] = [
        '<', '>', '{', '}', '[', ']', '`', '*', '#', '|', '\\', '_', '~', '=',
    ];
    let has_sign = sentence.contains(SIGNS) || sentence.contains("://");
    let has_entity = sentence
        .split('&')
        .skip(1)
        .filter_map(|rest| rest.split_once(';'))
        .any(|(name, _)| name.len() < 9 && !name.contains(' '));
    let is_list = sentence.trim_start().starts_with(['-', '•', '·', '–']);
    let has_control = sentence.chars().any(|one| one.is_control() && one != '\n');
    if has_sign || has_entity || is_list || has_control {
        return Err(Objection::Markup);
    }
    Ok(())
}

/// Whether most of it is in the language; words the patient or the step used themselves do not count.
pub(super) fn script(language: &str, text: &str, own: &str) -> Result<(), Objection> {
    let han = text.chars().filter(|one| is_han(*one)).count();
    let foreign: usize = text
        .split(|one: char| !one.is_ascii_alphabetic())
        .filter(|word| !word.is_empty() && !own.contains(word))
        .map(str::len)
        .sum();
    let other = text
        .chars()
        .filter(|one| one.is_alphabetic() && !one.is_ascii_alphabetic() && !is_han(*one))
        .filter(|one| !own.contains(*one))
        .count();
    let fits = if language == "zh" {
        han > 0 && foreign <= 3 && other == 0
    } else {
        let strange_han = text
            .chars()
            .filter(|one| is_han(*one) && !own.contains(*one))
            .count();
        // A few letters with accents are in English names of things; another alphabet is not.
        strange_han == 0 && other <= 2 && text.chars().any(|one| one.is_ascii_alphabetic())
    };
    if fits {
        Ok(())
    } else {
        Err(Objection::Language)
    }
}

/// Every figure of the sentence must stand in what is allowed.
pub(super) fn numbers(text: &str, allowed: &str) -> Result<(), Objection> {
    let known = figures(allowed);
    if figures(text).iter().all(|figure| known.contains(figure)) {
        Ok(())
    } else {
        Err(Objection::Number)
    }
}

fn figures(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut figure = String::new();
    for character in text.chars().chain([' ']) {
        let inside = character.is_ascii_digit()
            || (!figure.is_empty() && matches!(character, '.' | ':' | '-' | '/'));
        if inside {
            figure.push(character);
        } else if !figure.is_empty() {
            found.push(figure.trim_end_matches(['.', ':', '-', '/']).to_owned());
            figure.clear();
        }
    }
    found
}
