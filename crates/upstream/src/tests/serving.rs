//! Connections, recording and the life of the server.

use std::sync::{Arc, Mutex};

use tokio::net::TcpStream;

use super::client::Client;
use crate::{Ending, Gate, Piece, Received, Reply, Stream, Upstream, chat, refused_base, script};

fn echo() -> crate::Script {
    script::of(|received| Reply::whole(200, "text/plain", received.text()))
}

#[tokio::test]
async fn one_connection_serves_two_requests() {
    let upstream = Upstream::start(echo()).unwrap();
    let mut client = Client::connect(&upstream).await;
    for body in ["first", "second"] {
        client.chat(body).await;
        assert_eq!(client.whole().await, (200, body.to_owned()));
    }
    let received = upstream.received();
    assert_eq!(received.len(), 2);
    assert_eq!(
        (received[0].number, received[1].number, upstream.count()),
        (0, 1, 2)
    );
    assert_eq!((received[0].connection, received[1].connection), (0, 0));
    assert!(received[0].at <= received[1].at);
    assert_eq!(received[1].method, "POST");
    assert_eq!(received[1].path, "/v1/chat/completions");
    assert_eq!(received[1].header("Content-Type"), Some("application/json"));
    assert!(
        received[1]
            .headers
            .contains(&("host".to_owned(), "upstream".to_owned()))
    );
    assert_eq!(received[1].ended().await, Ending::Complete);
}

#[tokio::test]
async fn a_stream_leaves_the_connection_usable() {
    let upstream = Upstream::start(script::always(chat::text(&["Hi"]).reply())).unwrap();
    let mut client = Client::connect(&upstream).await;
    for _ in 0..2 {
        client.chat("{}").await;
        assert_eq!(client.head().await.status, 200);
        assert_eq!(client.chunks().await.len(), 5);
    }
    assert_eq!(upstream.connections(), 1);
}

#[tokio::test]
async fn requests_sent_ahead_are_answered_in_turn() {
    let gate = Gate::new();
    let upstream = Upstream::start(script::in_turn(vec![
        Reply::whole(200, "text/plain", "one").behind(&gate),
        Reply::whole(201, "text/plain", "two"),
    ]))
    .unwrap();
    let mut client = Client::connect(&upstream).await;
    client.chat("a").await;
    gate.reached(1).await;
    client.chat("b").await;
    gate.open();
    assert_eq!(client.whole().await, (200, "one".to_owned()));
    assert_eq!(client.whole().await, (201, "two".to_owned()));
}

#[tokio::test]
async fn a_client_may_ask_for_the_connection_to_be_closed() {
    let upstream = Upstream::start(echo()).unwrap();
    let mut client = Client::connect(&upstream).await;
    client
        .send("GET /v1/models?x=1 HTTP/1.1\r\nConnection: close\r\n\r\n")
        .await;
    let head = client.head().await;
    assert_eq!(head.header("connection"), Some("close"));
    assert_eq!(client.rest().await.unwrap(), "");
    assert_eq!(upstream.received()[0].path, "/v1/models?x=1");
}

#[tokio::test]
async fn what_is_not_http_is_refused() {
    let upstream = Upstream::start(echo()).unwrap();
    let mut client = Client::connect(&upstream).await;
    client.send("hello\r\n\r\n").await;
    assert_eq!(client.head().await.status, 400);
    assert_eq!(upstream.count(), 0);
}

#[tokio::test]
async fn scripts_can_be_replaced_and_recording_switched_off() {
    let upstream = Upstream::start(echo()).unwrap();
    let mut client = Client::connect(&upstream).await;
    upstream.record(false);
    client.chat("unseen").await;
    client.whole().await;
    assert!(upstream.wait_for(1).await.is_empty());
    upstream.record(true);
    upstream.set_script(script::always(Reply::whole(202, "text/plain", "new")));
    client.chat("seen").await;
    assert_eq!(client.whole().await, (202, "new".to_owned()));
    let received = upstream.wait_for(2).await;
    assert_eq!((received.len(), received[0].number), (1, 1));
    upstream.forget();
    assert!(upstream.received().is_empty());
    assert_eq!(upstream.count(), 2);
}

#[tokio::test]
async fn requests_in_flight_are_counted() {
    let gate = Gate::new();
    let upstream = Upstream::start(script::always(
        Reply::whole(200, "text/plain", "").behind(&gate),
    ))
    .unwrap();
    let mut clients = Vec::new();
    for _ in 0..3 {
        let mut client = Client::connect(&upstream).await;
        client.chat("{}").await;
        clients.push(client);
    }
    gate.reached(3).await;
    assert_eq!(upstream.in_flight(), 3);
    gate.open();
    upstream.wait_for_in_flight(2).await;
    gate.open_for_all();
    upstream.wait_for_in_flight(0).await;
    for client in &mut clients {
        assert_eq!(client.whole().await.0, 200);
    }
}

#[tokio::test]
async fn the_hook_is_called_before_each_piece_that_is_written() {
    let called = Arc::new(Mutex::new(Vec::new()));
    let gate = Gate::new();
    let stream = Stream::new(vec![
        Piece::from("a"),
        Piece::Gate(gate.clone()),
        Piece::from("b"),
    ]);
    assert_eq!(
        stream.written().map(|(index, _)| index).collect::<Vec<_>>(),
        [0, 2]
    );
    let kept = Arc::clone(&called);
    let upstream = Upstream::start(script::of(move |_| {
        let kept = Arc::clone(&kept);
        stream
            .clone()
            .on_piece(move |index| kept.lock().unwrap().push(index))
            .into()
    }))
    .unwrap();
    let mut client = Client::connect(&upstream).await;
    client.chat("{}").await;
    gate.reached(1).await;
    assert_eq!(*called.lock().unwrap(), [0]);
    gate.open();
    client.head().await;
    assert_eq!(client.chunks().await, [b"a", b"b"]);
    assert_eq!(*called.lock().unwrap(), [0, 2]);
}

#[tokio::test]
async fn a_stopped_upstream_refuses_and_may_come_back() {
    let upstream = Upstream::start(script::always(Reply::Silent)).unwrap();
    let mut client = Client::connect(&upstream).await;
    client.chat("{}").await;
    let received = upstream.wait_for(1).await;
    upstream.stop().await;
    assert_eq!(received[0].ended().await, Ending::Stopped);
    assert_eq!(client.rest().await.unwrap(), "");
    assert!(TcpStream::connect(upstream.address()).await.is_err());

    let again = Upstream::start_at(upstream.address().port(), echo()).unwrap();
    assert_eq!(again.base(), upstream.base());
    let mut client = Client::connect(&again).await;
    client.chat("back").await;
    assert_eq!(client.whole().await, (200, "back".to_owned()));
}

#[tokio::test]
async fn dropping_it_stops_it() {
    let upstream = Upstream::start(script::always(Reply::Silent)).unwrap();
    let mut client = Client::connect(&upstream).await;
    client.chat("{}").await;
    let received = upstream.wait_for(1).await;
    drop(upstream);
    assert_eq!(received[0].ended().await, Ending::Stopped);
    assert_eq!(client.rest().await.unwrap(), "");
}

#[tokio::test]
async fn a_script_that_panics_ends_its_answer_only() {
    let upstream = Upstream::start(script::of(|received: &Received| {
        assert_ne!(
            received.text(),
            "bad",
            "the script panics, as the test wants"
        );
        Reply::whole(200, "text/plain", "fine")
    }))
    .unwrap();
    let mut client = Client::connect(&upstream).await;
    client.chat("bad").await;
    assert_eq!(client.rest().await.unwrap(), "");
    assert_eq!(upstream.received()[0].ending(), Ending::Stopped);
    let mut client = Client::connect(&upstream).await;
    client.chat("good").await;
    assert_eq!(client.whole().await, (200, "fine".to_owned()));
}

#[tokio::test]
async fn many_clients_are_served_at_once() {
    let gate = Gate::new();
    let stream = chat::text(&["a", "b"])
        .insert(1, Piece::Gate(gate.clone()))
        .stream();
    let upstream = Upstream::start(script::always(stream.into())).unwrap();
    let mut clients = Vec::new();
    for _ in 0..256 {
        let mut client = Client::connect(&upstream).await;
        client.chat("{}").await;
        clients.push(client);
    }
    gate.reached(256).await;
    gate.open_for_all();
    for client in &mut clients {
        client.head().await;
        assert_eq!(client.chunks().await.len(), 6);
    }
}

#[tokio::test]
async fn a_refused_base_refuses() {
    let base = refused_base().unwrap();
    let address = base
        .strip_prefix("http://")
        .unwrap()
        .strip_suffix("/v1")
        .unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}
