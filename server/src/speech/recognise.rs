//! One recording, from the patient's page to its words: checked while it passes, counted, and never kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use consult::guide::directory::Directory;
use futures_util::{Stream, StreamExt as _, stream};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use wire::speech::Transcript;

use super::Speech;
use super::audio::{Container, MAGIC};
use super::openai::{Recognised, Recogniser, Recording};
use crate::App;
use crate::application::TEXT_LIMIT;
use crate::conversation::Opened;
use crate::conversation::chat_text::ChatText;
use crate::model::openai::Fault;
use crate::store::ledger::{self, Ended, NewCall};
use crate::store::statements::Statements;
use crate::store::{self, StoreError};

/// Bytes of a recording at most.
pub const LIMIT: u64 = 5 * 1024 * 1024;
/// Characters of the words a recogniser is told to expect: more than that it forgets.
const PROMPT: usize = 400;
/// Template of the ledger's rows.
const TEMPLATE: (&str, u32) = ("speech", 1);

/// Why nothing was recognised.
#[derive(Debug, thiserror::Error)]
pub enum SpeechError {
    /// No provider, it failed, or a limit is reached: typing works.
    #[error("speech is not available")]
    Unavailable,
    /// The patient did not agree that the recording leaves.
    #[error("the consent is missing")]
    NoConsent,
    /// More than five mebibytes.
    #[error("the recording is too large")]
    TooLarge,
    /// No recording a browser makes, or one that cannot be decoded.
    #[error("the body is no recording")]
    NotAudio,
    /// Nobody spoke.
    #[error("nothing was heard in it")]
    NothingHeard,
    /// It broke off on its way here.
    #[error("the recording broke off")]
    Cut,
    /// The store's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What passes through: how much, and why it stopped.
#[derive(Debug, Default)]
struct Passing {
    bytes: AtomicU64,
    stopped: AtomicU8,
}

/// Stopped because it is too large.
const TOO_LARGE: u8 = 1;
/// Stopped because the sender went away.
const GONE: u8 = 2;

/// The recording stopped.
#[derive(Debug, thiserror::Error)]
#[error("the recording stopped")]
struct Stopped;

/// Recognises a recording. Pieces of the text go to `on_text` as they come.
///
/// # Errors
/// Why nothing was recognised.
pub async fn recognise(
    app: &App,
    opened: &Opened,
    body: Body,
    language: Option<&str>,
    cancel: &CancellationToken,
    on_text: &mut (dyn FnMut(&str) + Send),
) -> Result<Transcript, SpeechError> {
    let session = &opened.session;
    let Speech::OpenAi(recogniser) = app.speeches.of(session.speech.as_ref(), session.intranet)
    else {
        return Err(SpeechError::Unavailable);
    };
    let consents = app.texts.of(&app.providers_of(session));
    if !session.consents_to("speech_provider", &consents) {
        return Err(SpeechError::NoConsent);
    }
    let settings = &recogniser.settings;
    let place = app
        .usage
        .sound_place(&session.application, settings.application_parallel)
        .ok_or(SpeechError::Unavailable)?;
    if !app.usage.sound_left(app, session, settings).await? {
        return Err(SpeechError::Unavailable);
    }
    let by = Instant::now() + Duration::from_millis(settings.whole_ms);
    let (container, first, rest) = tokio::time::timeout_at(by, begin(body))
        .await
        .map_err(|_| SpeechError::Cut)??;
    let language = language
        .filter(|language| matches!(*language, "zh" | "en"))
        .unwrap_or(&session.locale)
        .to_owned();
    let index = app.index_of(session).await?;
    let passing = Arc::new(Passing::default());
    let recording = Recording {
        bytes: through(first, rest, Arc::clone(&passing)),
        container,
        prompt: prompt(&index.directory, &language),
        language: language.clone(),
    };
    let ended = send(
        app,
        opened,
        &recogniser,
        recording,
        by,
        &passing,
        cancel,
        on_text,
    )
    .await?;
    drop(place);
    match passing.stopped.load(Ordering::SeqCst) {
        TOO_LARGE => return Err(SpeechError::TooLarge),
        GONE => return Err(SpeechError::Cut),
        _ => {}
    }
    let heard = ended.map_err(|fault| match fault {
        Fault::Status(400 | 413 | 415 | 422) => SpeechError::NotAudio,
        _ => SpeechError::Unavailable,
    })?;
    let text: String = heard.text.chars().take(TEXT_LIMIT as usize).collect();
    let text = ChatText::parse(&text).map_err(|_| SpeechError::NothingHeard)?;
    Ok(Transcript {
        text: text.into_string(),
        // Providers say "chinese" or "zh-CN" as they like; what is neither of ours is what was asked for.
        language: match heard.language.as_deref() {
            Some("zh" | "chinese" | "mandarin") => "zh".to_owned(),
            Some("en" | "english") => "en".to_owned(),
            _ => language,
        },
        seconds: heard.seconds,
    })
}

/// Reads as much as tells what it is.
async fn begin(body: Body) -> Result<(Container, Vec<u8>, BodyDataStream), SpeechError> {
    let mut rest = body.into_data_stream();
    let mut first = Vec::new();
    while first.len() < MAGIC {
        match rest.next().await {
            Some(Ok(piece)) => first.extend_from_slice(&piece),
            Some(Err(_)) => return Err(SpeechError::Cut),
            None => break,
        }
    }
    let container = Container::of(&first).ok_or(SpeechError::NotAudio)?;
    Ok((container, first, rest))
}

/// The recording as it goes on: counted, and stopped where it is too large or breaks off.
fn through(
    first: Vec<u8>,
    rest: BodyDataStream,
    passing: Arc<Passing>,
) -> impl Stream<Item = Result<Bytes, Stopped>> + Send + 'static {
    let pieces = stream::iter([Ok(Bytes::from(first))]).chain(rest);
    pieces.map(move |piece| {
        let Ok(piece) = piece else {
            passing.stopped.store(GONE, Ordering::SeqCst);
            return Err(Stopped);
        };
        let length = piece.len() as u64;
        if passing.bytes.fetch_add(length, Ordering::SeqCst) + length > LIMIT {
            passing.stopped.store(TOO_LARGE, Ordering::SeqCst);
            return Err(Stopped);
        }
        Ok(piece)
    })
}

/// Words of this hospital, for the recogniser to expect: departments first, then doctors.
fn prompt(directory: &Directory, language: &str) -> String {
    let names = directory
        .departments
        .iter()
        .map(|one| one.name.get(language))
        .chain(directory.doctors.iter().map(|one| one.name.get(language)));
    let between = if language == "zh" { "、" } else { ", " };
    let mut prompt = String::new();
    for name in names {
        if prompt.contains(name) {
            continue;
        }
        if prompt.chars().count() + name.chars().count() > PROMPT {
            break;
        }
        if !prompt.is_empty() {
            prompt.push_str(between);
        }
        prompt.push_str(name);
    }
    prompt
}

/// Sends it, with a row of the ledger around it.
#[expect(
    clippy::too_many_arguments,
    reason = "one call of one recording; grouping them would only rename them"
)]
async fn send(
    app: &App,
    opened: &Opened,
    recogniser: &Recogniser,
    recording: Recording<impl Stream<Item = Result<Bytes, Stopped>> + Send + 'static>,
    by: Instant,
    passing: &Passing,
    cancel: &CancellationToken,
    on_text: &mut (dyn FnMut(&str) + Send),
) -> Result<Result<Recognised, Fault>, StoreError> {
    let session = &opened.session;
    let container = recording.container;
    let (began, clock_began) = (Instant::now(), app.clock.now());
    let call = NewCall {
        id: Uuid::now_v7().simple().to_string(),
        organisation: session.organisation.clone(),
        application: session.application.clone(),
        session: session.id,
        turn: None,
        interface: "transcription",
        purpose: "speech",
        template: TEMPLATE.0,
        template_version: TEMPLATE.1,
        model: recogniser.settings.name.clone(),
        started_at: clock_began,
    };
    let id = call.id.clone();
    let mut statements = Statements::new();
    ledger::open(&mut statements, &call);
    app.store.run(statements).await?;
    let is_senders = || passing.stopped.load(Ordering::SeqCst) != 0;
    let ended = tokio::select! {
        biased;
        () = cancel.cancelled() => Err(Fault::Cancelled),
        ended = recogniser.recognise(recording, by, &is_senders, on_text) => ended,
    };
    let bytes = passing.bytes.load(Ordering::SeqCst);
    let row = row(recogniser, container, bytes, is_senders(), &ended);
    app.usage
        .spent(&session.application, clock_began, 0, row.audio_ms);
    let outcome = row.status;
    metrics::counter!("anteroom_speech_calls_total", "outcome" => outcome).increment(1);
    metrics::histogram!("anteroom_speech_call_seconds").record(began.elapsed().as_secs_f64());
    if let Err(fault) = &ended {
        tracing::warn!(session.id = %session.id, fault = fault.code(), "a recording was not recognised");
    }
    let mut statements = Statements::new();
    ledger::close(&mut statements, &id, &row, app.clock.now());
    store::sessions::add_sound(&mut statements, session.id, row.audio_ms);
    app.store.run(statements).await?;
    Ok(ended)
}

/// The ledger's row of an ended call. What the host refused or never got whole cost nothing.
fn row(
    recogniser: &Recogniser,
    container: Container,
    bytes: u64,
    stopped: bool,
    ended: &Result<Recognised, Fault>,
) -> Ended {
    let heard = ended.as_ref().ok();
    let seconds = heard.and_then(|heard| heard.seconds);
    let is_free = matches!(
        ended,
        Err(Fault::Circuit
            | Fault::Busy
            | Fault::Unreachable
            | Fault::Key
            | Fault::TooMany(_)
            | Fault::Status(_))
    );
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "seconds are checked to be finite and not negative; a recording is minutes at most"
    )]
    let audio_ms = match seconds {
        _ if is_free || stopped => 0,
        Some(seconds) => (seconds * 1000.0).round() as u64,
        None => container.milliseconds(bytes),
    };
    Ended {
        status: ended.as_ref().map_or_else(|fault| fault.code(), |_| "done"),
        request_id: heard.and_then(|heard| heard.request_id.clone()),
        is_estimate: seconds.is_none(),
        audio_ms,
        bytes_sent: bytes,
        bytes_received: heard.map_or(0, |heard| heard.bytes_received as u64),
        // Per hour, so per 3,600,000 milliseconds; in millionths.
        price: crate::usage::price(audio_ms, recogniser.settings.price_hour / 3.6),
        ..Ended::default()
    }
}
