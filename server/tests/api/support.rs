//! A running server and a patient's page in a few words.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anteroom_server::ServeError;
use anteroom_server::clock::{Clock, Millis};
use anteroom_server::config::Config;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use wire::application::Application;
use wire::event::{Event, SequencedEvent};
use wire::question::{Question, QuestionKind};
use wire::session::CreatedSession;

/// A Tuesday in November, ten in the morning in Shanghai.
pub const NOW: Millis = Millis(1_795_485_600_000);
/// The demo's application.
pub const DEMO: &str = "demo";
/// A sentence no emergency physician would send home.
pub const EMERGENCY: &str = "胸口像压了块石头,出冷汗半小时";

/// A server under test. Its data folder goes with it.
pub struct Server {
    pub base: String,
    pub clock: Clock,
    pub folder: PathBuf,
    pub client: reqwest::Client,
    keep: Option<tempfile::TempDir>,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<Result<(), ServeError>>>,
}

fn client() -> reqwest::Client {
    anteroom_server::outbound::client().unwrap()
}

/// Settings of a test: the default's, with a data folder, without figures' listener.
pub fn config(folder: &Path) -> Config {
    let mut config = Config::load(None, Vec::new()).unwrap();
    config.data.folder = folder.to_path_buf();
    config.metrics.listen = String::new();
    config.retention.every_minutes = 0;
    config
}

impl Server {
    /// Starts on a new folder.
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// Starts on a new folder with changed settings.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let keep = tempfile::tempdir().unwrap();
        let mut config = config(keep.path());
        change(&mut config);
        let mut server = Self::on(config).await.unwrap();
        server.keep = Some(keep);
        server
    }

    /// Starts on a folder that stays.
    pub async fn on(config: Config) -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let clock = Clock::fixed(NOW);
        let folder = config.data.folder.clone();
        let serving = anteroom_server::serve_with(config, clock.clone(), listener, async move {
            let _ = stopped.await;
        });
        let mut task = tokio::spawn(serving);
        let client = client();
        // The listener takes connections before the server answers them, so one request tells that it is up.
        let up = client.get(format!("{base}/readyz")).send();
        tokio::select! {
            ended = &mut task => Err(ended.unwrap().unwrap_err().to_string()),
            answer = up => match answer {
                Ok(answer) => {
                    assert_eq!(answer.status(), 200);
                    Ok(Self { base, clock, folder, client, keep: None, stop: Some(stop), task: Some(task) })
                }
                // The listener went with the server before it answered.
                Err(_) => Err(task.await.unwrap().unwrap_err().to_string()),
            }
        }
    }

    /// A server that a test runs by itself.
    pub fn of(base: String, folder: PathBuf) -> Self {
        let client = client();
        Self {
            base,
            clock: Clock::fixed(NOW),
            folder,
            client,
            keep: None,
            stop: None,
            task: None,
        }
    }

    /// Stops and waits for the end; the folder goes if it is the test's own.
    pub async fn stop(mut self) -> Option<tempfile::TempDir> {
        self.signal_stop();
        if let Some(task) = self.task.take() {
            let ended = tokio::time::timeout(Duration::from_secs(20), task).await;
            ended.expect("the server ends in time").unwrap().unwrap();
        }
        self.keep.take()
    }

    /// Asks it to stop and goes on.
    pub fn signal_stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// A write as our own page makes it.
    pub fn post(&self, path: &str) -> reqwest::RequestBuilder {
        self.client.post(self.url(path)).header("x-anteroom", "1")
    }

    pub fn delete(&self, path: &str) -> reqwest::RequestBuilder {
        self.client.delete(self.url(path)).header("x-anteroom", "1")
    }

    pub fn put(&self, path: &str) -> reqwest::RequestBuilder {
        self.client.put(self.url(path)).header("x-anteroom", "1")
    }

    pub fn get(&self, path: &str) -> reqwest::RequestBuilder {
        self.client.get(self.url(path))
    }

    pub async fn application(&self) -> Application {
        self.get("/api/v1/applications/demo")
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    /// The body that begins a session with the required consent.
    pub async fn new_session(&self) -> Value {
        self.new_session_with(&[]).await
    }

    /// The body that begins a session with the required consent and others.
    pub async fn new_session_with(&self, purposes: &[&str]) -> Value {
        let application = self.application().await;
        let consents: Vec<Value> = application
            .consents
            .iter()
            .filter(|text| text.required || purposes.contains(&text.purpose.as_str()))
            .map(|text| {
                json!({
                    "purpose": text.purpose, "version": text.version, "language": "zh",
                    "sha256": text.sha256["zh"], "by": "patient"
                })
            })
            .collect();
        json!({
            "id": uuid(), "application": DEMO, "locale": "zh", "consents": consents, "profile": {},
            "client_secret": "ab".repeat(32)
        })
    }

    pub async fn begin(&self) -> Session<'_> {
        self.begin_with(&[]).await
    }

    /// Begins with further consents.
    pub async fn begin_with(&self, purposes: &[&str]) -> Session<'_> {
        let new = self.new_session_with(purposes).await;
        self.begin_as(&new).await
    }

    /// Begins as asked.
    pub async fn begin_as<T: serde::Serialize>(&self, new: &T) -> Session<'_> {
        let answer = self
            .post("/api/v1/sessions")
            .json(new)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 201);
        Session {
            server: self,
            created: answer.json().await.unwrap(),
        }
    }

    /// The content's database, beside the server.
    pub async fn database(&self) -> sqlx::SqliteConnection {
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(self.folder.join(anteroom_server::CONTENT_FILE))
            .foreign_keys(false);
        <sqlx::SqliteConnection as sqlx::Connection>::connect_with(&options)
            .await
            .unwrap()
    }

    /// Every file of the data folder, whole.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        files(&self.folder)
    }
}

pub fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), std::fs::read(&path).unwrap()))
        .collect()
}

pub fn uuid() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// A session as its page holds it.
pub struct Session<'a> {
    pub server: &'a Server,
    pub created: CreatedSession,
}

impl Session<'_> {
    pub fn path(&self, rest: &str) -> String {
        format!("/api/v1/sessions/{}{rest}", self.created.id)
    }

    pub fn token(&self) -> String {
        format!("Bearer {}", self.created.token)
    }

    /// A turn's request, to be changed or sent.
    pub fn turn_with_id(&self, turn: &str, input: &Value) -> reqwest::RequestBuilder {
        self.server
            .post(&self.path("/turns"))
            .header("authorization", self.token())
            .header("accept", "application/json")
            .json(&json!({ "turn_id": turn, "input": input }))
    }

    pub async fn raw_turn(&self, input: &Value) -> reqwest::Response {
        self.turn_with_id(&uuid(), input).send().await.unwrap()
    }

    /// A turn that must be taken.
    pub async fn turn(&self, input: Value) -> Vec<SequencedEvent> {
        let answer = self.raw_turn(&input).await;
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert_eq!(status, 200, "{input}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    pub async fn say(&self, text: &str) -> Vec<SequencedEvent> {
        self.turn(json!({ "text": text })).await
    }

    /// The profile passed over: what every session begins with.
    pub async fn open(&self) -> Vec<SequencedEvent> {
        self.turn(json!({ "profile": {} })).await
    }

    /// Presses Stop.
    pub async fn stop(&self) {
        let answer = self
            .server
            .post(&self.path("/stop"))
            .header("authorization", self.token())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 204);
    }

    /// Gives or withdraws a consent.
    pub async fn change_consent(&self, purpose: &str, change: &Value) -> reqwest::Response {
        self.server
            .put(&self.path(&format!("/consents/{purpose}")))
            .header("authorization", self.token())
            .json(change)
            .send()
            .await
            .unwrap()
    }

    pub async fn get(&self, rest: &str) -> reqwest::Response {
        self.server
            .get(&self.path(rest))
            .header("authorization", self.token())
            .send()
            .await
            .unwrap()
    }

    pub async fn events(&self, after: u64) -> Vec<SequencedEvent> {
        let answer = self
            .server
            .get(&self.path(&format!("/events?after={after}")))
            .header("authorization", self.token())
            .header("accept", "application/json")
            .send()
            .await
            .unwrap();
        answer.json().await.unwrap()
    }

    /// Answers what is asked, always with the harmless answer, until guidance. Answers how many questions there were.
    pub async fn answer_until_guidance(
        &self,
        mut events: Vec<SequencedEvent>,
    ) -> (usize, Vec<SequencedEvent>) {
        for asked in 0..20 {
            if events
                .iter()
                .any(|event| matches!(event.event, Event::Guidance(_)))
            {
                return (asked, events);
            }
            let question = question(&events)
                .unwrap_or_else(|| panic!("neither question nor guidance: {events:?}"));
            events = self.turn(harmless(&question)).await;
        }
        panic!("twenty questions and no guidance");
    }
}

/// The question among events.
pub fn question(events: &[SequencedEvent]) -> Option<Question> {
    events.iter().rev().find_map(|event| match &event.event {
        Event::Question(question) => Some(question.clone()),
        _ => None,
    })
}

/// An answer that worries nobody.
pub fn harmless(question: &Question) -> Value {
    let offers = |id: &str| question.choices.iter().any(|choice| choice.id == id);
    match question.kind {
        QuestionKind::Scale => json!({ "values": { "question": question.id, "value": 1 } }),
        QuestionKind::Number => {
            let (min, max) = (question.min.unwrap_or(0.0), question.max.unwrap_or(100.0));
            json!({ "values": { "question": question.id, "value": 37.0_f64.clamp(min, max).floor() } })
        }
        QuestionKind::Duration => {
            json!({ "values": { "question": question.id, "value": 3, "unit": question.choices[0].id } })
        }
        _ => {
            let choice = ["none", "no"]
                .into_iter()
                .find(|id| offers(id))
                .map_or_else(
                    || {
                        question
                            .choices
                            .first()
                            .map(|choice| choice.id.clone())
                            .unwrap_or_default()
                    },
                    str::to_owned,
                );
            json!({ "choice": { "question": question.id, "choices": [choice] } })
        }
    }
}

pub fn tags(events: &[SequencedEvent]) -> Vec<&'static str> {
    events.iter().map(|event| event.event.tag()).collect()
}

/// Asserts that an answer is a problem document with this status and code, and answers it.
pub async fn problem(answer: reqwest::Response, status: u16, code: &str) -> wire::problem::Problem {
    let got = answer.status().as_u16();
    let kind = answer.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    let id = answer.headers()["x-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let text = answer.text().await.unwrap();
    assert_eq!(
        (got, kind.as_str()),
        (status, "application/problem+json"),
        "{text}"
    );
    let problem: wire::problem::Problem = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (problem.code.as_str(), problem.status, problem.kind.as_str()),
        (code, status, "about:blank")
    );
    assert_eq!(problem.request_id, Some(id));
    problem
}
