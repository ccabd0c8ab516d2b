//! What a model reads may raise and never quiets; its answers are believed only as far as they can be checked.

use serde_json::json;
use upstream::chat;
use wire::event::Event;
use wire::question::Purpose as Asked;

use super::{Purpose, model, read, server};
use crate::support::{question, tags};

/// Nothing of it is understood by our own reader.
const STRANGE: &str = "the green zumbo is on the box today";

#[tokio::test]
async fn a_model_understands_what_our_reader_does_not() {
    let upstream = model(|purpose, _| {
        (purpose == Purpose::Read).then(|| read(&[("itch", "present", "green zumbo")]))
    });
    let server = server(&upstream).await;
    let with = server.begin_with(&["model_provider"]).await;
    with.open().await;
    let events = with.say(STRANGE).await;
    assert!(question(&events).is_some(), "{events:?}");
    let without = server.begin().await;
    without.open().await;
    assert_eq!(
        tags(&without.say(STRANGE).await),
        ["patient_said", "message", "done"]
    );
}

#[tokio::test]
async fn a_red_flag_only_the_model_heard_is_asked_at_once_and_a_yes_shows_the_card() {
    let upstream = model(|purpose, _| {
        (purpose == Purpose::Read).then(|| read(&[("unconscious", "present", "on the box")]))
    });
    let server = server(&upstream).await;
    let session = server.begin_with(&["model_provider"]).await;
    session.open().await;
    let events = session.say(STRANGE).await;
    assert!(!tags(&events).contains(&"alert"));
    let asked = question(&events).unwrap();
    assert_eq!(
        (asked.id.as_str(), asked.purpose),
        ("signs:unconscious", Asked::Danger)
    );
    let yes = json!({ "choice": { "question": asked.id, "choices": ["yes"] } });
    assert!(tags(&session.turn(yes).await).contains(&"alert"));
}

#[tokio::test]
async fn unanswered_it_stays_urgent_to_the_end() {
    let upstream = model(|purpose, received| {
        (purpose == Purpose::Read && received.text().contains("zumbo")).then(|| {
            read(&[
                ("unconscious", "present", "zumbo"),
                ("itch", "present", "the box"),
            ])
        })
    });
    let server = server(&upstream).await;
    let session = server.begin_with(&["model_provider"]).await;
    session.open().await;
    let events = session.say(STRANGE).await;
    let asked = question(&events).unwrap();
    let events = session
        .turn(json!({ "skip": { "question": asked.id } }))
        .await;
    let (_, events) = session.answer_until_guidance(events).await;
    let level = events.iter().find_map(|event| match &event.event {
        Event::Guidance(guidance) => Some(guidance.care_level),
        _ => None,
    });
    assert_eq!(level, Some(wire::guidance::CareLevel::Urgent));
}

#[tokio::test]
async fn what_cannot_be_checked_is_dropped() {
    let upstream = model(|purpose, _| {
        (purpose == Purpose::Read).then(|| {
            read(&[
                ("made_up", "present", "zumbo"),
                ("itch", "present", "words nobody said"),
                ("fever", "perhaps", "zumbo"),
            ])
        })
    });
    let server = server(&upstream).await;
    let session = server.begin_with(&["model_provider"]).await;
    session.open().await;
    // As if no model had been there: the patient is asked for other words.
    assert!(question(&session.say(STRANGE).await).is_none());
}

#[tokio::test]
async fn only_the_catalogues_relevant_part_goes_out() {
    let upstream = model(|_, _| None);
    let server = server(&upstream).await;
    let session = server.begin_with(&["model_provider"]).await;
    session.open().await;
    session.say("昨晚开始一直拉肚子").await;
    let read = upstream
        .received()
        .into_iter()
        .find(|received| super::purpose(received) == Purpose::Read)
        .unwrap();
    let body = read.json().unwrap();
    let system = body["messages"][0]["content"].as_str().unwrap();
    assert!(system.contains("diarrhoea: "), "{system}");
    let lines = system.lines().filter(|line| line.contains(": ")).count();
    assert!((20..=130).contains(&lines), "{lines}");
    assert_eq!(body["temperature"], 0.0);
    let _ = chat::text(&[]);
}
