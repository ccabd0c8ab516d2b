//! Check your answers: the way to `public/report.js`, which draws the report, and what that file needs of the page.

use js_sys::{Function, Promise};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Element;
use wire::Localized;
use wire::turn::Input;

use crate::dom::{View, el, word_button, worded};
use crate::locale::words;
use crate::page::Page;
use crate::{json, later, session, shell};

#[wasm_bindgen]
extern "C" {
    /// Shows the report in an element.
    #[wasm_bindgen(js_namespace = anteroomReport)]
    fn show(root: &Element, call: &Function, send: &Function, leave: &Function);
    /// Shows the photos of the report, and how to add what a question asks for.
    #[wasm_bindgen(js_namespace = anteroomReport)]
    fn photos(root: &Element, call: &Function, question: &str);
    /// Reads it again.
    #[wasm_bindgen(js_namespace = anteroomReport)]
    fn refresh() -> Promise;
}

/// The report, or that it was sent.
pub fn report(page: Page) -> View {
    let view = el("div", "report");
    let root = view.element().clone();
    let is_there = RwSignal::new(false);
    let failed = RwSignal::new(false);
    let open = move || {
        let root = root.clone();
        spawn_local(async move {
            let came = later::fetch("report", "anteroomReport").await;
            failed.try_set(!came);
            if came && is_there.try_get_untracked().is_some() {
                give(page, &root);
                is_there.try_set(true);
                shell::focus_soon("heading");
            }
        });
    };
    open();
    // Read again whenever the server's log has moved on and nothing is on its way.
    Effect::new(move |_: Option<()>| {
        page.chat.with(|chat| chat.last_seq);
        if is_there.get() && page.queue.with(crate::queue::Queue::is_empty) {
            let _ = refresh();
        }
    });
    let trouble = el("div", "trouble")
        .attr("role", "alert")
        .flag("hidden", move || !failed.get())
        .with(worded(page, "p", "", words::PAGE_LOAD_FAILED))
        .with(word_button(
            page,
            "button button--small",
            words::PAGE_TRY_AGAIN,
            open,
        ));
    el("div", "").all([view, trouble])
}

/// Photos where a question asks for them.
pub fn ask_for_photos(page: Page, question: &str) -> View {
    let view = el("div", "photos");
    let root = view.element().clone();
    let (question, failed) = (question.to_owned(), RwSignal::new(false));
    spawn_local(async move {
        if later::fetch("report", "anteroomReport").await {
            photos(&root, later::calls(page).unchecked_ref(), &question);
        } else {
            failed.try_set(true);
        }
    });
    let trouble = worded(page, "p", "field-error", words::PAGE_LOAD_FAILED);
    view.with(trouble.flag("hidden", move || !failed.get()))
}

/// Hands over the calls of the session and the ways of the page.
fn give(page: Page, root: &Element) {
    let call = later::calls(page);
    let send = move |input: String| {
        if let Ok(input) = json::from_str::<Input>(&input) {
            session::send(page, input, Localized::default());
        }
    };
    let send = Closure::<dyn Fn(String)>::new(send).into_js_value();
    let leave = Closure::<dyn Fn()>::new(move || session::leave(page)).into_js_value();
    show(
        root,
        call.unchecked_ref(),
        send.unchecked_ref(),
        leave.unchecked_ref(),
    );
}
