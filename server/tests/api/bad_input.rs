//! Every bad input of the list has a defined answer, and none shows the patient's words.

use serde_json::json;

use crate::support::{Server, problem, question, tags};

#[tokio::test]
async fn texts_out_of_bounds_are_refused_and_odd_ones_heard() {
    let server = Server::start().await;
    let session = server.begin().await;
    session.open().await;
    for (text, code) in [
        ("", "text_empty"),
        (" \n\t", "text_empty"),
        ("\u{202e}\u{0}", "text_empty"),
    ] {
        problem(session.raw_turn(&json!({ "text": text })).await, 422, code).await;
    }
    let long = "疼".repeat(2001);
    let answer = problem(
        session.raw_turn(&json!({ "text": long })).await,
        422,
        "text_too_long",
    )
    .await;
    assert!(!serde_json::to_string(&answer).unwrap().contains('疼'));
    for text in [
        "😀".to_owned(),
        "疼".repeat(2000),
        "头疼\n".repeat(500),
        "头\u{0}疼\u{202e}".to_owned(),
        "<script>alert(1)</script>".to_owned(),
        "'; drop table sessions; --".to_owned(),
        "J'ai mal à la tête depuis trois jours".to_owned(),
        "你们这些笨蛋".to_owned(),
        "asdkjh qwe 123".to_owned(),
    ] {
        let events = session.say(&text).await;
        assert_eq!(tags(&events).last(), Some(&"done"), "{text}");
    }
}

#[tokio::test]
async fn answers_that_do_not_fit_the_question_are_refused() {
    let server = Server::start().await;
    let session = server.begin().await;
    let opened = session.open().await;
    assert_eq!(question(&opened).unwrap().id, "complaint");
    let choose = |question: &str, choices: serde_json::Value| json!({ "choice": { "question": question, "choices": choices } });
    for (input, code) in [
        (
            choose("complaint", json!(["no_such_complaint"])),
            "unknown_choice",
        ),
        (choose("complaint", json!([])), "choice_missing"),
        (
            choose("nothing_asked", json!(["yes"])),
            "not_current_question",
        ),
        (
            json!({ "skip": { "question": "nothing_asked" } }),
            "not_current_question",
        ),
        (
            json!({ "values": { "question": "age", "value": 3 } }),
            "not_current_question",
        ),
        (
            json!({ "values": { "question": "complaint", "value": 3 } }),
            "not_a_number_question",
        ),
        (json!({ "not_right": {} }), "no_alert"),
        (json!({ "profile": { "age_months": 5000 } }), "out_of_range"),
    ] {
        problem(session.raw_turn(&input).await, 422, code).await;
    }
    let asked = session
        .turn(choose("complaint", json!(["chest_pain"])))
        .await;
    let asked = question(&asked).unwrap();
    problem(
        session
            .raw_turn(&choose(&asked.id, json!(["never_offered"])))
            .await,
        422,
        "unknown_choice",
    )
    .await;
    let all: Vec<String> = asked
        .choices
        .iter()
        .map(|choice| choice.id.clone())
        .collect();
    if all.len() > 1 {
        problem(
            session.raw_turn(&choose(&asked.id, json!(all))).await,
            422,
            "too_many_choices",
        )
        .await;
    }
    // The list of complaints is open at any time.
    session
        .turn(choose("complaint", json!(["chest_pain"])))
        .await;
}

#[tokio::test]
async fn numbers_stay_within_their_question() {
    let server = Server::start().await;
    let session = server.begin().await;
    session.open().await;
    let mut events = session.say("发烧").await;
    for _ in 0..20 {
        let Some(asked) = question(&events) else {
            break;
        };
        if let (Some(min), Some(max)) = (asked.min, asked.max) {
            for value in [min - 1.0, max + 1.0] {
                let input = json!({ "values": { "question": asked.id, "value": value, "unit": asked.choices.first().map(|unit| unit.id.clone()) } });
                problem(session.raw_turn(&input).await, 422, "out_of_range").await;
            }
            return;
        }
        events = session.turn(crate::support::harmless(&asked)).await;
    }
    panic!("a fever asks for no number");
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_problems() {
    let server = Server::start().await;
    let session = server.begin().await;
    let post = |body: &'static str, kind: &'static str| {
        server
            .post(&session.path("/turns"))
            .header("authorization", session.token())
            .header("content-type", kind)
            .body(body)
            .send()
    };
    let good = r#"{"turn_id":"0198c0de-0000-7000-8000-000000000001","input":{"profile":{}}}"#;
    problem(
        post("{", "application/json").await.unwrap(),
        400,
        "bad_json",
    )
    .await;
    problem(
        post("[]", "application/json").await.unwrap(),
        400,
        "bad_json",
    )
    .await;
    problem(
        post(
            r#"{"turn_id":"x","input":{"shout":"hi"}}"#,
            "application/json",
        )
        .await
        .unwrap(),
        400,
        "bad_json",
    )
    .await;
    problem(post(good, "text/plain").await.unwrap(), 415, "not_json").await;
    problem(
        post("a=b", "application/x-www-form-urlencoded")
            .await
            .unwrap(),
        415,
        "not_json",
    )
    .await;
    problem(
        post(r#"{"turn_id":"x","input":{"back":{}}}"#, "application/json")
            .await
            .unwrap(),
        422,
        "turn_id_not_a_uuid",
    )
    .await;
    assert_eq!(
        post(good, "application/json; charset=utf-8")
            .await
            .unwrap()
            .status(),
        200
    );

    let large =
        json!({ "turn_id": crate::support::uuid(), "input": { "text": "a".repeat(70_000) } })
            .to_string();
    let answer = server
        .post(&session.path("/turns"))
        .header("authorization", session.token())
        .header("content-type", "application/json")
        .body(large.clone())
        .send();
    problem(answer.await.unwrap(), 413, "body_too_large").await;
    let streamed = futures_util::stream::iter(
        large
            .into_bytes()
            .chunks(1000)
            .map(|part| Ok::<_, std::io::Error>(part.to_vec()))
            .collect::<Vec<_>>(),
    );
    let answer = server
        .post(&session.path("/turns"))
        .header("authorization", session.token())
        .header("content-type", "application/json")
        .body(reqwest::Body::wrap_stream(streamed))
        .send();
    problem(answer.await.unwrap(), 413, "body_too_large").await;
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems() {
    let server = Server::start().await;
    for path in [
        "/nothing",
        "/api/v1/nothing",
        "/assets/missing.js",
        "/a/nobody",
        "/embed/nobody",
        "/knowledge/gate-0.bin",
        "/api/v1/applications/demo/doctors/nobody",
    ] {
        problem(server.get(path).send().await.unwrap(), 404, "not_found").await;
    }
    problem(
        server.put("/api/v1/sessions").send().await.unwrap(),
        405,
        "method_not_allowed",
    )
    .await;
    problem(
        server.delete("/healthz").send().await.unwrap(),
        405,
        "method_not_allowed",
    )
    .await;
    problem(
        server.get("/api/v1/sessions/%ff").send().await.unwrap(),
        401,
        "token_missing",
    )
    .await;
}

#[tokio::test]
async fn an_ended_session_hears_nothing_more() {
    let server = Server::start().await;
    let session = server.begin().await;
    session.open().await;
    let withdrawn = server
        .put(&session.path("/consents/service"))
        .header("authorization", session.token())
        .json(&json!({ "given": false }))
        .send();
    assert_eq!(withdrawn.await.unwrap().status(), 204);
    problem(
        session.raw_turn(&json!({ "text": "头疼" })).await,
        410,
        "session_ended",
    )
    .await;
    assert_eq!(
        session.get("").await.status(),
        200,
        "what is kept can still be seen and erased"
    );
}
