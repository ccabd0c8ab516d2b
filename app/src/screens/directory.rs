//! Departments and doctors, without a visit.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::directory::{Department, Hospital};

use crate::api::{self, Failure};
use crate::app::link;
use crate::locale::words;
use crate::page::Page;
use crate::route::Place;

/// What a request for the directory has brought.
#[derive(Debug, Clone, PartialEq)]
pub enum Brought<T> {
    /// Not yet.
    Waiting,
    /// This.
    There(T),
    /// There is no such entry.
    Missing,
    /// Nothing; it may be tried again.
    Failed,
}

impl<T> Brought<T> {
    /// From the answer of a call.
    pub fn from_answer(answer: Result<T, Failure>) -> Self {
        match answer {
            Ok(value) => Self::There(value),
            Err(Failure::Problem { status: 404, .. }) => Self::Missing,
            Err(_) => Self::Failed,
        }
    }
}

/// What is said instead of an entry that is not there.
pub fn not_there<T>(page: Page, brought: &Brought<T>, again: impl Fn() + Copy + 'static) -> AnyView {
    match brought {
        Brought::Waiting => view! { <p class="hint" role="status">{page.word(words::PAGE_LOADING)}</p> }.into_any(),
        Brought::Missing => view! { <p class="notice">{page.word(words::DIRECTORY_MISSING)}</p> }.into_any(),
        Brought::Failed => view! {
            <div class="trouble" role="alert">
                <p>{page.word(words::DIRECTORY_FAILED)}</p>
                <button type="button" class="button button--small" on:click=move |_| again()>{page.word(words::PAGE_TRY_AGAIN)}</button>
            </div>
        }
        .into_any(),
        Brought::There(_) => ().into_any(),
    }
}

/// The state of the list.
#[derive(Clone, Copy)]
struct List {
    hospitals: RwSignal<Vec<Hospital>>,
    hospital: RwSignal<Option<String>>,
    search: RwSignal<String>,
    rows: RwSignal<Brought<Vec<Department>>>,
    next: RwSignal<Option<String>>,
    /// Answers of an older search than this are dropped.
    asked: StoredValue<u32>,
}

/// The directory.
pub fn directory(page: Page) -> AnyView {
    let list = List {
        hospitals: RwSignal::new(Vec::new()),
        hospital: RwSignal::new(None),
        search: RwSignal::new(String::new()),
        rows: RwSignal::new(Brought::Waiting),
        next: RwSignal::new(None),
        asked: StoredValue::new(0),
    };
    spawn_local(async move {
        if let Ok(hospitals) = api::hospitals(&page.application_id()).await {
            list.hospitals.try_set(hospitals.items);
        }
    });
    Effect::new(move |_| {
        list.hospital.track();
        list.search.track();
        load(page, list, None);
    });
    let body = move || match list.rows.get() {
        Brought::There(rows) if rows.is_empty() => view! { <p class="notice">{page.word(words::DIRECTORY_NONE)}</p> }.into_any(),
        Brought::There(rows) => rows.iter().map(|one| row(page, one, list)).collect_view().into_any(),
        other => not_there(page, &other, move || load(page, list, None)),
    };
    view! {
        <div class="directory">
            <h1 id="heading" tabindex="-1">{page.word(words::DIRECTORY_TITLE)}</h1>
            <p class="sheet__lead">{page.word(words::DIRECTORY_LEAD)}</p>
            {hospitals(page, list)}
            <label class="field__label" for="search">{page.word(words::DIRECTORY_SEARCH)}</label>
            <input id="search" class="field__input" type="search" autocomplete="off" maxlength="60"
                prop:value=list.search on:input=move |event| list.search.set(event_target_value(&event)) />
            <section class="rows" aria-label=page.word(words::DIRECTORY_DEPARTMENTS)>{body}</section>
            <button type="button" class="button" hidden=move || list.next.with(Option::is_none)
                on:click=move |_| load(page, list, list.next.get_untracked())>{page.word(words::DIRECTORY_MORE)}</button>
        </div>
    }
    .into_any()
}

fn load(page: Page, list: List, cursor: Option<String>) {
    let asked = list.asked.get_value() + 1;
    list.asked.set_value(asked);
    let (hospital, search) = (list.hospital.get_untracked(), list.search.get_untracked());
    spawn_local(async move {
        let application = page.application_id();
        let answer = api::departments(&application, hospital.as_deref(), search.trim(), cursor.as_deref()).await;
        if list.asked.try_get_value() != Some(asked) {
            return;
        }
        match answer {
            Ok(more) => {
                list.next.set(more.next);
                list.rows.update(|rows| match rows {
                    Brought::There(rows) if cursor.is_some() => rows.extend(more.items),
                    _ => *rows = Brought::There(more.items),
                });
            }
            Err(failure) => list.rows.set(Brought::from_answer(Err(failure))),
        }
    });
}

/// Which hospital, when there are several, and the way to each one's page.
fn hospitals(page: Page, list: List) -> impl IntoView {
    let chips = move || {
        let hospitals = list.hospitals.get();
        let all = view! {
            <button type="button" class="chip chip--small" aria-pressed=move || list.hospital.with(Option::is_none).to_string()
                on:click=move |_| list.hospital.set(None)>{page.word(words::DIRECTORY_ALL_HOSPITALS)}</button>
        };
        let each = hospitals.iter().map(|hospital| {
            let (id, own) = (hospital.id.clone(), hospital.id.clone());
            view! {
                <button type="button" class="chip chip--small"
                    aria-pressed=move || list.hospital.with(|chosen| chosen.as_ref() == Some(&own)).to_string()
                    on:click=move |_| list.hospital.set(Some(id.clone()))>{page.say(&hospital.name)}</button>
            }
        });
        let links = hospitals.iter().map(|hospital| {
            view! { <li>{link(page, Place::Hospital(hospital.id.clone()), "text-link", view! {
                {page.word(words::DIRECTORY_TO_HOSPITAL)}": "{page.say(&hospital.name)}
            })}</li> }
        });
        view! {
            <div class="choices choices--flow" role="group" aria-label=page.word(words::DIRECTORY_HOSPITALS)>{all}{each.collect_view()}</div>
            <ul class="links">{links.collect_view()}</ul>
        }
    };
    view! { <div class="directory__hospitals">{chips}</div> }
}

fn row(page: Page, department: &Department, list: List) -> AnyView {
    let hospital = list.hospitals.with_untracked(|all| all.iter().find(|one| one.id == department.hospital).map(|one| one.name.clone()));
    link(page, Place::Department(department.id.clone()), "row", view! {
        <span class="row__name">{page.say(&department.name)}</span>
        <span class="row__note">{page.say(&department.floor)}{hospital.map(|name| view! { " · "{page.say(&name)} })}</span>
    })
    .into_any()
}
