use serde_json::json;

use crate::support::{Server, problem};

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let server = Server::start().await;
    for path in [
        "/",
        "/a/demo",
        "/embed/demo",
        "/staff",
        "/api/v1/applications/demo",
        "/api/docs/",
        "/nothing",
        "/healthz",
    ] {
        let answer = server.get(path).send().await.unwrap();
        let header = |name: &str| {
            answer
                .headers()
                .get(name)
                .unwrap_or_else(|| panic!("{path} {name}"))
                .to_str()
                .unwrap()
                .to_owned()
        };
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin");
        let permissions = header("permissions-policy");
        assert!(permissions.contains("camera=()"));
        let speaks = path.starts_with("/a/") || path.starts_with("/embed/");
        assert_eq!(
            permissions.contains("microphone=(self)"),
            speaks,
            "{path}: {permissions}"
        );
        assert_eq!(header("x-request-id").len(), 36);
        let policy = header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors"),
            "{path}: {policy}"
        );
        if !path.starts_with("/api/docs") {
            assert!(
                !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
                "{path}: {policy}"
            );
        }
        assert!(answer.headers().get("server").is_none());
        assert!(answer.headers().get("strict-transport-security").is_none());
    }
    let tls = Server::with(|config| config.server.behind_tls = true).await;
    assert!(
        tls.get("/a/demo")
            .send()
            .await
            .unwrap()
            .headers()
            .contains_key("strict-transport-security")
    );
}

#[tokio::test]
async fn only_the_embedded_page_may_be_framed_and_only_by_its_domains() {
    let server = Server::start().await;
    let policy = async |path: &str| {
        let answer = server.get(path).send().await.unwrap();
        answer.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    for path in [
        "/a/demo",
        "/a/demo/directory",
        "/staff",
        "/api/v1/applications/demo",
        "/embed/nobody",
    ] {
        assert!(
            policy(path).await.ends_with("frame-ancestors 'none'"),
            "{path}"
        );
    }
    for path in ["/embed/demo", "/embed/demo/departments/x"] {
        let policy = policy(path).await;
        let ancestors = policy.split("frame-ancestors ").nth(1).unwrap();
        assert!(
            ancestors.contains("http://a.localhost:*")
                && !ancestors.contains("'none'")
                && !ancestors.contains(" *"),
            "{policy}"
        );
    }
}

#[tokio::test]
async fn writes_come_only_from_our_own_page() {
    let server = Server::start().await;
    let body = server.new_session().await;
    let write = || {
        server
            .client
            .post(server.url("/api/v1/sessions"))
            .json(&body)
    };
    problem(write().send().await.unwrap(), 403, "header_missing").await;
    let ours = || write().header("x-anteroom", "1");
    for site in ["cross-site", "same-site"] {
        problem(
            ours().header("sec-fetch-site", site).send().await.unwrap(),
            403,
            "cross_site",
        )
        .await;
    }
    for origin in ["https://evil.example", "null", "http://127.0.0.1:1"] {
        problem(
            ours().header("origin", origin).send().await.unwrap(),
            403,
            "cross_site",
        )
        .await;
    }
    let form = server
        .post("/api/v1/sessions")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("id=x")
        .send()
        .await
        .unwrap();
    problem(form, 415, "not_json").await;
    let answer = ours()
        .header("origin", &server.base)
        .header("sec-fetch-site", "same-origin")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 201);
    assert!(
        answer
            .headers()
            .get("access-control-allow-origin")
            .is_none()
    );
    assert!(answer.headers().get("set-cookie").is_none());
    assert_eq!(answer.headers()["cache-control"], "no-store");
    // A question whether another site may write is answered with no permission.
    let asked = server
        .client
        .request(reqwest::Method::OPTIONS, server.url("/api/v1/sessions"));
    let asked = asked
        .header("origin", "https://evil.example")
        .header("access-control-request-method", "POST")
        .send();
    assert!(
        asked
            .await
            .unwrap()
            .headers()
            .get("access-control-allow-origin")
            .is_none()
    );
}

#[tokio::test]
async fn another_origin_of_ours_may_write_when_it_is_configured() {
    let server = Server::with(|config| {
        config.server.public_origins = vec!["https://triage.example.org".to_owned()];
    })
    .await;
    let body = server.new_session().await;
    let answer = server
        .post("/api/v1/sessions")
        .header("origin", "https://triage.example.org")
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 201);
}

#[tokio::test]
async fn answers_are_without_nulls_and_tolerate_fields_to_come() {
    let server = Server::start().await;
    let mut body = server.new_session().await;
    body["something_new"] = json!({ "a": 1 });
    let answer = server
        .post("/api/v1/sessions")
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 201);
    for path in [
        "/api/v1/applications/demo",
        "/api/v1/applications/demo/doctors",
    ] {
        let text = server.get(path).send().await.unwrap().text().await.unwrap();
        assert!(!text.contains(":null"), "{path}");
    }
}

#[tokio::test]
async fn figures_are_on_their_own_listener_and_name_nobody() {
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let server = Server::with(|config| config.metrics.listen = free.to_string()).await;
    let session = server.begin().await;
    session.open().await;
    session.say(crate::support::EMERGENCY).await;
    server.get("/a/no-such-application").send().await.unwrap();
    let figures = server
        .client
        .get(format!("http://{free}/metrics"))
        .send()
        .await
        .unwrap();
    let text = figures.text().await.unwrap();
    for name in [
        "anteroom_requests_total",
        "anteroom_turn_seconds_bucket",
        "anteroom_sessions_total",
        "anteroom_alerts_total",
    ] {
        assert!(text.contains(name), "{name}: {text}");
    }
    assert!(
        text.contains("route=\"/api/v1/sessions/{session}/turns\""),
        "{text}"
    );
    for private in [&session.created.id, "no-such-application", "胸口"] {
        assert!(!text.contains(private), "{private}");
    }
    problem(
        server.get("/metrics").send().await.unwrap(),
        404,
        "not_found",
    )
    .await;
}
