//! `GET /api/v1/applications/{app}`: what the page needs before a session.

use serde::{Deserialize, Serialize};

use crate::{Language, Localized};

/// What an embedding of Anteroom offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ApplicationKind {
    /// Finds department and doctor.
    Guidance,
    /// Takes the history for the doctor.
    PreConsultation,
    /// Both, one after the other.
    Both,
    /// A kind this reader does not know.
    #[serde(other)]
    Unknown,
}

/// Where the patient is while using it: decides what the emergency card says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// At home or on the way: the card names the emergency number.
    Home,
    /// Inside the hospital: the card sends to the triage desk or any member of staff.
    OnSite,
    /// A setting this reader does not know; treated as home.
    #[serde(other)]
    Unknown,
}

/// One purpose the patient is asked to consent to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConsentText {
    /// Stable code: `service` (required), `training`, `model_provider`; `speech_provider` and `browser_speech`, which are asked when
    /// the microphone is first used; later `device_data`.
    pub purpose: String,
    /// Version of the text, raised with every change; a new version asks again.
    pub version: u32,
    /// Whether the service cannot be used without it. Exactly one purpose is required.
    pub required: bool,
    /// The text as shown.
    pub text: Localized,
    /// Lower-case hex SHA-256 of the UTF-8 text, by language code.
    pub sha256: std::collections::BTreeMap<Language, String>,
}

/// Whom to call, from the locale pack of the application's region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EmergencyContacts {
    /// Ambulance number as dialled, for example `120`.
    pub ambulance: String,
    /// Police number as dialled.
    pub police: String,
    /// Crisis line as dialled, for example `12356`.
    pub crisis_line: String,
}

/// The triage desk of a hospital, where people help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Desk {
    /// Hospital it stands in.
    pub hospital: Localized,
    /// Where it is.
    pub place: Localized,
    /// Telephone as dialled, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// Where an emergency department is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EmergencyDepartment {
    /// Hospital it belongs to.
    pub hospital: Localized,
    /// Street address and entrance.
    pub address: Localized,
    /// Telephone as dialled, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// An application as its page needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Application {
    /// Opaque id, as in `/embed/{app}`.
    pub id: String,
    /// Name shown in the header: the organisation's or the service's.
    pub name: Localized,
    /// What it offers.
    pub kind: ApplicationKind,
    /// Languages offered, best first.
    pub languages: Vec<Language>,
    /// Accent colour as `#rrggbb`, checked for contrast; absent means the product's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
    /// Where the patient is.
    pub setting: Setting,
    /// Whether self-care advice may be shown.
    pub self_care: bool,
    /// Whether this application has a speech provider.
    pub voice: bool,
    /// The consents asked, required one first.
    pub consents: Vec<ConsentText>,
    /// Notices shown on arrival.
    pub notices: Vec<Localized>,
    /// Whom to call.
    pub contacts: EmergencyContacts,
    /// Where people help.
    pub desks: Vec<Desk>,
    /// Emergency departments of this organisation.
    pub emergency_departments: Vec<EmergencyDepartment>,
    /// Complaints to pick from when there are no words, common ones first.
    pub complaints: Vec<ComplaintEntry>,
    /// Hash of the gate file: the page fetches `/knowledge/gate-{hash}.bin`.
    pub gate: String,
    /// Version of the server.
    pub version: String,
    /// Longest text one turn may hold, in Unicode scalar values.
    pub text_limit: u32,
    /// Days a session is kept.
    pub retention_days: u32,
}

/// One line of the list of complaints and of the body map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ComplaintEntry {
    /// Complaint id, sent back as a choice to the question `complaint`.
    pub id: String,
    /// Plain name.
    pub name: Localized,
    /// Body parts that lead to it: head eye ear nose mouth neck chest belly back groin arm hand leg foot skin genitals whole.
    pub body: Vec<String>,
    /// Among the first shown.
    pub common: bool,
}
