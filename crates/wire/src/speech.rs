//! `POST /api/v1/sessions/{id}/speech`: a recording, recognised.

use serde::{Deserialize, Serialize};

/// What was recognised in a recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Transcript {
    /// The words, for the patient to correct before they are sent.
    pub text: String,
    /// Language code, as recognised or as asked for.
    pub language: String,
    /// Length of the recording, seconds, if the provider says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
}
