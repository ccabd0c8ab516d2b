//! Every fault of a model's server: the patient gets the next step in time, once, and nothing is doubled.

use std::time::{Duration, Instant};

use anteroom_server::config::Config;
use serde_json::{Value, json};
use upstream::{Piece, Reply, Stream, Upstream, chat, drip, failure, refused_base, script};
use wire::event::SequencedEvent;

use super::{Purpose, calling, messages, purpose};
use crate::support::{Server, Session, question, tags, uuid};

/// The longest a turn may take here: the settings' whole time, with room for a machine that is busy.
const WHOLE: Duration = Duration::from_millis(1200);
const ROOM: Duration = Duration::from_secs(4);

/// Every fault there is, by name.
fn faults() -> Vec<(&'static str, Reply)> {
    let sentence = || chat::text(&["谢谢您告诉我。", "请再说说看。"]);
    vec![
        ("401", failure::unauthorised()),
        ("429", failure::rate_limited(None)),
        ("429 with Retry-After", failure::rate_limited(Some("120"))),
        ("500", failure::server_error()),
        ("a proxy's page", failure::proxy_page(502)),
        ("closed", Reply::Close),
        ("reset", Reply::Reset),
        ("silent", Reply::Silent),
        (
            "hangs after the first token",
            chat::text(&["谢", "谢"]).insert(1, Piece::Hang).reply(),
        ),
        (
            "one byte a second",
            Reply::Stream(Stream::new(drip(
                &sentence().stream().bytes(),
                Duration::from_secs(1),
            ))),
        ),
        (
            "cut mid-stream",
            chat::text(&["谢", "谢"]).insert(1, Piece::Cut).reply(),
        ),
        ("invalid JSON", sentence().invalid_json(0).reply()),
        ("an error in the stream", sentence().failing(0, "overloaded").reply()),
        (
            "endless",
            Reply::Stream(Stream::new(vec![Piece::Endless {
                bytes: b"data: {\"choices\":[{\"delta\":{\"content\":\"\xe8\xbf\x98\xe6\x9c\x89\"}}]}\n\n".to_vec(),
                every: Duration::ZERO,
            }])),
        ),
        (
            "endless without an event",
            Reply::Stream(Stream::new(vec![Piece::Endless {
                bytes: b"data: {\"choices\": [".to_vec(),
                every: Duration::ZERO,
            }])),
        ),
        ("wrong content type", sentence().content_type("text/html").reply()),
        ("a huge chunk", chat::huge(4).reply()),
        ("nothing at all", chat::text(&[]).reply()),
        ("no HTTP", Reply::raw("SSH-2.0-OpenSSH_9.2\r\n")),
        (
            "a redirect",
            Reply::whole(302, "text/plain", "").header("location", "http://127.0.0.1:9/"),
        ),
    ]
}

fn impatient(config: &mut Config) {
    config.model.first_token_ms = 400;
    config.model.whole_ms = 1200;
}

async fn server_at(base: &str) -> Server {
    Server::with(|config| {
        calling(config, base);
        impatient(config);
        // Each fault is to be met anew, not the open circuit.
        config.model.failures = 1000;
    })
    .await
}

async fn timed(server: &Server, text: &str) -> (Vec<SequencedEvent>, Duration) {
    let session = server.begin_with(&["model_provider"]).await;
    let began = Instant::now();
    let events = session.say(text).await;
    let took = began.elapsed();
    // Once, and the same when it is read again.
    let stored = session.events(0).await;
    assert_eq!(stored, events);
    let said = json!({ "text": text });
    let id = uuid();
    let again = |id: String| {
        let said = said.clone();
        let session = &session;
        async move {
            let answer = session.turn_with_id(&id, &said).send().await.unwrap();
            answer.json::<Vec<SequencedEvent>>().await.unwrap()
        }
    };
    let (one, other) = tokio::join!(again(id.clone()), again(id));
    assert_eq!(one, other, "the same turn twice at once is one");
    (events, took)
}

#[tokio::test]
async fn every_fault_of_every_purpose_ends_in_the_reviewed_step_in_time() {
    let complaint = "我头疼两天了";
    let healthy = {
        let server = Server::start().await;
        let session = server.begin().await;
        question(&session.say(complaint).await).unwrap().id
    };
    for faulty in [Purpose::Read, Purpose::Phrase] {
        let upstream = Upstream::start(script::always(Reply::Silent)).unwrap();
        let server = server_at(&upstream.base()).await;
        for (name, reply) in faults() {
            let faulted = reply.clone();
            upstream.set_script(script::of(move |received| match purpose(received) {
                one if one == faulty => faulted.clone(),
                Purpose::Read | Purpose::Polish => chat::text(&["{\"findings\": []}"]).reply(),
                Purpose::Phrase | Purpose::Answer => chat::text(&["谢谢您告诉我。"]).reply(),
            }));
            let (events, took) = timed(&server, complaint).await;
            assert!(took < WHOLE + ROOM, "{name}, {faulty:?}: {took:?}");
            assert_eq!(tags(&events).last(), Some(&"done"), "{name}, {faulty:?}");
            let asked = question(&events).unwrap_or_else(|| panic!("{name}: {events:?}"));
            assert_eq!(asked.id, healthy, "{name}, {faulty:?}");
            assert_eq!(
                tags(&events)
                    .iter()
                    .filter(|tag| **tag == "question")
                    .count(),
                1
            );
            // Nothing unchecked and nothing half of a word is left standing.
            for message in messages(&events) {
                assert!(
                    ["谢谢您告诉我。", "谢谢您告诉我。请再说说看。"]
                        .contains(&message.text.get("zh"))
                        || message
                            .text
                            .get("zh")
                            .chars()
                            .all(|one| "还有谢".contains(one)),
                    "{name}, {faulty:?}: {message:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn every_fault_of_an_answer_ends_in_the_passage_itself_in_time() {
    let words = "停车场在哪里?";
    let passage = {
        let server = Server::start().await;
        let session = server.begin().await;
        crate::inquiries::answer(&session.say(words).await).unwrap()
    };
    let upstream = Upstream::start(script::always(Reply::Silent)).unwrap();
    let server = server_at(&upstream.base()).await;
    for (name, reply) in faults() {
        upstream.set_script(script::always(reply));
        let (events, took) = timed(&server, words).await;
        assert!(took < WHOLE + ROOM, "{name}: {took:?}");
        assert_eq!(
            tags(&events),
            ["patient_said", "answer", "question", "done"],
            "{name}"
        );
        let answer = crate::inquiries::answer(&events).unwrap();
        assert_eq!(answer.text, passage.text, "{name}");
        assert_eq!(answer.sources, passage.sources, "{name}");
    }
}

#[tokio::test]
async fn a_server_that_refuses_connections_costs_no_time_and_opens_the_circuit() {
    let base = refused_base().unwrap();
    let server = Server::with(|config| {
        calling(config, &base);
        config.model.failures = 2;
        config.model.open_seconds = 3600;
    })
    .await;
    let state = async || -> Value {
        server
            .get("/readyz")
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    };
    let session = server.begin_with(&["model_provider"]).await;
    assert_eq!(state().await["model"], "closed");
    for text in ["我头疼两天了", "还有点恶心", "昨天吐了一次"] {
        let events = session.say(text).await;
        assert_eq!(tags(&events).last(), Some(&"done"));
    }
    // Down is told to the operator, and the server stays ready.
    assert_eq!(state().await["model"], "open");
    assert_eq!(state().await["status"], "ready");
}

#[tokio::test]
async fn an_open_circuit_lets_one_call_try_again_and_closes() {
    let upstream = Upstream::start(script::always(failure::unauthorised())).unwrap();
    let base = upstream.base();
    let server = Server::with(|config| {
        calling(config, &base);
        config.model.failures = 1;
        config.model.open_seconds = 1;
        config.model.read = false;
        config.limits.session_per_minute = 0;
    })
    .await;
    let session = server.begin_with(&["model_provider"]).await;
    session.open().await;
    assert_eq!(upstream.count(), 1);
    server.begin_with(&["model_provider"]).await.open().await;
    assert_eq!(upstream.count(), 1, "it is left alone");
    upstream.set_script(script::always(chat::text(&["谢谢您告诉我。"]).reply()));
    tokio::time::timeout(Duration::from_secs(10), async {
        loop {
            let session = server.begin_with(&["model_provider"]).await;
            if !messages(&session.open().await).is_empty() {
                break;
            }
        }
    })
    .await
    .unwrap();
    assert_eq!(upstream.count(), 2);
}

#[tokio::test]
async fn what_may_be_tried_again_is_tried_once_more_and_nothing_else() {
    for (first, calls) in [
        (failure::server_error(), 2),
        (failure::rate_limited(None), 2),
        (failure::rate_limited(Some("120")), 1),
        (failure::unauthorised(), 1),
        (failure::bad_request(), 1),
        (chat::text(&["谢"]).insert(1, Piece::Cut).reply(), 1),
    ] {
        let upstream = Upstream::start(script::in_turn(vec![
            first.clone(),
            chat::text(&["谢谢您告诉我。"]).reply(),
        ]))
        .unwrap();
        let base = upstream.base();
        let server = Server::with(|config| {
            calling(config, &base);
            config.model.read = false;
        })
        .await;
        let session = server.begin_with(&["model_provider"]).await;
        let events = session.open().await;
        assert_eq!(upstream.count(), calls, "{first:?}");
        assert_eq!(messages(&events).len(), calls - 1, "{first:?}");
    }
}

#[tokio::test]
async fn servers_that_leave_things_out_or_add_them_are_understood() {
    let said = || chat::text(&["谢谢您", "告诉我。"]);
    let all: Vec<(&str, Reply)> = vec![
        ("no usage", said().without_usage().reply()),
        ("no [DONE]", said().without_done().reply()),
        ("neither", said().without_usage().without_done().reply()),
        (
            "reasoning first",
            said().reasoning(&["病人头疼,", "我要亲切一点"]).reply(),
        ),
        ("keep-alive comments", said().keep_alives().reply()),
        ("carriage returns", said().crlf().reply()),
        ("several events at once", said().together().reply()),
        (
            "events cut anywhere",
            said().split(Duration::from_millis(1)).reply(),
        ),
        (
            "one byte at a time",
            said().drip(Duration::from_micros(50)).reply(),
        ),
        ("not streamed", said().whole()),
    ];
    for (name, reply) in all {
        let upstream = Upstream::start(script::always(reply)).unwrap();
        let base = upstream.base();
        let server = Server::with(|config| {
            calling(config, &base);
            config.model.read = false;
        })
        .await;
        let session = server.begin_with(&["model_provider"]).await;
        let events = session.open().await;
        let said = messages(&events);
        assert_eq!(said.len(), 1, "{name}: {events:?}");
        assert_eq!(said[0].text.get("zh"), "谢谢您告诉我。", "{name}");
    }
}

#[tokio::test]
async fn too_many_at_once_are_answered_with_the_reviewed_sentence() {
    let upstream = Upstream::start(script::always(Reply::Silent)).unwrap();
    let base = upstream.base();
    let server = Server::with(|config| {
        calling(config, &base);
        impatient(config);
        config.model.parallel = 1;
        config.model.queue = 1;
    })
    .await;
    let mut sessions = Vec::new();
    for _ in 0..4 {
        sessions.push(server.begin_with(&["model_provider"]).await);
    }
    let began = Instant::now();
    let turns = sessions.iter().map(Session::open);
    for events in futures_util::future::join_all(turns).await {
        assert_eq!(tags(&events), ["patient_said", "question", "done"]);
    }
    assert!(began.elapsed() < WHOLE + ROOM);
    // One went out at once; the one that waited got its place only when the first had given up.
    assert!((1..=2).contains(&upstream.count()), "{}", upstream.count());
}
