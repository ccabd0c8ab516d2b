//! What stands over and beside the lines of a report that leaves: headings, who answered, what was not asked.

use wire::report::{LineStatus, Section};

fn either(language: &str, zh: &'static str, en: &'static str) -> &'static str {
    if language == "zh" { zh } else { en }
}

/// Title of the document.
pub fn title(language: &str) -> &'static str {
    either(
        language,
        "预问诊记录（患者自述，非诊断）",
        "Pre-consultation history (as stated by the patient, not a diagnosis)",
    )
}

/// Who answered for a child.
pub fn parent(language: &str) -> &'static str {
    either(language, "患儿的家长", "A parent or guardian of the child")
}

/// Who answered for another adult.
pub fn other(language: &str) -> &'static str {
    either(
        language,
        "代患者回答的人",
        "Somebody answering for the patient",
    )
}

/// Heading of a section.
pub fn heading(section: Section, language: &str) -> &'static str {
    let (zh, en) = match section {
        Section::ChiefComplaint => ("主诉", "Chief complaint"),
        Section::PresentIllness => ("现病史", "History of present illness"),
        Section::PastHistory => ("既往史", "Past history"),
        Section::Medicines => ("用药", "Medicines"),
        Section::Allergies => ("过敏史", "Allergies"),
        Section::Family => ("家族史", "Family history"),
        Section::Personal => ("个人史", "Personal history"),
        Section::MenstrualObstetric => ("月经与生育史", "Menstrual and obstetric history"),
        Section::Vaccination => ("预防接种", "Vaccinations"),
        Section::VitalSigns => ("自测体征", "Measured at home"),
        Section::Wishes => ("就诊诉求", "Wishes for the visit"),
        Section::Told => ("已告知患者", "What the patient was told"),
        Section::Unknown => ("其他", "Other"),
    };
    either(language, zh, en)
}

/// Heading over the photos.
pub fn photos(language: &str) -> &'static str {
    either(language, "患者提供的照片", "Photos by the patient")
}

/// What stands behind a line that is not simply so.
pub fn mark(status: LineStatus, language: &str) -> &'static str {
    match status {
        LineStatus::NotAsked => either(language, "（未问）", " (not asked)"),
        LineStatus::Unknown => either(language, "（不清楚）", " (not known)"),
        LineStatus::Present | LineStatus::Denied => "",
    }
}

/// Said of a line whose matter was both affirmed and denied.
pub fn both(language: &str) -> &'static str {
    either(language, "（前后不一）", " (said both yes and no)")
}

/// Whether a sentence says itself that its matter is open.
pub fn is_open_said(text: &str) -> bool {
    ["未问", "不清楚", "not asked", "not known", "does not know"]
        .iter()
        .any(|words| text.ends_with(words))
}

/// What stands at the foot of a page.
pub fn not_a_diagnosis(language: &str) -> &'static str {
    either(
        language,
        "患者自述，由软件记录，未经医务人员核实。不是诊断。",
        "The patient's own statements, taken down by software and not checked by staff. Not a diagnosis.",
    )
}

/// How long the code for the desk works: until a day, `YYYY-MM-DD`.
pub fn until(language: &str, day: &str) -> String {
    if language == "zh" {
        format!("有效期至 {day}")
    } else {
        format!("Works until {day}")
    }
}
