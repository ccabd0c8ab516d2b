//! Reading of requests: a small HTTP/1.1 parser over one connection, with keep-alive and both kinds of body framing.

use std::future::pending;
use std::io;
use std::ops::Range;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};

/// The longest head that is read, in bytes.
const LONGEST_HEAD: usize = 64 * 1024;
/// The longest body that is read, in bytes.
const LONGEST_BODY: usize = 256 * 1024 * 1024;
/// How much a client may send ahead while it is being answered, in bytes. Beyond that it is left waiting.
const SENT_AHEAD: usize = 1024 * 1024;
/// How much room a read has at least, in bytes.
const ROOM: usize = 4 * 1024;

/// A request as it stood on the wire, without its framing.
pub(crate) struct Request {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Whether the client wants to use the connection again.
    pub keep_alive: bool,
}

/// Why no request could be read.
pub(crate) enum Unreadable {
    /// The client has hung up.
    Gone,
    /// What came is not a request that is understood here.
    Malformed(&'static str),
}

impl From<io::Error> for Unreadable {
    fn from(_: io::Error) -> Self {
        Self::Gone
    }
}

/// What comes in on one connection.
pub(crate) struct Incoming<'a> {
    half: ReadHalf<'a>,
    buffer: Vec<u8>,
}

impl<'a> Incoming<'a> {
    pub(crate) fn new(half: ReadHalf<'a>) -> Self {
        Self {
            half,
            buffer: Vec::new(),
        }
    }

    /// Reads one request. `outgoing` is needed for clients that ask before they send the body.
    pub(crate) async fn request(
        &mut self,
        outgoing: &mut WriteHalf<'_>,
    ) -> Result<Request, Unreadable> {
        let head_end = self.head_end().await?;
        let mut request = parse_head(&self.buffer[..head_end])?;
        self.buffer.drain(..head_end);

        let header = |name: &str| {
            request
                .headers
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.as_str())
        };
        let chunked = header("transfer-encoding")
            .is_some_and(|value| value.to_ascii_lowercase().ends_with("chunked"));
        let length = match header("content-length") {
            Some(value) if !chunked => value
                .parse::<usize>()
                .map_err(|_| Unreadable::Malformed("content-length is not a number"))?,
            _ => 0,
        };
        if length > LONGEST_BODY {
            return Err(Unreadable::Malformed("the body is too long"));
        }
        if header("expect").is_some_and(|value| value.eq_ignore_ascii_case("100-continue")) {
            outgoing.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
        }
        request.body = if chunked {
            self.chunked_body().await?
        } else {
            self.sized_body(length).await?
        };
        Ok(request)
    }

    /// Resolves when the client hangs up. What it sends meanwhile is kept for the next request. May be dropped at any time.
    pub(crate) async fn hung_up(&mut self) {
        while self.buffer.len() < SENT_AHEAD {
            if self.more().await.is_err() {
                return;
            }
        }
        pending::<()>().await;
    }

    async fn more(&mut self) -> io::Result<()> {
        self.buffer.reserve(ROOM);
        match self.half.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    /// Reads until the head is whole and returns where it ends, its empty line included.
    async fn head_end(&mut self) -> Result<usize, Unreadable> {
        let mut searched = 0;
        loop {
            if let Some(at) = find(&self.buffer[searched..], b"\r\n\r\n") {
                return Ok(searched + at + 4);
            }
            if self.buffer.len() > LONGEST_HEAD {
                return Err(Unreadable::Malformed("the head is too long"));
            }
            // The end may have begun in the last three bytes.
            searched = self.buffer.len().saturating_sub(3);
            self.more().await?;
        }
    }

    async fn sized_body(&mut self, length: usize) -> Result<Vec<u8>, Unreadable> {
        self.buffer
            .reserve(length.saturating_sub(self.buffer.len()));
        self.at_least(length).await?;
        let body = self.buffer[..length].to_vec();
        self.buffer.drain(..length);
        Ok(body)
    }

    async fn chunked_body(&mut self) -> Result<Vec<u8>, Unreadable> {
        let mut body = Vec::new();
        let mut at = 0;
        loop {
            let line = self.line(at).await?;
            at = line.end + 2;
            let digits = str::from_utf8(&self.buffer[line])
                .unwrap_or_default()
                .split(';')
                .next()
                .unwrap_or_default()
                .trim();
            let size = usize::from_str_radix(digits, 16)
                .map_err(|_| Unreadable::Malformed("the size of a chunk is not a number"))?;
            if size > LONGEST_BODY - body.len() {
                return Err(Unreadable::Malformed("the body is too long"));
            }
            if size == 0 {
                break;
            }
            self.at_least(at + size + 2).await?;
            body.extend_from_slice(&self.buffer[at..at + size]);
            if &self.buffer[at + size..at + size + 2] != b"\r\n" {
                return Err(Unreadable::Malformed("a chunk is longer than its size"));
            }
            at += size + 2;
        }
        // Trailers are read and forgotten.
        loop {
            let line = self.line(at).await?;
            at = line.end + 2;
            if line.is_empty() {
                break;
            }
        }
        self.buffer.drain(..at);
        Ok(body)
    }

    /// The line that starts at `from`, without its end.
    async fn line(&mut self, from: usize) -> Result<Range<usize>, Unreadable> {
        loop {
            let rest = self.buffer.get(from..).unwrap_or_default();
            if let Some(length) = find(rest, b"\r\n") {
                return Ok(from..from + length);
            }
            if rest.len() > LONGEST_HEAD {
                return Err(Unreadable::Malformed("a line is too long"));
            }
            self.more().await?;
        }
    }

    async fn at_least(&mut self, length: usize) -> Result<(), Unreadable> {
        while self.buffer.len() < length {
            self.more().await?;
        }
        Ok(())
    }
}

fn parse_head(head: &[u8]) -> Result<Request, Unreadable> {
    let head = String::from_utf8_lossy(head);
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(path), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(Unreadable::Malformed("the first line is not a request"));
    };
    if !version.starts_with("HTTP/1.") {
        return Err(Unreadable::Malformed("the version is not HTTP/1"));
    }
    let mut headers = Vec::new();
    for line in lines.filter(|line| !line.is_empty()) {
        let (name, value) = line
            .split_once(':')
            .ok_or(Unreadable::Malformed("a header has no colon"))?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let closes = headers
        .iter()
        .any(|(name, value)| name == "connection" && value.eq_ignore_ascii_case("close"));
    let keep_alive = version != "HTTP/1.0" && !closes;
    Ok(Request {
        method: method.to_owned(),
        path: path.to_owned(),
        headers,
        body: Vec::new(),
        keep_alive,
    })
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}
