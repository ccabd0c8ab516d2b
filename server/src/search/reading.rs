//! A text as the search sees it: ideas, names, and what is left as words and pairs of Chinese characters.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use consult::read::tokens::{Kind as TokenKind, Token, tokenize};

use super::lexicon::{Kind, Lexicon, Match, Phrases};

/// Shorter words are not corrected.
const LETTERS: usize = 6;

/// A term of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// What it tells; `None` for a word nobody explained.
    pub kind: Option<Kind>,
    /// What it is searched by.
    pub text: String,
    /// Its bytes in the text.
    pub bytes: Range<usize>,
}

/// Reads texts with the ideas of the product and the names of one directory.
#[derive(Debug)]
pub struct Reader {
    lexicon: &'static Lexicon,
    names: Phrases,
    /// Known English words by first letter, for correction.
    known: HashMap<u8, Vec<String>>,
}

impl Reader {
    /// A reader that knows these names; `also` are words that need no correction.
    #[must_use]
    pub fn new(names: Phrases, also: &BTreeSet<String>) -> Self {
        let lexicon = Lexicon::get();
        let mut words: BTreeSet<&str> = lexicon.ideas.words().chain(names.words()).collect();
        words.extend(also.iter().map(String::as_str));
        let mut known: HashMap<u8, Vec<String>> = HashMap::new();
        for word in words {
            if word.len() >= LETTERS - 1 && word.bytes().all(|letter| letter.is_ascii_lowercase()) {
                known
                    .entry(word.as_bytes()[0])
                    .or_default()
                    .push(word.to_owned());
            }
        }
        Self {
            lexicon,
            names,
            known,
        }
    }

    /// The tokens of a text, misspelt words corrected.
    #[must_use]
    pub fn tokens(&self, text: &str) -> Vec<Token> {
        let mut tokens = tokenize(text, &self.lexicon.fold);
        for token in &mut tokens {
            if token.kind == TokenKind::Word {
                plain_letters(&mut token.text);
                if let Some(right) = self.corrected(&token.text) {
                    right.clone_into(&mut token.text);
                }
            }
        }
        tokens
    }

    fn corrected(&self, word: &str) -> Option<&str> {
        if word.len() < LETTERS || !word.bytes().all(|letter| letter.is_ascii_lowercase()) {
            return None;
        }
        let known = self.known.get(&word.as_bytes()[0])?;
        if known.binary_search_by(|one| one.as_str().cmp(word)).is_ok() {
            return None;
        }
        known
            .iter()
            .find(|one| is_one_apart(one.as_bytes(), word.as_bytes()))
            .map(String::as_str)
    }

    /// The terms of tokens.
    #[must_use]
    pub fn terms(&self, tokens: &[Token]) -> Vec<Term> {
        let mut found: Vec<Match<'_>> = self.names.matches(tokens);
        found.extend(self.lexicon.ideas.matches(tokens));
        // The longest first; between equals names, then what tells more.
        found.sort_by(|one, other| {
            other
                .places
                .len()
                .cmp(&one.places.len())
                .then(one.mark.kind.cmp(&other.mark.kind))
                .then(one.places.cmp(&other.places))
                .then(one.mark.term.cmp(&other.mark.term))
        });
        let mut taken: Vec<Option<usize>> = vec![None; tokens.len()];
        let mut terms = Vec::new();
        for (number, one) in found.iter().enumerate() {
            let free = one.places.iter().all(|place| taken[*place].is_none());
            // One wording may name several: two doctors of one surname, a department at two sites.
            let beside = one.mark.kind == Kind::Name
                && one.places.iter().all(|place| {
                    taken[*place].is_some_and(|by| {
                        found[by].mark.kind == Kind::Name && found[by].places == one.places
                    })
                });
            // The form of a question is heard within other words too: "where do I sign in".
            let asks = one.mark.kind == Kind::Ask
                && !matches!(one.mark.term.as_str(), "@can" | "@particle")
                && one.places.iter().all(|place| {
                    taken[*place].is_none_or(|by| {
                        !matches!(found[by].mark.kind, Kind::Idle | Kind::Health | Kind::Ask)
                    })
                });
            if !free && !beside && !asks {
                continue;
            }
            if free {
                for place in &one.places {
                    taken[*place] = Some(number);
                }
            }
            if one.mark.kind != Kind::Idle {
                let (first, last) = (one.places[0], one.places[one.places.len() - 1]);
                terms.push(Term {
                    kind: Some(one.mark.kind),
                    text: one.mark.term.clone(),
                    bytes: tokens[first].start..tokens[last].end,
                });
            }
        }
        let free = |place: usize| taken.get(place).is_some_and(Option::is_none);
        for (place, token) in tokens.iter().enumerate() {
            if !free(place) {
                continue;
            }
            let term = match token.kind {
                TokenKind::Break(_) | TokenKind::Number(_) => continue,
                TokenKind::Word => token.text.clone(),
                TokenKind::Han => {
                    let next = tokens
                        .get(place + 1)
                        .filter(|next| next.kind == TokenKind::Han && free(place + 1));
                    match next {
                        Some(next) => format!("{}{}", token.text, next.text),
                        // The last of several stands in the pair before.
                        None if place > 0
                            && tokens[place - 1].kind == TokenKind::Han
                            && free(place - 1) =>
                        {
                            continue;
                        }
                        None => token.text.clone(),
                    }
                }
            };
            terms.push(Term {
                kind: None,
                text: term,
                bytes: token.start..token.end,
            });
        }
        terms.sort_by_key(|term| (term.bytes.start, term.bytes.end));
        terms
    }
}

/// Letters with marks as people type them without: Lüqiu is found as luqiu.
fn plain_letters(word: &mut String) {
    if word.contains('ü') {
        *word = word.replace('ü', "u");
    }
}

/// Whether one letter put in, left out, changed or swapped with the next makes the words equal.
fn is_one_apart(one: &[u8], other: &[u8]) -> bool {
    let (short, long) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    if long.len() - short.len() > 1 {
        return false;
    }
    let same = short
        .iter()
        .zip(long)
        .take_while(|(left, right)| left == right)
        .count();
    if long.len() > short.len() {
        return short[same..] == long[same + 1..];
    }
    if same == short.len() {
        return true;
    }
    short[same + 1..] == long[same + 1..]
        || (same + 1 < short.len()
            && short[same] == long[same + 1]
            && short[same + 1] == long[same]
            && short[same + 2..] == long[same + 2..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        let reader = Reader::new(Phrases::default(), &BTreeSet::new());
        reader
            .terms(&reader.tokens(text))
            .into_iter()
            .map(|term| term.text)
            .collect()
    }

    #[test]
    fn misspelt_traditional_and_full_width_words_are_the_same() {
        assert_eq!(terms("wheelchiar"), ["@wheelchair"]);
        assert_eq!(terms("停車場"), terms("停车场"));
        assert_eq!(terms("\u{ff37}\u{ff29}\u{ff26}\u{ff29}"), ["@wifi"]);
    }

    #[test]
    fn what_nobody_explained_is_left_as_words_and_pairs() {
        assert_eq!(terms("zebra"), ["zebra"]);
        assert_eq!(terms("斑马线"), ["斑马", "马线"]);
    }

    #[test]
    fn one_letter_apart_is_one_letter() {
        for (one, other, is) in [
            ("parking", "parkin", true),
            ("parking", "praking", true),
            ("parking", "barking", true),
            ("parking", "parks", false),
            ("letter", "leters", false),
        ] {
            assert_eq!(
                is_one_apart(one.as_bytes(), other.as_bytes()),
                is,
                "{one} {other}"
            );
        }
    }
}
