//! Age, sex and who it is for.

use super::Marked;
use super::numbers::{HOURS_OF_WEEK, WEEKS_OF_PREGNANCY};
use super::tokens::Kind;
use crate::knowledge::{Mark, Person, Vocabulary};
use crate::profile::{AgeRange, Profile, Subject};

/// What the text tells of the patient.
pub(crate) fn profile(vocabulary: &Vocabulary, marked: &Marked<'_>) -> Profile {
    let mut profile = Profile::default();
    let myself = marked
        .marks
        .iter()
        .any(|(mark, _)| matches!(mark, Mark::Myself));
    let expecting = marked.is_expecting();
    let people: Vec<(&Person, usize, usize)> = marked
        .marks
        .iter()
        .filter_map(|(mark, found)| match mark {
            Mark::Person(index) => vocabulary
                .people
                .get(usize::from(*index))
                .map(|person| (person, found.first(), found.last())),
            _ => None,
        })
        // The unborn baby is not the patient.
        .filter(|(person, ..)| !(expecting && is_baby(person)))
        .collect();
    let first = people.iter().min_by_key(|(_, place, _)| *place);
    if let Some((person, ..)) = first
        && (!myself || person.subject == Subject::Child)
    {
        profile.subject = Some(person.subject);
        profile.sex = person.sex;
        profile.age = person.age;
    }
    if profile.sex.is_none() && (first.is_none() || profile.subject.is_some()) {
        profile.sex = marked.marks.iter().find_map(|(mark, _)| match mark {
            Mark::Sex(sex) => Some(*sex),
            _ => None,
        });
    }
    if let Some(months) = age_months(marked, &people) {
        profile.age = Some(AgeRange::exactly(months));
        if profile.subject.is_none() && months < 8 * 12 {
            profile.subject = Some(Subject::Child);
        }
    }
    profile
}

/// Whether the word is only for a child under five.
fn is_baby(person: &Person) -> bool {
    person.age.is_some_and(|age| age.to < 60)
}

fn age_months(marked: &Marked<'_>, people: &[(&Person, usize, usize)]) -> Option<u32> {
    marked.marks.iter().find_map(|(mark, found)| match mark {
        Mark::AgeUnit(days) => marked
            .number_before(found.first())
            .and_then(|(number, _)| months(number, f64::from(*days))),
        Mark::AgeBefore => stated(marked, found.last() + 1),
        Mark::Unit(hours) => {
            // A baby's age: 宝宝两个月, "my 3 week baby".
            let (number, first) = marked.number_before(found.first())?;
            let beside = people.iter().any(|(person, from, to)| {
                is_baby(person)
                    && (first > *to && first - to <= 3
                        || *from > found.last() && from - found.last() <= 3)
            });
            let stated = first.checked_sub(1).is_some_and(|place| {
                marked
                    .marks
                    .iter()
                    .any(|(mark, before)| matches!(mark, Mark::Born) && before.last() == place)
            });
            // So many weeks are a pregnancy's.
            let unborn = (hours - HOURS_OF_WEEK).abs() < 1.0 && number >= WEEKS_OF_PREGNANCY;
            ((beside && !unborn) || stated)
                .then(|| months(number, hours / 24.0))
                .flatten()
        }
        Mark::Sex(_) => {
            // 58F, 45 male: a bare number right before.
            let place = found.first().checked_sub(1)?;
            stated(marked, place)
        }
        _ => None,
    })
}

/// A whole number at `place` that can be an age in years and is nothing else.
fn stated(marked: &Marked<'_>, place: usize) -> Option<u32> {
    let Kind::Number(years) = marked.tokens.get(place)?.kind else {
        return None;
    };
    let other = marked
        .at(place + 1)
        .any(|(mark, _)| matches!(mark, Mark::Unit(_) | Mark::Degree));
    let whole = years.fract() == 0.0 && (1.0..=115.0).contains(&years);
    (whole && !other).then(|| months(years, 365.25)).flatten()
}

/// Whole months of an age given in units of so many days.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "bounded to 0..=1440 before the cast"
)]
fn months(number: f64, days: f64) -> Option<u32> {
    let months = if days > 360.0 {
        number * 12.0
    } else {
        number * days / 30.44 + 0.05
    };
    (0.0..=1440.5)
        .contains(&months)
        .then_some(months.floor() as u32)
}
