//! A transcription API as OpenAI has it: multipart in, JSON or pieces of text out.

use std::time::Duration;

use futures_util::{Stream, StreamExt as _};
use reqwest::header::CONTENT_TYPE;
use reqwest::multipart::{Form, Part};
use reqwest::{Body, Response, Url};
use serde::Deserialize;
use sse_stream::SseByteStream;
use tokio::time::Instant;

use super::audio::Container;
use crate::config::providers::{Secret, Speech as Settings};
use crate::model::openai::Fault;
use crate::outbound::{self, Line, Turned};

/// Bytes of an answer at most.
const BYTES: usize = 256 * 1024;

/// A recording on its way.
pub struct Recording<S> {
    /// Its bytes as they come.
    pub bytes: S,
    /// What it is.
    pub container: Container,
    /// Language code.
    pub language: String,
    /// Words of this hospital, for the recogniser to expect.
    pub prompt: String,
}

/// What was recognised.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Recognised {
    /// The words.
    pub text: String,
    /// The language, if it said so.
    pub language: Option<String>,
    /// Length in seconds, if it said so.
    pub seconds: Option<f64>,
    /// The provider's id of the request.
    pub request_id: Option<String>,
    /// Bytes of the answer.
    pub bytes_received: usize,
}

/// One deployment of a recogniser.
#[derive(Debug)]
pub struct Recogniser {
    /// Its settings.
    pub settings: Settings,
    key: Option<Secret>,
    url: Url,
    client: reqwest::Client,
    line: Line,
}

/// A whole answer, plain or verbose.
#[derive(Deserialize)]
struct Whole {
    text: String,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    duration: Option<f64>,
}

/// A piece of a streamed answer.
#[derive(Deserialize)]
struct Piece {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    delta: Option<String>,
    #[serde(default)]
    text: Option<String>,
}

impl Recogniser {
    /// A deployment as configured; `None` if its address does not read, which the settings' check has excluded.
    #[must_use]
    pub fn new(settings: Settings, key: Option<Secret>, client: reqwest::Client) -> Option<Self> {
        let url = outbound::address(&settings.base_url, "audio/transcriptions")?;
        let line = Line::new(
            settings.parallel,
            settings.queue,
            settings.failures,
            Duration::from_secs(settings.open_seconds),
        );
        Some(Self {
            settings,
            key,
            url,
            client,
            line,
        })
    }

    /// State of its circuit.
    #[must_use]
    pub fn circuit(&self) -> &'static str {
        self.line.state()
    }

    /// Sends a recording as it comes and answers what was recognised; pieces of it are handed to `on_text` where the provider
    /// streams. `is_senders` says afterwards whether the recording itself broke off, which is not the host's fault.
    ///
    /// # Errors
    /// Why nothing was recognised.
    pub async fn recognise<S, E>(
        &self,
        recording: Recording<S>,
        by: Instant,
        is_senders: &(dyn Fn() -> bool + Sync),
        on_text: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Recognised, Fault>
    where
        S: Stream<Item = Result<axum::body::Bytes, E>> + Send + 'static,
        E: std::error::Error + Send + Sync + 'static,
    {
        let place = match self.line.enter(by).await {
            Ok(place) => place,
            Err(Turned::Open) => return Err(Fault::Circuit),
            Err(Turned::Busy) => return Err(Fault::Busy),
        };
        let ended = tokio::time::timeout_at(by, self.exchange(recording, on_text))
            .await
            .unwrap_or(Err(Fault::Whole));
        match &ended {
            Ok(_) => place.went_well(),
            // A sound nobody can decode, or a sender who went away, says nothing of the host.
            Err(Fault::Status(400 | 413 | 415 | 422)) => drop(place),
            Err(_) if is_senders() => drop(place),
            Err(_) => place.failed(),
        }
        ended
    }

    async fn exchange<S, E>(
        &self,
        recording: Recording<S>,
        on_text: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Recognised, Fault>
    where
        S: Stream<Item = Result<axum::body::Bytes, E>> + Send + 'static,
        E: std::error::Error + Send + Sync + 'static,
    {
        let container = recording.container;
        let file = Part::stream(Body::wrap_stream(recording.bytes))
            .file_name(container.file_name())
            .mime_str(container.media_type())
            .map_err(|_| Fault::Broken)?;
        // The file last: whoever reads the fields first can begin with it at once.
        let mut form = Form::new()
            .text("model", self.settings.name.clone())
            .text("language", recording.language)
            .text("prompt", recording.prompt)
            .text(
                "response_format",
                if self.settings.stream {
                    "json"
                } else {
                    "verbose_json"
                },
            );
        if self.settings.stream {
            form = form.text("stream", "true");
        }
        let mut request = self
            .client
            .post(self.url.clone())
            .multipart(form.part("file", file));
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
        match response.status().as_u16() {
            200..=299 => {}
            401 | 403 => return Err(Fault::Key),
            429 => return Err(Fault::TooMany(None)),
            status => return Err(Fault::Status(status)),
        }
        let mut recognised = Recognised {
            request_id: response
                .headers()
                .get("x-request-id")
                .and_then(|value| value.to_str().ok())
                .map(|id| id.chars().take(100).collect()),
            ..Recognised::default()
        };
        let kind = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if kind.starts_with("text/event-stream") {
            read_stream(response, &mut recognised, on_text).await?;
        } else if kind.starts_with("application/json") {
            let body = read(response, &mut recognised).await?;
            let whole: Whole = serde_json::from_slice(&body).map_err(|_| Fault::Broken)?;
            recognised.text = whole.text;
            recognised.language = whole.language;
            recognised.seconds = whole
                .duration
                .filter(|seconds| seconds.is_finite() && *seconds >= 0.0);
        } else {
            return Err(Fault::ContentType);
        }
        Ok(recognised)
    }
}

async fn read(response: Response, recognised: &mut Recognised) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::new();
    let mut pieces = response.bytes_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Fault::Cut)?;
        recognised.bytes_received += piece.len();
        if recognised.bytes_received > BYTES {
            return Err(Fault::TooLong);
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

async fn read_stream(
    response: Response,
    recognised: &mut Recognised,
    on_text: &mut (dyn FnMut(&str) + Send),
) -> Result<(), Fault> {
    let mut received = 0;
    let bytes = response.bytes_stream().map(move |piece| {
        let piece = piece.map_err(|_| Fault::Cut)?;
        received += piece.len();
        if received > BYTES {
            return Err(Fault::TooLong);
        }
        Ok::<_, Fault>(piece)
    });
    let mut events = SseByteStream::new(Box::pin(bytes));
    while let Some(event) = events.next().await {
        let data = event.map_err(|_| Fault::Cut)?.data.unwrap_or_default();
        recognised.bytes_received += data.len();
        if data.trim().is_empty() || data.trim() == "[DONE]" {
            continue;
        }
        let piece: Piece = serde_json::from_str(&data).map_err(|_| Fault::Broken)?;
        match (piece.kind.as_str(), piece.delta, piece.text) {
            ("transcript.text.delta", Some(delta), _) => {
                on_text(&delta);
                recognised.text.push_str(&delta);
            }
            ("transcript.text.done", _, Some(text)) => {
                recognised.text = text;
                return Ok(());
            }
            _ => {}
        }
    }
    if recognised.text.is_empty() {
        Err(Fault::Empty)
    } else {
        Ok(())
    }
}
