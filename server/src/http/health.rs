//! Whether the process lives and whether it can serve.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::error::ApiError;
use crate::App;

/// The process lives.
#[utoipa::path(
    get,
    path = "/healthz",
    operation_id = "healthz",
    tag = "operations",
    responses((status = 200, description = "It lives", body = String))
)]
pub async fn live() -> &'static str {
    "ok\n"
}

/// Whether it can serve, and how the computers it calls are.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Readiness {
    /// Always `ready`: otherwise the answer is a problem document.
    status: &'static str,
    /// The language model's circuit: `closed` (calls go out), `half_open`, `open` (it is left alone), or `off`.
    model: &'static str,
    /// The speech provider's circuit, the same.
    speech: &'static str,
}

/// It can serve: the store answers and no shutdown has begun. A model or a speech provider that is down is told and changes
/// nothing: patients are served without it.
#[utoipa::path(
    get,
    path = "/readyz",
    operation_id = "readyz",
    tag = "operations",
    responses(
        (status = 200, description = "It can serve", body = Readiness),
        (status = 503, description = "Shutting down, or the store does not answer", body = wire::problem::Problem)
    )
)]
pub async fn ready(State(app): State<Arc<App>>) -> Result<Json<Readiness>, ApiError> {
    if *app.shutdown.borrow() {
        return Err(ApiError::Unavailable);
    }
    let reader = app.store.reader().await;
    crate::store::applications::first(&mut *reader.map_err(|_| ApiError::Unavailable)?)
        .await
        .map_err(|_| ApiError::Unavailable)?;
    Ok(Json(Readiness {
        status: "ready",
        model: app.models.state(),
        speech: app.speeches.state(),
    }))
}
