//! One department with its doctors.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::directory::{Department, Doctor, Page as Rows};

use crate::api;
use crate::app::link;
use crate::components::department::{fact, listed_doctor, phone};
use crate::components::icon::{Glyph, icon};
use crate::dom::{View, el, said, worded};
use crate::locale::words;
use crate::page::Page;
use crate::route::Place;
use crate::screens::directory::{Brought, more, not_there, search_field};

#[derive(Clone, Copy)]
struct Shown {
    department: RwSignal<Brought<Department>>,
    doctors: RwSignal<Brought<Vec<Doctor>>>,
    next: RwSignal<Option<String>>,
    search: RwSignal<String>,
    id: StoredValue<String>,
}

/// The department.
pub fn department(page: Page, id: String) -> View {
    let shown = Shown {
        department: RwSignal::new(Brought::Waiting),
        doctors: RwSignal::new(Brought::Waiting),
        next: RwSignal::new(None),
        search: RwSignal::new(String::new()),
        id: StoredValue::new(id),
    };
    load(page, shown);
    Effect::new(move |_: Option<()>| {
        shown.search.track();
        load_doctors(page, shown, None);
    });
    let body = move || match shown.department.get() {
        Brought::There(department) => facts(page, &department),
        other => not_there(page, &other, move || load(page, shown)),
    };
    let doctors = move || match shown.doctors.get() {
        Brought::There(rows) if rows.is_empty() => {
            vec![worded(page, "li", "", words::DIRECTORY_NONE)]
        }
        Brought::There(rows) => rows
            .iter()
            .map(|one| el("li", "").with(listed_doctor(page, one)))
            .collect(),
        other => vec![el("li", "").all(not_there(page, &other, move || {
            load_doctors(page, shown, None);
        }))],
    };
    el("div", "directory")
        .with(up(page))
        .with(el("div", "directory__entry").fill(body))
        .with(worded(
            page,
            "h2",
            "guidance__heading",
            words::DIRECTORY_DOCTORS,
        ))
        .all(search_field(
            page,
            words::DIRECTORY_SEARCH_DOCTORS,
            shown.search,
        ))
        .with(el("ul", "doctors").fill(doctors))
        .with(more(page, shown.next, move |cursor| {
            load_doctors(page, shown, cursor);
        }))
}

/// Back to the whole directory.
pub fn up(page: Page) -> View {
    link(page, Place::Directory, "text-link text-link--up")
        .with(icon(Glyph::BACK))
        .word(page, words::DIRECTORY_UP)
}

fn load(page: Page, shown: Shown) {
    let id = shown.id.get_value();
    spawn_local(async move {
        let answer = api::department(&page.application_id(), &id).await;
        shown.department.try_set(Brought::from_answer(answer));
    });
}

fn load_doctors(page: Page, shown: Shown, cursor: Option<String>) {
    let (id, search) = (shown.id.get_value(), shown.search.get_untracked());
    spawn_local(async move {
        let answer = api::doctors(
            &page.application_id(),
            Some(&id),
            search.trim(),
            cursor.as_deref(),
        )
        .await;
        // The screen may be gone, or more may have been typed meanwhile.
        if shown.search.try_get_untracked() != Some(search) {
            return;
        }
        match answer {
            Ok(Rows { items, next }) => {
                shown.next.set(next);
                shown.doctors.update(|rows| match rows {
                    Brought::There(rows) if cursor.is_some() => rows.extend(items),
                    _ => *rows = Brought::There(items),
                });
            }
            Err(failure) => shown.doctors.set(Brought::from_answer(Err(failure))),
        }
    });
}

fn facts(page: Page, department: &Department) -> Vec<View> {
    let facts = [
        fact(page, words::GUIDANCE_FLOOR, Some(&department.floor)),
        fact(page, words::GUIDANCE_HOURS, Some(&department.hours)),
        fact(
            page,
            words::DIRECTORY_FOR_WHOM,
            department.for_whom.as_ref(),
        ),
        fact(page, words::GUIDANCE_PREPARE, department.prepare.as_ref()),
        fact(page, words::GUIDANCE_BRING, department.bring.as_ref()),
        phone(page, department.phone.as_ref()),
    ];
    vec![
        said(page, "h1", "", &department.name)
            .attr("id", "heading")
            .attr("tabindex", "-1"),
        said(page, "p", "sheet__lead", &department.introduction),
        el("dl", "facts").all(facts.into_iter().flatten()),
        link(
            page,
            Place::Hospital(department.hospital.clone()),
            "text-link",
        )
        .word(page, words::DIRECTORY_TO_HOSPITAL),
    ]
}
