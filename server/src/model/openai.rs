//! A chat API as OpenAI has it, streamed, with everything that servers of that kind leave out or add.

use std::ops::ControlFlow;
use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Response, Url};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sse_stream::SseByteStream;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::config::providers::{JsonMode, Model, Secret};
use crate::outbound::{self, Line, Turned};

/// Bytes of one answer at most, framing included.
const BYTES: usize = 1024 * 1024;
/// How long the count of tokens is waited for after the last of them.
const AFTERWARDS: Duration = Duration::from_millis(500);
/// Bytes of an error's body that are read at most, for its code.
const ERROR_BYTES: usize = 4096;

/// One message of a request.
#[derive(Debug, Clone, Serialize)]
pub struct Message {
    /// `system` or `user`.
    pub role: &'static str,
    /// Its text.
    pub content: String,
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// The messages.
    pub messages: Vec<Message>,
    /// Name and schema of the JSON to be answered, if it is to be JSON.
    pub schema: Option<(&'static str, Value)>,
    /// Temperature.
    pub temperature: f64,
    /// Tokens of the answer at most.
    pub tokens: u32,
    /// Bytes of the answer's text at most; a model that goes on is cut off.
    pub bytes: usize,
}

/// Until when what must have come.
#[derive(Debug, Clone, Copy)]
pub struct Deadline {
    /// The first token.
    pub first: Instant,
    /// The whole.
    pub whole: Instant,
}

/// Why there is no whole answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
pub enum Fault {
    /// The circuit is open.
    Circuit,
    /// Too many calls wait.
    Busy,
    /// No connection.
    Unreachable,
    /// The key is refused (401, 403).
    Key,
    /// Too many requests (429); how long to wait, if it said so.
    TooMany(Option<Duration>),
    /// Another status.
    Status(u16),
    /// No token in time.
    FirstToken,
    /// Not whole in time.
    Whole,
    /// Nobody wants it any more.
    Cancelled,
    /// The connection broke.
    Cut,
    /// Not the type of a chat answer.
    ContentType,
    /// Not what a chat answer looks like.
    Broken,
    /// More than anybody asked for.
    TooLong,
    /// It answered nothing.
    Empty,
}

impl Fault {
    /// As a code, for the ledger and the figures.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Circuit => "circuit_open",
            Self::Busy => "busy",
            Self::Unreachable => "unreachable",
            Self::Key => "key_refused",
            Self::TooMany(_) => "too_many_requests",
            Self::Status(_) => "bad_status",
            Self::FirstToken => "first_token_late",
            Self::Whole => "late",
            Self::Cancelled => "cancelled",
            Self::Cut => "cut",
            Self::ContentType => "wrong_content_type",
            Self::Broken => "broken",
            Self::TooLong => "too_long",
            Self::Empty => "empty",
        }
    }

    /// Whether the host is to blame. A cancelled call and an answer that is only too long say nothing of it.
    fn is_the_hosts(self) -> bool {
        !matches!(
            self,
            Self::Circuit | Self::Busy | Self::Cancelled | Self::TooLong
        )
    }

    /// Whether trying once more is safe and may help: nothing was answered yet.
    #[must_use]
    pub fn may_be_retried(self) -> bool {
        matches!(self, Self::Unreachable | Self::TooMany(_))
            || matches!(self, Self::Status(status) if matches!(status, 500 | 502 | 503 | 504))
    }
}

/// What was answered, as far as it came.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// The text.
    pub text: String,
    /// Tokens sent and received, if the server said so.
    pub tokens: Option<(u64, u64)>,
    /// When the first token came.
    pub first: Option<Instant>,
    /// The server's id of the request.
    pub request_id: Option<String>,
    /// Bytes of the request's body.
    pub bytes_sent: usize,
    /// Bytes of the answer's body.
    pub bytes_received: usize,
    /// When the server said that this was all; only the tokens' count may follow.
    finished: Option<Instant>,
}

/// One deployment of a model.
#[derive(Debug)]
pub struct Endpoint {
    /// Its settings.
    pub settings: Model,
    key: Option<Secret>,
    url: Url,
    client: reqwest::Client,
    line: Line,
    extra: Map<String, Value>,
}

impl Endpoint {
    /// A deployment as configured; `None` if its address does not read, which the settings' check has excluded.
    #[must_use]
    pub fn new(settings: Model, key: Option<Secret>, client: reqwest::Client) -> Option<Self> {
        let url = outbound::address(&settings.base_url, "chat/completions")?;
        let line = Line::new(
            settings.parallel,
            settings.queue,
            settings.failures,
            Duration::from_secs(settings.open_seconds),
        );
        let extra = serde_json::from_str(&settings.extra).unwrap_or_default();
        Some(Self {
            settings,
            key,
            url,
            client,
            line,
            extra,
        })
    }

    /// State of its circuit.
    #[must_use]
    pub fn circuit(&self) -> &'static str {
        self.line.state()
    }

    fn body(&self, question: &Question) -> Vec<u8> {
        let mut body = self.extra.clone();
        body.insert("model".to_owned(), json!(self.settings.name));
        body.insert("messages".to_owned(), json!(question.messages));
        body.insert("stream".to_owned(), json!(true));
        body.insert(
            "stream_options".to_owned(),
            json!({ "include_usage": true }),
        );
        body.insert("temperature".to_owned(), json!(question.temperature));
        body.insert("max_tokens".to_owned(), json!(question.tokens));
        if let Some((name, schema)) = &question.schema {
            let format = match self.settings.json {
                JsonMode::JsonSchema => Some(json!({
                    "type": "json_schema",
                    "json_schema": { "name": name, "strict": true, "schema": schema }
                })),
                JsonMode::JsonObject => Some(json!({ "type": "json_object" })),
                JsonMode::None => None,
            };
            if let Some(format) = format {
                body.insert("response_format".to_owned(), format);
            }
        }
        // A map of strings and numbers always writes; an empty body would be refused and counted as a fault.
        serde_json::to_vec(&body).unwrap_or_default()
    }

    /// Asks once. Each piece of text is handed to `on_text`, which may break off; that is no fault. Answers what came, and why
    /// it is not whole if it is not.
    pub async fn ask(
        &self,
        question: &Question,
        deadline: Deadline,
        cancel: &CancellationToken,
        on_text: &mut (dyn FnMut(&str) -> ControlFlow<()> + Send),
    ) -> (Said, Result<(), Fault>) {
        let mut said = Said::default();
        let place = match self.line.enter(deadline.first).await {
            Ok(place) => place,
            Err(Turned::Open) => return (said, Err(Fault::Circuit)),
            Err(Turned::Busy) => return (said, Err(Fault::Busy)),
        };
        let ended = tokio::select! {
            biased;
            () = cancel.cancelled() => Err(Fault::Cancelled),
            ended = self.exchange(question, deadline, &mut said, on_text) => ended,
        };
        match ended {
            Ok(()) => place.went_well(),
            Err(fault) if fault.is_the_hosts() => place.failed(),
            // Dropped: it says nothing of the host.
            Err(_) => drop(place),
        }
        (said, ended)
    }

    async fn exchange(
        &self,
        question: &Question,
        deadline: Deadline,
        said: &mut Said,
        on_text: &mut (dyn FnMut(&str) -> ControlFlow<()> + Send),
    ) -> Result<(), Fault> {
        let response = tokio::time::timeout_at(deadline.first, self.send(question, said))
            .await
            .map_err(|_| Fault::FirstToken)??;
        said.request_id = ["x-request-id", "request-id", "x-ds-trace-id"]
            .into_iter()
            .find_map(|name| response.headers().get(name))
            .and_then(|value| value.to_str().ok())
            .map(|id| id.chars().take(100).collect());
        match content_type(response.headers()) {
            ContentType::Stream => read_stream(response, question, deadline, said, on_text).await,
            ContentType::Json => {
                let body = tokio::time::timeout_at(deadline.first, whole(response, BYTES, said))
                    .await
                    .map_err(|_| Fault::FirstToken)??;
                read_whole(&body, question, said, on_text)
            }
            ContentType::Other => Err(Fault::ContentType),
        }
    }

    async fn send(&self, question: &Question, said: &mut Said) -> Result<Response, Fault> {
        let body = self.body(question);
        said.bytes_sent = body.len();
        let mut request = self
            .client
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "text/event-stream, application/json")
            .body(body);
        if let Some(key) = &self.key {
            request = request.bearer_auth(key.reveal());
        }
        let response = request.send().await.map_err(|error| {
            if error.is_connect() {
                Fault::Unreachable
            } else {
                Fault::Cut
            }
        })?;
        let status = response.status().as_u16();
        if response.status().is_success() {
            return Ok(response);
        }
        let wait = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.trim().parse().ok())
            .map(Duration::from_secs);
        // Read, so that the connection can be used again; what it says may hold anything and goes nowhere.
        let _ = whole(response, ERROR_BYTES, said).await;
        Err(match status {
            401 | 403 => Fault::Key,
            429 => Fault::TooMany(wait),
            status => Fault::Status(status),
        })
    }
}

enum ContentType {
    Stream,
    Json,
    Other,
}

fn content_type(headers: &HeaderMap) -> ContentType {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if kind.starts_with("text/event-stream") {
        ContentType::Stream
    } else if kind.starts_with("application/json") {
        ContentType::Json
    } else {
        ContentType::Other
    }
}

async fn whole(response: Response, most: usize, said: &mut Said) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::new();
    let mut pieces = response.bytes_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Fault::Cut)?;
        said.bytes_received += piece.len();
        if body.len() + piece.len() > most {
            return Err(Fault::TooLong);
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// A chunk of a streamed answer, or a whole one; everything may be missing.
#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Option<Vec<Choice>>,
    #[serde(default)]
    usage: Option<Usage>,
    #[serde(default)]
    error: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default, alias = "message")]
    delta: Option<Delta>,
    #[serde(default)]
    finish_reason: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Delta {
    // `reasoning_content` is nobody's business and left where it is.
    #[serde(default)]
    content: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

impl Said {
    /// Takes a chunk. Breaks off if the caller does or too much came.
    fn take(
        &mut self,
        chunk: Chunk,
        most: usize,
        on_text: &mut (dyn FnMut(&str) -> ControlFlow<()> + Send),
    ) -> Result<ControlFlow<()>, Fault> {
        if chunk.error.is_some() {
            return Err(Fault::Broken);
        }
        if let Some(usage) = chunk.usage {
            self.tokens = Some((usage.prompt_tokens, usage.completion_tokens));
        }
        let choice = chunk.choices.into_iter().flatten().next();
        let (delta, finished) = choice.map_or((None, false), |choice| {
            (choice.delta, choice.finish_reason.is_some())
        });
        if finished {
            self.finished = Some(Instant::now());
        }
        let text = delta.and_then(|delta| delta.content).unwrap_or_default();
        if text.is_empty() {
            return Ok(ControlFlow::Continue(()));
        }
        if self.first.is_none() {
            self.first = Some(Instant::now());
        }
        if self.text.len() + text.len() > most {
            return Err(Fault::TooLong);
        }
        self.text.push_str(&text);
        Ok(on_text(&text))
    }
}

async fn read_stream(
    response: Response,
    question: &Question,
    deadline: Deadline,
    said: &mut Said,
    on_text: &mut (dyn FnMut(&str) -> ControlFlow<()> + Send),
) -> Result<(), Fault> {
    let received = std::sync::atomic::AtomicUsize::new(0);
    // Counted before it is taken apart: a line without an end is not kept for ever.
    let bytes = response.bytes_stream().map(|piece| {
        let piece = piece.map_err(|_| Fault::Cut)?;
        let before = received.fetch_add(piece.len(), std::sync::atomic::Ordering::Relaxed);
        if before + piece.len() > BYTES {
            return Err(Fault::TooLong);
        }
        Ok(piece)
    });
    let mut events = SseByteStream::new(Box::pin(bytes));
    let ended = loop {
        let (by, late) = match (said.finished, said.first) {
            // Some never say how many tokens it was, nor that they are done.
            (Some(at), Some(_)) => ((at + AFTERWARDS).min(deadline.whole), Ok(())),
            (_, Some(_)) => (deadline.whole, Err(Fault::Whole)),
            (_, None) => (deadline.first, Err(Fault::FirstToken)),
        };
        let event = match tokio::time::timeout_at(by, events.next()).await {
            Err(_) => break late,
            Ok(None) => break Ok(()),
            Ok(Some(Err(sse_stream::Error::Body(fault)))) => {
                break Err(*fault.downcast::<Fault>().unwrap_or(Box::new(Fault::Cut)));
            }
            Ok(Some(Err(_))) => break Err(Fault::Broken),
            Ok(Some(Ok(event))) => event,
        };
        let Some(data) = event.data.filter(|data| !data.trim().is_empty()) else {
            continue;
        };
        if data.trim() == "[DONE]" {
            // The rest is only the end of the body; read, the connection serves the next call too.
            let _ = tokio::time::timeout(AFTERWARDS, events.next()).await;
            break Ok(());
        }
        let Ok(chunk) = serde_json::from_str::<Chunk>(&data) else {
            break Err(Fault::Broken);
        };
        match said.take(chunk, question.bytes, on_text) {
            Ok(ControlFlow::Continue(())) => {}
            Ok(ControlFlow::Break(())) => break Ok(()),
            Err(fault) => break Err(fault),
        }
    };
    said.bytes_received += received.into_inner();
    match ended {
        Ok(()) if said.text.is_empty() => Err(Fault::Empty),
        ended => ended,
    }
}

fn read_whole(
    body: &[u8],
    question: &Question,
    said: &mut Said,
    on_text: &mut (dyn FnMut(&str) -> ControlFlow<()> + Send),
) -> Result<(), Fault> {
    let chunk: Chunk = serde_json::from_slice(body).map_err(|_| Fault::Broken)?;
    let _ = said.take(chunk, question.bytes, on_text)?;
    if said.text.is_empty() {
        Err(Fault::Empty)
    } else {
        Ok(())
    }
}
