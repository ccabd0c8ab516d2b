//! The search over what an organisation has published: is this text a question about the hospital, and what answers it.
//!
//! A port: the engine in the process ([`Search::Embedded`]) or none ([`Search::Off`]). Nothing a patient writes is kept
//! here: an index holds published content only.

use std::ops::Range;
use std::sync::Arc;

use consult::Text;
use consult::guide::directory::Directory;

use crate::directory::faq::FaqEntry;

mod clauses;
#[cfg(feature = "search-embedded")]
pub mod documents;
#[cfg(feature = "search-embedded")]
pub mod embedded;
#[cfg(feature = "search-embedded")]
mod inquiry;
#[cfg(feature = "search-embedded")]
pub mod lexicon;
#[cfg(feature = "search-embedded")]
mod ranking;
#[cfg(feature = "search-embedded")]
pub mod reading;

pub use clauses::split;

/// What a passage was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SourceKind {
    /// A frequently asked question.
    Faq,
    /// A department.
    Department,
    /// A hospital.
    Hospital,
    /// A doctor.
    Doctor,
}

/// Where a passage comes from, as shown beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What kind of record it is.
    pub kind: SourceKind,
    /// Its id in the organisation.
    pub id: String,
    /// Its name, or the question.
    pub title: Text,
}

/// A passage that can answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Where it comes from.
    pub source: Source,
    /// The passage as a patient reads it, in both languages.
    pub text: Text,
}

/// A passage found.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The passage.
    pub passage: Arc<Passage>,
    /// How much of what was asked it speaks of, 0 to 1; comparable between queries.
    pub score: f32,
}

/// What became of a text that may be a question about the hospital.
#[derive(Debug, Clone)]
pub enum Found {
    /// It is one, and these answer it; several if several things were asked.
    Passages {
        /// The passages, never none.
        hits: Vec<Hit>,
        /// Whether the text says nothing else. If false a complaint stands beside the question and must be heard as well.
        whole: bool,
    },
    /// It is one, and nothing published answers it.
    Nothing,
    /// It is none.
    NotAnInquiry,
}

/// The search.
#[derive(Debug)]
pub enum Search {
    /// No search: nothing is a question about the hospital.
    Off,
    /// An index in the process.
    #[cfg(feature = "search-embedded")]
    Embedded(Box<embedded::Index>),
}

impl Search {
    /// The search over an organisation's published content. Takes some tens of milliseconds: not for an async task. If the
    /// engine fails there is none, and the log says so.
    #[must_use]
    pub fn build(directory: &Directory, faq: &[FaqEntry]) -> Self {
        #[cfg(feature = "search-embedded")]
        match embedded::Index::build(directory, faq) {
            Ok(index) => return Self::Embedded(Box::new(index)),
            Err(error) => tracing::error!(%error, "the search could not be built"),
        }
        let _ = (directory, faq);
        Self::Off
    }

    /// The passages that speak most of these words, best first, at most `most`.
    #[must_use]
    pub fn find(&self, words: &str, most: usize) -> Vec<Hit> {
        match self {
            Self::Off => {
                let _ = (words, most);
                Vec::new()
            }
            #[cfg(feature = "search-embedded")]
            Self::Embedded(index) => index.find(words, most),
        }
    }

    /// Whether a text asks about the hospital, and what answers it. `heard` are the bytes in which a symptom was
    /// understood: a clause with one is a complaint and never a question about the hospital.
    #[must_use]
    pub fn answers(&self, words: &str, heard: &[Range<usize>]) -> Found {
        match self {
            Self::Off => {
                let _ = (words, heard);
                Found::NotAnInquiry
            }
            #[cfg(feature = "search-embedded")]
            Self::Embedded(index) => inquiry::answers(index, words, heard),
        }
    }
}
