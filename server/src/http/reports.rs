//! The pre-consultation report: read, submit, take away.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State;
use axum::http::HeaderMap;
#[cfg(feature = "pdf")]
use axum::http::header::CONTENT_DISPOSITION;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use wire::event::SequencedEvent;
use wire::problem::Problem;
use wire::report::{Report, Submission, Submitted};

use super::error::ApiError;
#[cfg(feature = "pdf")]
use super::extract::ApiQuery;
use super::extract::{ApiPath, ApplicationKey, FHIR_JSON, Json, PatientSession, wants_fhir};
use crate::App;
use crate::conversation::replay;
use crate::report::{self as report_use, documents};

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

/// The report as a FHIR R4 (4.0.1) document: a Bundle, Composition first.
#[utoipa::path(
    get,
    path = "/sessions/{session}/report.fhir.json",
    operation_id = "report_fhir",
    tag = "patient",
    security(("session_token" = [])),
    params(("session" = String, Path, description = "Session id")),
    responses(
        (status = 200, description = "The document", content_type = "application/fhir+json", body = Object),
        (status = 401, description = "No token", body = Problem),
        (status = 404, description = "No session this token opens, or no history was taken in it", body = Problem)
    )
)]
pub async fn fhir(
    State(app): State<Arc<App>>,
    PatientSession(opened): PatientSession,
) -> Result<Response, ApiError> {
    Ok(as_fhir(&documents::of_session(&app, &opened).await?))
}

/// Which language.
#[cfg(feature = "pdf")]
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PaperQuery {
    /// `zh` or `en`; the session's by default. A doctor may read another one than the patient.
    language: Option<String>,
}

/// The report as a PDF.
#[cfg(feature = "pdf")]
#[utoipa::path(
    get,
    path = "/sessions/{session}/report.pdf",
    operation_id = "report_pdf",
    tag = "patient",
    security(("session_token" = [])),
    params(("session" = String, Path, description = "Session id"), PaperQuery),
    responses(
        (status = 200, description = "The PDF", content_type = "application/pdf", body = Vec<u8>),
        (status = 401, description = "No token", body = Problem),
        (status = 404, description = "No session this token opens, or no history was taken in it", body = Problem)
    )
)]
pub async fn paper(
    State(app): State<Arc<App>>,
    PatientSession(opened): PatientSession,
    ApiQuery(query): ApiQuery<PaperQuery>,
) -> Result<Response, ApiError> {
    let printed = report_use::paper::of_session(&app, &opened, query.language.as_deref()).await?;
    let headers = [
        (CONTENT_TYPE, "application/pdf"),
        (CONTENT_DISPOSITION, "attachment; filename=\"report.pdf\""),
    ];
    Ok((headers, printed).into_response())
}

fn as_fhir(bundle: &serde_json::Value) -> Response {
    ([(CONTENT_TYPE, FHIR_JSON)], bundle.to_string()).into_response()
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
        (status = 200, description = "The report as submitted; with `Accept: application/fhir+json` as a FHIR R4 document", content(
            (Report = "application/json"),
            (Object = "application/fhir+json")
        )),
        (status = 401, description = "No key", body = Problem),
        (status = 404, description = "No report this key opens, or the code has expired", body = Problem)
    )
)]
pub async fn fetch(
    State(app): State<Arc<App>>,
    ApplicationKey(application): ApplicationKey,
    ApiPath(named): ApiPath<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if wants_fhir(&headers) {
        let bundle = documents::fetch(&app, &application, &named).await?;
        return bundle.as_ref().map(as_fhir).ok_or(ApiError::NotFound);
    }
    report_use::fetch(&app, &application, &named)
        .await?
        .map(|report| Answer(report).into_response())
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
