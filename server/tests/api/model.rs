//! A language model beside the engine: it reads and phrases, it never decides, and nobody notices when it fails.

mod faults;
mod leaving;
mod ledger;
mod lying;
mod polishing;
mod reading;

use std::time::Duration;

use anteroom_server::config::Config;
use anteroom_server::config::providers::{ModelInterface, Secret};
use serde_json::{Value, json};
use upstream::{Received, Reply, Upstream, chat, script};
use wire::event::{Event, Message, SequencedEvent};

use crate::support::Server;

/// A key no log and no answer may hold.
pub const KEY: &str = "sk-planted-key-0451";

/// What a model is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Read,
    Phrase,
    Answer,
    Polish,
}

/// What a request asks for.
pub fn purpose(received: &Received) -> Purpose {
    let body = received.json().unwrap();
    let data: Value =
        serde_json::from_str(body["messages"][1]["content"].as_str().unwrap()).unwrap();
    if data.get("sentences").is_some() {
        return Purpose::Polish;
    }
    if body.get("response_format").is_some() {
        return Purpose::Read;
    }
    if data.get("passages").is_some() {
        Purpose::Answer
    } else {
        Purpose::Phrase
    }
}

/// A model that reads nothing and says one kind sentence, unless told otherwise.
pub fn model(
    answer: impl Fn(Purpose, &Received) -> Option<Reply> + Send + Sync + 'static,
) -> Upstream {
    Upstream::start(script::of(move |received| {
        let purpose = purpose(received);
        answer(purpose, received).unwrap_or_else(|| match purpose {
            Purpose::Read | Purpose::Polish => {
                chat::text(&["{\"findings\": [], \"inquiry\": null}"]).reply()
            }
            Purpose::Phrase | Purpose::Answer => {
                chat::text(&["谢谢您", "告诉我。", "请再说说看。"]).reply()
            }
        })
    }))
    .unwrap()
}

/// Settings that call this model, with patience enough for a busy machine.
pub fn calling(config: &mut Config, base: &str) {
    config.model.interface = ModelInterface::Openai;
    "Test".clone_into(&mut config.model.provider);
    base.clone_into(&mut config.model.base_url);
    "scripted".clone_into(&mut config.model.name);
    config.model.first_token_ms = 10_000;
    config.model.whole_ms = 20_000;
    config.keys.insert("model".to_owned(), Secret::new(KEY));
}

pub async fn server(upstream: &Upstream) -> Server {
    let base = upstream.base();
    Server::with(|config| calling(config, &base)).await
}

/// What a model read, as it answers.
pub fn read(findings: &[(&str, &str, &str)]) -> Reply {
    let findings: Vec<Value> = findings
        .iter()
        .map(|(id, status, words)| json!({ "id": id, "status": status, "words": words }))
        .collect();
    let text = json!({ "findings": findings, "inquiry": null }).to_string();
    chat::text(&[&text]).reply()
}

pub fn messages(events: &[SequencedEvent]) -> Vec<Message> {
    events
        .iter()
        .filter_map(|event| match &event.event {
            Event::Message(message) => Some(message.clone()),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn a_reviewed_sentence_comes_back_warmer_and_says_by_which_template() {
    let upstream = model(|_, _| None);
    let server = server(&upstream).await;
    let session = server.begin_with(&["model_provider"]).await;
    session.open().await;
    let events = session.say("我头疼两天了").await;
    let said = messages(&events);
    assert_eq!(said.len(), 1, "{events:?}");
    assert_eq!(said[0].text.get("zh"), "谢谢您告诉我。请再说说看。");
    assert_eq!(said[0].template.as_deref(), Some("phrase/1"));
    // The other language keeps the reviewed words, and the question stands in them whatever a model says.
    let question = crate::support::question(&events).unwrap();
    assert_eq!(said[0].text.get("en"), question.text.get("en"));
    let bodies: Vec<Value> = upstream
        .received()
        .iter()
        .map(|received| {
            assert_eq!(
                received.header("authorization"),
                Some(format!("Bearer {KEY}").as_str())
            );
            received.json().unwrap()
        })
        .collect();
    assert!(
        bodies
            .iter()
            .all(|body| body["stream"] == true && body["model"] == "scripted")
    );
    // What was said stays what it was when it is read again.
    let stored = session.events(0).await;
    assert_eq!(messages(&stored).last(), said.last());
}

#[tokio::test]
async fn words_stream_as_they_come_and_the_message_replaces_them() {
    let gate = upstream::Gate::new();
    let held = gate.clone();
    let upstream = model(move |purpose, _| {
        (purpose == Purpose::Phrase).then(|| {
            chat::text(&["谢谢您告诉我。", "请再说", "说看。"])
                .insert(1, upstream::Piece::Gate(held.clone()))
                .reply()
        })
    });
    let server = server(&upstream).await;
    let session = server.begin_with(&["model_provider"]).await;
    let answer = server
        .post(&session.path("/turns"))
        .header("authorization", session.token())
        .json(&json!({ "turn_id": crate::support::uuid(), "input": { "profile": {} } }))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["x-accel-buffering"], "no");
    let mut pieces = answer.bytes_stream();
    let mut text = String::new();
    let mut until = async |text: &mut String, mark: &str| {
        use futures_util::StreamExt as _;
        while !text.contains(mark) {
            let piece = tokio::time::timeout(Duration::from_secs(10), pieces.next()).await;
            let Ok(Some(Ok(piece))) = piece else {
                panic!("the stream ended before {mark}: {text}");
            };
            text.push_str(&String::from_utf8_lossy(&piece));
        }
    };
    until(&mut text, "谢谢您告诉我。").await;
    assert!(text.contains("event: delta") && !text.contains("event: message"));
    // Somebody who comes in between sees what there is so far.
    gate.open_for_all();
    until(&mut text, "event: done").await;
    let order: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("event: "))
        .collect();
    assert_eq!(order.first(), Some(&"patient_said"));
    assert_eq!(order[order.len() - 3..], ["message", "question", "done"]);
}

#[tokio::test]
async fn without_consent_or_after_its_withdrawal_nothing_leaves() {
    let upstream = model(|_, _| None);
    let server = server(&upstream).await;
    let session = server.begin().await;
    session.open().await;
    let events = session.say("我头疼两天了").await;
    assert!(messages(&events).is_empty());
    assert_eq!(upstream.count(), 0);
    // Agreed to later, it helps; withdrawn, it does not.
    let agreed = server.new_session_with(&["model_provider"]).await;
    let consent = agreed["consents"]
        .as_array()
        .unwrap()
        .iter()
        .find(|consent| consent["purpose"] == "model_provider")
        .unwrap()
        .clone();
    let change = async |body: Value| session.change_consent("model_provider", &body).await;
    let given = change(json!({ "given": true, "consent": consent })).await;
    assert_eq!(given.status(), 204);
    assert_eq!(messages(&session.say("还有点恶心").await).len(), 1);
    let called = upstream.count();
    assert!(called > 0);
    assert_eq!(change(json!({ "given": false })).await.status(), 204);
    assert!(messages(&session.say("昨天吐了一次").await).is_empty());
    assert_eq!(upstream.count(), called);
    // Another text is another consent.
    let mut other = consent.clone();
    other["sha256"] = json!("0".repeat(64));
    let refused = change(json!({ "given": true, "consent": other })).await;
    crate::support::problem(refused, 422, "fields").await;
    let bare = change(json!({ "given": true })).await;
    crate::support::problem(bare, 422, "fields").await;
}

#[tokio::test]
async fn an_emergency_waits_for_no_model() {
    let upstream = model(|_, _| Some(Reply::Silent));
    let server = server(&upstream).await;
    let session = server.begin_with(&["model_provider"]).await;
    session.open().await;
    let before = upstream.count();
    let events = session.say(crate::support::EMERGENCY).await;
    assert!(
        events
            .iter()
            .any(|event| matches!(event.event, Event::Alert(_)))
    );
    assert_eq!(upstream.count(), before);
}

#[tokio::test]
async fn stop_ends_the_call_and_the_turn_ends_with_the_reviewed_sentence() {
    let upstream = model(|_, _| Some(Reply::Silent));
    let server = server(&upstream).await;
    let session = server.begin_with(&["model_provider"]).await;
    let turn = session
        .turn_with_id(&crate::support::uuid(), &json!({ "profile": {} }))
        .send();
    let stop = async {
        upstream.wait_for(1).await;
        session.stop().await;
    };
    let (turn, ()) = tokio::join!(turn, stop);
    let events: Vec<SequencedEvent> = turn.unwrap().json().await.unwrap();
    assert_eq!(
        crate::support::tags(&events),
        ["patient_said", "question", "done"]
    );
    wait_until(|| upstream.received()[0].disconnected()).await;
}

#[tokio::test]
async fn a_run_nobody_comes_back_to_is_cancelled_and_waits_with_the_reviewed_sentence() {
    let upstream = model(|_, _| Some(Reply::Silent));
    let base = upstream.base();
    let server = Server::with(|config| {
        calling(config, &base);
        config.model.first_token_ms = 20_000;
        config.model.whole_ms = 20_000;
        config.runs.absent_seconds = 1;
    })
    .await;
    let session = server.begin_with(&["model_provider"]).await;
    let id = crate::support::uuid();
    let hung_up = session
        .turn_with_id(&id, &json!({ "profile": {} }))
        .timeout(Duration::from_millis(300))
        .send()
        .await;
    assert!(hung_up.is_err());
    wait_until(|| {
        upstream
            .received()
            .first()
            .is_some_and(|one| one.disconnected())
    })
    .await;
    let again: Vec<SequencedEvent> = session
        .turn_with_id(&id, &json!({ "profile": {} }))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        crate::support::tags(&again),
        ["patient_said", "question", "done"]
    );
}

#[tokio::test]
async fn erasing_the_session_ends_its_call() {
    let upstream = model(|_, _| Some(Reply::Silent));
    let server = server(&upstream).await;
    let session = server.begin_with(&["model_provider"]).await;
    let turn = session
        .turn_with_id(&crate::support::uuid(), &json!({ "profile": {} }))
        .send();
    let erase = async {
        upstream.wait_for(1).await;
        let answer = server
            .delete(&session.path(""))
            .header("authorization", session.token())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
    };
    let (turn, ()) = tokio::join!(turn, erase);
    // The turn may have ended with its reviewed sentence before the rows went; either way nothing of it is left.
    assert!(matches!(turn.unwrap().status().as_u16(), 200 | 404));
    crate::support::problem(session.get("").await, 404, "not_found").await;
    wait_until(|| upstream.received()[0].disconnected()).await;
}

/// Waits for something that another task brings about; gives up after ten seconds.
pub async fn wait_until(is: impl Fn() -> bool) {
    let waited = tokio::time::timeout(Duration::from_secs(10), async {
        while !is() {
            tokio::task::yield_now().await;
        }
    });
    waited.await.expect("it comes about");
}
