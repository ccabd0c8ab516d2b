use serde_json::json;
use sqlx::{Connection as _, SqliteConnection};
use wire::receipt::{Receipt, ReceiptState};

use crate::support::{Server, problem};

const PLANTED: &str = "我家的猫叫雪球昨晚开始头疼";

async fn open(server: &Server, file: &str) -> SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(server.folder.join(file))
        .read_only(true);
    SqliteConnection::connect_with(&options).await.unwrap()
}

async fn blobs(server: &Server, file: &str, query: &'static str, session: &str) -> Vec<Vec<u8>> {
    let mut connection = open(server, file).await;
    let rows: Vec<(Vec<u8>,)> = sqlx::query_as(query)
        .bind(session)
        .fetch_all(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    rows.into_iter().map(|(blob,)| blob).collect()
}

/// Pieces of stored values: a long one is spread over pages, its pieces are not.
fn pieces(blobs: &[Vec<u8>]) -> Vec<&[u8]> {
    blobs
        .iter()
        .flat_map(|blob| blob.chunks_exact(48))
        .collect()
}

fn holding(server: &Server, needle: &[u8]) -> Vec<String> {
    server
        .files()
        .into_iter()
        .filter(|(_, bytes)| bytes.windows(needle.len()).any(|window| window == needle))
        .map(|(path, _)| path.display().to_string())
        .collect()
}

#[tokio::test]
async fn erasing_leaves_neither_words_nor_keys_in_any_file() {
    let server = Server::start().await;
    let kept = server.begin().await;
    kept.open().await;
    let session = server.begin().await;
    session.open().await;
    session.say(PLANTED).await;
    assert_eq!(
        holding(&server, PLANTED.as_bytes()),
        Vec::<String>::new(),
        "words are never stored in the open"
    );

    let id = session.created.id.clone();
    let wrapped = blobs(
        &server,
        "keys.sqlite",
        "select wrapped from session_keys where session_id = ?",
        &id,
    )
    .await;
    let sealed = blobs(
        &server,
        "anteroom.sqlite",
        "select sealed from session_events where session_id = ?",
        &id,
    )
    .await;
    assert!(wrapped.len() == 1 && sealed.len() > 4);
    let stored: Vec<&[u8]> = [pieces(&wrapped), pieces(&sealed)].concat();
    let found = stored
        .iter()
        .filter(|piece| !holding(&server, piece).is_empty())
        .count();
    assert!(
        found * 10 > stored.len() * 9,
        "the search finds what is there: {found} of {}",
        stored.len()
    );

    let answer = server
        .delete(&session.path(""))
        .header("authorization", session.token())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    let receipt: Receipt = answer.json().await.unwrap();
    assert_eq!(
        (receipt.state, &receipt.code),
        (ReceiptState::Erased, &session.created.receipt)
    );
    assert_eq!(receipt.erased_at.as_deref(), Some("2026-11-24T02:00:00Z"));
    assert_eq!(
        receipt.unreadable_in_backups_by.as_deref(),
        Some("2026-12-01T02:00:00Z")
    );

    for piece in stored {
        assert_eq!(holding(&server, piece), Vec::<String>::new());
    }
    problem(session.get("").await, 404, "not_found").await;
    problem(
        session.raw_turn(&json!({ "text": "头疼" })).await,
        404,
        "not_found",
    )
    .await;
    let shown: Receipt = server
        .get(&format!("/api/v1/receipts/{}", receipt.code))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(shown, receipt);
    assert_eq!(kept.get("").await.status(), 200, "others stay");
}

#[tokio::test]
async fn a_receipt_code_erases_without_sign_in_and_twice() {
    let server = Server::start().await;
    let session = server.begin().await;
    session.open().await;
    let typed = session.created.receipt.to_lowercase().replace('-', " ");
    let path = format!("/api/v1/receipts/{typed}");
    let kept: Receipt = server
        .get(&path)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(kept.state, ReceiptState::Kept);
    assert_eq!(kept.expires_at.as_deref(), Some("2026-12-24T02:00:00Z"));
    let erased: Receipt = server
        .delete(&path)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let again: Receipt = server
        .delete(&path)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(erased.state, ReceiptState::Erased);
    assert_eq!(erased, again);
    problem(session.get("").await, 404, "not_found").await;
    for code in ["ABCD-EFGH-JKMN", "x", "..%2f"] {
        problem(
            server
                .get(&format!("/api/v1/receipts/{code}"))
                .send()
                .await
                .unwrap(),
            404,
            "not_found",
        )
        .await;
    }
}

#[tokio::test]
async fn withdrawing_training_keeps_the_talk_and_withdrawing_service_ends_it() {
    let server = Server::start().await;
    let mut body = server.new_session().await;
    let application = server.application().await;
    let training = application
        .consents
        .iter()
        .find(|text| text.purpose == "training")
        .unwrap();
    assert!(!training.required);
    body["consents"].as_array_mut().unwrap().push(json!({
        "purpose": "training", "version": training.version, "language": "en", "sha256": training.sha256["en"], "by": "guardian"
    }));
    let created = server
        .post("/api/v1/sessions")
        .json(&body)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let session = crate::support::Session {
        server: &server,
        created,
    };
    let consents = async || {
        let state: wire::session::SessionState = session.get("").await.json().await.unwrap();
        state.consents
    };
    assert_eq!(consents().await, ["service", "training"]);
    let withdraw = |purpose: &str, given: bool| {
        server
            .put(&session.path(&format!("/consents/{purpose}")))
            .header("authorization", session.token())
            .json(&json!({ "given": given }))
            .send()
    };
    problem(withdraw("training", true).await.unwrap(), 422, "fields").await;
    problem(withdraw("nothing", false).await.unwrap(), 404, "not_found").await;
    for _ in 0..2 {
        assert_eq!(withdraw("training", false).await.unwrap().status(), 204);
    }
    assert_eq!(consents().await, ["service"]);
    session.open().await;
    assert_eq!(withdraw("service", false).await.unwrap().status(), 204);
    problem(
        session.raw_turn(&json!({ "text": "头疼" })).await,
        410,
        "session_ended",
    )
    .await;
    let erased = server
        .delete(&session.path(""))
        .header("authorization", session.token())
        .send()
        .await
        .unwrap();
    assert_eq!(erased.status(), 200);
}

#[tokio::test]
async fn the_day_after_its_time_a_session_is_in_no_file() {
    let keep = tempfile::tempdir().unwrap();
    let server = Server::on(crate::support::config(keep.path()))
        .await
        .unwrap();
    let session = server.begin().await;
    session.open().await;
    let id = session.created.id.clone();
    let sealed = blobs(
        &server,
        "anteroom.sqlite",
        "select sealed from session_events where session_id = ?",
        &id,
    )
    .await;
    let receipt = session.created.receipt.clone();
    server.stop().await;

    let clock = anteroom_server::clock::Clock::fixed(crate::support::NOW);
    clock.advance(std::time::Duration::from_hours(30 * 24));
    let (_stop, never) = tokio::sync::watch::channel(false);
    let app = anteroom_server::App::open(crate::support::config(keep.path()), clock, never)
        .await
        .unwrap();
    assert_eq!(anteroom_server::privacy::prune(&app).await.unwrap(), 1);
    assert_eq!(anteroom_server::privacy::prune(&app).await.unwrap(), 0);
    app.close().await;
    for (path, bytes) in crate::support::files(keep.path()) {
        for piece in pieces(&sealed) {
            assert!(
                !bytes.windows(piece.len()).any(|window| window == piece),
                "{}",
                path.display()
            );
        }
    }
    let server = Server::on(crate::support::config(keep.path()))
        .await
        .unwrap();
    let shown: Receipt = server
        .get(&format!("/api/v1/receipts/{receipt}"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(shown.state, ReceiptState::Erased);
}
