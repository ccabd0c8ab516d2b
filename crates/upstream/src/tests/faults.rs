//! Faults: cuts, hangs, silence, resets and all that breaks HTTP.

use std::time::Duration;

use super::client::Client;
use crate::{Ending, Gate, Piece, Reply, Stream, Upstream, chat, drip, failure, script};

async fn asked(reply: Reply) -> (Upstream, Client) {
    let upstream = Upstream::start(script::always(reply)).unwrap();
    let mut client = Client::connect(&upstream).await;
    client.chat("{}").await;
    (upstream, client)
}

#[tokio::test]
async fn a_cut_ends_without_the_final_chunk() {
    let (upstream, mut client) = asked(chat::text(&["a", "b"]).insert(1, Piece::Cut).reply()).await;
    client.head().await;
    client.chunk().await.unwrap();
    assert!(
        String::from_utf8(client.chunk().await.unwrap())
            .unwrap()
            .contains(r#""content":"a""#)
    );
    assert_eq!(client.rest().await.unwrap(), "");
    assert_eq!(upstream.received()[0].ended().await, Ending::Cut);
    assert!(!upstream.received()[0].disconnected());
}

#[tokio::test]
async fn a_reset_is_an_error_to_the_client() {
    let gate = Gate::new();
    let pieces = vec![Piece::from("a"), Piece::Gate(gate.clone()), Piece::Reset];
    let (upstream, mut client) = asked(Stream::new(pieces).into()).await;
    client.head().await;
    client.chunk().await.unwrap();
    gate.open();
    assert!(client.rest().await.is_err());
    assert_eq!(upstream.received()[0].ended().await, Ending::Cut);
    let (_upstream, mut client) = asked(Reply::Reset).await;
    assert!(client.rest().await.is_err());
}

#[tokio::test]
async fn a_hang_lasts_until_the_client_is_gone() {
    let (upstream, mut client) = asked(chat::text(&["a"]).insert(1, Piece::Hang).reply()).await;
    client.head().await;
    client.chunk().await.unwrap();
    client.chunk().await.unwrap();
    assert_eq!(upstream.received()[0].ending(), Ending::Open);
    drop(client);
    assert_eq!(upstream.received()[0].ended().await, Ending::Disconnected);
    assert!(upstream.received()[0].disconnected());
    upstream.wait_for_in_flight(0).await;
}

#[tokio::test]
async fn a_client_that_leaves_is_noticed_wherever_the_answer_stands() {
    let long = Duration::from_hours(1);
    let gate = Gate::new();
    let endless = |every| {
        Reply::from(Stream::new(vec![Piece::Endless {
            bytes: vec![b'x'; 100_000],
            every,
        }]))
    };
    for reply in [
        Reply::Silent,
        Reply::whole(200, "text/plain", "").after(long),
        Reply::whole(200, "text/plain", "").behind(&gate),
        Stream::new(vec![Piece::Wait(long)]).into(),
        Stream::new(vec![Piece::Gate(gate.clone())]).into(),
        Reply::Raw(Stream::new(vec![Piece::Hang])),
        endless(Duration::ZERO),
        endless(long),
        // More than the buffers of the connection hold: the writer stands still, for the client does not read.
        Reply::whole(200, "text/plain", vec![b'x'; 32 * 1024 * 1024]),
    ] {
        let (upstream, client) = asked(reply).await;
        let received = upstream.wait_for(1).await;
        drop(client);
        assert_eq!(received[0].ended().await, Ending::Disconnected);
    }
}

#[tokio::test]
async fn an_endless_piece_comes_again_and_again() {
    let (_upstream, mut client) = asked(
        Stream::new(vec![Piece::Endless {
            bytes: b": keep-alive\n\n".to_vec(),
            every: Duration::ZERO,
        }])
        .into(),
    )
    .await;
    client.head().await;
    for _ in 0..1000 {
        assert_eq!(client.chunk().await.unwrap(), b": keep-alive\n\n");
    }
}

#[tokio::test]
async fn a_drip_sends_one_byte_at_a_time() {
    let stream = Stream::new(drip(b"data: 1\n\n", Duration::from_millis(1)));
    assert_eq!(stream.bytes(), b"data: 1\n\n");
    let (_upstream, mut client) = asked(stream.into()).await;
    client.head().await;
    let chunks = client.chunks().await;
    assert_eq!(chunks.len(), 9);
    assert_eq!(chunks.concat(), b"data: 1\n\n");
}

#[tokio::test]
async fn an_empty_piece_does_not_end_the_stream() {
    let (_upstream, mut client) =
        asked(Stream::new(vec![Piece::from(""), Piece::from("a")]).into()).await;
    client.head().await;
    assert_eq!(client.chunks().await, [b"a"]);
}

#[tokio::test]
async fn a_closed_connection_carries_no_answer() {
    let (upstream, mut client) = asked(Reply::Close).await;
    assert_eq!(client.rest().await.unwrap(), "");
    assert_eq!(upstream.received()[0].ended().await, Ending::Cut);
}

#[tokio::test]
async fn raw_bytes_go_out_as_they_are() {
    let (upstream, mut client) = asked(Reply::raw("HTTP/9.9 banana\r\n\r\n")).await;
    assert_eq!(client.rest().await.unwrap(), "HTTP/9.9 banana\r\n\r\n");
    assert_eq!(upstream.received()[0].ended().await, Ending::Complete);
}

#[tokio::test]
async fn a_length_may_be_a_lie() {
    let reply = Reply::whole(200, "application/json", "{}").header("content-length", "99");
    let (_upstream, mut client) = asked(reply.after(Duration::ZERO).header("x-more", "1")).await;
    let head = client.head().await;
    assert_eq!(head.header("content-length"), Some("99"));
    assert_eq!(head.header("x-more"), Some("1"));
}

#[tokio::test]
async fn errors_have_the_form_of_openai() {
    let (_upstream, mut client) = asked(failure::rate_limited(Some("3"))).await;
    let head = client.head().await;
    assert_eq!((head.status, head.header("retry-after")), (429, Some("3")));
    let body: serde_json::Value = serde_json::from_str(&client.sized(&head).await).unwrap();
    assert_eq!(body["error"]["code"], "rate_limit_exceeded");
    for (reply, status) in [
        (failure::bad_request(), 400),
        (failure::unauthorised(), 401),
        (failure::unknown_model(), 404),
        (failure::no_quota(), 429),
        (failure::rate_limited(None), 429),
        (failure::server_error(), 500),
        (failure::proxy_page(502), 502),
    ] {
        let (_upstream, mut client) = asked(reply).await;
        assert_eq!(client.whole().await.0, status);
    }
    let (_upstream, mut client) = asked(Reply::whole(204, "text/plain", "ignored")).await;
    let head = client.head().await;
    assert_eq!((head.status, head.header("content-length")), (204, None));
}
