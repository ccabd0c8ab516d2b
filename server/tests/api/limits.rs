use serde_json::json;

use crate::support::{Server, problem};

#[tokio::test]
async fn one_address_is_slowed_and_told_how_long() {
    let server = Server::with(|config| {
        config.limits.address_per_minute = 6;
        config.limits.address_burst = 5;
    })
    .await;
    let mut refused = None;
    for _ in 0..10 {
        let answer = server.get("/healthz").send().await.unwrap();
        if answer.status() == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("the sixth request is too much");
    let wait: u64 = refused.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=60).contains(&wait));
    problem(refused, 429, "too_many_requests").await;
}

#[tokio::test]
async fn an_invented_forwarded_address_changes_nothing_without_a_trusted_proxy() {
    let limits = |config: &mut anteroom_server::config::Config| {
        config.limits.address_per_minute = 1;
        config.limits.address_burst = 3;
    };
    let plain = Server::with(limits).await;
    let mut refused = 0;
    for n in 0..10 {
        let answer = plain
            .get("/healthz")
            .header("x-forwarded-for", format!("203.0.113.{n}"))
            .send()
            .await
            .unwrap();
        refused += usize::from(answer.status() == 429);
    }
    assert!(refused >= 7);
    let behind = Server::with(|config| {
        limits(config);
        config.server.trusted_proxies = vec!["127.0.0.1".to_owned().try_into().unwrap()];
    })
    .await;
    for n in 0..10 {
        let answer = behind
            .get("/healthz")
            .header("x-forwarded-for", format!("203.0.113.{n}"))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
    }
}

#[tokio::test]
async fn one_session_is_slowed_and_another_is_not() {
    let server = Server::with(|config| {
        config.limits.session_per_minute = 1;
        config.limits.session_burst = 2;
    })
    .await;
    let session = server.begin().await;
    session.open().await;
    session.say("头疼").await;
    problem(
        session.raw_turn(&json!({ "text": "头疼" })).await,
        429,
        "too_many_requests",
    )
    .await;
    server.begin().await.open().await;
}
