//! The gate's own vocabulary: what its rules name, what that implies, and the words that must be told apart from it. It reads
//! every finding of its rules exactly as the whole vocabulary does.

use std::collections::{BTreeMap, BTreeSet};

use crate::gate::{Gate, Rule};
use crate::knowledge::{Mark, MarkTerm, Term, Vocabulary, VocabularyFinding};

/// Findings the code itself looks at.
const ALWAYS: [&str; 2] = ["pregnant", "missed_period"];

pub(super) fn gate_of(whole: &Vocabulary, mut rules: Vec<Rule>) -> Gate {
    let needed = needed(whole, &rules);
    let terms: Vec<&Term> = whole
        .terms
        .iter()
        .filter(|term| needed.contains(&term.finding))
        .collect();
    let kept: BTreeSet<Vec<u16>> = terms
        .iter()
        .flat_map(|term| written(whole, &term.slots))
        .collect();
    let denials: Vec<Vec<u16>> = whole
        .marks
        .iter()
        .filter(|mark| matches!(mark.mark, Mark::Deny(_)))
        .flat_map(|mark| written(whole, &mark.slots))
        .collect();
    // A longer term of another finding wins over a shorter one of ours, and a term with a denial in it takes the denial away:
    // those must be known here too, or the gate would hear something else than the server.
    let matters = |term: &&Term| {
        let gapless = term
            .slots
            .iter()
            .all(|slot| *slot < Vocabulary::GAP_CHARACTERS);
        !needed.contains(&term.finding)
            && written(whole, &term.slots).iter().any(|mine| {
                denials.iter().any(|denial| contains(mine, denial))
                    || (gapless && holds_any(mine, &kept))
            })
    };
    let all: Vec<&Term> = terms
        .iter()
        .copied()
        .chain(whole.terms.iter().filter(matters))
        .collect();

    let findings: BTreeSet<u16> = needed
        .iter()
        .copied()
        .chain(all.iter().map(|term| term.finding))
        .collect();
    let finding_numbers: BTreeMap<u16, u16> = findings.iter().copied().zip(0_u16..).collect();
    let finding_number = |old: u16| finding_numbers.get(&old).copied().unwrap_or(u16::MAX);
    let slots = || {
        all.iter()
            .map(|term| &term.slots)
            .chain(whole.marks.iter().map(|mark| &mark.slots))
            .flatten()
            .copied()
    };
    let sets: BTreeSet<u16> = slots().filter(|slot| whole.set(*slot).is_some()).collect();
    let set_numbers: BTreeMap<u16, u16> = sets.iter().copied().zip(Vocabulary::SETS..).collect();
    let tokens: BTreeSet<u16> = slots()
        .filter(|slot| *slot < Vocabulary::SETS)
        .chain(
            sets.iter()
                .filter_map(|slot| whole.set(*slot))
                .flatten()
                .flatten()
                .copied(),
        )
        .collect();
    let token_numbers: BTreeMap<u16, u16> = tokens.iter().copied().zip(0_u16..).collect();
    let number = |slot: &u16| {
        token_numbers
            .get(slot)
            .or_else(|| set_numbers.get(slot))
            .copied()
            .unwrap_or(*slot)
    };
    let renumber = |slots: &[u16]| slots.iter().map(number).collect::<Vec<u16>>();

    for rule in &mut rules {
        rule.when.renumber(&finding_number);
    }
    let vocabulary = Vocabulary {
        fold: whole.fold.clone(),
        tokens: tokens
            .iter()
            .filter_map(|token| whole.tokens.get(usize::from(*token)).cloned())
            .collect(),
        findings: findings
            .iter()
            .map(|index| {
                let old = &whole.findings[usize::from(*index)];
                let inside = needed.contains(index);
                let mut when = old.when.clone().filter(|_| inside);
                if let Some(when) = &mut when {
                    when.renumber(&finding_number);
                }
                VocabularyFinding {
                    id: old.id.clone(),
                    kind: old.kind,
                    implies: old
                        .implies
                        .iter()
                        .filter(|general| inside && findings.contains(general))
                        .map(|general| finding_number(*general))
                        .collect(),
                    when,
                }
            })
            .collect(),
        aliases: whole
            .aliases
            .iter()
            .filter(|(_, index)| findings.contains(index))
            .map(|(alias, index)| (alias.clone(), finding_number(*index)))
            .collect(),
        terms: all
            .iter()
            .map(|term| Term {
                finding: finding_number(term.finding),
                slots: renumber(&term.slots),
            })
            .collect(),
        marks: whole
            .marks
            .iter()
            .map(|mark| MarkTerm {
                mark: mark.mark,
                slots: renumber(&mark.slots),
            })
            .collect(),
        sets: sets
            .iter()
            .filter_map(|slot| whole.set(*slot))
            .map(|set| set.iter().map(|one| renumber(one)).collect())
            .collect(),
        people: whole.people.clone(),
        ..Vocabulary::default()
    };
    Gate {
        hash: String::new(),
        vocabulary,
        rules,
    }
}

/// Findings of the rules, closed over what implies them, what they imply and what their conditions name.
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
            if needed.contains(&index) {
                needed.extend(&finding.implies);
                if let Some(when) = &finding.when {
                    when.visit_findings(&mut |named| {
                        needed.insert(named);
                    });
                }
            }
        }
        if needed.len() == before {
            return needed;
        }
    }
}

/// Every way a term can be written, without its gaps.
fn written(whole: &Vocabulary, slots: &[u16]) -> Vec<Vec<u16>> {
    let mut ways: Vec<Vec<u16>> = vec![Vec::new()];
    for slot in slots
        .iter()
        .filter(|slot| **slot < Vocabulary::GAP_CHARACTERS)
    {
        let single = vec![vec![*slot]];
        let choices = whole.set(*slot).unwrap_or(&single);
        ways = ways
            .iter()
            .flat_map(|way| {
                choices
                    .iter()
                    .map(move |choice| [way.as_slice(), choice.as_slice()].concat())
            })
            .collect();
    }
    ways
}

/// Whether `long` holds one of `kept` in order, with something beside it.
fn holds_any(long: &[u16], kept: &BTreeSet<Vec<u16>>) -> bool {
    // Terms are short: every part of one can be looked up. A very long one is kept unseen, which is always safe.
    if long.len() > 12 {
        return true;
    }
    (1..(1_u32 << long.len()) - 1).any(|chosen| {
        let part: Vec<u16> = long
            .iter()
            .zip(0_u32..)
            .filter(|(_, place)| chosen >> place & 1 == 1)
            .map(|(token, _)| *token)
            .collect();
        kept.contains(&part)
    })
}

/// Whether `long` holds the tokens of `short` in order.
fn contains(long: &[u16], short: &[u16]) -> bool {
    let mut rest = long.iter();
    short.iter().all(|token| rest.any(|other| other == token))
}
