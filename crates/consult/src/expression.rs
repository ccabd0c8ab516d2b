//! Monotone conditions over findings, profile and measurements, in three values.
//!
//! There is no "not": what was not said is never "no", a finding set to absent can never make a condition true, and one set
//! to present can never make it false.

mod parse;

pub use parse::parse;

use serde::{Deserialize, Serialize};

use crate::facts::Facts;
use crate::profile::Sex;

/// Something measured, with its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Body temperature, °C.
    Temperature,
    /// Systolic blood pressure, mmHg.
    Systolic,
    /// Diastolic blood pressure, mmHg.
    Diastolic,
    /// Heart rate, beats per minute.
    HeartRate,
    /// Breathing rate, breaths per minute.
    Breaths,
    /// Oxygen saturation, percent.
    Oxygen,
    /// Blood glucose, mmol/l.
    Glucose,
    /// How bad it is, 0 to 10.
    Severity,
    /// How long a pregnancy has lasted, weeks.
    Gestation,
}

impl Measure {
    /// Every measure with its name in expressions, and the range in which a value is believed.
    pub const ALL: [(Self, &'static str, f64, f64); 9] = [
        (Self::Temperature, "temperature", 30.0, 44.0),
        (Self::Systolic, "systolic", 40.0, 300.0),
        (Self::Diastolic, "diastolic", 20.0, 200.0),
        (Self::HeartRate, "heart_rate", 20.0, 300.0),
        (Self::Breaths, "breaths", 4.0, 90.0),
        (Self::Oxygen, "oxygen", 40.0, 100.0),
        (Self::Glucose, "glucose", 0.5, 60.0),
        (Self::Severity, "severity", 0.0, 10.0),
        (Self::Gestation, "gestation", 4.0, 43.0),
    ];

    /// Its name in expressions.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(measure, ..)| *measure == self)
            .map_or("", |(_, name, ..)| name)
    }

    /// The measure of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, other, ..)| *other == name)
            .map(|(measure, ..)| *measure)
    }

    /// Whether a value can be true of a living person; others are not taken.
    #[must_use]
    pub fn is_plausible(self, value: f64) -> bool {
        Self::ALL
            .iter()
            .any(|(measure, _, from, to)| *measure == self && (*from..=*to).contains(&value))
    }
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Compare {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

impl Compare {
    /// Whether `left` compares so to `right`.
    #[must_use]
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::More => left > right,
            Self::AtLeast => left >= right,
        }
    }
}

/// A detail of a finding a rule may turn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Detail {
    /// Began suddenly.
    Sudden,
    /// Is severe.
    Severe,
    /// Is getting worse.
    Worsening,
}

/// A condition. Findings are indices into the vocabulary it was compiled with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Expression {
    /// A finding is present.
    Finding(u16),
    /// A finding is present with this detail.
    Detail(u16, Detail),
    /// A finding has lasted so long, hours.
    Lasted(u16, Compare, f64),
    /// A measurement.
    Measure(Measure, Compare, f64),
    /// Age in months.
    Age(Compare, u32),
    /// Sex.
    Sex(Sex),
    /// Pregnancy is possible.
    CouldBePregnant,
    /// All hold.
    All(Vec<Expression>),
    /// At least so many hold.
    AtLeast(u8, Vec<Expression>),
}

/// The value of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// It does not hold.
    No,
    /// Not known: something in it was not said.
    Open,
    /// It holds.
    Yes,
}

/// One thing that is not known and could be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// A finding.
    Finding(u16),
    /// The age.
    Age,
    /// The sex.
    Sex,
    /// Whether pregnancy is possible.
    Pregnancy,
    /// Something that is not asked by itself (a detail, a measurement).
    Other,
}

/// What is lacking: nothing, one thing, or several (which nobody asks for at once).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// Nothing: it holds.
    Nothing,
    /// One open thing.
    One(Missing),
    /// More than one.
    Several,
    /// It cannot hold any more.
    Never,
}

impl Lack {
    /// Both lacking together.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Never, _) | (_, Self::Never) => Self::Never,
            (Self::Nothing, lack) | (lack, Self::Nothing) => lack,
            (Self::One(one), Self::One(other)) if one == other => Self::One(one),
            _ => Self::Several,
        }
    }
}

/// How far a condition is from holding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Distance {
    /// The least that would make it hold.
    pub lack: Lack,
    /// Whether something the patient complains of already speaks for it (not only background or profile).
    pub supported: bool,
}

impl Expression {
    /// The value under what is known.
    #[must_use]
    pub fn value(&self, facts: &Facts<'_>) -> Truth {
        match self {
            Self::Finding(finding) => facts.truth(*finding),
            Self::Detail(finding, detail) => {
                let base = facts.truth(*finding);
                if base == Truth::Yes && !facts.has_detail(*finding, *detail) {
                    Truth::Open
                } else {
                    base
                }
            }
            Self::Lasted(finding, compare, hours) => {
                match (facts.truth(*finding), facts.hours(*finding)) {
                    (Truth::Yes, Some(known)) => truth(compare.holds(known, *hours)),
                    (Truth::Yes, None) => Truth::Open,
                    (other, _) => other,
                }
            }
            Self::Measure(measure, compare, value) => match facts.measure(*measure) {
                Some(known) => truth(compare.holds(known, *value)),
                None => Truth::Open,
            },
            Self::Age(compare, months) => facts.age(*compare, *months),
            Self::Sex(sex) => facts.sex(*sex),
            Self::CouldBePregnant => facts.could_be_pregnant(),
            Self::All(parts) => parts
                .iter()
                .map(|part| part.value(facts))
                .min()
                .unwrap_or(Truth::Yes),
            Self::AtLeast(least, parts) => {
                let (mut yes, mut open) = (0_u8, 0_u8);
                for part in parts {
                    match part.value(facts) {
                        Truth::Yes => yes += 1,
                        Truth::Open => open += 1,
                        Truth::No => {}
                    }
                }
                if yes >= *least {
                    Truth::Yes
                } else if yes.saturating_add(open) >= *least {
                    Truth::Open
                } else {
                    Truth::No
                }
            }
        }
    }

    /// Whether its value is [`Truth::Yes`]. Stops at the first part that decides, as most conditions fail at their first.
    #[must_use]
    pub fn holds(&self, facts: &Facts<'_>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(facts)),
            Self::AtLeast(least, parts) => {
                let mut lacking = usize::from(*least);
                let mut left = parts.len();
                for part in parts {
                    if lacking == 0 || left < lacking {
                        break;
                    }
                    lacking -= usize::from(part.holds(facts));
                    left -= 1;
                }
                lacking == 0
            }
            leaf => leaf.value(facts) == Truth::Yes,
        }
    }

    /// How far it is from holding.
    #[must_use]
    pub fn distance(&self, facts: &Facts<'_>) -> Distance {
        let leaf = |missing: Missing, supports: bool| {
            let lack = match self.value(facts) {
                Truth::Yes => Lack::Nothing,
                Truth::Open => Lack::One(missing),
                Truth::No => Lack::Never,
            };
            Distance {
                lack,
                supported: supports && lack == Lack::Nothing,
            }
        };
        match self {
            Self::Finding(finding) => {
                leaf(Missing::Finding(*finding), facts.is_complained(*finding))
            }
            Self::Detail(finding, _) | Self::Lasted(finding, ..) => {
                let base = facts.truth(*finding);
                if base == Truth::Open {
                    // Asking for the finding alone would not settle the detail.
                    return Distance {
                        lack: Lack::Several,
                        supported: false,
                    };
                }
                Distance {
                    supported: base == Truth::Yes && facts.is_complained(*finding),
                    ..leaf(Missing::Other, true)
                }
            }
            Self::Measure(..) => leaf(Missing::Other, true),
            Self::Age(..) => leaf(Missing::Age, false),
            Self::Sex(_) => leaf(Missing::Sex, false),
            Self::CouldBePregnant => leaf(Missing::Pregnancy, false),
            Self::All(parts) => {
                let start = Distance {
                    lack: Lack::Nothing,
                    supported: false,
                };
                parts.iter().fold(start, |sum, part| {
                    let part = part.distance(facts);
                    Distance {
                        lack: sum.lack.and(part.lack),
                        supported: sum.supported || part.supported,
                    }
                })
            }
            Self::AtLeast(least, parts) => {
                let mut lacks: Vec<Lack> = Vec::with_capacity(parts.len());
                let mut supported = false;
                for part in parts {
                    let part = part.distance(facts);
                    supported |= part.supported;
                    lacks.push(part.lack);
                }
                lacks.sort_unstable();
                let nearest = lacks.iter().take(usize::from(*least));
                Distance {
                    lack: nearest.fold(Lack::Nothing, |sum, lack| sum.and(*lack)),
                    supported,
                }
            }
        }
    }

    /// Calls `visit` with every finding it names.
    pub fn visit_findings(&self, visit: &mut impl FnMut(u16)) {
        match self {
            Self::Finding(finding) | Self::Detail(finding, _) | Self::Lasted(finding, ..) => {
                visit(*finding);
            }
            Self::All(parts) | Self::AtLeast(_, parts) => {
                for part in parts {
                    part.visit_findings(visit);
                }
            }
            _ => {}
        }
    }

    /// Replaces every finding index.
    pub fn renumber(&mut self, number: &impl Fn(u16) -> u16) {
        match self {
            Self::Finding(finding) | Self::Detail(finding, _) | Self::Lasted(finding, ..) => {
                *finding = number(*finding);
            }
            Self::All(parts) | Self::AtLeast(_, parts) => {
                for part in parts {
                    part.renumber(number);
                }
            }
            _ => {}
        }
    }
}

fn truth(holds: bool) -> Truth {
    if holds { Truth::Yes } else { Truth::No }
}
