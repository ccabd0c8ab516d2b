//! What is kept and how long; download, withdrawal, deletion; the receipt code.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::receipt::{Receipt, ReceiptState};
use wire::session::SessionState;

use crate::api::{self, Failure};
use crate::components::dialog::Dialog;
use crate::components::voice;
use crate::dom::{View, el, input, word_button, worded};
use crate::locale::{Word, words};
use crate::page::Page;
use crate::screens::heading;
use crate::storage::Held;
use crate::{session, shell};

/// What the screen knows beyond the page.
#[derive(Clone, Copy)]
struct Desk {
    state: RwSignal<Option<SessionState>>,
    receipt: RwSignal<Option<Receipt>>,
    said: RwSignal<Option<Word>>,
}

impl Desk {
    /// Says how something went, unless the screen is gone.
    fn say(self, word: Word) {
        self.said.try_set(Some(word));
    }
}

/// My data.
pub fn my_data(page: Page) -> View {
    let desk = Desk {
        state: RwSignal::new(None),
        receipt: RwSignal::new(None),
        said: RwSignal::new(None),
    };
    refresh(page, desk);
    let visit = move || match page.held.get() {
        Some(held) => of_visit(page, desk, &held),
        None => vec![worded(page, "p", "notice", words::DATA_NO_SESSION)],
    };
    let said = move || {
        desk.said
            .get()
            .map(|word| word.of(page.language.get()).to_owned())
            .unwrap_or_default()
    };
    el("div", "sheet my-data").all([
        heading(page, "", words::DATA_TITLE),
        el("p", "my-data__said").attr("role", "status").says(said),
        el("div", "my-data__receipt").fill(move || {
            desk.receipt
                .get()
                .map(|receipt| shown_receipt(page, &receipt))
                .into_iter()
                .collect()
        }),
        el("div", "my-data__visit").fill(visit),
        with_code(page, desk),
    ])
}

fn refresh(page: Page, desk: Desk) {
    let Some(held) = page.held.get_untracked() else {
        return;
    };
    spawn_local(async move {
        if let Ok(state) = api::session(&held).await {
            desk.state.try_set(Some(state));
        }
    });
}

fn of_visit(page: Page, desk: Desk, held: &Held) -> Vec<View> {
    let until = move || {
        let language = page.language.get();
        match desk.state.get() {
            Some(state) => words::data_until(language, &page.date(&state.expires_at)),
            None => words::data_days(
                language,
                &page
                    .of_application(|application| application.retention_days)
                    .to_string(),
            ),
        }
    };
    let (to_download, to_erase) = (held.clone(), held.clone());
    let erase = move || {
        let held = to_erase.clone();
        spawn_local(async move {
            let answer = api::erase(&held).await;
            finish(page, desk, answer);
        });
    };
    let delete = Dialog::new(
        page,
        words::DATA_DELETE_TITLE,
        words::DATA_DELETE_LEAD,
        words::DATA_DELETE_CONFIRM,
        erase,
    );
    let shows = delete.clone();
    vec![
        el("section", "data-block").all([
            worded(page, "h2", "", words::DATA_WHAT_TITLE),
            worded(page, "p", "", words::DATA_WHAT),
            worded(page, "h2", "", words::DATA_HOW_LONG),
            el("p", "").says(until),
        ]),
        el("section", "data-block").all([
            worded(page, "h2", "", words::DATA_RECEIPT),
            el("p", "receipt-code").text(&held.receipt),
            worded(page, "p", "hint", words::DATA_RECEIPT_WHY),
        ]),
        el("section", "data-block").all([
            worded(page, "h2", "", words::DATA_CONSENTS),
            el("ul", "consents").fill(move || {
                let alive = desk
                    .state
                    .get()
                    .map(|state| state.consents)
                    .unwrap_or_default();
                alive
                    .into_iter()
                    .map(|purpose| consent(page, desk, purpose))
                    .collect()
            }),
        ]),
        el("section", "data-block").with(el("div", "actions").all([
            word_button(page, "button", words::DATA_DOWNLOAD, move || {
                download(desk, to_download.clone());
            }),
            word_button(
                page,
                "button button--danger",
                words::DATA_DELETE,
                move || shows.show(),
            ),
        ])),
        delete.view(),
    ]
}

/// An erasure's answer: the receipt is shown, the visit leaves the page.
fn finish(page: Page, desk: Desk, answer: Result<Receipt, Failure>) {
    match answer {
        Ok(receipt) => {
            session::forget(page);
            desk.receipt.try_set(Some(receipt));
            desk.said.try_set(Some(words::DATA_DELETED));
        }
        Err(Failure::Problem { status: 404, .. }) => {
            desk.say(words::DATA_UNKNOWN_CODE);
        }
        Err(_) => desk.say(words::DATA_FAILED),
    }
}

fn download(desk: Desk, held: Held) {
    spawn_local(async move {
        let saved = api::events_text(&held, 0)
            .await
            .ok()
            .and_then(|text| shell::save_file("anteroom.json", "application/json", &text));
        desk.said.try_set(Some(if saved.is_some() {
            words::DATA_SAVED
        } else {
            words::DATA_FAILED
        }));
    });
}

fn consent(page: Page, desk: Desk, purpose: String) -> View {
    let required = purpose == "service";
    let word = match purpose.as_str() {
        "service" => words::DATA_CONSENT_SERVICE,
        "training" => words::DATA_CONSENT_TRAINING,
        voice::PROVIDER => words::DATA_CONSENT_SPEECH,
        voice::BROWSER => words::DATA_CONSENT_BROWSER,
        _ => words::DATA_CONSENT_OTHER,
    };
    let withdraw = move || {
        let Some(held) = page.held.get_untracked() else {
            return;
        };
        let purpose = purpose.clone();
        spawn_local(async move {
            match api::withdraw(&held, &purpose).await {
                Ok(()) => {
                    if required {
                        session::forget(page);
                    }
                    desk.said.try_set(Some(words::DATA_WITHDRAWN));
                    refresh(page, desk);
                }
                Err(_) => desk.say(words::DATA_FAILED),
            }
        });
    };
    let lead = if required {
        words::DATA_WITHDRAW_SERVICE_NOTE
    } else {
        words::CONSENT_OPTIONAL
    };
    let ask = Dialog::new(
        page,
        words::DATA_WITHDRAW_TITLE,
        lead,
        words::DATA_WITHDRAW,
        withdraw,
    );
    let shows = ask.clone();
    let whose = el("span", "visually-hidden").text(": ").word(page, word);
    let open = word_button(
        page,
        "button button--small",
        words::DATA_WITHDRAW,
        move || shows.show(),
    )
    .with(whose);
    el("li", "consents__row").all([worded(page, "span", "", word), open, ask.view()])
}

/// By receipt code, without a visit in this tab.
fn with_code(page: Page, desk: Desk) -> View {
    let code = RwSignal::new(String::new());
    let plain = move || code.get_untracked().trim().to_ascii_uppercase();
    let check = move || {
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
                Err(Failure::Problem {
                    status: 404 | 422 | 400,
                    ..
                }) => desk.say(words::DATA_UNKNOWN_CODE),
                Err(_) => desk.say(words::DATA_FAILED),
            }
        });
    };
    let erase = move || {
        let code = plain();
        let own = page
            .held
            .with_untracked(|held| held.as_ref().is_some_and(|held| held.receipt == code));
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
    let delete = Dialog::new(
        page,
        words::DATA_DELETE_TITLE,
        words::DATA_DELETE_LEAD,
        words::DATA_DELETE_CONFIRM,
        erase,
    );
    let shows = delete.clone();
    let field = input("text", "field__input")
        .attr("id", "code")
        .attr("autocapitalize", "characters")
        .attr("spellcheck", "false");
    el("form", "data-block field")
        .attr("novalidate", "")
        .submit(check)
        .all([
            worded(page, "h2", "", words::DATA_WITH_CODE),
            worded(page, "label", "field__label", words::DATA_CODE_LABEL).attr("for", "code"),
            field.attr("maxlength", "20").bound(code),
            el("div", "actions").all([
                worded(page, "button", "button", words::DATA_CHECK).attr("type", "submit"),
                word_button(
                    page,
                    "button button--danger",
                    words::DATA_DELETE,
                    move || shows.show(),
                )
                .flag("disabled", move || code.with(|code| code.trim().is_empty())),
            ]),
            delete.view(),
        ])
}

fn shown_receipt(page: Page, receipt: &Receipt) -> View {
    let receipt = receipt.clone();
    let code = receipt.code.clone();
    let lines = move || {
        let language = page.language.get();
        let mut lines = Vec::new();
        if receipt.state == ReceiptState::Erased {
            lines.extend(
                receipt
                    .erased_at
                    .as_ref()
                    .map(|time| words::data_deleted_at(language, &page.date(time))),
            );
            lines.extend(
                receipt
                    .unreadable_in_backups_by
                    .as_ref()
                    .map(|time| words::data_backups(language, &page.date(time))),
            );
        } else {
            lines.push(match &receipt.expires_at {
                Some(time) => words::data_kept_state(language, &page.date(time)),
                None => words::DATA_KEPT_PLAIN.of(language).to_owned(),
            });
        }
        lines.iter().map(|line| el("p", "").text(line)).collect()
    };
    el("section", "receipt").all([
        worded(page, "h2", "", words::DATA_RECEIPT),
        el("p", "receipt-code").text(&code),
        el("div", "").fill(lines),
    ])
}
