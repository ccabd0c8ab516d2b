//! A department and a doctor, as suggested or as listed: the same facts in the same order.

use leptos::prelude::*;
use wire::Localized;
use wire::directory::Doctor;
use wire::guidance::{Reason, SuggestedDepartment, SuggestedDoctor};

use crate::app::link;
use crate::components::icon::{Glyph, icon};
use crate::dom::{View, call, el, said, worded};
use crate::locale::{Word, words};
use crate::page::Page;
use crate::route::Place;

/// One line of facts; left out when there is nothing to say.
#[must_use]
pub fn fact(page: Page, name: Word, value: Option<&Localized>) -> Vec<View> {
    let value = value.filter(|value| value.0.values().any(|text| !text.is_empty()));
    value
        .map(|value| vec![worded(page, "dt", "", name), said(page, "dd", "", value)])
        .unwrap_or_default()
}

/// A telephone number to call.
#[must_use]
pub fn phone(page: Page, number: Option<&String>) -> Vec<View> {
    let Some(number) = number.cloned() else {
        return Vec::new();
    };
    let dialled = number.clone();
    let link = call("", move || dialled.clone()).text(&number);
    vec![
        worded(page, "dt", "", words::GUIDANCE_PHONE),
        el("dd", "").with(link),
    ]
}

/// A suggested department: why, where, when, what to bring, whom to ask for.
pub fn suggested(page: Page, place: usize, department: &SuggestedDepartment) -> View {
    let id = format!("department-{place}");
    let choice = move || words::guidance_choice(page.language.get(), &place.to_string());
    let name = link(
        page,
        Place::Department(department.id.clone()),
        "department__link",
    )
    .localized(page, &department.name);
    let open = department.open_now.map(|open| {
        let word = if open {
            words::GUIDANCE_OPEN_NOW
        } else {
            words::GUIDANCE_CLOSED_NOW
        };
        worded(page, "span", "tag", word).class_if(!open, "tag--closed")
    });
    let facts = [
        fact(page, words::GUIDANCE_FLOOR, Some(&department.floor)),
        fact(page, words::GUIDANCE_HOURS, Some(&department.hours)),
        fact(page, words::GUIDANCE_PREPARE, department.prepare.as_ref()),
        fact(page, words::GUIDANCE_BRING, department.bring.as_ref()),
        phone(page, department.phone.as_ref()),
    ];
    let booking = department
        .booking
        .as_ref()
        .filter(|link| link.starts_with("https://"))
        .map(|link| {
            let book = worded(page, "a", "button button--primary", words::GUIDANCE_BOOK)
                .attr("href", link);
            book.attr("target", "_blank")
                .attr("rel", "noopener noreferrer")
        });
    // The first choice shows its doctors at once; the others keep the page short.
    let doctors = (!department.doctors.is_empty()).then(|| {
        let rows = department
            .doctors
            .iter()
            .map(|doctor| el("li", "").with(suggested_doctor(page, doctor)));
        let shown = el("details", "department__doctors print-open")
            .with(worded(
                page,
                "summary",
                "fold__title",
                words::GUIDANCE_DOCTORS,
            ))
            .with(el("ul", "doctors").all(rows.collect::<Vec<_>>()));
        if place == 1 {
            shown.attr("open", "")
        } else {
            shown
        }
    });
    el("article", "department")
        .attr("aria-labelledby", &id)
        .with(el("p", "department__choice").says(choice))
        .with(el("h3", "department__name").attr("id", &id).with(name))
        .with(
            said(page, "p", "department__hospital", &department.hospital)
                .text(" ")
                .all(open),
        )
        .all(
            department
                .note
                .as_ref()
                .map(|note| said(page, "p", "notice", note)),
        )
        .all(because(page, &department.reasons))
        .with(el("dl", "facts").all(facts.into_iter().flatten()))
        .all(booking)
        .all(doctors)
}

/// The patient's own words behind a suggestion.
fn because(page: Page, reasons: &[Reason]) -> Option<View> {
    if reasons.is_empty() {
        return None;
    }
    let title = worded(page, "p", "because__title", words::GUIDANCE_BECAUSE);
    Some(el("div", "because").all([title, reason_list(page, reasons)]))
}

/// Findings, each with the words it rests on unless they are the same.
pub fn reason_list(page: Page, reasons: &[Reason]) -> View {
    let rows = reasons.iter().cloned().map(|reason| {
        el("li", "").says(move || {
            let language = page.language.get();
            let finding = reason.finding.get(language.code());
            match &reason.words {
                Some(said) if said != finding => {
                    words::guidance_reason_words(language, finding, said)
                }
                _ => finding.to_owned(),
            }
        })
    });
    el("ul", "").all(rows)
}

/// The first letters of a name: a portrait where there is no picture. A Chinese name gives its family name.
fn initials(name: &str) -> String {
    if name.is_ascii() {
        let titles = ["Dr", "Dr.", "Prof", "Prof."];
        let parts = name
            .split_ascii_whitespace()
            .filter(|part| !titles.contains(part));
        parts
            .filter_map(|part| part.chars().next())
            .take(2)
            .collect()
    } else {
        name.chars().take(1).collect()
    }
}

/// The parts of a doctor that both kinds have.
fn card(page: Page, name: &Localized, title: &Localized, rest: Vec<View>) -> View {
    let shown = name.clone();
    let portrait = el("span", "portrait")
        .attr("aria-hidden", "true")
        .says(move || initials(shown.get(page.language.get().code())));
    let name = said(page, "p", "doctor__name", name).text(" ").with(said(
        page,
        "span",
        "doctor__title",
        title,
    ));
    el("div", "doctor").all([portrait, el("div", "doctor__words").with(name).all(rest)])
}

/// Clinic, hours, what it costs and whether there is a place: told even when it is not known.
fn terms(
    page: Page,
    clinic: &Localized,
    hours: &Localized,
    fee: Option<String>,
    places: Option<u32>,
) -> View {
    let unknown = move || words::GUIDANCE_NOT_KNOWN.of(page.language.get()).to_owned();
    let places = move || match places {
        None => unknown(),
        Some(0) => words::GUIDANCE_NONE_LEFT.of(page.language.get()).to_owned(),
        Some(count) => count.to_string(),
    };
    el("dl", "facts facts--inline")
        .all(fact(page, words::GUIDANCE_CLINIC, Some(clinic)))
        .all(fact(page, words::GUIDANCE_HOURS, Some(hours)))
        .all([
            worded(page, "dt", "", words::GUIDANCE_FEE),
            el("dd", "").says(move || fee.clone().unwrap_or_else(unknown)),
            worded(page, "dt", "", words::GUIDANCE_PLACES),
            el("dd", "").says(places),
        ])
}

fn suggested_doctor(page: Page, doctor: &SuggestedDoctor) -> View {
    let mut rest = vec![said(page, "p", "", &doctor.expertise)];
    if !doctor.matches.is_empty() {
        let matches = doctor.matches.clone();
        let knows = move || words::guidance_matches(page.language.get(), &page.joined(&matches));
        rest.push(
            el("p", "doctor__matches")
                .with(icon(Glyph::TICK))
                .says(knows),
        );
    }
    rest.push(terms(
        page,
        &doctor.clinic,
        &doctor.hours,
        doctor.fee.clone(),
        doctor.places_left,
    ));
    card(page, &doctor.name, &doctor.title, rest)
}

/// A doctor of the directory.
pub fn listed_doctor(page: Page, doctor: &Doctor) -> View {
    let rest = vec![
        said(page, "p", "hint", &doctor.department_name),
        said(page, "p", "", &doctor.expertise),
        said(page, "p", "", &doctor.introduction),
        terms(
            page,
            &doctor.clinic,
            &doctor.hours,
            doctor.fee.clone(),
            doctor.places_left,
        ),
    ];
    card(page, &doctor.name, &doctor.title, rest)
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_leave_titles_out() {
        assert_eq!(initials("Dr. Mei Lin Zhao"), "ML");
        assert_eq!(initials("欧阳明"), "欧");
        assert_eq!(initials(""), "");
    }
}
