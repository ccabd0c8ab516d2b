//! The alarm: words that no rule knows and that sound like an emergency all the same. People say the same danger in more ways
//! than anybody can list (`docs/adr/0007-an-alarm-for-words-no-rule-knows.md`). One weight per n-gram, learned by
//! `cargo xtask train` from lines that carry a care level; small enough to follow the page's gate.

use serde::{Deserialize, Serialize};

use super::{Fired, RuleLevel};
use crate::Text;
use crate::knowledge::Vocabulary;
use crate::order::sorted;
use crate::read::statistical::{Features, PARTS_OF_STEP, chance, key, n_grams};
use crate::read::tokens::{Break, Kind, Token, tokenize};
use crate::state::State;

/// Id under which the alarm is shown, stored and counted, beside the ids of rules.
pub const ALARM: &str = "sounds_like_emergency";
/// A text of which fewer n-grams are known sounds like nothing.
const KNOWN_AT_LEAST: usize = 4;

/// The alarm's weights and its card.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Alarm {
    /// Heading of the card.
    pub title: Text,
    /// What to do now.
    pub words: Text,
    /// The card shows from this chance on, 0 to 1.
    pub least: f32,
    /// What is said before any word, in sixty-fourths of a step.
    pub bias: i16,
    /// One step, in log odds.
    pub step: f32,
    /// What n-grams say.
    pub sounds: Sounds,
}

/// N-grams with what each says for an emergency.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sounds {
    /// Keys of the n-grams, each as its distance from the one before.
    distances: Vec<u32>,
    /// What each says, in steps.
    weights: Vec<i8>,
    /// Keys, made when it is opened.
    #[serde(skip)]
    keys: Vec<u32>,
}

/// How much a text sounds like an emergency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sounding {
    /// Chance from 0 to 1 that somebody who writes this and asks a hospital where to go must be seen now.
    pub chance: f32,
    /// The clause that sounds worst; empty below the chance from which on the card shows.
    pub words: String,
}

impl Sounds {
    /// From keys with weights, in any order; of a key given twice the first stays.
    #[must_use]
    pub fn of(weights: impl IntoIterator<Item = (u32, i8)>) -> Self {
        let mut pairs = sorted(weights.into_iter().collect(), |one, other| {
            one.0.cmp(&other.0)
        });
        pairs.dedup_by_key(|(key, _)| *key);
        let mut before = 0;
        let distances = pairs.iter().map(|(key, _)| {
            let distance = key - before;
            before = *key;
            distance
        });
        Self {
            distances: distances.collect(),
            weights: pairs.iter().map(|(_, weight)| *weight).collect(),
            keys: Vec::new(),
        }
        .prepared()
    }

    /// Makes the keys from what is stored.
    #[must_use]
    pub(crate) fn prepared(mut self) -> Self {
        let mut key = 0_u32;
        let sum = |distance: &u32| {
            key = key.wrapping_add(*distance);
            key
        };
        self.keys = self.distances.iter().map(sum).collect();
        self
    }

    /// Both together.
    #[must_use]
    pub(crate) fn with(self, other: Self) -> Self {
        let pairs = |one: Self| one.keys.into_iter().zip(one.weights);
        Self::of(pairs(self).chain(pairs(other.prepared())))
    }

    fn weight(&self, key: u32) -> Option<i8> {
        let place = self.keys.binary_search(&key).ok()?;
        self.weights.get(place).copied()
    }
}

impl Alarm {
    /// Hears a text with what counts in it. `None` if too little of it is known.
    #[must_use]
    pub(super) fn hear(
        &self,
        vocabulary: &Vocabulary,
        text: &str,
        features: &Features,
    ) -> Option<Sounding> {
        let chance = self.chance(features)?;
        let words = if chance > self.least {
            self.worst_clause(text, &vocabulary.fold).to_owned()
        } else {
            String::new()
        };
        Some(Sounding { chance, words })
    }

    /// The chance that such a text is an emergency.
    #[must_use]
    pub fn chance(&self, features: &Features) -> Option<f32> {
        let weights = features
            .keys
            .iter()
            .filter_map(|key| self.sounds.weight(*key));
        let (known, sum) = weights.fold((0_usize, 0_i32), |(known, sum), weight| {
            (known + 1, sum + i32::from(weight))
        });
        #[expect(
            clippy::cast_precision_loss,
            reason = "a sum of some thousand small steps"
        )]
        let sum = sum as f32 * features.value_for_alarm() + f32::from(self.bias) / PARTS_OF_STEP;
        (known >= KNOWN_AT_LEAST).then(|| chance(sum * self.step))
    }

    /// The clause that sounds most like an emergency.
    fn worst_clause<'a>(&self, text: &'a str, fold: &[(char, char)]) -> &'a str {
        let tokens = tokenize(text, fold);
        let ends =
            |token: &Token| matches!(token.kind, Kind::Break(Break::Clause | Break::Sentence));
        tokens
            .split(ends)
            .filter_map(|clause| {
                let words = text.get(clause.first()?.start..clause.last()?.end)?;
                let mut sum = 0;
                n_grams(clause, &mut |name| {
                    sum += i32::from(self.sounds.weight(key(name)).unwrap_or_default());
                });
                Some((sum, words))
            })
            .max_by_key(|(sum, _)| *sum)
            .map_or(text, |(_, words)| words)
            .trim()
    }

    /// Its card, if it sounds like an emergency and no card says so already. Once its own card was called not right it is
    /// silent; what sounded so before another card was called not right is forgotten with it ([`State::apply`]).
    pub(super) fn fired(&self, state: &State, fired: &[Fired]) -> Option<Fired> {
        let stands = |rule: &Fired| rule.is_emergency() && !state.disputed.contains(&rule.id);
        let is_told = fired.iter().any(stands) || state.disputed.contains(ALARM);
        let sounds = state
            .sounding
            .as_ref()
            .is_some_and(|sounding| sounding.chance > self.least);
        (sounds && !is_told).then(|| Fired {
            id: ALARM.to_owned(),
            level: RuleLevel::GoNow,
            title: self.title.clone(),
            words: self.words.clone(),
            findings: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Heard;

    fn alarm() -> Alarm {
        Alarm {
            least: 0.5,
            step: 0.1,
            sounds: Sounds::of([(key("floppy"), 15), (key("gone"), 2), (key("hello"), -9)]),
            ..Alarm::default()
        }
    }

    #[test]
    fn the_clause_that_sounds_worst_is_named() {
        let text = "hello, she has gone floppy , what now";
        assert_eq!(alarm().worst_clause(text, &[]), "she has gone floppy");
    }

    #[test]
    fn parts_together_are_the_whole() {
        let parts = Sounds::of([(7, 3), (90, -1)]).with(Sounds::of([(8, 5), (90, -1)]));
        assert_eq!(parts, Sounds::of([(90, -1), (8, 5), (7, 3)]));
    }

    #[test]
    fn a_card_called_not_right_silences_it() {
        let mut state = State {
            sounding: Some(Sounding {
                chance: 0.9,
                words: String::new(),
            }),
            ..State::default()
        };
        assert!(alarm().fired(&state, &[]).is_some());
        state.disputed.insert(ALARM.to_owned());
        assert_eq!(alarm().fired(&state, &[]), None);
    }

    #[test]
    fn another_card_called_not_right_takes_back_what_sounded_so_and_silences_nothing_said_later() {
        let sounding = Some(Sounding {
            chance: 0.9,
            words: String::new(),
        });
        let rule = Fired {
            id: "rule".to_owned(),
            level: RuleLevel::CallNow,
            title: Text::default(),
            words: Text::default(),
            findings: Vec::new(),
        };
        let said = Heard {
            sounding,
            ..Heard::default()
        };
        let not_right = Heard {
            not_right: true,
            disputed: vec![rule.id.clone()],
            ..Heard::default()
        };
        let mut state = State::fold([&said, &not_right]);
        assert_eq!(alarm().fired(&state, &[]), None);
        state.apply(&said);
        assert!(alarm().fired(&state, &[rule]).is_some());
    }

    #[test]
    fn a_crisis_card_does_not_silence_it() {
        let state = State {
            sounding: Some(Sounding {
                chance: 0.9,
                words: String::new(),
            }),
            ..State::default()
        };
        let crisis = Fired {
            id: "crisis".to_owned(),
            level: RuleLevel::Crisis,
            title: Text::default(),
            words: Text::default(),
            findings: Vec::new(),
        };
        assert!(alarm().fired(&state, &[crisis]).is_some());
    }
}
