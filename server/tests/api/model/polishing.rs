//! Sentences of the report put more smoothly: what leaves, what is taken, what stays as it was.

use anteroom_server::report::fhir::report_of;
use serde_json::{Value, json};
use upstream::{Received, chat};
use wire::report::{Line, Report};

use super::{Purpose, calling, model};
use crate::support::{Server, Session};

/// The sentences a request holds.
fn sent(received: &Received) -> Vec<Value> {
    let body = received.json().unwrap();
    let data: Value =
        serde_json::from_str(body["messages"][1]["content"].as_str().unwrap()).unwrap();
    data["sentences"].as_array().unwrap().clone()
}

async fn told(server: &Server) -> (Session<'_>, Report) {
    let session = server.begin_with(&["model_provider"]).await;
    let begun = session.begin_interview().await;
    session.tell(begun).await;
    let report = session.report().await;
    (session, report)
}

/// What of a line counts, beside its sentence and who put it.
fn bare(line: &Line) -> Line {
    Line {
        text: wire::Localized::default(),
        template: None,
        ..line.clone()
    }
}

#[tokio::test]
async fn a_sentence_is_smoothed_and_one_that_says_otherwise_is_not() {
    // Every English sentence gets an article and a full stop; every Chinese one says more than before.
    let upstream = model(|purpose, received| {
        (purpose == Purpose::Polish).then(|| {
            let sentences: Vec<Value> = sent(received)
                .into_iter()
                .map(|mut one| {
                    one["en"] = json!(format!("The {}.", one["en"].as_str().unwrap()));
                    one["zh"] = json!(format!("{}，可能是肿瘤", one["zh"].as_str().unwrap()));
                    one
                })
                .collect();
            chat::text(&[&json!({ "sentences": sentences }).to_string()]).reply()
        })
    });
    let base = upstream.base();
    let plain = {
        let server = Server::with(|config| calling(config, &base)).await;
        told(&server).await.1
    };
    let server = Server::with(|config| {
        calling(config, &base);
        config.model.polish = true;
    })
    .await;
    let (session, report) = told(&server).await;
    assert_eq!(plain.lines.len(), report.lines.len());
    let mut smoothed = 0;
    for (before, after) in plain.lines.iter().zip(&report.lines) {
        assert_eq!(bare(before), bare(after));
        assert_eq!(
            before.text.get("zh"),
            after.text.get("zh"),
            "nothing is added"
        );
        if after.template.is_some() {
            assert_eq!(after.template.as_deref(), Some("polish/1"));
            assert_eq!(
                after.text.get("en"),
                format!("The {}.", before.text.get("en"))
            );
            smoothed += 1;
        } else {
            assert_eq!(before.text, after.text);
        }
    }
    assert!(smoothed > 0, "{:#?}", plain.lines);
    // No word the patient typed has left.
    let polishes = || {
        let mut all = upstream.received();
        all.retain(|received| super::purpose(received) == Purpose::Polish);
        all
    };
    assert_eq!(polishes().len(), 1);
    let body = polishes()[0].json().unwrap().to_string();
    for typed in ["hurting", "zumbo", "nothing to worry about"] {
        assert!(!body.contains(typed), "{typed} in {body}");
    }

    // A line answered anew is said by the program again; the others stay, and the model is not asked again.
    let document: Value = session.get("/report.fhir.json").await.json().await.unwrap();
    assert_eq!(report_of(&document).unwrap(), report);
    session.turn(json!({ "change": "history:medicines" })).await;
    session.say("none").await;
    let again = session.report().await;
    let of = |report: &Report| {
        report
            .lines
            .iter()
            .filter(|line| line.template.is_some())
            .count()
    };
    assert_eq!(of(&again), smoothed);
    assert_eq!(polishes().len(), 1);
    session.submit(again.seq).await;
}

#[tokio::test]
async fn a_model_that_fails_or_babbles_leaves_the_report_as_it_was() {
    for reply in [
        chat::text(&["I am sorry, I cannot do that."]).reply(),
        chat::text(&["{\"sentences\": [7, {\"line\": \"finding:nobody\", \"en\": \"x\"}, {}]}"])
            .reply(),
        chat::text(&["{\"sentences\": \"all\"}"]).reply(),
    ] {
        let upstream = model(move |purpose, _| (purpose == Purpose::Polish).then(|| reply.clone()));
        let base = upstream.base();
        let server = Server::with(|config| {
            calling(config, &base);
            config.model.polish = true;
        })
        .await;
        let (session, report) = told(&server).await;
        assert!(report.lines.iter().all(|line| line.template.is_none()));
        session.submit(report.seq).await;
    }
}
