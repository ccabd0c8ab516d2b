//! One's own account: password, second factor, sign-ins.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::staff::{NewPassword, OwnSignIn};

use super::form::{Field, Sending, field, send};
use super::{Console, Screen, api, moment};
use crate::locale::words;

/// The screen.
pub fn account(console: Console) -> impl IntoView {
    let name = move || {
        console.signed_in.with(|who| {
            who.as_ref()
                .map(|who| format!("{} · {}", who.member.name, who.member.login))
        })
    };
    view! {
        <div class="sheet">
            <h1 id="heading" tabindex="-1">{console.say(words::CONSOLE_ACCOUNT)}</h1>
            <p class="sheet__lead">{name}</p>
            <p class="hint">{console.say(words::CONSOLE_EMPTY)}</p>
            {password(console)}
            <section class="group">
                <h2 class="group__title">{console.say(words::CONSOLE_SECOND_TITLE)}</h2>
                <button type="button" class="button" on:click=move |_| console.go(Screen::SetUp)>
                    {console.say(words::CONSOLE_RENEW_SECOND)}
                </button>
            </section>
            {sign_ins(console)}
        </div>
    }
}

fn password(console: Console) -> impl IntoView {
    let (current, new, sending) = (
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
        Sending::new(),
    );
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let body = NewPassword {
            current: current.get_untracked(),
            password: new.get_untracked(),
        };
        sending.run(async move {
            match api::tell("POST", "/password", &body).await {
                Ok(()) => {
                    current.try_set(String::new());
                    new.try_set(String::new());
                    console.notice.set(Some(words::CONSOLE_SAVED));
                    Ok(())
                }
                Err(failure) => Err(console.failed(&failure)),
            }
        });
    };
    let kept = Field::password(
        "current",
        words::CONSOLE_CURRENT_PASSWORD,
        "current-password",
    );
    let fresh = Field::password("password", words::CONSOLE_NEW_PASSWORD, "new-password")
        .hint(words::CONSOLE_PASSWORD_HINT);
    view! {
        <form class="group" novalidate on:submit=submit>
            <h2 class="group__title">{console.say(words::CONSOLE_CHANGE_PASSWORD)}</h2>
            {field(console, kept, current)}
            {field(console, fresh, new)}
            {send(console, sending, words::CONSOLE_CHANGE_PASSWORD)}
        </form>
    }
}

fn sign_ins(console: Console) -> impl IntoView {
    let own: RwSignal<Vec<OwnSignIn>> = RwSignal::new(Vec::new());
    let read = move || {
        spawn_local(async move {
            match api::get("/sign-ins").await {
                Ok(found) => {
                    own.try_set(found);
                }
                Err(failure) => {
                    let word = console.failed(&failure);
                    console.notice.set(Some(word));
                }
            }
        });
    };
    read();
    let end = move |_| {
        spawn_local(async move {
            let word = match api::send::<()>("DELETE", "/sign-ins", None).await {
                Ok(_) => words::CONSOLE_ENDED_OTHERS,
                Err(failure) => console.failed(&failure),
            };
            console.notice.set(Some(word));
            read();
        });
    };
    let rows = move || {
        let language = console.language.get();
        let row = |one: OwnSignIn| {
            let seen = words::console_last_used(language, &moment(language, &one.seen));
            view! {
                <li class="console__row">
                    <p>{one.browser}</p>
                    <p class="hint">
                        {seen} {one.current.then(|| format!(" · {}", words::CONSOLE_THIS_ONE.of(language)))}
                    </p>
                </li>
            }
        };
        own.get().into_iter().map(row).collect::<Vec<_>>()
    };
    view! {
        <section class="group">
            <h2 class="group__title">{console.say(words::CONSOLE_SIGN_INS)}</h2>
            <ul class="console__rows">{rows}</ul>
            <button type="button" class="button" on:click=end>{console.say(words::CONSOLE_END_OTHERS)}</button>
        </section>
    }
}
