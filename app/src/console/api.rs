//! Calls of the console. The cookie goes along by itself.

use gloo_net::http::{Method, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wire::problem::Problem;

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Nothing came back, or not whole.
    Offline,
    /// The server said no.
    Problem(Problem),
}

impl Failure {
    /// The stable code: of the first field that does not fit, else of the problem.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Offline => "offline",
            Self::Problem(problem) => problem
                .fields
                .first()
                .map_or(problem.code.as_str(), |field| field.code.as_str()),
        }
    }
}

/// Calls, and answers the body; nothing where there is none.
///
/// # Errors
/// Why it failed.
pub async fn send<T: DeserializeOwned>(
    method: &str,
    path: &str,
    body: Option<serde_json::Value>,
) -> Result<Option<T>, Failure> {
    let method = match method {
        "POST" => Method::POST,
        "PUT" => Method::PUT,
        "DELETE" => Method::DELETE,
        _ => Method::GET,
    };
    let is_write = method != Method::GET;
    let mut request = RequestBuilder::new(&format!("/api/v1/staff{path}"))
        .method(method)
        .header("accept", "application/json");
    if is_write {
        request = request.header("x-anteroom", "1");
    }
    let sent = match body {
        Some(body) => request.json(&body),
        None => request.build(),
    };
    let answer = match sent {
        Ok(request) => request.send().await,
        Err(error) => Err(error),
    };
    let answer = answer.map_err(|_| Failure::Offline)?;
    let text = answer.text().await.map_err(|_| Failure::Offline)?;
    if !answer.ok() {
        let problem = serde_json::from_str(&text).map_err(|_| Failure::Offline)?;
        return Err(Failure::Problem(problem));
    }
    if text.is_empty() {
        return Ok(None);
    }
    serde_json::from_str(&text)
        .map(Some)
        .map_err(|_| Failure::Offline)
}

/// Reads.
///
/// # Errors
/// Why it failed.
pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Failure> {
    send("GET", path, None).await?.ok_or(Failure::Offline)
}

/// Writes and reads the answer.
///
/// # Errors
/// Why it failed.
pub async fn write<T: DeserializeOwned>(
    method: &str,
    path: &str,
    body: &impl Serialize,
) -> Result<T, Failure> {
    send(method, path, serde_json::to_value(body).ok())
        .await?
        .ok_or(Failure::Offline)
}

/// Writes, with no answer to read.
///
/// # Errors
/// Why it failed.
pub async fn tell(method: &str, path: &str, body: &impl Serialize) -> Result<(), Failure> {
    send::<serde_json::Value>(method, path, serde_json::to_value(body).ok())
        .await
        .map(drop)
}
