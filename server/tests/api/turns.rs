use serde_json::json;
use wire::event::MessageKind::{OfferList, Rephrase, TriageDesk};
use wire::event::{Event, SequencedEvent};

use crate::support::{Server, problem, question, tags, uuid};

#[tokio::test]
async fn the_same_turn_a_hundred_times_at_once_is_one_turn() {
    let server = Server::with(|config| config.limits.session_burst = 500).await;
    let session = server.begin().await;
    session.open().await;
    let (turn, input) = (uuid(), json!({ "text": "我头疼两天了" }));
    let calls = (0..100).map(|_| session.turn_with_id(&turn, &input).send());
    let mut answers: Vec<Vec<SequencedEvent>> = Vec::new();
    for answer in futures_util::future::join_all(calls).await {
        let answer = answer.unwrap();
        assert_eq!(answer.status(), 200);
        answers.push(answer.json().await.unwrap());
    }
    assert!(answers.iter().all(|events| *events == answers[0]));
    let said = session.events(0).await;
    let times = said
        .iter()
        .filter(|event| matches!(&event.event, Event::PatientSaid(said) if said.turn_id == turn))
        .count();
    assert_eq!(times, 1);
}

#[tokio::test]
async fn a_turn_repeated_later_replays_and_with_other_words_is_refused() {
    let server = Server::start().await;
    let session = server.begin().await;
    session.open().await;
    let turn = uuid();
    let first: Vec<SequencedEvent> = session
        .turn_with_id(&turn, &json!({ "text": "肚子疼" }))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    session.say("昨天开始的").await;
    let again: Vec<SequencedEvent> = session
        .turn_with_id(&turn, &json!({ "text": "肚子疼" }))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(first, again);
    let other = session
        .turn_with_id(&turn, &json!({ "text": "头疼" }))
        .send()
        .await
        .unwrap();
    problem(other, 422, "turn_conflict").await;
    // What is cleaned alike is the same input.
    let alike = session
        .turn_with_id(&turn, &json!({ "text": "  肚子疼\u{202e} " }))
        .send()
        .await
        .unwrap();
    assert_eq!(alike.status(), 200);
}

#[tokio::test]
async fn the_events_of_a_turn_are_stored_in_order_and_staff_events_are_not_shown() {
    let server = Server::start().await;
    let session = server.begin().await;
    session.open().await;
    let events = session.say("我头疼两天了").await;
    assert_eq!(tags(&events).first(), Some(&"patient_said"));
    assert_eq!(tags(&events).last(), Some(&"done"));
    let seqs: Vec<u64> = events.iter().map(|event| event.seq.unwrap()).collect();
    assert!(seqs.is_sorted());
    assert!(seqs[1] - seqs[0] > 1, "heard and decided stand between");
    assert!(
        !tags(&session.events(0).await)
            .iter()
            .any(|tag| matches!(*tag, "heard" | "decided" | "unknown"))
    );
}

#[tokio::test]
async fn two_different_turns_at_once_are_both_answered_or_told_to_wait() {
    let server = Server::start().await;
    let session = server.begin().await;
    session.open().await;
    let inputs: Vec<_> = (0..20)
        .map(|n| json!({ "text": format!("头疼 {n}") }))
        .collect();
    let answers =
        futures_util::future::join_all(inputs.iter().map(|input| session.raw_turn(input))).await;
    let mut taken = 0;
    for answer in answers {
        if answer.status() == 200 {
            taken += 1;
        } else {
            let told = problem(answer, 409, "turn_running").await;
            assert!(told.turn_id.is_some());
        }
    }
    assert!(taken >= 1);
    let said = session
        .events(0)
        .await
        .iter()
        .filter(|event| event.event.tag() == "patient_said")
        .count();
    assert_eq!(said, taken + 1);
}

#[tokio::test]
async fn back_takes_the_last_answer_back_and_asks_again() {
    let server = Server::start().await;
    let session = server.begin().await;
    session.open().await;
    let asked = session
        .turn(json!({ "choice": { "question": "complaint", "choices": ["chest_pain"] } }))
        .await;
    let first = question(&asked).unwrap();
    let next = session.turn(crate::support::harmless(&first)).await;
    let back = session.turn(json!({ "back": {} })).await;
    assert_eq!(
        question(&back).map(|question| question.id),
        Some(first.id),
        "{next:?}"
    );
    // Back at the very beginning harms nothing.
    for _ in 0..5 {
        session.turn(json!({ "back": {} })).await;
    }
    assert_eq!(
        question(&session.turn(json!({ "back": {} })).await)
            .unwrap()
            .id,
        "complaint"
    );
}

#[tokio::test]
async fn server_time_is_told() {
    let server = Server::start().await;
    let session = server.begin().await;
    let answer = session.raw_turn(&json!({ "profile": {} })).await;
    let timing = answer.headers()["server-timing"]
        .to_str()
        .unwrap()
        .to_owned();
    let took: f64 = timing.strip_prefix("turn;dur=").unwrap().parse().unwrap();
    assert!(took > 0.0);
}

#[tokio::test]
async fn speech_that_says_nothing_gets_other_words_then_the_list_then_the_desk() {
    let server = Server::start().await;
    let session = server.begin().await;
    session.open().await;
    let kind = |events: &[SequencedEvent]| {
        events.iter().find_map(|event| match &event.event {
            Event::Message(message) => Some(message.kind),
            _ => None,
        })
    };
    for (text, expected) in [
        ("😀😀", Rephrase),
        ("asdf qwer", OfferList),
        ("嘿嘿嘿嘿", TriageDesk),
    ] {
        let events = session.say(text).await;
        assert_eq!(kind(&events), Some(expected), "{text}: {events:?}");
        assert!(
            !events
                .iter()
                .any(|event| matches!(event.event, Event::Guidance(_) | Event::Alert(_)))
        );
    }
}
