//! What a patient said, in Chinese, English or both mixed: findings with status, details and the exact words; age, sex, who
//! it is for; measurements. In the manner of ConText: terms first, then the scopes of denial, doubt, time, family.

pub(crate) mod slots;
pub(crate) mod spelling;
pub mod statistical;
pub mod terms;
pub mod tokens;

mod numbers;
mod people;
mod scopes;

use std::collections::BTreeMap;

use crate::expression::Measure;
use crate::knowledge::{FindingKind, Mark, Vocabulary};
use crate::profile::Profile;
use crate::state::{Details, FindingHeard, Source, Status};
use terms::{Match, Numbered, longest};
use tokens::{Break, Kind, Token, tokenize};

/// What a text says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// Findings, in the order of the text, each once.
    pub findings: Vec<FindingHeard>,
    /// What it tells of the patient.
    pub profile: Profile,
    /// Measurements that a living person can have.
    pub measures: BTreeMap<Measure, f64>,
}

/// A text with its tokens and marks, as the parts of the reader share it.
pub(crate) struct Marked<'a> {
    pub(crate) tokens: &'a [Token],
    pub(crate) marks: Vec<(Mark, Match)>,
    /// For each place, how many breaks of each strength stand before it.
    breaks: Vec<[u16; 4]>,
}

impl<'a> Marked<'a> {
    fn new(tokens: &'a [Token], marks: Vec<(Mark, Match)>) -> Self {
        let mut count = [0_u16; 4];
        let mut breaks = vec![count];
        for token in tokens {
            if let Kind::Break(strength) = token.kind {
                count[strength as usize] = count[strength as usize].saturating_add(1);
            }
            breaks.push(count);
        }
        Self {
            tokens,
            marks,
            breaks,
        }
    }

    fn stands_between(&self, from: usize, to: usize, strength: Break) -> bool {
        let last = self.breaks.len() - 1;
        let (from, to) = (from.min(last), to.min(last));
        to > from && self.breaks[to][strength as usize] > self.breaks[from][strength as usize]
    }

    /// Whether a break at least as strong stands between two places.
    pub(crate) fn is_broken(&self, from: usize, to: usize, strength: Break) -> bool {
        [Break::Space, Break::List, Break::Clause, Break::Sentence]
            .into_iter()
            .any(|one| one >= strength && self.stands_between(from, to, one))
    }

    /// Whether a clause ends between: a space between Chinese characters or a comma, but not the `、` of a list.
    pub(crate) fn is_cut(&self, from: usize, to: usize) -> bool {
        [Break::Space, Break::Clause, Break::Sentence]
            .into_iter()
            .any(|one| self.stands_between(from, to, one))
    }

    /// Marks of one kind that begin at `place`.
    pub(crate) fn at(&self, place: usize) -> impl Iterator<Item = &(Mark, Match)> {
        self.marks
            .iter()
            .filter(move |(_, found)| found.first() == place)
    }
}

/// Reads a text.
#[must_use]
pub fn read(vocabulary: &Vocabulary, text: &str) -> Reading {
    let tokens = tokenize(text, &vocabulary.fold);
    let numbered = Numbered::new(vocabulary, &tokens);
    let found = longest(
        numbered.matches(&vocabulary.terms, &vocabulary.term_starts, |term| {
            term.slots.as_slice()
        }),
    );
    let marks = longest(
        numbered.matches(&vocabulary.marks, &vocabulary.mark_starts, |term| {
            term.slots.as_slice()
        }),
    );
    let marks = marks
        .into_iter()
        .map(|one| (vocabulary.marks[one.entry].mark, one))
        // A term that holds the denial in itself ("can't breathe") is not denied by it.
        .filter(|(mark, one)| {
            !matches!(mark, Mark::Deny(_)) || !found.iter().any(|term| within(one, term))
        })
        .collect();
    let marked = Marked::new(&tokens, marks);

    let fine = fine(vocabulary, &marked);
    let durations = numbers::durations(&marked);
    let mut findings: Vec<FindingHeard> = Vec::new();
    // The words of "breathing is fine" are no words of a complaint.
    for one in (found.iter()).filter(|term| !fine.iter().any(|(_, mark)| within(term, mark))) {
        let finding = vocabulary.terms[one.entry].finding;
        let kind = vocabulary.findings[usize::from(finding)].kind;
        let Some(status) = scopes::status(&marked, one, kind) else {
            continue;
        };
        let (start, end) = (tokens[one.first()].start, tokens[one.last()].end);
        let heard = FindingHeard {
            id: vocabulary.id_of(finding).to_owned(),
            status,
            source: Source::Text,
            words: text.get(start..end).map(str::to_owned),
            span: u32::try_from(start).ok().zip(u32::try_from(end).ok()),
            details: details(&marked, one, kind, &durations),
        };
        take(&mut findings, heard);
    }
    for (finding, one) in fine {
        let (start, end) = (tokens[one.first()].start, tokens[one.last()].end);
        let heard = FindingHeard {
            id: vocabulary.id_of(finding).to_owned(),
            status: Status::Absent,
            source: Source::Text,
            words: text.get(start..end).map(str::to_owned),
            span: u32::try_from(start).ok().zip(u32::try_from(end).ok()),
            details: Details::default(),
        };
        take(&mut findings, heard);
    }
    Reading {
        findings,
        profile: people::profile(vocabulary, &marked),
        measures: numbers::measures(&marked),
    }
}

/// What is plainly said to be as it should be now: "not breathing fine" and "was fine last year" say nothing of the kind.
fn fine<'m>(vocabulary: &Vocabulary, marked: &'m Marked<'_>) -> Vec<(u16, &'m Match)> {
    let said = |(mark, one): &'m (Mark, Match)| match mark {
        Mark::Fine(finding) => {
            let kind = vocabulary.findings[usize::from(*finding)].kind;
            let is_plain = scopes::status(marked, one, kind) == Some(Status::Present);
            is_plain.then_some((*finding, one))
        }
        _ => None,
    };
    marked.marks.iter().filter_map(said).collect()
}

/// Whether the whole text is a bare yes or no.
#[must_use]
pub fn yes_or_no(vocabulary: &Vocabulary, text: &str) -> Option<bool> {
    let tokens = tokenize(text, &vocabulary.fold);
    let numbered = Numbered::new(vocabulary, &tokens);
    let said = tokens
        .iter()
        .filter(|token| !matches!(token.kind, Kind::Break(_)))
        .count();
    numbered
        .matches(&vocabulary.marks, &vocabulary.mark_starts, |term| {
            term.slots.as_slice()
        })
        .into_iter()
        .find_map(|found| {
            let whole = found.places.len() == said;
            match vocabulary.marks[found.entry].mark {
                Mark::Yes if whole => Some(true),
                Mark::No if whole => Some(false),
                _ => None,
            }
        })
}

/// Whether the mark lies in the literal tokens of the term.
fn within(mark: &Match, term: &Match) -> bool {
    mark.places.iter().all(|place| term.places.contains(place))
}

/// Keeps each finding once: present beats doubt, doubt beats denial; details add up.
fn take(findings: &mut Vec<FindingHeard>, heard: FindingHeard) {
    let rank = |status: Status| match status {
        Status::Present => 3,
        Status::Suspected => 2,
        Status::Absent => 1,
        Status::Unknown => 0,
    };
    let Some(known) = findings.iter_mut().find(|known| known.id == heard.id) else {
        findings.push(heard);
        return;
    };
    if rank(heard.status) > rank(known.status) {
        *known = heard;
    } else if heard.status == known.status {
        let (mine, other) = (&mut known.details, heard.details);
        mine.hours = mine.hours.or(other.hours);
        mine.sudden |= other.sudden;
        mine.severe |= other.severe;
        mine.worsening |= other.worsening;
    }
}

/// Details said in the same clause, or in the next one if that says nothing else.
fn details(
    marked: &Marked<'_>,
    one: &Match,
    kind: FindingKind,
    durations: &[(usize, f64)],
) -> Details {
    let mut details = Details::default();
    if matches!(kind, FindingKind::Background | FindingKind::Reason) {
        return details;
    }
    for (mark, place) in &marked.marks {
        let (from, to) = (place.last().min(one.last()), place.first().max(one.first()));
        let overlaps = from >= to;
        if !overlaps && (to - from > 8 || marked.is_broken(from, to, Break::Clause)) {
            continue;
        }
        match mark {
            Mark::Sudden => details.sudden = true,
            Mark::Severe => details.severe = true,
            Mark::Worsening => details.worsening = true,
            _ => {}
        }
    }
    details.hours = if let [(_, only)] = durations {
        Some(*only)
    } else {
        durations
            .iter()
            .filter(|(place, _)| {
                !marked.is_broken(
                    (*place).min(one.last()),
                    (*place).max(one.first()),
                    Break::Sentence,
                )
            })
            .min_by_key(|(place, _)| place.abs_diff(one.last()))
            .map(|(_, hours)| *hours)
    };
    details
}
