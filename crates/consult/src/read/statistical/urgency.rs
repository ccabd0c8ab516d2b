//! How urgent a text sounds, and which of its clauses sounds worst.

use serde::{Deserialize, Serialize};

use super::super::tokens::{Break, Kind, Token, tokenize};
use super::features::{key, n_grams};
use super::{Statistical, logistic};

/// A text of which fewer n-grams are known does not sound urgent or not.
const KNOWN_FOR_URGENCY: usize = 3;

/// What a level class says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sounding {
    /// To be seen today or sooner.
    Urgent,
    /// To be seen now.
    Emergency,
}

/// How urgent a text sounds: chances from 0 to 1, among people who ask a hospital where to go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Urgency {
    /// To be seen today or sooner.
    pub urgent: f32,
    /// To be seen now.
    pub emergency: f32,
    /// The part of the text that sounds worst.
    pub words: String,
}

impl Urgency {
    /// The worse of two texts: what is said later makes nothing said before less urgent.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        let urgent = self.urgent.max(other.urgent);
        let worse = if other.emergency > self.emergency {
            other
        } else {
            self
        };
        Self { urgent, ..worse }
    }
}

impl Statistical {
    /// How urgent it sounds, from the sums of the level classes.
    pub(super) fn urgency(&self, sums: &[f32], known: usize) -> Option<Urgency> {
        let chance = |wanted: Sounding| {
            let place = self.levels.iter().position(|level| *level == wanted)?;
            sums.get(place).map(|sum| logistic(sum * self.steps[2]))
        };
        if known < KNOWN_FOR_URGENCY {
            return None;
        }
        let emergency = chance(Sounding::Emergency)?;
        Some(Urgency {
            urgent: chance(Sounding::Urgent)?.max(emergency),
            emergency,
            words: String::new(),
        })
    }

    /// The clause of a text that sounds most like an emergency.
    #[must_use]
    pub fn worst_clause<'a>(&self, text: &'a str, fold: &[(char, char)]) -> &'a str {
        let tokens = tokenize(text, fold);
        let ends =
            |token: &Token| matches!(token.kind, Kind::Break(Break::Clause | Break::Sentence));
        tokens
            .split(ends)
            .filter_map(|clause| {
                let words = text.get(clause.first()?.start..clause.last()?.end)?;
                let mut sum = 0;
                n_grams(clause, &mut |name| sum += self.alarming(key(name)));
                Some((sum, words))
            })
            .max_by_key(|(sum, _)| *sum)
            .map_or(text, |(_, words)| words)
            .trim()
    }

    /// What an n-gram says for an emergency, in steps.
    fn alarming(&self, key: u32) -> i32 {
        let before = self.specialties.len() + self.findings.len();
        let class = self
            .levels
            .iter()
            .position(|level| *level == Sounding::Emergency)
            .and_then(|place| u16::try_from(before + place).ok());
        let weight = || {
            let place = self.keys.binary_search(&key).ok()?;
            let from = self.starts[place];
            let own = self
                .classes
                .get(from..from + usize::from(self.counts[place]))?;
            let of_class = own.iter().position(|one| Some(*one) == class)?;
            self.weights.get(from + of_class).copied()
        };
        weight().map_or(0, i32::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clause_that_sounds_worst_is_named() {
        let model = Statistical {
            levels: vec![Sounding::Emergency, Sounding::Urgent],
            bias: vec![0, 0],
            steps: [0.1; 3],
            distances: vec![key("floppy")],
            counts: vec![2],
            classes: vec![0, 1],
            weights: vec![15, 3],
            ..Statistical::default()
        }
        .prepared();
        let text = "hello, she has gone floppy , what now";
        assert_eq!(model.worst_clause(text, &[]), "she has gone floppy");
    }
}
