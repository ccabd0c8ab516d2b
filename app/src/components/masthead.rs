//! Name, language, menu, and the emergency number, which is on the screen at all times.

use leptos::prelude::*;

use crate::app::link;
use crate::components::dialog::Dialog;
use crate::components::icon::{Glyph, icon};
use crate::dom::{View, button, call, el, svg, word_button, worded};
use crate::locale::{Language, words};
use crate::page::Page;
use crate::route::Place;
use crate::session;

/// The head of every screen.
pub fn masthead(page: Page) -> View {
    let name = move || {
        let language = page.language.get();
        let name =
            page.of_application(|application| application.name.get(language.code()).to_owned());
        if name.is_empty() {
            words::PAGE_PRODUCT.of(language).to_owned()
        } else {
            name
        }
    };
    let mark = svg("svg", "masthead__mark")
        .attr("viewBox", "0 0 24 24")
        .attr("aria-hidden", "true")
        .all([
            svg("path", "").attr("d", "M5 21V10a7 7 0 0 1 14 0v11z"),
            svg("path", "").attr("d", "M12 3v18M5 12h14"),
        ]);
    let home = link(page, Place::Talk, "masthead__name")
        .with(mark)
        .with(el("span", "").says(name));
    let bar = el("div", "masthead__bar").all([home, languages(page), menu(page)]);
    el("header", "masthead").all([bar, strip(page)])
}

/// One button per other language: nothing to open, nothing to fetch.
fn languages(page: Page) -> View {
    let others = move || {
        let offered = page.of_application(|application| application.languages.clone());
        Language::all()
            .filter(|language| *language != page.language.get())
            .filter(|language| {
                offered.is_empty() || offered.iter().any(|code| code == language.code())
            })
            .map(|language| {
                let act = move || page.speak(language);
                button("masthead__language", act)
                    .attr("lang", language.tag())
                    .text(words::LANGUAGE_NAME.of(language))
            })
            .collect()
    };
    el("div", "masthead__languages")
        .attr("role", "group")
        .attr_word(page, "aria-label", words::LANGUAGE_SWITCH)
        .fill(others)
}

fn menu(page: Page) -> View {
    let open = RwSignal::new(false);
    let restart = Dialog::new(
        page,
        words::RESTART_TITLE,
        words::RESTART_LEAD,
        words::MENU_RESTART,
        move || session::leave(page),
    );
    let shows = restart.clone();
    let toggle = button("menu__button", move || open.update(|open| *open = !*open))
        .attr("aria-controls", "menu")
        .attr_word(page, "aria-label", words::PAGE_MENU)
        .state("aria-expanded", move || open.get())
        .with(icon(Glyph::MENU))
        .with(worded(page, "span", "menu__word", words::PAGE_MENU));
    let sheet = el("nav", "menu__sheet")
        .attr("id", "menu")
        .attr_word(page, "aria-label", words::PAGE_MENU)
        .flag("hidden", move || !open.get())
        .click(move || open.set(false))
        .all([
            link(page, Place::Talk, "menu__item").word(page, words::MENU_TALK),
            link(page, Place::Directory, "menu__item").word(page, words::MENU_DIRECTORY),
            link(page, Place::MyData, "menu__item").word(page, words::MENU_DATA),
            link(page, Place::Device, "menu__item").word(page, words::DEVICE_TITLE),
            word_button(page, "menu__item", words::MENU_RESTART, move || {
                shows.show();
            })
            .flag("hidden", move || page.held.with(Option::is_none)),
        ]);
    let close = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" {
            open.set(false);
        }
    };
    el("div", "menu")
        .key(close)
        .all([toggle, sheet, restart.view()])
}

fn strip(page: Page) -> View {
    el("p", "emergency-strip").all([
        icon(Glyph::PHONE),
        worded(page, "span", "", words::EMERGENCY_STRIP),
        call("emergency-strip__number", move || page.ambulance()).says(move || page.ambulance()),
    ])
}
