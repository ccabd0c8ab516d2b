//! Where the patient types. It is always there, whatever the question's control.

use leptos::prelude::*;
use leptos::web_sys::KeyboardEvent;
use wire::Localized;
use wire::turn::Input;

use crate::components::icon::{Glyph, icon};
use crate::components::trouble::trouble;
use crate::locale::{Word, words};
use crate::page::Page;
use crate::session;

/// Characters before the limit from which the counter shows.
const COUNTER_FROM_LEFT: usize = 200;

/// The composer, with the placeholder that fits the moment.
pub fn composer(page: Page, placeholder: impl Fn() -> Word + Copy + Send + Sync + 'static) -> impl IntoView {
    let empty = RwSignal::new(false);
    let limit = move || page.of_application(|application| application.text_limit).max(1) as usize;
    let count = move || page.draft.with(|draft| draft.trim().chars().count());
    let submit = move || {
        let text = page.draft.get_untracked().trim().to_owned();
        let length = text.chars().count();
        empty.set(length == 0);
        if length == 0 || length > untrack(limit) {
            return;
        }
        page.draft.set(String::new());
        session::send(page, Input::Text(text.clone()), Localized::new(&text, &text));
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
    view! {
        <form class="composer" novalidate on:submit=move |event| { event.prevent_default(); submit(); }>
            {trouble(page)}
            <div class="composer__box" class:composer__box--over=over>
                <label class="visually-hidden" for="composer">{page.word(words::COMPOSER_LABEL)}</label>
                <textarea id="composer" class="composer__text" rows="1" autocomplete="off" enterkeyhint="send"
                    placeholder=move || placeholder().of(page.language.get())
                    aria-describedby="composer-note" aria-invalid=move || over.get().to_string()
                    prop:value=page.draft on:keydown=on_key
                    on:input=move |event| { empty.set(false); page.draft.set(event_target_value(&event)); }></textarea>
                <button type="submit" class="composer__send">
                    {icon(Glyph::SEND)}<span class="composer__send-word">{page.word(words::COMPOSER_SEND)}</span>
                </button>
            </div>
            <p id="composer-note" class="composer__note" class:composer__note--over=over aria-live="polite">{counter}</p>
        </form>
    }
}
