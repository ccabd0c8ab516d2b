//! The directory's figures in words, in both languages: hours, fees, kinds of clinic, for whom.

use consult::Text;
use consult::guide::directory::{ClinicKind, Department, Half, HalfDay, Opening};
use consult::profile::Sex;
use wire::Localized;

const DAYS_ZH: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
const DAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A text of the engine as it crosses HTTP.
#[must_use]
pub fn localized(text: &Text) -> Localized {
    Localized(text.0.clone())
}

/// A text if it says anything.
#[must_use]
pub fn said(text: &Option<Text>) -> Option<Localized> {
    text.as_ref()
        .filter(|text| !text.0.is_empty())
        .map(localized)
}

/// Weekly openings in words: days with the same hours together.
#[must_use]
pub fn opening_hours(hours: &[Opening]) -> Localized {
    let mut by_day: [Vec<(u16, u16)>; 7] = Default::default();
    for opening in hours {
        if let Some(day) = by_day.get_mut(usize::from(opening.weekday).wrapping_sub(1)) {
            day.push((opening.from, opening.to));
        }
    }
    for day in &mut by_day {
        day.sort_unstable();
    }
    if by_day.iter().all(Vec::is_empty) {
        return Localized::new(
            "时间请咨询导诊台",
            "Please ask the triage desk for the hours",
        );
    }
    if by_day.iter().all(|day| day.as_slice() == [(0, 1440)]) {
        return Localized::new("每天24小时", "Every day, day and night");
    }
    let groups = grouped(&by_day, Vec::is_empty);
    let times = |day: usize, separator: &str| {
        by_day[day]
            .iter()
            .map(|(from, to)| {
                format!(
                    "{:02}:{:02}–{:02}:{:02}",
                    from / 60,
                    from % 60,
                    to / 60,
                    to % 60
                )
            })
            .collect::<Vec<_>>()
            .join(separator)
    };
    let zh = groups
        .iter()
        .map(|(from, to)| {
            format!(
                "{} {}",
                days(&DAYS_ZH, *from, *to, "至"),
                times(*from, "、")
            )
        })
        .collect::<Vec<_>>()
        .join(";");
    let en = groups
        .iter()
        .map(|(from, to)| format!("{} {}", days(&DAYS_EN, *from, *to, "–"), times(*from, ", ")))
        .collect::<Vec<_>>()
        .join("; ");
    Localized::new(&zh, &en)
}

/// Weekly half-days in words.
#[must_use]
pub fn half_days(hours: &[HalfDay]) -> Localized {
    if hours.is_empty() {
        return Localized::new(
            "出诊时间请咨询导诊台",
            "Please ask the triage desk for the hours",
        );
    }
    let mut sorted: Vec<(u8, bool)> = hours
        .iter()
        .filter(|one| (1..=7).contains(&one.weekday))
        .map(|one| (one.weekday, one.half == Half::Pm))
        .collect();
    sorted.sort_unstable();
    sorted.dedup();
    let mut zh = Vec::new();
    let mut en = Vec::new();
    for day in 1..=7_u8 {
        let halves: Vec<bool> = sorted
            .iter()
            .filter(|(weekday, _)| *weekday == day)
            .map(|(_, pm)| *pm)
            .collect();
        let (zh_half, en_half) = match halves.as_slice() {
            [] => continue,
            [false] => ("上午", "morning"),
            [true] => ("下午", "afternoon"),
            _ => ("全天", "all day"),
        };
        zh.push(format!("{}{zh_half}", DAYS_ZH[usize::from(day) - 1]));
        en.push(format!("{} {en_half}", DAYS_EN[usize::from(day) - 1]));
    }
    Localized::new(&zh.join("、"), &en.join(", "))
}

/// Runs of neighbouring days with equal content; days that `is_empty` are left out.
fn grouped<T: PartialEq>(days: &[T; 7], is_empty: impl Fn(&T) -> bool) -> Vec<(usize, usize)> {
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for (day, content) in days.iter().enumerate() {
        if is_empty(content) {
            continue;
        }
        match groups.last_mut() {
            Some((from, to)) if *to + 1 == day && days[*from] == *content => *to = day,
            _ => groups.push((day, day)),
        }
    }
    groups
}

fn days(names: &[&str; 7], from: usize, to: usize, dash: &str) -> String {
    if from == to {
        names[from].to_owned()
    } else {
        format!("{}{dash}{}", names[from], names[to])
    }
}

/// A kind of clinic in words.
#[must_use]
pub fn clinic(kind: ClinicKind) -> Localized {
    match kind {
        ClinicKind::Ordinary => Localized::new("普通门诊", "Ordinary clinic"),
        ClinicKind::Expert => Localized::new("专家门诊", "Expert clinic"),
        ClinicKind::Special => Localized::new("特需门诊", "Special clinic"),
    }
}

/// A fee in the smallest unit, in words.
#[must_use]
pub fn fee(fen: u32) -> String {
    if fen.is_multiple_of(100) {
        format!("¥{}", fen / 100)
    } else {
        format!("¥{}.{:02}", fen / 100, fen % 100)
    }
}

/// For whom a department is, in words; nothing if for everybody.
#[must_use]
pub fn for_whom(department: &Department) -> Option<Localized> {
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    match department.sex {
        Some(Sex::Female) => {
            zh.push("女性".to_owned());
            en.push("women and girls".to_owned());
        }
        Some(Sex::Male) => {
            zh.push("男性".to_owned());
            en.push("men and boys".to_owned());
        }
        None => {}
    }
    match (department.min_age, department.max_age) {
        (Some(min), Some(max)) => {
            zh.push(format!("{min}至{max}岁"));
            en.push(format!("aged {min} to {max}"));
        }
        (Some(min), None) => {
            zh.push(format!("{min}岁及以上"));
            en.push(format!("aged {min} and over"));
        }
        (None, Some(max)) => {
            zh.push(format!("{max}岁及以下"));
            en.push(format!("aged {max} and under"));
        }
        (None, None) => {}
    }
    (!zh.is_empty()).then(|| Localized::new(&zh.join(","), &en.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_read_like_a_sign_at_the_door() {
        let week = |days: std::ops::RangeInclusive<u8>, times: &[(u16, u16)]| -> Vec<Opening> {
            days.flat_map(|weekday| {
                times.iter().map(move |(from, to)| Opening {
                    weekday,
                    from: *from,
                    to: *to,
                })
            })
            .collect()
        };
        let mut hours = week(1..=5, &[(480, 720), (810, 1020)]);
        hours.extend(week(6..=6, &[(480, 720)]));
        let words = opening_hours(&hours);
        assert_eq!(
            words.get("zh"),
            "周一至周五 08:00–12:00、13:30–17:00;周六 08:00–12:00"
        );
        assert_eq!(
            words.get("en"),
            "Mon–Fri 08:00–12:00, 13:30–17:00; Sat 08:00–12:00"
        );
        assert_eq!(
            opening_hours(&week(1..=7, &[(0, 1440)])).get("zh"),
            "每天24小时"
        );
        assert_eq!(
            opening_hours(&[]).get("en"),
            "Please ask the triage desk for the hours"
        );
    }

    #[test]
    fn half_days_and_fees_read() {
        let half = |weekday, half| HalfDay { weekday, half };
        let words = half_days(&[half(3, Half::Pm), half(1, Half::Am), half(1, Half::Pm)]);
        assert_eq!(words.get("zh"), "周一全天、周三下午");
        assert_eq!(words.get("en"), "Mon all day, Wed afternoon");
        assert_eq!((fee(2500).as_str(), fee(1250).as_str()), ("¥25", "¥12.50"));
    }
}
