//! Sentences of the report put more smoothly by a model: what goes out, and what of the answer is taken.

use std::collections::BTreeMap;

use consult::report::Line;
use consult::report::polish::{self, Polished};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::openai::Question;
use super::templates::POLISH;

/// Sentences of one report that are sent at most.
const MOST: usize = 30;
/// Bytes of an answer at most.
const BYTES: usize = 32 * 1024;
/// Kind of the event that keeps them.
pub const KIND: &str = "polished";

/// What is stored of it: by whom, how it went, and the sentences that passed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolishRecord {
    /// Name and version of the template.
    pub template: String,
    /// Name of the model.
    pub model: String,
    /// How the call ended.
    pub outcome: String,
    /// Sentences that were refused: something in them was not as before.
    pub refused: u32,
    /// Sentences that passed.
    pub sentences: Vec<Polished>,
}

#[derive(Deserialize)]
struct Answer {
    sentences: Vec<Value>,
}

#[derive(Deserialize)]
struct Entry {
    line: String,
    #[serde(flatten)]
    texts: BTreeMap<String, Value>,
}

/// The lines that may be polished.
#[must_use]
pub fn sentences(lines: Vec<Line>) -> Vec<Line> {
    let mut lines = lines;
    lines.retain(|line| !line.struck && polish::may_be_polished(line));
    lines.truncate(MOST);
    lines
}

/// The question that has them polished. None of them holds a word the patient typed.
#[must_use]
pub fn question(lines: &[Line], language: &str, temperature: f64) -> Question {
    let texts: Vec<Value> = lines
        .iter()
        .map(|line| {
            let mut entry = json!({ "line": line.id });
            for (language, text) in &line.text.0 {
                entry[language] = json!(text);
            }
            entry
        })
        .collect();
    let text = json!({ "type": "string" });
    let schema = json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["sentences"],
        "properties": {
            "sentences": {
                "type": "array",
                "maxItems": MOST,
                "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["line", "zh", "en"],
                    "properties": { "line": text, "zh": text, "en": text }
                }
            }
        }
    });
    Question {
        messages: POLISH.messages(language, &[], json!({ "sentences": texts }).to_string()),
        schema: Some(("sentences", schema)),
        temperature,
        tokens: POLISH.tokens,
        bytes: BYTES,
    }
}

/// Takes of an answer what passes, and counts what does not; `None` if it is no JSON object of the shape at all.
#[must_use]
pub fn answer(lines: &[Line], text: &str) -> Option<(Vec<Polished>, u32)> {
    // Some wrap it in a code block or a sentence.
    let (from, to) = (text.find('{')?, text.rfind('}')?);
    let answer: Answer = serde_json::from_str(text.get(from..=to)?).ok()?;
    let (mut taken, mut refused): (Vec<Polished>, u32) = (Vec::new(), 0);
    for entry in answer.sentences.into_iter().take(MOST) {
        let known = serde_json::from_value::<Entry>(entry)
            .ok()
            .and_then(|entry| {
                let line = lines.iter().find(|line| line.id == entry.line)?;
                let is_new = taken.iter().all(|one| one.line != line.id);
                is_new.then_some((line, entry))
            });
        let Some((line, entry)) = known else {
            refused += 1;
            continue;
        };
        let mut one = Polished {
            line: line.id.clone(),
            template: POLISH.label(),
            before: BTreeMap::new(),
            after: BTreeMap::new(),
        };
        for (language, before) in &line.text.0 {
            let Some(after) = entry.texts.get(language).and_then(Value::as_str) else {
                continue;
            };
            let after = after.trim();
            if after == before {
                continue;
            }
            if polish::check(language, before, after).is_ok() {
                one.before.insert(language.clone(), before.clone());
                one.after.insert(language.clone(), after.to_owned());
            } else {
                refused += 1;
            }
        }
        if !one.after.is_empty() {
            taken.push(one);
        }
    }
    Some((taken, refused))
}
