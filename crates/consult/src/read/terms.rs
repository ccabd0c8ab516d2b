//! Finding terms in tokens: literal tokens with gaps, the longest gapless term winning where it covers a shorter one.

use super::slots::{MANY, MANY_FROM};
use super::tokens::{Break, Kind, Token};
use crate::knowledge::Vocabulary;

/// Where one entry was found: the places of its literal tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Index of the entry.
    pub entry: usize,
    /// Places of the literal tokens, rising.
    pub places: Vec<usize>,
}

impl Match {
    /// First place.
    #[must_use]
    pub fn first(&self) -> usize {
        self.places.first().copied().unwrap_or(0)
    }

    /// Last place.
    #[must_use]
    pub fn last(&self) -> usize {
        self.places.last().copied().unwrap_or(0)
    }

    /// Whether its tokens stand together.
    fn is_gapless(&self) -> bool {
        self.last() - self.first() + 1 == self.places.len()
    }

    /// Whether it covers all of `other` and more.
    fn covers(&self, other: &Self) -> bool {
        self.places.len() > other.places.len()
            && self.first() <= other.first()
            && self.last() >= other.last()
    }
}

/// A text as numbers of the vocabulary's tokens.
#[derive(Debug)]
pub struct Numbered<'a> {
    vocabulary: &'a Vocabulary,
    /// The tokens.
    pub tokens: &'a [Token],
    /// Their numbers, where the vocabulary knows them.
    pub numbers: Vec<Option<u16>>,
    /// The number of the token that stands for any large number.
    many: Option<u16>,
}

impl<'a> Numbered<'a> {
    /// Looks every token up.
    #[must_use]
    pub fn new(vocabulary: &'a Vocabulary, tokens: &'a [Token]) -> Self {
        let number_of = |text: &str| {
            let place = vocabulary
                .tokens
                .binary_search_by(|known| known.as_str().cmp(text))
                .ok()?;
            u16::try_from(place).ok()
        };
        let many = number_of(MANY);
        let number = |token: &Token| {
            number_of(&token.text).or_else(|| match token.kind {
                Kind::Word => vocabulary.meant(&token.text),
                _ => None,
            })
        };
        Self {
            vocabulary,
            tokens,
            numbers: tokens.iter().map(number).collect(),
            many,
        }
    }

    /// The numbers a token can be taken for: its own, and that of any large number.
    fn numbers_at(&self, place: usize) -> impl Iterator<Item = u16> + use<> {
        let is_many = self
            .tokens
            .get(place)
            .is_some_and(|token| matches!(token.kind, Kind::Number(value) if value >= MANY_FROM));
        let own = self.numbers.get(place).copied().flatten();
        own.into_iter().chain(self.many.filter(|_| is_many))
    }

    /// Every match of the entries. `starts` are the pairs of first token and entry, `slots` gives an entry's slots.
    pub fn matches<T>(
        &self,
        entries: &[T],
        starts: &[(u16, u16)],
        slots: impl Fn(&T) -> &[u16],
    ) -> Vec<Match> {
        let mut found = Vec::new();
        let places = (0..self.numbers.len())
            .flat_map(|place| self.numbers_at(place).map(move |number| (place, number)));
        for (place, number) in places {
            let from = starts.partition_point(|start| start.0 < number);
            for (_, entry) in starts[from..].iter().take_while(|start| start.0 == number) {
                let mut places = Vec::new();
                let entry = usize::from(*entry);
                if self.follow(slots(&entries[entry]), place, &mut places) {
                    found.push(Match { entry, places });
                }
            }
        }
        found
    }

    /// Matches slots from `place` on; the nearest way through a gap and the longest of a set are taken.
    fn follow(&self, slots: &[u16], place: usize, places: &mut Vec<usize>) -> bool {
        let Some((next, rest)) = slots.split_first() else {
            return true;
        };
        match *next {
            Vocabulary::GAP_WORDS => self.leap(4, rest, place, places),
            Vocabulary::GAP_CHARACTERS => self.leap(6, rest, place, places),
            slot => match self.vocabulary.set(slot) {
                None => self.step(&[slot], rest, place, places),
                Some(set) => set
                    .iter()
                    .any(|alternative| self.step(alternative, rest, place, places)),
            },
        }
    }

    /// Matches tokens that stand together, then the rest. Spaces between Chinese characters do not count.
    fn step(&self, tokens: &[u16], rest: &[u16], place: usize, places: &mut Vec<usize>) -> bool {
        let before = places.len();
        let mut place = place;
        for token in tokens {
            while !places.is_empty()
                && self
                    .tokens
                    .get(place)
                    .is_some_and(|token| token.kind == Kind::Break(Break::Space))
            {
                place += 1;
            }
            if !self.numbers_at(place).any(|number| number == *token) {
                places.truncate(before);
                return false;
            }
            places.push(place);
            place += 1;
        }
        if self.follow(rest, place, places) {
            return true;
        }
        places.truncate(before);
        false
    }

    fn leap(&self, most: usize, rest: &[u16], place: usize, places: &mut Vec<usize>) -> bool {
        for skipped in 0..=most {
            let at = place + skipped;
            if skipped > 0 {
                match self.tokens.get(at - 1).map(|token| token.kind) {
                    None | Some(Kind::Break(Break::Clause | Break::Sentence)) => return false,
                    _ => {}
                }
            }
            if self.follow(rest, at, places) {
                return true;
            }
        }
        false
    }
}

/// Drops every match that a longer gapless one covers. Only gapless matches cover others: a gap says that other words may
/// stand between, and those keep their own meaning.
#[must_use]
pub fn longest(matches: Vec<Match>) -> Vec<Match> {
    let covering: Vec<Match> = matches
        .iter()
        .filter(|one| one.is_gapless())
        .cloned()
        .collect();
    matches
        .into_iter()
        .filter(|one| !covering.iter().any(|other| other.covers(one)))
        .collect()
}
