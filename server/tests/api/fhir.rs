//! The report as a FHIR document. An independent validator reads what `ANTEROOM_FHIR_FOLDER=… cargo test -p anteroom-server
//! --test api fhir` leaves in that folder (`docs/api-design.md`).

use anteroom_server::report::fhir::report_of;
use serde_json::{Value, json};
use wire::report::{LineStatus, Report};

use crate::support::{Server, Session, question};

/// Words that a careless writer of XML would break on.
const HOSTILE: &str = "<b>\"small & white\"</b>\u{7}\n]]> 药片💊";

async fn document(session: &Session<'_>) -> Value {
    let answer = session.get("/report.fhir.json").await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/fhir+json");
    answer.json().await.unwrap()
}

fn keep(name: &str, bundle: &Value) {
    if let Ok(folder) = std::env::var("ANTEROOM_FHIR_FOLDER") {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(format!("{folder}/{name}.json"), bundle.to_string()).unwrap();
    }
}

fn of_type<'a>(bundle: &'a Value, kind: &'a str) -> impl Iterator<Item = &'a Value> {
    bundle["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["resource"])
        .filter(move |resource| resource["resourceType"] == kind)
}

fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("reference").and_then(Value::as_str));
            fields.values().for_each(|one| references(one, found));
        }
        Value::Array(list) => list.iter().for_each(|one| references(one, found)),
        _ => {}
    }
}

/// Every reference leads to an entry, and no entry's name comes twice.
fn hangs_together(bundle: &Value) {
    let names: Vec<&str> = bundle["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["fullUrl"].as_str().unwrap())
        .collect();
    for (place, name) in names.iter().enumerate() {
        assert!(name.starts_with("urn:uuid:") && !names[..place].contains(name));
    }
    let mut found = Vec::new();
    references(bundle, &mut found);
    assert!(found.len() > 10);
    for reference in found {
        assert!(names.contains(&reference), "{reference}");
    }
}

fn nothing_is_lost(bundle: &Value, report: &Report) {
    assert_eq!(&report_of(bundle).unwrap(), report);
    let text = serde_json::to_string(bundle).unwrap();
    assert_eq!(
        &report_of(&serde_json::from_str(&text).unwrap()).unwrap(),
        report
    );
}

#[tokio::test]
async fn a_draft_and_every_version_come_back_as_they_went() {
    let server = Server::start().await;
    let mut new = server.new_session_with(&[]).await;
    new["locale"] = json!("en");
    let session = server.begin_as(&new).await;
    let begun = session.begin_interview().await;
    session.tell(begun).await;
    // More is added, with everything that could break a document.
    session
        .turn(json!({ "change": "aside:anything_else" }))
        .await;
    session.say(HOSTILE).await;
    let report = session.report().await;
    let draft = document(&session).await;
    keep("draft_en", &draft);
    hangs_together(&draft);
    nothing_is_lost(&draft, &report);
    assert_eq!(draft["entry"][0]["resource"]["status"], "preliminary");
    assert!(
        report
            .lines
            .iter()
            .any(|line| line.quotes.iter().any(|quote| quote.words.contains("💊")))
    );

    session.submit(report.seq).await;
    let first = document(&session).await;
    keep("submitted_en", &first);
    hangs_together(&first);
    nothing_is_lost(&first, &session.report().await);
    assert_eq!(first["entry"][0]["resource"]["status"], "final");
    let struck = report
        .lines
        .iter()
        .find(|line| line.id.starts_with("item:"))
        .unwrap();
    session.turn(json!({ "strike": struck.id })).await;
    let report = session.report().await;
    assert!(!report.differences.is_empty());
    nothing_is_lost(&document(&session).await, &report);
    session.submit(report.seq).await;
    let second = document(&session).await;
    keep("amended_en", &second);
    nothing_is_lost(&second, &session.report().await);
    assert_eq!(second["entry"][0]["resource"]["status"], "amended");
    // Nobody is named, and nothing leads back to the session.
    let text = second.to_string();
    assert!(!text.contains(&session.created.id) && !text.contains(&session.created.token));
    assert_eq!(
        of_type(&second, "Patient").next().unwrap()["gender"],
        "female"
    );
}

#[tokio::test]
async fn a_feverish_child_in_chinese() {
    let server = Server::start().await;
    let session = server.begin().await;
    session.turn(json!({ "profile": { "subject": "child", "age_months": 40, "sex": "male", "pregnant": false } })).await;
    let events = session.say("孩子昨天开始咳嗽，体温38.2度，流鼻涕").await;
    session.answer_until_guidance(events).await;
    let events = session.turn(json!({ "interview": {} })).await;
    // One question is passed over: not asked, not denied.
    let passed = question(&events).unwrap();
    let events = session
        .turn(json!({ "skip": { "question": passed.id } }))
        .await;
    session.tell(events).await;
    let report = session.report().await;
    session.submit(report.seq).await;
    let report = session.report().await;
    let bundle = document(&session).await;
    keep("child_zh", &bundle);
    hangs_together(&bundle);
    nothing_is_lost(&bundle, &report);

    let temperature = of_type(&bundle, "Observation")
        .find(|one| one["code"]["coding"][0]["code"] == "8310-5")
        .expect("the temperature is an observation");
    assert_eq!(temperature["valueQuantity"]["value"], 38.2);
    assert_eq!(temperature["valueQuantity"]["code"], "Cel");
    let refuted = of_type(&bundle, "Condition")
        .filter(|one| one["verificationStatus"]["coding"][0]["code"] == "refuted")
        .count();
    let denied = report
        .lines
        .iter()
        .filter(|line| line.status == LineStatus::Denied && line.id.starts_with("finding:"))
        .count();
    assert!(denied > 0 && refuted == denied, "{refuted} of {denied}");
    // What was not asked or not known is no statement, and stands in the answers as what it is.
    let open = report
        .lines
        .iter()
        .filter(|line| matches!(line.status, LineStatus::NotAsked | LineStatus::Unknown))
        .count();
    assert!(open > 0);
    let consent = of_type(&bundle, "Consent").next().unwrap();
    assert!(consent["dateTime"].is_string());
    let provenance = of_type(&bundle, "Provenance").next().unwrap();
    assert_eq!(provenance["agent"][1]["who"]["display"], "患儿的家长");
    assert_eq!(of_type(&bundle, "ServiceRequest").count(), 1);
}
