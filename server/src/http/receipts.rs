//! Receipts: what became of a session's data, and its erasure without sign-in.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use wire::problem::Problem;
use wire::receipt::Receipt;

use super::error::ApiError;
use super::extract::ApiPath;
use crate::App;
use crate::privacy;
use crate::privacy::receipt_code::ReceiptCode;

/// What a receipt code shows.
#[utoipa::path(
    get,
    path = "/receipts/{code}",
    operation_id = "receipt",
    tag = "public",
    params(("code" = String, Path, description = "Receipt code; case, spaces and hyphens do not count")),
    responses(
        (status = 200, description = "State of the data", body = Receipt),
        (status = 404, description = "No such code", body = Problem)
    )
)]
pub async fn show(
    State(app): State<Arc<App>>,
    ApiPath(code): ApiPath<String>,
) -> Result<Json<Receipt>, ApiError> {
    let code = ReceiptCode::parse(&code).ok_or(ApiError::NotFound)?;
    privacy::receipt(&app, &code)
        .await?
        .map(Json)
        .ok_or(ApiError::NotFound)
}

/// Withdraws and erases by receipt code.
#[utoipa::path(
    delete,
    path = "/receipts/{code}",
    operation_id = "erase_by_receipt",
    tag = "public",
    params(("code" = String, Path, description = "Receipt code; case, spaces and hyphens do not count")),
    responses(
        (status = 200, description = "Erased, now or before", body = Receipt),
        (status = 404, description = "No such code", body = Problem)
    )
)]
pub async fn erase(
    State(app): State<Arc<App>>,
    ApiPath(code): ApiPath<String>,
) -> Result<Json<Receipt>, ApiError> {
    let code = ReceiptCode::parse(&code).ok_or(ApiError::NotFound)?;
    privacy::erase_by_code(&app, &code)
        .await?
        .map(Json)
        .ok_or(ApiError::NotFound)
}
