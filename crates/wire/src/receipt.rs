//! What a receipt code shows, without sign-in.

use serde::{Deserialize, Serialize};

/// `GET /api/v1/receipts/{code}` and the answer to `DELETE /api/v1/sessions/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// The code.
    pub code: String,
    /// State of the data.
    pub state: ReceiptState,
    /// RFC 3339 time of the erasure, once erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<String>,
    /// RFC 3339 time from which no backup can hold a readable copy, once erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreadable_in_backups_by: Option<String>,
    /// RFC 3339 time of planned deletion, while kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
}

/// State of a session's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReceiptState {
    /// Kept and readable with its key.
    Kept,
    /// Erased: the key is gone, then the rows.
    Erased,
    /// A state this reader does not know.
    #[serde(other)]
    Unknown,
}
