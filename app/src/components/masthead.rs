//! Name, language, menu, and the emergency number, which is on the screen at all times.

use leptos::prelude::*;

use crate::components::icon::{Glyph, icon};
use crate::components::dialog;
use crate::locale::{Language, words};
use crate::page::Page;
use crate::route::Place;
use crate::session;

/// The head of every screen.
pub fn masthead(page: Page) -> impl IntoView {
    let name = move || {
        let name = page.of_application(|application| page.say(&application.name)());
        if name.is_empty() { words::PAGE_PRODUCT.of(page.language.get()).to_owned() } else { name }
    };
    view! {
        <header class="masthead">
            <div class="masthead__bar">
                {crate::app::link(page, Place::Talk, "masthead__name", view! {
                    <svg class="masthead__mark" viewBox="0 0 24 24" aria-hidden="true">
                        <path d="M5 21V10a7 7 0 0 1 14 0v11z" />
                        <path d="M12 3v18M5 12h14" />
                    </svg>
                    <span>{name}</span>
                })}
                {languages(page)}
                {menu(page)}
            </div>
            {strip(page)}
        </header>
    }
}

/// One button per other language: nothing to open, nothing to fetch.
fn languages(page: Page) -> impl IntoView {
    let others = move || {
        let offered = page.of_application(|application| application.languages.clone());
        Language::all()
            .filter(|language| *language != page.language.get())
            .filter(|language| offered.is_empty() || offered.iter().any(|code| code == language.code()))
            .map(|language| {
                view! {
                    <button type="button" class="masthead__language" lang=language.tag() on:click=move |_| page.speak(language)>
                        {words::LANGUAGE_NAME.of(language)}
                    </button>
                }
            })
            .collect_view()
    };
    view! { <div class="masthead__languages" role="group" aria-label=page.word(words::LANGUAGE_SWITCH)>{others}</div> }
}

fn menu(page: Page) -> impl IntoView {
    let open = RwSignal::new(false);
    let restart = dialog::Dialog::new();
    let close = move |_| open.set(false);
    let has_visit = move || page.held.with(Option::is_some);
    view! {
        <div class="menu" on:keydown=move |event| if event.key() == "Escape" { open.set(false) }>
            <button type="button" class="menu__button" aria-expanded=move || open.get().to_string() aria-controls="menu"
                on:click=move |_| open.update(|open| *open = !*open)>
                {icon(Glyph::MENU)}<span class="menu__word">{page.word(words::PAGE_MENU)}</span>
            </button>
            <nav id="menu" class="menu__sheet" hidden=move || !open.get() aria-label=page.word(words::PAGE_MENU) on:click=close>
                {crate::app::link(page, Place::Talk, "menu__item", page.word(words::MENU_TALK))}
                {crate::app::link(page, Place::Directory, "menu__item", page.word(words::MENU_DIRECTORY))}
                {crate::app::link(page, Place::MyData, "menu__item", page.word(words::MENU_DATA))}
                <button type="button" class="menu__item" hidden=move || !has_visit() on:click=move |_| restart.show()>
                    {page.word(words::MENU_RESTART)}
                </button>
            </nav>
            {restart.view(page, words::RESTART_TITLE, words::RESTART_LEAD, words::MENU_RESTART, move || session::leave(page))}
        </div>
    }
}

fn strip(page: Page) -> impl IntoView {
    view! {
        <p class="emergency-strip">
            {icon(Glyph::PHONE)}
            <span>{page.word(words::EMERGENCY_STRIP)}</span>
            <a class="emergency-strip__number" href=move || format!("tel:{}", page.ambulance())>{move || page.ambulance()}</a>
        </p>
    }
}
