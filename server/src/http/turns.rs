//! Turns and events: as a stream, or as one array for proxies and web views that hold streams back.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json as Answer;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::sse::{Event as Frame, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt};
use serde::Deserialize;
use utoipa::IntoParams;
use wire::event::SequencedEvent;
use wire::problem::Problem;
use wire::turn::TurnRequest;

use super::error::{self, ApiError};
use super::extract::{ApiQuery, Json, PatientSession, PatientTurn, wants_json};
use super::metrics;
use crate::App;
use crate::conversation::{self, replay};
use crate::ids::TurnId;

/// A quiet stream says that it lives, so often.
pub(super) const COMMENT: Duration = Duration::from_secs(15);
/// Seconds a client waits when too many listen to one session.
const STREAMS_WAIT: u64 = 5;
pub(super) const ACCEL: HeaderName = HeaderName::from_static("x-accel-buffering");
const TIMING: HeaderName = HeaderName::from_static("server-timing");

/// Takes one turn and answers its events, as a stream or as an array.
#[utoipa::path(
    post,
    path = "/sessions/{session}/turns",
    operation_id = "take_turn",
    tag = "patient",
    security(("session_token" = [])),
    params(("session" = String, Path, description = "Session id")),
    request_body = TurnRequest,
    responses(
        (status = 200, description = "The turn's events: `text/event-stream` by default, an array for `Accept: application/json`", body = [SequencedEvent]),
        (status = 401, description = "No token", body = Problem),
        (status = 404, description = "No session this token opens", body = Problem),
        (status = 409, description = "`turn_running` with the turn to listen to, or `alerted`", body = Problem),
        (status = 410, description = "The session has ended", body = Problem),
        (status = 422, description = "The input does not fit; the code says how", body = Problem)
    )
)]
pub async fn take(
    State(app): State<Arc<App>>,
    PatientTurn(opened, situation): PatientTurn,
    headers: HeaderMap,
    Json(request): Json<TurnRequest>,
) -> Result<Response, ApiError> {
    let began = Instant::now();
    app.limits
        .session(opened.session.id)
        .map_err(ApiError::TooMany)?;
    let turn = TurnId::parse(&request.turn_id).ok_or(ApiError::Input("turn_id_not_a_uuid"))?;
    let session = opened.session.id;
    let taken =
        conversation::take_turn(&app, opened.clone(), situation, turn, request.input).await?;
    if wants_json(&headers) {
        // Whoever waits for the array listens too; hung up on, the turn is nobody's.
        let _listening = app.live.listen(session, usize::MAX);
        let events = taken.events().await?;
        return Ok(timed(began.elapsed(), Answer(events)));
    }
    let events = replay::follow_turn(&app, opened, taken).ok_or(ApiError::TooMany(STREAMS_WAIT))?;
    let events = events.inspect(move |event| {
        if matches!(event.event, wire::event::Event::Done(_)) {
            metrics::turn(began.elapsed());
        }
    });
    Ok(stream(events))
}

fn timed(took: Duration, body: impl IntoResponse) -> Response {
    metrics::turn(took);
    let mut response = body.into_response();
    let timing = format!("turn;dur={:.3}", took.as_secs_f64() * 1000.0);
    if let Ok(value) = HeaderValue::from_str(&timing) {
        response.headers_mut().insert(TIMING, value);
    }
    response
}

/// From where events are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventsQuery {
    /// Only events after this sequence; `Last-Event-ID` says the same.
    after: Option<u64>,
}

/// The session's events after a sequence: replayed, then live; or an array of the replay.
#[utoipa::path(
    get,
    path = "/sessions/{session}/events",
    operation_id = "events",
    tag = "patient",
    security(("session_token" = [])),
    params(("session" = String, Path, description = "Session id"), EventsQuery),
    responses(
        (status = 200, description = "Events: `text/event-stream` by default, an array for `Accept: application/json`", body = [SequencedEvent]),
        (status = 401, description = "No token", body = Problem),
        (status = 404, description = "No session this token opens", body = Problem),
        (status = 429, description = "Too many streams of this session", body = Problem)
    )
)]
pub async fn events(
    State(app): State<Arc<App>>,
    PatientSession(opened): PatientSession,
    ApiQuery(query): ApiQuery<EventsQuery>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let last = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse().ok());
    let after = query.after.or(last).unwrap_or(0);
    if wants_json(&headers) {
        return Ok(Answer(replay::after(&app, &opened, after).await?).into_response());
    }
    let events = replay::follow(&app, opened, after).ok_or(ApiError::TooMany(STREAMS_WAIT))?;
    Ok(stream(events))
}

fn stream(events: impl Stream<Item = SequencedEvent> + Send + 'static) -> Response {
    let frames = events.map(|event| Ok::<Frame, Infallible>(frame(&event)));
    let sse = Sse::new(frames).keep_alive(KeepAlive::new().interval(COMMENT).text(""));
    let mut response = sse.into_response();
    response
        .headers_mut()
        .insert(ACCEL, HeaderValue::from_static("no"));
    response
}

fn frame(event: &SequencedEvent) -> Frame {
    let frame = Frame::default().event(event.event.tag());
    let frame = match event.seq {
        Some(seq) => frame.id(seq.to_string()),
        None => frame,
    };
    // These types always write as JSON; an empty value would be skipped by the page and asked for again.
    frame.data(event.event.data().unwrap_or_default())
}

/// Stops the run of the session, if one is running.
#[utoipa::path(
    post,
    path = "/sessions/{session}/stop",
    operation_id = "stop",
    tag = "patient",
    security(("session_token" = [])),
    params(("session" = String, Path, description = "Session id")),
    responses(
        (status = 204, description = "Nothing runs any more, or it ends at once by itself"),
        (status = 401, description = "No token", body = Problem),
        (status = 404, description = "No session this token opens", body = Problem)
    )
)]
pub async fn stop(
    State(app): State<Arc<App>>,
    PatientSession(opened): PatientSession,
) -> Result<Response, ApiError> {
    conversation::stop(&app, &opened).await?;
    Ok(error::no_content())
}
