//! Words with a known meaning for the search: ideas of the file `texts/inquiry.toml`, and names of a directory.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use consult::read::tokens::{Kind as TokenKind, Token, tokenize};
use serde::Deserialize;

/// The gap `..` of a phrase passes over at most this many words.
const GAP: usize = 3;

/// What an idea tells of the text it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A department or doctor of the directory.
    Name,
    /// A complaint. Where a word tells two things, it is first this.
    Health,
    /// About a hospital as a place and an institution.
    Hospital,
    /// Said of hospitals and of illness alike.
    Shared,
    /// Tells answers apart, nothing else.
    Plain,
    /// The form of a question.
    Ask,
    /// Left out.
    Idle,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ways {
    #[serde(default)]
    zh: Vec<String>,
    #[serde(default)]
    en: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Specialty {
    zh: Vec<String>,
    en: Vec<String>,
    #[serde(default)]
    treats: Ways,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fold {
    traditional: String,
    simplified: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    fold: Fold,
    hospital: BTreeMap<String, Ways>,
    shared: BTreeMap<String, Ways>,
    plain: BTreeMap<String, Ways>,
    ask: BTreeMap<String, Ways>,
    health: BTreeMap<String, Ways>,
    idle: BTreeMap<String, Ways>,
    called: Ways,
    specialty: BTreeMap<String, Specialty>,
}

/// What stands for one idea or name in a text: its kind and the term it is searched by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// What it tells.
    pub kind: Kind,
    /// The term: `@` and the idea, or `#` and the name's passage.
    pub term: String,
}

#[derive(Debug, Clone)]
struct Phrase {
    /// The words after the first, each with whether a gap stands before it.
    rest: Vec<(bool, String)>,
    mark: usize,
}

/// A mark found in tokens.
#[derive(Debug, Clone)]
pub struct Match<'a> {
    /// What was found.
    pub mark: &'a Mark,
    /// Places of its words among the tokens, rising.
    pub places: Vec<usize>,
}

/// Phrases with their marks.
#[derive(Debug, Default)]
pub struct Phrases {
    marks: Vec<Mark>,
    by_first: HashMap<String, Vec<Phrase>>,
}

impl Phrases {
    /// Adds a mark; the answer names it to [`Phrases::add`].
    pub fn mark(&mut self, kind: Kind, term: String) -> usize {
        self.marks.push(Mark { kind, term });
        self.marks.len() - 1
    }

    /// Adds a way of saying a mark. One without words says nothing and is left out.
    pub fn add(&mut self, mark: usize, way: &str, fold: &[(char, char)]) {
        let mut words = Vec::new();
        let mut gap = false;
        for part in way.split_whitespace() {
            if part == ".." {
                gap = true;
                continue;
            }
            for token in said(&tokenize(part, fold)) {
                words.push((std::mem::take(&mut gap), token.text.clone()));
            }
        }
        if words.is_empty() {
            return;
        }
        let (_, first) = words.remove(0);
        let known = self.by_first.entry(first).or_default();
        if !known
            .iter()
            .any(|phrase| phrase.mark == mark && phrase.rest == words)
        {
            known.push(Phrase { rest: words, mark });
        }
    }

    /// Every word of a phrase.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.by_first.iter().flat_map(|(first, phrases)| {
            std::iter::once(first.as_str()).chain(
                phrases
                    .iter()
                    .flat_map(|phrase| phrase.rest.iter().map(|(_, word)| word.as_str())),
            )
        })
    }

    /// All phrases in the tokens, overlapping ones too.
    #[must_use]
    pub fn matches(&self, tokens: &[Token]) -> Vec<Match<'_>> {
        let mut found = Vec::new();
        for (place, token) in tokens.iter().enumerate() {
            for phrase in self.by_first.get(&token.text).into_iter().flatten() {
                if let Some(places) = follow(tokens, place, &phrase.rest) {
                    found.push(Match {
                        mark: &self.marks[phrase.mark],
                        places,
                    });
                }
            }
        }
        found
    }
}

fn follow(tokens: &[Token], first: usize, rest: &[(bool, String)]) -> Option<Vec<usize>> {
    let mut places = vec![first];
    let mut at = first + 1;
    for (gap, word) in rest {
        let reach = if *gap { GAP } else { 0 };
        let place = (at..=at + reach)
            .take_while(|place| {
                tokens
                    .get(*place)
                    .is_some_and(|token| !matches!(token.kind, TokenKind::Break(_)))
            })
            .find(|place| tokens[*place].text == *word)?;
        places.push(place);
        at = place + 1;
    }
    Some(places)
}

/// The tokens that are words.
pub fn said(tokens: &[Token]) -> impl Iterator<Item = &Token> {
    tokens
        .iter()
        .filter(|token| !matches!(token.kind, TokenKind::Break(_)))
}

/// The file's content, ready.
#[derive(Debug)]
pub struct Lexicon {
    /// Traditional characters and their simplified forms, sorted.
    pub fold: Vec<(char, char)>,
    /// The ideas.
    pub ideas: Phrases,
    /// Names of the specialties, by code.
    specialties: BTreeMap<String, Vec<String>>,
}

static LEXICON: OnceLock<Lexicon> = OnceLock::new();

impl Lexicon {
    /// The lexicon in the binary, read once. A file that does not read (which a test finds) is an empty one: then nothing
    /// is taken for a question.
    pub fn get() -> &'static Self {
        LEXICON.get_or_init(|| {
            Self::read(include_str!("../../texts/inquiry.toml")).unwrap_or_else(|error| {
                tracing::error!(%error, "texts/inquiry.toml does not read");
                Self {
                    fold: Vec::new(),
                    ideas: Phrases::default(),
                    specialties: BTreeMap::new(),
                }
            })
        })
    }

    /// Reads a lexicon.
    ///
    /// # Errors
    /// If the text does not read.
    pub fn read(text: &str) -> Result<Self, toml::de::Error> {
        let file: File = toml::from_str(text)?;
        let mut fold: Vec<(char, char)> = file
            .fold
            .traditional
            .chars()
            .zip(file.fold.simplified.chars())
            .collect();
        fold.sort_unstable();
        fold.dedup_by_key(|pair| pair.0);
        let mut ideas = Phrases::default();
        for (kind, section) in [
            (Kind::Hospital, &file.hospital),
            (Kind::Shared, &file.shared),
            (Kind::Plain, &file.plain),
            (Kind::Ask, &file.ask),
            (Kind::Health, &file.health),
            (Kind::Idle, &file.idle),
        ] {
            for (name, ways) in section {
                let mark = ideas.mark(kind, format!("@{name}"));
                for way in ways.zh.iter().chain(&ways.en) {
                    ideas.add(mark, way, &fold);
                }
            }
        }
        Ok(Self {
            fold,
            ideas,
            specialties: file
                .specialty
                .into_iter()
                .map(|(code, specialty)| (code, names(specialty, &file.called)))
                .collect(),
        })
    }

    /// The ways of naming a specialty, in both languages.
    pub fn names_of(&self, specialty: &str) -> impl Iterator<Item = &str> {
        self.specialties
            .get(specialty)
            .into_iter()
            .flatten()
            .map(String::as_str)
    }
}

/// Every name of a specialty: its own, and what it treats with what a department is called after it.
fn names(specialty: Specialty, called: &Ways) -> Vec<String> {
    let mut names = specialty.zh;
    names.extend(specialty.en);
    for treated in &specialty.treats.zh {
        names.extend(called.zh.iter().map(|form| form.replace("..", treated)));
    }
    for treated in &specialty.treats.en {
        names.extend(called.en.iter().map(|form| format!("{treated} {form}")));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_reads_and_every_way_says_something() {
        let text = include_str!("../../texts/inquiry.toml");
        let file: File = toml::from_str(text).unwrap();
        assert_eq!(
            file.fold.traditional.chars().count(),
            file.fold.simplified.chars().count()
        );
        let mut ways = 0;
        for section in [
            &file.hospital,
            &file.shared,
            &file.plain,
            &file.ask,
            &file.health,
            &file.idle,
        ] {
            for (name, said_as) in section {
                for way in said_as.zh.iter().chain(&said_as.en) {
                    let words = said(&tokenize(way, &[])).count();
                    assert!(words > 0 && way.trim() == way, "{name}: {way:?}");
                    ways += 1;
                }
            }
        }
        assert!(ways > 2000, "{ways}");
        assert!(
            Lexicon::get()
                .names_of("cardiology")
                .any(|name| name == "heart clinic")
        );
        assert!(
            Lexicon::get()
                .names_of("dentistry")
                .any(|name| name == "看牙的")
        );
    }

    #[test]
    fn a_gap_passes_over_three_words_and_no_comma() {
        let mut phrases = Phrases::default();
        let mark = phrases.mark(Kind::Hospital, "@print".to_owned());
        phrases.add(mark, "pick up .. report", &[]);
        for (text, found) in [
            ("pick up my report", true),
            ("pick up my two old reports", true),
            ("pick up one of those old reports", false),
            ("pick up, report", false),
        ] {
            let tokens = tokenize(text, &[]);
            assert_eq!(!phrases.matches(&tokens).is_empty(), found, "{text}");
        }
    }
}
