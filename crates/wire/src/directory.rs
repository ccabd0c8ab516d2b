//! The published directory: hospitals, departments, doctors.

use serde::{Deserialize, Serialize};

use crate::Localized;

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Cursor of the next page; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A hospital (site, campus).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hospital {
    /// Directory id.
    pub id: String,
    /// Name.
    pub name: Localized,
    /// Street address.
    pub address: Localized,
    /// How to get there.
    pub travel: Localized,
    /// Short introduction.
    pub introduction: Localized,
    /// Telephone as dialled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Where its triage desk is.
    pub triage_desk: Localized,
    /// Where its emergency department is; absent if it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency: Option<Localized>,
}

/// A department.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Department {
    /// Directory id.
    pub id: String,
    /// Hospital id.
    pub hospital: String,
    /// Name.
    pub name: Localized,
    /// Short introduction.
    pub introduction: Localized,
    /// Specialty codes it serves.
    pub specialties: Vec<String>,
    /// Building, floor, room.
    pub floor: Localized,
    /// Weekly hours in words.
    pub hours: Localized,
    /// How to prepare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prepare: Option<Localized>,
    /// What to bring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bring: Option<Localized>,
    /// Telephone as dialled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// For whom, in words; absent if for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_whom: Option<Localized>,
}

/// A doctor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Doctor {
    /// Directory id.
    pub id: String,
    /// Department id.
    pub department: String,
    /// Department's name.
    pub department_name: Localized,
    /// Name.
    pub name: Localized,
    /// Title.
    pub title: Localized,
    /// Expertise in prose.
    pub expertise: Localized,
    /// Introduction in prose.
    pub introduction: Localized,
    /// Clinic kind in words.
    pub clinic: Localized,
    /// Weekly hours in words.
    pub hours: Localized,
    /// Fee in words; absent when not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<String>,
    /// Places left; absent means not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places_left: Option<u32>,
}
