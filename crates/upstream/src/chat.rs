//! Answers to `chat/completions`, streamed or whole, healthy or broken.
//!
//! [`text`] gives a healthy answer; the methods of [`Completion`] change it. Without changes its stream is: a delta with the role and
//! `content: null`, one delta for each piece of text, a chunk with the reason it finished, one with the usage, and `[DONE]`, each in one
//! write.

use std::time::Duration;

use serde_json::{Value, json};

use crate::reply::{Piece, Reply, Stream, drip};

/// A healthy answer with one delta for each of `pieces`.
#[must_use]
pub fn text(pieces: &[&str]) -> Completion {
    Completion {
        pieces: pieces.iter().map(|&piece| piece.to_owned()).collect(),
        reasoning: Vec::new(),
        reasoning_field: "reasoning_content",
        model: "scripted".to_owned(),
        finish_reason: "stop",
        usage: Some((12, pieces.len())),
        done: true,
        keep_alives: false,
        pace: None,
        line_end: "\n",
        layout: Layout::Events,
        content_type: "text/event-stream",
        inserted: Vec::new(),
    }
}

/// An answer with one single delta of so many mebibytes.
#[must_use]
pub fn huge(mebibytes: usize) -> Completion {
    text(&[&"x".repeat(mebibytes * 1024 * 1024)])
}

/// How events are laid out over writes.
#[derive(Clone, Copy, Debug)]
enum Layout {
    Events,
    Together,
    Split(Duration),
    Drip(Duration),
}

/// An answer of a model, to be sent as a stream or whole.
#[derive(Clone, Debug)]
pub struct Completion {
    pieces: Vec<String>,
    reasoning: Vec<String>,
    reasoning_field: &'static str,
    model: String,
    finish_reason: &'static str,
    usage: Option<(usize, usize)>,
    done: bool,
    keep_alives: bool,
    pace: Option<(Duration, Duration)>,
    line_end: &'static str,
    layout: Layout,
    content_type: &'static str,
    inserted: Vec<(usize, Piece)>,
}

/// What stands in a stream before it is laid out over writes.
enum Item {
    Event(String),
    Piece(Piece),
}

impl Completion {
    /// Leaves out the usage.
    #[must_use]
    pub fn without_usage(mut self) -> Self {
        self.usage = None;
        self
    }

    /// States this usage in tokens: of the prompt, of the answer. Unless told, it is 12 and the number of pieces.
    #[must_use]
    pub fn usage(mut self, prompt: usize, completion: usize) -> Self {
        self.usage = Some((prompt, completion));
        self
    }

    /// Leaves out `[DONE]`: the stream just ends.
    #[must_use]
    pub fn without_done(mut self) -> Self {
        self.done = false;
        self
    }

    /// Sends these thoughts before the text, as `reasoning_content`.
    #[must_use]
    pub fn reasoning(mut self, pieces: &[&str]) -> Self {
        self.reasoning = pieces.iter().map(|&piece| piece.to_owned()).collect();
        self
    }

    /// Names the field of the thoughts otherwise; some servers call it `reasoning`.
    #[must_use]
    pub fn reasoning_field(mut self, field: &'static str) -> Self {
        self.reasoning_field = field;
        self
    }

    /// Names the model that answers; `scripted` unless told.
    #[must_use]
    pub fn model(mut self, model: &str) -> Self {
        model.clone_into(&mut self.model);
        self
    }

    /// The reason it finished: `stop` unless told, otherwise `length`, `content_filter` and so on.
    #[must_use]
    pub fn finish_reason(mut self, reason: &'static str) -> Self {
        self.finish_reason = reason;
        self
    }

    /// Puts a comment (`: keep-alive`) before every event.
    #[must_use]
    pub fn keep_alives(mut self) -> Self {
        self.keep_alives = true;
        self
    }

    /// Waits `first` before the first delta of thought or text (the delta with the role comes along with it) and `each` before every
    /// further one.
    #[must_use]
    pub fn paced(mut self, first: Duration, each: Duration) -> Self {
        self.pace = Some((first, each));
        self
    }

    /// Ends lines with `\r\n`.
    #[must_use]
    pub fn crlf(mut self) -> Self {
        self.line_end = "\r\n";
        self
    }

    /// Sends all events in one write. What was inserted or a pace still parts them.
    #[must_use]
    pub fn together(mut self) -> Self {
        self.layout = Layout::Together;
        self
    }

    /// Sends every event in two writes with a pause between, cut within a character of several bytes where there is one.
    #[must_use]
    pub fn split(mut self, pause: Duration) -> Self {
        self.layout = Layout::Split(pause);
        self
    }

    /// Sends every byte in a write of its own, each after a wait of `every`.
    #[must_use]
    pub fn drip(mut self, every: Duration) -> Self {
        self.layout = Layout::Drip(every);
        self
    }

    /// Sends the stream under this content type, such as `text/html`.
    #[must_use]
    pub fn content_type(mut self, content_type: &'static str) -> Self {
        self.content_type = content_type;
        self
    }

    /// Plays `piece` after so many deltas of text; with 0, before the first (but after the role and the thoughts). For cuts, hangs, gates
    /// and foreign bytes in the midst of an answer.
    #[must_use]
    pub fn insert(mut self, after: usize, piece: Piece) -> Self {
        self.inserted.push((after, piece));
        self
    }

    /// Sends a data line that is not JSON after so many deltas of text.
    #[must_use]
    pub fn invalid_json(self, after: usize) -> Self {
        self.insert(
            after,
            Piece::from("data: {\"choices\": [{\"delta\": {\"content\": \n\n"),
        )
    }

    /// Sends an error as an event after so many deltas of text, as servers do that fail when the stream has begun.
    #[must_use]
    pub fn failing(self, after: usize, message: &str) -> Self {
        let event = format!(
            "data: {}\n\n",
            crate::failure::body("server_error", None, message)
        );
        self.insert(after, Piece::Bytes(event.into_bytes()))
    }

    /// The answer as a stream.
    #[must_use]
    pub fn stream(&self) -> Stream {
        let mut pieces = Vec::new();
        let mut held = Vec::new();
        for item in self.items() {
            match (item, self.layout) {
                (Item::Event(event), Layout::Events) => {
                    pieces.push(Piece::Bytes(event.into_bytes()));
                }
                (Item::Event(event), Layout::Together) => held.extend_from_slice(event.as_bytes()),
                (Item::Event(event), Layout::Split(pause)) => {
                    let (start, end) = event.as_bytes().split_at(middle(&event));
                    pieces.extend([
                        Piece::Bytes(start.to_vec()),
                        Piece::Wait(pause),
                        Piece::Bytes(end.to_vec()),
                    ]);
                }
                (Item::Event(event), Layout::Drip(every)) => {
                    pieces.extend(drip(event.as_bytes(), every));
                }
                (Item::Piece(piece), _) => {
                    if !held.is_empty() {
                        pieces.push(Piece::Bytes(std::mem::take(&mut held)));
                    }
                    pieces.push(piece);
                }
            }
        }
        if !held.is_empty() {
            pieces.push(Piece::Bytes(held));
        }
        Stream::new(pieces).content_type(self.content_type)
    }

    /// The answer as a streamed reply.
    #[must_use]
    pub fn reply(&self) -> Reply {
        Reply::Stream(self.stream())
    }

    /// The answer as one `chat.completion` object in JSON, as to a request without `stream`.
    #[must_use]
    pub fn whole(&self) -> Reply {
        let mut message = json!({"role": "assistant", "content": self.pieces.concat()});
        if !self.reasoning.is_empty() {
            message[self.reasoning_field] = self.reasoning.concat().into();
        }
        let mut answer = json!({
            "id": "chatcmpl-scripted",
            "object": "chat.completion",
            "created": CREATED,
            "model": self.model,
            "choices": [{"index": 0, "message": message, "finish_reason": self.finish_reason}],
        });
        if let Some(usage) = self.usage_value() {
            answer["usage"] = usage;
        }
        Reply::json(200, &answer)
    }

    fn items(&self) -> Vec<Item> {
        let mut items = Vec::new();
        let (first, each) = self.pace.unzip();
        items.extend(first.map(|first| Item::Piece(Piece::Wait(first))));
        items.push(self.delta(&json!({"role": "assistant", "content": null})));
        // The first delta comes along with the role, so it has no wait of its own.
        let mut waits = std::iter::once(None).chain(std::iter::repeat(each));
        let mut wait = || {
            waits
                .next()
                .flatten()
                .map(|each| Item::Piece(Piece::Wait(each)))
        };
        for thought in &self.reasoning {
            items.extend(wait());
            items.push(self.delta(&json!({self.reasoning_field: thought})));
        }
        items.extend(self.inserted_after(0));
        for (index, piece) in self.pieces.iter().enumerate() {
            items.extend(wait());
            items.push(self.delta(&json!({"content": piece})));
            items.extend(self.inserted_after(index + 1));
        }
        items.push(self.chunk(
            &json!([{"index": 0, "delta": {}, "finish_reason": self.finish_reason}]),
            None,
        ));
        if let Some(usage) = self.usage_value() {
            items.push(self.chunk(&json!([]), Some(usage)));
        }
        if self.done {
            items.push(self.event("[DONE]"));
        }
        items
    }

    fn inserted_after(&self, deltas: usize) -> impl Iterator<Item = Item> {
        self.inserted
            .iter()
            .filter(move |(after, _)| *after == deltas)
            .map(|(_, piece)| Item::Piece(piece.clone()))
    }

    fn delta(&self, delta: &Value) -> Item {
        self.chunk(
            &json!([{"index": 0, "delta": delta, "finish_reason": null}]),
            None,
        )
    }

    fn chunk(&self, choices: &Value, usage: Option<Value>) -> Item {
        let mut chunk = json!({
            "id": "chatcmpl-scripted",
            "object": "chat.completion.chunk",
            "created": CREATED,
            "model": self.model,
            "choices": choices,
        });
        if let Some(usage) = usage {
            chunk["usage"] = usage;
        }
        self.event(&chunk.to_string())
    }

    fn event(&self, data: &str) -> Item {
        let end = self.line_end;
        let comment = if self.keep_alives {
            format!(": keep-alive{end}{end}")
        } else {
            String::new()
        };
        Item::Event(format!("{comment}data: {data}{end}{end}"))
    }

    fn usage_value(&self) -> Option<Value> {
        let (prompt, completion) = self.usage?;
        Some(
            json!({"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}),
        )
    }
}

/// When every answer claims to have been made, in seconds since 1970: always the same, so that answers can be compared.
const CREATED: u64 = 1_750_000_000;

/// Where an event is cut in two: within the first character of several bytes, or else in the middle.
fn middle(event: &str) -> usize {
    event
        .char_indices()
        .find(|(_, character)| character.len_utf8() > 1)
        .map_or(event.len() / 2, |(at, _)| at + 1)
}
