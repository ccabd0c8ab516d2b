//! What came in: one request as it was received, and how the answer to it ended.

use std::time::Instant;

use serde_json::Value;
use tokio::sync::watch;

use crate::multipart;

/// How the answer to a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It has not ended: it is being answered.
    Open,
    /// The answer was written to its end.
    Complete,
    /// The client hung up before the answer was complete.
    Disconnected,
    /// The script told the upstream to break off, or not to answer at all.
    Cut,
    /// The upstream was stopped, or its script panicked, before the answer was complete.
    Stopped,
}

/// One request as it came in.
#[derive(Debug)]
pub struct Received {
    /// Sequence number among all requests to this upstream, from 0. While recording is on from the start it is also the index in
    /// [`Upstream::received`](crate::Upstream::received).
    pub number: usize,
    /// Number of the connection it came on, from 0: equal numbers mean that the client used a connection again.
    pub connection: usize,
    /// When the last byte of the request had come.
    pub at: Instant,
    /// The method in capitals, such as `POST`.
    pub method: String,
    /// The path with its query, such as `/v1/chat/completions`.
    pub path: String,
    /// The headers in their order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, without the framing of chunks.
    pub body: Vec<u8>,
    pub(crate) ending: watch::Sender<Ending>,
}

impl Received {
    /// The value of the first header of this name (any case), if there is one.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body read as JSON, if it is JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The body as text. Bytes that are not UTF-8 become replacement characters.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The text of the first field of this name in a multipart body. A file is not a field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        self.parts()
            .into_iter()
            .find(|part| part.name == name && part.file_name.is_none())
            .map(|part| String::from_utf8_lossy(part.content).into_owned())
    }

    /// The first file in a multipart body: its name, its content type (empty when not given) and its bytes.
    #[must_use]
    pub fn file(&self) -> Option<(String, String, Vec<u8>)> {
        self.parts().into_iter().find_map(|part| {
            part.file_name
                .map(|file_name| (file_name, part.content_type, part.content.to_vec()))
        })
    }

    /// Whether the client has hung up before the answer was complete.
    #[must_use]
    pub fn disconnected(&self) -> bool {
        self.ending() == Ending::Disconnected
    }

    /// How the answer has ended, as far as is known now.
    #[must_use]
    pub fn ending(&self) -> Ending {
        *self.ending.borrow()
    }

    /// Waits until the answer has ended, and says how. The client may have seen the end a moment earlier.
    pub async fn ended(&self) -> Ending {
        // The sender lives as long as `self`, so the wait cannot fail.
        self.ending
            .subscribe()
            .wait_for(|ending| *ending != Ending::Open)
            .await
            .map_or(Ending::Open, |ending| *ending)
    }

    fn parts(&self) -> Vec<multipart::Part<'_>> {
        self.header("content-type")
            .and_then(multipart::boundary)
            .map(|boundary| multipart::parts(&self.body, &boundary))
            .unwrap_or_default()
    }
}
