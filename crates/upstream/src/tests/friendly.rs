//! The friendly script.

use std::time::Duration;

use serde_json::Value;

use super::client::Client;
use crate::Upstream;
use crate::friendly::{Pace, script};

async fn friendly(tokens: usize) -> (Upstream, Client) {
    let pace = Pace {
        first: Duration::ZERO,
        each: Duration::ZERO,
        tokens,
    };
    let upstream = Upstream::start(script(pace)).unwrap();
    let client = Client::connect(&upstream).await;
    (upstream, client)
}

async fn answer(request: &str) -> String {
    let (_upstream, mut client) = friendly(50).await;
    client.chat(request).await;
    let (status, body) = client.whole().await;
    assert_eq!(status, 200);
    let body: Value = serde_json::from_str(&body).unwrap();
    body["choices"][0]["message"]["content"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn it_answers_in_the_language_of_the_request() {
    assert!(
        answer(r#"{"messages": [{"content": "It hurts"}]}"#)
            .await
            .starts_with("Thank you")
    );
    assert!(
        answer(r#"{"messages": [{"content": "\u75bc"}]}"#)
            .await
            .starts_with("谢谢")
    );
    assert_eq!(
        answer(r#"{"response_format": {"type": "json_object"}, "messages": ["疼"]}"#).await,
        r#"{"findings": []}"#
    );
}

#[tokio::test]
async fn it_streams_in_as_many_deltas_as_told() {
    for (tokens, events) in [(0, 5), (7, 11), (50, 54)] {
        let (_upstream, mut client) = friendly(tokens).await;
        client.chat(r#"{"stream": true}"#).await;
        client.head().await;
        assert_eq!(client.chunks().await.len(), events);
    }
}

#[tokio::test]
async fn it_transcribes() {
    let (_upstream, mut client) = friendly(1).await;
    let field = |name: &str, value: &str| {
        format!("--e\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let form = "multipart/form-data; boundary=e";
    for (fields, expected) in [
        (field("model", "m"), "stomach"),
        (field("language", "zh"), "肚子"),
        (field("response_format", "verbose_json"), "duration"),
        (field("response_format", "text"), "My stomach"),
    ] {
        client
            .post(
                "/v1/audio/transcriptions",
                form,
                format!("{fields}--e--\r\n"),
            )
            .await;
        let (status, body) = client.whole().await;
        assert_eq!(status, 200);
        assert!(body.contains(expected), "{body}");
    }
    let streamed = format!("{}--e--\r\n", field("stream", "true"));
    client
        .post("/v1/audio/transcriptions", form, streamed)
        .await;
    client.head().await;
    let chunks = client.chunks().await;
    assert_eq!(chunks.last().unwrap(), b"data: [DONE]\n\n");
}

#[tokio::test]
async fn other_addresses_are_told_so() {
    let (_upstream, mut client) = friendly(1).await;
    client.post("/v1/models", "text/plain", "").await;
    assert!(client.whole().await.1.contains("scripted"));
    client.post("/v1/elsewhere", "text/plain", "").await;
    assert_eq!(client.whole().await.0, 404);
    client.chat("no JSON").await;
    assert_eq!(client.whole().await.0, 400);
}
