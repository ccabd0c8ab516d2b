//! Departments and doctors, without a visit.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::directory::{Department, Hospital};

use crate::api::{self, Failure};
use crate::app::link;
use crate::dom::{View, button, el, input, said, word_button, worded};
use crate::locale::{Word, words};
use crate::page::Page;
use crate::route::Place;
use crate::screens::heading;

/// What a request for the directory has brought.
#[derive(Debug, Clone, PartialEq)]
pub enum Brought<T> {
    /// Not yet.
    Waiting,
    /// This.
    There(T),
    /// There is no such entry.
    Missing,
    /// Nothing; it may be tried again.
    Failed,
}

impl<T> Brought<T> {
    /// From the answer of a call.
    pub fn from_answer(answer: Result<T, Failure>) -> Self {
        match answer {
            Ok(value) => Self::There(value),
            Err(Failure::Problem { status: 404, .. }) => Self::Missing,
            Err(_) => Self::Failed,
        }
    }
}

/// What is said instead of an entry that is not there.
pub fn not_there<T>(page: Page, brought: &Brought<T>, again: impl Fn() + 'static) -> Vec<View> {
    let one = match brought {
        Brought::Waiting => worded(page, "p", "hint", words::PAGE_LOADING).attr("role", "status"),
        Brought::Missing => worded(page, "p", "notice", words::DIRECTORY_MISSING),
        Brought::Failed => el("div", "trouble").attr("role", "alert").all([
            worded(page, "p", "", words::DIRECTORY_FAILED),
            word_button(page, "button button--small", words::PAGE_TRY_AGAIN, again),
        ]),
        Brought::There(_) => return Vec::new(),
    };
    vec![one]
}

/// A field to search with, and its label.
pub fn search_field(page: Page, label: Word, search: RwSignal<String>) -> [View; 2] {
    [
        worded(page, "label", "field__label", label).attr("for", "search"),
        input("search", "field__input")
            .attr("id", "search")
            .attr("maxlength", "60")
            .bound(search),
    ]
}

/// The next page of a list, while there is one.
pub fn more(
    page: Page,
    next: RwSignal<Option<String>>,
    load: impl Fn(Option<String>) + 'static,
) -> View {
    word_button(page, "button", words::DIRECTORY_MORE, move || {
        load(next.get_untracked());
    })
    .flag("hidden", move || next.with(Option::is_none))
}

/// The state of the list.
#[derive(Clone, Copy)]
struct List {
    hospitals: RwSignal<Vec<Hospital>>,
    hospital: RwSignal<Option<String>>,
    search: RwSignal<String>,
    rows: RwSignal<Brought<Vec<Department>>>,
    next: RwSignal<Option<String>>,
    /// Answers of an older search than this are dropped.
    asked: StoredValue<u32>,
}

/// The directory.
pub fn directory(page: Page) -> View {
    let list = List {
        hospitals: RwSignal::new(Vec::new()),
        hospital: RwSignal::new(None),
        search: RwSignal::new(String::new()),
        rows: RwSignal::new(Brought::Waiting),
        next: RwSignal::new(None),
        asked: StoredValue::new(0),
    };
    spawn_local(async move {
        if let Ok(hospitals) = api::hospitals(&page.application_id()).await {
            list.hospitals.try_set(hospitals.items);
        }
    });
    Effect::new(move |_: Option<()>| {
        list.hospital.track();
        list.search.track();
        load(page, list, None);
    });
    let body = move || match list.rows.get() {
        Brought::There(rows) if rows.is_empty() => {
            vec![worded(page, "p", "notice", words::DIRECTORY_NONE)]
        }
        Brought::There(rows) => rows.iter().map(|one| row(page, one, list)).collect(),
        other => not_there(page, &other, move || load(page, list, None)),
    };
    el("div", "directory")
        .with(heading(page, "", words::DIRECTORY_TITLE))
        .with(worded(page, "p", "sheet__lead", words::DIRECTORY_LEAD))
        .with(el("div", "directory__hospitals").fill(move || hospitals(page, list)))
        .all(search_field(page, words::DIRECTORY_SEARCH, list.search))
        .with(
            el("section", "rows")
                .attr_word(page, "aria-label", words::DIRECTORY_DEPARTMENTS)
                .fill(body),
        )
        .with(more(page, list.next, move |cursor| {
            load(page, list, cursor);
        }))
}

fn load(page: Page, list: List, cursor: Option<String>) {
    let asked = list.asked.get_value() + 1;
    list.asked.set_value(asked);
    let (hospital, search) = (list.hospital.get_untracked(), list.search.get_untracked());
    spawn_local(async move {
        let application = page.application_id();
        let answer = api::departments(
            &application,
            hospital.as_deref(),
            search.trim(),
            cursor.as_deref(),
        )
        .await;
        if list.asked.try_get_value() != Some(asked) {
            return;
        }
        match answer {
            Ok(more) => {
                list.next.set(more.next);
                list.rows.update(|rows| match rows {
                    Brought::There(rows) if cursor.is_some() => rows.extend(more.items),
                    _ => *rows = Brought::There(more.items),
                });
            }
            Err(failure) => list.rows.set(Brought::from_answer(Err(failure))),
        }
    });
}

/// Which hospital, when there are several, and the way to each one's page.
fn hospitals(page: Page, list: List) -> Vec<View> {
    let hospitals = list.hospitals.get();
    let chip = |id: Option<String>| {
        let own = id.clone();
        button("chip chip--small", move || list.hospital.set(id.clone()))
            .state("aria-pressed", move || {
                list.hospital.with(|chosen| *chosen == own)
            })
    };
    let all = chip(None).word(page, words::DIRECTORY_ALL_HOSPITALS);
    let each = hospitals
        .iter()
        .map(|hospital| chip(Some(hospital.id.clone())).localized(page, &hospital.name));
    let links = hospitals.iter().map(|hospital| {
        let link = link(page, Place::Hospital(hospital.id.clone()), "text-link")
            .word(page, words::DIRECTORY_TO_HOSPITAL);
        el("li", "").with(link.text(": ").localized(page, &hospital.name))
    });
    let chips = el("div", "choices choices--flow")
        .attr("role", "group")
        .attr_word(page, "aria-label", words::DIRECTORY_HOSPITALS);
    vec![chips.with(all).all(each), el("ul", "links").all(links)]
}

fn row(page: Page, department: &Department, list: List) -> View {
    let hospital = list.hospitals.with(|all| {
        all.iter()
            .find(|one| one.id == department.hospital)
            .map(|one| one.name.clone())
    });
    let mut note = said(page, "span", "row__note", &department.floor);
    if let Some(name) = hospital {
        note = note.text(" · ").localized(page, &name);
    }
    link(page, Place::Department(department.id.clone()), "row")
        .all([said(page, "span", "row__name", &department.name), note])
}
