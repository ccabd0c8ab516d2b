//! How much of a question a passage speaks of: the share of the question's weight its wordings cover.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::lexicon::Kind;
use super::reading::Term;

/// What a term of the passage's own text counts, against 1 for the wordings.
const BODY: f32 = 0.3;
/// What a term counts that stands in one wording of many; the rest comes with the share of wordings it stands in.
const ONCE: f32 = 0.55;
/// How much the best single wording counts beside the passage as a whole.
const WORDING: f32 = 0.25;
/// Weight of a name.
const NAME: f32 = 2.0;
/// Weight of a word that stands nowhere in the published content.
const UNKNOWN: f32 = 0.12;

/// One passage's terms.
#[derive(Debug, Default)]
pub struct Entry {
    /// Terms of each wording.
    wordings: Vec<BTreeSet<String>>,
    /// Credit of each term, 0 to 1.
    credits: HashMap<String, f32>,
}

impl Entry {
    /// From the terms of each wording, terms it answers besides, and the terms of its own text.
    #[must_use]
    pub fn new(
        wordings: Vec<BTreeSet<String>>,
        besides: &[String],
        body: &BTreeSet<String>,
    ) -> Self {
        let mut credits: HashMap<String, f32> =
            body.iter().map(|term| (term.clone(), BODY)).collect();
        let mut counts: HashMap<&String, u16> = HashMap::new();
        for term in wordings.iter().flatten() {
            *counts.entry(term).or_default() += 1;
        }
        // Wordings are in two languages: what stands in every second one stands in all of one language.
        let half = u16::try_from(wordings.len().div_ceil(2))
            .unwrap_or(u16::MAX)
            .max(1);
        for (term, count) in counts {
            let share = (f32::from(count) / f32::from(half)).min(1.0);
            credits.insert(term.clone(), ONCE + (1.0 - ONCE) * share.sqrt());
        }
        for term in besides {
            credits.insert(term.clone(), 1.0);
        }
        Self { wordings, credits }
    }

    /// Every term with its credit.
    pub fn terms(&self) -> impl Iterator<Item = (&String, f32)> {
        self.credits.iter().map(|(term, credit)| (term, *credit))
    }
}

/// Weights of terms in one organisation's content.
#[derive(Debug, Default)]
pub struct Weights {
    /// In how many passages a term stands.
    passages: HashMap<String, u16>,
    all: u16,
}

impl Weights {
    /// Counts one passage's terms.
    pub fn count<'a>(&mut self, terms: impl Iterator<Item = &'a String>) {
        self.all = self.all.saturating_add(1);
        for term in terms {
            *self.passages.entry(term.clone()).or_default() += 1;
        }
    }

    /// How rare a term is, 0 to 1; `None` if it stands nowhere.
    #[must_use]
    pub fn rarity(&self, term: &str) -> Option<f32> {
        let count = f32::from(*self.passages.get(term)?);
        let all = f32::from(self.all);
        Some((1.0 + all / (count + 0.5)).ln() / (1.0 + all / 1.5).ln())
    }

    /// Weight of a term in a question.
    #[must_use]
    pub fn of(&self, term: &Term) -> f32 {
        let kind = match term.kind {
            Some(Kind::Name) => return NAME,
            Some(Kind::Hospital) => 1.5,
            Some(Kind::Shared) => 1.0,
            Some(Kind::Health) => 0.8,
            Some(Kind::Plain) | None => 0.6,
            Some(Kind::Ask) => 0.3,
            Some(Kind::Idle) => 0.0,
        };
        match self.rarity(&term.text) {
            Some(rarity) => kind * rarity,
            None if term.kind.is_none() => UNKNOWN,
            None => kind,
        }
    }
}

/// The share of the question's weight an entry covers, 0 to 1.
#[must_use]
pub fn score(weights: &Weights, question: &[Term], entry: &Entry) -> f32 {
    let mut terms: BTreeMap<&str, f32> = BTreeMap::new();
    // One wording may name several records, two sites' departments say: it is one thing asked for.
    let mut named: BTreeMap<usize, f32> = BTreeMap::new();
    for term in question {
        if term.kind == Some(Kind::Name) {
            let credit = entry.credits.get(&term.text).copied().unwrap_or(0.0);
            let best = named.entry(term.bytes.start).or_default();
            *best = best.max(credit);
        } else {
            terms.insert(&term.text, weights.of(term));
        }
    }
    let of_names: f32 = named.values().map(|_| NAME).sum();
    let all: f32 = terms.values().sum::<f32>() + of_names;
    if all <= 0.0 {
        return 0.0;
    }
    let covered: f32 = terms
        .iter()
        .map(|(term, weight)| weight * entry.credits.get(*term).copied().unwrap_or(0.0))
        .sum::<f32>()
        + named.values().map(|credit| NAME * credit).sum::<f32>();
    let best = entry
        .wordings
        .iter()
        .map(|wording| {
            let shared: f32 = terms
                .iter()
                .filter(|(term, _)| wording.contains(**term))
                .map(|(_, weight)| weight)
                .sum();
            let own: f32 = wording
                .iter()
                .map(|term| weights.rarity(term).unwrap_or(0.0) * 0.7)
                .sum();
            // As much of the question as of the wording.
            2.0 * shared / (all + own).max(f32::MIN_POSITIVE)
        })
        .fold(0.0_f32, f32::max)
        .min(1.0);
    let covered = covered / all;
    if entry.wordings.is_empty() {
        return covered;
    }
    (1.0 - WORDING) * covered + WORDING * best
}
