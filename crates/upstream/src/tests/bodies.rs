//! Bodies of requests: chunked, announced, multipart.

use serde_json::json;

use super::client::Client;
use crate::{Reply, Upstream, script, transcription};

fn quiet() -> Upstream {
    Upstream::start(script::always(Reply::whole(200, "text/plain", ""))).unwrap()
}

#[tokio::test]
async fn a_chunked_body_is_put_together() {
    let upstream = quiet();
    let mut client = Client::connect(&upstream).await;
    client
        .send("POST /v1/chat/completions HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        .await;
    client.send("5;note=x\r\n{\"a\":\r\n").await;
    client
        .send("2\r\n 1\r\n1\r\n}\r\n0\r\nTrailer: x\r\n\r\n")
        .await;
    client.whole().await;
    assert_eq!(upstream.received()[0].json(), Some(json!({"a": 1})));
    // Nothing of it is left for the next request.
    client.chat("next").await;
    client.whole().await;
    assert_eq!(upstream.received()[1].text(), "next");
    assert_eq!(upstream.received()[1].json(), None);
}

#[tokio::test]
async fn a_body_may_come_byte_by_byte() {
    let upstream = quiet();
    let mut client = Client::connect(&upstream).await;
    for byte in b"POST /v1/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n" {
        client.send([*byte]).await;
    }
    client.whole().await;
    assert_eq!(upstream.received()[0].text(), "abc");
}

#[tokio::test]
async fn broken_chunks_are_refused() {
    for body in ["zz\r\n", "1\r\nab\r\n0\r\n\r\n", "ffffffffffffffff\r\n"] {
        let upstream = quiet();
        let mut client = Client::connect(&upstream).await;
        client
            .send("POST /v1/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
            .await;
        client.send(body).await;
        assert_eq!(client.head().await.status, 400);
    }
}

#[tokio::test]
async fn a_client_that_asks_first_is_told_to_go_on() {
    let upstream = quiet();
    let mut client = Client::connect(&upstream).await;
    client
        .send("POST /v1/x HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        .await;
    assert_eq!(client.head().await.status, 100);
    client.send("ok").await;
    assert_eq!(client.whole().await.0, 200);
    assert_eq!(upstream.received()[0].text(), "ok");
}

#[tokio::test]
async fn a_multipart_body_is_taken_apart() {
    let upstream = Upstream::start(script::always(transcription::json("Hello"))).unwrap();
    let mut client = Client::connect(&upstream).await;
    let audio = b"\x1a\x45\r\n--not the boundary\r\n\r\n\0\xff";
    let body = [
        b"preamble\r\n--edge\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n".as_slice(),
        b"--edge\r\ncontent-disposition: form-data; filename=\"a \\\"b\\\"; c.webm\"; name=\"file\"\r\nContent-Type: audio/webm;codecs=opus\r\n\r\n",
        audio,
        b"\r\n--edge\r\nContent-Disposition: form-data; name=empty\r\n\r\n\r\n--edge--\r\n",
    ]
    .concat();
    client
        .post(
            "/v1/audio/transcriptions",
            "multipart/form-data; charset=utf-8; boundary=\"edge\"",
            body,
        )
        .await;
    let (status, text) = client.whole().await;
    assert_eq!((status, text.as_str()), (200, r#"{"text":"Hello"}"#));
    let received = &upstream.received()[0];
    assert_eq!(received.field("model").as_deref(), Some("whisper-1"));
    assert_eq!(received.field("empty").as_deref(), Some(""));
    assert_eq!(received.field("file"), None);
    assert_eq!(
        received.file(),
        Some((
            "a \"b\"; c.webm".to_owned(),
            "audio/webm;codecs=opus".to_owned(),
            audio.to_vec()
        ))
    );
}

#[tokio::test]
async fn a_body_that_is_not_multipart_has_no_parts() {
    let upstream = quiet();
    let mut client = Client::connect(&upstream).await;
    client.chat("{}").await;
    client.whole().await;
    client
        .post(
            "/v1/x",
            "multipart/form-data; boundary=edge",
            "--edge\r\nbroken",
        )
        .await;
    client.whole().await;
    for received in upstream.received() {
        assert_eq!((received.field("model"), received.file()), (None, None));
    }
}
