//! The pre-consultation report: read, submit, take away.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State;
use wire::event::SequencedEvent;
use wire::problem::Problem;
use wire::report::{Report, Submission, Submitted};

use super::error::ApiError;
use super::extract::{ApiPath, ApplicationKey, Json, PatientSession};
use crate::conversation::replay;
use crate::{App, report as report_use};

/// The report as it stands: a draft until it is submitted. It is set right by turns (`change`, `correct`, `strike`, `restore`).
#[utoipa::path(
    get,
    path = "/sessions/{session}/report",
    operation_id = "report",
    tag = "patient",
    security(("session_token" = [])),
    params(("session" = String, Path, description = "Session id")),
    responses(
        (status = 200, description = "The report", body = Report),
        (status = 401, description = "No token", body = Problem),
        (status = 404, description = "No session this token opens, or no history was taken in it", body = Problem)
    )
)]
pub async fn report(
    State(app): State<Arc<App>>,
    PatientSession(opened): PatientSession,
) -> Result<Answer<Report>, ApiError> {
    Ok(Answer(report_use::read(&app, &opened).await?))
}

/// Submits the report the patient read. Submitting the same again answers the same; after a correction it is a new version.
#[utoipa::path(
    post,
    path = "/sessions/{session}/report/submit",
    operation_id = "submit_report",
    tag = "patient",
    security(("session_token" = [])),
    params(("session" = String, Path, description = "Session id")),
    request_body = Submission,
    responses(
        (status = 200, description = "Submitted, now or before", body = Submitted),
        (status = 401, description = "No token", body = Problem),
        (status = 404, description = "No session this token opens, or no history was taken in it", body = Problem),
        (status = 409, description = "More was said since the report was read, or a turn is running", body = Problem),
        (status = 410, description = "The session has ended", body = Problem),
        (status = 422, description = "The interview is not over", body = Problem)
    )
)]
pub async fn submit(
    State(app): State<Arc<App>>,
    PatientSession(opened): PatientSession,
    Json(submission): Json<Submission>,
) -> Result<Answer<Submitted>, ApiError> {
    Ok(Answer(
        report_use::submit(&app, &opened, &submission).await?,
    ))
}

/// A submitted report, for another system: by the id a message told, or by the code the patient shows at the desk.
#[utoipa::path(
    get,
    path = "/reports/{report}",
    operation_id = "fetch_report",
    tag = "systems",
    security(("application_key" = [])),
    params(("report" = String, Path, description = "Id of a report, or code for the desk; case, spaces and hyphens do not count in a code")),
    responses(
        (status = 200, description = "The report as submitted", body = Report),
        (status = 401, description = "No key", body = Problem),
        (status = 404, description = "No report this key opens, or the code has expired", body = Problem)
    )
)]
pub async fn fetch(
    State(app): State<Arc<App>>,
    ApplicationKey(application): ApplicationKey,
    ApiPath(named): ApiPath<String>,
) -> Result<Answer<Report>, ApiError> {
    report_use::fetch(&app, &application, &named)
        .await?
        .map(Answer)
        .ok_or(ApiError::NotFound)
}

/// Everything the patient may see of a session, as one JSON array of events.
#[utoipa::path(
    get,
    path = "/sessions/{session}/export",
    operation_id = "export",
    tag = "patient",
    security(("session_token" = [])),
    params(("session" = String, Path, description = "Session id")),
    responses(
        (status = 200, description = "The events", body = Vec<SequencedEvent>),
        (status = 401, description = "No token", body = Problem),
        (status = 404, description = "No session this token opens", body = Problem)
    )
)]
pub async fn export(
    State(app): State<Arc<App>>,
    PatientSession(opened): PatientSession,
) -> Result<Answer<Vec<SequencedEvent>>, ApiError> {
    Ok(Answer(replay::after(&app, &opened, 0).await?))
}
