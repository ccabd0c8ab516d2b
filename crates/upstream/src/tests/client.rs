//! A tiny HTTP client over plain TCP, which sees every chunk as it was sent.

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::Upstream;

/// One connection to an upstream.
pub(super) struct Client(BufReader<TcpStream>);

/// The head of an answer.
pub(super) struct Head {
    pub status: u16,
    pub headers: Vec<(String, String)>,
}

impl Head {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

impl Client {
    pub(super) async fn connect(upstream: &Upstream) -> Self {
        Self(BufReader::new(
            TcpStream::connect(upstream.address()).await.unwrap(),
        ))
    }

    pub(super) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.get_mut().write_all(bytes.as_ref()).await.unwrap();
    }

    /// Sends a POST request with its length.
    pub(super) async fn post(&mut self, path: &str, content_type: &str, body: impl AsRef<[u8]>) {
        let body = body.as_ref();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: upstream\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        self.send([head.as_bytes(), body].concat()).await;
    }

    /// Sends a chat request.
    pub(super) async fn chat(&mut self, body: &str) {
        self.post("/v1/chat/completions", "application/json", body)
            .await;
    }

    pub(super) async fn head(&mut self) -> Head {
        let first = self.line().await;
        let status = first.split(' ').nth(1).unwrap().parse().unwrap();
        let mut headers = Vec::new();
        loop {
            let line = self.line().await;
            let Some((name, value)) = line.split_once(": ") else {
                assert_eq!(line, "");
                return Head { status, headers };
            };
            headers.push((name.to_owned(), value.to_owned()));
        }
    }

    /// The body of an answer with a length.
    pub(super) async fn sized(&mut self, head: &Head) -> String {
        let length = head.header("content-length").unwrap().parse().unwrap();
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await.unwrap();
        String::from_utf8(body).unwrap()
    }

    /// Head and body of a whole answer.
    pub(super) async fn whole(&mut self) -> (u16, String) {
        let head = self.head().await;
        let body = self.sized(&head).await;
        (head.status, body)
    }

    /// The next chunk; nothing when it is the final one.
    pub(super) async fn chunk(&mut self) -> Option<Vec<u8>> {
        let size = usize::from_str_radix(&self.line().await, 16).unwrap();
        let mut chunk = vec![0; size + 2];
        self.0.read_exact(&mut chunk).await.unwrap();
        assert!(chunk.ends_with(b"\r\n"));
        chunk.truncate(size);
        (size > 0).then_some(chunk)
    }

    /// All chunks up to the final one.
    pub(super) async fn chunks(&mut self) -> Vec<Vec<u8>> {
        let mut chunks = Vec::new();
        while let Some(chunk) = self.chunk().await {
            chunks.push(chunk);
        }
        chunks
    }

    /// What is left until the connection is closed; an error when it is reset.
    pub(super) async fn rest(&mut self) -> std::io::Result<String> {
        let mut rest = String::new();
        self.0.read_to_string(&mut rest).await?;
        Ok(rest)
    }

    pub(super) async fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).await.unwrap();
        line.strip_suffix("\r\n").unwrap().to_owned()
    }
}
