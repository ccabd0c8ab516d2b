//! The hospital hands a patient over by a link that works once.

use std::process::Command;
use std::time::Duration;

use anteroom_server::report::fhir::report_of;
use reqwest::Response;
use serde_json::{Value, json};
use wire::event::Event;
use wire::link::Link;
use wire::report::LineStatus;

use crate::support::{DEMO, Server, Session, problem, question, uuid};

pub fn key(server: &Server) -> String {
    let printed = Command::new(env!("CARGO_BIN_EXE_anteroom"))
        .args(["key", "--application", DEMO])
        .env("ANTEROOM_DATA__FOLDER", &server.folder)
        .output()
        .unwrap();
    String::from_utf8(printed.stdout).unwrap().trim().to_owned()
}

async fn make(server: &Server, key: &str, body: &Value) -> Response {
    server
        .post("/api/v1/links")
        .header("authorization", format!("Bearer {key}"))
        .json(body)
        .send()
        .await
        .unwrap()
}

/// A session begun by a link.
async fn open<'a>(server: &'a Server, code: &str) -> Session<'a> {
    let mut new = server.new_session_with(&[]).await;
    new["link"] = json!(code);
    server.begin_as(&new).await
}

async fn refused(server: &Server, code: &str) {
    let mut new = server.new_session_with(&[]).await;
    new["link"] = json!(code);
    let answer = server
        .post("/api/v1/sessions")
        .json(&new)
        .send()
        .await
        .unwrap();
    let problem = problem(answer, 422, "fields").await;
    assert_eq!(problem.fields[0].code, "link_unknown");
}

fn carried(server_department: &str) -> Value {
    json!({
        "visit": { "department": server_department, "visit": "V-2026:1127.8" },
        "profile": { "age_months": 640, "sex": "male" },
        "findings": [{ "finding": "diabetes", "present": true }, { "finding": "asthma_known", "present": false }],
        "days": 3
    })
}

async fn a_department(server: &Server, specialty: &str) -> String {
    let page: Value = server
        .get("/api/v1/applications/demo/departments?limit=200")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let departments = page["items"].as_array().unwrap();
    let named = |one: &&Value| one["name"]["en"].as_str().unwrap().contains(specialty);
    let found = departments
        .iter()
        .find(named)
        .expect("the demo hospital has it");
    found["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_patient_handed_over_begins_with_the_interview_and_is_asked_nothing_known() {
    let server = Server::start().await;
    let key = key(&server);
    let department = a_department(&server, "Cardiology").await;
    let answer = make(&server, &key, &carried(&department)).await;
    assert_eq!(answer.status(), 201);
    let link: Link = answer.json().await.unwrap();
    assert_eq!(link.path, format!("/a/demo#/link/{}", link.code));
    // Nothing of it can be read where it is kept.
    for (path, bytes) in server.files() {
        let name = path.display();
        for words in [link.code.as_str(), "V-2026:1127.8"] {
            let found = bytes
                .windows(words.len())
                .any(|part| part == words.as_bytes());
            assert!(!found, "{words} in {name}");
        }
    }
    let session = open(&server, &link.code).await;
    let state: Value = session.get("").await.json().await.unwrap();
    assert_eq!(state["profile"]["age_months"], 640);
    refused(&server, &link.code).await;

    session
        .turn(json!({ "profile": { "subject": "me" } }))
        .await;
    let mut events = session
        .say("chest feels tight when I climb stairs, for two weeks")
        .await;
    let mut asked = Vec::new();
    while !events.iter().any(|one| {
        matches!(
            one.event,
            Event::ReportReady(_) | Event::Alert(_) | Event::Guidance(_)
        )
    }) {
        let question = question(&events).unwrap();
        assert!(asked.len() < 30);
        asked.push(question.id.clone());
        events = session
            .turn(json!({ "skip": { "question": question.id } }))
            .await;
    }
    assert!(
        events
            .iter()
            .any(|one| matches!(one.event, Event::ReportReady(_))),
        "{asked:?}"
    );
    assert!(
        asked.iter().all(|id| id != "age" && id != "sex"),
        "{asked:?}"
    );
    let report = session.report().await;
    assert_eq!(report.profile.age_months, Some(640));
    let status = |id: &str| {
        report
            .lines
            .iter()
            .find(|line| line.id == id)
            .map(|line| line.status)
    };
    assert_eq!(status("finding:diabetes"), Some(LineStatus::Present));
    assert_eq!(status("finding:asthma_known"), Some(LineStatus::Denied));
    let visit = report.visit.clone().unwrap();
    assert_eq!(visit.visit.as_deref(), Some("V-2026:1127.8"));
    assert_eq!(visit.department, Some(department));
    let bundle: Value = session.get("/report.fhir.json").await.json().await.unwrap();
    assert_eq!(report_of(&bundle).unwrap(), report);
}

#[tokio::test]
async fn links_that_are_old_altered_or_do_not_fit_are_refused() {
    let server = Server::start().await;
    let key = key(&server);
    let link: Link = make(&server, &key, &json!({ "days": 1 }))
        .await
        .json()
        .await
        .unwrap();
    let altered = format!(
        "{}{}",
        &link.code[..31],
        if link.code.ends_with('0') { '1' } else { '0' }
    );
    for code in [
        altered.as_str(),
        "",
        "x",
        &"0".repeat(32),
        "../../etc/passwd",
    ] {
        refused(&server, code).await;
    }
    server.clock.advance(Duration::from_hours(25));
    refused(&server, &link.code).await;

    for (body, field, code) in [
        (
            json!({ "visit": { "department": "nowhere" } }),
            "visit.department",
            "unknown_department",
        ),
        (
            json!({ "visit": { "doctor": "nobody" } }),
            "visit.doctor",
            "unknown_doctor",
        ),
        (
            json!({ "visit": { "visit": "a visit with spaces" } }),
            "visit.visit",
            "not_a_visit_number",
        ),
        (
            json!({ "visit": { "visit": "9".repeat(65) } }),
            "visit.visit",
            "not_a_visit_number",
        ),
        (
            json!({ "profile": { "age_months": 3000 } }),
            "profile.age_months",
            "out_of_range",
        ),
        (
            json!({ "findings": [{ "finding": "dragon_bite", "present": true }] }),
            "findings",
            "unknown_finding",
        ),
        (json!({ "locale": "tlh" }), "locale", "language_not_offered"),
        (json!({ "days": 0 }), "days", "out_of_range"),
        (json!({ "days": 61 }), "days", "out_of_range"),
    ] {
        let problem = problem(make(&server, &key, &body).await, 422, "fields").await;
        assert_eq!(
            (
                problem.fields[0].field.as_str(),
                problem.fields[0].code.as_str()
            ),
            (field, code)
        );
    }
    assert_eq!(make(&server, "ak_wrong", &json!({})).await.status(), 404);
}

#[tokio::test]
async fn one_link_opened_on_two_devices_at_once_opens_one_session() {
    let server = Server::start().await;
    let key = key(&server);
    let link: Link = make(&server, &key, &json!({})).await.json().await.unwrap();
    let open = async || {
        let mut new = server.new_session_with(&[]).await;
        new["id"] = json!(uuid());
        new["link"] = json!(link.code);
        let answer = server.post("/api/v1/sessions").json(&new).send();
        answer.await.unwrap().status().as_u16()
    };
    let (one, other) = tokio::join!(open(), open());
    let mut answers = [one, other];
    answers.sort_unstable();
    assert_eq!(answers, [201, 422]);
}
