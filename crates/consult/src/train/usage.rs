//! Which terms people use: those come to the page first.

use std::collections::BTreeMap;

use crate::knowledge::{LanguageWords, Vocabulary};
use crate::read::terms::Numbered;
use crate::read::tokens::tokenize;

/// How many of the texts each written term is found in, by language and term.
#[must_use]
pub fn usage<'a>(
    vocabulary: &Vocabulary,
    texts: impl Iterator<Item = &'a str>,
) -> BTreeMap<(String, String), u32> {
    // The same terms, each as a finding of its own, so that a match says which one it was.
    let mut written: Vec<(String, String)> = Vec::new();
    let mut words = Vec::new();
    for one in &vocabulary.words {
        let before = "\n".repeat(written.len());
        let terms: Vec<&str> = one
            .terms
            .split(['\n', '|'])
            .filter(|term| !term.is_empty())
            .collect();
        written.extend(
            terms
                .iter()
                .map(|term| (one.language.clone(), (*term).to_owned())),
        );
        words.push(LanguageWords {
            language: one.language.clone(),
            terms: before + &terms.join("\n"),
            marks: String::new(),
            sets: one.sets.clone(),
        });
    }
    let single = Vocabulary {
        fold: vocabulary.fold.clone(),
        words,
        ..Vocabulary::default()
    }
    .prepared();
    let mut counts = vec![0_u32; written.len()];
    for text in texts {
        let tokens = tokenize(text, &single.fold);
        let mut found: Vec<u16> = Numbered::new(&single, &tokens)
            .matches(&single.terms, &single.term_starts, |term| {
                term.slots.as_slice()
            })
            .into_iter()
            .map(|found| single.terms[found.entry].finding)
            .collect();
        found.sort_unstable();
        found.dedup();
        for place in found {
            counts[usize::from(place)] += 1;
        }
    }
    written
        .into_iter()
        .zip(counts)
        .filter(|(_, count)| *count > 0)
        .collect()
}
