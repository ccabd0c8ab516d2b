//! The closed vocabulary: a sentence may be made of the words listed for its language, the words of the step and of the patient,
//! and the plain words for symptoms that the knowledge shows to patients. Whatever else a model says, the patterns may not know it.

use std::collections::HashSet;
use std::ops::Range;

use consult::knowledge::{FindingKind, Knowledge};
use consult::read::tokens::{Kind, is_han, tokenize};

use super::Grounds;

/// Characters of the longest Chinese entry that is looked up.
const LONGEST: usize = 10;
/// A Chinese sentence of at least so many characters may hold one that is in no list; illnesses of one character are patterns.
const LONG: usize = 10;
/// What such a character costs, beside which the patient's single ones do not count.
const STRANGE: usize = 1000;
/// In an answer, one character in so many may be a single one of the passage, out of its word.
const SINGLE: usize = 5;

/// The words of one language.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// Words of talk with a patient: Chinese as written, English without endings.
    talk: HashSet<Box<str>>,
    /// Words an answer from the hospital's passages may add to them.
    answer: HashSet<Box<str>>,
}

/// Words of a text beside the listed ones.
#[derive(Debug)]
pub(super) struct Own<'a> {
    text: &'a str,
    words: &'a HashSet<String>,
    measure: Measure,
}

/// How strictly words are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    /// Words of talk; in a long Chinese sentence one character may be strange.
    Talk,
    /// Words of talk and no other.
    Listed,
    /// The given text's words and the few an answer needs.
    Given,
}

impl<'a> Own<'a> {
    /// The words of the patient and of the step.
    pub(super) fn new(grounds: &'a Grounds, measure: Measure) -> Self {
        Self {
            text: &grounds.own,
            words: &grounds.words,
            measure,
        }
    }
}

impl Words {
    /// The words of the lists and of the knowledge. `illnesses` are never taken from the knowledge.
    pub(super) fn new(
        knowledge: &Knowledge,
        language: &str,
        talk: &str,
        answer: &str,
        is_illness: impl Fn(&str) -> bool,
    ) -> Self {
        let mut words = Self {
            talk: entries(language, talk),
            answer: entries(language, answer),
        };
        let vocabulary = &knowledge.vocabulary;
        let symptoms = vocabulary
            .findings
            .iter()
            .zip(&knowledge.findings)
            .filter(|(finding, _)| matches!(finding.kind, FindingKind::Symptom | FindingKind::Sign))
            .map(|(_, finding)| finding);
        for finding in symptoms {
            let texts = [finding.label.get(language), finding.name.get(language)];
            for text in texts {
                let text = super::form::normalised(text);
                for phrase in text.split(['、', ',', ';', '(', ')', '/', ' ', '或', '和']) {
                    // Chinese phrases are taken whole; English words are in the list, where each was looked at.
                    let is_word = phrase.chars().count() > 1 && phrase.chars().all(is_han);
                    if language == "zh" && is_word && !is_illness(phrase) {
                        words.talk.insert(phrase.into());
                    }
                }
            }
        }
        words
    }

    /// Whether every word of the text is known or lies in one of the `fine` ranges.
    pub(super) fn knows(
        &self,
        language: &str,
        text: &str,
        fine: &[Range<usize>],
        own: &Own<'_>,
    ) -> bool {
        if language == "zh" {
            self.knows_characters(text, fine, own)
        } else {
            self.knows_words(text, fine, own)
        }
    }

    fn knows_words(&self, text: &str, fine: &[Range<usize>], own: &Own<'_>) -> bool {
        tokenize(text, &[])
            .iter()
            .filter(|token| token.kind == Kind::Word)
            .filter(|token| {
                let is_in =
                    |range: &Range<usize>| range.start <= token.start && token.end <= range.end;
                !fine.iter().any(is_in)
            })
            .all(|token| self.lists(&token.text, own) || own.words.contains(&token.text))
    }

    /// Cuts the characters into known pieces with as few single characters of the patient's as can be.
    fn knows_characters(&self, text: &str, fine: &[Range<usize>], own: &Own<'_>) -> bool {
        let places: Vec<(usize, char)> = text.char_indices().collect();
        let end_of = |place: usize| places.get(place).map_or(text.len(), |one| one.0);
        let mut costs: Vec<Option<usize>> = vec![None; places.len() + 1];
        costs[0] = Some(0);
        let mut count = 0;
        for (place, (start, character)) in places.iter().enumerate() {
            let is_word = is_han(*character) || character.is_ascii_alphabetic();
            count += usize::from(is_word);
            let Some(cost) = costs[place] else { continue };
            if let Some(range) = fine.iter().find(|range| range.start == *start) {
                let length = text
                    .get(range.clone())
                    .map_or(0, |fine| fine.chars().count());
                lower(&mut costs[place + length], cost);
            }
            if !is_word {
                lower(&mut costs[place + 1], cost);
                continue;
            }
            lower(&mut costs[place + 1], cost + STRANGE);
            let mut in_own = true;
            for length in 1..=LONGEST.min(places.len() - place) {
                let piece = &text[*start..end_of(place + length)];
                in_own = in_own && own.text.contains(piece);
                if self.lists(piece, own) || in_own && length > 1 {
                    lower(&mut costs[place + length], cost);
                } else if in_own {
                    lower(&mut costs[place + length], cost + 1);
                }
            }
        }
        let allowed = match own.measure {
            Measure::Given => count / SINGLE,
            Measure::Talk if count >= LONG => count + STRANGE,
            Measure::Talk | Measure::Listed => count,
        };
        costs[places.len()].is_some_and(|cost| cost <= allowed)
    }

    /// Whether it is a word of talk with patients.
    pub(super) fn is_talk(&self, word: &str) -> bool {
        self.talk.contains(word)
    }

    fn lists(&self, word: &str, own: &Own<'_>) -> bool {
        self.answer.contains(word) || own.measure != Measure::Given && self.talk.contains(word)
    }
}

fn lower(cost: &mut Option<usize>, other: usize) {
    *cost = Some(cost.map_or(other, |known| known.min(other)));
}

/// The entries of a list as the texts are looked up: Chinese between white space, English by token.
fn entries(language: &str, list: &str) -> HashSet<Box<str>> {
    if language == "zh" {
        return list.split_whitespace().map(Into::into).collect();
    }
    tokenize(list, &[])
        .into_iter()
        .filter(|token| token.kind == Kind::Word)
        .map(|token| token.text.into_boxed_str())
        .collect()
}
