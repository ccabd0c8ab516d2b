//! What went wrong, in words, beside what it is about.

use leptos::prelude::*;

use crate::components::icon::{Glyph, icon};
use crate::locale::{Language, words};
use crate::page::Page;
use crate::session;

/// The words of a problem's code.
#[must_use]
pub fn words_of(page: Page, code: &str) -> String {
    let language: Language = page.language.get();
    let word = match code {
        "text_too_long" => {
            let limit = page.of_application(|application| application.text_limit).to_string();
            return words::trouble_text_too_long(language, &limit);
        }
        "text_empty" => words::TROUBLE_TEXT_EMPTY,
        "rate_limited" => words::TROUBLE_RATE_LIMITED,
        "busy" | "internal" | "storage_full" => words::TROUBLE_BUSY,
        "unknown_choice" => words::TROUBLE_NOT_ACCEPTED,
        "not_current_question" | "alerted" | "turn_conflict" => words::TALK_MOVED_ON,
        "out_of_range" => words::TROUBLE_OUT_OF_RANGE,
        "body_too_large" | "payload_too_large" | "too_large" => words::TROUBLE_TOO_LARGE,
        "session_ended" => words::TALK_ENDED,
        "network" => words::PAGE_LOAD_FAILED,
        _ => words::TROUBLE_FAILED,
    };
    word.of(language).to_owned()
}

/// The message, while there is one.
pub fn trouble(page: Page) -> impl IntoView {
    let body = move || {
        page.trouble.get().map(|trouble| {
            let code = trouble.code.clone();
            view! {
                <div class="trouble">
                    {icon(Glyph::WARNING)}
                    <p>{move || words_of(page, &code)}</p>
                    {trouble.retry.then(|| view! {
                        <button type="button" class="button button--small" on:click=move |_| session::retry_now(page)>
                            {page.word(words::PAGE_TRY_AGAIN)}
                        </button>
                    })}
                    {(trouble.code == "session_ended").then(|| view! {
                        <button type="button" class="button button--small" on:click=move |_| session::leave(page)>
                            {page.word(words::TALK_START_AGAIN)}
                        </button>
                    })}
                </div>
            }
        })
    };
    view! { <div role="alert">{body}</div> }
}
