//! The typed client of the server: every call the page makes, and nothing else of HTTP outside.

#![expect(
    clippy::missing_errors_doc,
    reason = "every call fails alike: see `Failure`"
)]

use js_sys::{ArrayBuffer, Reflect, Uint8Array};
use leptos::prelude::window;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, ReadableStreamDefaultReader, RequestInit, Response};
use wire::application::Application;
use wire::directory::{Department, Doctor, Hospital, Page};
use wire::event::SequencedEvent;
use wire::problem::Problem;
use wire::receipt::Receipt;
use wire::session::{
    ConsentChange, CreatedSession, Feedback, NewSession, ResumeCode, SessionState, TypedCode,
};
use wire::turn::TurnRequest;

use crate::json;
use crate::storage::Held;
use crate::stream::EventReader;

/// Longest wait for one answer, milliseconds. A model's whole answer takes at most 20 seconds.
const TIME_OUT: u32 = 30_000;

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Nothing came back, or not whole: it may be tried again.
    Network,
    /// The server said no, with a stable code and how many seconds to wait, if it said so.
    Problem {
        /// Stable code.
        code: String,
        /// HTTP status.
        status: u16,
        /// Seconds to wait before the next attempt.
        retry_after: Option<u32>,
    },
}

impl From<JsValue> for Failure {
    fn from(_: JsValue) -> Self {
        Self::Network
    }
}

struct Call<'a> {
    method: &'a str,
    path: String,
    held: Option<&'a Held>,
    /// The body, and its kind unless it knows that itself.
    body: Option<(JsValue, Option<&'static str>)>,
    accept: &'a str,
}

impl<'a> Call<'a> {
    fn new(method: &'a str, path: String) -> Self {
        Self {
            method,
            path,
            held: None,
            body: None,
            accept: "application/json",
        }
    }

    fn held(mut self, held: &'a Held) -> Self {
        self.held = Some(held);
        self
    }

    fn body(mut self, value: &impl Serialize) -> Self {
        self.body = Some((json::to_string(value).into(), Some("application/json")));
        self
    }

    fn stream(mut self) -> Self {
        self.accept = "text/event-stream";
        self
    }

    async fn send(self) -> Result<Response, Failure> {
        let headers = Headers::new()?;
        headers.set("accept", self.accept)?;
        if let Some(held) = self.held {
            headers.set("authorization", &format!("Bearer {}", held.token))?;
        }
        let init = RequestInit::new();
        init.set_method(self.method);
        if self.method != "GET" {
            headers.set("x-anteroom", "1")?;
        }
        if let Some((body, kind)) = &self.body {
            if let Some(kind) = kind {
                headers.set("content-type", kind)?;
            }
            init.set_body(body);
        }
        init.set_headers(&headers);
        init.set_signal(Some(&AbortSignal::timeout_with_u32(TIME_OUT)));
        let response: Response =
            JsFuture::from(window().fetch_with_str_and_init(&self.path, &init))
                .await?
                .unchecked_into();
        if response.ok() {
            return Ok(response);
        }
        let retry_after = response
            .headers()
            .get("retry-after")
            .ok()
            .flatten()
            .and_then(|seconds| seconds.parse().ok());
        let code = text(&response)
            .await
            .ok()
            .and_then(|text| json::from_str::<Problem>(&text).ok());
        Err(Failure::Problem {
            code: code.map_or_else(|| "unknown".to_owned(), |problem| problem.code),
            status: response.status(),
            retry_after,
        })
    }

    async fn json<T: DeserializeOwned>(self) -> Result<T, Failure> {
        let response = self.send().await?;
        json::from_str(&text(&response).await?).map_err(|_| Failure::Network)
    }
}

async fn text(response: &Response) -> Result<String, Failure> {
    JsFuture::from(response.text()?)
        .await?
        .as_string()
        .ok_or(Failure::Network)
}

fn escaped(part: &str) -> String {
    js_sys::encode_uri_component(part).into()
}

fn session_path(held: &Held, rest: &str) -> String {
    format!("/api/v1/sessions/{}{rest}", held.id)
}

/// What the page needs before a session.
pub async fn application(application: &str) -> Result<Application, Failure> {
    Call::new(
        "GET",
        format!("/api/v1/applications/{}", escaped(application)),
    )
    .json()
    .await
}

/// A part of the gate: `core`, or the words of a language by its code.
pub async fn gate(hash: &str, part: &str) -> Result<Vec<u8>, Failure> {
    let response = Call::new(
        "GET",
        format!("/knowledge/gate-{}-{part}.bin", escaped(hash)),
    )
    .send()
    .await?;
    let buffer: ArrayBuffer = JsFuture::from(response.array_buffer()?)
        .await?
        .unchecked_into();
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Makes a session. A lost answer is repeated with the same id and secret.
pub async fn create_session(new: &NewSession) -> Result<CreatedSession, Failure> {
    Call::new("POST", "/api/v1/sessions".to_owned())
        .body(new)
        .json()
        .await
}

/// Where a session stands.
pub async fn session(held: &Held) -> Result<SessionState, Failure> {
    Call::new("GET", session_path(held, ""))
        .held(held)
        .json()
        .await
}

/// All events after `seq`, as text: for resuming and for the download.
pub async fn events_text(held: &Held, after: u64) -> Result<String, Failure> {
    let response = Call::new("GET", session_path(held, &format!("/events?after={after}")))
        .held(held)
        .send()
        .await?;
    text(&response).await
}

/// All events after `seq`.
pub async fn events(held: &Held, after: u64) -> Result<Vec<SequencedEvent>, Failure> {
    json::from_str(&events_text(held, after).await?).map_err(|_| Failure::Network)
}

/// Sends a turn and hands over its events as they come. Ends when the server closes the stream.
pub async fn turn(
    held: &Held,
    turn: &TurnRequest,
    on_event: impl FnMut(SequencedEvent),
) -> Result<(), Failure> {
    let response = Call::new("POST", session_path(held, "/turns"))
        .held(held)
        .body(turn)
        .stream()
        .send()
        .await?;
    read(&response, on_event).await
}

async fn read(
    response: &Response,
    mut on_event: impl FnMut(SequencedEvent),
) -> Result<(), Failure> {
    let kind = response
        .headers()
        .get("content-type")
        .ok()
        .flatten()
        .unwrap_or_default();
    if kind.starts_with("application/json") {
        let events: Vec<SequencedEvent> =
            json::from_str(&text(response).await?).map_err(|_| Failure::Network)?;
        events.into_iter().for_each(on_event);
        return Ok(());
    }
    let mut reader = EventReader::default();
    let Some(body) = response.body() else {
        // A web view that holds streams back gives the whole at the end.
        reader
            .push(text(response).await?.as_bytes())
            .into_iter()
            .for_each(on_event);
        return Ok(());
    };
    let pieces: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    loop {
        let piece = JsFuture::from(pieces.read()).await?;
        if Reflect::get(&piece, &"done".into())?.is_truthy() {
            return Ok(());
        }
        let bytes: Uint8Array = Reflect::get(&piece, &"value".into())?.unchecked_into();
        reader
            .push(&bytes.to_vec())
            .into_iter()
            .for_each(&mut on_event);
    }
}

/// Cancels what answers the turn.
pub async fn stop(held: &Held) -> Result<(), Failure> {
    Call::new("POST", session_path(held, "/stop"))
        .held(held)
        .send()
        .await
        .map(drop)
}

/// Helpful or not.
pub async fn feedback(held: &Held, feedback: &Feedback) -> Result<(), Failure> {
    Call::new("POST", session_path(held, "/feedback"))
        .held(held)
        .body(feedback)
        .send()
        .await
        .map(drop)
}

/// Withdraws a consent.
pub async fn withdraw(held: &Held, purpose: &str) -> Result<(), Failure> {
    let path = session_path(held, &format!("/consents/{}", escaped(purpose)));
    Call::new("PUT", path)
        .held(held)
        .body(&ConsentChange {
            given: false,
            consent: None,
        })
        .send()
        .await
        .map(drop)
}

/// A call for a script of `public/`, which knows what is asked and answered: below the session, or with `/api/` below the
/// server. The body is JSON as text, or a recording, which knows its kind. Answers the answer itself, its body unread.
pub async fn of_script(
    held: &Held,
    method: &str,
    path: &str,
    body: JsValue,
) -> Result<Response, Failure> {
    let path = if path.starts_with("/api/") {
        path.to_owned()
    } else {
        session_path(held, path)
    };
    let mut call = Call::new(method, path).held(held);
    if !body.is_undefined() {
        let kind = body.is_string().then_some("application/json");
        call.body = Some((body, kind));
    }
    call.send().await
}

/// Erases a session.
pub async fn erase(held: &Held) -> Result<Receipt, Failure> {
    Call::new("DELETE", session_path(held, ""))
        .held(held)
        .json()
        .await
}

/// What a receipt code shows.
pub async fn receipt(code: &str) -> Result<Receipt, Failure> {
    Call::new("GET", format!("/api/v1/receipts/{}", escaped(code)))
        .json()
        .await
}

/// Erases by receipt code.
pub async fn erase_by_receipt(code: &str) -> Result<Receipt, Failure> {
    Call::new("DELETE", format!("/api/v1/receipts/{}", escaped(code)))
        .json()
        .await
}

/// A code with which another device goes on.
pub async fn resume_code(held: &Held) -> Result<String, Failure> {
    let made: ResumeCode = Call::new("POST", session_path(held, "/codes"))
        .held(held)
        .json()
        .await?;
    Ok(made.code)
}

/// Goes on with the session of a code.
pub async fn resume(application: &str, code: &str) -> Result<Held, Failure> {
    Call::new("POST", "/api/v1/codes".to_owned())
        .body(&TypedCode {
            application: application.to_owned(),
            code: code.to_owned(),
        })
        .json()
        .await
}

fn directory_path(application: &str, rest: &str) -> String {
    format!("/api/v1/applications/{}/{rest}", escaped(application))
}

/// A list of the directory: which, with what search, from where on.
fn list(application: &str, noun: &str, filters: &[(&str, Option<&str>)]) -> Call<'static> {
    let mut path = directory_path(application, noun);
    let mut mark = '?';
    for (name, value) in filters {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            path.push(mark);
            path.push_str(name);
            path.push('=');
            path.push_str(&escaped(value));
            mark = '&';
        }
    }
    Call::new("GET", path)
}

/// Hospitals.
pub async fn hospitals(application: &str) -> Result<Page<Hospital>, Failure> {
    list(application, "hospitals", &[]).json().await
}

/// One hospital.
pub async fn hospital(application: &str, id: &str) -> Result<Hospital, Failure> {
    Call::new(
        "GET",
        directory_path(application, &format!("hospitals/{}", escaped(id))),
    )
    .json()
    .await
}

/// Departments, of one hospital or all.
pub async fn departments(
    application: &str,
    hospital: Option<&str>,
    search: &str,
    cursor: Option<&str>,
) -> Result<Page<Department>, Failure> {
    let filters = [
        ("hospital", hospital),
        ("search", Some(search)),
        ("cursor", cursor),
    ];
    list(application, "departments", &filters).json().await
}

/// One department.
pub async fn department(application: &str, id: &str) -> Result<Department, Failure> {
    Call::new(
        "GET",
        directory_path(application, &format!("departments/{}", escaped(id))),
    )
    .json()
    .await
}

/// Doctors, of one department or all.
pub async fn doctors(
    application: &str,
    department: Option<&str>,
    search: &str,
    cursor: Option<&str>,
) -> Result<Page<Doctor>, Failure> {
    let filters = [
        ("department", department),
        ("search", Some(search)),
        ("cursor", cursor),
    ];
    list(application, "doctors", &filters).json().await
}
