//! Answers to `audio/transcriptions`.

use serde_json::json;

use crate::reply::{Piece, Reply, Stream};

/// The transcript in the short form: `{"text": …}`.
#[must_use]
pub fn json(text: &str) -> Reply {
    Reply::json(200, &json!({"text": text}))
}

/// The transcript as plain text.
#[must_use]
pub fn plain(text: &str) -> Reply {
    Reply::whole(200, "text/plain; charset=utf-8", format!("{text}\n"))
}

/// The transcript in the long form, with the language (as the server names it: a code or an English word), the length in seconds and one
/// segment.
#[must_use]
pub fn verbose(text: &str, language: &str, seconds: f64) -> Reply {
    Reply::json(
        200,
        &json!({
            "task": "transcribe",
            "language": language,
            "duration": seconds,
            "text": text,
            "segments": [{
                "id": 0, "seek": 0, "start": 0.0, "end": seconds, "text": text, "tokens": [], "temperature": 0.0,
                "avg_logprob": -0.2, "compression_ratio": 1.0, "no_speech_prob": 0.01,
            }],
        }),
    )
}

/// The transcript streamed: one `transcript.text.delta` for each part, each a piece of its own, then `transcript.text.done` with the whole
/// text. Pieces may be added between them, or after.
#[must_use]
pub fn streamed(parts: &[&str]) -> Stream {
    let mut pieces: Vec<Piece> = parts
        .iter()
        .map(|part| event(&json!({"type": "transcript.text.delta", "delta": part})))
        .collect();
    pieces.push(event(
        &json!({"type": "transcript.text.done", "text": parts.concat()}),
    ));
    Stream::new(pieces)
}

fn event(value: &serde_json::Value) -> Piece {
    Piece::Bytes(format!("data: {value}\n\n").into_bytes())
}
