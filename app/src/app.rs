//! The frame of the page: masthead with the emergency number, the screen of the moment, foot, announcements.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::components::{footer, line, masthead};
use crate::dom::{View, el, opens_elsewhere, worded};
use crate::locale::words;
use crate::page::{Loading, Page};
use crate::queue::Line;
use crate::route::{Address, Place};
use crate::screens::{self, Screen};
use crate::{session, shell};

/// Draws the whole page into the body.
pub fn app(page: Page) {
    let screen = Memo::new(move |_| screens::current(page));
    listen(page);
    let parts = [
        skip_link(page),
        masthead::masthead(page),
        line::banner(page),
        el("main", "main")
            .attr("id", "main")
            .attr("tabindex", "-1")
            .fill(move || screens::view(page, screen.get())),
        footer::footer(page),
        el("p", "visually-hidden")
            .attr("role", "status")
            .attr("aria-live", "polite")
            .says(move || page.announcement.get()),
    ];
    if let Some(body) = document().body() {
        for part in parts {
            body.append_child(part.element()).ok();
        }
    }
    Effect::new(move |before: Option<Screen>| {
        let now = screen.get();
        if page.loading.get() != Loading::Open {
            shell::remove();
        }
        // Whoever reads by ear or keyboard is taken to the heading of a new screen, but not of the first.
        if before
            .as_ref()
            .is_some_and(|before| *before != now && *before != Screen::Opening)
        {
            window().scroll_to_with_x_and_y(0.0, 0.0);
            shell::focus_soon("heading");
        }
        now
    });
    Effect::new(move |_: Option<()>| document().set_title(&page.title()));
}

fn skip_link(page: Page) -> View {
    worded(page, "a", "skip-link", words::PAGE_SKIP)
        .attr("href", "#main")
        .on("click", |event| {
            event.prevent_default();
            shell::focus_soon("main");
        })
}

/// History, network, keyboard, and a question before words are lost.
fn listen(page: Page) {
    for event in ["popstate", "hashchange"] {
        window_event_listener_untyped(event, move |_| {
            let location = window().location();
            let (path, fragment) = (
                location.pathname().unwrap_or_default(),
                location.hash().unwrap_or_default(),
            );
            if let Some(address) = Address::read(&path, &fragment) {
                page.address.set(address);
            }
        });
    }
    window_event_listener_untyped("online", move |_| session::retry_now(page));
    window_event_listener_untyped("offline", move |_| session::went_offline(page));
    window_event_listener_untyped("beforeunload", move |event| {
        let unsent = page
            .queue
            .with_untracked(|queue| queue.all().any(|one| !one.recorded));
        if unsent && page.line.get_untracked() != Line::Clear {
            event.unchecked_into::<web_sys::Event>().prevent_default();
        }
    });
    shell::follow_keyboard();
}

/// A link that stays in the page.
pub fn link(page: Page, place: Place, class: &str) -> View {
    let shown = place.clone();
    el("a", class)
        .attr_when("href", move || {
            Some(page.address.with(|address| address.url_of(&shown)))
        })
        .on("click", move |event| {
            if !opens_elsewhere(&event) {
                event.prevent_default();
                page.go(place.clone());
            }
        })
}
