//! Going on on another device: the code this one shows, or the field for the code of the other.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{self, Failure};
use crate::dom::{View, el, field_error, input, word_button, worded};
use crate::locale::{Word, words};
use crate::page::Page;
use crate::route::Place;
use crate::screens::heading;
use crate::{session, storage};

/// The screen.
pub fn device(page: Page) -> View {
    let code = RwSignal::new(String::new());
    let wrong = RwSignal::new(None);
    let held = page.held.get_untracked();
    let sheet = match held {
        Some(_) => el("div", "sheet"),
        None => el("form", "sheet").attr("novalidate", "").submit(move || {
            go_on(page, code, wrong);
        }),
    };
    let sheet = sheet.with(heading(page, "", words::DEVICE_TITLE));
    let problem = field_error("code-error", move || {
        let word: Option<Word> = wrong.get();
        word.map(|word| word.of(page.language.get()).to_owned())
    });
    let Some(held) = held else {
        let field = input("text", "field__input")
            .attr("id", "code")
            .attr("autocapitalize", "characters")
            .attr("spellcheck", "false")
            .attr("aria-describedby", "code-error");
        return sheet.all([
            worded(page, "p", "sheet__lead", words::DEVICE_TYPE),
            worded(page, "label", "field__label", words::DEVICE_CODE).attr("for", "code"),
            field.attr("maxlength", "20").bound(code),
            problem,
            worded(
                page,
                "button",
                "button button--primary",
                words::DEVICE_GO_ON,
            )
            .attr("type", "submit"),
        ]);
    };
    let show = move || {
        let held = held.clone();
        spawn_local(async move {
            match api::resume_code(&held).await {
                Ok(drawn) => {
                    wrong.try_set(None);
                    code.try_set(drawn);
                }
                Err(_) => {
                    wrong.try_set(Some(words::DATA_FAILED));
                }
            }
        });
    };
    sheet.all([
        worded(page, "p", "sheet__lead", words::DEVICE_LEAD),
        el("p", "receipt-code")
            .attr("role", "status")
            .says(move || code.get()),
        problem,
        word_button(page, "button button--primary", words::DEVICE_SHOW, show),
    ])
}

fn go_on(page: Page, code: RwSignal<String>, wrong: RwSignal<Option<Word>>) {
    let application = page.application_id();
    let code = code.get_untracked();
    spawn_local(async move {
        let word = match api::resume(&application, &code).await {
            Ok(held) => {
                storage::save(&application, &held);
                page.go(Place::Talk);
                session::load(page);
                return;
            }
            Err(Failure::Problem { status: 429, .. }) => words::DEVICE_TOO_MANY,
            Err(Failure::Problem { .. }) => words::DEVICE_UNKNOWN,
            Err(Failure::Network) => words::DATA_FAILED,
        };
        wrong.try_set(Some(word));
    });
}
