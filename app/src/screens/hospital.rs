//! One hospital: where it is, how to get there, where people help.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::directory::Hospital;

use crate::api;
use crate::app::link;
use crate::components::department::{fact, phone};
use crate::components::icon::{Glyph, icon};
use crate::locale::words;
use crate::page::Page;
use crate::route::Place;
use crate::screens::directory::{Brought, not_there};

/// The hospital.
pub fn hospital(page: Page, id: String) -> AnyView {
    let shown: RwSignal<Brought<Hospital>> = RwSignal::new(Brought::Waiting);
    let id = StoredValue::new(id);
    let load = move || {
        spawn_local(async move {
            let answer = api::hospital(&page.application_id(), &id.get_value()).await;
            shown.try_set(Brought::from_answer(answer));
        });
    };
    load();
    let body = move || match shown.get() {
        Brought::There(hospital) => facts(page, &hospital),
        other => not_there(page, &other, load),
    };
    view! {
        <div class="directory">
            {link(page, Place::Directory, "text-link text-link--up", view! { {icon(Glyph::BACK)}{page.word(words::DIRECTORY_UP)} })}
            {body}
        </div>
    }
    .into_any()
}

fn facts(page: Page, hospital: &Hospital) -> AnyView {
    view! {
        <h1 id="heading" tabindex="-1">{page.say(&hospital.name)}</h1>
        <p class="sheet__lead">{page.say(&hospital.introduction)}</p>
        <dl class="facts">
            {fact(page, words::DIRECTORY_ADDRESS, Some(&hospital.address))}
            {fact(page, words::DIRECTORY_TRAVEL, Some(&hospital.travel))}
            {phone(page, hospital.phone.as_ref())}
            {fact(page, words::DIRECTORY_TRIAGE_DESK, Some(&hospital.triage_desk))}
            {fact(page, words::DIRECTORY_EMERGENCY, hospital.emergency.as_ref())}
        </dl>
    }
    .into_any()
}
