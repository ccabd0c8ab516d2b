//! What anybody may read: an application, and its organisation's published directory.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use consult::guide::Index;
use serde::Deserialize;
use utoipa::IntoParams;
use wire::application::Application;
use wire::directory::{Department, Doctor, Hospital, Page};
use wire::problem::Problem;

use super::error::ApiError;
use super::extract::{ApiPath, ApiQuery};
use crate::App;
use crate::directory::lists::{self, Narrowing};
use crate::store;

async fn found(
    app: &App,
    id: &str,
) -> Result<(store::applications::Application, Arc<Index>), ApiError> {
    let (organisation, application, version) = {
        let mut reader = app.store.reader().await?;
        let (organisation, application) = store::applications::find(&mut reader, id)
            .await?
            .ok_or(ApiError::NotFound)?;
        let version = store::directory::version(&mut reader, &organisation).await?;
        (organisation, application, version)
    };
    app.limits
        .application(&application.id, application.requests_per_minute)
        .map_err(ApiError::TooMany)?;
    let index = app
        .indexes
        .get(&app.store, &app.knowledge, &organisation, version)
        .await?;
    Ok((application, index))
}

/// What a page needs before a session.
#[utoipa::path(
    get,
    path = "/applications/{app}",
    operation_id = "application",
    tag = "public",
    params(("app" = String, Path, description = "Application id")),
    responses(
        (status = 200, description = "The application", body = Application),
        (status = 404, description = "No such application", body = Problem)
    )
)]
pub async fn application(
    State(app): State<Arc<App>>,
    ApiPath(id): ApiPath<String>,
) -> Result<Json<Application>, ApiError> {
    let (application, index) = found(&app, &id).await?;
    let providers = app.providers(
        application.model.as_ref(),
        application.speech.as_ref(),
        application.voice,
        application.network_type == "intranet",
    );
    Ok(Json(crate::application::shown(
        &application,
        &index.directory,
        &app.knowledge,
        &app.texts,
        &providers,
    )))
}

/// What a list is narrowed by.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HospitalQuery {
    /// Words that must all stand in a row.
    search: Option<String>,
    /// The last page's `next`.
    cursor: Option<String>,
}

/// Hospitals.
#[utoipa::path(
    get,
    path = "/applications/{app}/hospitals",
    operation_id = "hospitals",
    tag = "public",
    params(("app" = String, Path, description = "Application id"), HospitalQuery),
    responses(
        (status = 200, description = "A page of hospitals", body = Page<Hospital>),
        (status = 404, description = "No such application", body = Problem)
    )
)]
pub async fn hospitals(
    State(app): State<Arc<App>>,
    ApiPath(id): ApiPath<String>,
    ApiQuery(query): ApiQuery<HospitalQuery>,
) -> Result<Json<Page<Hospital>>, ApiError> {
    let (_, index) = found(&app, &id).await?;
    let by = Narrowing {
        owner: None,
        search: query.search.as_deref(),
        cursor: query.cursor.as_deref(),
    };
    Ok(Json(lists::hospitals(&index.directory, &by)))
}

/// One hospital.
#[utoipa::path(
    get,
    path = "/applications/{app}/hospitals/{hospital}",
    operation_id = "hospital",
    tag = "public",
    params(("app" = String, Path, description = "Application id"), ("hospital" = String, Path, description = "Hospital id")),
    responses(
        (status = 200, description = "The hospital", body = Hospital),
        (status = 404, description = "No such hospital", body = Problem)
    )
)]
pub async fn hospital(
    State(app): State<Arc<App>>,
    ApiPath((id, hospital)): ApiPath<(String, String)>,
) -> Result<Json<Hospital>, ApiError> {
    let (_, index) = found(&app, &id).await?;
    let one = index
        .directory
        .hospitals
        .iter()
        .find(|one| one.id == hospital);
    Ok(Json(lists::hospital(one.ok_or(ApiError::NotFound)?)))
}

/// What departments are narrowed by.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DepartmentQuery {
    /// Only of this hospital.
    hospital: Option<String>,
    /// Words that must all stand in a row.
    search: Option<String>,
    /// The last page's `next`.
    cursor: Option<String>,
}

/// Departments.
#[utoipa::path(
    get,
    path = "/applications/{app}/departments",
    operation_id = "departments",
    tag = "public",
    params(("app" = String, Path, description = "Application id"), DepartmentQuery),
    responses(
        (status = 200, description = "A page of departments", body = Page<Department>),
        (status = 404, description = "No such application", body = Problem)
    )
)]
pub async fn departments(
    State(app): State<Arc<App>>,
    ApiPath(id): ApiPath<String>,
    ApiQuery(query): ApiQuery<DepartmentQuery>,
) -> Result<Json<Page<Department>>, ApiError> {
    let (_, index) = found(&app, &id).await?;
    let by = Narrowing {
        owner: query.hospital.as_deref(),
        search: query.search.as_deref(),
        cursor: query.cursor.as_deref(),
    };
    Ok(Json(lists::departments(&index.directory, &by)))
}

/// One department.
#[utoipa::path(
    get,
    path = "/applications/{app}/departments/{department}",
    operation_id = "department",
    tag = "public",
    params(("app" = String, Path, description = "Application id"), ("department" = String, Path, description = "Department id")),
    responses(
        (status = 200, description = "The department", body = Department),
        (status = 404, description = "No such department", body = Problem)
    )
)]
pub async fn department(
    State(app): State<Arc<App>>,
    ApiPath((id, department)): ApiPath<(String, String)>,
) -> Result<Json<Department>, ApiError> {
    let (_, index) = found(&app, &id).await?;
    let one = index
        .directory
        .departments
        .iter()
        .find(|one| one.id == department);
    Ok(Json(lists::department(one.ok_or(ApiError::NotFound)?)))
}

/// What doctors are narrowed by.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DoctorQuery {
    /// Only of this department.
    department: Option<String>,
    /// Words that must all stand in a row.
    search: Option<String>,
    /// The last page's `next`.
    cursor: Option<String>,
}

/// Doctors.
#[utoipa::path(
    get,
    path = "/applications/{app}/doctors",
    operation_id = "doctors",
    tag = "public",
    params(("app" = String, Path, description = "Application id"), DoctorQuery),
    responses(
        (status = 200, description = "A page of doctors", body = Page<Doctor>),
        (status = 404, description = "No such application", body = Problem)
    )
)]
pub async fn doctors(
    State(app): State<Arc<App>>,
    ApiPath(id): ApiPath<String>,
    ApiQuery(query): ApiQuery<DoctorQuery>,
) -> Result<Json<Page<Doctor>>, ApiError> {
    let (_, index) = found(&app, &id).await?;
    let by = Narrowing {
        owner: query.department.as_deref(),
        search: query.search.as_deref(),
        cursor: query.cursor.as_deref(),
    };
    Ok(Json(lists::doctors(&index.directory, &by)))
}

/// One doctor.
#[utoipa::path(
    get,
    path = "/applications/{app}/doctors/{doctor}",
    operation_id = "doctor",
    tag = "public",
    params(("app" = String, Path, description = "Application id"), ("doctor" = String, Path, description = "Doctor id")),
    responses(
        (status = 200, description = "The doctor", body = Doctor),
        (status = 404, description = "No such doctor", body = Problem)
    )
)]
pub async fn doctor(
    State(app): State<Arc<App>>,
    ApiPath((id, doctor)): ApiPath<(String, String)>,
) -> Result<Json<Doctor>, ApiError> {
    let (_, index) = found(&app, &id).await?;
    let one = index.directory.doctors.iter().find(|one| one.id == doctor);
    Ok(Json(lists::doctor(
        &index.directory,
        one.ok_or(ApiError::NotFound)?,
    )))
}
