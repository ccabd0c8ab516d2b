//! The screens, and which one is shown.

pub mod arrival;
pub mod consent;
pub mod conversation;
pub mod department;
pub mod device;
pub mod directory;
pub mod emergency;
pub mod guidance;
pub mod hospital;
pub mod my_data;
pub mod report;
pub mod who;

use leptos::prelude::*;
use wire::session::SessionStatus;
use wire::turn::Input;

use crate::dom::{View, el, word_button, worded};
use crate::locale::{Word, words};
use crate::page::{Loading, Page};
use crate::queue::Waiting;
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
    /// The report to be checked, or sent.
    Report,
    /// All departments.
    Directory,
    /// One department.
    Department(String),
    /// One hospital.
    Hospital(String),
    /// My data.
    MyData,
    /// Another device.
    Device,
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
        Place::Device => Screen::Device,
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
        } else if chat.report && page.queue.with(|queue| queue.all().all(is_correction)) {
            Screen::Report
        } else if chat.guidance.is_some() && !waiting {
            Screen::Guidance
        } else {
            Screen::Conversation
        }
    })
}

/// Whether a turn under way sets the report right and leaves it on the screen.
fn is_correction(one: &Waiting) -> bool {
    matches!(
        one.request.input,
        Input::Correct(_) | Input::Strike(_) | Input::Restore(_)
    )
}

/// Draws a screen.
#[must_use]
pub fn view(page: Page, screen: Screen) -> Vec<View> {
    let one = match screen {
        Screen::Opening => return Vec::new(),
        Screen::Failed => {
            let again = word_button(
                page,
                "button button--primary",
                words::PAGE_TRY_AGAIN,
                move || session::load(page),
            );
            plain(page, words::DIRECTORY_FAILED, words::PAGE_LOAD_FAILED).with(again)
        }
        Screen::Missing => plain(page, words::PAGE_TITLE, words::PAGE_UNKNOWN_APPLICATION),
        Screen::Arrival => arrival::arrival(page),
        Screen::Consent => consent::consent(page),
        Screen::Who => who::who(page),
        Screen::Conversation => conversation::conversation(page),
        Screen::Emergency => emergency::emergency(page),
        Screen::Guidance => guidance::guidance(page),
        Screen::Report => report::report(page),
        Screen::Directory => directory::directory(page),
        Screen::Department(id) => department::department(page, id),
        Screen::Hospital(id) => hospital::hospital(page, id),
        Screen::MyData => my_data::my_data(page),
        Screen::Device => device::device(page),
    };
    vec![one]
}

/// A screen's first heading: the focus comes here.
pub fn heading(page: Page, class: &str, word: Word) -> View {
    worded(page, "h1", class, word)
        .attr("id", "heading")
        .attr("tabindex", "-1")
}

fn plain(page: Page, title: Word, text: Word) -> View {
    el("section", "sheet").all([heading(page, "", title), worded(page, "p", "", text)])
}
