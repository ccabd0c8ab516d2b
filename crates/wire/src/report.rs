//! `GET /api/v1/sessions/{id}/report` and `POST …/report/submit`: the pre-consultation report.

use serde::{Deserialize, Serialize};

use crate::Localized;
use crate::link::Visit;
use crate::session::Profile;

/// A section of the report, in the order of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// What brings the patient.
    ChiefComplaint,
    /// History of the present illness.
    PresentIllness,
    /// Long illnesses, operations, stays in hospital.
    PastHistory,
    /// Medicines taken now.
    Medicines,
    /// Allergies.
    Allergies,
    /// Illnesses in the family.
    Family,
    /// Habits, work, birth and growth.
    Personal,
    /// Periods, pregnancies, births.
    MenstrualObstetric,
    /// Vaccinations.
    Vaccination,
    /// Measurements the patient reports.
    VitalSigns,
    /// What the patient wants of the visit.
    Wishes,
    /// What the patient was told.
    Told,
    /// A section this reader does not know.
    #[serde(other)]
    Unknown,
}

/// What is known of a line's matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LineStatus {
    /// It is so.
    Present,
    /// It was denied.
    Denied,
    /// Not asked.
    NotAsked,
    /// Asked, and the patient does not know or left it open. Also for a status this reader does not know.
    #[serde(other)]
    Unknown,
}

/// How a line is set right: by a turn with this input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LineChange {
    /// `change` with this question: it is asked again.
    Question(String),
    /// `correct` with this finding.
    Finding(String),
}

/// The patient's own words behind a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Quote {
    /// Sequence of the `patient_said` they stand in.
    pub seq: u64,
    /// The words.
    pub words: String,
}

/// One sentence of the report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Line {
    /// Stable id: a correction names it.
    pub id: String,
    /// Where it stands.
    pub section: Section,
    /// What is known of its matter.
    pub status: LineStatus,
    /// The sentence.
    pub text: Localized,
    /// The patient's own words behind it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quotes: Vec<Quote>,
    /// Sequences of the events it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cites: Vec<u64>,
    /// The number of a measurement: °C, mmHg, a minute, percent, mmol/l, 0 to 10, weeks, as `measure:NAME` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The patient said both yes and no.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub contradicts: bool,
    /// How to set it right; absent where it cannot be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<LineChange>,
    /// Struck out by the patient. A submitted report has no such lines.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub struck: bool,
    /// Name and version of the template with which a model put the sentence more smoothly; absent if it is as the program says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

/// What a photo shows, as the patient says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PhotoAbout {
    /// A place on the body.
    Body,
    /// A medicine or its box.
    Medicine,
    /// A result, a letter, an earlier record.
    Document,
    /// Nothing was said. Also for what this reader does not know.
    #[default]
    #[serde(other)]
    Other,
}

/// A photo added by the patient: JPEG, written anew, with nothing in it but the picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Photo {
    /// Its id.
    pub id: String,
    /// What it shows.
    pub about: PhotoAbout,
    /// Size in bytes.
    pub bytes: u32,
    /// Width in dots.
    pub width: u32,
    /// Height in dots.
    pub height: u32,
}

/// What changed of a line against the version before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Difference {
    /// The line, or `photo:ID`.
    pub line: String,
    /// As it was; absent if it is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Localized>,
    /// As it is; absent if it was taken out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Localized>,
}

/// A QR code as one SVG path: dark squares in a grid of `size` by `size`, quiet zone included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Qr {
    /// Squares a side: width and height of the `viewBox`.
    pub size: u32,
    /// The path's `d`.
    pub path: String,
}

/// A submitted report's promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Submitted {
    /// Id of the report.
    pub id: String,
    /// 1 for the first; a correction is the next.
    pub version: u32,
    /// Code for the desk: opaque, shown to the patient and as a QR code.
    pub code: String,
    /// The code to be scanned at the desk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qr: Option<Qr>,
    /// RFC 3339 time the code stops opening the report.
    pub code_expires_at: String,
    /// RFC 3339 time of the submission.
    pub submitted_at: String,
}

/// The report: a draft until it is submitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Report {
    /// Chief complaint in the record's own form.
    pub chief_complaint: Localized,
    /// The patient, as far as told.
    pub profile: Profile,
    /// Lines in the order of the record.
    pub lines: Vec<Line>,
    /// Photos the patient added, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
    /// The visit it was taken for, if the hospital's link named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<Visit>,
    /// Sequence of the last event it was folded from; a submission names it.
    pub seq: u64,
    /// The submission that holds exactly this, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitted: Option<Submitted>,
    /// Against the version submitted before, if there is one and something changed since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
}

/// `POST /api/v1/sessions/{id}/report/submit`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Submission {
    /// The `seq` of the report the patient read and submits. If more was said since, the submission is refused with 409.
    pub seq: u64,
}
