//! Frequently asked questions of an organisation, with their answers: content of its own beside the directory.

use std::collections::BTreeMap;

use consult::Text;
use serde::{Deserialize, Serialize};

/// An organisation's frequently asked questions, as a file holds them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Faq {
    /// The entries, in the order they are listed in.
    #[serde(default)]
    pub faq: Vec<FaqEntry>,
}

/// One question with its answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaqEntry {
    /// Id, unique in the organisation.
    pub id: String,
    /// What it belongs to, for the staff: `registration`, `hours` and so on.
    pub topic: String,
    /// The question as a patient reads it.
    pub question: Text,
    /// Other ways of asking it, by language; never shown.
    #[serde(default)]
    pub also: BTreeMap<String, Vec<String>>,
    /// The answer as a patient reads it.
    pub answer: Text,
    /// Directory id of the department it is about.
    #[serde(default)]
    pub department: Option<String>,
}
