//! Terms as written to slots: words, gaps, and sets of alternatives, everything folded as texts are.

use std::collections::BTreeMap;

use super::tokens::{Kind, tokenize};
use crate::knowledge::Vocabulary;
use crate::order::sorted;

/// A place in a term.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slot {
    /// One token.
    Token(String),
    /// Anything, a little.
    Gap,
    /// One of several token sequences, longest first.
    Set(Vec<Vec<String>>),
}

/// Stands in a term for a number of [`MANY_FROM`] or more.
pub(crate) const MANY: &str = "#many";
/// From this number on it is many: so many tablets at once are no usual dose.
pub(crate) const MANY_FROM: f64 = 10.0;

/// Most combinations that may be written out; sets are not written out.
const MOST: usize = 200;

/// A term as slots. Braces that touch a letter ("test{icle,es}") are written out, all others stay sets.
///
/// # Errors
/// In plain words.
pub(crate) fn slots(term: &str, fold: &[(char, char)]) -> Result<Vec<Vec<Slot>>, String> {
    let mut found = Vec::new();
    for written in written_out(term)? {
        let mut slots = Vec::new();
        for (number, part) in written.split("..").enumerate() {
            if number > 0 {
                slots.push(Slot::Gap);
            }
            let mut rest = part;
            while let Some((before, inside, after)) = brace(rest) {
                slots.extend(tokens(before, fold).into_iter().map(Slot::Token));
                slots.push(set(inside, fold));
                rest = after;
            }
            slots.extend(tokens(rest, fold).into_iter().map(Slot::Token));
        }
        let bare = |slot: Option<&Slot>| matches!(slot, None | Some(Slot::Gap));
        if bare(slots.first())
            || bare(slots.last())
            || slots
                .windows(2)
                .any(|two| two[0] == Slot::Gap && two[1] == Slot::Gap)
        {
            return Err(format!(
                "the term \"{term}\" has nothing before, after or between its gaps"
            ));
        }
        found.push(slots);
    }
    Ok(found)
}

/// A term with its named sets written out: `{@leg,knee}` is `{leg,foot,…,knee}`. `members` gives a set's members, with commas.
///
/// # Errors
/// In plain words, if there is no such set.
pub(crate) fn expanded<'a>(
    term: &str,
    members: impl Fn(&str) -> Option<&'a str>,
) -> Result<String, String> {
    let mut parts = term.split('@');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find([',', '}']).unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        let Some(members) = members(name) else {
            return Err(format!(
                "the term \"{term}\" names the set \"{name}\", which is not in reading.toml"
            ));
        };
        text.push_str(members);
        text.push_str(rest);
    }
    Ok(text)
}

fn tokens(text: &str, fold: &[(char, char)]) -> Vec<String> {
    if text == MANY {
        return vec![MANY.to_owned()];
    }
    tokenize(text, fold)
        .into_iter()
        .filter(|token| !matches!(token.kind, Kind::Break(_)))
        .map(|token| token.text)
        .collect()
}

fn set(inside: &str, fold: &[(char, char)]) -> Slot {
    let alternatives: Vec<Vec<String>> = choices(inside)
        .map(|choice| tokens(choice, fold))
        .filter(|choice| !choice.is_empty())
        .collect();
    let mut alternatives = sorted(alternatives, |one, other| {
        other.len().cmp(&one.len()).then_with(|| one.cmp(other))
    });
    alternatives.dedup();
    Slot::Set(alternatives)
}

fn choices(inside: &str) -> impl Iterator<Item = &str> {
    inside.split([',', '，']).map(str::trim)
}

fn brace(text: &str) -> Option<(&str, &str, &str)> {
    let from = text.find('{')?;
    let to = from + text[from..].find('}')?;
    Some((&text[..from], &text[from + 1..to], &text[to + 1..]))
}

/// Writes out the braces that touch a letter, hold nothing in one place, or hold a gap.
fn written_out(term: &str) -> Result<Vec<String>, String> {
    let (opening, closing) = (term.matches('{').count(), term.matches('}').count());
    if opening != closing {
        return Err(format!(
            "the term \"{term}\" has {opening} opening and {closing} closing braces"
        ));
    }
    let mut written = vec![String::new()];
    let mut rest = term;
    while let Some((before, inside, after)) = brace(rest) {
        if inside.contains('{') {
            return Err(format!("the term \"{term}\" has braces inside braces"));
        }
        let letter =
            |character: Option<char>| character.is_some_and(|one| one.is_ascii_alphanumeric());
        let touches = letter(before.chars().next_back()) || letter(after.chars().next());
        let open = touches || inside.contains("..") || choices(inside).any(str::is_empty);
        let parts: Vec<String> = if open {
            choices(inside).map(str::to_owned).collect()
        } else {
            vec![format!("{{{inside}}}")]
        };
        written = written
            .iter()
            .flat_map(|start| {
                parts
                    .iter()
                    .map(move |part| format!("{start}{before}{part}"))
            })
            .collect();
        rest = after;
        if written.len() > MOST {
            return Err(format!(
                "the term \"{term}\" opens into more than {MOST} combinations: write it as several"
            ));
        }
    }
    Ok(written
        .into_iter()
        .map(|start| format!("{start}{rest}"))
        .collect())
}

/// The numbers of tokens and sets.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    tokens: Vec<String>,
    sets: Vec<Vec<Vec<u16>>>,
    known: BTreeMap<Vec<Vec<u16>>, u16>,
}

impl Numbers {
    pub(crate) fn new<'a>(terms: impl Iterator<Item = &'a Vec<Slot>>) -> Self {
        let mut tokens: Vec<&String> = Vec::new();
        for slot in terms.flatten() {
            match slot {
                Slot::Token(token) => tokens.push(token),
                Slot::Set(alternatives) => tokens.extend(alternatives.iter().flatten()),
                Slot::Gap => {}
            }
        }
        let mut tokens = sorted(tokens, Ord::cmp);
        tokens.dedup();
        Self {
            tokens: tokens.into_iter().cloned().collect(),
            ..Self::default()
        }
    }

    fn token(&self, token: &String) -> u16 {
        // Every token was collected from these same terms, and the caller checks that they fit.
        self.tokens
            .binary_search(token)
            .ok()
            .and_then(|place| u16::try_from(place).ok())
            .unwrap_or(0)
    }

    pub(crate) fn number(&mut self, slots: &[Slot], chinese: bool) -> Vec<u16> {
        let gap = if chinese {
            Vocabulary::GAP_CHARACTERS
        } else {
            Vocabulary::GAP_WORDS
        };
        let mut numbers = Vec::with_capacity(slots.len());
        for slot in slots {
            numbers.push(match slot {
                Slot::Gap => gap,
                Slot::Token(token) => self.token(token),
                Slot::Set(alternatives) => {
                    let set: Vec<Vec<u16>> = alternatives
                        .iter()
                        .map(|one| one.iter().map(|token| self.token(token)).collect())
                        .collect();
                    let next = Vocabulary::SETS + u16::try_from(self.sets.len()).unwrap_or(0);
                    *self.known.entry(set.clone()).or_insert_with(|| {
                        self.sets.push(set);
                        next
                    })
                }
            });
        }
        numbers
    }

    pub(crate) fn into_parts(self) -> (Vec<String>, Vec<Vec<Vec<u16>>>) {
        (self.tokens, self.sets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_sets_are_written_out() {
        let members = |name: &str| (name == "leg").then_some("leg,foot");
        assert_eq!(
            expanded("{@leg,knee} .. cold", members).as_deref(),
            Ok("{leg,foot,knee} .. cold")
        );
        assert!(expanded("{@arm}", members).is_err());
    }

    #[test]
    fn braces_become_sets_or_are_written_out() {
        let one = slots("{胸口,胸}..{疼,痛}", &[]).unwrap();
        assert_eq!(one.len(), 1);
        assert!(
            matches!(&one[0][..], [Slot::Set(first), Slot::Gap, Slot::Set(_)] if first[0] == ["胸", "口"])
        );
        assert_eq!(slots("test{icle,es} hurt", &[]).unwrap().len(), 2);
        assert_eq!(slots("疼{,了}", &[]).unwrap().len(), 2);
        assert!(
            matches!(&slots("took {#many,all} pills", &[]).unwrap()[0][1], Slot::Set(set) if set.contains(&vec![MANY.to_owned()]))
        );
        for broken in ["{a", "..疼", "疼.. ..痛", "{a{b}}"] {
            assert!(slots(broken, &[]).is_err(), "{broken}");
        }
    }
}
