//! The second factor: asked for, set up, and its recovery codes.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::staff::{Code, ConfirmTotp, NewTotp, RecoveryCodes, SignedIn};

use super::form::{Field, Sending, field, send};
use super::{Console, Screen, api};
use crate::locale::words;

const CODE: Field = Field::text("code", words::CONSOLE_CODE, "one-time-code");

/// Six digits, or a recovery code.
pub fn show(console: Console) -> impl IntoView {
    let (code, sending) = (RwSignal::new(String::new()), Sending::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = Code {
            code: code.get_untracked(),
        };
        sending.run(async move {
            match api::write::<SignedIn>("POST", "/second-factor", &typed).await {
                Ok(signed_in) => {
                    console.signed(signed_in);
                    Ok(())
                }
                Err(failure) if failure.code() == "wrong_credentials" => {
                    Err(words::CONSOLE_CODE_WRONG)
                }
                Err(failure) => Err(console.failed(&failure)),
            }
        });
    };
    view! {
        <form class="sheet" novalidate on:submit=submit>
            <h1 id="heading" tabindex="-1">{console.say(words::CONSOLE_SECOND_TITLE)}</h1>
            <p class="sheet__lead">{console.say(words::CONSOLE_SECOND_LEAD)}</p>
            {field(console, CODE, code)}
            {send(console, sending, words::CONSOLE_CONFIRM)}
        </form>
    }
}

/// A new second factor: scanned or typed, confirmed with a code.
pub fn set_up(console: Console) -> impl IntoView {
    let proposed: RwSignal<Option<NewTotp>> = RwSignal::new(None);
    let (code, sending) = (RwSignal::new(String::new()), Sending::new());
    spawn_local(async move {
        match api::get::<NewTotp>("/second-factor").await {
            Ok(new) => {
                proposed.try_set(Some(new));
            }
            Err(failure) => {
                let word = console.failed(&failure);
                sending.wrong.try_set(Some(word));
            }
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(new) = proposed.get_untracked() else {
            return;
        };
        let confirmed = ConfirmTotp {
            secret: new.secret,
            code: code.get_untracked(),
        };
        sending.run(async move {
            match api::write::<RecoveryCodes>("PUT", "/second-factor", &confirmed).await {
                Ok(codes) => {
                    console.go(Screen::Recovery(codes));
                    Ok(())
                }
                Err(failure) => Err(console.failed(&failure)),
            }
        });
    };
    let picture = move || {
        proposed.get().and_then(|new| new.qr).map(|qr| {
            view! {
                <svg class="report__qr" viewBox=format!("0 0 {0} {0}", qr.size) role="img" aria-label=console.say(words::CONSOLE_SETUP_QR)>
                    <path d=qr.path></path>
                </svg>
            }
        })
    };
    view! {
        <form class="sheet" novalidate on:submit=submit>
            <h1 id="heading" tabindex="-1">{console.say(words::CONSOLE_SETUP_TITLE)}</h1>
            <p class="sheet__lead">{console.say(words::CONSOLE_SETUP_LEAD)}</p>
            {picture}
            <p>
                {console.say(words::CONSOLE_SETUP_SECRET)} <br/>
                <code class="console__secret">{move || proposed.get().map(|new| new.secret)}</code>
            </p>
            {field(console, CODE, code)}
            {send(console, sending, words::CONSOLE_CONFIRM)}
        </form>
    }
}

/// Recovery codes, shown this once.
pub fn recovery(console: Console, codes: RecoveryCodes) -> impl IntoView {
    let rows: Vec<_> = codes
        .codes
        .into_iter()
        .map(|code| view! { <li><code>{code}</code></li> })
        .collect();
    view! {
        <div class="sheet">
            <h1 id="heading" tabindex="-1">{console.say(words::CONSOLE_RECOVERY_TITLE)}</h1>
            <p class="sheet__lead">{console.say(words::CONSOLE_RECOVERY_LEAD)}</p>
            <ul class="console__codes">{rows}</ul>
            <div class="actions no-print">
                <button type="button" class="button button--primary" on:click=move |_| console.open()>
                    {console.say(words::CONSOLE_RECOVERY_DONE)}
                </button>
                <button type="button" class="button" on:click=move |_| { window().print().ok(); }>
                    {console.say(words::CONSOLE_PRINT)}
                </button>
            </div>
        </div>
    }
}
