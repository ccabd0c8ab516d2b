//! Where people help: the triage desks and the emergency departments.

use leptos::prelude::*;
use wire::Localized;

use crate::components::icon::{Glyph, icon};
use crate::page::Page;

/// One place with name, address and telephone.
fn place(page: Page, hospital: &Localized, place: &Localized, phone: Option<String>) -> AnyView {
    view! {
        <li class="desk">
            {icon(Glyph::PLACE)}
            <div>
                <p class="desk__name">{page.say(hospital)}</p>
                <p>{page.say(place)}</p>
                {phone.map(|phone| view! { <p><a class="desk__phone" href=format!("tel:{phone}")>{phone.clone()}</a></p> })}
            </div>
        </li>
    }
    .into_any()
}

/// The triage desks.
pub fn triage_desks(page: Page) -> impl IntoView {
    let rows = move || {
        let desks = page.of_application(|application| application.desks.clone());
        desks.iter().map(|desk| place(page, &desk.hospital, &desk.place, desk.phone.clone())).collect_view()
    };
    view! { <ul class="desks">{rows}</ul> }
}

/// The emergency departments.
pub fn emergency_departments(page: Page) -> impl IntoView {
    let rows = move || {
        let departments = page.of_application(|application| application.emergency_departments.clone());
        departments.iter().map(|one| place(page, &one.hospital, &one.address, one.phone.clone())).collect_view()
    };
    view! { <ul class="desks">{rows}</ul> }
}
