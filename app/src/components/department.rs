//! A department and a doctor, as suggested or as listed: the same facts in the same order.

use leptos::prelude::*;
use wire::Localized;
use wire::directory::Doctor;
use wire::guidance::{Reason, SuggestedDepartment, SuggestedDoctor};

use crate::app::link;
use crate::components::icon::{Glyph, icon};
use crate::locale::{Word, words};
use crate::page::Page;
use crate::route::Place;

/// One line of facts; left out when there is nothing to say.
pub fn fact(page: Page, name: Word, value: Option<&Localized>) -> AnyView {
    let value = value.filter(|value| value.0.values().any(|text| !text.is_empty()));
    value.map(|value| view! { <dt>{page.word(name)}</dt><dd>{page.say(value)}</dd> }).into_any()
}

/// A telephone number to call.
pub fn phone(page: Page, number: Option<&String>) -> AnyView {
    let number = number.cloned();
    number
        .map(|number| view! { <dt>{page.word(words::GUIDANCE_PHONE)}</dt><dd><a href=format!("tel:{number}")>{number.clone()}</a></dd> })
        .into_any()
}

/// A suggested department: why, where, when, what to bring, whom to ask for.
pub fn suggested(page: Page, place: usize, department: &SuggestedDepartment) -> AnyView {
    let open = department.open_now.map(|open| {
        let word = if open { words::GUIDANCE_OPEN_NOW } else { words::GUIDANCE_CLOSED_NOW };
        view! { <span class="tag" class:tag--closed=!open>{page.word(word)}</span> }
    });
    let choice = move || words::guidance_choice(page.language.get(), &place.to_string());
    let id = format!("department-{place}");
    let labelled = id.clone();
    let doctors = department.doctors.iter().map(|doctor| view! { <li>{suggested_doctor(page, doctor)}</li> }).collect_view();
    let has_doctors = !department.doctors.is_empty();
    view! {
        <article class="department" aria-labelledby=labelled>
            <p class="department__choice">{choice}</p>
            <h3 id=id class="department__name">
                {link(page, Place::Department(department.id.clone()), "department__link", page.say(&department.name))}
            </h3>
            <p class="department__hospital">{page.say(&department.hospital)}" "{open}</p>
            {department.note.as_ref().map(|note| view! { <p class="notice">{page.say(note)}</p> })}
            {because(page, &department.reasons)}
            <dl class="facts">
                {fact(page, words::GUIDANCE_FLOOR, Some(&department.floor))}
                {fact(page, words::GUIDANCE_HOURS, Some(&department.hours))}
                {fact(page, words::GUIDANCE_PREPARE, department.prepare.as_ref())}
                {fact(page, words::GUIDANCE_BRING, department.bring.as_ref())}
                {phone(page, department.phone.as_ref())}
            </dl>
            {department.booking.clone().filter(|link| link.starts_with("https://")).map(|link| view! {
                <a class="button button--primary" href=link target="_blank" rel="noopener noreferrer">{page.word(words::GUIDANCE_BOOK)}</a>
            })}
            {has_doctors.then(|| view! {
                <h4 class="department__doctors">{page.word(words::GUIDANCE_DOCTORS)}</h4>
                <ul class="doctors">{doctors}</ul>
            })}
        </article>
    }
    .into_any()
}

/// The patient's own words behind a suggestion.
fn because(page: Page, reasons: &[Reason]) -> AnyView {
    if reasons.is_empty() {
        return ().into_any();
    }
    let rows = reasons.iter().map(|reason| view! { <li>{reason_words(page, reason)}</li> }).collect_view();
    view! {
        <div class="because">
            <p class="because__title">{page.word(words::GUIDANCE_BECAUSE)}</p>
            <ul>{rows}</ul>
        </div>
    }
    .into_any()
}

/// A finding, with the words it rests on unless they are the same.
pub fn reason_words(page: Page, reason: &Reason) -> impl Fn() -> String + Clone + Send + Sync + 'static + use<> {
    let reason = reason.clone();
    move || {
        let language = page.language.get();
        let finding = reason.finding.get(language.code());
        match &reason.words {
            Some(said) if said != finding => words::guidance_reason_words(language, finding, said),
            _ => finding.to_owned(),
        }
    }
}

/// The first letters of a name: a portrait where there is no picture. A Chinese name gives its family name.
fn initials(name: &str) -> String {
    if name.is_ascii() {
        let titles = ["dr", "dr.", "prof", "prof."];
        let parts = name.split_whitespace().filter(|part| !titles.contains(&part.to_lowercase().as_str()));
        parts.filter_map(|part| part.chars().next()).take(2).collect()
    } else {
        name.chars().take(1).collect()
    }
}

fn portrait(page: Page, name: &Localized) -> impl IntoView + use<> {
    let name = page.say(name);
    view! { <span class="portrait" aria-hidden="true">{move || initials(&name())}</span> }
}

/// What costs and whether there is a place: told even when it is not known.
fn money_and_places(page: Page, fee: Option<String>, places: Option<u32>) -> AnyView {
    let places = move || match places {
        None => words::GUIDANCE_NOT_KNOWN.of(page.language.get()).to_owned(),
        Some(0) => words::GUIDANCE_NONE_LEFT.of(page.language.get()).to_owned(),
        Some(count) => count.to_string(),
    };
    let fee = move || fee.clone().unwrap_or_else(|| words::GUIDANCE_NOT_KNOWN.of(page.language.get()).to_owned());
    view! {
        <dt>{page.word(words::GUIDANCE_FEE)}</dt><dd>{fee}</dd>
        <dt>{page.word(words::GUIDANCE_PLACES)}</dt><dd>{places}</dd>
    }
    .into_any()
}

fn suggested_doctor(page: Page, doctor: &SuggestedDoctor) -> AnyView {
    let matches = doctor.matches.clone();
    let knows = (!matches.is_empty()).then(|| {
        let words = move || words::guidance_matches(page.language.get(), &page.joined(&matches));
        view! { <p class="doctor__matches">{icon(Glyph::TICK)}{words}</p> }
    });
    view! {
        <div class="doctor">
            {portrait(page, &doctor.name)}
            <div class="doctor__words">
                <p class="doctor__name">{page.say(&doctor.name)}" "<span class="doctor__title">{page.say(&doctor.title)}</span></p>
                <p>{page.say(&doctor.expertise)}</p>
                {knows}
                <dl class="facts facts--inline">
                    {fact(page, words::GUIDANCE_CLINIC, Some(&doctor.clinic))}
                    {fact(page, words::GUIDANCE_HOURS, Some(&doctor.hours))}
                    {money_and_places(page, doctor.fee.clone(), doctor.places_left)}
                </dl>
            </div>
        </div>
    }
    .into_any()
}

/// A doctor of the directory.
pub fn listed_doctor(page: Page, doctor: &Doctor) -> AnyView {
    view! {
        <div class="doctor">
            {portrait(page, &doctor.name)}
            <div class="doctor__words">
                <p class="doctor__name">{page.say(&doctor.name)}" "<span class="doctor__title">{page.say(&doctor.title)}</span></p>
                <p class="hint">{page.say(&doctor.department_name)}</p>
                <p>{page.say(&doctor.expertise)}</p>
                <p>{page.say(&doctor.introduction)}</p>
                <dl class="facts facts--inline">
                    {fact(page, words::GUIDANCE_CLINIC, Some(&doctor.clinic))}
                    {fact(page, words::GUIDANCE_HOURS, Some(&doctor.hours))}
                    {money_and_places(page, doctor.fee.clone(), doctor.places_left)}
                </dl>
            </div>
        </div>
    }
    .into_any()
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
