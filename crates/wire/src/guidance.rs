//! Where to go, how soon and why: the end of a guidance session.

use serde::{Deserialize, Serialize};

use crate::Localized;

/// How soon somebody must be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CareLevel {
    /// Can be handled at home. Shown only where the organisation switched it on.
    SelfCare,
    /// An appointment that suits.
    Routine,
    /// Today.
    Urgent,
    /// Now.
    Emergency,
    /// A level this reader does not know; shown as urgent.
    #[serde(other)]
    Unknown,
}

/// A reason in the patient's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reason {
    /// What was understood.
    pub finding: Localized,
    /// The words it rests on, if it came from text; absent if it came from an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

/// A doctor as suggested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SuggestedDoctor {
    /// Directory id.
    pub id: String,
    /// Name as shown.
    pub name: Localized,
    /// Title (chief physician, …).
    pub title: Localized,
    /// Expertise in prose. Text only, never markup.
    pub expertise: Localized,
    /// Clinic kind in words (ordinary, expert, special).
    pub clinic: Localized,
    /// Weekly hours in words.
    pub hours: Localized,
    /// Fee in words, for example `¥25`; absent when not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<String>,
    /// Places left; absent means not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places_left: Option<u32>,
    /// What of the patient's words this doctor's expertise names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<Localized>,
}

/// A department as suggested, with names, floor and hours as they were when shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SuggestedDepartment {
    /// Directory id.
    pub id: String,
    /// Name as shown.
    pub name: Localized,
    /// Hospital (site).
    pub hospital: Localized,
    /// Building, floor, room.
    pub floor: Localized,
    /// Weekly hours in words.
    pub hours: Localized,
    /// Open at the time of the guidance; absent when not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_now: Option<bool>,
    /// How to prepare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prepare: Option<Localized>,
    /// What to bring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bring: Option<Localized>,
    /// Telephone as dialled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Booking link (https) with the choice filled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booking: Option<String>,
    /// Why this department, in the patient's own words.
    pub reasons: Vec<Reason>,
    /// Said when it is the nearest this hospital has, or when a routing rule chose it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Localized>,
    /// Doctors, best first.
    pub doctors: Vec<SuggestedDoctor>,
}

/// The four parts and the departments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Guidance {
    /// How soon.
    pub care_level: CareLevel,
    /// The level's name in the locale's own triage scale.
    pub level_name: Localized,
    /// By when.
    pub by_when: Localized,
    /// Where, if closed at this hour.
    pub where_if_closed: Localized,
    /// Until then.
    pub until_then: Localized,
    /// Come back at once if: two to five danger signs.
    pub come_back_if: Vec<Localized>,
    /// Danger signs still open (skipped or "I don't know"): why the level is no lower.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<Localized>,
    /// Up to three departments, best first.
    pub departments: Vec<SuggestedDepartment>,
    /// Said when the first departments are close together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tie: Option<Localized>,
}
