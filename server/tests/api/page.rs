use crate::support::Server;

#[tokio::test]
async fn the_root_leads_to_the_first_application() {
    let server = Server::start().await;
    let answer = server.get("/").send().await.unwrap();
    assert_eq!(
        (
            answer.status().as_u16(),
            answer.headers()["location"].to_str().unwrap()
        ),
        (302, "/a/demo")
    );
}

#[tokio::test]
async fn every_address_of_the_page_is_the_page_and_is_asked_for_anew() {
    let server = Server::start().await;
    let mut bodies = Vec::new();
    for path in [
        "/a/demo",
        "/a/demo/directory",
        "/a/demo/hospitals/x",
        "/embed/demo",
    ] {
        let answer = server.get(path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        assert!(
            answer.headers()["content-type"]
                .to_str()
                .unwrap()
                .starts_with("text/html")
        );
        assert_eq!(answer.headers()["cache-control"], "no-cache");
        bodies.push(answer.text().await.unwrap());
    }
    assert!(
        bodies
            .iter()
            .all(|body| *body == bodies[0] && body.contains("<html"))
    );
}

#[tokio::test]
async fn a_file_that_is_known_is_not_sent_again() {
    let server = Server::start().await;
    let gate = format!(
        "/knowledge/gate-{}-core.bin",
        server.application().await.gate
    );
    let first = server.get(&gate).send().await.unwrap();
    let tag = first.headers()["etag"].clone();
    let again = server
        .get(&gate)
        .header("if-none-match", tag)
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), 304);
    assert!(again.bytes().await.unwrap().is_empty());
}
