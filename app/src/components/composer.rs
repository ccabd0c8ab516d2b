//! Where the patient types. It is always there, whatever the question's control.

use leptos::prelude::*;
use web_sys::KeyboardEvent;
use wire::Localized;
use wire::turn::Input;

use crate::components::icon::{Glyph, icon};
use crate::components::trouble::trouble;
use crate::components::voice;
use crate::dom::{View, el, worded};
use crate::locale::{Word, words};
use crate::page::Page;
use crate::session;

/// Characters before the limit from which the counter shows.
const COUNTER_FROM_LEFT: usize = 200;

/// The composer, with the placeholder that fits the moment.
pub fn composer(page: Page, placeholder: impl Fn() -> Word + 'static) -> View {
    let empty = RwSignal::new(false);
    let limit = move || {
        page.of_application(|application| application.text_limit)
            .max(1) as usize
    };
    let count = move || page.draft.with(|draft| draft.trim().chars().count());
    let submit = move || {
        let text = page.draft.get_untracked().trim().to_owned();
        let length = text.chars().count();
        empty.set(length == 0);
        if length == 0 || length > untrack(limit) {
            return;
        }
        page.draft.set(String::new());
        session::send(
            page,
            Input::Text(text.clone()),
            Localized::new(&text, &text),
        );
    };
    let on_key = move |event: KeyboardEvent| {
        // Enter that ends a Chinese word belongs to the input method; some browsers tell it by the code alone.
        let composing = event.is_composing() || event.key_code() == 229;
        if event.key() == "Enter" && !event.shift_key() && !composing {
            event.prevent_default();
            submit();
        }
    };
    let over = Memo::new(move |_| count() > limit());
    let counter = move || {
        let (count, limit) = (count(), limit());
        let language = page.language.get();
        if count > limit {
            words::composer_over(language, &(count - limit).to_string())
        } else if count + COUNTER_FROM_LEFT >= limit {
            words::composer_left(language, &(limit - count).to_string())
        } else if empty.get() && count == 0 {
            words::COMPOSER_EMPTY.of(language).to_owned()
        } else {
            String::new()
        }
    };
    let text = el("textarea", "composer__text")
        .attr("id", "composer")
        .attr("rows", "1")
        .attr("autocomplete", "off")
        .attr("enterkeyhint", "send")
        .attr("aria-describedby", "composer-note")
        .attr_when("placeholder", move || {
            Some(placeholder().of(page.language.get()).to_owned())
        })
        .state("aria-invalid", move || over.get())
        .key(on_key)
        .bound(page.draft);
    let send = el("button", "composer__send")
        .attr("type", "submit")
        .with(icon(Glyph::SEND))
        .with(worded(
            page,
            "span",
            "composer__send-word",
            words::COMPOSER_SEND,
        ));
    let label =
        worded(page, "label", "visually-hidden", words::COMPOSER_LABEL).attr("for", "composer");
    let field = el("div", "composer__box")
        .class_when("composer__box--over", move || over.get())
        .all([label, text, voice::microphone(page), send]);
    let note = el("p", "composer__note")
        .attr("id", "composer-note")
        .attr("aria-live", "polite")
        .class_when("composer__note--over", move || over.get())
        .says(counter);
    el("form", "composer")
        .attr("novalidate", "")
        .submit(submit)
        .all([trouble(page), field, note])
}
