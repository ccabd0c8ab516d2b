//! The ledger: a row for every call, exact under retry and kill, and never a word of content.

use anteroom_server::clock::Clock;
use anteroom_server::{App, usage};
use serde_json::json;
use tokio::sync::watch;
use upstream::{Reply, Upstream, chat, failure, script};

use super::{calling, messages, model, wait_until};
use crate::support::{DEMO, NOW, Server, config, tags};

/// The day of the tests.
fn today() -> i64 {
    NOW.day()
}

/// What the meter says of a folder whose server has stopped.
async fn meter(folder: &std::path::Path) -> anteroom_server::store::ledger::Sums {
    let (_stop, never) = watch::channel(false);
    let app = App::open(config(folder), Clock::fixed(NOW), never)
        .await
        .unwrap();
    let sums = usage::meter(&app, DEMO, today(), today()).await.unwrap();
    app.close().await;
    sums
}

#[tokio::test]
async fn every_call_is_counted_once_with_its_tokens_and_price() {
    let upstream = model(|_, _| Some(chat::text(&["谢谢您告诉我。"]).usage(1000, 100).reply()));
    let base = upstream.base();
    let server = Server::with(|config| {
        calling(config, &base);
        config.model.price_input = 2.0;
        config.model.price_output = 8.0;
        config.model.read = false;
    })
    .await;
    let session = server.begin_with(&["model_provider"]).await;
    session.open().await;
    session.say("我头疼两天了").await;
    let folder = server.stop().await.unwrap();
    let sums = meter(folder.path()).await;
    assert_eq!(
        (
            sums.calls,
            sums.input_tokens,
            sums.output_tokens,
            sums.price
        ),
        (2, 2000, 200, 2 * (2000 + 800))
    );
    assert!(sums.bytes > 1000);
}

#[tokio::test]
async fn a_retry_is_a_call_of_its_own_and_what_was_refused_costs_nothing() {
    let upstream = Upstream::start(script::in_turn(vec![
        failure::server_error(),
        chat::text(&["谢谢您告诉我。"]).usage(50, 5).reply(),
    ]))
    .unwrap();
    let server = super::server(&upstream).await;
    let session = server.begin_with(&["model_provider"]).await;
    session.open().await;
    let folder = server.stop().await.unwrap();
    let sums = meter(folder.path()).await;
    assert_eq!(
        (sums.calls, sums.input_tokens, sums.output_tokens),
        (2, 50, 5)
    );
    assert_eq!(upstream.count(), 2);
}

#[tokio::test]
async fn a_server_that_says_nothing_of_tokens_is_counted_by_us() {
    let upstream = model(|_, _| Some(chat::text(&["谢谢您告诉我。"]).without_usage().reply()));
    let server = super::server(&upstream).await;
    let session = server.begin_with(&["model_provider"]).await;
    session.open().await;
    let folder = server.stop().await.unwrap();
    let sums = meter(folder.path()).await;
    assert_eq!(sums.calls, 1);
    assert!(
        sums.input_tokens > 100 && (5..20).contains(&sums.output_tokens),
        "{sums:?}"
    );
}

#[tokio::test]
async fn over_a_limit_the_reviewed_sentences_answer_and_say_nothing_of_it() {
    let upstream = model(|_, _| Some(chat::text(&["谢谢您告诉我。"]).usage(90, 20).reply()));
    for of_session in [true, false] {
        let base = upstream.base();
        let server = Server::with(|config| {
            calling(config, &base);
            config.model.read = false;
            if of_session {
                config.model.session_tokens = 200;
            } else {
                config.model.application_day_tokens = 200;
            }
        })
        .await;
        upstream.forget();
        let before = upstream.count();
        let session = server.begin_with(&["model_provider"]).await;
        assert_eq!(messages(&session.open().await).len(), 1);
        assert_eq!(messages(&session.say("我头疼两天了").await).len(), 1);
        let events = session.say("还有点恶心").await;
        assert!(messages(&events).is_empty());
        assert!(!tags(&events).contains(&"notice"));
        let other = server.begin_with(&["model_provider"]).await;
        let elsewhere = messages(&other.open().await).len();
        assert_eq!(elsewhere, usize::from(of_session));
        assert_eq!(upstream.count() - before, 2 + usize::from(of_session));
    }
}

#[tokio::test]
async fn one_call_at_once_if_the_application_may_make_only_one() {
    let gate = upstream::Gate::new();
    let held = gate.clone();
    let upstream = model(move |_, _| Some(chat::text(&["谢谢您告诉我。"]).reply().behind(&held)));
    let base = upstream.base();
    let server = Server::with(|config| {
        calling(config, &base);
        config.model.application_parallel = 1;
    })
    .await;
    let (one, other) = (
        server.begin_with(&["model_provider"]).await,
        server.begin_with(&["model_provider"]).await,
    );
    let second = async {
        upstream.wait_for(1).await;
        let events = other.open().await;
        gate.open_for_all();
        events
    };
    let (first, second) = tokio::join!(one.open(), second);
    assert_eq!((messages(&first).len(), messages(&second).len()), (1, 0));
}

#[tokio::test]
async fn a_cancelled_call_is_closed_and_no_row_holds_a_word() {
    let upstream = model(|_, _| Some(Reply::Silent));
    let server = super::server(&upstream).await;
    let session = server.begin_with(&["model_provider"]).await;
    let turn = session
        .turn_with_id(
            &crate::support::uuid(),
            &json!({ "text": "隐秘的丘疹在左膝" }),
        )
        .send();
    let stop = async {
        upstream.wait_for(1).await;
        session.stop().await;
    };
    let (turn, ()) = tokio::join!(turn, stop);
    turn.unwrap();
    wait_until(|| upstream.received()[0].disconnected()).await;
    let folder = server.stop().await.unwrap();
    assert_eq!(meter(folder.path()).await.calls, 1);
    for (path, bytes) in crate::support::files(folder.path()) {
        let found = bytes
            .windows("隐秘的丘疹".len())
            .any(|window| window == "隐秘的丘疹".as_bytes());
        assert!(!found, "{}", path.display());
    }
}
