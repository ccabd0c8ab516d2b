//! `POST /api/v1/links`: the hospital hands a patient over to the interview by a link that works once.

use serde::{Deserialize, Serialize};

use crate::Language;
use crate::session::Profile;
use crate::turn::Correction;

/// Which visit a history is taken for. Ids of the hospital's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Visit {
    /// Department, an id of the published directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Doctor, an id of the published directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doctor: Option<String>,
    /// Number of the visit in the hospital's system: at most 64 letters, digits, `-`, `_`, `.`, `:`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<String>,
}

/// What a link carries. None of it stands in its address.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewLink {
    /// The visit.
    #[serde(default)]
    pub visit: Visit,
    /// What is known of the patient.
    #[serde(default)]
    pub profile: Profile,
    /// Findings known, at most 30, by the ids of the knowledge. They stand in the report, and the patient can correct them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Correction>,
    /// Language of the page; the patient's browser decides without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Language>,
    /// Days it works if it is not used, 1 to 60; 14 without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
}

/// The link, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Link {
    /// Path on this server, to be put behind its address. What is secret stands behind `#` and is sent to no server.
    pub path: String,
    /// The code in it: 32 hexadecimal digits, for `link` of a new session.
    pub code: String,
    /// RFC 3339 time it stops working.
    pub expires_at: String,
}
