//! From the readable files of `knowledge/` to the binary files, with every check a reader of the files should not have to
//! make by eye. Runs in build scripts and tools, never in the product.

mod check;
mod entries;
mod gate;
mod interviews;
mod link;
mod marks;
mod source;
mod words;

use std::collections::BTreeMap;
use std::fmt;

/// What is wrong with a file, in plain words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Path below `knowledge/`.
    pub file: String,
    /// Entry, if it is in one.
    pub entry: String,
    /// What is wrong and what helps.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.entry.is_empty() {
            write!(formatter, "{}: {}", self.file, self.message)
        } else {
            write!(formatter, "{}, {}: {}", self.file, self.entry, self.message)
        }
    }
}

/// The files and their fingerprints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiled {
    /// The whole knowledge.
    pub knowledge: Vec<u8>,
    /// Fingerprint of it.
    pub knowledge_hash: String,
    /// The gate.
    pub gate: Vec<u8>,
    /// Fingerprint of it.
    pub gate_hash: String,
    /// The gate in parts for the page: `core` and one by language code.
    pub gate_parts: BTreeMap<String, Vec<u8>>,
    /// The scripts of the interview.
    pub interviews: Vec<u8>,
    /// What a reviewer should look at, though it builds: terms that stand under two findings.
    pub notes: Vec<Problem>,
    /// How many entries of each kind there are.
    pub counts: BTreeMap<&'static str, usize>,
}

/// Folders of `knowledge/` that hold cases to train and test with, and no knowledge.
pub const CASES: [&str; 4] = ["histories", "patients", "utterances", "vignettes"];

/// Compiles the files, given as path below `knowledge/` and text.
///
/// # Errors
/// Every problem found, in the order of the files.
pub fn compile(files: &[(String, String)]) -> Result<Compiled, Vec<Problem>> {
    let mut problems = Vec::new();
    let sources = source::Sources::parse(files, &mut problems);
    check::check(&sources, &mut problems);
    // Linked even if something is wrong already, so that all problems are told at once.
    let mut notes = Vec::new();
    let linked = link::link(&sources, &mut problems, &mut notes);
    if !problems.is_empty() {
        problems.sort();
        problems.dedup();
        return Err(problems);
    }
    let Some((knowledge, gate, interviews)) = linked else {
        return Err(vec![Problem {
            file: String::new(),
            entry: String::new(),
            message: "the files could not be put together".to_owned(),
        }]);
    };
    let written = super::encode(&knowledge).and_then(|knowledge| {
        Ok((
            knowledge,
            super::encode(&gate)?,
            super::encode(&interviews)?,
            gate.parts(&sources.usage, &|language| {
                sources.statistical.sounds(Some(language))
            })?,
        ))
    });
    let (knowledge, gate, interviews, gate_parts) = written.map_err(|error| {
        vec![Problem {
            file: String::new(),
            entry: String::new(),
            message: format!("the result cannot be written: {error}"),
        }]
    })?;
    Ok(Compiled {
        knowledge_hash: super::fingerprint(&knowledge),
        gate_hash: super::fingerprint(&gate),
        counts: sources.counts(),
        notes,
        knowledge,
        gate,
        interviews,
        gate_parts,
    })
}
