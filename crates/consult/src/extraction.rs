//! What a language model read in a patient's words: which findings it is asked about, and what becomes of its answer.
//!
//! A model reads, it never decides. What it adds is a finding like another and may raise; it quiets nothing. If a red flag
//! would fire on what only the model read, that finding is suspected and its confirming question comes next; as long as it is
//! not answered the level is at least urgent. Where the model says otherwise than our own reader, the patient is asked.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::assess::complaints;
use crate::facts::Facts;
use crate::gate::Fired;
use crate::knowledge::{Knowledge, Vocabulary};
use crate::read::terms::Numbered;
use crate::read::tokens::tokenize;
use crate::state::{Details, FindingHeard, Heard, Source, State, Status};

/// A finding whose words stand in the text by at least this share of a term's weight may be meant.
const MEANT: f32 = 0.5;

/// One finding as a model read it, checked by the caller: the words stand in the patient's own text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extracted {
    /// Finding id as the model gave it.
    pub id: String,
    /// Whether the patient has it, or said that they do not.
    pub present: bool,
    /// Byte range of the words it rests on, in the patient's text.
    pub words: Range<usize>,
}

/// Findings of one text that are asked because only a model read them and a red flag would fire: two screens.
const FEARED: usize = 12;

/// What became of the findings a model read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Merged {
    /// Added: only the model read them.
    pub added: u32,
    /// Both readers read the same.
    pub agreed: u32,
    /// The readers differ; the patient is asked.
    pub conflicts: u32,
    /// Not in the catalogue, or without words.
    pub unknown: u32,
    /// Denials of what our own reader did not hear: they would only quiet, and are left out.
    pub denials: u32,
}

impl Knowledge {
    /// The findings a model is asked about for one text, by index, most telling first, at most `most`: those whose terms stand in
    /// it in part, what belongs to the complaints at hand, then what most red flags name.
    #[must_use]
    pub fn catalogue(&self, state: &State, text: &str, most: usize) -> Vec<u16> {
        let mut chosen: Vec<u16> = Vec::new();
        let mut seen = BTreeSet::new();
        let mut add = |finding: u16| {
            let known = self.findings.get(usize::from(finding));
            // A part means something only together with others; nobody says it.
            if known.is_some_and(|finding| !finding.part) && seen.insert(finding) {
                chosen.push(finding);
            }
        };
        self.meant(text).into_iter().for_each(&mut add);
        let facts = Facts::new(&self.vocabulary, state);
        for complaint in complaints(self, state, &facts) {
            let own = complaint.danger.iter().chain(&complaint.entry);
            own.chain(&complaint.ask).copied().for_each(&mut add);
        }
        self.named_by_rules().into_iter().for_each(&mut add);
        chosen.truncate(most);
        chosen
    }

    /// Findings whose terms stand in the text at least in part, best first.
    fn meant(&self, text: &str) -> Vec<u16> {
        let vocabulary = &self.vocabulary;
        let tokens = tokenize(text, &vocabulary.fold);
        let numbered = Numbered::new(vocabulary, &tokens);
        let there: BTreeSet<u16> = numbered.numbers.iter().copied().flatten().collect();
        let rarity = rarity(vocabulary);
        let weight = |slot: u16| rarity.get(usize::from(slot)).copied().unwrap_or(0.0);
        let mut scores = vec![0.0_f32; vocabulary.findings.len()];
        for term in &vocabulary.terms {
            let (mut whole, mut found) = (0.0, 0.0);
            for slot in &term.slots {
                let literal = *slot < Vocabulary::SETS;
                if literal {
                    whole += weight(*slot);
                    found += if there.contains(slot) {
                        weight(*slot)
                    } else {
                        0.0
                    };
                }
            }
            let score = &mut scores[usize::from(term.finding)];
            if whole > 0.0 {
                // Of two that stand there whole the longer one says more.
                *score = score.max(found / whole + found / 1000.0);
            }
        }
        let mut meant: Vec<u16> = (0_u16..)
            .zip(&scores)
            .filter(|(_, score)| **score >= MEANT)
            .map(|(finding, _)| finding)
            .collect();
        meant.sort_by(|one, other| {
            scores[usize::from(*other)].total_cmp(&scores[usize::from(*one)])
        });
        meant
    }

    /// Findings that red flags name, those of most rules first.
    fn named_by_rules(&self) -> Vec<u16> {
        let mut counts = vec![0_u32; self.vocabulary.findings.len()];
        for rule in &self.gate.rules {
            rule.when.visit_findings(&mut |finding| {
                let id = self.gate.vocabulary.id_of(finding);
                if let Some(finding) = self.vocabulary.index_of(id) {
                    counts[usize::from(finding)] += 1;
                }
            });
        }
        let mut named: Vec<u16> = (0_u16..)
            .zip(&counts)
            .filter(|(_, count)| **count > 0)
            .map(|(finding, _)| finding)
            .collect();
        named.sort_by_key(|finding| std::cmp::Reverse(counts[usize::from(*finding)]));
        named
    }

    /// Merges what a model read in `text` into what our own reader heard in it. `before` is what was known until then.
    pub fn merge(
        &self,
        before: &State,
        text: &str,
        heard: &mut Heard,
        extracted: &[Extracted],
    ) -> Merged {
        let mut merged = Merged::default();
        let mut added: Vec<usize> = Vec::new();
        for one in extracted {
            let Some((id, words)) = self.checked(text, one) else {
                merged.unknown += 1;
                continue;
            };
            let own = heard.findings.iter().position(|known| known.id == id);
            match (own.map(|place| heard.findings[place].status), one.present) {
                (Some(Status::Present), true) | (Some(Status::Absent), false) => merged.agreed += 1,
                // What was heard stands; the patient is asked whether it is so.
                (Some(Status::Present), false) => {
                    merged.conflicts += 1;
                    heard.doubted.push(id.to_owned());
                }
                (Some(Status::Absent), true) => {
                    merged.conflicts += 1;
                    if let Some(place) = own {
                        heard.findings[place].status = Status::Suspected;
                        heard.findings[place].source = Source::Model;
                        added.push(place);
                    }
                }
                (None | Some(Status::Suspected | Status::Unknown), true) => {
                    merged.added += 1;
                    let finding = read_by_model(id, words, one);
                    let place = own.unwrap_or(heard.findings.len());
                    match heard.findings.get_mut(place) {
                        Some(known) => *known = finding,
                        None => heard.findings.push(finding),
                    }
                    added.push(place);
                }
                (None | Some(Status::Suspected | Status::Unknown), false) => merged.denials += 1,
            }
        }
        if merged.added + merged.conflicts > 0 {
            heard.nothing = false;
        }
        self.hold_back(before, heard, &added);
        merged
    }

    /// The finding's own id and its words, if it is one of the catalogue and has words.
    fn checked<'a>(&'a self, text: &'a str, one: &Extracted) -> Option<(&'a str, &'a str)> {
        let finding = self.vocabulary.index_of(&one.id)?;
        let words = text.get(one.words.clone())?;
        let is_part = self.findings[usize::from(finding)].part;
        (!words.trim().is_empty() && !is_part).then(|| (self.vocabulary.id_of(finding), words))
    }

    /// Holds every suspicion in words back from the red flags, and fears those on which one would fire.
    pub(crate) fn hold_back_all(&self, before: &State, heard: &mut Heard) {
        let suspected: Vec<usize> = (heard.findings.iter().enumerate())
            .filter(|(_, finding)| finding.status == Status::Suspected)
            .map(|(place, _)| place)
            .collect();
        self.hold_back(before, heard, &suspected);
    }

    /// Makes a suspicion of what only the model read and a red flag would fire on, until none fires on it any more.
    fn hold_back(&self, before: &State, heard: &mut Heard, added: &[usize]) {
        // The red flags beyond our own reader's, if of what the model added only `present` counts.
        let fired = |present: &dyn Fn(usize) -> bool| -> BTreeSet<String> {
            let mut heard = heard.clone();
            for place in added {
                heard.findings[*place].status = if present(*place) {
                    Status::Present
                } else {
                    Status::Suspected
                };
            }
            let mut state = before.clone();
            state.apply(&heard);
            let cards = self.gate.fired(&state).into_iter().filter(Fired::is_card);
            cards.map(|rule| rule.id).collect()
        };
        let own = fired(&|_| false);
        let mut left = added.to_vec();
        let mut feared = Vec::new();
        loop {
            let new = &fired(&|place| left.contains(&place)) - &own;
            if new.is_empty() {
                break;
            }
            // What a rule does not fire without, and what is enough for one alone; failing both, all of it.
            let is_feared = |place: usize| {
                let without = fired(&|other| other != place && left.contains(&other));
                !new.is_subset(&without) || !fired(&|other| other == place).is_subset(&own)
            };
            let (mut more, rest): (Vec<usize>, Vec<usize>) =
                left.iter().partition(|place| is_feared(**place));
            left = rest;
            if more.is_empty() {
                more = std::mem::take(&mut left);
            }
            feared.extend(more);
        }
        for place in &feared {
            heard.findings[*place].status = Status::Suspected;
        }
        // A model that fears everything does not get to ask everything; what is left over stays suspected.
        let ids = feared.iter().map(|place| heard.findings[*place].id.clone());
        heard.feared = ids.take(FEARED).collect();
    }
}

fn read_by_model(id: &str, words: &str, one: &Extracted) -> FindingHeard {
    let place = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    FindingHeard {
        id: id.to_owned(),
        status: Status::Present,
        source: Source::Model,
        words: Some(words.to_owned()),
        span: Some((place(one.words.start), place(one.words.end))),
        details: Details::default(),
    }
}

/// How much each token says: the rarer among the terms, the more.
fn rarity(vocabulary: &Vocabulary) -> Vec<f32> {
    let mut counts = vec![0_u32; vocabulary.tokens.len()];
    for slot in vocabulary.terms.iter().flat_map(|term| &term.slots) {
        if let Some(count) = counts.get_mut(usize::from(*slot)) {
            *count += 1;
        }
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of terms are far below what a float holds exactly"
    )]
    counts
        .iter()
        .map(|count| {
            (vocabulary.terms.len() as f32 / (1.0 + *count as f32))
                .ln()
                .max(0.1)
        })
        .collect()
}
