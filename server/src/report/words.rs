//! The report as it crosses HTTP.

use consult::Text;
use consult::interview::Section as Place;
use consult::report::{Change, LineStatus as Status, Told, ToldKind};
use wire::Localized;
use wire::report::{Line, LineChange, LineStatus, Quote, Report, Section};

use crate::conversation::words::profile_of;
use crate::directory::words::localized;

/// A draft as shown.
#[must_use]
pub fn report(draft: &consult::report::Report, seq: u64) -> Report {
    Report {
        chief_complaint: localized(&draft.chief_complaint),
        profile: profile_of(&draft.profile),
        photos: Vec::new(),
        visit: None,
        lines: draft.lines.iter().map(line).collect(),
        seq,
        submitted: None,
        differences: Vec::new(),
    }
}

fn line(line: &consult::report::Line) -> Line {
    Line {
        id: line.id.clone(),
        section: section(line.section),
        status: match line.status {
            Status::Present => LineStatus::Present,
            Status::Denied => LineStatus::Denied,
            Status::Unknown => LineStatus::Unknown,
            Status::NotAsked => LineStatus::NotAsked,
        },
        text: localized(&line.text),
        quotes: line
            .quotes
            .iter()
            .map(|quote| Quote {
                seq: quote.seq,
                words: quote.words.clone(),
            })
            .collect(),
        cites: line.cites.clone(),
        value: line.value,
        contradicts: line.contradicts,
        change: line.change.as_ref().map(|change| match change {
            Change::Question(id) => LineChange::Question(id.clone()),
            Change::Finding(id) => LineChange::Finding(id.clone()),
        }),
        struck: line.struck,
        template: line.template.clone(),
    }
}

fn section(place: Place) -> Section {
    match place {
        Place::ChiefComplaint => Section::ChiefComplaint,
        Place::PresentIllness => Section::PresentIllness,
        Place::PastHistory => Section::PastHistory,
        Place::Medicines => Section::Medicines,
        Place::Allergies => Section::Allergies,
        Place::Family => Section::Family,
        Place::Personal => Section::Personal,
        Place::MenstrualObstetric => Section::MenstrualObstetric,
        Place::Vaccination => Section::Vaccination,
        Place::VitalSigns => Section::VitalSigns,
        Place::Wishes => Section::Wishes,
        Place::Told => Section::Told,
    }
}

/// Something the patient was told, as the report takes it.
#[must_use]
pub fn told(kind: ToldKind, title: &Localized, words: &Localized) -> Told {
    Told {
        kind,
        title: Text(title.0.clone()),
        words: Text(words.0.clone()),
    }
}
