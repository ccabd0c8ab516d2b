//! Picking a complaint without words: common ones, by body part, or from the whole list.

use leptos::prelude::*;
use wire::application::ComplaintEntry;
use wire::turn::{Chosen, Input};

use crate::components::body_map::{self, Part};
use crate::dom::{View, button, el, input, worded};
use crate::locale::words;
use crate::page::Page;
use crate::session;

/// Common complaints shown at first: what fits a phone without scrolling far. All of them are in the list.
const COMMON: usize = 12;

fn complaints(page: Page) -> Vec<ComplaintEntry> {
    page.of_application(|application| application.complaints.clone())
}

/// One complaint to tap.
fn chip(page: Page, entry: &ComplaintEntry) -> View {
    let (id, name) = (entry.id.clone(), entry.name.clone());
    let pick = move || {
        let input = Input::Choice(Chosen {
            question: "complaint".to_owned(),
            choices: vec![id.clone()],
        });
        session::send(page, input, name.clone());
    };
    button("chip", pick).localized(page, &entry.name)
}

/// The three ways.
pub fn picker(page: Page) -> View {
    let common = move || {
        complaints(page)
            .iter()
            .filter(|entry| entry.common)
            .take(COMMON)
            .map(|entry| chip(page, entry))
            .collect()
    };
    el("div", "picker").all([
        worded(page, "h3", "picker__title", words::TALK_COMMON),
        el("div", "choices choices--flow").fill(common),
        el("details", "fold")
            .with(worded(page, "summary", "fold__title", words::TALK_BY_BODY))
            .all(by_body(page)),
        el("details", "fold")
            .with(worded(page, "summary", "fold__title", words::TALK_ALL_LIST))
            .all(whole_list(page)),
    ])
}

fn by_body(page: Page) -> [View; 2] {
    let part: RwSignal<Option<Part>> = RwSignal::new(None);
    let of_part = move || {
        let Some(part) = part.get() else {
            return Vec::new();
        };
        let entries: Vec<View> = complaints(page)
            .iter()
            .filter(|entry| entry.body.iter().any(|body| body == part.id()))
            .map(|entry| chip(page, entry))
            .collect();
        let none = entries
            .is_empty()
            .then(|| worded(page, "p", "", words::TALK_NO_COMPLAINTS));
        let title = move || {
            words::talk_complaints_of(page.language.get(), part.word().of(page.language.get()))
        };
        let mut views = vec![
            el("h3", "picker__title").says(title),
            el("div", "choices choices--flow").all(entries),
        ];
        views.extend(none);
        views
    };
    [
        body_map::body_map(page, part),
        el("div", "picker__of-part")
            .attr("aria-live", "polite")
            .fill(of_part),
    ]
}

fn whole_list(page: Page) -> [View; 3] {
    let search = RwSignal::new(String::new());
    let rows = move || {
        let wanted = search.get().trim().to_ascii_lowercase();
        let names = |entry: &&ComplaintEntry| {
            entry
                .name
                .0
                .values()
                .any(|name| name.to_ascii_lowercase().contains(&wanted))
        };
        let found: Vec<View> = complaints(page)
            .iter()
            .filter(names)
            .map(|entry| chip(page, entry))
            .collect();
        if found.is_empty() {
            vec![worded(page, "p", "", words::TALK_NOTHING_FOUND)]
        } else {
            found
        }
    };
    [
        worded(page, "label", "field__label", words::TALK_SEARCH_LIST).attr("for", "search-list"),
        input("search", "field__input")
            .attr("id", "search-list")
            .bound(search),
        el("div", "choices choices--flow picker__list").fill(rows),
    ]
}
