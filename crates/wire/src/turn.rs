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

/// A finding of the report set right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Correction {
    /// The finding, as a line of the report names it.
    pub finding: String,
    /// Whether the patient has it; absent if they do not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub present: Option<bool>,
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
    /// Free text. To a question for a date, a day written `YYYY-MM-DD` is that day; it must not lie in the future.
    Text(String),
    /// Tapped answers. The question `complaint` takes complaint ids at any time.
    Choice(Chosen),
    /// A number.
    Values(Valued),
    /// The history is to be taken down for the doctor: the interview begins.
    Interview {},
    /// A question of the report is to be answered again: its id, as a line names it.
    Change(String),
    /// A finding of the report set right.
    Correct(Correction),
    /// A line of the report struck out: its id.
    Strike(String),
    /// A line of the report put back: its id.
    Restore(String),
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
