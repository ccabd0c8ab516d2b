//! What leaves: never a name, a phone, an id number, a mail; and never a key anywhere but in its header.

use serde_json::json;

use super::{KEY, calling, model, server};
use crate::support::Server;

/// Planted in both languages; none of it may leave.
const SECRETS: [&str; 8] = [
    "欧阳志强",
    "13812345678",
    "110101199003078888",
    "zhiqiang.ouyang@example.com",
    "Margaret Thornbury",
    "07700 900123",
    "maggie.t@example.org",
    "14 Rosewood Crescent",
];

#[tokio::test]
async fn planted_names_numbers_and_addresses_never_leave() {
    let upstream = model(|_, _| None);
    let server = server(&upstream).await;
    for text in [
        "我叫欧阳志强,身份证110101199003078888,电话13812345678,邮箱zhiqiang.ouyang@example.com,我头疼两天了",
        "My name is Margaret Thornbury, I live at 14 Rosewood Crescent, ring me on 07700 900123 or write to \
         maggie.t@example.org, my head has hurt for two days",
    ] {
        let session = server.begin_with(&["model_provider"]).await;
        session.open().await;
        session.say(text).await;
        session.say(text).await;
    }
    let received = upstream.received();
    assert!(received.len() >= 6);
    for one in received {
        let text = one.text();
        let headers = format!("{:?}", one.headers);
        for secret in SECRETS {
            assert!(
                !text.contains(secret) && !headers.contains(secret),
                "{secret}: {text}"
            );
        }
        assert!(!text.contains(KEY));
    }
}

#[tokio::test]
async fn only_what_was_written_goes_out_and_nothing_that_was_tapped() {
    let upstream = model(|_, _| None);
    let server = server(&upstream).await;
    let session = server.begin_with(&["model_provider"]).await;
    session
        .turn(json!({ "profile": { "age_months": 456, "sex": "female", "subject": "me" } }))
        .await;
    let knee = json!({ "choice": { "question": "complaint", "choices": ["knee_pain"] } });
    let asked = crate::support::question(&session.turn(knee).await).unwrap();
    session.turn(crate::support::harmless(&asked)).await;
    for one in upstream.received() {
        let body = one.json().unwrap();
        let data = body["messages"][1]["content"].as_str().unwrap();
        let data: serde_json::Value = serde_json::from_str(data).unwrap();
        assert_eq!(data["said"], "", "{data}");
    }
    assert!(upstream.count() >= 2);
}

#[tokio::test]
async fn what_is_masked_is_still_understood() {
    let upstream = model(|purpose, _| {
        (purpose == super::Purpose::Read)
            .then(|| super::read(&[("itch", "present", "[name] is zumbo")]))
    });
    let server = server(&upstream).await;
    let session = server.begin_with(&["model_provider"]).await;
    session.open().await;
    let events = session.say("My name is Margaret Thornbury is zumbo").await;
    assert!(crate::support::question(&events).is_some(), "{events:?}");
}

#[tokio::test]
async fn from_a_closed_network_nobody_outside_is_called_and_nobody_is_asked_to_agree() {
    // An address that is set aside for documentation: it is nowhere.
    let outside = "http://192.0.2.1:9/v1";
    let asks = |application: &wire::application::Application| {
        let mut purposes = application
            .consents
            .iter()
            .map(|text| text.purpose.as_str());
        purposes.any(|purpose| purpose == "model_provider")
    };
    let server = Server::with(|config| calling(config, outside)).await;
    assert!(asks(&server.application().await));
    let folder = server.stop().await.unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(folder.path().join(anteroom_server::CONTENT_FILE));
    let mut connection = <sqlx::SqliteConnection as sqlx::Connection>::connect_with(&options)
        .await
        .unwrap();
    sqlx::query("update applications set network_type = 'intranet'")
        .execute(&mut connection)
        .await
        .unwrap();
    sqlx::Connection::close(connection).await.unwrap();
    let mut config = crate::support::config(folder.path());
    calling(&mut config, outside);
    let server = Server::on(config).await.unwrap();
    assert!(!asks(&server.application().await));
    server.stop().await;
}
