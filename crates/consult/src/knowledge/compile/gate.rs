//! The gate's own vocabulary: what its rules name, what that implies, and the words that must be told apart from it. It reads
//! every finding of its rules exactly as the whole vocabulary does.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::marks::Marks;
use super::words::{NamedSets, WrittenTerm, by_language, ways};
use crate::gate::{Gate, Rule};
use crate::knowledge::{FindingKind, Mark, OTHER, Vocabulary, VocabularyFinding};
use crate::read::slots::slots;

/// Findings the code itself looks at.
const ALWAYS: [&str; 2] = ["pregnant", "missed_period"];

/// Cuts the gate out of the whole.
pub(super) fn gate_of(
    whole: &Vocabulary,
    mut rules: Vec<Rule>,
    terms: &[WrittenTerm],
    marks: &Marks,
    sets: &NamedSets,
) -> Gate {
    let needed = needed(whole, &rules);
    let terms = terms_of(whole, &needed, terms, marks);
    let numbers: BTreeMap<u16, u16> = needed.iter().copied().zip(0_u16..).collect();
    // Whatever must only be told apart is one finding, which no rule names.
    let other = u16::try_from(needed.len()).unwrap_or(u16::MAX);
    let number = |old: u16| numbers.get(&old).copied().unwrap_or(other);
    for rule in &mut rules {
        rule.when.renumber(&number);
    }
    let terms: Vec<WrittenTerm> = terms
        .into_iter()
        .map(|term| WrittenTerm {
            finding: number(term.finding),
            ..term.clone()
        })
        .collect();
    let mut findings: Vec<VocabularyFinding> = needed
        .iter()
        .map(|index| finding_of(whole, *index, &needed, &number))
        .collect();
    findings.push(VocabularyFinding {
        id: OTHER.to_owned(),
        kind: FindingKind::Reason,
        implies: Vec::new(),
        when: None,
    });
    let vocabulary = Vocabulary {
        fold: whole.fold.clone(),
        aliases: whole
            .aliases
            .iter()
            .filter(|(_, index)| needed.contains(index))
            .map(|(alias, index)| (alias.clone(), number(*index)))
            .collect(),
        people: whole.people.clone(),
        kinds: (whole.kinds.iter())
            .map(|kind| match kind {
                Mark::Fine(index) => Mark::Fine(number(*index)),
                kind => *kind,
            })
            .collect(),
        words: by_language(
            findings.len(),
            terms.iter(),
            &marks.words,
            marks.kinds.len(),
            sets,
        ),
        findings,
        ..Vocabulary::default()
    };
    Gate {
        vocabulary,
        rules,
        ..Gate::default()
    }
}

fn finding_of(
    whole: &Vocabulary,
    index: u16,
    needed: &BTreeSet<u16>,
    number: &impl Fn(u16) -> u16,
) -> VocabularyFinding {
    let old = &whole.findings[usize::from(index)];
    let mut when = old.when.clone();
    if let Some(when) = &mut when {
        when.renumber(number);
    }
    VocabularyFinding {
        id: old.id.clone(),
        kind: old.kind,
        implies: old
            .implies
            .iter()
            .filter(|general| needed.contains(general))
            .map(|general| number(*general))
            .collect(),
        when,
    }
}

/// The terms of the findings, and those that must be told apart from them: a longer term of another finding wins over a
/// shorter one of ours, and a term with a denial in it takes the denial away. Without them the gate would hear something
/// else than the server.
fn terms_of<'a>(
    whole: &Vocabulary,
    needed: &BTreeSet<u16>,
    terms: &'a [WrittenTerm],
    marks: &Marks,
) -> Vec<&'a WrittenTerm> {
    let mut tokens = Interner::default();
    let mut kept: BTreeSet<Vec<u32>> = BTreeSet::new();
    let ours = |term: &&WrittenTerm| needed.contains(&term.finding) && term.is_gapless();
    for term in terms.iter().filter(ours) {
        kept.extend(term.ways().iter().map(|way| tokens.numbers(way)));
    }
    let mut denials: BTreeSet<Vec<u32>> = BTreeSet::new();
    let words = marks
        .words
        .iter()
        .filter(|(kind, ..)| matches!(marks.kinds[*kind], Mark::Deny(_)));
    for slots in words.flat_map(|(_, _, word)| slots(word, &whole.fold).unwrap_or_default()) {
        denials.extend(ways(&slots).iter().map(|way| tokens.numbers(way)));
    }
    terms
        .iter()
        .filter(|term| {
            needed.contains(&term.finding)
                || term.ways().iter().any(|way| {
                    let way = tokens.numbers(way);
                    holds_any(&way, &denials) || (term.is_gapless() && holds_any(&way, &kept))
                })
        })
        .collect()
}

/// Findings of the rules, closed over what implies them and what their conditions name. What they imply in turn is not
/// needed: denying it could only deny them, and nothing fires on a denial.
fn needed(whole: &Vocabulary, rules: &[Rule]) -> BTreeSet<u16> {
    let mut needed: BTreeSet<u16> = ALWAYS.iter().filter_map(|id| whole.index_of(id)).collect();
    for rule in rules {
        rule.when.visit_findings(&mut |finding| {
            needed.insert(finding);
        });
    }
    loop {
        let before = needed.len();
        for (index, finding) in (0_u16..).zip(&whole.findings) {
            if finding
                .implies
                .iter()
                .any(|general| needed.contains(general))
            {
                needed.insert(index);
            }
            if let Some(when) = finding.when.as_ref().filter(|_| needed.contains(&index)) {
                when.visit_findings(&mut |named| {
                    needed.insert(named);
                });
            }
        }
        if needed.len() == before {
            return needed;
        }
    }
}

/// Tokens as numbers, so that ways compare fast.
#[derive(Debug, Default)]
struct Interner(HashMap<String, u32>);

impl Interner {
    /// The tokens of a way, without its gaps.
    fn numbers(&mut self, way: &[&str]) -> Vec<u32> {
        way.iter()
            .filter(|token| **token != "..")
            .map(|token| {
                let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
                *self.0.entry((*token).to_owned()).or_insert(next)
            })
            .collect()
    }
}

/// Whether a way holds one of `others` in order.
fn holds_any(way: &[u32], others: &BTreeSet<Vec<u32>>) -> bool {
    // Terms are short: every part of one can be looked up. A very long one is kept unseen, which is always safe.
    if way.len() > 12 {
        return true;
    }
    (1..1_u32 << way.len()).any(|chosen| {
        let part: Vec<u32> = way
            .iter()
            .zip(0_u32..)
            .filter(|(_, place)| chosen >> place & 1 == 1)
            .map(|(token, _)| *token)
            .collect();
        others.contains(&part)
    })
}
