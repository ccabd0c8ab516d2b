//! Terms on their way from the files into the vocabulary: what can be read, what is spare, what collides.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::knowledge::LanguageWords;
use crate::read::slots::{Slot, expanded, slots};

/// Ways of writing one term that are looked at; a term with more is never called spare.
const MOST_WAYS: usize = 600;
/// The token that stands for a gap in a written way.
const GAP: &str = "..";

/// One term as written, with its slots. Braces that touch a letter give several.
#[derive(Debug, Clone)]
pub(super) struct WrittenTerm {
    pub(super) finding: u16,
    pub(super) language: &'static str,
    pub(super) text: String,
    pub(super) slots: Vec<Vec<Slot>>,
}

impl WrittenTerm {
    /// Reads a term.
    ///
    /// # Errors
    /// In plain words.
    pub(super) fn read(
        finding: u16,
        language: &'static str,
        text: &str,
        fold: &[(char, char)],
        sets: &NamedSets,
    ) -> Result<Self, String> {
        if text.contains('|') {
            return Err(format!(
                "the term \"{text}\" holds a |, which separates terms"
            ));
        }
        let members = |name: &str| sets.get(language)?.get(name).map(String::as_str);
        let slots = slots(&expanded(text, members)?, fold)?;
        let text = text.trim().to_lowercase();
        Ok(Self {
            finding,
            language,
            text,
            slots,
        })
    }

    /// Every way it can be written, with `..` for gaps.
    pub(super) fn ways(&self) -> Vec<Vec<&str>> {
        self.slots.iter().flat_map(|slots| ways(slots)).collect()
    }

    /// Whether it has no gap.
    pub(super) fn is_gapless(&self) -> bool {
        self.slots.iter().all(|slots| !slots.contains(&Slot::Gap))
    }
}

/// Every way slots can be written, up to one more than [`MOST_WAYS`].
pub(super) fn ways(slots: &[Slot]) -> Vec<Vec<&str>> {
    let mut ways: Vec<Vec<&str>> = vec![Vec::new()];
    for slot in slots {
        let choices: Vec<Vec<&str>> = match slot {
            Slot::Gap => vec![vec![GAP]],
            Slot::Token(token) => vec![vec![token]],
            Slot::Set(set) => set
                .iter()
                .map(|one| one.iter().map(String::as_str).collect())
                .collect(),
        };
        ways = ways
            .iter()
            .flat_map(|way| {
                choices
                    .iter()
                    .map(move |choice| [way.as_slice(), choice.as_slice()].concat())
            })
            .take(MOST_WAYS + 1)
            .collect();
    }
    ways
}

/// Drops terms that add nothing: in every way they can be written, another term of the same finding is found too. A term
/// that holds a term of another finding stays, because it may be there to win over it.
pub(super) fn without_spare(terms: Vec<WrittenTerm>) -> Vec<WrittenTerm> {
    let mut owners: HashMap<Vec<String>, BTreeSet<u16>> = HashMap::new();
    for term in &terms {
        for way in term.ways() {
            owners.entry(owned(&way)).or_default().insert(term.finding);
        }
    }
    let mut by_finding: BTreeMap<u16, Vec<WrittenTerm>> = BTreeMap::new();
    for term in terms {
        by_finding.entry(term.finding).or_default().push(term);
    }
    let is_foreign = |finding: u16, part: &[&str]| {
        owners
            .get(&owned(part))
            .is_some_and(|owners| owners.iter().any(|owner| *owner != finding))
    };
    by_finding
        .into_values()
        .flat_map(|terms| kept(terms, &is_foreign))
        .collect()
}

fn owned(way: &[&str]) -> Vec<String> {
    way.iter().map(|token| (*token).to_owned()).collect()
}

fn kept(
    mut terms: Vec<WrittenTerm>,
    is_foreign: &impl Fn(u16, &[&str]) -> bool,
) -> Vec<WrittenTerm> {
    // The most general first: few words, then gaps before none, then many ways.
    terms.sort_by_cached_key(|term| {
        let ways = term.ways();
        let words = |way: &Vec<&str>| way.iter().filter(|token| **token != GAP).count();
        let fewest = ways.iter().map(words).min().unwrap_or(0);
        (fewest, term.is_gapless(), usize::MAX - ways.len())
    });
    let mut kept: Vec<WrittenTerm> = Vec::new();
    let mut known: BTreeSet<Vec<String>> = BTreeSet::new();
    for term in terms {
        let ways = term.ways();
        let guards = |way: &Vec<&str>| {
            runs(way).any(|run| run.len() < way.len() && is_foreign(term.finding, run))
        };
        let spare = ways.len() <= MOST_WAYS
            && ways
                .iter()
                .all(|way| holds_known(way, &known) && !guards(way));
        if !spare {
            known.extend(ways.iter().map(|way| owned(way)));
            kept.push(term);
        }
    }
    kept
}

/// Every run of tokens in a way.
fn runs<'a, 'b>(way: &'a [&'b str]) -> impl Iterator<Item = &'a [&'b str]> {
    (0..way.len()).flat_map(move |from| (from + 1..=way.len()).map(move |to| &way[from..to]))
}

/// Whether a run of the way is a known way already, as it stands or with a gap in the place of up to four of its tokens.
fn holds_known(way: &[&str], known: &BTreeSet<Vec<String>>) -> bool {
    runs(way).any(|run| {
        known.contains(&owned(run))
            || (1..run.len()).any(|from| {
                (from..run.len().min(from + 5))
                    .any(|to| known.contains(&owned(&[&run[..from], &[GAP], &run[to..]].concat())))
            })
    })
}

/// Terms that stand under two findings: the term and both findings, each pair once.
pub(super) fn collisions(terms: &[WrittenTerm]) -> Vec<(u16, u16, String)> {
    let mut first: HashMap<Vec<&str>, u16> = HashMap::new();
    let mut pairs: BTreeMap<(u16, u16), String> = BTreeMap::new();
    for term in terms {
        for way in term.ways() {
            let before = *first.entry(way.clone()).or_insert(term.finding);
            if before != term.finding {
                pairs
                    .entry((before, term.finding))
                    .or_insert_with(|| way.join(" "));
            }
        }
    }
    pairs
        .into_iter()
        .map(|((one, other), term)| (one, other, term))
        .collect()
}

/// Named sets by language and name: members with commas.
pub(super) type NamedSets = BTreeMap<String, BTreeMap<String, String>>;

/// Words by line.
type Lines<'a> = Vec<Vec<&'a str>>;

/// The words of each language as the vocabulary stores them.
pub(super) fn by_language<'a>(
    findings: usize,
    terms: impl Iterator<Item = &'a WrittenTerm>,
    marks: &[(usize, &'static str, String)],
    kinds: usize,
    sets: &NamedSets,
) -> Vec<LanguageWords> {
    let mut found: BTreeMap<&str, (Lines<'_>, Lines<'_>)> = BTreeMap::new();
    let empty = || (vec![Vec::new(); findings], vec![Vec::new(); kinds]);
    for term in terms {
        let lines = &mut found.entry(term.language).or_insert_with(empty).0;
        lines[usize::from(term.finding)].push(&term.text);
    }
    for (kind, language, word) in marks {
        found.entry(language).or_insert_with(empty).1[*kind].push(word);
    }
    let lines = |lines: Lines<'_>| {
        let lines: Vec<String> = lines.iter().map(|terms| terms.join("|")).collect();
        lines.join("\n")
    };
    found
        .into_iter()
        .map(|(language, (terms, marks))| LanguageWords {
            language: language.to_owned(),
            terms: lines(terms),
            marks: lines(marks),
            sets: named(sets.get(language)),
        })
        .collect()
}

/// Sets as [`LanguageWords`] stores them.
fn named(sets: Option<&BTreeMap<String, String>>) -> String {
    let line = |(name, members): (&String, &String)| format!("{name}={members}");
    let lines: Vec<String> = sets.into_iter().flatten().map(line).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spare_terms_go() {
        let read = |text| WrittenTerm::read(0, "en", text, &[], &NamedSets::new()).unwrap();
        let terms = vec![
            read("severe chest pain"),
            read("chest pain"),
            read("{bad,awful} chest pain"),
            read("chest .. pain"),
            read("sore throat"),
        ];
        let left: Vec<String> = without_spare(terms)
            .into_iter()
            .map(|term| term.text)
            .collect();
        assert_eq!(left, ["chest .. pain", "sore throat"]);
    }
}
