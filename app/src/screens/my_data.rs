//! What is kept and how long; download, withdrawal, deletion; the receipt code.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::receipt::{Receipt, ReceiptState};
use wire::session::SessionState;

use crate::api::{self, Failure};
use crate::components::dialog::Dialog;
use crate::locale::{Word, words};
use crate::page::Page;
use crate::storage::Held;
use crate::{session, shell};

/// What the screen knows beyond the page.
#[derive(Clone, Copy)]
struct Desk {
    state: RwSignal<Option<SessionState>>,
    receipt: RwSignal<Option<Receipt>>,
    said: RwSignal<Option<Word>>,
}

/// My data.
pub fn my_data(page: Page) -> AnyView {
    let desk = Desk { state: RwSignal::new(None), receipt: RwSignal::new(None), said: RwSignal::new(None) };
    refresh(page, desk);
    let visit = move || match page.held.get() {
        Some(held) => of_visit(page, desk, &held),
        None => view! { <p class="notice">{page.word(words::DATA_NO_SESSION)}</p> }.into_any(),
    };
    view! {
        <div class="sheet my-data">
            <h1 id="heading" tabindex="-1">{page.word(words::DATA_TITLE)}</h1>
            <p class="my-data__said" role="status">{move || desk.said.get().map(|word| word.of(page.language.get()))}</p>
            {move || desk.receipt.get().map(|receipt| shown_receipt(page, &receipt))}
            {visit}
            {with_code(page, desk)}
        </div>
    }
    .into_any()
}

fn refresh(page: Page, desk: Desk) {
    let Some(held) = page.held.get_untracked() else { return };
    spawn_local(async move {
        if let Ok(state) = api::session(&held).await {
            desk.state.try_set(Some(state));
        }
    });
}

fn of_visit(page: Page, desk: Desk, held: &Held) -> AnyView {
    let until = move || {
        let language = page.language.get();
        match desk.state.get() {
            Some(state) => words::data_until(language, &page.date(&state.expires_at)),
            None => words::data_days(language, &page.of_application(|application| application.retention_days).to_string()),
        }
    };
    let delete = Dialog::new();
    let (to_download, to_erase) = (held.clone(), held.clone());
    let to_erase = StoredValue::new(to_erase);
    let erase = move || {
        let held = to_erase.get_value();
        spawn_local(async move {
            let answer = api::erase(&held).await;
            finish(page, desk, answer);
        });
    };
    view! {
        <section class="data-block">
            <h2>{page.word(words::DATA_WHAT_TITLE)}</h2>
            <p>{page.word(words::DATA_WHAT)}</p>
            <h2>{page.word(words::DATA_HOW_LONG)}</h2>
            <p>{until}</p>
        </section>
        <section class="data-block">
            <h2>{page.word(words::DATA_RECEIPT)}</h2>
            <p class="receipt-code">{held.receipt.clone()}</p>
            <p class="hint">{page.word(words::DATA_RECEIPT_WHY)}</p>
        </section>
        {consents(page, desk)}
        <section class="data-block">
            <div class="actions">
                <button type="button" class="button" on:click=move |_| download(desk, to_download.clone())>{page.word(words::DATA_DOWNLOAD)}</button>
                <button type="button" class="button button--danger" on:click=move |_| delete.show()>{page.word(words::DATA_DELETE)}</button>
            </div>
        </section>
        {delete.view(page, words::DATA_DELETE_TITLE, words::DATA_DELETE_LEAD, words::DATA_DELETE_CONFIRM, erase)}
    }
    .into_any()
}

/// An erasure's answer: the receipt is shown, the visit leaves the page.
fn finish(page: Page, desk: Desk, answer: Result<Receipt, Failure>) {
    match answer {
        Ok(receipt) => {
            session::forget(page);
            desk.receipt.try_set(Some(receipt));
            desk.said.try_set(Some(words::DATA_DELETED));
        }
        Err(Failure::Problem { status: 404, .. }) => drop(desk.said.try_set(Some(words::DATA_UNKNOWN_CODE))),
        Err(_) => drop(desk.said.try_set(Some(words::DATA_FAILED))),
    }
}

fn download(desk: Desk, held: Held) {
    spawn_local(async move {
        let saved = api::events_text(&held, 0).await.ok().and_then(|text| shell::save_file("anteroom.json", "application/json", &text));
        desk.said.try_set(Some(if saved.is_some() { words::DATA_SAVED } else { words::DATA_FAILED }));
    });
}

fn consents(page: Page, desk: Desk) -> impl IntoView {
    let rows = move || {
        let alive = desk.state.get().map(|state| state.consents).unwrap_or_default();
        alive.into_iter().map(|purpose| consent(page, desk, purpose)).collect_view()
    };
    view! {
        <section class="data-block">
            <h2>{page.word(words::DATA_CONSENTS)}</h2>
            <ul class="consents">{rows}</ul>
        </section>
    }
}

fn consent(page: Page, desk: Desk, purpose: String) -> AnyView {
    let required = purpose == "service";
    let word = match purpose.as_str() {
        "service" => words::DATA_CONSENT_SERVICE,
        "training" => words::DATA_CONSENT_TRAINING,
        _ => words::DATA_CONSENT_OTHER,
    };
    let ask = Dialog::new();
    let purpose = StoredValue::new(purpose);
    let withdraw = move || {
        let Some(held) = page.held.get_untracked() else { return };
        spawn_local(async move {
            match api::withdraw(&held, &purpose.get_value()).await {
                Ok(()) => {
                    if required {
                        session::forget(page);
                    }
                    desk.said.try_set(Some(words::DATA_WITHDRAWN));
                    refresh(page, desk);
                }
                Err(_) => drop(desk.said.try_set(Some(words::DATA_FAILED))),
            }
        });
    };
    let lead = if required { words::DATA_WITHDRAW_SERVICE_NOTE } else { words::CONSENT_OPTIONAL };
    view! {
        <li class="consents__row">
            <span>{page.word(word)}</span>
            <button type="button" class="button button--small" on:click=move |_| ask.show()>
                {page.word(words::DATA_WITHDRAW)}<span class="visually-hidden">": "{page.word(word)}</span>
            </button>
            {ask.view(page, words::DATA_WITHDRAW_TITLE, lead, words::DATA_WITHDRAW, withdraw)}
        </li>
    }
    .into_any()
}

/// By receipt code, without a visit in this tab.
fn with_code(page: Page, desk: Desk) -> impl IntoView {
    let code = RwSignal::new(String::new());
    let delete = Dialog::new();
    let plain = move || code.get_untracked().trim().to_uppercase();
    let check = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let code = plain();
        if code.is_empty() {
            return;
        }
        spawn_local(async move {
            match api::receipt(&code).await {
                Ok(receipt) => {
                    desk.said.try_set(None);
                    desk.receipt.try_set(Some(receipt));
                }
                Err(Failure::Problem { status: 404 | 422 | 400, .. }) => drop(desk.said.try_set(Some(words::DATA_UNKNOWN_CODE))),
                Err(_) => drop(desk.said.try_set(Some(words::DATA_FAILED))),
            }
        });
    };
    let erase = move || {
        let code = plain();
        let own = page.held.with_untracked(|held| held.as_ref().is_some_and(|held| held.receipt == code));
        spawn_local(async move {
            let answer = api::erase_by_receipt(&code).await;
            if own || answer.is_err() {
                finish(page, desk, answer);
            } else if let Ok(receipt) = answer {
                desk.receipt.try_set(Some(receipt));
                desk.said.try_set(Some(words::DATA_DELETED));
            }
        });
    };
    view! {
        <form class="data-block field" novalidate on:submit=check>
            <h2>{page.word(words::DATA_WITH_CODE)}</h2>
            <label class="field__label" for="code">{page.word(words::DATA_CODE_LABEL)}</label>
            <input id="code" class="field__input" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="20"
                prop:value=code on:input=move |event| code.set(event_target_value(&event)) />
            <div class="actions">
                <button type="submit" class="button">{page.word(words::DATA_CHECK)}</button>
                <button type="button" class="button button--danger" disabled=move || code.with(|code| code.trim().is_empty())
                    on:click=move |_| delete.show()>{page.word(words::DATA_DELETE)}</button>
            </div>
            {delete.view(page, words::DATA_DELETE_TITLE, words::DATA_DELETE_LEAD, words::DATA_DELETE_CONFIRM, erase)}
        </form>
    }
}

fn shown_receipt(page: Page, receipt: &Receipt) -> AnyView {
    let receipt = receipt.clone();
    let code = receipt.code.clone();
    let lines = move || {
        let language = page.language.get();
        let mut lines = Vec::new();
        if receipt.state == ReceiptState::Erased {
            lines.extend(receipt.erased_at.as_ref().map(|time| words::data_deleted_at(language, &page.date(time))));
            lines.extend(receipt.unreadable_in_backups_by.as_ref().map(|time| words::data_backups(language, &page.date(time))));
        } else {
            lines.push(match &receipt.expires_at {
                Some(time) => words::data_kept_state(language, &page.date(time)),
                None => words::DATA_KEPT_PLAIN.of(language).to_owned(),
            });
        }
        lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view()
    };
    view! {
        <section class="receipt">
            <h2>{page.word(words::DATA_RECEIPT)}</h2>
            <p class="receipt-code">{code}</p>
            {lines}
        </section>
    }
    .into_any()
}
