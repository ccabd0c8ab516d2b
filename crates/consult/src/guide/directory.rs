//! The directory as the engine needs it: hospitals, departments, doctors, routing rules. The server fills it from its
//! store; the demo organisation's files deserialise into it.

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::profile::Sex;

/// One organisation's published directory at one version.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Directory {
    /// Version it was read at.
    #[serde(default)]
    pub version: u64,
    /// Sites.
    #[serde(default)]
    pub hospitals: Vec<Hospital>,
    /// Departments.
    #[serde(default)]
    pub departments: Vec<Department>,
    /// Doctors.
    #[serde(default)]
    pub doctors: Vec<Doctor>,
    /// The hospital's own rules, first match first.
    #[serde(default)]
    pub routing: Vec<RoutingRule>,
}

/// A hospital (site, campus).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hospital {
    /// Directory id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Street address.
    pub address: Text,
    /// How to get there.
    #[serde(default)]
    pub travel: Text,
    /// Short introduction.
    #[serde(default)]
    pub introduction: Text,
    /// Telephone as dialled.
    #[serde(default)]
    pub phone: Option<String>,
    /// Where the triage desk is.
    pub triage_desk: Text,
    /// Where the emergency department is; absent if there is none.
    #[serde(default)]
    pub emergency: Option<Text>,
}

/// One weekly opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// 1 Monday to 7 Sunday.
    pub weekday: u8,
    /// Minute of the day it opens, 0 to 1439.
    pub from: u16,
    /// Minute of the day it closes, 1 to 1440.
    pub to: u16,
}

/// A department.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// Directory id.
    pub id: String,
    /// Hospital id.
    pub hospital: String,
    /// Name.
    pub name: Text,
    /// Short introduction.
    #[serde(default)]
    pub introduction: Text,
    /// Specialty codes it serves, main one first.
    pub specialties: Vec<String>,
    /// Building, floor, room.
    pub floor: Text,
    /// Weekly openings; empty means not known.
    #[serde(default)]
    pub hours: Vec<Opening>,
    /// Youngest patient, years (inclusive).
    #[serde(default)]
    pub min_age: Option<u32>,
    /// Oldest patient, years (inclusive).
    #[serde(default)]
    pub max_age: Option<u32>,
    /// Only this sex.
    #[serde(default)]
    pub sex: Option<Sex>,
    /// How to prepare.
    #[serde(default)]
    pub prepare: Option<Text>,
    /// What to bring.
    #[serde(default)]
    pub bring: Option<Text>,
    /// Telephone as dialled.
    #[serde(default)]
    pub phone: Option<String>,
    /// Booking link (https).
    #[serde(default)]
    pub booking: Option<String>,
}

/// Kind of clinic a doctor holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClinicKind {
    /// Ordinary clinic (普通门诊).
    #[default]
    Ordinary,
    /// Expert clinic (专家门诊).
    Expert,
    /// Special clinic (特需门诊).
    Special,
}

/// Half of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Half {
    /// Morning.
    Am,
    /// Afternoon.
    Pm,
}

/// One weekly half-day clinic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HalfDay {
    /// 1 Monday to 7 Sunday.
    pub weekday: u8,
    /// Which half.
    pub half: Half,
}

/// A doctor.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doctor {
    /// Directory id.
    pub id: String,
    /// Department id.
    pub department: String,
    /// Name.
    pub name: Text,
    /// Title.
    pub title: Text,
    /// Expertise in prose.
    pub expertise: Text,
    /// Introduction in prose.
    #[serde(default)]
    pub introduction: Text,
    /// Clinic kind.
    #[serde(default)]
    pub clinic: ClinicKind,
    /// Weekly half-days.
    #[serde(default)]
    pub hours: Vec<HalfDay>,
    /// Fee in the smallest unit of the currency (fen); absent means not known.
    #[serde(default)]
    pub fee: Option<u32>,
    /// Places left; absent means not known.
    #[serde(default)]
    pub places_left: Option<u32>,
}

/// A rule of the hospital's own: when it holds, its departments come first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoutingRule {
    /// Directory id.
    pub id: String,
    /// Name for the staff.
    pub name: Text,
    /// Expression over findings and profile, as in `knowledge/README.md`.
    pub when: String,
    /// Months it holds in, 1 to 12; empty means always.
    #[serde(default)]
    pub months: Vec<u8>,
    /// Holds only while the department it would otherwise name is closed ("night to what is open").
    #[serde(default)]
    pub when_closed: bool,
    /// Departments it sends to, by id, best first.
    pub departments: Vec<String>,
    /// Said to the patient beside the department.
    #[serde(default)]
    pub note: Text,
}

/// Local time at the hospital. The caller reads the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalTime {
    /// 1 to 12.
    pub month: u8,
    /// 1 Monday to 7 Sunday.
    pub weekday: u8,
    /// Minute of the day, 0 to 1439.
    pub minute: u16,
}

impl Department {
    /// Whether it is open at `at`; `None` if its hours are not known.
    #[must_use]
    pub fn is_open(&self, at: LocalTime) -> Option<bool> {
        if self.hours.is_empty() {
            return None;
        }
        Some(
            self.hours
                .iter()
                .any(|one| one.weekday == at.weekday && (one.from..one.to).contains(&at.minute)),
        )
    }
}
