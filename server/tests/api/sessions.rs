use serde_json::json;
use wire::event::Event;
use wire::session::{SessionState, SessionStatus};

use crate::support::{EMERGENCY, Server, problem, question, tags};

#[tokio::test]
async fn a_whole_session_ends_with_guidance() {
    let server = Server::start().await;
    let session = server.begin().await;
    let opened = session
        .turn(json!({ "profile": { "subject": "me", "age_months": 480, "sex": "female" } }))
        .await;
    assert_eq!(tags(&opened), ["patient_said", "question", "done"]);
    assert_eq!(question(&opened).unwrap().id, "complaint");

    let asked = session
        .turn(json!({ "choice": { "question": "complaint", "choices": ["chest_pain"] } }))
        .await;
    let (questions, ended) = session.answer_until_guidance(asked).await;
    assert!(
        questions > 0,
        "danger signs are asked before anything is called routine"
    );
    let guidance = ended
        .iter()
        .find_map(|event| match &event.event {
            Event::Guidance(guidance) => Some(guidance),
            _ => None,
        })
        .unwrap();
    assert!(!guidance.departments.is_empty() && guidance.departments.len() <= 3);
    assert!((2..=5).contains(&guidance.come_back_if.len()));
    for text in [
        &guidance.by_when,
        &guidance.where_if_closed,
        &guidance.until_then,
    ] {
        assert!(!text.get("zh").is_empty() && !text.get("en").is_empty());
    }
    let first = &guidance.departments[0];
    assert!(!first.floor.get("zh").is_empty() && !first.hours.get("en").is_empty());

    let state: SessionState = session.get("").await.json().await.unwrap();
    assert_eq!(state.status, SessionStatus::Guided);
    assert_eq!(state.profile.age_months, Some(480));
    assert_eq!(state.consents, ["service"]);
    assert_eq!(Some(state.last_seq), ended.last().unwrap().seq);
}

#[tokio::test]
async fn an_emergency_stops_the_interview_until_it_is_called_not_right() {
    let server = Server::start().await;
    let session = server.begin().await;
    session.open().await;
    let events = session.say(EMERGENCY).await;
    let alert = alert(&events);
    assert!(!alert.rules.is_empty() && !alert.reasons.is_empty());
    assert!(question(&events).is_none());
    let state: SessionState = session.get("").await.json().await.unwrap();
    assert_eq!(state.status, SessionStatus::Alerted);

    let chosen = json!({ "choice": { "question": "complaint", "choices": ["chest_pain"] } });
    problem(session.raw_turn(&chosen).await, 409, "alerted").await;
    // Words are heard all the same, and the card is answered again.
    let again = session.say("还有点恶心").await;
    assert!(tags(&again).contains(&"alert"));

    let corrected = session
        .turn(json!({ "not_right": { "text": "是胃口不好,没有胸口疼" } }))
        .await;
    assert!(!tags(&corrected).contains(&"alert"), "{corrected:?}");
    assert!(corrected.iter().any(|event| matches!(&event.event, Event::Message(message)
        if message.kind == wire::event::MessageKind::BannerStays && !message.text.get("zh").is_empty())));
    let (_, ended) = session.answer_until_guidance(corrected).await;
    let level = ended.iter().find_map(|event| match &event.event {
        Event::Guidance(guidance) => Some(guidance.care_level),
        _ => None,
    });
    assert!(
        matches!(
            level,
            Some(wire::guidance::CareLevel::Urgent | wire::guidance::CareLevel::Emergency)
        ),
        "{level:?}"
    );
}

/// The emergency card among the events.
fn alert(events: &[wire::event::SequencedEvent]) -> wire::event::Alert {
    let found = events.iter().find_map(|event| match &event.event {
        Event::Alert(alert) => Some(alert.clone()),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no card: {events:?}"))
}

#[tokio::test]
async fn words_no_rule_knows_show_the_alarm_once() {
    const ALARMING: &str = "我妈在厨房里坐地上了,整个人软塌塌的,问啥都不搭理,嘴唇颜色不对";
    let server = Server::start().await;
    let session = server.begin().await;
    session.open().await;
    let events = session.say(ALARMING).await;
    let alert = alert(&events);
    assert_eq!(alert.rules, ["sounds_like_emergency"]);
    let words = alert.reasons[0].words.clone().unwrap();
    assert!(ALARMING.contains(&words) && words.len() < ALARMING.len());

    let corrected = session
        .turn(json!({ "not_right": { "text": "写错了,她只是坐在地上择菜" } }))
        .await;
    assert!(!tags(&corrected).contains(&"alert"), "{corrected:?}");
    let again = session.say(ALARMING).await;
    assert!(!tags(&again).contains(&"alert"), "{again:?}");
}

#[tokio::test]
async fn repeating_the_call_answers_a_fresh_token_and_ends_the_old_one() {
    let server = Server::start().await;
    let body = server.new_session().await;
    let first: wire::session::CreatedSession = server
        .post("/api/v1/sessions")
        .json(&body)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let again = server
        .post("/api/v1/sessions")
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), 201);
    let second: wire::session::CreatedSession = again.json().await.unwrap();
    assert_eq!((&first.id, &first.receipt), (&second.id, &second.receipt));
    assert_ne!(first.token, second.token);

    let path = format!("/api/v1/sessions/{}", first.id);
    let with = |token: &str| {
        server
            .get(&path)
            .header("authorization", format!("Bearer {token}"))
            .send()
    };
    problem(with(&first.token).await.unwrap(), 404, "not_found").await;
    assert_eq!(with(&second.token).await.unwrap().status(), 200);

    let mut other = body.clone();
    other["client_secret"] = json!("cd".repeat(32));
    problem(
        server
            .post("/api/v1/sessions")
            .json(&other)
            .send()
            .await
            .unwrap(),
        409,
        "session_taken",
    )
    .await;
}

#[tokio::test]
async fn fifty_equal_calls_at_once_make_one_session() {
    let server = Server::start().await;
    let body = server.new_session().await;
    let calls = (0..50).map(|_| server.post("/api/v1/sessions").json(&body).send());
    let answers = futures_util::future::join_all(calls).await;
    let mut tokens = Vec::new();
    for answer in answers {
        let answer = answer.unwrap();
        assert_eq!(answer.status(), 201);
        tokens.push(
            answer
                .json::<wire::session::CreatedSession>()
                .await
                .unwrap(),
        );
    }
    let path = format!("/api/v1/sessions/{}", tokens[0].id);
    let mut alive = 0;
    for created in &tokens {
        let answer = server
            .get(&path)
            .header("authorization", format!("Bearer {}", created.token))
            .send()
            .await
            .unwrap();
        alive += usize::from(answer.status() == 200);
    }
    assert_eq!(alive, 1, "only the last token opens");
}

#[tokio::test]
async fn fields_that_do_not_fit_are_named() {
    let server = Server::start().await;
    let good = server.new_session().await;
    let with = |place: &str, value: &serde_json::Value| {
        let mut body = good.clone();
        *body.pointer_mut(place).unwrap() = value.clone();
        server.post("/api/v1/sessions").json(&body).send()
    };
    for (place, value, field, code) in [
        ("/id", json!("../etc"), "id", "not_a_uuid"),
        (
            "/client_secret",
            json!("short"),
            "client_secret",
            "not_32_bytes_hex",
        ),
        (
            "/consents",
            json!([]),
            "consents",
            "required_consent_missing",
        ),
        (
            "/consents/0/version",
            json!(99),
            "consents[0].version",
            "other_version",
        ),
        (
            "/consents/0/sha256",
            json!("00"),
            "consents[0].sha256",
            "other_text",
        ),
        (
            "/consents/0/purpose",
            json!("sell"),
            "consents[0].purpose",
            "unknown_purpose",
        ),
        (
            "/profile",
            json!({ "age_months": 1441 }),
            "profile.age_months",
            "out_of_range",
        ),
        ("/locale", json!("xx"), "locale", "language_not_offered"),
    ] {
        let answer = problem(with(place, &value).await.unwrap(), 422, "fields").await;
        assert!(
            answer
                .fields
                .iter()
                .any(|wrong| wrong.field == field && wrong.code == code),
            "{field}: {:?}",
            answer.fields
        );
    }
    let unknown = with("/application", &json!("nobody")).await.unwrap();
    problem(unknown, 404, "not_found").await;
}

#[tokio::test]
async fn a_session_whose_time_is_over_is_gone_on_the_day() {
    let server = Server::start().await;
    let session = server.begin().await;
    session.open().await;
    server
        .clock
        .advance(std::time::Duration::from_hours(30 * 24) - std::time::Duration::from_secs(1));
    assert_eq!(session.get("").await.status(), 200);
    server.clock.advance(std::time::Duration::from_secs(1));
    problem(session.get("").await, 404, "not_found").await;
}

#[tokio::test]
async fn feedback_is_a_code() {
    let server = Server::start().await;
    let session = server.begin().await;
    let send = |body: serde_json::Value| {
        server
            .post(&session.path("/feedback"))
            .header("authorization", session.token())
            .json(&body)
            .send()
    };
    assert_eq!(
        send(json!({ "helpful": true })).await.unwrap().status(),
        204
    );
    assert_eq!(
        send(json!({ "helpful": false, "reason": "wrong_department" }))
            .await
            .unwrap()
            .status(),
        204
    );
    problem(
        send(json!({ "helpful": false, "reason": "my own words" }))
            .await
            .unwrap(),
        422,
        "unknown_reason",
    )
    .await;
}

#[tokio::test]
async fn what_the_first_call_tells_of_the_patient_is_known() {
    let server = Server::start().await;
    let mut body = server.new_session().await;
    body["profile"] = json!({ "subject": "child", "age_months": 5 });
    let answer = server
        .post("/api/v1/sessions")
        .json(&body)
        .send()
        .await
        .unwrap();
    let session = crate::support::Session {
        server: &server,
        created: answer.json().await.unwrap(),
    };
    let state: SessionState = session.get("").await.json().await.unwrap();
    assert_eq!(
        (state.profile.age_months, state.profile.subject),
        (Some(5), Some(wire::session::Subject::Child))
    );
    assert_eq!(tags(&session.events(0).await), ["profile"]);
}

#[tokio::test]
async fn a_session_goes_on_on_another_device_by_a_code_that_works_once() {
    let server = Server::start().await;
    let session = server.begin().await;
    session.open().await;
    session.say("my knee has been hurting for two months").await;
    let make = async || -> serde_json::Value {
        let answer = server
            .post(&session.path("/codes"))
            .header("authorization", session.token())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 201);
        answer.json().await.unwrap()
    };
    let type_in = async |code: &str| {
        let body = json!({ "application": "demo", "code": code });
        server
            .post("/api/v1/codes")
            .json(&body)
            .send()
            .await
            .unwrap()
    };
    let (old, new) = (make().await, make().await);
    let code = new["code"].as_str().unwrap();
    assert_eq!(code.len(), 11);
    problem(
        type_in(old["code"].as_str().unwrap()).await,
        404,
        "not_found",
    )
    .await;
    let elsewhere = json!({ "application": "another", "code": code });
    let elsewhere = server.post("/api/v1/codes").json(&elsewhere);
    problem(elsewhere.send().await.unwrap(), 404, "not_found").await;
    let resumed: serde_json::Value = type_in(&code.to_lowercase().replace('-', " "))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(resumed["id"], session.created.id.as_str());
    assert_eq!(resumed["receipt"], session.created.receipt.as_str());
    let events = async |token: &str| {
        let url = session.path("/events?after=0");
        let asked = server.get(&url).header("accept", "application/json");
        asked
            .header("authorization", format!("Bearer {token}"))
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
    };
    // Both devices hold the same talk.
    let there = events(resumed["token"].as_str().unwrap()).await;
    assert_eq!(there, events(&session.created.token).await);
    assert!(there.contains("knee"));
    problem(type_in(code).await, 404, "not_found").await;
    // Late, it opens nothing; and an address that guesses is made to wait.
    let late = make().await;
    server.clock.advance(std::time::Duration::from_mins(16));
    problem(
        type_in(late["code"].as_str().unwrap()).await,
        404,
        "not_found",
    )
    .await;
    problem(type_in("AAAAA-AAAAA").await, 429, "too_many_requests").await;
}
