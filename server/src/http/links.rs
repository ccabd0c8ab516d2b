//! Links with which a hospital's system hands patients over.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State;
use axum::response::Response;
use wire::link::{Link, NewLink};
use wire::problem::Problem;

use super::error::{self, ApiError};
use super::extract::{ApplicationKey, Json};
use crate::{App, links};

/// Makes a link that works once. The patient who opens it begins with the interview; what the link carries is known already.
#[utoipa::path(
    post,
    path = "/links",
    operation_id = "make_link",
    tag = "systems",
    security(("application_key" = [])),
    request_body = NewLink,
    responses(
        (status = 201, description = "The link, once", body = Link),
        (status = 401, description = "No key", body = Problem),
        (status = 404, description = "No application this key opens", body = Problem),
        (status = 422, description = "Fields that do not fit, or the application takes no history", body = Problem)
    )
)]
pub async fn make(
    State(app): State<Arc<App>>,
    ApplicationKey(application): ApplicationKey,
    Json(new): Json<NewLink>,
) -> Result<Response, ApiError> {
    let link: Link = links::make(&app, &application, &new).await?;
    Ok(error::created(Answer(link)))
}
