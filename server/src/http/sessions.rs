//! Sessions: begin, state, consent, feedback, erasure.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use wire::problem::Problem;
use wire::receipt::Receipt;
use wire::session::{
    ConsentChange, CreatedSession, Feedback, NewSession, ResumeCode, ResumedSession, SessionState,
    TypedCode,
};

use super::error::{self, ApiError};
use super::extract::{ApiPath, ClientAddress, Json, PatientSession};
use crate::conversation::{begin, resume};
use crate::{App, feedback as feedback_use, privacy};

/// Begins a session. Repeated with the same id and secret it answers a fresh token.
#[utoipa::path(
    post,
    path = "/sessions",
    operation_id = "create_session",
    tag = "patient",
    request_body = NewSession,
    responses(
        (status = 201, description = "Begun; the token is answered once", body = CreatedSession),
        (status = 404, description = "No such application", body = Problem),
        (status = 409, description = "The id is another one's session", body = Problem),
        (status = 410, description = "The session has ended", body = Problem),
        (status = 422, description = "Fields that do not fit, or the required consent is missing", body = Problem)
    )
)]
pub async fn create(
    State(app): State<Arc<App>>,
    Json(new): Json<NewSession>,
) -> Result<Response, ApiError> {
    let created = begin::begin(&app, new).await?;
    Ok(error::created(Answer(created)))
}

/// Where a session stands, for resuming.
#[utoipa::path(
    get,
    path = "/sessions/{session}",
    operation_id = "session",
    tag = "patient",
    security(("session_token" = [])),
    params(("session" = String, Path, description = "Session id")),
    responses(
        (status = 200, description = "Its state", body = SessionState),
        (status = 401, description = "No token", body = Problem),
        (status = 404, description = "No session this token opens", body = Problem)
    )
)]
pub async fn state(
    State(app): State<Arc<App>>,
    PatientSession(opened): PatientSession,
) -> Result<Answer<SessionState>, ApiError> {
    Ok(Answer(begin::state(&app, &opened).await?))
}

/// Erases a session: key first, then rows. Answers the receipt.
#[utoipa::path(
    delete,
    path = "/sessions/{session}",
    operation_id = "erase_session",
    tag = "patient",
    security(("session_token" = [])),
    params(("session" = String, Path, description = "Session id")),
    responses(
        (status = 200, description = "Erased", body = Receipt),
        (status = 401, description = "No token", body = Problem),
        (status = 404, description = "No session this token opens", body = Problem)
    )
)]
pub async fn erase(
    State(app): State<Arc<App>>,
    PatientSession(opened): PatientSession,
) -> Result<Answer<Receipt>, ApiError> {
    Ok(Answer(privacy::erase_opened(&app, &opened).await?))
}

/// A code with which another device goes on.
#[utoipa::path(
    post,
    path = "/sessions/{session}/codes",
    operation_id = "make_code",
    tag = "patient",
    security(("session_token" = [])),
    params(("session" = String, Path, description = "Session id")),
    responses(
        (status = 201, description = "The code, once; an earlier one stops working", body = ResumeCode),
        (status = 401, description = "No token", body = Problem),
        (status = 404, description = "No session this token opens", body = Problem)
    )
)]
pub async fn make_code(
    State(app): State<Arc<App>>,
    PatientSession(opened): PatientSession,
) -> Result<Response, ApiError> {
    Ok(error::created(Answer(resume::make(&app, &opened).await?)))
}

/// Goes on with a session by its code, which works once. Five tries an address in a quarter of an hour.
#[utoipa::path(
    post,
    path = "/codes",
    operation_id = "resume_session",
    tag = "public",
    request_body = TypedCode,
    responses(
        (status = 200, description = "The session, with a token for this device", body = ResumedSession),
        (status = 404, description = "No such code, or it has expired or was used", body = Problem),
        (status = 429, description = "Too many tries", body = Problem)
    )
)]
pub async fn resume(
    State(app): State<Arc<App>>,
    ClientAddress(address): ClientAddress,
    Json(typed): Json<TypedCode>,
) -> Result<Answer<ResumedSession>, ApiError> {
    app.limits.code(address).map_err(ApiError::TooMany)?;
    resume::redeem(&app, typed)
        .await?
        .map(Answer)
        .ok_or(ApiError::NotFound)
}

/// Which consent.
#[derive(Debug, Deserialize)]
pub struct ConsentPath {
    purpose: String,
}

/// Gives a consent that was not given with the session, or withdraws one. Without the required one the session ends.
#[utoipa::path(
    put,
    path = "/sessions/{session}/consents/{purpose}",
    operation_id = "change_consent",
    tag = "patient",
    security(("session_token" = [])),
    params(
        ("session" = String, Path, description = "Session id"),
        ("purpose" = String, Path, description = "Purpose code")
    ),
    request_body = ConsentChange,
    responses(
        (status = 204, description = "Given or withdrawn, or it was before"),
        (status = 401, description = "No token", body = Problem),
        (status = 404, description = "No session this token opens, or no such purpose", body = Problem),
        (status = 410, description = "The session has ended", body = Problem),
        (status = 422, description = "The consent is not to the text that stands now", body = Problem)
    )
)]
pub async fn consent(
    State(app): State<Arc<App>>,
    PatientSession(opened): PatientSession,
    ApiPath(path): ApiPath<ConsentPath>,
    Json(change): Json<ConsentChange>,
) -> Result<Response, ApiError> {
    privacy::change_consent(&app, &opened, &path.purpose, change).await?;
    Ok(error::no_content())
}

/// Whether it helped.
#[utoipa::path(
    post,
    path = "/sessions/{session}/feedback",
    operation_id = "feedback",
    tag = "patient",
    security(("session_token" = [])),
    params(("session" = String, Path, description = "Session id")),
    request_body = Feedback,
    responses(
        (status = 204, description = "Noted; a second one replaces the first"),
        (status = 401, description = "No token", body = Problem),
        (status = 404, description = "No session this token opens", body = Problem),
        (status = 422, description = "Unknown reason", body = Problem)
    )
)]
pub async fn feedback(
    State(app): State<Arc<App>>,
    PatientSession(opened): PatientSession,
    Json(feedback): Json<Feedback>,
) -> Result<Response, ApiError> {
    feedback_use::note(&app, &opened, feedback).await?;
    Ok(error::no_content())
}
