//! What is answered: whole answers, streams piece by piece, and the ways of not answering.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::gate::Gate;

/// A hook that is called with the index of a piece right before that piece is written.
pub type OnPiece = Arc<dyn Fn(usize) + Send + Sync>;

/// What is answered to one request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// A whole answer with its length.
    Whole {
        /// HTTP status.
        status: u16,
        /// Further headers. A `content-length` given here replaces the true one.
        headers: Vec<(String, String)>,
        /// Content type.
        content_type: &'static str,
        /// The body.
        body: Vec<u8>,
    },
    /// Server-sent events, or anything else that comes in pieces: each piece is one chunk and one write.
    Stream(Stream),
    /// Writes the pieces as they are, without a head and without chunks, and closes the connection: for answers that break HTTP.
    /// Status, headers and content type of the stream are not used.
    Raw(Stream),
    /// Takes the request and never answers; ends when the client hangs up.
    Silent,
    /// Closes the connection without an answer.
    Close,
    /// Resets the connection without an answer.
    Reset,
    /// Answers after a while.
    After {
        /// How long to wait before anything is written, the head included.
        wait: Duration,
        /// What is answered then.
        reply: Box<Reply>,
    },
    /// Answers once the gate has opened.
    Behind {
        /// The gate. Nothing is written before it opens, not even the head.
        gate: Gate,
        /// What is answered then.
        reply: Box<Reply>,
    },
}

impl Reply {
    /// A whole answer in JSON.
    #[must_use]
    pub fn json(status: u16, value: &Value) -> Self {
        Self::whole(status, "application/json", value.to_string())
    }

    /// A whole answer of any content type.
    #[must_use]
    pub fn whole(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self::Whole {
            status,
            headers: Vec::new(),
            content_type,
            body: body.into(),
        }
    }

    /// An answer in raw bytes, head and all, after which the connection is closed.
    #[must_use]
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self::Raw(Stream::new(vec![Piece::Bytes(bytes.into())]))
    }

    /// The same answer, `wait` later.
    #[must_use]
    pub fn after(self, wait: Duration) -> Self {
        Self::After {
            wait,
            reply: Box::new(self),
        }
    }

    /// The same answer, once `gate` has opened.
    #[must_use]
    pub fn behind(self, gate: &Gate) -> Self {
        Self::Behind {
            gate: gate.clone(),
            reply: Box::new(self),
        }
    }

    /// The same answer with one more header, where the answer has headers.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match &mut self {
            Self::Whole { headers, .. } | Self::Stream(Stream { headers, .. }) => {
                headers.push((name.to_owned(), value.to_owned()));
            }
            Self::After { reply, .. } | Self::Behind { reply, .. } => {
                let inner = std::mem::replace(&mut **reply, Self::Silent);
                **reply = inner.header(name, value);
            }
            Self::Raw(_) | Self::Silent | Self::Close | Self::Reset => {}
        }
        self
    }
}

impl From<Stream> for Reply {
    fn from(stream: Stream) -> Self {
        Self::Stream(stream)
    }
}

/// An answer in pieces. A clone shares the pieces, so a script for load can build them once and clone them for each request.
#[derive(Clone)]
pub struct Stream {
    /// The pieces in their order.
    pub pieces: Arc<Vec<Piece>>,
    /// Content type, `text/event-stream` unless told otherwise.
    pub content_type: &'static str,
    /// HTTP status, 200 unless told otherwise.
    pub status: u16,
    /// Further headers.
    pub headers: Vec<(String, String)>,
    /// Called right before a piece is written, with its index in `pieces`. Only pieces with bytes are written; an endless piece is
    /// written many times.
    pub on_piece: Option<OnPiece>,
}

impl Stream {
    /// A stream of server-sent events in these pieces.
    #[must_use]
    pub fn new(pieces: Vec<Piece>) -> Self {
        Self {
            pieces: Arc::new(pieces),
            content_type: "text/event-stream",
            status: 200,
            headers: Vec::new(),
            on_piece: None,
        }
    }

    /// The same stream under another content type.
    #[must_use]
    pub fn content_type(mut self, content_type: &'static str) -> Self {
        self.content_type = content_type;
        self
    }

    /// The same stream with a hook that is called right before each piece is written.
    #[must_use]
    pub fn on_piece(mut self, hook: impl Fn(usize) + Send + Sync + 'static) -> Self {
        self.on_piece = Some(Arc::new(hook));
        self
    }

    /// The same stream with more pieces at its end.
    #[must_use]
    pub fn then(mut self, pieces: impl IntoIterator<Item = Piece>) -> Self {
        Arc::make_mut(&mut self.pieces).extend(pieces);
        self
    }

    /// The pieces that are bytes, each with its index: what the hook will be called with.
    pub fn written(&self) -> impl Iterator<Item = (usize, &[u8])> {
        self.pieces
            .iter()
            .enumerate()
            .filter_map(|(index, piece)| match piece {
                Piece::Bytes(bytes) => Some((index, bytes.as_slice())),
                _ => None,
            })
    }

    /// All bytes of the stream, one after another, without the waits between and without endless pieces.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.written()
            .flat_map(|(_, bytes)| bytes)
            .copied()
            .collect()
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Stream")
            .field("pieces", &self.pieces)
            .field("content_type", &self.content_type)
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("on_piece", &self.on_piece.is_some())
            .finish()
    }
}

/// One piece of a stream.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Writes these bytes at once.
    Bytes(Vec<u8>),
    /// Waits. Waits are counted from where the last one should have ended, not from where it did, so that a paced stream keeps its pace
    /// over many pieces. After a gate the count starts anew.
    Wait(Duration),
    /// Waits until the test opens this gate.
    Gate(Gate),
    /// Writes nothing more and keeps the connection open until the client hangs up.
    Hang,
    /// Closes the connection, without the final chunk.
    Cut,
    /// Resets the connection, without the final chunk. The client may lose bytes that it had not read yet.
    Reset,
    /// Writes the bytes again and again until the client hangs up.
    Endless {
        /// What is written each time.
        bytes: Vec<u8>,
        /// How long to wait after each time; zero for as fast as the client reads.
        every: Duration,
    },
}

impl From<&str> for Piece {
    fn from(text: &str) -> Self {
        Self::Bytes(text.as_bytes().to_vec())
    }
}

/// Pieces that write `bytes` one by one, with a wait of `every` before each.
#[must_use]
pub fn drip(bytes: &[u8], every: Duration) -> Vec<Piece> {
    bytes
        .iter()
        .flat_map(|byte| [Piece::Wait(every), Piece::Bytes(vec![*byte])])
        .collect()
}
