//! The index in the process: tantivy finds candidates, `ranking` tells how well they answer.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use consult::guide::directory::Directory;
use consult::read::tokens as read;
use tantivy::collector::TopDocs;
use tantivy::directory::RamDirectory;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::{
    Field, INDEXED, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{ReloadPolicy, Searcher, TantivyDocument, Term};

use super::documents::{Document, documents, names};
use super::lexicon::said;
use super::ranking::{self, Entry, Weights};
use super::reading::{self, Reader};
use super::{Hit, Passage, SourceKind};
use crate::directory::faq::FaqEntry;

/// Memory the writer may use while the index is built, in bytes. The content of a hospital is far smaller.
const WRITER: usize = 15_000_000;
/// Candidates tantivy finds for a question.
const CANDIDATES: usize = 40;
/// What a department at another site than the first loses: between equals the main site is meant.
const ELSEWHERE: f32 = 0.02;
/// What a department's own passage loses against a question about the same that was written down.
const DEPARTMENT: f32 = 0.05;
/// What a hospital's own passage loses: a question that was written down answers better.
const HOSPITAL: f32 = 0.15;

/// One organisation's index at one version of its directory.
pub struct Index {
    reader: Reader,
    weights: Weights,
    entries: Vec<Indexed>,
    /// Places of the questions by their words.
    questions: HashMap<String, usize>,
    searcher: Searcher,
    fields: Fields,
}

#[derive(Debug)]
struct Indexed {
    passage: Arc<Passage>,
    entry: Entry,
    name: Option<String>,
    /// What is taken off its score.
    less: f32,
}

#[derive(Debug, Clone, Copy)]
struct Fields {
    place: Field,
    wordings: Field,
    body: Field,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Index({} passages)", self.entries.len())
    }
}

impl Index {
    /// Builds the index. Takes some tens of milliseconds: not for an async task.
    ///
    /// # Errors
    /// If tantivy fails, which in memory it does not.
    pub fn build(directory: &Directory, faq: &[FaqEntry]) -> tantivy::Result<Self> {
        let documents = documents(directory, faq);
        let reader = Reader::new(names(directory), &words(&documents));
        let mut weights = Weights::default();
        let mut entries = Vec::with_capacity(documents.len());
        let mut questions = HashMap::new();
        for document in &documents {
            let set = |text: &String| -> BTreeSet<String> {
                let tokens = reader.tokens(text);
                reader
                    .terms(&tokens)
                    .into_iter()
                    .map(|term| term.text)
                    .collect()
            };
            let wordings: Vec<BTreeSet<String>> = document.wordings.iter().map(set).collect();
            let body: BTreeSet<String> = document.body.iter().flat_map(set).collect();
            if document.passage.source.kind == SourceKind::Faq {
                let all: BTreeSet<&String> = wordings.iter().flatten().collect();
                weights.count(all.into_iter());
                for question in document.passage.source.title.0.values() {
                    questions.insert(said_words(&reader.tokens(question)), entries.len());
                }
            }
            let keeps = document.passage.source.kind == SourceKind::Faq;
            let entry = Entry::new(
                if keeps { wordings } else { Vec::new() },
                &document.terms,
                &body,
            );
            let mut less = if document.elsewhere { ELSEWHERE } else { 0.0 };
            match document.passage.source.kind {
                SourceKind::Department => less += DEPARTMENT,
                SourceKind::Hospital => less += HOSPITAL,
                SourceKind::Faq | SourceKind::Doctor => {}
            }
            entries.push(Indexed {
                passage: Arc::clone(&document.passage),
                entry,
                name: document.name.clone(),
                less,
            });
        }
        let (searcher, fields) = write(&entries)?;
        Ok(Self {
            reader,
            weights,
            entries,
            questions,
            searcher,
            fields,
        })
    }

    /// The reader of questions.
    #[must_use]
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// The weights of terms.
    #[must_use]
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The answer to a published question that was asked word for word.
    #[must_use]
    pub fn verbatim(&self, tokens: &[read::Token]) -> Option<Hit> {
        let place = self.questions.get(&said_words(tokens))?;
        Some(Hit {
            passage: Arc::clone(&self.entries[*place].passage),
            score: 1.0,
        })
    }

    /// The passages that speak most of these words, best first.
    #[must_use]
    pub fn find(&self, words: &str, most: usize) -> Vec<Hit> {
        let tokens = self.reader.tokens(words);
        self.find_terms(&self.reader.terms(&tokens), most)
    }

    /// The passages that speak most of these terms, best first.
    #[must_use]
    pub fn find_terms(&self, terms: &[reading::Term], most: usize) -> Vec<Hit> {
        let mut hits: Vec<(f32, usize)> = self
            .candidates(terms)
            .into_iter()
            .filter_map(|place| {
                let one = self.entries.get(place)?;
                let is_named = one
                    .name
                    .as_ref()
                    .is_none_or(|name| terms.iter().any(|term| term.text == *name));
                let score = ranking::score(&self.weights, terms, &one.entry) - one.less;
                (is_named && score > 0.0).then_some((score, place))
            })
            .collect();
        hits.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        hits.into_iter()
            .take(most)
            .map(|(score, place)| Hit {
                passage: Arc::clone(&self.entries[place].passage),
                score,
            })
            .collect()
    }

    /// Places of entries that share a term with the question; the rarer and the more, the surer it is among them.
    fn candidates(&self, terms: &[reading::Term]) -> Vec<usize> {
        let unique: BTreeSet<&str> = terms.iter().map(|term| term.text.as_str()).collect();
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for term in unique {
            for (field, boost) in [(self.fields.wordings, 3.0), (self.fields.body, 1.0)] {
                let query =
                    TermQuery::new(Term::from_field_text(field, term), IndexRecordOption::Basic);
                clauses.push((
                    Occur::Should,
                    Box::new(BoostQuery::new(Box::new(query), boost)),
                ));
            }
        }
        let collector = TopDocs::with_limit(CANDIDATES).order_by_score();
        let found = match self
            .searcher
            .search(&BooleanQuery::new(clauses), &collector)
        {
            Ok(found) => found,
            Err(error) => {
                tracing::error!(%error, "the search failed");
                return Vec::new();
            }
        };
        found
            .into_iter()
            .filter_map(|(_, address)| {
                let document: TantivyDocument = self.searcher.doc(address).ok()?;
                let place = document.get_first(self.fields.place)?.as_u64()?;
                usize::try_from(place).ok()
            })
            .collect()
    }
}

/// The words of a text without what separates them.
fn said_words(tokens: &[read::Token]) -> String {
    said(tokens)
        .map(|token| token.text.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

/// English words of the content: they are spelt right.
fn words(documents: &[Document]) -> BTreeSet<String> {
    documents
        .iter()
        .flat_map(|document| document.wordings.iter().chain(&document.body))
        .flat_map(|text| read::tokenize(text, &[]))
        .filter(|token| token.kind == read::Kind::Word)
        .map(|token| token.text)
        .collect()
}

fn write(entries: &[Indexed]) -> tantivy::Result<(Searcher, Fields)> {
    let mut schema = Schema::builder();
    // The terms are ours: neither cut again nor kept.
    let terms = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::Basic),
    );
    let fields = Fields {
        place: schema.add_u64_field("place", STORED | INDEXED),
        wordings: schema.add_text_field("wordings", terms.clone()),
        body: schema.add_text_field("body", terms),
    };
    let mut writer = tantivy::Index::builder()
        .schema(schema.build())
        .single_segment_index_writer(RamDirectory::create(), WRITER)?;
    for (place, one) in (0_u64..).zip(entries) {
        let mut document = TantivyDocument::default();
        document.add_u64(fields.place, place);
        let (strong, weak): (Vec<_>, Vec<_>) =
            one.entry.terms().partition(|(_, credit)| *credit > 0.5);
        for (field, terms) in [(fields.wordings, strong), (fields.body, weak)] {
            document.add_pre_tokenized_text(field, tokenized(&terms));
        }
        writer.add_document(document)?;
    }
    let reader = writer
        .finalize()?
        .reader_builder()
        .reload_policy(ReloadPolicy::Manual)
        .try_into()?;
    let reader: tantivy::IndexReader = reader;
    Ok((reader.searcher(), fields))
}

fn tokenized(terms: &[(&String, f32)]) -> PreTokenizedString {
    PreTokenizedString {
        text: String::new(),
        tokens: terms
            .iter()
            .enumerate()
            .map(|(position, (term, _))| Token {
                offset_from: 0,
                offset_to: 0,
                position,
                text: (*term).clone(),
                position_length: 1,
            })
            .collect(),
    }
}
