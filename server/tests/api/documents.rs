//! The API's description, and rules about the source that no compiler holds.

use std::path::{Path, PathBuf};

use crate::support::Server;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

#[test]
fn the_description_is_the_one_that_was_reviewed() {
    let now = anteroom_server::http::document().to_pretty_json().unwrap() + "\n";
    let path = root().join("../docs/openapi.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let reviewed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        now == reviewed,
        "the API's description changed: look at it and run `cargo xtask openapi`"
    );
}

#[tokio::test]
async fn the_description_is_served_and_browsable() {
    let server = Server::start().await;
    let description: serde_json::Value = server
        .get("/api/v1/openapi.json")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        description,
        serde_json::to_value(anteroom_server::http::document()).unwrap()
    );
    let page = server.get("/api/docs/").send().await.unwrap();
    assert_eq!(page.status(), 200);
    let text = page.text().await.unwrap();
    assert!(
        text.contains("swagger-ui") && !text.contains("https://"),
        "the viewer loads nothing from elsewhere"
    );
}

/// Every Rust file of the server with its path below `src`.
fn sources() -> Vec<(String, String)> {
    fn collect(root: &Path, folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(root, &path, found);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let name = path.strip_prefix(root).unwrap().display().to_string();
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let (root, mut found) = (root().join("src"), Vec::new());
    collect(&root, &root, &mut found);
    assert!(found.len() > 20);
    found
}

#[test]
fn a_status_is_chosen_in_one_place_only() {
    for (name, text) in sources() {
        if name != "http/error.rs" {
            assert!(!text.contains("StatusCode"), "{name}");
        }
    }
}

#[test]
fn sql_stands_in_the_store_only_and_is_lower_case() {
    for (name, text) in sources() {
        let in_store = name.starts_with("store");
        assert!(in_store || !text.contains("sqlx::query"), "{name}");
        for upper in ["\"SELECT ", "\"INSERT ", "\"UPDATE ", "\"DELETE FROM"] {
            assert!(!text.contains(upper), "{name}: {upper}");
        }
        if in_store {
            assert!(
                !text.contains(" returning ") && !text.contains("format!(\"select"),
                "{name}"
            );
        }
    }
}

#[test]
fn only_the_clock_reads_the_time() {
    for (name, text) in sources() {
        if name != "clock.rs" {
            assert!(
                !text.contains("Timestamp::now") && !text.contains("SystemTime"),
                "{name}"
            );
        }
    }
}

#[test]
fn files_stay_short() {
    for (name, text) in sources() {
        assert!(
            text.lines().count() <= 500,
            "{name} has {} lines",
            text.lines().count()
        );
    }
}
