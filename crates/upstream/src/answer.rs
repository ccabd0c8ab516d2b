//! Writing of answers: plays one reply on one connection, and notices at every moment when the client hangs up.

use std::io::Write as _;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::tcp::WriteHalf;
use tokio::time::{Instant, sleep_until};

use crate::gate::Gate;
use crate::received::Ending;
use crate::reply::{Piece, Reply, Stream};
use crate::request::Incoming;

/// Why an answer stopped before its end.
pub(crate) enum Stopped {
    /// The client has hung up.
    HungUp,
    /// The script wants the connection closed.
    Cut,
    /// The script wants the connection reset.
    Reset,
}

impl Stopped {
    /// What is told to the test.
    pub(crate) fn ending(&self) -> Ending {
        match self {
            Self::HungUp => Ending::Disconnected,
            Self::Cut | Self::Reset => Ending::Cut,
        }
    }
}

/// How the bytes of a stream are framed.
#[derive(Clone, Copy)]
enum Framing {
    Chunks,
    Bare,
}

/// One connection with both its directions.
pub(crate) struct Connection<'a> {
    pub incoming: Incoming<'a>,
    pub outgoing: WriteHalf<'a>,
    /// Where heads and chunks are put together, used again for each so that a long stream allocates nothing.
    pub frame: Vec<u8>,
}

impl Connection<'_> {
    /// Plays a reply. Returns whether the connection may be used again.
    pub(crate) async fn answer(&mut self, reply: Reply, keep_alive: bool) -> Result<bool, Stopped> {
        let mut reply = reply;
        loop {
            match reply {
                Reply::After { wait, reply: then } => {
                    self.wait_until(Instant::now() + wait).await?;
                    reply = *then;
                }
                Reply::Behind { gate, reply: then } => {
                    self.wait_at(&gate).await?;
                    reply = *then;
                }
                Reply::Whole {
                    status,
                    headers,
                    content_type,
                    body,
                } => {
                    self.whole(status, &headers, content_type, &body, keep_alive)
                        .await?;
                    return Ok(keep_alive);
                }
                Reply::Stream(stream) => {
                    self.begin_head(
                        stream.status,
                        &stream.headers,
                        Some(stream.content_type),
                        keep_alive,
                    );
                    self.frame
                        .extend_from_slice(b"transfer-encoding: chunked\r\n\r\n");
                    self.send_frame().await?;
                    self.pieces(&stream, Framing::Chunks).await?;
                    self.send(b"0\r\n\r\n").await?;
                    return Ok(keep_alive);
                }
                Reply::Raw(stream) => {
                    self.pieces(&stream, Framing::Bare).await?;
                    return Ok(false);
                }
                Reply::Silent => {
                    self.incoming.hung_up().await;
                    return Err(Stopped::HungUp);
                }
                Reply::Close => return Err(Stopped::Cut),
                Reply::Reset => return Err(Stopped::Reset),
            }
        }
    }

    /// Writes a whole answer.
    pub(crate) async fn whole(
        &mut self,
        status: u16,
        headers: &[(String, String)],
        content_type: &str,
        body: &[u8],
        keep_alive: bool,
    ) -> Result<(), Stopped> {
        // These statuses have no body, so neither a length nor a type.
        let bodiless = matches!(status, 100..=199 | 204 | 304);
        self.begin_head(
            status,
            headers,
            (!bodiless).then_some(content_type),
            keep_alive,
        );
        if !bodiless
            && !headers
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        {
            // Writing to a vector cannot fail.
            let _ = write!(self.frame, "content-length: {}\r\n", body.len());
        }
        self.frame.extend_from_slice(b"\r\n");
        if !bodiless {
            self.frame.extend_from_slice(body);
        }
        self.send_frame().await
    }

    async fn pieces(&mut self, stream: &Stream, framing: Framing) -> Result<(), Stopped> {
        let mut due = Instant::now();
        let written = |index| {
            if let Some(hook) = &stream.on_piece {
                hook(index);
            }
        };
        for (index, piece) in stream.pieces.iter().enumerate() {
            match piece {
                Piece::Bytes(bytes) => {
                    written(index);
                    self.piece(bytes, framing).await?;
                }
                Piece::Wait(wait) => {
                    due += *wait;
                    self.wait_until(due).await?;
                }
                Piece::Gate(gate) => {
                    self.wait_at(gate).await?;
                    due = Instant::now();
                }
                Piece::Hang => {
                    self.incoming.hung_up().await;
                    return Err(Stopped::HungUp);
                }
                Piece::Cut => return Err(Stopped::Cut),
                Piece::Reset => return Err(Stopped::Reset),
                Piece::Endless { bytes, every } => loop {
                    written(index);
                    self.piece(bytes, framing).await?;
                    self.rest(*every).await?;
                },
            }
        }
        Ok(())
    }

    async fn piece(&mut self, bytes: &[u8], framing: Framing) -> Result<(), Stopped> {
        match framing {
            Framing::Bare => self.send(bytes).await,
            // A chunk without bytes would be the final one.
            Framing::Chunks if bytes.is_empty() => Ok(()),
            Framing::Chunks => {
                self.frame.clear();
                // Writing to a vector cannot fail.
                let _ = write!(self.frame, "{:x}\r\n", bytes.len());
                self.frame.extend_from_slice(bytes);
                self.frame.extend_from_slice(b"\r\n");
                self.send_frame().await
            }
        }
    }

    /// Begins a head in the frame; the caller adds the framing of the body and the empty line.
    fn begin_head(
        &mut self,
        status: u16,
        headers: &[(String, String)],
        content_type: Option<&str>,
        keep_alive: bool,
    ) {
        self.frame.clear();
        // Writing to a vector cannot fail.
        let _ = write!(self.frame, "HTTP/1.1 {status} {}\r\n", reason(status));
        if let Some(content_type) = content_type {
            let _ = write!(self.frame, "content-type: {content_type}\r\n");
        }
        if !keep_alive {
            self.frame.extend_from_slice(b"connection: close\r\n");
        }
        for (name, value) in headers {
            let _ = write!(self.frame, "{name}: {value}\r\n");
        }
    }

    async fn send_frame(&mut self) -> Result<(), Stopped> {
        send(&mut self.outgoing, &mut self.incoming, &self.frame).await
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<(), Stopped> {
        send(&mut self.outgoing, &mut self.incoming, bytes).await
    }

    /// Rests between two rounds of an endless piece. Even without a wait it lets other tasks run and looks whether the client is there.
    async fn rest(&mut self, every: Duration) -> Result<(), Stopped> {
        if every.is_zero() {
            tokio::select! {
                biased;
                () = self.incoming.hung_up() => Err(Stopped::HungUp),
                () = tokio::task::yield_now() => Ok(()),
            }
        } else {
            self.wait_until(Instant::now() + every).await
        }
    }

    async fn wait_until(&mut self, due: Instant) -> Result<(), Stopped> {
        tokio::select! {
            biased;
            () = self.incoming.hung_up() => Err(Stopped::HungUp),
            () = sleep_until(due) => Ok(()),
        }
    }

    async fn wait_at(&mut self, gate: &Gate) -> Result<(), Stopped> {
        tokio::select! {
            biased;
            () = self.incoming.hung_up() => Err(Stopped::HungUp),
            () = gate.pass() => Ok(()),
        }
    }
}

/// Writes all bytes, unless the client hangs up first: a client that reads no more would otherwise hold the writer for ever.
async fn send(
    outgoing: &mut WriteHalf<'_>,
    incoming: &mut Incoming<'_>,
    bytes: &[u8],
) -> Result<(), Stopped> {
    tokio::select! {
        biased;
        written = outgoing.write_all(bytes) => written.map_err(|_| Stopped::HungUp),
        () = incoming.hung_up() => Err(Stopped::HungUp),
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        307 => "Temporary Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        408 => "Request Timeout",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Status",
    }
}
