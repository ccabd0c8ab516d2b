//! The load client: a patient who taps and reads a stream, or somebody who asks the model directly.

use std::time::Instant;

use futures_util::StreamExt as _;
use reqwest::Response;
use serde_json::{Value, json};
use wire::application::Application;
use wire::session::CreatedSession;

/// A stream as it came.
pub struct Arrived {
    /// When each sentence was whole.
    pub sentences: Vec<Instant>,
    /// All its words.
    pub text: String,
}

/// The client.
pub struct Client {
    http: reqwest::Client,
    server: String,
    model: String,
    consents: Value,
}

impl Client {
    /// Reads what the page reads on arrival and agrees to the model.
    pub async fn arrive(server: &str, model: &str) -> Result<Self, String> {
        let http = crate::bench::client();
        let application: Application = http
            .get(format!("{server}/api/v1/applications/demo"))
            .send()
            .await
            .map_err(text)?
            .json()
            .await
            .map_err(text)?;
        let consents = application
            .consents
            .iter()
            .filter(|consent| consent.required || consent.purpose == "model_provider")
            .map(|consent| {
                json!({
                    "purpose": consent.purpose, "version": consent.version, "language": "en",
                    "sha256": consent.sha256.get("en"), "by": "patient"
                })
            })
            .collect();
        Ok(Self {
            http,
            server: server.to_owned(),
            model: model.to_owned(),
            consents,
        })
    }

    /// Makes sessions.
    pub async fn sessions(&self, count: usize) -> Result<Vec<CreatedSession>, String> {
        let mut made = Vec::with_capacity(count);
        for _ in 0..count {
            let body = json!({
                "id": uuid::Uuid::now_v7().to_string(), "application": "demo", "locale": "en",
                "consents": self.consents, "client_secret": uuid::Uuid::now_v7().simple().to_string().repeat(2),
            });
            let answer = self
                .http
                .post(format!("{}/api/v1/sessions", self.server))
                .header("x-anteroom", "1")
                .json(&body)
                .send()
                .await
                .map_err(text)?;
            made.push(answer.json().await.map_err(text)?);
        }
        Ok(made)
    }

    /// One turn of a session, streamed: a tap on a complaint of the list.
    pub async fn turn(&self, session: &CreatedSession) -> Result<Arrived, String> {
        let body = json!({
            "turn_id": uuid::Uuid::now_v7().to_string(),
            "input": { "choice": { "question": "complaint", "choices": ["knee_pain"] } },
        });
        let response = self
            .http
            .post(format!(
                "{}/api/v1/sessions/{}/turns",
                self.server, session.id
            ))
            .bearer_auth(&session.token)
            .header("x-anteroom", "1")
            .header("accept", "text/event-stream")
            .json(&body)
            .send()
            .await
            .map_err(text)?;
        read(response, |name, data| {
            let value: Value = serde_json::from_str(data).ok()?;
            match name {
                "delta" => Some(value["text"].as_str()?.to_owned()),
                _ => None,
            }
        })
        .await
    }

    /// The model itself.
    pub async fn direct(&self) -> Result<Arrived, String> {
        let body = json!({ "model": "scripted", "stream": true, "messages": [{ "role": "user", "content": "hello" }] });
        let response = self
            .http
            .post(format!("{}/chat/completions", self.model))
            .json(&body)
            .send()
            .await
            .map_err(text)?;
        read(response, |_, data| {
            let value: Value = serde_json::from_str(data).ok()?;
            Some(value["choices"][0]["delta"]["content"].as_str()?.to_owned())
        })
        .await
    }
}

/// Reads a stream of events; `words` takes the text out of one.
async fn read(
    response: Response,
    words: impl Fn(&str, &str) -> Option<String>,
) -> Result<Arrived, String> {
    let status = response.status();
    if !status.is_success() {
        return Err(format!(
            "{status}: {}",
            response.text().await.unwrap_or_default()
        ));
    }
    let mut arrived = Arrived {
        sentences: Vec::new(),
        text: String::new(),
    };
    let mut pieces = response.bytes_stream();
    let mut rest = String::new();
    while let Some(piece) = pieces.next().await {
        let now = Instant::now();
        rest.push_str(&String::from_utf8_lossy(&piece.map_err(text)?));
        while let Some(end) = rest.find("\n\n") {
            let event: String = rest.drain(..end + 2).collect();
            let (mut name, mut data) = ("", "");
            for line in event.lines() {
                if let Some(value) = line.strip_prefix("event: ") {
                    name = value;
                } else if let Some(value) = line.strip_prefix("data: ") {
                    data = value;
                }
            }
            if let Some(words) = words(name, data) {
                let ended = words.matches(['.']).count();
                arrived.text.push_str(&words);
                arrived.sentences.extend(std::iter::repeat_n(now, ended));
            }
        }
    }
    Ok(arrived)
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
