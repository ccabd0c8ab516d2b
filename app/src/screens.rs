//! The screens, and which one is shown.

pub mod arrival;
pub mod consent;
pub mod conversation;
pub mod department;
pub mod directory;
pub mod emergency;
pub mod guidance;
pub mod hospital;
pub mod my_data;
pub mod who;

use leptos::prelude::*;
use wire::session::SessionStatus;

use crate::locale::words;
use crate::page::{Loading, Page};
use crate::route::Place;
use crate::session;

/// What fills the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Screen {
    /// Nothing yet: the static shell stands.
    Opening,
    /// The application did not come.
    Failed,
    /// There is no such application.
    Missing,
    /// What this is.
    Arrival,
    /// Consent.
    Consent,
    /// Who the patient is.
    Who,
    /// Questions and answers.
    Conversation,
    /// The emergency card.
    Emergency,
    /// Where to go.
    Guidance,
    /// All departments.
    Directory,
    /// One department.
    Department(String),
    /// One hospital.
    Hospital(String),
    /// My data.
    MyData,
}

/// The screen of the moment.
#[must_use]
pub fn current(page: Page) -> Screen {
    match page.loading.get() {
        Loading::Open => return Screen::Opening,
        Loading::Failed => return Screen::Failed,
        Loading::Missing => return Screen::Missing,
        Loading::Ready => {}
    }
    match page.address.with(|address| address.place.clone()) {
        Place::Directory => Screen::Directory,
        Place::Department(id) => Screen::Department(id),
        Place::Hospital(id) => Screen::Hospital(id),
        Place::MyData => Screen::MyData,
        Place::Consent if page.held.with(Option::is_none) => Screen::Consent,
        Place::Talk | Place::Consent => visit(page),
    }
}

fn visit(page: Page) -> Screen {
    if page.held.with(Option::is_none) {
        return Screen::Arrival;
    }
    let waiting = page.queue.with(|queue| !queue.is_empty());
    page.chat.with(|chat| {
        if chat.card().is_some() {
            Screen::Emergency
        } else if !chat.introduced && !waiting && chat.status != Some(SessionStatus::Ended) {
            Screen::Who
        } else if chat.guidance.is_some() && !waiting {
            Screen::Guidance
        } else {
            Screen::Conversation
        }
    })
}

/// Draws a screen.
pub fn view(page: Page, screen: Screen) -> AnyView {
    match screen {
        Screen::Opening => ().into_any(),
        Screen::Failed => view! {
            <section class="sheet">
                <h1 id="heading" tabindex="-1">{page.word(words::DIRECTORY_FAILED)}</h1>
                <p>{page.word(words::PAGE_LOAD_FAILED)}</p>
                <button type="button" class="button button--primary" on:click=move |_| session::load(page)>
                    {page.word(words::PAGE_TRY_AGAIN)}
                </button>
            </section>
        }
        .into_any(),
        Screen::Missing => view! {
            <section class="sheet">
                <h1 id="heading" tabindex="-1">{page.word(words::PAGE_TITLE)}</h1>
                <p>{page.word(words::PAGE_UNKNOWN_APPLICATION)}</p>
            </section>
        }
        .into_any(),
        Screen::Arrival => arrival::arrival(page),
        Screen::Consent => consent::consent(page),
        Screen::Who => who::who(page),
        Screen::Conversation => conversation::conversation(page),
        Screen::Emergency => emergency::emergency(page),
        Screen::Guidance => guidance::guidance(page),
        Screen::Directory => directory::directory(page),
        Screen::Department(id) => department::department(page, id),
        Screen::Hospital(id) => hospital::hospital(page, id),
        Screen::MyData => my_data::my_data(page),
    }
}
