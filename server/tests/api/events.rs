use std::time::Duration;

use serde_json::json;
use wire::event::{Event, SequencedEvent};

use crate::support::{Server, Session, problem, tags, uuid};

/// Reads frames of a stream until `enough` says so or it ends.
async fn frames(
    answer: reqwest::Response,
    mut enough: impl FnMut(&[SequencedEvent]) -> bool,
) -> Vec<SequencedEvent> {
    assert_eq!(answer.status(), 200);
    assert!(
        answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/event-stream")
    );
    assert_eq!(answer.headers()["x-accel-buffering"], "no");
    let mut answer = answer;
    let (mut text, mut events) = (String::new(), Vec::new());
    let reading = async {
        while !enough(&events) {
            let Some(chunk) = answer.chunk().await.unwrap() else {
                break;
            };
            text.push_str(std::str::from_utf8(&chunk).unwrap());
            while let Some(end) = text.find("\n\n") {
                let frame: String = text.drain(..end + 2).collect();
                events.extend(read(&frame));
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), reading)
        .await
        .expect("the stream says enough in time");
    events
}

fn read(frame: &str) -> Option<SequencedEvent> {
    let field = |name: &str| {
        frame.lines().find_map(|line| {
            line.strip_prefix(name)?
                .strip_prefix(": ")
                .or(line.strip_prefix(name)?.strip_prefix(':'))
        })
    };
    let event = Event::from_parts(field("event")?, field("data")?).unwrap();
    Some(SequencedEvent {
        seq: field("id").map(|id| id.parse().unwrap()),
        event,
    })
}

fn streamed_turn(
    session: &Session<'_>,
    turn: &str,
    input: &serde_json::Value,
) -> reqwest::RequestBuilder {
    session
        .server
        .post(&session.path("/turns"))
        .header("authorization", session.token())
        .json(&json!({ "turn_id": turn, "input": input }))
}

fn stream(session: &Session<'_>, after: u64) -> reqwest::RequestBuilder {
    session
        .server
        .get(&session.path(&format!("/events?after={after}")))
        .header("authorization", session.token())
}

#[tokio::test]
async fn a_turn_streams_the_same_events_as_its_array() {
    let server = Server::start().await;
    let session = server.begin().await;
    let turn = uuid();
    let input = json!({ "profile": {} });
    let streamed = streamed_turn(&session, &turn, &input).send().await.unwrap();
    let streamed = frames(streamed, |_| false).await;
    assert_eq!(tags(&streamed), ["patient_said", "question", "done"]);
    let replayed: Vec<SequencedEvent> = session
        .turn_with_id(&turn, &input)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(streamed, replayed);
}

#[tokio::test]
async fn a_listener_gets_the_past_and_then_what_comes() {
    let server = Server::start().await;
    let session = server.begin().await;
    let first = session.open().await;
    let listening = stream(&session, 0).send().await.unwrap();
    let (second, heard) = tokio::join!(
        session.say("我头疼两天了"),
        frames(listening, |events| events
            .iter()
            .filter(|event| event.event.tag() == "done")
            .count()
            == 2)
    );
    let all: Vec<SequencedEvent> = first.into_iter().chain(second).collect();
    assert_eq!(heard, all);
}

#[tokio::test]
async fn a_cut_stream_resumes_after_any_event_to_the_same_text() {
    let server = Server::start().await;
    let session = server.begin().await;
    session.open().await;
    session.say("我头疼两天了").await;
    let whole = session.events(0).await;
    for (place, event) in whole.iter().enumerate() {
        let after = event.seq.unwrap();
        let rest = session.events(after).await;
        assert_eq!(rest, whole[place + 1..]);
        let missing = whole.len() - place - 1;
        if missing > 0 {
            let by_header = server
                .get(&session.path("/events"))
                .header("authorization", session.token())
                .header("last-event-id", after.to_string());
            let streamed = frames(by_header.send().await.unwrap(), |events| {
                events.len() == missing
            })
            .await;
            assert_eq!(streamed, whole[place + 1..]);
        }
    }
}

#[tokio::test]
async fn a_turn_whose_line_was_cut_is_there_when_the_patient_comes_back() {
    let server = Server::start().await;
    let session = server.begin().await;
    session.open().await;
    let turn = uuid();
    // Headers came, the body is thrown away unread.
    drop(
        streamed_turn(&session, &turn, &json!({ "text": "肚子疼" }))
            .send()
            .await
            .unwrap(),
    );
    let again = session
        .turn_with_id(&turn, &json!({ "text": "肚子疼" }))
        .send()
        .await
        .unwrap();
    let events: Vec<SequencedEvent> = again.json().await.unwrap();
    assert_eq!(tags(&events).last(), Some(&"done"));
    assert_eq!(
        session
            .events(0)
            .await
            .iter()
            .filter(|event| event.event.tag() == "patient_said")
            .count(),
        2
    );
}

#[tokio::test]
async fn streams_end_at_shutdown_and_resume_on_the_next_server() {
    let keep = tempfile::tempdir().unwrap();
    let mut server = Server::on(crate::support::config(keep.path()))
        .await
        .unwrap();
    let created = {
        let session = server.begin().await;
        session.open().await;
        session.created
    };
    let session = Session {
        server: &server,
        created: created.clone(),
    };
    let listening = stream(&session, 0).send().await.unwrap();
    server.signal_stop();
    let before = frames(listening, |_| false).await;
    assert_eq!(tags(&before), ["patient_said", "question", "done"]);
    server.stop().await;

    let server = Server::on(crate::support::config(keep.path()))
        .await
        .unwrap();
    let session = Session {
        server: &server,
        created,
    };
    assert_eq!(session.events(0).await, before);
    session.say("头疼").await;
}

#[tokio::test]
async fn one_session_opens_only_so_many_streams() {
    let server = Server::with(|config| config.limits.streams_per_session = 2).await;
    let session = server.begin().await;
    session.open().await;
    let one = stream(&session, 0).send().await.unwrap();
    let _two = stream(&session, 0).send().await.unwrap();
    problem(
        stream(&session, 0).send().await.unwrap(),
        429,
        "too_many_requests",
    )
    .await;
    drop(one);
    // The server notices a closed line when it next writes to it.
    session.say("头疼").await;
    for _ in 0..50 {
        if stream(&session, 0).send().await.unwrap().status() == 200 {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("a closed stream still counts");
}
