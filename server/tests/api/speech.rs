//! Speaking: a recording goes through to its words, is checked on the way, counted, and kept nowhere.

use std::time::Duration;

use anteroom_server::config::Config;
use anteroom_server::config::providers::{Secret, SpeechInterface};
use serde_json::{Value, json};
use upstream::{Reply, Upstream, failure, refused_base, script, transcription};
use wire::speech::Transcript;

use crate::support::{Server, Session, files, problem};

const KEY: &str = "sk-planted-speech-key-0452";
/// A recording by its first bytes; what follows is for the provider to understand.
const WEBM: &[u8] = b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81planted-sound-of-a-voice";

fn calling(config: &mut Config, base: &str) {
    config.speech.interface = SpeechInterface::Openai;
    "Test".clone_into(&mut config.speech.provider);
    base.clone_into(&mut config.speech.base_url);
    "whisper-test".clone_into(&mut config.speech.name);
    config.speech.whole_ms = 2000;
    config.speech.failures = 1000;
    config.keys.insert("speech".to_owned(), Secret::new(KEY));
}

async fn server(upstream: &Upstream) -> Server {
    let base = upstream.base();
    Server::with(|config| calling(config, &base)).await
}

fn sent(session: &Session<'_>, body: impl Into<reqwest::Body>) -> reqwest::RequestBuilder {
    session
        .server
        .post(&session.path("/speech?language=zh"))
        .header("authorization", session.token())
        .header("content-type", "audio/webm")
        .body(body)
}

#[tokio::test]
async fn a_recording_becomes_words_and_goes_out_with_this_hospitals_names() {
    let upstream = Upstream::start(script::always(transcription::verbose(
        " 我头疼两天了\u{0} ",
        "chinese",
        3.2,
    )))
    .unwrap();
    let server = server(&upstream).await;
    assert!(server.application().await.voice);
    let session = server.begin_with(&["speech_provider"]).await;
    let answer = sent(&session, WEBM).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let transcript: Transcript = answer.json().await.unwrap();
    assert_eq!(
        (
            transcript.text.as_str(),
            transcript.language.as_str(),
            transcript.seconds
        ),
        ("我头疼两天了", "zh", Some(3.2))
    );
    let received = &upstream.received()[0];
    assert_eq!(
        received.header("authorization"),
        Some(format!("Bearer {KEY}").as_str())
    );
    assert_eq!(received.field("model").as_deref(), Some("whisper-test"));
    assert_eq!(received.field("language").as_deref(), Some("zh"));
    assert!(received.field("prompt").unwrap().contains("心血管内科"));
    let (name, kind, bytes) = received.file().unwrap();
    assert_eq!(
        (name.as_str(), kind.as_str(), bytes.as_slice()),
        ("speech.webm", "audio/webm", WEBM)
    );
    // Nothing is said by it: the patient corrects and sends the words.
    assert!(session.events(0).await.is_empty());
}

#[tokio::test]
async fn pieces_come_as_the_provider_says_them() {
    let upstream = Upstream::start(script::always(Reply::Stream(transcription::streamed(&[
        "我头疼",
        "两天了",
    ]))))
    .unwrap();
    let base = upstream.base();
    let server = Server::with(|config| {
        calling(config, &base);
        config.speech.stream = true;
    })
    .await;
    let session = server.begin_with(&["speech_provider"]).await;
    let answer = sent(&session, WEBM)
        .header("accept", "text/event-stream")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["x-accel-buffering"], "no");
    let text = answer.text().await.unwrap();
    let events: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("event: "))
        .collect();
    assert_eq!(events, ["delta", "delta", "transcript"], "{text}");
    assert!(text.contains("我头疼两天了"));
}

#[tokio::test]
async fn without_its_own_consent_no_sound_leaves() {
    let upstream = Upstream::start(script::always(transcription::json("hello"))).unwrap();
    let server = server(&upstream).await;
    for purposes in [&[][..], &["model_provider"], &["browser_speech"]] {
        let session = server.begin_with(purposes).await;
        problem(
            sent(&session, WEBM).send().await.unwrap(),
            403,
            "consent_missing",
        )
        .await;
    }
    assert_eq!(upstream.count(), 0);
}

#[tokio::test]
async fn without_a_provider_typing_remains() {
    let server = Server::start().await;
    let application = server.application().await;
    assert!(!application.voice);
    assert!(
        application
            .consents
            .iter()
            .all(|text| text.purpose != "speech_provider")
    );
    assert!(
        application
            .consents
            .iter()
            .any(|text| text.purpose == "browser_speech")
    );
    let session = server.begin().await;
    problem(
        sent(&session, WEBM).send().await.unwrap(),
        503,
        "speech_unavailable",
    )
    .await;
}

#[tokio::test]
async fn what_is_no_recording_or_too_large_or_empty_is_refused_in_words_of_its_own() {
    let upstream = Upstream::start(script::always(transcription::json("hello"))).unwrap();
    let server = server(&upstream).await;
    let session = server.begin_with(&["speech_provider"]).await;
    for body in [
        &b""[..],
        b"x",
        b"<html>not a sound",
        b"{\"text\": \"hello\"}",
        b"\xff\xd8\xff\xe0 a picture",
    ] {
        problem(sent(&session, body).send().await.unwrap(), 415, "not_audio").await;
    }
    assert_eq!(upstream.count(), 0);
    let mut large = WEBM.to_vec();
    large.resize(5 * 1024 * 1024 + 1, 0);
    problem(
        sent(&session, large.clone()).send().await.unwrap(),
        413,
        "body_too_large",
    )
    .await;
    assert_eq!(
        upstream.count(),
        0,
        "what is announced as too large is not even read"
    );
    // Sent piece by piece, without saying how long it will be.
    let pieces = futures_util::stream::iter(
        large
            .chunks(64 * 1024)
            .map(|piece| Ok::<_, std::io::Error>(piece.to_vec()))
            .collect::<Vec<_>>(),
    );
    let streamed = sent(&session, reqwest::Body::wrap_stream(pieces))
        .send()
        .await
        .unwrap();
    problem(streamed, 413, "body_too_large").await;
    upstream.set_script(script::always(transcription::json(" \n ")));
    problem(
        sent(&session, WEBM).send().await.unwrap(),
        422,
        "nothing_heard",
    )
    .await;
    upstream.set_script(script::always(failure::bad_request()));
    problem(sent(&session, WEBM).send().await.unwrap(), 415, "not_audio").await;
}

#[tokio::test]
async fn every_fault_of_the_provider_says_that_typing_works_and_in_time() {
    let upstream = Upstream::start(script::always(Reply::Silent)).unwrap();
    let base = upstream.base();
    let server = Server::with(|config| {
        calling(config, &base);
        config.speech.whole_ms = 1000;
    })
    .await;
    let session = server.begin_with(&["speech_provider"]).await;
    let faults: Vec<(&str, Reply)> = vec![
        ("silent", Reply::Silent),
        ("closed", Reply::Close),
        ("reset", Reply::Reset),
        ("401", failure::unauthorised()),
        ("429", failure::rate_limited(Some("60"))),
        ("500", failure::server_error()),
        ("a page", failure::proxy_page(502)),
        ("wrong content type", transcription::plain("hello")),
        (
            "broken",
            Reply::whole(200, "application/json", "{\"text\":"),
        ),
        ("no text", Reply::json(200, &json!({ "words": 3 }))),
        (
            "endless",
            Reply::whole(
                200,
                "application/json",
                format!("{{\"text\": \"{}\"}}", "a".repeat(400_000)),
            ),
        ),
        ("no HTTP", Reply::raw("SSH-2.0-OpenSSH_9.2\r\n")),
    ];
    for (name, reply) in faults {
        upstream.set_script(script::always(reply));
        let began = std::time::Instant::now();
        let answer = sent(&session, WEBM).send().await.unwrap();
        assert_eq!(answer.status(), 503, "{name}");
        problem(answer, 503, "speech_unavailable").await;
        assert!(began.elapsed() < Duration::from_secs(6), "{name}");
    }
    // The session is as it was.
    session.open().await;
}

#[tokio::test]
async fn an_open_circuit_shows_and_costs_no_time() {
    let base = refused_base().unwrap();
    let server = Server::with(|config| {
        calling(config, &base);
        config.speech.failures = 1;
    })
    .await;
    let session = server.begin_with(&["speech_provider"]).await;
    for _ in 0..3 {
        problem(
            sent(&session, WEBM).send().await.unwrap(),
            503,
            "speech_unavailable",
        )
        .await;
    }
    let ready: Value = server
        .get("/readyz")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        (&ready["speech"], &ready["model"]),
        (&json!("open"), &json!("off"))
    );
}

#[tokio::test]
async fn the_seconds_of_a_session_are_limited_and_nothing_is_said_of_money() {
    let upstream = Upstream::start(script::always(transcription::verbose(
        "hello", "english", 40.0,
    )))
    .unwrap();
    let base = upstream.base();
    let server = Server::with(|config| {
        calling(config, &base);
        config.speech.session_seconds = 60;
    })
    .await;
    let session = server.begin_with(&["speech_provider"]).await;
    for _ in 0..2 {
        assert_eq!(sent(&session, WEBM).send().await.unwrap().status(), 200);
    }
    problem(
        sent(&session, WEBM).send().await.unwrap(),
        503,
        "speech_unavailable",
    )
    .await;
    assert_eq!(upstream.count(), 2);
}

#[tokio::test]
async fn a_patient_who_hangs_up_cancels_the_call() {
    let upstream = Upstream::start(script::always(Reply::Silent)).unwrap();
    let base = upstream.base();
    let server = Server::with(|config| {
        calling(config, &base);
        config.speech.whole_ms = 60_000;
    })
    .await;
    let session = server.begin_with(&["speech_provider"]).await;
    let hung_up = sent(&session, WEBM)
        .timeout(Duration::from_millis(300))
        .send()
        .await;
    assert!(hung_up.is_err());
    crate::model::wait_until(|| {
        upstream
            .received()
            .first()
            .is_some_and(|one| one.disconnected())
    })
    .await;
}

#[tokio::test]
async fn no_sound_and_no_key_stays_anywhere() {
    let upstream = Upstream::start(script::always(transcription::json("hello"))).unwrap();
    let server = server(&upstream).await;
    let session = server.begin_with(&["speech_provider"]).await;
    assert_eq!(sent(&session, WEBM).send().await.unwrap().status(), 200);
    let folder = server.stop().await.unwrap();
    for (path, bytes) in files(folder.path()) {
        for secret in [&b"planted-sound"[..], KEY.as_bytes()] {
            let found = bytes.windows(secret.len()).any(|window| window == secret);
            assert!(!found, "{}", path.display());
        }
    }
}
