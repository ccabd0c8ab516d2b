//! Other systems: told by the webhook, at least once, with ids alone; they fetch with a key of their own.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anteroom_server::config::providers::Secret;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use wire::report::Report;

use crate::support::{DEMO, EMERGENCY, Server, problem};

type Call = (HeaderMap, String);

/// A receiver that fails so many times before it takes what it is told.
struct Receiver {
    url: String,
    calls: mpsc::UnboundedReceiver<Call>,
}

impl Receiver {
    async fn start(failures: usize) -> Self {
        let (sender, calls) = mpsc::unbounded_channel::<Call>();
        let state = Arc::new((sender, AtomicUsize::new(failures)));
        let router = Router::new()
            .route(
                "/told",
                post(
                    async |State(state): State<Arc<(mpsc::UnboundedSender<Call>, AtomicUsize)>>,
                           headers: HeaderMap,
                           body: String| {
                        state.0.send((headers, body)).unwrap();
                        let left =
                            state
                                .1
                                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                                    left.checked_sub(1)
                                });
                        if left.is_ok() {
                            StatusCode::SERVICE_UNAVAILABLE
                        } else {
                            StatusCode::NO_CONTENT
                        }
                    },
                ),
            )
            .with_state(state);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/told", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, calls }
    }

    async fn next(&mut self) -> (HeaderMap, Value, String) {
        let call = tokio::time::timeout(Duration::from_secs(20), self.calls.recv()).await;
        let (headers, body) = call.expect("it is told").unwrap();
        (headers, serde_json::from_str(&body).unwrap(), body)
    }
}

async fn server(receiver: &Receiver) -> Server {
    let url = receiver.url.clone();
    Server::with(move |config| {
        config.webhook.url = url;
        config.webhook.every_seconds = 1;
        config
            .keys
            .insert("webhook".to_owned(), Secret::new("a shared secret"));
    })
    .await
}

#[tokio::test]
async fn a_submission_is_told_again_until_it_arrives_and_fetched_with_a_key() {
    let mut receiver = Receiver::start(1).await;
    let server = server(&receiver).await;
    let session = server.begin().await;
    let begun = session.begin_interview().await;
    session.tell(begun).await;
    let report = session.report().await;
    let submitted = session.submit(report.seq).await;

    let (first, told, body) = receiver.next().await;
    assert_eq!(told["kind"], "report_submitted");
    assert_eq!(told["subject"], submitted.id.as_str());
    assert!(
        !body.contains("knee") && !body.contains(&submitted.code),
        "{body}"
    );
    let signed = first["anteroom-signature"].to_str().unwrap();
    assert!(signed.starts_with("t=") && signed.len() > 70, "{signed}");
    // It was refused: the pause goes by, and the same message comes again. Time stands until the refusal is written down.
    let passing = async {
        loop {
            server.clock.advance(Duration::from_secs(31));
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    };
    let (second, again, _) = tokio::select! {
        call = receiver.next() => call,
        () = passing => unreachable!("time goes on for ever"),
    };
    assert_eq!(again, told);
    assert_eq!(first["anteroom-id"], second["anteroom-id"]);

    let printed = Command::new(env!("CARGO_BIN_EXE_anteroom"))
        .args(["key", "--application", DEMO])
        .env("ANTEROOM_DATA__FOLDER", &server.folder)
        .output()
        .unwrap();
    let key = String::from_utf8(printed.stdout).unwrap();
    let key = key.trim();
    assert!(
        key.starts_with("ak_"),
        "{}",
        String::from_utf8_lossy(&printed.stderr)
    );
    let fetch = async |named: &str, key: &str| {
        let url = format!("/api/v1/reports/{named}");
        server
            .get(&url)
            .header("authorization", format!("Bearer {key}"))
            .send()
            .await
            .unwrap()
    };
    for named in [
        submitted.id.as_str(),
        submitted.code.as_str(),
        &submitted.code.to_lowercase(),
    ] {
        let fetched: Report = fetch(named, key).await.json().await.unwrap();
        assert_eq!(fetched.lines, report.lines);
    }
    problem(fetch(&submitted.id, "ak_0000").await, 404, "not_found").await;
    problem(fetch("ABCD-ABCD-ABCD", key).await, 404, "not_found").await;
    // The code is for a week; the id stays.
    server.clock.advance(Duration::from_hours(8 * 24));
    problem(fetch(&submitted.code, key).await, 404, "not_found").await;
    assert_eq!(fetch(&submitted.id, key).await.status(), 200);
}

#[tokio::test]
async fn an_alert_and_an_erasure_are_told_with_the_sessions_id() {
    let mut receiver = Receiver::start(0).await;
    let server = server(&receiver).await;
    let session = server.begin().await;
    session.open().await;
    session.turn(json!({ "text": EMERGENCY })).await;
    let (_, told, body) = receiver.next().await;
    assert_eq!(
        (told["kind"].as_str(), told["subject"].as_str()),
        (Some("alert_raised"), Some(session.created.id.as_str()))
    );
    assert!(!body.contains('胸'));
    server
        .delete(&session.path(""))
        .header("authorization", session.token())
        .send()
        .await
        .unwrap();
    let (_, told, _) = receiver.next().await;
    assert_eq!(
        (told["kind"].as_str(), told["subject"].as_str()),
        (Some("session_erased"), Some(session.created.id.as_str()))
    );
}
