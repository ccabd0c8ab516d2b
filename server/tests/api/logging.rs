use std::sync::{Arc, Mutex};

use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::support::Server;

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn no_word_of_a_patient_and_no_secret_is_logged_at_any_level() {
    let captured = Captured::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(captured.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber)
        .expect("nothing else in these tests sets it");

    let server = Server::start().await;
    let session = server.begin().await;
    session.open().await;
    session.say("我隔壁的驴昨晚踢了我胸口很疼").await;
    session
        .raw_turn(&json!({ "text": "驴".repeat(2001) }))
        .await;
    server
        .post(&session.path("/turns"))
        .header("authorization", session.token())
        .header("content-type", "application/json")
        .body("{\"驴")
        .send()
        .await
        .unwrap();
    server
        .get(&session.path("/events?after=驴"))
        .header("authorization", session.token())
        .send()
        .await
        .unwrap();
    let token = session.created.token.clone();
    let receipt = session.created.receipt.clone();
    server
        .get(&format!("/api/v1/receipts/{receipt}"))
        .send()
        .await
        .unwrap();
    server
        .delete(&format!("/api/v1/receipts/{receipt}"))
        .send()
        .await
        .unwrap();
    let master = std::fs::read_to_string(server.folder.join("master.key")).unwrap();
    server.stop().await;

    let log = String::from_utf8_lossy(&captured.0.lock().unwrap()).into_owned();
    assert!(
        log.contains("turn ended") && log.contains("session erased"),
        "the log is captured"
    );
    for secret in [
        "驴",
        "%E9%A9%B4",
        &token,
        &receipt,
        &receipt.replace('-', ""),
        master.trim(),
    ] {
        let line = log.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "{secret}: {line:?}");
    }
}
