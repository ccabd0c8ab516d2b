//! A friendly script for trying Anteroom by hand: every request gets a sensible answer.

use std::time::Duration;

use serde_json::{Value, json};

use crate::received::Received;
use crate::reply::{Piece, Reply};
use crate::script::{self, Script};
use crate::{chat, failure, transcription};

const ENGLISH: &str = "Thank you for telling me about this. I would like to ask you a few questions, and any answer is fine.";
const CHINESE: &str =
    "谢谢您告诉我这些情况。接下来我想请教您几个问题，怎么回答都可以，不清楚的地方说不知道就行。";

/// How the friendly script paces its answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Wait before the first delta.
    pub first: Duration,
    /// Wait before every further delta.
    pub each: Duration,
    /// The most deltas that a sentence is parted into, at least 1.
    pub tokens: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(100),
            each: Duration::from_millis(20),
            tokens: 50,
        }
    }
}

/// The friendly script. A chat request with a `response_format` gets `{"findings": []}`, any other a short sentence, Chinese when the
/// request holds Han characters and English otherwise; a recording gets a fixed sentence; `models` lists the one model there is.
#[must_use]
pub fn script(pace: Pace) -> Script {
    script::of(move |received| {
        let path = received.path.split('?').next().unwrap_or_default();
        if path.ends_with("/chat/completions") {
            converse(received, pace)
        } else if path.ends_with("/audio/transcriptions") {
            transcribe(received)
        } else if path.ends_with("/models") {
            Reply::json(
                200,
                &json!({"object": "list", "data": [{"id": "scripted", "object": "model", "owned_by": "anteroom"}]}),
            )
        } else {
            failure::error(
                404,
                "invalid_request_error",
                None,
                "There is nothing at this address.",
            )
        }
    })
}

fn converse(received: &Received, pace: Pace) -> Reply {
    let Some(request) = received.json() else {
        return failure::bad_request();
    };
    let answer = if request
        .get("response_format")
        .is_some_and(|format| !format.is_null())
    {
        r#"{"findings": []}"#
    } else if request.to_string().chars().any(is_han) {
        CHINESE
    } else {
        ENGLISH
    };
    let completion = chat::text(&parted(answer, pace.tokens)).paced(pace.first, pace.each);
    if request
        .get("stream")
        .and_then(Value::as_bool)
        .unwrap_or_default()
    {
        completion.reply()
    } else {
        completion.whole().after(pace.first)
    }
}

fn transcribe(received: &Received) -> Reply {
    let chinese = received
        .field("language")
        .is_some_and(|language| language.starts_with("zh"));
    let (text, language) = if chinese {
        ("我从昨天开始肚子痛。", "zh")
    } else {
        ("My stomach has been hurting since yesterday.", "en")
    };
    if received.field("stream").as_deref() == Some("true") {
        let stream = transcription::streamed(&parted(text, 5));
        return Reply::Stream(stream.then([Piece::from("data: [DONE]\n\n")]));
    }
    match received.field("response_format").as_deref() {
        Some("verbose_json") => transcription::verbose(text, language, 2.5),
        Some("text") => transcription::plain(text),
        _ => transcription::json(text),
    }
}

/// Parts a text into at most `most` parts of nearly equal length.
fn parted(text: &str, most: usize) -> Vec<&str> {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let parts = most.clamp(1, starts.len().max(1));
    let cut = |part: usize| {
        starts
            .get(part * starts.len() / parts)
            .copied()
            .unwrap_or(text.len())
    };
    (0..parts)
        .map(|part| &text[cut(part)..cut(part + 1)])
        .collect()
}

fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}
