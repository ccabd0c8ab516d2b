//! A full disk: writes are refused with a code of their own, reading goes on, and it recovers by itself.

use std::sync::Arc;

use anteroom_server::App;
use anteroom_server::clock::Clock;
use serde_json::json;
use tokio::net::TcpListener;

use crate::support::{NOW, Server, Session, config, problem};

/// Lets the content's file grow to so many pages at most; 0 is as large as it is now.
async fn limit_pages(app: &App, pages: i64) {
    app.store
        .write(move |connection| {
            Box::pin(async move {
                let set = format!("pragma max_page_count = {pages}");
                sqlx::query(sqlx::AssertSqlSafe(set))
                    .execute(connection)
                    .await?;
                Ok(())
            })
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_full_disk_refuses_writes_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let (_stop, stopping) = tokio::sync::watch::channel(false);
    let app = App::open(config(folder.path()), Clock::fixed(NOW), stopping)
        .await
        .unwrap();
    let app = Arc::new(app);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let router = anteroom_server::http::router(Arc::clone(&app));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let server = Server::of(base, folder.path().to_path_buf());
    let session = server.begin().await;
    session.open().await;

    limit_pages(&app, 1).await;
    let full = fill(&session).await;
    problem(full, 507, "disk_full").await;
    assert_eq!(session.get("").await.status(), 200);
    assert!(!session.events(0).await.is_empty());

    limit_pages(&app, 1_000_000).await;
    session.say("头疼").await;
}

/// Talks until a turn is refused: the pages there are may still hold a few.
async fn fill(session: &Session<'_>) -> reqwest::Response {
    for _ in 0..50 {
        let answer = session
            .raw_turn(&json!({ "text": "头疼".repeat(900) }))
            .await;
        if answer.status() != 200 {
            return answer;
        }
    }
    panic!("fifty long turns fit on a full disk");
}
