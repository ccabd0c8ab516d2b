//! A form: fields with labels and hints, what is wrong, and one button that works once at a time.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Console;
use crate::locale::{Word, words};

/// What a form knows of its sending.
#[derive(Debug, Clone, Copy)]
pub struct Sending {
    /// Under way.
    pub busy: RwSignal<bool>,
    /// What is wrong.
    pub wrong: RwSignal<Option<Word>>,
}

impl Sending {
    /// Nothing was sent yet.
    pub fn new() -> Self {
        Self {
            busy: RwSignal::new(false),
            wrong: RwSignal::new(None),
        }
    }

    /// Sends, if nothing is under way; says what went wrong.
    pub fn run(self, work: impl Future<Output = Result<(), Word>> + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.wrong.set(None);
        spawn_local(async move {
            let ended = work.await;
            // The form may be gone by now.
            self.busy.try_set(false);
            self.wrong.try_set(ended.err());
        });
    }
}

/// How a field looks and what a browser may fill in.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Id within the page.
    pub id: &'static str,
    /// Label.
    pub label: Word,
    /// Hint below it.
    pub hint: Option<Word>,
    /// `text` or `password`.
    pub kind: &'static str,
    /// Value of `autocomplete`.
    pub fills: &'static str,
}

impl Field {
    /// A field of words.
    pub const fn text(id: &'static str, label: Word, fills: &'static str) -> Self {
        Self {
            id,
            label,
            hint: None,
            kind: "text",
            fills,
        }
    }

    /// A field of a password.
    pub const fn password(id: &'static str, label: Word, fills: &'static str) -> Self {
        Self {
            kind: "password",
            ..Self::text(id, label, fills)
        }
    }

    /// With a hint.
    pub const fn hint(self, hint: Word) -> Self {
        Self {
            hint: Some(hint),
            ..self
        }
    }
}

/// Draws a field.
pub fn field(console: Console, field: Field, value: RwSignal<String>) -> impl IntoView {
    let hint_id = format!("{}-hint", field.id);
    let described = field.hint.map(|_| hint_id.clone());
    view! {
        <div class="field">
            <label class="field__label" for=field.id>{console.say(field.label)}</label>
            <input
                class="field__input"
                id=field.id
                type=field.kind
                autocomplete=field.fills
                autocapitalize="none"
                spellcheck="false"
                aria-describedby=described
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
            {field.hint.map(|hint| view! { <p class="hint" id=hint_id>{console.say(hint)}</p> })}
        </div>
    }
}

/// Draws what is wrong and the button.
pub fn send(console: Console, sending: Sending, word: Word) -> impl IntoView {
    let text = move || {
        let word = if sending.busy.get() {
            words::CONSOLE_WORKING
        } else {
            word
        };
        word.of(console.language.get())
    };
    view! {
        <p class="field-error" role="alert">
            {move || sending.wrong.get().map(|word| word.of(console.language.get()))}
        </p>
        <button type="submit" class="button button--primary" disabled=move || sending.busy.get()>{text}</button>
    }
}
