//! One question to the patient.

use serde::{Deserialize, Serialize};

use crate::Localized;

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// Choices `yes`, `no`, `unknown`.
    YesNo,
    /// One of the choices.
    Single,
    /// Any of the choices; an `exclusive` choice stands alone.
    Multiple,
    /// A number with a unit, between `min` and `max`.
    Number,
    /// A calendar date.
    Date,
    /// A number and one of the units in `choices` (`minutes`, `hours`, `days`, `weeks`, `months`, `years`).
    Duration,
    /// A whole number from `min` to `max`, shown as a scale.
    Scale,
    /// One of the complaints, picked by body part or from the list (the page has them from the application).
    BodyPart,
    /// Words; choices are answers in a word ("none", "I don't know").
    Text,
    /// Photos, sent to `POST …/photos`; the one choice says that they were. May be passed over.
    Photo,
    /// A kind this reader does not know: show the text, accept free text.
    #[serde(other)]
    Unknown,
}

/// Why a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To rule out danger; outside the budget.
    Danger,
    /// To find the department; inside the budget.
    Department,
    /// Age, sex, pregnancy, when a rule turns on it.
    Profile,
    /// To learn what brings the patient.
    Complaint,
    /// To take the history down for the doctor.
    History,
    /// A purpose this reader does not know.
    #[serde(other)]
    Unknown,
}

/// One answer that can be tapped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Choice {
    /// Sent back. Fixed ids: `yes`, `no`, `unknown` ("I don't know"), `none` ("none of these").
    pub id: String,
    /// Shown.
    pub label: Localized,
    /// Stands alone: choosing it clears the others ("none of these", "I don't know").
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exclusive: bool,
}

/// One question. Free text is always accepted instead of its control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Question {
    /// Id, sent back with the answer.
    pub id: String,
    /// The question in plain words.
    pub text: Localized,
    /// Why it is asked, one sentence.
    pub why: Localized,
    /// How it is answered.
    pub kind: QuestionKind,
    /// Why it is asked, as a code.
    pub purpose: Purpose,
    /// Tappable answers, or units for a duration. Empty for number, scale, date and body part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// Unit of a number as written (`°C`, `years`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Localized>,
    /// Smallest number taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Largest number taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// Step between numbers (0.1 for a temperature).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<f64>,
    /// About how many questions are left, this one included.
    pub remaining: u8,
    /// Asked in private words; not to be read aloud by itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub private: bool,
}
