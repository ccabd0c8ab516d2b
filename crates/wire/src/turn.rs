//! `POST /api/v1/sessions/{id}/turns`: one patient input.

use serde::{Deserialize, Serialize};

/// An answer given by tapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Chosen {
    /// The question answered.
    pub question: String,
    /// The choices tapped, at least one.
    pub choices: Vec<String>,
}

/// An answer given as a number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Valued {
    /// The question answered.
    pub question: String,
    /// The number, within the question's `min` and `max`.
    pub value: f64,
    /// The unit chosen, for a duration (`minutes`, `hours`, `days`, `weeks`, `months`, `years`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// An answer given as a calendar day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dated {
    /// The question answered.
    pub question: String,
    /// The day, `YYYY-MM-DD`, not in the future.
    pub date: String,
}

/// A question of the report to be answered again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reopened {
    /// The question, as a line of the report names it.
    pub question: String,
}

/// What is true of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FindingStatus {
    /// The patient has it.
    Present,
    /// The patient does not.
    Absent,
    /// The patient does not know.
    Unknown,
}

/// A finding of the report set right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Correction {
    /// The finding, as a line of the report names it.
    pub finding: String,
    /// What is true.
    pub status: FindingStatus,
}

/// A line of the report struck out, or put back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Struck {
    /// The line.
    pub line: String,
    /// Struck out, or put back.
    pub struck: bool,
}

/// A question the patient passes over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Skipped {
    /// The question passed over.
    pub question: String,
}

/// "This is not right" on the emergency card.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotRight {
    /// The corrected words, if the patient gave any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// One patient input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// Who it is for, age, sex: the first turn of a session, and again when the patient corrects it. May be empty.
    Profile(crate::session::Profile),
    /// Free text.
    Text(String),
    /// Tapped answers. The question `complaint` takes complaint ids at any time.
    Choice(Chosen),
    /// A number.
    Values(Valued),
    /// A calendar day.
    Date(Dated),
    /// The history is to be taken down for the doctor: the interview begins.
    Interview {},
    /// A question of the report is to be answered again.
    Change(Reopened),
    /// A finding of the report set right.
    Correct(Correction),
    /// A line of the report struck out, or put back.
    Strike(Struck),
    /// Passed over.
    Skip(Skipped),
    /// Take back the last answer.
    Back {},
    /// The card is not right.
    NotRight(NotRight),
}

/// The body of a turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TurnRequest {
    /// Client-made UUID: the same id with the same input replays the same turn.
    pub turn_id: String,
    /// The input.
    pub input: Input,
}
