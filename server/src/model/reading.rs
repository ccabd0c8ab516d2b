//! Reading by a model: what goes out, and what of the answer is believed.

use consult::extraction::Extracted;
use consult::knowledge::Knowledge;
use consult::state::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::mask::Masked;
use super::openai::Question;
use super::templates::READ;

/// Findings of one answer that are looked at.
const FINDINGS: usize = 60;
/// Findings a model is asked for at most: a small one would go on for ever.
const MOST: usize = 30;
/// Bytes of an answer at most.
const BYTES: usize = 16 * 1024;

/// What a model read, checked against the patient's text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Findings whose words stand in the text. Whether their ids are in the catalogue is checked when they are merged.
    pub findings: Vec<Extracted>,
    /// Byte range of the words that ask something about the hospital.
    pub inquiry: Option<std::ops::Range<usize>>,
    /// Findings left out because their words do not stand in the text, or their shape is wrong.
    pub dropped: u32,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    findings: Vec<Value>,
    #[serde(default)]
    inquiry: Option<Value>,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    status: EntryStatus,
    words: String,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum EntryStatus {
    Present,
    Absent,
}

/// The question that has a text read. `masked` is what leaves of it.
#[must_use]
pub fn question(
    knowledge: &Knowledge,
    state: &State,
    masked: &Masked,
    language: &str,
    most: usize,
) -> Question {
    let findings = knowledge.catalogue(state, masked.text(), most);
    let ids: Vec<&str> = findings
        .iter()
        .map(|finding| knowledge.vocabulary.id_of(*finding))
        .collect();
    let catalogue: Vec<String> = findings
        .iter()
        .zip(&ids)
        .map(|(finding, id)| {
            let name = &knowledge.findings[usize::from(*finding)].name;
            format!("{id}: {}", name.get(language))
        })
        .collect();
    let schema = json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["findings", "inquiry"],
        "properties": {
            "findings": {
                "type": "array",
                "maxItems": MOST,
                "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["id", "status", "words"],
                    "properties": {
                        "id": { "type": "string", "enum": ids },
                        "status": { "type": "string", "enum": ["present", "absent"] },
                        "words": { "type": "string" }
                    }
                }
            },
            "inquiry": { "type": ["string", "null"] }
        }
    });
    let data = json!({ "words": masked.text() }).to_string();
    Question {
        messages: READ.messages(language, &[("catalogue", &catalogue.join("\n"))], data),
        schema: Some(("findings", schema)),
        temperature: 0.0,
        tokens: READ.tokens,
        bytes: BYTES,
    }
}

/// Reads an answer; `None` if it is no JSON object of the shape at all.
#[must_use]
pub fn answer(masked: &Masked, text: &str) -> Option<Reading> {
    // Some wrap it in a code block or a sentence.
    let (from, to) = (text.find('{')?, text.rfind('}')?);
    let answer: Answer = serde_json::from_str(text.get(from..=to)?).ok()?;
    let mut reading = Reading::default();
    let many = answer.findings.len().saturating_sub(FINDINGS);
    reading.dropped += u32::try_from(many).unwrap_or(u32::MAX);
    for entry in answer.findings.into_iter().take(FINDINGS) {
        let found = serde_json::from_value::<Entry>(entry)
            .ok()
            .and_then(|entry| Some((masked.find(&entry.words)?, entry)));
        match found {
            Some((words, entry)) => reading.findings.push(Extracted {
                id: entry.id,
                present: entry.status == EntryStatus::Present,
                words,
            }),
            None => reading.dropped += 1,
        }
    }
    reading.inquiry = answer
        .inquiry
        .as_ref()
        .and_then(Value::as_str)
        .filter(|words| !words.trim().is_empty())
        .and_then(|words| masked.find(words));
    Some(reading)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "我头疼三天了,请问在哪里挂号";

    #[test]
    fn only_what_stands_in_the_text_is_believed() {
        let masked = Masked::of(TEXT);
        let read = answer(
            &masked,
            r#"好的:```json
            {"findings": [
                {"id": "headache", "status": "present", "words": "头疼三天"},
                {"id": "fever", "status": "present", "words": "发烧"},
                {"id": "nausea", "status": "maybe", "words": "头疼"},
                {"id": "vomiting", "words": "头疼"},
                7],
             "inquiry": "在哪里挂号", "care_level": "self_care"}```"#,
        )
        .unwrap();
        assert_eq!(read.dropped, 4);
        assert_eq!(read.findings.len(), 1);
        assert_eq!(&TEXT[read.findings[0].words.clone()], "头疼三天");
        assert_eq!(read.inquiry.map(|words| &TEXT[words]), Some("在哪里挂号"));
    }

    #[test]
    fn what_is_no_answer_is_none() {
        let masked = Masked::of(TEXT);
        for text in [
            "",
            "I cannot help with that.",
            "{",
            "{\"findings\": 3}",
            "[1, 2]",
        ] {
            assert_eq!(answer(&masked, text), None, "{text}");
        }
        assert_eq!(answer(&masked, "{}"), Some(Reading::default()));
        let flood = format!(
            "{{\"findings\": [{}]}}",
            vec![r#"{"id":"headache","status":"present","words":"头疼"}"#; 500].join(",")
        );
        let read = answer(&masked, &flood).unwrap();
        assert_eq!((read.findings.len(), read.dropped), (60, 440));
    }
}
