//! Where people help: the triage desks and the emergency departments.

use wire::Localized;

use crate::components::icon::{Glyph, icon};
use crate::dom::{View, call, el, said};
use crate::page::Page;

/// One place with name, address and telephone.
fn place(page: Page, hospital: &Localized, place: &Localized, phone: Option<String>) -> View {
    let phone = phone.map(|phone| {
        let number = phone.clone();
        el("p", "").with(call("desk__phone", move || number.clone()).text(&phone))
    });
    let words = el("div", "")
        .all([
            said(page, "p", "desk__name", hospital),
            said(page, "p", "", place),
        ])
        .all(phone);
    el("li", "desk").all([icon(Glyph::PLACE), words])
}

/// The triage desks.
pub fn triage_desks(page: Page) -> View {
    el("ul", "desks").fill(move || {
        let desks = page.of_application(|application| application.desks.clone());
        desks
            .iter()
            .map(|desk| place(page, &desk.hospital, &desk.place, desk.phone.clone()))
            .collect()
    })
}

/// The emergency departments.
pub fn emergency_departments(page: Page) -> View {
    el("ul", "desks").fill(move || {
        let departments =
            page.of_application(|application| application.emergency_departments.clone());
        departments
            .iter()
            .map(|one| place(page, &one.hospital, &one.address, one.phone.clone()))
            .collect()
    })
}
