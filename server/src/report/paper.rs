//! The report on paper: a PDF for the patient to take along.

use pdf::{Desk, Section, Sheet};
use wire::report::{LineChange, LineStatus, Report, Submitted};
use wire::session::{Profile, Sex};

use super::headings::{self, both, is_open_said, mark};
use super::{ReportError, fhir, photos, qr, read};
use crate::App;
use crate::conversation::Opened;
use crate::store::{self, StoreError};

/// The report as it stands now, in `language` if it is one of the product's, else in the session's.
///
/// # Errors
/// As [`read`].
pub async fn of_session(
    app: &App,
    opened: &Opened,
    language: Option<&str>,
) -> Result<Vec<u8>, ReportError> {
    let report = read(app, opened).await?;
    let session = &opened.session;
    let language = language
        .filter(|language| fhir::LANGUAGES.contains(language))
        .unwrap_or(&session.locale);
    let application =
        store::applications::find(&mut *app.store.reader().await?, &session.application).await?;
    let place = application.and_then(|(_, application)| application.name.get(language).cloned());
    let mut sheet = sheet(&report, language, place.unwrap_or_default());
    let pictures = photos::all(app, &opened.log, &report, photos::Size::Paper).await?;
    sheet.photos = pictures
        .into_iter()
        .map(|(photo, jpeg)| pdf::Photo {
            caption: photos::name(photo.about).get(language).to_owned(),
            jpeg,
        })
        .collect();
    let printed = tokio::task::spawn_blocking(move || pdf::render(&sheet))
        .await
        .map_err(|error| StoreError::Damaged(error.to_string()))?;
    Ok(printed.map_err(|error| StoreError::Damaged(error.to_string()))?)
}

fn sheet(report: &Report, language: &str, place: String) -> Sheet {
    let sections = fhir::SECTIONS.iter().filter_map(|(section, ..)| {
        let of_section = report
            .lines
            .iter()
            .filter(|line| line.section == *section && !line.struck);
        let (denied, others): (Vec<_>, Vec<_>) = of_section.partition(|line| is_short(line));
        let lines: Vec<pdf::Line> = others
            .into_iter()
            .map(|line| {
                let text = line.text.get(language).to_owned();
                let mut note = String::new();
                if !is_open_said(&text) {
                    note.push_str(mark(line.status, language));
                }
                if line.contradicts {
                    note.push_str(both(language));
                }
                // Words that stand in the sentence already are not said twice.
                let quotes = line.quotes.iter().map(|quote| quote.words.clone());
                pdf::Line {
                    quotes: quotes.filter(|words| !text.contains(words)).collect(),
                    text,
                    note,
                }
            })
            .collect();
        let denied = denied.iter().map(|line| line.text.get(language).to_owned());
        let section = Section {
            heading: headings::heading(*section, language).to_owned(),
            lines,
            denied: denied.collect(),
        };
        (!section.lines.is_empty() || !section.denied.is_empty()).then_some(section)
    });
    Sheet {
        language: language.to_owned(),
        title: headings::title(language).to_owned(),
        place,
        who: who(&report.profile, language),
        not_a_diagnosis: headings::not_a_diagnosis(language).to_owned(),
        chief_heading: headings::heading(wire::report::Section::ChiefComplaint, language)
            .to_owned(),
        chief: report.chief_complaint.get(language).to_owned(),
        sections: sections.collect(),
        photos_heading: headings::photos(language).to_owned(),
        photos: Vec::new(),
        desk: report
            .submitted
            .as_ref()
            .and_then(|submitted| desk(submitted, language)),
    }
}

/// A sign that was asked and denied, with nothing more to say of it.
fn is_short(line: &wire::report::Line) -> bool {
    line.status == LineStatus::Denied
        && matches!(line.change, Some(LineChange::Finding(_)))
        && line.quotes.is_empty()
        && !line.contradicts
}

fn desk(submitted: &Submitted, language: &str) -> Option<Desk> {
    let (size, dark) = qr::squares(&submitted.code)?;
    let day = submitted.code_expires_at.get(..10)?;
    Some(Desk {
        code: submitted.code.clone(),
        until: headings::until(language, day),
        size,
        dark,
    })
}

/// Sex and age, as far as told.
fn who(profile: &Profile, language: &str) -> String {
    let zh = language == "zh";
    let sex = match profile.sex {
        Some(Sex::Female) => Some(if zh { "女" } else { "Female" }.to_owned()),
        Some(Sex::Male) => Some(if zh { "男" } else { "Male" }.to_owned()),
        _ => None,
    };
    let age = profile.age_months.map(|months| match (months, zh) {
        (..24, true) => format!("{months} 个月"),
        (..24, false) => format!("{months} months"),
        (_, true) => format!("{} 岁", months / 12),
        (_, false) => format!("{} years", months / 12),
    });
    let told: Vec<String> = sex.into_iter().chain(age).collect();
    told.join(if zh { "，" } else { ", " })
}
