//! Picking a complaint without words: common ones, by body part, or from the whole list.

use leptos::prelude::*;
use wire::application::ComplaintEntry;
use wire::turn::{Chosen, Input};

use crate::components::body_map;
use crate::locale::words;
use crate::page::Page;
use crate::session;

fn complaints(page: Page) -> Vec<ComplaintEntry> {
    page.of_application(|application| application.complaints.clone())
}

/// One complaint to tap.
fn chip(page: Page, entry: &ComplaintEntry) -> AnyView {
    let (id, name) = (entry.id.clone(), entry.name.clone());
    let pick = move |_| {
        let input = Input::Choice(Chosen { question: "complaint".to_owned(), choices: vec![id.clone()] });
        session::send(page, input, name.clone());
    };
    view! { <button type="button" class="chip" on:click=pick>{page.say(&entry.name)}</button> }.into_any()
}

/// The three ways.
pub fn picker(page: Page) -> AnyView {
    let common = move || complaints(page).iter().filter(|entry| entry.common).map(|entry| chip(page, entry)).collect_view();
    view! {
        <div class="picker">
            <h3 class="picker__title">{page.word(words::TALK_COMMON)}</h3>
            <div class="choices choices--flow">{common}</div>
            <details class="fold">
                <summary class="fold__title">{page.word(words::TALK_BY_BODY)}</summary>
                {by_body(page)}
            </details>
            <details class="fold">
                <summary class="fold__title">{page.word(words::TALK_ALL_LIST)}</summary>
                {whole_list(page)}
            </details>
        </div>
    }
    .into_any()
}

fn by_body(page: Page) -> impl IntoView {
    let part: RwSignal<Option<body_map::Part>> = RwSignal::new(None);
    let of_part = move || {
        part.get().map(|part| {
            let entries: Vec<AnyView> = complaints(page)
                .iter()
                .filter(|entry| entry.body.iter().any(|body| body == part.id()))
                .map(|entry| chip(page, entry))
                .collect();
            let title = move || words::talk_complaints_of(page.language.get(), part.word().of(page.language.get()));
            let none = entries.is_empty().then(|| view! { <p>{page.word(words::TALK_NO_COMPLAINTS)}</p> });
            view! { <h3 class="picker__title" id="of-part" tabindex="-1">{title}</h3> <div class="choices choices--flow">{entries}</div> {none} }
        })
    };
    view! { {body_map::body_map(page, part)} <div aria-live="polite">{of_part}</div> }
}

fn whole_list(page: Page) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let rows = move || {
        let wanted = search.get().trim().to_lowercase();
        let found: Vec<AnyView> = complaints(page)
            .iter()
            .filter(|entry| wanted.is_empty() || entry.name.0.values().any(|name| name.to_lowercase().contains(&wanted)))
            .map(|entry| chip(page, entry))
            .collect();
        if found.is_empty() {
            view! { <p>{page.word(words::TALK_NOTHING_FOUND)}</p> }.into_any()
        } else {
            found.into_any()
        }
    };
    view! {
        <label class="field__label" for="search-list">{page.word(words::TALK_SEARCH_LIST)}</label>
        <input id="search-list" class="field__input" type="search" autocomplete="off"
            prop:value=search on:input=move |event| search.set(event_target_value(&event)) />
        <div class="choices choices--flow picker__list">{rows}</div>
    }
}
