//! Who the patient is, as far as it is known: age as a range, sex, who speaks.

use serde::{Deserialize, Serialize};

/// Biological sex as far as a rule turns on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// Who the visit is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The person speaking.
    Me,
    /// A child of the person speaking.
    Child,
    /// Somebody else.
    Other,
}

/// An age range in months, both ends included. A known age has equal ends; "my baby" is 0 to 23.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeRange {
    /// Youngest possible, months.
    pub from: u32,
    /// Oldest possible, months.
    pub to: u32,
}

impl AgeRange {
    /// Any age: 0 to 120 years.
    pub const ANY: Self = Self { from: 0, to: 1440 };

    /// Exactly this age in months, bounded to 120 years.
    #[must_use]
    pub fn exactly(months: u32) -> Self {
        let months = months.min(Self::ANY.to);
        Self {
            from: months,
            to: months,
        }
    }

    /// Whether it is one age and not a range wider than a year.
    #[must_use]
    pub fn is_known(self) -> bool {
        self.to - self.from < 12
    }

    /// The overlap of both, or `self` if they contradict each other.
    #[must_use]
    pub fn narrowed(self, other: Self) -> Self {
        let (from, to) = (self.from.max(other.from), self.to.min(other.to));
        if from <= to { Self { from, to } } else { self }
    }
}

/// What is known of the patient.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Who it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// Age, if anything is known of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age: Option<AgeRange>,
    /// Sex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
}

impl Profile {
    /// The ages possible: what was told, else what the subject implies (a person who types for themselves is 8 or more;
    /// a child is under 18).
    #[must_use]
    pub fn ages(&self) -> AgeRange {
        match (self.age, self.subject) {
            (Some(age), _) => age,
            (None, Some(Subject::Child)) => AgeRange {
                from: 0,
                to: 18 * 12 - 1,
            },
            (None, Some(Subject::Other)) => AgeRange::ANY,
            (None, Some(Subject::Me) | None) => AgeRange {
                from: 8 * 12,
                to: AgeRange::ANY.to,
            },
        }
    }

    /// Takes over what `other` knows; an exact age beats a range, a later statement an earlier one of the same kind.
    pub fn learn(&mut self, other: &Self) {
        if other.subject.is_some() {
            self.subject = other.subject;
        }
        if other.sex.is_some() {
            self.sex = other.sex;
        }
        if let Some(age) = other.age {
            self.age = match self.age {
                Some(known) if known.is_known() && !age.is_known() => Some(known),
                Some(known) if !age.is_known() => Some(known.narrowed(age)),
                _ => Some(age),
            };
        }
    }
}
