//! Speech: a recording through to its words.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Json as Answer;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::sse::{Event as Frame, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt as _, stream};
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use utoipa::IntoParams;
use wire::event::Delta;
use wire::problem::Problem;
use wire::speech::Transcript;

use super::error::ApiError;
use super::extract::{ApiQuery, PatientSession};
use super::turns::{ACCEL, COMMENT};
use crate::App;
use crate::speech::recognise::{LIMIT, SpeechError, recognise};

/// How a recording is to be heard.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SpeechQuery {
    /// Language code of what is spoken; the session's if absent.
    language: Option<String>,
}

/// What comes from a recogniser at work.
enum Heard {
    Piece(String),
    Ended(Result<Transcript, SpeechError>),
}

/// Recognises a recording of at most 60 seconds and 5 MiB, streamed through and kept nowhere. Answers the words, or with
/// `Accept: text/event-stream` pieces of them (`delta`) and then `transcript` or `failed`.
#[utoipa::path(
    post,
    path = "/sessions/{session}/speech",
    operation_id = "speech",
    tag = "patient",
    security(("session_token" = [])),
    params(("session" = String, Path, description = "Session id"), SpeechQuery),
    request_body(content = Vec<u8>, content_type = "audio/*", description = "webm, mp4, ogg or wav, told by its first bytes"),
    responses(
        (status = 200, description = "What was recognised", body = Transcript),
        (status = 401, description = "No token", body = Problem),
        (status = 403, description = "The patient did not agree that the recording leaves", body = Problem),
        (status = 404, description = "No session this token opens", body = Problem),
        (status = 413, description = "More than 5 MiB", body = Problem),
        (status = 415, description = "No recording, or none that can be decoded", body = Problem),
        (status = 422, description = "Nobody spoke", body = Problem),
        (status = 429, description = "Too many requests", body = Problem),
        (status = 503, description = "Speech is not available now: type instead", body = Problem)
    )
)]
pub async fn speech(
    State(app): State<Arc<App>>,
    PatientSession(opened): PatientSession,
    ApiQuery(query): ApiQuery<SpeechQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    app.limits
        .session(opened.session.id)
        .map_err(ApiError::TooMany)?;
    let announced = headers
        .get(axum::http::header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<u64>().ok());
    if announced.is_some_and(|length| length > LIMIT) {
        return Err(ApiError::TooLarge);
    }
    let (sender, receiver) = mpsc::unbounded_channel();
    let cancel = CancellationToken::new();
    // A task of its own: whoever hangs up cancels the call, and its row of the ledger is still closed.
    let guard = cancel.clone().drop_guard();
    tokio::spawn(async move {
        let pieces = sender.clone();
        let mut on_text = |piece: &str| {
            // Nobody listening is no loss.
            let _ = pieces.send(Heard::Piece(piece.to_owned()));
        };
        let language = query.language.as_deref();
        let ended = recognise(&app, &opened, body, language, &cancel, &mut on_text).await;
        let _ = sender.send(Heard::Ended(ended));
    });
    let heard = stream::unfold((receiver, guard), async |(mut receiver, guard)| {
        receiver
            .recv()
            .await
            .map(|heard| (heard, (receiver, guard)))
    });
    let wants_stream = headers
        .get(axum::http::header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/event-stream"));
    if wants_stream {
        return Ok(as_stream(heard));
    }
    let mut heard = Box::pin(heard);
    while let Some(one) = heard.next().await {
        if let Heard::Ended(ended) = one {
            return Ok(Answer(ended?).into_response());
        }
    }
    Err(ApiError::Internal)
}

fn as_stream(heard: impl Stream<Item = Heard> + Send + 'static) -> Response {
    let frames = heard.map(|heard| {
        let (name, data) = match heard {
            Heard::Piece(text) => ("delta", serde_json::to_string(&Delta { text })),
            Heard::Ended(Ok(transcript)) => ("transcript", serde_json::to_string(&transcript)),
            Heard::Ended(Err(error)) => {
                let code = ApiError::from(error).problem().code;
                (
                    "failed",
                    serde_json::to_string(&serde_json::json!({ "code": code })),
                )
            }
        };
        // These values always write as JSON.
        Ok::<Frame, Infallible>(Frame::default().event(name).data(data.unwrap_or_default()))
    });
    let sse = Sse::new(frames).keep_alive(KeepAlive::new().interval(COMMENT).text(""));
    let mut response = sse.into_response();
    response
        .headers_mut()
        .insert(ACCEL, HeaderValue::from_static("no"));
    response
}
