//! Whether the process lives and whether it can serve.

use std::sync::Arc;

use axum::extract::State;

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

/// It can serve: the store answers and no shutdown has begun.
#[utoipa::path(
    get,
    path = "/readyz",
    operation_id = "readyz",
    tag = "operations",
    responses(
        (status = 200, description = "It can serve", body = String),
        (status = 503, description = "Shutting down, or the store does not answer", body = wire::problem::Problem)
    )
)]
pub async fn ready(State(app): State<Arc<App>>) -> Result<&'static str, ApiError> {
    if *app.shutdown.borrow() {
        return Err(ApiError::Unavailable);
    }
    let reader = app.store.reader().await;
    crate::store::applications::first(&mut *reader.map_err(|_| ApiError::Unavailable)?)
        .await
        .map_err(|_| ApiError::Unavailable)?;
    Ok("ready\n")
}
