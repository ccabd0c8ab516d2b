//! The binary's other roles, as an operator calls them.

#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers too"
)]

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

fn anteroom(arguments: &[&str], variables: &[(&str, &str)], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_anteroom"));
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ANTEROOM_")) {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied());
    let mut process = command.spawn().unwrap();
    // A command that refuses at once reads nothing and closes the pipe.
    let _ = process.stdin.take().unwrap().write_all(input.as_bytes());
    process.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn assess_answers_every_line_in_order_and_bad_ones_too() {
    let lines = [
        r#"{"id": "a1", "lang": "zh", "text": "胸口像压了块石头,出冷汗半小时", "age": 58, "sex": "male"}"#,
        r#"{"id": "a2", "lang": "en", "text": "my knee has been hurting for two months", "age": null, "sex": null}"#,
        r#"{"id": "a3", "text": "头疼", "age": 400}"#,
        r#"{"id": "a4"}"#,
        "no json at all",
        "",
        r#"{"id": 6, "text": "asdf"}"#,
    ];
    let output = anteroom(&["assess"], &[], &lines.join("\n"));
    assert_eq!(output.status.code(), Some(1), "bad lines were among them");
    let answers: Vec<serde_json::Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let ids: Vec<String> = answers
        .iter()
        .map(|answer| answer["id"].to_string())
        .collect();
    assert_eq!(ids, ["\"a1\"", "\"a2\"", "\"a3\"", "\"a4\"", "null", "6"]);
    assert_eq!(answers[0]["care_level"], "emergency");
    assert!(!answers[0]["alerts"].as_array().unwrap().is_empty());
    let words = answers[0]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|finding| finding["words"].as_str());
    assert!(
        words.into_iter().all(|words| lines[0].contains(words)),
        "the patient's own words"
    );
    let specialties = answers[1]["specialties"].as_array().unwrap();
    assert!(!specialties.is_empty() && specialties.len() <= 5);
    assert!(
        answers[1]["question"]["text"]
            .as_str()
            .is_some_and(str::is_ascii),
        "in the case's language"
    );
    for bad in &answers[2..5] {
        assert!(bad["error"].is_string(), "{bad}");
    }
    assert!(
        answers[5].get("care_level").is_none(),
        "nothing understood is judged nothing"
    );

    let good = anteroom(&["assess"], &[], lines[0]);
    assert_eq!(good.status.code(), Some(0));
    let model = anteroom(&["assess", "--model"], &[], lines[0]);
    assert_eq!(model.status.code(), Some(1));
    assert!(text(&model.stderr).contains("without --model"));
}

#[test]
fn settings_that_do_not_fit_stop_the_start_and_say_where() {
    for command in ["serve", "migrate", "config"] {
        let output = anteroom(&[command], &[("ANTEROOM_SERVER__BACKLOG", "many")], "");
        assert_eq!(output.status.code(), Some(1));
        assert!(
            text(&output.stderr).contains("ANTEROOM_SERVER__BACKLOG"),
            "{}",
            text(&output.stderr)
        );
    }
    let secret = "ab".repeat(32);
    let shown = anteroom(&["config"], &[("ANTEROOM_MASTER_KEY", &secret)], "");
    assert_eq!(shown.status.code(), Some(0));
    assert!(
        !text(&shown.stdout).contains(&secret) && text(&shown.stdout).contains("127.0.0.1:8080")
    );
    let default = anteroom(&["config", "--default"], &[], "");
    assert_eq!(text(&default.stdout), anteroom_server::config::DEFAULT);
}

#[test]
fn seeding_migrating_pruning_and_the_health_of_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let variables = [
        ("ANTEROOM_DATA__FOLDER", folder.path().to_str().unwrap()),
        ("ANTEROOM_SERVER__LISTEN", "127.0.0.1:1"),
    ];
    assert_eq!(
        anteroom(&["migrate"], &variables, "").status.code(),
        Some(0)
    );
    let seeded = anteroom(&["seed", "--demo"], &variables, "");
    assert!(
        text(&seeded.stdout).contains("version 2"),
        "{}",
        text(&seeded.stdout)
    );
    assert_eq!(anteroom(&["seed"], &variables, "").status.code(), Some(1));
    assert!(text(&anteroom(&["prune"], &variables, "").stdout).starts_with("0 sessions"));
    assert_eq!(
        anteroom(&["erase", "nobody"], &variables, "").status.code(),
        Some(1)
    );
    assert_eq!(
        anteroom(&["healthcheck"], &variables, "").status.code(),
        Some(1)
    );
    let document: serde_json::Value =
        serde_json::from_slice(&anteroom(&["openapi"], &[], "").stdout).unwrap();
    assert!(document["paths"]["/api/v1/sessions/{session}/turns"]["post"].is_object());
}

#[test]
fn assess_with_a_model_reads_what_our_reader_does_not_and_does_without_it_when_it_fails() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let upstream = {
        let _inside = runtime.enter();
        let read = r#"{"findings": [{"id": "itch", "status": "present", "words": "green zumbo"}]}"#;
        upstream::Upstream::start(upstream::script::in_turn(vec![
            upstream::chat::text(&[read]).reply(),
            upstream::failure::unauthorised(),
        ]))
        .unwrap()
    };
    let base = upstream.base();
    let settings = [
        ("ANTEROOM_MODEL__INTERFACE", "openai"),
        ("ANTEROOM_MODEL__PROVIDER", "Test"),
        ("ANTEROOM_MODEL__NAME", "scripted"),
        ("ANTEROOM_MODEL__BASE_URL", base.as_str()),
        ("ANTEROOM_MODEL__PARALLEL", "1"),
    ];
    let line = r#"{"id": "a1", "lang": "en", "text": "the green zumbo is on the box today"}"#;
    let output = anteroom(&["assess", "--model"], &settings, &[line, line].join("\n"));
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let answers: Vec<serde_json::Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers[0]["findings"][0]["id"], "itch");
    assert_eq!(answers[0]["findings"][0]["words"], "green zumbo");
    assert_eq!(answers[1]["findings"], serde_json::json!([]));
    assert_eq!(upstream.count(), 2);
    let none = anteroom(&["assess", "--model"], &[], line);
    assert_eq!(none.status.code(), Some(1));
    assert!(text(&none.stderr).contains("no language model is configured"));
}
