//! What went wrong, in words, beside what it is about.

use leptos::prelude::*;

use crate::components::icon::{Glyph, icon};
use crate::dom::{View, el, word_button};
use crate::locale::{Language, words};
use crate::page::Page;
use crate::session;

/// The words of a problem's code.
#[must_use]
pub fn words_of(page: Page, code: &str) -> String {
    let language: Language = page.language.get();
    let word = match code {
        "text_too_long" => {
            let limit = page
                .of_application(|application| application.text_limit)
                .to_string();
            return words::trouble_text_too_long(language, &limit);
        }
        "text_empty" => words::TROUBLE_TEXT_EMPTY,
        "rate_limited" => words::TROUBLE_RATE_LIMITED,
        "busy" | "internal" | "storage_full" => words::TROUBLE_BUSY,
        "unknown_choice" => words::TROUBLE_NOT_ACCEPTED,
        "not_current_question" | "alerted" | "turn_conflict" => words::TALK_MOVED_ON,
        "out_of_range" => words::TROUBLE_OUT_OF_RANGE,
        "body_too_large" | "payload_too_large" | "too_large" => words::TROUBLE_TOO_LARGE,
        "speech_not_loaded" => words::SPEAK_NOT_LOADED,
        "link_unknown" => words::TROUBLE_LINK,
        "session_ended" => words::TALK_ENDED,
        "network" => words::PAGE_LOAD_FAILED,
        _ => words::TROUBLE_FAILED,
    };
    word.of(language).to_owned()
}

/// The message, while there is one.
pub fn trouble(page: Page) -> View {
    let body = move || {
        let Some(trouble) = page.trouble.get() else {
            return Vec::new();
        };
        let code = trouble.code.clone();
        let mut parts = vec![
            icon(Glyph::WARNING),
            el("p", "").says(move || words_of(page, &code)),
        ];
        if trouble.retry {
            let act = move || session::retry_now(page);
            parts.push(word_button(
                page,
                "button button--small",
                words::PAGE_TRY_AGAIN,
                act,
            ));
        }
        if trouble.code == "session_ended" {
            let act = move || session::leave(page);
            parts.push(word_button(
                page,
                "button button--small",
                words::TALK_START_AGAIN,
                act,
            ));
        }
        vec![el("div", "trouble").all(parts)]
    };
    el("div", "").attr("role", "alert").fill(body)
}
