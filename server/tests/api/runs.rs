//! Runs and their leases: what happens when whoever worked at a turn is gone.

use std::sync::Arc;
use std::time::Duration;

use anteroom_server::App;
use anteroom_server::clock::{Clock, Millis};
use anteroom_server::conversation::situation::Situation;
use anteroom_server::conversation::{self, Opened, Taken, TurnError, begin, replay};
use anteroom_server::ids::{SessionId, TurnId};
use anteroom_server::store::events::{Log, NewEvent, Reach};
use anteroom_server::store::statements::Statements;
use anteroom_server::store::{self, runs::Run};
use serde_json::json;
use wire::event::{Event, PatientSaid, SequencedEvent};
use wire::turn::Input;

use crate::support::{NOW, Server, config, tags, uuid};

async fn app(folder: &std::path::Path) -> (Arc<App>, tokio::sync::watch::Sender<bool>) {
    let (stop, stopping) = tokio::sync::watch::channel(false);
    let app = App::open(config(folder), Clock::fixed(NOW), stopping)
        .await
        .unwrap();
    (Arc::new(app), stop)
}

async fn opened(app: &App) -> Opened {
    let text = &app.texts.consents[0];
    let new = wire::session::NewSession {
        id: uuid(),
        application: "demo".to_owned(),
        locale: "zh".to_owned(),
        consents: vec![wire::session::ConsentGiven {
            purpose: text.purpose.clone(),
            version: text.version,
            language: "zh".to_owned(),
            sha256: text.sha256["zh"].clone(),
            by: wire::session::ConsentBy::Patient,
        }],
        profile: wire::session::Profile::default(),
        link: None,
        client_secret: "ab".repeat(32),
    };
    let created = begin::begin(app, new).await.unwrap();
    reopened(app, SessionId::parse(&created.id).unwrap()).await
}

async fn reopened(app: &App, id: SessionId) -> Opened {
    let session = store::sessions::find(&mut app.store.reader().await.unwrap(), id)
        .await
        .unwrap()
        .unwrap();
    let key = app
        .keys
        .session(&session.organisation, id, NOW)
        .await
        .unwrap();
    Opened {
        log: Log {
            organisation: session.organisation.clone(),
            session: id,
            key,
        },
        session,
    }
}

/// Leaves a turn the way a server that dies in the middle does: recorded, not answered.
async fn abandon(app: &App, opened: &Opened, turn: TurnId, words: &str) {
    let input = Input::Text(words.to_owned());
    let body_mac = opened.log.key.mac(&serde_json::to_vec(&input).unwrap());
    let shown = wire::Localized::new(words, words);
    let said = Event::PatientSaid(PatientSaid {
        input,
        shown,
        turn_id: turn.text(),
    });
    let (log, event) = (opened.log.clone(), NewEvent::patient(&said).unwrap());
    let run = Run {
        turn,
        body_mac,
        running: true,
        first_seq: opened.session.last_seq + 1,
        lease_until: Millis(NOW.0 + 30_000),
    };
    let seen = run.first_seq - 1;
    let from = Reach {
        last: seen,
        patient: seen,
    };
    let mut statements = Statements::new();
    store::runs::insert(&mut statements, &log.organisation, log.session, &run, NOW);
    let reach = log
        .append(&mut statements, from, Some(turn), &[event], NOW)
        .unwrap();
    store::sessions::set_reach(&mut statements, log.session, reach);
    app.store.run(statements).await.unwrap();
}

/// Takes a turn where the session stands.
async fn take(
    app: &Arc<App>,
    session: Opened,
    turn: TurnId,
    input: Input,
) -> Result<Taken, TurnError> {
    let situation = Situation::read(app, &session).await?;
    conversation::take_turn(app, session, situation, turn, input).await
}

fn turn() -> TurnId {
    TurnId::parse(&uuid()).unwrap()
}

#[tokio::test]
async fn while_a_lease_holds_other_turns_wait_and_after_it_the_next_caller_ends_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let (app, _stop) = app(folder.path()).await;
    let session = opened(&app).await;
    let left = turn();
    abandon(&app, &session, left, "我头疼两天了").await;
    let session = reopened(&app, session.session.id).await;

    let refused = take(
        &app,
        session.clone(),
        turn(),
        Input::Text("还恶心".to_owned()),
    )
    .await;
    assert!(matches!(refused, Err(TurnError::Running(turn)) if turn == left));
    conversation::stop(&app, &session).await.unwrap();
    assert_eq!(
        tags(&replay::of_turn(&app, &session, left).await.unwrap()),
        ["patient_said"],
        "a live run is left alone"
    );

    app.clock.advance(Duration::from_secs(31));
    let taken = take(
        &app,
        session.clone(),
        turn(),
        Input::Text("还恶心".to_owned()),
    )
    .await
    .unwrap();
    let events = taken.events().await.unwrap();
    assert_eq!(tags(&events).last(), Some(&"done"));
    let ended = replay::of_turn(&app, &session, left).await.unwrap();
    assert_eq!(
        (tags(&ended).first(), tags(&ended).last()),
        (Some(&"patient_said"), Some(&"done"))
    );
    assert!(
        ended.last().unwrap().seq < events[0].seq,
        "in the order they were said"
    );
}

#[tokio::test]
async fn stop_ends_a_run_that_nobody_works_at() {
    let folder = tempfile::tempdir().unwrap();
    let (app, _stop) = app(folder.path()).await;
    let session = opened(&app).await;
    let left = turn();
    abandon(&app, &session, left, "我头疼两天了").await;
    let session = reopened(&app, session.session.id).await;
    app.clock.advance(Duration::from_secs(31));
    conversation::stop(&app, &session).await.unwrap();
    assert_eq!(
        tags(&replay::of_turn(&app, &session, left).await.unwrap()).last(),
        Some(&"done")
    );
}

#[tokio::test]
async fn fifty_callers_end_an_abandoned_run_once() {
    let folder = tempfile::tempdir().unwrap();
    let (app, _stop) = app(folder.path()).await;
    let session = opened(&app).await;
    let left = turn();
    abandon(&app, &session, left, "我头疼两天了").await;
    let session = reopened(&app, session.session.id).await;
    app.clock.advance(Duration::from_secs(31));
    let calls = (0..50).map(|_| {
        take(
            &app,
            session.clone(),
            left,
            Input::Text("我头疼两天了".to_owned()),
        )
    });
    let mut all: Vec<Vec<SequencedEvent>> = Vec::new();
    for taken in futures_util::future::join_all(calls).await {
        all.push(taken.unwrap().events().await.unwrap());
    }
    assert!(all.iter().all(|events| *events == all[0]));
    assert_eq!(
        all[0]
            .iter()
            .filter(|event| event.event.tag() == "done")
            .count(),
        1
    );
}

#[tokio::test]
async fn fifty_callers_of_a_new_turn_take_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let (app, _stop) = app(folder.path()).await;
    let session = opened(&app).await;
    let new = turn();
    let calls = (0..50).map(|_| {
        take(
            &app,
            session.clone(),
            new,
            Input::Text("我头疼两天了".to_owned()),
        )
    });
    let mut all: Vec<Vec<SequencedEvent>> = Vec::new();
    for taken in futures_util::future::join_all(calls).await {
        all.push(taken.unwrap().events().await.unwrap());
    }
    assert!(all.iter().all(|events| *events == all[0]));
    assert_eq!(
        (tags(&all[0]).first(), tags(&all[0]).last()),
        (Some(&"patient_said"), Some(&"done"))
    );
    let stored = replay::after(&app, &session, 0).await.unwrap();
    assert_eq!(stored, all[0]);
}

#[tokio::test]
async fn of_three_turns_at_once_each_is_answered_and_none_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let (app, _stop) = app(folder.path()).await;
    let session = opened(&app).await;
    let texts = ["我头疼两天了", "还恶心", "没有发烧"];
    let calls = texts.map(|text| take(&app, session.clone(), turn(), Input::Text(text.to_owned())));
    for taken in futures_util::future::join_all(calls).await {
        let events = taken.unwrap().events().await.unwrap();
        assert_eq!(tags(&events).last(), Some(&"done"));
    }
    let stored = replay::after(&app, &session, 0).await.unwrap();
    let said = tags(&stored);
    assert_eq!(said.iter().filter(|tag| **tag == "patient_said").count(), 3);
    assert_eq!(said.iter().filter(|tag| **tag == "done").count(), 3);
}

#[tokio::test]
async fn a_turn_under_way_when_the_server_died_is_answered_by_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let (dying, _stop) = app(folder.path()).await;
    let session = opened(&dying).await;
    let left = turn();
    abandon(&dying, &session, left, "我头疼两天了").await;
    dying.close().await;
    drop(dying);

    let server = Server::on(config(folder.path())).await.unwrap();
    let mut body = server.new_session().await;
    body["id"] = json!(session.session.id.text());
    let created = server
        .post("/api/v1/sessions")
        .json(&body)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let page = crate::support::Session {
        server: &server,
        created,
    };
    let answer = page
        .turn_with_id(&left.text(), &json!({ "text": "我头疼两天了" }))
        .send()
        .await
        .unwrap();
    let events: Vec<SequencedEvent> = answer.json().await.unwrap();
    assert_eq!(
        (tags(&events).first(), tags(&events).last()),
        (Some(&"patient_said"), Some(&"done"))
    );
}
