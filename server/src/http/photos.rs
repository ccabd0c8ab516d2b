//! Photos of a report.

use std::sync::Arc;

use axum::Json as Answer;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use wire::problem::Problem;
use wire::report::{Photo, PhotoAbout};

use super::error::{self, ApiError};
use super::extract::{self, ApiPath, ApiQuery, ApplicationKey, PatientSession};
use crate::App;
use crate::report::photos;

/// A file of a patient.
#[derive(Debug)]
pub struct File(Bytes);

impl FromRequest<Arc<App>> for File {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &Arc<App>) -> Result<Self, ApiError> {
        extract::bytes(request, photos::LIMIT).await.map(Self)
    }
}

/// What the photo shows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PhotoQuery {
    /// `body`, `medicine`, `document`, or `other` if absent.
    #[serde(default)]
    about: PhotoAbout,
}

/// A photo of the session in the path.
#[derive(Debug, Deserialize)]
pub struct Named {
    photo: String,
}

/// A photo of a report.
#[derive(Debug, Deserialize)]
pub struct Fetched {
    report: String,
    photo: String,
}

fn jpeg(found: Option<Vec<u8>>) -> Result<Response, ApiError> {
    let jpeg = found.ok_or(ApiError::NotFound)?;
    Ok(([(CONTENT_TYPE, "image/jpeg")], jpeg).into_response())
}

/// Adds a photo to the report: at most 12 MiB and 60 million dots, at most six of them. It is written anew as JPEG of at most
/// 2000 dots a side; place, time and whatever else the camera wrote are not kept.
#[utoipa::path(
    post,
    path = "/sessions/{session}/photos",
    operation_id = "add_photo",
    tag = "patient",
    security(("session_token" = [])),
    params(("session" = String, Path, description = "Session id"), PhotoQuery),
    request_body(content = Vec<u8>, content_type = "image/*", description = "JPEG, PNG or WebP, told by its first bytes"),
    responses(
        (status = 201, description = "Added", body = Photo),
        (status = 401, description = "No token", body = Problem),
        (status = 404, description = "No session this token opens, or no history is taken in it", body = Problem),
        (status = 410, description = "The session has ended", body = Problem),
        (status = 413, description = "More than 12 MiB", body = Problem),
        (status = 415, description = "No photo", body = Problem),
        (status = 422, description = "Damaged (`photo_damaged`), too many dots (`photo_too_large`), or there are six (`too_many_photos`)", body = Problem),
        (status = 429, description = "Too many requests", body = Problem)
    )
)]
pub async fn add(
    State(app): State<Arc<App>>,
    PatientSession(opened): PatientSession,
    ApiQuery(query): ApiQuery<PhotoQuery>,
    File(file): File,
) -> Result<Response, ApiError> {
    app.limits
        .session(opened.session.id)
        .map_err(ApiError::TooMany)?;
    let photo: Photo = photos::add(&app, &opened, query.about, file).await?;
    Ok(error::created(Answer(photo)))
}

/// A photo of the report.
#[utoipa::path(
    get,
    path = "/sessions/{session}/photos/{photo}",
    operation_id = "photo",
    tag = "patient",
    security(("session_token" = [])),
    params(
        ("session" = String, Path, description = "Session id"),
        ("photo" = String, Path, description = "Photo id")
    ),
    responses(
        (status = 200, description = "The photo", content_type = "image/jpeg", body = Vec<u8>),
        (status = 401, description = "No token", body = Problem),
        (status = 404, description = "No photo this token opens", body = Problem)
    )
)]
pub async fn photo(
    State(app): State<Arc<App>>,
    PatientSession(opened): PatientSession,
    ApiPath(named): ApiPath<Named>,
) -> Result<Response, ApiError> {
    jpeg(photos::of_session(&app, &opened, &named.photo).await?)
}

/// Takes a photo back. A report submitted with it keeps it: what was submitted does not change.
#[utoipa::path(
    delete,
    path = "/sessions/{session}/photos/{photo}",
    operation_id = "remove_photo",
    tag = "patient",
    security(("session_token" = [])),
    params(
        ("session" = String, Path, description = "Session id"),
        ("photo" = String, Path, description = "Photo id")
    ),
    responses(
        (status = 204, description = "Taken back"),
        (status = 401, description = "No token", body = Problem),
        (status = 404, description = "No photo this token opens", body = Problem),
        (status = 410, description = "The session has ended", body = Problem)
    )
)]
pub async fn remove(
    State(app): State<Arc<App>>,
    PatientSession(opened): PatientSession,
    ApiPath(named): ApiPath<Named>,
) -> Result<Response, ApiError> {
    photos::remove(&app, &opened, &named.photo).await?;
    Ok(error::no_content())
}

/// A photo of a submitted report, for another system.
#[utoipa::path(
    get,
    path = "/reports/{report}/photos/{photo}",
    operation_id = "fetch_photo",
    tag = "systems",
    security(("application_key" = [])),
    params(
        ("report" = String, Path, description = "Id of a report, or code for the desk"),
        ("photo" = String, Path, description = "Photo id")
    ),
    responses(
        (status = 200, description = "The photo", content_type = "image/jpeg", body = Vec<u8>),
        (status = 401, description = "No key", body = Problem),
        (status = 404, description = "No photo this key opens, or the code has expired", body = Problem)
    )
)]
pub async fn fetch(
    State(app): State<Arc<App>>,
    ApplicationKey(application): ApplicationKey,
    ApiPath(named): ApiPath<Fetched>,
) -> Result<Response, ApiError> {
    jpeg(photos::fetch(&app, &application, &named.report, &named.photo).await?)
}
