//! Signing in, the first administrator, a password by a link.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use wire::staff::{Credentials, FirstAdministrator, SignedIn, UseLink};

use super::form::{Field, Sending, field, send};
use super::{Console, Screen, api};
use crate::locale::words;

const LOGIN: Field = Field::text("login", words::CONSOLE_LOGIN, "username");
const NEW_PASSWORD: Field = Field::password("password", words::CONSOLE_PASSWORD, "new-password")
    .hint(words::CONSOLE_PASSWORD_HINT);

/// Login and password.
pub fn sign_in(console: Console) -> impl IntoView {
    let (login, password, sending) = (
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
        Sending::new(),
    );
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let credentials = Credentials {
            login: login.get_untracked(),
            password: password.get_untracked(),
        };
        sending.run(async move {
            match api::write::<SignedIn>("POST", "/sign-in", &credentials).await {
                Ok(signed_in) => {
                    console.signed(signed_in);
                    Ok(())
                }
                Err(failure) if failure.code() == "wrong_credentials" => Err(words::CONSOLE_WRONG),
                Err(failure) => Err(console.failed(&failure)),
            }
        });
    };
    let kept = Field::password("password", words::CONSOLE_PASSWORD, "current-password");
    view! {
        <form class="sheet" novalidate on:submit=submit>
            <h1 id="heading" tabindex="-1">{console.say(words::CONSOLE_SIGN_IN)}</h1>
            <p class="sheet__lead">{console.say(words::CONSOLE_SIGN_IN_LEAD)}</p>
            {field(console, LOGIN, login)}
            {field(console, kept, password)}
            {send(console, sending, words::CONSOLE_SIGN_IN)}
            <p class="hint">
                {console.say(words::CONSOLE_IS_FIRST)} " "
                <button type="button" class="button button--quiet" on:click=move |_| console.go(Screen::First)>
                    {console.say(words::CONSOLE_FIRST)}
                </button>
            </p>
        </form>
    }
}

/// The first administrator, by the code of the first start.
pub fn first(console: Console) -> impl IntoView {
    let text = || RwSignal::new(String::new());
    let (code, name, login, password) = (text(), text(), text(), text());
    let sending = Sending::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let first = FirstAdministrator {
            code: code.get_untracked(),
            organisation: None,
            login: login.get_untracked(),
            name: name.get_untracked(),
            password: password.get_untracked(),
        };
        sending.run(async move {
            match api::write::<SignedIn>("POST", "/first", &first).await {
                Ok(signed_in) => {
                    console.signed(signed_in);
                    Ok(())
                }
                Err(failure) if failure.code() == "wrong_credentials" => {
                    Err(words::CONSOLE_FIRST_WRONG)
                }
                Err(failure) => Err(console.failed(&failure)),
            }
        });
    };
    view! {
        <form class="sheet" novalidate on:submit=submit>
            <h1 id="heading" tabindex="-1">{console.say(words::CONSOLE_FIRST)}</h1>
            <p class="sheet__lead">{console.say(words::CONSOLE_FIRST_LEAD)}</p>
            {field(console, Field::text("code", words::CONSOLE_FIRST_CODE, "off"), code)}
            {field(console, Field::text("name", words::CONSOLE_NAME, "name"), name)}
            {field(console, LOGIN.hint(words::CONSOLE_LOGIN_HINT), login)}
            {field(console, NEW_PASSWORD, password)}
            {send(console, sending, words::CONSOLE_CREATE)}
            <button type="button" class="button button--quiet" on:click=move |_| console.go(Screen::SignIn)>
                {console.say(words::CONSOLE_BACK)}
            </button>
        </form>
    }
}

/// A password by a link.
pub fn link(console: Console, code: String) -> impl IntoView {
    let (password, sending) = (RwSignal::new(String::new()), Sending::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let used = UseLink {
            code: code.clone(),
            password: password.get_untracked(),
        };
        sending.run(async move {
            match api::tell("POST", "/links", &used).await {
                Ok(()) => {
                    console.go(Screen::SignIn);
                    console.notice.set(Some(words::CONSOLE_PASSWORD_SET));
                    Ok(())
                }
                Err(failure) if failure.code() == "wrong_credentials" => {
                    Err(words::CONSOLE_LINK_WRONG)
                }
                Err(failure) => Err(console.failed(&failure)),
            }
        });
    };
    view! {
        <form class="sheet" novalidate on:submit=submit>
            <h1 id="heading" tabindex="-1">{console.say(words::CONSOLE_LINK_TITLE)}</h1>
            <p class="sheet__lead">{console.say(words::CONSOLE_LINK_LEAD)}</p>
            {field(console, NEW_PASSWORD, password)}
            {send(console, sending, words::CONSOLE_SET_PASSWORD)}
            <button type="button" class="button button--quiet" on:click=move |_| console.go(Screen::SignIn)>
                {console.say(words::CONSOLE_BACK)}
            </button>
        </form>
    }
}
