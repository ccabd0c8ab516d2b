//! Questions about the hospital in the middle of a talk about an illness.

use serde_json::json;
use upstream::chat;
use wire::event::{Answer, Event, SequencedEvent, SourceKind};

use crate::model::{Purpose, model};
use crate::support::{Server, question, tags};

pub fn answer(events: &[SequencedEvent]) -> Option<Answer> {
    events.iter().find_map(|event| match &event.event {
        Event::Answer(answer) => Some(answer.clone()),
        _ => None,
    })
}

#[tokio::test]
async fn one_is_answered_with_its_source_and_the_talk_begins_where_it_was() {
    let server = Server::start().await;
    let session = server.begin().await;
    session.open().await;
    for (words, part) in [
        ("停车场在哪里?", "停车"),
        ("where can I park my car?", "park"),
    ] {
        let events = session.say(words).await;
        assert_eq!(
            tags(&events),
            ["patient_said", "answer", "question", "done"],
            "{words}"
        );
        let answer = answer(&events).unwrap();
        assert!(answer.alone && answer.template.is_none());
        assert_eq!(answer.sources[0].kind, SourceKind::Faq, "{answer:?}");
        let both = format!("{} {}", answer.text.get("zh"), answer.text.get("en"));
        assert!(both.contains(part), "{both}");
        assert_eq!(question(&events).unwrap().id, "complaint");
    }
}

#[tokio::test]
async fn departments_and_doctors_answer_for_themselves() {
    let server = Server::start().await;
    let session = server.begin().await;
    session.open().await;
    let events = session.say("眼科在几楼?").await;
    let found = answer(&events).unwrap();
    assert!(
        found
            .sources
            .iter()
            .any(|source| source.kind == SourceKind::Department),
        "{found:?}"
    );
}

#[tokio::test]
async fn in_the_middle_of_an_interview_the_same_question_comes_again() {
    let server = Server::start().await;
    let (asking, quiet) = (server.begin().await, server.begin().await);
    let words = "右膝盖疼了两个月,上下楼梯更疼";
    asking.open().await;
    quiet.open().await;
    let before = question(&asking.say(words).await).unwrap();
    let events = asking.say("门诊几点开门?").await;
    assert!(answer(&events).is_some(), "{events:?}");
    assert_eq!(question(&events).unwrap().id, before.id);
    let (asked, _) = asking.answer_until_guidance(events).await;
    let first = quiet.say(words).await;
    let (without, last) = quiet.answer_until_guidance(first).await;
    assert_eq!(asked, without, "it cost no question");
    // After guidance too, and the guidance stays.
    let events = quiet.say("停车场在哪里?").await;
    assert!(answer(&events).is_some());
    let guidance = |events: &[SequencedEvent]| {
        events.iter().find_map(|event| match &event.event {
            Event::Guidance(guidance) => Some(guidance.departments[0].id.clone()),
            _ => None,
        })
    };
    assert_eq!(guidance(&events), guidance(&last));
}

#[tokio::test]
async fn a_complaint_beside_it_is_heard_too() {
    let server = Server::start().await;
    let session = server.begin().await;
    session.open().await;
    let events = session.say("我膝盖疼了两天,停车场在哪里?").await;
    let answer = answer(&events).unwrap();
    assert!(!answer.alone, "{answer:?}");
    assert_ne!(question(&events).unwrap().id, "complaint");
}

#[tokio::test]
async fn an_emergency_comes_before_any_answer() {
    let server = Server::start().await;
    let session = server.begin().await;
    session.open().await;
    let events = session
        .say("胸口像压了块石头,出冷汗半小时,急诊在哪里?")
        .await;
    assert!(tags(&events).contains(&"alert") && answer(&events).is_none());
}

#[tokio::test]
async fn going_back_takes_the_answer_before_it_back_and_not_the_inquiry() {
    let server = Server::start().await;
    let session = server.begin().await;
    session.open().await;
    let first = question(&session.say("右膝盖疼了两个月").await).unwrap();
    let second = session.turn(crate::support::harmless(&first)).await;
    session.say("停车场在哪里?").await;
    let back = session.turn(json!({ "back": {} })).await;
    assert_eq!(question(&back).unwrap().id, first.id, "{second:?}");
}

#[tokio::test]
async fn a_models_words_are_shown_only_if_they_hold_to_the_passage() {
    for (said, holds) in [
        (None, true),
        (Some("停车场在地下七层,电话13800138000。"), false),
        (Some("<b>停车免费</b>"), false),
        (Some("您没事,不用看医生。"), false),
        (Some("没有找到"), false),
        (Some("谢谢您告诉我这些。"), false),
    ] {
        let upstream = model(move |purpose, received| {
            (purpose == Purpose::Answer).then(|| {
                let body = received.json().unwrap();
                let data = body["messages"][1]["content"].as_str().unwrap();
                let data: serde_json::Value = serde_json::from_str(data).unwrap();
                let passage = data["passages"][0].as_str().unwrap().to_owned();
                let first = passage
                    .split_inclusive('。')
                    .next()
                    .unwrap_or(&passage)
                    .to_owned();
                chat::text(&[said.unwrap_or(&first)]).reply()
            })
        });
        let server = crate::model::server(&upstream).await;
        let session = server.begin_with(&["model_provider"]).await;
        session.open().await;
        let events = session.say("停车场在哪里?").await;
        let answer = answer(&events).unwrap();
        assert_eq!(answer.template.is_some(), holds, "{said:?}: {answer:?}");
        assert!(!answer.sources.is_empty());
        if let Some(said) = said {
            assert!(!answer.text.get("zh").contains(said));
        }
    }
}
