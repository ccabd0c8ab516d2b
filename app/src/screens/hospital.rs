//! One hospital: where it is, how to get there, where people help.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::directory::Hospital;

use crate::api;
use crate::components::department::{fact, phone};
use crate::dom::{View, el, said};
use crate::locale::words;
use crate::page::Page;
use crate::screens::department::up;
use crate::screens::directory::{Brought, not_there};

/// The hospital.
pub fn hospital(page: Page, id: String) -> View {
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
    el("div", "directory").all([up(page), el("div", "directory__entry").fill(body)])
}

fn facts(page: Page, hospital: &Hospital) -> Vec<View> {
    let facts = [
        fact(page, words::DIRECTORY_ADDRESS, Some(&hospital.address)),
        fact(page, words::DIRECTORY_TRAVEL, Some(&hospital.travel)),
        phone(page, hospital.phone.as_ref()),
        fact(
            page,
            words::DIRECTORY_TRIAGE_DESK,
            Some(&hospital.triage_desk),
        ),
        fact(
            page,
            words::DIRECTORY_EMERGENCY,
            hospital.emergency.as_ref(),
        ),
    ];
    vec![
        said(page, "h1", "", &hospital.name)
            .attr("id", "heading")
            .attr("tabindex", "-1"),
        said(page, "p", "sheet__lead", &hospital.introduction),
        el("dl", "facts").all(facts.into_iter().flatten()),
    ]
}
