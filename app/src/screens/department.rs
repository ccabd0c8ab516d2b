//! One department with its doctors.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::directory::{Department, Doctor, Page as Rows};

use crate::api;
use crate::app::link;
use crate::components::department::{fact, listed_doctor, phone};
use crate::components::icon::{Glyph, icon};
use crate::locale::words;
use crate::page::Page;
use crate::route::Place;
use crate::screens::directory::{Brought, not_there};

#[derive(Clone, Copy)]
struct Shown {
    department: RwSignal<Brought<Department>>,
    doctors: RwSignal<Brought<Vec<Doctor>>>,
    next: RwSignal<Option<String>>,
    search: RwSignal<String>,
    id: StoredValue<String>,
}

/// The department.
pub fn department(page: Page, id: String) -> AnyView {
    let shown = Shown {
        department: RwSignal::new(Brought::Waiting),
        doctors: RwSignal::new(Brought::Waiting),
        next: RwSignal::new(None),
        search: RwSignal::new(String::new()),
        id: StoredValue::new(id),
    };
    load(page, shown);
    Effect::new(move |_| {
        shown.search.track();
        load_doctors(page, shown, None);
    });
    let body = move || match shown.department.get() {
        Brought::There(department) => facts(page, &department),
        other => not_there(page, &other, move || load(page, shown)),
    };
    let doctors = move || match shown.doctors.get() {
        Brought::There(rows) if rows.is_empty() => view! { <li>{page.word(words::DIRECTORY_NONE)}</li> }.into_any(),
        Brought::There(rows) => rows.iter().map(|one| view! { <li>{listed_doctor(page, one)}</li> }).collect_view().into_any(),
        other => view! { <li>{not_there(page, &other, move || load_doctors(page, shown, None))}</li> }.into_any(),
    };
    view! {
        <div class="directory">
            {link(page, Place::Directory, "text-link text-link--up", view! { {icon(Glyph::BACK)}{page.word(words::DIRECTORY_UP)} })}
            {body}
            <h2 class="guidance__heading">{page.word(words::DIRECTORY_DOCTORS)}</h2>
            <label class="field__label" for="search">{page.word(words::DIRECTORY_SEARCH_DOCTORS)}</label>
            <input id="search" class="field__input" type="search" autocomplete="off" maxlength="60"
                prop:value=shown.search on:input=move |event| shown.search.set(event_target_value(&event)) />
            <ul class="doctors">{doctors}</ul>
            <button type="button" class="button" hidden=move || shown.next.with(Option::is_none)
                on:click=move |_| load_doctors(page, shown, shown.next.get_untracked())>{page.word(words::DIRECTORY_MORE)}</button>
        </div>
    }
    .into_any()
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
        let answer = api::doctors(&page.application_id(), Some(&id), search.trim(), cursor.as_deref()).await;
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

fn facts(page: Page, department: &Department) -> AnyView {
    view! {
        <h1 id="heading" tabindex="-1">{page.say(&department.name)}</h1>
        <p class="sheet__lead">{page.say(&department.introduction)}</p>
        <dl class="facts">
            {fact(page, words::GUIDANCE_FLOOR, Some(&department.floor))}
            {fact(page, words::GUIDANCE_HOURS, Some(&department.hours))}
            {fact(page, words::DIRECTORY_FOR_WHOM, department.for_whom.as_ref())}
            {fact(page, words::GUIDANCE_PREPARE, department.prepare.as_ref())}
            {fact(page, words::GUIDANCE_BRING, department.bring.as_ref())}
            {phone(page, department.phone.as_ref())}
        </dl>
        {link(page, Place::Hospital(department.hospital.clone()), "text-link", page.word(words::DIRECTORY_TO_HOSPITAL))}
    }
    .into_any()
}
