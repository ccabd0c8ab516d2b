//! The patient's own words in a sentence. Where a clause says whose words they are ("you told me that …"), the patterns leave them
//! out: to repeat a fear is not to confirm it.

use std::ops::Range;

use consult::read::tokens::{Kind, Token, tokenize};
use regex::bytes::Regex;

/// A sentence without what its attributing clauses repeat of the patient's words.
pub(super) fn without(
    text: &str,
    said: &str,
    attributing: &Regex,
    is_quotation: &dyn Fn(&[Token]) -> bool,
) -> String {
    let mut left = String::with_capacity(text.len());
    for clause in super::lists::clauses(text) {
        if !said.is_empty() && attributing.is_match(clause.as_bytes()) {
            let mut end = 0;
            for run in runs(clause, said, is_quotation) {
                left.push_str(&clause[end..run.start]);
                left.push_str(" … ");
                end = run.end;
            }
            left.push_str(&clause[end..]);
        } else {
            left.push_str(clause);
        }
    }
    left
}

/// The longest runs of the patient's words, from left to right.
fn runs(clause: &str, said: &str, is_quotation: &dyn Fn(&[Token]) -> bool) -> Vec<Range<usize>> {
    let of = |text: &str| {
        let mut tokens = tokenize(text, &[]);
        tokens.retain(|token| !matches!(token.kind, Kind::Break(_)));
        tokens
    };
    let (mine, theirs) = (of(clause), of(said));
    let mut found = Vec::new();
    let mut at = 0;
    while at < mine.len() {
        let longest = (0..theirs.len())
            .map(|from| {
                mine[at..]
                    .iter()
                    .zip(&theirs[from..])
                    .take_while(|(one, other)| one.text == other.text)
                    .count()
            })
            .max()
            .unwrap_or(0);
        if longest > 0 && is_quotation(&mine[at..at + longest]) {
            found.push(mine[at].start..mine[at + longest - 1].end);
            at += longest;
        } else {
            at += 1;
        }
    }
    found
}
