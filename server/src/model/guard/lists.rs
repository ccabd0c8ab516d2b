//! The lists of `texts/guard.toml`, made ready for one language.

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::AhoCorasick;
use consult::knowledge::Knowledge;
use consult::read::tokens::Token;
use regex::bytes::{Regex, RegexBuilder};
use serde::Deserialize;

use super::form::{normalised, stands_alone};
use super::quotes;
use super::words::{Measure, Own, Words};
use super::{Grounds, Objection};

const LISTS: &str = include_str!("../../../texts/guard.toml");

type Kinds = BTreeMap<Objection, Vec<String>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    /// Named alternatives that patterns use as `<name>`, by language.
    sets: BTreeMap<String, BTreeMap<String, String>>,
    /// Phrases that are always right. They are taken out before anything else is looked at.
    fine: BTreeMap<String, Vec<String>>,
    /// Patterns that are never right, by language and kind.
    never: BTreeMap<String, Kinds>,
    /// Patterns that are right only in a question, by language and kind.
    told: BTreeMap<String, Kinds>,
    /// Patterns that are right only where the patient or the step said the same, by language and kind.
    unless_said: BTreeMap<String, Kinds>,
    /// Patterns that an answer may hold only where its passages hold the same, by language and kind.
    answered: BTreeMap<String, Kinds>,
    /// What makes a clause a question, by language.
    asking: BTreeMap<String, String>,
    /// Where one statement ends and the next begins, by language.
    parting: BTreeMap<String, String>,
    /// What a statement is that is no claim of the model's own: thanks, sympathy, talk of the questions, by language.
    frames: BTreeMap<String, String>,
    /// What makes a statement without a frame a claim, by language.
    claiming: BTreeMap<String, String>,
    /// The same outside of questions, where lists of signs stand.
    telling: BTreeMap<String, String>,
    /// Words of the patient's that count as the model's own when they stand alone, by language.
    kept: BTreeMap<String, String>,
    /// What makes a clause tell whose words it repeats, by language.
    attributing: BTreeMap<String, String>,
    /// Names of illnesses that are everyday words as well.
    everyday: BTreeMap<String, String>,
    /// The closed vocabulary.
    words: BTreeMap<String, String>,
    /// The closed vocabulary of answers.
    answer_words: BTreeMap<String, String>,
}

/// Patterns of one table. Each by itself: most begin with words that are quickly not found, while one automaton for all would have
/// states that no two sentences share.
#[derive(Debug)]
struct Table(Vec<(Objection, Regex)>);

impl Table {
    fn new(sets: &BTreeMap<String, String>, kinds: &Kinds) -> Option<Self> {
        kinds
            .iter()
            .flat_map(|(kind, list)| list.iter().map(|one| (*kind, one)))
            .map(|(kind, one)| Some((kind, regex(&expanded(sets, one))?)))
            .collect::<Option<_>>()
            .map(Self)
    }

    /// The kind of the first pattern that a text holds and `allowed` does not.
    fn objection(&self, text: &str, allowed: Option<&str>) -> Option<Objection> {
        self.0
            .iter()
            // The words of an answer are its passages' own: they may promise hours and name rooms.
            .filter(|(kind, _)| {
                allowed.is_none() || !matches!(kind, Objection::Prognosis | Objection::Place)
            })
            .filter(|(_, pattern)| pattern.is_match(text.as_bytes()))
            .find(|(_, pattern)| !allowed.is_some_and(|one| pattern.is_match(one.as_bytes())))
            .map(|(kind, _)| *kind)
    }
}

/// Patterns whose very match must stand in the step.
#[derive(Debug)]
struct Quoted(Vec<(Objection, Regex)>);

impl Quoted {
    fn new(sets: &BTreeMap<String, String>, kinds: &Kinds) -> Option<Self> {
        kinds
            .iter()
            .map(|(kind, list)| {
                let list: Vec<String> = list.iter().map(|one| expanded(sets, one)).collect();
                Some((*kind, regex(&list.join("|"))?))
            })
            .collect::<Option<_>>()
            .map(Self)
    }

    fn objection(&self, text: &str, reviewed: &str, own: &str) -> Option<Objection> {
        self.0
            .iter()
            .find(|(kind, pattern)| {
                // A place or a name is right only if the step holds it; an illness or a medicine may be the patient's own word.
                let allowed = match kind {
                    Objection::Doctor | Objection::Place => reviewed,
                    _ => own,
                };
                pattern.find_iter(text.as_bytes()).any(|found| {
                    let words = text.get(found.range()).unwrap_or(text);
                    !allowed.contains(words.trim())
                })
            })
            .map(|(kind, _)| *kind)
    }
}

/// The lists of one language, ready.
#[derive(Debug)]
pub(super) struct Patterns {
    language: String,
    fine: Regex,
    asking: Regex,
    attributing: Regex,
    kept: Vec<String>,
    parting: Regex,
    frames: Regex,
    claiming: Regex,
    telling: Regex,
    never: Table,
    told: Table,
    unless_said: Quoted,
    answered: Quoted,
    illnesses: AhoCorasick,
    words: Words,
}

/// The lists by language; none if the file cannot be used, which a test looks at.
pub(super) fn all(knowledge: &Knowledge) -> BTreeMap<String, Patterns> {
    let Ok(lists) = toml::from_str::<Lists>(LISTS) else {
        return BTreeMap::new();
    };
    // Compiling the patterns is most of it; the languages do not wait for each other.
    std::thread::scope(|scope| {
        let made: Vec<_> = lists
            .never
            .keys()
            .map(|language| {
                let patterns = scope.spawn(|| Patterns::new(&lists, knowledge, language));
                (language, patterns)
            })
            .collect();
        made.into_iter()
            .filter_map(|(language, patterns)| Some((language.clone(), patterns.join().ok()??)))
            .collect()
    })
}

impl Patterns {
    fn new(lists: &Lists, knowledge: &Knowledge, language: &str) -> Option<Self> {
        let sets = lists.sets.get(language)?;
        let fine: Vec<String> = lists
            .fine
            .get(language)?
            .iter()
            .map(|one| expanded(sets, one))
            .collect();
        let one = |list: &BTreeMap<String, String>| regex(&expanded(sets, list.get(language)?));
        let everyday = lists.everyday.get(language)?;
        let names = illnesses(knowledge, language, everyday);
        let illnesses = AhoCorasick::new(&names).ok()?;
        let words = Words::new(
            knowledge,
            language,
            lists.words.get(language)?,
            lists.answer_words.get(language)?,
            |phrase| illnesses.is_match(phrase),
        );
        Some(Self {
            language: language.to_owned(),
            fine: regex(&fine.join("|"))?,
            asking: one(&lists.asking)?,
            attributing: one(&lists.attributing)?,
            kept: lists
                .kept
                .get(language)?
                .split('|')
                .map(str::to_owned)
                .collect(),
            parting: one(&lists.parting)?,
            frames: one(&lists.frames)?,
            claiming: one(&lists.claiming)?,
            telling: one(&lists.telling)?,
            never: Table::new(sets, lists.never.get(language)?)?,
            told: Table::new(sets, lists.told.get(language)?)?,
            unless_said: Quoted::new(sets, lists.unless_said.get(language)?)?,
            answered: Quoted::new(sets, lists.answered.get(language)?)?,
            illnesses,
            words,
        })
    }

    /// What the lists have against a sentence.
    pub(super) fn objection(&self, text: &str, held: &Grounds) -> Option<Objection> {
        let fine: Vec<Range<usize>> = if held.is_answer {
            Vec::new()
        } else {
            let found = self.fine.find_iter(text.as_bytes());
            found.map(|found| found.range()).collect()
        };
        let cleared = without(text, &fine);
        let unquoted = quotes::without(
            &cleared,
            &held.said,
            &self.attributing,
            &|run: &[Token]| self.quotes(run),
        );
        let allowed = held.is_answer.then_some(held.reviewed.as_str());
        self.never
            .objection(&unquoted, allowed)
            .or_else(|| {
                // An answer is all statements; its words are the passages' own.
                let statements = (!held.is_answer).then(|| self.statements(&unquoted))?;
                self.told.objection(&statements, None)
            })
            .or_else(|| {
                self.unless_said
                    .objection(&cleared, &held.reviewed, &held.own)
            })
            .or_else(|| {
                let answered = held.is_answer.then_some(&self.answered)?;
                // "有" stands in "没有" as well, and says the opposite.
                let [text, reviewed] = [text, &held.reviewed].map(|one| one.replace("没有", "无"));
                answered.objection(&text, &reviewed, &reviewed)
            })
            .or_else(|| self.illness(text, &held.own))
            .or_else(|| {
                let claims = !held.is_answer && self.claims(text, &fine, held);
                claims.then_some(Objection::Diagnosis)
            })
            .or_else(|| {
                let measure = if held.is_answer {
                    Measure::Given
                } else {
                    Measure::Talk
                };
                let own = Own::new(held, measure);
                let knows = self.words.knows(&self.language, text, &fine, &own);
                (!knows).then_some(Objection::Diagnosis)
            })
    }

    /// Whether a run of the patient's words is a quotation: long enough, or a word that is no word of talk and judges nothing.
    fn quotes(&self, run: &[Token]) -> bool {
        let least = if self.language == "zh" { 3 } else { 2 };
        let word: String = run.iter().map(|token| token.text.as_str()).collect();
        run.len() >= least
            || run.len() + 1 >= least
                && !self.words.is_talk(&word)
                && !self.kept.iter().any(|kept| kept.contains(&word))
    }

    /// Whether a statement claims something in words that are not the patient's.
    fn claims(&self, text: &str, fine: &[Range<usize>], held: &Grounds) -> bool {
        let is_question = text.contains('?');
        let given = Own::new(held, Measure::Given);
        let listed = Own::new(held, Measure::Listed);
        let mut begin = 0;
        let ends = self
            .parting
            .find_iter(text.as_bytes())
            .map(|found| found.range());
        let last = std::iter::once(text.len()..text.len());
        let mut framed = false;
        let mut any = false;
        for end in ends.chain(last) {
            let statement = text.get(begin..end.start).unwrap_or(text);
            let covered: usize = fine
                .iter()
                .map(|fine| {
                    fine.end
                        .min(end.start)
                        .saturating_sub(fine.start.max(begin))
                })
                .sum();
            let inside: Vec<Range<usize>> = fine
                .iter()
                .filter(|fine| begin <= fine.start && fine.end <= end.start)
                .map(|fine| fine.start - begin..fine.end - begin)
                .collect();
            begin = end.end;
            let bytes = statement.as_bytes();
            let is_asking = is_question && self.asking.is_match(bytes);
            if is_asking || self.frames.is_match(bytes) || covered * 2 > bytes.len() {
                framed = true;
                continue;
            }
            let is_own = || self.words.knows(&self.language, statement, &[], &given);
            let knows = |own| self.words.knows(&self.language, statement, &inside, own);
            let claims =
                self.claiming.is_match(bytes) || !is_question && self.telling.is_match(bytes);
            if (claims || !knows(&listed)) && !is_own() {
                return true;
            }
            any = any || !is_own();
        }
        any && !framed
    }

    /// The clauses that tell something; the asking ones are left out.
    fn statements(&self, text: &str) -> String {
        let is_question = text.contains('?');
        clauses(text)
            .filter(|clause| !(is_question && self.asking.is_match(clause.as_bytes())))
            .collect()
    }

    /// An illness the sentence names and the patient did not.
    fn illness(&self, text: &str, own: &str) -> Option<Objection> {
        self.illnesses
            .find_overlapping_iter(text)
            .any(|found| {
                stands_alone(text, found.start(), found.end())
                    && !own.contains(&text[found.range()])
            })
            .then_some(Objection::Diagnosis)
    }
}

/// A text with a space in the place of some ranges, which are in order.
fn without(text: &str, ranges: &[Range<usize>]) -> String {
    let mut left = String::with_capacity(text.len());
    let mut end = 0;
    for range in ranges {
        // The patterns work on bytes; a range that cuts a character is no phrase.
        if let Some(before) = text.get(end..range.start)
            && text.is_char_boundary(range.end)
        {
            left.push_str(before);
            left.push(' ');
            end = range.end;
        }
    }
    left.push_str(&text[end..]);
    left
}

/// The clauses of a text with their marks.
pub(super) fn clauses(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive([',', ';', ':', '.', '!', '?', '。', '—'])
}

/// A pattern with its sets in it.
fn expanded(sets: &BTreeMap<String, String>, pattern: &str) -> String {
    let mut pattern = pattern.to_owned();
    for (name, set) in sets {
        pattern = pattern.replace(&format!("<{name}>"), &format!("(?:{set})"));
    }
    pattern
}

fn regex(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).unicode(false).build().ok()
}

/// The names and terms of the knowledge's conditions in a language, without those that are everyday words.
fn illnesses(knowledge: &Knowledge, language: &str, everyday: &str) -> Vec<String> {
    let everyday: Vec<&str> = everyday.split('|').map(str::trim).collect();
    let lines: Vec<Vec<&str>> = knowledge
        .vocabulary
        .words
        .iter()
        .filter(|words| words.language == language)
        .map(|words| words.terms.lines().collect())
        .collect();
    let terms = |finding: Option<u16>| {
        let finding = finding.map(usize::from);
        lines
            .iter()
            .filter_map(move |lines| lines.get(finding?).copied())
            .flat_map(|line| line.split('|'))
            // Terms with sets or gaps are patterns, not names.
            .filter(|term| !term.contains(['{', '.']))
            .map(normalised)
    };
    let mut names: Vec<String> = knowledge
        .conditions
        .iter()
        .flat_map(|condition| {
            let name = normalised(condition.name.get(language));
            // "migraine (with aura)" is also said without the bracket.
            let short = name.split(['(', '、', '/']).next().unwrap_or("").to_owned();
            [name.clone(), short]
                .into_iter()
                .chain(terms(condition.named))
        })
        .map(|name| name.trim().to_owned())
        .filter(|name| name.chars().count() > 1 && !everyday.contains(&name.as_str()))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_of_the_lists_can_be_used() {
        let lists: Lists = toml::from_str(LISTS).unwrap();
        let tables = [
            &lists.never,
            &lists.told,
            &lists.unless_said,
            &lists.answered,
        ];
        for (language, sets) in &lists.sets {
            let kinds = tables.iter().flat_map(|table| table[language].values());
            for pattern in kinds.chain([&lists.fine[language]]).flatten() {
                let pattern = expanded(sets, pattern);
                assert!(
                    !pattern.contains('<'),
                    "{language}: a set is missing: {pattern}"
                );
                assert!(regex(&pattern).is_some(), "{language}: {pattern}");
            }
        }
        let knowledge = Knowledge::decode(crate::assets::KNOWLEDGE, crate::assets::GATE).unwrap();
        assert_eq!(all(&knowledge).len(), lists.sets.len());
    }
}
