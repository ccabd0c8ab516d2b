//! `kill -9` of the server at 20 points under load: every turn that was acknowledged is there after the restart.

#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers too"
)]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::Client;
use tokio::sync::Notify;
use wire::application::Application;
use wire::event::{Event, SequencedEvent};
use wire::session::{ConsentBy, ConsentGiven, CreatedSession, NewSession, Profile};
use wire::turn::{Input, TurnRequest};

const KILLS: usize = 20;
const PATIENTS: usize = 8;
const SENTENCES: [&str; 4] = [
    "流鼻涕打喷嚏两天了",
    "My knee has been hurting for two months",
    "有点咳嗽",
    "a bit tired",
];

/// The server as a process, on a free port.
struct Server {
    process: Child,
    base: String,
}

impl Server {
    fn start(folder: &Path) -> Self {
        Self::with_model(folder, None)
    }

    /// Starts with a model at this address.
    fn with_model(folder: &Path, base: Option<&str>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_anteroom"));
        if let Some(base) = base {
            command
                .env("ANTEROOM_MODEL__INTERFACE", "openai")
                .env("ANTEROOM_MODEL__PROVIDER", "Test")
                .env("ANTEROOM_MODEL__NAME", "scripted")
                .env("ANTEROOM_MODEL__BASE_URL", base);
        }
        let mut process = command
            .arg("serve")
            .env("ANTEROOM_SERVER__LISTEN", "127.0.0.1:0")
            .env("ANTEROOM_DATA__FOLDER", folder)
            .env("ANTEROOM_METRICS__LISTEN", "")
            .env("ANTEROOM_LOG__FILTER", "info")
            .env("ANTEROOM_LOG__FORMAT", "json")
            .env("ANTEROOM_LIMITS__ADDRESS_PER_MINUTE", "0")
            .env("ANTEROOM_LIMITS__SESSION_PER_MINUTE", "0")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let serving = lines
            .find_map(|line| {
                let line: serde_json::Value = serde_json::from_str(&line.ok()?).ok()?;
                (line["message"] == "serving")
                    .then(|| line["address"].as_str().map(str::to_owned))?
            })
            .expect("the server says where it serves");
        // Its log must be read on, or the server waits for the reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            process,
            base: format!("http://{serving}"),
        }
    }

    /// `kill -9`.
    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _reaped = self.process.wait();
    }
}

/// A patient's session and the turns the server acknowledged.
#[derive(Clone)]
struct Acknowledged {
    session: CreatedSession,
    turns: Vec<String>,
}

/// A repeatable source of chance (`splitmix64`).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(limit).unwrap()).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_turn_survives_kill_nine() {
    let folder = tempfile::tempdir().unwrap();
    let mut chance = Chance(20_261_124);
    let mut server = Server::start(folder.path());
    let mut acknowledged: BTreeMap<String, Acknowledged> = BTreeMap::new();
    for _ in 0..KILLS {
        let wanted = PATIENTS + chance.below(60);
        acknowledged.extend(load_until_killed(&mut server, wanted).await);
        server = Server::start(folder.path());
        all_are_there(&server, &acknowledged).await;
    }
    let turns: usize = acknowledged.values().map(|one| one.turns.len()).sum();
    assert!(turns >= KILLS * PATIENTS, "there was load: {turns} turns");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_of_a_model_is_counted_once_under_kill_nine() {
    const KILLS: usize = 5;
    let folder = tempfile::tempdir().unwrap();
    let answer = upstream::chat::text(&["谢谢您告诉我。"])
        .usage(100, 7)
        .reply();
    let upstream = upstream::Upstream::start(upstream::script::always(answer)).unwrap();
    let base = upstream.base();
    let mut chance = Chance(20_261_125);
    let mut acknowledged: BTreeMap<String, Acknowledged> = BTreeMap::new();
    for _ in 0..KILLS {
        let mut server = Server::with_model(folder.path(), Some(&base));
        let wanted = PATIENTS + chance.below(40);
        acknowledged.extend(load_until_killed(&mut server, wanted).await);
    }
    // The next start closes what was under way.
    let mut server = Server::with_model(folder.path(), Some(&base));
    all_are_there(&server, &acknowledged).await;
    server.kill();
    let rows = rows(folder.path()).await;
    let count = |status: &str| rows.iter().filter(|(one, _, _)| one == status).count();
    assert_eq!(count("open"), 0, "{rows:?}");
    // A row is written before its call: none went out uncounted, and at most one a patient and kill never did.
    let (calls, made) = (rows.len(), upstream.count());
    assert!(
        made <= calls && calls <= made + KILLS * PATIENTS,
        "{made} of {calls}"
    );
    assert!(
        count("done")
            >= acknowledged
                .values()
                .map(|one| one.turns.len())
                .sum::<usize>()
    );
    assert!(
        rows.iter()
            .all(|(status, sent, came)| match status.as_str() {
                "done" => (*sent, *came) == (100, 7),
                _ => (*sent, *came) == (0, 0),
            })
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_submission_acknowledged_is_there_once_with_its_message() {
    const KILLS: usize = 12;
    let folder = tempfile::tempdir().unwrap();
    let client = anteroom_server::outbound::client().unwrap();
    let mut chance = Chance(20_261_127);
    let mut promised = Vec::new();
    for _ in 0..KILLS {
        let mut server = Server::start(folder.path());
        let (session, seq) = history(&client, &server.base).await;
        let url = format!(
            "{}/api/v1/sessions/{}/report/submit",
            server.base, session.id
        );
        let submission = wire::report::Submission { seq };
        let sent = client
            .post(url)
            .bearer_auth(&session.token)
            .header("X-Anteroom", "1")
            .json(&submission)
            .send();
        let sent = tokio::spawn(sent);
        // Somewhere between "not yet there" and "long answered".
        let wait = std::time::Duration::from_micros(u64::try_from(chance.below(8_000)).unwrap());
        tokio::time::sleep(wait).await;
        server.kill();
        if let Ok(answer) = sent.await.unwrap()
            && let Ok(submitted) = answer.json::<wire::report::Submitted>().await
        {
            promised.push(submitted.id);
        }
    }
    let server = Server::start(folder.path());
    drop(server);
    let (reports, messages, submitted) = outbox(folder.path()).await;
    assert_eq!(
        reports, messages,
        "every report has its message, and no message is without its report"
    );
    assert_eq!(reports.len(), submitted, "and the patient's log says so");
    for id in &promised {
        assert_eq!(
            reports.iter().filter(|report| *report == id).count(),
            1,
            "{id}"
        );
    }
}

/// A session whose report waits to be submitted, and the sequence it was read at.
async fn history(client: &Client, base: &str) -> (CreatedSession, u64) {
    let application: Application = client
        .get(format!("{base}/api/v1/applications/demo"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let session = begin(client, base, &application).await.unwrap();
    let mut inputs = vec![
        Input::Interview {},
        Input::Text(SENTENCES[0].to_owned()),
        Input::Profile(Profile::default()),
    ];
    loop {
        let input = inputs.pop().unwrap();
        let events: Vec<SequencedEvent> = client
            .post(format!("{base}/api/v1/sessions/{}/turns", session.id))
            .bearer_auth(&session.token)
            .header("X-Anteroom", "1")
            .header("Accept", "application/json")
            .json(&TurnRequest {
                turn_id: uuid::Uuid::now_v7().to_string(),
                input,
            })
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let asked = events.iter().find_map(|event| match &event.event {
            Event::Question(question) if question.id != "complaint" => Some(question.id.clone()),
            _ => None,
        });
        if let Some(question) = asked {
            inputs.push(Input::Skip(wire::turn::Skipped { question }));
        }
        if events
            .iter()
            .any(|event| matches!(event.event, Event::ReportReady(_)))
        {
            return (session, events.last().unwrap().seq.unwrap());
        }
    }
}

/// Ids of the reports, ids of the reports the messages are of, and how many logs say "submitted".
async fn outbox(folder: &Path) -> (Vec<String>, Vec<String>, usize) {
    use sqlx::ConnectOptions as _;
    let file = folder.join(anteroom_server::CONTENT_FILE);
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let mut connection = options.connect().await.unwrap();
    let reports = sqlx::query_scalar("select id from reports order by id")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    let messages = sqlx::query_scalar("select subject_id from outbox order by subject_id")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    let (submitted,): (i64,) =
        sqlx::query_as("select count(*) from session_events where kind = 'report_submitted'")
            .fetch_one(&mut connection)
            .await
            .unwrap();
    (reports, messages, usize::try_from(submitted).unwrap())
}

/// Status and tokens of every row of the ledger.
async fn rows(folder: &Path) -> Vec<(String, i64, i64)> {
    use sqlx::ConnectOptions as _;
    let file = folder.join(anteroom_server::CONTENT_FILE);
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let mut connection = options.connect().await.unwrap();
    sqlx::query_as("select status, input_tokens, output_tokens from upstream_calls")
        .fetch_all(&mut connection)
        .await
        .unwrap()
}

/// Lets the patients talk, kills the server while they do, and answers what it had acknowledged by then.
async fn load_until_killed(server: &mut Server, wanted: usize) -> Vec<(String, Acknowledged)> {
    let client = anteroom_server::outbound::client().unwrap();
    let application: Application = client
        .get(format!("{}/api/v1/applications/demo", server.base))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let (count, enough) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let patients: Vec<_> = (0..PATIENTS)
        .map(|_| {
            let (client, base, application) =
                (client.clone(), server.base.clone(), application.clone());
            let (count, enough) = (Arc::clone(&count), Arc::clone(&enough));
            tokio::spawn(async move {
                talk(&client, &base, &application, wanted, &count, &enough).await
            })
        })
        .collect();
    enough.notified().await;
    server.kill();
    let mut acknowledged = Vec::new();
    for patient in patients {
        if let Some(one) = patient.await.unwrap() {
            acknowledged.push((one.session.id.clone(), one));
        }
    }
    acknowledged
}

/// Sends turns until the server is gone.
async fn talk(
    client: &Client,
    base: &str,
    application: &Application,
    wanted: usize,
    count: &AtomicUsize,
    enough: &Notify,
) -> Option<Acknowledged> {
    let session = begin(client, base, application).await?;
    let mut mine = Acknowledged {
        session,
        turns: Vec::new(),
    };
    let mut sentences = SENTENCES.iter().cycle();
    loop {
        let input = if mine.turns.is_empty() {
            Input::Profile(Profile::default())
        } else {
            Input::Text((*sentences.next()?).to_owned())
        };
        let turn_id = uuid::Uuid::now_v7().to_string();
        let answer = client
            .post(format!("{base}/api/v1/sessions/{}/turns", mine.session.id))
            .bearer_auth(&mine.session.token)
            .header("X-Anteroom", "1")
            .header("Accept", "application/json")
            .json(&TurnRequest {
                turn_id: turn_id.clone(),
                input,
            })
            .send()
            .await;
        // The server is gone: what it did not answer it did not promise.
        let Ok(answer) = answer else {
            return Some(mine);
        };
        let status = answer.status();
        let Ok(body) = answer.text().await else {
            return Some(mine);
        };
        if !status.is_success() {
            // Else the others would wait for a count that is never reached.
            enough.notify_one();
        }
        assert!(status.is_success(), "{status}: {body}");
        mine.turns.push(turn_id);
        if count.fetch_add(1, Ordering::SeqCst) + 1 == wanted {
            enough.notify_one();
        }
    }
}

async fn begin(client: &Client, base: &str, application: &Application) -> Option<CreatedSession> {
    let consents = application
        .consents
        .iter()
        .filter(|consent| consent.required || consent.purpose == "model_provider")
        .map(|consent| ConsentGiven {
            purpose: consent.purpose.clone(),
            version: consent.version,
            language: "zh".to_owned(),
            sha256: consent.sha256["zh"].clone(),
            by: ConsentBy::Patient,
        })
        .collect();
    let body = NewSession {
        id: uuid::Uuid::now_v7().to_string(),
        application: application.id.clone(),
        locale: "zh".to_owned(),
        consents,
        profile: Profile::default(),
        link: None,
        client_secret: uuid::Uuid::now_v7().simple().to_string().repeat(2),
    };
    let answer = client
        .post(format!("{base}/api/v1/sessions"))
        .header("X-Anteroom", "1")
        .json(&body)
        .send()
        .await
        .ok()?;
    let status = answer.status();
    let text = answer.text().await.ok()?;
    assert!(status.is_success(), "{status}: {text}");
    serde_json::from_str(&text).ok()
}

/// Looks for every acknowledged turn: what was said and that it was answered.
async fn all_are_there(server: &Server, acknowledged: &BTreeMap<String, Acknowledged>) {
    let client = anteroom_server::outbound::client().unwrap();
    for (id, one) in acknowledged {
        let events: Vec<SequencedEvent> = client
            .get(format!("{}/api/v1/sessions/{id}/events", server.base))
            .bearer_auth(&one.session.token)
            .header("Accept", "application/json")
            .send()
            .await
            .unwrap()
            .error_for_status()
            .unwrap()
            .json()
            .await
            .unwrap();
        for turn in &one.turns {
            let said = events.iter().any(
                |event| matches!(&event.event, Event::PatientSaid(said) if said.turn_id == *turn),
            );
            let done = events
                .iter()
                .any(|event| matches!(&event.event, Event::Done(done) if done.turn_id == *turn));
            assert!(
                said && done,
                "session {id} lost turn {turn}: said {said}, done {done}"
            );
        }
    }
}
