//! Durations and measurements.

use std::collections::BTreeMap;

use super::Marked;
use super::terms::Match;
use super::tokens::{Break, Kind};
use crate::expression::Measure;
use crate::knowledge::Mark;
use crate::order::sorted;

/// Hours in a week.
pub(super) const HOURS_OF_WEEK: f64 = 168.0;
/// From so many weeks on nobody tells how long a complaint lasts, or a baby's age, in weeks.
pub(super) const WEEKS_OF_PREGNANCY: f64 = 20.0;

impl Marked<'_> {
    /// Whether somebody is pregnant, and no born child's age is told.
    pub(crate) fn is_expecting(&self) -> bool {
        let born = |(mark, _): &(Mark, Match)| matches!(mark, Mark::Born | Mark::AgeUnit(_));
        let expecting = |(mark, found): &(Mark, Match)| match mark {
            Mark::Expecting => true,
            Mark::Unit(hours) => {
                (hours - HOURS_OF_WEEK).abs() < 1.0
                    && self
                        .number_before(found.first())
                        .is_some_and(|(weeks, _)| (WEEKS_OF_PREGNANCY..=43.0).contains(&weeks))
            }
            _ => false,
        };
        self.marks.iter().any(expecting) && !self.marks.iter().any(born)
    }

    /// The number that ends at `place`, in digits or words, and its first place. 二十五 and "twenty five" add up.
    pub(crate) fn number_before(&self, place: usize) -> Option<(f64, usize)> {
        let mut place = place;
        // One small word may stand between: 3个月, 两 多 天, "three more days".
        for _ in 0..2 {
            if let Some(found) = self.number_ending(place) {
                return Some(found);
            }
            place = place.checked_sub(1)?;
            if matches!(self.tokens.get(place)?.kind, Kind::Break(strength) if strength > Break::Space)
            {
                return None;
            }
        }
        None
    }

    fn number_ending(&self, place: usize) -> Option<(f64, usize)> {
        let last = place.checked_sub(1)?;
        if let Kind::Number(value) = self.tokens.get(last)?.kind {
            return Some((value, last));
        }
        let mut parts: Vec<f64> = Vec::new();
        let mut first = place;
        while let Some((value, from)) = self.number_word_ending(first) {
            parts.push(value);
            first = from;
        }
        parts.reverse();
        let (total, tail) = parts
            .iter()
            .fold((0.0, 0.0), |(total, tail): (f64, f64), part| {
                if *part >= 10.0 && *part % 10.0 == 0.0 && tail > 0.0 && tail < *part {
                    (total + tail * part, 0.0)
                } else if tail > 0.0 && tail < 10.0 {
                    // 两三天: the larger of the two.
                    (total, *part)
                } else {
                    (total + tail, *part)
                }
            });
        (!parts.is_empty()).then_some((total + tail, first))
    }

    /// The tenths said after a unit: 38度5, 三十八度五.
    fn tenths_at(&self, place: usize) -> f64 {
        let digit = match self.tokens.get(place).map(|token| token.kind) {
            Some(Kind::Number(value)) => value,
            _ => self
                .at(place)
                .find_map(|(mark, _)| match mark {
                    Mark::Number(value) => Some(*value),
                    _ => None,
                })
                .unwrap_or(0.0),
        };
        let is_digit = (1.0..=9.0).contains(&digit) && digit.fract() == 0.0;
        let counts = self
            .at(place + 1)
            .any(|(mark, _)| matches!(mark, Mark::Unit(_) | Mark::AgeUnit(_)));
        if is_digit && !counts {
            digit / 10.0
        } else {
            0.0
        }
    }

    fn number_word_ending(&self, place: usize) -> Option<(f64, usize)> {
        self.marks.iter().find_map(|(mark, found)| match mark {
            Mark::Number(value) if found.last() + 1 == place => Some((*value, found.first())),
            _ => None,
        })
    }
}

/// Durations: place of the unit and hours. Ages are not durations.
pub(crate) fn durations(marked: &Marked<'_>) -> Vec<(usize, f64)> {
    let mut found: Vec<(usize, f64)> = Vec::new();
    for (mark, unit) in &marked.marks {
        let hours = match mark {
            Mark::Since(hours) => Some(*hours),
            Mark::Unit(hours) => marked
                .number_before(unit.first())
                .map(|(number, _)| number * hours),
            _ => None,
        };
        let is_age = marked.marks.iter().any(|(other, age)| {
            matches!(other, Mark::AgeUnit(_))
                && age.first() <= unit.last()
                && age.last() >= unit.first()
        });
        if let Some(hours) = hours.filter(|hours| *hours > 0.0 && *hours < 100.0 * 8766.0)
            && !is_age
        {
            found.push((unit.first(), hours));
        }
    }
    found = sorted(found, |one, other| {
        one.0.cmp(&other.0).then(one.1.total_cmp(&other.1))
    });
    found.dedup_by_key(|(place, _)| *place);
    found
}

/// Measurements that are plausible.
pub(crate) fn measures(marked: &Marked<'_>) -> BTreeMap<Measure, f64> {
    let mut measures = BTreeMap::new();
    for (mark, name) in &marked.marks {
        let Mark::Measure(measure) = mark else {
            continue;
        };
        let Some((place, value)) = number_after(marked, name.last() + 1, *measure) else {
            continue;
        };
        take(&mut measures, *measure, value);
        if *measure == Measure::Systolic
            && marked
                .tokens
                .get(place + 1)
                .is_some_and(|token| token.kind == Kind::Break(Break::List))
            && let Some(Kind::Number(value)) = marked.tokens.get(place + 2).map(|token| token.kind)
        {
            take(&mut measures, Measure::Diastolic, value);
        }
    }
    if let Some((systolic, diastolic)) = pressure(marked) {
        take(&mut measures, Measure::Systolic, systolic);
        take(&mut measures, Measure::Diastolic, diastolic);
    }
    if let Some(weeks) = gestation(marked) {
        take(&mut measures, Measure::Gestation, weeks);
    }
    for (mark, degree) in &marked.marks {
        if matches!(mark, Mark::Degree)
            && let Some((whole, first)) = marked.number_ending(degree.first())
            // In words only a fever: "thirty degrees" is the weather.
            && (whole >= 35.0 || matches!(marked.tokens[first].kind, Kind::Number(_)))
        {
            let tenths = if whole.fract() == 0.0 {
                marked.tenths_at(degree.last() + 1)
            } else {
                0.0
            };
            take(&mut measures, Measure::Temperature, whole + tenths);
        }
    }
    if !measures.contains_key(&Measure::Temperature)
        && let Some(value) = thermometer(marked)
    {
        take(&mut measures, Measure::Temperature, value);
    }
    for (place, token) in marked.tokens.iter().enumerate() {
        let Kind::Number(value) = token.kind else {
            continue;
        };
        let of_ten = marked
            .tokens
            .get(place + 2)
            .is_some_and(|token| token.text == "10")
            && marked.tokens[place + 1].kind == Kind::Break(Break::List)
            || marked
                .tokens
                .get(place + 3)
                .is_some_and(|token| token.text == "10")
                && marked.tokens[place + 1].text == "out";
        if of_ten {
            take(&mut measures, Measure::Severity, value);
        }
    }
    measures
}

/// What may stand in a text beside the readings of a thermometer: Celsius, Fahrenheit.
const READINGS: [std::ops::RangeInclusive<f64>; 2] = [34.0..=42.9, 95.0..=108.0];
/// What follows a number that is something else: a weight, a length, a price, a level in the blood.
const OTHER_UNITS: &[&str] = &[
    "公", "斤", "千", "克", "厘", "毫", "米", "元", "块", "周", "岁", "个", "天", "年", "月", "万",
    "分", "秒", "码", "号", "kg", "kilo", "kilos", "g", "gram", "grams", "lb", "lbs", "pound",
    "pounds", "stone", "cm", "mm", "m", "km", "mile", "miles", "week", "weeks", "wk", "wks",
    "mmol", "mg", "ml", "u", "iu", "l", "x", "fm", "dollar", "dollars", "euro", "euros", "quid",
    "usd", "rmb",
];

/// The highest reading of a thermometer that nobody calls so: 38.6. Nobody writes tenths of anything else alone; where the
/// text has other numbers with tenths, or the number has a unit, it may be anything.
fn thermometer(marked: &Marked<'_>) -> Option<f64> {
    let tenths = || {
        (marked.tokens.iter().enumerate()).filter_map(|(place, token)| match token.kind {
            Kind::Number(value) if value.fract() != 0.0 => Some((place, value)),
            _ => None,
        })
    };
    let scale =
        (READINGS.iter()).find(|scale| tenths().all(|(_, value)| scale.contains(&value)))?;
    let highest = (tenths().map(|(_, value)| value)).max_by(f64::total_cmp)?;
    let is_other = |place: usize| {
        let next = marked.tokens.get(place + 1);
        next.is_some_and(|token| OTHER_UNITS.contains(&token.text.as_str()) || token.text == "%")
            || marked.at(place + 1).any(|(mark, _)| {
                matches!(mark, Mark::Unit(_) | Mark::AgeUnit(_) | Mark::Measure(_))
            })
    };
    let named = |(mark, _): &(Mark, _)| matches!(mark, Mark::Measure(_));
    (scale.contains(&highest)
        && !tenths().any(|(place, _)| is_other(place))
        && !marked.marks.iter().any(named))
    .then_some(highest)
}

/// A blood pressure that nobody calls so: 178/122. Dates and scores have smaller numbers.
fn pressure(marked: &Marked<'_>) -> Option<(f64, f64)> {
    marked.tokens.windows(3).find_map(|three| {
        let [upper, between, lower] = three else {
            return None;
        };
        match (upper.kind, between.kind, lower.kind) {
            (Kind::Number(upper), Kind::Break(Break::List), Kind::Number(lower))
                if upper >= 70.0 && lower >= 40.0 && upper - lower >= 15.0 =>
            {
                Some((upper, lower))
            }
            _ => None,
        }
    })
}

/// How long the pregnancy spoken of has lasted, in weeks.
fn gestation(marked: &Marked<'_>) -> Option<f64> {
    if !marked.is_expecting() {
        return None;
    }
    marked.marks.iter().find_map(|(mark, unit)| match mark {
        Mark::Unit(hours) if *hours > 160.0 && *hours < 800.0 => {
            let (number, _) = marked.number_before(unit.first())?;
            let weeks = number * hours / HOURS_OF_WEEK;
            // A week or two are how long something lasts.
            (weeks >= 4.0).then_some(weeks)
        }
        _ => None,
    })
}

/// The first number within six tokens that can be this measurement and is no duration.
fn number_after(marked: &Marked<'_>, from: usize, measure: Measure) -> Option<(usize, f64)> {
    for place in from..from + 6 {
        let token = marked.tokens.get(place)?;
        match token.kind {
            Kind::Break(Break::Sentence) => return None,
            // The next measurement begins here.
            _ if marked
                .at(place)
                .any(|(mark, _)| matches!(mark, Mark::Measure(other) if *other != measure)) =>
            {
                return None;
            }
            Kind::Number(value) => {
                let timed = marked
                    .at(place + 1)
                    .any(|(mark, _)| matches!(mark, Mark::Unit(_) | Mark::AgeUnit(_)));
                return (!timed).then_some((place, value));
            }
            _ => {}
        }
    }
    None
}

/// Takes a value in the measure's own unit: Fahrenheit and mg/dl are turned.
fn take(measures: &mut BTreeMap<Measure, f64>, measure: Measure, value: f64) {
    let value = match measure {
        Measure::Temperature if (86.0..=112.0).contains(&value) => (value - 32.0) / 1.8,
        Measure::Glucose if value > 60.0 && value < 1000.0 => value / 18.0,
        _ => value,
    };
    if measure.is_plausible(value) {
        measures.insert(measure, value);
    }
}
